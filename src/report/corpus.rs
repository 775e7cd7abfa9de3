//! A comparison of articles: for a terminal, as JSON, as Markdown, and as a page of HTML that needs nothing but itself.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::json;
use super::printable::one_line;
use crate::packet::{Cluster, CorpusReport, Neighbour, PieceKind, TextPiece};

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Terminal,
    /// `notegate.corpus/1`.
    Json,
    /// For a ticket or a page.
    Markdown,
    /// A page of its own.
    Html,
}

impl Format {
    /// All formats with their names.
    pub const ALL: &[(Self, &'static str)] = &[(Self::Terminal, "terminal"), (Self::Json, "json"), (Self::Markdown, "markdown"), (Self::Html, "html")];

    /// Values of a slot that it shows, and one more where it says that there are more.
    #[must_use]
    pub const fn values(self) -> usize {
        match self {
            Self::Terminal => TERMINAL_VALUES + 1,
            Self::Json | Self::Markdown | Self::Html => usize::MAX,
        }
    }
}

/// Slots and articles that a terminal shows of one cluster.
const TERMINAL_ROWS: usize = 12;
/// Values that a terminal shows of one slot.
const TERMINAL_VALUES: usize = 4;
/// Articles that a table shows; JSON holds all of them.
const TABLE_ROWS: usize = 500;

/// Writes a comparison in a format. JSON goes out piece by piece, for it holds every article.
///
/// # Errors
/// What `out` cannot take.
pub fn write(report: &CorpusReport, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let text = match format {
        Format::Json => return json::indented(report, out),
        Format::Terminal => terminal(report),
        Format::Markdown => markdown(report),
        Format::Html => html(report),
    };
    out.write_all(text.as_bytes())
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn headline(cluster: &Cluster) -> String {
    let what = if cluster.kind == "near-duplicate" { "one text" } else { "one template" };
    let allowed = cluster.series.as_ref().map(|reason| format!(", allowed as a series: {}", one_line(reason))).unwrap_or_default();
    format!("{} articles, {what}, {} of their words{allowed}", cluster.articles.len(), percent(cluster.shared))
}

fn summary(report: &CorpusReport) -> String {
    let joined: usize = report.clusters.iter().map(|cluster| cluster.articles.len()).sum();
    format!(
        "{} {} compared, {} too short; {} {} of {joined} articles",
        report.compared,
        if report.compared == 1 { "article" } else { "articles" },
        report.articles - report.compared,
        report.clusters.len(),
        if report.clusters.len() == 1 { "group" } else { "groups" },
    )
}

/// What is said of an article that no group holds.
fn alone(neighbour: &Neighbour) -> String {
    neighbour.nearest.as_ref().map_or_else(
        || "shares no rare words with another".to_owned(),
        |nearest| format!("nearest shares {}: {}", percent(nearest.share), one_line(&nearest.path)),
    )
}

fn terminal(report: &CorpusReport) -> String {
    let mut out = String::new();
    for cluster in &report.clusters {
        let _ = writeln!(out, "{}  {}  {}", cluster.kind, cluster.id, headline(cluster));
        for member in cluster.members.iter().take(TERMINAL_ROWS) {
            let _ = writeln!(out, "  {:>5} template {:>5} own  {}", percent(member.shared), percent(member.own), one_line(&member.path));
        }
        if cluster.members.len() > TERMINAL_ROWS {
            let _ = writeln!(out, "  and {} more", cluster.members.len() - TERMINAL_ROWS);
        }
        for slot in cluster.slots.iter().take(TERMINAL_ROWS) {
            let values: Vec<String> = slot.values.values().take(TERMINAL_VALUES).map(|value| crate::source::shortened(&one_line(value))).collect();
            let more = if slot.values.len() > TERMINAL_VALUES { ", \u{2026}" } else { "" };
            let _ = writeln!(out, "  {{{}}}: {}{more}", slot.name, values.join(", "));
        }
        if cluster.slots.len() > TERMINAL_ROWS {
            let _ = writeln!(out, "  and {} more slots", cluster.slots.len() - TERMINAL_ROWS);
        }
        out.push('\n');
        for line in cluster.template.lines().filter(|line| !line.is_empty()).take(TERMINAL_ROWS) {
            let _ = writeln!(out, "  | {}", crate::source::shortened(&one_line(line)));
        }
        out.push('\n');
    }
    if report.like.is_some() {
        for neighbour in report.neighbours.iter().filter(|neighbour| neighbour.cluster.is_none()) {
            let _ = writeln!(out, "{}: {}\n", one_line(&neighbour.path), alone(neighbour));
        }
    }
    let _ = writeln!(out, "{}", summary(report));
    out
}

fn markdown(report: &CorpusReport) -> String {
    let cell = |text: &str| crate::panel::text::cell(text).replace('|', "\\|").replace('<', "&lt;");
    let mut out = format!("# What articles share\n\n{}\n", summary(report));
    for cluster in &report.clusters {
        let _ = write!(
            out,
            "\n## {}\n\n`{}` {}\n\n### Articles\n\n| Article | Words | Template | Own |\n| --- | --- | --- | --- |\n",
            cell(&headline(cluster)),
            cluster.kind,
            cluster.id
        );
        for member in cluster.members.iter().take(TABLE_ROWS) {
            let _ = writeln!(out, "| {} | {} | {} | {} |", cell(&member.path), member.words, percent(member.shared), percent(member.own));
        }
        out.push_str("\n### Template\n\n");
        for line in cluster.template.lines() {
            // quoted, so that headings of the template are none of this page
            let _ = writeln!(out, "> {}", cell(line.trim_start_matches("## ")));
        }
        if !cluster.slots.is_empty() {
            out.push_str("\n### Slots\n\n| Slot | Article | Value |\n| --- | --- | --- |\n");
            for slot in &cluster.slots {
                for (path, value) in slot.values.iter().take(TABLE_ROWS) {
                    let _ = writeln!(out, "| {} | {} | {} |", cell(&slot.name), cell(path), cell(value));
                }
            }
        }
    }
    out.push_str("\n## Nearest neighbours\n\n| Article | Own | Nearest | Shared |\n| --- | --- | --- | --- |\n");
    for neighbour in &report.neighbours {
        let (path, share) =
            neighbour.nearest.as_ref().map_or_else(|| ("none".to_owned(), String::new()), |nearest| (cell(&nearest.path), percent(nearest.share)));
        let _ = writeln!(out, "| {} | {} | {path} | {share} |", cell(&neighbour.path), percent(neighbour.own));
    }
    out
}

/// Hues of slots: neighbours differ, and a name keeps its hue on the page.
const HUES: usize = 8;

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #ffffff; --line: #c9c9d1; --soft: #f3f3f6; --quiet: #5a5a66; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf1; --paper: #17171b; --line: #44444e; --soft: #212127; --quiet: #b4b4c0; } }
body { color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { border-top: 1px solid var(--line); padding-top: 1.2rem; margin-top: 2.5rem; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .3em .6em; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: var(--soft); } .wide { overflow-x: auto; } .quiet { color: var(--quiet); }
.template, .text { background: var(--soft); border: 1px solid var(--line); padding: .5rem 1rem; }
mark { color: #1b1b1f; border-radius: .2em; padding: 0 .2em; }
.s0 { background: #ffd97a; } .s1 { background: #a7d8ff; } .s2 { background: #b9e8b0; } .s3 { background: #f6bfd8; }
.s4 { background: #d6c9ff; } .s5 { background: #ffc6a3; } .s6 { background: #a9e6dd; } .s7 { background: #dedede; }
.own { border-bottom: 2px solid currentColor; } .changed { font-style: italic; }
summary { cursor: pointer; padding: .3rem 0; }
";

fn html(report: &CorpusReport) -> String {
    let mut out =
        String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
    // nothing may be fetched, not even by a mistake of this page
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>What articles share</title>\n<style>\n");
    out.push_str(STYLE);
    out.push_str("</style>\n</head>\n<body>\n<main>\n<h1>What articles share</h1>\n");
    let _ = writeln!(out, "<p>{}.</p>", escaped(&summary(report)));
    if report.clusters.len() > 1 {
        out.push_str("<nav aria-label=\"Groups\">\n<ul>\n");
        for (number, cluster) in report.clusters.iter().enumerate() {
            let _ = writeln!(out, "<li><a href=\"#g{number}\">{}</a></li>", escaped(&headline(cluster)));
        }
        out.push_str("</ul>\n</nav>\n");
    }
    for (number, cluster) in report.clusters.iter().enumerate() {
        html_cluster(number, cluster, &mut out);
    }
    out.push_str("<h2 id=\"nearest\">Nearest neighbours</h2>\n<div class=\"wide\" role=\"region\" aria-labelledby=\"nearest\" tabindex=\"0\">\n<table>\n");
    out.push_str("<thead><tr><th scope=\"col\">Article</th><th scope=\"col\">Own</th><th scope=\"col\">Nearest</th></tr></thead>\n<tbody>\n");
    for neighbour in &report.neighbours {
        let nearest = neighbour.nearest.as_ref().map_or_else(|| "none".to_owned(), |nearest| format!("{} ({})", nearest.path, percent(nearest.share)));
        let _ = writeln!(out, "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>", escaped(&neighbour.path), percent(neighbour.own), escaped(&nearest));
    }
    out.push_str("</tbody>\n</table>\n</div>\n</main>\n</body>\n</html>\n");
    out
}

fn html_cluster(number: usize, cluster: &Cluster, out: &mut String) {
    let _ = writeln!(out, "<section aria-labelledby=\"g{number}\">\n<h2 id=\"g{number}\">{}</h2>", escaped(&headline(cluster)));
    let _ = writeln!(out, "<p class=\"quiet\">{} {}</p>\n<h3>Template</h3>\n<div class=\"template\">", cluster.kind, cluster.id);
    for paragraph in cluster.template.split("\n\n") {
        let (text, heading) = paragraph.strip_prefix("## ").map_or((paragraph, false), |rest| (rest, true));
        let _ = writeln!(out, "<p>{}{}{}</p>", if heading { "<strong>" } else { "" }, with_slots(text, cluster), if heading { "</strong>" } else { "" });
    }
    out.push_str("</div>\n");
    if !cluster.slots.is_empty() {
        let _ = writeln!(
            out,
            "<h3 id=\"t{number}\">Slots</h3>\n<div class=\"wide\" role=\"region\" aria-labelledby=\"t{number}\" tabindex=\"0\">\n<table>\n<thead><tr><th scope=\"col\">Article</th>"
        );
        for (slot, of) in cluster.slots.iter().enumerate() {
            let _ = write!(out, "<th scope=\"col\"><mark class=\"s{}\">{}</mark></th>", slot % HUES, escaped(&of.name));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for path in cluster.articles.iter().take(TABLE_ROWS) {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escaped(path));
            for slot in &cluster.slots {
                let _ = write!(out, "<td>{}</td>", slot.values.get(path).map(|value| escaped(value)).unwrap_or_default());
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n</div>\n");
    }
    out.push_str("<h3>Articles</h3>\n");
    for member in &cluster.members {
        let _ = writeln!(out, "<details>\n<summary>{}: {} template, {} own</summary>", escaped(&member.path), percent(member.shared), percent(member.own));
        if !member.text.is_empty() {
            out.push_str("<div class=\"text\">");
            pieces(&member.text, cluster, out);
            out.push_str("</div>\n");
        }
        out.push_str("</details>\n");
    }
    out.push_str("</section>\n");
}

/// The text of an article: slots in their colours, its own text underlined.
fn pieces(text: &[TextPiece], cluster: &Cluster, out: &mut String) {
    let mut open = false;
    for piece in text {
        if piece.begins || !open {
            out.push_str(if open { "</p>\n<p>" } else { "<p>" });
            open = true;
        } else {
            out.push(' ');
        }
        let shown = escaped(&piece.text);
        let shown = match &piece.kind {
            PieceKind::Template => shown,
            PieceKind::Slot(name) => format!("<mark class=\"s{}\" title=\"{}\">{shown}</mark>", hue(name, cluster), escaped(name)),
            PieceKind::Changed => format!("<span class=\"changed\">{shown}</span>"),
            PieceKind::Own => format!("<span class=\"own\">{shown}</span>"),
        };
        out.push_str(&if piece.heading { format!("<strong>{shown}</strong>") } else { shown });
    }
    if open {
        out.push_str("</p>");
    }
}

fn hue(name: &str, cluster: &Cluster) -> usize {
    cluster.slots.iter().position(|slot| slot.name == name).unwrap_or(HUES - 1) % HUES
}

/// The template's text with its slots marked.
fn with_slots(text: &str, cluster: &Cluster) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|i| open + i) else { break };
        let name = &rest[open + 1..close];
        out.push_str(&escaped(&rest[..open]));
        if cluster.slots.iter().any(|slot| slot.name == name) {
            let _ = write!(out, "<mark class=\"s{}\">{}</mark>", hue(name, cluster), escaped(name));
        } else {
            out.push_str(&escaped(&rest[open..=close]));
        }
        rest = &rest[close + 1..];
    }
    out.push_str(&escaped(rest));
    out
}

/// Text that is safe inside elements and attributes.
fn escaped(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
