//! Text of articles made fit for XML 1.0, which has no way to write most control characters.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

use super::printable::one_line;

/// A writer that has said what comes.
pub(super) fn writer<W: Write>(out: W) -> io::Result<Writer<W>> {
    let mut writer = Writer::new_with_indent(out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    Ok(writer)
}

/// The text on one line, with what must not be obeyed made visible, and without the two code points that XML forbids beside control characters.
pub(super) fn plain(text: &str) -> String {
    one_line(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
