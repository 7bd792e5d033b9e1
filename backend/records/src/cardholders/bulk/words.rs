//! The words that files use, in the bank's languages.

use crate::cardholders::{
    contacts::{AddressKind, EmailKind, PhoneKind},
    model::{Education, Gender, IdKind, Lifecycle, MaritalStatus},
};

pub(super) const GENDERS: &[(&str, Gender)] = &[
    ("male", Gender::Male),
    ("男", Gender::Male),
    ("M", Gender::Male),
    ("female", Gender::Female),
    ("女", Gender::Female),
    ("F", Gender::Female),
];
pub(super) const ID_KINDS: &[(&str, IdKind)] = &[
    ("resident_id", IdKind::ResidentId),
    ("居民身份证", IdKind::ResidentId),
    ("身份证", IdKind::ResidentId),
    ("passport", IdKind::Passport),
    ("护照", IdKind::Passport),
    ("hk_macau_permit", IdKind::HkMacauPermit),
    ("港澳通行证", IdKind::HkMacauPermit),
    ("taiwan_permit", IdKind::TaiwanPermit),
    ("台胞证", IdKind::TaiwanPermit),
    ("foreign_permanent_id", IdKind::ForeignPermanentId),
    ("外国人永久居留身份证", IdKind::ForeignPermanentId),
    ("other", IdKind::Other),
    ("其他", IdKind::Other),
];
pub(super) const EDUCATIONS: &[(&str, Education)] = &[
    ("primary", Education::Primary),
    ("小学", Education::Primary),
    ("middle_school", Education::MiddleSchool),
    ("初中", Education::MiddleSchool),
    ("high_school", Education::HighSchool),
    ("高中", Education::HighSchool),
    ("junior_college", Education::JuniorCollege),
    ("大专", Education::JuniorCollege),
    ("university", Education::University),
    ("本科", Education::University),
    ("graduate_school", Education::GraduateSchool),
    ("研究生", Education::GraduateSchool),
    ("other", Education::Other),
    ("其他", Education::Other),
];
pub(super) const MARITAL_STATUSES: &[(&str, MaritalStatus)] = &[
    ("single", MaritalStatus::Single),
    ("未婚", MaritalStatus::Single),
    ("married", MaritalStatus::Married),
    ("已婚", MaritalStatus::Married),
    ("divorced", MaritalStatus::Divorced),
    ("离异", MaritalStatus::Divorced),
    ("widowed", MaritalStatus::Widowed),
    ("丧偶", MaritalStatus::Widowed),
    ("other", MaritalStatus::Other),
    ("其他", MaritalStatus::Other),
];
pub(super) const LIFECYCLES: &[(&str, Lifecycle)] = &[
    ("prospect", Lifecycle::Prospect),
    ("潜在", Lifecycle::Prospect),
    ("active", Lifecycle::Active),
    ("正常", Lifecycle::Active),
];
pub(super) const PHONE_KINDS: &[(&str, PhoneKind)] = &[
    ("mobile", PhoneKind::Mobile),
    ("手机", PhoneKind::Mobile),
    ("home", PhoneKind::Home),
    ("住宅", PhoneKind::Home),
    ("work", PhoneKind::Work),
    ("单位", PhoneKind::Work),
    ("other", PhoneKind::Other),
    ("其他", PhoneKind::Other),
];
pub(super) const EMAIL_KINDS: &[(&str, EmailKind)] = &[
    ("personal", EmailKind::Personal),
    ("个人", EmailKind::Personal),
    ("work", EmailKind::Work),
    ("单位", EmailKind::Work),
    ("other", EmailKind::Other),
    ("其他", EmailKind::Other),
];
pub(super) const ADDRESS_KINDS: &[(&str, AddressKind)] = &[
    ("home", AddressKind::Home),
    ("住宅", AddressKind::Home),
    ("work", AddressKind::Work),
    ("单位", AddressKind::Work),
    ("mailing", AddressKind::Mailing),
    ("通讯", AddressKind::Mailing),
    ("registered", AddressKind::Registered),
    ("户籍", AddressKind::Registered),
    ("other", AddressKind::Other),
    ("其他", AddressKind::Other),
];
