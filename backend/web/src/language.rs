//! Which of the bank's two languages a caller would rather read.

use std::cmp::Reverse;

use actix_web::http::header::{AcceptLanguage, Preference, Quality};

use crate::problem::Language;

/// How much a language is wanted, and where that is said: of equals the one named first.
type Wish = (Quality, Reverse<usize>);

const UNWANTED: Wish = (Quality::ZERO, Reverse(usize::MAX));

/// The language that `Accept-Language` wants more; Chinese where it says nothing that decides.
pub(crate) fn asked_for(accepted: Option<&AcceptLanguage>) -> Language {
    let is_english = accepted.is_some_and(|accepted| wish(accepted, "en") > wish(accepted, "zh"));
    if is_english { Language::English } else { Language::Chinese }
}

/// `*` speaks for what is not named.
fn wish(accepted: &AcceptLanguage, language: &str) -> Wish {
    let mut named: Option<Wish> = None;
    let mut others = UNWANTED;
    for (at, range) in accepted.iter().enumerate() {
        match &range.item {
            Preference::Any => others.0 = others.0.max(range.quality),
            Preference::Specific(tag) if tag.primary_language().eq_ignore_ascii_case(language) => {
                let wish =
                    if range.quality > Quality::ZERO { (range.quality, Reverse(at)) } else { UNWANTED };
                named = Some(named.unwrap_or(UNWANTED).max(wish));
            }
            Preference::Specific(_) => {}
        }
    }
    named.unwrap_or(others)
}

#[cfg(test)]
mod tests {
    use actix_web::{HttpMessage, test::TestRequest};

    use super::*;

    fn asked(lines: &[&str]) -> Language {
        let request = lines
            .iter()
            .fold(TestRequest::default(), |request, line| request.append_header(("accept-language", *line)));
        asked_for(request.to_request().get_header().as_ref())
    }

    #[test]
    fn what_is_wanted_more_is_spoken_wherever_it_stands() {
        for english in ["en", "en-GB,en;q=0.9", "EN-us", "zh;q=0.1,en;q=0.9", "fr,de;q=0.9,en;q=0.1", "en,zh"]
        {
            assert_eq!(asked(&[english]), Language::English, "{english}");
        }
        for chinese in
            ["en;q=0.1,zh;q=0.9", "zh-CN,zh;q=0.9,en;q=0.8", "zh,en", "en;q=0.899,zh-Hans-CN;q=0.9"]
        {
            assert_eq!(asked(&[chinese]), Language::Chinese, "{chinese}");
        }
        assert_eq!(asked(&["zh;q=0.1", "en;q=0.9"]), Language::English);
    }

    #[test]
    fn what_is_not_wanted_is_not_spoken_where_there_is_a_choice() {
        for chinese in ["en;q=0", "en;q=0,*", "*", "fr", "", "en;q=loud", "ends;q=1", ";;,,q="] {
            assert_eq!(asked(&[chinese]), Language::Chinese, "{chinese}");
        }
        assert_eq!(asked(&["zh;q=0,*"]), Language::English);
        assert_eq!(asked(&["en;q=0.5,*;q=0.4"]), Language::English);
        assert_eq!(asked(&[]), Language::Chinese);
    }
}
