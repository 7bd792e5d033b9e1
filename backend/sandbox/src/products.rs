//! What the bank sells.

use crate::words::Network;

pub struct Product {
    pub code: &'static str,
    /// As the table has it: an account's kind, or `debit_card`.
    pub kind: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub network: Option<Network>,
    pub is_offered: bool,
}

macro_rules! products {
    ($($name:ident [$kind:literal $zh:literal $en:literal $network:expr, $offered:literal]),+ $(,)?) => {
        $(pub const $name: &str = stringify!($name);)+
        pub const PRODUCTS: &[Product] = &[$(Product {
            code: $name, kind: $kind, name_zh: $zh, name_en: $en, network: $network, is_offered: $offered,
        }),+];
    };
}

products! {
    SAV_BASIC ["savings" "活期储蓄账户" "Basic savings" None, true],
    SAV_PAYROLL ["savings" "工资储蓄账户" "Payroll savings" None, true],
    CUR_PERSONAL ["current" "个人结算账户" "Personal current account" None, false],
    CUR_MERCHANT ["current" "商户结算账户" "Merchant current account" None, true],
    DEBIT_CLASSIC ["debit_card" "借记卡" "Debit card" Some(Network::Unionpay), true],
    DEBIT_GOLD ["debit_card" "借记卡金卡" "Gold debit card" Some(Network::Unionpay), true],
    CC_CLASSIC ["credit_card" "标准信用卡" "Classic credit card" Some(Network::Unionpay), true],
    CC_YOUTH ["credit_card" "青年信用卡" "Youth credit card" Some(Network::Unionpay), true],
    CC_GOLD ["credit_card" "信用卡金卡" "Gold credit card" Some(Network::Unionpay), true],
    CC_PLATINUM ["credit_card" "白金信用卡" "Platinum credit card" Some(Network::Visa), true],
    CC_WORLD ["credit_card" "环球信用卡" "World credit card" Some(Network::Mastercard), true],
    CC_TRAVEL ["credit_card" "畅游信用卡" "Travel credit card" Some(Network::Jcb), false],
    DEP_6M ["deposit" "六个月定期存款" "Six-month time deposit" None, true],
    DEP_1Y ["deposit" "一年定期存款" "One-year time deposit" None, true],
    DEP_3Y ["deposit" "三年定期存款" "Three-year time deposit" None, true],
    LOAN_HOME ["loan" "个人住房贷款" "Home loan" None, true],
    LOAN_CAR ["loan" "汽车消费贷款" "Car loan" None, true],
    LOAN_CONSUMER ["loan" "个人消费贷款" "Consumer loan" None, true],
    LOAN_BUSINESS ["loan" "个人经营贷款" "Business loan" None, true],
}

pub fn network_of(code: &str) -> Option<Network> {
    PRODUCTS.iter().find(|product| product.code == code).and_then(|product| product.network)
}
