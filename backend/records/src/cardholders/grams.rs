//! The gram table of names, walked in the order of its key.

use diesel::{
    prelude::*,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, DbResult, database::KeptSql, ids::CardholderId};
use uuid::Uuid;

/// Which part of the table.
#[derive(Debug, Clone)]
pub enum Grams {
    /// One gram, ordered by name.
    Run(String),
    /// Every gram that begins with these letters, ordered by gram.
    From(String),
}

/// Whose names are looked at: those of these branches, and of records elsewhere for whom somebody in them stands.
#[derive(Debug, Clone, Default)]
pub struct Whose {
    pub branches: Vec<Uuid>,
    pub absorbed: Vec<Uuid>,
}

/// Where in the table: its key.
pub type GramPosition = (String, String, Uuid);

#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Candidate {
    #[diesel(sql_type = Text)]
    pub gram: String,
    #[diesel(sql_type = Text)]
    pub sort_key: String,
    #[diesel(sql_type = SqlUuid)]
    pub cardholder_id: CardholderId,
}

pub(super) async fn candidates(mut conn: &Conn, query: KeptSql) -> DbResult<Vec<Candidate>> {
    Ok(query.load(&mut conn).await?)
}

/// The next `wanted` rows behind a row of the table. What is not asked for is not in the text: a plan that is made once for all
/// values must not have to provide for it.
pub fn grams_page(grams: &Grams, whose: Option<Whose>, after: Option<GramPosition>, wanted: i64) -> KeptSql {
    let (range, order, bounds) = match grams {
        Grams::Run(gram) => ("gram = $1", "sort_key, cardholder_id", vec![gram.clone()]),
        // Letters sort below U+10FFFF in the "C" collation, so that is the end of the prefix.
        Grams::From(letters) => {
            let end = format!("{letters}\u{10ffff}");
            ("gram >= $1 AND gram < $2", "gram, sort_key, cardholder_id", vec![letters.clone(), end])
        }
    };
    let mut places = bounds.len();
    let mut place = || {
        places += 1;
        format!("${places}")
    };
    let mut text = format!("SELECT gram, sort_key, cardholder_id FROM name_grams WHERE {range}");
    if after.is_some() {
        text += &format!(" AND (gram, sort_key, cardholder_id) > ({}, {}, {})", place(), place(), place());
    }
    match &whose {
        Some(Whose { absorbed, .. }) if absorbed.is_empty() => {
            text += &format!(" AND branch_id = ANY ({})", place());
        }
        Some(_) => {
            text += &format!(" AND (branch_id = ANY ({}) OR cardholder_id = ANY ({}))", place(), place());
        }
        None => {}
    }
    // In the text, so that the plan for all values knows it.
    text += &format!(" ORDER BY {order} LIMIT {wanted}");
    let mut query = KeptSql::new(text);
    for bound in bounds {
        query = query.bind::<Text, _>(bound);
    }
    if let Some((gram, sort_key, id)) = after {
        query = query.bind::<Text, _>(gram).bind::<Text, _>(sort_key).bind::<SqlUuid, _>(id);
    }
    match whose {
        Some(Whose { branches, absorbed }) if absorbed.is_empty() => {
            query.bind::<Array<SqlUuid>, _>(branches)
        }
        Some(Whose { branches, absorbed }) => {
            query.bind::<Array<SqlUuid>, _>(branches).bind::<Array<SqlUuid>, _>(absorbed)
        }
        None => query,
    }
}
