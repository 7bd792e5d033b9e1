use it::{App, Holdings, Place, Someone};
use serde_json::{Value, json};
use uuid::Uuid;

async fn somebody(bank: &Holdings<'_>) -> (Uuid, Uuid) {
    let owner = bank.cardholder(Place::Qianjiang, json!({})).await;
    (owner, bank.account(owner, json!({})).await)
}

#[tokio::test]
async fn pages_have_no_gap_and_no_repeat_while_money_moves() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, account) = somebody(&bank).await;
    let mut made = Vec::new();
    // Twelve of them in one instant, and across a new year.
    for n in 0..12 {
        made.push(
            bank.transaction(owner, account, "2026-01-01T00:00:00Z", json!({ "amount_minor": n })).await,
        );
    }
    for n in 1..=13 {
        made.push(bank.transaction(owner, account, &format!("2025-12-{n:02}T09:00:00Z"), json!({})).await);
        made.push(bank.transaction(owner, account, &format!("2026-05-{n:02}T09:00:00Z"), json!({})).await);
    }
    let path = format!("/cardholders/{owner}/transactions");
    for filter in [String::new(), format!("&account_id={account}")] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        let before = made.len();
        loop {
            let page = app.get(Someone::TELLER, &format!("{path}?limit=7{filter}{after}")).await.expect(200);
            seen.extend(page.column("transaction_id"));
            made.push(bank.transaction(owner, account, "2026-11-02T00:30:00Z", json!({})).await);
            match page.at("/next").as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let newer = if filter.is_empty() { 0 } else { before - 38 };
        assert_eq!(seen.len(), 38 + newer);
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), seen.len());
        let mut wanted: Vec<String> = made[..before].iter().map(Uuid::to_string).collect();
        wanted.sort();
        assert_eq!(unique, wanted);
        // Ids carry the millisecond, so newest first is also the greatest id first.
        assert!(seen.is_sorted_by(|a, b| a > b));
    }
    app.finish().await;
}

#[tokio::test]
async fn every_filter_narrows_and_all_combine() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, account) = somebody(&bank).await;
    let other = bank.account(owner, json!({})).await;
    let card = bank.card(owner, account, json!({})).await;
    let wanted = json!({ "card_id": card, "amount_minor": 5_000, "kind": "purchase", "channel": "online", "mcc_group": "dining", "mcc": "5812" });
    let one = bank.transaction(owner, account, "2026-06-15T04:00:00Z", wanted).await;
    let unlike = json!({ "amount_minor": 9_000, "kind": "salary", "direction": "credit", "channel": "transfer", "mcc_group": null, "mcc": null });
    let two = bank.transaction(owner, other, "2026-06-16T04:00:00Z", unlike).await;
    let path = format!("/cardholders/{owner}/transactions");
    let found = async |query: &str| {
        app.get(Someone::TELLER, &format!("{path}?{query}")).await.expect(200).column("transaction_id")
    };
    let (one, two) = (one.to_string(), two.to_string());
    assert_eq!(found("").await, [two.as_str(), one.as_str()]);
    let narrowing = [
        format!("account_id={account}"),
        format!("card_id={card}"),
        "kind=purchase".to_owned(),
        "direction=debit".to_owned(),
        "mcc_group=dining".to_owned(),
        "channel=online".to_owned(),
        "amount_max_minor=5000".to_owned(),
        "amount_min_minor=5000&amount_max_minor=8999".to_owned(),
        "occurred_to=2026-06-16T04:00:00Z".to_owned(),
        "occurred_from=2026-06-15T12:00:00%2B08:00&occurred_to=2026-06-15T04:00:00.001Z".to_owned(),
    ];
    for query in &narrowing {
        assert_eq!(found(query).await, [one.as_str()], "{query}");
    }
    assert_eq!(found(&narrowing[..7].join("&")).await, [one.as_str()]);
    assert_eq!(found("amount_min_minor=5001").await, [two.as_str()]);
    assert_eq!(found("occurred_from=2026-06-16T04:00:00Z").await, [two.as_str()]);
    assert!(found(&format!("account_id={}", Someone::ADMIN.id())).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, _) = somebody(&bank).await;
    let beyond = kernel::Cursor::encode(&("-200000-01-01T00:00:00Z", Someone::ADMIN.id()));
    for (query, error) in [
        ("amount_min_minor=2&amount_max_minor=1", "/amount_max_minor number.range"),
        ("amount_min_minor=-1", "/amount_min_minor number.range"),
        ("amount_min_minor=1.5", "/amount_min_minor field.wrong_type"),
        ("occurred_from=2026-02-01T00:00:00Z&occurred_to=2026-01-01T00:00:00Z", "/occurred_to date.range"),
        ("occurred_from=2026-02-30T00:00:00Z", "/occurred_from field.wrong_type"),
        ("occurred_from=1899-12-31T23:59:59Z", "/occurred_from date.range"),
        ("kind=theft", "/kind field.wrong_type"),
        ("limit=201", "/limit number.range"),
        ("after=nonsense", "/after cursor.unreadable"),
        (&*format!("after={beyond}"), "/after cursor.unreadable"),
        ("offset=50", "/offset field.unknown"),
    ] {
        let refused = app.get(Someone::TELLER, &format!("/cardholders/{owner}/transactions?{query}")).await;
        assert_eq!(refused.problem(400), "request.unreadable_field", "{query}");
        assert_eq!(refused.field_errors(), [error], "{query}");
    }
    let path = format!("/cardholders/{owner}/transactions?limit=200&amount_min_minor=0&amount_max_minor=0");
    app.get(Someone::TELLER, &path).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn a_service_agent_sees_what_happened_but_not_how_much() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, account) = somebody(&bank).await;
    let id = bank
        .transaction(owner, account, "2026-10-01T04:00:00Z", json!({ "counterparty_account": "7788001" }))
        .await;
    let path = format!("/cardholders/{owner}/transactions");
    for path in [format!("{path}/{id}"), path.clone()] {
        let read = app.get(Someone::AGENT, &path).await.expect(200);
        let at = if path.ends_with("transactions") { "/items/0" } else { "" };
        assert_eq!(read.at(&format!("{at}/amount_minor")), Value::Null);
        assert_eq!(
            read.at(&format!("{at}/withheld")),
            json!(["amount_minor", "balance_after_minor", "counterparty_account"])
        );
        assert_eq!(read.text_at(&format!("{at}/merchant_name")), "物美超市");
        assert!(!read.text.contains("12860") && !read.text.contains("7788001"));
    }
    // Nor may they find it out by asking "more than this?".
    for name in ["amount_min_minor", "amount_max_minor"] {
        let refused = app.get(Someone::AGENT, &format!("{path}?{name}=12860")).await;
        assert_eq!(refused.problem(403), "request.filter_withheld");
        assert_eq!(refused.field_errors(), [format!("/{name} request.filter_withheld")]);
    }
    assert_eq!(app.get(Someone::MARKETER, &path).await.problem(403), "staff.forbidden");
    app.finish().await;
}

#[tokio::test]
async fn a_transaction_is_found_by_its_id_alone() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, account) = somebody(&bank).await;
    let (other, _) = somebody(&bank).await;
    let id = bank.transaction(owner, account, "2025-12-31T23:59:59.999Z", json!({})).await;
    let read = app.get(Someone::TELLER, &format!("/cardholders/{owner}/transactions/{id}")).await.expect(200);
    assert_eq!(
        (read.at("/amount_minor"), read.text_at("/occurred_at")),
        (json!(12_860), "2025-12-31T23:59:59.999Z".into())
    );
    for unknown in [Someone::ADMIN.id(), Uuid::nil(), Uuid::max()] {
        let missing = app.get(Someone::TELLER, &format!("/cardholders/{owner}/transactions/{unknown}")).await;
        assert_eq!(missing.problem(404), "transactions.missing", "{unknown}");
    }
    let of_other = app.get(Someone::TELLER, &format!("/cardholders/{other}/transactions/{id}")).await;
    assert_eq!(of_other.problem(404), "transactions.missing");
    app.finish().await;
}

/// A small life: salary, purchases on both sides of a month's end in Hangzhou, a refund, something declined, something reversed.
async fn a_small_life(bank: &Holdings<'_>, owner: Uuid, account: Uuid) {
    let salary = json!({ "kind": "salary", "direction": "credit", "amount_minor": 2_000_000, "mcc": null, "mcc_group": null, "channel": "transfer" });
    bank.transaction(owner, account, "2026-10-10T02:00:00Z", salary).await;
    bank.transaction(owner, account, "2026-10-31T15:59:59Z", json!({ "amount_minor": 10_000 })).await;
    bank.transaction(
        owner,
        account,
        "2026-10-31T16:00:00Z",
        json!({ "amount_minor": 20_000, "status": "pending" }),
    )
    .await;
    let dinner = json!({ "amount_minor": 60_000, "mcc": "5812", "mcc_group": "dining", "channel": "mobile" });
    bank.transaction(owner, account, "2026-11-01T11:00:00Z", dinner).await;
    let refund = json!({ "kind": "refund", "direction": "credit", "amount_minor": 5_000 });
    bank.transaction(owner, account, "2026-11-01T12:00:00Z", refund).await;
    let declined = json!({ "amount_minor": 99_000, "status": "declined" });
    bank.transaction(owner, account, "2026-11-02T00:59:00Z", declined).await;
    let undone = bank
        .transaction(
            owner,
            account,
            "2026-10-20T02:00:00Z",
            json!({ "amount_minor": 77_000, "status": "reversed" }),
        )
        .await;
    let undoing = json!({ "kind": "reversal", "direction": "credit", "amount_minor": 77_000, "reversal_of_at": "2026-10-20T02:00:00Z", "reversal_of_id": undone });
    bank.transaction(owner, account, "2026-10-21T02:00:00Z", undoing).await;
    let transfer = json!({ "kind": "transfer_out", "amount_minor": 10_000, "mcc": null, "mcc_group": null, "channel": null });
    bank.transaction(owner, account, "2026-10-12T02:00:00Z", transfer).await;
    // What settles one's own debt: the card's bill at both ends, and what a payment takes off the loan.
    for (kind, direction) in [("repayment", "debit"), ("repayment", "credit"), ("loan_payment", "credit")] {
        let settled = json!({ "kind": kind, "direction": direction, "amount_minor": 44_000, "mcc": null, "mcc_group": null });
        bank.transaction(owner, account, "2026-10-13T02:00:00Z", settled).await;
    }
    // Outside two months, but within twelve; and a few dollars.
    bank.transaction(owner, account, "2026-03-01T02:00:00Z", json!({ "amount_minor": 1_000_000 })).await;
    bank.transaction(
        owner,
        account,
        "2026-10-05T02:00:00Z",
        json!({ "amount_minor": 300, "currency": "USD" }),
    )
    .await;
}

#[tokio::test]
async fn spending_adds_up_what_came_to_something() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, account) = somebody(&bank).await;
    a_small_life(&bank, owner, account).await;
    let path = format!("/cardholders/{owner}/spending");
    let read = app.get(Someone::TELLER, &format!("{path}?months=2")).await.expect(200);
    let months = json!([
        { "month": "2026-10", "in_minor": 2_000_000, "out_minor": 20_000, "in_count": 1, "out_count": 2 },
        { "month": "2026-11", "in_minor": 5_000, "out_minor": 80_000, "in_count": 1, "out_count": 2 },
    ]);
    let categories = json!([
        { "mcc_group": "dining", "out_minor": 60_000, "count": 1, "share_pct": 60.0 },
        { "mcc_group": "groceries", "out_minor": 30_000, "count": 2, "share_pct": 30.0 },
        { "mcc_group": null, "out_minor": 10_000, "count": 1, "share_pct": 10.0 },
    ]);
    let channels = json!([
        { "channel": "mobile", "out_minor": 60_000, "count": 1 },
        { "channel": "pos", "out_minor": 30_000, "count": 2 },
        { "channel": null, "out_minor": 10_000, "count": 1 },
    ]);
    assert_eq!(
        (read.at("/months"), read.at("/categories"), read.at("/channels")),
        (months, categories, channels)
    );
    assert_eq!((read.text_at("/currency"), read.at("/currencies")), ("CNY".into(), json!(["CNY", "USD"])));
    assert_eq!((read.at("/out_count"), read.at("/average_ticket_minor")), (json!(4), json!(25_000)));
    assert_eq!(
        (read.text_at("/as_of"), read.text_at("/last_activity_at")),
        ("2026-11-02".into(), "2026-11-01T12:00:00Z".into())
    );
    let year = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!(year.list_at("/months").len(), 12);
    assert_eq!(
        (year.text_at("/months/0/month"), year.at("/months/3/out_minor")),
        ("2025-12".into(), json!(1_000_000))
    );
    let dollars =
        app.get(Someone::TELLER, &format!("{path}?currency=USD&months=1&as_of=2026-10-31")).await.expect(200);
    assert_eq!(
        (dollars.text_at("/months/0/month"), dollars.at("/average_ticket_minor")),
        ("2026-10".into(), json!(300))
    );
    app.finish().await;
}

#[tokio::test]
async fn spending_without_finances_is_counts_alone() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, account) = somebody(&bank).await;
    a_small_life(&bank, owner, account).await;
    let read = app.get(Someone::AGENT, &format!("/cardholders/{owner}/spending?months=2")).await.expect(200);
    assert_eq!(read.at("/withheld"), json!(["in_minor", "out_minor", "share_pct", "average_ticket_minor"]));
    assert_eq!((read.at("/out_count"), read.at("/average_ticket_minor")), (json!(4), Value::Null));
    assert_eq!(read.at("/categories/0/count"), 2);
    for amount in ["10000", "20000", "60000", "2000000"] {
        assert!(!read.text.contains(amount), "{amount}");
    }
    app.finish().await;
}

#[tokio::test]
async fn spending_of_somebody_who_never_paid_is_zero_and_its_bounds_hold() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, _) = somebody(&bank).await;
    let path = format!("/cardholders/{owner}/spending");
    let read = app.get(Someone::TELLER, &format!("{path}?months=36")).await.expect(200);
    assert_eq!((read.text_at("/currency"), read.at("/out_count")), ("CNY".into(), json!(0)));
    assert_eq!((read.at("/average_ticket_minor"), read.at("/last_activity_at")), (Value::Null, Value::Null));
    assert_eq!((read.list_at("/months").len(), read.text_at("/as_of")), (36, "2026-11-02".into()));
    assert_eq!(read.at("/is_past"), false);
    for (query, error) in [
        ("months=37", "/months number.range"),
        ("months=0", "/months number.range"),
        ("currency=XYZ", "/currency currency.unknown"),
        ("as_of=9999-12-31", "/as_of date.range"),
        ("as_of=2026-13-01", "/as_of field.wrong_type"),
    ] {
        let refused = app.get(Someone::TELLER, &format!("{path}?{query}")).await;
        assert_eq!(
            (refused.problem(400), refused.field_errors()),
            ("request.unreadable_field".into(), vec![error.to_owned()])
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn of_who_has_gone_quiet_the_last_months_that_are_known_are_told() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let (owner, account) = somebody(&bank).await;
    bank.transaction(owner, account, "2025-02-28T15:59:59Z", json!({ "amount_minor": 7_000 })).await;
    let path = format!("/cardholders/{owner}/spending");
    let read = app.get(Someone::TELLER, &format!("{path}?months=2")).await.expect(200);
    assert_eq!((read.text_at("/as_of"), read.at("/is_past")), ("2025-02-28".into(), json!(true)));
    assert_eq!(
        (read.text_at("/months/1/month"), read.at("/months/1/out_minor")),
        ("2025-02".into(), json!(7_000))
    );
    let asked = app.get(Someone::TELLER, &format!("{path}?months=2&as_of=2026-11-02")).await.expect(200);
    assert_eq!((asked.at("/out_count"), asked.at("/is_past")), (json!(0), json!(false)));
    app.finish().await;
}
