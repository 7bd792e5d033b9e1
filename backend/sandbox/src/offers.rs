//! How somebody would answer an offer with and without being addressed: never seen by the bank, only by its campaigns.

use crate::accounts::Holdings;
use crate::chance::{Chance, Stream};
use crate::people::{Discipline, Person};
use crate::products::{CC_PLATINUM, DEP_1Y, LOAN_CONSUMER};
use crate::words::{AccountKind, Lifecycle};
use crate::world::World;

/// Products whose campaigns can be judged.
const OFFERED: [&str; 3] = [LOAN_CONSUMER, DEP_1Y, CC_PLATINUM];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response {
    pub product_code: &'static str,
    pub kind: &'static str,
    /// Chance of taking the product within a quarter, in hundredths of a percent, unaddressed and addressed.
    pub untreated_bp: i16,
    pub treated_bp: i16,
}

/// How much somebody needs each product, which the bank can partly see.
fn affinity(person: &Person, holdings: &Holdings, product: &str) -> f64 {
    let has = |kind| holdings.slots(kind).next().is_some();
    let income = person.persona.yearly_income as f64 / 10_000_000.0;
    let age = f64::from(person.age_at(person.opened));
    match product {
        LOAN_CONSUMER => {
            0.4 * f64::from(u8::from(person.persona.discipline != Discipline::Full)) + 0.3 / income.max(0.3)
                - 0.2 * f64::from(u8::from(!holdings.loans.is_empty()))
        }
        DEP_1Y => 0.012 * (age - 35.0) + 0.15 * income + 0.4 * f64::from(u8::from(has(AccountKind::Deposit))),
        _ => {
            0.35 * income + 0.2 * person.persona.trips_per_year
                - 0.25 * f64::from(u8::from(has(AccountKind::CreditCard)))
        }
    }
}

pub fn responses(world: &World, person: &Person, holdings: &Holdings) -> Vec<Response> {
    if person.lifecycle != Lifecycle::Active {
        return Vec::new();
    }
    let mut chance = Chance::of(world.plan.seed, Stream::Offers, u64::from(person.number));
    OFFERED
        .iter()
        .map(|product_code| {
            let need = affinity(person, holdings, product_code) + 0.3 * chance.normal();
            // The needy take it anyway, the middle can be persuaded, the content do not want it, some resent being asked.
            let (kind, untreated, treated) = match () {
                () if chance.happens(0.06) => ("sleeping_dog", 0.05 + 0.08 * need.clamp(0.0, 1.0), 0.0),
                () if need > 0.95 => ("sure_thing", 0.14 + 0.1 * need.min(2.0), 0.15 + 0.1 * need.min(2.0)),
                () if need > 0.2 => ("persuadable", 0.012, 0.05 + 0.12 * need),
                () => ("lost_cause", 0.004, 0.006),
            };
            let treated = if kind == "sleeping_dog" { untreated * 0.3 } else { treated };
            let points = |probability: f64| (probability.clamp(0.0, 1.0) * 10_000.0).round() as i16;
            Response { product_code, kind, untreated_bp: points(untreated), treated_bp: points(treated) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;

    #[test]
    fn all_four_types_exist_and_mean_what_they_are_called() {
        let scene = Scene::sample(0);
        let mut seen = std::collections::BTreeMap::<&str, u32>::new();
        for (person, holdings) in scene.neighbourhood.people.iter().zip(&scene.holdings) {
            for response in responses(&scene.world, person, holdings) {
                *seen.entry(response.kind).or_default() += 1;
                let lift = response.treated_bp - response.untreated_bp;
                match response.kind {
                    "persuadable" => assert!(lift > 300),
                    "sleeping_dog" => assert!(lift < 0),
                    "sure_thing" => assert!(response.untreated_bp > 1_000 && lift.abs() <= 101),
                    _ => assert!(response.treated_bp < 100),
                }
            }
        }
        assert_eq!(seen.len(), 4, "{seen:?}");
        assert!(seen.values().all(|count| *count > 20), "{seen:?}");
    }
}
