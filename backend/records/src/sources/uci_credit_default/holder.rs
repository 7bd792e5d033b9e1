//! One row of the file: a holder and six months.

use kernel::Currency;
use trust::imports::{Reading, Row, RowFault, Shape, SourceFile};

pub(super) const CURRENCY: Currency = Currency::TWD;
pub(super) const MONTHS: usize = 6;

const COLUMNS: &[&str] = &[
    "limit_bal",
    "sex",
    "education",
    "marriage",
    "age",
    "pay_0",
    "pay_2",
    "pay_3",
    "pay_4",
    "pay_5",
    "pay_6",
    "bill_amt1",
    "bill_amt2",
    "bill_amt3",
    "bill_amt4",
    "bill_amt5",
    "bill_amt6",
    "pay_amt1",
    "pay_amt2",
    "pay_amt3",
    "pay_amt4",
    "pay_amt5",
    "pay_amt6",
    "has_default",
];

/// Status, bill and payment of each month; the source counts back from September. There is no `pay_1`.
const MONTH_COLUMNS: [(&str, &str, &str); MONTHS] = [
    ("pay_0", "bill_amt1", "pay_amt1"),
    ("pay_2", "bill_amt2", "pay_amt2"),
    ("pay_3", "bill_amt3", "pay_amt3"),
    ("pay_4", "bill_amt4", "pay_amt4"),
    ("pay_5", "bill_amt5", "pay_amt5"),
    ("pay_6", "bill_amt6", "pay_amt6"),
];

const GENDERS: &[(&str, &str)] = &[("1", "male"), ("2", "female")];
const EDUCATIONS: &[(&str, Option<&str>)] = &[
    ("1", Some("graduate_school")),
    ("2", Some("university")),
    ("3", Some("high_school")),
    ("4", Some("other")),
    ("0", None),
    ("5", None),
    ("6", None),
];
const MARITAL_STATUSES: &[(&str, Option<&str>)] =
    &[("1", Some("married")), ("2", Some("single")), ("3", Some("other")), ("0", None)];
const YES_NO: &[(&str, bool)] = &[("0", false), ("1", true)];
/// -2 no consumption, -1 paid duly, 0 revolving, 1 to 9 months of delay.
const STATUSES: std::ops::RangeInclusive<i16> = -2..=9;
const AGES: std::ops::RangeInclusive<i16> = 18..=120;

pub(super) struct Holder {
    /// The row's number, which is the original's ID.
    pub number: u64,
    pub gender: &'static str,
    pub education: Option<&'static str>,
    pub marital_status: Option<&'static str>,
    pub age_years: i16,
    pub limit_minor: i64,
    /// September first.
    pub months: [Month; MONTHS],
    pub has_default: bool,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Month {
    pub status: i16,
    pub billed_minor: i64,
    pub paid_minor: i64,
}

pub(super) fn read(reading: &mut Reading, file: &SourceFile) -> Vec<Holder> {
    let mut holders = Vec::new();
    reading.read(file, &Shape::delimited_by(b',', COLUMNS), |row| {
        holders.push(Holder::parse(row)?);
        Ok(())
    });
    holders
}

impl Holder {
    fn parse(row: &Row<'_>) -> Result<Self, RowFault> {
        let mut months = [Month::default(); MONTHS];
        for (month, (status, billed, paid)) in months.iter_mut().zip(MONTH_COLUMNS) {
            *month = Month {
                status: within(row, status, &STATUSES)?,
                billed_minor: row.amount_minor(billed, CURRENCY)?,
                paid_minor: not_negative(row, paid)?,
            };
        }
        Ok(Self {
            number: row.number,
            gender: row.word("sex", GENDERS)?,
            education: row.word("education", EDUCATIONS)?,
            marital_status: row.word("marriage", MARITAL_STATUSES)?,
            age_years: within(row, "age", &AGES)?,
            limit_minor: not_negative(row, "limit_bal")?,
            months,
            has_default: row.word("has_default", YES_NO)?,
        })
    }
}

fn within(
    row: &Row<'_>,
    column: &'static str,
    range: &std::ops::RangeInclusive<i16>,
) -> Result<i16, RowFault> {
    Some(row.integer(column)?)
        .filter(|number| range.contains(number))
        .ok_or(row.fault(column, "imports.number_out_of_range"))
}

fn not_negative(row: &Row<'_>, column: &'static str) -> Result<i64, RowFault> {
    Some(row.amount_minor(column, CURRENCY)?)
        .filter(|amount| *amount >= 0)
        .ok_or(row.fault(column, "imports.amount_negative"))
}
