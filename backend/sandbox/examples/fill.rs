//! Fills a database with a sandbox bank and says how long it took.
//!
//! `fill ADMIN_URL DATABASE CARDHOLDERS MONTHS TX_PER_MONTH`: the URL names a superuser of the server, without a database.

use std::io::Write;
use std::time::Instant;

use chrono::NaiveDate;
use platform::Clock;
use platform::database::{OWNER_ROLE, TRUTH_ROLE, create_roles_and_database, migrate};
use platform::vault::{Keyring, Vault};
use sandbox::{Doors, Plan};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [admin, database, cardholders, months, tx_per_month] = arguments.as_slice() else {
        return Err("fill ADMIN_URL DATABASE CARDHOLDERS MONTHS TX_PER_MONTH".into());
    };
    let url = |role: &str| format!("{}/{database}", admin.replacen("cardea_admin", role, 1));
    create_roles_and_database(&format!("{admin}/postgres"), database).await?;
    migrate(&url(OWNER_ROLE)).await?;
    let today = NaiveDate::from_ymd_opt(2026, 11, 1).ok_or("no such day")?;
    let plan = Plan {
        seed: 20_261_101,
        cardholders: cardholders.parse()?,
        months: months.parse()?,
        tx_per_month: tx_per_month.parse()?,
        today,
    };
    let doors = Doors { owner_url: url(OWNER_ROLE), truth_url: Some(url(TRUTH_ROLE)) };
    let vault = Vault::new(Keyring::random()?);
    let since = Instant::now();
    let report = sandbox::fill(&doors, &vault, &Clock::system(), &plan, &|_| {}).await?;
    let seconds = since.elapsed().as_secs_f64();
    let rate = report.rows as f64 / seconds;
    writeln!(std::io::stdout(), "{report:?}\n{seconds:.1} s, {rate:.0} rows/s")?;
    Ok(())
}
