//! Asks a local server one question, to see whether it is there.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(5);

/// The status of `GET path`, or nothing where nobody answers in HTTP.
pub(crate) fn status(address: SocketAddr, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = [0; 64];
    let mut read = 0;
    while read < answer.len() {
        match stream.read(&mut answer[read..]).ok()? {
            0 => break,
            more => read += more,
        }
    }
    status_of(&String::from_utf8_lossy(&answer[..read]))
}

fn status_of(answer: &str) -> Option<u16> {
    let mut words = answer.split_whitespace();
    words.next().filter(|version| version.starts_with("HTTP/"))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_is_understood() {
        assert_eq!(status_of("HTTP/1.1 503 Service Unavailable\r\n"), Some(503));
        assert_eq!(status_of("SSH-2.0-OpenSSH_9.2"), None);
        assert_eq!(status_of(""), None);
    }
}
