//! Rows about what happened: transactions, statements, repayments.

use chrono::Datelike;

use crate::batch::Batch;
use crate::calendar::date_of;
use crate::counterparties;
use crate::ledger::Tx;
use crate::life::Life;
use crate::merchants;
use crate::scene::Scene;
use crate::{CURRENCY, SOURCE};

pub fn write(scene: &Scene, me: usize, life: &Life, batch: &mut Batch) {
    for tx in &life.txs {
        write_transaction(scene, me, life, tx, batch);
    }
    let (cardholder_id, accounts) =
        (scene.neighbourhood.people[me].cardholder_id, &scene.holdings[me].accounts);
    let today = scene.world.calendar.today;
    for statement in &life.statements {
        let mut row = batch.statements.row();
        row.uuid(cardholder_id).uuid(statement.statement_id).uuid(accounts[statement.slot].account_id);
        row.date(statement.closed)
            .date(statement.due)
            .text(CURRENCY)
            .big(statement.billed)
            .big(statement.minimum);
        row.big(statement.paid)
            .small(statement.days_past_due(today))
            .maybe_small(statement.repayment_status(today))
            .text(SOURCE);
    }
    for repayment in &life.repayments {
        let of = repayment.statement.map(|at| life.statements[at].statement_id);
        let month = repayment.paid - (date_of(repayment.paid).day0().cast_signed());
        let mut row = batch.repayments.row();
        row.uuid(cardholder_id)
            .uuid(repayment.repayment_id)
            .uuid(accounts[repayment.slot].account_id)
            .maybe_uuid(of);
        row.date(month).date(repayment.paid).big(repayment.amount).text(CURRENCY).text(SOURCE);
    }
}

fn write_transaction(scene: &Scene, me: usize, life: &Life, tx: &Tx, batch: &mut Batch) {
    let (entry, what, holdings) = (&tx.entry, &tx.entry.what, &scene.holdings[me]);
    let mcc = what.shop.map(merchants::Shop::mcc).or(what.mcc);
    let merchant = what.shop.map(merchants::Shop::name);
    let other = what.party.map(|party| counterparties::of(scene, me, party));
    let reversed = tx.reversal_of.map(|at| &life.txs[at]);
    let degrees = |of: i32| f64::from(of) / 100_000.0;
    // A purchase on the web has a country and no city.
    let country =
        what.place.map(crate::places::Place::country).or(what.shop.map(|shop| shop.place.country()));
    let is_online = what.shop.is_some_and(|shop| shop.is_online);
    let city = what.place.filter(|_| !is_online).map(crate::places::Place::city);
    let mut row = batch.transactions.row();
    row.uuid(scene.neighbourhood.people[me].cardholder_id).time(entry.at).uuid(tx.transaction_id);
    row.uuid(holdings.accounts[entry.slot].account_id)
        .maybe_uuid(entry.card.map(|card| holdings.cards[card].card_id));
    row.maybe_time(tx.posted)
        .text(what.kind.as_str())
        .text(entry.direction.as_str())
        .big(entry.amount)
        .text(CURRENCY);
    row.maybe_big(tx.balance_after).text(tx.status.as_str()).maybe_text(what.purpose);
    row.maybe_text(
        merchant.as_deref().or(other.as_ref().filter(|_| mcc.is_some()).map(|other| other.name.as_str())),
    );
    row.maybe_text(mcc)
        .maybe_text(mcc.and_then(merchants::group_of))
        .text(what.channel.as_str())
        .maybe_text(country)
        .maybe_text(city);
    row.maybe_double(what.spot.map(|(latitude, _)| degrees(latitude)))
        .maybe_double(what.spot.map(|(_, longitude)| degrees(longitude)));
    row.maybe_text(other.as_ref().map(|other| other.name.as_str()))
        .maybe_text(other.as_ref().map(|other| other.bank));
    row.maybe_text(other.as_ref().map(|other| other.account_no.as_str()));
    row.maybe_time(reversed.map(|tx| tx.entry.at))
        .maybe_uuid(reversed.map(|tx| tx.transaction_id))
        .flag(false)
        .text(SOURCE);
}
