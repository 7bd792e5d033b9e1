//! What a code means, in the two languages of the bank. The screens read the same files.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Map, Value};

use crate::problem::Language;

static CHINESE: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../../openapi/faults/zh-CN.json")));
static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../../openapi/faults/en.json")));

/// The sentence for `code`, the most particular first: for its reason, for an amount, for the one limit that it names, then the
/// code's own. None where there is none, or one whose parameters did not come.
pub(crate) fn sentence(
    language: Language,
    code: &str,
    params: &Map<String, Value>,
    pointer: &str,
) -> Option<String> {
    let words = match language {
        Language::Chinese => &*CHINESE,
        Language::English => &*ENGLISH,
    };
    variants(params, pointer).iter().find_map(|variant| words.say(&format!("{code}{variant}"), params))
}

fn variants(params: &Map<String, Value>, pointer: &str) -> Vec<String> {
    let has = |name: &str| params.get(name).is_some_and(|value| !value.is_null());
    let reason = params.get("reason").and_then(Value::as_str).map(|reason| format!("_{reason}"));
    let amount = pointer.ends_with("_minor").then(|| "_amount".to_owned());
    let limit = match (has("min"), has("max")) {
        (false, true) => Some("_max".to_owned()),
        (true, false) => Some("_min".to_owned()),
        _ => None,
    };
    [reason, amount, limit, Some(String::new())].into_iter().flatten().collect()
}

/// Sentences by code.
struct Words(HashMap<String, String>);

impl Words {
    fn read(file: &str) -> Self {
        let mut words = Self(HashMap::new());
        if let Ok(value) = serde_json::from_str(file) {
            words.take(String::new(), &value);
        }
        words
    }

    fn take(&mut self, path: String, value: &Value) {
        match value {
            Value::String(sentence) => drop(self.0.insert(path, sentence.clone())),
            Value::Object(members) => {
                for (name, value) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.take(path, value);
                }
            }
            _ => {}
        }
    }

    /// The sentence with its parameters in their places.
    fn say(&self, code: &str, params: &Map<String, Value>) -> Option<String> {
        let mut rest = self.0.get(code)?.as_str();
        let mut said = String::new();
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}")?;
            said += before;
            match params.get(name)? {
                Value::String(text) => said += text,
                value => said += &value.to_string(),
            }
            rest = after;
        }
        Some(said + rest)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(code: &str, params: Value, pointer: &str) -> [Option<String>; 2] {
        let params = params.as_object().unwrap();
        [Language::Chinese, Language::English].map(|language| sentence(language, code, params, pointer))
    }

    #[test]
    fn both_languages_have_the_same_codes() {
        let codes = |words: &Words| {
            let mut codes: Vec<String> = words.0.keys().cloned().collect();
            codes.sort();
            codes
        };
        assert!(CHINESE.0.len() > 100);
        assert_eq!(codes(&CHINESE), codes(&ENGLISH));
    }

    #[test]
    fn a_sentence_is_chosen_by_what_is_known_and_filled_in() {
        let [zh, en] = said("accounts.missing", json!({}), "");
        assert_eq!(zh.as_deref(), Some("找不到此账户，或不在您的管辖范围内"));
        assert_eq!(en.as_deref(), Some("This account does not exist or is outside your scope"));
        let [_, one] = said("text.length", json!({"max": 20}), "/name");
        let [_, both] = said("text.length", json!({"min": 2, "max": 20}), "/name");
        assert!(one.as_ref().unwrap().contains("20"), "{one:?}");
        assert_ne!(one, both);
    }

    #[test]
    fn a_sentence_without_its_parameters_is_not_said_and_an_unknown_code_has_none() {
        assert_eq!(said("audit.range_required", json!({}), ""), [None, None]);
        assert_eq!(said("no.such_code", json!({}), ""), [None, None]);
        // A group of codes is no sentence.
        assert_eq!(said("accounts", json!({}), ""), [None, None]);
    }

    #[test]
    fn no_sentence_says_anything_of_a_parameter_that_nobody_asked_for() {
        let [_, said] = said("accounts.missing", json!({"max": "{{secret}}"}), "");
        assert!(!said.unwrap().contains("secret"));
    }
}
