//! `explain`, `rules`, `config`: what the rulebook and the configuration say.

use std::fmt::Write;
use std::path::Path;

use super::args::{Explain, Rules, RulesFormat};
use super::fail::Failure;
use super::project::Project;
use crate::cases::{self, Recorded, Tally};
use crate::checks::{self, CHECKS};
use crate::rulebook::{Message, Rule, Rulebook, Waivable};
use crate::strict_toml::nearest_help;

/// Says what a rule or check looks for.
pub fn explain(args: &Explain) -> Result<u8, Failure> {
    let project = Project::open(args.config.as_deref())?;
    let loaded = project.of(Path::new("."))?;
    let book = &loaded.rulebook;
    let mut out = String::new();
    match args.rule.as_deref() {
        None => {
            for check in CHECKS {
                explain_check(&mut out, book, check.id);
            }
        }
        Some(id) if checks::find(id).is_some() => explain_check(&mut out, book, id),
        Some(id) => {
            let rule = book.rules.iter().find(|rule| rule.id == id);
            if let Some(rule) = rule {
                explain_rule(&mut out, book, rule);
            } else if let Some(message) = book.message(id) {
                explain_message(&mut out, book, message);
            } else {
                let known: Vec<&str> = book
                    .rules
                    .iter()
                    .map(|rule| rule.id.as_str())
                    .chain(book.messages().map(|message| message.id.as_str()))
                    .chain(CHECKS.iter().map(|check| check.id))
                    .collect();
                let nearest = nearest_help(id, &known);
                let help = if nearest.starts_with("did you") { nearest } else { "`notegate rules` lists all of them".to_owned() };
                return Err(Failure::new(format!("there is no rule or check `{id}`"), help));
            }
        }
    }
    super::print(&out).map(|()| 0)
}

fn explain_check(out: &mut String, book: &Rulebook, id: &str) {
    let text = book.check(id);
    let _ = writeln!(out, "{id}\n  claim  {}\n  why    {}\n  rules  {}\n", text.claim, text.why, ids_of(book, id).join(", "));
}

fn ids_of(book: &Rulebook, check: &str) -> Vec<String> {
    let prefix = format!("{check}/");
    let mut ids: Vec<String> = book
        .rules
        .iter()
        .map(|rule| &rule.id)
        .chain(book.messages().map(|message| &message.id))
        .filter_map(|id| id.strip_prefix(&prefix).map(str::to_owned))
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

fn explain_rule(out: &mut String, book: &Rulebook, rule: &Rule) {
    let _ = writeln!(out, "{}  ({}, {})", rule.id, rule.severity.as_str(), rule.file);
    let _ = writeln!(out, "  claim     {}", book.check(&rule.check).claim);
    let _ = writeln!(out, "  says      {}", rule.message);
    let _ = writeln!(out, "  why       {}", rule.why);
    let _ = writeln!(out, "  clear it  {}", rule.help);
    waivable(out, book, &rule.id);
    let names = |operators: &[crate::rulebook::context::Operator]| operators.iter().map(|operator| operator.name()).collect::<Vec<_>>().join(", ");
    if !rule.excuse.is_empty() {
        let _ = writeln!(out, "  excused by    {}", names(&rule.excuse));
    }
    if !rule.soften.is_empty() {
        let _ = writeln!(out, "  softened by   {}", names(&rule.soften));
    }
    let families: Vec<&str> = rule.family.as_deref().into_iter().collect();
    for line in measured(&rule.id, &families) {
        let _ = writeln!(out, "  measured  {line}");
    }
    for text in &rule.hit {
        let _ = writeln!(out, "  + {text}");
    }
    for text in &rule.miss {
        let _ = writeln!(out, "  - {text}");
    }
}

fn explain_message(out: &mut String, book: &Rulebook, message: &Message) {
    let _ = writeln!(out, "{}  ({})", message.id, message.severity.as_str());
    let claim = &book.check(message.id.split('/').next().unwrap_or_default()).claim;
    if !claim.is_empty() {
        let _ = writeln!(out, "  claim     {claim}");
    }
    let _ = writeln!(out, "  says      {}", message.message);
    let _ = writeln!(out, "  why       {}", message.why);
    let _ = writeln!(out, "  clear it  {}", message.help);
    waivable(out, book, &message.id);
    let families: Vec<&str> = message.families.iter().map(String::as_str).collect();
    for line in measured(&message.id, &families) {
        let _ = writeln!(out, "  measured  {line}");
    }
}

/// What may not be excused says so.
fn waivable(out: &mut String, book: &Rulebook, rule: &str) {
    let told = match book.waivable(rule) {
        Waivable::Always => return,
        Waivable::NotAsError => "where it is an error, no waiver and no baseline excuses it",
        Waivable::Never => "no waiver and no baseline excuses it",
    };
    let _ = writeln!(out, "  waivers   {told}");
}

/// What the labelled cases of the repository say about a rule: the rule itself, and each family it speaks for.
fn measured(rule: &str, families: &[&str]) -> Vec<String> {
    let Recorded { file } = cases::measured();
    let mut lines = Vec::new();
    for family in families {
        let all = file.iter().filter_map(|set| set.families.get(*family)).fold(Tally::default(), |sum, tally| sum.plus(tally));
        if all.cases > 0 {
            lines.push(format!("family {family}: {}", shares(&all)));
        }
    }
    let cases: usize = file.iter().map(|set| set.all.cases).sum();
    let of_rule = || file.iter().filter_map(|set| set.rules.get(rule));
    let (fired, right) = of_rule().fold((0, 0), |(fired, right), tally| (fired + tally.fired, right + tally.right));
    if fired > 0 {
        lines.push(format!("this rule: fired in {fired} of {cases} cases, rightly in {right}"));
    } else if !lines.is_empty() {
        lines.push(format!("this rule: fired in none of {cases} cases"));
    }
    lines
}

fn shares(tally: &Tally) -> String {
    let [precision, recall] = [tally.precision().value(), tally.recall().value()];
    format!("precision {precision:.2}, recall {recall:.2} over {} labelled cases", tally.cases)
}

/// Lists rules, a line each, or as a reference.
pub fn rules(args: &Rules) -> Result<u8, Failure> {
    let project = Project::open(args.config.as_deref())?;
    let loaded = project.of(Path::new("."))?;
    let book = &loaded.rulebook;
    if let Some(check) = args.check.as_deref().filter(|check| checks::find(check).is_none()) {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        return Err(Failure::new(format!("there is no check `{check}`"), nearest_help(check, &known)));
    }
    let wanted = |id: &str| args.check.as_ref().is_none_or(|check| id.starts_with(&format!("{check}/")));
    let out = match args.format {
        RulesFormat::Terminal => rows(book, &wanted),
        RulesFormat::Markdown => reference(book, &wanted),
    };
    super::print(&out).map(|()| 0)
}

fn rows(book: &Rulebook, wanted: &dyn Fn(&str) -> bool) -> String {
    let mut rows: Vec<(String, &str, &str)> = book.rules.iter().map(|rule| (rule.id.clone(), rule.severity.as_str(), rule.message.as_str())).collect();
    rows.extend(book.messages().map(|message| (message.id.clone(), message.severity.as_str(), message.message.as_str())));
    rows.retain(|(id, ..)| wanted(id));
    rows.sort();
    let width = rows.iter().map(|(id, ..)| id.len()).max().unwrap_or(0);
    rows.iter().fold(String::new(), |mut out, (id, severity, message)| {
        let _ = writeln!(out, "{id:<width$}  {severity:<8} {message}");
        out
    })
}

/// Sentences of a kind that the reference shows of each rule.
const SHOWN: usize = 3;

/// All rules as a page of Markdown, by check.
fn reference(book: &Rulebook, wanted: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::from(
        "# Rules\n\nWritten by `notegate rules --format markdown`; what is wrong here is wrong in `rules/`. Sentences behind `+` raise the rule, those behind `-` do\n\
         not; the tests prove both. Figures are those of `tests/cases/generalisation.md` ([case-files.md](case-files.md)). Operators are explained in\n\
         [rule-language.md](rule-language.md).\n",
    );
    for check in CHECKS.iter().filter(|check| wanted(&format!("{}/", check.id))) {
        let text = book.check(check.id);
        let _ = writeln!(out, "\n## {}\n\n{}", check.id, text.claim);
        if !text.why.is_empty() {
            let _ = writeln!(out, "Why: {}.", text.why);
        }
        for rule in book.rules.iter().filter(|rule| rule.check == check.id) {
            entry(&mut out, &rule.id, rule.severity.as_str(), [&rule.message, &rule.why, &rule.help]);
            let names = |operators: &[crate::rulebook::context::Operator]| operators.iter().map(|operator| operator.name()).collect::<Vec<_>>().join(", ");
            if !rule.excuse.is_empty() {
                let _ = writeln!(out, "- excused by: {}", names(&rule.excuse));
            }
            if !rule.soften.is_empty() {
                let _ = writeln!(out, "- softened by: {}", names(&rule.soften));
            }
            let families: Vec<&str> = rule.family.as_deref().into_iter().collect();
            for line in measured(&rule.id, &families) {
                let _ = writeln!(out, "- measured, {line}");
            }
            for (sign, sentences) in [('+', &rule.hit), ('-', &rule.miss)] {
                for sentence in sentences.iter().take(SHOWN) {
                    let _ = writeln!(out, "- `{sign}` {}", code(sentence));
                }
            }
        }
        let prefix = format!("{}/", check.id);
        for message in book.messages().filter(|message| message.id.starts_with(&prefix)) {
            entry(&mut out, &message.id, message.severity.as_str(), [&message.message, &message.why, &message.help]);
            let families: Vec<&str> = message.families.iter().map(String::as_str).collect();
            for line in measured(&message.id, &families) {
                let _ = writeln!(out, "- measured, {line}");
            }
        }
    }
    out
}

fn entry(out: &mut String, id: &str, severity: &str, [says, why, clears]: [&str; 3]) {
    let _ = writeln!(out, "\n### {id}\n\n- severity: {severity}\n- says: {}\n- why: {}\n- clear it: {}", code(says), code(why), code(clears));
}

/// A text as Markdown shows it letter by letter.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("{fence}{text}{fence}") } else { format!("{fence} {text} {fence}") }
}
