//! Everything that is settled about a chunk before its history is played.

use std::sync::Arc;

use crate::accounts::{self, Holdings};
use crate::destiny::{self, Destiny};
use crate::fraud;
use crate::households::{self, Neighbourhood};
use crate::ties::{self, Guarantee, Tie};
use crate::world::World;

#[derive(Debug)]
pub struct Scene {
    pub world: Arc<World>,
    pub neighbourhood: Neighbourhood,
    /// By person, as are the destinies.
    pub holdings: Vec<Holdings>,
    pub destinies: Vec<Destiny>,
    pub guarantees: Vec<Guarantee>,
    pub ties: Vec<Tie>,
}

impl Scene {
    pub fn set(world: Arc<World>, chunk: u32) -> Self {
        let neighbourhood = households::settle(&world, chunk);
        let everybody = 0..neighbourhood.people.len();
        let mut holdings: Vec<Holdings> =
            everybody.clone().map(|me| accounts::open(&world, &neighbourhood, me)).collect();
        let guarantees = ties::guarantees(&world, &neighbourhood, &holdings, chunk);
        let destinies = destiny::foresee(&world, &neighbourhood, &holdings, &guarantees);
        for me in everybody {
            fraud::change_cards(&world, &neighbourhood.people[me], &destinies[me], me, &mut holdings[me]);
        }
        let ties = ties::ties(&world, &neighbourhood, chunk);
        Self { world, neighbourhood, holdings, destinies, guarantees, ties }
    }

    #[cfg(test)]
    pub fn sample(chunk: u32) -> Self {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).unwrap_or_default();
        let plan = crate::Plan { seed: 20_261_101, cardholders: 3_000, months: 24, tx_per_month: 4, today };
        Self::set(Arc::new(World::new(plan)), chunk)
    }
}
