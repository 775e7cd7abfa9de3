//! Enough section-level detail to be edited as a research note (policy 5.5).

use super::Article;
use crate::document::section::Section;
use crate::outcome::Outcome;

const ID: &str = "section-depth";

/// Judges the number and length of the sections.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let policy = article.policy;
    let sections: Vec<_> = article.document.judged_sections().collect();
    let count = crate::span::offset(sections.len());
    let words: u32 = sections.iter().map(|section| section.words).sum();
    outcome.fact("sections", count);
    outcome.fact("section_words", words);
    outcome.evidence = format!("{count} sections, {words} section words");
    let (limited_sections, min_sections) = (policy.count(ID, "limited-sections", 2), policy.count(ID, "min-sections", 4));
    let (limited_words, min_words) = (policy.count(ID, "limited-words", 300), policy.count(ID, "min-words", 600));
    let texts = [count, words, limited_sections, min_sections, limited_words, min_words].map(|number| number.to_string());
    let fill = |limited: usize, needed: usize| {
        [("sections", texts[0].as_str()), ("words", texts[1].as_str()), ("limited", texts[limited].as_str()), ("needed", texts[needed].as_str())]
    };
    let head = article.head_span();
    if count < limited_sections {
        article.report(&mut outcome, "no-sections", head, &fill(2, 3));
    } else if count < min_sections {
        article.report(&mut outcome, "few-sections", head, &fill(2, 3));
    }
    if words < limited_words {
        article.report(&mut outcome, "too-few-words", head, &fill(4, 5));
    } else if words < min_words {
        article.report(&mut outcome, "few-words", head, &fill(4, 5));
    }
    if count >= limited_sections && words >= limited_words {
        single_sections(article, &mut outcome, &sections, words);
    }
    outcome
}

/// Thin sections, and one that holds most of the article.
fn single_sections(article: &Article, outcome: &mut Outcome, sections: &[&Section], words: u32) {
    let policy = article.policy;
    let thin = policy.count(ID, "thin-section-words", 60);
    let share = policy.number(ID, "dominant-share", 0.5);
    let needed = thin.to_string();
    let thin_sections: Vec<&&Section> = sections.iter().filter(|section| section.words < thin).collect();
    if thin_sections.len() * 2 > sections.len() {
        let names: Vec<&str> = thin_sections.iter().map(|section| section.heading.as_str()).collect();
        let (count, names) = (thin_sections.len().to_string(), names.join("; "));
        article.report(outcome, "thin-sections", article.head_span(), &[("count", &count), ("needed", &needed), ("thin", &names)]);
        return;
    }
    for section in sections {
        let part = f64::from(section.words) / f64::from(words.max(1));
        if section.words >= thin && part <= share {
            continue;
        }
        let span = heading_span(article, section.blocks.start);
        let own = section.words.to_string();
        let percent = format!("{:.0} %", part * 100.0);
        let fill = [("section", section.heading.as_str()), ("words", own.as_str()), ("needed", needed.as_str()), ("share", percent.as_str())];
        if section.words < thin {
            article.report_there(outcome, "thin-section", span, &fill);
        } else if part > share {
            article.report_there(outcome, "dominant-section", span, &fill);
        }
    }
}

fn heading_span(article: &Article, block: u32) -> crate::span::Span {
    article.document.block(block).map_or_else(|| article.head_span(), |block| article.document.source_span(block.text.clone()))
}
