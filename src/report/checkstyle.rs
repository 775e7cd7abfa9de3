//! Checkstyle's XML, which most collectors of warnings read.

use std::io::{self, Write};

use super::machine;
use super::xml::{plain, writer};
use crate::packet::{Packet, Report};

/// The version of checkstyle whose results look like this; collectors ask for one.
const VERSION: &str = "4.3";

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = writer(out)?;
    xml.create_element("checkstyle").with_attribute(("version", VERSION)).write_inner_content(|xml| {
        for packet in &report.articles {
            let rows = rows(packet);
            let path = plain(&packet.path);
            let file = xml.create_element("file").with_attribute(("name", path.as_str()));
            if rows.is_empty() {
                file.write_empty()?;
                continue;
            }
            file.write_inner_content(|xml| {
                for row in &rows {
                    xml.create_element("error").with_attributes(row.iter().map(|(key, value)| (*key, value.as_str()))).write_empty()?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    xml.into_inner().write_all(b"\n")
}

/// The attributes of each finding.
fn rows(packet: &Packet) -> Vec<[(&'static str, String); 5]> {
    let row = |(line, column): (u32, u32), weight: &str, message: String, source: &str| {
        let severity = if weight == "note" { "info" } else { weight };
        [
            ("line", line.max(1).to_string()),
            ("column", column.max(1).to_string()),
            ("severity", severity.to_owned()),
            ("message", plain(&message)),
            ("source", class(source)),
        ]
    };
    let findings = packet.all_findings().map(|finding| row((finding.line, finding.column), machine::weight(finding), machine::message(finding), &finding.rule));
    findings.chain(machine::unread(packet).map(|unread| row((1, 1), unread.severity, unread.message, unread.check))).collect()
}

/// A rule as the class of a check, in whose place collectors expect one: they group by its dotted parts, and a schema in use allows no slash.
fn class(rule: &str) -> String {
    plain(&format!("notegate.{}", rule.replace('/', ".")))
}
