//! What people do for a living, what it pays, and for whom they do it.

use crate::words::Education;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Industry {
    Government,
    School,
    Hospital,
    Technology,
    Manufacturing,
    Finance,
    Retail,
    Construction,
    Logistics,
    Hospitality,
    Energy,
    Media,
}

pub const INDUSTRIES: [Industry; 12] = [
    Industry::Government,
    Industry::School,
    Industry::Hospital,
    Industry::Technology,
    Industry::Manufacturing,
    Industry::Finance,
    Industry::Retail,
    Industry::Construction,
    Industry::Logistics,
    Industry::Hospitality,
    Industry::Energy,
    Industry::Media,
];

/// How the money comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Livelihood {
    /// A monthly salary from an employer.
    Employed,
    /// Takings, at irregular times.
    SelfEmployed,
    /// A monthly pension.
    Retired,
    /// An allowance from the family.
    Dependent,
}

#[derive(Debug)]
pub struct Occupation {
    pub name: &'static str,
    pub livelihood: Livelihood,
    pub industries: &'static [Industry],
    pub weight: f64,
    /// Of a year, in a city of the second tier.
    pub median_yuan: f64,
    pub sigma: f64,
    pub education: &'static [Education],
    pub ages: std::ops::RangeInclusive<i32>,
    /// How easily the income fails, next to others.
    pub fragility: f64,
}

use Education::{GraduateSchool, HighSchool, JuniorCollege, MiddleSchool, Primary, University};
use Industry::{
    Construction, Energy, Finance, Government, Hospital, Hospitality, Logistics, Manufacturing, Media,
    Retail, School, Technology,
};
use Livelihood::{Dependent, Employed, Retired, SelfEmployed};

const SCHOOLED: &[Education] = &[University, University, JuniorCollege, GraduateSchool];
const LEARNED: &[Education] = &[GraduateSchool, University];
const SKILLED: &[Education] = &[JuniorCollege, HighSchool, JuniorCollege, University];
const WORKING: &[Education] = &[HighSchool, MiddleSchool, HighSchool, JuniorCollege];
const OLD: &[Education] = &[Primary, MiddleSchool, MiddleSchool, HighSchool, JuniorCollege];

macro_rules! occupations {
    ($([$name:literal $livelihood:ident [$($industry:ident)*] $weight:literal $median:literal $sigma:literal $education:ident $low:literal $high:literal $fragility:literal]),+ $(,)?) => {
        pub const OCCUPATIONS: &[Occupation] = &[$(Occupation {
            name: $name, livelihood: $livelihood, industries: &[$($industry),*], weight: $weight, median_yuan: $median, sigma: $sigma,
            education: $education, ages: $low..=$high, fragility: $fragility,
        }),+];
    };
}

occupations! {
    ["公务员" Employed [Government] 5.0 128000.0 0.28 SCHOOLED 22 60 0.2],
    ["教师" Employed [School] 6.0 112000.0 0.3 SCHOOLED 22 60 0.3],
    ["医生" Employed [Hospital] 2.4 188000.0 0.4 LEARNED 25 62 0.3],
    ["护士" Employed [Hospital] 2.6 98000.0 0.28 SKILLED 20 55 0.4],
    ["软件工程师" Employed [Technology Finance] 6.5 238000.0 0.45 SCHOOLED 22 50 0.8],
    ["产品经理" Employed [Technology Retail] 2.2 252000.0 0.42 SCHOOLED 23 50 0.9],
    ["工程师" Employed [Manufacturing Energy Construction] 5.5 142000.0 0.38 SCHOOLED 22 60 0.6],
    ["技术工人" Employed [Manufacturing Energy] 8.0 86000.0 0.3 WORKING 18 60 1.0],
    ["生产工人" Employed [Manufacturing] 9.0 68000.0 0.3 WORKING 18 58 1.4],
    ["会计" Employed [Finance Manufacturing Retail] 3.6 98000.0 0.36 SKILLED 22 58 0.6],
    ["金融从业人员" Employed [Finance] 2.8 208000.0 0.55 SCHOOLED 22 58 0.7],
    ["销售人员" Employed [Retail Technology Manufacturing] 8.0 92000.0 0.55 SKILLED 19 55 1.4],
    ["行政人员" Employed [Government Technology Manufacturing Finance] 5.0 82000.0 0.34 SKILLED 21 58 0.7],
    ["客服人员" Employed [Technology Retail] 2.6 66000.0 0.28 SKILLED 19 48 1.2],
    ["设计师" Employed [Media Technology] 2.4 132000.0 0.45 SCHOOLED 21 48 1.1],
    ["媒体从业人员" Employed [Media] 1.2 124000.0 0.5 SCHOOLED 22 55 1.0],
    ["律师" Employed [Finance] 0.8 246000.0 0.65 LEARNED 25 65 0.6],
    ["企业管理人员" Employed [Manufacturing Technology Retail Finance Construction] 4.0 312000.0 0.55 SCHOOLED 30 62 0.6],
    ["建筑工人" Employed [Construction] 4.0 76000.0 0.34 WORKING 18 60 1.7],
    ["货车司机" Employed [Logistics] 3.2 96000.0 0.34 WORKING 22 60 1.5],
    ["网约车司机" SelfEmployed [] 2.4 82000.0 0.3 WORKING 22 60 1.6],
    ["外卖骑手" SelfEmployed [] 3.2 78000.0 0.28 WORKING 18 50 1.8],
    ["快递员" Employed [Logistics] 2.6 84000.0 0.28 WORKING 18 52 1.5],
    ["厨师" Employed [Hospitality] 2.6 80000.0 0.34 WORKING 18 60 1.3],
    ["服务员" Employed [Hospitality Retail] 4.4 56000.0 0.26 WORKING 17 55 1.6],
    ["保安" Employed [Logistics Retail Construction] 1.8 54000.0 0.2 WORKING 25 62 1.1],
    ["个体工商户" SelfEmployed [] 7.0 118000.0 0.75 WORKING 22 68 1.6],
    ["企业主" SelfEmployed [] 2.4 402000.0 0.85 SKILLED 28 70 1.5],
    ["自由职业者" SelfEmployed [] 2.2 98000.0 0.75 SCHOOLED 21 62 1.5],
    ["农民" SelfEmployed [] 3.0 46000.0 0.45 OLD 25 75 1.2],
    ["研究人员" Employed [School Technology] 1.2 172000.0 0.35 LEARNED 25 62 0.3],
    ["退休人员" Retired [] 0.0 62000.0 0.42 OLD 55 95 0.3],
    ["学生" Dependent [] 0.0 21000.0 0.3 SCHOOLED 16 27 0.9],
    ["家庭主妇" Dependent [] 1.6 32000.0 0.5 WORKING 24 60 0.9],
    ["待业" Dependent [] 1.0 22000.0 0.5 WORKING 20 58 2.2],
}

pub const RETIRED: &str = "退休人员";
pub const STUDENT: &str = "学生";
pub const BUSINESS_OWNER: &str = "企业主";

pub fn named(name: &str) -> &'static Occupation {
    OCCUPATIONS.iter().find(|occupation| occupation.name == name).unwrap_or(&OCCUPATIONS[0])
}
