//! Every other list, by its address: whatever a request asks of a big table is held to the rules.

use it::{Place, Someone};

use super::Volume;

/// Asks for a page and for the one after it, and looks at every statement that either needed.
pub(super) async fn ask(volume: &mut Volume<'_>, who: Someone, path: &str) {
    let mut after = None;
    for page in ["first", "second"] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let address = after.map_or_else(|| path.to_owned(), |after| format!("{path}{sign}after={after}"));
        volume.app.said();
        let reply = volume.app.get(who, &address).await.expect(200);
        let asked = format!("{path} for {} ({page} page)", who.staff_no);
        for statement in volume.heard() {
            volume.plans(&asked, &statement).await;
        }
        after = reply.json()["next"].as_str().map(ToOwned::to_owned);
        if after.is_none() {
            break;
        }
    }
}

pub(super) async fn look(volume: &mut Volume<'_>) {
    of_one_cardholder(volume).await;
    transactions(volume).await;
    of_the_house(volume).await;
}

async fn of_one_cardholder(volume: &mut Volume<'_>) {
    let (account, transaction) = (volume.known.account, volume.known.transaction);
    for part in [
        String::new(),
        "/contacts".to_owned(),
        "/accounts".to_owned(),
        format!("/accounts/{account}"),
        "/cards".to_owned(),
        "/loans".to_owned(),
        "/standing_orders".to_owned(),
        "/statements".to_owned(),
        format!("/statements?account_id={account}"),
        "/repayments".to_owned(),
        "/spending?months=12".to_owned(),
        "/changes".to_owned(),
        "/changes?field=occupation".to_owned(),
        format!("/transactions/{transaction}"),
    ] {
        for who in [Someone::RISK_MANAGER, Someone::OWN_MANAGER] {
            let path = format!("/cardholders/{}{part}", volume.known.cardholder);
            ask(volume, who, &path).await;
        }
    }
}

/// Twenty thousand of one person and fifteen of another, by account, by card, and by every filter alone and together.
async fn transactions(volume: &mut Volume<'_>) {
    let (account, card) = (volume.known.account, volume.known.card);
    let narrow = "kind=cash_withdrawal&direction=debit&mcc_group=dining&channel=atm&amount_min_minor=100&amount_max_minor=90000";
    for filter in [
        String::new(),
        format!("account_id={account}"),
        format!("card_id={card}"),
        format!("account_id={account}&card_id={card}&{narrow}"),
        format!("account_id={account}&{narrow}"),
        narrow.to_owned(),
        "kind=salary".to_owned(),
        "kind=pension".to_owned(),
        "direction=credit".to_owned(),
        "mcc_group=travel".to_owned(),
        "channel=atm".to_owned(),
        "amount_min_minor=49000".to_owned(),
        "amount_max_minor=10".to_owned(),
        "occurred_from=2026-09-01T00:00:00Z&occurred_to=2026-10-01T00:00:00Z".to_owned(),
        "occurred_to=2025-01-01T00:00:00Z".to_owned(),
    ] {
        let sparse = "019a4000-0000-7000-a000-000000000100".to_owned();
        for cardholder in [volume.known.cardholder.to_string(), sparse] {
            let path = format!("/cardholders/{cardholder}/transactions?limit=5&{filter}");
            ask(volume, Someone::RISK_MANAGER, path.trim_end_matches('&')).await;
        }
    }
}

/// The trail, the queue and the people who work here.
async fn of_the_house(volume: &mut Volume<'_>) {
    let (staff, cardholder) = (Someone::TELLER.id(), volume.known.cardholder);
    let month = "occurred_from=2026-10-01T00:00:00Z&occurred_to=2026-11-01T00:00:00Z";
    for filter in [
        String::new(),
        "action=cards.freeze".to_owned(),
        "action=cardholders.search".to_owned(),
        format!("staff_id={staff}"),
        format!("cardholder_id={cardholder}"),
        format!("action=cardholders.create&staff_id={staff}&cardholder_id={cardholder}"),
        "occurred_from=2026-05-01T00:00:00Z&occurred_to=2026-05-02T00:00:00Z".to_owned(),
        "outcome=refused".to_owned(),
        "trace_id=trace-77".to_owned(),
        format!("object_id={cardholder}"),
        format!("action=cards.&{month}"),
        format!("role=auditor&{month}"),
        format!("branch_id={}&ip=192.0.2.9&{month}", Place::Yinzhou.id()),
    ] {
        let path = format!("/audit_entries?limit=5&{filter}");
        ask(volume, Someone::AUDITOR, path.trim_end_matches('&')).await;
    }
    let log = format!("/cardholders/{cardholder}/access_log?limit=5");
    ask(volume, Someone::RISK_MANAGER, &log).await;
    for filter in ["", "&status=succeeded", "&kind=imports.run"] {
        ask(volume, Someone::ADMIN, &format!("/jobs?limit=5{filter}")).await;
    }
    for who in Someone::of_each_role() {
        ask(volume, who, "/workbench").await;
    }
    // Added up ahead, or out of one portfolio.
    for who in [Someone::RISK_MANAGER, Someone::RISK_OFFICER, Someone::OWN_MANAGER] {
        for measure in ["cardholders", "balances", "spend", "activity"] {
            for by in ["branch", "product", "month"] {
                ask(volume, who, &format!("/statistics?measure={measure}&by={by}")).await;
            }
        }
    }
}
