//! What a cardholder agreed to, word for word and by which proof; what they wish regardless of it; and the one answer to "may we
//! contact them now?", which every send asks for. Rules of later slices join through [`ContactRules`].

mod decide;
mod http;
mod model;
mod preferences;
mod record;
mod repo;
mod rules;
mod texts;

pub use decide::{ContactDecision, RuleAnswer, may_contact};
pub use http::routes;
pub use model::{
    Consent, ConsentDecision, ConsentError, ConsentEvidence, ConsentPurpose, ConsentText, ContactChannel,
    ContactPurpose, ContactRuling,
};
pub(crate) use preferences::refuse_personalisation;
pub use rules::{ContactAsk, ContactRule, ContactRules, Ruling};
