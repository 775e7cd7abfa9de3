//! The arguments.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::fail::Failure;
use super::{config, diff, index, keep, keygen, sign_off, since, verify};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Gate articles on what they claim: prices, advice, sources, disclosure, freshness.
#[derive(Debug, Parser)]
#[command(name = "notegate", version, about, disable_help_subcommand = true, max_term_width = 100)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge articles against the eleven claims and say whether they may be published
    Check(Check),
    /// Compare two revisions, or two reports: what is new, fixed and moved, and what caused it
    Diff(diff::Diff),
    /// Show which articles share a template, what it is, and what fills its slots
    Corpus(Corpus),
    /// Hold the findings of today, so that later runs tell what is new
    Baseline(Baselines),
    /// Say what a rule or check looks for, why, and what would clear it
    Explain(Explain),
    /// List all rules
    Rules(Rules),
    /// Run the rules' own sentences and labelled case files, and say how many are judged rightly
    Test(Test),
    /// Look at a folder and write lint.toml, a pre-commit hook and a CI job for it
    Init(Init),
    /// List the articles whose review window ends soon
    Due(Due),
    /// Record that a person accepts an article as it is
    SignOff(sign_off::Give),
    /// Say whether articles, packets, signatures and sign-offs are what was recorded
    Verify(verify::Verify),
    /// Turn verified packets into sitemap, headers, meta tags and lists of addresses
    Index(index::IndexOf),
    /// Make a pair of keys: one to sign packets with, one to verify them with
    Keygen(keygen::Keygen),
    /// Show the effective configuration, each value with its origin
    Config(config::ShowConfig),
    /// Print the JSON Schema of a report
    Schema {
        /// Of which
        #[arg(value_enum, default_value_t = SchemaOf::Report)]
        of: SchemaOf,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Arguments of `check`.
#[derive(Debug, ClapArgs)]
pub struct Check {
    /// Articles and folders; `-` reads standard input
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// terminal, concise, agent, json, jsonl, sarif, junit, checkstyle, rdjson, gitlab, github, github-summary, panels-markdown or
    /// panels-html; FORMAT=PATH writes to a file; may be given several times
    #[arg(long, value_name = "FORMAT[=PATH]", default_value = "terminal")]
    pub format: Vec<String>,
    /// The day to judge freshness against (YYYY-MM-DD) [default: NOTEGATE_AS_OF, SOURCE_DATE_EPOCH, today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// A source snapshot (JSON) for articles that declare none
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    #[command(flatten)]
    pub keep: keep::Keep,
    /// Hold the findings of this baseline [default: notegate-baseline.json beside lint.toml, else at the repository's root]
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,
    /// Hold nothing: report old findings as new ones
    #[arg(long)]
    pub no_baseline: bool,
    /// The gate from which the exit code is 1
    #[arg(long, value_enum, default_value_t = FailOn::Fail)]
    pub fail_on: FailOn,
    /// Show only findings of these rules or checks; the verdict is made from all of them
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not show findings of these rules or checks; the verdict is made from all of them
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Leave out files that match, also named ones
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// Judge what is staged in git, as it stands in the index, and only articles that are staged
    #[arg(long)]
    pub staged: bool,
    #[command(flatten)]
    pub since: since::SinceArgs,
    /// Write what can be written without changing what an article says, then judge again and report what remains
    #[arg(long, conflicts_with_all = ["diff", "staged"])]
    pub fix: bool,
    /// Print what `--fix` would write as a diff, and write nothing
    #[arg(long)]
    pub diff: bool,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Let drafts change the exit code too
    #[arg(long)]
    pub drafts: bool,
    /// The name that standard input is judged under
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
    /// When to write colours
    #[arg(long, value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// Only the summary
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Notes and the evidence of passed checks too
    #[arg(long, short)]
    pub verbose: bool,
}

impl Check {
    /// The arguments that judge articles as `check` does. `paths`: the articles.
    pub fn of(paths: &[PathBuf], config: Option<&Path>, as_of: Option<&str>, snapshot: Option<&Path>, packet: Option<&Path>) -> Result<Self, Failure> {
        let mut line: Vec<OsString> = vec!["notegate".into(), "check".into()];
        let flags = [
            ("--config", config.map(Path::as_os_str)),
            ("--as-of", as_of.map(OsStr::new)),
            ("--snapshot", snapshot.map(Path::as_os_str)),
            ("--packet", packet.map(Path::as_os_str)),
        ];
        line.extend(flags.into_iter().filter_map(|(flag, value)| Some([OsString::from(flag), value?.to_owned()])).flatten());
        line.push("--".into());
        line.extend(paths.iter().map(|path| path.clone().into_os_string()));
        match Args::try_parse_from(line).map(|args| args.command) {
            Ok(Command::Check(check)) => Ok(check),
            Ok(_) => Err(Failure::new("the arguments are those of another command", "report this")),
            Err(error) => Err(Failure::new(error.to_string(), "check the arguments")),
        }
    }
}

/// Arguments of `init`.
#[derive(Debug, ClapArgs)]
pub struct Init {
    /// The folder of the site
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// How strict to be [default: by the kind of site]
    #[arg(long, value_enum)]
    pub preset: Option<Preset>,
    /// Write files anew that are there already
    #[arg(long)]
    pub force: bool,
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub print: bool,
    /// Only lint.toml: no hook and no CI job
    #[arg(long)]
    pub config_only: bool,
    /// The kind of site [default: by its files]
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Hold what is wrong today, so that later runs tell what is new
    #[arg(long)]
    pub baseline: bool,
    /// Ask nothing, also at a terminal
    #[arg(long, short)]
    pub yes: bool,
}

/// Settings to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// Every claim counts in full
    MarketResearch,
    /// A blog or magazine: matters of form hold an article back and do not fail it
    Editorial,
    /// Pages that explain a product
    Documentation,
}

/// Arguments of `due`.
#[derive(Debug, ClapArgs)]
pub struct Due {
    /// Articles and folders
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// How far ahead to look: 14d, 2w, 1m, "10 days"
    #[arg(long, value_name = "DURATION", default_value = "14d")]
    pub within: String,
    /// The day to count from (YYYY-MM-DD) [default: NOTEGATE_AS_OF, SOURCE_DATE_EPOCH, today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// How to write the list
    #[arg(long, value_enum, default_value_t = DueFormat::Terminal)]
    pub format: DueFormat,
    /// End with exit code 1 where an article is due
    #[arg(long)]
    pub fail: bool,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Leave out files that match, also named ones
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
}

/// How due articles are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DueFormat {
    /// A line each
    Terminal,
    /// `notegate.due/1`
    Json,
}

/// Arguments of `baseline`.
#[derive(Debug, ClapArgs)]
pub struct Baselines {
    /// What to do with it
    #[command(subcommand)]
    pub command: BaselineCommand,
}

/// What is done with a baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Write a baseline that holds every finding of today that may be excused
    Create(Baseline),
    /// Hold what is new too, and drop what was fixed
    Update(Baseline),
    /// Drop what was fixed, and hold nothing new
    Prune(Baseline),
}

/// Arguments of the commands of `baseline`.
#[derive(Debug, ClapArgs)]
pub struct Baseline {
    /// Articles and folders
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The baseline [default: `[baseline] file` of lint.toml, else notegate-baseline.json beside it, else at the repository's root]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The day to judge by, and since which new findings are held (YYYY-MM-DD) [default: NOTEGATE_AS_OF, SOURCE_DATE_EPOCH, today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// A source snapshot (JSON) for articles that declare none
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Leave out files that match, also named ones
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// Arguments of `corpus`.
#[derive(Debug, ClapArgs)]
pub struct Corpus {
    /// Articles and folders to compare [default: `[corpus] paths` of lint.toml, else the current folder]
    pub paths: Vec<PathBuf>,
    /// Answer for this article, which need not be one of them
    #[arg(long, value_name = "ARTICLE")]
    pub like: Option<PathBuf>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// terminal, json, markdown or html; FORMAT=PATH writes to a file; may be given several times
    #[arg(long, value_name = "FORMAT[=PATH]", default_value = "terminal")]
    pub format: Vec<String>,
    /// Leave out files that match, also named ones
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// Arguments of `explain`.
#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// A rule (`live-price/quoted-now`) or a check (`live-price`); all checks without one
    pub rule: Option<String>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Arguments of `rules`.
#[derive(Debug, ClapArgs)]
pub struct Rules {
    /// Only rules of this check
    pub check: Option<String>,
    /// A line each, or a reference with examples and figures (docs/rules.md)
    #[arg(long, value_enum, default_value_t = RulesFormat::Terminal)]
    pub format: RulesFormat,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Arguments of `test`.
#[derive(Debug, ClapArgs)]
pub struct Test {
    /// Case files (docs/case-files.md); without one only the rules' own sentences are run
    #[arg(value_name = "CASEFILE")]
    pub files: Vec<PathBuf>,
    /// Use this configuration file instead of the nearest lint.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How to write the figures
    #[arg(long, value_enum, default_value_t = TestFormat::Terminal)]
    pub format: TestFormat,
    /// The day to judge by (YYYY-MM-DD) [default: the case file's, else the sample's]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// The source snapshot (JSON) to judge beside [default: the case file's, else the sample]
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Only cases of these families
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    pub family: Vec<String>,
    /// Write the figures to a file that later runs can be held against
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Fail only where a figure is worse than in this file
    #[arg(long, value_name = "FILE", conflicts_with = "record")]
    pub against: Option<PathBuf>,
}

/// What a schema is printed of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// `--format json`
    Report,
    /// A line of `--format jsonl`
    Lines,
    /// A packet that is kept
    Packet,
    /// A sign-off
    SignOff,
    /// `index --format json`
    Index,
    /// `verify --format json`
    Verify,
    /// `lint.toml`, for editors
    Config,
    /// `diff --format json`
    Diff,
}

/// How rules are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RulesFormat {
    /// A line each
    Terminal,
    /// A page
    Markdown,
}

/// How figures of a test run are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// For a person at a terminal
    Terminal,
    /// `notegate.test/1`
    Json,
}

/// The gate from which a run counts as failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// An article failed
    Fail,
    /// An article is limited or failed
    Limited,
    /// Never
    Never,
}

/// When to write colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, and as NO_COLOR and FORCE_COLOR say
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
