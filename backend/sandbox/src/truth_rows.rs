//! Rows of the truth.

use crate::batch::Batch;
use crate::calendar::Day;
use crate::destiny::{DEFAULT_DAYS, Trouble};
use crate::life::Life;
use crate::offers;
use crate::scene::Scene;

pub fn write(scene: &Scene, me: usize, life: &Life, batch: &mut Batch) {
    let (world, person, destiny) = (&scene.world, &scene.neighbourhood.people[me], &scene.destinies[me]);
    let id = person.cardholder_id;
    let household = &scene.neighbourhood.households[person.household];
    batch.households.row().uuid(id).uuid(household.household_id).text(person.kin.as_str());
    if let Some(employer) = destiny.employer_now(world, person) {
        batch.employments.row().uuid(id).uuid(world.employers.all[employer as usize].employer_id);
    }
    for event in &destiny.events {
        batch.life_events.row().uuid(id).text(event.kind).date(event.day).maybe_date(event.until);
    }
    if let Some(trouble) = destiny.trouble {
        write_trouble(scene, me, life, trouble, batch);
    }
    if let Some(story) = destiny.fraud {
        for tx in life.txs.iter().filter(|tx| tx.entry.what.fraud.is_some()) {
            let mut row = batch.frauds.row();
            row.uuid(id)
                .time(tx.entry.at)
                .uuid(tx.transaction_id)
                .uuid(story.burst_id)
                .text(story.kind.as_str());
            row.flag(story.kind.is_first_party()).maybe_date(story.reported);
        }
    }
    for response in offers::responses(world, person, &scene.holdings[me]) {
        let mut row = batch.offer_responses.row();
        row.uuid(id)
            .text(response.product_code)
            .text(response.kind)
            .small(response.untreated_bp)
            .small(response.treated_bp);
    }
}

/// A default is told with the day on which a debt was 90 days overdue; shorter trouble is an event of life.
fn write_trouble(scene: &Scene, me: usize, life: &Life, trouble: Trouble, batch: &mut Batch) {
    let id = scene.neighbourhood.people[me].cardholder_id;
    let today = scene.world.calendar.today;
    let first_missed = first_missed(scene, me, life, trouble);
    let defaults = first_missed
        .map(|due| due + DEFAULT_DAYS)
        .filter(|day| trouble.until.is_none_or(|until| *day < until));
    // What lies ahead is foretold; what lies behind must have left its trace.
    let defaults =
        defaults.or((trouble.is_default() && trouble.onset + 31 >= today).then(|| trouble.defaults()));
    match defaults {
        Some(day) => {
            batch
                .defaults
                .row()
                .uuid(id)
                .date(trouble.onset)
                .date(day)
                .maybe_date(trouble.until)
                .text(trouble.cause);
        }
        None => {
            batch
                .life_events
                .row()
                .uuid(id)
                .text("payment_trouble")
                .date(trouble.onset)
                .maybe_date(trouble.until);
        }
    }
}

/// The first due date in the trouble that passed with something owed.
fn first_missed(scene: &Scene, me: usize, life: &Life, trouble: Trouble) -> Option<Day> {
    let today = scene.world.calendar.today;
    let is_in =
        |day: Day| day >= trouble.onset && day < today && trouble.until.is_none_or(|until| day < until);
    let cards = life
        .statements
        .iter()
        .filter(|bill| bill.minimum > 0 && bill.days_past_due(today) > 0)
        .map(|bill| bill.due);
    let loans = scene.holdings[me].loans.iter().filter(|loan| loan.ends() > trouble.onset);
    let payments = loans.flat_map(|loan| (1..=loan.months).map(|nth| loan.due(nth)));
    cards.chain(payments).filter(|day| is_in(*day)).min()
}

pub fn write_guarantees(scene: &Scene, batch: &mut Batch) {
    let people = &scene.neighbourhood.people;
    let first = u64::from(people.first().map_or(0, |person| person.number));
    for guarantee in &scene.guarantees {
        let loan = &scene.holdings[guarantee.borrower].loans[guarantee.loan];
        let circle = guarantee.circle.map(|circle| (first << 8 | u64::from(circle)).cast_signed());
        let mut row = batch.guarantees.row();
        row.uuid(people[guarantee.borrower].cardholder_id)
            .uuid(people[guarantee.guarantor].cardholder_id)
            .uuid(loan.loan_id);
        row.big(guarantee.amount).date(loan.granted).maybe_big(circle);
    }
}
