//! Where a list of people goes on. The position holds how somebody is called, so that nobody but this house can read it.

use kernel::{FieldFault, Page};
use platform::vault::Vault;
use serde::de::DeserializeOwned;
use web::{RequestFault, parse_after};

use super::model::CardholderError;

/// The page with its cursor sealed.
pub(super) fn sealed<T>(vault: &Vault, page: Page<T>) -> Result<Page<T>, CardholderError> {
    let next = page.next.map(|next| vault.seal_cursor(&next)).transpose()?;
    Ok(Page { next, ..page })
}

/// The position behind a cursor that was sealed so.
pub(super) fn opened<K: DeserializeOwned>(
    vault: &Vault,
    after: Option<&str>,
) -> Result<Option<K>, RequestFault> {
    let unreadable = || RequestFault::Unreadable(FieldFault::new("/after", "cursor.unreadable"));
    let plain = after.map(|after| vault.open_cursor(after).ok_or_else(unreadable)).transpose()?;
    parse_after(plain.as_deref())
}
