//! What `[[front-matter]]` of `lint.toml` asks of the header of an article: what does not fit, as findings in the words of `rules/issues.toml`.

use crate::checks::article::filled;
use crate::document::Document;
use crate::finding::{Anchor, Cause, Finding, Severity};
use crate::header_schema::{Demand, Fault};
use crate::policy::Policy;
use crate::rulebook::Rulebook;

/// Prefix of problems of the header: one that cannot be read holds nothing that could be looked at.
const PREFIX: &str = "front-matter/";

/// The findings of all demands that are for an article of a class.
pub(super) fn findings(document: &Document, policy: &Policy, rulebook: &Rulebook, class: &str) -> Vec<Finding> {
    let header = &document.front_matter;
    let is_broken = header.root.is_none() && document.issues.iter().any(|issue| issue.id.starts_with(PREFIX));
    if policy.front_matter.is_empty() || is_broken {
        return Vec::new();
    }
    let for_class = policy.front_matter.iter().filter(|demand| demand.classes.is_empty() || demand.classes.iter().any(|wanted| wanted == class));
    let all = for_class.flat_map(|demand| demand.faults(header).into_iter().map(move |fault| (demand, fault)));
    all.filter_map(|(demand, fault)| finding(demand, fault, policy, rulebook)).collect()
}

fn finding(demand: &Demand, fault: Fault, policy: &Policy, rulebook: &Rulebook) -> Option<Finding> {
    let message = rulebook.message(fault.id);
    let usual = message.map_or(Severity::Warning, |message| message.severity);
    // a rule that is switched off stays so; what this demand says of its weight comes before what is said of all
    let severity = policy.severity(fault.id, usual)?;
    let fill = [("detail", fault.detail.as_str()), ("origin", demand.origin.as_str())];
    let text = |pick: fn(&crate::rulebook::Message) -> &String| message.map(|message| filled(pick(message), &fill)).unwrap_or_default();
    Some(Finding {
        rule: fault.id.to_owned(),
        severity: demand.severity.unwrap_or(severity),
        message: text(|message| &message.message),
        why: text(|message| &message.why),
        help: text(|message| &message.help),
        span: fault.span,
        anchor: Anchor::Given(fault.anchor),
        related: Vec::new(),
        cause: Cause::Author,
        operators: Vec::new(),
    })
}
