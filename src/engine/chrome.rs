//! What a site prints on every page is a claim of the site, and not of each article again: a statement in a paragraph that stands word for
//! word in several articles of a run does not count among those for which this article owes a source.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::Desk;
use crate::checks::article::filled;
use crate::corpus::paragraphs::Paragraphs;
use crate::finding::Finding;
use crate::fingerprint::Fingerprint;
use crate::outcome::Outcome;
use crate::packet::Packet;

const CHECK: &str = "source-transparency";
const COVERAGE: &str = "source-transparency/low-coverage";

/// Takes the statements of paragraphs that many articles have out of what an article owes, and counts anew.
pub(super) fn leave_out(desk: &Desk, packet: &mut Packet, outcomes: &mut [Outcome], paragraphs: &Paragraphs, fingerprints: &[Fingerprint], index: usize) {
    let least = desk.policy.count("scaled-content", "boilerplate-min-articles", 3) as usize;
    let common = paragraphs.common(fingerprints, index, least);
    if common.is_empty() {
        return;
    }
    let Some(outcome) = outcomes.iter_mut().find(|outcome| outcome.check == CHECK) else { return };
    let Some(check) = packet.checks.iter_mut().find(|check| check.id == CHECK) else { return };
    // records stand in the order of the findings that they were made of
    let alike = outcome.findings.len() == check.findings.len() && outcome.findings.iter().zip(&check.findings).all(|(a, b)| a.rule == b.rule);
    let claims: LazyCell<BTreeSet<&str>, _> = LazyCell::new(|| desk.rulebook.rules.iter().map(|rule| rule.id.as_str()).collect());
    let of_the_site = |finding: &Finding| common.iter().any(|span| span.contains(finding.span)) && claims.contains(finding.rule.as_str());
    let mut kept: Vec<bool> = outcome.findings.iter().map(|finding| !of_the_site(finding)).collect();
    let left_out = kept.iter().filter(|kept| !**kept).count();
    let fact = |name: &str| check.facts.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0) as usize;
    let (needed, sourced) = (fact("claims_needing_source"), fact("claims_sourced"));
    if !alike || left_out == 0 || left_out > needed {
        return;
    }
    let now = needed - left_out;
    let policy = &desk.policy;
    let low = now >= policy.count(CHECK, "claims-min", 2) as usize && (sourced as f64) < policy.number(CHECK, "coverage-limited", 0.6) * now as f64;
    let texts = (sourced.to_string(), now.to_string());
    let told = desk.rulebook.message(COVERAGE).map(|message| filled(&message.message, &[("sourced", texts.0.as_str()), ("needed", texts.1.as_str())]));
    for (at, (finding, record)) in outcome.findings.iter().zip(&mut check.findings).enumerate() {
        if finding.rule == COVERAGE {
            kept[at] = low;
            if let Some(told) = &told {
                record.message.clone_from(told);
            }
        }
    }
    let mut keep = kept.iter();
    outcome.findings.retain(|_| keep.next() == Some(&true));
    let mut keep = kept.iter();
    check.findings.retain(|_| keep.next() == Some(&true));
    check.facts.insert("claims_needing_source".to_owned(), now.into());
    let said = |needed: usize| {
        if needed == 0 { "no statement needs a source".to_owned() } else { format!("{sourced} of {needed} statements that need a source have one") }
    };
    check.evidence = check.evidence.replacen(&said(needed), &said(now), 1);
    check.status = outcome.status().as_str().to_owned();
}
