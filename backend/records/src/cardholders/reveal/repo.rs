use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult,
    database::DailyQuota,
    ids::CardholderId,
    schema::{cardholder_addresses, cardholder_emails, cardholder_keys, cardholder_phones, cardholders},
    vault::{Place, Sealed, WrappedKey},
};
use uuid::Uuid;

use super::model::RevealField;

/// The ciphertext of one field, if the cardholder has one.
pub(super) async fn sealed(
    mut conn: &Conn,
    cardholder_id: CardholderId,
    (field, row): (RevealField, Uuid),
) -> DbResult<Option<Sealed>> {
    let found: Option<Option<Sealed>> = match field {
        RevealField::NationalId => {
            let column = cardholders::table.find(cardholder_id).select(cardholders::national_id_sealed);
            column.first(&mut conn).await.optional()?
        }
        RevealField::Phone => {
            use cardholder_phones as p;
            let column = p::table.find((cardholder_id, row)).select(p::number_sealed.nullable());
            column.first(&mut conn).await.optional()?
        }
        RevealField::Email => {
            use cardholder_emails as e;
            let column = e::table.find((cardholder_id, row)).select(e::address_sealed.nullable());
            column.first(&mut conn).await.optional()?
        }
        RevealField::Address => {
            use cardholder_addresses as a;
            let column = a::table.find((cardholder_id, row)).select(a::street_sealed);
            column.first(&mut conn).await.optional()?
        }
    };
    Ok(found.flatten())
}

/// Where a field's ciphertext belongs.
pub(super) fn place(field: RevealField, row: Uuid) -> Place {
    let (table, column) = match field {
        RevealField::NationalId => ("cardholders", "national_id_sealed"),
        RevealField::Phone => ("cardholder_phones", "number_sealed"),
        RevealField::Email => ("cardholder_emails", "address_sealed"),
        RevealField::Address => ("cardholder_addresses", "street_sealed"),
    };
    Place { table, column, row }
}

pub(super) async fn wrapped_key(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Option<WrappedKey>> {
    use cardholder_keys as k;
    let row = k::table.find(cardholder_id).select((k::master_key_id, k::wrapped_key));
    let found: Option<(String, Vec<u8>)> = row.first(&mut conn).await.optional()?;
    Ok(found.map(|(master_key_id, bytes)| WrappedKey { master_key_id, bytes }))
}

/// How many reveals each had on each day.
pub(super) const QUOTA: DailyQuota = DailyQuota::of("reveal_quotas");
