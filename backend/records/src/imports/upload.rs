//! A file on its way in: streamed into sealed chunks, then looked into.

use actix_web::web::Payload;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use platform::{
    DbResult, Tx,
    config::FilesConfig,
    files::{FilePurpose, FileWriter, Files, Media, NewFile, StoredFile},
    ids::{ImportId, StaffId},
};
use serde_json::json;
use trust::{
    audit::{self, Entry},
    imports::{Format, SourceFile, Utf8Check, beginning_of},
};
use uuid::Uuid;
use web::{Caller, access::markers::ImportsWrite, free_text};

use super::{
    header::looks_like_data,
    model::{ImportBeginning, ImportBeginningRow, ImportKind, ImportRow, ImportsError},
    repo,
};

/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 120;
pub(super) const NAMELESS: &str = "upload";

/// The name as it may be shown: without folders, without what identifies somebody.
fn file_name(sent: Option<&str>) -> String {
    let decoded = sent.map(percent_decoded).unwrap_or_default();
    let last = decoded.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    if name.trim().is_empty() || free_text::line(&name).is_err() { NAMELESS.to_owned() } else { name }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes the body as it comes; a chunk is in memory at a time.
async fn receive(
    files: &Files,
    limits: &FilesConfig,
    name: &str,
    (staff_id, now): (StaffId, DateTime<Utc>),
    mut body: Payload,
) -> Result<(StoredFile, bool), ImportsError> {
    let new = NewFile {
        purpose: FilePurpose::Import,
        name,
        created_by: Some(staff_id),
        bytes_max: limits.upload_bytes_max,
        expires_at: Some(now + TimeDelta::days(limits.upload_days)),
    };
    let mut writer = files.create(new).await?;
    match fill(&mut writer, &mut body).await {
        Ok(is_utf8) => Ok((writer.finish().await?, is_utf8)),
        Err(error) => {
            writer.give_up().await?;
            Err(error)
        }
    }
}

/// Says whether all of it is UTF-8.
async fn fill(writer: &mut FileWriter, body: &mut Payload) -> Result<bool, ImportsError> {
    let mut check = Utf8Check::default();
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| ImportsError::Incomplete)?;
        check.add(&part);
        writer.write(&part).await?;
    }
    Ok(check.is_utf8())
}

/// What an uploaded file holds, or why it is none that can be imported.
async fn look_into(
    files: &Files,
    file: &StoredFile,
    is_utf8: bool,
) -> Result<(Format, Vec<String>), ImportsError> {
    let source = SourceFile::uploaded(files, file);
    let media = file.media.unwrap_or(Media::Binary);
    let look = tokio::task::spawn_blocking(move || {
        let format = Format::detect(&source, media, is_utf8)?;
        Ok::<_, ImportsError>((format, beginning_of(&source, format, 1)?.columns))
    });
    let (format, columns) = look.await.map_err(|_| ImportsError::Interrupted)??;
    if columns.iter().any(|column| web::is_secret_name(column)) {
        return Err(ImportsError::Secret);
    }
    if columns.iter().any(|column| looks_like_data(column)) {
        return Err(ImportsError::Unreadable("imports.header_missing"));
    }
    Ok((format, columns))
}

/// Takes an upload in and looks into it; one that can't be imported is not kept.
pub(super) async fn take(
    files: &Files,
    limits: &FilesConfig,
    caller: &Caller<ImportsWrite>,
    kind: ImportKind,
    (sent_name, body): (Option<&str>, Payload),
) -> Result<ImportRow, ImportsError> {
    let by = (caller.staff.staff_id, caller.now);
    let (file, is_utf8) = receive(files, limits, &file_name(sent_name), by, body).await?;
    match look_into(files, &file, is_utf8).await {
        Ok((format, columns)) => Ok(row_of(kind, &file, (format, &columns), by)),
        Err(error) => {
            files.discard(file.file_id).await?;
            Err(error)
        }
    }
}

/// Keeps what was taken in.
pub(super) async fn keep(tx: &mut Tx<'_>, row: ImportRow) -> DbResult<ImportRow> {
    let row = ImportRow { import_id: tx.new_id(), ..row };
    repo::insert(tx, &row).await?;
    let changes = json!({ "kind": [null, row.kind], "bytes": [null, row.byte_count] });
    audit::record(tx, Entry::of("imports.upload").on("import", row.import_id).changing(changes)).await?;
    Ok(row)
}

/// The first rows of a file that was taken in.
pub(super) async fn beginning(
    files: &Files,
    row: &ImportRow,
    rows_max: usize,
) -> Result<ImportBeginning, ImportsError> {
    let file = files.reader(row.file_id).await?.file().clone();
    let source = SourceFile::uploaded(files, &file);
    let format = row.format().ok_or(ImportsError::Interrupted)?;
    let look = tokio::task::spawn_blocking(move || beginning_of(&source, format, rows_max));
    let beginning = look.await.map_err(|_| ImportsError::Interrupted)??;
    let rows = beginning.rows.into_iter().map(|(line, cells)| ImportBeginningRow { line, cells });
    Ok(ImportBeginning { columns: beginning.columns, rows: rows.collect() })
}

/// The row of a file that can be imported.
fn row_of(
    kind: ImportKind,
    file: &StoredFile,
    (format, columns): (Format, &[String]),
    (staff_id, now): (StaffId, DateTime<Utc>),
) -> ImportRow {
    ImportRow {
        import_id: ImportId(Uuid::nil()),
        kind,
        file_id: file.file_id,
        file_name: file.name.clone(),
        byte_count: file.byte_count,
        format: json!(format),
        column_names: json!(columns),
        mapping: None,
        is_dry_run: None,
        errors_max: None,
        job_id: None,
        errors_file_id: None,
        created_by: staff_id,
        created_at: now,
        started_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_may_be_shown_of_it() {
        for (sent, kept) in [
            (Some("customers.csv"), "customers.csv"),
            (Some("%E5%AE%A2%E6%88%B7.xlsx"), "客户.xlsx"),
            (Some("C:\\Users\\x\\a%2Fb%zz.csv"), "b%zz.csv"),
            (Some("11010519491231002X.csv"), NAMELESS),
            (Some("%00%0a"), NAMELESS),
            (None, NAMELESS),
        ] {
            assert_eq!(file_name(sent), kept, "{sent:?}");
        }
        assert_eq!(file_name(Some(&"x".repeat(500))).len(), NAME_CHARS_MAX);
    }
}
