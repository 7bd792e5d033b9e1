use it::{App, Place, Someone};
use serde_json::json;
use uuid::Uuid;

/// A break-glass review that waits in a branch, due on that day.
async fn waiting(app: &App, place: Place, due_at: &str, maker: Option<Someone>) -> Uuid {
    let item_id = app.clock.new_id();
    let row = json!({
        "kind": "break_glass_review", "item_id": item_id, "branch_id": place.id(), "permission": "break_glass:review",
        "maker_id": maker.map(Someone::id), "priority": 2, "params": {}, "created_at": app.clock.now(), "due_at": due_at,
    });
    app.holdings().await.put("work_items", row, json!({})).await;
    item_id
}

async fn ids(app: &App, someone: Someone, query: &str) -> Vec<String> {
    app.get(someone, &format!("/work_items{query}")).await.expect(200).column("item_id")
}

#[tokio::test]
async fn an_inbox_holds_what_its_owner_may_take_the_most_pressing_first() {
    let app = App::start().await;
    let later = waiting(&app, Place::Qianjiang, "2026-11-05T00:00:00Z", None).await.to_string();
    let sooner = waiting(&app, Place::Qianjiang, "2026-11-03T00:00:00Z", None).await.to_string();
    let elsewhere = waiting(&app, Place::Yinzhou, "2026-11-04T00:00:00Z", None).await.to_string();
    let own = waiting(&app, Place::Qianjiang, "2026-11-02T00:00:00Z", Some(Someone::BRANCH_MANAGER))
        .await
        .to_string();
    assert_eq!(ids(&app, Someone::BRANCH_MANAGER, "").await, [sooner.clone(), later.clone()]);
    assert_eq!(
        ids(&app, Someone::RISK_MANAGER, "").await,
        [own.clone(), sooner.clone(), elsewhere.clone(), later.clone()]
    );
    assert!(ids(&app, Someone::TELLER, "").await.is_empty());
    // Page by page, it is the same.
    let mut paged = Vec::new();
    let mut query = "?limit=1".to_owned();
    loop {
        let page = app.get(Someone::RISK_MANAGER, &format!("/work_items{query}")).await.expect(200);
        paged.extend(page.column("item_id"));
        match page.at("/next").as_str() {
            Some(next) => query = format!("?limit=1&after={next}"),
            None => break,
        }
    }
    assert_eq!(paged, [own, sooner, elsewhere, later]);
    app.finish().await;
}

#[tokio::test]
async fn an_item_is_taken_once_and_put_back_by_whoever_took_it() {
    let app = App::start().await;
    let item = waiting(&app, Place::Qianjiang, "2026-11-03T00:00:00Z", None).await;
    let (claim, release) = (
        format!("/work_items/break_glass_review/{item}/claim"),
        format!("/work_items/break_glass_review/{item}/release"),
    );
    let taken = app.post(Someone::BRANCH_MANAGER, &claim, json!({})).await.expect(200);
    assert_eq!(taken.text_at("/claimed_by"), Someone::BRANCH_MANAGER.id().to_string());
    app.post(Someone::BRANCH_MANAGER, &claim, json!({})).await.expect(200);
    assert_eq!(app.post(Someone::RISK_MANAGER, &claim, json!({})).await.problem(409), "work_items.taken");
    assert_eq!(app.post(Someone::RISK_MANAGER, &release, json!({})).await.problem(409), "work_items.taken");
    assert_eq!(app.post(Someone::TELLER, &claim, json!({})).await.problem(404), "work_items.missing");
    let counts = app.get(Someone::BRANCH_MANAGER, "/work_items/counts").await.expect(200);
    assert_eq!(
        counts.at("/items"),
        json!([{ "kind": "break_glass_review", "open_count": 1, "mine_count": 1, "overdue_count": 0 }])
    );
    assert_eq!(ids(&app, Someone::BRANCH_MANAGER, "?share=mine").await, [item.to_string()]);
    assert!(ids(&app, Someone::RISK_MANAGER, "?share=unclaimed").await.is_empty());
    app.post(Someone::BRANCH_MANAGER, &release, json!({})).await.expect(200);
    assert_eq!(ids(&app, Someone::RISK_MANAGER, "?share=unclaimed").await, [item.to_string()]);
    assert_eq!(
        app.count("SELECT count(*) AS n FROM audit_entries WHERE action IN ('work_items.claim', 'work_items.release')").await,
        2
    );
    app.finish().await;
}

#[tokio::test]
async fn two_who_take_the_next_item_at_once_get_two_items_and_nobody_their_own() {
    let app = App::start().await;
    waiting(&app, Place::Qianjiang, "2026-11-01T00:00:00Z", Some(Someone::BRANCH_MANAGER)).await;
    let first = waiting(&app, Place::Qianjiang, "2026-11-03T00:00:00Z", Some(Someone::RISK_MANAGER)).await;
    let second = waiting(&app, Place::Qianjiang, "2026-11-04T00:00:00Z", None).await;
    let take = async |someone| app.post(someone, "/work_items/take_next", json!({})).await;
    let (one, other) = tokio::join!(take(Someone::BRANCH_MANAGER), take(Someone::BRANCH_MANAGER));
    let mut taken = [one.expect(200).text_at("/item_id"), other.expect(200).text_at("/item_id")];
    taken.sort_unstable();
    let mut expected = [first.to_string(), second.to_string()];
    expected.sort_unstable();
    assert_eq!(taken, expected);
    assert_eq!(take(Someone::BRANCH_MANAGER).await.problem(404), "work_items.nothing_waits");
    take(Someone::RISK_MANAGER).await.expect(200);
    app.finish().await;
}
