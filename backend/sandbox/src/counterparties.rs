//! The other side of a transfer, as a statement prints it.

use crate::accounts::MAIN;
use crate::chance::{Chance, Stream, scrambled};
use crate::identity;
use crate::ledger::Party;
use crate::names;
use crate::places::CITIES;
use crate::scene::Scene;

/// This bank, and invented others.
const HOUSE: &str = "卡迪亚银行";
const OTHERS: [&str; 6] =
    ["东岭银行", "云汀商业银行", "北原银行", "澄湖农村商业银行", "南屿银行", "西麓银行"];

pub struct Counterparty {
    pub name: String,
    pub bank: &'static str,
    pub account_no: String,
}

fn outside(name: String, key: u64) -> Counterparty {
    let key = scrambled(key);
    Counterparty {
        name,
        bank: OTHERS[(key % OTHERS.len() as u64) as usize],
        account_no: identity::outside_account(key >> 3),
    }
}

pub fn of(scene: &Scene, me: usize, party: Party) -> Counterparty {
    let people = &scene.neighbourhood.people;
    match party {
        Party::Holder(other) => {
            let account_no =
                scene.holdings[other].accounts.get(MAIN).map(|account| account.account_no.clone());
            Counterparty {
                name: people[other].name.clone(),
                bank: HOUSE,
                account_no: account_no.unwrap_or_default(),
            }
        }
        Party::Employer(employer) => {
            let employer = &scene.world.employers.all[employer as usize];
            let bank =
                if employer.is_client { HOUSE } else { OTHERS[usize::from(employer.city) % OTHERS.len()] };
            Counterparty { name: employer.name.clone(), bank, account_no: employer.account_no.clone() }
        }
        Party::Stranger(key) => {
            let mut chance = Chance::of(scene.world.plan.seed, Stream::Stranger, key | 1 << 63);
            outside(names::stranger(&mut chance), key)
        }
        Party::Lender(slot) => {
            let account_no = scene.holdings[me].accounts[slot].account_no.clone();
            Counterparty { name: HOUSE.to_owned(), bank: HOUSE, account_no }
        }
        Party::Own => outside(people[me].name.clone(), u64::from(people[me].number) << 8),
        Party::Firm(suffix, city) => {
            let key = suffix.bytes().fold(u64::from(city), |key, byte| scrambled(key ^ u64::from(byte)));
            outside(format!("{}{suffix}", CITIES[usize::from(city)].name), key)
        }
    }
}
