//! What comes in: a new cardholder, a patch of one.

use chrono::NaiveDate;
use kernel::PersonName;
use platform::ids::{BranchId, StaffId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use web::free_text;

use super::{
    contacts::{NewAddress, NewEmail, NewPhone},
    door::{self, INCOME_MINOR_MAX, nullable},
    model::{Cardholder, Education, Gender, IdKind, Lifecycle, MaritalStatus},
};

/// Somebody new. Name, identity number and birth date may be absent; nothing is invented.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCardholder {
    #[validate(custom(function = "free_text::name"))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60, example = "沈嘉怡")]
    pub name: Option<PersonName>,
    /// Made from the name unless given.
    #[validate(length(min = 1, max = 120, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 120, example = "shen jia yi")]
    pub name_pinyin: Option<String>,
    pub gender: Option<Gender>,
    #[validate(custom(function = "door::birth"))]
    pub birth_on: Option<NaiveDate>,
    pub id_kind: Option<IdKind>,
    #[validate(length(min = 4, max = 40, code = "text.length"))]
    #[schema(min_length = 4, max_length = 40, example = "990106198803124421")]
    pub national_id: Option<String>,
    #[validate(custom(function = "door::country"))]
    #[schema(pattern = "^[A-Z]{2}$", example = "CN")]
    pub nationality: Option<String>,
    #[validate(length(min = 1, max = 60, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 60, example = "企业管理人员")]
    pub occupation: Option<String>,
    #[validate(length(min = 1, max = 120, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(min_length = 1, max_length = 120, example = "钱江造船有限公司")]
    pub employer: Option<String>,
    pub education: Option<Education>,
    pub marital_status: Option<MaritalStatus>,
    #[validate(range(min = 0, max = INCOME_MINOR_MAX, code = "number.range"))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64, example = 36_000_000)]
    pub yearly_income_minor: Option<i64>,
    #[validate(custom(function = "door::currency"))]
    #[schema(pattern = "^[A-Z]{3}$", example = "CNY")]
    pub yearly_income_currency: Option<String>,
    pub branch_id: BranchId,
    pub manager_id: Option<StaffId>,
    /// `prospect` or `active`; active unless named.
    pub lifecycle: Option<Lifecycle>,
    #[serde(default)]
    #[validate(nested)]
    #[schema(max_items = 10)]
    pub phones: Vec<NewPhone>,
    #[serde(default)]
    #[validate(nested)]
    #[schema(max_items = 10)]
    pub emails: Vec<NewEmail>,
    #[serde(default)]
    #[validate(nested)]
    #[schema(max_items = 10)]
    pub addresses: Vec<NewAddress>,
    /// Why this is not the possible duplicate that was shown.
    #[validate(length(min = 4, max = 200, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 4, max_length = 200)]
    pub duplicate_override_reason: Option<String>,
}

/// A created cardholder, and what looked odd but was accepted.
#[derive(Serialize, ToSchema)]
pub struct CreatedCardholder {
    pub cardholder: Cardholder,
    pub warnings: Vec<FieldWarning>,
}

/// Something accepted that a human should look at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldWarning {
    #[schema(example = "/national_id")]
    pub pointer: String,
    #[schema(example = "national_id.region_unknown")]
    pub code: String,
}

/// Changes to a profile: absent fields stay, null clears.
#[derive(Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CardholderPatch {
    #[serde(deserialize_with = "nullable")]
    #[validate(custom(function = "free_text::name"))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub name: Option<Option<PersonName>>,
    #[serde(deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 120, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    pub name_pinyin: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Gender>)]
    pub gender: Option<Option<Gender>>,
    #[serde(deserialize_with = "nullable")]
    #[validate(custom(function = "door::birth"))]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_on: Option<Option<NaiveDate>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<IdKind>)]
    pub id_kind: Option<Option<IdKind>>,
    #[serde(deserialize_with = "nullable")]
    #[validate(length(min = 4, max = 40, code = "text.length"))]
    #[schema(value_type = Option<String>, min_length = 4, max_length = 40)]
    pub national_id: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[validate(custom(function = "door::country"))]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{2}$")]
    pub nationality: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 60, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub occupation: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[validate(length(min = 1, max = 120, code = "text.length"), custom(function = "free_text::line"))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    pub employer: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Education>)]
    pub education: Option<Option<Education>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<MaritalStatus>)]
    pub marital_status: Option<Option<MaritalStatus>>,
    #[serde(deserialize_with = "nullable")]
    #[validate(range(min = 0, max = INCOME_MINOR_MAX, code = "number.range"))]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub yearly_income_minor: Option<Option<i64>>,
    #[serde(deserialize_with = "nullable")]
    #[validate(custom(function = "door::currency"))]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{3}$")]
    pub yearly_income_currency: Option<Option<String>>,
    pub branch_id: Option<BranchId>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<StaffId>)]
    pub manager_id: Option<Option<StaffId>>,
    /// For whoever approves another name or identity number: why, and what it rests on.
    #[validate(length(min = 2, max = 500, code = "text.length"), custom(function = "free_text::note"))]
    #[schema(min_length = 2, max_length = 500, example = "公安机关更名证明已核验")]
    pub evidence_note: Option<String>,
}
