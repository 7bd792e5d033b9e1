//! Names in one spelling, and as people search for them: Chinese characters, full pinyin, initials.

use pinyin::ToPinyin;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Characters of a name, at most.
pub const NAME_CHARS_MAX: usize = 60;
/// What stands between the parts of a name such as 买买提·吐尔逊, and what people type for it.
const INTERPUNCT: char = '·';
const INTERPUNCTS: &[char] = &['\u{2022}', '\u{2027}', '\u{2219}', '\u{22c5}', '\u{30fb}'];
/// Neighbouring Chinese characters that one gram holds at most.
const HAN_GRAM_CHARS_MAX: usize = 4;
/// Letters of a pinyin that are indexed.
const LATIN_GRAM_CHARS_MAX: usize = 24;

/// Surnames whose usual reading is not the character's most frequent one.
const SURNAME_READINGS: &[(char, &str)] = &[
    ('单', "shan"),
    ('解', "xie"),
    ('任', "ren"),
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('查', "zha"),
    ('盖', "ge"),
    ('区', "ou"),
    ('朴', "piao"),
    ('缪', "miao"),
    ('宁', "ning"),
    ('翟', "zhai"),
    ('尉', "yu"),
    ('乐', "yue"),
    ('华', "hua"),
    ('繁', "po"),
    ('员', "yun"),
    ('逄', "pang"),
    ('覃', "qin"),
    ('洗', "xian"),
    ('折', "she"),
    ('黑', "he"),
    ('秘', "bi"),
    ('种', "chong"),
];

/// A name in the one spelling that it is kept and compared in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct PersonName(String);

impl PersonName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> Self {
        name.0
    }
}

impl From<String> for PersonName {
    /// Full-width letters become plain, composed and compatible characters one, selectors of a variant none; spaces go at the
    /// ends and between Chinese characters, and are one elsewhere. Line breaks and tabs stay: no name has one.
    fn from(text: String) -> Self {
        // A selector between a letter and its accent would keep them apart.
        let folded: Vec<char> = text.chars().filter(|c| !is_variant_selector(*c)).nfkc().collect();
        let spelled = folded.iter().enumerate().map(|(at, c)| {
            let is_beside_han =
                |at: Option<usize>| at.and_then(|at| folded.get(at)).is_some_and(|c| is_han(*c));
            let is_between = || is_beside_han(at.checked_sub(1)) && is_beside_han(at.checked_add(1));
            if INTERPUNCTS.contains(c) || *c == '.' && is_between() { INTERPUNCT } else { *c }
        });
        let spelled: String = spelled.collect();
        let mut name = String::with_capacity(spelled.len());
        for word in spelled.split(' ').filter(|word| !word.is_empty()) {
            let is_joining = |c: Option<char>| c.is_some_and(|c| is_han(c) || c == INTERPUNCT);
            let is_joined = is_joining(name.chars().last()) && is_joining(word.chars().next());
            if !(name.is_empty() || is_joined) {
                name.push(' ');
            }
            name.push_str(word);
        }
        Self(name)
    }
}

fn is_variant_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Full pinyin, words separated by spaces (`zhang san`), and initials (`zs`); letters of other scripts stay as they are.
pub fn pinyin_of(name: &str) -> (String, String) {
    let mut words: Vec<String> = Vec::new();
    let mut is_in_word = false;
    for (at, c) in name.chars().enumerate() {
        let surname = SURNAME_READINGS
            .iter()
            .find(|(surname, _)| at == 0 && *surname == c)
            .map(|(_, reading)| *reading);
        let reading = surname.or_else(|| c.to_pinyin().map(|p| p.plain()));
        match reading {
            Some(syllable) => {
                words.push(syllable.replace('ü', "v"));
                is_in_word = false;
            }
            None if c.is_alphanumeric() => {
                let lower = c.to_lowercase().collect::<String>();
                match words.last_mut() {
                    Some(word) if is_in_word => word.push_str(&lower),
                    _ => words.push(lower),
                }
                is_in_word = true;
            }
            None => is_in_word = false,
        }
    }
    let initials = words.iter().filter_map(|word| word.chars().next()).collect();
    (words.join(" "), initials)
}

/// Everything a name is found by: each run of one to four neighbouring Chinese characters, and (read as a prefix) its
/// whole pinyin `p:`, the pinyin of the given name `g:` and its initials `i:`.
pub fn grams_of(name: &str, pinyin: &str, initials: &str) -> Vec<String> {
    let han: Vec<char> = name.chars().filter(|c| is_han(*c)).take(NAME_CHARS_MAX).collect();
    let mut grams: Vec<String> = (1..=HAN_GRAM_CHARS_MAX)
        .flat_map(|n| han.windows(n).map(|run| run.iter().collect::<String>()))
        .collect();
    let whole = squeeze(pinyin);
    if !whole.is_empty() {
        grams.push(format!("p:{}", first_chars(&whole, LATIN_GRAM_CHARS_MAX)));
        grams.push(format!("i:{}", first_chars(initials, LATIN_GRAM_CHARS_MAX)));
    }
    if let Some((_, given)) = pinyin.split_once(' ') {
        grams.push(format!("g:{}", first_chars(&squeeze(given), LATIN_GRAM_CHARS_MAX)));
    }
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// What a search text asks the gram table for. Chinese text wins over Latin text beside it.
pub fn query_of(text: &str) -> NameQuery {
    let PersonName(text) = PersonName::from(text.to_owned());
    let han: String = text.chars().filter(|c| is_han(*c)).take(HAN_GRAM_CHARS_MAX).collect();
    if !han.is_empty() {
        return NameQuery::Run(han);
    }
    // Pinyin is kept as it is typed, with v for ü.
    let letters = squeeze(&text.to_lowercase()).replace('ü', "v");
    if letters.is_empty() || !letters.chars().all(char::is_alphabetic) {
        return NameQuery::Nothing;
    }
    NameQuery::Letters(first_chars(&letters, LATIN_GRAM_CHARS_MAX))
}

/// The whole run of Chinese characters of a search text, where it is longer than any gram: what the gram finds has to be
/// compared with it.
pub fn long_run_of(text: &str) -> Option<String> {
    let PersonName(text) = PersonName::from(text.to_owned());
    let han: String = text.chars().filter(|c| is_han(*c)).take(NAME_CHARS_MAX).collect();
    (han.chars().count() > HAN_GRAM_CHARS_MAX).then_some(han)
}

/// How a search text is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameQuery {
    /// One gram, exactly.
    Run(String),
    /// A prefix of the whole pinyin, of the given name's pinyin, or of the initials.
    Letters(String),
    Nothing,
}

pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn first_chars(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        PersonName::from(text.to_owned()).into()
    }

    #[test]
    fn spellings_of_one_name_are_one_name() {
        for (one, spellings) in [
            (
                "周七七",
                &["周七七 ", " 周七七", "周 七七", "周\u{3000}七\u{a0}七", "周  七 七", "周七\u{e0100}七"][..],
            ),
            (
                "买买提·吐尔逊",
                &[
                    "买买提•吐尔逊",
                    "买买提・吐尔逊",
                    "买买提 · 吐尔逊",
                    "买买提 • 吐尔逊",
                    "买买提.吐尔逊",
                    "买买提．吐尔逊",
                ],
            ),
            (
                "Anna Nováková",
                &[
                    "  Anna   Nováková ",
                    "Anna Nova\u{301}kova\u{301}",
                    "Ａｎｎａ　Nováková",
                    "Anna Nova\u{fe00}\u{301}ková",
                ],
            ),
            ("欧阳 Anna", &["欧阳  Anna", "欧阳\u{3000}Anna"]),
            ("J. R. Smith", &["J.  R. Smith "]),
        ] {
            assert_eq!(kept(one), one);
            for spelling in spellings {
                assert_eq!(kept(spelling), one, "{spelling:?}");
            }
        }
        assert_eq!(
            (kept(""), kept(" \u{3000}"), kept("周\n七七")),
            (String::new(), String::new(), "周\n七七".into())
        );
    }

    proptest::proptest! {
        #[test]
        fn a_kept_name_is_kept_as_it_is(text in "([周七· .a-c\u{301}\u{3000}\u{30fb}]{0,8}|\\PC{0,12})") {
            let once = kept(&text);
            proptest::prop_assert_eq!(kept(&once), once);
        }
    }

    #[test]
    fn names_are_read_in_pinyin() {
        assert_eq!(pinyin_of("张三"), ("zhang san".into(), "zs".into()));
        assert_eq!(pinyin_of("单田芳"), ("shan tian fang".into(), "stf".into()));
        assert_eq!(pinyin_of("吕布").0, "lv bu");
        assert_eq!(pinyin_of("Anna Nováková"), ("anna nováková".into(), "an".into()));
        assert_eq!(pinyin_of(""), (String::new(), String::new()));
    }

    #[test]
    fn only_a_run_beyond_the_grams_is_compared_whole() {
        assert_eq!(long_run_of("阿卜杜热"), None);
        assert_eq!(long_run_of("阿卜杜·热合曼"), Some("阿卜杜热合曼".into()));
        assert_eq!(long_run_of("Anna Nováková"), None);
    }

    #[test]
    fn every_spelling_finds_the_person() {
        let (pinyin, initials) = pinyin_of("张三丰");
        let grams = grams_of("张三丰", &pinyin, &initials);
        let finds = |query: &str| match query_of(query) {
            NameQuery::Run(run) => grams.contains(&run),
            NameQuery::Letters(letters) => grams
                .iter()
                .any(|g| ["p:", "g:", "i:"].iter().any(|class| g.starts_with(&format!("{class}{letters}")))),
            NameQuery::Nothing => false,
        };
        for query in [
            "张",
            "三丰",
            "张三丰",
            "zhangsan",
            "zhang san",
            "zsf",
            "zs",
            "Zhang",
            "sanfeng",
            "ｚｓｆ",
            "张 三",
        ] {
            assert!(finds(query), "{query}");
        }
        assert_eq!(query_of("Lü Bu"), NameQuery::Letters("lvbu".into()));
        assert_eq!(query_of("Lu\u{308}"), NameQuery::Letters("lv".into()));
        for query in ["李", "张丰", "lisi", "zf", "138", ""] {
            assert!(!finds(query), "{query}");
        }
    }
}
