//! `notegate index`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::check::write_file;
use super::fail::Failure;
use super::fix::replace;
use super::keep::Keeping;
use super::outputs;
use super::project::{self, Project};
use super::verify::{self, Permit, states};
use crate::discover;
use crate::document::header;
use crate::index::{IndexReport, MOST_IN_SITEMAP, Page, address};
use crate::index_line;
use crate::report::printable;

const FORMATS: [&str; 6] = ["json", "sitemap", "headers", "robots", "meta", "indexnow-list"];
/// What the sitemap is called where it goes to standard output.
const SITEMAP: &str = "sitemap.xml";

/// Arguments of `index`.
#[derive(Debug, Args)]
pub struct IndexOf {
    /// Articles and folders [default: `.`, and every article a packet is kept for]
    pub paths: Vec<PathBuf>,
    /// json, sitemap, headers, robots, meta or indexnow-list; FORMAT=PATH writes to a file; may be given several times
    #[arg(long, value_name = "FORMAT[=PATH]", default_value = "json")]
    pub format: Vec<String>,
    /// The folder of packets [default: `[packet] dir` of lint.toml]
    #[arg(long, value_name = "DIR")]
    pub packet: Option<PathBuf>,
    /// A public key whose signatures count; may be given several times, beside `[packet] trusted-keys` of lint.toml
    #[arg(long, value_name = "FILE")]
    pub trusted: Vec<PathBuf>,
    /// States of packets that are taken for verified
    #[arg(long, value_enum, value_delimiter = ',', value_name = "STATE")]
    pub permit: Vec<Permit>,
    /// An earlier `--format json`: what changed since is listed
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// Write each decision into the header of its article, as the line `notegate_index`, instead of a report
    #[arg(long, conflicts_with_all = ["format", "previous"])]
    pub write: bool,
    /// The day (YYYY-MM-DD) [default: NOTEGATE_AS_OF, SOURCE_DATE_EPOCH, today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Writes what a site needs. 1: some packet is not verified, and its page is held; a decision could not be written, or two pages have one address.
pub fn run(args: &IndexOf) -> Result<u8, Failure> {
    let formats = if args.write { Vec::new() } else { outputs::formats(&args.format, &FORMATS.map(|name| (name, name)), "", "sitemap=public/sitemap.xml")? };
    let as_of = project::as_of(args.as_of.as_deref())?;
    let project = Project::open(args.config.as_deref())?;
    let first = args.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let settings = project.of(first)?.config.index();
    let needs_base = formats.iter().any(|(format, _)| matches!(*format, "sitemap" | "robots" | "indexnow-list"));
    if needs_base && settings.base_url.is_none() {
        return Err(Failure::new("nothing says where the site is", "set `[index] base-url = \"https://example.org\"` in lint.toml"));
    }
    let Some(mut keeping) = Keeping::open(args.packet.as_deref(), args.config.as_deref(), &project, first)? else {
        return Err(Failure::new("there is no folder of packets", "name one with `--packet DIR`, or `[packet] dir` in lint.toml"));
    };
    keeping.trust(&args.trusted)?;
    let permitted = states(&args.permit);
    let lock = keeping.store.lock_shared();
    let mut pages = Vec::new();
    let mut all_accepted = true;
    for name in verify::names(&args.paths, &keeping, Some(&project))? {
        let (verdict, packet) = verify::one(&keeping, Some(&project), &name, args.config.as_deref(), as_of);
        let accepted = verdict.is_accepted(&permitted);
        all_accepted &= accepted;
        let stated = packet.as_ref().and_then(|packet| packet.article.address.clone());
        let url = address(&name, &settings.url, &settings.root, stated.as_deref(), settings.base_url.as_deref());
        let by_name = || address(&name, &settings.url, &settings.root, None, None).unwrap_or_default();
        let since = packet.as_ref().map(|packet| packet.content_since.clone());
        let page = match (&packet, url) {
            (Some(packet), Some(url)) if accepted => {
                let expires = packet.article.expires.as_deref();
                let gone = expires.filter(|day| *day < as_of.to_string().as_str());
                let gate = &packet.article.gate;
                match gone {
                    Some(day) => Page::new(&name, url, "withheld", since, vec![format!("it expired on {day}")], None),
                    None => Page::new(&name, url, &gate.index, since, gate.because.clone(), expires),
                }
            }
            (Some(_), None) if accepted => Page::new(&name, by_name(), "withheld", since, vec!["its header gives an address elsewhere".to_owned()], None),
            (_, url) => {
                let why = verdict.faults.iter().map(|fault| format!("{} {}: {}", fault.part, fault.state.as_str(), fault.message)).collect();
                Page::new(&name, url.unwrap_or_else(by_name), "unverified", None, why, None)
            }
        };
        pages.push(page);
    }
    drop(lock);
    if args.write {
        return write_decisions(&keeping, &pages).map(|all_written| u8::from(!all_accepted || !all_written));
    }
    let before = args.previous.as_deref().map(previous).transpose()?;
    let report = IndexReport::new(&as_of.to_string(), settings.base_url, pages, before.as_ref());
    for (format, path) in formats {
        write(&report, format, path.as_deref())?;
    }
    // two articles of one address are both withheld: that must not pass in silence
    let mut addresses: Vec<&str> = report.pages.iter().map(|page| page.url.as_str()).collect();
    addresses.sort_unstable();
    let all_apart = addresses.windows(2).all(|two| two[0] != two[1]);
    Ok(u8::from(!all_accepted || !all_apart))
}

/// Writes each decision into the header of its article and says what was done. All are looked at before the first is written. Says
/// whether every article has its decision.
fn write_decisions(keeping: &Keeping, pages: &[Page]) -> Result<bool, Failure> {
    let mut said = String::new();
    let mut all_written = true;
    let mut changes = Vec::new();
    for page in pages {
        let place = keeping.place(&page.path);
        let Ok(before) = discover::read(&place) else { continue };
        let told = match after(&before, &page.decision) {
            Ok(after) if after == before => format!("unchanged  {}: {}", page.path, page.decision),
            Ok(after) => {
                changes.push((place, page.path.as_str(), before, after));
                format!("written    {}: {}", page.path, page.decision)
            }
            Err(why) => {
                all_written = false;
                format!("left       {}: {}; {why}", page.path, page.decision)
            }
        };
        said.push_str(&printable(&told));
        said.push('\n');
    }
    for (place, path, before, after) in &changes {
        replace(place, path, before, after)?;
    }
    super::print(&said).map(|()| all_written)
}

/// The bytes of an article with its decision in its header, or why that is not written.
fn after(bytes: &[u8], decision: &str) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8, and is not written to".to_owned())?;
    let Some(header) = header(&index_line::without(text)) else { return Err("it has no header that could be read: add one".to_owned()) };
    if header.entries().iter().any(|entry| entry.key == index_line::KEY) {
        return Err(format!("`{}` stands there in a form that notegate did not write, and templates would believe it: delete it", index_line::KEY));
    }
    let written = index_line::with(text, decision).filter(|written| self::header(written).is_some());
    written.map(String::into_bytes).ok_or_else(|| "its header is not one line for each key from the margin: write it so".to_owned())
}

fn previous(path: &Path) -> Result<IndexReport, Failure> {
    let shown = crate::discover::reported(path);
    let text = project::text_file(path).map_err(|why| Failure::new(format!("`{shown}` could not be read: {why}"), "check `--previous`"))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("`{shown}` is no report of `notegate index`: {error}"), "give a file that `--format json` wrote"))
}

fn write(report: &IndexReport, format: &str, path: Option<&Path>) -> Result<(), Failure> {
    let name = path.and_then(Path::file_name).map_or_else(|| SITEMAP.to_owned(), |name| name.to_string_lossy().into_owned());
    let text = match format {
        "sitemap" => {
            let sitemaps = report.sitemaps(&format!("/{name}"));
            match path {
                None if sitemaps.len() > 1 => {
                    return Err(Failure::new(
                        format!("more than {MOST_IN_SITEMAP} addresses need several sitemaps"),
                        "name the first with `--format sitemap=public/sitemap.xml`; the others go beside it",
                    ));
                }
                Some(path) => {
                    for (name, text) in sitemaps.iter().skip(1) {
                        write_file(&path.with_file_name(name.trim_start_matches('/')), |out| out.write_all(text.as_bytes()))?;
                    }
                }
                None => {}
            }
            sitemaps.into_iter().next().map(|(_, text)| text).unwrap_or_default()
        }
        "headers" => report.headers(),
        "robots" => report.robots(&format!("/{SITEMAP}")),
        "meta" => report.meta(),
        "indexnow-list" => report.changed(),
        _ => format!("{}\n", serde_json::to_string_pretty(report).unwrap_or_default()),
    };
    match path {
        None => super::print(&text),
        Some(path) => write_file(path, |out| out.write_all(text.as_bytes())),
    }
}
