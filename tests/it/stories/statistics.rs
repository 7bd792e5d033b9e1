//! Figures of the bank: added up ahead, within reach, and kept back where they would tell of few.

use it::{App, Holdings, Place, Reply, Someone};
use platform::jobs::enqueue_now;
use records::statistics::RefreshStatistics;
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) async fn refresh(app: &App) {
    let conn = app.db.read().await.expect("a connection");
    enqueue_now(&conn, &RefreshStatistics { fresh_minutes: 0 }, &app.clock).await.expect("queued");
    drop(conn);
    app.run_jobs().await;
}

/// Somebody with a savings account of 1,000.00 who spent 10.00 in September and 5.00 in October.
async fn customer(bank: &Holdings<'_>, place: Place, changes: Value) -> Uuid {
    let owner = bank.cardholder(place, changes).await;
    let account = bank.account(owner, json!({ "balance_minor": 100_000 })).await;
    bank.transaction(owner, account, "2026-09-10T02:00:00Z", json!({ "amount_minor": 1_000 })).await;
    bank.transaction(owner, account, "2026-10-31T15:30:00Z", json!({ "amount_minor": 500 })).await;
    // In Hangzhou it is November already.
    let salary = json!({ "kind": "salary", "direction": "credit", "amount_minor": 900_000 });
    bank.transaction(owner, account, "2026-10-31T16:30:00Z", salary).await;
    let declined = json!({ "status": "declined", "amount_minor": 77_700 });
    bank.transaction(owner, account, "2026-08-02T02:00:00Z", declined).await;
    owner
}

/// Six in Qianjiang, three in Xixi, seven in Yinzhou; two of the first are somebody's portfolio.
pub(super) async fn three_branches(app: &App) {
    let bank = app.holdings().await;
    for n in 0..6 {
        let manager = (n < 2).then(|| Someone::OWN_MANAGER.id());
        let opened_on = if n < 4 { "2020-05-04" } else { "2026-10-05" };
        customer(&bank, Place::Qianjiang, json!({ "manager_id": manager, "opened_on": opened_on })).await;
    }
    for _ in 0..3 {
        customer(&bank, Place::Xixi, json!({})).await;
    }
    for n in 0..7 {
        let owner = customer(&bank, Place::Yinzhou, json!({})).await;
        if n < 5 {
            let card = json!({ "kind": "credit_card", "product_code": "CC-GOLD", "balance_minor": -2_500 });
            bank.account(owner, card).await;
        }
    }
    // Who has left counts for nothing, nor does what they closed.
    let gone = bank.cardholder(Place::Xixi, json!({ "lifecycle": "closed" })).await;
    bank.account(gone, json!({ "status": "closed", "balance_minor": 5 })).await;
    refresh(app).await;
}

/// `key value rows` of each group, `-` where it is kept back.
fn told(reply: &Reply) -> Vec<String> {
    let line = |group: &Value| {
        let name = group["name"].as_str().or(group["key"].as_str()).unwrap_or("?");
        if group["is_suppressed"] == json!(true) {
            assert!(group["value"].is_null() && group["row_count"].is_null(), "{group}");
            return format!("{name} -");
        }
        format!("{name} {} {}", group["value"], group["row_count"])
    };
    let mut groups = reply.list_at("/groups");
    let mut total = reply.at("/total");
    total["name"] = json!("=");
    groups.push(total);
    groups.iter().map(line).collect()
}

async fn ask(app: &App, who: Someone, query: &str) -> Reply {
    app.get(who, &format!("/statistics?{query}")).await.expect(200)
}

#[tokio::test]
async fn figures_are_of_the_caller_s_part_of_the_bank_with_their_rows_and_their_moment() {
    let app = App::start().await;
    let before = ask(&app, Someone::RISK_MANAGER, "measure=cardholders&by=branch").await;
    assert_eq!((before.at("/as_of"), before.at("/groups")), (Value::Null, json!([])));
    three_branches(&app).await;
    let bank = ask(&app, Someone::RISK_MANAGER, "measure=cardholders&by=branch").await;
    assert_eq!(told(&bank), ["鄞州支行 7 7", "钱江新城支行 6 6", "西溪支行 3 3", "= 16 16"]);
    assert_eq!(bank.text_at("/as_of"), "2026-11-02T01:00:00Z");
    assert_eq!(
        (bank.at("/unit"), bank.at("/currency"), bank.at("/may_narrow")),
        (json!("count"), Value::Null, json!(true))
    );
    let hangzhou = ask(&app, Someone::RISK_OFFICER, "measure=balances&by=branch").await;
    assert_eq!(told(&hangzhou), ["钱江新城支行 600000 6", "西溪支行 300000 3", "= 900000 9"]);
    assert_eq!(hangzhou.text_at("/currency"), "CNY");
    let products = ask(&app, Someone::RISK_MANAGER, "measure=balances&by=product").await;
    assert_eq!(told(&products), ["SAV 1600000 16", "CC-GOLD -12500 5", "= 1587500 21"]);
    let holders = ask(&app, Someone::RISK_MANAGER, "measure=cardholders&by=product").await;
    assert_eq!(
        told(&holders),
        ["SAV 16 16", "CC-GOLD 5 5", "= 16 16"],
        "who holds two products is one person"
    );
    let joined = ask(&app, Someone::BRANCH_MANAGER, "measure=cardholders&by=month").await;
    assert_eq!(told(&joined), ["2020-05 4 4", "2026-10 2 2", "= 6 6"]);
    app.finish().await;
}

#[tokio::test]
async fn what_people_do_is_told_by_month_of_the_bank_s_clock() {
    let app = App::start().await;
    three_branches(&app).await;
    let spend = ask(&app, Someone::RISK_MANAGER, "measure=spend&by=month").await;
    assert_eq!(told(&spend), ["2026-09 16000 16", "2026-10 8000 16", "= 24000 32"], "declined is not spent");
    assert_eq!(
        (spend.text_at("/month_from"), spend.text_at("/month_to")),
        ("2025-12".into(), "2026-11".into())
    );
    let activity = ask(&app, Someone::RISK_MANAGER, "measure=activity&by=month").await;
    assert_eq!(told(&activity), ["2026-09 16 16", "2026-10 16 16", "2026-11 16 16", "= 4 48"]);
    let two = "month_from=2026-10-20&month_to=2026-11-01";
    let part = ask(&app, Someone::RISK_MANAGER, &format!("measure=activity&by=branch&{two}")).await;
    assert_eq!(told(&part), ["鄞州支行 7 14", "钱江新城支行 6 12", "西溪支行 3 6", "= 16 32"]);
    let place = Place::Hangzhou.id();
    let below = ask(
        &app,
        Someone::RISK_MANAGER,
        &format!("measure=spend&by=branch&branch_id={place}&product_code=SAV"),
    )
    .await;
    assert_eq!(told(&below), ["钱江新城支行 9000 12", "西溪支行 4500 6", "= 13500 18"]);
    let elsewhere = format!("measure=spend&by=branch&branch_id={}", Place::Yinzhou.id());
    assert_eq!(
        told(&ask(&app, Someone::RISK_OFFICER, &elsewhere).await),
        ["= 0 0"],
        "out of reach is not there"
    );
    let backwards = app
        .get(
            Someone::RISK_MANAGER,
            "/statistics?measure=spend&by=month&month_from=2026-02-01&month_to=2026-01-01",
        )
        .await;
    assert_eq!(backwards.problem(400), "request.unreadable_field");
    app.finish().await;
}

#[tokio::test]
async fn a_portfolio_is_added_up_when_it_is_asked_for_and_as_everything_else_is() {
    let app = App::start().await;
    three_branches(&app).await;
    app.clock.advance(chrono::TimeDelta::minutes(5));
    for (measure, figures) in [
        ("cardholders", "钱江新城支行 2 2"),
        ("balances", "钱江新城支行 200000 2"),
        ("spend", "钱江新城支行 3000 4"),
        ("activity", "钱江新城支行 1 6"),
    ] {
        let mine = ask(&app, Someone::OWN_MANAGER, &format!("measure={measure}&by=branch")).await;
        assert_eq!(told(&mine)[0], figures, "{measure}");
        assert_eq!(mine.text_at("/as_of"), "2026-11-02T01:05:00Z");
        let products = ask(&app, Someone::OWN_MANAGER, &format!("measure={measure}&by=product")).await;
        assert_eq!(told(&products)[0], figures.replace("钱江新城支行", "SAV"), "{measure}");
    }
    app.finish().await;
}

#[tokio::test]
async fn who_can_t_see_the_rows_is_told_of_no_few_people_and_may_not_narrow() {
    let app = App::start().await;
    three_branches(&app).await;
    let marketing = Someone::MARKETING_MANAGER;
    let balances = ask(&app, marketing, "measure=balances&by=branch").await;
    let shown = told(&balances);
    assert_eq!(
        (shown[0].as_str(), shown.last().map(String::as_str)),
        ("鄞州支行 687500 12", Some("= 1587500 21"))
    );
    let mut kept = shown[1..3].to_vec();
    kept.sort();
    assert_eq!(kept, ["西溪支行 -", "钱江新城支行 -"], "three people would follow from the total and six");
    assert_eq!(balances.at("/may_narrow"), json!(false));
    assert_eq!(
        told(&ask(&app, marketing, "measure=cardholders&by=branch").await)[2],
        "西溪支行 3 3",
        "whom they see"
    );
    // Three people are nobody's sum, however often they spent.
    let spend = ask(&app, marketing, "measure=spend&by=branch").await;
    assert!(told(&spend).iter().any(|line| line == "西溪支行 -"), "{spend:?}");
    let hangzhou = ask(&app, Someone::MARKETER, "measure=spend&by=branch").await;
    let all_kept = told(&hangzhou);
    assert!(
        all_kept[..2].iter().all(|line| line.ends_with('-')) && all_kept[2] == "= 13500 18",
        "{all_kept:?}"
    );
    let months = ask(&app, Someone::MARKETER, "measure=balances&by=month").await;
    assert_eq!(told(&months), ["2020-05 -", "2026-10 -", "= 900000 9"]);
    for (narrower, pointer) in [
        (format!("branch_id={}", Place::Xixi.id()), "/branch_id"),
        ("product_code=SAV".to_owned(), "/product_code"),
        ("month_from=2026-10-01".to_owned(), "/month_from"),
    ] {
        let refused = app.get(marketing, &format!("/statistics?measure=spend&by=month&{narrower}")).await;
        assert_eq!(refused.problem(403), "statistics.rows_needed");
        assert_eq!(refused.field_errors(), [format!("{pointer} statistics.rows_needed")]);
    }
    app.finish().await;
}

#[tokio::test]
async fn what_one_table_keeps_back_follows_from_no_other() {
    let app = App::start().await;
    let bank = app.holdings().await;
    // Who holds what is no secret to marketing, so that the six could be taken from what the branches leave, and three are left.
    for (place, people, kind, product) in [
        (Place::Xixi, 3, "savings", "SAV"),
        (Place::Qianjiang, 6, "current", "DDA"),
        (Place::Yinzhou, 20, "savings", "SAV"),
    ] {
        for _ in 0..people {
            let owner = bank.cardholder(place, json!({})).await;
            let held = json!({ "kind": kind, "product_code": product, "balance_minor": 1_000 });
            bank.account(owner, held).await;
        }
    }
    refresh(&app).await;
    let figures = async |who, by: &str| told(&ask(&app, who, &format!("measure=balances&by={by}")).await);
    assert_eq!(figures(Someone::MARKETING_MANAGER, "product").await, ["SAV 23000 23", "DDA -", "= 29000 29"]);
    let branches = figures(Someone::MARKETING_MANAGER, "branch").await;
    assert!(branches[..3].iter().all(|line| line.ends_with(" -")), "{branches:?}");
    assert_eq!(branches[3], "= 29000 29");
    assert!(figures(Someone::RISK_MANAGER, "branch").await.contains(&"西溪支行 3000 3".to_owned()));
    app.finish().await;
}

#[tokio::test]
async fn adding_up_again_changes_nothing_and_what_is_fresh_is_left_alone() {
    let app = App::start().await;
    three_branches(&app).await;
    let cells = "SELECT measure, product_code, branch_id, month_on, currency, cardholder_count, row_count, amount_minor
        FROM statistic_cells ORDER BY 1, 2, 3, 4, 5";
    let before = app.lines(cells).await;
    refresh(&app).await;
    assert_eq!(app.lines(cells).await, before);
    assert_eq!(app.count("SELECT cell_count AS n FROM statistic_refreshes").await, before.len() as i64);
    // Over branches and products the cells are what the tables are.
    for (sql, figure) in [
        (
            "SELECT sum(cardholder_count)::bigint AS n FROM statistic_cells WHERE measure = 'cardholders' AND product_code = ''",
            16,
        ),
        (
            "SELECT sum(amount_minor)::bigint AS n FROM statistic_cells WHERE measure = 'balances' AND product_code = ''",
            1_587_500,
        ),
        (
            "SELECT sum(amount_minor)::bigint AS n FROM statistic_cells WHERE measure = 'balances' AND product_code <> ''",
            1_587_500,
        ),
        (
            "SELECT sum(row_count)::bigint AS n FROM statistic_cells WHERE measure = 'activity' AND product_code = ''",
            48,
        ),
    ] {
        assert_eq!(app.count(sql).await, figure, "{sql}");
    }
    app.clock.advance(chrono::TimeDelta::minutes(30));
    let conn = app.db.read().await.expect("a connection");
    enqueue_now(&conn, &RefreshStatistics { fresh_minutes: 55 }, &app.clock).await.expect("queued");
    drop(conn);
    app.run_jobs().await;
    let untouched = ask(&app, Someone::RISK_MANAGER, "measure=cardholders&by=month").await;
    assert_eq!(untouched.text_at("/as_of"), "2026-11-02T01:00:00Z");
    let noted =
        "SELECT action, count(*) FROM audit_entries WHERE action LIKE 'statistics.%' GROUP BY 1 ORDER BY 1";
    assert_eq!(app.lines(noted).await, ["statistics.read 1", "statistics.refresh 2"]);
    app.finish().await;
}
