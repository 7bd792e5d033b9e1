//! Whether a caller may look at a cardholder at all. Everything below `/cardholders/{cardholder_id}` passes here first.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{Fault, Kind};
use platform::{
    Conn, DbError, DbResult,
    ids::{BranchId, CardholderId, StaffId},
    schema::cardholders,
};
use web::Reach;

#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// Out of reach and not there at all are the same answer.
    #[error("no such cardholder within the caller's reach")]
    Missing,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Fault for GateError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Db(error) => error.kind(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Missing => "cardholders.missing",
            Self::Db(error) => error.code(),
        }
    }
}

/// Passes when the cardholder exists within `reach`.
pub async fn check(conn: &Conn, reach: &Reach, cardholder_id: CardholderId) -> Result<(), GateError> {
    match home_of(conn, cardholder_id).await? {
        Some((branch_id, manager_id)) if reach.covers(branch_id, manager_id) => Ok(()),
        _ => Err(GateError::Missing),
    }
}

async fn home_of(
    mut conn: &Conn,
    cardholder_id: CardholderId,
) -> DbResult<Option<(BranchId, Option<StaffId>)>> {
    let home =
        cardholders::table.find(cardholder_id).select((cardholders::branch_id, cardholders::manager_id));
    Ok(home.first(&mut conn).await.optional()?)
}
