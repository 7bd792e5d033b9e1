//! What a cardholder agreed to and wishes, and the one answer to "may we contact them now?".

use chrono::TimeDelta;
use it::{App, Place, Reply, Someone};
use serde_json::{Value, json};
use uuid::Uuid;

const WORDS: &str = "我同意银行通过所选渠道向我介绍产品与优惠。";

/// Somebody, and a text that can be agreed to.
async fn somebody(app: &App) -> (Uuid, String) {
    let owner = app.holdings().await.cardholder(Place::Qianjiang, json!({})).await;
    (owner, publish(app, "marketing").await.text_at("/text_id"))
}

async fn publish(app: &App, purpose: &str) -> Reply {
    let text = json!({ "purpose": purpose, "body_zh": WORDS, "body_en": "I agree to hear of offers." });
    app.post(Someone::RISK_MANAGER, "/consent_texts", text).await.expect(201)
}

fn grant(text_id: &str, channels: &[&str]) -> Value {
    json!({ "purpose": "marketing", "channels": channels, "text_id": text_id, "evidence": "signed_form", "evidence_note": "授权书已归档" })
}

async fn may(app: &App, owner: Uuid, question: &str) -> (String, Value) {
    let path = format!("/cardholders/{owner}/contact-decision?{question}");
    let told = app.get(Someone::TELLER, &path).await.expect(200);
    (told.text_at("/ruling"), told.at("/decided_by"))
}

#[tokio::test]
async fn a_consent_is_given_to_a_text_and_taken_back_at_once() {
    let app = App::start().await;
    let (owner, text_id) = somebody(&app).await;
    let path = format!("/cardholders/{owner}/consents");
    let by_sms = "channel=sms&purpose=marketing";
    assert_eq!(may(&app, owner, by_sms).await, ("deny".into(), json!("consent")));

    let given = app.post(Someone::TELLER, &path, grant(&text_id, &["sms", "app", "sms"])).await.expect(200);
    assert_eq!(given.list_at("/standing").len(), 2);
    assert_eq!(
        (given.at("/standing/0/text_version"), given.text_at("/standing/0/staff_name")),
        (json!(1), "行员T0001".into())
    );
    assert_eq!(may(&app, owner, by_sms).await, ("allow".into(), Value::Null));
    assert_eq!(may(&app, owner, "channel=phone&purpose=marketing").await.0, "deny");

    // Nothing more is asked for than for giving it.
    let withdrawal = json!({ "purpose": "marketing", "channels": ["sms"], "evidence": "recorded_call" });
    let withdraw = format!("{path}/withdraw");
    let left = app.post(Someone::AGENT, &withdraw, withdrawal.clone()).await.expect(200);
    assert_eq!(left.at("/history/0/decision"), "withdrawn");
    assert_eq!(left.list_at("/history").len(), 3);
    assert_eq!(may(&app, owner, by_sms).await, ("deny".into(), json!("consent")));
    assert_eq!(may(&app, owner, "channel=app&purpose=marketing").await.0, "allow");
    let again = app.post(Someone::AGENT, &withdraw, withdrawal).await;
    assert_eq!(again.problem(409), "consents.nothing_to_withdraw");
    let trail = "SELECT count(*) AS n FROM audit_entries WHERE action IN ('consents.grant', 'consents.withdraw') AND purpose = 'marketing'";
    assert_eq!(app.count(trail).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn only_the_text_in_force_can_be_agreed_to_and_old_consents_keep_theirs() {
    let app = App::start().await;
    let (owner, first) = somebody(&app).await;
    let path = format!("/cardholders/{owner}/consents");
    app.post(Someone::TELLER, &path, grant(&first, &["sms"])).await.expect(200);
    let second = publish(&app, "marketing").await;
    assert_eq!(second.at("/version"), 2);
    let stale = app.post(Someone::TELLER, &path, grant(&first, &["app"])).await;
    assert_eq!(stale.problem(409), "consents.text_not_in_force");
    app.post(Someone::TELLER, &path, grant(&second.text_at("/text_id"), &["app"])).await.expect(200);
    let sheet = app.get(Someone::TELLER, &path).await.expect(200);
    let versions: Vec<Value> =
        sheet.list_at("/standing").iter().map(|row| row["text_version"].clone()).collect();
    assert_eq!(versions, [json!(2), json!(1)]);
    let texts = app.get(Someone::AUDITOR, "/consent_texts").await.expect(200);
    assert_eq!(texts.at("/items/0/version"), 2);
    let none = json!({ "purpose": "marketing", "body_zh": WORDS, "body_en": "I agree to hear of offers." });
    assert_eq!(app.post(Someone::TELLER, "/consent_texts", none).await.problem(403), "staff.forbidden");
    app.finish().await;
}

#[tokio::test]
async fn data_is_handed_on_to_partners_and_by_no_other_channel() {
    let app = App::start().await;
    let (owner, text_id) = somebody(&app).await;
    let path = format!("/cardholders/{owner}/consents");
    let wrong = app.post(Someone::TELLER, &path, grant(&text_id, &["partner"])).await;
    assert_eq!(wrong.problem(422), "request.invalid_fields");
    assert_eq!(wrong.field_errors(), ["/channels consents.channel"]);
    let sharing = publish(&app, "data_sharing").await.text_at("/text_id");
    let shared = |channel: &str| json!({ "purpose": "data_sharing", "channels": [channel], "text_id": sharing, "evidence": "online_form" });
    assert_eq!(app.post(Someone::TELLER, &path, shared("sms")).await.problem(422), "request.invalid_fields");
    app.post(Someone::TELLER, &path, shared("partner")).await.expect(200);
    app.finish().await;
}

#[tokio::test]
async fn wishes_go_before_consents_and_emergencies_before_wishes() {
    let app = App::start().await;
    let (owner, text_id) = somebody(&app).await;
    let path = format!("/cardholders/{owner}/consents");
    app.post(Someone::TELLER, &path, grant(&text_id, &["sms"])).await.expect(200);
    let personal = publish(&app, "personalised_offers").await.text_at("/text_id");
    let mut offers = grant(&personal, &["sms"]);
    offers["purpose"] = json!("personalised_offers");
    app.post(Someone::TELLER, &path, offers).await.expect(200);
    let offers = "channel=sms&purpose=personalised_offers";
    assert_eq!(may(&app, owner, offers).await.0, "allow");

    let wishes = format!("/cardholders/{owner}/contact_preferences");
    let read = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!(read.etag(), "\"0\"");
    let refusal = json!({ "is_personalisation_refused": true });
    let refused = app.patch(Someone::TELLER, &wishes, &read, refusal.clone()).await.expect(200);
    assert_eq!(may(&app, owner, offers).await, ("deny".into(), json!("personalisation")));
    assert_eq!(may(&app, owner, "channel=sms&purpose=marketing").await.0, "allow");
    assert_eq!(app.patch(Someone::TELLER, &wishes, &read, refusal).await.problem(412), "request.stale");

    let silence = json!({ "is_do_not_contact": true });
    app.patch(Someone::TELLER, &wishes, &refused, silence).await.expect(200);
    for (question, ruling, by) in [
        ("channel=sms&purpose=marketing", "deny", json!("do_not_contact")),
        ("channel=sms&purpose=service", "deny", json!("do_not_contact")),
        ("channel=sms&purpose=security", "allow", Value::Null),
        ("channel=post&purpose=legal_notice", "allow", Value::Null),
    ] {
        assert_eq!(may(&app, owner, question).await, (ruling.into(), by), "{question}");
    }
    app.finish().await;
}

#[tokio::test]
async fn at_night_nobody_is_disturbed_by_their_own_clock() {
    let app = App::start().await;
    let (owner, _) = somebody(&app).await;
    let by_phone = "channel=phone&purpose=service";
    assert_eq!(may(&app, owner, by_phone).await.0, "allow");
    // From nine in the morning to half past nine at night in Hangzhou.
    app.clock.advance(TimeDelta::minutes(12 * 60 + 30));
    let path = format!("/cardholders/{owner}/contact-decision?{by_phone}");
    let told = app.get(Someone::TELLER, &path).await.expect(200);
    assert_eq!((told.text_at("/ruling"), told.text_at("/decided_by")), ("deny".into(), "quiet_hours".into()));
    let asked: Vec<(String, String)> = told
        .list_at("/rules")
        .iter()
        .map(|rule| (rule["rule"].as_str().unwrap().to_owned(), rule["ruling"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(
        asked.iter().map(|(rule, ruling)| (rule.as_str(), ruling.as_str())).collect::<Vec<_>>(),
        [
            ("lifecycle", "allow"),
            ("do_not_contact", "allow"),
            ("consent", "allow"),
            ("personalisation", "allow"),
            ("quiet_hours", "deny")
        ]
    );
    assert_eq!(told.at("/rules/4/allowed_from_at"), "2026-11-03T00:00:00Z");
    // A letter wakes nobody, and in London it is afternoon.
    assert_eq!(may(&app, owner, "channel=post&purpose=service").await.0, "allow");
    let read = app.get(Someone::TELLER, &format!("/cardholders/{owner}/consents")).await.expect(200);
    let wishes = format!("/cardholders/{owner}/contact_preferences");
    let in_london = app.patch(Someone::TELLER, &wishes, &read, json!({ "utc_offset_minutes": 0 })).await;
    in_london.expect(200);
    assert_eq!(may(&app, owner, by_phone).await.0, "allow");
    let read = app.get(Someone::TELLER, &format!("/cardholders/{owner}/consents")).await.expect(200);
    let half = app.patch(Someone::TELLER, &wishes, &read, json!({ "quiet_from_minute": 600 })).await;
    assert_eq!(half.field_errors(), ["/quiet_to_minute consents.quiet_hours"]);
    app.finish().await;
}

#[tokio::test]
async fn the_dead_and_those_who_left_are_left_alone() {
    let app = App::start().await;
    let bank = app.holdings().await;
    let gone = bank.cardholder(Place::Qianjiang, json!({ "lifecycle": "closed" })).await;
    let dead = bank.cardholder(Place::Qianjiang, json!({ "lifecycle": "deceased" })).await;
    assert_eq!(may(&app, gone, "channel=sms&purpose=service").await.0, "allow");
    assert_eq!(may(&app, gone, "channel=sms&purpose=research").await, ("deny".into(), json!("lifecycle")));
    assert_eq!(may(&app, dead, "channel=post&purpose=service").await, ("deny".into(), json!("lifecycle")));
    app.finish().await;
}

#[tokio::test]
async fn consents_are_within_reach_and_their_proof_is_personal() {
    let app = App::start().await;
    let (owner, text_id) = somebody(&app).await;
    let path = format!("/cardholders/{owner}/consents");
    app.post(Someone::TELLER, &path, grant(&text_id, &["sms"])).await.expect(200);
    assert_eq!(app.get(Someone::TELLER_OF_YINZHOU, &path).await.problem(404), "cardholders.missing");
    let strange = app.post(Someone::TELLER_OF_YINZHOU, &path, grant(&text_id, &["app"])).await;
    assert_eq!(strange.problem(404), "cardholders.missing");
    let shown = app.get(Someone::MARKETER, &path).await.expect(200);
    assert_eq!(
        (shown.at("/history/0/evidence_note"), shown.at("/history/0/decision")),
        (Value::Null, json!("granted"))
    );
    assert_eq!(
        app.post(Someone::MARKETER, &path, grant(&text_id, &["app"])).await.problem(403),
        "staff.forbidden"
    );
    let with_pan = json!({ "purpose": "marketing", "channels": ["sms"], "text_id": text_id, "evidence": "letter", "evidence_note": "卡号 4111111111111111" });
    let refused = app.post(Someone::TELLER, &path, with_pan).await;
    assert_eq!(refused.field_errors(), ["/evidence_note text.contains_pan"]);
    app.finish().await;
}

#[tokio::test]
async fn a_word_said_on_a_record_that_was_merged_is_the_persons_word() {
    let app = App::start().await;
    let (owner, text_id) = somebody(&app).await;
    let bank = app.holdings().await;
    let absorb = async |absorbed: Uuid| {
        let (link_id, merge_id): (Uuid, Uuid) = (app.clock.new_id(), app.clock.new_id());
        let link = json!({ "link_id": link_id, "merge_id": merge_id, "survivor_id": owner, "absorbed_id": absorbed,
            "merged_at": app.clock.now(), "from_at": app.clock.now() });
        bank.put("cardholder_links", link, json!({})).await;
    };
    let by_sms = "channel=sms&purpose=marketing";
    let one = bank.cardholder(Place::Qianjiang, json!({})).await;
    app.post(Someone::TELLER, &format!("/cardholders/{one}/consents"), grant(&text_id, &["sms"]))
        .await
        .expect(200);
    assert_eq!(may(&app, owner, by_sms).await.0, "deny");
    absorb(one).await;
    assert_eq!(may(&app, owner, by_sms).await.0, "allow");

    let other = bank.cardholder(Place::Qianjiang, json!({})).await;
    let read = app.get(Someone::TELLER, &format!("/cardholders/{other}/consents")).await.expect(200);
    let wishes = json!({ "is_do_not_contact": true });
    app.patch(Someone::TELLER, &format!("/cardholders/{other}/contact_preferences"), &read, wishes)
        .await
        .expect(200);
    absorb(other).await;
    assert_eq!(may(&app, owner, by_sms).await, ("deny".into(), json!("do_not_contact")));

    let path = format!("/cardholders/{owner}/consents");
    let withdrawal = json!({ "purpose": "marketing", "channels": ["sms"], "evidence": "recorded_call" });
    let left = app.post(Someone::TELLER, &format!("{path}/withdraw"), withdrawal).await.expect(200);
    assert_eq!(left.at("/standing/0/decision"), "withdrawn");
    let there = format!("/cardholders/{one}/contact-decision?{by_sms}");
    assert_eq!(app.get(Someone::TELLER, &there).await.problem(409), "cardholders.absorbed");
    app.finish().await;
}
