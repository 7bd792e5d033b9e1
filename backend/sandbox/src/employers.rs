//! Invented employers. Their people are paid on the same day at the same time, which is how a bank sees an employer.

use platform::clock::uuid_v7;
use uuid::Uuid;

use crate::calendar::{HOUR_MS, MINUTE_MS};
use crate::chance::{Chance, Stream};
use crate::identity;
use crate::occupations::{INDUSTRIES, Industry};
use crate::places::{CITIES, coined};
use crate::plan::Plan;
use crate::{BANK_FOUNDED, moment_at};

const CARDHOLDERS_PER_EMPLOYER: u32 = 25;
const EMPLOYERS: std::ops::RangeInclusive<u32> = 90..=20_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employer {
    pub employer_id: Uuid,
    pub name: String,
    pub industry: Industry,
    pub city: u8,
    pub pay_day: u32,
    /// When on the pay day, local milliseconds.
    pub pay_time: i64,
    pub account_no: String,
    /// Whether its people's accounts are wholly with this bank's payroll service.
    pub is_client: bool,
    /// It stops paying in a crisis of its own.
    pub is_shaky: bool,
}

impl Industry {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::School => "school",
            Self::Hospital => "hospital",
            Self::Technology => "technology",
            Self::Manufacturing => "manufacturing",
            Self::Finance => "finance",
            Self::Retail => "retail",
            Self::Construction => "construction",
            Self::Logistics => "logistics",
            Self::Hospitality => "hospitality",
            Self::Energy => "energy",
            Self::Media => "media",
        }
    }
}

#[derive(Debug)]
pub struct Employers {
    pub all: Vec<Employer>,
    /// By city and industry.
    found: Vec<Vec<u32>>,
}

impl Employers {
    pub fn new(plan: &Plan, cities: usize) -> Self {
        let wanted =
            (plan.cardholders / CARDHOLDERS_PER_EMPLOYER).clamp(*EMPLOYERS.start(), *EMPLOYERS.end());
        let mut found = vec![Vec::new(); cities * INDUSTRIES.len()];
        let all: Vec<Employer> = (0..wanted).map(|number| employer(plan.seed, number, cities)).collect();
        for (number, employer) in (0..).zip(&all) {
            found[usize::from(employer.city) * INDUSTRIES.len() + employer.industry as usize].push(number);
        }
        Self { all, found }
    }

    /// An employer of that industry in that city, the large ones more often; anywhere in the bank if the city has none.
    pub fn some(&self, city: u8, industry: Industry, chance: &mut Chance) -> u32 {
        let here = &self.found[usize::from(city) * INDUSTRIES.len() + industry as usize];
        let rank =
            |of: usize, chance: &mut Chance| ((chance.unit().powf(1.8) * of as f64) as usize).min(of - 1);
        match here.len() {
            0 => rank(self.all.len(), chance) as u32,
            found => here[rank(found, chance)],
        }
    }
}

fn employer(seed: u64, number: u32, cities: usize) -> Employer {
    let mut chance = Chance::of(seed, Stream::Employer, u64::from(number));
    let (round, industry) =
        (number as usize / INDUSTRIES.len(), INDUSTRIES[number as usize % INDUSTRIES.len()]);
    let weights: Vec<f64> = CITIES[..cities].iter().map(|city| city.weight).collect();
    // The first ones make sure that every industry exists in every city.
    let city = if round < cities { round as u8 } else { chance.weighed(&weights) as u8 };
    let name = name(industry, CITIES[usize::from(city)].name, &mut chance);
    Employer {
        employer_id: uuid_v7(moment_at(BANK_FOUNDED, 0), chance.tail()),
        name,
        industry,
        city,
        pay_day: *chance.one(&[5, 8, 10, 10, 10, 15, 15, 15, 20, 25, 28]),
        pay_time: 9 * HOUR_MS + chance.between(0, 120) * MINUTE_MS,
        account_no: identity::outside_account(chance.word()),
        is_client: chance.happens(0.7),
        is_shaky: matches!(industry, Industry::Construction | Industry::Retail | Industry::Manufacturing)
            && chance.happens(0.06),
    }
}

fn name(industry: Industry, city: &str, chance: &mut Chance) -> String {
    let coined = coined(chance);
    let number = chance.between(2, 39);
    match industry {
        Industry::Government => {
            format!("{city}市{coined}{}", chance.one(&["街道办事处", "管理局", "事务中心", "服务中心"]))
        }
        Industry::School => match chance.below(3) {
            0 => format!("{city}{coined}学院"),
            1 => format!("{city}市{coined}中学"),
            _ => format!("{city}市{coined}小学"),
        },
        Industry::Hospital => match chance.below(2) {
            0 => format!("{city}{coined}医院"),
            _ => format!("{city}市{coined}社区卫生服务中心"),
        },
        Industry::Technology => {
            format!("{city}{coined}{}有限公司", chance.one(&["科技", "信息技术", "网络科技", "智能科技"]))
        }
        Industry::Manufacturing => {
            format!("{city}{coined}{}有限公司", chance.one(&["机械制造", "电子", "精密部件", "纺织", "食品"]))
        }
        Industry::Finance => format!(
            "{city}{coined}{}",
            chance.one(&["证券营业部", "资产管理有限公司", "会计师事务所", "律师事务所"])
        ),
        Industry::Retail => {
            format!("{city}{coined}{}有限公司", chance.one(&["商贸", "百货", "连锁超市", "电子商务"]))
        }
        Industry::Construction => {
            format!("{city}{coined}{}有限公司", chance.one(&["建设工程", "建筑装饰", "市政工程"]))
        }
        Industry::Logistics => {
            format!("{city}{coined}{}有限公司", chance.one(&["物流", "供应链管理", "速运"]))
        }
        Industry::Hospitality => {
            format!("{city}{coined}{}", chance.one(&["大酒店", "餐饮管理有限公司", "酒店管理有限公司"]))
        }
        Industry::Energy => {
            format!("{city}{coined}{}", chance.one(&["电力有限公司", "燃气有限公司", "水务有限公司"]))
        }
        Industry::Media => format!("{city}{coined}{}{number}工作室", chance.one(&["传媒", "影视", "广告"])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn employers_repeat_and_large_ones_are_found_more_often() {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let plan = Plan { seed: 3, cardholders: 20_000, months: 1, tx_per_month: 1, today };
        let employers = Employers::new(&plan, 6);
        assert_eq!(employers.all, Employers::new(&plan, 6).all);
        let mut chance = Chance::of(1, Stream::Person, 1);
        let mut heads = vec![0_u32; employers.all.len()];
        for _ in 0..5_000 {
            heads[employers.some(0, Industry::Technology, &mut chance) as usize] += 1;
        }
        heads.sort_unstable_by(|a, b| b.cmp(a));
        assert!(heads[0] > 3 * (5_000 / heads.iter().filter(|heads| **heads > 0).count() as u32));
    }
}
