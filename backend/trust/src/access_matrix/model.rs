use platform::{Role, Scope};
use serde::Serialize;
use utoipa::ToSchema;
use web::{
    FieldClass, Permission,
    access::{self, ClassedField},
};

/// What one role may do and see.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleAccess {
    pub role: Role,
    pub permissions: &'static [Permission],
    /// The classes of fields that it sees.
    pub classes: Vec<FieldClass>,
    /// Whose cardholders, unless a member of staff was given another scope.
    pub default_scope: Scope,
}

/// A table and the class of each of its fields.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClassedTable {
    #[schema(example = "cardholders")]
    pub table: &'static str,
    pub fields: &'static [ClassedField],
}

/// Who may do and see what: the matrix that the server applies, and the class of every column.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessMatrix {
    pub roles: Vec<RoleAccess>,
    /// By name.
    pub tables: Vec<ClassedTable>,
}

impl AccessMatrix {
    /// The one that is in force.
    pub(super) fn in_force() -> Self {
        let roles = Role::ALL.iter().map(|role| RoleAccess {
            role: *role,
            permissions: access::permissions_of(*role),
            classes: access::classes_of(*role),
            default_scope: access::default_scope(*role),
        });
        let tables = access::classed_fields().iter().map(|(table, fields)| ClassedTable { table, fields });
        Self { roles: roles.collect(), tables: tables.collect() }
    }
}
