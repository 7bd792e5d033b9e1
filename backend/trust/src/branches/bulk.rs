//! Branches that come with a source of records.

use std::collections::HashMap;

use platform::{DbResult, database::Bulk, ids::BranchId};
use uuid::Uuid;

use super::BranchKind;
use crate::imports::{NewRows, Rows};

platform::copy_row! {
    pub struct StagedBranch {
        branch_id: Uuid,
        code: String,
        name: String,
        kind: &'static str,
        parent_id: Option<Uuid>,
        city: Option<String>,
    }
}

/// How they are merged: a branch that is there stays as it is.
pub const IMPORTED: NewRows = NewRows {
    stage: "stage_branches",
    key: &["code"],
    rows: Rows {
        table: "branches",
        columns: &["branch_id", "code", "name", "kind", "parent_id", "city"],
        derived: &[("is_open", "true"), ("version", "1"), ("created_at", "{now}"), ("updated_at", "{now}")],
        only_if: None,
    },
    companions: &[],
};

/// The branches that are there already, by code, and the head office.
pub struct KnownBranches {
    pub by_code: HashMap<String, BranchId>,
    pub head_office: Option<BranchId>,
}

pub async fn known(bulk: &Bulk) -> DbResult<KnownBranches> {
    let rows =
        bulk.query("SELECT code, branch_id, kind FROM branches ORDER BY created_at, branch_id", &[]).await?;
    let mut known = KnownBranches { by_code: HashMap::new(), head_office: None };
    for row in rows {
        let branch_id = BranchId(row.get(1));
        if row.get::<_, &str>(2) == BranchKind::HeadOffice.as_str() {
            known.head_office.get_or_insert(branch_id);
        }
        known.by_code.insert(row.get(0), branch_id);
    }
    Ok(known)
}
