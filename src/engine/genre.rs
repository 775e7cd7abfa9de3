//! What repeats itself by its kind: a notice that a site puts under every page, the releases of a program, the pages of a manual.
//! Such articles follow one template and were not made for a search engine; what they share is told, and fails nobody.

use std::collections::BTreeMap;

use crate::corpus::template::{Member, Template};
use crate::corpus::wording::is_month;
use crate::document::{Document, Zone};
use crate::finding::Severity;
use crate::fingerprint::Fingerprint;
use crate::policy::Policy;

const CHECK: &str = "scaled-content";
/// Words that must be left of an article for a share of them to say anything.
const ENOUGH: u32 = 25;

/// How grave a share of a template can be for an article.
pub(super) struct Genre<'g> {
    pub(super) policy: &'g Policy,
    pub(super) template: &'g Template,
    pub(super) member: &'g Member,
    pub(super) fingerprint: &'g Fingerprint,
    /// How many articles of the template are issues of each series.
    pub(super) issues: &'g BTreeMap<String, usize>,
    /// Class of the article (policy 3.4).
    pub(super) class: &'g str,
}

impl Genre<'_> {
    /// The gravest that its share of the template can be. `document` is read only where it decides.
    pub(super) fn at_most(&self, document: impl FnOnce() -> Document) -> Severity {
        if changed_share(self.template, self.member, self.fingerprint) < self.policy.number(CHECK, "template-changed-share", 0.14) {
            return Severity::Warning;
        }
        // where money, health or rights are at stake, pages of one mould are no matter of taste
        if self.class != "general" {
            return Severity::Error;
        }
        let of_a_series = issue_of(&self.fingerprint.path).is_some_and(|own| self.issues.get(&own).is_some_and(|count| *count > 1));
        let own = self.member.own() >= self.policy.number(CHECK, "series-own-share", 0.3);
        if (of_a_series && own) || shows_code(&document(), self.policy) { Severity::Note } else { Severity::Error }
    }
}

/// Share of the template where sentences that stand word for word in every article are left out on both sides: the notice that a site
/// puts under all of its pages makes no template of what stands above it.
pub(super) fn changed_share(template: &Template, member: &Member, fingerprint: &Fingerprint) -> f64 {
    let lengths = fingerprint.prose.lengths();
    let fixed = |(ours, theirs): &(u32, u32)| {
        let sentence = template.sentences.get(*ours as usize)?;
        let length = *lengths.get(*theirs as usize)?;
        (sentence.gaps.iter().all(Option::is_none) && sentence.words.len() == usize::from(length)).then(|| u32::from(length))
    };
    let fixed: u32 = member.sentences.iter().filter_map(fixed).sum();
    let rest = member.words.saturating_sub(fixed);
    if rest < ENOUGH {
        return 1.0;
    }
    f64::from((member.common + member.filled).saturating_sub(fixed)) / f64::from(rest)
}

/// The name of the series that a numbered or dated file belongs to: `posts/Tool-1.4.2.md` and `posts/Tool-1.5.0.md` are issues of one.
/// `None` where the name holds neither a version nor a date.
pub(super) fn issue_of(path: &str) -> Option<String> {
    let name = path.rsplit('/').find(|part| !part.starts_with("index.") && !part.starts_with("README."))?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let versioned = stem.split(['-', '_', ' ', '@', '~']).any(|part| {
        let part = part.trim_start_matches(['v', 'V']);
        part.contains('.') && part.split('.').all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let parts: Vec<String> = stem.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    let number = |part: &String| part.trim_start_matches('v').bytes().all(|byte| byte.is_ascii_digit());
    let year = |part: &String| part.len() == 4 && number(part) && (part.starts_with("19") || part.starts_with("20"));
    let dated = parts.iter().any(|part| year(part) || is_month(part));
    let kept: Vec<&str> = parts.iter().filter(|part| !number(part) && !is_month(part)).map(String::as_str).collect();
    ((versioned || dated) && !kept.is_empty()).then(|| kept.join(" "))
}

/// Whether an article is a page of a manual: it shows code again and again, and a good part of it is code.
fn shows_code(document: &Document, policy: &Policy) -> bool {
    let words = |text: &str| text.split_whitespace().count();
    let code = document.blocks.iter().filter(|block| block.zone == Zone::Code);
    let (blocks, of_code) = code.fold((0, 0), |(blocks, sum), block| (blocks + 1, sum + words(document.block_text(block))));
    let share = of_code as f64 / (of_code as f64 + f64::from(document.body_words())).max(1.0);
    blocks >= policy.count(CHECK, "manual-code-blocks", 3) && share >= policy.number(CHECK, "manual-code-share", 0.2)
}

#[cfg(test)]
mod tests {
    use super::issue_of;

    #[test]
    fn issues_of_a_series_have_one_name() {
        let same = [
            ("notes/Loom-1.4.2.md", "notes/Loom-1.5.0.md"),
            ("a/guild-may-update.md", "b/guild-june-update@0.md"),
            ("2024/tide-report-2024-03/index.md", "tide-report-2023-11.md"),
        ];
        for (a, b) in same {
            assert!(issue_of(a).is_some() && issue_of(a) == issue_of(b), "{a} {b}");
        }
        for other in ["plumber-in-leeds.md", "best-10-lamps.md", "1.4.2.md", "rule-3/README.md"] {
            assert_eq!(issue_of(other), None, "{other}");
        }
        assert_ne!(issue_of("2024-03-02-plumber-in-leeds.md"), issue_of("2024-03-09-plumber-in-hull.md"));
    }
}
