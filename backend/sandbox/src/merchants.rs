//! Merchant categories (ISO 18245), what each is bought for, and the invented shops that sell it.

use std::sync::LazyLock;

use crate::calendar::{Hours, Season};
use crate::chance::scrambled;
use crate::places::{CITIES, Place, coined_of};

/// A row of `merchant_categories`.
#[derive(Debug, Clone, Copy)]
pub struct Category {
    pub mcc: &'static str,
    pub mcc_group: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
}

static CATEGORIES: LazyLock<Vec<Category>> =
    LazyLock::new(|| include_str!("../data/merchant_categories.csv").lines().filter_map(category).collect());

fn category(line: &'static str) -> Option<Category> {
    let mut fields = line.split(',');
    Some(Category {
        mcc: fields.next()?,
        mcc_group: fields.next()?,
        name_zh: fields.next()?,
        name_en: fields.next()?,
    })
}

pub fn categories() -> impl Iterator<Item = Category> {
    CATEGORIES.iter().copied()
}

/// The group of a code, as the table has it.
pub fn group_of(mcc: &str) -> Option<&'static str> {
    CATEGORIES.binary_search_by(|category| category.mcc.cmp(mcc)).ok().map(|at| CATEGORIES[at].mcc_group)
}

/// Who buys more of it than others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taste {
    All,
    Women,
    Men,
    Drivers,
    Parents,
    Young,
    Old,
    Traveller,
}

/// A kind of shop: how often, how much, when, and what it is called.
#[derive(Debug)]
pub struct Trade {
    pub mcc: &'static str,
    /// Visits next to other trades.
    pub weight: f64,
    pub median_yuan: f64,
    pub sigma: f64,
    pub season: Season,
    pub hours: Hours,
    /// Bought on the web rather than in the shop.
    pub online: f64,
    pub taste: Taste,
    /// What follows the coined word in its name.
    pub suffix: &'static str,
}

use Hours::{Commute, Daytime, Evening, Meals, Online};
use Season::{Dining, Everyday, Shopping, Travel};
use Taste::{All, Drivers, Men, Old, Parents, Traveller, Women, Young};

macro_rules! trades {
    ($([$mcc:literal $suffix:literal $weight:literal $median:literal $sigma:literal $season:ident $hours:ident $online:literal $taste:ident]),+ $(,)?) => {
        pub const TRADES: &[Trade] = &[$(Trade {
            mcc: $mcc, weight: $weight, median_yuan: $median, sigma: $sigma, season: $season, hours: $hours, online: $online,
            taste: $taste, suffix: $suffix,
        }),+];
    };
}

trades! {
    ["5411" "超市" 14.0 85.0 0.7 Everyday Daytime 0.15 All],
    ["5499" "便利店" 10.0 22.0 0.6 Everyday Commute 0.05 All],
    ["5422" "生鲜" 3.0 60.0 0.6 Everyday Daytime 0.4 Old],
    ["5462" "烘焙" 2.6 35.0 0.5 Everyday Daytime 0.2 Women],
    ["5441" "零食坊" 1.6 45.0 0.6 Everyday Evening 0.4 Young],
    ["5921" "烟酒行" 1.4 180.0 0.9 Shopping Evening 0.1 Men],
    ["5300" "会员店" 0.9 420.0 0.5 Everyday Daytime 0.2 Drivers],
    ["5812" "饭店" 7.5 130.0 0.8 Dining Meals 0.05 All],
    ["5814" "快餐" 12.0 32.0 0.45 Dining Meals 0.55 Young],
    ["5813" "酒馆" 0.7 260.0 0.7 Dining Evening 0.0 Young],
    ["5311" "百货" 1.8 380.0 0.9 Shopping Daytime 0.1 Women],
    ["5399" "优选商城" 8.0 120.0 1.0 Shopping Online 1.0 All],
    ["5732" "数码" 0.7 1500.0 1.0 Shopping Online 0.7 Men],
    ["5722" "电器" 0.5 1800.0 0.8 Shopping Online 0.6 All],
    ["5691" "服饰" 2.4 260.0 0.8 Shopping Online 0.6 All],
    ["5621" "女装" 1.6 280.0 0.8 Shopping Online 0.65 Women],
    ["5641" "母婴" 1.4 190.0 0.8 Shopping Online 0.6 Parents],
    ["5661" "鞋业" 1.0 320.0 0.6 Shopping Daytime 0.5 All],
    ["5977" "美妆" 1.5 240.0 0.8 Shopping Online 0.7 Women],
    ["5944" "珠宝" 0.2 2600.0 0.8 Shopping Daytime 0.1 Women],
    ["5941" "体育" 0.6 350.0 0.7 Shopping Daytime 0.5 Men],
    ["5945" "玩具" 0.5 160.0 0.7 Shopping Daytime 0.5 Parents],
    ["5712" "家居" 0.3 1600.0 0.9 Shopping Daytime 0.3 All],
    ["5200" "建材" 0.4 350.0 0.9 Shopping Daytime 0.1 Men],
    ["5719" "家饰" 0.5 150.0 0.8 Shopping Online 0.7 Women],
    ["5541" "加油站" 3.2 280.0 0.3 Everyday Commute 0.0 Drivers],
    ["7523" "停车" 2.4 12.0 0.6 Everyday Commute 0.3 Drivers],
    ["4784" "高速通行" 0.9 45.0 0.8 Travel Daytime 0.0 Drivers],
    ["7538" "汽车养护" 0.3 600.0 0.8 Everyday Daytime 0.0 Drivers],
    ["7542" "洗车" 0.5 45.0 0.4 Everyday Daytime 0.0 Drivers],
    ["4121" "出行" 6.0 28.0 0.6 Everyday Commute 1.0 Young],
    ["4111" "公共交通" 8.0 5.0 0.4 Everyday Commute 0.1 All],
    ["5912" "大药房" 1.9 65.0 0.8 Everyday Daytime 0.2 Old],
    ["8062" "医院" 1.1 320.0 1.1 Everyday Daytime 0.2 Old],
    ["8011" "门诊" 0.4 180.0 0.8 Everyday Daytime 0.0 Parents],
    ["8021" "口腔" 0.15 1200.0 0.9 Everyday Daytime 0.0 All],
    ["8043" "眼镜" 0.2 500.0 0.6 Everyday Daytime 0.1 Young],
    ["7832" "影城" 0.9 80.0 0.4 Dining Evening 0.8 Young],
    ["7997" "健身" 0.25 600.0 0.9 Everyday Evening 0.3 Young],
    ["5816" "游戏" 1.5 60.0 1.0 Everyday Online 1.0 Young],
    ["5815" "视听" 1.3 25.0 0.4 Everyday Online 1.0 Young],
    ["7996" "乐园" 0.25 300.0 0.6 Travel Daytime 0.5 Parents],
    ["7991" "景区" 0.5 120.0 0.6 Travel Daytime 0.6 Traveller],
    ["7922" "剧场" 0.15 480.0 0.6 Dining Evening 0.9 Young],
    ["7230" "美发" 1.2 90.0 0.9 Everyday Evening 0.05 Women],
    ["7216" "洗衣" 0.4 60.0 0.5 Everyday Daytime 0.2 All],
    ["4215" "速运" 1.4 15.0 0.5 Everyday Daytime 0.7 All],
    ["7349" "家政" 0.4 180.0 0.6 Everyday Daytime 0.7 Parents],
    ["8299" "教育" 0.5 1500.0 1.0 Everyday Evening 0.4 Parents],
    ["8351" "托育" 0.15 2800.0 0.4 Everyday Daytime 0.2 Parents],
    ["5942" "书店" 0.6 60.0 0.7 Everyday Daytime 0.5 Parents],
    ["5995" "宠物" 0.5 130.0 0.8 Everyday Evening 0.6 Young],
    ["5992" "花艺" 0.3 120.0 0.6 Dining Daytime 0.4 Women],
    ["7011" "酒店" 0.35 380.0 0.5 Travel Evening 0.7 Traveller],
    ["4112" "铁路客运" 0.9 160.0 0.8 Travel Online 0.95 Traveller],
    ["4511" "航空" 0.3 1100.0 0.6 Travel Online 0.98 Traveller],
    ["4722" "旅行社" 0.1 1800.0 0.9 Travel Online 0.7 Traveller],
    ["8398" "公益基金会" 0.12 50.0 0.9 Everyday Online 0.95 Old],
    ["7995" "彩票" 0.5 20.0 0.8 Everyday Evening 0.0 Men],
}

/// The trades of one season, for drawing among them.
pub fn trades_of(season: Season) -> impl Iterator<Item = usize> {
    TRADES.iter().enumerate().filter(move |(_, trade)| trade.season == season).map(|(at, _)| at)
}

pub fn trade_of(mcc: &str) -> usize {
    TRADES.iter().position(|trade| trade.mcc == mcc).unwrap_or(0)
}

/// One shop: a trade, a number within its city (the same number is the same shop), and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shop {
    pub trade: u8,
    pub number: u16,
    pub place: Place,
    pub is_online: bool,
}

/// Chains per trade, and shops of one trade in a city.
const CHAINS: u64 = 9;
pub const SHOPS: u16 = 40;

impl Shop {
    pub fn mcc(self) -> &'static str {
        TRADES[usize::from(self.trade)].mcc
    }

    /// Chains are the same everywhere; the rest belongs to its city.
    pub fn name(self) -> String {
        let trade = &TRADES[usize::from(self.trade)];
        let key = scrambled(u64::from(self.trade) << 32 | u64::from(self.number));
        let chain = coined_of(scrambled((u64::from(self.trade) << 16) | (key % CHAINS)));
        match self.place {
            Place::Abroad(_) => foreign_name(key, group_of(trade.mcc), self.place.country()),
            Place::Home(_) if self.is_online => format!("{chain}{}", trade.suffix),
            Place::Home(city) => {
                let city_key = scrambled(key ^ u64::from(city) << 48);
                let districts = &CITIES[usize::from(city)].districts;
                let district = districts[(city_key % districts.len() as u64) as usize];
                if key & 0x100 == 0 {
                    format!("{chain}{}({district}店)", trade.suffix)
                } else {
                    format!("{}{}{}", CITIES[usize::from(city)].name, coined_of(city_key >> 8), trade.suffix)
                }
            }
        }
    }
}

/// A coined name in Latin letters, what it sells, and its country.
fn foreign_name(key: u64, group: Option<&str>, country: &str) -> String {
    const FIRST: [&str; 10] = ["Lu", "Mar", "Ko", "Ven", "Sal", "Tri", "No", "Bel", "Ran", "Del"];
    const SECOND: [&str; 10] = ["ra", "to", "mi", "no", "ka", "lis", "do", "ve", "zo", "na"];
    let sells = match group {
        Some("groceries") => "Market",
        Some("dining") => "Kitchen",
        Some("travel") => "Hotel",
        Some("transport") => "Transit",
        Some("entertainment") => "Arcade",
        _ => "Store",
    };
    let at = |n: u64| (n % 10) as usize;
    format!("{}{} {sells} {country}", FIRST[at(key)], SECOND[at(key / 10)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trade_has_a_category_and_every_line_is_read() {
        assert_eq!(CATEGORIES.len(), include_str!("../data/merchant_categories.csv").lines().count());
        assert!(CATEGORIES.is_sorted_by(|a, b| a.mcc < b.mcc));
        for trade in TRADES {
            assert!(group_of(trade.mcc).is_some(), "{}", trade.mcc);
        }
        assert!(crate::calendar::SEASONS.iter().all(|season| trades_of(*season).count() > 3));
    }

    #[test]
    fn a_shop_keeps_its_name_and_a_chain_is_known_in_two_cities() {
        let shop = |city, number| Shop { trade: 0, number, place: Place::Home(city), is_online: false };
        assert_eq!(shop(1, 7).name(), shop(1, 7).name());
        let names: std::collections::BTreeSet<String> =
            (0..SHOPS).map(|number| shop(1, number).name()).collect();
        assert!(names.len() > 25, "{names:?}");
    }
}
