//! What a file may tell of a cardholder, by the names under which files tell it.

use trust::imports::ImportField;

const fn field(name: &'static str, aliases: &'static [&'static str]) -> ImportField {
    ImportField { name, is_required: false, aliases }
}

/// In the order in which a page offers them.
pub const FIELDS: &[ImportField] = &[
    field("source_ref", &["编号", "客户编号", "外部编号", "reference", "external id"]),
    field("name", &["姓名", "客户姓名", "客户名称", "客户", "full name"]),
    field("name_pinyin", &["姓名拼音", "拼音", "pinyin"]),
    field("id_kind", &["证件类型", "id type", "document type"]),
    field("national_id", &["证件号码", "身份证号", "身份证号码", "id number"]),
    field("gender", &["性别", "sex"]),
    field("birth_on", &["出生日期", "生日", "birth date", "date of birth"]),
    field("nationality", &["国籍", "国籍/地区"]),
    field("phone", &["手机号", "手机号码", "手机", "联系电话", "电话", "mobile", "phone number"]),
    field("phone_kind", &["电话类型", "phone type"]),
    field("email", &["邮箱", "电子邮箱", "e-mail", "mail"]),
    field("email_kind", &["邮箱类型", "email type"]),
    field("address_kind", &["地址类型", "address type"]),
    field("country", &["国家", "国家/地区"]),
    field("province", &["省份", "省"]),
    field("city", &["城市", "市"]),
    field("district", &["区县", "区/县"]),
    field("street", &["街道", "详细地址", "地址", "address"]),
    field("postcode", &["邮编", "邮政编码", "zip", "postal code"]),
    field("occupation", &["职业"]),
    field("employer", &["工作单位", "单位", "company"]),
    field("education", &["学历"]),
    field("marital_status", &["婚姻状况", "婚姻"]),
    field("yearly_income", &["年收入", "income"]),
    field("yearly_income_currency", &["年收入币种", "币种", "currency"]),
    ImportField {
        name: "branch",
        is_required: true,
        aliases: &["网点", "网点代码", "机构", "机构代码", "branch code"],
    },
    field("manager_no", &["客户经理", "客户经理工号", "行员号", "manager"]),
    field("lifecycle", &["客户状态", "状态", "status"]),
    field("duplicate_override_reason", &["重复说明", "override reason"]),
];
