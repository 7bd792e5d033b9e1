use it::{App, Place, Reply, Someone};
use reqwest::Method;
use serde_json::{Value, json};

use super::approvals::approve;

/// An invented person; the region code of the id does not exist.
pub(super) fn shen() -> Value {
    json!({
        "name": "沈嘉怡", "id_kind": "resident_id", "national_id": id_no("99010619880312442"), "nationality": "CN",
        "occupation": "企业管理人员", "employer": "云杉贸易有限公司", "education": "university", "marital_status": "married",
        "yearly_income_minor": 36_000_000, "yearly_income_currency": "CNY", "branch_id": Place::Qianjiang.id(),
        "manager_id": Someone::MANAGER.id(),
        "phones": [{ "kind": "mobile", "number": "138 0000 5678" }],
        "emails": [{ "kind": "personal", "address": "Shen@example.com" }],
        "addresses": [{ "kind": "home", "country": "CN", "province": "浙江省", "city": "杭州市", "district": "上城区", "street": "云杉路一号" }],
    })
}

pub(super) fn id_no(first_17: &str) -> String {
    format!("{first_17}{}", char::from(kernel::national_id::check_character(first_17.as_bytes())))
}

pub(super) async fn create(app: &App, body: Value) -> Reply {
    app.post(Someone::TELLER, "/cardholders", body).await
}

pub(super) fn path_of(created: &Reply) -> String {
    format!("/cardholders/{}", created.text_at("/cardholder/cardholder_id"))
}

#[tokio::test]
async fn a_new_cardholder_is_sealed_masked_and_read_back() {
    let app = App::start().await;
    let created = create(&app, shen()).await.expect(201);
    assert_eq!(created.at("/warnings/0/code"), "national_id.region_unknown");
    assert_eq!(
        (created.text_at("/cardholder/name_pinyin"), created.text_at("/cardholder/name_initials")),
        ("shen jia yi".into(), "sjy".into())
    );
    assert_eq!(
        (created.text_at("/cardholder/birth_on"), created.text_at("/cardholder/gender")),
        ("1988-03-12".into(), "female".into())
    );
    assert_eq!(created.at("/cardholder/age_years"), 38);
    let read = app.get(Someone::TELLER, &path_of(&created)).await.expect(200);
    assert_eq!(read.json(), created.at("/cardholder"));
    assert_eq!(
        (read.etag(), read.text_at("/manager_name"), read.text_at("/branch_name")),
        ("\"1\"".into(), "行员R0001".into(), "钱江新城支行".into())
    );
    let contacts = app.get(Someone::TELLER, &format!("{}/contacts", path_of(&created))).await.expect(200);
    assert_eq!(contacts.text_at("/phones/0/number_masked"), "138****5678");
    assert_eq!(contacts.text_at("/emails/0/address_masked"), "Sh***@example.com");
    assert_eq!(contacts.text_at("/addresses/0/street_masked"), "云杉******");
    assert_eq!(contacts.at("/phones/0/is_primary"), true);
    for plain in ["8613800005678", "990106198803", "Shen@example", "shen@example", "云杉路一号"] {
        for table in [
            "cardholders",
            "cardholder_phones",
            "cardholder_emails",
            "cardholder_addresses",
            "cardholder_changes",
            "audit_entries",
            "name_grams",
        ] {
            let sql = format!("SELECT count(*) AS n FROM {table} t WHERE t::text LIKE '%{plain}%'");
            assert_eq!(app.count(&sql).await, 0, "{plain} stands in {table}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn an_id_that_contradicts_the_form_or_itself_is_refused_on_its_field() {
    let app = App::start().await;
    for (field, value, error) in [
        ("national_id", json!("990106198803124420"), "/national_id national_id.checksum"),
        ("national_id", json!(id_no("99010619880230442")), "/national_id national_id.birth_date"),
        ("birth_on", json!("1988-03-13"), "/birth_on national_id.birth_date_differs"),
        ("gender", json!("male"), "/gender national_id.gender_differs"),
        ("occupation", json!("见卡 4111 1111 1111 1111"), "/occupation text.contains_pan"),
        ("phones", json!([{ "kind": "mobile", "number": "12" }]), "/phones/0/number phone.invalid"),
        ("branch_id", json!(Place::Yinzhou.id()), "/branch_id branches.missing"),
        ("manager_id", json!(Someone::TELLER.id()), "/manager_id staff.not_a_manager"),
        ("lifecycle", json!("closed"), "/lifecycle cardholders.lifecycle_not_allowed"),
        ("yearly_income_minor", json!(-1), "/yearly_income_minor number.range"),
    ] {
        let mut body = shen();
        body[field] = value;
        let refused = create(&app, body).await;
        assert_eq!(
            (refused.problem(422), refused.field_errors()),
            ("request.invalid_fields".into(), vec![error.to_owned()])
        );
    }
    assert_eq!(
        app.count(
            "SELECT (SELECT count(*) FROM cardholders) + (SELECT count(*) FROM customer_no_index) AS n"
        )
        .await,
        0
    );
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_invented_where_name_id_and_birth_date_are_absent() {
    let app = App::start().await;
    let created = create(&app, json!({ "branch_id": Place::Qianjiang.id() })).await.expect(201);
    for field in ["name", "name_pinyin", "birth_on", "age_years", "national_id_masked", "gender"] {
        assert_eq!(created.at(&format!("/cardholder/{field}")), Value::Null, "{field}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_possible_duplicate_is_shown_and_can_be_overridden_with_a_reason() {
    let app = App::start().await;
    create(&app, shen()).await.expect(201);
    let matched = async |body: &Value| {
        let reply = create(&app, body.clone()).await;
        assert_eq!(reply.problem(409), "cardholders.possible_duplicate");
        reply.text_at("/params/candidates/0/matched_by")
    };
    let mut by_id = shen();
    by_id["name"] = json!("另一人");
    assert_eq!(matched(&by_id).await, "national_id");
    let by_phone = json!({ "name": "沈嘉怡", "branch_id": Place::Qianjiang.id(), "phones": [{ "kind": "mobile", "number": "+86 13800005678" }] });
    assert_eq!(matched(&by_phone).await, "phone_and_name");
    let mut by_birth =
        json!({ "name": "沈嘉怡", "birth_on": "1988-03-12", "branch_id": Place::Qianjiang.id() });
    assert_eq!(matched(&by_birth).await, "name_and_birth_on");
    // Beyond the caller's reach there is only a number.
    let mut elsewhere = by_birth.clone();
    elsewhere["branch_id"] = json!(Place::Yinzhou.id());
    let hidden = app.post(Someone::TELLER_OF_YINZHOU, "/cardholders", elsewhere).await;
    assert_eq!((hidden.at("/params/candidates"), hidden.at("/params/hidden_count")), (json!([]), json!(1)));
    by_birth["duplicate_override_reason"] = json!("同名同生日，已核对证件");
    create(&app, by_birth).await.expect(201);
    assert_eq!(app.count("SELECT count(*) AS n FROM audit_entries WHERE purpose LIKE '同名%'").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_same_person_created_twice_at_once_is_one() {
    let app = App::start().await;
    let replies = tokio::join!(create(&app, shen()), create(&app, shen()), create(&app, shen()));
    let mut statuses = [replies.0.status.as_u16(), replies.1.status.as_u16(), replies.2.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409]);
    app.finish().await;
}

#[tokio::test]
async fn another_branchs_cardholder_is_not_there() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    for suffix in ["", "/contacts", "/changes"] {
        assert_eq!(
            app.get(Someone::TELLER_OF_YINZHOU, &format!("{path}{suffix}")).await.problem(404),
            "cardholders.missing"
        );
        assert_eq!(
            app.get(Someone::OWN_MANAGER, &format!("{path}{suffix}")).await.problem(404),
            "cardholders.missing"
        );
        app.get(Someone::RISK_OFFICER, &format!("{path}{suffix}")).await.expect(200);
    }
    let read = app.get(Someone::TELLER, &path).await;
    let change = app.patch(Someone::TELLER_OF_YINZHOU, &path, &read, json!({ "occupation": "教师" })).await;
    assert_eq!(change.problem(404), "cardholders.missing");
    let phone = json!({ "kind": "home", "number": "057188881234" });
    assert_eq!(
        app.post(Someone::TELLER_OF_YINZHOU, &format!("{path}/phones"), phone).await.problem(404),
        "cardholders.missing"
    );
    app.finish().await;
}

#[tokio::test]
async fn each_role_sees_its_field_classes() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let marketer = app.get(Someone::MARKETER, &path).await.expect(200);
    assert_eq!(
        (marketer.at("/birth_on"), marketer.at("/national_id_masked"), marketer.at("/yearly_income_minor")),
        (Value::Null, Value::Null, Value::Null)
    );
    assert_eq!((marketer.text_at("/name"), marketer.at("/age_years")), ("沈嘉怡".into(), Value::Null));
    assert!(marketer.at("/withheld").as_array().unwrap().contains(&json!("birth_on")));
    assert_eq!(app.get(Someone::MARKETER, &format!("{path}/contacts")).await.at("/phones"), json!([]));
    let agent = app.get(Someone::AGENT, &path).await.expect(200);
    assert_eq!(
        (agent.at("/yearly_income_minor"), agent.text_at("/birth_on")),
        (Value::Null, "1988-03-12".into())
    );
    assert_eq!(agent.at("/withheld"), json!(["yearly_income_minor", "yearly_income_currency"]));
    assert_eq!(app.get(Someone::ADMIN, &path).await.problem(403), "staff.forbidden");
    app.finish().await;
}

#[tokio::test]
async fn a_change_is_kept_field_by_field_and_two_editors_notice_each_other() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let read = app.get(Someone::TELLER, &path).await;
    let changed = app
        .patch(
            Someone::TELLER,
            &path,
            &read,
            json!({ "occupation": null, "yearly_income_minor": 40_000_000 }),
        )
        .await
        .expect(200);
    assert_eq!((changed.etag(), changed.at("/occupation")), ("\"2\"".into(), Value::Null));
    assert_eq!(
        app.patch(Someone::MANAGER, &path, &read, json!({ "occupation": "教师" })).await.problem(412),
        "request.stale"
    );
    let bare =
        app.call(Method::PATCH, &path, Some(&app.token_of(Someone::TELLER)), &[], Some(json!({}))).await;
    assert_eq!(bare.problem(428), "request.if_match_required");
    let renamed = app.patch(Someone::TELLER, &path, &changed, json!({ "name": "沈佳怡" })).await;
    approve(&app, &renamed).await;
    let history = app.get(Someone::TELLER, &format!("{path}/changes")).await.expect(200);
    let mut fields: Vec<_> = history
        .at("/items")
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["field"].as_str().unwrap().to_owned())
        .collect();
    fields.sort();
    assert_eq!(fields, ["created", "name", "occupation", "yearly_income_minor"]);
    let name = app.get(Someone::TELLER, &format!("{path}/changes?field=name")).await;
    assert_eq!(
        (name.text_at("/items/0/before_value"), name.text_at("/items/0/after_value")),
        ("沈嘉怡".into(), "沈佳怡".into())
    );
    // Whoever approved it made the change.
    assert_eq!(name.text_at("/items/0/staff_name"), "行员B0001");
    let of_agent = app.get(Someone::AGENT, &format!("{path}/changes?field=yearly_income_minor")).await;
    assert_eq!(of_agent.at("/items"), json!([]));
    let now = app.get(Someone::TELLER, &path).await.expect(200);
    let unchanged = app.patch(Someone::TELLER, &path, &now, json!({ "name": "沈佳怡" })).await.expect(200);
    assert_eq!(unchanged.etag(), "\"3\"");
    app.finish().await;
}

#[tokio::test]
async fn a_kept_resident_id_keeps_birth_date_and_gender() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let read = app.get(Someone::TELLER, &path).await;
    let refused = app.patch(Someone::TELLER, &path, &read, json!({ "birth_on": "1990-01-01" })).await;
    assert_eq!(refused.field_errors(), ["/birth_on national_id.kept"]);
    let asked =
        app.patch(Someone::TELLER, &path, &read, json!({ "national_id": id_no("99010619900101443") })).await;
    approve(&app, &asked).await;
    let new_id = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!(
        (new_id.text_at("/birth_on"), new_id.text_at("/gender")),
        ("1990-01-01".into(), "male".into())
    );
    let hit =
        app.post(Someone::TELLER, "/cardholders/search", json!({ "q": id_no("99010619900101443") })).await;
    assert_eq!(hit.text_at("/items/0/matched_by"), "national_id");
    let old =
        app.post(Someone::TELLER, "/cardholders/search", json!({ "q": id_no("99010619880312442") })).await;
    assert_eq!(old.at("/items"), json!([]));
    app.finish().await;
}

#[tokio::test]
async fn the_lifecycle_takes_only_allowed_steps_with_reasons() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let step = async |read: &Reply, to: &str| {
        let body = json!({ "lifecycle": to, "reason": "客户申请" });
        app.with_etag(Method::POST, Someone::BRANCH_MANAGER, &format!("{path}/lifecycle"), read, Some(body))
            .await
    };
    let read = app.get(Someone::BRANCH_MANAGER, &path).await;
    let refused = step(&read, "prospect").await;
    assert_eq!(
        (refused.problem(409), refused.at("/params")),
        ("cardholders.lifecycle_not_allowed".into(), json!({ "from": "active", "to": "prospect" }))
    );
    let closed = step(&read, "closed").await.expect(200);
    assert_eq!(closed.text_at("/lifecycle_reason"), "客户申请");
    let reopened = step(&closed, "active").await.expect(200);
    let deceased = step(&reopened, "deceased").await.expect(200);
    assert_eq!(step(&deceased, "active").await.problem(409), "cardholders.lifecycle_not_allowed");
    let teller = app
        .with_etag(Method::POST, Someone::TELLER, &format!("{path}/lifecycle"), &read, Some(json!({})))
        .await;
    assert_eq!(teller.problem(403), "staff.forbidden");
    app.finish().await;
}

#[tokio::test]
async fn the_history_says_which_contact_became_primary_and_which_was_verified() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let contacts = async || app.get(Someone::TELLER, &format!("{path}/contacts")).await.expect(200);
    let mail = |address: &str, is_primary: bool| json!({ "kind": "personal", "address": address, "is_primary": is_primary });
    let emails = format!("{path}/emails");
    let first = app.post(Someone::TELLER, &emails, mail("jiayi@example.com", true)).await.expect(201);
    app.post(Someone::TELLER, &emails, mail("office@example.com", true)).await.expect(201);
    let one = format!("{emails}/{}", first.text_at("/contact_id"));
    for change in [
        json!({ "is_verified": true }),
        json!({ "is_primary": true }),
        json!({ "is_verified": false, "is_primary": false }),
    ] {
        app.patch(Someone::TELLER, &one, &contacts().await, change).await.expect(204);
    }
    app.with_etag(Method::DELETE, Someone::TELLER, &one, &contacts().await, None).await.expect(204);
    let history = app.get(Someone::TELLER, &format!("{path}/changes?limit=20")).await.expect(200);
    let told: Vec<String> =
        history.at("/items").as_array().unwrap().iter().rev().skip(1).map(line_of).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    email: - → ji***@example.com
    primary_email: Sh***@example.com → ji***@example.com
    email: - → of***@example.com
    primary_email: ji***@example.com → of***@example.com
    verified_email: - → ji***@example.com
    primary_email: of***@example.com → ji***@example.com
    primary_email: ji***@example.com → -
    verified_email: ji***@example.com → -
    email: ji***@example.com → -
    ");
    app.finish().await;
}

fn line_of(change: &Value) -> String {
    let text = |name: &str| change[name].as_str().unwrap_or("-").to_owned();
    format!("{}: {} → {}", text("field"), text("before_value"), text("after_value"))
}

#[tokio::test]
async fn contacts_are_added_verified_made_primary_and_deleted() {
    let app = App::start().await;
    let path = path_of(&create(&app, shen()).await.expect(201));
    let contacts = async || app.get(Someone::TELLER, &format!("{path}/contacts")).await.expect(200);
    let phone = json!({ "kind": "work", "number": "0571 8888 5678" });
    let added = app.post(Someone::TELLER, &format!("{path}/phones"), phone.clone()).await.expect(201);
    let again = app.post(Someone::TELLER, &format!("{path}/phones"), phone).await;
    assert_eq!(
        (again.problem(409), again.field_errors()),
        ("cardholders.contact_known".into(), vec!["/number cardholders.contact_known".into()])
    );
    let now = contacts().await;
    assert_eq!((now.text_at("/phones/1/kind"), now.at("/phones/0/is_primary")), ("work".into(), json!(true)));
    let work = format!("{path}/phones/{}", added.text_at("/contact_id"));
    app.patch(Someone::TELLER, &work, &now, json!({ "is_verified": true })).await.expect(204);
    let now = contacts().await;
    assert_eq!(now.text_at("/phones/1/verified_at"), "2026-11-02T01:00:00Z");
    app.with_etag(Method::DELETE, Someone::TELLER, &work, &now, None).await.expect(204);
    assert_eq!(
        app.with_etag(Method::DELETE, Someone::TELLER, &work, &contacts().await, None).await.problem(404),
        "cardholders.contact_missing"
    );
    // The other phone shares the last four, so they still find the person; the deleted number does not.
    let search = async |q: &str| {
        app.post(Someone::TELLER, "/cardholders/search", json!({ "q": q }))
            .await
            .expect(200)
            .at("/items")
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((search("5678").await, search("057188885678").await, search("13800005678").await), (1, 0, 1));
    app.finish().await;
}
