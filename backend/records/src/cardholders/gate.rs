//! The gate before everything that is kept under a cardholder: somebody out of the caller's reach does not exist.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Fault, Kind};
use platform::{
    Conn, Db, DbError, DbResult, Tx,
    ids::{BranchId, CardholderId, StaffId},
    schema::{cardholders, erased_cardholders},
};
use web::Reach;

#[derive(Debug, thiserror::Error)]
pub enum GateError {
    #[error("no such cardholder within reach")]
    Missing,
    /// A tombstone is read and never written upon.
    #[error("the cardholder has been erased")]
    Erased,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for GateError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Erased => Kind::Conflict,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "cardholders.missing",
            Self::Erased => "cardholders.erased",
            Self::Db(error) => error.code(),
        }
    }
}

/// Whether the cardholder exists within `reach`.
pub async fn check(mut conn: &Conn, reach: &Reach, cardholder_id: CardholderId) -> Result<(), GateError> {
    let home: Option<(BranchId, Option<StaffId>)> = cardholders::table
        .find(cardholder_id)
        .select((cardholders::branch_id, cardholders::manager_id))
        .first(&mut conn)
        .await
        .optional()
        .map_err(DbError::from)?;
    match home {
        Some((branch_id, manager_id)) if reach.covers(cardholder_id, branch_id, manager_id) => Ok(()),
        _ => Err(GateError::Missing),
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
    match home {
        Some((branch_id, manager_id)) if reach.covers(cardholder_id, branch_id, manager_id) => {
            refuse_erased(tx, cardholder_id).await?;
            Ok(branch_id)
        }
        _ => Err(GateError::Missing),
    }
}

/// Nothing is added to whom nothing is known of any more.
pub async fn refuse_erased(mut conn: &Conn, cardholder_id: CardholderId) -> Result<(), GateError> {
    let tombstone = erased_cardholders::table.find(cardholder_id);
    let is_erased: bool =
        diesel::select(diesel::dsl::exists(tombstone)).get_result(&mut conn).await.map_err(DbError::from)?;
    if is_erased { Err(GateError::Erased) } else { Ok(()) }
}

/// A quick read under a cardholder. Check and read travel down the shared connection together; what was read is dropped
/// when the check fails.
pub async fn quick<T>(
    db: &Db,
    reach: &Reach,
    cardholder_id: CardholderId,
    read: impl AsyncFn(&Conn) -> DbResult<T>,
) -> Result<T, GateError> {
    db.quick(async |conn| {
        let (check, answer) = futures_util::join!(check(conn, reach, cardholder_id), read(conn));
        match check {
            Ok(()) => Ok(Ok(answer?)),
            Err(GateError::Db(error)) => Err(error),
            Err(error) => Ok(Err(error)),
        }
    })
    .await?
}

/// A read under a cardholder that may take a while, on a connection of its own.
pub async fn slow<T>(
    db: &Db,
    reach: &Reach,
    cardholder_id: CardholderId,
    read: impl AsyncFnOnce(&Conn) -> DbResult<T>,
) -> Result<T, GateError> {
    let conn = db.read().await?;
    check(&conn, reach, cardholder_id).await?;
    Ok(read(&conn).await?)
}
