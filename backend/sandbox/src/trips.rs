//! Journeys: somebody on one pays there, not at home.

use crate::agenda::Deed;
use crate::calendar::{Day, HOUR_MS, Hours, Moment, Season, day_at, moment, spring_festival};
use crate::life::Living;
use crate::merchants::{self, Shop};
use crate::places::{CITIES, Place};

/// On the road nobody stands in a shop.
const ON_THE_ROAD_MS: i64 = 6 * HOUR_MS;

#[derive(Debug, Clone, Copy)]
pub struct Trip {
    place: Place,
    leaves: Moment,
    returns: Moment,
}

impl Living<'_> {
    pub fn plan_trips(&mut self) {
        let years = f64::from(self.days.end - self.days.start) / 365.25;
        let wanted = self.chance.count(self.person().persona.trips_per_year.min(self.budget * 0.25) * years);
        let months = &self.world().calendar.months;
        for _ in 0..wanted {
            let month = self.chance.below(months.len());
            let day = months[month].some_day(Season::Travel, &mut self.chance);
            let is_abroad = self.person().persona.yearly_income > 15_000_000 && self.chance.happens(0.2);
            let place =
                if is_abroad { Place::some_abroad(true, &mut self.chance) } else { self.some_other_city() };
            let nights = self.chance.days(2, if is_abroad { 8 } else { 5 });
            self.plan_trip(place, day, nights);
        }
        // Many spend the Spring Festival where they come from.
        if self.chance.happens(0.3) {
            let home = self.some_other_city();
            for year in self.world().plan.years() {
                if let Some(festival) = spring_festival(year) {
                    let (before, nights) = (self.chance.days(1, 6), self.chance.days(5, 11));
                    self.plan_trip(home, festival - before, nights);
                }
            }
        }
    }

    fn some_other_city(&mut self) -> Place {
        let city = self.chance.below(CITIES.len()) as u8;
        Place::Home(if city == self.person().city { (city + 1) % CITIES.len() as u8 } else { city })
    }

    fn plan_trip(&mut self, place: Place, day: Day, nights: i32) {
        let (leaves, returns) = (moment(day, 9 * HOUR_MS), moment(day + nights, 17 * HOUR_MS));
        let overlaps = |trip: &Trip| {
            trip.leaves - 2 * ON_THE_ROAD_MS < returns && leaves < trip.returns + 2 * ON_THE_ROAD_MS
        };
        if !self.days.contains(&day) || self.trips.iter().any(overlaps) {
            return;
        }
        self.trips.push(Trip { place, leaves, returns });
        let flies = matches!(place, Place::Abroad(_)) || self.chance.happens(0.45);
        let fare =
            if flies { self.chance.log_normal(1_400.0, 0.5) } else { self.chance.log_normal(420.0, 0.5) };
        let trade = merchants::trade_of(if flies { "4511" } else { "4112" });
        let number = self.chance.below(usize::from(merchants::SHOPS)) as u16;
        let ticket =
            Shop { trade: trade as u8, number, place: Place::Home(self.person().city), is_online: true };
        let booked = day - self.chance.days(2, 30);
        let at = Hours::Online.some_time(&mut self.chance);
        self.on(booked, at, Deed::Buy { shop: ticket, amount: (fare * 100.0) as i64, fraud: None });
        let night = self.chance.log_normal(380.0, 0.4) * f64::from(nights);
        let hotel = Shop { trade: merchants::trade_of("7011") as u8, number, place, is_online: false };
        self.on(
            day + nights,
            11 * HOUR_MS,
            Deed::Buy { shop: hotel, amount: (night * 100.0) as i64, fraud: None },
        );
    }

    /// Where the cardholder is; nowhere while on the way.
    pub fn place_at(&self, at: Moment) -> Option<Place> {
        let home = Place::Home(self.person().city);
        let on_the_way = |from: Moment| (from - ON_THE_ROAD_MS / 2..from + ON_THE_ROAD_MS / 2).contains(&at);
        match self
            .trips
            .iter()
            .find(|trip| (trip.leaves - ON_THE_ROAD_MS..trip.returns + ON_THE_ROAD_MS).contains(&at))
        {
            Some(trip) if on_the_way(trip.leaves) || on_the_way(trip.returns) => None,
            Some(trip) if (trip.leaves..trip.returns).contains(&at) => Some(trip.place),
            _ => Some(home),
        }
    }

    pub fn is_travelling(&self, day: Day) -> bool {
        self.trips.iter().any(|trip| (day_at(trip.leaves)..=day_at(trip.returns)).contains(&day))
    }
}
