//! What each step of a test run came to.

use std::time::{Duration, Instant};

use crate::command::Failure;
use crate::counts::Counts;
use crate::say;

/// Steps do not stop one another: whoever reads the end learns everything that is wrong.
pub(crate) struct Report {
    lines: Vec<String>,
    remarks: Vec<String>,
    total: Counts,
    since: Instant,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { lines: Vec::new(), remarks: Vec::new(), total: Counts::default(), since: Instant::now() }
    }

    /// A step that is right or wrong as a whole. Returns whether it was right.
    pub(crate) fn check(&mut self, name: &str, step: impl FnOnce() -> Result<(), Failure>) -> bool {
        self.count(name, || match step() {
            Ok(()) => Ok(Counts::PASSED),
            Err(failure) => Err(failure),
        })
    }

    /// A step of many tests; one that breaks down counts as one failure.
    pub(crate) fn count(&mut self, name: &str, step: impl FnOnce() -> Result<Counts, Failure>) -> bool {
        let began = Instant::now();
        let counts = step().unwrap_or_else(|failure| {
            say::complaint(&failure);
            self.remarks.push(format!("{name}: {failure}"));
            Counts::FAILED
        });
        self.total += counts;
        self.lines.push(line(name, &counts.to_string(), began.elapsed()));
        counts.failed == 0
    }

    /// Something that is not in the repository; said, and counted as nothing.
    pub(crate) fn absent(&mut self, name: &str, what: &str) {
        self.lines.push(format!("{name:28} absent: {what}"));
    }

    /// Something that the reader of the last lines must see.
    pub(crate) fn remark(&mut self, text: impl Into<String>) {
        self.remarks.push(text.into());
    }

    /// Prints the table, the remarks and the closing line. Returns whether nothing failed.
    pub(crate) fn close(&self) -> bool {
        say::line("");
        for line in self.closing_lines() {
            say::line(line);
        }
        self.total.failed == 0
    }

    fn closing_lines(&self) -> Vec<String> {
        let mut lines = self.lines.clone();
        lines.push(line("all", "", self.since.elapsed()));
        lines.extend(self.remarks.iter().cloned());
        lines.push(self.total.to_string());
        lines
    }
}

fn line(name: &str, result: &str, took: Duration) -> String {
    format!("{name:28} {result:42} {:6.1} s", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_does_not_stop_the_next_and_is_counted() {
        let mut report = Report::new();
        assert!(report.check("format", || Ok(())));
        assert!(!report.check("lints", || Err(Failure::new("three warnings"))));
        assert!(report.count("tests", || Ok(Counts { passed: 7, failed: 0, skipped: 2 })));
        report.absent("end to end", "tests/e2e");
        report.remark("no browser");
        let lines = report.closing_lines();
        assert!(lines.iter().any(|line| line.contains("absent: tests/e2e")), "{lines:?}");
        let last: Vec<&str> = lines.iter().rev().take(3).rev().map(String::as_str).collect();
        assert_eq!(last, ["lints: three warnings", "no browser", "8 passed, 1 failed, 2 skipped"]);
    }
}
