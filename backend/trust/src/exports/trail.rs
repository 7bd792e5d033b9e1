//! The audit trail as a file.

use kernel::PageLimit;
use platform::{Conn, Role};
use serde_json::Value;
use web::{RequestFault, parse_after, parse_part};

use super::{
    cell::Cell,
    sources::{Asked, BATCH_ROWS, Batch, ExportColumn, ExportSource, Exporting},
};
use crate::{
    approvals::{Refusal, refusal},
    audit::{self, AuditEntry, AuditFilter},
};

const TABLE: &str = "audit_entries";

/// The trail, as an auditor's query has it.
pub struct TrailExport;

fn filter_of(query: &Value) -> Result<AuditFilter, Refusal> {
    let filter: AuditFilter = parse_part(query, "/query").map_err(refusal)?;
    filter.admit().map_err(refusal)?;
    Ok(filter)
}

impl ExportSource for TrailExport {
    fn columns(&self) -> &'static [ExportColumn] {
        const COLUMNS: &[ExportColumn] = &[
            ExportColumn::of(TABLE, "occurred_at"),
            ExportColumn::of(TABLE, "audit_id"),
            ExportColumn::of(TABLE, "action"),
            ExportColumn::of(TABLE, "outcome"),
            ExportColumn::of(TABLE, "actor_kind"),
            ExportColumn::of(TABLE, "staff_id"),
            ExportColumn::of(TABLE, "staff_no"),
            ExportColumn::of(TABLE, "role"),
            ExportColumn::of(TABLE, "branch_id"),
            ExportColumn::of(TABLE, "ip"),
            ExportColumn::of(TABLE, "trace_id"),
            ExportColumn::of(TABLE, "object_kind"),
            ExportColumn::of(TABLE, "object_id"),
            ExportColumn::of(TABLE, "cardholder_id"),
            ExportColumn::of(TABLE, "purpose"),
            ExportColumn::of(TABLE, "changes"),
        ];
        COLUMNS
    }

    fn count<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, rows_max: i64) -> Exporting<'a, i64> {
        Box::pin(async move {
            let filter = filter_of(asked.query)?;
            audit::count(conn, &filter, rows_max).await.map_err(refusal)
        })
    }

    fn batch<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, after: Option<String>) -> Exporting<'a, Batch> {
        Box::pin(async move {
            let filter = filter_of(asked.query)?;
            let after = parse_after(after.as_deref()).map_err(|fault: RequestFault| refusal(fault))?;
            let limit = PageLimit::of_file(BATCH_ROWS);
            let page =
                audit::list(conn, &filter, asked.exporter.sight(), (limit, after)).await.map_err(refusal)?;
            Ok(Batch { rows: page.items.into_iter().map(cells).collect(), next: page.next })
        })
    }
}

fn cells(entry: AuditEntry) -> Vec<Cell> {
    vec![
        Cell::moment(entry.occurred_at),
        Cell::shown(Some(entry.audit_id)),
        entry.action.into(),
        Cell::word(Some(entry.outcome.as_str())),
        Cell::word(Some(entry.actor_kind.as_str())),
        Cell::shown(entry.staff_id),
        entry.staff_no.into(),
        Cell::word(entry.role.map(Role::as_str)),
        Cell::shown(entry.branch_id),
        entry.ip.into(),
        entry.trace_id.into(),
        entry.object_kind.into(),
        Cell::shown(entry.object_id),
        Cell::shown(entry.cardholder_id),
        entry.purpose.into(),
        Cell::shown(entry.changes),
    ]
}
