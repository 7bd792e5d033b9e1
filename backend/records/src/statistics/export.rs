//! Figures as a file: the table that the page shows, what is kept back included.

use platform::Conn;
use trust::{
    approvals::{Refusal, refusal},
    exports::{Asked, Batch, Cell, ExportColumn, ExportSource, Exporting},
};
use web::parse_part;

use super::{
    model::{Statistics, StatisticsFilter, StatisticsGroup},
    tally::{self, Asking},
};

const TABLE: &str = "statistic_cells";

/// Statistics of somebody's part of the bank.
pub struct StatisticsExport;

async fn told(conn: &Conn, asked: Asked<'_>) -> Result<Statistics, Refusal> {
    let exporter = asked.exporter;
    let filter: StatisticsFilter = parse_part::<StatisticsFilter>(asked.query, "/query").map_err(refusal)?;
    filter.admit(exporter.staff.role).map_err(refusal)?;
    let asking = Asking {
        reach: exporter.reach(),
        role: exporter.staff.role,
        directory: &exporter.directory,
        today: exporter.business_on,
        now: exporter.now,
    };
    tally::figures(conn, &asking, &filter).await.map_err(refusal)
}

impl ExportSource for StatisticsExport {
    fn columns(&self) -> &'static [ExportColumn] {
        // What a figure tells is no row's amount: whoever may not see the rows sees it as far as it stands for many.
        const COLUMNS: &[ExportColumn] = &[
            ExportColumn::of(TABLE, "measure"),
            ExportColumn::telling("by", TABLE, "measure"),
            ExportColumn::telling("key", TABLE, "month_on"),
            ExportColumn::telling("name", TABLE, "branch_id"),
            ExportColumn::telling("value", TABLE, "cardholder_count"),
            ExportColumn::of(TABLE, "currency"),
            ExportColumn::of(TABLE, "row_count"),
            ExportColumn::telling("is_suppressed", TABLE, "cardholder_count"),
            ExportColumn::telling("as_of", "statistic_refreshes", "refreshed_at"),
        ];
        COLUMNS
    }

    fn count<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, rows_max: i64) -> Exporting<'a, i64> {
        Box::pin(async move {
            let rows = told(conn, asked).await?.groups.len() + 1;
            Ok(i64::try_from(rows).unwrap_or(rows_max).min(rows_max))
        })
    }

    fn batch<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, _: Option<String>) -> Exporting<'a, Batch> {
        Box::pin(async move {
            let statistics = told(conn, asked).await?;
            let total = StatisticsGroup { key: "total".to_owned(), ..statistics.total.clone() };
            let groups = statistics.groups.iter().chain([&total]);
            Ok(Batch { rows: groups.map(|group| cells(&statistics, group)).collect(), next: None })
        })
    }
}

fn cells(statistics: &Statistics, group: &StatisticsGroup) -> Vec<Cell> {
    vec![
        Cell::word(Some(statistics.measure.as_str())),
        Cell::word(Some(statistics.by.as_str())),
        group.key.clone().into(),
        group.name.clone().into(),
        group.value.into(),
        statistics.currency.clone().into(),
        group.row_count.into(),
        group.is_suppressed.into(),
        Cell::moment(statistics.as_of),
    ]
}
