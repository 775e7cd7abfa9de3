//! The panels of each article as a site embeds them, between notegate's marks.

use std::fmt::Write;

use super::printable::one_line;
use crate::packet::{Packet, Report, panels};
use crate::panel::{self, MARKS};

/// How panels are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    /// GFM.
    Markdown,
    /// A fragment of HTML.
    Html,
}

/// Writes the panels of all articles, one after the other. Of several, each follows a comment with its path.
pub(super) fn render(report: &Report, markup: Markup) -> String {
    let pieces = report.articles.iter().map(|packet| article(packet, markup, report.articles.len() > 1));
    pieces.collect::<Vec<_>>().join("\n")
}

fn article(packet: &Packet, markup: Markup, named: bool) -> String {
    // MDX knows no comments of HTML
    let is_mdx = packet.path.to_ascii_lowercase().ends_with(".mdx");
    let (begin, end) = MARKS[usize::from(is_mdx)];
    let mut out = String::new();
    if named {
        // a path may hold what ends a comment
        let path = one_line(&packet.path).replace('>', "&gt;").replace("*/", "*&#47;");
        let _ = if is_mdx { writeln!(out, "{{/* notegate:article {path} */}}") } else { writeln!(out, "<!-- notegate:article {path} -->") };
    }
    let panels = panels::of(packet);
    let _ = match markup {
        Markup::Markdown => writeln!(out, "{begin}\n\n{}\n{end}", panel::markdown::write(&panels)),
        Markup::Html => writeln!(out, "{begin}\n{}{end}", panel::html::write(&panels)),
    };
    out
}
