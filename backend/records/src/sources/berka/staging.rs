//! The small tables as the bank's own rows.

use platform::vault::{Vault, VaultError};
use trust::branches::StagedBranch;
use uuid::Uuid;

use super::{
    ORIGIN, SOURCE,
    tables::Tables,
    transactions::{Book, Owned},
};
use crate::sources::{
    offices::Offices,
    staged_facts::{StagedDistrict, StagedLoan, StagedStandingOrder},
    staged_holdings::{StagedAccount, StagedCard, StagedCardholder, StagedParty, StagedProduct},
};

const COUNTRY: &str = "CZ";
const ACCOUNT_PRODUCT: &str = "bk_current";

pub(super) struct StagedTables {
    pub districts: Vec<StagedDistrict>,
    pub branches: Vec<StagedBranch>,
    pub products: Vec<StagedProduct>,
    pub cardholders: Vec<StagedCardholder>,
    pub accounts: Vec<StagedAccount>,
    pub parties: Vec<StagedParty>,
    pub cards: Vec<StagedCard>,
    pub loans: Vec<StagedLoan>,
    pub standing_orders: Vec<StagedStandingOrder>,
    pub book: Book,
}

pub(super) fn rows_of(
    tables: &Tables,
    mut offices: Offices,
    vault: &Vault,
) -> Result<StagedTables, VaultError> {
    let city_id = offices.city("BK", "捷克样本（Berka）");
    let branch_ids: std::collections::HashMap<u16, Uuid> = tables
        .districts
        .iter()
        .map(|(code, district)| (*code, offices.branch(format!("BK{code:03}"), &district.name, city_id)))
        .collect();
    // Every district a row names was checked when the row was read.
    let branch_of = |district_id: u16| branch_ids.get(&district_id).copied().unwrap_or(city_id);
    let book = book_of(tables);
    Ok(StagedTables {
        districts: districts(tables),
        branches: offices.into_staged(),
        products: products(),
        cardholders: cardholders(tables, branch_of, vault)?,
        accounts: accounts(tables, branch_of, &book),
        parties: parties(tables, &book),
        cards: cards(tables, &book),
        loans: loans(tables, &book),
        standing_orders: standing_orders(tables, &book),
        book,
    })
}

fn cardholder_id(client_id: u32) -> Uuid {
    ORIGIN.id("cardholder", &client_id.to_string())
}

fn book_of(tables: &Tables) -> Book {
    let owned = |(account_id, client_id): (&u32, &u32)| {
        let cardholder_id = cardholder_id(*client_id);
        (*account_id, Owned { cardholder_id, account_id: ORIGIN.id("account", &account_id.to_string()) })
    };
    tables.owners.iter().map(owned).collect()
}

fn districts(tables: &Tables) -> Vec<StagedDistrict> {
    let staged = |(code, district): (&u16, &super::tables::District)| StagedDistrict {
        source: SOURCE,
        source_ref: code.to_string(),
        name: district.name.clone(),
        region: district.region.clone(),
        facts: district.facts.clone(),
    };
    tables.districts.iter().map(staged).collect()
}

fn products() -> Vec<StagedProduct> {
    let product =
        |(product_code, kind, name_zh, name_en)| StagedProduct { product_code, kind, name_zh, name_en };
    [
        (ACCOUNT_PRODUCT, "current", "活期账户（Berka）", "Current account (Berka)"),
        ("bk_card_junior", "debit_card", "青年卡（Berka）", "Junior card (Berka)"),
        ("bk_card_classic", "debit_card", "普通卡（Berka）", "Classic card (Berka)"),
        ("bk_card_gold", "debit_card", "金卡（Berka）", "Gold card (Berka)"),
    ]
    .map(product)
    .into()
}

fn cardholders(
    tables: &Tables,
    branch_of: impl Fn(u16) -> Uuid,
    vault: &Vault,
) -> Result<Vec<StagedCardholder>, VaultError> {
    let clients = tables.clients.iter().filter_map(|(id, client)| Some((id, client, tables.since.get(id)?)));
    clients
        .map(|(client_id, client, since)| {
            let source_ref = client_id.to_string();
            let cardholder_id = cardholder_id(*client_id);
            let (_, wrapped) = vault.new_data_key(cardholder_id)?;
            let district = tables.districts.get(&client.district_id);
            Ok(StagedCardholder {
                cardholder_id,
                customer_no: format!("B{client_id:07}"),
                gender: Some(client.gender),
                birth_on: Some(client.birth_on),
                stated_age_years: None,
                stated_age_on: None,
                education: None,
                marital_status: None,
                branch_id: branch_of(client.district_id),
                opened_on: *since,
                source: SOURCE,
                address_id: Some(ORIGIN.id("address", &source_ref)),
                source_ref,
                wrapped_key: wrapped.bytes,
                master_key_id: wrapped.master_key_id,
                country: Some(COUNTRY),
                province: district.map(|district| district.region.clone()),
                district: district.map(|district| district.name.clone()),
            })
        })
        .collect()
}

fn accounts(tables: &Tables, branch_of: impl Fn(u16) -> Uuid, book: &Book) -> Vec<StagedAccount> {
    let owned = tables.accounts.iter().filter_map(|(id, account)| Some((id, account, book.get(id)?)));
    owned
        .map(|(account_no, account, owned)| StagedAccount {
            cardholder_id: owned.cardholder_id,
            account_id: owned.account_id,
            account_no: format!("BK{account_no}"),
            kind: "current",
            product_code: ACCOUNT_PRODUCT,
            currency: "CZK",
            opened_on: account.opened_on,
            balance_minor: 0,
            credit_limit_minor: None,
            available_minor: 0,
            statement_frequency: Some(account.frequency),
            branch_id: branch_of(account.district_id),
            source: SOURCE,
            source_ref: account_no.to_string(),
        })
        .collect()
}

fn parties(tables: &Tables, book: &Book) -> Vec<StagedParty> {
    let users = tables.dispositions.values().filter(|disposition| !disposition.is_owner);
    users
        .filter_map(|disposition| {
            let owned = book.get(&disposition.account_id)?;
            Some(StagedParty {
                cardholder_id: owned.cardholder_id,
                account_id: owned.account_id,
                party_cardholder_id: cardholder_id(disposition.client_id),
                since_on: tables.accounts.get(&disposition.account_id)?.opened_on,
            })
        })
        .collect()
}

fn cards(tables: &Tables, book: &Book) -> Vec<StagedCard> {
    let staged = |(card_no, card): (&u32, &super::tables::Card)| {
        let disposition = tables.dispositions.get(&card.disp_id)?;
        let owned = book.get(&disposition.account_id)?;
        let source_ref = card_no.to_string();
        Some(StagedCard {
            cardholder_id: owned.cardholder_id,
            card_id: ORIGIN.id("card", &source_ref),
            account_id: owned.account_id,
            holder_cardholder_id: cardholder_id(disposition.client_id),
            product_code: card.product_code,
            token: format!("{SOURCE}:{source_ref}"),
            issued_on: card.issued_on,
            source: SOURCE,
            source_ref,
        })
    };
    tables.cards.iter().filter_map(staged).collect()
}

fn loans(tables: &Tables, book: &Book) -> Vec<StagedLoan> {
    let staged = |(loan_no, loan): (&u32, &super::tables::Loan)| {
        let owned = book.get(&loan.account_id)?;
        let source_ref = loan_no.to_string();
        Some(StagedLoan {
            cardholder_id: owned.cardholder_id,
            loan_id: ORIGIN.id("loan", &source_ref),
            account_id: owned.account_id,
            granted_on: loan.granted_on,
            amount_minor: loan.amount_minor,
            currency: "CZK",
            duration_months: loan.duration_months,
            payment_minor: loan.payment_minor,
            status: loan.status,
            source: SOURCE,
            source_ref,
        })
    };
    tables.loans.iter().filter_map(staged).collect()
}

fn standing_orders(tables: &Tables, book: &Book) -> Vec<StagedStandingOrder> {
    let staged = |(order_no, order): (&u32, &super::tables::Order)| {
        let owned = book.get(&order.account_id)?;
        let source_ref = order_no.to_string();
        Some(StagedStandingOrder {
            cardholder_id: owned.cardholder_id,
            standing_order_id: ORIGIN.id("standing_order", &source_ref),
            account_id: owned.account_id,
            counterparty_bank: order.bank_to.clone(),
            counterparty_account: order.account_to.clone(),
            amount_minor: order.amount_minor,
            currency: "CZK",
            purpose: order.purpose,
            source: SOURCE,
            source_ref,
        })
    };
    tables.orders.iter().filter_map(staged).collect()
}
