use std::borrow::Cow;

use chrono::{DateTime, Utc};
use platform::{
    Actor, DbResult, Tx,
    actor::Identity,
    database::BulkTx,
    ids::{AuditId, CardholderId},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    model::{ActorKind, AuditEntry, Outcome},
    repo,
};

/// What an audit row says besides who, when and from where, which the transaction knows.
#[derive(Debug, Clone)]
pub struct Entry {
    action: Cow<'static, str>,
    outcome: Outcome,
    object: Option<(&'static str, Uuid)>,
    cardholder_id: Option<CardholderId>,
    purpose: Option<String>,
    changes: Option<Value>,
}

impl Entry {
    /// `action` is `slice.verb`.
    pub fn of(action: impl Into<Cow<'static, str>>) -> Self {
        Self {
            action: action.into(),
            outcome: Outcome::Done,
            object: None,
            cardholder_id: None,
            purpose: None,
            changes: None,
        }
    }

    #[must_use]
    pub fn on(mut self, kind: &'static str, id: impl Into<Uuid>) -> Self {
        self.object = Some((kind, id.into()));
        self
    }

    #[must_use]
    pub fn about(mut self, cardholder_id: CardholderId) -> Self {
        self.cardholder_id = Some(cardholder_id);
        self
    }

    #[must_use]
    pub fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }

    #[must_use]
    pub fn because(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// Before and after per field; sensitive values masked by the caller.
    #[must_use]
    pub fn changing(mut self, changes: Value) -> Self {
        self.changes = Some(changes);
        self
    }
}

/// What the trail says of a value: it is kept for years and can't be changed, so that it never holds who somebody was.
pub fn veiled(field: &str, value: Option<&str>) -> Value {
    let is_theirs = matches!(field, "name" | "name_pinyin" | "employer" | "occupation" | "birth_on");
    match value {
        Some(value) if is_theirs => value.chars().take(1).chain("**".chars()).collect::<String>().into(),
        Some(value) => value.into(),
        None => Value::Null,
    }
}

/// Writes the row that lets this transaction commit.
pub async fn record(tx: &mut Tx<'_>, entry: Entry) -> DbResult<AuditId> {
    let row = row_of(&tx.actor, tx.now, tx.new_id(), entry);
    let audit_id = row.audit_id;
    repo::insert(tx, row).await?;
    tx.mark_audited();
    Ok(audit_id)
}

/// The same for a transaction of the bulk path.
pub async fn record_bulk(tx: &mut BulkTx<'_>, entry: Entry) -> DbResult<AuditId> {
    let row = row_of(&tx.actor, tx.now, tx.new_id(), entry);
    repo::insert_bulk(tx, &row).await?;
    tx.mark_audited();
    Ok(row.audit_id)
}

pub(super) fn row_of(actor: &Actor, now: DateTime<Utc>, audit_id: AuditId, entry: Entry) -> AuditEntry {
    let (actor_kind, staff) = match &actor.identity {
        Identity::Staff(staff) => (ActorKind::Staff, Some(staff.clone())),
        Identity::System(_) => (ActorKind::System, None),
        Identity::Anonymous => (ActorKind::Anonymous, None),
    };
    AuditEntry {
        occurred_at: now,
        audit_id,
        action: entry.action.into_owned(),
        outcome: entry.outcome,
        actor_kind,
        staff_id: staff.as_ref().map(|s| s.staff_id),
        staff_no: staff.as_ref().map(|s| s.staff_no.clone()),
        role: staff.as_ref().map(|s| s.role),
        branch_id: staff.as_ref().map(|s| s.branch_id),
        ip: actor.ip.clone(),
        trace_id: Some(actor.trace_id.clone()),
        object_kind: entry.object.map(|(kind, _)| kind.to_owned()),
        object_id: entry.object.map(|(_, id)| id),
        cardholder_id: entry.cardholder_id,
        purpose: entry.purpose,
        changes: entry.changes,
    }
}
