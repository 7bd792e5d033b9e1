//! A ZIP archive written from front to back: sizes stand behind each entry, so that nothing has to be gone back to.

use std::io::Write;

use flate2::{Compression, Crc, write::DeflateEncoder};

const LOCAL: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Deflate, since version 2.0 of the format.
const VERSION: u16 = 20;
/// Sizes follow the content; names are UTF-8.
const FLAGS: u16 = 0x0808;
const DEFLATED: u16 = 8;
/// The format's first day: when a file was written stands in its watermark.
const DAY: u16 = 0x21;

struct Entry {
    name: &'static str,
    offset: u32,
    crc: u32,
    compressed: u32,
    plain: u32,
}

struct OpenEntry {
    name: &'static str,
    offset: u32,
    crc: Crc,
    encoder: DeflateEncoder<Vec<u8>>,
}

/// The caller sees to it that an archive stays below four gigabytes, packed and unpacked.
#[derive(Default)]
pub(super) struct ZipOut {
    out: Vec<u8>,
    /// Bytes that have been taken.
    gone: u64,
    entries: Vec<Entry>,
    open: Option<OpenEntry>,
}

fn small(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl ZipOut {
    fn u16s(&mut self, values: &[u16]) {
        values.iter().for_each(|value| self.out.extend_from_slice(&value.to_le_bytes()));
    }

    fn u32s(&mut self, values: &[u32]) {
        values.iter().for_each(|value| self.out.extend_from_slice(&value.to_le_bytes()));
    }

    fn position(&self) -> u32 {
        small(self.gone + self.out.len() as u64)
    }

    /// Begins an entry; the one before it has been ended.
    pub(super) fn begin(&mut self, name: &'static str) {
        let offset = self.position();
        self.u32s(&[LOCAL]);
        self.u16s(&[VERSION, FLAGS, DEFLATED, 0, DAY]);
        self.u32s(&[0, 0, 0]);
        self.u16s(&[name.len() as u16, 0]);
        self.out.extend_from_slice(name.as_bytes());
        let encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        self.open = Some(OpenEntry { name, offset, crc: Crc::new(), encoder });
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        if let Some(open) = &mut self.open {
            open.crc.update(bytes);
            // Writing into memory does not fail.
            let _ = open.encoder.write_all(bytes);
            self.out.append(open.encoder.get_mut());
        }
    }

    pub(super) fn end(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let _ = open.encoder.try_finish();
        let (compressed, plain) = (small(open.encoder.total_out()), small(open.encoder.total_in()));
        self.out.append(open.encoder.get_mut());
        let crc = open.crc.sum();
        self.u32s(&[DESCRIPTOR, crc, compressed, plain]);
        self.entries.push(Entry { name: open.name, offset: open.offset, crc, compressed, plain });
    }

    /// A whole entry.
    pub(super) fn put(&mut self, name: &'static str, text: &str) {
        self.begin(name);
        self.write(text.as_bytes());
        self.end();
    }

    /// What has been written since this was last asked.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.gone += self.out.len() as u64;
        std::mem::take(&mut self.out)
    }

    /// The rest: the archive's own list of what is in it.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let from = self.position();
        let entries = std::mem::take(&mut self.entries);
        let count = entries.len() as u16;
        for entry in entries {
            self.u32s(&[CENTRAL]);
            self.u16s(&[VERSION, VERSION, FLAGS, DEFLATED, 0, DAY]);
            self.u32s(&[entry.crc, entry.compressed, entry.plain]);
            self.u16s(&[entry.name.len() as u16, 0, 0, 0, 0]);
            self.u32s(&[0, entry.offset]);
            self.out.extend_from_slice(entry.name.as_bytes());
        }
        let length = self.position() - from;
        self.u32s(&[END]);
        self.u16s(&[0, 0, count, count]);
        self.u32s(&[length, from]);
        self.u16s(&[0]);
        self.out
    }
}

/// Reads an archive back, for the tests of what is put into one.
#[cfg(test)]
pub(super) fn read(bytes: &[u8]) -> std::collections::BTreeMap<String, String> {
    use std::io::Read;
    let u16_at = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let end = bytes.len() - 22;
    assert_eq!(u32_at(end), END);
    let mut at = u32_at(end + 16) as usize;
    let mut found = std::collections::BTreeMap::new();
    for _ in 0..u16_at(end + 10) {
        assert_eq!(u32_at(at), CENTRAL);
        let (crc, compressed, plain) = (u32_at(at + 16), u32_at(at + 20) as usize, u32_at(at + 24) as usize);
        let (length, offset) = (u16_at(at + 28), u32_at(at + 42) as usize);
        let name = String::from_utf8(bytes[at + 46..at + 46 + length].to_vec()).expect("a name");
        assert_eq!(u32_at(offset), LOCAL);
        let content = offset + 30 + u16_at(offset + 26);
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(&bytes[content..content + compressed])
            .read_to_string(&mut text)
            .expect("deflated text");
        assert_eq!(text.len(), plain);
        let mut sum = Crc::new();
        sum.update(text.as_bytes());
        assert_eq!(sum.sum(), crc);
        assert_eq!(u32_at(content + compressed), DESCRIPTOR);
        found.insert(name, text);
        at += 46 + length;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_read_back_however_it_was_taken() {
        let mut zip = ZipOut::default();
        let mut bytes = Vec::new();
        zip.put("a.txt", "first");
        bytes.extend(zip.take());
        zip.begin("b/ü.txt");
        for n in 0..1_000 {
            zip.write(format!("line {n}\n").as_bytes());
            if n % 100 == 0 {
                bytes.extend(zip.take());
            }
        }
        zip.end();
        zip.put("empty", "");
        bytes.extend(zip.finish());
        let read = read(&bytes);
        assert_eq!(read["a.txt"], "first");
        assert!(read["b/ü.txt"].ends_with("line 999\n") && read["empty"].is_empty());
    }
}
