use it::{App, Place, Someone};
use reqwest::Method;
use serde_json::json;

use super::approvals::decide;

#[tokio::test]
async fn somebody_new_must_change_the_initial_password_before_anything_else() {
    let app = App::start().await;
    let new = json!({ "staff_no": "R0042", "name": "林静怡", "role": "relationship_manager", "branch_id": Place::Qianjiang.id() });
    let employed = app.post(Someone::ADMIN, "/staff", new).await.expect(201);
    assert_eq!(employed.text_at("/staff/scope"), "branch");
    let password = employed.text_at("/initial_password");
    decide(&app, Someone::BRANCH_MANAGER, &employed, "approve").await.expect(200);
    let sign_in = json!({ "staff_no": "R0042", "password": password });
    let signed_in = app.call(Method::POST, "/auth/login", None, &[], Some(sign_in)).await.expect(200);
    assert_eq!(signed_in.at("/must_change_password"), true);
    let token = signed_in.text_at("/access_token");
    assert_eq!(
        app.call(Method::GET, "/branches", Some(&token), &[], None).await.problem(403),
        "staff.password_change_required"
    );
    app.call(Method::GET, "/me", Some(&token), &[], None).await.expect(200);
    let change = json!({ "current_password": password, "new_password": "A better one 7" });
    app.call(Method::POST, "/auth/password", Some(&token), &[], Some(change)).await.expect(204);
    app.call(Method::GET, "/branches", Some(&token), &[], None).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn a_taken_number_and_an_unknown_branch_are_told_on_their_fields() {
    let app = App::start().await;
    let new = |staff_no: &str, branch| json!({ "staff_no": staff_no, "name": "某人", "role": "teller", "branch_id": branch });
    let taken = app.post(Someone::ADMIN, "/staff", new("T0001", Place::Xixi.id())).await;
    assert_eq!(
        (taken.problem(409), taken.field_errors()),
        ("staff.staff_no_taken".into(), vec!["/staff_no staff.staff_no_taken".into()])
    );
    let nowhere = app.post(Someone::ADMIN, "/staff", new("T0099", Someone::ADMIN.id())).await;
    assert_eq!(nowhere.field_errors(), ["/branch_id branches.missing"]);
    let odd = app.post(Someone::ADMIN, "/staff", new("t 99", Place::Xixi.id())).await;
    assert_eq!(odd.field_errors(), ["/staff_no staff.staff_no"]);
    assert_eq!(
        app.count("SELECT count(*) AS n FROM staff WHERE staff_no LIKE 'T009%' OR staff_no LIKE 't%'").await,
        0
    );
    app.finish().await;
}

#[tokio::test]
async fn nobody_changes_their_own_powers_and_stale_changes_are_refused() {
    let app = App::start().await;
    let own = format!("/staff/{}", Someone::ADMIN.id());
    let read = app.get(Someone::ADMIN, &own).await.expect(200);
    assert_eq!(
        app.patch(Someone::ADMIN, &own, &read, json!({ "role": "auditor" })).await.problem(409),
        "staff.oneself"
    );
    let path = format!("/staff/{}", Someone::TELLER.id());
    let read = app.get(Someone::ADMIN, &path).await.expect(200);
    app.patch(Someone::ADMIN, &path, &read, json!({ "name": "何敏" })).await.expect(200);
    assert_eq!(
        app.patch(Someone::ADMIN, &path, &read, json!({ "name": "又名" })).await.problem(412),
        "request.stale"
    );
    let bare = app
        .call(Method::PATCH, &path, Some(&app.token_of(Someone::ADMIN)), &[], Some(json!({ "name": "又名" })))
        .await;
    assert_eq!(bare.problem(428), "request.if_match_required");
    app.finish().await;
}

#[tokio::test]
async fn a_branch_manager_sees_the_staff_of_their_branch_only() {
    let app = App::start().await;
    let page = app.get(Someone::BRANCH_MANAGER, "/staff").await.expect(200);
    let numbers: Vec<_> =
        page.at("/items").as_array().unwrap().iter().map(|s| s["staff_no"].clone()).collect();
    assert_eq!(numbers, ["B0001", "R0001", "R0002", "T0001"]);
    let stranger = format!("/staff/{}", Someone::TELLER_OF_YINZHOU.id());
    assert_eq!(app.get(Someone::BRANCH_MANAGER, &stranger).await.problem(404), "staff.missing");
    app.get(Someone::ADMIN, &stranger).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn staff_are_paged_without_gap_or_repeat() {
    let app = App::start().await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = app.get(Someone::ADMIN, &format!("/staff?limit=5{after}")).await.expect(200);
        seen.extend(
            page.at("/items").as_array().unwrap().iter().map(|s| s["staff_no"].as_str().unwrap().to_owned()),
        );
        match page.at("/next").as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let mut all: Vec<_> = Someone::ALL.iter().map(|s| s.staff_no.to_owned()).collect();
    all.sort();
    assert_eq!(seen, all);
    app.finish().await;
}
