use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::{Fault, FieldFault, Kind};
use platform::{
    DbError,
    ids::{CardholderId, ConsentId, ConsentTextId, StaffId},
    schema::{consent_texts, consents, contact_preferences},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;
use web::{Precondition, free_text};

use crate::cardholders::gate::GateError;

/// Channels that one record may name.
pub(super) const CHANNELS_MAX: u64 = 6;
/// Rows of one person's history that are shown.
pub(super) const HISTORY_MAX: i64 = 200;
/// The last minute of a day.
const MINUTE_MAX: i16 = 24 * 60 - 1;

platform::vocabulary! {
    /// What somebody is asked to agree to.
    pub enum ConsentPurpose {
        Marketing = "marketing",
        /// Offers chosen by an automated look at what they do.
        PersonalisedOffers = "personalised_offers",
        Research = "research",
        /// Handing data on to partners; it has the channel of the same name.
        DataSharing = "data_sharing",
    }
}

platform::vocabulary! {
    /// The way by which somebody is reached, or data handed on.
    pub enum ContactChannel {
        Phone = "phone", Sms = "sms", Email = "email", App = "app", Post = "post", Partner = "partner",
    }
}

platform::vocabulary! {
    /// A yes, or a yes taken back.
    pub enum ConsentDecision { Granted = "granted", Withdrawn = "withdrawn" }
}

platform::vocabulary! {
    /// What proves it.
    pub enum ConsentEvidence {
        SignedForm = "signed_form",
        AtTheCounter = "at_the_counter",
        RecordedCall = "recorded_call",
        OnlineForm = "online_form",
        Letter = "letter",
    }
}

platform::vocabulary! {
    /// What somebody is to be contacted for.
    pub enum ContactPurpose {
        /// What a contract needs: statements, expiring cards.
        Service = "service",
        /// Warnings that can't wait: fraud, a blocked card.
        Security = "security",
        /// What the law says they have to be told.
        LegalNotice = "legal_notice",
        Collection = "collection",
        Marketing = "marketing",
        PersonalisedOffers = "personalised_offers",
        Research = "research",
    }
}

platform::vocabulary! {
    /// What a rule says to one contact.
    pub enum ContactRuling { Allow = "allow", Deny = "deny" }
}

impl ContactPurpose {
    /// The consent that it rests on; what the contract or the law asks for rests on none.
    pub fn consent(self) -> Option<ConsentPurpose> {
        match self {
            Self::Marketing => Some(ConsentPurpose::Marketing),
            Self::PersonalisedOffers => Some(ConsentPurpose::PersonalisedOffers),
            Self::Research => Some(ConsentPurpose::Research),
            Self::Service | Self::Security | Self::LegalNotice | Self::Collection => None,
        }
    }

    /// Whether it goes out whatever somebody wishes and whatever the hour.
    pub fn is_imperative(self) -> bool {
        matches!(self, Self::Security | Self::LegalNotice)
    }
}

impl ContactChannel {
    /// Whether it disturbs at the moment it is used; a letter does not.
    pub fn is_immediate(self) -> bool {
        matches!(self, Self::Phone | Self::Sms | Self::App)
    }
}

/// One version of what somebody is asked to agree to.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = consent_texts)]
pub struct ConsentText {
    pub text_id: ConsentTextId,
    pub purpose: ConsentPurpose,
    #[schema(minimum = 1)]
    pub version: i32,
    #[schema(example = "我同意银行通过所选渠道向我介绍产品与优惠，并可随时撤回。")]
    pub body_zh: String,
    #[schema(
        example = "I agree to hear of products and offers by the chosen channels and may take this back at any time."
    )]
    pub body_en: String,
    pub published_by: Option<StaffId>,
    pub published_at: DateTime<Utc>,
}

/// Every version of every text, the newest of each purpose first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentTexts {
    pub items: Vec<ConsentText>,
}

/// The next version of a text.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsentText {
    pub purpose: ConsentPurpose,
    #[validate(length(min = 10, max = 2_000, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(
        min_length = 10,
        max_length = 2_000,
        example = "我同意银行通过所选渠道向我介绍产品与优惠，并可随时撤回。"
    )]
    pub body_zh: String,
    #[validate(length(min = 10, max = 2_000, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(
        min_length = 10,
        max_length = 2_000,
        example = "I agree to hear of products and offers by the chosen channels and may take this back at any time."
    )]
    pub body_en: String,
}

/// One yes or one taking back, as it is kept. It becomes a [`Consent`] for somebody.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = consents)]
pub struct ConsentRow {
    pub cardholder_id: CardholderId,
    pub consent_id: ConsentId,
    pub purpose: ConsentPurpose,
    pub channel: ContactChannel,
    pub decision: ConsentDecision,
    pub text_id: Option<ConsentTextId>,
    pub evidence: ConsentEvidence,
    pub evidence_note: Option<String>,
    pub staff_id: Option<StaffId>,
    pub recorded_at: DateTime<Utc>,
}

/// One yes or one taking back, and who wrote it down.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Consent {
    pub consent_id: ConsentId,
    pub purpose: ConsentPurpose,
    pub channel: ContactChannel,
    pub decision: ConsentDecision,
    pub text_id: Option<ConsentTextId>,
    /// The version of the text that was agreed to.
    pub text_version: Option<i32>,
    pub evidence: ConsentEvidence,
    /// Null also where the caller's role does not see it.
    pub evidence_note: Option<String>,
    pub staff_id: Option<StaffId>,
    pub staff_name: Option<String>,
    pub recorded_at: DateTime<Utc>,
}

/// What somebody wishes whatever they agreed to.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = contact_preferences)]
pub struct ContactPreferences {
    #[serde(skip)]
    pub cardholder_id: CardholderId,
    /// No contact but what the law or an emergency asks for.
    pub is_do_not_contact: bool,
    /// No offers chosen by automated decisions.
    pub is_personalisation_refused: bool,
    /// Minutes after midnight by their own clock; null for the bank's own quiet hours.
    #[schema(minimum = 0, maximum = 1439)]
    pub quiet_from_minute: Option<i16>,
    #[schema(minimum = 0, maximum = 1439)]
    pub quiet_to_minute: Option<i16>,
    /// How far their clock is from UTC; null for the bank's clock.
    #[schema(minimum = -720, maximum = 840)]
    pub utc_offset_minutes: Option<i16>,
    pub version: i64,
    pub changed_by: Option<StaffId>,
    pub changed_at: DateTime<Utc>,
}

impl ContactPreferences {
    /// What a person wishes of whose records these are the wishes: a word against something counts wherever it was said, and the
    /// quiet hours are their own, or those that were told at another record. Version and clock are those of `own`.
    pub(super) fn of_all(own: Self, all: &[Self]) -> Self {
        let said = |has: fn(&Self) -> bool| all.iter().any(has);
        let quiet = all.iter().find(|wishes| wishes.quiet_from_minute.is_some());
        let quiet = quiet.filter(|_| own.quiet_from_minute.is_none()).unwrap_or(&own);
        Self {
            is_do_not_contact: own.is_do_not_contact || said(|wishes| wishes.is_do_not_contact),
            is_personalisation_refused: own.is_personalisation_refused
                || said(|wishes| wishes.is_personalisation_refused),
            quiet_from_minute: quiet.quiet_from_minute,
            quiet_to_minute: quiet.quiet_to_minute,
            utc_offset_minutes: own.utc_offset_minutes.or(quiet.utc_offset_minutes),
            ..own
        }
    }

    /// Those of somebody who has said nothing.
    pub(super) fn of_nobody_asked(cardholder_id: CardholderId, at: DateTime<Utc>) -> Self {
        Self {
            cardholder_id,
            is_do_not_contact: false,
            is_personalisation_refused: false,
            quiet_from_minute: None,
            quiet_to_minute: None,
            utc_offset_minutes: None,
            version: 0,
            changed_by: None,
            changed_at: at,
        }
    }
}

/// What changes of the preferences: absent fields stay, null clears.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContactPreferencesPatch {
    pub is_do_not_contact: Option<bool>,
    pub is_personalisation_refused: Option<bool>,
    #[serde(deserialize_with = "crate::cardholders::nullable")]
    #[validate(range(min = 0, max = MINUTE_MAX, code = "number.range"))]
    #[schema(value_type = Option<i16>, minimum = 0, maximum = 1439)]
    pub quiet_from_minute: Option<Option<i16>>,
    #[serde(deserialize_with = "crate::cardholders::nullable")]
    #[validate(range(min = 0, max = MINUTE_MAX, code = "number.range"))]
    #[schema(value_type = Option<i16>, minimum = 0, maximum = 1439)]
    pub quiet_to_minute: Option<Option<i16>>,
    #[serde(deserialize_with = "crate::cardholders::nullable")]
    #[validate(range(min = -720, max = 840, code = "number.range"))]
    #[schema(value_type = Option<i16>, minimum = -720, maximum = 840)]
    pub utc_offset_minutes: Option<Option<i16>>,
}

/// A yes to the text that is in force, for one or more channels.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentGrant {
    pub purpose: ConsentPurpose,
    #[validate(length(min = 1, max = CHANNELS_MAX, code = "list.length"))]
    #[schema(min_items = 1, max_items = 6)]
    pub channels: Vec<ContactChannel>,
    /// The version that they read.
    pub text_id: ConsentTextId,
    pub evidence: ConsentEvidence,
    #[validate(length(min = 1, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 1, max_length = 200, example = "纸质授权书已归档，档号 2026-118")]
    pub evidence_note: Option<String>,
}

/// A yes taken back: no more is asked for than for giving it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentWithdrawal {
    pub purpose: ConsentPurpose,
    #[validate(length(min = 1, max = CHANNELS_MAX, code = "list.length"))]
    #[schema(min_items = 1, max_items = 6)]
    pub channels: Vec<ContactChannel>,
    pub evidence: ConsentEvidence,
    #[validate(length(min = 1, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 1, max_length = 200, example = "来电要求不再接收短信")]
    pub evidence_note: Option<String>,
}

/// Everything about one person's consents.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentSheet {
    pub preferences: ContactPreferences,
    /// What stands now: the latest word for each purpose and channel that was ever spoken of.
    pub standing: Vec<Consent>,
    /// Newest first, the latest 200.
    pub history: Vec<Consent>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error("data sharing has the channel of partners, and nothing else has")]
    Channel,
    #[error("a newer version of the text is in force, or there is no such text")]
    TextNotInForce,
    #[error("there is no consent to take back")]
    NothingToWithdraw,
    #[error("quiet hours have a beginning and an end")]
    QuietHours(&'static str),
    #[error(transparent)]
    Precondition(#[from] Precondition),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for ConsentError {
    fn kind(&self) -> Kind {
        match self {
            Self::Gate(error) => error.kind(),
            Self::Channel | Self::QuietHours(_) => Kind::Invalid,
            Self::TextNotInForce | Self::NothingToWithdraw => Kind::Conflict,
            Self::Precondition(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Gate(error) => error.code(),
            Self::Channel | Self::QuietHours(_) => "request.invalid_fields",
            Self::TextNotInForce => "consents.text_not_in_force",
            Self::NothingToWithdraw => "consents.nothing_to_withdraw",
            Self::Precondition(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Gate(error) => error.params(),
            _ => Map::new(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Channel => vec![FieldFault::new("/channels", "consents.channel")],
            Self::QuietHours(pointer) => vec![FieldFault::new(*pointer, "consents.quiet_hours")],
            _ => Vec::new(),
        }
    }
}
