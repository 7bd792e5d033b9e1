//! Everything that the bank keeps of somebody, in a form that machines read: each table's rows with every field that is not
//! secret, and in the place of what is sealed the value itself. It is sealed again at once, by their own key.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Jsonb, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{
    Conn, DbResult, Tx,
    ids::CardholderId,
    schema::{cardholder_addresses, cardholder_emails, cardholder_keys, cardholder_phones, cardholders},
    vault::{DataKey, Place, Sealed, Vault, VaultError, WrappedKey},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use web::{FieldClass, access};

use super::{
    model::{RequestRow, SubjectRequestError},
    repo,
};
use crate::cardholders::{gate, make_data_key, members::Members};

/// What somebody gets of each table, and what its rows are ordered by.
const TABLES: &[(&str, &str)] = &[
    ("cardholders", "created_at"),
    ("cardholder_phones", "phone_id"),
    ("cardholder_emails", "email_id"),
    ("cardholder_addresses", "address_id"),
    ("consents", "consent_id"),
    ("contact_preferences", "changed_at"),
    ("accounts", "account_id"),
    ("cards", "card_id"),
    ("loans", "loan_id"),
    ("standing_orders", "standing_order_id"),
    ("statements", "closed_on, statement_id"),
    ("repayments", "paid_in_month, repayment_id"),
    ("transactions", "occurred_at DESC, transaction_id DESC"),
    ("cardholder_changes", "changed_at, change_id"),
    ("subject_requests", "request_id"),
];
/// Rows of one table at most, the newest transactions first.
const ROWS_MAX: i64 = 50_000;
/// Fields about the bank's own people and machinery.
const NOT_THEIRS: &[&str] =
    &["staff_id", "staff_name", "created_by", "closed_by", "changed_by", "manager_id", "version"];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Jsonb)]
    row: Value,
}

fn place(row: &RequestRow) -> Place {
    Place { table: "subject_packages", column: "content_bytes", row: row.request_id.0 }
}

/// Gathers, seals and keeps the package. Answers how many rows it has.
pub(super) async fn make(
    tx: &mut Tx<'_>,
    vault: &Vault,
    request: &RequestRow,
) -> Result<usize, SubjectRequestError> {
    gate::refuse_erased(tx, request.cardholder_id).await?;
    // One of whom nothing was sealed so far has no key yet.
    make_data_key(tx, vault, request.cardholder_id).await?;
    let key = data_key(tx, vault, request.cardholder_id).await?;
    let mut content = Map::new();
    let mut count = 0;
    for id in Members::everybody(tx, request.cardholder_id).await?.all() {
        let mut own = Map::new();
        for (table, order) in TABLES {
            let rows = rows_of(tx, table, order, *id).await?;
            count += rows.len();
            own.insert((*table).to_owned(), Value::Array(rows));
        }
        if let Some(key) = key_of(tx, vault, *id).await? {
            uncover(tx, &key, *id, &mut own).await?;
        }
        add(&mut content, own);
    }
    content.insert("made_at".to_owned(), json!(tx.now));
    let sealed = key.seal(place(request), &Value::Object(content).to_string())?;
    repo::keep_package(tx, request, &sealed).await?;
    Ok(count)
}

/// The package as it was made.
pub(super) async fn read(
    tx: &Tx<'_>,
    vault: &Vault,
    request: &RequestRow,
) -> Result<Value, SubjectRequestError> {
    let sealed = repo::package(tx, request.cardholder_id, request.request_id).await?;
    let sealed = sealed.ok_or(SubjectRequestError::PackageGone)?;
    let key = data_key(tx, vault, request.cardholder_id).await?;
    let text = key.open(place(request), &sealed)?;
    serde_json::from_str(&text).map_err(|_| SubjectRequestError::PackageGone)
}

/// How many sealed values a package shows in clear.
pub(super) fn sealed_values(content: &Value) -> i32 {
    let rows = |table| content[table].as_array().into_iter().flatten();
    let shown =
        SEALED.iter().map(|(table, .., name)| rows(table).filter(|row| row[name].is_string()).count());
    i32::try_from(shown.sum::<usize>()).unwrap_or(i32::MAX)
}

/// Every field that is theirs and no secret.
async fn rows_of(
    mut conn: &Conn,
    table: &str,
    order: &str,
    cardholder_id: CardholderId,
) -> DbResult<Vec<Value>> {
    let sql = format!(
        "SELECT to_jsonb(t) AS row FROM {table} t WHERE t.cardholder_id = $1 ORDER BY {order} LIMIT $2"
    );
    let lines: Vec<Line> = diesel::sql_query(sql)
        .bind::<SqlUuid, _>(cardholder_id)
        .bind::<BigInt, _>(ROWS_MAX)
        .load(&mut conn)
        .await?;
    let is_theirs =
        |field: &str| access::class_of(table, field) != FieldClass::Secret && !NOT_THEIRS.contains(&field);
    let stripped = lines.into_iter().map(|line| match line.row {
        Value::Object(mut fields) => {
            fields.retain(|field, _| is_theirs(field));
            Value::Object(fields)
        }
        other => other,
    });
    Ok(stripped.collect())
}

/// A sealed column: table, id of its row, the column, and the name that its value has in the package.
type SealedColumn = (&'static str, &'static str, &'static str, &'static str);

const NATIONAL_ID: SealedColumn = ("cardholders", "cardholder_id", "national_id_sealed", "national_id");
const NUMBER: SealedColumn = ("cardholder_phones", "phone_id", "number_sealed", "number");
const ADDRESS: SealedColumn = ("cardholder_emails", "email_id", "address_sealed", "address");
const STREET: SealedColumn = ("cardholder_addresses", "address_id", "street_sealed", "street");
const SEALED: [SealedColumn; 4] = [NATIONAL_ID, NUMBER, ADDRESS, STREET];

/// Puts the values themselves beside what is shown of them.
async fn uncover(
    mut conn: &Conn,
    key: &DataKey,
    id: CardholderId,
    content: &mut Map<String, Value>,
) -> Result<(), SubjectRequestError> {
    use {cardholder_addresses as a, cardholder_emails as e, cardholder_phones as p, cardholders as c};
    let of_them = c::table.find(id).select((c::cardholder_id, c::national_id_sealed));
    let found: Vec<(Uuid, Option<Sealed>)> =
        of_them.load(&mut conn).await.map_err(platform::DbError::from)?;
    put(key, NATIONAL_ID, found, content)?;
    let phones = p::table.filter(p::cardholder_id.eq(id)).select((p::phone_id, p::number_sealed.nullable()));
    let found: Vec<(Uuid, Option<Sealed>)> = phones.load(&mut conn).await.map_err(platform::DbError::from)?;
    put(key, NUMBER, found, content)?;
    let emails = e::table.filter(e::cardholder_id.eq(id)).select((e::email_id, e::address_sealed.nullable()));
    let found: Vec<(Uuid, Option<Sealed>)> = emails.load(&mut conn).await.map_err(platform::DbError::from)?;
    put(key, ADDRESS, found, content)?;
    let addresses = a::table.filter(a::cardholder_id.eq(id)).select((a::address_id, a::street_sealed));
    let found: Vec<(Uuid, Option<Sealed>)> =
        addresses.load(&mut conn).await.map_err(platform::DbError::from)?;
    put(key, STREET, found, content)
}

fn put(
    key: &DataKey,
    (table, id, column, name): SealedColumn,
    found: Vec<(Uuid, Option<Sealed>)>,
    content: &mut Map<String, Value>,
) -> Result<(), SubjectRequestError> {
    let rows = content.get_mut(table).and_then(Value::as_array_mut);
    for fields in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
        let of = |row: &Uuid| fields.get(id) == Some(&json!(row));
        let Some((row, Some(sealed))) = found.iter().find(|(row, _)| of(row)) else { continue };
        let value = key.open(Place { table, column, row: *row }, sealed)?;
        fields.insert(name.to_owned(), json!(value.as_str()));
    }
    Ok(())
}

/// The rows of one more record of theirs behind those that are there.
fn add(content: &mut Map<String, Value>, own: Map<String, Value>) {
    for (table, rows) in own {
        match (content.get_mut(&table), rows) {
            (Some(Value::Array(kept)), Value::Array(more)) => kept.extend(more),
            (_, rows) => {
                content.insert(table, rows);
            }
        }
    }
}

async fn data_key(
    conn: &Conn,
    vault: &Vault,
    cardholder_id: CardholderId,
) -> Result<DataKey, SubjectRequestError> {
    Ok(key_of(conn, vault, cardholder_id).await?.ok_or(VaultError::KeyDestroyed)?)
}

/// The data key of one record; none for one of whom nothing was ever sealed.
async fn key_of(
    mut conn: &Conn,
    vault: &Vault,
    cardholder_id: CardholderId,
) -> Result<Option<DataKey>, SubjectRequestError> {
    use cardholder_keys as k;
    let row = k::table.find(cardholder_id).select((k::master_key_id, k::wrapped_key));
    let kept: Option<(String, Vec<u8>)> =
        row.first(&mut conn).await.optional().map_err(platform::DbError::from)?;
    let Some((master_key_id, bytes)) = kept else { return Ok(None) };
    Ok(Some(vault.unwrap(&WrappedKey { master_key_id, bytes }, cardholder_id.0)?))
}
