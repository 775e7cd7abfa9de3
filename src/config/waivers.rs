//! `[[waivers]]` and `[waiver-terms]` of `lint.toml`.

use globset::GlobSet;
use jiff::civil::Date;

use super::effective::{list, quoted};
use super::forms;
use crate::policy::{Policy, PolicyWaiver, WaiverTerms};
use crate::rulebook::Rulebook;
use crate::strict_toml::{At, Form, Problems, Table};
use crate::waiver;

/// A waiver as it is written.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The articles it is for.
    pub(super) paths: GlobSet,
    pub(super) patterns: Vec<String>,
    pub(super) rule: At<String>,
    pub(super) reason: String,
    pub(super) owner: Option<String>,
    pub(super) expires: Option<Date>,
    /// Where its line begins.
    pub(super) start: usize,
    line: u32,
}

/// What the file says about waivers.
#[derive(Clone, Debug, Default)]
pub(super) struct Waivers {
    pub written: Vec<Written>,
    pub owner_and_expiry: Option<At<Vec<String>>>,
    pub notice: Option<At<String>>,
}

impl Waivers {
    /// Reads both tables.
    pub(super) fn read(root: &Table, text: &str, rulebook: Option<&Rulebook>) -> Self {
        let mut waivers = Self::default();
        let known: Vec<&str> = rulebook.into_iter().flat_map(|rulebook| rulebook.ids()).collect();
        for table in root.tables("waivers") {
            waivers.written.extend(written(&table, text, &known));
        }
        if let Some(terms) = root.table("waiver-terms") {
            let ids = forms::check_ids();
            waivers.owner_and_expiry = terms.list_as("owner-and-expiry", &Form::one_of("check", &ids));
            waivers.notice = terms.text_as("notice", &forms::duration());
            terms.finish();
        }
        waivers
    }

    /// What the rules have against the waivers: unknown rules, and those that nobody may waive, or nobody without an owner.
    pub(super) fn problems(&self, rulebook: &Rulebook, terms: &WaiverTerms, problems: &Problems) {
        let policy = Policy { waiver_terms: terms.clone(), ..Policy::default() };
        for one in &self.written {
            let Err((id, detail)) = waiver::permitted(rulebook, &policy, &one.rule.value, one.owner.is_some(), one.expires.is_some()) else { continue };
            // the same words as in an article
            let Some(message) = rulebook.message(id) else { continue };
            let filled = |text: &str| text.replace("{detail}", &detail);
            problems.add(one.rule.span.clone(), filled(&message.message), Some(filled(&message.help)));
        }
    }

    /// Which of the waivers are for an article, by its path from the folder of the file.
    pub(super) fn fits<'w>(&'w self, seen: &'w str) -> impl Iterator<Item = bool> + 'w {
        self.written.iter().map(move |one| one.paths.is_match(seen))
    }

    /// Those that are for an article. `file`: the name of the file.
    pub(super) fn of<'w>(&'w self, seen: &'w str, file: Option<&'w str>) -> impl Iterator<Item = PolicyWaiver> + 'w {
        self.written.iter().filter(move |one| one.paths.is_match(seen)).map(move |one| one.policy(file))
    }

    /// All of them with the articles that each is for.
    pub(super) fn all<'w>(&'w self, file: Option<&'w str>) -> impl Iterator<Item = (PolicyWaiver, &'w GlobSet)> {
        self.written.iter().map(move |one| (one.policy(file), &one.paths))
    }

    /// Key, value and place of every setting of the file for an article.
    pub(super) fn effective(&self, seen: &str) -> Vec<(String, String, usize)> {
        let checks = self.owner_and_expiry.iter().map(|checks| ("waiver-terms.owner-and-expiry".to_owned(), list(&checks.value), checks.span.start));
        let notice = self.notice.iter().map(|notice| ("waiver-terms.notice".to_owned(), quoted(&notice.value), notice.span.start));
        let fitting = self.written.iter().filter(|one| one.paths.is_match(seen));
        let waived = fitting.map(|one| (format!("waivers.{}", quoted(&one.rule.value)), quoted(&one.reason), one.start));
        checks.chain(notice).chain(waived).collect()
    }
}

impl Written {
    fn policy(&self, file: Option<&str>) -> PolicyWaiver {
        PolicyWaiver {
            rule: self.rule.value.clone(),
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            expires: self.expires,
            file: file.map(str::to_owned),
            line: self.line,
        }
    }
}

fn written(table: &Table, text: &str, known: &[&str]) -> Option<Written> {
    let paths = forms::needed_paths(table, "a waiver without `paths` excuses nothing", "news/2024-05-silver.md");
    // which of them may be waived is asked later, in the words of the rules
    let rule = table.required_text_as("rule", &forms::filled().like(forms::any_of(known)));
    let reason = table.required_text_as("reason", &Form::of("reason", "---", "say why this may be", |text| text.chars().any(char::is_alphabetic)).like(r"\S"));
    let owner = table.text_as("owner", &forms::words()).map(|owner| owner.value);
    let expires = table.day("expires").map(|day| day.value);
    table.finish();
    let start = table.span().start;
    let line = text.get(..start).map_or(0, |before| before.matches('\n').count()) + 1;
    let (paths, patterns) = paths?;
    Some(Written { paths, patterns, rule, reason: reason.value, owner, expires, start, line: crate::span::offset(line) })
}
