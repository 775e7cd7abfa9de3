//! `notegate due`: the articles whose review window ends soon.

use std::fmt::Write;

use serde::Serialize;

use super::args::{Due, DueFormat};
use super::fail::Failure;
use super::project::{self, Project};
use super::{check, print};
use crate::engine::{self, Run, SnapshotFault};
use crate::report::printable;

/// One article and its last day.
#[derive(Debug, Serialize)]
struct Row {
    /// The last day of its review window.
    review_ends: String,
    /// Days from the as-of date; below zero where the window has ended.
    days: i32,
    path: String,
    title: Option<String>,
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Listing {
    schema: &'static str,
    as_of: String,
    within: String,
    articles: Vec<Row>,
    /// Articles without any date, which have no window.
    undated: Vec<String>,
}

/// Lists articles by the end of their review window, the earliest first. Returns the exit code.
pub fn run(args: &Due) -> Result<u8, Failure> {
    let as_of = project::as_of(args.as_of.as_deref())?;
    let within = crate::date::duration(&args.within);
    let last = within.and_then(|within| as_of.checked_add(within).ok());
    let last = last.ok_or_else(|| Failure::new(format!("--within `{}` is no duration", args.within), "write 14d, 2w, 1m or \"14 days\""))?;
    let project = Project::open(args.config.as_deref())?;
    let found = check::find_in(&args.paths, &args.exclude, &project, None)?;
    let desk = |path: &str| project.desk_of_file(found.file(path));
    let load = |path: &str| found.read(path);
    let no_snapshot = |_: &str, _: &str| Err(SnapshotFault::OutsideProject);
    let run = Run { as_of, desk: &desk, load: &load, load_snapshot: &no_snapshot, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
    let packets = check::in_pool(None, || engine::run_each(&run, &found.articles))?;
    let mut listing = Listing { schema: "notegate.due/1", as_of: as_of.to_string(), within: args.within.clone(), articles: Vec::new(), undated: Vec::new() };
    for packet in packets {
        let facts = packet.checks.iter().find(|check| check.id == "freshness").map(|check| &check.facts);
        let fact = |name: &str| facts.and_then(|facts| facts.get(name));
        let ends = fact("review_ends").and_then(|ends| ends.as_str()?.parse::<jiff::civil::Date>().ok());
        match ends {
            Some(ends) if ends <= last => {
                let days = as_of.until(ends).map_or(0, |span| span.get_days());
                listing.articles.push(Row { review_ends: ends.to_string(), days, path: packet.path, title: packet.title });
            }
            None if fact("age_days").is_none() => listing.undated.push(packet.path),
            _ => {}
        }
    }
    listing.articles.sort_by(|a, b| (&a.review_ends, &a.path).cmp(&(&b.review_ends, &b.path)));
    let text = match args.format {
        DueFormat::Json => serde_json::to_string_pretty(&listing).unwrap_or_default() + "\n",
        DueFormat::Terminal => table(&listing),
    };
    print(&text)?;
    Ok(u8::from(args.fail && !listing.articles.is_empty()))
}

fn table(listing: &Listing) -> String {
    let mut out = String::new();
    for row in &listing.articles {
        let when = match row.days {
            -1 => "yesterday".to_owned(),
            days if days < 0 => format!("{} days ago", -days),
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days => format!("in {days} days"),
        };
        let title = row.title.as_deref().map(|title| format!("  {}", printable(title))).unwrap_or_default();
        let _ = writeln!(out, "{}  {when:<13} {}{title}", row.review_ends, printable(&row.path));
    }
    let (due, undated) = (listing.articles.len(), listing.undated.len());
    let _ = writeln!(out, "{due} due within {} of {}; {undated} without a date", printable(&listing.within), listing.as_of);
    out
}
