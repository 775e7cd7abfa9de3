//! A people-first reader task is explicit (policy 5.4): the vocabulary of work in enough sections, and sentences that set a task.

use std::collections::BTreeSet;

use super::Article;
use crate::document::section::SectionRole;
use crate::outcome::Outcome;

const ID: &str = "reader-task";
/// Counts task signals and task sentences.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let policy = article.policy;
    let sections = article.document.judged_sections().count();
    let domains = policy.list(ID, "domains");
    let labels = policy.list(ID, "family-labels");
    let domain = domain(article, domains);
    let families: Vec<BTreeSet<u32>> =
        policy.list(ID, &format!("families-{domain}")).iter().map(|family| article.sections_with(&format!("{ID}/{family}"))).collect();
    let signals: usize = families.iter().map(BTreeSet::len).sum();
    let tasks = task_sentences(article);
    outcome.fact("task_signals", signals);
    for (label, set) in labels.iter().zip(&families) {
        outcome.fact(&format!("{label}_sections"), set.len());
    }
    outcome.fact("domain", domain);
    outcome.fact("task_sentences", tasks);
    outcome.fact("section_words", article.document.section_words());
    outcome.evidence =
        format!("{signals} task signals across {} language, {tasks} task sentences, {} section words", labels.join(", "), article.document.section_words());
    let (wanted_signals, wanted_tasks, signals_f, tasks_f) = (
        (sections as f64 * policy.number(ID, "signals-per-section", 1.5)).max(policy.number(ID, "min-signals", 3.0)),
        (sections as f64 / 2.0 * policy.number(ID, "task-sentences-per-2-sections", 1.0)).max(1.0),
        signals as f64,
        tasks as f64,
    );
    if signals_f >= wanted_signals && tasks_f >= wanted_tasks {
        return outcome;
    }
    let fill = |needed: f64| {
        [
            ("signals", signals.to_string()),
            ("sentences", tasks.to_string()),
            ("sections", sections.to_string()),
            ("needed", needed.ceil().to_string()),
            ("missing", silent_sections(article, &families)),
        ]
    };
    let head = article.head_span();
    let some_families = families.iter().filter(|set| !set.is_empty()).count();
    let report = |outcome: &mut Outcome, rule: &str, needed: f64| {
        let filled = fill(needed);
        let fill: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (*name, value.as_str())).collect();
        article.report(outcome, rule, head, &fill);
    };
    let enough_families = some_families >= policy.count(ID, "limited-min-families", 1) as usize;
    if !enough_families || tasks < policy.count(ID, "limited-min-task-sentences", 2) as usize {
        report(&mut outcome, "no-task-signals", wanted_signals);
        return outcome;
    }
    if signals_f < wanted_signals {
        report(&mut outcome, "weak-task-signals", wanted_signals);
    }
    if tasks_f < wanted_tasks {
        report(&mut outcome, "few-task-sentences", wanted_tasks);
    }
    outcome
}

/// The domain whose vocabulary counts: the policy's, health for the medical class, else the first.
fn domain<'a>(article: &'a Article, domains: &'a [String]) -> &'a str {
    let set = article.policy.list(ID, "domain").first().map(String::as_str).filter(|set| domains.iter().any(|known| known == set));
    let medical = (article.class == "medical" && domains.iter().any(|known| known == "health")).then_some("health");
    set.or(medical).or_else(|| domains.first().map(String::as_str)).unwrap_or_default()
}

/// Headings of the sections that hold no signal.
fn silent_sections(article: &Article, families: &[BTreeSet<u32>]) -> String {
    let silent = article
        .document
        .sections
        .iter()
        .enumerate()
        .filter(|(i, section)| section.role == SectionRole::Body && !families.iter().any(|set| set.contains(&crate::span::offset(*i))));
    let names: Vec<&str> = silent.map(|(_, section)| section.heading.as_str()).collect();
    if names.is_empty() { "those with the fewest".to_owned() } else { names.join("; ") }
}

/// Sentences of the judged sections that set a task and are no look-alike.
fn task_sentences(article: &Article) -> usize {
    let lookalikes: BTreeSet<usize> = article.facets("reader-task/task-lookalike").map(|hit| hit.sentence).collect();
    let tasks: BTreeSet<usize> = article
        .facets("reader-task/task-sentence")
        .map(|hit| hit.sentence)
        .filter(|sentence| !lookalikes.contains(sentence))
        .filter(|sentence| {
            let block = article.document.block(article.sentence(*sentence).block);
            block.is_some_and(|block| block.level == 0 && block.section.is_some() && article.document.role_of(block) == SectionRole::Body)
        })
        .collect();
    tasks.len()
}
