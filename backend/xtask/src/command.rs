//! Running other programs, and what to say when they fail.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::say;

const POLL: Duration = Duration::from_millis(50);

/// A sentence for the person at the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Display for Failure {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Adds what was being done to an error of the standard library, which does not say it.
pub(crate) trait Doing<T> {
    fn doing(self, what: impl Display) -> Result<T, Failure>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: impl Display) -> Result<T, Failure> {
        self.map_err(|error| Failure(format!("cannot {what}: {error}")))
    }
}

/// Runs a program that shows its own progress.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), Failure> {
    say::step(what);
    let status = command.stdin(Stdio::null()).status().doing(format!("run {}", shown(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure(format!("{what}: {} ended with {status}", shown(command))))
    }
}

/// Runs a program that says little, with a clock beside it.
pub(crate) fn run_with_clock(what: &str, command: &mut Command) -> Result<(), Failure> {
    say::step(what);
    let since = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().doing(format!("run {}", shown(command)))?;
    let mut shown_seconds = 0;
    let status = loop {
        if let Some(status) = child.try_wait().doing(format!("wait for {}", shown(command)))? {
            break status;
        }
        if since.elapsed().as_secs() > shown_seconds {
            shown_seconds = since.elapsed().as_secs();
            say::clock(shown_seconds);
        }
        thread::sleep(POLL);
    };
    if shown_seconds > 0 {
        say::clear_clock();
    }
    if status.success() {
        Ok(())
    } else {
        Err(Failure(format!("{what}: {} ended with {status}", shown(command))))
    }
}

/// What a program prints; its complaints go to the terminal.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .doing(format!("run {}", shown(command)))?;
    if !output.status.success() {
        return Err(Failure(format!("{} ended with {}", shown(command), output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a program prints, or nothing where it is absent or fails: for asking whether something is there.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_and_its_end() {
        let failure = run("to fail", Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
        assert_eq!(failure, "to fail: sh -c exit 3 ended with exit status: 3");
        let failure = output(&mut Command::new("/nonexistent/program")).unwrap_err().to_string();
        assert!(failure.starts_with("cannot run /nonexistent/program: "), "{failure}");
    }

    #[test]
    fn an_absent_program_answers_nothing() {
        assert_eq!(answer(&mut Command::new("/nonexistent/program")), None);
        assert_eq!(answer(Command::new("echo").arg(" yes ")), Some("yes".to_owned()));
        assert_eq!(answer(Command::new("sh").args(["-c", "echo no; exit 1"])), None);
    }
}
