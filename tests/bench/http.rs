//! The load generator: keep-alive connections that ask, read the whole answer, and ask again. It does as little as that, because
//! it shares the machine with what it measures.

use std::io::{Error, Result};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cpu;
use crate::measure::{Outcome, Sample};

/// The largest answer that is read.
const ANSWER_MAX_BYTES: usize = 1 << 20;
/// A first answer may wait for a server that is still starting.
const ANSWER_PATIENCE: Duration = Duration::from_secs(120);

/// Who is asked, and as whom.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
}

impl Door {
    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        self.request("GET", path, "")
    }

    pub(crate) fn post(&self, path: &str, json: &str) -> Vec<u8> {
        self.request("POST", path, json)
    }

    fn request(&self, method: &str, path: &str, json: &str) -> Vec<u8> {
        let body = if json.is_empty() {
            String::new()
        } else {
            format!("Content-Type: application/json\r\nContent-Length: {}\r\n", json.len())
        };
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n{body}\r\n{json}",
            self.address, self.token
        )
        .into_bytes()
    }

    /// One request on a connection of its own; the body of the answer.
    pub(crate) fn ask(&self, request: &[u8]) -> Outcome<String> {
        let body = runtime()?.block_on(async {
            let mut wire = Wire::open(self.address).await?;
            let answer = tokio::time::timeout(ANSWER_PATIENCE, wire.ask(request)).await;
            let length = answer.map_err(Error::other)??;
            Result::Ok(wire.body(length))
        })?;
        Ok(String::from_utf8(body)?)
    }

    /// Random ones of `requests` over `connections`, for as long as `duration`.
    pub(crate) fn load(
        &self,
        requests: &Arc<Vec<Vec<u8>>>,
        connections: usize,
        duration: Duration,
    ) -> Outcome<Sample> {
        let runtime = runtime()?;
        let (cpu_before, since) = (cpu::own_seconds(), Instant::now());
        let until = since + duration;
        let answered = runtime.block_on(async {
            let lanes: Vec<_> = (0..connections)
                .map(|lane| tokio::spawn(keep_asking(self.address, requests.clone(), lane as u64, until)))
                .collect();
            let mut answered = 0;
            for lane in lanes {
                answered += lane.await.map_err(Error::other)??;
            }
            Result::Ok(answered)
        })?;
        Ok(Sample {
            operations: answered as f64,
            seconds: since.elapsed().as_secs_f64(),
            generator_seconds: cpu::own_seconds() - cpu_before,
            ..Sample::default()
        })
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

async fn keep_asking(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    lane: u64,
    until: Instant,
) -> Result<u64> {
    let mut wire = Wire::open(address).await?;
    let mut dice = Dice::new(lane);
    let mut answered = 0;
    while Instant::now() < until {
        wire.ask(&requests[dice.below(requests.len())]).await?;
        answered += 1;
    }
    Ok(answered)
}

/// Xorshift: fair enough to pick requests, and nearly free.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

impl Wire {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 64 << 10], filled: 0 })
    }

    /// Sends and reads one answer, which must be a success; says how long its body is.
    async fn ask(&mut self, request: &[u8]) -> Result<usize> {
        self.stream.write_all(request).await?;
        self.filled = 0;
        loop {
            if let Some(answer) = Answer::of(&self.buffer[..self.filled])? {
                if answer.is_success {
                    return Ok(answer.body_bytes);
                }
                let text = String::from_utf8_lossy(&self.buffer[..self.filled]).into_owned();
                return Err(Error::other(format!("the server refused: {text}")));
            }
            if self.filled == self.buffer.len() {
                if self.filled >= ANSWER_MAX_BYTES {
                    return Err(Error::other("an answer is too long"));
                }
                self.buffer.resize(self.filled * 2, 0);
            }
            match self.stream.read(&mut self.buffer[self.filled..]).await? {
                0 => return Err(Error::other("the server hung up")),
                read => self.filled += read,
            }
        }
    }

    fn body(&self, length: usize) -> Vec<u8> {
        self.buffer[self.filled - length..self.filled].to_vec()
    }
}

/// A whole answer.
struct Answer {
    is_success: bool,
    body_bytes: usize,
}

impl Answer {
    /// `None` while it is not whole yet.
    fn of(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
        let head = std::str::from_utf8(&bytes[..end]).map_err(Error::other)?;
        let length = head.split("\r\n").skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let body_bytes =
            length.ok_or_else(|| Error::other(format!("an answer of unknown length: {head}")))?;
        let is_success = head.split(' ').nth(1).is_some_and(|status| status.starts_with('2'));
        Ok((bytes.len() >= end + 4 + body_bytes).then_some(Self { is_success, body_bytes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_body_is() {
        let part = Answer::of(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{\"a").unwrap();
        assert!(part.is_none());
        let whole = Answer::of(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap().unwrap();
        assert!(whole.is_success && whole.body_bytes == 2);
        let refused = Answer::of(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").unwrap().unwrap();
        assert!(!refused.is_success);
        assert!(Answer::of(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
