//! The application: every route of every chapter behind one middleware, on one listener.

use std::{net::TcpListener, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::{Compress, from_fn},
    web::{Data, PayloadConfig, to},
};
use platform::{Clock, Db, DbResult, config::Config, tokens::Tokens, vault::Vault};
use trust::{
    audit::{Notary, ReadLog, TokenRefusals, watch},
    events::EventHub,
};
use utoipa_actix_web::AppExt;
use web::{Directory, configure_extractors, not_found, shape};

use crate::{approvals, contact_rules, exports, health, openapi, single_page};

/// Everything that handlers ask for. Clones share it.
#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub vault: Vault,
    pub tokens: Data<Tokens>,
    pub directory: Directory,
    pub read_log: ReadLog,
    pub clock: Clock,
    pub config: Data<Config>,
    /// The owner's way in, for jobs that need a partition made.
    pub owner_url: String,
}

impl Parts {
    /// Who seals and verifies the audit trail.
    pub fn notary(&self) -> Notary {
        Notary::new(self.db.clone(), self.vault.clone(), &self.config)
    }
}

/// Seconds that open requests get when the server stops.
const SHUTDOWN_SECONDS: u64 = 10;
/// How long an idle connection is kept: longer than what stands before a server keeps its own (60 s in nginx), which would else
/// send a request into a connection that is being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Starts serving on `listener`. The returned server runs until it is stopped.
pub fn start(parts: Parts, listener: TcpListener) -> std::io::Result<Server> {
    let workers = match parts.config.server.workers {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        n => n,
    };
    let refusals = Data::new(TokenRefusals::default());
    let rules = Data::new(contact_rules::contact_rules());
    let executors = Data::new(approvals::executors(&parts));
    let read_log = Data::new(parts.read_log.clone());
    let sources = Data::new(exports::sources());
    let hub = Data::new(EventHub::start(parts.db.clone()));
    let server = HttpServer::new(move || {
        let db = worker_db(&parts);
        let (app, api) = App::new()
            .into_utoipa_app()
            .openapi(openapi::base())
            .service(utoipa_actix_web::scope("/api/v1").configure(openapi::staff_routes))
            .split_for_parts();
        let web_dir = parts.config.server.web_dir.clone();
        app.app_data(read_log.clone())
            .app_data(refusals.clone())
            .app_data(hub.clone())
            .app_data(Data::new(parts.notary()))
            .app_data(Data::new(db))
            .app_data(Data::new(parts.vault.clone()))
            .app_data(parts.tokens.clone())
            .app_data(Data::new(parts.directory.clone()))
            .app_data(Data::new(parts.clock.clone()))
            .app_data(parts.config.clone())
            .app_data(executors.clone())
            .app_data(rules.clone())
            .app_data(sources.clone())
            .app_data(PayloadConfig::new(parts.config.server.body_bytes_max))
            .configure(configure_extractors)
            .configure(health::routes)
            .configure(|config| openapi::show(config, openapi::finish(api)))
            .configure(|config| single_page::routes(config, &web_dir))
            .default_service(to(not_found))
            .wrap(from_fn(watch))
            .wrap(Compress::default())
            .wrap(from_fn(shape))
    });
    Ok(server
        .workers(workers)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals()
        .listen(listener)?
        .run())
}

/// Connections of the worker's own; should that fail, the shared ones.
fn worker_db(parts: &Parts) -> Db {
    let own: DbResult<Db> = parts.db.for_worker();
    own.unwrap_or_else(|error| {
        tracing::warn!(error = %error, "a worker shares its connections");
        parts.db.clone()
    })
}
