//! The tables of a cardholder: profile, data key, and the look-up tables that find one.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::person_name;
use platform::{
    Conn, DbResult, Tx,
    database::kept,
    ids::{BranchId, CardholderId},
    schema::{
        accounts, cardholder_keys, cardholders, cards, customer_no_index, erased_marks, name_grams,
        national_id_index,
    },
    vault::{DataKey, Sealed, Vault, WrappedKey},
};
use web::{Reach, Span};

use super::{
    gate::{self, GateError},
    members::{self, AbsorbedInto},
    model::{CardholderError, CardholderRow},
};

/// A profile, and who stands for it where it was merged.
#[derive(Debug, HasQuery)]
#[diesel(table_name = cardholders)]
pub struct Profile {
    #[diesel(embed)]
    pub(super) row: CardholderRow,
    #[diesel(select_expression = AbsorbedInto, select_expression_type = AbsorbedInto)]
    pub(super) absorbed_into: Option<CardholderId>,
}

pub(super) async fn find(mut conn: &Conn, cardholder_id: CardholderId) -> DbResult<Option<Profile>> {
    let query = Profile::query().filter(cardholders::cardholder_id.eq(cardholder_id)).limit(1);
    Ok(kept(query).get_result(&mut conn).await.optional()?)
}

/// The profile's version.
pub(super) async fn version(mut conn: &Conn, cardholder_id: CardholderId) -> DbResult<i64> {
    Ok(cardholders::table.find(cardholder_id).select(cardholders::version).first(&mut conn).await?)
}

/// The profile, locked against other writers, if it is within reach and stands for itself.
pub(super) async fn lock(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
) -> Result<CardholderRow, CardholderError> {
    let query = CardholderRow::query().filter(cardholders::cardholder_id.eq(cardholder_id)).for_update();
    let found: Option<CardholderRow> =
        query.first(&mut tx.conn()).await.optional().map_err(platform::DbError::from)?;
    let within = |row: &CardholderRow| reach.covers(row.cardholder_id, row.branch_id, row.manager_id);
    let row = found.filter(within).ok_or(GateError::Missing)?;
    gate::refuse_erased(tx, cardholder_id).await?;
    match members::survivor_of(tx, cardholder_id).await? {
        None => Ok(row),
        Some(survivor_id) => Err(GateError::Absorbed { survivor_id }.into()),
    }
}

/// What an erasure has to know of whom it erases.
pub(crate) struct CardholderStanding {
    pub branch_id: BranchId,
    pub customer_no: String,
    pub version: i64,
    /// Accounts and cards.
    pub holdings: (i64, i64),
}

/// The same, locked against other writers, if it is within reach.
pub(crate) async fn lock_standing(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
) -> Result<CardholderStanding, CardholderError> {
    let row = lock(tx, reach, cardholder_id).await?;
    let holdings = holdings(tx, cardholder_id).await?;
    Ok(CardholderStanding {
        branch_id: row.branch_id,
        customer_no: row.customer_no,
        version: row.version,
        holdings,
    })
}

/// The version that a profile is at, with the profile locked; none for somebody who is not there or was erased.
pub(crate) async fn lock_version(
    tx: &mut Tx<'_>,
    cardholder_id: CardholderId,
) -> Result<Option<i64>, CardholderError> {
    match lock(tx, &Reach::from(Span::Bank), cardholder_id).await {
        Ok(row) => Ok(Some(row.version)),
        Err(CardholderError::Gate(GateError::Missing | GateError::Erased | GateError::Absorbed { .. })) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// One who came without a data key has it now.
pub(crate) async fn make_data_key(
    tx: &mut Tx<'_>,
    vault: &Vault,
    cardholder_id: CardholderId,
) -> Result<(), CardholderError> {
    data_key(tx, vault, cardholder_id).await.map(|_| ())
}

/// Since when somebody with this identity number is erased.
pub(super) async fn erased_on(
    mut conn: &Conn,
    vault: &Vault,
    national_id_blind: &[u8],
) -> DbResult<Option<NaiveDate>> {
    let row = erased_marks::table.find(erased_mark(vault, national_id_blind));
    Ok(row.select(erased_marks::erased_on).first(&mut conn).await.optional()?)
}

/// By what a returning person is known: a keyed digest of the digest that finds them.
pub(crate) fn erased_mark(vault: &Vault, national_id_blind: &[u8]) -> Vec<u8> {
    vault.mark("erasures.national_id", &[national_id_blind])
}

pub(super) async fn insert(tx: &mut Tx<'_>, row: &CardholderRow) -> DbResult<()> {
    use cardholders as c;
    diesel::insert_into(customer_no_index::table)
        .values((
            customer_no_index::customer_no.eq(&row.customer_no),
            customer_no_index::cardholder_id.eq(row.cardholder_id),
        ))
        .execute(&mut tx.conn())
        .await?;
    diesel::insert_into(c::table)
        .values((
            (
                c::cardholder_id.eq(row.cardholder_id),
                c::customer_no.eq(&row.customer_no),
                c::opened_on.eq(row.opened_on),
            ),
            (c::branch_id.eq(row.branch_id), c::lifecycle.eq(row.lifecycle), c::source.eq(&row.source)),
            (c::version.eq(row.version), c::created_at.eq(row.created_at), c::updated_at.eq(row.updated_at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    update_profile(tx, row).await
}

/// Writes every profile column that may change.
pub(super) async fn update_profile(tx: &mut Tx<'_>, row: &CardholderRow) -> DbResult<()> {
    use cardholders as c;
    diesel::update(c::table.find(row.cardholder_id))
        .set((
            (
                c::name.eq(&row.name),
                c::name_pinyin.eq(&row.name_pinyin),
                c::name_initials.eq(&row.name_initials),
            ),
            (
                c::gender.eq(row.gender),
                c::birth_on.eq(row.birth_on),
                c::id_kind.eq(row.id_kind),
                c::nationality.eq(&row.nationality),
            ),
            (
                c::occupation.eq(&row.occupation),
                c::employer.eq(&row.employer),
                c::education.eq(row.education),
            ),
            (c::marital_status.eq(row.marital_status), c::yearly_income_minor.eq(row.yearly_income_minor)),
            (c::yearly_income_currency.eq(&row.yearly_income_currency), c::branch_id.eq(row.branch_id)),
            (
                c::manager_id.eq(row.manager_id),
                c::lifecycle.eq(row.lifecycle),
                c::lifecycle_reason.eq(&row.lifecycle_reason),
            ),
            (c::version.eq(row.version), c::updated_at.eq(row.updated_at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// One more change that is not of a profile column; the profile's `ETag` moves with it.
pub(super) async fn bump_version(tx: &mut Tx<'_>, row: &CardholderRow) -> DbResult<i64> {
    use cardholders as c;
    let version = row.version + 1;
    diesel::update(c::table.find(row.cardholder_id))
        .set((c::version.eq(version), c::updated_at.eq(tx.now)))
        .execute(&mut tx.conn())
        .await?;
    Ok(version)
}

/// A sealed identity number, its blind index, and what is shown of it.
pub(super) struct SealedId {
    pub sealed: Sealed,
    pub blind: Vec<u8>,
    pub masked: String,
}

/// The digest by which the identity number is found.
pub(super) async fn national_id_blind(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Option<Vec<u8>>> {
    let row = cardholders::table.find(cardholder_id);
    Ok(row.select(cardholders::national_id_blind).first(&mut conn).await?)
}

/// How many accounts and cards somebody has.
pub(super) async fn holdings(mut conn: &Conn, cardholder_id: CardholderId) -> DbResult<(i64, i64)> {
    let accounts = accounts::table.filter(accounts::cardholder_id.eq(cardholder_id)).count();
    let cards = cards::table.filter(cards::cardholder_id.eq(cardholder_id)).count();
    Ok((accounts.get_result(&mut conn).await?, cards.get_result(&mut conn).await?))
}

/// Replaces the identity number, or takes it away.
pub(super) async fn set_national_id(
    tx: &mut Tx<'_>,
    cardholder_id: CardholderId,
    id: Option<&SealedId>,
) -> DbResult<()> {
    use cardholders as c;
    if let Some(blind) = national_id_blind(tx, cardholder_id).await? {
        diesel::delete(national_id_index::table.find((blind, cardholder_id))).execute(&mut tx.conn()).await?;
    }
    diesel::update(c::table.find(cardholder_id))
        .set((
            c::national_id_sealed.eq(id.map(|id| &id.sealed)),
            c::national_id_blind.eq(id.map(|id| &id.blind)),
            c::national_id_masked.eq(id.map(|id| &id.masked)),
        ))
        .execute(&mut tx.conn())
        .await?;
    if let Some(id) = id {
        diesel::insert_into(national_id_index::table)
            .values((
                national_id_index::national_id_blind.eq(&id.blind),
                national_id_index::cardholder_id.eq(cardholder_id),
            ))
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

/// Rewrites what the name search finds, after name or branch changed.
pub(super) async fn rewrite_grams(
    tx: &mut Tx<'_>,
    before: Option<&CardholderRow>,
    after: &CardholderRow,
) -> DbResult<()> {
    if let Some(before) = before {
        for gram in grams(before) {
            let row = name_grams::table.find((gram, sort_key(before), before.cardholder_id));
            diesel::delete(row).execute(&mut tx.conn()).await?;
        }
    }
    let rows: Vec<_> = grams(after)
        .into_iter()
        .map(|gram| {
            (
                name_grams::gram.eq(gram),
                name_grams::sort_key.eq(sort_key(after)),
                name_grams::cardholder_id.eq(after.cardholder_id),
                name_grams::branch_id.eq(after.branch_id),
            )
        })
        .collect();
    if !rows.is_empty() {
        diesel::insert_into(name_grams::table).values(rows).execute(&mut tx.conn()).await?;
    }
    Ok(())
}

fn grams(row: &CardholderRow) -> Vec<String> {
    let name = row.name.as_deref().unwrap_or_default();
    person_name::grams_of(
        name,
        row.name_pinyin.as_deref().unwrap_or_default(),
        row.name_initials.as_deref().unwrap_or_default(),
    )
}

fn sort_key(row: &CardholderRow) -> String {
    row.name_pinyin.clone().unwrap_or_default()
}

pub(super) async fn insert_key(
    tx: &mut Tx<'_>,
    cardholder_id: CardholderId,
    wrapped: &WrappedKey,
) -> DbResult<()> {
    use cardholder_keys as k;
    diesel::insert_into(k::table)
        .values((
            k::cardholder_id.eq(cardholder_id),
            k::wrapped_key.eq(&wrapped.bytes),
            k::master_key_id.eq(&wrapped.master_key_id),
            k::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The cardholder's data key; made now for one who came without.
pub(super) async fn data_key(
    tx: &mut Tx<'_>,
    vault: &Vault,
    cardholder_id: CardholderId,
) -> Result<DataKey, CardholderError> {
    match wrapped_key(tx, cardholder_id).await? {
        Some(wrapped) => Ok(vault.unwrap(&wrapped, cardholder_id.0)?),
        None => {
            let (key, wrapped) = vault.new_data_key(cardholder_id.0)?;
            insert_key(tx, cardholder_id, &wrapped).await?;
            Ok(key)
        }
    }
}

/// The data key as it is kept; none for one who came without, or was erased.
pub(super) async fn wrapped_key(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Option<WrappedKey>> {
    use cardholder_keys as k;
    let row = k::table.find(cardholder_id).select((k::master_key_id, k::wrapped_key));
    let kept: Option<(String, Vec<u8>)> = row.first(&mut conn).await.optional()?;
    Ok(kept.map(|(master_key_id, bytes)| WrappedKey { master_key_id, bytes }))
}

pub(super) async fn is_customer_no_taken(mut conn: &Conn, customer_no: &str) -> DbResult<bool> {
    let taken = customer_no_index::table.find(customer_no);
    Ok(diesel::select(diesel::dsl::exists(taken)).get_result(&mut conn).await?)
}
