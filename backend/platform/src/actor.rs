//! Who does something: a member of staff, or the system itself.

use crate::ids::{BranchId, SessionId, StaffId};

crate::vocabulary! {
    /// What a member of staff is employed to do. What each may do stands in `web::access::matrix`.
    pub enum Role {
        Teller = "teller",
        RelationshipManager = "relationship_manager",
        ServiceAgent = "service_agent",
        RiskOfficer = "risk_officer",
        RiskManager = "risk_manager",
        Marketer = "marketer",
        MarketingManager = "marketing_manager",
        BranchManager = "branch_manager",
        Auditor = "auditor",
        Admin = "admin",
    }
}

crate::vocabulary! {
    /// Whose cardholders a member of staff sees.
    pub enum Scope {
        /// Those they manage themselves.
        Own = "self",
        /// Those of their branch.
        Branch = "branch",
        /// Those of their branch and everything below it.
        SubTree = "sub_tree",
        Bank = "bank",
    }
}

/// A signed-in member of staff, as of this request.
#[derive(Debug, Clone)]
pub struct StaffActor {
    pub staff_id: StaffId,
    pub staff_no: String,
    pub name: String,
    pub role: Role,
    pub scope: Scope,
    pub branch_id: BranchId,
    pub session_id: SessionId,
}

#[derive(Debug, Clone)]
pub enum Identity {
    Staff(StaffActor),
    /// A job or a command line; the name says which.
    System(&'static str),
    /// Somebody who is not (yet) signed in.
    Anonymous,
}

/// Who acts, from where, and under which trace id. Every audit row is written from it.
#[derive(Debug, Clone)]
pub struct Actor {
    pub identity: Identity,
    pub ip: Option<String>,
    pub trace_id: String,
}

impl Actor {
    pub fn system(name: &'static str) -> Self {
        Self { identity: Identity::System(name), ip: None, trace_id: format!("system-{name}") }
    }

    pub fn staff(&self) -> Option<&StaffActor> {
        match &self.identity {
            Identity::Staff(staff) => Some(staff),
            Identity::System(_) | Identity::Anonymous => None,
        }
    }
}
