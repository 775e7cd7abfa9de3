//! `notegate init`: looks at a folder and writes the files that a first run wants. What it knows of site generators is data (`presets/`).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::Path;

use super::args::{Baseline as BaselineArgs, BaselineCommand, Init, Preset};
use super::ask::Ask;
use super::fail::Failure;
use super::project::{Project, text_file};
use super::{baseline, check, print};
use crate::config::BASELINE;
use crate::discover;
use crate::document::Format;
use crate::document::front_matter::{Node, Value, plain_key};
use crate::engine;
use crate::report::printable;
use crate::rulebook::Rulebook;
use crate::source::SourceText;
use crate::strict_toml::{Problems, Table, nearest_help, parse};

/// Site generators, and words in the names of keys.
const KINDS: &str = include_str!("../../presets/kinds.toml");
/// Where pre-commit is configured.
const HOOKS: &str = ".pre-commit-config.yaml";
/// The schema of lint.toml, from the folder of lint.toml: a file of the repository and no address, so that it says what the installed version takes.
const SCHEMA: &str = ".notegate/lint.schema.json";
/// Articles that are read to learn the keys of a site: more say nothing new.
const READ: usize = 2000;
/// Share of the articles with a key whose values must be what the key is taken for.
const AGREE: f64 = 0.8;
/// Roles whose keys the written file names.
const TOLD: &[&str] = &["published", "modified", "reviewed", "review-by", "expiry", "author", "reviewer", "draft", "noindex", "class", "source"];

impl Preset {
    const ALL: [Self; 3] = [Self::Editorial, Self::MarketResearch, Self::Documentation];

    const fn name(self) -> &'static str {
        match self {
            Self::MarketResearch => "market-research",
            Self::Editorial => "editorial",
            Self::Documentation => "documentation",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::MarketResearch => include_str!("../../presets/market-research.toml"),
            Self::Editorial => include_str!("../../presets/editorial.toml"),
            Self::Documentation => include_str!("../../presets/documentation.toml"),
        }
    }

    fn named(name: &str) -> Self {
        [Self::MarketResearch, Self::Documentation].into_iter().find(|preset| preset.name() == name).unwrap_or(Self::Editorial)
    }
}

/// What a folder is.
struct Kind {
    name: String,
    exclude: Vec<String>,
    preset: Preset,
}

/// What a key may stand for, by its name.
struct Guess {
    role: String,
    words: Vec<String>,
    holds: String,
}

/// What the headers of the articles hold.
#[derive(Default)]
struct Keys {
    articles: usize,
    /// Role → key as written → articles.
    known: BTreeMap<String, BTreeMap<String, usize>>,
    /// Role → key that the defaults do not know → articles.
    guessed: BTreeMap<String, BTreeMap<String, usize>>,
    /// Articles with a `source:` block, on which market research rests.
    snapshots: usize,
}

/// What is written besides `lint.toml`.
struct Plan {
    kind: Kind,
    preset: Preset,
    hook: bool,
    job: bool,
    baseline: bool,
}

/// Writes the files, or prints them. Returns the exit code.
pub fn run(args: &Init) -> Result<u8, Failure> {
    let folder = &args.folder;
    let shown = discover::reported(folder);
    if !folder.is_dir() {
        return Err(Failure::new(format!("`{shown}` is no folder"), "name the folder of the articles, or leave it out for the current one"));
    }
    let (kinds, guesses) = data();
    let (plan, keys) = plan(args, kinds, &guesses)?;
    let mut files = vec![("lint.toml", lint_toml(&plan.kind, &keys, plan.preset)), (SCHEMA, schema()?)];
    if plan.hook {
        files.push((HOOKS, hook()));
    }
    if plan.job {
        files.push((".github/workflows/notegate.yml", job()));
    }
    let mut out = format!("{} site, {} articles; preset {}\n", plan.kind.name, keys.articles, plan.preset.name());
    if args.print {
        for (name, text) in &files {
            let text = if *name == SCHEMA { "what `notegate schema config` prints\n" } else { text };
            let _ = write!(out, "\n==> {name}\n{text}");
        }
        if plan.baseline {
            let _ = write!(out, "\n==> {BASELINE}\nwhat `notegate baseline create` holds today\n");
        }
        return print(&out).map(|()| 0);
    }
    for (name, text) in &files {
        let path = folder.join(name);
        // the hooks of other tools stand in one file with ours: it is never thrown away
        let shared = *name == HOOKS;
        if path.exists() && (shared || !args.force) {
            let same = text_file(&path).is_ok_and(|old| old == *text);
            let why = if same {
                "it is the same"
            } else if shared {
                "it holds other hooks; `--print` shows what to add"
            } else {
                "it is there; `--force` writes it anew, `--print` shows what it would be"
            };
            let _ = writeln!(out, "kept     {name} ({why})");
            continue;
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| {
                Failure::new(format!("the folder `{}` could not be made: {error}", discover::reported(parent)), "check the rights of the folder above it")
            })?;
        }
        check::write_file(&path, |file| file.write_all(text.as_bytes()))?;
        let _ = writeln!(out, "written  {name}");
    }
    if plan.baseline {
        print(&out)?;
        out = baseline(args)?;
    }
    out.push_str("next     notegate check\n");
    print(&out).map(|()| 0)
}

/// What to write: as the flags say, else as a person at a terminal answers, else by what is there.
fn plan(args: &Init, kinds: Vec<(Kind, Vec<String>)>, guesses: &[Guess]) -> Result<(Plan, Keys), Failure> {
    let folder = &args.folder;
    let names: Vec<String> = kinds.iter().map(|(kind, _)| kind.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let given = |name: &String| {
        let number = names.iter().position(|known| known.eq_ignore_ascii_case(name));
        number.ok_or_else(|| Failure::new(format!("there is no kind of site `{name}`"), nearest_help(name, &names)))
    };
    let mut number = match &args.kind {
        Some(name) => given(name)?,
        None => kind_of(folder, &kinds),
    };
    let (stdin, stderr) = (std::io::stdin(), std::io::stderr());
    let at_terminal = stdin.is_terminal() && stderr.is_terminal() && !args.yes && !args.print;
    let (mut input, mut output) = (stdin.lock(), stderr.lock());
    let mut ask = at_terminal.then_some(Ask { input: &mut input, output: &mut output });
    let failed = |error: std::io::Error| Failure::new(format!("the terminal could not be read: {error}"), "`--yes` asks nothing");
    if let Some(ask) = ask.as_mut().filter(|_| args.kind.is_none()) {
        number = ask.choice("kind of site", &names, number).map_err(failed)?;
    }
    let (kind, _) = kinds.into_iter().nth(number).ok_or_else(|| Failure::new("no kind of site fits", "name one with `--kind`"))?;
    let keys = keys_of(folder, &kind, guesses)?;
    let by_itself = if keys.snapshots * 2 > keys.articles { Preset::MarketResearch } else { kind.preset };
    let mut plan = Plan { kind, preset: args.preset.unwrap_or(by_itself), hook: !args.config_only, job: !args.config_only, baseline: args.baseline };
    if let Some(ask) = &mut ask {
        if args.preset.is_none() {
            let presets = Preset::ALL.map(Preset::name);
            let offered = Preset::ALL.iter().position(|preset| *preset == by_itself).unwrap_or_default();
            plan.preset = Preset::ALL[ask.choice("preset", &presets, offered).map_err(failed)?];
        }
        if !args.config_only {
            plan.hook = ask.yes("write a pre-commit hook?", true).map_err(failed)?;
            plan.job = ask.yes("write a CI job for GitHub?", true).map_err(failed)?;
        }
        if !args.baseline && keys.articles > 0 && !folder.join(BASELINE).exists() {
            plan.baseline = ask.yes("hold what is wrong today, and tell only what is new from now on?", false).map_err(failed)?;
        }
    }
    Ok((plan, keys))
}

/// Holds what is wrong today. What is said about it.
fn baseline(args: &Init) -> Result<String, Failure> {
    let line = BaselineArgs {
        paths: vec![args.folder.clone()],
        baseline: Some(args.folder.join(BASELINE)),
        config: None,
        as_of: None,
        snapshot: None,
        exclude: Vec::new(),
        jobs: None,
    };
    let there = args.folder.join(BASELINE).exists();
    if there && !args.force {
        return Ok(format!("kept     {BASELINE} (it is there; `notegate baseline update` adds what is new)\n"));
    }
    baseline::run(&if there { BaselineCommand::Update(line) } else { BaselineCommand::Create(line) })?;
    Ok(String::new())
}

/// The JSON Schema of `lint.toml`, for editors that read the first line of it.
fn schema() -> Result<String, Failure> {
    Ok(crate::config::schema::schema(&Rulebook::embedded()?))
}

/// The shipped tables. They are read as strictly as any file, and a test reads them too.
fn data() -> (Vec<(Kind, Vec<String>)>, Vec<Guess>) {
    let problems = Problems::default();
    let parsed = parse(KINDS, &problems);
    let root = Table::root(&parsed, &problems);
    let texts = |table: &Table, key: &str| table.texts(key).unwrap_or_default().into_iter().map(|text| text.value).collect::<Vec<_>>();
    let kind = |table: &Table| {
        let preset = Preset::named(&table.required_text("preset").value);
        (Kind { name: table.required_text("name").value, exclude: texts(table, "exclude"), preset }, texts(table, "marks"))
    };
    let guess = |table: &Table| Guess { role: table.required_text("role").value, words: texts(table, "words"), holds: table.required_text("holds").value };
    (root.tables("kind").iter().map(kind).collect(), root.tables("guess").iter().map(guess).collect())
}

/// The first kind of which a mark is there; the last, which has none, fits everything.
fn kind_of(folder: &Path, kinds: &[(Kind, Vec<String>)]) -> usize {
    let names: Vec<String> =
        std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()).unwrap_or_default();
    let is_there = |mark: &String| match mark.strip_suffix('*') {
        Some(start) => names.iter().any(|name| name.starts_with(start)),
        None => folder.join(mark).exists(),
    };
    // old Hugo sites have a config.toml, which many other programs have too: only one that names `baseURL` counts
    let old_hugo = ["config.toml", "config.yaml", "config.yml"]
        .iter()
        .any(|name| text_file(&folder.join(name)).is_ok_and(|text| text.lines().any(|line| line.trim_start().to_lowercase().starts_with("baseurl"))));
    let fits = |(kind, marks): &(Kind, Vec<String>)| marks.is_empty() || marks.iter().any(is_there) || kind.name == "Hugo" && old_hugo;
    kinds.iter().position(fits).unwrap_or(kinds.len().saturating_sub(1))
}

/// Reads the headers of the articles with the default roles.
fn keys_of(folder: &Path, kind: &Kind, guesses: &[Guess]) -> Result<Keys, Failure> {
    // the configuration that is there may be the broken one that is to be replaced: the defaults read
    let project = Project::open(None)?;
    let desk = project.plain_desk();
    let outside = discover::patterns(&kind.exclude)?;
    let from = |path: &Path| discover::reported(path.strip_prefix(folder).unwrap_or(path));
    let found = discover::find(&[folder.to_owned()], &|path| outside.is_match(from(path)))?;
    let mut keys = Keys { articles: found.articles.len(), ..Keys::default() };
    // key → role → (articles that fit, all articles with it)
    let mut tried: BTreeMap<String, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    for path in found.articles.iter().take(READ) {
        let (Ok(bytes), Some(format)) = (found.read(path), Format::of(path)) else { continue };
        let source = SourceText::new(path.clone(), bytes);
        let document = engine::bare(&source, format, &desk.policy);
        for role in TOLD {
            if let Some(found) = document.metadata.get(role) {
                *keys.known.entry((*role).to_owned()).or_default().entry(found.key.clone()).or_default() += 1;
            }
        }
        keys.snapshots += usize::from(document.metadata.get("source").is_some_and(|found| !found.node.entries().is_empty()));
        let Some(root) = &document.front_matter.root else { continue };
        for (key, node) in keys_in(root) {
            let entry = tried.entry(key.clone()).or_default();
            entry.0 += 1;
            for guess in guesses {
                let name = plain_key(key.rsplit('.').next().unwrap_or(&key));
                let fits = guess.words.iter().any(|word| name.contains(word.as_str())) && holds(node, &guess.holds);
                if fits && document.metadata.get(&guess.role).is_none() {
                    *entry.1.entry(guess.role.as_str()).or_default() += 1;
                }
            }
        }
    }
    for (key, (articles, roles)) in tried {
        let best = guesses.iter().find(|guess| roles.get(guess.role.as_str()).is_some_and(|fit| *fit as f64 >= AGREE * articles as f64));
        if let Some(guess) = best {
            keys.guessed.entry(guess.role.clone()).or_default().insert(key, articles);
        }
    }
    Ok(keys)
}

/// Keys of a header and of the tables in it, parted by points.
fn keys_in(root: &Node) -> Vec<(String, &Node)> {
    let mut keys = Vec::new();
    for entry in root.entries().iter().filter(|entry| is_plain(&entry.key)) {
        keys.push((entry.key.clone(), &entry.node));
        let inner = entry.node.entries().iter().filter(|inner| is_plain(&inner.key));
        keys.extend(inner.map(|inner| (format!("{}.{}", entry.key, inner.key), &inner.node)));
    }
    keys
}

/// A key with a point or a control character in it cannot be named in `[roles]`.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && !key.contains('.') && printable(key) == key
}

fn holds(node: &Node, what: &str) -> bool {
    match (what, &node.value) {
        ("date", _) => node.text().is_some_and(|text| crate::date::parse(&text).is_ok()),
        ("truth", Value::Bool(_)) => true,
        ("name", Value::Text(text)) => text.chars().any(char::is_alphabetic) && text.split_whitespace().count() <= 6,
        ("name", Value::List(items)) => items.iter().any(|item| holds(item, "name")),
        _ => false,
    }
}

fn lint_toml(kind: &Kind, keys: &Keys, preset: Preset) -> String {
    let mut out = format!("#:schema ./{SCHEMA}\n# Written by `notegate init` for a {} site. `notegate config PATH` shows every value in force.\n", kind.name);
    let told = |known: &BTreeMap<String, usize>| known.iter().map(|(key, count)| format!("`{}` in {count}", printable(key))).collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "#\n# What the headers of {} articles hold:", keys.articles);
    for (role, known) in &keys.known {
        let _ = writeln!(out, "# * {role}: {}", told(known));
    }
    for (role, guessed) in &keys.guessed {
        let _ = writeln!(out, "# * {role}, by the look of it: {} (see [roles])", told(guessed));
    }
    for role in ["published", "author"].iter().filter(|role| !keys.known.contains_key(**role) && !keys.guessed.contains_key(**role)) {
        let _ = writeln!(out, "# * no key for the role `{role}` was found: name it under [roles] if there is one");
    }
    if !kind.exclude.is_empty() {
        let _ = writeln!(out, "\n[discover]\nexclude = {}", list(kind.exclude.iter().map(String::as_str)));
    }
    if !keys.guessed.is_empty() {
        out.push_str("\n# A list replaces the shipped one: what follows the first keys are the shipped ones that the articles use.\n[roles]\n");
        for (role, guessed) in &keys.guessed {
            let mut names: Vec<(&String, &usize)> = guessed.iter().collect();
            names.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
            let own = names.into_iter().map(|(name, _)| name.as_str());
            let shipped = keys.known.get(role).into_iter().flat_map(|known| known.keys().map(String::as_str));
            let _ = writeln!(out, "{role} = {}", list(own.chain(shipped)));
        }
    }
    let _ = write!(out, "\n{}", preset.text());
    out
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    toml::Value::Array(texts.map(|text| toml::Value::String(text.to_owned())).collect()).to_string()
}

/// A hook that needs no address of a repository: pre-commit installs the wheel.
fn hook() -> String {
    format!(
        "repos:\n  - repo: local\n    hooks:\n      - id: notegate\n        name: notegate\n        entry: notegate check\n        language: python\n        \
         additional_dependencies: [notegate=={}]\n        files: '(?i)\\.(md|markdown|mdx|html?|txt)$'\n        \
         exclude: '(?i)(^|/)(readme|changelog|licen[sc]e|contributing|code_of_conduct|security|requirements|robots)(\\.[^/]*)?$'\n        require_serial: true\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// A pull request answers for what it changes, the main branch for everything.
fn job() -> String {
    format!(
        "name: notegate\non:\n  pull_request:\n  push:\n    branches: [main]\npermissions:\n  contents: read\njobs:\n  articles:\n    runs-on: ubuntu-latest\n    \
         steps:\n      - uses: actions/checkout@v4\n        with:\n          # a pull request is a merge commit; the one before it is the tip of its target\n          fetch-depth: 2\n      \
         - run: pipx install notegate=={}\n      - run: notegate check $SINCE --format github --format github-summary=\"$RUNNER_TEMP/summary.md\"\n        \
         env:\n          SINCE: ${{{{ github.event_name == 'pull_request' && '--since=HEAD^1' || '' }}}}\n      \
         - if: always()\n        run: cat \"$RUNNER_TEMP/summary.md\" >>\"$GITHUB_STEP_SUMMARY\"\n",
        env!("CARGO_PKG_VERSION")
    )
}
