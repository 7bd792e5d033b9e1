//! What a caller sees of a row. A row that holds personal or financial fields is not `Serialize`: it becomes an answer through a
//! [`Sight`], which blanks what the caller does not see and names it in the answer's `withheld`. Which class a field has stands
//! in one table (`access/field_classes.txt`).

use kernel::FieldFault;
use platform::Role;

use crate::{FieldClass, RequestFault, access};

/// The classes of fields that one caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    personal: bool,
    financial: bool,
}

impl Sight {
    /// What everybody sees who may see the thing at all: also the sight of things that belong to somebody out of reach.
    pub const OPEN: Self = Self { personal: false, financial: false };

    pub fn of(role: Role) -> Self {
        let sees = |class| access::sees(role, class);
        Self { personal: sees(FieldClass::Personal), financial: sees(FieldClass::Financial) }
    }

    pub fn sees(self, class: FieldClass) -> bool {
        match class {
            FieldClass::Open => true,
            FieldClass::Personal => self.personal,
            FieldClass::Financial => self.financial,
            FieldClass::Secret => false,
        }
    }

    pub fn sees_field(self, table: &str, field: &str) -> bool {
        self.sees(access::class_of(table, field))
    }

    /// Whether a field of this name is seen in whichever table it stands; for texts that name fields without their tables.
    pub fn sees_everywhere(self, field: &str) -> bool {
        let fields = access::classed_fields().values().flatten();
        fields.filter(|known| known.field == field).all(|known| self.sees(known.class))
    }

    /// A veil for one answer about a row of `table`.
    pub fn veil(self, table: &'static str) -> Veil {
        Veil { sight: self, table, withheld: Vec::new() }
    }

    /// The fields of `table` that this caller does not see.
    pub fn unseen(self, table: &str) -> Vec<&'static str> {
        let fields = access::classed_fields().get(table).into_iter().flatten();
        fields.filter(|field| !self.sees(field.class)).map(|field| field.field).collect()
    }

    /// Refuses a filter or a sort by what the caller does not see: its answer would tell the value. Each asked name comes
    /// with the field that it tells of, and whether it is asked for.
    pub fn admit(self, table: &str, asked: &[(&'static str, &str, bool)]) -> Result<(), RequestFault> {
        let unseen = asked.iter().filter(|(_, field, is_asked)| *is_asked && !self.sees_field(table, field));
        let faults: Vec<FieldFault> =
            unseen.map(|(name, ..)| FieldFault::new(format!("/{name}"), RequestFault::WITHHELD)).collect();
        if faults.is_empty() { Ok(()) } else { Err(RequestFault::Withheld(faults)) }
    }
}

/// Lets the values of one answer through, or keeps them back and remembers their names.
pub struct Veil {
    sight: Sight,
    table: &'static str,
    withheld: Vec<&'static str>,
}

impl Veil {
    /// The value of a field, if the caller sees its class.
    pub fn pass<T>(&mut self, field: &'static str, value: impl Into<Option<T>>) -> Option<T> {
        if self.sight.sees_field(self.table, field) {
            return value.into();
        }
        self.withheld.push(field);
        None
    }

    /// The names of what was kept back.
    pub fn withheld(self) -> Vec<&'static str> {
        self.withheld
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_blank_and_named() {
        let mut veil = Sight::of(Role::ServiceAgent).veil("cardholders");
        assert_eq!(veil.pass("birth_on", "1990-01-01"), Some("1990-01-01"));
        assert_eq!(veil.pass::<i64>("yearly_income_minor", 100), None);
        assert_eq!(veil.pass::<i64>("a_field_that_nobody_classed", 100), None);
        assert_eq!(veil.withheld(), ["yearly_income_minor", "a_field_that_nobody_classed"]);
    }

    #[test]
    fn a_missing_value_that_may_be_seen_is_not_withheld() {
        let mut veil = Sight::of(Role::Teller).veil("accounts");
        assert_eq!(veil.pass::<i64>("credit_limit_minor", None), None);
        assert_eq!(veil.withheld(), [""; 0]);
    }

    #[test]
    fn a_filter_by_what_is_not_seen_is_refused_and_named() {
        let asked = [
            ("age_min", "age_years", true),
            ("lifecycle", "lifecycle", true),
            ("age_max", "age_years", false),
        ];
        assert!(Sight::of(Role::Teller).admit("cardholders", &asked).is_ok());
        let refused = Sight::of(Role::Marketer).admit("cardholders", &asked).unwrap_err();
        assert_eq!(
            refused,
            RequestFault::Withheld(vec![FieldFault::new("/age_min", RequestFault::WITHHELD)])
        );
    }

    #[test]
    fn the_open_sight_sees_neither_persons_nor_money() {
        assert!(Sight::OPEN.sees(FieldClass::Open));
        assert!(!Sight::OPEN.sees(FieldClass::Personal) && !Sight::OPEN.sees(FieldClass::Financial));
    }
}
