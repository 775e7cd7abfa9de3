//! `notegate config`: the settings in force for a path, and `notegate config explain FILE`: which files and entries bear on one article, what differs
//! from the defaults and why, and what was found in its header.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use jiff::civil::date;
use serde::Serialize;

use super::fail::Failure;
use super::project::{self, Loaded, Project};
use crate::config::{Config, Effective, Entry};
use crate::discover;
use crate::document::Format;
use crate::document::roles::Origin;
use crate::engine::{self, Run, SnapshotFault};
use crate::report::printable;
use crate::source::{LineTable, SourceText};
use crate::strict_toml::{Asked, nearest_help};

/// Arguments of `config`.
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_precedence_over_arg = true)]
pub struct ShowConfig {
    /// The article whose configuration is shown
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Only keys that begin with this
    #[arg(long, value_name = "KEY")]
    pub only: Option<String>,
    /// What else to show
    #[command(subcommand)]
    pub command: Option<ConfigCommand>,
}

/// What `config` does besides listing values.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say which files, overrides, series, waivers and demands bear on an article, and what was found in its header
    Explain(ExplainConfig),
}

/// Arguments of `config explain`.
#[derive(Debug, ClapArgs)]
pub struct ExplainConfig {
    /// The article
    pub article: PathBuf,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = As::Terminal)]
    pub format: As,
}

/// How an explanation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// For a person at a terminal
    Terminal,
    /// `notegate.config-explain/1`
    Json,
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Explanation {
    schema: &'static str,
    article: String,
    /// The pattern of `[discover] exclude` leaves it out.
    excluded: bool,
    /// The files that apply; later ones count more.
    files: Vec<FileRow>,
    class: Because,
    language: String,
    entries: Vec<EntryRow>,
    values: Vec<ValueRow>,
    header: Vec<RoleRow>,
}

#[derive(Debug, Serialize)]
struct FileRow {
    path: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct Because {
    value: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct EntryRow {
    table: &'static str,
    file: String,
    line: usize,
    paths: Vec<String>,
    /// The pattern that fits; null where none does, or where the entry is for all articles.
    by: Option<String>,
    fits: bool,
    says: String,
}

#[derive(Debug, Serialize)]
struct ValueRow {
    key: String,
    value: String,
    origin: String,
    default: Option<String>,
    /// Origins of values that this one takes the place of.
    instead_of: Vec<String>,
}

#[derive(Debug, Serialize)]
struct RoleRow {
    role: String,
    /// The key it was found under; null where none of `tried` is there.
    key: Option<String>,
    value: Option<String>,
    line: Option<u32>,
    /// `front matter`, `<meta>` or `JSON-LD`.
    place: Option<&'static str>,
    tried: Vec<String>,
}

/// Roles that are told even where they are not found: what a review rests on.
const NEEDED: &[&str] = &["published", "modified", "reviewed", "review-by", "expiry", "author", "reviewer"];

/// Prints the effective configuration of a path as TOML keys, each with its origin, or explains it.
pub fn run(args: &ShowConfig) -> Result<u8, Failure> {
    if let Some(ConfigCommand::Explain(args)) = &args.command {
        return explain(args);
    }
    let project = Project::open(args.config.as_deref())?;
    if !args.path.exists() {
        return Err(Failure::new(format!("`{}` does not exist", discover::reported(&args.path)), "name an article or a folder"));
    }
    let loaded = project.of(&args.path)?;
    if let Some(only) = &args.only {
        known(only, &loaded)?;
    }
    let relative = project::relative(&loaded.config, &args.path);
    let mut out = String::new();
    for value in loaded.config.effective(&relative, &loaded.rulebook) {
        if args.only.as_ref().is_none_or(|only| value.key.starts_with(only.as_str())) {
            let _ = writeln!(out, "{} = {}  # {}", value.key, value.value, value.origin);
        }
    }
    super::print(&out).map(|()| 0)
}

/// Lists whose entries are shown under names of their own.
const LISTS: &[&str] = &["waivers.", "front-matter."];

/// Refuses a beginning of keys that no key has, set or not.
fn known(only: &str, loaded: &Loaded) -> Result<(), Failure> {
    let asked = Config::describe(&loaded.rulebook);
    let path = |asked: &Asked| asked.path.iter().map(|step| step.trim_end_matches("[]")).collect::<Vec<_>>().join(".");
    let keys: Vec<String> = asked.iter().map(path).collect();
    // a table of any names: what stands behind its point may be anything
    let of_any_name = |key: &String| key.strip_suffix('*').is_some_and(|table| only.starts_with(table));
    if LISTS.iter().any(|list| only.starts_with(list)) || keys.iter().any(|key| key.starts_with(only) || of_any_name(key)) {
        return Ok(());
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let near = nearest_help(only, &keys);
    let help = if near.starts_with("did you mean") { near } else { "`notegate config` lists them".to_owned() };
    Err(Failure::new(format!("no key begins with `{only}`"), help))
}

fn explain(args: &ExplainConfig) -> Result<u8, Failure> {
    let path = &args.article;
    let name = discover::reported(path);
    if !path.is_file() {
        return Err(Failure::new(format!("`{name}` is no file"), "name one article; `notegate config FOLDER` lists the settings of a folder"));
    }
    let Some(format) = Format::of(&name) else { return Err(discover::DiscoverError::NotAnArticle(name).into()) };
    let project = Project::open(args.config.as_deref())?;
    let loaded = project.of(path)?;
    let bytes = discover::read(path).map_err(|why| Failure::new(format!("`{name}` could not be read: {why}"), "check its rights"))?;
    let explanation = Explained { name: &name, path, project: &project, loaded: &loaded, given: args.config.is_some() }.all(format, bytes);
    let text = match args.format {
        As::Json => serde_json::to_string_pretty(&explanation).unwrap_or_default() + "\n",
        As::Terminal => terminal(&explanation),
    };
    super::print(&text).map(|()| 0)
}

/// What an explanation is made of.
struct Explained<'e> {
    name: &'e str,
    path: &'e Path,
    project: &'e Project,
    loaded: &'e Loaded,
    given: bool,
}

impl Explained<'_> {
    fn all(&self, format: Format, bytes: Vec<u8>) -> Explanation {
        let config = &self.loaded.config;
        let relative = project::relative(config, self.path);
        let origins = Origins::new(config);
        let effective = config.effective(&relative, &self.loaded.rulebook);
        let header = self.header(format, bytes.clone());
        let (class, language) = self.judged(bytes);
        let stated = header
            .iter()
            .find(|row| row.role == "class" && row.key.is_some())
            .filter(|row| row.value.as_deref().is_some_and(|value| value.trim().to_lowercase() == class));
        let configured = effective.iter().find(|value| value.key == "site.class" && value.origin != "default");
        let why = match (stated, configured) {
            (Some(row), _) => {
                format!("`{}` in its header{}", row.key.clone().unwrap_or_default(), row.line.map(|line| format!(", line {line}")).unwrap_or_default())
            }
            (None, Some(value)) => origins.shown(&value.origin),
            (None, None) => "by the words of the article".to_owned(),
        };
        let defaults = Config::default().effective("", &self.loaded.rulebook);
        Explanation {
            schema: "notegate.config-explain/1",
            article: self.name.to_owned(),
            excluded: config.excludes(&relative),
            files: self.files(),
            class: Because { value: class, why },
            language,
            entries: config.entries(&relative).into_iter().map(|entry| row(&entry, &origins)).collect(),
            values: values(effective, &defaults, &origins),
            header: header.into_iter().filter(|row| row.key.is_some() || NEEDED.contains(&row.role.as_str())).collect(),
        }
    }

    fn files(&self) -> Vec<FileRow> {
        let files = self.loaded.config.files();
        let why = |number: usize| match files.get(number + 1) {
            Some(next) => format!("extended by {}:{}", shown(&next.path), next.extends().map_or(1, |(_, line)| line)),
            None if self.given => "named by --config".to_owned(),
            None => "the nearest lint.toml".to_owned(),
        };
        files.iter().enumerate().map(|(number, file)| FileRow { path: shown(&file.path), why: why(number) }).collect()
    }

    /// What was found for each role.
    fn header(&self, format: Format, bytes: Vec<u8>) -> Vec<RoleRow> {
        let desk = self.project.desk(self.path);
        let source = SourceText::new(self.name.to_owned(), bytes);
        let document = engine::bare(&source, format, &desk.policy);
        let lines = LineTable::new(&source.text);
        let row = |(role, tried): (&str, Vec<&str>)| {
            let found = document.metadata.get(role);
            RoleRow {
                role: role.to_owned(),
                key: found.map(|found| found.key.clone()),
                value: found.map(|_| document.metadata.texts(role).join(", ")),
                line: found.map(|found| lines.place(&source.text, found.node.span.start).line),
                place: found.map(|found| match found.origin {
                    Origin::FrontMatter => "front matter",
                    Origin::Head => "<meta>",
                    Origin::JsonLd => "JSON-LD",
                }),
                tried: tried.into_iter().map(str::to_owned).collect(),
            }
        };
        desk.policy.roles.all().map(row).collect()
    }

    /// Class and language, as a check finds them. Neither depends on the day.
    fn judged(&self, bytes: Vec<u8>) -> (String, String) {
        let desk = |_: &str| self.project.desk(self.path);
        let load = |_: &str| Ok(bytes.clone());
        let load_snapshot = |_: &str, _: &str| Err(SnapshotFault::OutsideProject);
        let run =
            Run { as_of: date(2000, 1, 1), desk: &desk, load: &load, load_snapshot: &load_snapshot, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
        engine::run(&run, &[self.name.to_owned()]).pop().map(|packet| (packet.class, packet.language)).unwrap_or_default()
    }
}

/// A path as a person standing here would write it.
fn shown(path: &Path) -> String {
    discover::from_folder(&discover::absolute(Path::new("")), &discover::absolute(path))
}

/// Names of files in origins, as a person standing here knows them.
struct Origins {
    names: Vec<(String, String)>,
}

impl Origins {
    fn new(config: &Config) -> Self {
        Self { names: config.files().iter().map(|file| (file.name.clone(), shown(&file.path))).collect() }
    }

    /// `../lint.toml:12` of the nearest file, from the current folder.
    fn shown(&self, origin: &str) -> String {
        let Some((file, line)) = origin.rsplit_once(':') else { return origin.to_owned() };
        self.names.iter().find(|(name, _)| name == file).map_or_else(|| origin.to_owned(), |(_, shown)| format!("{shown}:{line}"))
    }

    fn file(&self, number: usize) -> String {
        self.names.get(number).map(|(_, shown)| shown.clone()).unwrap_or_default()
    }
}

fn row(entry: &Entry, origins: &Origins) -> EntryRow {
    EntryRow {
        table: entry.table,
        file: origins.file(entry.file),
        line: entry.line,
        paths: entry.patterns.clone(),
        by: entry.by.clone(),
        fits: entry.fits,
        says: entry.says.clone(),
    }
}

/// Values that some file sets to something else than the default.
fn values(effective: Vec<Effective>, defaults: &[Effective], origins: &Origins) -> Vec<ValueRow> {
    let is_list = |key: &str| ["waivers.", "corpus.series", "front-matter."].iter().any(|list| key.starts_with(list));
    let rows = effective.into_iter().filter(|value| value.origin != "default" && !value.origin.starts_with("rules/") && !is_list(&value.key));
    rows.filter_map(|value| {
        let default = defaults.iter().find(|default| default.key == value.key).map(|default| default.value.clone());
        (default.as_ref() != Some(&value.value)).then(|| ValueRow {
            origin: origins.shown(&value.origin),
            instead_of: value.instead_of.iter().map(|origin| origins.shown(origin)).collect(),
            key: value.key,
            value: value.value,
            default,
        })
    })
    .collect()
}

fn terminal(explanation: &Explanation) -> String {
    let mut out = format!("{}{}\n", explanation.article, if explanation.excluded { "  (left out by `[discover] exclude`)" } else { "" });
    out.push_str("\nfiles, later ones count more\n");
    if explanation.files.is_empty() {
        out.push_str("  none: the defaults hold\n");
    }
    for file in &explanation.files {
        let _ = writeln!(out, "  {}  ({})", file.path, file.why);
    }
    let _ = writeln!(out, "\nclass     {}  ({})\nlanguage  {}", explanation.class.value, explanation.class.why, explanation.language);
    for (table, heading) in [("overrides", "overrides"), ("corpus.series", "series"), ("waivers", "waivers"), ("front-matter", "demands on the header")] {
        let rows: Vec<&EntryRow> = explanation.entries.iter().filter(|row| row.table == table).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{heading}");
        for row in rows {
            let mark = if row.fits { "yes" } else { "no " };
            let by = match (&row.by, row.fits) {
                (Some(by), _) => format!("`{by}` fits"),
                (None, true) => "for all articles".to_owned(),
                (None, false) => format!("no pattern of `{}` fits", row.paths.join("`, `")),
            };
            let _ = writeln!(out, "  {mark} {}:{}  {by}\n        {}", row.file, row.line, row.says);
        }
    }
    out.push_str("\nsettings that are not the default\n");
    if explanation.values.is_empty() {
        out.push_str("  none\n");
    }
    for value in &explanation.values {
        let instead: Vec<&str> = value.instead_of.iter().map(String::as_str).collect();
        let instead = if instead.is_empty() { String::new() } else { format!(", instead of {}", instead.join(", ")) };
        let _ = writeln!(out, "  {} = {}  ({}{instead})", value.key, value.value, value.origin);
    }
    out.push_str("\nwhat the article says of itself\n");
    for row in &explanation.header {
        match (&row.key, &row.value) {
            (Some(key), Some(value)) => {
                let place = row.place.filter(|place| *place != "front matter").map(|place| format!(" of {place}")).unwrap_or_default();
                let line = row.line.map(|line| format!(", line {line}")).unwrap_or_default();
                let _ = writeln!(out, "  {:<13} {}  (`{key}`{place}{line})", row.role, if value.is_empty() { "…" } else { value });
            }
            _ => {
                let tried: Vec<&str> = row.tried.iter().take(4).map(String::as_str).collect();
                let more = if row.tried.len() > tried.len() { ", …" } else { "" };
                let _ = writeln!(out, "  {:<13} not found  (looked for `{}`{more})", row.role, tried.join("`, `"));
            }
        }
    }
    printable(&out)
}
