//! The words of the house: money, dates, faults, pages, identity numbers and masked text.
//! Nothing here does I/O; everything else may use it.

pub mod card_number;
pub mod country;
pub mod email;
pub mod fault;
pub mod formula;
pub mod free_text;
pub mod mcc;
pub mod money;
pub mod national_id;
pub mod page;
pub mod person_name;
pub mod phone_number;
pub mod street;
pub mod years;

pub use card_number::CardNumber;
pub use email::EmailAddress;
pub use fault::{Fault, FieldFault, Kind};
pub use mcc::Mcc;
pub use money::{Currency, Money};
pub use national_id::NationalId;
pub use page::{Cursor, Page, PageLimit};
pub use person_name::PersonName;
pub use phone_number::PhoneNumber;
pub use street::Street;
