//! How many tests passed, failed and were skipped, read from what each runner says.

use std::ops::AddAssign;

use serde_json::Value;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };

    pub(crate) fn skipped(skipped: u64) -> Self {
        Self { skipped, ..Self::default() }
    }

    /// A runner that fails without naming a failed test (it did not compile, it was killed) counts once.
    pub(crate) fn with_runner_s_end(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    /// Tests that their runner calls passed, although they said themselves that they could not run.
    pub(crate) fn with_skips_told(mut self, told: u64) -> Self {
        let told = told.min(self.passed);
        self.passed -= told;
        self.skipped += told;
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// `test result: ok. 13 passed; 0 failed; 1 ignored; 0 measured; …`, once per test program.
pub(crate) fn of_libtest_line(line: &str) -> Option<Counts> {
    let results = line.trim().strip_prefix("test result: ")?.split_once(". ")?.1;
    let mut counts = Counts::default();
    for part in results.split(';') {
        let mut words = part.split_whitespace();
        let (Some(number), Some(name)) = (words.next(), words.next()) else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        match name {
            "passed" => counts.passed = number,
            "failed" => counts.failed = number,
            "ignored" => counts.skipped = number,
            _ => {}
        }
    }
    Some(counts)
}

/// The summary of Vitest's JSON reporter. A test file that does not load fails without a failed test.
pub(crate) fn of_vitest(report: &Value) -> Counts {
    let number = |name: &str| report[name].as_u64().unwrap_or_default();
    let counts = Counts {
        passed: number("numPassedTests"),
        failed: number("numFailedTests"),
        skipped: number("numPendingTests") + number("numTodoTests"),
    };
    counts.with_runner_s_end(report["success"].as_bool().unwrap_or(false))
}

/// The summary of Playwright's JSON reporter. A test that only passed when it was repeated has failed.
pub(crate) fn of_playwright(report: &Value) -> Counts {
    let number = |name: &str| report["stats"][name].as_u64().unwrap_or_default();
    let errors = report["errors"].as_array().map_or(0, Vec::len);
    Counts {
        passed: number("expected"),
        failed: number("unexpected") + number("flaky") + errors as u64,
        skipped: number("skipped"),
    }
}

/// How many tests Playwright's `--list` names.
pub(crate) fn listed_by_playwright(report: &Value) -> u64 {
    let items = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let own: usize = items(report, "specs").iter().map(|spec| items(spec, "tests").len()).sum();
    own as u64 + items(report, "suites").iter().map(listed_by_playwright).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn libtest_s_closing_line_is_read_and_no_other() {
        let line =
            "test result: ok. 13 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(of_libtest_line(line), Some(counts(13, 0, 2)));
        let line = "test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 7 filtered out";
        assert_eq!(of_libtest_line(line), Some(counts(1, 3, 0)));
        assert_eq!(of_libtest_line("test counts::tests::it ... ok"), None);
        assert_eq!(of_libtest_line("running 13 tests"), None);
        assert_eq!(of_libtest_line(""), None);
    }

    #[test]
    fn a_runner_that_ends_badly_counts_as_one_failure_at_least() {
        assert_eq!(counts(5, 0, 0).with_runner_s_end(false), counts(5, 1, 0));
        assert_eq!(counts(5, 2, 0).with_runner_s_end(false), counts(5, 2, 0));
        assert_eq!(counts(5, 0, 0).with_runner_s_end(true), counts(5, 0, 0));
    }

    #[test]
    fn a_told_skip_is_not_also_a_pass() {
        assert_eq!(counts(5, 1, 1).with_skips_told(2), counts(3, 1, 3));
        assert_eq!(counts(1, 0, 0).with_skips_told(2), counts(0, 0, 1));
    }

    #[test]
    fn vitest_s_report_is_read() {
        let report = json!({ "numPassedTests": 40, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 1,
                             "success": false });
        assert_eq!(of_vitest(&report), counts(40, 1, 3));
        let unloadable = json!({ "numPassedTests": 40, "numFailedTests": 0, "success": false });
        assert_eq!(of_vitest(&unloadable), counts(40, 1, 0));
        assert_eq!(of_vitest(&json!({})), counts(0, 1, 0));
    }

    #[test]
    fn playwright_s_report_is_read() {
        let report =
            json!({ "stats": { "expected": 9, "unexpected": 1, "flaky": 1, "skipped": 2 }, "errors": [{}] });
        assert_eq!(of_playwright(&report), counts(9, 3, 2));
    }

    #[test]
    fn playwright_s_list_is_counted_at_every_depth() {
        let report = json!({ "suites": [
            { "specs": [{ "tests": [{}, {}] }], "suites": [{ "specs": [{ "tests": [{}] }] }] },
            { "specs": [] }
        ] });
        assert_eq!(listed_by_playwright(&report), 3);
        assert_eq!(listed_by_playwright(&json!({})), 0);
    }

    #[test]
    fn the_sum_reads_as_the_closing_line() {
        let mut sum = counts(1, 0, 0);
        sum += counts(2, 3, 4);
        assert_eq!(sum.to_string(), "3 passed, 3 failed, 4 skipped");
    }
}
