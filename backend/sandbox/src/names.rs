//! People's names, with the frequencies that surnames and generations of given names have.

use std::sync::LazyLock;

use crate::chance::{Chance, running};
use crate::words::Gender;

/// One in how many surnames the given name has one character, by birth year.
const SINGLE_SHARE: [(i32, f64); 4] = [(1960, 0.10), (1980, 0.16), (2000, 0.22), (i32::MAX, 0.12)];

struct Surnames {
    names: Vec<&'static str>,
    running: Vec<f64>,
}

static SURNAMES: LazyLock<Surnames> = LazyLock::new(|| {
    let lines = include_str!("../data/surnames.txt").lines();
    let pairs: Vec<(&str, f64)> = lines
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, weight)| Some((name, weight.parse().ok()?)))
        .collect();
    Surnames {
        names: pairs.iter().map(|(name, _)| *name).collect(),
        running: running(pairs.iter().map(|(_, weight)| *weight)),
    }
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Single,
    First,
    Second,
}

struct Pool {
    gender: Gender,
    from_year: i32,
    style: Style,
    characters: Vec<&'static str>,
    running: Vec<f64>,
}

static POOLS: LazyLock<Vec<Pool>> =
    LazyLock::new(|| include_str!("../data/given_names.txt").lines().filter_map(pool).collect());

fn pool(line: &'static str) -> Option<Pool> {
    let mut words = line.split(' ');
    let gender = gender_of(words.next()?)?;
    let from_year = words.next()?.parse().ok()?;
    let _until_year = words.next()?;
    let style = match words.next()? {
        "single" => Style::Single,
        "first" => Style::First,
        "second" => Style::Second,
        _ => return None,
    };
    let characters: Vec<&str> = words.collect();
    // The lists are in order of frequency, which falls about as one over the rank.
    let running = running((0..characters.len()).map(|rank| 1.0 / (rank as f64 + 3.0)));
    Some(Pool { gender, from_year, style, characters, running })
}

fn gender_of(letter: &str) -> Option<Gender> {
    match letter {
        "m" => Some(Gender::Male),
        "f" => Some(Gender::Female),
        _ => None,
    }
}

/// A surname, Han.
pub fn surname(chance: &mut Chance) -> &'static str {
    SURNAMES.names[chance.step(&SURNAMES.running)]
}

fn character(gender: Gender, birth_year: i32, style: Style, chance: &mut Chance) -> &'static str {
    let mut fits = POOLS.iter().filter(|pool| pool.gender == gender && pool.style == style);
    let oldest = fits.clone().next();
    let pool = fits.rfind(|pool| pool.from_year <= birth_year).or(oldest);
    pool.map_or("明", |pool| pool.characters[chance.step(&pool.running)])
}

/// A given name as parents chose it in that year.
pub fn given_name(gender: Gender, birth_year: i32, chance: &mut Chance) -> String {
    let single = SINGLE_SHARE.iter().find(|(until, _)| birth_year < *until).map_or(0.0, |(_, share)| *share);
    if chance.happens(single) {
        return character(gender, birth_year, Style::Single, chance).to_owned();
    }
    let first = character(gender, birth_year, Style::First, chance);
    let second = character(gender, birth_year, Style::Second, chance);
    // A doubled character is a girl's name.
    if first == second && gender == Gender::Male { format!("{first}文") } else { format!("{first}{second}") }
}

/// A whole name of somebody who is no cardholder.
pub fn stranger(chance: &mut Chance) -> String {
    let gender = if chance.happens(0.5) { Gender::Male } else { Gender::Female };
    let year = chance.between(1955, 2003) as i32;
    format!("{}{}", surname(chance), given_name(gender, year, chance))
}

/// Somebody whose whole name comes from a list.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    pub name: &'static str,
    /// ISO 3166-1 alpha-2; `HK` and `TW` tell which permit they hold.
    pub nationality: &'static str,
}

struct List {
    is_foreign: bool,
    gender: Gender,
    nationality: &'static str,
    names: Vec<&'static str>,
}

static LISTS: LazyLock<Vec<List>> =
    LazyLock::new(|| include_str!("../data/other_names.txt").lines().filter_map(list).collect());

fn list(line: &'static str) -> Option<List> {
    let mut words = line.splitn(2, ' ');
    match words.next()? {
        "foreign" | "hongkong" | "taiwan" => {
            let mut words = words.next()?.splitn(3, ' ');
            let nationality = words.next()?;
            let gender = gender_of(words.next()?)?;
            Some(List { is_foreign: true, gender, nationality, names: words.next()?.split('|').collect() })
        }
        "uyghur" | "tibetan" | "mongol" | "yi" => {
            let mut words = words.next()?.split(' ');
            let gender = gender_of(words.next()?)?;
            Some(List { is_foreign: false, gender, nationality: "CN", names: words.collect() })
        }
        _ => None,
    }
}

/// A name of another of China's peoples.
pub fn of_another_people(gender: Gender, chance: &mut Chance) -> Listed {
    listed(false, gender, chance)
}

/// A foreigner, or somebody from Hong Kong or Taiwan.
pub fn from_abroad(gender: Gender, chance: &mut Chance) -> Listed {
    listed(true, gender, chance)
}

fn listed(is_foreign: bool, gender: Gender, chance: &mut Chance) -> Listed {
    let fits: Vec<&List> =
        LISTS.iter().filter(|list| list.is_foreign == is_foreign && list.gender == gender).collect();
    let list = chance.one(&fits);
    let name = *chance.one(&list.names);
    Listed { name, nationality: list.nationality }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Stream;

    #[test]
    fn every_line_of_the_lists_is_read() {
        assert_eq!(SURNAMES.names.len(), include_str!("../data/surnames.txt").lines().count());
        assert_eq!(POOLS.len(), include_str!("../data/given_names.txt").lines().count() - 1);
        assert_eq!(LISTS.len(), include_str!("../data/other_names.txt").lines().count() - 1);
    }

    #[test]
    fn frequent_surnames_are_frequent_and_double_ones_exist() {
        let mut chance = Chance::of(20_261_101, Stream::Person, 0);
        let drawn: Vec<&str> = (0..20_000).map(|_| surname(&mut chance)).collect();
        let share =
            |name: &str| drawn.iter().filter(|drawn| **drawn == name).count() as f64 / drawn.len() as f64;
        assert!((0.05..0.12).contains(&share("王")), "{}", share("王"));
        assert!(share("王") > share("周") && share("周") > share("盖"));
        assert!(
            (0.0005..0.01)
                .contains(&(drawn.iter().filter(|name| name.chars().count() == 2).count() as f64 / 20_000.0))
        );
    }

    #[test]
    fn generations_differ_and_every_name_reads_in_pinyin() {
        let mut chance = Chance::of(1, Stream::Person, 0);
        for year in [1935, 1962, 1985, 2004] {
            for gender in Gender::ALL {
                for _ in 0..100 {
                    let name = format!("{}{}", surname(&mut chance), given_name(*gender, year, &mut chance));
                    assert!((2..=4).contains(&name.chars().count()), "{name}");
                    let (pinyin, initials) = kernel::person_name::pinyin_of(&name);
                    assert!(pinyin.is_ascii() && initials.len() == name.chars().count(), "{name}: {pinyin}");
                }
            }
        }
    }
}
