//! The judgement that every test ends with (`App::finish`): does each captured statement say where its rows are?

use it::{ASKS_EVERYWHERE, unrouted};

fn lost(sql: &str) -> Vec<String> {
    unrouted(sql, &[])
}

#[test]
fn a_statement_that_names_its_cardholder_is_routed() {
    for sql in [
        r#"SELECT "cards"."card_id" FROM "cards" WHERE (("cards"."cardholder_id" = $1) AND ("cards"."card_id" = $2))"#,
        r#"INSERT INTO "cards" ("cardholder_id", "card_id") VALUES ($1, $2) ON CONFLICT DO NOTHING"#,
        r#"UPDATE "cards" SET "status" = $1 WHERE ("cards"."cardholder_id" = $2)"#,
        r#"DELETE FROM "phone_index" WHERE (("phone_index"."number_blind" = $1) AND ("phone_index"."cardholder_id" = $2))"#,
        "SELECT gram FROM name_grams WHERE gram = $1 AND $2 <> ''",
        "SELECT 1 FROM cardholders c JOIN accounts AS a ON a.cardholder_id = c.cardholder_id WHERE c.cardholder_id = ANY ($1)",
        "SELECT 1 FROM staff s WHERE s.name = $1",
        "SELECT 1 FROM transactions WHERE $1 = cardholder_id",
    ] {
        assert_eq!(lost(sql), [""; 0], "{sql}");
    }
}

#[test]
fn a_statement_that_forgets_its_cardholder_is_named() {
    for (sql, tables) in [
        (r#"SELECT "cards"."card_id" FROM "cards" WHERE ("cards"."card_id" = $1)"#, vec!["cards"]),
        (r#"DELETE FROM "cards" WHERE ("cards"."card_id" = $1)"#, vec!["cards"]),
        (r#"UPDATE "cards" SET "status" = $1 WHERE ("cards"."holder_cardholder_id" = $2)"#, vec!["cards"]),
        ("INSERT INTO cards (card_id) SELECT cardholder_id FROM stage_cards", vec!["cards"]),
        (
            "SELECT 1 FROM cardholders c, accounts a WHERE a.cardholder_id = c.cardholder_id AND c.branch_id = $1",
            vec!["cardholders"],
        ),
        // The cardholder is no key of a look-up table.
        ("SELECT 1 FROM phone_index p WHERE p.cardholder_id = $1", vec!["phone_index"]),
        ("SELECT 1 FROM name_grams WHERE gram >= $1 AND gram < $2", vec!["name_grams"]),
    ] {
        assert_eq!(lost(sql), tables, "{sql}");
    }
}

#[test]
fn an_excuse_holds_for_its_statement_alone() {
    let excuse = &[("name_grams where gram >= $1", "")];
    assert_eq!(unrouted("SELECT 1 FROM name_grams WHERE gram >= $1", excuse), [""; 0]);
    assert_eq!(unrouted("SELECT 1 FROM name_grams WHERE gram > $1", excuse), ["name_grams"]);
    for (part, reason) in ASKS_EVERYWHERE {
        assert!(*part == part.to_lowercase() && !part.contains('"') && reason.len() > 20, "{part}");
    }
}
