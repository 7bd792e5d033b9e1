//! What is kept of an erased person outside their own record: requests about somebody else, files in and out, the words of the
//! ledger.

use it::{App, Place, Planted, Reply, Someone, dump};
use platform::database;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    approvals::{decide, post_proved, request_path, status},
    erasures::{erase, one_approval, planted, somebody},
    imports_http::upload,
};

const NAME: &str = "独孤明月清风";
const WORDS: [&str; 8] = [
    "合并凭据栽种文字戊",
    "合并意见栽种文字己",
    "流水用途栽种文字庚",
    "流水对手栽种文字辛",
    "流水商户栽种文字壬",
    "导出备注栽种文字癸",
    "导出条件栽种文字子",
    "成立合并栽种文字丑",
];

async fn found(app: &App) -> Vec<String> {
    let mut all: Planted = planted();
    WORDS.iter().for_each(|word| all.add("word", word));
    dump(app).await.iter().flat_map(|column| all.found_in(&column.name, &column.text)).collect()
}

async fn ask_to_merge(app: &App, survivor: &str, absorbed: Uuid, note: &str) -> Reply {
    let read = app.get(Someone::TELLER, survivor).await.expect(200);
    let body = json!({ "absorbed_id": absorbed, "evidence_note": note });
    let path = format!("{survivor}/merge");
    app.with_etag(Method::POST, Someone::TELLER, &path, &read, Some(body)).await.expect(202)
}

/// Asked for and refused; made and undone; asked for once more.
async fn merges(app: &App, owner: Uuid) -> Reply {
    let other = json!({ "name": "周一诺", "branch_id": Place::Qianjiang.id() });
    let other = app.post(Someone::TELLER, "/cardholders", other).await.expect(201);
    let other = format!("/cardholders/{}", other.text_at("/cardholder/cardholder_id"));
    let refused = ask_to_merge(app, &other, owner, WORDS[0]).await;
    let no = json!({ "comment": WORDS[1] });
    post_proved(app, Someone::BRANCH_MANAGER, &request_path(&refused, "reject"), no).await.expect(200);
    let made = ask_to_merge(app, &other, owner, WORDS[7]).await;
    decide(app, Someone::BRANCH_MANAGER, &made, "approve").await.expect(200);
    let merges = app.get(Someone::TELLER, &format!("{other}/merges")).await.expect(200);
    let parting = json!({ "merge_id": merges.at("/items/0/merge_id"), "reason": "并非同一人" });
    app.post(Someone::TELLER, &format!("{other}/unmerge"), parting).await.expect(200);
    ask_to_merge(app, &other, owner, WORDS[0]).await
}

/// What the law had kept until its ten years were over.
async fn ledger(app: &App, owner: Uuid) {
    database::ensure_partitions(&app.owner_url, 2010..=2010).await.expect("a year");
    let bank = app.holdings().await;
    let account = json!({ "status": "closed", "opened_on": "2009-01-01", "closed_on": "2010-12-01" });
    let account = bank.account(owner, account).await;
    let words = json!({ "purpose": WORDS[2], "counterparty_name": WORDS[3], "merchant_name": WORDS[4],
        "counterparty_account": "87144583" });
    bank.transaction(owner, account, "2010-05-04T02:00:00Z", words).await;
    bank.standing_order(owner, account, json!({})).await;
}

/// A row of `exports` as it stands at some moment of its way.
async fn export(app: &App, list: &str, changes: Value) {
    let bank = app.holdings().await;
    let row = json!({
        "export_id": app.clock.new_id::<Uuid>(), "staff_id": Someone::TELLER.id(), "staff_no": "T0001",
        "branch_id": Place::Qianjiang.id(), "list": list, "query": {}, "format": "csv", "purpose": "service",
        "status": "queued", "rows_expected": 1, "download_count": 0, "version": 1, "created_at": app.clock.now(),
    });
    bank.put("exports", row, changes).await;
}

#[tokio::test]
async fn nothing_is_left_of_them_in_what_is_about_others() {
    let app = App::start().await;
    one_approval(&app).await;
    let (owner, request) = somebody(&app).await;
    let waiting = merges(&app, owner).await;
    ledger(&app, owner).await;
    let csv = format!("姓名,身份证号,手机号,网点\n{NAME},11010519491231002X,13812347591,HZ01\n");
    upload(&app, "cardholders", csv).await.expect(201);
    app.execute(&format!("UPDATE imports SET file_name = '{NAME}.csv'")).await;
    export(&app, "cardholders", json!({})).await;
    let theirs = json!({ "cardholder_id": owner, "status": "failed", "error_code": "exports.grown", "note": WORDS[5],
        "query": { "merchant": WORDS[6] } });
    export(&app, "transactions", theirs).await;
    export(&app, "statistics", json!({})).await;

    let submitted = app.post(Someone::BRANCH_MANAGER, &erase(&request), json!({})).await.expect(202);
    decide(&app, Someone::RISK_MANAGER, &submitted, "approve").await.expect(200);
    app.run_jobs().await;
    assert_eq!(status(&app, &submitted).await, "executed");
    assert_eq!(found(&app).await, [""; 0]);
    assert_eq!(status(&app, &waiting).await, "stale");
    assert_eq!(app.count("SELECT count(*) AS n FROM files").await, 0, "whose file it was is not asked");
    assert_eq!(app.lines("SELECT file_name FROM imports").await, ["upload"]);
    assert_eq!(
        app.lines("SELECT list, status, error_code FROM exports ORDER BY list").await,
        [
            "cardholders failed exports.erased_meanwhile",
            "statistics queued -",
            "transactions failed exports.grown"
        ]
    );
    // The ledger stays: how much on which day.
    assert_eq!(app.lines("SELECT amount_minor, kind, purpose FROM transactions").await, ["12860 purchase -"]);
    assert_eq!(app.count("SELECT count(*) AS n FROM standing_orders").await, 0);
    app.execute("DELETE FROM exports").await;
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_is_written_meanwhile_is_not_handed_out() {
    let app = App::start().await;
    one_approval(&app).await;
    let (_, request) = somebody(&app).await;
    let submitted = app.post(Someone::BRANCH_MANAGER, &erase(&request), json!({})).await.expect(202);
    decide(&app, Someone::RISK_MANAGER, &submitted, "approve").await.expect(200);
    // The first transaction of the erasure is over when this file is done: it was read before.
    app.execute(
        "CREATE FUNCTION be_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
             INSERT INTO exports (export_id, staff_id, staff_no, branch_id, list, query, format, purpose, status, rows_expected,
                 download_count, version, created_at)
             VALUES (gen_random_uuid(), gen_random_uuid(), 'R0001', gen_random_uuid(), 'cardholders', '{}', 'csv', 'service',
                 'queued', 1, 0, 1, now());
             RETURN NULL; END $$;
         CREATE TRIGGER is_written AFTER DELETE ON cardholder_changes FOR EACH STATEMENT EXECUTE FUNCTION be_written()",
    )
    .await;
    app.run_jobs().await;
    assert_eq!(status(&app, &submitted).await, "executed");
    assert_eq!(
        app.lines("SELECT status, error_code FROM exports").await,
        ["failed exports.erased_meanwhile"]
    );
    app.finish().await;
}
