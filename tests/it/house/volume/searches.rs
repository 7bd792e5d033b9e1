//! The search box: names by characters and letters, and everything that is looked up whole or by its last four.

use it::Someone;
use serde_json::{Value, json};

use super::Volume;

pub(super) async fn look(volume: &mut Volume<'_>) {
    for who in [Someone::RISK_MANAGER, Someone::TELLER, Someone::RISK_OFFICER, Someone::OWN_MANAGER] {
        for q in ["王", "王\u{4e21}", "wang", "wangg", "wg"] {
            names(volume, who, q).await;
        }
        let known = &volume.known;
        for q in [known.phone, known.tail, known.email, known.passport, "V0000000077"] {
            look_up(volume, who, q).await;
        }
    }
}

/// The first page and the one after it. Names are walked: nothing is sorted, however few.
async fn names(volume: &mut Volume<'_>, who: Someone, q: &str) {
    let mut after = Value::Null;
    for page in ["first", "second"] {
        let asked = format!("{q} for {} ({page} page)", who.staff_no);
        volume.app.said();
        let body = json!({ "q": q, "limit": 5, "after": after });
        let reply = volume.app.post(who, "/cardholders/search", body).await.expect(200);
        after = reply.at("/next");
        let heard = volume.heard();
        assert!(
            heard.iter().any(|statement| statement.sql.contains("FROM name_grams")),
            "{asked}: {heard:#?}"
        );
        for statement in heard {
            for plan in volume.plans(&asked, &statement).await {
                if plan.sorted(|relation| relation == "name_grams") > 0.0 {
                    volume.note(&asked, "sorts what it should walk", &plan);
                }
            }
        }
        if after.is_null() {
            break;
        }
    }
}

/// One range of one look-up table, and the cardholders it names.
pub(super) async fn look_up(volume: &mut Volume<'_>, who: Someone, q: &'static str) {
    let asked = format!("{q} for {}", who.staff_no);
    volume.app.said();
    volume.app.post(who, "/cardholders/search", json!({ "q": q })).await.expect(200);
    let heard = volume.heard();
    let looked_up = heard.iter().filter(|statement| statement.sql.contains("_index")).count();
    assert!(looked_up > 0, "{asked}: {heard:#?}");
    for statement in heard {
        for plan in volume.plans(&asked, &statement).await {
            if plan.sorted(|relation| relation.ends_with("_index")) > 0.0 {
                volume.note(&asked, "sorts what it should walk", &plan);
            }
        }
    }
}
