//! What only the bank as a whole knows of staged rows: who is somebody twice, and whose customer number is taken.

use platform::{DbResult, database::Bulk, ids::CardholderId};
use trust::imports::{Import, ImportError, RowFault, SourceFile};
use uuid::Uuid;

use super::{super::customer_no::customer_no, PEOPLE};

/// Customer numbers tried before giving up.
const NUMBER_ATTEMPTS_MAX: u32 = 8;

/// Rows that somebody is here by already, and nobody has said why they are not.
const NEW: &str = "s.override_reason IS NULL AND NOT EXISTS (SELECT FROM cardholders t WHERE t.cardholder_id = s.cardholder_id)";
/// By which two are one person, as the form has it: the identity number, also of somebody who was erased; phone and name; name
/// and birth date.
const SAME_IN_BANK: &[(&str, &str)] = &[
    (
        "national_id",
        "EXISTS (SELECT FROM national_id_index i WHERE i.national_id_blind = s.national_id_blind)",
    ),
    ("national_id", "EXISTS (SELECT FROM erased_marks m WHERE m.mark = s.erased_mark)"),
    (
        "phone",
        "EXISTS (SELECT FROM phone_index i JOIN cardholders c ON c.cardholder_id = i.cardholder_id
                 WHERE i.number_blind = s.number_blind AND c.name = s.name)",
    ),
    ("birth_on", "EXISTS (SELECT FROM cardholders c WHERE c.name = s.name AND c.birth_on = s.birth_on)"),
];
const SAME_IN_FILE: &[(&str, &str)] = &[
    ("national_id", "e.national_id_blind = s.national_id_blind"),
    ("phone", "e.number_blind = s.number_blind AND e.name = s.name"),
    ("birth_on", "e.name = s.name AND e.birth_on = s.birth_on"),
];

/// Refuses rows that are the same row twice, or may be of somebody who is here or in an earlier row.
pub async fn refuse_doubles(import: &mut Import, file: &SourceFile) -> Result<(), ImportError> {
    let earlier =
        |same: &str| format!("EXISTS (SELECT FROM {} e WHERE {same} AND e.line < s.line)", PEOPLE.stage);
    let twice = RowFault::of_row("imports.duplicate");
    import.refuse_staged(file, PEOPLE.stage, &earlier("e.cardholder_id = s.cardholder_id"), twice).await?;
    for (column, same) in SAME_IN_BANK {
        let fault = RowFault::in_column(column, "cardholders.possible_duplicate");
        import.refuse_staged(file, PEOPLE.stage, &format!("{same} AND {NEW}"), fault).await?;
    }
    for (column, same) in SAME_IN_FILE {
        let fault = RowFault::in_column(column, "cardholders.possible_duplicate");
        let condition = format!("{} AND s.override_reason IS NULL", earlier(same));
        import.refuse_staged(file, PEOPLE.stage, &condition, fault).await?;
    }
    Ok(())
}

/// Gives staged rows whose customer number is taken another one.
pub async fn free_numbers(bulk: &Bulk) -> DbResult<()> {
    let taken = format!(
        "SELECT s.cardholder_id FROM {stage} s
         WHERE NOT EXISTS (SELECT FROM cardholders t WHERE t.cardholder_id = s.cardholder_id)
           AND (EXISTS (SELECT FROM customer_no_index i WHERE i.customer_no = s.customer_no)
                OR EXISTS (SELECT FROM {stage} e WHERE e.customer_no = s.customer_no AND e.line < s.line))",
        stage = PEOPLE.stage
    );
    let renumber =
        "UPDATE stage_people s SET customer_no = n.customer_no FROM unnest($1::uuid[], $2::text[]) AS n (cardholder_id, customer_no)
         WHERE s.cardholder_id = n.cardholder_id";
    for attempt in 1..NUMBER_ATTEMPTS_MAX {
        let ids: Vec<Uuid> = bulk.query(&taken, &[]).await?.iter().map(|row| row.get(0)).collect();
        if ids.is_empty() {
            break;
        }
        let numbers: Vec<String> = ids.iter().map(|id| customer_no(CardholderId(*id), attempt)).collect();
        bulk.query(renumber, &[&ids, &numbers]).await?;
    }
    Ok(())
}
