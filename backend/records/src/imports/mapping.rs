//! Which column is which field: as it was the last time, as the names suggest, as somebody says.

use std::collections::BTreeMap;

use kernel::FieldFault;
use trust::imports::{Format, Layout};

use super::model::{ImportKind, ImportsError, Mapping};

/// What the names of columns suggest, or what was meant by the same names before.
pub(super) fn suggested(kind: ImportKind, columns: &[String], before: Option<Mapping>) -> Mapping {
    if let Some(before) = before
        && before.values().all(|column| columns.contains(column))
        && before.keys().all(|name| kind.fields().iter().any(|field| field.name == name))
    {
        return before;
    }
    let mut mapping = BTreeMap::new();
    for field in kind.fields() {
        let is_meant = |column: &&String| {
            let told = told(column);
            told == field.name.replace('_', " ") || field.aliases.contains(&told.as_str())
        };
        let is_free = |column: &&String| !mapping.values().any(|taken| taken == *column);
        if let Some(column) = columns.iter().filter(is_free).find(is_meant) {
            mapping.insert(field.name.to_owned(), column.clone());
        }
    }
    mapping
}

/// A name without what people put around it.
fn told(column: &str) -> String {
    let plain: String = column.chars().map(|c| if matches!(c, '_' | '-') { ' ' } else { c }).collect();
    plain.trim_matches([' ', '*', '＊']).to_lowercase()
}

/// Says where a mapping does not fit the file.
pub(super) fn check(kind: ImportKind, columns: &[String], mapping: &Mapping) -> Result<(), ImportsError> {
    let mut faults = Vec::new();
    for (name, column) in mapping {
        let pointer = format!("/mapping/{name}");
        if !kind.fields().iter().any(|field| field.name == name) {
            faults.push(FieldFault::new(pointer, "field.unknown"));
        } else {
            match columns.iter().filter(|known| *known == column).count() {
                0 => faults.push(FieldFault::new(pointer, "imports.column_missing")),
                1 => {}
                _ => faults.push(FieldFault::new(pointer, "imports.column_twice")),
            }
        }
    }
    let lacking = kind.fields().iter().filter(|field| field.is_required && !mapping.contains_key(field.name));
    faults.extend(lacking.map(|field| FieldFault::new(format!("/mapping/{}", field.name), "field.missing")));
    if faults.is_empty() { Ok(()) } else { Err(ImportsError::Invalid(faults)) }
}

/// The mapping as the reader of rows wants it.
pub(super) fn layout(kind: ImportKind, format: Format, mapping: &Mapping) -> Layout {
    Layout {
        format,
        fields: kind.field_names(),
        columns: kind.fields().iter().map(|field| mapping.get(field.name).cloned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn pairs(mapping: &Mapping) -> Vec<(&str, &str)> {
        mapping.iter().map(|(name, column)| (name.as_str(), column.as_str())).collect()
    }

    #[test]
    fn names_suggest_their_fields_and_each_column_is_taken_once() {
        let found = suggested(
            ImportKind::Cardholders,
            &columns(&["姓名", "手机号 *", "Birth_Date", "branch", "anything"]),
            None,
        );
        assert_eq!(
            pairs(&found),
            [("birth_on", "Birth_Date"), ("branch", "branch"), ("name", "姓名"), ("phone", "手机号 *")]
        );
        let currency = suggested(ImportKind::Cardholders, &columns(&["币种"]), None);
        assert_eq!(pairs(&currency), [("yearly_income_currency", "币种")]);
    }

    #[test]
    fn what_was_meant_before_comes_first_where_it_still_fits() {
        let before: Mapping = BTreeMap::from([("name".to_owned(), "A".to_owned())]);
        let both = columns(&["A", "姓名"]);
        assert_eq!(suggested(ImportKind::Cardholders, &both, Some(before.clone())), before);
        let gone = suggested(ImportKind::Cardholders, &columns(&["姓名"]), Some(before));
        assert_eq!(pairs(&gone), [("name", "姓名")]);
    }

    #[test]
    fn a_mapping_that_does_not_fit_says_where() {
        let wish = BTreeMap::from([
            ("branch".to_owned(), "twice".to_owned()),
            ("colour".to_owned(), "A".to_owned()),
            ("name".to_owned(), "gone".to_owned()),
        ]);
        let Err(ImportsError::Invalid(faults)) =
            check(ImportKind::Cardholders, &columns(&["A", "twice", "twice"]), &wish)
        else {
            unreachable!("it does not fit")
        };
        let told: Vec<String> =
            faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect();
        assert_eq!(
            told,
            [
                "/mapping/branch imports.column_twice",
                "/mapping/colour field.unknown",
                "/mapping/name imports.column_missing"
            ]
        );
        let empty = check(ImportKind::Cardholders, &[], &BTreeMap::new());
        assert!(
            matches!(empty, Err(ImportsError::Invalid(faults)) if faults[0].pointer == "/mapping/branch")
        );
    }
}
