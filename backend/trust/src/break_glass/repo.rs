use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Tx,
    ids::{BranchId, CardholderId, GrantId, StaffId},
    schema::{break_glass_grants, cardholder_links, cardholders, customer_no_index, staff},
};
use web::Span;

use super::model::{BreakGlassFilter, BreakGlassGrant, BreakGlassReview};

/// Whose grants a caller sees: one's own, and as a reviewer or auditor those that concern one's part of the bank.
pub(super) struct Onlooker {
    pub staff_id: StaffId,
    /// `None` for those who oversee nobody.
    pub oversees: Option<Span>,
}

type Boxed = break_glass_grants::BoxedQuery<'static, Pg>;

fn seen_by(onlooker: &Onlooker) -> Boxed {
    use break_glass_grants as g;
    let query = g::table.into_boxed();
    match &onlooker.oversees {
        None | Some(Span::Managed(_)) => query.filter(g::staff_id.eq(onlooker.staff_id)),
        Some(Span::Bank) => query,
        Some(Span::Branches(branches)) => {
            let is_near = g::branch_id
                .eq_any(branches.to_vec())
                .or(g::staff_branch_id.eq_any(branches.to_vec()))
                .or(g::staff_id.eq(onlooker.staff_id));
            query.filter(is_near)
        }
    }
}

/// Newest first.
pub(super) async fn list(
    mut conn: &Conn,
    onlooker: &Onlooker,
    filter: &BreakGlassFilter,
    limit: PageLimit,
    after: Option<(DateTime<Utc>, GrantId)>,
) -> DbResult<Vec<BreakGlassGrant>> {
    use break_glass_grants as g;
    let mut query = seen_by(onlooker);
    if let Some(from) = filter.granted_from {
        query = query.filter(g::granted_at.ge(from));
    }
    if let Some(to) = filter.granted_to {
        query = query.filter(g::granted_at.lt(to));
    }
    if let Some(is_reviewed) = filter.is_reviewed {
        query = if is_reviewed {
            query.filter(g::verdict.is_not_null())
        } else {
            query.filter(g::verdict.is_null())
        };
    }
    if let Some(staff_id) = filter.staff_id {
        query = query.filter(g::staff_id.eq(staff_id));
    }
    if let Some((at, id)) = after {
        query = query.filter(g::granted_at.le(at)).filter(g::granted_at.lt(at).or(g::grant_id.lt(id)));
    }
    let ordered = query.order((g::granted_at.desc(), g::grant_id.desc())).limit(limit.fetch());
    Ok(ordered.select(BreakGlassGrant::as_select()).load(&mut conn).await?)
}

pub(super) async fn find(
    mut conn: &Conn,
    onlooker: &Onlooker,
    grant_id: GrantId,
) -> DbResult<Option<BreakGlassGrant>> {
    let query = seen_by(onlooker).filter(break_glass_grants::grant_id.eq(grant_id));
    Ok(query.select(BreakGlassGrant::as_select()).first(&mut conn).await.optional()?)
}

pub(super) async fn lock(tx: &mut Tx<'_>, grant_id: GrantId) -> DbResult<Option<BreakGlassGrant>> {
    let query = BreakGlassGrant::query().filter(break_glass_grants::grant_id.eq(grant_id)).for_update();
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

/// The cardholder with exactly this number, or who stands for them by now: home branch and manager.
pub(super) async fn cardholder_of(
    mut conn: &Conn,
    customer_no: &str,
) -> DbResult<Option<(CardholderId, BranchId, Option<StaffId>)>> {
    let found: Option<CardholderId> = customer_no_index::table
        .find(customer_no)
        .select(customer_no_index::cardholder_id)
        .first(&mut conn)
        .await
        .optional()?;
    let Some(record_id) = found else { return Ok(None) };
    let stands = cardholder_links::table
        .filter(cardholder_links::absorbed_id.eq(record_id))
        .filter(cardholder_links::until_at.is_null())
        .select(cardholder_links::survivor_id);
    let cardholder_id = stands.first(&mut conn).await.optional()?.unwrap_or(record_id);
    Ok(cardholders::table
        .find(cardholder_id)
        .select((cardholders::cardholder_id, cardholders::branch_id, cardholders::manager_id))
        .first(&mut conn)
        .await
        .optional()?)
}

/// The customer numbers of these cardholders.
pub(super) async fn customer_nos(
    mut conn: &Conn,
    ids: Vec<CardholderId>,
) -> DbResult<HashMap<CardholderId, String>> {
    let rows: Vec<(CardholderId, String)> = cardholders::table
        .filter(cardholders::cardholder_id.eq_any(ids))
        .select((cardholders::cardholder_id, cardholders::customer_no))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// When this person's grants since `since` were made, oldest first.
pub(super) async fn granted_since(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    since: DateTime<Utc>,
) -> DbResult<Vec<DateTime<Utc>>> {
    use break_glass_grants as g;
    // Whoever asks several times at once is counted one by one.
    let themselves = staff::table.find(staff_id).select(staff::staff_id).for_update();
    themselves.first::<StaffId>(&mut tx.conn()).await?;
    Ok(g::table
        .filter(g::staff_id.eq(staff_id))
        .filter(g::granted_at.gt(since))
        .order(g::granted_at)
        .select(g::granted_at)
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn insert(tx: &mut Tx<'_>, grant: &BreakGlassGrant) -> DbResult<()> {
    diesel::insert_into(break_glass_grants::table).values(grant).execute(&mut tx.conn()).await?;
    Ok(())
}

pub(super) async fn set_end(tx: &mut Tx<'_>, grant_id: GrantId) -> DbResult<()> {
    diesel::update(break_glass_grants::table.find(grant_id))
        .set(break_glass_grants::ends_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn set_review(
    tx: &mut Tx<'_>,
    grant_id: GrantId,
    reviewer: StaffId,
    review: &BreakGlassReview,
) -> DbResult<()> {
    use break_glass_grants as g;
    diesel::update(g::table.find(grant_id))
        .set((
            g::verdict.eq(Some(review.verdict)),
            g::reviewed_by.eq(Some(reviewer)),
            g::reviewed_at.eq(Some(tx.now)),
            g::review_note.eq(Some(&review.review_note)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
