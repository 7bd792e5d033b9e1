use std::io::{Read, Seek, SeekFrom};

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use it::App;
use platform::{
    files::{CHUNK_BYTES, FileError, FilePurpose, Files, Media, NewFile, StoredFile},
    jobs::enqueue_now,
};
use trust::files::ExpireFiles;

const MARK: &str = "planted in a file";

fn files_of(app: &App) -> Files {
    Files::new(app.db.clone(), app.vault.clone())
}

fn upload(app: &App) -> NewFile<'static> {
    NewFile {
        purpose: FilePurpose::Import,
        name: "people.csv",
        created_by: None,
        bytes_max: 4 << 20,
        expires_at: Some(app.clock.now() + TimeDelta::days(30)),
    }
}

/// Three chunks and a little, every line telling where it stands.
fn content() -> Vec<u8> {
    let lines = (0..).map(|line| format!("{line};{MARK}\n"));
    let mut bytes: Vec<u8> = lines.take(3 * CHUNK_BYTES / 20).flat_map(String::into_bytes).collect();
    bytes.resize(3 * CHUNK_BYTES + 5, b'.');
    bytes
}

async fn written(app: &App, new: NewFile<'_>, content: &[u8]) -> StoredFile {
    let mut writer = files_of(app).create(new).await.expect("begun");
    for part in content.chunks(70_001) {
        writer.write(part).await.expect("written");
    }
    writer.finish().await.expect("finished")
}

async fn read(app: &App, file: &StoredFile) -> Result<Vec<u8>, FileError> {
    let mut reader = files_of(app).reader(file.file_id).await?;
    let mut bytes = Vec::new();
    while let Some(part) = reader.next().await? {
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

#[tokio::test]
async fn a_file_reads_as_it_was_written_and_lies_sealed_in_chunks() {
    let app = App::start().await;
    let content = content();
    let file = written(&app, upload(&app), &content).await;
    assert_eq!((file.byte_count, file.chunk_count, file.media), (3 * 262_144 + 5, 4, Some(Media::Csv)));
    assert_eq!(file.sha256_hex().len(), 64);
    assert_eq!(read(&app, &file).await.expect("readable"), content);
    let plain =
        format!("SELECT count(*) AS n FROM file_chunks WHERE position('{MARK}'::bytea IN chunk_bytes) > 0");
    assert_eq!(app.count(&plain).await, 0);
    for length in [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1] {
        let file = written(&app, upload(&app), &content[..length]).await;
        assert_eq!(read(&app, &file).await.expect("readable"), content[..length], "{length}");
    }
    app.finish().await;
}

#[tokio::test]
async fn parsers_seek_in_a_file_as_on_a_disk() {
    let app = App::start().await;
    let content = content();
    let file = written(&app, upload(&app), &content).await;
    let mut blocking = files_of(&app).reader(file.file_id).await.expect("there").into_blocking();
    let length = content.len();
    let looked = tokio::task::spawn_blocking(move || {
        let mut end = Vec::new();
        blocking.seek(SeekFrom::End(-9)).expect("seek");
        blocking.read_to_end(&mut end).expect("read");
        let mut seam = [0; 20];
        blocking.seek(SeekFrom::Start(CHUNK_BYTES as u64 - 10)).expect("seek");
        blocking.read_exact(&mut seam).expect("read");
        assert_eq!(blocking.stream_position().expect("position"), CHUNK_BYTES as u64 + 10);
        assert!(blocking.seek(SeekFrom::Current(-400_000)).is_err());
        (end, seam)
    });
    let (end, seam) = looked.await.expect("looked");
    assert_eq!(end, content[length - 9..]);
    assert_eq!(seam, content[CHUNK_BYTES - 10..CHUNK_BYTES + 10]);
    app.finish().await;
}

#[tokio::test]
async fn chunks_that_were_moved_altered_or_cut_off_are_noticed() {
    let app = App::start().await;
    let tamper = async |sql: &str| {
        let file = written(&app, upload(&app), &content()).await;
        let sql = sql.replace("{file}", &format!("file_id = '{}'", file.file_id));
        app.owner().await.batch_execute(&sql).await.expect("tampered");
        read(&app, &file).await
    };
    let swap = "UPDATE file_chunks SET chunk_no = chunk_no + 10 WHERE {file} AND chunk_no IN (0, 1);
        UPDATE file_chunks SET chunk_no = 11 - chunk_no WHERE {file} AND chunk_no >= 10";
    let flip = "UPDATE file_chunks SET chunk_bytes = set_byte(chunk_bytes, 5000, get_byte(chunk_bytes, 5000) # 1) WHERE {file} AND chunk_no = 2";
    let lose = "DELETE FROM file_chunks WHERE {file} AND chunk_no = 1";
    let cut = "DELETE FROM file_chunks WHERE {file} AND chunk_no = 3; UPDATE files SET chunk_count = 3 WHERE {file}";
    for sql in [swap, flip, lose, cut] {
        assert!(matches!(tamper(sql).await, Err(FileError::Broken)), "{sql}");
    }
    let (one, other) =
        (written(&app, upload(&app), b"one").await, written(&app, upload(&app), b"other").await);
    let take = format!(
        "UPDATE file_chunks SET chunk_bytes = (SELECT chunk_bytes FROM file_chunks WHERE file_id = '{}') WHERE file_id = '{}'",
        one.file_id, other.file_id
    );
    app.owner().await.batch_execute(&take).await.expect("tampered");
    assert!(matches!(read(&app, &other).await, Err(FileError::Broken)));
    app.finish().await;
}

#[tokio::test]
async fn a_file_ends_at_its_cap_and_when_its_time_is_over() {
    let app = App::start().await;
    let mut writer = files_of(&app).create(NewFile { bytes_max: 10, ..upload(&app) }).await.expect("begun");
    writer.write(b"12345").await.expect("room");
    assert!(matches!(writer.write(b"678901").await, Err(FileError::TooLarge { bytes_max: 10 })));
    let file_id = writer.file_id();
    assert!(matches!(files_of(&app).reader(file_id).await, Err(FileError::Gone)));
    writer.give_up().await.expect("given up");
    assert_eq!(app.count("SELECT count(*) AS n FROM files").await, 0);

    let short = written(&app, upload(&app), b"a month").await;
    let long = written(&app, NewFile { expires_at: None, ..upload(&app) }, b"for good").await;
    // Its writer is lost; two days later nobody waits for it any more.
    let lost = files_of(&app).create(NewFile { expires_at: None, ..upload(&app) }).await.expect("begun");
    drop(lost);
    app.clock.advance(TimeDelta::days(30));
    assert!(matches!(read(&app, &short).await, Err(FileError::Gone)));
    enqueue_now(&app.db.read().await.expect("a connection"), &ExpireFiles {}, &app.clock)
        .await
        .expect("queued");
    app.run_jobs().await;
    assert_eq!(app.count("SELECT count(*) AS n FROM files").await, 1);
    assert_eq!(app.count("SELECT count(DISTINCT file_id) AS n FROM file_chunks").await, 1);
    assert_eq!(app.count("SELECT count(*) AS n FROM audit_entries WHERE action = 'files.expire'").await, 1);
    assert_eq!(read(&app, &long).await.expect("readable"), b"for good");
    app.finish().await;
}
