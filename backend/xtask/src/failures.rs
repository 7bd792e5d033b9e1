//! Which tests failed and what they said, for the last lines: whoever sees only the end of a log must know.

use serde_json::Value;

/// Of one test's complaint: enough for what was expected, what came, and where.
const LINES_OF_A_COMPLAINT: usize = 30;
/// Of the tests that failed: a change that breaks everything needs no list of everything.
const COMPLAINTS: usize = 20;

/// The tests that Playwright's JSON reporter calls failed, each with its file, its project and its errors.
pub(crate) fn of_playwright(report: &Value) -> Vec<String> {
    let mut told: Vec<String> = array(report, "errors")
        .iter()
        .map(|error| complaint("playwright", &text(error, "message")))
        .collect();
    in_suite(report, "", &mut told);
    told.truncate(COMPLAINTS);
    told
}

fn in_suite(suite: &Value, above: &str, told: &mut Vec<String>) {
    let place = joined(above, &text(suite, "title"));
    for spec in array(suite, "specs") {
        for test in array(spec, "tests") {
            let name = format!("[{}] {}", text(test, "projectName"), joined(&place, &text(spec, "title")));
            let failed = matches!(text(test, "status").as_str(), "unexpected" | "flaky");
            let errors = array(test, "results").iter().flat_map(|result| array(result, "errors"));
            if failed {
                let said: Vec<String> = errors.map(|error| text(error, "message")).collect();
                told.push(complaint(&name, &said.join("\n")));
            }
        }
    }
    for inner in array(suite, "suites") {
        in_suite(inner, &place, told);
    }
}

/// The tests that Vitest's JSON reporter calls failed, and the files that it could not load.
pub(crate) fn of_vitest(report: &Value) -> Vec<String> {
    let mut told = Vec::new();
    for file in array(report, "testResults") {
        let failed: Vec<&Value> =
            array(file, "assertionResults").iter().filter(|test| text(test, "status") == "failed").collect();
        if failed.is_empty() && text(file, "status") == "failed" {
            told.push(complaint(&text(file, "name"), &text(file, "message")));
        }
        for test in failed {
            let said: Vec<&str> = array(test, "failureMessages").iter().filter_map(Value::as_str).collect();
            told.push(complaint(&text(test, "fullName"), &said.join("\n")));
        }
    }
    told.truncate(COMPLAINTS);
    told
}

/// Picks the failed tests out of what Rust's test programs print, line by line.
#[derive(Default)]
pub(crate) struct OfLibtest {
    told: Vec<String>,
    open: Option<(String, Vec<String>)>,
}

impl OfLibtest {
    pub(crate) fn read(&mut self, line: &str) {
        let opens = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----"));
        if opens.is_some() || line == "failures:" {
            self.close();
        }
        match (opens, &mut self.open) {
            (Some(name), _) => self.open = Some((name.to_owned(), Vec::new())),
            (None, Some((_, said))) => said.push(line.to_owned()),
            (None, None) => {}
        }
    }

    pub(crate) fn close(&mut self) {
        if let Some((name, said)) = self.open.take() {
            self.told.push(complaint(&name, &said.join("\n")));
        }
    }

    pub(crate) fn told(mut self) -> Vec<String> {
        self.close();
        self.told.truncate(COMPLAINTS);
        self.told
    }
}

fn complaint(name: &str, said: &str) -> String {
    let said = without_colours(said);
    let lines = said.lines().map(str::trim_end).filter(|line| !line.is_empty()).take(LINES_OF_A_COMPLAINT);
    [format!("failed: {name}")]
        .into_iter()
        .chain(lines.map(|line| format!("    {line}")))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Playwright colours its errors wherever they go.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}

fn joined(above: &str, title: &str) -> String {
    match (above.is_empty(), title.is_empty()) {
        (true, _) => title.to_owned(),
        (_, true) => above.to_owned(),
        _ => format!("{above} › {title}"),
    }
}

fn array<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failed_journey_is_named_with_its_error() {
        let report = json!({ "suites": [{ "title": "list.spec.ts", "specs": [], "suites": [{ "title": "the list",
            "specs": [
                { "title": "sorts", "tests": [{ "projectName": "pc", "status": "unexpected", "results": [
                    { "errors": [{ "message": "\u{1b}[31mTimed out\u{1b}[39m\n\n  at list.spec.ts:9" }] }] }] },
                { "title": "pages", "tests": [{ "projectName": "pc", "status": "expected", "results": [] }] },
            ] }] }] });
        assert_eq!(
            of_playwright(&report),
            ["failed: [pc] list.spec.ts › the list › sorts\n    Timed out\n      at list.spec.ts:9"]
        );
    }

    #[test]
    fn a_failed_unit_test_and_a_file_that_does_not_load_are_named() {
        let report = json!({ "testResults": [
            { "name": "a.test.ts", "status": "failed", "message": "", "assertionResults": [
                { "status": "failed", "fullName": "a adds", "failureMessages": ["expected 2"] },
                { "status": "passed", "fullName": "a subtracts", "failureMessages": [] }] },
            { "name": "b.test.ts", "status": "failed", "message": "no such module", "assertionResults": [] },
            { "name": "c.test.ts", "status": "passed", "message": "", "assertionResults": [] },
        ] });
        assert_eq!(
            of_vitest(&report),
            ["failed: a adds\n    expected 2", "failed: b.test.ts\n    no such module"]
        );
    }

    #[test]
    fn libtest_s_sections_are_read() {
        let mut of = OfLibtest::default();
        "test a::b ... FAILED\n\nfailures:\n\n---- a::b stdout ----\nthread panicked\n---- a::c stdout ----\nleft: 1\n\n\
         failures:\n    a::b\n    a::c\n\ntest result: FAILED. 1 passed; 2 failed"
            .lines()
            .for_each(|line| of.read(line));
        assert_eq!(of.told(), ["failed: a::b\n    thread panicked", "failed: a::c\n    left: 1"]);
    }
}
