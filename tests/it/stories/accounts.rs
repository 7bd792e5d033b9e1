use it::{App, Place, Someone};
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn an_account_shows_its_money_only_to_those_who_see_finances() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    let limit = json!({ "kind": "credit_card", "product_code": "CC-GOLD", "credit_limit_minor": 5_123_400, "cycle_day": 8 });
    let account = bank.account(owner, limit).await;
    let path = format!("/cardholders/{owner}/accounts/{account}");
    for someone in [Someone::TELLER, Someone::MANAGER, Someone::RISK_OFFICER, Someone::AUDITOR] {
        let read = app.get(someone, &path).await.expect(200);
        assert_eq!(read.at("/balance_minor"), 1_250_000, "{}", someone.role);
        assert_eq!(read.at("/credit_limit_minor"), 5_123_400);
        assert_eq!((read.at("/withheld"), read.etag()), (json!([]), "\"1\"".to_owned()));
    }
    for someone in [Someone::AGENT, Someone::MARKETER, Someone::MARKETING_MANAGER] {
        let read = app.get(someone, &path).await.expect(200);
        for name in ["balance_minor", "credit_limit_minor", "available_minor"] {
            assert_eq!(read.at(&format!("/{name}")), Value::Null, "{} {name}", someone.role);
        }
        assert_eq!(read.at("/withheld"), json!(["balance_minor", "credit_limit_minor", "available_minor"]));
        assert_eq!(read.text_at("/kind"), "credit_card");
        assert_eq!(read.text_at("/product_name_zh"), "金卡信用卡");
        assert_eq!(read.text_at("/opened_on"), "2021-03-01");
        assert!(!read.text.contains("5123400") && !read.text.contains("1250000"));
    }
    assert_eq!(app.get(Someone::ADMIN, &path).await.problem(403), "staff.forbidden");
    app.finish().await;
}

#[tokio::test]
async fn a_missing_limit_is_not_a_withheld_one() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    bank.account(owner, json!({})).await;
    let page = app.get(Someone::TELLER, &format!("/cardholders/{owner}/accounts")).await.expect(200);
    assert_eq!(page.at("/items/0/credit_limit_minor"), Value::Null);
    assert_eq!(page.at("/items/0/withheld"), json!([]));
    app.finish().await;
}

/// Every reading operation below a cardholder, by the document; `{…}` filled with what really is there.
pub(super) fn reads_below_a_cardholder(owner: Uuid, known: &[(&str, Uuid)]) -> Vec<String> {
    let document: Value = serde_json::to_value(server::document()).expect("the document");
    let mut paths = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let below = path.strip_prefix("/api/v1/cardholders/{cardholder_id}");
        let asks_more = methods.pointer("/get/security/0/staff/0").is_some_and(|of| of == "access_log:read");
        if let (Some(rest), true, false) = (below, methods.get("get").is_some(), asks_more) {
            let asked = if rest == "/contact-decision" { "?channel=sms&purpose=service" } else { "" };
            let mut path = format!("/cardholders/{owner}{rest}{asked}");
            for (name, id) in known {
                path = path.replace(&format!("{{{name}}}"), &id.to_string());
            }
            paths.push(path.replace("{", "").replace("}", ""));
        }
    }
    assert!(paths.len() >= 10, "{paths:?}");
    paths
}

#[tokio::test]
async fn everything_under_a_cardholder_out_of_reach_is_missing() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({ "manager_id": Someone::OWN_MANAGER.id() })).await;
    let account = bank.account(owner, json!({})).await;
    let card = bank.card(owner, account, json!({})).await;
    let transaction = bank.transaction(owner, account, "2026-10-01T02:00:00Z", json!({})).await;
    let known = [("account_id", account), ("card_id", card), ("transaction_id", transaction)];
    let reads = reads_below_a_cardholder(owner, &known);
    let others = bank.cardholder(Place::Qianjiang, json!({ "manager_id": Someone::MANAGER.id() })).await;
    for path in &reads {
        let strange = app.get(Someone::TELLER_OF_YINZHOU, path).await;
        assert_eq!(strange.problem(404), "cardholders.missing", "{path}");
        app.get(Someone::TELLER, path).await.expect(200);
        app.get(Someone::OWN_MANAGER, path).await.expect(200);
        // Of somebody else's cardholder in the same branch, a manager with a scope of their own sees nothing.
        let not_mine = path.replace(&owner.to_string(), &others.to_string());
        assert_eq!(app.get(Someone::OWN_MANAGER, &not_mine).await.problem(404), "cardholders.missing");
        let nobody = path.replace(&owner.to_string(), &Someone::ADMIN.id().to_string());
        assert_eq!(app.get(Someone::AUDITOR, &nobody).await.problem(404), "cardholders.missing", "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn somebody_sees_the_accounts_of_others_that_they_may_use_now() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({ "name": "周明远" })).await;
    let user = bank.cardholder(Place::Xixi, json!({ "name": "周一诺" })).await;
    let own = bank.account(user, json!({})).await;
    let used = bank.account(owner, json!({ "kind": "current", "product_code": "DDA" })).await;
    let once_used = bank.account(owner, json!({})).await;
    bank.authorise(owner, used, user, json!({ "until_on": "2026-11-02" })).await;
    bank.authorise(owner, once_used, user, json!({ "until_on": "2026-11-01" })).await;
    let path = format!("/cardholders/{user}/accounts");
    let page = app.get(Someone::RISK_MANAGER, &path).await.expect(200);
    assert_eq!(page.column("account_id"), [own.to_string(), used.to_string()]);
    assert_eq!(
        (page.text_at("/items/0/access"), page.text_at("/items/1/access")),
        ("owner".into(), "authorised_user".into())
    );
    assert_eq!(page.text_at("/items/1/owner_cardholder_id"), owner.to_string());
    assert_eq!(page.at("/items/1/balance_minor"), 1_250_000);
    assert_eq!(page.text_at("/items/1/parties/0/party_cardholder_id"), user.to_string());
    assert_eq!(page.text_at("/items/1/parties/0/name"), "周一诺");
    app.get(Someone::RISK_MANAGER, &format!("{path}/{used}")).await.expect(200);
    let ended = app.get(Someone::RISK_MANAGER, &format!("{path}/{once_used}")).await;
    assert_eq!(ended.problem(404), "accounts.missing");
    app.finish().await;
}

#[tokio::test]
async fn money_and_names_of_people_out_of_reach_stay_hidden() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Yinzhou, json!({ "name": "周明远" })).await;
    let user = bank.cardholder(Place::Qianjiang, json!({ "name": "周一诺" })).await;
    let account = bank.account(owner, json!({})).await;
    bank.authorise(owner, account, user, json!({})).await;
    let as_user = app.get(Someone::TELLER, &format!("/cardholders/{user}/accounts")).await.expect(200);
    assert_eq!(as_user.text_at("/items/0/account_id"), account.to_string());
    assert_eq!(as_user.at("/items/0/balance_minor"), Value::Null);
    assert_eq!(as_user.at("/items/0/withheld/0"), "balance_minor");
    assert_eq!(as_user.text_at("/items/0/parties/0/name"), "周一诺");
    let path = format!("/cardholders/{owner}/accounts");
    let as_owner = app.get(Someone::TELLER_OF_YINZHOU, &path).await.expect(200);
    assert_eq!(as_owner.at("/items/0/balance_minor"), 1_250_000);
    assert_eq!(as_owner.at("/items/0/parties/0/name"), Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn an_account_that_is_nobodys_here_is_missing() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    let other = bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(other, json!({})).await;
    let path = format!("/cardholders/{owner}/accounts");
    assert_eq!(app.get(Someone::TELLER, &format!("{path}/{account}")).await.problem(404), "accounts.missing");
    assert_eq!(app.get(Someone::TELLER, &format!("{path}/x")).await.problem(404), "request.unknown_id");
    assert_eq!(app.get(Someone::TELLER, &path).await.expect(200).at("/items"), json!([]));
    app.finish().await;
}

#[tokio::test]
async fn loans_and_standing_orders_keep_sums_arrears_and_accounts_from_marketers() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    let account = bank.account(owner, json!({})).await;
    let first =
        bank.loan(owner, account, json!({ "granted_on": "2024-01-01", "status": "finished_paid" })).await;
    let second = bank.loan(owner, account, json!({})).await;
    let order = bank.standing_order(owner, account, json!({})).await;
    let loans = format!("/cardholders/{owner}/loans");
    let orders = format!("/cardholders/{owner}/standing_orders");
    let seen = app.get(Someone::TELLER, &loans).await.expect(200);
    assert_eq!(seen.column("loan_id"), [second.to_string(), first.to_string()]);
    assert_eq!(
        (seen.at("/items/0/amount_minor"), seen.text_at("/items/0/status")),
        (json!(12_000_000), "running_in_debt".into())
    );
    let veiled = app.get(Someone::MARKETER, &loans).await.expect(200);
    assert_eq!(veiled.at("/items/0/withheld"), json!(["amount_minor", "payment_minor", "status"]));
    assert!(!veiled.text.contains("running_in_debt"));
    let seen = app.get(Someone::TELLER, &orders).await.expect(200);
    assert_eq!(seen.column("standing_order_id"), [order.to_string()]);
    assert_eq!(seen.text_at("/items/0/counterparty_account"), "87144583");
    let veiled = app.get(Someone::MARKETER, &orders).await.expect(200);
    assert_eq!(
        veiled.at("/items/0/withheld"),
        json!(["counterparty_bank", "purpose", "counterparty_account", "amount_minor"])
    );
    assert!(!veiled.text.contains("87144583"));
    app.finish().await;
}

#[tokio::test]
async fn products_and_merchant_categories_carry_both_languages() {
    let app = App::start().await;
    app.holdings().await;
    let products = app.get(Someone::MARKETER, "/products").await.expect(200);
    assert_eq!(products.column("product_code"), ["CC-GOLD", "DDA", "DEBIT", "SAV"]);
    assert_eq!(products.text_at("/items/0/name_en"), "Gold credit card");
    let categories = app.get(Someone::TELLER, "/merchant_categories").await.expect(200);
    assert_eq!(categories.column("mcc"), ["5411", "5812"]);
    assert_eq!(categories.text_at("/items/0/mcc_group"), "groceries");
    app.finish().await;
}
