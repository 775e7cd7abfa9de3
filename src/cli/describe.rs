//! `explain`, `rules`, `config`: what the rulebook and the configuration say.

use std::fmt::Write;
use std::path::Path;

use super::args::{Explain, Rules, ShowConfig};
use super::fail::Failure;
use super::project::{self, Project};
use crate::checks::{self, CHECKS};
use crate::rulebook::{Message, Rule, Rulebook};
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
                explain_rule(&mut out, rule);
            } else if let Some(message) = book.message(id) {
                explain_message(&mut out, message);
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

fn explain_rule(out: &mut String, rule: &Rule) {
    let _ = writeln!(out, "{}  ({}, {})", rule.id, rule.severity.as_str(), rule.file);
    let _ = writeln!(out, "  says      {}", rule.message);
    let _ = writeln!(out, "  why       {}", rule.why);
    let _ = writeln!(out, "  clear it  {}", rule.help);
    let names = |operators: &[crate::rulebook::context::Operator]| operators.iter().map(|operator| operator.name()).collect::<Vec<_>>().join(", ");
    if !rule.excuse.is_empty() {
        let _ = writeln!(out, "  excused by    {}", names(&rule.excuse));
    }
    if !rule.soften.is_empty() {
        let _ = writeln!(out, "  softened by   {}", names(&rule.soften));
    }
    for text in &rule.hit {
        let _ = writeln!(out, "  + {text}");
    }
    for text in &rule.miss {
        let _ = writeln!(out, "  - {text}");
    }
}

fn explain_message(out: &mut String, message: &Message) {
    let _ = writeln!(out, "{}  ({})", message.id, message.severity.as_str());
    let _ = writeln!(out, "  says      {}", message.message);
    let _ = writeln!(out, "  why       {}", message.why);
    let _ = writeln!(out, "  clear it  {}", message.help);
}

/// Lists rules, a line each.
pub fn rules(args: &Rules) -> Result<u8, Failure> {
    let project = Project::open(args.config.as_deref())?;
    let loaded = project.of(Path::new("."))?;
    let book = &loaded.rulebook;
    if let Some(check) = args.check.as_deref().filter(|check| checks::find(check).is_none()) {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        return Err(Failure::new(format!("there is no check `{check}`"), nearest_help(check, &known)));
    }
    let mut rows: Vec<(String, &str, &str)> = book.rules.iter().map(|rule| (rule.id.clone(), rule.severity.as_str(), rule.message.as_str())).collect();
    rows.extend(book.messages().map(|message| (message.id.clone(), message.severity.as_str(), message.message.as_str())));
    rows.retain(|(id, ..)| args.check.as_ref().is_none_or(|check| id.starts_with(&format!("{check}/"))));
    rows.sort();
    let width = rows.iter().map(|(id, ..)| id.len()).max().unwrap_or(0);
    let out = rows.iter().fold(String::new(), |mut out, (id, severity, message)| {
        let _ = writeln!(out, "{id:<width$}  {severity:<8} {message}");
        out
    });
    super::print(&out).map(|()| 0)
}

/// Prints the effective configuration of a path as TOML keys, each with its origin.
pub fn config(args: &ShowConfig) -> Result<u8, Failure> {
    let project = Project::open(args.config.as_deref())?;
    if !args.path.exists() {
        return Err(Failure::new(format!("`{}` does not exist", crate::discover::reported(&args.path)), "name an article or a folder"));
    }
    let loaded = project.of(&args.path)?;
    let relative = project::relative(&loaded.config, &args.path);
    let mut out = String::new();
    for value in loaded.config.effective(&relative, &loaded.rulebook) {
        if args.only.as_ref().is_none_or(|only| value.key.starts_with(only.as_str())) {
            let _ = writeln!(out, "{} = {}  # {}", value.key, value.value, value.origin);
        }
    }
    super::print(&out).map(|()| 0)
}
