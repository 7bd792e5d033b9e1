//! Anchors: what the chain was, in files outside the database. The head is written after each seal and never goes back, so that the
//! end of the chain can't be cut off: nothing is sealed behind it. Once a day a copy is kept under the day's name; and each year
//! that retention takes away leaves its own.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use platform::Conn;

use super::{
    Notary,
    canon::Canon,
    model::{AnchorLine, SealError, SealRow},
    repo,
};

pub(super) const HEAD: &str = "chain-head.json";
/// Servers that share the folder take turns at the head.
const TURN: &str = "turn-lock";
/// Files that a list shows.
const LISTED_MAX: usize = 100;

/// The file as written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Anchor {
    pub batch_no: i64,
    pub sealed_at: DateTime<Utc>,
    pub row_count: i64,
    pub root: String,
    pub previous: String,
    pub seal: String,
    /// Where retention takes rows away: before when, and the root of each batch that had some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped_until: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roots: Vec<(i64, String)>,
    /// HMAC-SHA-256 by a key of the key file.
    pub signature: String,
}

impl Anchor {
    pub(super) fn of(row: &SealRow) -> Self {
        Self {
            batch_no: row.batch_no,
            sealed_at: row.sealed_at,
            row_count: row.row_count,
            root: hex::encode(&row.root),
            previous: hex::encode(&row.previous),
            seal: hex::encode(&row.seal),
            dropped_until: None,
            roots: Vec::new(),
            signature: String::new(),
        }
    }

    fn text(&self) -> Vec<u8> {
        let mut text = Canon::new(b"cardea.audit.anchor.1");
        for number in [self.batch_no, self.sealed_at.timestamp_micros(), self.row_count] {
            text.put(&number.to_be_bytes());
        }
        for field in [&self.root, &self.previous, &self.seal] {
            text.put(field.as_bytes());
        }
        let dropped = self.dropped_until.map(|at| at.timestamp_micros().to_be_bytes());
        text.put_option(dropped.as_ref().map(<[u8; 8]>::as_slice));
        for (batch_no, root) in &self.roots {
            text.put(&batch_no.to_be_bytes());
            text.put(root.as_bytes());
        }
        text.bytes().to_vec()
    }
}

impl Notary {
    pub(super) fn write_anchor(&self, name: &str, mut anchor: Anchor) -> io::Result<()> {
        anchor.signature = hex::encode(self.vault.attest(&anchor.text()));
        self.make_folder()?;
        // Whole under another name first: a crash never leaves half an anchor.
        let draft = self.anchor_dir.join(format!("{name}.draft-{}", std::process::id()));
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(&anchor)?)?;
        file.sync_all()?;
        fs::rename(&draft, self.anchor_dir.join(name))
    }

    fn make_folder(&self) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.anchor_dir)
    }

    /// After each seal; the first of a day of the bank also keeps the day's copy. Where another server was quicker its head stays.
    pub(super) fn anchor(&self, head: &SealRow, day: NaiveDate) -> Result<(), SealError> {
        self.make_folder()?;
        let path = self.anchor_dir.join(TURN);
        let turn = fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
        turn.lock()?;
        let name = format!("{day}.json");
        if !self.anchor_dir.join(&name).exists() {
            self.write_anchor(&name, Anchor::of(head))?;
        }
        if self.head()?.is_none_or(|before| before.batch_no < head.batch_no) {
            self.write_anchor(HEAD, Anchor::of(head))?;
        }
        Ok(())
    }

    /// The head as it was written last.
    fn head(&self) -> Result<Option<Anchor>, SealError> {
        match fs::metadata(self.anchor_dir.join(HEAD)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
            Ok(_) => match self.read_anchor(HEAD) {
                Some((anchor, true)) => Ok(Some(anchor)),
                _ => Err(SealError::Anchor { name: HEAD.to_owned() }),
            },
        }
    }

    /// Refuses to go on where the chain does not hold what was anchored last: what is sealed behind a cut would hide it.
    pub(super) async fn refuse_cut(&self, conn: &Conn, last: Option<&SealRow>) -> Result<(), SealError> {
        let newest = match self.head()? {
            Some(head) => Some((HEAD.to_owned(), head)),
            None => newest(self.anchors()),
        };
        let Some((name, anchor)) = newest else { return Ok(()) };
        let seal = match last {
            Some(last) if last.batch_no == anchor.batch_no => Some(last.seal.clone()),
            _ => repo::find(conn, anchor.batch_no).await?.map(|row| row.seal),
        };
        if seal.is_some_and(|seal| hex::encode(seal) == anchor.seal) {
            return Ok(());
        }
        let found = last.map_or(0, |last| last.batch_no);
        Err(SealError::CutOff { name, anchored: anchor.batch_no, found })
    }

    /// An anchor and whether it bears our mark; `None` where there is no such file, or it can't be read as one.
    fn read_anchor(&self, name: &str) -> Option<(Anchor, bool)> {
        let anchor: Anchor = serde_json::from_slice(&fs::read(self.anchor_dir.join(name)).ok()?).ok()?;
        let is_signed = hex::encode(self.vault.attest(&anchor.text())) == anchor.signature;
        Some((anchor, is_signed))
    }

    /// Every anchor by name, the head last.
    pub(super) fn anchors(&self) -> Vec<(String, Anchor, bool)> {
        let Ok(folder) = fs::read_dir(&self.anchor_dir) else { return Vec::new() };
        let name = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
        let mut names: Vec<String> = folder.filter_map(name).filter(|name| name.ends_with(".json")).collect();
        names.sort_unstable();
        let read =
            |name: String| self.read_anchor(&name).map(|(anchor, is_signed)| (name, anchor, is_signed));
        names.into_iter().filter_map(read).collect()
    }

    pub(super) fn anchor_lines(&self) -> Vec<AnchorLine> {
        let line = |(name, anchor, is_signed): (String, Anchor, bool)| AnchorLine {
            name,
            batch_no: anchor.batch_no,
            sealed_at: anchor.sealed_at,
            seal: anchor.seal,
            is_signed,
        };
        self.anchors().into_iter().rev().take(LISTED_MAX).map(line).collect()
    }
}

/// Of those that bear our mark, the one furthest along the chain.
pub(super) fn newest(anchors: Vec<(String, Anchor, bool)>) -> Option<(String, Anchor)> {
    let signed = anchors.into_iter().filter(|(.., is_signed)| *is_signed);
    signed.map(|(name, anchor, _)| (name, anchor)).max_by_key(|(_, anchor)| anchor.batch_no)
}
