//! Every list keeps to its indexes at volume: sixty thousand cardholders with what they hold and do, and the statements
//! exactly as the application sends them, asked for their plans. What is asserted is the plan, never a time.

mod bank;
mod everything;
mod lists;
mod searches;

use std::fmt::Write;

use diesel_async::SimpleAsyncConnection;
use it::{App, Someone, Statement};
use platform::database::Copier;

use self::bank::{BIG, Known};
use super::explain::{Plan, Planned};

/// As many rows may be sorted or read together: one manager's portfolio, what is dormant, frozen or overdue. A big table has five
/// times more at least.
const FEW: f64 = 2_000.0;

/// The bank at volume, and what was found wrong with the plans that its statements get.
struct Volume<'a> {
    app: &'a App,
    copier: Copier,
    known: Known,
    faults: String,
    looked_at: usize,
}

impl Volume<'_> {
    fn note(&mut self, asked: &str, what: &str, plan: &Plan) {
        let _ = writeln!(self.faults, "{asked}: {what}\n  {}", plan.shape());
    }

    /// Everything that the application asked of the big tables since it was last listened to.
    fn heard(&self) -> Vec<Statement> {
        let reads_big = |sql: &str| {
            let sql = sql.replace('"', "");
            BIG.iter()
                .any(|table| sql.contains(&format!("FROM {table}")) || sql.contains(&format!("JOIN {table}")))
        };
        let said = self.app.said().into_iter();
        said.filter(|statement| statement.sql.starts_with("SELECT") && reads_big(&statement.sql)).collect()
    }

    /// The plan for these values and the one for all values, each held to the rules that every statement is held to.
    async fn plans(&mut self, asked: &str, statement: &Statement) -> [Plan; 2] {
        let these = self.plan(asked, statement, Planned::ForTheseValues).await;
        let all = self.plan(asked, statement, Planned::OnceForAll).await;
        [these, all]
    }

    async fn plan(&mut self, asked: &str, statement: &Statement, planned: Planned) -> Plan {
        let plan = Plan::of(&mut self.copier, statement, planned).await;
        self.looked_at += 1;
        let asked = format!("{asked}, {planned:?}");
        for table in plan.read_whole(FEW).iter().filter(|table| is_big(table)) {
            self.note(&asked, &format!("reads the whole of {table}"), &plan);
        }
        if plan.sorted(is_big) > FEW {
            self.note(&asked, &format!("sorts {} rows", plan.sorted(is_big)), &plan);
        }
        plan
    }
}

/// Whether this is a big table, or one of the years of it that have rows here.
fn is_big(relation: &str) -> bool {
    BIG.iter().any(|table| {
        relation == *table
            || relation.strip_prefix(table).is_some_and(|rest| matches!(rest, "_2025" | "_2026"))
    })
}

#[tokio::test]
async fn every_list_walks_its_indexes_at_volume() {
    let app = App::start().await;
    let known = bank::fill(&app).await;
    let copier = Copier::connect(&app.app_url).await.expect("connect");
    let mut volume = Volume { app: &app, copier, known, faults: String::new(), looked_at: 0 };
    lists::look(&mut volume).await;
    searches::look(&mut volume).await;
    everything::look(&mut volume).await;
    assert!(volume.looked_at > 1_000, "only {} plans were looked at", volume.looked_at);
    assert!(volume.faults.is_empty(), "{}", volume.faults);
    an_index_that_is_gone_is_missed(&mut volume).await;
    drop(volume);
    app.finish().await;
}

/// The same looks find fault where indexes are missing.
async fn an_index_that_is_gone_is_missed(volume: &mut Volume<'_>) {
    let gone = "DROP INDEX cardholders_opened_on_idx, cardholders_born_on_idx;
                ALTER TABLE phone_tail_index DROP CONSTRAINT phone_tail_index_pkey";
    (&volume.app.owner().await).batch_execute(gone).await.expect("drop");
    everything::ask(volume, Someone::RISK_MANAGER, "/cardholders?limit=50").await;
    assert!(volume.faults.contains("reads the whole of cardholders"), "{}", volume.faults);
    // Half of them: the planner does not know how many stand for themselves.
    assert!(volume.faults.contains("sorts 30"), "{}", volume.faults);
    volume.faults.clear();
    everything::ask(volume, Someone::RISK_MANAGER, "/cardholders?age_max=17&count=true").await;
    assert!(volume.faults.contains("reads the whole of cardholders"), "{}", volume.faults);
    searches::look_up(volume, Someone::TELLER, volume.known.tail).await;
    assert!(volume.faults.contains("reads the whole of phone_tail_index"), "{}", volume.faults);
}
