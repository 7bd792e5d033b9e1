//! What the application said to its database, word for word, kept per database.

use std::{
    collections::BTreeMap,
    sync::{Mutex, Once, PoisonError},
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// How the application's own connections call themselves.
const APPLICATION: &str = "application_name=cardea";
/// Between the text and the values in the query builder's own display.
const VALUES: &str = " -- binds: ";

static SAID: Mutex<BTreeMap<String, Vec<Statement>>> = Mutex::new(BTreeMap::new());

/// One statement as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub sql: String,
    /// The values of its placeholders, as Rust shows them: `["王伟", 51]`.
    pub values: String,
}

/// Listens to every connection that is opened from now on.
pub(crate) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        set_default_instrumentation(|| Some(Box::new(Ear::default()))).expect("nobody listens yet");
    });
}

/// What was said to this database since the last time somebody asked.
pub(crate) fn take(database: &str) -> Vec<Statement> {
    SAID.lock().unwrap_or_else(PoisonError::into_inner).remove(database).unwrap_or_default()
}

/// One connection's listener.
#[derive(Default)]
struct Ear {
    /// Where the connection is the application's; tests look at the database through others.
    database: Option<String>,
}

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } if url.contains(APPLICATION) => {
                let path = url.split('?').next().unwrap_or_default();
                self.database = path.rsplit('/').next().map(ToOwned::to_owned);
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let Some(database) = &self.database else { return };
                let text = query.to_string();
                let (sql, values) = text.rsplit_once(VALUES).unwrap_or((&text, "[]"));
                let statement = Statement { sql: sql.to_owned(), values: values.to_owned() };
                let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
                said.entry(database.clone()).or_default().push(statement);
            }
            _ => {}
        }
    }
}
