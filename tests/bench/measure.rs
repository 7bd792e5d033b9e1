//! Repetitions, medians, and what is said about them.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// How large the bank is and how long one looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) cardholders: u32,
    pub(crate) months: u32,
    pub(crate) tx_per_month: u32,
    pub(crate) repetitions: usize,
    pub(crate) repetition: Duration,
    /// Cardholders that one repetition of the sandbox line makes.
    pub(crate) sandbox_cardholders: u32,
    /// Transactions that one repetition of the import line brings in.
    pub(crate) import_transactions: u32,
}

impl Pace {
    /// 5 M transactions.
    pub(crate) fn quick() -> Self {
        Self {
            cardholders: 100_000,
            months: 10,
            tx_per_month: 5,
            repetitions: 3,
            repetition: Duration::from_secs(4),
            sandbox_cardholders: 10_000,
            import_transactions: 200_000,
        }
    }

    /// 30 M transactions.
    pub(crate) fn full() -> Self {
        Self {
            cardholders: 1_000_000,
            months: 6,
            tx_per_month: 5,
            repetitions: 5,
            repetition: Duration::from_secs(8),
            sandbox_cardholders: 100_000,
            import_transactions: 1_000_000,
        }
    }
}

/// One repetition.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sample {
    pub(crate) operations: f64,
    pub(crate) seconds: f64,
    /// Processor time of whoever made the load.
    pub(crate) generator_seconds: f64,
    /// Processor time of the measured service, where it is a process of its own.
    pub(crate) service_seconds: f64,
    pub(crate) postgres_seconds: f64,
}

impl Sample {
    pub(crate) fn rate(&self) -> f64 {
        self.operations / self.seconds
    }

    /// Processor time of one operation: whoever asked, whoever answered.
    fn cpu_us(&self) -> f64 {
        self.each_us(self.generator_seconds + self.service_seconds + self.postgres_seconds)
    }

    fn each_us(&self, seconds: f64) -> f64 {
        seconds / self.operations * 1e6
    }
}

/// Ours and the baseline, taken in turns.
pub(crate) struct Pairs {
    ours: Vec<Sample>,
    baseline: Vec<Sample>,
}

/// A B A B …, so that a change of the machine's mood meets both.
pub(crate) fn in_turns(
    repetitions: usize,
    mut ours: impl FnMut() -> Outcome<Sample>,
    mut baseline: impl FnMut() -> Outcome<Sample>,
) -> Outcome<Pairs> {
    let mut pairs = Pairs { ours: Vec::new(), baseline: Vec::new() };
    for nth in 1..=repetitions {
        let (mine, theirs) = (ours()?, baseline()?);
        say(&format!("   {nth}/{repetitions}: {:.0}/s, baseline {:.0}/s", mine.rate(), theirs.rate()));
        pairs.ours.push(mine);
        pairs.baseline.push(theirs);
    }
    Ok(pairs)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

/// What a figure counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    /// Operations per second, under this name. More is better.
    Rate(&'static str),
    /// Time of one operation. Less is better.
    Time,
}

impl Unit {
    fn of(self, sample: &Sample) -> f64 {
        match self {
            Self::Rate(_) => sample.rate(),
            Self::Time => 1e6 / sample.rate(),
        }
    }

    fn shown(self, value: f64) -> String {
        match self {
            Self::Rate(what) => format!("{} {what}/s", thousands(value)),
            Self::Time if value >= 1e6 => format!("{:.1} s", value / 1e6),
            Self::Time => format!("{} µs", thousands(value)),
        }
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What must be reached. Of times the ratio is how many times longer we take.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Threshold {
    AtLeast(f64),
    AtMost(f64),
    /// The figure itself, whatever the baseline.
    SecondsAtMost(f64),
}

/// What a line counts, what it must reach, and the ratio that would please.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goal {
    pub(crate) unit: Unit,
    pub(crate) must: Threshold,
    pub(crate) aim: Option<f64>,
}

pub(crate) struct Finding {
    work: String,
    baseline_name: String,
    goal: Goal,
    pairs: Pairs,
}

/// What a line has to tell.
pub(crate) enum Told {
    Found(Finding),
    Skipped(String),
}

impl Finding {
    pub(crate) fn told(
        work: impl Into<String>,
        baseline_name: impl Into<String>,
        goal: Goal,
        pairs: Pairs,
    ) -> Told {
        Told::Found(Self { work: work.into(), baseline_name: baseline_name.into(), goal, pairs })
    }

    fn ours(&self) -> f64 {
        median(self.pairs.ours.iter().map(|sample| self.goal.unit.of(sample)).collect())
    }

    fn baseline(&self) -> f64 {
        median(self.pairs.baseline.iter().map(|sample| self.goal.unit.of(sample)).collect())
    }

    /// The median of the ratios of neighbours, which share the machine's mood.
    fn ratio(&self) -> f64 {
        let both = self.pairs.ours.iter().zip(&self.pairs.baseline);
        median(both.map(|(ours, baseline)| self.goal.unit.of(ours) / self.goal.unit.of(baseline)).collect())
    }

    /// The same ratio in processor time of all who took part, which does not care who else uses the machine.
    fn cpu_ratio(&self) -> f64 {
        let both = self.pairs.ours.iter().zip(&self.pairs.baseline);
        let ratio = |(ours, baseline): (&Sample, &Sample)| match self.goal.unit {
            Unit::Rate(_) => baseline.cpu_us() / ours.cpu_us(),
            Unit::Time => ours.cpu_us() / baseline.cpu_us(),
        };
        median(both.map(ratio).collect())
    }

    fn is_reached(&self) -> bool {
        match self.goal.must {
            Threshold::AtLeast(least) => self.ratio() >= least,
            Threshold::AtMost(most) => self.ratio() <= most,
            Threshold::SecondsAtMost(most) => self.ours() <= most * 1e6,
        }
    }

    fn verdict(&self) -> &'static str {
        if !self.is_reached() {
            "missed"
        } else if self.goal.aim.is_some_and(|aim| self.ratio() >= aim) {
            "aim reached"
        } else {
            "reached"
        }
    }

    fn aim(&self) -> String {
        self.goal.aim.map_or_else(|| "–".to_owned(), |aim| format!("{aim}"))
    }

    fn must(&self) -> String {
        match self.goal.must {
            Threshold::AtLeast(least) => format!("≥ {least}"),
            Threshold::AtMost(most) => format!("≤ {most}"),
            Threshold::SecondsAtMost(most) => format!("≤ {most} s"),
        }
    }

    /// Processor time per operation: the generator's, then that of those who answered.
    fn cpu(samples: &[Sample]) -> String {
        let each = |seconds: fn(&Sample) -> f64| {
            median(samples.iter().map(|sample| sample.each_us(seconds(sample))).collect())
        };
        let mut text = format!("generator {} µs", each_shown(each(|sample| sample.generator_seconds)));
        let service = each(|sample| sample.service_seconds);
        let postgres = each(|sample| sample.postgres_seconds);
        for (name, each) in [("service", service), ("PostgreSQL", postgres)] {
            if each > 0.0 {
                text += &format!(", {name} {} µs", each_shown(each));
            }
        }
        text
    }

    /// The findings as a table of Markdown.
    pub(crate) fn table(findings: &[Self]) -> String {
        let mut text = String::from(
            "| work | measured | baseline | ratio | in processor time | must | aim | verdict | processor time per operation | of the baseline |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        );
        for finding in findings {
            text += &format!(
                "\n| {} | {} | {} ({}) | {:.2} | {:.2} | {} | {} | {} | {} | {} |",
                finding.work,
                finding.goal.unit.shown(finding.ours()),
                finding.goal.unit.shown(finding.baseline()),
                finding.baseline_name,
                finding.ratio(),
                finding.cpu_ratio(),
                finding.must(),
                finding.aim(),
                finding.verdict(),
                Self::cpu(&finding.pairs.ours),
                Self::cpu(&finding.pairs.baseline),
            );
        }
        text
    }
}

fn each_shown(us: f64) -> String {
    if us < 10.0 { format!("{us:.1}") } else { thousands(us) }
}

impl Display for Finding {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {}; {}: {}; ratio {:.2} (in processor time {:.2}), must be {}, aim {}: {}\n   median of {} interleaved repetitions; processor time per \
             operation: {}; of the baseline: {}",
            self.work,
            self.goal.unit.shown(self.ours()),
            self.baseline_name,
            self.goal.unit.shown(self.baseline()),
            self.ratio(),
            self.cpu_ratio(),
            self.must(),
            self.aim(),
            self.verdict(),
            self.pairs.ours.len(),
            Self::cpu(&self.pairs.ours),
            Self::cpu(&self.pairs.baseline),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(operations: f64) -> Sample {
        Sample { operations, seconds: 1.0, ..Sample::default() }
    }

    #[test]
    fn the_ratio_is_the_median_of_neighbours() {
        let mut rates = [10.0, 20.0, 30.0, 40.0, 50.0, 100.0].into_iter();
        let rates = std::cell::RefCell::new(&mut rates);
        let next = || Ok(sample(rates.borrow_mut().next().unwrap_or(1.0)));
        let pairs = in_turns(3, next, next).unwrap();
        let finding = Finding {
            work: "work".into(),
            baseline_name: "baseline".into(),
            goal: Goal { unit: Unit::Rate("rows"), must: Threshold::AtLeast(0.5), aim: Some(0.6) },
            pairs,
        };
        assert!((finding.ratio() - 0.5).abs() < 1e-9);
        assert_eq!(finding.verdict(), "reached");
        let easier = Finding { goal: Goal { aim: Some(0.5), ..finding.goal }, ..finding };
        assert_eq!(easier.verdict(), "aim reached");
    }

    #[test]
    fn figures_are_grouped() {
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(12.0), "12");
        assert_eq!(Unit::Time.shown(2_500_000.0), "2.5 s");
    }
}
