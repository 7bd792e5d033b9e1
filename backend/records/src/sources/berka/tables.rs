//! The seven small tables, read and checked against each other.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde_json::{Map, Value};
use trust::imports::{Reading, Row, RowFault, Shape};

use super::{
    CURRENCY,
    files::Files,
    meaning::{CARD_PRODUCTS, DISPOSITIONS, FREQUENCIES, LOAN_STATUSES, ORDER_PURPOSES},
};

const UNKNOWN: &str = "imports.unknown_reference";
const TWICE: &str = "imports.duplicate";
/// Every two-digit year in the data.
const CENTURY: i32 = 1900;
/// The district's own facts, as the source names them. `?` stands for what is missing.
const FACTS: [&str; 13] =
    ["A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11", "A12", "A13", "A14", "A15", "A16"];

pub(super) struct District {
    pub name: String,
    pub region: String,
    pub facts: Value,
}

pub(super) struct Client {
    line: u64,
    pub gender: &'static str,
    pub birth_on: NaiveDate,
    pub district_id: u16,
}

pub(super) struct Account {
    line: u64,
    pub district_id: u16,
    pub frequency: &'static str,
    pub opened_on: NaiveDate,
}

pub(super) struct Disposition {
    pub client_id: u32,
    pub account_id: u32,
    pub is_owner: bool,
}

pub(super) struct Card {
    pub disp_id: u32,
    pub product_code: &'static str,
    pub issued_on: NaiveDate,
}

pub(super) struct Loan {
    pub account_id: u32,
    pub granted_on: NaiveDate,
    pub amount_minor: i64,
    pub duration_months: i16,
    pub payment_minor: i64,
    pub status: &'static str,
}

pub(super) struct Order {
    pub account_id: u32,
    pub bank_to: String,
    pub account_to: String,
    pub amount_minor: i64,
    pub purpose: Option<&'static str>,
}

/// Everything by the source's own numbers, in their order.
#[derive(Default)]
pub(super) struct Tables {
    pub districts: BTreeMap<u16, District>,
    pub clients: BTreeMap<u32, Client>,
    pub accounts: BTreeMap<u32, Account>,
    pub dispositions: BTreeMap<u32, Disposition>,
    pub cards: BTreeMap<u32, Card>,
    pub loans: BTreeMap<u32, Loan>,
    pub orders: BTreeMap<u32, Order>,
    /// Account to client.
    pub owners: HashMap<u32, u32>,
    /// Client to the day since which they own or use an account.
    pub since: HashMap<u32, NaiveDate>,
}

impl Tables {
    pub(super) fn read(reading: &mut Reading, files: &Files) -> Self {
        let mut tables = Self::default();
        tables.read_districts(reading, files);
        tables.read_clients(reading, files);
        tables.read_accounts(reading, files);
        tables.read_dispositions(reading, files);
        tables.refuse_the_unconnected(reading, files);
        tables.read_cards(reading, files);
        tables.read_loans(reading, files);
        tables.read_orders(reading, files);
        tables
    }

    fn read_districts(&mut self, reading: &mut Reading, files: &Files) {
        let shape = semicolons(&[
            "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11", "A12", "A13", "A14", "A15",
            "A16",
        ]);
        reading.read(&files.district, &shape, |row| {
            let district =
                District { name: row.required("A2")?, region: row.required("A3")?, facts: facts_of(row)? };
            keep(&mut self.districts, row.integer("A1")?, district, "A1")
        });
    }

    fn read_clients(&mut self, reading: &mut Reading, files: &Files) {
        let shape = semicolons(&["client_id", "birth_number", "district_id"]);
        reading.read(&files.client, &shape, |row| {
            let (birth_on, gender) = birth_of(row)?;
            let district_id = row.integer("district_id")?;
            known(&self.districts, district_id, "district_id")?;
            let client = Client { line: row.line, gender, birth_on, district_id };
            keep(&mut self.clients, row.integer("client_id")?, client, "client_id")
        });
    }

    fn read_accounts(&mut self, reading: &mut Reading, files: &Files) {
        let shape = semicolons(&["account_id", "district_id", "frequency", "date"]);
        reading.read(&files.account, &shape, |row| {
            let account = Account {
                line: row.line,
                district_id: row.integer("district_id")?,
                frequency: row.word("frequency", FREQUENCIES)?,
                opened_on: row.date_yymmdd("date", CENTURY)?,
            };
            known(&self.districts, account.district_id, "district_id")?;
            keep(&mut self.accounts, row.integer("account_id")?, account, "account_id")
        });
    }

    fn read_dispositions(&mut self, reading: &mut Reading, files: &Files) {
        let shape = semicolons(&["disp_id", "client_id", "account_id", "type"]);
        reading.read(&files.disp, &shape, |row| {
            let disposition = Disposition {
                client_id: row.integer("client_id")?,
                account_id: row.integer("account_id")?,
                is_owner: row.word("type", DISPOSITIONS)?,
            };
            let Disposition { client_id, account_id, is_owner } = disposition;
            known(&self.clients, client_id, "client_id")?;
            let opened_on = known(&self.accounts, account_id, "account_id")?.opened_on;
            if is_owner && self.owners.contains_key(&account_id) {
                return Err(row.fault("type", "sources.second_owner"));
            }
            keep(&mut self.dispositions, row.integer("disp_id")?, disposition, "disp_id")?;
            if is_owner {
                self.owners.insert(account_id, client_id);
            }
            let since = self.since.entry(client_id).or_insert(opened_on);
            *since = opened_on.min(*since);
            Ok(())
        });
    }

    /// An account that nobody owns has no place here, nor has a client of whom nothing says since when they are one.
    fn refuse_the_unconnected(&mut self, reading: &mut Reading, files: &Files) {
        let Self { accounts, clients, dispositions, owners, since, .. } = self;
        accounts.retain(|account_id, account| {
            let is_owned = owners.contains_key(account_id);
            if !is_owned {
                let fault = RowFault::in_column("account_id", "sources.account_without_owner");
                reading.refuse(&files.account, account.line, fault);
            }
            is_owned
        });
        clients.retain(|client_id, client| {
            let is_connected = since.contains_key(client_id);
            if !is_connected {
                let fault = RowFault::in_column("client_id", "sources.client_without_account");
                reading.refuse(&files.client, client.line, fault);
            }
            is_connected
        });
        dispositions.retain(|_, disposition| accounts.contains_key(&disposition.account_id));
    }

    fn read_cards(&mut self, reading: &mut Reading, files: &Files) {
        let shape = semicolons(&["card_id", "disp_id", "type", "issued"]);
        reading.read(&files.card, &shape, |row| {
            let card = Card {
                disp_id: row.integer("disp_id")?,
                product_code: row.word("type", CARD_PRODUCTS)?,
                issued_on: row.date_yymmdd_midnight("issued", CENTURY)?,
            };
            known(&self.dispositions, card.disp_id, "disp_id")?;
            keep(&mut self.cards, row.integer("card_id")?, card, "card_id")
        });
    }

    fn read_loans(&mut self, reading: &mut Reading, files: &Files) {
        let shape =
            semicolons(&["loan_id", "account_id", "date", "amount", "duration", "payments", "status"]);
        reading.read(&files.loan, &shape, |row| {
            let loan = Loan {
                account_id: row.integer("account_id")?,
                granted_on: row.date_yymmdd("date", CENTURY)?,
                amount_minor: row.amount_minor("amount", CURRENCY)?,
                duration_months: row.integer("duration")?,
                payment_minor: row.amount_minor("payments", CURRENCY)?,
                status: row.word("status", LOAN_STATUSES)?,
            };
            known(&self.accounts, loan.account_id, "account_id")?;
            keep(&mut self.loans, row.integer("loan_id")?, loan, "loan_id")
        });
    }

    fn read_orders(&mut self, reading: &mut Reading, files: &Files) {
        let shape = semicolons(&["order_id", "account_id", "bank_to", "account_to", "amount", "k_symbol"]);
        reading.read(&files.order, &shape, |row| {
            let order = Order {
                account_id: row.integer("account_id")?,
                bank_to: row.required("bank_to")?,
                account_to: row.required("account_to")?,
                amount_minor: row.amount_minor("amount", CURRENCY)?,
                purpose: row.word("k_symbol", ORDER_PURPOSES)?,
            };
            known(&self.accounts, order.account_id, "account_id")?;
            keep(&mut self.orders, row.integer("order_id")?, order, "order_id")
        });
    }
}

const fn semicolons(columns: &'static [&'static str]) -> Shape {
    Shape::delimited_by(b';', columns)
}

fn keep<K: Ord, V>(
    table: &mut BTreeMap<K, V>,
    key: K,
    value: V,
    column: &'static str,
) -> Result<(), RowFault> {
    use std::collections::btree_map::Entry;
    match table.entry(key) {
        Entry::Occupied(_) => Err(RowFault::in_column(column, TWICE)),
        Entry::Vacant(place) => {
            place.insert(value);
            Ok(())
        }
    }
}

fn known<'t, K: Ord, V>(table: &'t BTreeMap<K, V>, key: K, column: &'static str) -> Result<&'t V, RowFault> {
    table.get(&key).ok_or(RowFault::in_column(column, UNKNOWN))
}

/// `YYMMDD`; women have 50 added to the month.
fn birth_of(row: &Row<'_>) -> Result<(NaiveDate, &'static str), RowFault> {
    const COLUMN: &str = "birth_number";
    let number: u32 = row.integer(COLUMN)?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let (month, gender) = if month > 50 { (month - 50, "female") } else { (month, "male") };
    let year = i32::try_from(year).ok().filter(|year| *year < 100).map(|year| CENTURY + year);
    year.and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
        .map(|birth_on| (birth_on, gender))
        .ok_or(row.fault(COLUMN, "imports.date_impossible"))
}

fn facts_of(row: &Row<'_>) -> Result<Value, RowFault> {
    let mut facts = Map::new();
    for column in FACTS {
        let text = row.text(column)?;
        let value = match text.as_ref() {
            "?" => Value::Null,
            // A JSON number is a decimal number without a plus sign or leading zeros, which is how the source writes them.
            number => match serde_json::from_str(number) {
                Ok(Value::Number(number)) => Value::Number(number),
                _ => return Err(row.fault(column, "imports.not_a_number")),
            },
        };
        facts.insert(column.to_owned(), value);
    }
    Ok(Value::Object(facts))
}
