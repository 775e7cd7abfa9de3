//! Rule files: TOML → tables of the rulebook. All problems of all files are reported at once, each with its place.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::anchor::FirstWords;
use super::lexicon::{Lexicons, MOST_LEXICONS, Names, Vocabulary, WordId, Written};
use super::operator::{CueKind, Operator};
use super::pattern::{self, Parsed, Pattern};
use super::rows::{CheckText, Facet, Message, Owner, Rule, WaiverRules};
use super::zones::{DEFAULT_ZONES, zone_named};
use crate::finding::Severity;
use crate::panel::{PIECES, Part};
use crate::policy::Params;
use crate::strict_toml::{At, Param, Problem, Problems, Table, nearest_help, parse};

/// A rule file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path, for messages.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What is wrong in one rule file.
#[derive(Debug)]
pub struct RuleFileError {
    /// The file.
    pub file: SourceFile,
    /// All its problems, in order.
    pub problems: Vec<Problem>,
}

/// A pattern that waits for its words.
struct Pending {
    owner: PendingOwner,
    file: usize,
    written: At<String>,
}

enum PendingOwner {
    Owner(Owner),
    Cue(CueKind),
}

#[derive(Default)]
struct Loader {
    lexicons: BTreeMap<String, Written>,
    /// The names each lexicon includes, with the number of its file.
    includes: Vec<(usize, Vec<At<String>>)>,
    pending: Vec<Pending>,
    book: Expanded,
}

/// All rules, read and expanded: plain tables, which are written down when notegate is built.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Expanded {
    pub(super) vocabulary: Vocabulary,
    pub(super) lexicons: Lexicons,
    pub(super) patterns: Vec<(Owner, Pattern)>,
    /// Those of facets on demand.
    pub(super) asked: Vec<(Owner, Pattern)>,
    pub(super) cues: Vec<(CueKind, Pattern)>,
    /// Words for per cent.
    pub(super) percent: Vec<WordId>,
    pub(super) rules: Vec<Rule>,
    pub(super) facets: Vec<Facet>,
    pub(super) messages: BTreeMap<String, Message>,
    pub(super) checks: BTreeMap<String, CheckText>,
    pub(super) panels: BTreeMap<String, Vec<Part>>,
    pub(super) params: Params,
    pub(super) waivers: WaiverRules,
    pub(super) digest: String,
}

impl Expanded {
    /// Reads rule files; later ones add rows, lexicons and parameters to earlier ones.
    ///
    /// # Errors
    /// Every file with a problem, each with all of its problems.
    pub fn read(files: Vec<SourceFile>) -> Result<Self, Vec<RuleFileError>> {
        // two lanes take the files one by one, the longest first
        let mut order: Vec<usize> = (0..files.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(files[*i].text.len()));
        let next = AtomicUsize::new(0);
        let lane = || {
            let mine = std::iter::from_fn(|| order.get(next.fetch_add(1, Ordering::Relaxed)));
            let read = |i: &usize| {
                let problems = Problems::default();
                (*i, (parse(&files[*i].text, &problems), problems))
            };
            mine.map(read).collect::<Vec<_>>()
        };
        let (mut parsed, more) = both(lane, lane);
        parsed.extend(more);
        parsed.sort_by_key(|(i, _)| *i);
        let (tables, problems): (Vec<_>, Vec<Problems>) = parsed.into_iter().map(|(_, parsed)| parsed).unzip();
        let mut loader = Loader::default();
        let mut digest = Sha256::new();
        for (i, (file, table)) in files.iter().zip(&tables).enumerate() {
            digest.update(file.path.as_bytes());
            digest.update([0]);
            digest.update(file.text.as_bytes());
            digest.update([0]);
            loader.file(i, file, &Table::root(table, &problems[i]));
        }
        drop(tables);
        loader.check_includes(&problems);
        let mut book = loader.compile(&problems);
        book.digest = crate::source::hex(&digest.finalize());
        let broken: Vec<RuleFileError> = files
            .into_iter()
            .zip(problems)
            .map(|(file, problems)| RuleFileError { file, problems: problems.into_sorted() })
            .filter(|error| !error.problems.is_empty())
            .collect();
        if broken.is_empty() { Ok(book) } else { Err(broken) }
    }
}

impl Loader {
    fn file(&mut self, number: usize, file: &SourceFile, root: &Table) {
        let check = root.table("check").map(|table| {
            let id = table.required_text("id").value;
            let known = self.book.checks.entry(id.clone()).or_default();
            let mut fill = |slot: fn(&mut CheckText) -> &mut String, key: &str| {
                if let Some(text) = table.text(key) {
                    *slot(known) = text.value;
                }
            };
            fill(|text| &mut text.claim, "claim");
            fill(|text| &mut text.why, "why");
            fill(|text| &mut text.evidence, "evidence");
            table.finish();
            id
        });
        let check = check.unwrap_or_default();
        if let Some(params) = root.table("params") {
            params_of(&params, &check, &mut self.book.params);
        }
        if let Some(lexicons) = root.table("lexicon") {
            for name in lexicons.names() {
                self.lexicon(number, &lexicons, &name);
            }
        }
        for row in root.tables("rule") {
            self.rule(number, file, &check, &row);
        }
        for row in root.tables("facet") {
            self.facet(number, &check, &row);
        }
        for row in root.tables("message") {
            self.message(&check, &row);
        }
        for row in root.tables("panel") {
            self.panel(&check, &row);
        }
        if let Some(waivers) = root.table("waivers") {
            self.book.waivers.add(&waivers);
        }
        for row in root.tables("cue") {
            self.cue(number, &row);
        }
        root.finish();
    }

    /// A piece of the evidence that panels show of a check.
    fn panel(&mut self, check: &str, row: &Table) {
        let text = row.required_text("text");
        let fact = |key: &str| row.text(key).map(|text| text.value);
        let part = Part { when: fact("when"), unless: fact("unless"), text: text.value };
        row.finish();
        if part.text.contains(PIECES) {
            row.problem(text.span, "`; ` parts the pieces of the evidence", Some("write two rows".to_owned()));
        } else if check.is_empty() {
            row.problem(row.span(), "this `[[panel]]` belongs to no check", Some("put it into a file that begins with `[check]`".to_owned()));
        } else {
            self.book.panels.entry(check.to_owned()).or_default().push(part);
        }
    }

    fn lexicon(&mut self, number: usize, lexicons: &Table, name: &At<String>) {
        let Some(table) = lexicons.table(&name.value) else { return };
        let values = |key: &str| table.texts(key).unwrap_or_default();
        let plain = |texts: Vec<At<String>>| texts.into_iter().map(|text| text.value).collect();
        let _ = table.text("about");
        let include = values("include");
        let written = Written {
            verbs: plain(values("verbs")),
            nouns: plain(values("nouns")),
            words: plain(values("words")),
            include: include.iter().map(|text| text.value.clone()).collect(),
        };
        table.finish();
        if self.lexicons.contains_key(&name.value) {
            table.problem(name.span.clone(), format!("there is a lexicon `{}` already", name.value), Some("choose another name".to_owned()));
        } else if self.lexicons.len() >= MOST_LEXICONS {
            table.problem(name.span.clone(), format!("more than {MOST_LEXICONS} lexicons"), None);
        }
        self.includes.push((number, include));
        self.lexicons.insert(name.value.clone(), written);
    }

    fn check_includes(&self, problems: &[Problems]) {
        for (number, include) in &self.includes {
            for other in include {
                if !self.lexicons.contains_key(&other.value) {
                    let known: Vec<&str> = self.lexicons.keys().map(String::as_str).collect();
                    problems[*number].add(other.span.clone(), format!("there is no lexicon `{}`", other.value), Some(nearest_help(&other.value, &known)));
                }
            }
        }
    }

    fn rule(&mut self, number: usize, file: &SourceFile, check: &str, row: &Table) {
        let id = row.required_text("id");
        let full = if check.is_empty() { id.value.clone() } else { format!("{check}/{}", id.value) };
        let check = full.split('/').next().unwrap_or_default().to_owned();
        if !full.contains('/') || !self.book.checks.contains_key(&check) {
            let known: Vec<&str> = self.book.checks.keys().map(String::as_str).collect();
            row.problem(
                id.span.clone(),
                format!("the rule `{full}` belongs to no check"),
                Some(format!("begin the file with `[check]` and `id`, or write `id = \"<check>/{}\"`; {}", id.value, nearest_help(&check, &known))),
            );
        }
        if self.book.rules.iter().any(|rule| rule.id == full) {
            row.problem(id.span.clone(), format!("there is a rule `{full}` already"), Some("rule ids are never used twice".to_owned()));
        }
        let rule = Rule {
            id: full,
            check,
            family: row.text("family").map(|text| text.value),
            severity: severity(row),
            zones: zones(row),
            excuse: operators(row, "excuse"),
            soften: operators(row, "soften"),
            message: row.required_text("message").value,
            why: row.required_text("why").value,
            help: row.required_text("help").value,
            hit: sentences(row, "hit", true),
            miss: sentences(row, "miss", true),
            file: file.path.clone(),
        };
        let owner = Owner::Rule(self.book.rules.len());
        self.book.rules.push(rule);
        self.patterns(number, row, || PendingOwner::Owner(owner));
        row.finish();
    }

    fn facet(&mut self, number: usize, check: &str, row: &Table) {
        let name = format!("{check}/{}", row.required_text("name").value);
        let _ = row.text("about");
        let on_demand = row.truth("on-demand").is_some_and(|yes| yes.value);
        let facet = Facet {
            name,
            on_demand,
            zones: zones(row),
            excuse: operators(row, "excuse"),
            hit: sentences(row, "hit", false),
            miss: sentences(row, "miss", false),
        };
        let owner = Owner::Facet(self.book.facets.len());
        self.book.facets.push(facet);
        self.patterns(number, row, || PendingOwner::Owner(owner));
        row.finish();
    }

    fn message(&mut self, check: &str, row: &Table) {
        let id = row.required_text("id");
        let full = if check.is_empty() { id.value.clone() } else { format!("{check}/{}", id.value) };
        let message = Message {
            id: full.clone(),
            severity: severity(row),
            message: row.required_text("message").value,
            why: row.required_text("why").value,
            help: row.required_text("help").value,
            fix: row.text("fix").map(|text| text.value),
            families: row.texts("families").unwrap_or_default().into_iter().map(|text| text.value).collect(),
        };
        if self.book.messages.insert(full.clone(), message).is_some() {
            row.problem(id.span, format!("there is a message `{full}` already"), None);
        }
        row.finish();
    }

    fn cue(&mut self, number: usize, row: &Table) {
        let operator = row.required_text("operator");
        let _ = row.text("about");
        let Some(kind) = CueKind::named(&operator.value) else {
            let known: Vec<&str> = Operator::ALL.iter().map(|(_, name)| *name).chain(["question-word", "answer", "compound"]).collect();
            row.problem(operator.span, format!("there is no operator `{}`", operator.value), Some(nearest_help(&operator.value, &known)));
            return;
        };
        self.patterns(number, row, || PendingOwner::Cue(kind));
        row.finish();
    }

    fn patterns(&mut self, number: usize, row: &Table, owner: impl Fn() -> PendingOwner) {
        let patterns = row.texts("patterns").unwrap_or_default();
        if patterns.is_empty() {
            row.problem(row.span(), "a row without `patterns` can never match", None);
        }
        self.pending.extend(patterns.into_iter().map(|written| Pending { owner: owner(), file: number, written }));
    }

    fn compile(self, problems: &[Problems]) -> Expanded {
        let Self { lexicons: written, pending, mut book, .. } = self;
        let names = Names::of(&written);
        // read side by side: most patterns with a vocabulary of their own, and the lexicons with the other patterns
        let read = |some: &[Pending], vocabulary: &mut Vocabulary| -> Vec<Result<Parsed, (usize, String)>> {
            some.iter().map(|pending| pattern::parse(&pending.written.value, &names, vocabulary)).collect()
        };
        let (most, others) = pending.split_at(pending.len() * 2 / 3);
        let ((mut first, own_words), (lexicons, mut vocabulary, second)) = both(
            || {
                let mut vocabulary = Vocabulary::default();
                (read(most, &mut vocabulary), vocabulary)
            },
            || {
                let mut vocabulary = Vocabulary::default();
                let lexicons = Lexicons::compile(&written, &mut vocabulary);
                let parsed = read(others, &mut vocabulary);
                (lexicons, vocabulary, parsed)
            },
        );
        let numbers = vocabulary.absorb(&own_words);
        first.iter_mut().flatten().for_each(|parsed| parsed.renumber(&numbers));
        first.extend(second);
        let lane = |lane: Vec<Result<Parsed, (usize, String)>>| {
            let mut known = FirstWords::default();
            lane.into_iter().map(|parsed| parsed.map(|parsed| parsed.compile(&lexicons, &vocabulary, &mut known))).collect::<Vec<_>>()
        };
        let second = first.split_off(first.len() / 2);
        let (mut compiled, more) = both(|| lane(first), || lane(second));
        compiled.extend(more);
        for (pending, compiled) in pending.into_iter().zip(compiled) {
            match compiled {
                Ok(compiled) => match pending.owner {
                    PendingOwner::Owner(Owner::Facet(facet)) if book.facets[facet].on_demand => book.asked.push((Owner::Facet(facet), compiled)),
                    PendingOwner::Owner(owner) => book.patterns.push((owner, compiled)),
                    PendingOwner::Cue(kind) => book.cues.push((kind, compiled)),
                },
                Err((at, message)) => {
                    let span = &pending.written.span;
                    let start = (span.start + 1 + at).min(span.end);
                    problems[pending.file].add(start..span.end, message, Some(format!("in the pattern `{}`", pending.written.value)));
                }
            }
        }
        book.percent = ["percent", "pct", "per-cent"].iter().map(|word| vocabulary.intern(word)).collect();
        book.vocabulary = vocabulary;
        book.lexicons = lexicons;
        book
    }
}

/// Does two things side by side, the first of them here: a short run does little else than reading rules, and a pool of threads would
/// cost it more.
pub(super) fn both<A, B: Send>(here: impl FnOnce() -> A, beside: impl FnOnce() -> B + Send) -> (A, B) {
    std::thread::scope(|scope| {
        let beside = scope.spawn(beside);
        let here = here();
        match beside.join() {
            Ok(beside) => (here, beside),
            Err(cause) => std::panic::resume_unwind(cause),
        }
    })
}

fn severity(row: &Table) -> Severity {
    let written = row.required_text("severity");
    Severity::parse(&written.value).unwrap_or_else(|| {
        if !written.value.is_empty() {
            row.problem(written.span, format!("`{}` is no severity", written.value), Some("write error, warning or note".to_owned()));
        }
        Severity::Note
    })
}

fn zones(row: &Table) -> u16 {
    let Some(names) = row.texts("zones") else { return DEFAULT_ZONES };
    names.into_iter().fold(0, |bits, name| {
        bits | zone_named(&name.value).unwrap_or_else(|| {
            row.problem(
                name.span,
                format!("there is no zone `{}`", name.value),
                Some(nearest_help(&name.value, &["title", "heading", "body", "table", "quote", "reference"])),
            );
            0
        })
    })
}

fn operators(row: &Table, key: &str) -> Vec<Operator> {
    let known: Vec<&str> = Operator::ALL.iter().map(|(_, name)| *name).collect();
    row.texts(key)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|name| {
            let operator = Operator::named(&name.value);
            if operator.is_none() {
                row.problem(name.span, format!("there is no operator `{}`", name.value), Some(nearest_help(&name.value, &known)));
            }
            operator
        })
        .collect()
}

fn sentences(row: &Table, key: &str, required: bool) -> Vec<String> {
    let sentences: Vec<String> = row.texts(key).unwrap_or_default().into_iter().map(|text| text.value).collect();
    if required && sentences.is_empty() {
        row.problem(row.span(), format!("a rule needs at least one sentence under `{key}`"), None);
    }
    sentences
}

fn params_of(table: &Table, check: &str, params: &mut Params) {
    let known = params.entry(check.to_owned()).or_default();
    for name in table.names() {
        if let Some(param) = table.param(&name.value) {
            if let Param::Text(text) = &param.value
                && (name.value.starts_with("window-") || name.value.ends_with("-within"))
                && crate::date::duration(text).is_none()
            {
                table.problem(param.span, format!("`{text}` is no duration"), Some("write `90 days`, `6 months` or `1 year`".to_owned()));
                continue;
            }
            known.insert(name.value, param.value);
        }
    }
}
