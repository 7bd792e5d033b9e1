//! The import of transactions through the product's own command beside a bare COPY of the rows it wrote.
//!
//! The files are invented in the shape of the Berka set, whose whole table has a million transactions too.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use platform::database::{Copier, OWNER_ROLE, drop_database};

use crate::IMPORT;
use crate::bank::Bank;
use crate::copy::{copy_in, copy_out};
use crate::cpu;
use crate::measure::{Finding, Goal, Outcome, Sample, Threshold, Told, Unit, in_turns};

const GOAL: Goal = Goal { unit: Unit::Rate("transactions"), must: Threshold::AtLeast(0.4), aim: Some(0.7) };
const DATABASE: &str = "cardea_import";
const REPETITIONS_MAX: usize = 3;
const ACCOUNTS: u32 = 4_500;
const DISTRICTS: u32 = 77;
/// Days of a month and months from January 1993 on over which the transactions are spread.
const DAYS: u32 = 28;
const MONTHS: u32 = 72;

pub(super) fn measure(bank: &Bank) -> Outcome<Vec<Told>> {
    let has_import =
        bank.cardea(DATABASE)?.args([IMPORT, "--help"]).stderr(Stdio::null()).status()?.success();
    if !has_import {
        return Ok(vec![Told::Skipped("this build has no import command".to_owned())]);
    }
    let folder = bank.folder.join("import");
    fs::create_dir_all(&folder)?;
    invent(&folder, bank.pace.import_transactions)?;
    let rows = folder.join("rows.copy");
    let pairs = in_turns(
        bank.pace.repetitions.min(REPETITIONS_MAX),
        || imported(bank, &folder),
        || copied(bank, &rows),
    )?;
    fs::remove_dir_all(&folder)?;
    bank.wait(async { Ok(drop_database(&bank.admin_url(), DATABASE).await?) })?;
    let work = format!("import of {} transactions (Berka's shape)", bank.pace.import_transactions);
    let baseline = "bare `COPY` of the same rows";
    Ok(vec![Finding::told(work, baseline, GOAL, pairs)])
}

/// One run of the command into a new database; its start and its checks are part of it.
fn imported(bank: &Bank, folder: &Path) -> Outcome<Sample> {
    bank.wait(async { Ok(drop_database(&bank.admin_url(), DATABASE).await?) })?;
    bank.create(DATABASE)?;
    let log = File::create(bank.folder.join("import.log"))?;
    let mut command = bank.cardea(DATABASE)?;
    command.args([IMPORT, "berka", "--folder"]).arg(folder).stdout(log.try_clone()?).stderr(log);
    let (cpu_before, postgres_before, since) =
        (cpu::children_seconds(), bank.postgres_seconds(), Instant::now());
    let status = command.status()?;
    let seconds = since.elapsed().as_secs_f64();
    if !status.success() {
        let log = fs::read_to_string(bank.folder.join("import.log")).unwrap_or_default();
        return Err(format!("the import ended with {status}:\n{log}").into());
    }
    Ok(Sample {
        operations: f64::from(bank.pace.import_transactions),
        seconds,
        generator_seconds: cpu::children_seconds() - cpu_before,
        postgres_seconds: bank.postgres_seconds() - postgres_before,
        ..Sample::default()
    })
}

/// The rows that the import wrote, out and back into the emptied table with its indexes and constraints.
fn copied(bank: &Bank, rows: &Path) -> Outcome<Sample> {
    let url = bank.url(DATABASE, OWNER_ROLE);
    bank.wait(async {
        let mut copier = Copier::connect(&url).await?;
        let client = copier.client();
        copy_out(client, "transactions", rows).await?;
        client.batch_execute("TRUNCATE transactions CASCADE").await?;
        let (cpu_before, postgres_before, since) =
            (cpu::own_seconds(), bank.postgres_seconds(), Instant::now());
        let copied = copy_in(client, "transactions", rows).await?;
        let seconds = since.elapsed().as_secs_f64();
        if copied != u64::from(bank.pace.import_transactions) {
            return Err(format!("{copied} transactions were imported").into());
        }
        Ok(Sample {
            operations: copied as f64,
            seconds,
            generator_seconds: cpu::own_seconds() - cpu_before,
            postgres_seconds: bank.postgres_seconds() - postgres_before,
            ..Sample::default()
        })
    })
}

fn invent(folder: &Path, transactions: u32) -> Outcome<()> {
    let accounts = 1..=ACCOUNTS;
    let district_of = |number: u32| number % DISTRICTS + 1;
    write(
        folder,
        "district.csv",
        "A1;A2;A3;A4;A5;A6;A7;A8;A9;A10;A11;A12;A13;A14;A15;A16",
        (1..=DISTRICTS).map(|n| {
            format!("{n};\"Lhota {n}\";\"north\";120000;0;1;2;3;4;87.5;9000;1.5;2.25;120;3000;3100")
        }),
    )?;
    let clients = accounts
        .clone()
        .map(|n| format!("{n};\"{:02}0{}{:02}\";{}", 40 + n % 40, n % 9 + 1, n % 28 + 1, district_of(n)));
    write(folder, "client.csv", "\"client_id\";\"birth_number\";\"district_id\"", clients)?;
    let opened = accounts.clone().map(|n| format!("{n};{};\"POPLATEK MESICNE\";930101", district_of(n)));
    write(folder, "account.csv", "\"account_id\";\"district_id\";\"frequency\";\"date\"", opened)?;
    let owners = accounts.map(|n| format!("{n};{n};{n};\"OWNER\""));
    write(folder, "disp.csv", "\"disp_id\";\"client_id\";\"account_id\";\"type\"", owners)?;
    let one = |line: &str| std::iter::once(line.to_owned());
    write(
        folder,
        "card.csv",
        "\"card_id\";\"disp_id\";\"type\";\"issued\"",
        one("1;1;\"gold\";940119 00:00:00"),
    )?;
    write(
        folder,
        "loan.csv",
        "\"loan_id\";\"account_id\";\"date\";\"amount\";\"duration\";\"payments\";\"status\"",
        one("1;1;940401;96396;12;8033.00;\"C\""),
    )?;
    write(
        folder,
        "order.csv",
        "\"order_id\";\"account_id\";\"bank_to\";\"account_to\";\"amount\";\"k_symbol\"",
        one("1;1;\"YZ\";\"87144583\";2452.00;\"SIPO\""),
    )?;
    write(
        folder,
        "trans.csv",
        "\"trans_id\";\"account_id\";\"date\";\"type\";\"operation\";\"amount\";\"balance\";\"k_symbol\";\"bank\";\"account\"",
        (0..transactions).map(|n| transaction(n, transactions)),
    )
}

/// In order of time, as a bank's books are; three kinds in turns.
fn transaction(n: u32, of: u32) -> String {
    let day = (u64::from(n) * u64::from(DAYS * MONTHS) / u64::from(of.max(1))) as u32;
    let (month, day) = (day / DAYS, day % DAYS + 1);
    let date = format!("{:02}{:02}{day:02}", 93 + month / 12, month % 12 + 1);
    // A stride without a common factor visits every account before it comes back.
    let account = (u64::from(n) * 1_009 % u64::from(ACCOUNTS)) + 1;
    let what = match n % 3 {
        0 => "\"PRIJEM\";\"VKLAD\";1000.00;5000.00;\"\";;",
        1 => "\"PRIJEM\";\"PREVOD Z UCTU\";5000.50;10000.50;\"DUCHOD\";\"AB\";\"11112222\"",
        _ => "\"VYDAJ\";\"PREVOD NA UCET\";2452.00;7548.50;\"SIPO\";\"YZ\";\"87144583\"",
    };
    format!("{};{account};{date};{what}", n + 1)
}

fn write(folder: &Path, name: &str, head: &str, lines: impl Iterator<Item = String>) -> Outcome<()> {
    let mut file = BufWriter::new(File::create(folder.join(name))?);
    writeln!(file, "{head}")?;
    for line in lines {
        writeln!(file, "{line}")?;
    }
    Ok(file.flush()?)
}
