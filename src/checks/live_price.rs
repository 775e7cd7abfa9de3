//! No live prices beyond the supplied source snapshot; numbers that are in it match it (policy 2).

mod fields;
mod likeness;
mod worked;

use std::collections::BTreeSet;

use jiff::civil::Date;

use self::fields::{Fields, in_unit, is_start};
use super::Article;
use crate::date::days_between;
use crate::document::Zone;
use crate::document::token::fold;
use crate::finding::{Cause, Edit};
use crate::outcome::Outcome;
use crate::price::{Comparator, History, Kind, Mode, PriceClaim};
use crate::snapshot::{Price, Ratio, Snapshot};
use crate::span::{Span, Spans, offset};

const ID: &str = "live-price";

/// What the snapshot says to a claim.
enum Answer<'s> {
    /// A field has the value.
    Agrees,
    /// It comes out of a field and other numbers beside it, or is such a number itself.
    WorkedOut,
    /// It does with the allowance of "about".
    Roughly(&'s Price),
    /// It would, cut off instead of rounded.
    CutOff(&'s Price),
    /// A field has another value.
    Differs(String, String),
    /// A field is there, in a unit or currency that cannot be set against the claim's.
    OtherUnit,
    /// No field.
    Missing,
}

/// Values are told to so much of one.
const PRECISE: f64 = 1e8;

/// Judges price claims against the snapshot, and live statements without a number.
pub fn judge(article: &Article) -> Outcome {
    let mut outcome = article.outcome(ID);
    let (mut live, mut matched) = (0, 0);
    let fields = article.snapshot.map(|snapshot| Fields::new(article, snapshot));
    for claim in article.prices {
        match claim.mode {
            Mode::Historic => {}
            Mode::MonthWithoutYear => match fields.as_ref().and_then(|fields| fields.day_without_year(article, claim)) {
                Some(day) => dated(article, &mut outcome, &PriceClaim { mode: Mode::Dated(day), ..claim.clone() }, day, fields.as_ref(), &mut matched),
                None => report(article, &mut outcome, "missing-date", claim, &[]),
            },
            Mode::Dated(day) => dated(article, &mut outcome, claim, day, fields.as_ref(), &mut matched),
            Mode::Live if likeness::reads_otherwise(article, claim) => {
                report(article, &mut outcome, "other-figure", claim, &[]);
            }
            Mode::Live => {
                live += 1;
                compare(article, &mut outcome, claim, true, fields.as_ref(), &mut matched);
            }
        }
    }
    let taken = Spans::new(outcome.findings.iter().map(|finding| finding.span));
    let history = History::new(article.document, article.view, article.rulebook, article.as_of);
    for hit in article.hits(ID).filter(|hit| !history.is_history(hit.sentence)) {
        let finding = article.finding(hit).filter(|finding| !taken.overlap(finding.span));
        outcome.findings.extend(finding);
    }
    likeness::reads_as_price(article, &mut outcome, &history);
    let fields = article.snapshot.map_or(0, |snapshot| snapshot.prices.len());
    outcome.fact("price_claims", article.prices.len());
    outcome.fact("live_claims", live);
    outcome.fact("matched_claims", matched);
    outcome.fact("snapshot_prices", fields);
    outcome.evidence = if article.prices.is_empty() && outcome.findings.is_empty() {
        "no live price claim".to_owned()
    } else {
        format!("{} price claims, {live} of them live, {matched} matched to {fields} snapshot prices", article.prices.len())
    };
    outcome
}

/// A claim with a date: the snapshot's day and the as-of day must be in the snapshot, older days are history (policy 2.3).
fn dated(article: &Article, outcome: &mut Outcome, claim: &PriceClaim, day: Date, fields: Option<&Fields>, matched: &mut usize) {
    let in_snapshot = article.snapshot.is_some_and(|snapshot| snapshot.captured == Some(day) || snapshot.prices.iter().any(|price| price.as_of == Some(day)));
    let age = days_between(day, article.as_of);
    if in_snapshot || age <= 0 {
        compare(article, outcome, claim, false, fields, matched);
    } else if age < i32::try_from(article.policy.count(ID, "historic-after-days", 30)).unwrap_or(30) && !claim.cited {
        let texts = (day.to_string(), age.to_string());
        report(article, outcome, "recent-date", claim, &[("date", texts.0.as_str()), ("days", texts.1.as_str())]);
    }
}

fn report(article: &Article, outcome: &mut Outcome, rule: &str, claim: &PriceClaim, fill: &[(&str, &str)]) {
    let text = article.text_of(claim.tokens.clone()).to_owned();
    let mut all = vec![("match", text.as_str())];
    all.extend_from_slice(fill);
    let id = format!("{ID}/{rule}");
    let finding = article.message(&id, article.span_of(claim.tokens.clone()), &all);
    let cause = if matches!(rule, "mismatch" | "unsupported") && article.snapshot.is_some() { Cause::Snapshot } else { Cause::Author };
    outcome.findings.extend(finding.map(|finding| crate::finding::Finding { cause, ..finding }));
}

fn compare(article: &Article, outcome: &mut Outcome, claim: &PriceClaim, undated: bool, fields: Option<&Fields>, matched: &mut usize) {
    let answer = fields.map_or(Answer::Missing, |fields| answer(article, fields, claim));
    match answer {
        Answer::Agrees => {
            *matched += 1;
            if undated {
                report(article, outcome, "quoted-now", claim, &[("as_of", &snapshot_day(article))]);
                offer_day(article, outcome, claim, fields);
            }
        }
        Answer::WorkedOut => *matched += 1,
        Answer::Roughly(price) => {
            *matched += 1;
            let tolerance = article.policy.number(ID, "tolerance-pct", 0.5).to_string();
            let rule = if undated { "quoted-now" } else { "tolerance-only" };
            report(article, outcome, rule, claim, &[("value", &value_text(price)), ("tolerance", &tolerance), ("as_of", &snapshot_day(article))]);
        }
        Answer::CutOff(price) => {
            *matched += 1;
            report(article, outcome, "truncated-value", claim, &[("value", &value_text(price))]);
            if undated {
                report(article, outcome, "quoted-now", claim, &[("as_of", &snapshot_day(article))]);
            }
        }
        Answer::Differs(value, as_of) => report(article, outcome, "mismatch", claim, &[("value", &value), ("as_of", &as_of)]),
        Answer::OtherUnit => report(article, outcome, "unit-unknown", claim, &[]),
        Answer::Missing => {
            let rule = match claim.kind {
                Kind::Ratio => "ratio-unsupported",
                Kind::Move | Kind::MovePercent | Kind::MovePoints => "move-unsupported",
                Kind::Level | Kind::Rate => "unsupported",
            };
            report(article, outcome, rule, claim, &[]);
        }
    }
}

/// The day of the snapshot behind a figure that it has.
fn offer_day(article: &Article, outcome: &mut Outcome, claim: &PriceClaim, fields: Option<&Fields>) {
    let Some(day) = fields.and_then(|fields| exact_day(article, fields, claim)) else { return };
    let edit = as_of_behind(article, claim, day);
    article.offer(outcome, "quoted-now", article.span_of(claim.tokens.clone()), edit, &[("as_of", &day.to_string())]);
}

/// The one day for which the snapshot has exactly this figure.
fn exact_day(article: &Article, fields: &Fields, claim: &PriceClaim) -> Option<Date> {
    if !matches!(claim.kind, Kind::Level | Kind::Rate) || claim.comparator != Comparator::Equal || claim.upper.is_some() || claim.currency.is_none() {
        return None;
    }
    let is_equal = |price: &&&Price| {
        let value = in_unit(article, price, claim.unit.as_deref());
        price.currency == claim.currency && value.is_some_and(|value| (value - claim.value).abs() <= 1e-9 * value.abs().max(1.0))
    };
    let of = fields.of(article, claim.instrument.as_deref());
    let days: BTreeSet<Option<Date>> = of.iter().filter(is_equal).map(|price| price.as_of.or(fields.snapshot.captured)).collect();
    if days.len() == 1 { days.into_iter().next().flatten() } else { None }
}

/// `(as of 2026-05-17)` behind a figure and its unit, where nothing else than this figure is dated by it.
fn as_of_behind(article: &Article, claim: &PriceClaim, day: Date) -> Option<Edit> {
    let document = article.document;
    let sentence = article.sentence(claim.sentence);
    let block = document.block(sentence.block)?;
    let is_prose = matches!(block.zone, Zone::Paragraph | Zone::ListItem | Zone::Callout | Zone::Footnote);
    // a day in the line above a table dates the table
    let before_table = document.block(sentence.block + 1).is_some_and(|next| next.cell.is_some());
    // claims stand in the order of their sentences
    let first = article.prices.partition_point(|other| other.sentence < claim.sentence);
    let is_alone = article.prices.get(first + 1).is_none_or(|other| other.sentence != claim.sentence);
    if !is_prose || before_table || !is_alone || document.lookup.is_quoted(claim.tokens.start) {
        return None;
    }
    let end = unit_end(article, claim, sentence.tokens.end);
    let at = article.span_of(claim.tokens.start..end).end;
    let behind = article.source.text.get(at as usize..)?.chars().next();
    let is_gap = behind.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '*' | '_' | '<'));
    is_gap.then(|| Edit { span: Span::new(at, at), text: format!(" (as of {day})") })
}

/// The token behind the figure and its unit: "an ounce", "/oz".
fn unit_end(article: &Article, claim: &PriceClaim, last: u32) -> u32 {
    let end = claim.tokens.end;
    let Some(unit) = claim.unit.as_deref() else { return end };
    let words: Vec<&str> = unit.split(' ').collect();
    let fits = |at: u32| words.iter().zip(at..).all(|(word, at)| at < last && fold(article.view.text(at)) == **word);
    let found = (end..end + 2).find(|at| fits(*at));
    found.map_or(end, |at| at + offset(words.len()))
}

fn snapshot_day(article: &Article) -> String {
    article.snapshot.and_then(|snapshot| snapshot.captured).map_or_else(|| "its capture day".to_owned(), |day| day.to_string())
}

fn value_text(price: &Price) -> String {
    let currency = price.currency.as_deref().map_or_else(String::new, |code| format!(" {code}"));
    let unit = price.unit.as_deref().map_or_else(String::new, |unit| format!(" per {}", unit.replace('_', " ")));
    // hundredths of a currency leave traces far behind the point
    let value = (price.value * PRECISE).round() / PRECISE;
    format!("{value}{currency}{unit}")
}

fn answer<'s>(article: &Article, fields: &Fields<'s>, claim: &PriceClaim) -> Answer<'s> {
    match claim.kind {
        Kind::Ratio => ratio(article, fields.snapshot, claim),
        Kind::Move | Kind::MovePercent | Kind::MovePoints => moved(article, fields, claim),
        Kind::Level | Kind::Rate => level(article, fields, claim),
    }
}

/// Compares with every field of the instrument; the best answer counts.
fn level<'s>(article: &Article, fields: &Fields<'s>, claim: &PriceClaim) -> Answer<'s> {
    // told only where no field fits: most prices of a long snapshot are other ones
    let mut fallback = Fallback::Missing;
    let is_start = is_start(article, claim);
    for price in fields.meant(article, claim) {
        if let Mode::Dated(day) = claim.mode
            && price.as_of.is_some_and(|as_of| as_of != day)
            && !(is_start && matches!(fits(article, claim, price.value), Fit::Exact))
        {
            fallback = Fallback::OtherDay(price);
            continue;
        }
        if !fields.same_currency(article, claim, price) {
            fallback = if matches!(fallback, Fallback::Missing) { Fallback::Differs(price) } else { fallback };
            continue;
        }
        let Some(value) = in_unit(article, price, claim.unit.as_deref()) else {
            // the number to the digit, for another measure: no other price would have it
            let to_the_digit = matches!(fits(article, claim, price.value), Fit::Exact) && claim.comparator == Comparator::Equal;
            fallback = if to_the_digit { Fallback::Differs(price) } else { Fallback::OtherUnit };
            continue;
        };
        match fits(article, claim, value) {
            Fit::Exact => return Answer::Agrees,
            Fit::Rough => return Answer::Roughly(price),
            Fit::CutOff => return Answer::CutOff(price),
            Fit::No => fallback = Fallback::Differs(price),
        }
    }
    if fields.bear_out(article, claim) {
        return Answer::Agrees;
    }
    if worked::is_worked_out(article, fields, claim) {
        return Answer::WorkedOut;
    }
    match fallback {
        Fallback::Missing => Answer::Missing,
        Fallback::OtherUnit => Answer::OtherUnit,
        Fallback::Differs(price) => Answer::Differs(value_text(price), as_of_text(price)),
        Fallback::OtherDay(price) => Answer::Differs(value_text(price), price.as_of.map_or_else(String::new, |day| day.to_string())),
    }
}

/// Why no field agrees, so far.
enum Fallback<'s> {
    Missing,
    OtherUnit,
    OtherDay(&'s Price),
    Differs(&'s Price),
}

fn as_of_text(price: &Price) -> String {
    price.as_of_text.clone().or_else(|| price.as_of.map(|day| day.to_string())).unwrap_or_else(|| "an unknown day".to_owned())
}

enum Fit {
    Exact,
    Rough,
    CutOff,
    No,
}

/// Rounding, approximation and comparators (policy 2.4, steps 4 and 5).
fn fits(article: &Article, claim: &PriceClaim, value: f64) -> Fit {
    let band = 1.0 + article.policy.number(ID, "comparator-band-pct", 5.0) / 100.0;
    let tolerance = article.policy.number(ID, "tolerance-pct", 0.5).min(article.policy.number(ID, "tolerance-cap-pct", 2.0)) / 100.0;
    let slack = 1e-9 * value.abs().max(1.0);
    if let Some(upper) = claim.upper {
        return if claim.value - slack <= value && value <= upper + slack { Fit::Exact } else { Fit::No };
    }
    match claim.comparator {
        Comparator::Above => return if value > claim.value && value <= claim.value * band { Fit::Exact } else { Fit::No },
        Comparator::Below => return if value < claim.value && value * band >= claim.value { Fit::Exact } else { Fit::No },
        Comparator::Equal | Comparator::About => {}
    }
    let distance = (claim.value - value).abs();
    if distance <= 0.5 * claim.step + slack {
        return Fit::Exact;
    }
    if claim.comparator == Comparator::About && distance <= (0.5 * claim.coarse_step).max(tolerance * value) + slack {
        return Fit::Rough;
    }
    if (0.0..claim.step).contains(&(value - claim.value)) { Fit::CutOff } else { Fit::No }
}

/// A move is recomputed from the previous close or the open (policy 2.4, step 6).
fn moved<'s>(article: &Article, fields: &Fields<'s>, claim: &PriceClaim) -> Answer<'s> {
    let of = fields.of(article, claim.instrument.as_deref());
    let field = |names: &[&str]| of.iter().find(|price| names.contains(&price.field.as_str())).copied();
    let (Some(last), Some(before)) = (field(&["last", "close", "mid", "fix_pm", "yield", "rate", "settle", "settlement"]), field(&["prev_close", "open"]))
    else {
        return Answer::Missing;
    };
    let by = last.value - before.value;
    let change = match claim.kind {
        Kind::MovePercent => by / before.value * 100.0,
        // of a rate in per cent, a point is a hundredth of one
        Kind::MovePoints => by * 100.0,
        _ => by,
    };
    let claimed = if claim.falling { -claim.value.abs() } else { claim.value };
    let agrees = (claimed - change).abs() <= 0.5 * claim.step + 1e-9;
    if agrees { Answer::Agrees } else { Answer::Differs(format!("a change of {change:.2}"), as_of_text(last)) }
}

/// A ratio is looked up, else recomputed from two prices of one day (policy 2.4, step 7).
fn ratio<'s>(article: &Article, snapshot: &'s Snapshot, claim: &PriceClaim) -> Answer<'s> {
    let text = article.document.reading.slice(article.sentence(claim.sentence).text.clone()).to_lowercase();
    let names = |ratio: &Ratio| {
        ratio.name.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2 && *word != "ratio").all(|word| text.contains(word))
    };
    let recorded = snapshot.ratios.iter().filter(|ratio| snapshot.ratios.len() == 1 || names(ratio)).find_map(|ratio| ratio.value);
    let computed = || {
        let mut named: Vec<(&Price, usize)> = snapshot.prices.iter().filter_map(|price| Some((price, text.find(&price.instrument.to_lowercase())?))).collect();
        named.sort_by_key(|(_, at)| *at);
        named.dedup_by(|a, b| a.0.instrument == b.0.instrument);
        let [(over, _), (under, _)] = named.as_slice() else { return None };
        (over.as_of == under.as_of && under.value != 0.0).then(|| over.value / under.value)
    };
    let Some(value) = recorded.or_else(computed) else { return Answer::Missing };
    let step = if claim.comparator == Comparator::About { claim.coarse_step } else { claim.step };
    if (claim.value - value).abs() <= 0.5 * step + 1e-9 { Answer::Agrees } else { Answer::Differs(format!("{value:.2}"), snapshot_day(article)) }
}
