//! The list of cardholders: every sort in every scope, from the first page and from one far in, and every filter.

use it::{Place, Someone, Statement};
use kernel::page::Cursor;

use super::{super::catalogue::lines, Volume, everything};

const SORTS: [&str; 4] = ["-opened_on", "opened_on", "customer_no", "name_pinyin"];

/// Who asks, how that is called, and which rows are in their reach.
fn scopes() -> [(Someone, &'static str, String); 4] {
    [
        (Someone::RISK_MANAGER, "bank", "true".to_owned()),
        (Someone::TELLER, "one branch", format!("branch_id = '{}'", Place::Qianjiang.id())),
        (
            Someone::RISK_OFFICER,
            "sub-tree",
            format!(
                "branch_id IN (SELECT branch_id FROM branches WHERE parent_id = '{}')",
                Place::Hangzhou.id()
            ),
        ),
        (Someone::OWN_MANAGER, "self", format!("manager_id = '{}'", Someone::OWN_MANAGER.id())),
    ]
}

pub(super) async fn look(volume: &mut Volume<'_>) {
    for (who, scope, condition) in scopes() {
        for sort in SORTS {
            let first = page(volume, (who, scope), sort, "").await;
            let after = far_in(volume, sort, &condition).await;
            let later = page(volume, (who, scope), sort, &after).await;
            compare(volume, (scope, sort), &first, &later).await;
        }
        filters(volume, who).await;
    }
}

/// The statement that reads one full page.
async fn page(volume: &Volume<'_>, (who, scope): (Someone, &str), sort: &str, after: &str) -> Statement {
    volume.app.said();
    let path = format!("/cardholders?limit=50&sort={sort}{after}");
    let reply = volume.app.get(who, &path).await.expect(200);
    assert_eq!(reply.list_at("/items").len(), 50, "{scope} {sort}");
    let mut heard = volume.heard();
    assert_eq!(heard.len(), 1, "{heard:#?}");
    heard.remove(0)
}

/// The position of the row in the middle of what the asked order has.
async fn far_in(volume: &Volume<'_>, sort: &str, condition: &str) -> String {
    let key = match sort.trim_start_matches('-') {
        "name_pinyin" => "coalesce(name_pinyin, '~')",
        other => other,
    };
    let sql = format!(
        "SELECT {key} || ' ' || cardholder_id AS line FROM cardholders WHERE {condition} ORDER BY {key}, cardholder_id
         OFFSET (SELECT count(*) / 2 FROM cardholders WHERE {condition}) LIMIT 1"
    );
    let line = lines(&volume.app.owner().await, &sql).await.remove(0);
    let (key, id) = line.rsplit_once(' ').expect("key and id");
    let cursor = volume.app.vault.seal_cursor(&Cursor::encode(&(key, id))).expect("a cursor");
    format!("&after={cursor}")
}

/// A page far in begins where it should, in the index that the first page walks.
async fn compare(volume: &mut Volume<'_>, (scope, sort): (&str, &str), first: &Statement, later: &Statement) {
    let asked = format!("{scope}, {sort}");
    let ones = volume.plans(&asked, first).await;
    let others = volume.plans(&asked, later).await;
    for (one, other) in ones.iter().zip(&others) {
        // A portfolio is a few hundred: it may be sorted.
        if scope == "self" {
            continue;
        }
        if one.sorted(super::is_big) > 0.0 || other.sorted(super::is_big) > 0.0 {
            volume.note(&asked, "sorts what it should walk", one);
        }
        if one.shape() != other.shape() {
            volume.note(&asked, "a page far in is planned otherwise than the first", other);
        }
        if !other.conditions("cardholders").iter().any(|condition| condition.contains("ROW(")) {
            volume.note(&asked, "a page far in does not begin where it should", other);
        }
    }
}

/// Each filter with the usual order, counted too, and with an order that does not go with it.
async fn filters(volume: &mut Volume<'_>, who: Someone) {
    let (branch, manager) = (Place::Qianjiang.id(), Someone::OWN_MANAGER.id());
    for filter in [
        "lifecycle=dormant".to_owned(),
        "gender=female".to_owned(),
        "occupation=领航员".to_owned(),
        "occupation=教师".to_owned(),
        "age_min=30&age_max=31".to_owned(),
        "age_max=17".to_owned(),
        "opened_from=2020-05-01&opened_to=2020-05-31".to_owned(),
        "opened_from=2030-01-01".to_owned(),
        "holds_product=credit_card".to_owned(),
        "holds_product=loan".to_owned(),
        "holds_product=deposit".to_owned(),
        format!("branch_id={branch}"),
        format!("manager_id={manager}"),
        format!("lifecycle=dormant&gender=female&holds_product=loan&branch_id={branch}"),
    ] {
        for rest in ["count=true", "sort=name_pinyin"] {
            everything::ask(volume, who, &format!("/cardholders?limit=20&{filter}&{rest}")).await;
        }
    }
}
