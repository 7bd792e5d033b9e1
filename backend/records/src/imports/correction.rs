//! The refused rows as a file that can be corrected and sent again.

use chrono::TimeDelta;
use platform::{
    config::FilesConfig,
    files::{FileError, FilePurpose, Files, NewFile, StoredFile},
};
use tokio::sync::mpsc;
use trust::imports::{Layout, RowError, SourceFile, refused_rows};

/// Lines that may wait for the database.
const LINES_AHEAD: usize = 256;
/// Bytes that are gathered before they are written.
const GATHERED_BYTES: usize = 64 << 10;

/// Reads the file once more and writes its refused rows, each behind its line, column and code.
pub(super) async fn write(
    files: &Files,
    limits: &FilesConfig,
    file: &StoredFile,
    layout: Layout,
    refused: Vec<RowError>,
) -> Result<StoredFile, FileError> {
    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}-errors.csv");
    let new = NewFile {
        purpose: FilePurpose::ImportErrors,
        name: &name,
        created_by: file.created_by,
        bytes_max: limits.upload_bytes_max,
        // With the file that it is about.
        expires_at: file.expires_at.or(Some(file.created_at + TimeDelta::days(limits.upload_days))),
    };
    let mut writer = files.create(new).await?;
    let (sender, mut lines) = mpsc::channel::<Vec<u8>>(LINES_AHEAD);
    let source = SourceFile::uploaded(files, file);
    let reading = tokio::task::spawn_blocking(move || {
        refused_rows(&source, &layout, &refused, &mut |line| {
            // Nobody listens any more when the database is gone; that side tells why.
            let _ = sender.blocking_send(line);
        });
    });
    let mut gathered = Vec::with_capacity(GATHERED_BYTES);
    while let Some(line) = lines.recv().await {
        gathered.extend_from_slice(&line);
        if gathered.len() >= GATHERED_BYTES {
            writer.write(&gathered).await?;
            gathered.clear();
        }
    }
    writer.write(&gathered).await?;
    let _ = reading.await;
    writer.finish().await
}
