//! Every text that comes in passes the check of free text, or stands here with the reason why it need not: a card number or
//! a resident id typed into a note would escape every mask.

use std::collections::BTreeSet;

use super::source::{self, Group, SourceFile, Token};

/// Texts that come in unchecked, and why: `slice::Type.field`.
#[rustfmt::skip]
const UNCHECKED: &[(&str, &str)] = &[
    ("records::cardholders::CardholderPatch.national_id", "sealed; it is an identity number"),
    ("records::cardholders::CardholderPatch.nationality", "two letters"),
    ("records::cardholders::CardholderPatch.yearly_income_currency", "three letters"),
    ("records::cardholders::CardholderSearch.after", "a cursor; not kept"),
    ("records::cardholders::CardholderSearch.occupation", "compared and not kept"),
    ("records::cardholders::CardholderSearch.q", "what is looked for may be an identity number; compared and not kept"),
    ("records::cardholders::NewAddress.country", "two letters"),
    ("records::cardholders::NewCardholder.national_id", "sealed; it is an identity number"),
    ("records::cardholders::NewCardholder.nationality", "two letters"),
    ("records::cardholders::NewCardholder.yearly_income_currency", "three letters"),
    ("records::cardholders::NewEmail.address", "sealed; it is an address"),
    ("records::cardholders::NewPhone.number", "sealed; it is a number"),
    ("records::imports::ImportWish.mapping", "names of the file's own columns, or it is refused"),
    ("trust::break_glass::NewBreakGlassGrant.customer_no", "compared and not kept"),
    ("trust::staff::NewStaff.staff_no", "capitals and digits of a staff number"),
    ("trust::staff::PasswordChange.current_password", "hashed and not kept"),
    ("trust::staff::PasswordChange.new_password", "hashed"),
    ("trust::staff::SecondFactorConfirmation.code", "compared and not kept"),
    ("trust::staff::SecondFactorSignIn.challenge", "checked and not kept"),
    ("trust::staff::SecondFactorSignIn.code", "compared and not kept"),
    ("trust::staff::SecondFactorSignIn.recovery_code", "hashed and not kept"),
    ("trust::staff::SignIn.code", "compared and not kept"),
    ("trust::staff::SignIn.password", "hashed and not kept"),
    ("trust::staff::SignIn.recovery_code", "hashed and not kept"),
    ("trust::staff::SignIn.staff_no", "compared and not kept"),
    ("trust::staff::StepUp.code", "compared and not kept"),
    ("trust::staff::StepUp.password", "hashed and not kept"),
    ("trust::staff::StepUp.recovery_code", "hashed and not kept"),
];

/// The checks, and checks of one's own that call them.
const CHECKS: &[&str] = &["free_text::line", "free_text::name", "free_text::note", "small"];

fn says(run: &[Token], is_meant: &impl Fn(&Token) -> bool) -> bool {
    run.iter()
        .any(|token| is_meant(token) || matches!(token, Token::Group(group) if says(&group.inside, is_meant)))
}

fn is_word(word: &str) -> impl Fn(&Token) -> bool {
    move |token| token.word() == Some(word)
}

/// The bodies' types: `Deserialize` and `Validate`, and not the parameters of a query, which are never kept.
fn bodies(file: &SourceFile) -> Vec<(&str, &Group)> {
    let mut found = Vec::new();
    file.visit_runs(&mut |run| {
        for (at, token) in run.iter().enumerate().filter(|(_, token)| token.word() == Some("struct")) {
            let _ = token;
            let attributes: Vec<&Group> = run[..at]
                .iter()
                .rev()
                .skip_while(|t| t.word() == Some("pub") || t.group('(').is_some())
                .take_while(|t| t.group('[').is_some() || t.is_sign('#'))
                .filter_map(|t| t.group('['))
                .collect();
            let derives = |word: &str| attributes.iter().any(|group| says(&group.inside, &is_word(word)));
            let name = run.get(at + 1).and_then(Token::word);
            let fields = run.get(at + 2).and_then(|token| token.group('{'));
            if let (Some(name), Some(fields)) = (name, fields)
                && derives("Deserialize")
                && derives("Validate")
                && !derives("IntoParams")
            {
                found.push((name, fields));
            }
        }
    });
    found
}

/// Fields that hold text and are not checked: `Type.field`.
fn unchecked(file: &SourceFile) -> Vec<String> {
    let mut found = Vec::new();
    for (name, fields) in bodies(file) {
        let mut is_checked = false;
        for (at, token) in fields.inside.iter().enumerate() {
            if let Some(attribute) = token.group('[') {
                let is_check =
                    |token: &Token| matches!(token, Token::Text(text, _) if CHECKS.contains(&text.as_str()));
                is_checked |= says(&attribute.inside, &is_check);
            }
            let is_field = token.is_sign(':')
                && !fields.inside.get(at + 1).is_some_and(|next| next.is_sign(':'))
                && !fields.inside[at - 1].is_sign(':');
            if is_field {
                let kind: Vec<&Token> = fields.inside[at + 1..]
                    .iter()
                    .take_while(|token| !token.is_sign('#') && token.word() != Some("pub"))
                    .collect();
                let holds_text =
                    kind.iter().any(|token| matches!(token.word(), Some("PersonName" | "String" | "Value")));
                if holds_text && !is_checked {
                    found.push(format!("{name}.{}", fields.inside[at - 1].word().unwrap_or_default()));
                }
                is_checked = false;
            }
        }
    }
    found
}

fn faults(files: &[SourceFile], listed: &[(&str, &str)]) -> Vec<String> {
    let in_source: BTreeSet<String> = files
        .iter()
        .filter(|file| ["trust", "records"].contains(&file.crate_name.as_str()))
        .flat_map(|file| unchecked(file).into_iter().map(|field| format!("{}::{field}", file.home())))
        .collect();
    let listed: BTreeSet<String> = listed.iter().map(|(field, _)| (*field).to_owned()).collect();
    let new = in_source.difference(&listed).map(|field| format!("{field} is not checked"));
    new.chain(listed.difference(&in_source).map(|field| format!("{field} is listed and checked, or gone")))
        .collect()
}

#[test]
fn every_text_that_comes_in_is_checked_or_excused() {
    assert_eq!(faults(&source::product(), UNCHECKED), [""; 0]);
}

#[test]
fn an_unchecked_text_and_a_stale_excuse_are_named() {
    let file = SourceFile::invented(
        "records::cards::model",
        "#[derive(Deserialize, Validate)] pub struct Note {
            #[validate(length(max = 3), custom(function = \"free_text::line\"))] pub checked: Option<String>,
            pub n: i32, #[validate(length(max = 3))] pub loose: Option<Option<String>>, pub last: String, pub who: Option<PersonName> }
         #[derive(Deserialize, Validate, IntoParams)] pub struct Filter { pub q: String }
         #[derive(Serialize)] pub struct Shown { pub q: String }",
    );
    assert_eq!(
        faults(&[file], &[("records::cards::Note.last", ""), ("records::cards::Note.gone", "")]),
        [
            "records::cards::Note.loose is not checked",
            "records::cards::Note.who is not checked",
            "records::cards::Note.gone is listed and checked, or gone"
        ]
    );
}
