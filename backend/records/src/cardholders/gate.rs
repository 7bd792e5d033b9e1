//! The gate before everything that is kept under a cardholder: somebody out of the caller's reach does not exist, and one who was
//! merged into another is asked for under the other.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Fault, Kind};
use platform::{
    Conn, Db, DbError, DbResult, Tx,
    database::kept,
    ids::{BranchId, CardholderId, StaffId},
    schema::{cardholders, erased_cardholders},
};
use serde_json::{Map, Value};
use web::Reach;

use super::{
    members::{Absorbed, AbsorbedInto, Members, survivor_of},
    repo::Profile,
};

#[derive(Debug, thiserror::Error)]
pub enum GateError {
    #[error("no such cardholder within reach")]
    Missing,
    /// A tombstone is read and never written upon.
    #[error("the cardholder has been erased")]
    Erased,
    /// The record stands, and is part of another now.
    #[error("merged into another cardholder")]
    Absorbed { survivor_id: CardholderId },
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for GateError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Erased => Kind::Conflict,
            Self::Absorbed { .. } => Kind::Conflict,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "cardholders.missing",
            Self::Erased => "cardholders.erased",
            Self::Absorbed { .. } => "cardholders.absorbed",
            Self::Db(error) => error.code(),
        }
    }

    fn params(&self) -> Map<String, Value> {
        match self {
            Self::Absorbed { survivor_id } => {
                Map::from_iter([("survivor_id".to_owned(), survivor_id.to_string().into())])
            }
            _ => Map::new(),
        }
    }
}

/// What decides whether somebody may be looked at here.
type Home = (BranchId, Option<StaffId>, Option<CardholderId>, Vec<CardholderId>);

/// Whether the cardholder exists within `reach` and stands for themselves.
pub async fn check(conn: &Conn, reach: &Reach, cardholder_id: CardholderId) -> Result<(), GateError> {
    members(conn, reach, cardholder_id).await.map(drop)
}

/// The cardholder and everybody merged into them, if they are within `reach`.
pub async fn members(
    mut conn: &Conn,
    reach: &Reach,
    cardholder_id: CardholderId,
) -> Result<Members, GateError> {
    let query = cardholders::table
        .find(cardholder_id)
        .select((cardholders::branch_id, cardholders::manager_id, AbsorbedInto, Absorbed))
        .limit(1);
    let home: Option<Home> = kept(query).get_result(&mut conn).await.optional().map_err(DbError::from)?;
    match home {
        Some((branch_id, manager_id, ..)) if !reach.covers(cardholder_id, branch_id, manager_id) => {
            Err(GateError::Missing)
        }
        Some((.., Some(survivor_id), _)) => Err(GateError::Absorbed { survivor_id }),
        Some((.., absorbed)) => Ok(Members::of(cardholder_id, absorbed)),
        None => Err(GateError::Missing),
    }
}

/// The same, locked against everybody else who changes something of theirs.
pub async fn lock(
    tx: &mut Tx<'_>,
    reach: &Reach,
    cardholder_id: CardholderId,
) -> Result<BranchId, GateError> {
    let home: Option<(BranchId, Option<StaffId>)> = cardholders::table
        .find(cardholder_id)
        .select((cardholders::branch_id, cardholders::manager_id))
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()
        .map_err(DbError::from)?;
    let is_within = |(branch_id, manager_id)| reach.covers(cardholder_id, branch_id, manager_id);
    let (branch_id, _) = home.filter(|home| is_within(*home)).ok_or(GateError::Missing)?;
    refuse_erased(tx, cardholder_id).await?;
    match survivor_of(tx, cardholder_id).await? {
        None => Ok(branch_id),
        Some(survivor_id) => Err(GateError::Absorbed { survivor_id }),
    }
}

/// Nothing is added to whom nothing is known of any more.
pub async fn refuse_erased(mut conn: &Conn, cardholder_id: CardholderId) -> Result<(), GateError> {
    let tombstone = erased_cardholders::table.find(cardholder_id);
    let is_erased: bool =
        diesel::select(diesel::dsl::exists(tombstone)).get_result(&mut conn).await.map_err(DbError::from)?;
    if is_erased { Err(GateError::Erased) } else { Ok(()) }
}

/// The profile that was read, if it may be looked at.
pub(super) fn admit(found: Option<Profile>, reach: &Reach) -> Result<Profile, GateError> {
    let profile = found.ok_or(GateError::Missing)?;
    let row = &profile.row;
    match profile.absorbed_into {
        _ if !reach.covers(row.cardholder_id, row.branch_id, row.manager_id) => Err(GateError::Missing),
        Some(survivor_id) => Err(GateError::Absorbed { survivor_id }),
        None => Ok(profile),
    }
}

/// A quick read under a cardholder. Check and read travel down the shared connection together, the read for somebody alone;
/// what was read is dropped when the check fails, and read anew where others were merged into them.
pub async fn quick<T>(
    db: &Db,
    reach: &Reach,
    cardholder_id: CardholderId,
    read: impl AsyncFn(&Conn, &Members) -> DbResult<T>,
) -> Result<T, GateError> {
    db.quick(async |conn| {
        let alone = Members::alone(cardholder_id);
        let (checked, answer) = futures_util::join!(members(conn, reach, cardholder_id), read(conn, &alone));
        match checked {
            Ok(members) if members.are_several() => Ok(Ok(read(conn, &members).await?)),
            Ok(_) => Ok(Ok(answer?)),
            Err(GateError::Db(error)) => Err(error),
            Err(refused) => Ok(Err(refused)),
        }
    })
    .await?
}

/// A read under a cardholder that may take a while, on a connection of its own.
pub async fn slow<T>(
    db: &Db,
    reach: &Reach,
    cardholder_id: CardholderId,
    read: impl AsyncFnOnce(&Conn, &Members) -> DbResult<T>,
) -> Result<T, GateError> {
    let conn = db.read().await?;
    let members = members(&conn, reach, cardholder_id).await?;
    Ok(read(&conn, &members).await?)
}
