//! What showing a value needs of the house.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use platform::{Db, config::Config, vault::Vault};

pub(crate) struct Window {
    pub db: Data<Db>,
    pub vault: Data<Vault>,
    pub config: Data<Config>,
}

impl FromRequest for Window {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut window = || {
            Ok(Self {
                db: Data::from_request(request, payload).into_inner()?,
                vault: Data::from_request(request, payload).into_inner()?,
                config: Data::from_request(request, payload).into_inner()?,
            })
        };
        ready(window())
    }
}
