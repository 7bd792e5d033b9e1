//! The one search box: names in Chinese, pinyin or initials; a phone or its last four; an identity number; an e-mail address;
//! a street with its number; a card's last four; a customer number. The text never reaches a URL or a log: it comes in a body.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::{
    EmailAddress, NationalId, Page, PageLimit, PhoneNumber, Street,
    page::Cursor,
    person_name::{self, NameQuery},
};
use platform::{
    Conn, DbResult,
    ids::{BranchId, CardholderId, StaffId},
    schema::{
        card_tail_index, customer_no_index, email_index, national_id_index, phone_index, phone_tail_index,
        street_index,
    },
    vault::{Blind, Vault},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;
use web::{Caller, FieldClass, Reach, Requires, Snapshot, Span};

use super::{
    absorbed,
    door::AGE_YEARS_MAX,
    grams::{self, Candidate, Grams, Whose},
    list::{self, CardholderFilter, CardholderListItem, HeldKind, Line},
    members::{absorbed_elsewhere, survivors_of},
    model::{Gender, Lifecycle},
};

/// Cardholders that one exact look-up considers at most: last fours are shared by many.
const LOOKUP_MAX: i64 = 1_000;
/// Candidates read from the gram table at a time, and how often for one page.
const CANDIDATES_PER_ROUND: i64 = 400;
const ROUNDS_MAX: usize = 25;

platform::vocabulary! {
    /// What a hit was found by.
    pub enum FoundBy {
        Name = "name",
        Phone = "phone",
        PhoneTail = "phone_tail",
        NationalId = "national_id",
        Email = "email",
        Street = "street",
        CardTail = "card_tail",
        CustomerNo = "customer_no",
    }
}

/// What is looked for, and among whom.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardholderSearch {
    #[validate(length(min = 1, max = 80, code = "text.length"))]
    #[schema(min_length = 1, max_length = 80, example = "zhangsan")]
    pub q: String,
    pub branch_id: Option<BranchId>,
    pub manager_id: Option<StaffId>,
    pub lifecycle: Option<Lifecycle>,
    pub gender: Option<Gender>,
    #[validate(length(min = 1, max = 60, code = "text.length"))]
    #[schema(min_length = 1, max_length = 60, example = "教师")]
    pub occupation: Option<String>,
    #[validate(range(min = 0, max = AGE_YEARS_MAX, code = "number.range"))]
    #[schema(minimum = 0, maximum = 130)]
    pub age_min: Option<i32>,
    #[validate(range(min = 0, max = AGE_YEARS_MAX, code = "number.range"))]
    #[schema(minimum = 0, maximum = 130)]
    pub age_max: Option<i32>,
    pub opened_from: Option<NaiveDate>,
    pub opened_to: Option<NaiveDate>,
    pub holds_product: Option<HeldKind>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[schema(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// `next` of the page before.
    #[validate(length(max = 1024, code = "text.length"))]
    #[schema(max_length = 1024)]
    pub after: Option<String>,
}

impl CardholderSearch {
    pub(super) fn filter(&self) -> CardholderFilter {
        CardholderFilter {
            branch_id: self.branch_id,
            manager_id: self.manager_id,
            lifecycle: self.lifecycle,
            gender: self.gender,
            occupation: self.occupation.clone(),
            age_min: self.age_min,
            age_max: self.age_max,
            opened_from: self.opened_from,
            opened_to: self.opened_to,
            holds_product: self.holds_product,
            name_run: person_name::long_run_of(&self.q),
            ..CardholderFilter::default()
        }
    }
}

/// A line of the list and what it was found by.
#[derive(Serialize, ToSchema)]
pub struct CardholderHit {
    #[serde(flatten)]
    pub item: CardholderListItem,
    pub matched_by: FoundBy,
}

/// Who asks, and what they may search by.
pub(super) struct Seeker<'a> {
    pub vault: &'a Vault,
    pub reach: Reach,
    /// Numbers and addresses are personal: without that class only names, cards and customer numbers are searched.
    pub sees_personal: bool,
    pub today: NaiveDate,
    pub directory: &'a Snapshot,
}

impl<'a> Seeker<'a> {
    pub(super) fn of<P: Requires>(caller: &'a Caller<P>, vault: &'a Vault, today: NaiveDate) -> Self {
        Self {
            vault,
            reach: caller.reach(),
            sees_personal: caller.sees(FieldClass::Personal),
            today,
            directory: &caller.directory,
        }
    }
}

/// Where a page of hits starts.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HitPosition {
    /// 0: exact look-ups or a run of Chinese characters; 1, 2, 3: whole pinyin, given name, initials.
    pub(super) class: u8,
    pub(super) gram: String,
    pub(super) sort_key: String,
    pub(super) id: Uuid,
}

type Hits = Vec<(Line, FoundBy)>;

/// One page of hits, by name.
pub(super) async fn search(
    conn: &Conn,
    seeker: &Seeker<'_>,
    search: &CardholderSearch,
    limit: PageLimit,
    after: Option<HitPosition>,
) -> DbResult<Page<(Line, FoundBy)>> {
    let filter = search.filter().look_up(conn, seeker.directory).await?;
    let exact = standing(conn, exact_ids(conn, seeker, search.q.trim()).await?).await?;
    if !exact.is_empty() {
        return exact_page(conn, seeker, &filter, exact, (limit, after)).await;
    }
    match person_name::query_of(&search.q) {
        NameQuery::Nothing => Ok(Page { items: Vec::new(), next: None, count: None }),
        NameQuery::Run(run) => walk(conn, seeker, &filter, &[(0, run)], (limit, after)).await,
        NameQuery::Letters(letters) => {
            let classes =
                [(1, format!("p:{letters}")), (2, format!("g:{letters}")), (3, format!("i:{letters}"))];
            walk(conn, seeker, &filter, &classes, (limit, after)).await
        }
    }
}

/// Everybody an exact look-up finds, each with what found them.
async fn exact_ids(conn: &Conn, seeker: &Seeker<'_>, q: &str) -> DbResult<HashMap<CardholderId, FoundBy>> {
    let mut found = HashMap::new();
    let mut add = |ids: Vec<CardholderId>, by: FoundBy| {
        for id in ids {
            found.entry(id).or_insert(by);
        }
    };
    let compact: String = q.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if compact.len() == 4 && compact.bytes().all(|b| b.is_ascii_digit()) {
        add(by_card_tail(conn, &compact).await?, FoundBy::CardTail);
        if seeker.sees_personal {
            add(
                by_phone_tail(conn, &seeker.vault.blind(Blind::PhoneTail, &compact)).await?,
                FoundBy::PhoneTail,
            );
        }
        return Ok(found);
    }
    let is_code = compact.len() >= 4
        && compact.bytes().any(|b| b.is_ascii_digit())
        && compact.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_code {
        add(by_customer_no(conn, &compact.to_uppercase()).await?, FoundBy::CustomerNo);
    }
    if seeker.sees_personal {
        let blind = |over, value: &str| seeker.vault.blind(over, value);
        if is_code && let Ok(id) = NationalId::parse_other(q) {
            add(by_national_id(conn, &blind(Blind::NationalId, id.expose())).await?, FoundBy::NationalId);
        }
        if let Some(number) = PhoneNumber::parse(q) {
            add(by_phone(conn, &blind(Blind::PhoneNumber, number.expose())).await?, FoundBy::Phone);
        }
        if let Some(address) = EmailAddress::parse(q) {
            add(by_email(conn, &blind(Blind::EmailAddress, &address.folded())).await?, FoundBy::Email);
        }
        if Street::is_likely(q) {
            add(by_street(conn, &blind(Blind::Street, &Street::new(q).folded())).await?, FoundBy::Street);
        }
    }
    Ok(found)
}

/// Whoever was merged into another is found as the other.
async fn standing(
    conn: &Conn,
    mut found: HashMap<CardholderId, FoundBy>,
) -> DbResult<HashMap<CardholderId, FoundBy>> {
    if found.is_empty() {
        return Ok(found);
    }
    let ids: Vec<CardholderId> = found.keys().copied().collect();
    for (absorbed, survivor) in survivors_of(conn, &ids).await? {
        if let Some(found_by) = found.remove(&absorbed) {
            found.entry(survivor).or_insert(found_by);
        }
    }
    Ok(found)
}

async fn by_customer_no(mut conn: &Conn, number: &str) -> DbResult<Vec<CardholderId>> {
    Ok(customer_no_index::table.find(number).select(customer_no_index::cardholder_id).load(&mut conn).await?)
}

async fn by_national_id(mut conn: &Conn, blind: &[u8]) -> DbResult<Vec<CardholderId>> {
    use national_id_index as n;
    Ok(n::table
        .filter(n::national_id_blind.eq(blind))
        .select(n::cardholder_id)
        .limit(LOOKUP_MAX)
        .load(&mut conn)
        .await?)
}

async fn by_phone(mut conn: &Conn, blind: &[u8]) -> DbResult<Vec<CardholderId>> {
    use phone_index as p;
    Ok(p::table
        .filter(p::number_blind.eq(blind))
        .select(p::cardholder_id)
        .limit(LOOKUP_MAX)
        .load(&mut conn)
        .await?)
}

async fn by_phone_tail(mut conn: &Conn, blind: &[u8]) -> DbResult<Vec<CardholderId>> {
    use phone_tail_index as p;
    Ok(p::table
        .filter(p::tail_blind.eq(blind))
        .select(p::cardholder_id)
        .order(p::cardholder_id)
        .limit(LOOKUP_MAX)
        .load(&mut conn)
        .await?)
}

async fn by_email(mut conn: &Conn, blind: &[u8]) -> DbResult<Vec<CardholderId>> {
    use email_index as e;
    Ok(e::table
        .filter(e::address_blind.eq(blind))
        .select(e::cardholder_id)
        .limit(LOOKUP_MAX)
        .load(&mut conn)
        .await?)
}

async fn by_street(mut conn: &Conn, blind: &[u8]) -> DbResult<Vec<CardholderId>> {
    use street_index as s;
    Ok(s::table
        .filter(s::street_blind.eq(blind))
        .select(s::cardholder_id)
        .order(s::cardholder_id)
        .limit(LOOKUP_MAX)
        .load(&mut conn)
        .await?)
}

async fn by_card_tail(mut conn: &Conn, last_four: &str) -> DbResult<Vec<CardholderId>> {
    use card_tail_index as t;
    Ok(t::table
        .filter(t::last_four.eq(last_four))
        .select(t::cardholder_id)
        .order(t::cardholder_id)
        .limit(LOOKUP_MAX)
        .load(&mut conn)
        .await?)
}

async fn exact_page(
    conn: &Conn,
    seeker: &Seeker<'_>,
    filter: &CardholderFilter,
    found: HashMap<CardholderId, FoundBy>,
    (limit, after): (PageLimit, Option<HitPosition>),
) -> DbResult<Page<(Line, FoundBy)>> {
    let ids: Vec<CardholderId> = found.keys().copied().collect();
    let mut lines = list::pick(conn, &ids, filter, &seeker.reach, seeker.today).await?;
    lines.sort_by(|a, b| (&a.sort_name, a.cardholder_id).cmp(&(&b.sort_name, b.cardholder_id)));
    let rest =
        lines.into_iter().filter(|line| after.as_ref().is_none_or(|after| position(0, "", line) > *after));
    let hits: Hits = rest
        .take(limit.rows() + 1)
        .map(|line| {
            let by = found.get(&line.cardholder_id).copied().unwrap_or(FoundBy::Name);
            (line, by)
        })
        .collect();
    Ok(Page::cut(hits, limit, |(line, _)| position(0, "", line)))
}

fn position(class: u8, gram: &str, line: &Line) -> HitPosition {
    HitPosition { class, gram: gram.to_owned(), sort_key: line.sort_name.clone(), id: line.cardholder_id.0 }
}

/// Walks the gram table in its own order, class after class, until the page is full. Filters that the gram table does not
/// know are applied to each batch; after [`ROUNDS_MAX`] batches the page is handed out as far as it is, with where to go on.
async fn walk(
    conn: &Conn,
    seeker: &Seeker<'_>,
    filter: &CardholderFilter,
    classes: &[(u8, String)],
    (limit, after): (PageLimit, Option<HitPosition>),
) -> DbResult<Page<(Line, FoundBy)>> {
    let mut items: Hits = Vec::new();
    let mut at = after;
    let mut rounds = 0;
    let whose = whose_names(conn, &seeker.reach.span).await?;
    for (class, gram) in classes {
        if at.as_ref().is_some_and(|at| at.class > *class) {
            continue;
        }
        let part = if *class == 0 { Grams::Run(gram.clone()) } else { Grams::From(gram.clone()) };
        loop {
            let start = at.as_ref().filter(|at| at.class == *class);
            // Where nothing else filters, the first round is the page itself.
            let wanted = if rounds == 0 { limit.fetch() } else { CANDIDATES_PER_ROUND };
            let start = start.map(|at| (at.gram.clone(), at.sort_key.clone(), at.id));
            let page = grams::grams_page(&part, whose.clone(), start, wanted);
            let batch = grams::candidates(conn, page).await?;
            rounds += 1;
            let is_last = (batch.len() as i64) < wanted;
            let fresh: Vec<&Candidate> =
                batch.iter().filter(|c| !is_repeated(*class, gram, &c.sort_key)).collect();
            let ids: Vec<CardholderId> = fresh.iter().map(|c| c.cardholder_id).collect();
            let mut lines: HashMap<CardholderId, Line> =
                list::pick(conn, &ids, filter, &seeker.reach, seeker.today)
                    .await?
                    .into_iter()
                    .map(|l| (l.cardholder_id, l))
                    .collect();
            if lines.len() < ids.len() {
                let missing: Vec<CardholderId> =
                    ids.iter().filter(|id| !lines.contains_key(id)).copied().collect();
                lines.extend(absorbed::lines(conn, seeker, filter, classes, &missing).await?);
            }
            for candidate in fresh {
                if let Some(line) = lines.remove(&candidate.cardholder_id) {
                    if items.len() == limit.rows() {
                        return Ok(Page { items, next: at.as_ref().map(Cursor::encode), count: None });
                    }
                    items.push((line, FoundBy::Name));
                    at = Some(place_of(*class, candidate));
                }
            }
            if let (Some(last), false) = (batch.last(), is_last) {
                at = Some(place_of(*class, last));
            }
            if is_last {
                break;
            }
            if rounds >= ROUNDS_MAX {
                return Ok(Page { items, next: at.as_ref().map(Cursor::encode), count: None });
            }
        }
    }
    Ok(Page { items, next: None, count: None })
}

async fn whose_names(conn: &Conn, span: &Span) -> DbResult<Option<Whose>> {
    let Span::Branches(branches) = span else { return Ok(None) };
    let absorbed = absorbed_elsewhere(conn, branches).await?.into_iter().map(|id| id.0).collect();
    Ok(Some(Whose { branches: branches.iter().map(|id| id.0).collect(), absorbed }))
}

fn place_of(class: u8, candidate: &Candidate) -> HitPosition {
    HitPosition {
        class,
        gram: candidate.gram.clone(),
        sort_key: candidate.sort_key.clone(),
        id: candidate.cardholder_id.0,
    }
}

/// Whether an earlier class found the same person: by the whole pinyin, or by the given name's.
pub(super) fn is_repeated(class: u8, gram: &str, pinyin: &str) -> bool {
    let letters = gram.split_once(':').map_or(gram, |(_, letters)| letters);
    let starts =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().starts_with(letters);
    let given = pinyin.split_once(' ').map_or("", |(_, given)| given);
    match class {
        2 => starts(pinyin),
        3 => starts(pinyin) || starts(given),
        _ => false,
    }
}
