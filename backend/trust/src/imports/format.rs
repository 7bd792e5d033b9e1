//! What an uploaded file is, told from its content alone: format, encoding, delimiter.

use std::io::Read;

use platform::files::Media;
use serde::{Deserialize, Serialize};

use super::{
    Encoding, RowFault, SourceFile,
    source_file::{Meter, code_of},
};

/// Bytes from the beginning of the text that decide.
const HEAD_BYTES: usize = 64 << 10;
/// What parts the fields of a line, the most usual first.
const DELIMITERS: &[u8] = b",;\t|";

platform::vocabulary! {
    /// The formats by their names.
    pub enum FileFormat { Csv = "csv", Ndjson = "ndjson", Xlsx = "xlsx" }
}

/// How a file's rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// A line of names, then a line per row. May be gzip.
    Csv { delimiter: u8, encoding: Encoding },
    /// An object per line, in UTF-8. May be gzip.
    Ndjson,
    /// The first sheet of a workbook; its first row has the names.
    Xlsx,
}

impl Format {
    pub fn name(self) -> FileFormat {
        match self {
            Self::Csv { .. } => FileFormat::Csv,
            Self::Ndjson => FileFormat::Ndjson,
            Self::Xlsx => FileFormat::Xlsx,
        }
    }

    pub fn encoding(self) -> Encoding {
        match self {
            Self::Csv { encoding, .. } => encoding,
            Self::Ndjson | Self::Xlsx => Encoding::Utf8,
        }
    }

    /// Looks into a file. `is_utf8` is what whoever saw all of it says of its bytes.
    pub fn detect(file: &SourceFile, media: Media, is_utf8: bool) -> Result<Self, RowFault> {
        let unknown = RowFault::of_row("imports.format_unknown");
        let (media, head, is_utf8) = match media {
            Media::Xlsx | Media::Zip => return Ok(Self::Xlsx),
            Media::Csv | Media::Ndjson => (media, head_of(file)?, is_utf8),
            Media::Gzip => {
                let head = head_of(file)?;
                let is_utf8_head = is_utf8_head(&head);
                (Media::of(&head), head, is_utf8_head)
            }
            Media::Pdf | Media::Png | Media::Jpeg | Media::Binary => return Err(unknown),
        };
        match media {
            Media::Ndjson => Ok(Self::Ndjson),
            Media::Csv => {
                let encoding = if is_utf8 { Encoding::Utf8 } else { Encoding::Gb18030 };
                Ok(Self::Csv { delimiter: delimiter_of(&head), encoding })
            }
            _ => Err(unknown),
        }
    }
}

fn head_of(file: &SourceFile) -> Result<Vec<u8>, RowFault> {
    let read = || {
        let opened = file.open(&Meter::default())?;
        let mut head = Vec::new();
        opened.text.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        Ok::<_, std::io::Error>(head)
    };
    read().map_err(|error| RowFault::of_row(code_of(&error)))
}

/// The last letter may be cut off.
fn is_utf8_head(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// The one that the first line has most of, outside quotes.
fn delimiter_of(head: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut is_quoted = false;
    for byte in head {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => break,
            _ if !is_quoted => {
                if let Some(at) = DELIMITERS.iter().position(|delimiter| delimiter == byte) {
                    counts[at] += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    counts.iter().position(|count| *count == most).map_or(b',', |at| DELIMITERS[at])
}

/// Whether bytes that come in parts are UTF-8 as a whole.
#[derive(Debug, Default)]
pub struct Utf8Check {
    is_broken: bool,
    /// The beginning of a letter whose rest has not come.
    cut: Vec<u8>,
}

impl Utf8Check {
    pub fn add(&mut self, bytes: &[u8]) {
        if self.is_broken {
            return;
        }
        let joined;
        let mut bytes = bytes;
        if !self.cut.is_empty() {
            joined = [self.cut.as_slice(), bytes].concat();
            bytes = &joined;
        }
        self.cut = match std::str::from_utf8(bytes) {
            Ok(_) => Vec::new(),
            Err(error) if error.error_len().is_none() => bytes[error.valid_up_to()..].to_vec(),
            Err(_) => {
                self.is_broken = true;
                Vec::new()
            }
        };
    }

    pub fn is_utf8(&self) -> bool {
        !self.is_broken && self.cut.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_line_tells_the_delimiter() {
        assert_eq!(delimiter_of("姓名,手机号,\"a;b;c;d\"\n1;2;3;4;5".as_bytes()), b',');
        assert_eq!(delimiter_of(b"a;b;c\n"), b';');
        assert_eq!(delimiter_of(b"a\tb"), b'\t');
        assert_eq!(delimiter_of(b"name\n"), b',');
        assert_eq!(delimiter_of(b""), b',');
    }

    #[test]
    fn a_head_may_end_within_a_letter() {
        let text = "沈嘉怡".as_bytes();
        assert!(is_utf8_head(text) && is_utf8_head(&text[..8]) && is_utf8_head(b""));
        assert!(!is_utf8_head(b"\xc9\xf2\xbc\xce\xe2\xf9"));
    }

    proptest! {
        #[test]
        fn parts_are_judged_as_the_whole(bytes in proptest::collection::vec(any::<u8>(), 0..64), text in ".{0,20}", step in 1_usize..7) {
            for whole in [bytes.as_slice(), text.as_bytes()] {
                let mut check = Utf8Check::default();
                whole.chunks(step).for_each(|part| check.add(part));
                prop_assert_eq!(check.is_utf8(), std::str::from_utf8(whole).is_ok());
            }
        }
    }
}
