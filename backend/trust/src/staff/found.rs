//! The first administrator of an empty bank. From then on people are employed by people.

use platform::{Role, Tx, config::SessionsConfig};

use super::{
    employ,
    model::{Employed, NewStaff, StaffError},
    repo,
};
use crate::branches;

/// Opens the head office and employs its first administrator; refused once anybody works here.
pub async fn found(
    tx: &mut Tx<'_>,
    rules: &SessionsConfig,
    bank_name: String,
    staff_no: String,
    name: String,
) -> Result<Employed, StaffError> {
    if repo::is_anybody_here(tx).await? {
        return Err(StaffError::AlreadyFounded);
    }
    let head_office = branches::open_head_office(tx, bank_name).await?;
    let new = NewStaff {
        staff_no,
        name: name.into(),
        role: Role::Admin,
        scope: None,
        branch_id: head_office.branch_id,
    };
    let password = employ::new_password().await?;
    employ::employ(tx, rules, new, password).await
}
