//! What a caller sees of a row. A row that holds personal or financial fields is not `Serialize`: it becomes an answer through a
//! [`Sight`], which blanks what the caller does not see and names it in the answer's `withheld`.

use platform::Role;

use crate::{FieldClass, access};

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
        }
    }

    /// A veil for one answer.
    pub fn veil(self) -> Veil {
        Veil { sight: self, withheld: Vec::new() }
    }
}

/// Lets the values of one answer through, or keeps them back and remembers their names.
pub struct Veil {
    sight: Sight,
    withheld: Vec<&'static str>,
}

impl Veil {
    pub fn personal<T>(&mut self, name: &'static str, value: impl Into<Option<T>>) -> Option<T> {
        self.pass(FieldClass::Personal, name, value)
    }

    pub fn financial<T>(&mut self, name: &'static str, value: impl Into<Option<T>>) -> Option<T> {
        self.pass(FieldClass::Financial, name, value)
    }

    fn pass<T>(&mut self, class: FieldClass, name: &'static str, value: impl Into<Option<T>>) -> Option<T> {
        if self.sight.sees(class) {
            return value.into();
        }
        self.withheld.push(name);
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
        let mut veil = Sight::of(Role::ServiceAgent).veil();
        assert_eq!(veil.personal("birth_on", "1990-01-01"), Some("1990-01-01"));
        assert_eq!(veil.financial::<i64>("balance_minor", 100), None);
        assert_eq!(veil.withheld(), ["balance_minor"]);
    }

    #[test]
    fn a_missing_value_that_may_be_seen_is_not_withheld() {
        let mut veil = Sight::of(Role::Teller).veil();
        assert_eq!(veil.financial::<i64>("credit_limit_minor", None), None);
        assert_eq!(veil.withheld(), [""; 0]);
    }

    #[test]
    fn the_open_sight_sees_neither_persons_nor_money() {
        assert!(Sight::OPEN.sees(FieldClass::Open));
        assert!(!Sight::OPEN.sees(FieldClass::Personal) && !Sight::OPEN.sees(FieldClass::Financial));
    }
}
