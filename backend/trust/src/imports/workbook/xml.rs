//! One part of a workbook as a stream of elements and texts, however large the archive unpacks it.

use std::{
    cell::Cell,
    io::{self, BufReader, Read},
    rc::Rc,
};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{Archive, Stop, unreadable};

/// What one element or text may take.
const NODE_BYTES_MAX: u64 = 1 << 20;

/// What happens in a part.
pub(super) enum Node<'a> {
    Open(Element<'a>),
    Close(Name),
    /// A piece of text; entities come as pieces of their own.
    Text(String),
}

/// The names that matter here; all others are `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Row,
    Cell,
    Value,
    Text,
    Inline,
    Formula,
    SharedItem,
    Phonetic,
    Sheet,
    WorkbookProperties,
    Relationship,
    NumberFormat,
    CellFormats,
    Format,
    SheetData,
    Other,
}

impl Name {
    fn of(name: &str) -> Self {
        match name {
            "row" => Self::Row,
            "c" => Self::Cell,
            "v" => Self::Value,
            "t" => Self::Text,
            "is" => Self::Inline,
            "f" => Self::Formula,
            "si" => Self::SharedItem,
            "rPh" => Self::Phonetic,
            "sheet" => Self::Sheet,
            "workbookPr" => Self::WorkbookProperties,
            "Relationship" => Self::Relationship,
            "numFmt" => Self::NumberFormat,
            "cellXfs" => Self::CellFormats,
            "xf" => Self::Format,
            "sheetData" => Self::SheetData,
            _ => Self::Other,
        }
    }
}

/// An element that begins.
pub(super) struct Element<'a> {
    pub name: Name,
    start: BytesStart<'a>,
}

impl Element<'_> {
    /// The attribute of this name, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let found = self.start.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
        Some(found.value.into_owned())
    }
}

/// Reads a part to its end, or until `each` has enough (`false`). A part that is not there is empty.
pub(super) fn read_part(
    archive: &mut Archive,
    name: &str,
    bytes_max: u64,
    mut each: impl FnMut(Node<'_>) -> Result<bool, Stop>,
) -> Result<(), Stop> {
    let Ok(part) = archive.by_name(name) else { return Ok(()) };
    let node_bytes = Rc::new(Cell::new(0));
    let portion = Portion { part, left: bytes_max, node_bytes: node_bytes.clone() };
    let mut reader = Reader::from_reader(BufReader::new(portion));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        node_bytes.set(0);
        let event = reader.read_event_into(&mut buffer).map_err(|error| stop_of(&error))?;
        let goes_on = match event {
            Event::Start(start) => {
                let name = Name::of(start.local_name().as_ref());
                each(Node::Open(Element { name, start }))?
            }
            Event::Empty(start) => {
                let name = Name::of(start.local_name().as_ref());
                each(Node::Open(Element { name, start }))? && each(Node::Close(name))?
            }
            Event::End(end) => each(Node::Close(Name::of(end.local_name().as_ref())))?,
            Event::Text(text) => each(Node::Text(text.xml10_content().into_owned()))?,
            Event::CData(text) => each(Node::Text(text.xml10_content().into_owned()))?,
            Event::GeneralRef(reference) => {
                let letter = match reference.resolve_char_ref().map_err(|_| unreadable())? {
                    Some(letter) => letter,
                    None => entity(&reference)?,
                };
                each(Node::Text(letter.to_string()))?
            }
            Event::Eof => return Ok(()),
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => true,
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// The five of XML; a workbook declares none of its own.
fn entity(name: &str) -> Result<char, Stop> {
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(unreadable()),
    }
}

fn stop_of(error: &quick_xml::Error) -> Stop {
    match error {
        quick_xml::Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<TooLarge>()) => {
            Stop::at(0, "imports.workbook_too_large")
        }
        _ => unreadable(),
    }
}

/// A part that stops being read when it unpacks to more than anybody believes.
struct Portion<R> {
    part: R,
    left: u64,
    /// Bytes since the last node.
    node_bytes: Rc<Cell<u64>>,
}

#[derive(Debug, thiserror::Error)]
#[error("a part of the workbook is too large")]
struct TooLarge;

impl<R: Read> Read for Portion<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || self.node_bytes.get() > NODE_BYTES_MAX {
            return Err(io::Error::other(TooLarge));
        }
        let count = self.part.read(buffer)?;
        self.left = self.left.saturating_sub(count as u64);
        self.node_bytes.set(self.node_bytes.get() + count as u64);
        Ok(count)
    }
}
