//! The next version of what somebody is asked to agree to. Earlier consents keep the version that was read.

use platform::{DbError, Tx};
use serde_json::json;
use trust::audit::{self, Entry};

use super::{
    model::{ConsentError, ConsentText, NewConsentText},
    repo,
};

pub(super) async fn publish(tx: &mut Tx<'_>, new: NewConsentText) -> Result<ConsentText, ConsentError> {
    let before = repo::text_in_force(tx, new.purpose).await?.map(|text| text.version);
    let text = ConsentText {
        text_id: tx.new_id(),
        purpose: new.purpose,
        version: before.unwrap_or(0) + 1,
        body_zh: new.body_zh.trim().to_owned(),
        body_en: new.body_en.trim().to_owned(),
        published_by: tx.actor.staff().map(|staff| staff.staff_id),
        published_at: tx.now,
    };
    // Two at once: the second finds the first's version in force.
    repo::insert_text(tx, &text).await.map_err(|error: DbError| {
        if error.is_constraint("consent_texts_version_key") {
            ConsentError::TextNotInForce
        } else {
            error.into()
        }
    })?;
    let entry = Entry::of("consents.publish_text").on("consent_text", text.text_id);
    let changes = json!({ "version": [before, text.version] });
    audit::record(tx, entry.because(text.purpose.as_str()).changing(changes)).await?;
    Ok(text)
}
