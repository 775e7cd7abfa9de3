//! Source freshness is visible to the reader and inside its window (policy 3).

use std::ops::Range;

use jiff::Span as Duration;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Article;
use crate::date::{self, Day, NotADay, days_between};
use crate::document::roles::Origin;
use crate::document::{Block, Zone};
use crate::finding::Severity;
use crate::outcome::Outcome;
use crate::span::Span;

const ID: &str = "freshness";

/// Bytes before a date in which its label is looked for.
const LABEL_REACH: usize = 96;
/// Words between a label and its date that say who did it: "checked by Dr Ada Example, GP, on".
const NAME_WORDS: usize = 8;

/// What a visible, labelled date says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Reviewed,
    Modified,
    Published,
    Data,
    Next,
}

/// A labelled date in the body.
struct Visible {
    label: Label,
    /// `Err` where it may be one of two days.
    day: Result<Day, NotADay>,
    span: Span,
    text: String,
    /// The label as the policy has it.
    named: String,
}

impl Visible {
    fn dated(&self) -> Option<Dated> {
        self.day.ok().map(|day| Dated { day, span: self.span })
    }
}

/// A date of the header.
#[derive(Clone, Copy)]
struct Dated {
    day: Day,
    span: Span,
}

/// Judges dates, windows and words that rot.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let published = header_date(article, &mut outcome, "published", true).or_else(|| file_name_date(article));
    let modified = header_date(article, &mut outcome, "modified", true);
    let reviewed = header_date(article, &mut outcome, "reviewed", true);
    header_date(article, &mut outcome, "expiry", false);
    let due = header_date(article, &mut outcome, "review-by", false);
    let unreadable = outcome.findings.iter().any(|finding| finding.rule != "freshness/date-format");
    let visible = visible_dates(article);
    let shown = |label: Label| visible.iter().find(|date| date.label == label && date.day.is_ok());
    if let (Some(header), Some(line)) = (reviewed, shown(Label::Reviewed))
        && let Ok(day) = line.day
        && header.day != day
        && !(day.month_only && day.date == header.day.date.first_of_month())
    {
        let in_header = day_text(header.day);
        article.report(&mut outcome, "visible-date-differs", line.span, &[("visible", line.text.as_str()), ("header", in_header.as_str())]);
    }
    // a line speaks where the header says nothing
    for (header, label) in [(published, Label::Published), (modified, Label::Modified), (reviewed, Label::Reviewed)] {
        let Some(line) = shown(label).or_else(|| visible.iter().find(|date| date.label == label)).filter(|_| header.is_none()) else { continue };
        let fill = [("key", line.named.as_str()), ("value", line.text.as_str())];
        match line.day {
            Ok(day) if is_ahead(article, day) => article.report(&mut outcome, "future-date", line.span, &fill),
            Ok(_) => {}
            Err(_) => article.report(&mut outcome, "ambiguous-date", line.span, &fill),
        }
    }
    let unreadable = unreadable || outcome.findings.iter().any(|finding| finding.rule == "freshness/ambiguous-date");
    let pick = |header: Option<Dated>, label: Label| header.or_else(|| shown(label).and_then(Visible::dated));
    let (published, modified, review) = (pick(published, Label::Published), pick(modified, Label::Modified), pick(reviewed, Label::Reviewed));
    order(article, &mut outcome, published, modified, review);
    if let Some(header) = reviewed
        && shown(Label::Reviewed).is_none()
        && !rendered(article, "reviewed")
    {
        article.report(&mut outcome, "not-visible", header.span, &[]);
    }
    let basis = review.map(|date| (date, false)).or_else(|| modified.or(published).map(|date| (date, true)));
    match basis {
        None => {
            if !unreadable {
                article.report(&mut outcome, "no-date", article.head_span(), &[]);
            }
        }
        Some((date, guessed)) => age(article, &mut outcome, date, guessed, due),
    }
    snapshot_age(article, &mut outcome, review);
    rotting(article, &mut outcome);
    let captured = article.snapshot.and_then(|snapshot| snapshot.captured);
    outcome.fact("class", article.class);
    for (name, date) in [("published", published), ("modified", modified), ("reviewed", review)] {
        if let Some(date) = date {
            outcome.fact(name, day_text(date.day));
        }
    }
    if let Some(captured) = captured {
        outcome.fact("snapshot_captured", captured.to_string());
    }
    outcome.evidence = match (basis, captured) {
        (Some((date, false)), _) => day_text(date.day),
        (Some((date, true)), _) => format!("{} (never reviewed)", day_text(date.day)),
        (None, Some(captured)) => format!("no review date; snapshot {captured}"),
        (None, None) => "no date".to_owned(),
    };
    outcome
}

fn day_text(day: Day) -> String {
    let text = day.date.to_string();
    if day.month_only { text[..7].to_owned() } else { text }
}

/// The date of a role in the header. One that cannot be read, or lies in the future, is a finding.
fn header_date(article: &Article, outcome: &mut Outcome, role: &str, may_not_be_ahead: bool) -> Option<Dated> {
    let found = article.document.metadata.get(role)?;
    let text = found.node.text()?;
    let span = found.node.span;
    let fill = [("key", found.key.as_str()), ("value", text.as_str())];
    match date::parse(&text) {
        Ok(day) => {
            if may_not_be_ahead && is_ahead(article, day) && !(role == "published" && article.document.metadata.truth("draft") == Some(true)) {
                article.report(outcome, "future-date", span, &fill);
            }
            if found.origin == Origin::FrontMatter {
                plainer(article, outcome, span, &fill);
            }
            Some(Dated { day, span })
        }
        Err(NotADay::Ambiguous) => {
            article.report(outcome, "ambiguous-date", span, &fill);
            None
        }
        Err(NotADay::Unreadable) => {
            article.report(outcome, "unreadable-date", span, &fill);
            None
        }
    }
}

/// A day that is certain, written as not every program reads it.
fn plainer(article: &Article, outcome: &mut Outcome, span: Span, fill: &[(&str, &str); 2]) {
    // JSON knows no bare word
    let is_json = article.source.slice(article.document.front_matter.span).starts_with('{');
    let Some(edit) = crate::fix::iso_date(&article.source.text, span, fill[1].1, is_json) else { return };
    let day = edit.text.clone();
    let fill = [fill[0], fill[1], ("day", day.as_str())];
    article.report_there(outcome, "date-format", span, &fill);
    article.offer(outcome, "date-format", span, Some(edit), &fill);
}

/// Jekyll and Docusaurus: `2026-05-17-title.md` (policy 3.1).
fn file_name_date(article: &Article) -> Option<Dated> {
    let name = article.source.path.rsplit('/').next()?;
    let day = date::parse(name.get(..10)?).ok().filter(|_| name.as_bytes().get(10) == Some(&b'-'))?;
    Some(Dated { day, span: article.head_span() })
}

fn is_ahead(article: &Article, day: Day) -> bool {
    let tolerance = article.policy.duration(ID, "future-tolerance").unwrap_or_default();
    article.as_of.checked_add(tolerance).is_ok_and(|limit| day.date > limit)
}

/// Published ≤ modified, reviewed ≥ modified, snapshot ≤ reviewed (policy 3.2).
fn order(article: &Article, outcome: &mut Outcome, published: Option<Dated>, modified: Option<Dated>, review: Option<Dated>) {
    if let (Some(published), Some(modified)) = (published, modified)
        && published.day.date > modified.day.latest()
    {
        article.report(outcome, "published-after-modified", modified.span, &[("published", &day_text(published.day)), ("modified", &day_text(modified.day))]);
    }
    if let (Some(modified), Some(review)) = (modified, review)
        && review.day.latest() < modified.day.date
    {
        article.report(outcome, "reviewed-before-modified", review.span, &[("reviewed", &day_text(review.day)), ("modified", &day_text(modified.day))]);
    }
    let captured = article.snapshot.and_then(|snapshot| snapshot.captured);
    if let (Some(captured), Some(review)) = (captured, review)
        && review.day.latest() < captured
    {
        article.report(outcome, "review-predates-snapshot", review.span, &[("reviewed", &day_text(review.day)), ("captured", &captured.to_string())]);
    }
}

/// Whether the site shows a role of dates: a value of front matter that its template shows. What a page says in its head or in
/// JSON-LD, it says to machines only.
fn rendered(article: &Article, role: &str) -> bool {
    let in_header = article.document.metadata.get(role).is_none_or(|found| found.origin == Origin::FrontMatter);
    in_header && article.policy.renders.iter().any(|shown| shown == "dates" || shown == role)
}

/// Last day inside the window, and last day of grace; `None` where there is no such bound.
fn window(article: &Article, from: Date) -> (Option<Date>, Option<Date>) {
    let policy = article.policy;
    let after = |duration: Option<Duration>| duration.and_then(|duration| from.checked_add(duration).ok());
    if article.class == "regulated"
        && let Some(end) = article.document.metadata.text("tax-year").and_then(|text| tax_year_end(&text))
    {
        let grace = policy.duration(ID, "regulated-grace").and_then(|grace| end.checked_add(grace).ok());
        return (Some(end), grace);
    }
    let own = |key: &str| policy.duration(ID, key);
    let pass = own("pass-within").or_else(|| own(&format!("window-{}-pass", article.class)));
    let limited = own("limited-within").or_else(|| own(&format!("window-{}-limited", article.class)));
    let stated = article.document.metadata.text("review-in").and_then(|text| date::duration(&text));
    let pass = match (after(pass), after(stated)) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    (pass, after(limited))
}

/// `2025/26` ends on 5 April 2026, `2026` on its last day.
fn tax_year_end(text: &str) -> Option<Date> {
    let years: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let first: i16 = years.first()?.parse().ok()?;
    if years.len() > 1 { Date::new(first + 1, 4, 5).ok() } else { Date::new(first, 12, 31).ok() }
}

fn age(article: &Article, outcome: &mut Outcome, date: Dated, guessed: bool, due: Option<Dated>) {
    let age = days_between(date.day.date, article.as_of).max(0);
    outcome.fact("age_days", age);
    if article.document.metadata.truth("archive") == Some(true) {
        outcome.fact("archive", true);
        return;
    }
    let (pass, limited) = window(article, date.day.date);
    if let Some(ends) = pass.into_iter().chain(due.map(|due| due.day.latest())).min() {
        outcome.fact("review_ends", ends.to_string());
    }
    let age_text = age.to_string();
    let day = day_text(date.day);
    let fill = [("age", age_text.as_str()), ("class", article.class), ("date", day.as_str())];
    if limited.is_some_and(|last| article.as_of > last) {
        article.report_clock(outcome, "stale", date.span, &fill);
    } else if pass.is_some_and(|last| article.as_of > last) || due.is_some_and(|due| article.as_of > due.day.latest()) {
        article.report_clock(outcome, "ageing", date.span, &fill);
    }
    if guessed {
        article.report(outcome, "never-reviewed", date.span, &fill);
    }
}

/// The snapshot's own age is judged beside the review and never makes it younger.
fn snapshot_age(article: &Article, outcome: &mut Outcome, review: Option<Dated>) {
    let Some((snapshot, captured)) = article.snapshot.and_then(|snapshot| Some((snapshot, snapshot.captured?))) else { return };
    let age = days_between(captured, article.as_of);
    outcome.fact("snapshot_age_days", age);
    let span = if snapshot.span.is_empty() { article.head_span() } else { snapshot.span };
    let day = Day { date: captured, month_only: false };
    if is_ahead(article, day) {
        article.report(outcome, "future-date", span, &[("key", "captured"), ("value", &captured.to_string())]);
        return;
    }
    if article.document.metadata.truth("archive") == Some(true) || review.is_none() {
        return;
    }
    let (pass, limited) = window(article, captured);
    let (age_text, date_text) = (age.to_string(), captured.to_string());
    let fill = [("age", age_text.as_str()), ("class", article.class), ("date", date_text.as_str())];
    if limited.is_some_and(|last| article.as_of > last) {
        article.report_clock(outcome, "snapshot-stale", span, &fill);
    } else if pass.is_some_and(|last| article.as_of > last) {
        article.report_clock(outcome, "snapshot-ageing", span, &fill);
    }
}

/// Words that are wrong as soon as time passes. With a market value or a legal threshold beside them they are an error.
fn rotting(article: &Article, outcome: &mut Outcome) {
    // sentences that state an amount or a percentage
    let figures: BTreeSet<usize> = article.facets("freshness/figure").map(|hit| hit.sentence).collect();
    for hit in article.hits(ID) {
        let Some(mut finding) = article.finding(hit) else { continue };
        if finding.severity == Severity::Warning && figures.contains(&hit.sentence) {
            finding.severity = Severity::Error;
        }
        outcome.findings.push(finding);
    }
}

/// Dates in the body with a label before them. A bare date counts only where it is the only one.
fn visible_dates(article: &Article) -> Vec<Visible> {
    let document = article.document;
    let labels = article.policy.list(ID, "date-labels");
    let any_label = article.policy.matcher(ID, "date-labels");
    let mut found = Vec::new();
    for block in &document.blocks {
        if matches!(block.zone, Zone::Code | Zone::Title | Zone::Alt) || block.entry {
            continue;
        }
        let text = document.block_text(block);
        let Some(near) = (if document.times.is_empty() { near_days(text) } else { Some(text) }) else { continue };
        if document.times.is_empty() && !holds_year(near) {
            continue;
        }
        if !any_label.is_match(near) {
            continue;
        }
        labelled(article, block, labels, &mut found);
    }
    found
}

/// Whether four digits stand in a row: every day that is written out names its year. Only every fourth byte is looked at.
fn holds_year(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes[from..to].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let behind = |at: usize| bytes[at.saturating_sub(3)..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    (3..bytes.len()).step_by(4).any(|at| bytes[at].is_ascii_digit() && behind(at) + digits(at, bytes.len().min(at + 4)) >= 4)
}

/// The part of a text in which labels of days can stand: it ends with its last digit, and begins not long before the first. `None` where there is
/// no digit, and so no day. Of what holds other characters than those of ASCII nothing is left out, for they may be as long as they like.
fn near_days(text: &str) -> Option<&str> {
    // asked of whole lines of bytes, so that all of a line are looked at at once
    let (lines, rest) = text.as_bytes().as_chunks::<32>();
    let is_in = |line: &[u8; 32]| line.iter().fold(false, |found, byte| found | byte.is_ascii_digit());
    let head = lines.iter().position(is_in).map_or(lines.len() * 32, |line| line * 32);
    let first = head + text.as_bytes()[head..].iter().position(u8::is_ascii_digit)?;
    let tail = if rest.iter().any(u8::is_ascii_digit) { text.len() } else { lines.iter().rposition(is_in).map_or(0, |line| (line + 1) * 32) };
    let last = text.as_bytes()[first..tail].iter().rposition(u8::is_ascii_digit).map_or(first, |last| first + last);
    // a month may stand before the first digit: letters, a point, any space
    let month = text[..first].trim_ascii_end().trim_end_matches('.').trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let near = text.get(month.len().saturating_sub(LABEL_REACH)..=last).filter(|near| near.is_ascii());
    Some(near.unwrap_or(text))
}

fn labelled(article: &Article, block: &Block, labels: &[String], found: &mut Vec<Visible>) {
    let text = article.document.block_text(block);
    let mut written: Vec<(Range<usize>, Result<Day, NotADay>)> =
        date::find_all(text).into_iter().filter(|date| date.day != Err(NotADay::Unreadable)).map(|date| (date.range, date.day)).collect();
    // `<time datetime="2026-05-10">10 May</time>`: the day is written, if not in its words
    let times = &article.document.times;
    let first = times.partition_point(|time| time.text.start < block.text.start);
    for time in times[first..].iter().take_while(|time| time.text.end <= block.text.end) {
        let range = (time.text.start - block.text.start) as usize..(time.text.end - block.text.start) as usize;
        let Some(day) = date::parse(&time.moment).ok().filter(|_| text.get(range.clone()).is_some()) else { continue };
        let apart = |other: &Range<usize>| other.end <= range.start || range.end <= other.start;
        written.retain(|(other, day)| day.is_ok() || apart(other));
        if written.iter().all(|(other, _)| apart(other)) {
            written.push((range, Ok(day)));
        }
    }
    written.sort_by_key(|(range, _)| range.start);
    for (range, day) in written {
        let mut from = range.start.saturating_sub(LABEL_REACH);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let before = text[from..range.start].to_lowercase();
        let before = before.trim_end_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(" on").trim_end_matches(" at").trim_end();
        let ends = |before: &str, label: &str| before.ends_with(label) && !before[..before.len() - label.len()].ends_with(|c: char| c.is_alphanumeric());
        let longest = |before: &str| labels.iter().filter(|label| ends(before, label)).max_by_key(|label| label.len());
        if let Some(label) = longest(before).or_else(|| before_name(before).and_then(longest)) {
            let at = |i: usize| block.text.start + crate::span::offset(i);
            let span = article.document.source_span(at(range.start)..at(range.end));
            found.push(Visible { label: kind_of(label), day, span, text: text[range].to_owned(), named: label.clone() });
        }
    }
}

/// What stands before the name of who did it: "medically checked" of "medically checked by Dr Ada Example, GP,".
fn before_name(before: &str) -> Option<&str> {
    let (label, name) = before.rsplit_once(" by ")?;
    let name = ["dr. ", "prof. ", "mr. ", "mrs. ", "ms. "].iter().find_map(|title| name.strip_prefix(title)).unwrap_or(name);
    (!name.contains('\n') && !name.contains(". ") && name.split_whitespace().count() <= NAME_WORDS).then(|| label.trim_end())
}

fn kind_of(label: &str) -> Label {
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if label.starts_with("next") {
        Label::Next
    } else if has(&["review", "verif", "check"]) {
        Label::Reviewed
    } else if has(&["updat", "modif", "revis", "edit"]) {
        Label::Modified
    } else if has(&["publish", "posted"]) {
        Label::Published
    } else {
        Label::Data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_seen_wherever_it_stands() {
        for pad in 0..9 {
            let at = |text: &str| format!("{}{text}{}", "x".repeat(pad), "1 x".repeat(pad % 3));
            assert!(holds_year(&at("2026")) && holds_year(&at("202610")) && holds_year(&at("17.05.2026")), "{pad}");
            assert!(!holds_year(&at("202 612 5")) && !holds_year(&at("")) && !holds_year(&at("2,412.50")), "{pad}");
        }
    }

    #[test]
    fn labels_are_looked_for_where_they_can_stand() {
        assert_eq!(near_days("No day at all."), None);
        assert_eq!(near_days("Reviewed 17 May 2026. And much more."), Some("Reviewed 17 May 2026"));
        let far = "x ".repeat(60);
        // forty bytes before the month, however far the month is from its day
        assert_eq!(near_days(&format!("{far}Sept.   \n 3, 2026, 8 pages")).map(str::len), Some(LABEL_REACH + "Sept.   \n 3, 2026, 8".len()));
        assert_eq!(near_days(&format!("{far}: 2026-05-17 {far}")).map(str::len), Some(LABEL_REACH + " 2026-05-17".len()));
        // what is not ASCII is looked at as a whole
        let curly = format!("{far}\u{201c}reviewed\u{201d} May 17, 2026 {far}");
        assert_eq!(near_days(&curly), Some(curly.as_str()));
    }
}
