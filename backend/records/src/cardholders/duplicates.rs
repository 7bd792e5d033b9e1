//! Who may be the same person: same identity number; same phone and name; same name and birth date.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::{BranchId, CardholderId, StaffId},
    schema::{cardholders, national_id_index, phone_index},
};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Reach, Snapshot};

use super::members::survivors_of;

/// Candidates that are shown at most.
const CANDIDATES_MAX: i64 = 20;

platform::vocabulary! {
    /// By what two records look like one person.
    pub enum MatchedBy { NationalId = "national_id", PhoneAndName = "phone_and_name", NameAndBirthOn = "name_and_birth_on" }
}

/// A record that may be of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Candidate {
    pub cardholder_id: CardholderId,
    pub customer_no: String,
    pub name: Option<String>,
    pub matched_by: MatchedBy,
    pub branch_name: Option<String>,
}

/// What is compared.
pub(super) struct Sought<'a> {
    pub name: Option<&'a str>,
    pub birth_on: Option<NaiveDate>,
    pub national_id_blind: Option<&'a [u8]>,
    pub phone_blinds: &'a [Vec<u8>],
}

/// The candidates within reach, and how many there are beyond it.
pub(super) struct Found {
    pub candidates: Vec<Candidate>,
    pub hidden_count: usize,
}

type Row = (CardholderId, String, Option<String>, BranchId, Option<StaffId>);

/// Two creations of the same person at once take turns here, so that the second sees the first.
pub(super) async fn take_turn(tx: &mut Tx<'_>, sought: &Sought<'_>) -> DbResult<()> {
    let name = sought.name.unwrap_or_default().as_bytes();
    let mut keys: Vec<i64> = [sought.national_id_blind.unwrap_or_default(), name]
        .iter()
        .filter(|k| !k.is_empty())
        .map(|k| lock_key(k))
        .collect();
    // Always in the same order, so that two never wait for each other.
    keys.sort_unstable();
    for key in keys {
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<BigInt, _>(key)
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

/// FNV-1a: any spread will do, a collision only makes somebody wait.
fn lock_key(bytes: &[u8]) -> i64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
        .cast_signed()
}

pub(super) async fn look_for(
    conn: &Conn,
    sought: &Sought<'_>,
    reach: &Reach,
    directory: &Snapshot,
) -> DbResult<Found> {
    let mut rows: Vec<(Row, MatchedBy)> = Vec::new();
    if let Some(blind) = sought.national_id_blind {
        rows.extend(by_national_id(conn, blind).await?.into_iter().map(|row| (row, MatchedBy::NationalId)));
    }
    if let Some(name) = sought.name {
        rows.extend(
            by_phone_and_name(conn, sought.phone_blinds, name)
                .await?
                .into_iter()
                .map(|row| (row, MatchedBy::PhoneAndName)),
        );
        if let Some(birth_on) = sought.birth_on {
            rows.extend(
                by_name_and_birth(conn, name, birth_on)
                    .await?
                    .into_iter()
                    .map(|row| (row, MatchedBy::NameAndBirthOn)),
            );
        }
    }
    let mut found = Found { candidates: Vec::new(), hidden_count: 0 };
    let mut seen = std::collections::HashSet::new();
    for ((cardholder_id, customer_no, name, branch_id, manager_id), matched_by) in
        standing(conn, rows).await?
    {
        if !seen.insert(cardholder_id) {
            continue;
        }
        if reach.covers(cardholder_id, branch_id, manager_id) {
            let branch_name = directory.branch_name(branch_id).map(ToOwned::to_owned);
            found.candidates.push(Candidate { cardholder_id, customer_no, name, matched_by, branch_name });
        } else {
            found.hidden_count += 1;
        }
    }
    Ok(found)
}

/// In place of whoever was merged into another, the other.
async fn standing(conn: &Conn, rows: Vec<(Row, MatchedBy)>) -> DbResult<Vec<(Row, MatchedBy)>> {
    let ids: Vec<CardholderId> = rows.iter().map(|((id, ..), _)| *id).collect();
    let survivors = if ids.is_empty() { HashMap::new() } else { survivors_of(conn, &ids).await? };
    if survivors.is_empty() {
        return Ok(rows);
    }
    let by_id: HashMap<CardholderId, Row> = named(conn, survivors.values().copied().collect())
        .await?
        .into_iter()
        .map(|row| (row.0, row))
        .collect();
    let stands = |(row, matched_by): (Row, MatchedBy)| {
        let survivor = survivors.get(&row.0).and_then(|id| by_id.get(id)).cloned();
        (survivor.unwrap_or(row), matched_by)
    };
    Ok(rows.into_iter().map(stands).collect())
}

async fn by_national_id(mut conn: &Conn, blind: &[u8]) -> DbResult<Vec<Row>> {
    let ids = national_id_index::table
        .filter(national_id_index::national_id_blind.eq(blind))
        .select(national_id_index::cardholder_id);
    let ids: Vec<CardholderId> = ids.limit(CANDIDATES_MAX).load(&mut conn).await?;
    named(conn, ids).await
}

async fn by_phone_and_name(mut conn: &Conn, blinds: &[Vec<u8>], name: &str) -> DbResult<Vec<Row>> {
    let ids = phone_index::table
        .filter(phone_index::number_blind.eq_any(blinds))
        .select(phone_index::cardholder_id);
    let ids: Vec<CardholderId> = ids.limit(CANDIDATES_MAX * 10).load(&mut conn).await?;
    Ok(named(conn, ids).await?.into_iter().filter(|row| row.2.as_deref() == Some(name)).collect())
}

async fn by_name_and_birth(mut conn: &Conn, name: &str, birth_on: NaiveDate) -> DbResult<Vec<Row>> {
    let same =
        cardholders::table.filter(cardholders::name.eq(name)).filter(cardholders::birth_on.eq(birth_on));
    Ok(same.select(COLUMNS).limit(CANDIDATES_MAX).load(&mut conn).await?)
}

async fn named(mut conn: &Conn, ids: Vec<CardholderId>) -> DbResult<Vec<Row>> {
    Ok(cardholders::table
        .filter(cardholders::cardholder_id.eq_any(ids))
        .select(COLUMNS)
        .load(&mut conn)
        .await?)
}

const COLUMNS: (
    cardholders::cardholder_id,
    cardholders::customer_no,
    cardholders::name,
    cardholders::branch_id,
    cardholders::manager_id,
) = (
    cardholders::cardholder_id,
    cardholders::customer_no,
    cardholders::name,
    cardholders::branch_id,
    cardholders::manager_id,
);
