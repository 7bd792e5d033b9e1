//! Whoever was merged into another is found by the names they had, too: the hit is the other. A name that the other bears as well
//! finds them at its own place, and of several that were absorbed the first in the walk's order does.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::person_name;
use platform::{
    Conn, DbResult,
    ids::CardholderId,
    schema::{cardholder_links, cardholders},
};

use super::{
    list::{self, CardholderFilter, Line},
    members::survivors_of,
    search::{HitPosition, Seeker, is_repeated},
};

/// Somebody's names.
#[derive(Debug, HasQuery)]
#[diesel(table_name = cardholders)]
struct Named {
    cardholder_id: CardholderId,
    name: Option<String>,
    name_pinyin: Option<String>,
    name_initials: Option<String>,
}

impl Named {
    /// Where the walk over these classes meets the name first, if it does.
    fn first_place(&self, classes: &[(u8, String)]) -> Option<HitPosition> {
        let sort_key = self.name_pinyin.clone().unwrap_or_default();
        let grams = person_name::grams_of(
            self.name.as_deref().unwrap_or_default(),
            &sort_key,
            self.name_initials.as_deref().unwrap_or_default(),
        );
        let places = classes.iter().filter(|(class, part)| !is_repeated(*class, part, &sort_key));
        let places = places.filter_map(|(class, part)| {
            let is_met = |gram: &&String| if *class == 0 { *gram == part } else { gram.starts_with(part) };
            let gram = grams.iter().find(is_met)?.clone();
            Some(HitPosition { class: *class, gram, sort_key: sort_key.clone(), id: self.cardholder_id.0 })
        });
        places.min()
    }
}

/// For those of `missing` who are met in place of who stands for them: the other's line.
pub(super) async fn lines(
    conn: &Conn,
    seeker: &Seeker<'_>,
    filter: &CardholderFilter,
    classes: &[(u8, String)],
    missing: &[CardholderId],
) -> DbResult<Vec<(CardholderId, Line)>> {
    let survivors = survivors_of(conn, missing).await?;
    if survivors.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<CardholderId> = survivors.values().copied().collect();
    // It is the absorbed one's name that is looked for, not the name of who stands for them.
    let filter = &CardholderFilter { name_run: None, ..filter.clone() };
    let lines = list::pick(conn, &ids, filter, &seeker.reach, seeker.today).await?;
    let first = first_met(conn, classes, &lines).await?;
    let mut met = Vec::new();
    for line in lines {
        let Some(place) = first.get(&line.cardholder_id) else { continue };
        if survivors.get(place) == Some(&line.cardholder_id) {
            met.push((*place, line));
        }
    }
    Ok(met)
}

/// For each of these survivors the absorbed one whose name is met first; none for those whose own name is met.
async fn first_met(
    mut conn: &Conn,
    classes: &[(u8, String)],
    survivors: &[Line],
) -> DbResult<HashMap<CardholderId, CardholderId>> {
    use cardholder_links as l;
    let ids: Vec<CardholderId> = survivors.iter().map(|line| line.cardholder_id).collect();
    let links: Vec<(CardholderId, CardholderId)> = l::table
        .filter(l::survivor_id.eq_any(&ids))
        .filter(l::until_at.is_null())
        .select((l::absorbed_id, l::survivor_id))
        .load(&mut conn)
        .await?;
    let everybody: Vec<CardholderId> = links.iter().map(|(absorbed, _)| *absorbed).chain(ids).collect();
    let named: Vec<Named> =
        Named::query().filter(cardholders::cardholder_id.eq_any(everybody)).load(&mut conn).await?;
    let places: HashMap<CardholderId, HitPosition> =
        named.iter().filter_map(|who| Some((who.cardholder_id, who.first_place(classes)?))).collect();
    let mut first: HashMap<CardholderId, CardholderId> = HashMap::new();
    for (absorbed, survivor) in links {
        let Some(place) = places.get(&absorbed).filter(|_| !places.contains_key(&survivor)) else { continue };
        let earlier = first.get(&survivor).and_then(|other| places.get(other));
        if earlier.is_none_or(|earlier| place < earlier) {
            first.insert(survivor, absorbed);
        }
    }
    Ok(first)
}
