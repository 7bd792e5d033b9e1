//! A row as it is sealed: every field in one order, each with its length, so that no two rows read the same.

use aws_lc_rs::digest::{Context, SHA256, digest};
use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

/// Bytes that a seal keeps of each row: id, time, digest.
const ENTRY_BYTES: usize = 16 + 8 + DIGEST_BYTES;
const DIGEST_BYTES: usize = 32;

/// A row of the trail with everything that it says. `changes` is the text the database writes.
#[derive(diesel::QueryableByName)]
pub(super) struct TrailRow {
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    pub audit_id: Uuid,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Text)]
    pub outcome: String,
    #[diesel(sql_type = Text)]
    pub actor_kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub staff_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub staff_no: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub role: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub branch_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub ip: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub trace_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub object_kind: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub object_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub cardholder_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub purpose: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub changes: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub written_in: i64,
}

/// What a seal remembers of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    pub audit_id: Uuid,
    pub at_micros: i64,
    pub digest: [u8; DIGEST_BYTES],
}

impl TrailRow {
    pub(super) fn leaf(&self) -> Leaf {
        let at_micros = self.occurred_at.timestamp_micros();
        let mut text = Canon::new(b"cardea.audit.row.1");
        text.put(&at_micros.to_be_bytes());
        text.put(self.audit_id.as_bytes());
        for field in [&self.action, &self.outcome, &self.actor_kind] {
            text.put(field.as_bytes());
        }
        for id in [self.staff_id, self.branch_id, self.object_id, self.cardholder_id] {
            text.put_option(id.as_ref().map(|id| id.as_bytes().as_slice()));
        }
        for field in [
            &self.staff_no,
            &self.role,
            &self.ip,
            &self.trace_id,
            &self.object_kind,
            &self.purpose,
            &self.changes,
        ] {
            text.put_option(field.as_deref().map(str::as_bytes));
        }
        text.put(&self.written_in.to_be_bytes());
        Leaf { audit_id: self.audit_id, at_micros, digest: text.digest() }
    }
}

/// A text of parts that can't run into each other.
pub(super) struct Canon(Vec<u8>);

impl Canon {
    pub(super) fn new(domain: &[u8]) -> Self {
        let mut text = Self(Vec::with_capacity(512));
        text.put(domain);
        text
    }

    pub(super) fn put(&mut self, part: &[u8]) {
        self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.0.extend_from_slice(part);
    }

    /// Nothing is not the same as an empty text.
    pub(super) fn put_option(&mut self, part: Option<&[u8]>) {
        self.0.push(u8::from(part.is_some()));
        self.put(part.unwrap_or_default());
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn digest(&self) -> [u8; DIGEST_BYTES] {
        let mut bytes = [0; DIGEST_BYTES];
        bytes.copy_from_slice(digest(&SHA256, &self.0).as_ref());
        bytes
    }
}

/// The batch's rows in the order of the trail, as one value.
pub(super) fn entries_of(leaves: &[Leaf]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(leaves.len() * ENTRY_BYTES);
    for leaf in leaves {
        bytes.extend_from_slice(leaf.audit_id.as_bytes());
        bytes.extend_from_slice(&leaf.at_micros.to_be_bytes());
        bytes.extend_from_slice(&leaf.digest);
    }
    bytes
}

/// The rows back; `None` where the value is not whole.
pub(super) fn leaves_of(entries: &[u8]) -> Option<Vec<Leaf>> {
    let leaf = |bytes: &[u8]| {
        Some(Leaf {
            audit_id: Uuid::from_slice(bytes.get(..16)?).ok()?,
            at_micros: i64::from_be_bytes(bytes.get(16..24)?.try_into().ok()?),
            digest: bytes.get(24..)?.try_into().ok()?,
        })
    };
    entries.chunks(ENTRY_BYTES).map(leaf).collect()
}

pub(super) fn root_of(entries: &[u8]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    context.update(b"cardea.audit.root.1");
    context.update(entries);
    context.finish().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> TrailRow {
        TrailRow {
            occurred_at: DateTime::UNIX_EPOCH,
            audit_id: Uuid::from_u128(7),
            action: "cardholders.read".into(),
            outcome: "done".into(),
            actor_kind: "staff".into(),
            staff_id: Some(Uuid::from_u128(1)),
            staff_no: Some("T0001".into()),
            role: None,
            branch_id: None,
            ip: None,
            trace_id: Some(String::new()),
            object_kind: None,
            object_id: None,
            cardholder_id: Some(Uuid::from_u128(2)),
            purpose: None,
            changes: None,
            written_in: 800,
        }
    }

    #[test]
    fn every_field_counts() {
        let edits: [fn(&mut TrailRow); 17] = [
            |row| row.occurred_at += chrono::TimeDelta::microseconds(1),
            |row| row.audit_id = Uuid::from_u128(8),
            |row| row.action = "cardholders.rea".into(),
            |row| row.outcome = "refused".into(),
            |row| row.actor_kind = "system".into(),
            |row| row.staff_id = None,
            |row| row.staff_no = Some("T0002".into()),
            |row| row.role = Some(String::new()),
            |row| row.branch_id = row.staff_id.take(),
            |row| row.ip = row.trace_id.take(),
            |row| row.trace_id = None,
            |row| row.object_kind = Some("accounts".into()),
            |row| row.object_id = row.cardholder_id.take(),
            |row| row.cardholder_id = None,
            |row| row.purpose = Some("call_back".into()),
            |row| row.changes = Some("{}".into()),
            |row| row.written_in = 801,
        ];
        let whole = row().leaf();
        for (at, edit) in edits.iter().enumerate() {
            let mut edited = row();
            edit(&mut edited);
            assert_ne!(edited.leaf().digest, whole.digest, "field {at}");
        }
    }

    #[test]
    fn entries_come_back_and_half_an_entry_does_not() {
        let leaves = [row().leaf(), row().leaf()];
        let bytes = entries_of(&leaves);
        assert_eq!(leaves_of(&bytes).unwrap(), leaves);
        assert!(leaves_of(&bytes[1..]).is_none());
        assert_ne!(root_of(&bytes), root_of(&bytes[56..]));
    }
}
