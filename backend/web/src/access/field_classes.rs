//! Which class each column has: the table in `field_classes.txt`, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Serialize;
use utoipa::ToSchema;

const TABLE: &str = include_str!("field_classes.txt");

platform::vocabulary! {
    /// Kinds of fields (JR/T 0171-2020).
    pub enum FieldClass {
        /// C1: names, branch, dates of opening, status.
        Open = "open",
        /// C2, personal: birth date, masked id and contacts, occupation, employer, family.
        Personal = "personal",
        /// C2, financial: income, balances, limits, amounts.
        Financial = "financial",
        /// C3: credentials, keys and sealed texts; shown to nobody.
        Secret = "secret",
    }
}

/// One line of the table: a column, or an answer made from columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClassedField {
    pub field: &'static str,
    pub class: FieldClass,
    /// Made from columns, not one itself.
    pub is_derived: bool,
}

static CLASSES: LazyLock<BTreeMap<&'static str, Vec<ClassedField>>> = LazyLock::new(|| parse(TABLE));

fn parse(text: &'static str) -> BTreeMap<&'static str, Vec<ClassedField>> {
    let mut tables: BTreeMap<&str, Vec<ClassedField>> = BTreeMap::new();
    let mut table = "";
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { continue };
        if !line.starts_with(' ') {
            table = first;
            tables.entry(table).or_default();
            continue;
        }
        // A class that does not exist keeps its fields from everybody; the tests name it.
        let class = first.parse().unwrap_or(FieldClass::Secret);
        let fields = words.map(|word| ClassedField {
            field: word.trim_start_matches('+'),
            class,
            is_derived: word.starts_with('+'),
        });
        tables.entry(table).or_default().extend(fields);
    }
    tables
}

/// Every table with its classed fields, by name.
pub fn classed_fields() -> &'static BTreeMap<&'static str, Vec<ClassedField>> {
    &CLASSES
}

/// The class of a table's field; one that nobody classed is secret.
pub fn class_of(table: &str, field: &str) -> FieldClass {
    let found = CLASSES.get(table).and_then(|fields| fields.iter().find(|known| known.field == field));
    found.map_or(FieldClass::Secret, |known| known.class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_what_is_not_in_it_is_secret() {
        assert_eq!(class_of("cardholders", "name"), FieldClass::Open);
        assert_eq!(class_of("cardholders", "age_years"), FieldClass::Personal);
        assert_eq!(class_of("statements", "billed_minor"), FieldClass::Financial);
        assert_eq!(class_of("staff", "password_hash"), FieldClass::Secret);
        assert_eq!(class_of("cardholders", "shoe_size"), FieldClass::Secret);
        assert_eq!(class_of("no_such_table", "name"), FieldClass::Secret);
    }

    #[test]
    fn every_line_starts_with_a_table_or_a_class_and_no_field_stands_twice() {
        for line in TABLE.lines().filter(|line| line.starts_with(' ') && !line.trim_start().starts_with('#'))
        {
            let class = line.split_whitespace().next().unwrap();
            assert!(class.parse::<FieldClass>().is_ok(), "{line}");
        }
        for (table, fields) in classed_fields() {
            for (at, field) in fields.iter().enumerate() {
                assert!(
                    fields[..at].iter().all(|earlier| earlier.field != field.field),
                    "{table}.{}",
                    field.field
                );
            }
        }
    }
}
