//! What a bank has before its first cardholder: branches, staff, products, merchant categories, a business day.
//! Rows that are there already are kept, and their ids used.

use std::collections::HashMap;

use platform::{clock::uuid_v7, passwords};
use tokio_postgres::Transaction;
use uuid::Uuid;

use crate::calendar::{Day, HOUR_MS, date_of};
use crate::copy::Rows;
use crate::employers::Employer;
use crate::fill::SandboxError;
use crate::merchants;
use crate::places::CITIES;
use crate::products::PRODUCTS;
use crate::staff::PASSWORD;
use crate::truth;
use crate::world::World;
use crate::{BANK_FOUNDED, moment_at};

/// Days for which whoever approves may look around without a second factor.
const SECOND_FACTOR_GRACE_DAYS: Day = 30;

/// Tables that this adds to, besides those of the chunks.
pub const TABLES: [&str; 7] = [
    "branches",
    "staff",
    "products",
    "merchant_categories",
    "consent_texts",
    "business_days",
    "audit_entries",
];

/// What cardholders are asked to agree to: purpose, Chinese, English.
const CONSENT_TEXTS: [(&str, &str, &str); 4] = [
    (
        "marketing",
        "我同意银行通过所选渠道向我介绍产品与优惠。我可以随时撤回，撤回后立即停止。",
        "I agree to hear of products and offers by the chosen channels. I may take this back at any time, with effect at once.",
    ),
    (
        "personalised_offers",
        "我同意银行根据我的账户与交易情况，以自动化方式为我挑选优惠。我可以随时拒绝，并要求人工复核。",
        "I agree that offers are chosen for me automatically from my accounts and transactions. I may refuse this at any time and ask for a person to look at it.",
    ),
    (
        "research",
        "我同意银行通过所选渠道邀请我参加满意度调查。",
        "I agree to be asked by the chosen channels how satisfied I am.",
    ),
    (
        "data_sharing",
        "我同意银行将办理合作业务所必需的信息提供给合作机构，范围以协议所列为限。",
        "I agree that what a joint service needs is handed on to the partner, within what the agreement lists.",
    ),
];

/// Writes what is missing and gives the world the ids that count.
pub async fn lay(transaction: &Transaction<'_>, world: &mut World) -> Result<(), SandboxError> {
    adopt(transaction, world).await?;
    branches(transaction, world).await?;
    staff(transaction, world).await?;
    catalogues(transaction).await?;
    consent_texts(transaction).await?;
    business_day(transaction, world).await?;
    employers(transaction, &world.employers.all).await
}

async fn adopt(transaction: &Transaction<'_>, world: &mut World) -> Result<(), SandboxError> {
    let found = transaction.query("SELECT code, branch_id, kind FROM branches ORDER BY code", &[]).await?;
    let mut branch_ids: HashMap<String, Uuid> = HashMap::new();
    for row in &found {
        branch_ids.insert(row.get(0), row.get(1));
    }
    // There is one head office, whatever its code.
    let head =
        found.iter().find(|row| row.get::<_, &str>(2) == "head_office").map(|row| row.get::<_, Uuid>(1));
    let found = transaction.query("SELECT staff_no, staff_id FROM staff", &[]).await?;
    let staff_ids: HashMap<String, Uuid> = found.iter().map(|row| (row.get(0), row.get(1))).collect();
    world.adopt(|code| branch_ids.get(code).copied(), |staff_no| staff_ids.get(staff_no).copied());
    if let Some(head) = head {
        world.tree[0].branch_id = head;
    }
    Ok(())
}

async fn branches(transaction: &Transaction<'_>, world: &World) -> Result<(), SandboxError> {
    let tree = &world.tree;
    let ids: Vec<Uuid> = tree.iter().map(|branch| branch.branch_id).collect();
    let codes: Vec<&str> = tree.iter().map(|branch| branch.code.as_str()).collect();
    let names: Vec<&str> = tree.iter().map(|branch| branch.name.as_str()).collect();
    let kinds: Vec<&str> = tree.iter().map(|branch| branch.kind.as_str()).collect();
    let parents: Vec<Option<Uuid>> =
        tree.iter().map(|branch| branch.parent.map(|parent| tree[parent].branch_id)).collect();
    let cities: Vec<Option<&str>> =
        tree.iter().map(|branch| branch.city.map(|city| CITIES[usize::from(city)].full_name)).collect();
    let founded = moment_at(BANK_FOUNDED, 9 * HOUR_MS);
    let sql = "INSERT INTO branches (branch_id, code, name, kind, parent_id, city, is_open, version, created_at, updated_at)
        SELECT branch_id, code, name, kind, parent_id, city, true, 1, $7, $7
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[])
            AS t (branch_id, code, name, kind, parent_id, city)
        ON CONFLICT DO NOTHING";
    transaction.execute(sql, &[&ids, &codes, &names, &kinds, &parents, &cities, &founded]).await?;
    Ok(())
}

async fn staff(transaction: &Transaction<'_>, world: &World) -> Result<(), SandboxError> {
    let staff = &world.staff;
    let ids: Vec<Uuid> = staff.iter().map(|employee| employee.staff_id).collect();
    let numbers: Vec<&str> = staff.iter().map(|employee| employee.staff_no.as_str()).collect();
    let names: Vec<&str> = staff.iter().map(|employee| employee.name.as_str()).collect();
    let roles: Vec<&str> = staff.iter().map(|employee| employee.role.as_str()).collect();
    let scopes: Vec<&str> = staff.iter().map(|employee| employee.scope.as_str()).collect();
    let branches: Vec<Uuid> = staff.iter().map(|employee| world.tree[employee.branch].branch_id).collect();
    let password_hash = tokio::task::spawn_blocking(|| passwords::hash(PASSWORD)).await??;
    let founded = moment_at(BANK_FOUNDED, 9 * HOUR_MS);
    let second_factor_due = moment_at(world.calendar.today + SECOND_FACTOR_GRACE_DAYS, 0);
    let sql = "INSERT INTO staff (staff_id, staff_no, name, role, scope, branch_id, is_active, password_hash, must_change_password,
            failed_sign_ins, password_changed_at, version, created_at, updated_at, second_factor_due_at)
        SELECT staff_id, staff_no, name, role, scope, branch_id, true, $7, false, 0, $8, 1, $8, $8,
            CASE WHEN role IN ('risk_officer', 'risk_manager', 'marketing_manager', 'branch_manager', 'admin') THEN $9::timestamptz END
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[])
            AS t (staff_id, staff_no, name, role, scope, branch_id)
        ON CONFLICT DO NOTHING";
    transaction
        .execute(
            sql,
            &[
                &ids,
                &numbers,
                &names,
                &roles,
                &scopes,
                &branches,
                &password_hash,
                &founded,
                &second_factor_due,
            ],
        )
        .await?;
    Ok(())
}

async fn catalogues(transaction: &Transaction<'_>) -> Result<(), SandboxError> {
    let sql = "INSERT INTO products (product_code, kind, name_zh, name_en, network, is_offered) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING";
    let statement = transaction.prepare(sql).await?;
    for product in PRODUCTS {
        let network = product.network.map(|network| network.as_str());
        let row: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
            [&product.code, &product.kind, &product.name_zh, &product.name_en, &network, &product.is_offered];
        transaction.execute(&statement, &row).await?;
    }
    let sql = "INSERT INTO merchant_categories (mcc, mcc_group, name_zh, name_en) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let statement = transaction.prepare(sql).await?;
    for category in merchants::categories() {
        transaction
            .execute(&statement, &[&category.mcc, &category.mcc_group, &category.name_zh, &category.name_en])
            .await?;
    }
    Ok(())
}

async fn consent_texts(transaction: &Transaction<'_>) -> Result<(), SandboxError> {
    let sql = "INSERT INTO consent_texts (text_id, purpose, version, body_zh, body_en, published_at)
        VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT DO NOTHING";
    let statement = transaction.prepare(sql).await?;
    let founded = moment_at(BANK_FOUNDED, 9 * HOUR_MS);
    for (at, (purpose, zh, en)) in CONSENT_TEXTS.iter().enumerate() {
        // The same in every bank: the number of the text in the list.
        let text_id = uuid_v7(founded, at as u128);
        transaction.execute(&statement, &[&text_id, purpose, zh, en, &founded]).await?;
    }
    Ok(())
}

async fn business_day(transaction: &Transaction<'_>, world: &World) -> Result<(), SandboxError> {
    let sql = "INSERT INTO business_days (is_current, business_on, opened_at) VALUES (true, $1, $2) ON CONFLICT DO NOTHING";
    let today = world.calendar.today;
    transaction.execute(sql, &[&date_of(today), &moment_at(today, 0)]).await?;
    Ok(())
}

async fn employers(transaction: &Transaction<'_>, employers: &[Employer]) -> Result<(), SandboxError> {
    // The truth has no other employers: a fill that is continued finds all of them or none.
    let is_there: bool =
        transaction.query_one("SELECT EXISTS (SELECT FROM truth.employers)", &[]).await?.get(0);
    if is_there {
        return Ok(());
    }
    let mut rows = Rows::new(truth::EMPLOYERS);
    for employer in employers {
        let mut row = rows.row();
        row.uuid(employer.employer_id).text(&employer.name).text(employer.industry.as_str());
        row.text(CITIES[usize::from(employer.city)].full_name).small(employer.pay_day as i16);
        row.text(&employer.account_no).flag(employer.is_shaky);
    }
    rows.send(transaction).await?;
    Ok(())
}
