//! Every code that a person can be refused with is said in both languages by the web application, and nothing is said for a code
//! that is gone. The sentences are in `openapi/faults`, which server and screens share, and in `frontend/src/locales`.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use super::source::{self, SourceFile, Token, visit_runs};

/// Codes whose status says it all, codes that a screen of their own answers, and codes that only programs see.
const WORDLESS: &[&str] = &[
    "cardholders.possible_duplicate",
    "database.constraint",
    "database.too_slow",
    "database.unavailable",
    "imports.already_running",
    "imports.refused",
    "jobs.cancelled",
    "request.if_match_required",
    "request.incomplete",
    "request.invalid_fields",
    "request.malformed_json",
    "request.stale",
    "request.too_large",
    "request.unreadable_field",
    "request.unsupported_media_type",
    "staff.already_founded",
    "staff.challenge_ended",
    "staff.forbidden",
    "staff.locked_out",
    "staff.password_change_required",
    "staff.second_factor_due",
    "staff.second_factor_required",
    "staff.session_ended",
    "staff.sign_in_refused",
    "staff.sign_in_required",
    "staff.step_up_required",
];

fn is_code(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    text.split_once('.').is_some_and(|(slice, reason)| is_word(slice) && is_word(reason))
}

fn codes_in(run: &[Token], found: &mut BTreeSet<String>) {
    visit_runs(run, &mut |run| {
        for token in run {
            if let Token::Text(text, _) = token
                && is_code(text)
            {
                found.insert(text.clone());
            }
        }
    });
}

/// Whether a `fn code(…)` ends right before this token.
fn is_code_fn(before: &[Token]) -> bool {
    let near = &before[before.len().saturating_sub(10)..];
    near.windows(2).any(|pair| pair[0].word() == Some("fn") && pair[1].word() == Some("code"))
}

/// The codes that can leave the server for a person: what a fault's `code` answers, and what fields are refused with. The row
/// faults of an import, which its report lists by line, are not among them.
fn codes(files: &[SourceFile]) -> BTreeSet<String> {
    const REFUSALS: &[&str] =
        &["FieldFault", "FieldWarning", "ValidationError", "CardholderError", "invalid", "check", "validate"];
    let mut found = BTreeSet::new();
    for file in files {
        file.visit_runs(&mut |run| {
            for at in 1..run.len() {
                let before = |n: usize| at.checked_sub(n).and_then(|at| run.get(at)).and_then(Token::word);
                let is_braced = run[at].group('{').is_some();
                // `FieldFault::new(…)`, `CardholderError::invalid(…)`, `check(…)`, `validate(… code = …)`, `FieldWarning { … }`
                let is_refusal = (is_braced || run[at].group('(').is_some())
                    && [before(1), before(4)].into_iter().flatten().any(|word| REFUSALS.contains(&word));
                if is_refusal || is_braced && is_code_fn(&run[..at]) {
                    codes_in(std::slice::from_ref(&run[at]), &mut found);
                }
                // `const CONTAINS_PAN: &str = "text.contains_pan"`
                if let Token::Text(text, _) = &run[at]
                    && run[at - 1].is_sign('=')
                    && run[at.saturating_sub(7)..at].iter().any(|token| token.word() == Some("const"))
                    && is_code(text)
                    && !text.starts_with("imports.")
                {
                    found.insert(text.clone());
                }
            }
        });
    }
    found
}

/// The paths of the texts in a file of messages: `text.length_max`. It is an object of objects and texts, and nothing else.
fn messages(file: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut path, mut word) = (Vec::new(), String::new());
    let body = file.find("= {").map_or("", |at| &file[at + 3..]);
    let mut letters = body.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '{' => path.push(std::mem::take(&mut word)),
            '}' if path.pop().is_none() => break,
            '\'' | '"' | '`' => {
                while let Some(inside) = letters.next().filter(|inside| *inside != letter) {
                    if inside == '\\' {
                        letters.next();
                    }
                }
                let steps = path.iter().chain([&word]).map(String::as_str);
                found.insert(steps.collect::<Vec<_>>().join("."));
                word.clear();
            }
            _ if letter.is_ascii_alphanumeric() || letter == '_' => word.push(letter),
            ',' => word.clear(),
            _ => {}
        }
    }
    found
}

/// The codes of the file that server and screens share.
fn sentences(language: &str) -> BTreeSet<String> {
    fn take(path: &str, value: &Value, found: &mut BTreeSet<String>) {
        match value.as_object() {
            Some(members) => members.iter().for_each(|(name, value)| {
                take(format!("{path}.{name}").trim_start_matches('.'), value, found);
            }),
            None => drop(found.insert(path.to_owned())),
        }
    }
    let path = source::root().join("openapi/faults").join(language).with_extension("json");
    let file = fs::read_to_string(&path).expect("the shared sentences");
    let mut found = BTreeSet::new();
    take("", &serde_json::from_str(&file).expect("JSON"), &mut found);
    found
}

/// The codes that a language has a sentence for, those of warnings among them.
fn worded(language: &str) -> BTreeSet<String> {
    let read = |name: &str| {
        let path = source::root().join("frontend/src/locales").join(language).join(name);
        let file = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()));
        messages(&file.expect("a file of messages"))
    };
    let warnings = read("cardholders.ts");
    let warnings = warnings.iter().filter_map(|path| path.strip_prefix("warning."));
    let all = sentences(language).into_iter().chain(warnings.map(ToOwned::to_owned));
    all.filter(|path| path != "default").collect()
}

/// Codes without a sentence, and sentences without a code. `text.length_max` is a sentence of `text.length` for one parameter.
fn unworded(codes: &BTreeSet<String>, worded: &BTreeSet<String>) -> Vec<String> {
    let is_worded = |code: &String| worded.contains(code) || WORDLESS.contains(&code.as_str());
    let is_of = |sentence: &str, code: &str| {
        sentence.strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    let mut faults: Vec<String> =
        codes.iter().filter(|code| !is_worded(code)).map(|code| format!("{code} has no sentence")).collect();
    let gone = worded.iter().filter(|sentence| !codes.iter().any(|code| is_of(sentence, code)));
    faults.extend(gone.map(|sentence| format!("nothing answers {sentence}")));
    faults
}

#[test]
fn every_refusal_is_said_in_both_languages() {
    let codes = codes(&source::product());
    assert!(codes.len() > 50, "the codes were not found");
    for language in ["zh-CN", "en"] {
        assert_eq!(unworded(&codes, &worded(language)), [""; 0], "{language}");
    }
    let gone: Vec<&&str> = WORDLESS.iter().filter(|code| !codes.contains(**code)).collect();
    assert_eq!(gone, [""; 0].iter().collect::<Vec<_>>(), "excused and answered by nothing");
}

#[test]
fn a_code_without_a_sentence_and_a_sentence_without_a_code_are_named() {
    let file = SourceFile::invented(
        "records::cards::model",
        r#"
        const CONTAINS: &str = "cards.contains";
        #[derive(Validate)] struct New { #[validate(length(min = 1, code = "cards.length"))] name: String }
        impl Fault for E { fn code(&self) -> &str { match self { Self::A => "cards.missing", Self::B => "internal" } } }
        fn f() { FieldFault::new("/x", "cards.odd"); audit(Entry::of("cards.freeze")); }
        "#,
    );
    let file_of_messages = r"export const fault: Messages['fault'] = {
        cards: { contains: 'It\'s {{n}}: {no}', length_max: 'at most {{max}}', gone: `Gone` },
        default: 'No',
    };";
    let worded = messages(file_of_messages);
    assert_eq!(
        worded.iter().map(String::as_str).collect::<Vec<_>>(),
        ["cards.contains", "cards.gone", "cards.length_max", "default"]
    );
    assert_eq!(
        unworded(&codes(&[file]), &worded),
        [
            "cards.length has no sentence",
            "cards.missing has no sentence",
            "cards.odd has no sentence",
            "nothing answers cards.gone",
            "nothing answers default"
        ]
    );
}
