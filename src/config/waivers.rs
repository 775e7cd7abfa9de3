//! `[[waivers]]` and `[waiver-terms]` of `lint.toml`.

use globset::GlobSet;
use jiff::civil::Date;

use super::{forms, quoted};
use crate::policy::{Policy, PolicyWaiver, WaiverTerms};
use crate::rulebook::Rulebook;
use crate::strict_toml::{At, Form, Problems, Table};
use crate::waiver;

/// A waiver as it is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The articles it is for.
    paths: GlobSet,
    rule: At<String>,
    reason: String,
    owner: Option<String>,
    expires: Option<Date>,
    /// Where its line begins.
    start: usize,
    line: u32,
}

/// What the file says about waivers.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    written: Vec<Written>,
    owner_and_expiry: Option<At<Vec<String>>>,
    notice: Option<At<String>>,
}

impl Waivers {
    /// Reads both tables.
    pub(super) fn read(root: &Table, text: &str) -> Self {
        let mut waivers = Self::default();
        for table in root.tables("waivers") {
            waivers.written.extend(written(&table, text));
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
    pub(super) fn problems(&self, rulebook: &Rulebook, problems: &Problems) {
        let policy = Policy { waiver_terms: self.terms(rulebook), ..Policy::default() };
        for one in &self.written {
            let Err((id, detail)) = waiver::permitted(rulebook, &policy, &one.rule.value, one.owner.is_some(), one.expires.is_some()) else { continue };
            // the same words as in an article
            let Some(message) = rulebook.message(id) else { continue };
            let filled = |text: &str| text.replace("{detail}", &detail);
            problems.add(one.rule.span.clone(), filled(&message.message), Some(filled(&message.help)));
        }
    }

    /// What waivers must say.
    pub(super) fn terms(&self, rulebook: &Rulebook) -> WaiverTerms {
        let notice = self.notice.as_ref().map_or(rulebook.waivers.notice.as_str(), |notice| notice.value.as_str());
        WaiverTerms {
            owner_and_expiry: self.owner_and_expiry.as_ref().map_or_else(|| rulebook.waivers.owner_and_expiry.clone(), |checks| checks.value.clone()),
            notice: crate::date::duration(notice).unwrap_or_default(),
        }
    }

    /// Which of the waivers are for an article.
    pub(super) fn fits<'w>(&'w self, relative: &'w str) -> impl Iterator<Item = bool> + 'w {
        self.written.iter().map(move |one| one.paths.is_match(relative))
    }

    /// Those that fit, by the answers of [`Self::fits`].
    pub(super) fn policy(&self, fits: &[bool]) -> Vec<PolicyWaiver> {
        self.written.iter().zip(fits).filter(|(_, fits)| **fits).map(|(one, _)| one.policy()).collect()
    }

    /// All of them with the articles that each is for.
    pub fn all(&self) -> impl Iterator<Item = (PolicyWaiver, &GlobSet)> {
        self.written.iter().map(|one| (one.policy(), &one.paths))
    }

    /// Key, value and place of every setting in force for an article; a place of `None` is a default.
    pub(super) fn effective(&self, relative: &str, rulebook: &Rulebook) -> Vec<(String, String, Option<usize>)> {
        let checks = self.owner_and_expiry.as_ref();
        let owned = checks.map_or(&rulebook.waivers.owner_and_expiry, |checks| &checks.value);
        let notice = self.notice.as_ref();
        let mut all = vec![
            ("waiver-terms.owner-and-expiry".to_owned(), super::list(owned), checks.map(|checks| checks.span.start)),
            (
                "waiver-terms.notice".to_owned(),
                quoted(notice.map_or(rulebook.waivers.notice.as_str(), |notice| notice.value.as_str())),
                notice.map(|notice| notice.span.start),
            ),
        ];
        let fitting = self.written.iter().filter(|one| one.paths.is_match(relative));
        all.extend(fitting.map(|one| (format!("waivers.{}", quoted(&one.rule.value)), quoted(&one.reason), Some(one.start))));
        all
    }
}

impl Written {
    fn policy(&self) -> PolicyWaiver {
        PolicyWaiver { rule: self.rule.value.clone(), reason: self.reason.clone(), owner: self.owner.clone(), expires: self.expires, line: self.line }
    }
}

fn written(table: &Table, text: &str) -> Option<Written> {
    let paths = forms::needed_paths(table, "a waiver without `paths` excuses nothing", "news/2024-05-silver.md");
    let rule = table.required_text_as("rule", &forms::filled());
    let reason = table.required_text_as("reason", &Form::of("reason", "---", "say why this may be", |text| text.chars().any(char::is_alphabetic)).like(r"\S"));
    let owner = table.text_as("owner", &forms::words()).map(|owner| owner.value);
    let expires = table.day("expires").map(|day| day.value);
    table.finish();
    let start = table.span().start;
    let line = text.get(..start).map_or(0, |before| before.matches('\n').count()) + 1;
    Some(Written { paths: paths?, rule, reason: reason.value, owner, expires, start, line: crate::span::offset(line) })
}
