//! What a sheet needs of the rest of its workbook: where it is, the shared texts, which formats are dates, the epoch.

use super::{
    Archive, Stop,
    xml::{Name, Node, read_part},
};

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONSHIPS: &str = "xl/_rels/workbook.xml.rels";
const SHARED_TEXTS: &str = "xl/sharedStrings.xml";
const STYLES: &str = "xl/styles.xml";
/// Unpacked bytes of the small parts.
const SMALL_BYTES_MAX: u64 = 16 << 20;
/// Unpacked bytes of the shared texts, and what they take in memory.
const SHARED_BYTES_MAX: u64 = 256 << 20;
const SHARED_TEXT_BYTES_MAX: usize = 64 << 20;
const SHARED_TEXTS_MAX: usize = 4_000_000;
/// Numbers of the built-in formats that show a date or a time.
const BUILT_IN_DATES: &[std::ops::RangeInclusive<u32>] = &[14..=22, 27..=36, 45..=47, 50..=58];

pub(super) struct Parts {
    /// The path of the first sheet in the archive.
    pub sheet: String,
    pub texts: Texts,
    /// By number of a cell's style: whether it shows a date.
    pub is_date: Vec<bool>,
    /// Days are counted from 1904.
    pub is_1904: bool,
}

/// Texts that many cells share, end to end.
#[derive(Default)]
pub(super) struct Texts {
    all: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.all.get(begin..end)
    }

    fn close(&mut self) -> Result<(), Stop> {
        if self.all.len() > SHARED_TEXT_BYTES_MAX || self.ends.len() >= SHARED_TEXTS_MAX {
            return Err(Stop::at(0, "imports.workbook_too_large"));
        }
        self.ends.push(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        Ok(())
    }
}

impl Parts {
    pub(super) fn read(archive: &mut Archive) -> Result<Self, Stop> {
        let (sheet_id, is_1904) = first_sheet(archive)?;
        let sheet = path_of(archive, &sheet_id)?;
        Ok(Self { sheet, texts: texts(archive)?, is_date: dates(archive)?, is_1904 })
    }
}

fn first_sheet(archive: &mut Archive) -> Result<(String, bool), Stop> {
    let (mut sheet_id, mut is_1904) = (None, false);
    read_part(archive, WORKBOOK, SMALL_BYTES_MAX, |node| {
        if let Node::Open(element) = node {
            match element.name {
                Name::WorkbookProperties => {
                    is_1904 = matches!(element.attribute("date1904").as_deref(), Some("1" | "true"));
                }
                // `id` of the relationship; the sheet's own is `sheetId`.
                Name::Sheet if sheet_id.is_none() => sheet_id = element.attribute("id"),
                _ => {}
            }
        }
        Ok(true)
    })?;
    Ok((sheet_id.ok_or_else(super::unreadable)?, is_1904))
}

fn path_of(archive: &mut Archive, sheet_id: &str) -> Result<String, Stop> {
    let mut target = None;
    read_part(archive, RELATIONSHIPS, SMALL_BYTES_MAX, |node| {
        if let Node::Open(element) = node
            && element.name == Name::Relationship
            && element.attribute("Id").as_deref() == Some(sheet_id)
        {
            target = element.attribute("Target");
        }
        Ok(target.is_none())
    })?;
    let target = target.ok_or_else(super::unreadable)?;
    Ok(match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    })
}

fn texts(archive: &mut Archive) -> Result<Texts, Stop> {
    let mut texts = Texts::default();
    let (mut is_text, mut is_phonetic) = (false, false);
    read_part(archive, SHARED_TEXTS, SHARED_BYTES_MAX, |node| {
        match node {
            Node::Open(element) => match element.name {
                Name::Text => is_text = true,
                Name::Phonetic => is_phonetic = true,
                _ => {}
            },
            Node::Text(text) if is_text && !is_phonetic => texts.all.push_str(&text),
            Node::Close(Name::Text) => is_text = false,
            Node::Close(Name::Phonetic) => is_phonetic = false,
            Node::Close(Name::SharedItem) => texts.close()?,
            _ => {}
        }
        Ok(true)
    })?;
    Ok(texts)
}

fn dates(archive: &mut Archive) -> Result<Vec<bool>, Stop> {
    let (mut own, mut is_date, mut is_cell_format) = (Vec::new(), Vec::new(), false);
    read_part(archive, STYLES, SMALL_BYTES_MAX, |node| {
        let number = |text: Option<String>| text.and_then(|text| text.parse::<u32>().ok());
        match node {
            Node::Open(element) => match element.name {
                Name::NumberFormat => {
                    let shows_date = element.attribute("formatCode").is_some_and(|code| shows_date(&code));
                    own.extend(number(element.attribute("numFmtId")).map(|id| (id, shows_date)));
                }
                Name::CellFormats => is_cell_format = true,
                Name::Format if is_cell_format => {
                    let id = number(element.attribute("numFmtId")).unwrap_or(0);
                    let named = own.iter().find(|(of, _)| *of == id).map(|(_, shows_date)| *shows_date);
                    is_date.push(
                        named.unwrap_or_else(|| BUILT_IN_DATES.iter().any(|range| range.contains(&id))),
                    );
                }
                _ => {}
            },
            Node::Close(Name::CellFormats) => is_cell_format = false,
            _ => {}
        }
        Ok(true)
    })?;
    Ok(is_date)
}

/// Whether a format has a day, a month, a year or an hour outside quotes, brackets and escapes.
fn shows_date(code: &str) -> bool {
    let (mut is_quoted, mut is_bracketed, mut is_escaped) = (false, false, false);
    code.replace("&quot;", "\"").chars().any(|letter| {
        if std::mem::take(&mut is_escaped) {
            return false;
        }
        match letter {
            '\\' | '_' | '*' => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '[' => is_bracketed = true,
            ']' => is_bracketed = false,
            'd' | 'm' | 'y' | 'h' | 'D' | 'M' | 'Y' | 'H' | '年' | '月' | '日' => {
                return !is_quoted && !is_bracketed;
            }
            _ => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_a_date_outside_quotes_and_brackets() {
        for code in ["yyyy-mm-dd", "[$-804]yyyy年m月d日", "h:mm", "\"on \"d/m"] {
            assert!(shows_date(code), "{code}");
        }
        for code in ["General", "0.00", "#,##0\"day\"", "[Red]0", "0\\d", "&quot;my&quot;0", "@"] {
            assert!(!shows_date(code), "{code}");
        }
    }
}
