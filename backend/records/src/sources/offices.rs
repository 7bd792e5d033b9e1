//! The branches that a source's cardholders and accounts belong to.

use std::collections::HashMap;

use trust::branches::{BranchKind, KnownBranches, StagedBranch};
use uuid::Uuid;

use super::Origin;

/// The branches a source needs: ids of those that are there, derived ids for the rest.
pub(crate) struct Offices {
    origin: Origin,
    known: HashMap<String, Uuid>,
    head_office: Uuid,
    staged: Vec<StagedBranch>,
}

impl Offices {
    /// A bank without a head office gets one: the tree needs a root.
    pub(crate) fn open(origin: Origin, known: KnownBranches) -> Self {
        let mut offices = Self {
            origin,
            known: known.by_code.into_iter().map(|(code, id)| (code, id.0)).collect(),
            head_office: Uuid::nil(),
            staged: Vec::new(),
        };
        offices.head_office = match known.head_office {
            Some(id) => id.0,
            None => offices.want("HQ".to_owned(), "总行".to_owned(), BranchKind::HeadOffice, None),
        };
        offices
    }

    pub(crate) fn city(&mut self, code: &str, name: &str) -> Uuid {
        let head_office = self.head_office;
        self.want(code.to_owned(), name.to_owned(), BranchKind::City, Some(head_office))
    }

    /// A branch below `city_id`; its own city is its name.
    pub(crate) fn branch(&mut self, code: String, name: &str, city_id: Uuid) -> Uuid {
        self.want(code, name.to_owned(), BranchKind::Branch, Some(city_id))
    }

    pub(crate) fn into_staged(self) -> Vec<StagedBranch> {
        self.staged
    }

    fn want(&mut self, code: String, name: String, kind: BranchKind, parent_id: Option<Uuid>) -> Uuid {
        let derived = self.origin.id("branch", &code);
        let branch_id = *self.known.entry(code.clone()).or_insert(derived);
        let city = (kind == BranchKind::Branch).then(|| name.clone());
        self.staged.push(StagedBranch { branch_id, code, name, kind: kind.as_str(), parent_id, city });
        branch_id
    }
}
