//! What every file says of itself: who took it out of the bank, when, and what for.

use chrono::{DateTime, Utc};
use platform::ids::ExportId;
use serde_json::{Value, json};

use super::model::{ExportList, ExportPurpose, ExportRow};

/// Who, when, what for.
#[derive(Debug, Clone)]
pub(super) struct Watermark {
    export_id: ExportId,
    list: ExportList,
    staff_no: String,
    staff_name: String,
    purpose: ExportPurpose,
    note: Option<String>,
    written_at: DateTime<Utc>,
}

impl Watermark {
    pub(super) fn of(row: &ExportRow, staff_name: &str, written_at: DateTime<Utc>) -> Self {
        Self {
            export_id: row.export_id,
            list: row.list,
            staff_no: row.staff_no.clone(),
            staff_name: staff_name.to_owned(),
            purpose: row.purpose,
            note: row.note.clone(),
            written_at,
        }
    }

    /// Name and value, in reading order.
    pub(super) fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            ("export_id", self.export_id.to_string()),
            ("list", self.list.as_str().to_owned()),
            ("staff_no", self.staff_no.clone()),
            ("staff_name", self.staff_name.clone()),
            ("written_at", self.written_at.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
            ("purpose", self.purpose.as_str().to_owned()),
        ];
        lines.extend(self.note.clone().map(|note| ("note", note)));
        lines
    }

    /// One line of text.
    pub(super) fn text(&self) -> String {
        let parts: Vec<String> =
            self.lines().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("# Cardea {}", parts.join("; "))
    }

    pub(super) fn json(&self) -> Value {
        let fields = self.lines().into_iter().map(|(name, value)| (name.to_owned(), Value::String(value)));
        json!({ "watermark": fields.collect::<serde_json::Map<_, _>>() })
    }
}

#[cfg(test)]
impl Watermark {
    pub(super) fn sample() -> Self {
        Self {
            export_id: ExportId(uuid::Uuid::nil()),
            list: ExportList::Cardholders,
            staff_no: "R0001".to_owned(),
            staff_name: "林 \"小\" 夏".to_owned(),
            purpose: ExportPurpose::Service,
            note: Some("a, <b> & c".to_owned()),
            written_at: DateTime::UNIX_EPOCH,
        }
    }
}
