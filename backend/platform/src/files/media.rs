//! What a file is, by its first bytes. What the uploader calls it proves nothing.

crate::vocabulary! {
    /// What a file holds.
    pub enum Media {
        Csv = "csv",
        Ndjson = "ndjson",
        Xlsx = "xlsx",
        Zip = "zip",
        Gzip = "gzip",
        Pdf = "pdf",
        Png = "png",
        Jpeg = "jpeg",
        Binary = "binary",
    }
}

/// Bytes from the beginning that decide.
pub(super) const HEAD_BYTES: usize = 4 << 10;

const MAGIC: &[(&[u8], Media)] = &[
    (b"\x1f\x8b", Media::Gzip),
    (b"%PDF-", Media::Pdf),
    (b"\x89PNG\r\n\x1a\n", Media::Png),
    (b"\xff\xd8\xff", Media::Jpeg),
];
const ZIP: &[u8] = b"PK\x03\x04";
/// Where the first entry's name stands in a ZIP archive, and how long it is.
const ZIP_NAME_LENGTH: std::ops::Range<usize> = 26..28;
const ZIP_NAME: usize = 30;
/// What the first entry of an Office document may be called.
const WORKBOOK_ENTRIES: &[&[u8]] = &[b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/"];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Media {
    pub fn of(head: &[u8]) -> Self {
        let head = &head[..head.len().min(HEAD_BYTES)];
        if head.starts_with(ZIP) {
            return if is_workbook(head) { Self::Xlsx } else { Self::Zip };
        }
        if let Some((_, media)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
            return *media;
        }
        if head.iter().any(|byte| is_no_text(*byte)) {
            return Self::Binary;
        }
        let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
        if text.starts_with(b"{") || text.starts_with(b"[{") { Self::Ndjson } else { Self::Csv }
    }

    /// As HTTP names it.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Zip => "application/zip",
            Self::Gzip => "application/gzip",
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Binary => "application/octet-stream",
        }
    }
}

fn is_workbook(head: &[u8]) -> bool {
    let length =
        head.get(ZIP_NAME_LENGTH).map_or(0, |bytes| usize::from(bytes[0]) | usize::from(bytes[1]) << 8);
    let name = head.get(ZIP_NAME..ZIP_NAME + length).unwrap_or_default();
    WORKBOOK_ENTRIES.iter().any(|entry| name.starts_with(entry))
}

/// Control characters that no text of any encoding here has.
fn is_no_text(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide() {
        let entry = |name: &str| {
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            [ZIP, [0; 22].as_slice(), &length, &[0, 0], name.as_bytes()].concat()
        };
        for (bytes, media) in [
            (b"name,phone\n".to_vec(), Media::Csv),
            (b"".to_vec(), Media::Csv),
            (b"\xd0\xd5\xc3\xfb,\xca\xd6\xbb\xfa\n".to_vec(), Media::Csv),
            (b"\xef\xbb\xbf{\"name\":1}\n".to_vec(), Media::Ndjson),
            (b"[{\"name\":1}]".to_vec(), Media::Ndjson),
            (entry("[Content_Types].xml"), Media::Xlsx),
            (entry("xl/workbook.xml"), Media::Xlsx),
            (entry("letter.txt"), Media::Zip),
            (ZIP.to_vec(), Media::Zip),
            (b"\x1f\x8b\x08".to_vec(), Media::Gzip),
            (b"%PDF-1.7".to_vec(), Media::Pdf),
            (b"n\0a\0m\0e\0".to_vec(), Media::Binary),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), Media::Binary),
        ] {
            assert_eq!(Media::of(&bytes), media, "{bytes:?}");
        }
    }
}
