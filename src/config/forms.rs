//! The forms of what `lint.toml` holds.

use crate::checks::CHECKS;
use crate::classify::CLASSES;
use crate::discover;
use crate::document::Selector;
use crate::strict_toml::{Form, Table};

/// Severities, and what switches a rule off.
const SEVERITIES: &[&str] = &["error", "warning", "note", "off"];
/// Ceilings of a check.
const CEILINGS: &[&str] = &["pass", "limited", "fail"];

/// A content class.
pub(super) fn class() -> Form<'static> {
    Form::one_of("content class", CLASSES)
}

/// A severity, or `off`.
pub(super) fn severity() -> Form<'static> {
    Form::one_of("severity", SEVERITIES)
}

/// The worst status that a check may give.
pub(super) fn ceiling() -> Form<'static> {
    Form::one_of("ceiling", CEILINGS)
}

/// The ids of the checks.
pub(super) fn check_ids() -> Vec<&'static str> {
    CHECKS.iter().map(|check| check.id).collect()
}

/// `90 days`.
pub(super) fn duration() -> Form<'static> {
    let help = "write `\"90 days\"`, `\"6 months\"` or `\"1 year\"`";
    Form::of("duration", "soon", help, |text| crate::date::duration(text).is_some())
        .like(r"^\s*[0-9]+\s*([dDwWmMyY]|[dD]ays?|[wW]eeks?|[mM]onths?|[yY]ears?)\s*$")
}

/// A tag such as `en` or `pt-BR`.
pub(super) fn language() -> Form<'static> {
    let is_tag = |text: &str| {
        let mut parts = text.split(['-', '_']);
        let first = parts.next().is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic()));
        first && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    Form::of("language tag", "English, mostly", "write a tag such as `en` or `pt-BR`", is_tag).like("^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$")
}

/// A part of a page: `article`, `.entry-content`.
pub(super) fn selector() -> Form<'static> {
    let help = "write `article`, `.entry-content`, `#post` or `[role=main]`";
    Form::because("part of a page", "main > p", help, |text| Selector::parse(text).map(drop)).like(r"\S")
}

/// A host, with a path behind it where only a part of it is meant: `example.org`, `search.example.org/web`.
pub(super) fn host() -> Form<'static> {
    let help = "write the host alone, such as `example.org`; a path may follow it";
    let is_host = |text: &str| {
        let host = text.split('/').next().unwrap_or_default();
        let (name, port) = host.split_once(':').unwrap_or((host, "0"));
        !name.is_empty() && !text.contains(char::is_whitespace) && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    Form::of("host", "https://example.org", help, is_host).like(r"^[^\s/:]+(:[0-9]+)?(/\S*)?$")
}

/// A pattern of paths: `news/**`.
pub(super) fn pattern() -> Form<'static> {
    let help = "write patterns as in .gitignore: `drafts/`, `news/**`, `*.draft.md`";
    Form::because("path pattern", "[", help, |text| {
        if text.trim().is_empty() {
            return Err(String::new());
        }
        discover::patterns(&[text.to_owned()]).map(drop).map_err(|error| match error {
            discover::DiscoverError::Pattern { reason, .. } => reason,
            other => other.to_string(),
        })
    })
    .like(r"\S")
}

/// The path of a file that another extends.
pub(super) fn extends() -> Form<'static> {
    let help = "write a path from the folder of this file, such as `../lint.toml`";
    let is_relative = |text: &str| !text.trim().is_empty() && !text.starts_with(['/', '\\', '~']) && !text.contains(':');
    Form::of("path from the folder of this file", "/etc/lint.toml", help, is_relative).like(r"^[^/~:]+[^:]*$")
}

/// A text with something in it.
pub(super) fn filled() -> Form<'static> {
    Form::filled()
}

/// The path of a key in a header: `author`, `source.captured`.
pub(super) fn key_path() -> Form<'static> {
    let is_path = |text: &str| text.split('.').all(|part| !part.trim().is_empty());
    Form::of("key of a header", "author.", "write `author`, or `source.captured` for a key inside another", is_path).like(r"^[^.]+(\.[^.]+)*$")
}

/// A regular expression for one of many ids; for any, where none is known.
pub(super) fn any_of(ids: &[&str]) -> String {
    if ids.is_empty() { "^[a-z0-9-]+/[a-z0-9-]+$".to_owned() } else { format!("^({})$", ids.join("|")) }
}

/// Words: a reason, a name.
pub(super) fn words() -> Form<'static> {
    Form::of("words", "---", "write it in words", |text| text.chars().any(char::is_alphanumeric)).like(r"\S")
}

/// `paths` of a table of a list, without which it is about nothing, and the patterns as written. `what`: what it would do without.
pub(super) fn needed_paths(table: &Table, what: &str, example: &str) -> Option<(globset::GlobSet, Vec<String>)> {
    let paths = table.list_as("paths", &pattern()).map(|patterns| patterns.value).unwrap_or_default();
    table.require();
    if paths.is_empty() {
        table.problem(table.span(), what, Some(format!("write `paths = [\"{example}\"]`")));
    }
    discover::patterns(&paths).ok().map(|set| (set, paths))
}
