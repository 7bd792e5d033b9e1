use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::{dsl::sql, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::{AddressId, CardholderId, EmailId, PhoneId},
    schema::{
        cardholder_addresses, cardholder_emails, cardholder_phones, email_index, phone_index,
        phone_tail_index, street_index,
    },
    vault::Sealed,
};
use uuid::Uuid;

use super::model::{
    Address, CONTACTS_MAX, ContactKind, ContactRow, Contacts, Email, NewAddress, NewEmail, NewPhone, Phone,
};
use crate::cardholders::members::Members;

/// How an address is shown.
const ADDRESS_SHOWN: &str = "concat_ws(' ', province, city, district, street_masked)";

/// Every contact, the primary one of each kind first. What others brought along who were merged into the cardholder comes behind,
/// never as primary; a number or address that is there already is left out.
pub(super) async fn all(conn: &Conn, members: &Members) -> DbResult<Contacts> {
    let (mut phones, mut emails, mut addresses) = futures_util::try_join!(
        members.each(async |id| phones(conn, id).await),
        members.each(async |id| emails(conn, id).await),
        members.each(async |id| addresses(conn, id).await),
    )?;
    if members.are_several() {
        let survivor = members.survivor();
        let mut seen: HashSet<Vec<u8>> = HashSet::new();
        phones.retain(|phone| seen.insert(phone.number_blind.clone()));
        emails.retain(|email| seen.insert(email.address_blind.clone()));
        phones.iter_mut().for_each(|phone| phone.is_primary &= phone.cardholder_id == survivor);
        emails.iter_mut().for_each(|email| email.is_primary &= email.cardholder_id == survivor);
        addresses.iter_mut().for_each(|address| address.is_primary &= address.cardholder_id == survivor);
    }
    Ok(Contacts { phones, emails, addresses, withheld: Vec::new() })
}

async fn phones(mut conn: &Conn, id: CardholderId) -> DbResult<Vec<Phone>> {
    use cardholder_phones as p;
    Ok(Phone::query()
        .filter(p::cardholder_id.eq(id))
        .order((p::is_primary.desc(), p::phone_id))
        .limit(CONTACTS_MAX)
        .load(&mut conn)
        .await?)
}

async fn emails(mut conn: &Conn, id: CardholderId) -> DbResult<Vec<Email>> {
    use cardholder_emails as e;
    Ok(Email::query()
        .filter(e::cardholder_id.eq(id))
        .order((e::is_primary.desc(), e::email_id))
        .limit(CONTACTS_MAX)
        .load(&mut conn)
        .await?)
}

async fn addresses(mut conn: &Conn, id: CardholderId) -> DbResult<Vec<Address>> {
    use cardholder_addresses as a;
    Ok(Address::query()
        .filter(a::cardholder_id.eq(id))
        .order((a::is_primary.desc(), a::address_id))
        .limit(CONTACTS_MAX)
        .load(&mut conn)
        .await?)
}

/// A phone ready to be stored.
pub(super) struct SealedPhone {
    pub phone_id: PhoneId,
    pub sealed: Sealed,
    pub blind: Vec<u8>,
    pub tail_blind: Vec<u8>,
    pub masked: String,
}

pub(super) async fn insert_phone(
    tx: &mut Tx<'_>,
    id: CardholderId,
    new: &NewPhone,
    phone: &SealedPhone,
) -> DbResult<()> {
    use cardholder_phones as p;
    diesel::insert_into(p::table)
        .values((
            (
                p::cardholder_id.eq(id),
                p::phone_id.eq(phone.phone_id),
                p::kind.eq(new.kind),
                p::is_primary.eq(new.is_primary),
            ),
            (
                p::number_sealed.eq(&phone.sealed),
                p::number_blind.eq(&phone.blind),
                p::tail_blind.eq(&phone.tail_blind),
            ),
            (p::number_masked.eq(&phone.masked), p::created_at.eq(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    diesel::insert_into(phone_index::table)
        .values((phone_index::number_blind.eq(&phone.blind), phone_index::cardholder_id.eq(id)))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    diesel::insert_into(phone_tail_index::table)
        .values((phone_tail_index::tail_blind.eq(&phone.tail_blind), phone_tail_index::cardholder_id.eq(id)))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// An e-mail address ready to be stored.
pub(super) struct SealedEmail {
    pub email_id: EmailId,
    pub sealed: Sealed,
    pub blind: Vec<u8>,
    pub masked: String,
}

pub(super) async fn insert_email(
    tx: &mut Tx<'_>,
    id: CardholderId,
    new: &NewEmail,
    email: &SealedEmail,
) -> DbResult<()> {
    use cardholder_emails as e;
    diesel::insert_into(e::table)
        .values((
            (
                e::cardholder_id.eq(id),
                e::email_id.eq(email.email_id),
                e::kind.eq(new.kind),
                e::is_primary.eq(new.is_primary),
            ),
            (e::address_sealed.eq(&email.sealed), e::address_blind.eq(&email.blind)),
            (e::address_masked.eq(&email.masked), e::created_at.eq(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    diesel::insert_into(email_index::table)
        .values((email_index::address_blind.eq(&email.blind), email_index::cardholder_id.eq(id)))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// An address ready to be stored: all but its street stays readable.
pub(super) struct SealedAddress {
    pub address_id: AddressId,
    pub street: Option<SealedStreet>,
}

pub(in crate::cardholders) struct SealedStreet {
    pub sealed: Sealed,
    pub blind: Vec<u8>,
    pub masked: String,
}

pub(super) async fn insert_address(
    tx: &mut Tx<'_>,
    id: CardholderId,
    new: &NewAddress,
    SealedAddress { address_id, street }: &SealedAddress,
) -> DbResult<()> {
    use cardholder_addresses as a;
    let street = street.as_ref();
    diesel::insert_into(a::table)
        .values((
            (
                a::cardholder_id.eq(id),
                a::address_id.eq(address_id),
                a::kind.eq(new.kind),
                a::is_primary.eq(new.is_primary),
            ),
            (
                a::country.eq(&new.country),
                a::province.eq(&new.province),
                a::city.eq(&new.city),
                a::district.eq(&new.district),
            ),
            (
                a::street_sealed.eq(street.map(|s| &s.sealed)),
                a::street_blind.eq(street.map(|s| &s.blind)),
                a::street_masked.eq(street.map(|s| &s.masked)),
                a::postcode.eq(&new.postcode),
                a::created_at.eq(tx.now),
            ),
        ))
        .execute(&mut tx.conn())
        .await?;
    match street {
        Some(street) => index_street(tx, id, &street.blind).await,
        None => Ok(()),
    }
}

pub(super) async fn index_street(tx: &mut Tx<'_>, id: CardholderId, blind: &[u8]) -> DbResult<()> {
    diesel::insert_into(street_index::table)
        .values((street_index::street_blind.eq(blind), street_index::cardholder_id.eq(id)))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The primary phone, as it is shown.
pub(super) async fn primary_phone_masked(mut conn: &Conn, id: CardholderId) -> DbResult<Option<String>> {
    use cardholder_phones as p;
    let primary = p::table.filter(p::cardholder_id.eq(id)).filter(p::is_primary);
    Ok(primary.select(p::number_masked).first(&mut conn).await.optional()?)
}

pub(super) async fn is_phone_known(mut conn: &Conn, id: CardholderId, blind: &[u8]) -> DbResult<bool> {
    use cardholder_phones as p;
    let known = p::table.filter(p::cardholder_id.eq(id)).filter(p::number_blind.eq(blind));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(&mut conn).await?)
}

/// One contact, locked.
pub(super) async fn lock(
    tx: &mut Tx<'_>,
    kind: ContactKind,
    id: CardholderId,
    contact_id: Uuid,
) -> DbResult<Option<ContactRow>> {
    type Columns = (String, bool, Option<DateTime<Utc>>, Option<Vec<u8>>, Option<Vec<u8>>);
    use diesel::sql_types::{Binary, Nullable};
    let none = || sql::<Nullable<Binary>>("NULL::bytea");
    let found: Option<Columns> = match kind {
        ContactKind::Phone => {
            use cardholder_phones as p;
            let columns = (
                p::number_masked,
                p::is_primary,
                p::verified_at,
                p::number_blind.nullable(),
                p::tail_blind.nullable(),
            );
            p::table
                .find((id, contact_id))
                .select(columns)
                .for_update()
                .first(&mut tx.conn())
                .await
                .optional()?
        }
        ContactKind::Email => {
            use cardholder_emails as e;
            let columns =
                (e::address_masked, e::is_primary, e::verified_at, e::address_blind.nullable(), none());
            e::table
                .find((id, contact_id))
                .select(columns)
                .for_update()
                .first(&mut tx.conn())
                .await
                .optional()?
        }
        ContactKind::Address => {
            use cardholder_addresses as a;
            let label = sql::<diesel::sql_types::Text>(ADDRESS_SHOWN);
            let columns = (label, a::is_primary, a::verified_at, a::street_blind, none());
            a::table
                .find((id, contact_id))
                .select(columns)
                .for_update()
                .first(&mut tx.conn())
                .await
                .optional()?
        }
    };
    Ok(found.map(|(masked, is_primary, verified_at, blind, tail_blind)| ContactRow {
        id: contact_id,
        masked,
        is_primary,
        verified_at,
        blind,
        tail_blind,
    }))
}

pub(super) async fn count(mut conn: &Conn, kind: ContactKind, id: CardholderId) -> DbResult<i64> {
    Ok(match kind {
        ContactKind::Phone => {
            cardholder_phones::table
                .filter(cardholder_phones::cardholder_id.eq(id))
                .count()
                .get_result(&mut conn)
                .await?
        }
        ContactKind::Email => {
            cardholder_emails::table
                .filter(cardholder_emails::cardholder_id.eq(id))
                .count()
                .get_result(&mut conn)
                .await?
        }
        ContactKind::Address => {
            cardholder_addresses::table
                .filter(cardholder_addresses::cardholder_id.eq(id))
                .count()
                .get_result(&mut conn)
                .await?
        }
    })
}

/// The primary contact of a kind steps back; says how it is shown, where there was one.
pub(super) async fn step_back(
    tx: &mut Tx<'_>,
    kind: ContactKind,
    id: CardholderId,
) -> DbResult<Option<String>> {
    let stepped = match kind {
        ContactKind::Phone => {
            use cardholder_phones as p;
            diesel::update(p::table.filter(p::cardholder_id.eq(id)).filter(p::is_primary))
                .set(p::is_primary.eq(false))
                .returning(p::number_masked)
                .get_result(&mut tx.conn())
                .await
        }
        ContactKind::Email => {
            use cardholder_emails as e;
            diesel::update(e::table.filter(e::cardholder_id.eq(id)).filter(e::is_primary))
                .set(e::is_primary.eq(false))
                .returning(e::address_masked)
                .get_result(&mut tx.conn())
                .await
        }
        ContactKind::Address => {
            use cardholder_addresses as a;
            diesel::update(a::table.filter(a::cardholder_id.eq(id)).filter(a::is_primary))
                .set(a::is_primary.eq(false))
                .returning(sql::<diesel::sql_types::Text>(ADDRESS_SHOWN))
                .get_result(&mut tx.conn())
                .await
        }
    };
    Ok(stepped.optional()?)
}

pub(super) async fn update(
    tx: &mut Tx<'_>,
    kind: ContactKind,
    id: CardholderId,
    row: &ContactRow,
) -> DbResult<()> {
    match kind {
        ContactKind::Phone => {
            use cardholder_phones as p;
            let set = (p::is_primary.eq(row.is_primary), p::verified_at.eq(row.verified_at));
            diesel::update(p::table.find((id, row.id))).set(set).execute(&mut tx.conn()).await?
        }
        ContactKind::Email => {
            use cardholder_emails as e;
            let set = (e::is_primary.eq(row.is_primary), e::verified_at.eq(row.verified_at));
            diesel::update(e::table.find((id, row.id))).set(set).execute(&mut tx.conn()).await?
        }
        ContactKind::Address => {
            use cardholder_addresses as a;
            let set = (a::is_primary.eq(row.is_primary), a::verified_at.eq(row.verified_at));
            diesel::update(a::table.find((id, row.id))).set(set).execute(&mut tx.conn()).await?
        }
    };
    Ok(())
}

/// Deletes a contact and what finds it. A phone's last four stay findable while another phone shares them, a street while
/// another address does.
pub(super) async fn delete(
    tx: &mut Tx<'_>,
    kind: ContactKind,
    id: CardholderId,
    row: &ContactRow,
) -> DbResult<()> {
    match kind {
        ContactKind::Phone => {
            use cardholder_phones as p;
            diesel::delete(p::table.find((id, row.id))).execute(&mut tx.conn()).await?;
            if let Some(blind) = &row.blind {
                diesel::delete(phone_index::table.find((blind, id))).execute(&mut tx.conn()).await?;
            }
            let sharing =
                p::table.filter(p::cardholder_id.eq(id)).filter(p::tail_blind.nullable().eq(&row.tail_blind));
            let is_shared: bool =
                diesel::select(diesel::dsl::exists(sharing)).get_result(&mut tx.conn()).await?;
            if let (Some(tail), false) = (&row.tail_blind, is_shared) {
                diesel::delete(phone_tail_index::table.find((tail, id))).execute(&mut tx.conn()).await?;
            }
        }
        ContactKind::Email => {
            diesel::delete(cardholder_emails::table.find((id, row.id))).execute(&mut tx.conn()).await?;
            if let Some(blind) = &row.blind {
                diesel::delete(email_index::table.find((blind, id))).execute(&mut tx.conn()).await?;
            }
        }
        ContactKind::Address => {
            use cardholder_addresses as a;
            diesel::delete(a::table.find((id, row.id))).execute(&mut tx.conn()).await?;
            let sharing = a::table.filter(a::cardholder_id.eq(id)).filter(a::street_blind.eq(&row.blind));
            let is_shared: bool =
                diesel::select(diesel::dsl::exists(sharing)).get_result(&mut tx.conn()).await?;
            if let (Some(blind), false) = (&row.blind, is_shared) {
                diesel::delete(street_index::table.find((blind, id))).execute(&mut tx.conn()).await?;
            }
        }
    }
    Ok(())
}
