//! May somebody be contacted? Every rule is asked and its answer told; the first that denies decides.

use chrono::{DateTime, Utc};
use platform::{Conn, DbResult};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    model::{ContactChannel, ContactPurpose, ContactRuling},
    rules::{ContactAsk, ContactRules, Ruling},
};

/// What one rule says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleAnswer {
    #[schema(value_type = String, example = "consent")]
    pub rule: &'static str,
    pub ruling: ContactRuling,
    #[schema(value_type = String, example = "withdrawn")]
    pub reason: &'static str,
    /// From when on this rule would allow it, where time alone decides.
    pub allowed_from_at: Option<DateTime<Utc>>,
}

/// Allow or deny, by which rule, and what every rule said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactDecision {
    pub channel: ContactChannel,
    pub purpose: ContactPurpose,
    pub decided_at: DateTime<Utc>,
    pub ruling: ContactRuling,
    /// The first rule that denies; null where none does.
    #[schema(value_type = Option<String>, example = "consent")]
    pub decided_by: Option<&'static str>,
    /// In the order in which they were asked.
    pub rules: Vec<RuleAnswer>,
}

impl ContactDecision {
    pub fn is_allowed(&self) -> bool {
        self.ruling == ContactRuling::Allow
    }
}

/// Asks every rule. Whoever sends asks right before sending: a consent that is taken back counts at once.
pub async fn may_contact(conn: &Conn, rules: &ContactRules, ask: &ContactAsk) -> DbResult<ContactDecision> {
    let mut answers = Vec::new();
    for rule in rules.iter() {
        let Ruling { ruling, reason, allowed_from_at } = rule.judge(conn, ask).await?;
        answers.push(RuleAnswer { rule: rule.name(), ruling, reason, allowed_from_at });
    }
    let decided_by = answers.iter().find(|answer| answer.ruling == ContactRuling::Deny).map(|a| a.rule);
    let ruling = if decided_by.is_some() { ContactRuling::Deny } else { ContactRuling::Allow };
    let ContactAsk { channel, purpose, at, .. } = *ask;
    Ok(ContactDecision { channel, purpose, decided_at: at, ruling, decided_by, rules: answers })
}
