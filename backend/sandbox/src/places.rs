//! Where things are: real provinces, cities and districts; invented streets.

use std::sync::LazyLock;

use crate::chance::Chance;

pub struct City {
    pub name: &'static str,
    pub province: &'static str,
    /// With its administrative suffix.
    pub full_name: &'static str,
    /// 1 (dearest) to 4.
    pub tier: u8,
    pub latitude: f64,
    pub longitude: f64,
    pub area_code: &'static str,
    postcode: &'static str,
    /// How many of the bank's cardholders live here, relatively; 0 where it has no branch.
    pub weight: f64,
    pub districts: Vec<&'static str>,
}

pub struct ForeignCity {
    pub country: &'static str,
    pub name: &'static str,
    pub latitude: f64,
    pub longitude: f64,
    /// Where people travel to; elsewhere only stolen cards are used.
    pub is_destination: bool,
}

/// A city of either list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    Home(u8),
    Abroad(u8),
}

pub static CITIES: LazyLock<Vec<City>> =
    LazyLock::new(|| include_str!("../data/cities.csv").lines().filter_map(city).collect());

pub static FOREIGN_CITIES: LazyLock<Vec<ForeignCity>> =
    LazyLock::new(|| include_str!("../data/foreign_places.csv").lines().filter_map(foreign_city).collect());

fn city(line: &'static str) -> Option<City> {
    let mut fields = line.split(',');
    Some(City {
        name: fields.next()?,
        province: fields.next()?,
        full_name: fields.next()?,
        tier: fields.next()?.parse().ok()?,
        latitude: fields.next()?.parse().ok()?,
        longitude: fields.next()?.parse().ok()?,
        area_code: fields.next()?,
        postcode: fields.next()?,
        weight: fields.next()?.parse().ok()?,
        districts: fields.next()?.split('|').collect(),
    })
}

fn foreign_city(line: &'static str) -> Option<ForeignCity> {
    let mut fields = line.split(',');
    Some(ForeignCity {
        country: fields.next()?,
        name: fields.next()?,
        latitude: fields.next()?.parse().ok()?,
        longitude: fields.next()?.parse().ok()?,
        is_destination: fields.next()? == "trip",
    })
}

impl City {
    /// What life costs here, next to a city of the second tier.
    pub fn price_level(&self) -> f64 {
        [1.35, 1.0, 0.85, 0.75][usize::from(self.tier.clamp(1, 4)) - 1]
    }

    /// The postcode of a district: the city's own with its last digits counted on.
    pub fn postcode(&self, district: usize) -> String {
        let base: usize = self.postcode.parse().unwrap_or(0);
        format!("{:06}", base + (district + 1) * 10)
    }
}

impl Place {
    pub fn country(self) -> &'static str {
        match self {
            Self::Home(_) => "CN",
            Self::Abroad(at) => FOREIGN_CITIES[usize::from(at)].country,
        }
    }

    pub fn city(self) -> &'static str {
        match self {
            Self::Home(at) => CITIES[usize::from(at)].name,
            Self::Abroad(at) => FOREIGN_CITIES[usize::from(at)].name,
        }
    }

    /// Latitude and longitude of its middle.
    pub fn middle(self) -> (f64, f64) {
        match self {
            Self::Home(at) => (CITIES[usize::from(at)].latitude, CITIES[usize::from(at)].longitude),
            Self::Abroad(at) => {
                (FOREIGN_CITIES[usize::from(at)].latitude, FOREIGN_CITIES[usize::from(at)].longitude)
            }
        }
    }

    /// A foreign city that people travel to, or one that only stolen cards see.
    pub fn some_abroad(is_destination: bool, chance: &mut Chance) -> Self {
        let fits: Vec<u8> = (0..)
            .zip(FOREIGN_CITIES.iter())
            .filter(|(_, city)| city.is_destination == is_destination)
            .map(|(at, _)| at)
            .collect();
        Self::Abroad(*chance.one(&fits))
    }
}

/// First and second characters of coined words; together they name no real street, shop or company that we know of.
const COINED: [&[&str]; 2] = [
    &[
        "澄", "砚", "霁", "翊", "峤", "苒", "珩", "筠", "岚", "沐", "栎", "皓", "湛", "菘", "瑜", "晗", "槿",
        "泊", "朔", "凇",
    ],
    &[
        "岳", "泽", "屿", "禾", "川", "汀", "桐", "杉", "渡", "石", "野", "芷", "陵", "洲", "蔓", "崖", "麓",
        "樾", "浦", "棠",
    ],
];

/// A coined word of two characters.
pub fn coined(chance: &mut Chance) -> String {
    format!("{}{}", chance.one(COINED[0]), chance.one(COINED[1]))
}

/// The coined word of a number.
pub fn coined_of(number: u64) -> String {
    let [first, second] = COINED;
    let at = |n: u64, of: &[&'static str]| of[(n % of.len() as u64) as usize];
    format!("{}{}", at(number, first), at(number / first.len() as u64, second))
}

/// An invented street with number, estate, building and door.
pub fn street(chance: &mut Chance) -> String {
    let road = format!("{}{}", coined(chance), chance.one(&["路", "街", "巷", "大道", "弄"]));
    let number = chance.between(1, 999);
    if chance.happens(0.75) {
        let estate =
            format!("{}{}", coined(chance), chance.one(&["花园", "苑", "小区", "里", "公寓", "家园"]));
        let (building, unit, floor, door) =
            (chance.between(1, 30), chance.between(1, 4), chance.between(1, 26), chance.between(1, 4));
        format!("{road}{number}号{estate}{building}幢{unit}单元{floor:02}{door:02}室")
    } else {
        format!("{road}{number}号")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Stream;

    #[test]
    fn every_line_of_the_lists_is_read() {
        assert_eq!(CITIES.len(), include_str!("../data/cities.csv").lines().count());
        assert_eq!(FOREIGN_CITIES.len(), include_str!("../data/foreign_places.csv").lines().count());
        assert!(CITIES.iter().filter(|city| city.weight > 0.0).count() >= 30);
        assert!(CITIES.iter().all(|city| city.districts.len() >= 2 && (18.0..54.0).contains(&city.latitude)));
    }

    #[test]
    fn streets_vary() {
        let mut chance = Chance::of(1, Stream::Contacts, 1);
        let streets: std::collections::BTreeSet<String> = (0..200).map(|_| street(&mut chance)).collect();
        assert!(streets.len() > 190);
    }
}
