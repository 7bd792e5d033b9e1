//! The list of cardholders as a file: the list's own pages, larger ones.

use kernel::{Page, PageLimit};
use platform::Conn;
use serde_json::Value;
use trust::{
    approvals::{Refusal, refusal},
    exports::{Asked, BATCH_ROWS, Batch, Cell, ExportColumn, ExportSource, Exporting},
};
use web::{RequestFault, Sight, parse_after, parse_part};

use super::{
    list::{self, CardholderFilter, CardholderListItem},
    model::{Gender, Lifecycle},
};

const TABLE: &str = "cardholders";

/// Cardholders within somebody's reach.
pub struct CardholdersExport;

fn filter_of(query: &Value, sight: Sight) -> Result<CardholderFilter, Refusal> {
    let filter: CardholderFilter = parse_part(query, "/query").map_err(refusal)?;
    filter.admit(sight).map_err(refusal)?;
    Ok(filter)
}

impl ExportSource for CardholdersExport {
    fn columns(&self) -> &'static [ExportColumn] {
        const COLUMNS: &[ExportColumn] = &[
            ExportColumn::of(TABLE, "cardholder_id"),
            ExportColumn::of(TABLE, "customer_no"),
            ExportColumn::of(TABLE, "name"),
            ExportColumn::of(TABLE, "gender"),
            ExportColumn::of(TABLE, "age_years"),
            ExportColumn::of(TABLE, "branch_id"),
            ExportColumn::telling("branch_name", TABLE, "branch_id"),
            ExportColumn::of(TABLE, "manager_id"),
            ExportColumn::telling("manager_name", TABLE, "manager_id"),
            ExportColumn::of(TABLE, "lifecycle"),
            ExportColumn::of(TABLE, "occupation"),
            ExportColumn::of(TABLE, "opened_on"),
            ExportColumn::of(TABLE, "primary_phone_masked"),
        ];
        COLUMNS
    }

    fn count<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, rows_max: i64) -> Exporting<'a, i64> {
        Box::pin(async move {
            let filter = filter_of(asked.query, asked.exporter.sight())?;
            let filter = filter.look_up(conn, &asked.exporter.directory).await.map_err(refusal)?;
            let (reach, today) = (asked.exporter.reach(), asked.exporter.business_on);
            list::count(conn, &filter, (&reach, today), rows_max).await.map_err(refusal)
        })
    }

    fn batch<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, after: Option<String>) -> Exporting<'a, Batch> {
        Box::pin(async move {
            let (exporter, sight) = (asked.exporter, asked.exporter.sight());
            let filter = filter_of(asked.query, sight)?;
            let filter = filter.look_up(conn, &exporter.directory).await.map_err(refusal)?;
            let after = parse_after(after.as_deref()).map_err(|fault: RequestFault| refusal(fault))?;
            let (limit, today) = (PageLimit::of_file(BATCH_ROWS), exporter.business_on);
            let lines = list::page(conn, &filter, &exporter.reach(), (limit, after), today).await;
            let page =
                Page::cut(lines.map_err(refusal)?, limit, |line| list::sort_of(&filter).position(line));
            let view = |line: list::Line| cells(line.view(sight, &exporter.directory, today));
            Ok(Batch { rows: page.items.into_iter().map(view).collect(), next: page.next })
        })
    }
}

fn cells(item: CardholderListItem) -> Vec<Cell> {
    vec![
        Cell::shown(Some(item.cardholder_id)),
        item.customer_no.into(),
        item.name.into(),
        Cell::word(item.gender.map(Gender::as_str)),
        item.age_years.into(),
        Cell::shown(Some(item.branch_id)),
        item.branch_name.into(),
        Cell::shown(item.manager_id),
        item.manager_name.into(),
        Cell::word(Some(Lifecycle::as_str(item.lifecycle))),
        item.occupation.into(),
        Cell::day(item.opened_on),
        item.primary_phone_masked.into(),
    ]
}
