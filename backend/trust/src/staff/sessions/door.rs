//! What the door works with. Signing in happens before there is a caller, and argon2 must not run inside a transaction.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use chrono::{DateTime, Utc};
use platform::{Db, config::Config, ids::SessionId, tokens::Tokens, vault::Vault};
use web::Directory;

use super::{
    faults::SessionError,
    model::{Credentials, SignedIn},
};

/// What signing in, staying in and signing out need of the house.
pub(in crate::staff) struct Door {
    pub db: Data<Db>,
    pub vault: Data<Vault>,
    pub tokens: Data<Tokens>,
    pub config: Data<Config>,
    pub directory: Data<Directory>,
}

/// A session's tokens: one for the body, one for the cookie.
pub(super) struct Issued {
    pub signed_in: SignedIn,
    pub refresh_token: String,
}

impl Door {
    pub(super) fn issue(
        &self,
        session_id: SessionId,
        who: &Credentials,
        refresh_token: String,
        now: DateTime<Utc>,
    ) -> Result<Issued, SessionError> {
        let access_token = self.tokens.sign(who.staff_id, session_id, who.role, now)?;
        let signed_in = SignedIn {
            access_token,
            expires_in: self.tokens.lifetime().num_seconds(),
            must_change_password: who.must_change_password,
        };
        Ok(Issued { signed_in, refresh_token })
    }
}

impl FromRequest for Door {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut door = || {
            Ok(Self {
                db: Data::from_request(request, payload).into_inner()?,
                vault: Data::from_request(request, payload).into_inner()?,
                tokens: Data::from_request(request, payload).into_inner()?,
                config: Data::from_request(request, payload).into_inner()?,
                directory: Data::from_request(request, payload).into_inner()?,
            })
        };
        ready(door())
    }
}
