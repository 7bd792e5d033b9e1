//! The days of the history: weekends, festivals, and how much more is spent on them.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::chance::{Chance, running};

/// Days since 1970-01-01.
pub type Day = i32;
/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Moment = i64;

pub const DAY_MS: i64 = 86_400_000;
pub const HOUR_MS: i64 = 3_600_000;
pub const MINUTE_MS: i64 = 60_000;
/// China Standard Time is eight hours ahead of UTC all year.
const OFFSET_MS: i64 = 8 * HOUR_MS;

pub fn day_of(date: NaiveDate) -> Day {
    date.to_epoch_days()
}

pub fn date_of(day: Day) -> NaiveDate {
    NaiveDate::from_epoch_days(day).unwrap_or_default()
}

/// A local time of a day, as a moment.
pub fn moment(day: Day, local_ms: i64) -> Moment {
    i64::from(day) * DAY_MS + local_ms - OFFSET_MS
}

/// The local day of a moment.
pub fn day_at(moment: Moment) -> Day {
    (moment + OFFSET_MS).div_euclid(DAY_MS) as Day
}

/// What kind of spending a season moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    Everyday = 0,
    Shopping = 1,
    Dining = 2,
    Travel = 3,
}

pub const SEASONS: [Season; 4] = [Season::Everyday, Season::Shopping, Season::Dining, Season::Travel];

/// First day of the lunar year.
#[rustfmt::skip]
const SPRING_FESTIVALS: &[(i32, u32, u32)] = &[
    (2006, 1, 29),
    (2007, 2, 18),
    (2008, 2, 7),
    (2009, 1, 26),
    (2010, 2, 14),
    (2011, 2, 3),
    (2012, 1, 23),
    (2013, 2, 10),
    (2014, 1, 31),
    (2015, 2, 19),
    (2016, 2, 8),
    (2017, 1, 28),
    (2018, 2, 16),
    (2019, 2, 5),
    (2020, 1, 25),
    (2021, 2, 12),
    (2022, 2, 1),
    (2023, 1, 22),
    (2024, 2, 10),
    (2025, 1, 29),
    (2026, 2, 17),
    (2027, 2, 6),
    (2028, 1, 26),
    (2029, 2, 13),
    (2030, 2, 3),
    (2031, 1, 23),
    (2032, 2, 11),
    (2033, 1, 31),
    (2034, 2, 19),
    (2035, 2, 8),
    (2036, 1, 28),
];
/// The fifteenth of the eighth lunar month.
#[rustfmt::skip]
const MID_AUTUMNS: &[(i32, u32, u32)] = &[
    (2015, 9, 27),
    (2016, 9, 15),
    (2017, 10, 4),
    (2018, 9, 24),
    (2019, 9, 13),
    (2020, 10, 1),
    (2021, 9, 21),
    (2022, 9, 10),
    (2023, 9, 29),
    (2024, 9, 17),
    (2025, 10, 6),
    (2026, 9, 25),
    (2027, 9, 15),
    (2028, 10, 3),
    (2029, 9, 22),
    (2030, 9, 12),
    (2031, 10, 1),
    (2032, 9, 19),
    (2033, 9, 8),
    (2034, 9, 27),
    (2035, 9, 16),
];

fn festival(table: &[(i32, u32, u32)], year: i32) -> Option<Day> {
    let (year, month, day) = table.iter().find(|(of, ..)| *of == year)?;
    NaiveDate::from_ymd_opt(*year, *month, *day).map(day_of)
}

/// The first day of the lunar year that begins in this calendar year.
pub fn spring_festival(year: i32) -> Option<Day> {
    festival(SPRING_FESTIVALS, year)
}

/// Whether offices are open.
pub fn is_workday(day: Day) -> bool {
    let date = date_of(day);
    let is_weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let is_golden_week = matches!((date.month(), date.day()), (10, 1..=7) | (5, 1..=5) | (1, 1));
    let is_spring_festival =
        spring_festival(date.year()).is_some_and(|first| (first - 1..first + 7).contains(&day));
    !(is_weekend || is_golden_week || is_spring_festival)
}

/// The last workday at or before.
pub fn workday_before(mut day: Day) -> Day {
    while !is_workday(day) {
        day -= 1;
    }
    day
}

/// How many times an ordinary day's spending this day sees.
fn weight(day: Day, season: Season) -> f64 {
    let date = date_of(day);
    let is_weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let of = |everyday: f64, shopping: f64, dining: f64, travel: f64| {
        [everyday, shopping, dining, travel][season as usize]
    };
    let mut weight = if is_weekend { of(1.08, 1.25, 1.4, 1.3) } else { of(1.0, 0.95, 0.9, 0.9) };
    weight *= match (date.month(), date.day()) {
        (11, 11) => of(1.0, 6.0, 1.0, 1.0),
        (11, 9..=12) => of(1.0, 2.4, 1.0, 1.0),
        (6, 18) => of(1.0, 4.0, 1.0, 1.0),
        (6, 16..=20) => of(1.0, 1.9, 1.0, 1.0),
        (12, 12) => of(1.0, 2.2, 1.0, 1.0),
        (10, 1..=7) => of(0.95, 1.3, 1.5, 3.0),
        (5, 1..=5) => of(0.95, 1.2, 1.4, 2.4),
        (2, 14) | (5, 20) => of(1.0, 1.3, 1.6, 1.0),
        (7 | 8, _) => of(1.0, 1.0, 1.05, 1.5),
        _ => 1.0,
    };
    if let Some(first) = spring_festival(date.year()) {
        weight *= match day - first {
            -7..=-1 => of(1.35, 1.7, 1.3, 2.0),
            -16..=-8 => of(1.15, 1.5, 1.15, 1.3),
            0..=6 => of(0.65, 0.6, 1.6, 2.4),
            7..=10 => of(0.9, 0.9, 1.1, 1.5),
            _ => 1.0,
        };
    }
    if festival(MID_AUTUMNS, date.year()).is_some_and(|moon| (moon - 4..=moon).contains(&day)) {
        weight *= of(1.1, 1.35, 1.3, 1.2);
    }
    weight
}

/// The part of a month that lies in the history.
#[derive(Debug)]
pub struct MonthPart {
    pub year: i32,
    pub month: u32,
    pub first: Day,
    /// Running weights of its days, by season; their last is the month's weight.
    running: [Vec<f64>; 4],
}

impl MonthPart {
    pub fn days(&self) -> i32 {
        self.running[0].len() as i32
    }

    /// The day after its last.
    pub fn end(&self) -> Day {
        self.first + self.days()
    }

    /// A day of this month in the history, if it is one; the last one of a short month for the 29th to 31st.
    pub fn day(&self, of_month: u32) -> Option<Day> {
        let date = (of_month.min(28)..=of_month)
            .rev()
            .find_map(|day| NaiveDate::from_ymd_opt(self.year, self.month, day))?;
        let day = day_of(date);
        (self.first..self.end()).contains(&day).then_some(day)
    }

    pub fn weight(&self, season: Season) -> f64 {
        self.running[season as usize].last().copied().unwrap_or(0.0)
    }

    /// A day with the chance of its weight.
    pub fn some_day(&self, season: Season, chance: &mut Chance) -> Day {
        self.first + chance.step(&self.running[season as usize]) as Day
    }
}

/// The history: `begins <= day < today`.
#[derive(Debug)]
pub struct Calendar {
    pub begins: Day,
    pub today: Day,
    pub months: Vec<MonthPart>,
    /// Mean weight of a day, by season.
    means: [f64; 4],
}

impl Calendar {
    pub fn new(begins_on: NaiveDate, today: NaiveDate) -> Self {
        let (begins, today) = (day_of(begins_on), day_of(today));
        let mut months: Vec<MonthPart> = Vec::new();
        let mut first = begins;
        while first < today {
            let date = date_of(first);
            let end = (first..today).find(|day| date_of(*day).month() != date.month()).unwrap_or(today);
            let running = SEASONS.map(|season| running((first..end).map(|day| weight(day, season))));
            months.push(MonthPart { year: date.year(), month: date.month(), first, running });
            first = end;
        }
        let days = f64::from((today - begins).max(1));
        let means = SEASONS.map(|season| months.iter().map(|month| month.weight(season)).sum::<f64>() / days);
        Self { begins, today, months, means }
    }

    /// How many ordinary days' spending the month holds.
    pub fn spending_days(&self, month: &MonthPart, season: Season) -> f64 {
        month.weight(season) / self.means[season as usize].max(f64::MIN_POSITIVE)
    }
}

/// When in the day something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    Daytime,
    Meals,
    Evening,
    Online,
    Office,
    Night,
    Commute,
}

#[rustfmt::skip]
const HOURS: [[u8; 24]; 7] = [
    [0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 7, 6, 5, 5, 5, 5, 6, 8, 9, 8, 6, 4, 2, 1],
    [1, 0, 0, 0, 0, 0, 1, 4, 3, 1, 2, 10, 12, 5, 2, 2, 3, 8, 13, 10, 6, 4, 3, 2],
    [2, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 8, 11, 12, 11, 8, 4],
    [4, 2, 1, 1, 0, 0, 1, 2, 4, 6, 7, 7, 8, 7, 6, 6, 6, 6, 6, 8, 11, 13, 12, 8],
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 9, 11, 10, 2, 4, 10, 11, 10, 3, 0, 0, 0, 0, 0, 0],
    [9, 10, 10, 8, 6, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 6],
    [0, 0, 0, 0, 0, 1, 4, 12, 11, 4, 2, 2, 3, 3, 2, 2, 4, 9, 11, 6, 4, 4, 3, 1],
];

impl Hours {
    /// A local time of day in milliseconds.
    pub fn some_time(self, chance: &mut Chance) -> i64 {
        let weights = &HOURS[self as usize];
        let mut left = chance.below(weights.iter().map(|w| usize::from(*w)).sum());
        let hour = weights.iter().position(|w| match left.checked_sub(usize::from(*w)) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        });
        hour.unwrap_or(12) as i64 * HOUR_MS + chance.between(0, HOUR_MS - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Stream;

    fn day(year: i32, month: u32, day: u32) -> Day {
        day_of(NaiveDate::from_ymd_opt(year, month, day).unwrap())
    }

    fn calendar() -> Calendar {
        Calendar::new(date_of(day(2024, 11, 1)), date_of(day(2026, 11, 1)))
    }

    #[test]
    fn the_months_cover_the_history_without_a_gap() {
        let calendar = Calendar::new(date_of(day(2024, 11, 15)), date_of(day(2026, 11, 3)));
        let mut next = calendar.begins;
        for month in &calendar.months {
            assert_eq!(month.first, next);
            next = month.end();
        }
        assert_eq!(next, calendar.today);
        assert_eq!(calendar.months.len(), 25);
        assert_eq!(calendar.months[0].day(14), None);
        assert_eq!(calendar.months[3].day(31), Some(day(2025, 2, 28)));
        assert_eq!(calendar.months[24].day(3), None);
    }

    #[test]
    fn festivals_move_what_they_should() {
        assert!(
            weight(day(2025, 11, 11), Season::Shopping) > 4.0 * weight(day(2025, 11, 18), Season::Shopping)
        );
        assert!(weight(day(2026, 10, 3), Season::Travel) > 2.0 * weight(day(2026, 9, 12), Season::Travel));
        assert!(weight(day(2026, 2, 18), Season::Everyday) < weight(day(2026, 3, 18), Season::Everyday));
        assert!(!is_workday(day(2026, 2, 17)) && is_workday(day(2026, 3, 17)));
        assert_eq!(workday_before(day(2026, 10, 5)), day(2026, 9, 30));
    }

    #[test]
    fn an_average_month_has_as_many_spending_days_as_days() {
        let calendar = calendar();
        let spent: f64 =
            calendar.months.iter().map(|month| calendar.spending_days(month, Season::Shopping)).sum();
        assert!((spent - f64::from(calendar.today - calendar.begins)).abs() < 0.001);
    }

    #[test]
    fn a_local_evening_is_an_utc_noon() {
        assert_eq!(moment(0, 20 * HOUR_MS), 12 * HOUR_MS);
        assert_eq!(day_at(moment(20_000, 0)), 20_000);
        assert_eq!(day_at(moment(20_000, DAY_MS - 1)), 20_000);
        let mut chance = Chance::of(1, Stream::Life, 1);
        for _ in 0..1_000 {
            let at = Hours::Office.some_time(&mut chance);
            assert!((8 * HOUR_MS..18 * HOUR_MS).contains(&at));
        }
    }
}
