//! The caller. Asking for `Caller<P>` in a handler's signature is the only way to an actor, and it proves permission `P`.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Data};
use chrono::{DateTime, Utc};
use platform::{Actor, Clock, StaffActor, actor::Identity, ids::CardholderId, tokens::Tokens};

use crate::{
    ApiError, Directory, FieldClass, Permission, Reach, Sight, Snapshot, access, activity::worked_at,
    problem::Refusal, shape::trace_id_of,
};

/// What a handler asks of its caller.
pub trait Requires: 'static {
    /// `None`: being signed in is enough.
    const PERMISSION: Option<Permission>;
    /// Whether it may be done before the initial password has been changed and an overdue second factor set up.
    const IS_FOR_NEWCOMERS: bool = false;
}

/// Anybody who is signed in, also with an initial password or without an overdue second factor.
pub struct AnySignedIn;

impl Requires for AnySignedIn {
    const PERMISSION: Option<Permission> = None;
    const IS_FOR_NEWCOMERS: bool = true;
}

/// Anybody who is signed in with a password of their own.
pub struct AnyStaff;

impl Requires for AnyStaff {
    const PERMISSION: Option<Permission> = None;
}

/// A signed-in member of staff who holds permission `P`.
pub struct Caller<P: Requires> {
    pub actor: Actor,
    pub staff: StaffActor,
    pub directory: Arc<Snapshot>,
    /// When the request came in.
    pub now: DateTime<Utc>,
    permission: PhantomData<P>,
}

impl<P: Requires> Caller<P> {
    /// Whose cardholders this caller works with.
    pub fn reach(&self) -> Reach {
        self.directory.reach_of(self.staff.staff_id, self.staff.scope, self.staff.branch_id)
    }

    /// Whose records this caller may read: also those opened by break-glass, which may be looked at and never changed.
    pub fn reading_reach(&self) -> Reach {
        self.reach().with_opened(self.directory.opened_by(self.staff.staff_id, self.now))
    }

    pub fn sees(&self, class: FieldClass) -> bool {
        access::sees(self.staff.role, class)
    }

    /// What this caller sees of a row within reach.
    pub fn sight(&self) -> Sight {
        Sight::of(self.staff.role)
    }
}

impl<P: Requires> FromRequest for Caller<P> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = admit::<P>(request).map_err(|refusal| ApiError::from(refusal).into());
        Box::pin(std::future::ready(caller))
    }
}

/// Who turned out to be asking, also where they were refused then: left with the request for the audit of reads.
#[derive(Clone)]
pub struct Known {
    pub actor: Actor,
    pub directory: Arc<Snapshot>,
    pub now: DateTime<Utc>,
}

fn admit<P: Requires>(request: &HttpRequest) -> Result<Caller<P>, Refusal> {
    let caller = identify::<P>(request)?;
    let (actor, directory) = (caller.actor.clone(), caller.directory.clone());
    request.extensions_mut().insert(Known { actor, directory, now: caller.now });
    let entry = caller.directory.staff.get(&caller.staff.staff_id).ok_or(Refusal::SignInRequired)?;
    if entry.must_change_password && !P::IS_FOR_NEWCOMERS {
        return Err(Refusal::PasswordChangeRequired);
    }
    if entry.owes_second_factor(caller.now) && !P::IS_FOR_NEWCOMERS {
        return Err(Refusal::SecondFactorDue);
    }
    if P::PERMISSION.is_some_and(|permission| !access::may(entry.role, permission)) {
        return Err(Refusal::Forbidden);
    }
    Ok(caller)
}

fn identify<P: Requires>(request: &HttpRequest) -> Result<Caller<P>, Refusal> {
    let token = bearer(request).ok_or(Refusal::SignInRequired)?;
    let tokens = request.app_data::<Data<Tokens>>().ok_or(Refusal::Misconfigured)?;
    let clock = request.app_data::<Data<Clock>>().ok_or(Refusal::Misconfigured)?;
    let house = request.app_data::<Data<Directory>>().ok_or(Refusal::Misconfigured)?;
    let directory = house.snapshot();
    let now = clock.now();
    let claims = tokens.verify(token, now).map_err(|_| Refusal::SignInRequired)?;
    let entry =
        directory.staff.get(&claims.sub).filter(|entry| entry.is_active).ok_or(Refusal::SignInRequired)?;
    if directory.ended_sessions.contains(&claims.sid) {
        return Err(Refusal::SignInRequired);
    }
    house.activity().note(claims.sid, worked_at(request.headers(), now));
    let staff = StaffActor {
        staff_id: claims.sub,
        staff_no: entry.staff_no.clone(),
        name: entry.name.clone(),
        role: entry.role,
        scope: entry.scope,
        branch_id: entry.branch_id,
        session_id: claims.sid,
    };
    let actor = Actor {
        identity: Identity::Staff(staff.clone()),
        ip: ip_of(request),
        trace_id: trace_id_of(request),
    };
    Ok(Caller { actor, staff, directory, now, permission: PhantomData })
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let header = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn ip_of(request: &HttpRequest) -> Option<String> {
    request.peer_addr().map(|address| address.ip().to_string())
}

/// Somebody at the door of an operation that needs no sign-in.
pub struct Stranger {
    pub actor: Actor,
    /// What their program calls itself; empty where it does not say.
    pub user_agent: String,
}

impl FromRequest for Stranger {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let actor = stranger_of(request);
        let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        std::future::ready(Ok(Self { actor, user_agent: agent.unwrap_or_default().to_owned() }))
    }
}

/// What a handler tells the audit of reads about its answer: how many were found, and by what. Never what was looked for.
pub struct Remarks(HttpRequest);

/// The remarks of one request.
#[derive(Clone, Default)]
pub struct Remarked {
    pub said: serde_json::Map<String, serde_json::Value>,
    /// Whom the answer is about, where its address does not say so.
    pub about: Vec<CardholderId>,
}

impl Remarks {
    pub fn say(&self, name: &str, value: impl Into<serde_json::Value>) {
        self.note(|remarked| drop(remarked.said.insert(name.to_owned(), value.into())));
    }

    /// The answer shows somebody, or would have: each of them has a row of their own.
    pub fn about(&self, shown: impl IntoIterator<Item = CardholderId>) {
        self.note(|remarked| remarked.about.extend(shown));
    }

    fn note(&self, remark: impl FnOnce(&mut Remarked)) {
        let mut extensions = self.0.extensions_mut();
        let mut remarked = extensions.remove::<Remarked>().unwrap_or_default();
        remark(&mut remarked);
        extensions.insert(remarked);
    }
}

impl FromRequest for Remarks {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(request.clone())))
    }
}

/// Who asks without our knowing them, for the audit of refusals.
pub fn stranger_of(request: &HttpRequest) -> Actor {
    Actor { identity: Identity::Anonymous, ip: ip_of(request), trace_id: trace_id_of(request) }
}
