//! A plain FastAPI + SQLAlchemy service over the same table, answering the same GET with the same fields behind the same token.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use platform::database::APP_ROLE;
use serde_json::Value;

use super::{CONNECTIONS, get};
use server::Reads;

use crate::bank::{Bank, DATABASE, root};
use crate::cpu;
use crate::http::Door;
use crate::measure::{Finding, Goal, Outcome, Sample, Threshold, Told, Unit, in_turns, say};
use crate::program::{Running, free_address};

const GOAL: Goal = Goal { unit: Unit::Rate("requests"), must: Threshold::AtLeast(8.0), aim: Some(20.0) };
const WORKERS: &str = "2";
const START_PATIENCE: Duration = Duration::from_secs(60);

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fastapi")
}

pub(super) fn measure(bank: &mut Bank) -> Outcome<Vec<Told>> {
    let programs = match installed() {
        Ok(programs) => programs,
        Err(reason) => return Ok(vec![Told::Skipped(format!("FastAPI can't be installed: {reason}"))]),
    };
    let ours = bank.door(Reads::Unnoted)?;
    let theirs = Door { address: free_address()?, token: ours.token.clone() };
    let running = start(bank, &programs, &theirs)?;
    let path = |id: &str| format!("/api/v1/cardholders/{id}");
    let (our_requests, their_requests) =
        (get::requests(bank, &ours, path)?, get::requests(bank, &theirs, path)?);
    await_answer(&theirs, &their_requests[0])?;
    compare(&ours, &theirs, &our_requests[0])?;
    let pairs = in_turns(
        bank.pace.repetitions,
        || bank.load(&ours, &our_requests, CONNECTIONS),
        || {
            let (cpu_before, postgres_before) = (cpu::family_seconds(running.id()), bank.postgres_seconds());
            let sample = theirs.load(&their_requests, CONNECTIONS, bank.pace.repetition)?;
            Ok(Sample {
                service_seconds: cpu::family_seconds(running.id()) - cpu_before,
                postgres_seconds: bank.postgres_seconds() - postgres_before,
                ..sample
            })
        },
    )?;
    drop(running);
    let work = format!("`GET /cardholders/{{id}}` against FastAPI, {CONNECTIONS} connections");
    let baseline = "FastAPI + SQLAlchemy + asyncpg, 2 uvicorn workers";
    Ok(vec![Finding::told(work, baseline, GOAL, pairs)])
}

/// The folder of programs of a virtual environment of its own; made where it is missing.
fn installed() -> Result<PathBuf, String> {
    let home = root().join("data/bench-fastapi");
    let programs = home.join("bin");
    let requirements = source().join("requirements.txt");
    if !programs.join("uvicorn").is_file() {
        say("   installing FastAPI into data/bench-fastapi");
        run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    }
    run(Command::new(programs.join("pip")).args(["install", "--quiet", "--requirement"]).arg(requirements))?;
    Ok(programs)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(())
    } else {
        // The last line says what went wrong.
        Err(String::from_utf8_lossy(&output.stderr)
            .lines()
            .last()
            .unwrap_or("no reason given")
            .trim()
            .to_owned())
    }
}

fn start(bank: &Bank, programs: &Path, door: &Door) -> Outcome<Running> {
    let log = std::fs::File::create(bank.folder.join("fastapi.log"))?;
    let mut command = Command::new(programs.join("uvicorn"));
    command
        .args([
            "app:app",
            "--workers",
            WORKERS,
            "--no-access-log",
            "--log-level",
            "warning",
            "--host",
            "127.0.0.1",
        ])
        .args(["--port", &door.address.port().to_string()])
        .current_dir(source())
        .env("BENCH_SOCKET", bank.postgres.socket_dir())
        .env("BENCH_DATABASE", DATABASE)
        .env("BENCH_USER", APP_ROLE)
        .env("BENCH_KEY", bank.token_key()?)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    Running::start(&mut command)
}

fn await_answer(door: &Door, request: &[u8]) -> Outcome<()> {
    let since = Instant::now();
    loop {
        match door.ask(request) {
            Ok(_) => return Ok(()),
            Err(error) if since.elapsed() > START_PATIENCE => return Err(error),
            Err(_) => std::thread::sleep(Duration::from_millis(200)),
        }
    }
}

/// Both must say the same, field by field, or the comparison means nothing.
fn compare(ours: &Door, theirs: &Door, request: &[u8]) -> Outcome<()> {
    let text = String::from_utf8_lossy(request);
    let path = text.split(' ').nth(1).unwrap_or_default();
    let asked = |door: &Door| -> Outcome<Value> { Ok(serde_json::from_str(&door.ask(&door.get(path))?)?) };
    let (ours, theirs) = (asked(ours)?, asked(theirs)?);
    let (Some(our_fields), Some(their_fields)) = (ours.as_object(), theirs.as_object()) else {
        return Err(format!("no profile: {ours} {theirs}").into());
    };
    let agree = our_fields.len() == their_fields.len()
        && our_fields
            .iter()
            .all(|(name, value)| their_fields.get(name).is_some_and(|other| is_same(value, other)));
    if agree { Ok(()) } else { Err(format!("the services disagree:\n{ours}\n{theirs}").into()) }
}

/// Moments may be written with more or fewer digits.
fn is_same(ours: &Value, theirs: &Value) -> bool {
    let moment = |value: &Value| value.as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
    ours == theirs || moment(ours).is_some_and(|at| Some(at) == moment(theirs))
}
