//! `[[waivers]]` and `[waiver-terms]` of `lint.toml`.

use globset::GlobSet;
use jiff::civil::Date;

use super::{globs, quoted};
use crate::checks::CHECKS;
use crate::discover;
use crate::policy::{Policy, PolicyWaiver, WaiverTerms};
use crate::rulebook::Rulebook;
use crate::strict_toml::{At, Problems, Table, nearest_help};
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
            let ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
            waivers.owner_and_expiry = terms.texts("owner-and-expiry").map(|checks| {
                for check in checks.iter().filter(|check| !ids.contains(&check.value.as_str())) {
                    terms.problem(check.span.clone(), format!("there is no check `{}`", check.value), Some(nearest_help(&check.value, &ids)));
                }
                let span = checks.first().map_or_else(|| terms.span(), |first| first.span.clone());
                At { value: checks.into_iter().map(|check| check.value).collect(), span }
            });
            waivers.notice = terms.text("notice").filter(|notice| {
                let is_duration = crate::date::duration(&notice.value).is_some();
                if !is_duration {
                    terms.problem(notice.span.clone(), format!("`{}` is no duration", notice.value), Some("write `\"14 days\"` or `\"1 month\"`".to_owned()));
                }
                is_duration
            });
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
    let paths = globs(table, "paths");
    if paths.is_empty() {
        table.problem(table.span(), "a waiver without `paths` excuses nothing", Some("write `paths = [\"news/2024-05-silver.md\"]`".to_owned()));
    }
    let rule = table.required_text("rule");
    let reason = table.required_text("reason");
    if !reason.value.is_empty() && !reason.value.chars().any(char::is_alphabetic) {
        table.problem(reason.span.clone(), "a waiver without a reason excuses nothing", Some("say why this may be".to_owned()));
    }
    let owner = table.text("owner").map(|owner| owner.value).filter(|owner| owner.chars().any(char::is_alphanumeric));
    let expires = table.text("expires").and_then(|day| {
        let read = waiver::day(&day.value);
        if read.is_none() {
            table.problem(day.span, format!("`{}` is no day", day.value), Some("write `expires = \"YYYY-MM-DD\"`".to_owned()));
        }
        read
    });
    table.finish();
    let start = table.span().start;
    let line = text.get(..start).map_or(0, |before| before.matches('\n').count()) + 1;
    let paths = discover::patterns(&paths).ok()?;
    Some(Written { paths, rule, reason: reason.value, owner, expires, start, line: crate::span::offset(line) })
}
