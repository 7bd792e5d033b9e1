//! A database whose address asks for encryption: reached through a server of its own that speaks TLS and hands on to the tests'
//! PostgreSQL, and refused whenever somebody else could be at the other end.

use std::{fs, path::PathBuf, sync::Arc};

use diesel_async::SimpleAsyncConnection;
use it::App;
use platform::{Clock, Db, DbError, database, database::DbSettings};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
};
use tokio_postgres::config::Host;
use tokio_rustls::TlsAcceptor;

/// What PostgreSQL's clients send first when they want encryption.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A server in front of the one at `url`, its certificate in a file.
struct Front {
    port: u16,
    certificate: PathBuf,
    url: String,
}

impl Front {
    /// `speaks_tls` is whether it says yes when asked for encryption.
    async fn before(url: &str, name: &str, speaks_tls: bool) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let certificate =
            std::env::temp_dir().join(format!("cardea-front-{}-{port}.pem", std::process::id()));
        fs::write(&certificate, cert.pem()).expect("a file");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let ciphers = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(ciphers)
            .with_safe_default_protocol_versions()
            .expect("versions");
        let config =
            config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).expect("a pair");
        let acceptor = speaks_tls.then(|| TlsAcceptor::from(Arc::new(config)));
        let socket = socket_of(url);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass_on(stream, acceptor.clone(), socket.clone()));
            }
        });
        Self { port, certificate, url: url.to_owned() }
    }

    /// The same database and role through this server, by the name of `host`.
    fn url(&self, host: &str, query: &str) -> String {
        let (rest, database) = self.url.rsplit_once('/').expect("a database");
        let (user, _) = rest.split_once('@').expect("a user");
        format!("{user}@{host}:{}/{database}?{query}", self.port)
    }

    fn verified(&self, host: &str) -> String {
        self.url(host, &format!("sslmode=verify-full&sslrootcert={}", self.certificate.display()))
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.certificate);
    }
}

/// Where the tests' PostgreSQL listens.
fn socket_of(url: &str) -> PathBuf {
    let config: tokio_postgres::Config = url.parse().expect("an address");
    let folder = match &config.get_hosts()[0] {
        Host::Unix(folder) => Some(folder),
        Host::Tcp(_) => None,
    };
    let name = format!(".s.PGSQL.{}", config.get_ports()[0]);
    folder.expect("the tests' PostgreSQL listens on a socket").join(name)
}

async fn pass_on(mut stream: TcpStream, acceptor: Option<TlsAcceptor>, socket: PathBuf) {
    let mut asked = [0; 8];
    stream.read_exact(&mut asked).await.expect("a request");
    assert_eq!(asked, SSL_REQUEST, "nothing else may come in plain");
    let Some(acceptor) = acceptor else {
        stream.write_all(b"N").await.expect("an answer");
        let sent = stream.read(&mut asked).await.unwrap_or(0);
        assert_eq!(sent, 0, "whoever wants encryption says nothing without it");
        return;
    };
    stream.write_all(b"S").await.expect("an answer");
    // Who does not trust the certificate hangs up.
    if let Ok(mut stream) = acceptor.accept(stream).await {
        let mut upstream = UnixStream::connect(socket).await.expect("PostgreSQL");
        let _ = copy_bidirectional(&mut stream, &mut upstream).await;
    }
}

async fn refusal(url: &str) -> String {
    let refused = database::connect_once(url).await.map(|_| ()).expect_err("it was let in");
    let DbError::Unavailable(Some(cause)) = refused else { return String::new() };
    cause.to_string()
}

#[tokio::test]
async fn every_kind_of_connection_is_encrypted_where_the_address_asks_for_it() {
    let app = App::start().await;
    let front = Front::before(&app.app_url, "localhost", true).await;
    let url = front.verified("localhost");
    let mut one = database::connect_once(&url).await.expect("a verified server");
    one.batch_execute("SELECT 1").await.expect("an answer");
    let settings = DbSettings { url: url.clone(), pool_connections: 1, statement_timeout_ms: 5000 };
    let db = Db::new(settings, Clock::system()).expect("a pool");
    drop(db.read().await.expect("a pooled connection"));
    let mut copier = db.copier().await.expect("a copier");
    copier.client().batch_execute("SELECT 1").await.expect("an answer");
    db.bulk().await.expect("a bulk session");
    db.appender("SELECT 1").await.expect("an appender");
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_does_not_prove_who_it_is() {
    let app = App::start().await;
    let front = Front::before(&app.app_url, "localhost", true).await;
    let other = Front::before(&app.app_url, "localhost", true).await;
    let stranger =
        front.url("localhost", &format!("sslmode=verify-full&sslrootcert={}", other.certificate.display()));
    assert!(refusal(&stranger).await.contains("certificate"), "{}", refusal(&stranger).await);
    assert!(
        refusal(&front.verified("127.0.0.1")).await.contains("certificate"),
        "a certificate for another name"
    );
    let unknown = front.url("localhost", "sslmode=require");
    assert!(refusal(&unknown).await.contains("certificate"), "a certificate that nobody here trusts");
    let plain = Front::before(&app.app_url, "localhost", false).await;
    assert!(refusal(&plain.verified("localhost")).await.contains("TLS"), "a server without encryption");
    app.finish().await;
}
