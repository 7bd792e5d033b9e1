//! Whether the whole is consistent and looks like a bank.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::Plan;
use crate::accounts::MAIN;
use crate::calendar::{day_at, day_of};
use crate::destiny::Destiny;
use crate::ledger::{Party, Tx};
use crate::life::{Life, live};
use crate::scene::Scene;
use crate::words::{AccountKind, AccountStatus, Direction, Lifecycle, LoanStatus, TxKind, TxStatus};
use crate::world::World;

fn plan(cardholders: u32, months: u32, tx_per_month: u32) -> Plan {
    let today = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    Plan { seed: 20_261_101, cardholders, months, tx_per_month, today }
}

fn lives(scene: &Scene) -> Vec<Life> {
    (0..scene.neighbourhood.people.len()).map(|me| live(scene, me)).collect()
}

fn sample() -> (Scene, Vec<Life>) {
    let scene = Scene::set(Arc::new(World::new(plan(2_000, 24, 12))), 1);
    let lives = lives(&scene);
    (scene, lives)
}

/// The scenes of a whole small bank.
fn bank(plan: Plan) -> Vec<(Scene, Vec<Life>)> {
    let world = Arc::new(World::new(plan));
    let scenes = (0..plan.chunks()).map(|chunk| Scene::set(world.clone(), chunk));
    scenes
        .map(|scene| {
            let lives = lives(&scene);
            (scene, lives)
        })
        .collect()
}

#[test]
fn the_same_plan_gives_the_same_lives_and_another_seed_others() {
    let ((_, one), (_, two)) = (sample(), sample());
    assert!(one == two);
    let other = Scene::set(Arc::new(World::new(Plan { seed: 1, ..plan(2_000, 24, 12) })), 1);
    assert!(lives(&other) != one);
}

#[test]
fn every_balance_is_the_sum_of_what_happened() {
    let (scene, lives) = sample();
    let begins = scene.world.calendar.begins;
    for (me, life) in lives.iter().enumerate() {
        for (slot, account) in scene.holdings[me].accounts.iter().enumerate() {
            let is_new = account.opened >= begins;
            let mut balance = if is_new { 0 } else { account.opening_minor };
            let mut held = 0;
            for tx in life.txs.iter().filter(|tx| tx.entry.slot == slot) {
                match tx.status {
                    TxStatus::Posted | TxStatus::Reversed => {
                        balance += tx.entry.direction.signed(tx.entry.amount)
                    }
                    TxStatus::Pending => held += tx.entry.amount,
                    TxStatus::Declined => {}
                }
                assert_eq!(tx.balance_after.unwrap_or(balance), balance);
                assert_eq!(tx.posted.is_some(), tx.balance_after.is_some());
                assert!(tx.entry.amount > 0);
                assert!(day_at(tx.entry.at) >= account.opened, "{account:?} {tx:?}");
            }
            let standing = life.standings[slot];
            assert_eq!(standing.balance, balance);
            match account.kind {
                AccountKind::Savings | AccountKind::Current | AccountKind::Deposit => assert!(balance >= 0),
                AccountKind::Loan => assert!(balance <= 0),
                AccountKind::CreditCard => assert!(
                    standing.available
                        <= account.limit_minor.unwrap() + balance.max(-account.limit_minor.unwrap()) - held
                            + 1
                        || standing.available == 0
                ),
            }
            if standing.status == AccountStatus::Closed {
                assert_eq!(balance, 0, "{account:?}");
                assert!(standing.closed.is_some());
            }
        }
    }
}

#[test]
fn entries_are_in_order_within_the_history_and_ids_carry_their_moments() {
    let (scene, lives) = sample();
    let (begins, today) = (scene.world.calendar.begins, scene.world.calendar.today);
    for (person, life) in scene.neighbourhood.people.iter().zip(&lives) {
        assert!(life.txs.windows(2).all(|pair| pair[0].entry.at < pair[1].entry.at));
        for tx in &life.txs {
            assert!((begins..today).contains(&day_at(tx.entry.at)), "{tx:?}");
            let moment = platform::clock::moment_of(tx.transaction_id).unwrap();
            assert_eq!(moment.timestamp_millis(), tx.entry.at);
            assert!(person.ended.is_none_or(|ended| day_at(tx.entry.at) < ended));
            if let Some(original) = tx.reversal_of.map(|at| &life.txs[at]) {
                assert!(original.entry.at < tx.entry.at && tx.entry.amount <= original.entry.amount);
                assert_eq!(original.status == TxStatus::Reversed, tx.entry.what.kind == TxKind::Reversal);
            }
        }
    }
}

#[test]
fn statements_bill_what_is_owed_and_count_what_is_paid() {
    let (scene, lives) = sample();
    let today = scene.world.calendar.today;
    let mut statements = 0;
    for life in &lives {
        for (at, bill) in life.statements.iter().enumerate() {
            statements += 1;
            let owed = |tx: &&Tx| {
                tx.entry.slot == bill.slot && day_at(tx.entry.at) <= bill.closed && tx.balance_after.is_some()
            };
            // What happened after the early morning of the closing day is on the next bill.
            let closing = crate::calendar::moment(bill.closed, 2 * crate::calendar::HOUR_MS) + 50;
            if let Some(last) = life.txs.iter().filter(owed).rfind(|tx| tx.entry.at < closing) {
                assert_eq!(bill.billed, (-last.balance_after.unwrap()).max(0));
            }
            assert!(bill.minimum <= bill.billed && bill.due > bill.closed);
            let paid: i64 = life
                .repayments
                .iter()
                .filter(|paid| paid.statement == Some(at))
                .map(|paid| paid.amount)
                .sum();
            assert_eq!(bill.paid, paid);
            assert_eq!(
                bill.repayment_status(today).is_some_and(|status| status > 0),
                bill.days_past_due(today) > 0
            );
        }
        let repaid: i64 = life.repayments.iter().map(|paid| paid.amount).sum();
        let credited = life
            .txs
            .iter()
            .filter(|tx| tx.entry.what.kind == TxKind::Repayment && tx.entry.direction == Direction::Credit);
        assert_eq!(repaid, credited.map(|tx| tx.entry.amount).sum::<i64>());
    }
    assert!(statements > 2_000);
}

#[test]
fn what_one_holder_sends_another_receives() {
    let (scene, lives) = sample();
    let mut sent = 0;
    for (me, life) in lives.iter().enumerate() {
        for tx in life.txs.iter().filter(|tx| tx.entry.what.kind == TxKind::TransferOut) {
            let Some(Party::Holder(other)) = tx.entry.what.party else { continue };
            sent += 1;
            let is_other_end = |got: &&Tx| {
                got.entry.what.party == Some(Party::Holder(me))
                    && got.entry.amount == tx.entry.amount
                    && (got.entry.at - tx.entry.at).abs() < 1_000
            };
            assert_eq!(lives[other].txs.iter().filter(is_other_end).count(), 1, "{tx:?}");
        }
    }
    assert!(sent > 250 && scene.neighbourhood.people.len() > 200);
}

#[test]
fn there_are_about_as_many_transactions_as_planned() {
    for (cardholders, months, tx_per_month) in [(1_500, 24, 20), (2_000, 3, 10), (1_500, 12, 5), (500, 6, 60)]
    {
        let plan = plan(cardholders, months, tx_per_month);
        let made: usize = bank(plan).iter().flat_map(|(_, lives)| lives).map(|life| life.txs.len()).sum();
        let wanted = f64::from(cardholders * months * tx_per_month);
        let ratio = made as f64 / wanted;
        // Salaries and bills come even where hardly anything else was asked for.
        let most = if tx_per_month < 10 { 1.35 } else { 1.1 };
        assert!(
            (0.9..most).contains(&ratio),
            "{cardholders} × {months} × {tx_per_month}: {ratio:.2} of the plan"
        );
    }
}

#[test]
fn festivals_are_seen_in_the_books() {
    let bank = bank(plan(1_200, 24, 20));
    let day = |year, month, day| day_of(NaiveDate::from_ymd_opt(year, month, day).unwrap());
    let shopping = |on: i32| {
        let is_shopping = |tx: &&Tx| {
            tx.entry.what.shop.is_some_and(|shop| shop.mcc() == "5399") && day_at(tx.entry.at) == on
        };
        bank.iter().flat_map(|(_, lives)| lives).flat_map(|life| &life.txs).filter(is_shopping).count()
    };
    assert!(shopping(day(2025, 11, 11)) > 3 * shopping(day(2025, 11, 18)));
    assert!(shopping(day(2026, 6, 18)) > 2 * shopping(day(2026, 6, 25)));
}

#[test]
fn trouble_and_fraud_are_rare_and_there() {
    let bank = bank(plan(4_000, 24, 4));
    let count = |holds: &dyn Fn(&Destiny) -> bool| {
        bank.iter().flat_map(|(scene, _)| &scene.destinies).filter(|destiny| holds(destiny)).count()
    };
    let people = 4_000.0;
    let defaults =
        count(&|destiny| destiny.trouble.is_some_and(|trouble| trouble.is_default())) as f64 / people;
    let cures =
        count(&|destiny| destiny.trouble.is_some_and(|trouble| !trouble.is_default())) as f64 / people;
    let frauds = count(&|destiny| destiny.fraud.is_some()) as f64 / people;
    assert!((0.01..0.06).contains(&defaults), "{defaults}");
    assert!((0.005..0.05).contains(&cures), "{cures}");
    assert!((0.01..0.03).contains(&frauds), "{frauds}");
    let today = bank[0].0.world.calendar.today;
    let bills: Vec<i16> = bank
        .iter()
        .flat_map(|(_, lives)| lives)
        .flat_map(|life| &life.statements)
        .map(|bill| bill.days_past_due(today))
        .collect();
    let late = |than: i16| bills.iter().filter(|days| **days > than).count() as f64 / bills.len() as f64;
    assert!((0.02..0.12).contains(&late(0)), "{}", late(0));
    assert!((0.003..0.04).contains(&late(30)), "{}", late(30));
    assert!((0.002..0.03).contains(&late(90)), "{}", late(90));
    let loans: Vec<LoanStatus> =
        bank.iter().flat_map(|(_, lives)| lives).flat_map(|life| life.loans.clone()).collect();
    for status in [LoanStatus::FinishedPaid, LoanStatus::RunningInOrder, LoanStatus::RunningInDebt] {
        assert!(loans.contains(&status), "{status:?}");
    }
}

#[test]
fn stolen_money_shows_as_a_burst_on_one_day() {
    let mut bursts = 0;
    for (scene, lives) in bank(plan(3_000, 24, 6)) {
        for (destiny, life) in scene.destinies.iter().zip(&lives) {
            let stolen: Vec<&Tx> = life.txs.iter().filter(|tx| tx.entry.what.fraud.is_some()).collect();
            let Some(story) =
                destiny.fraud.filter(|story| !story.kind.is_first_party() && !stolen.is_empty())
            else {
                continue;
            };
            bursts += 1;
            assert!(stolen.iter().all(|tx| (story.day - 1..=story.day + 1).contains(&day_at(tx.entry.at))));
        }
    }
    assert!(bursts > 10, "{bursts}");
}

#[test]
fn prospects_have_nothing_and_everybody_else_a_main_account() {
    let (scene, lives) = sample();
    for ((person, holdings), life) in scene.neighbourhood.people.iter().zip(&scene.holdings).zip(&lives) {
        let is_prospect = person.lifecycle == Lifecycle::Prospect;
        assert_eq!(holdings.accounts.is_empty(), is_prospect);
        assert_eq!(
            holdings.accounts.get(MAIN).is_some_and(|account| account.kind == AccountKind::Savings),
            !is_prospect
        );
        assert!(holdings.cards.len() <= 16 && holdings.accounts.len() <= 16);
        assert!(!is_prospect || life.txs.is_empty());
        for card in &holdings.cards {
            assert!(card.issued <= card.usable.start && card.issued < card.expires, "{card:?}");
        }
    }
}
