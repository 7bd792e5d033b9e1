//! Bare binary COPY, out of a table into a file and back: what every bulk path is measured against.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::pin::pin;

use futures_util::{SinkExt, StreamExt};
use tokio_postgres::Client;

use crate::measure::Outcome;

const CHUNK_BYTES: usize = 256 << 10;

/// A table's rows, in the order in which they lie.
pub(crate) async fn copy_out(client: &Client, table: &str, path: &Path) -> Outcome<()> {
    let sql = format!("COPY (SELECT * FROM {table}) TO STDOUT (FORMAT binary)");
    let mut stream = pin!(client.copy_out(&sql).await?);
    let mut file = BufWriter::new(File::create(path)?);
    while let Some(bytes) = stream.next().await {
        file.write_all(&bytes?)?;
    }
    Ok(file.flush()?)
}

/// The rows of the file; says how many.
pub(crate) async fn copy_in(client: &Client, table: &str, path: &Path) -> Outcome<u64> {
    let mut sink = pin!(client.copy_in(&format!("COPY {table} FROM STDIN (FORMAT binary)")).await?);
    let mut file = File::open(path)?;
    loop {
        let mut chunk = vec![0; CHUNK_BYTES];
        let read = file.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        chunk.truncate(read);
        sink.send(bytes::Bytes::from(chunk)).await?;
    }
    Ok(sink.finish().await?)
}
