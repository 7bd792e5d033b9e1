//! History of every field: who, when, before, after. Sealed fields appear masked. Rows are only added.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kernel::PageLimit;
use platform::{
    Conn, DbResult, Tx,
    ids::{CardholderId, ChangeId, StaffId},
    schema::cardholder_changes,
};
use serde::{Deserialize, Serialize};
use trust::{approvals::FieldDiff, audit};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::members::Members;

/// One field's change.
#[derive(Debug, Clone, HasQuery, Insertable, Serialize, ToSchema)]
#[diesel(table_name = cardholder_changes)]
pub struct CardholderChange {
    #[serde(skip)]
    pub cardholder_id: CardholderId,
    pub changed_at: DateTime<Utc>,
    pub change_id: ChangeId,
    #[schema(example = "occupation")]
    pub field: String,
    pub before_value: Option<String>,
    pub after_value: Option<String>,
    pub reason: Option<String>,
    pub staff_id: Option<StaffId>,
    pub staff_name: Option<String>,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangeFilter {
    /// One field's history alone.
    #[validate(length(max = 40, code = "text.length"))]
    #[param(max_length = 40)]
    pub field: Option<String>,
    #[validate(range(min = 1, max = 200, code = "number.range"))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    #[validate(length(max = 512, code = "text.length"))]
    #[param(max_length = 512)]
    pub after: Option<String>,
}

/// Where a page begins: after this change.
type Position = (DateTime<Utc>, ChangeId);

/// A change about to be written.
pub(super) struct Change {
    field: &'static str,
    before: Option<String>,
    after: Option<String>,
}

impl Change {
    pub(super) fn new(field: &'static str, before: Option<&str>, after: Option<&str>) -> Self {
        Self { field, before: before.map(ToOwned::to_owned), after: after.map(ToOwned::to_owned) }
    }

    /// `None` when nothing changed.
    pub(super) fn between<T: ToString + PartialEq>(
        field: &'static str,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Option<Self> {
        (before != after).then(|| Self {
            field,
            before: before.map(ToString::to_string),
            after: after.map(ToString::to_string),
        })
    }

    pub(super) fn field(&self) -> &'static str {
        self.field
    }

    pub(super) fn as_diff(&self) -> FieldDiff {
        FieldDiff::new("cardholders", self.field, self.before.clone(), self.after.clone())
    }

    pub(super) fn as_pair(&self) -> serde_json::Value {
        let veiled = |value: &Option<String>| audit::veiled(self.field, value.as_deref());
        serde_json::json!([veiled(&self.before), veiled(&self.after)])
    }
}

pub(super) async fn write(
    tx: &mut Tx<'_>,
    cardholder_id: CardholderId,
    changes: Vec<Change>,
    reason: Option<&str>,
) -> DbResult<()> {
    let staff = tx.actor.staff().cloned();
    let rows: Vec<CardholderChange> = changes
        .into_iter()
        .map(|change| CardholderChange {
            cardholder_id,
            changed_at: tx.now,
            change_id: tx.new_id(),
            field: change.field.to_owned(),
            before_value: change.before,
            after_value: change.after,
            reason: reason.map(ToOwned::to_owned),
            staff_id: staff.as_ref().map(|s| s.staff_id),
            staff_name: staff.as_ref().map(|s| s.name.clone()),
        })
        .collect();
    diesel::insert_into(cardholder_changes::table).values(rows).execute(&mut tx.conn()).await?;
    Ok(())
}

/// What happened to all of them, newest first, without the fields in `hidden`.
pub(super) async fn list(
    conn: &Conn,
    members: &Members,
    filter: &ChangeFilter,
    hidden: Vec<&'static str>,
    (limit, after): (PageLimit, Option<Position>),
) -> DbResult<Vec<CardholderChange>> {
    let read = async |id| list_of(conn, id, filter, &hidden, (limit, after)).await;
    members.page(limit, read, |change| (change.changed_at, change.change_id)).await
}

async fn list_of(
    mut conn: &Conn,
    cardholder_id: CardholderId,
    filter: &ChangeFilter,
    hidden: &[&'static str],
    (limit, after): (PageLimit, Option<Position>),
) -> DbResult<Vec<CardholderChange>> {
    use cardholder_changes as c;
    let mut query = CardholderChange::query().filter(c::cardholder_id.eq(cardholder_id)).into_boxed();
    if let Some(field) = &filter.field {
        query = query.filter(c::field.eq(field));
    }
    if !hidden.is_empty() {
        query = query.filter(c::field.ne_all(hidden.to_vec()));
    }
    if let Some((at, id)) = after {
        query = query.filter(c::changed_at.le(at)).filter(c::changed_at.lt(at).or(c::change_id.lt(id)));
    }
    Ok(query.order((c::changed_at.desc(), c::change_id.desc())).limit(limit.fetch()).load(&mut conn).await?)
}
