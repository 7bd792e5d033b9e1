//! Streets: sealed, found by a keyed digest whatever the spelling, and made findable where they were stored before.

use it::{App, Place, Reply, Someone};
use platform::jobs::enqueue_now;
use records::cardholders::{IndexStreets, has_unindexed_streets};
use serde_json::{Value, json};

const DOOR: &str = "澄岳路12号3-2-501";

async fn settle(app: &App, name: &str, street: &str) -> String {
    let body = json!({
        "name": name,
        "branch_id": Place::Qianjiang.id(),
        "addresses": [{ "kind": "home", "country": "CN", "city": "杭州市", "street": street }],
    });
    app.post(Someone::TELLER, "/cardholders", body).await.expect(201).text_at("/cardholder/cardholder_id")
}

async fn found(app: &App, someone: Someone, q: &str) -> Vec<String> {
    let reply = app.post(someone, "/cardholders/search", json!({ "q": q })).await.expect(200);
    let told = |hit: &Value| format!("{} by {}", hit["name"].as_str().unwrap_or("-"), hit["matched_by"]);
    reply.list_at("/items").iter().map(told).collect()
}

async fn delete_address(app: &App, id: &str, at: usize) {
    let whole = app.get(Someone::TELLER, &format!("/cardholders/{id}")).await.expect(200);
    let contacts: Reply = app.get(Someone::TELLER, &format!("/cardholders/{id}/contacts")).await.expect(200);
    let address = contacts.text_at(&format!("/addresses/{at}/address_id"));
    let path = format!("/cardholders/{id}/addresses/{address}");
    app.with_etag(reqwest::Method::DELETE, Someone::TELLER, &path, &whole, None).await.expect(204);
}

#[tokio::test]
async fn a_door_finds_who_lives_behind_it_in_every_spelling() {
    let app = App::start().await;
    settle(&app, "沈一", DOOR).await;
    settle(&app, "沈二", "澄岳路 12 号 3－2－501").await;
    settle(&app, "沈三", "澄岳路12号3-2-502").await;
    for q in [DOOR, " 澄岳路１２号，３－２－５０１ ", "澄岳路12#3-2-501"] {
        assert_eq!(
            found(&app, Someone::TELLER, q).await,
            [r#"沈二 by "street""#, r#"沈一 by "street""#],
            "{q}"
        );
        assert!(found(&app, Someone::MARKETER, q).await.is_empty(), "not for whoever does not see it: {q}");
        assert!(found(&app, Someone::TELLER_OF_YINZHOU, q).await.is_empty(), "nor of another branch: {q}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_street_is_found_until_its_last_address_goes() {
    let app = App::start().await;
    let id = settle(&app, "沈一", DOOR).await;
    let again = json!({ "kind": "mailing", "country": "CN", "city": "杭州市", "street": DOOR });
    app.post(Someone::TELLER, &format!("/cardholders/{id}/addresses"), again).await.expect(201);
    delete_address(&app, &id, 1).await;
    assert_eq!(found(&app, Someone::TELLER, DOOR).await, [r#"沈一 by "street""#]);
    delete_address(&app, &id, 0).await;
    assert!(found(&app, Someone::TELLER, DOOR).await.is_empty());
    assert_eq!(app.count("SELECT count(*) AS n FROM street_index").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn streets_of_before_are_indexed_once() {
    let app = App::start().await;
    for (name, street) in [("沈一", DOOR), ("沈二", "望澄街8号"), ("沈三", "望澄街9号")] {
        settle(&app, name, street).await;
    }
    let sql = "UPDATE cardholder_addresses SET street_blind = NULL; DELETE FROM street_index;
        DELETE FROM cardholder_keys WHERE cardholder_id = (SELECT cardholder_id FROM cardholders WHERE name = '沈三')";
    diesel_async::SimpleAsyncConnection::batch_execute(&mut app.owner().await, sql)
        .await
        .expect("as of before");
    {
        let conn = app.db.read().await.expect("a connection");
        assert!(has_unindexed_streets(&conn).await.expect("asked"));
        enqueue_now(&conn, &IndexStreets {}, &app.clock).await.expect("enqueued");
    }
    assert_eq!(app.run_jobs().await, 1);
    assert_eq!(found(&app, Someone::TELLER, DOOR).await, [r#"沈一 by "street""#]);
    assert_eq!(found(&app, Someone::TELLER, "望澄街8号").await, [r#"沈二 by "street""#]);
    assert!(found(&app, Someone::TELLER, "望澄街9号").await.is_empty(), "nobody can read it any more");
    let told = "SELECT result::text FROM jobs WHERE kind = 'cardholders.index_streets'";
    assert_eq!(app.lines(told).await, [r#"{"indexed": 2, "unreadable": 1}"#]);
    let trail = "SELECT changes::text FROM audit_entries WHERE action = 'cardholders.index_streets'";
    assert_eq!(app.lines(trail).await, [r#"{"indexed": [0, 2]}"#]);
    app.finish().await;
}
