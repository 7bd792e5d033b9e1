//! How a connection to PostgreSQL is made: plain, or encrypted where its address asks for it.

use std::{borrow::Cow, net::IpAddr, str::FromStr, sync::Arc};

use diesel::result::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::task::JoinHandle;
use tokio_postgres::{
    Client, Config, NoTls, Socket,
    config::{Host, SslMode},
    tls::TlsStream,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{DbError, DbResult};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A database's address, read.
///
/// `sslmode` says whether a connection is encrypted. `require`, `verify-ca` and `verify-full` all mean the same here, and the
/// strictest: the server's certificate has to lead to one of those in the file `sslrootcert` (else to one that this machine
/// trusts) and to bear the server's name. Any other mode, or none, is plain.
struct Address {
    /// Without what says how to encrypt.
    url: String,
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    fn read(url: &str) -> Result<Self, Cause> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut is_encrypted, mut trusted, mut others) = (false, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", mode)) => {
                    is_encrypted = matches!(mode, "require" | "verify-ca" | "verify-full")
                }
                Some(("sslrootcert", path)) => trusted = Some(decoded(path)?),
                _ => others.push(pair),
            }
        }
        let joint = if others.is_empty() { "" } else { "?" };
        let url = format!("{base}{joint}{}", others.join("&"));
        let mut config = Config::from_str(&url)?;
        config.ssl_mode(if is_encrypted { SslMode::Require } else { SslMode::Disable });
        let tls = is_encrypted.then(|| verifying(trusted.as_deref())).transpose()?;
        Ok(Self { url, config, tls })
    }
}

/// The role that an address names.
pub(super) fn role_of(url: &str) -> Option<String> {
    Address::read(url).ok()?.config.get_user().map(ToOwned::to_owned)
}

/// Whether what is said to this database passes a network in plain.
pub fn is_exposed(url: &str) -> bool {
    let is_near = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
    };
    Address::read(url)
        .is_ok_and(|Address { config, tls, .. }| tls.is_none() && !config.get_hosts().iter().all(is_near))
}

/// Text of an address without its `%xx`.
fn decoded(text: &str) -> Result<Cow<'_, str>, Cause> {
    Ok(percent_encoding::percent_decode_str(text).decode_utf8()?)
}

/// What checks a server's certificate.
fn verifying(trusted: Option<&str>) -> Result<MakeRustlsConnect, Cause> {
    let mut roots = RootCertStore::empty();
    match trusted {
        Some(path) => {
            for certificate in
                CertificateDer::pem_file_iter(path).map_err(|error| unreadable(path, &error))?
            {
                roots.add(certificate.map_err(|error| unreadable(path, &error))?)?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err("the database's address asks for encryption, and no certificate is trusted: name a file by sslrootcert".into());
    }
    let ciphers = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(ciphers).with_safe_default_protocol_versions()?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

fn unreadable(path: &str, error: &impl std::fmt::Display) -> Cause {
    format!("sslrootcert {path} can't be read: {error}").into()
}

/// A client, and who keeps its connection going until it is aborted. `what` names the connection in the log.
pub(super) async fn connect(url: &str, what: &'static str) -> DbResult<(Client, JoinHandle<()>)> {
    let Address { config, tls, .. } = Address::read(url).map_err(DbError::unavailable)?;
    match tls {
        None => {
            let (client, connection) = config.connect(NoTls).await.map_err(DbError::unavailable)?;
            Ok((client, tokio::spawn(drive(connection, what))))
        }
        Some(tls) => {
            let (client, connection) = config.connect(tls).await.map_err(DbError::unavailable)?;
            Ok((client, tokio::spawn(drive(connection, what))))
        }
    }
}

async fn drive<S>(connection: tokio_postgres::Connection<Socket, S>, what: &'static str)
where
    S: TlsStream + Unpin,
{
    if let Err(error) = connection.await {
        tracing::warn!(error = %error, what, "a connection to the database ended");
    }
}

/// An error and what lies below it, in one line.
fn whole(error: &(dyn std::error::Error + 'static)) -> String {
    let lines = std::iter::successors(Some(error), |cause| cause.source()).map(ToString::to_string);
    lines.collect::<Vec<_>>().join(": ")
}

/// A connection of the query builder.
pub(super) async fn establish(url: &str) -> ConnectionResult<AsyncPgConnection> {
    let refused = |cause: Cause| ConnectionError::BadConnection(whole(&*cause));
    let Address { url, config, tls } = Address::read(url).map_err(refused)?;
    let Some(tls) = tls else { return AsyncPgConnection::establish(&url).await };
    let (client, connection) = config.connect(tls).await.map_err(|error| refused(error.into()))?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_modes_that_promise_it_encrypt() {
        let of = |query: &str| Address::read(&format!("postgres://app:word@db.bank/cardea{query}"));
        for plain in ["", "?sslmode=disable", "?sslmode=prefer&application_name=x"] {
            assert!(of(plain).unwrap().tls.is_none(), "{plain}");
        }
        let told = |query: &str| of(query).map(|_| ()).unwrap_err().to_string();
        for mode in ["require", "verify-ca", "verify-full"] {
            let query = format!("?application_name=x&sslmode={mode}&sslrootcert=/no%20such/file");
            assert!(told(&query).starts_with("sslrootcert /no such/file can't be read"), "{query}");
        }
        for (url, exposed) in [
            ("postgres://app@db.bank/cardea", true),
            ("postgres://app@10.0.0.7/cardea?sslmode=prefer", true),
            ("postgres://app@localhost/cardea", false),
            ("postgres://app@127.0.0.1/cardea", false),
            ("postgres://app@%2Frun%2Fpostgresql/cardea", false),
        ] {
            assert_eq!(is_exposed(url), exposed, "{url}");
        }
        assert!(!told("?nonsense=1").contains("word"));
    }
}
