//! `notegate.report/1`: the packets as they are.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::printable::is_unsafe;
use crate::cases::{Regression, TestReport};
use crate::packet::Report;

/// Writes the report, indented, with a line feed at the end; piece by piece, for it may be large.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    indented(report, out)
}

/// The figures of a test run (`notegate.test/1`), beside what is worse than recorded.
#[must_use]
pub fn test(report: &TestReport, worse: Option<&[Regression]>) -> String {
    #[derive(Serialize)]
    struct Whole<'r> {
        #[serde(flatten)]
        report: &'r TestReport,
        worse: Option<Vec<String>>,
    }
    let one = |one: &Regression| format!("{}: {} of {} was {:.4} and is {:.4}", one.path, one.figure, one.family, one.before.value(), one.now.value());
    pretty(&Whole { report, worse: worse.map(|worse| worse.iter().map(one).collect()) })
}

/// Any report as one text.
pub(super) fn pretty(report: &impl Serialize) -> String {
    let mut text = Vec::new();
    // a vector takes whatever is written to it
    let _ = indented(report, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Bytes that go out at once.
const GATHERED: usize = 1 << 16;

/// Any value as indented JSON with a line feed at the end.
pub(super) fn indented(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // indented JSON comes in pieces of a few bytes: they are gathered before they go to whoever writes them
    let mut gathered = io::BufWriter::with_capacity(GATHERED, out);
    let mut serializer = Serializer::with_formatter(&mut gathered, Safe(PrettyFormatter::new()));
    value.serialize(&mut serializer)?;
    gathered.write_all(b"\n")?;
    gathered.flush()
}

/// Any value as JSON on one line.
pub(super) fn compact(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(CompactFormatter));
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// JSON in which characters that do something to a terminal are escaped.
struct Safe<F>(F);

/// Hands calls on to the formatter inside.
macro_rules! as_inside {
    ($($name:ident($($argument:ident: $type:ty),*)),* $(,)?) => {
        $(fn $name<W: ?Sized + Write>(&mut self, writer: &mut W, $($argument: $type),*) -> io::Result<()> {
            self.0.$name(writer, $($argument),*)
        })*
    };
}

impl<F: Formatter> Formatter for Safe<F> {
    as_inside!(
        begin_array(),
        end_array(),
        begin_array_value(first: bool),
        end_array_value(),
        begin_object(),
        end_object(),
        begin_object_key(first: bool),
        begin_object_value(),
        end_object_value(),
    );

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // nearly all text is made of bytes that do nothing, and to look at all of them at once is cheaper than at one after the other
        if fragment.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut from = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| is_unsafe(*c)) {
            writer.write_all(&fragment.as_bytes()[from..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            from = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[from..])
    }
}

/// The JSON Schema of the report, made from the types.
#[must_use]
pub fn schema() -> String {
    schema_of::<Report>()
}

/// The JSON Schema of any form that is written.
#[must_use]
pub fn schema_of<T: schemars::JsonSchema>() -> String {
    let schema = schemars::schema_for!(T);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
