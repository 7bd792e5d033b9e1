//! Rows about what somebody holds: accounts, who else uses them, cards, loans, standing orders.

use kernel::CardNumber;
use platform::clock::uuid_v7;
use platform::vault::Vault;

use crate::accounts::{Account, Card, MAIN};
use crate::batch::Batch;
use crate::calendar::{Day, HOUR_MS, moment};
use crate::cards;
use crate::chance::{Chance, Stream};
use crate::counterparties;
use crate::life::{Life, Standing};
use crate::people::Person;
use crate::products::network_of;
use crate::scene::Scene;
use crate::words::{AccountKind, CardStatus, PartyRole};
use crate::{CURRENCY, SOURCE, moment_at};

pub fn write(scene: &Scene, me: usize, life: &Life, vault: &Vault, batch: &mut Batch) {
    let (person, holdings) = (&scene.neighbourhood.people[me], &scene.holdings[me]);
    for (slot, (account, standing)) in holdings.accounts.iter().zip(&life.standings).enumerate() {
        let last = life.txs.iter().rev().find(|tx| tx.entry.slot == slot).map(|tx| tx.entry.at);
        write_account(scene, person, account, (standing, last), batch);
        let Some((partner, role)) = account.user else { continue };
        let first_card = holdings.cards.iter().find(|card| card.slot == slot && card.holder == partner);
        if role == PartyRole::Joint || first_card.is_some() {
            let partner = &scene.neighbourhood.people[partner];
            let since = first_card.map_or(account.opened.max(partner.opened), |card| card.issued);
            let (owner_id, user_id) = (person.cardholder_id, partner.cardholder_id);
            batch
                .parties
                .row()
                .uuid(owner_id)
                .uuid(account.account_id)
                .uuid(user_id)
                .text(role.as_str())
                .date(since);
            batch
                .usable
                .row()
                .uuid(user_id)
                .uuid(owner_id)
                .uuid(account.account_id)
                .text(role.as_str())
                .date(since);
        }
    }
    for card in &holdings.cards {
        let is_blocked = life.standings.get(card.slot).is_some_and(|standing| standing.is_blocked);
        write_card(scene, person, (card, &holdings.accounts[card.slot], is_blocked), vault, batch);
    }
    for (loan, status) in holdings.loans.iter().zip(&life.loans) {
        let mut row = batch.loans.row();
        row.uuid(person.cardholder_id)
            .uuid(loan.loan_id)
            .uuid(holdings.accounts[loan.slot].account_id)
            .date(loan.granted);
        row.big(loan.amount)
            .text(CURRENCY)
            .small(loan.months as i16)
            .big(loan.payment)
            .text(status.as_str())
            .text(SOURCE);
    }
    write_orders(scene, me, life, batch);
}

fn write_account(
    scene: &Scene,
    person: &Person,
    account: &Account,
    (standing, last): (&Standing, Option<i64>),
    batch: &mut Batch,
) {
    let opened = moment(account.opened, 10 * HOUR_MS);
    let is_credit = account.kind == AccountKind::CreditCard;
    let mut row = batch.accounts.row();
    row.uuid(person.cardholder_id)
        .uuid(account.account_id)
        .text(&account.account_no)
        .text(account.kind.as_str());
    row.text(account.product_code)
        .text(CURRENCY)
        .text(standing.status.as_str())
        .date(account.opened)
        .maybe_date(standing.closed);
    row.big(standing.balance).maybe_big(account.limit_minor).big(standing.available);
    row.maybe_text(is_credit.then_some("monthly")).maybe_small(account.cycle_day.map(|day| day as i16));
    row.uuid(scene.world.tree[person.branch].branch_id)
        .text(SOURCE)
        .big(1)
        .time(opened)
        .time(last.unwrap_or(opened).max(opened));
    drop(row);
    batch.account_nos.row().text(&account.account_no).uuid(person.cardholder_id).uuid(account.account_id);
}

fn write_card(
    scene: &Scene,
    owner: &Person,
    (card, account, is_blocked): (&Card, &Account, bool),
    vault: &Vault,
    batch: &mut Batch,
) {
    let holder = &scene.neighbourhood.people[card.holder];
    let (status, reason) = match card.status {
        CardStatus::Active if is_blocked => (CardStatus::Frozen, Some(cards::OVERDUE)),
        status => (status, card.status_reason),
    };
    let issued = moment(card.issued, 10 * HOUR_MS);
    let today = scene.world.calendar.today;
    let changed: Day = if is_blocked { today - 1 } else { card.usable.end.min(today - 1) };
    let updated =
        if status == CardStatus::Active { issued } else { moment(changed, 16 * HOUR_MS).max(issued) };
    let (token, last_four) = (vault.card_token(&card.number), CardNumber::last_four(&card.number));
    let mut row = batch.cards.row();
    row.uuid(owner.cardholder_id)
        .uuid(card.card_id)
        .uuid(account.account_id)
        .uuid(holder.cardholder_id)
        .text(card.product_code);
    row.maybe_text(network_of(card.product_code).map(|network| network.as_str()))
        .text(card.number.bin())
        .text(last_four);
    row.text(&token)
        .text(status.as_str())
        .maybe_text(reason)
        .date(card.issued)
        .date(card.expires)
        .text(SOURCE);
    row.big(if status == CardStatus::Active { 1 } else { 2 }).time(issued).time(updated);
    drop(row);
    batch.card_tokens.row().text(&token).uuid(owner.cardholder_id).uuid(card.card_id);
    batch.card_tails.row().text(last_four).uuid(owner.cardholder_id).uuid(card.card_id);
}

fn write_orders(scene: &Scene, me: usize, life: &Life, batch: &mut Batch) {
    let person = &scene.neighbourhood.people[me];
    let Some(account) = scene.holdings[me].accounts.get(MAIN) else { return };
    let mut chance = Chance::of(scene.world.plan.seed, Stream::Holdings, u64::from(person.number) | 1 << 41);
    for order in &life.orders {
        let other = counterparties::of(scene, me, order.party);
        let id = uuid_v7(moment_at(account.opened, 12 * HOUR_MS), chance.tail());
        let mut row = batch.orders.row();
        row.uuid(person.cardholder_id)
            .uuid(id)
            .uuid(account.account_id)
            .text(other.bank)
            .text(&other.account_no);
        row.big(order.amount).text(CURRENCY).text(order.purpose.as_str()).text(SOURCE);
    }
}
