//! The first two administrators of an empty bank: what one of them gives, the other approves. From then on people are employed
//! by people.

use platform::{Role, Tx, config::SessionsConfig};

use super::{
    employ,
    model::{Employed, NewStaff, StaffError},
    repo,
};
use crate::branches;

/// Opens the head office and employs its first administrators, each by number and name; refused once anybody works here.
pub async fn found(
    tx: &mut Tx<'_>,
    rules: &SessionsConfig,
    bank_name: String,
    founders: [(String, String); 2],
) -> Result<Vec<Employed>, StaffError> {
    if repo::is_anybody_here(tx).await? {
        return Err(StaffError::AlreadyFounded);
    }
    let head_office = branches::open_head_office(tx, bank_name).await?;
    let mut employed = Vec::new();
    for (staff_no, name) in founders {
        let new = NewStaff {
            staff_no,
            name: name.into(),
            role: Role::Admin,
            scope: None,
            branch_id: head_office.branch_id,
            evidence_note: None,
        };
        let password = employ::new_password().await?;
        employed.push(employ::employ_first(tx, rules, new, password).await?);
    }
    Ok(employed)
}
