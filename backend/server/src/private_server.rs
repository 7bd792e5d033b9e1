//! The private PostgreSQL while the application runs: started, looked after, stopped.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use private_postgres::{PrivatePostgres, Settings, StartError};

use crate::bootstrap::BootError;

/// How often it is looked after.
const CHECK: Duration = Duration::from_millis(500);
/// The longest time between two attempts to start it again.
const RETRY_MAX: Duration = Duration::from_secs(30);

/// Clones share the server. It is absent once it was stopped.
#[derive(Clone)]
pub struct PrivateServer(Arc<Mutex<Option<PrivatePostgres>>>);

impl PrivateServer {
    /// Started on a thread of its own: the server must outlive whichever worker thread asked for it.
    pub(crate) async fn start(settings: Settings) -> Result<Self, BootError> {
        let started = blocking(|| PrivatePostgres::start(settings)).await?;
        Ok(Self(Arc::new(Mutex::new(Some(started?)))))
    }

    /// The address of a database by a role.
    pub(crate) fn url(&self, database: &str, role: &str) -> String {
        self.lock().as_ref().map(|server| server.url(database, role)).unwrap_or_default()
    }

    /// Where the data lies, for the person who started it, if that is not where it was asked to.
    pub(crate) fn moved(&self) -> Option<String> {
        let server = self.lock();
        let server = server.as_ref()?;
        let asked = server.moved_from()?;
        let taken = server.data_dir().display();
        let account = server.server_account().unwrap_or("postgres");
        Some(format!(
            "the database lies in {taken}, since the account {account} could not enter {}; to begin anew, remove {taken} and {}",
            asked.display(),
            asked.parent().unwrap_or(asked).display()
        ))
    }

    /// Starts it again whenever it has ended without having been asked to: killed for want of memory, say, or by mistake.
    /// Returns once it was stopped.
    pub(crate) async fn keep(self) {
        let mut wait = CHECK;
        loop {
            tokio::time::sleep(wait).await;
            let server = self.clone();
            wait = match blocking(move || server.revive()).await {
                Ok(Ok(true)) => CHECK,
                Ok(Ok(false)) | Err(_) => return,
                Ok(Err(error)) => {
                    tracing::error!(error = %error, "the private PostgreSQL can't be started again");
                    RETRY_MAX.min(wait * 2)
                }
            };
        }
    }

    /// Whether there is still one to be looked after.
    fn revive(&self) -> Result<bool, StartError> {
        let mut server = self.lock();
        let Some(server) = server.as_mut() else { return Ok(false) };
        if let Some(status) = server.ended() {
            tracing::error!(%status, "the private PostgreSQL has ended on its own and is started again");
            server.restart()?;
            tracing::info!("the private PostgreSQL runs again");
        }
        Ok(true)
    }

    pub(crate) async fn stop(self) {
        let stopped = blocking(move || self.lock().take().map(|server| server.stop())).await;
        tracing::debug!(?stopped, "the private PostgreSQL has stopped");
    }

    fn lock(&self) -> MutexGuard<'_, Option<PrivatePostgres>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, BootError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| BootError::Usage(error.to_string()))
}
