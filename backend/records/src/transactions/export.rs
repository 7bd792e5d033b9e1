//! A cardholder's transactions as a file. A record that was opened in an emergency may be looked at, not carried away.

use kernel::{Page, PageLimit};
use platform::Conn;
use trust::{
    approvals::{Refusal, refusal},
    exports::{Asked, BATCH_ROWS, Batch, Cell, ExportColumn, ExportError, ExportSource, Exporting},
};
use web::parse_part;

use super::{
    filter::{Position, TransactionFilter},
    model::TransactionView,
    repo,
};
use crate::{
    cardholders::{gate, members::Members},
    reference::MccGroup,
    transactions::Channel,
};

const TABLE: &str = "transactions";

/// The transactions of one cardholder within somebody's reach.
pub struct TransactionsExport;

impl TransactionsExport {
    async fn admit(
        conn: &Conn,
        asked: Asked<'_>,
        after: Option<String>,
    ) -> Result<(Members, TransactionFilter, Option<Position>), Refusal> {
        let cardholder_id = asked.cardholder_id.ok_or_else(|| refusal(ExportError::CardholderNeeded))?;
        let filter: TransactionFilter = parse_part(asked.query, "/query").map_err(refusal)?;
        let filter = TransactionFilter { after, ..filter };
        let position = filter.position(asked.exporter.sight()).map_err(refusal)?;
        let members = gate::members(conn, &asked.exporter.reach(), cardholder_id).await.map_err(refusal)?;
        Ok((members, filter, position))
    }
}

impl ExportSource for TransactionsExport {
    fn columns(&self) -> &'static [ExportColumn] {
        const COLUMNS: &[ExportColumn] = &[
            ExportColumn::of(TABLE, "occurred_at"),
            ExportColumn::of(TABLE, "transaction_id"),
            ExportColumn::of(TABLE, "account_id"),
            ExportColumn::of(TABLE, "card_id"),
            ExportColumn::of(TABLE, "posted_at"),
            ExportColumn::of(TABLE, "kind"),
            ExportColumn::of(TABLE, "direction"),
            ExportColumn::of(TABLE, "amount_minor"),
            ExportColumn::of(TABLE, "currency"),
            ExportColumn::of(TABLE, "balance_after_minor"),
            ExportColumn::of(TABLE, "status"),
            ExportColumn::of(TABLE, "purpose"),
            ExportColumn::of(TABLE, "merchant_name"),
            ExportColumn::of(TABLE, "mcc"),
            ExportColumn::of(TABLE, "mcc_group"),
            ExportColumn::of(TABLE, "channel"),
            ExportColumn::of(TABLE, "country"),
            ExportColumn::of(TABLE, "city"),
            ExportColumn::of(TABLE, "counterparty_name"),
            ExportColumn::of(TABLE, "counterparty_bank"),
            ExportColumn::of(TABLE, "counterparty_account"),
            ExportColumn::of(TABLE, "reversal_of_at"),
            ExportColumn::of(TABLE, "reversal_of_id"),
        ];
        COLUMNS
    }

    fn count<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, rows_max: i64) -> Exporting<'a, i64> {
        Box::pin(async move {
            let (members, filter, _) = Self::admit(conn, asked, None).await?;
            let mut rows = 0;
            for id in members.all() {
                rows += repo::count(conn, *id, &filter, rows_max).await.map_err(refusal)?;
            }
            Ok(rows.min(rows_max))
        })
    }

    fn batch<'a>(&'a self, conn: &'a Conn, asked: Asked<'a>, after: Option<String>) -> Exporting<'a, Batch> {
        Box::pin(async move {
            let (members, filter, position) = Self::admit(conn, asked, after).await?;
            let (limit, sight) = (PageLimit::of_file(BATCH_ROWS), asked.exporter.sight());
            let key = |row: &super::Transaction| (row.facts.occurred_at, row.facts.transaction_id);
            let mut rows = Vec::new();
            for id in members.all() {
                let own = repo::list(conn, *id, &filter, limit, position).await;
                rows.extend(own.map_err(refusal)?);
            }
            let page = Page::cut(members.first_of_all(rows, limit, key), limit, key);
            let rows = page.items.into_iter().map(|row| cells(row.view(sight))).collect();
            Ok(Batch { rows, next: page.next })
        })
    }
}

fn cells(view: TransactionView) -> Vec<Cell> {
    let facts = view.facts;
    vec![
        Cell::moment(facts.occurred_at),
        Cell::shown(Some(facts.transaction_id)),
        Cell::shown(Some(facts.account_id)),
        Cell::shown(facts.card_id),
        Cell::moment(facts.posted_at),
        Cell::word(Some(facts.kind.as_str())),
        Cell::word(Some(facts.direction.as_str())),
        view.amount_minor.into(),
        facts.currency.into(),
        view.balance_after_minor.into(),
        Cell::word(Some(facts.status.as_str())),
        facts.purpose.into(),
        facts.merchant_name.into(),
        facts.mcc.into(),
        Cell::word(facts.mcc_group.map(MccGroup::as_str)),
        Cell::word(facts.channel.map(Channel::as_str)),
        facts.country.into(),
        facts.city.into(),
        facts.counterparty_name.into(),
        facts.counterparty_bank.into(),
        view.counterparty_account.into(),
        Cell::moment(facts.reversal_of_at),
        Cell::shown(facts.reversal_of_id),
    ]
}
