//! Dates as people and systems write them, and durations as `lint.toml` writes them (policy 3.1). Never asks for today's date.

mod duration;

use std::sync::LazyLock;

pub use duration::duration;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::DateTimeParser;
use regex::Regex;

/// A calendar day as far as the text gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day; the first of the month where only the month is given.
    pub date: Date,
    /// Whether only month and year are given.
    pub month_only: bool,
}

impl Day {
    /// The last day that the text can mean.
    #[must_use]
    pub fn latest(self) -> Date {
        if self.month_only { self.date.last_of_month() } else { self.date }
    }
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotADay {
    /// Day and month can be told apart only with a locale: `05/06/2026`.
    Ambiguous,
    /// It is no date that exists, or none at all.
    Unreadable,
}

/// Written forms whose day, month and year are unmistakable.
const FORMATS: &[&str] = &["%Y-%m-%d", "%Y/%m/%d", "%B %d, %Y", "%B %d %Y", "%d %B %Y", "%d %B, %Y", "%b %d, %Y", "%b %d %Y", "%d %b %Y", "%d.%m.%Y", "%Y%m%d"];

// ASCII classes: those of Unicode take milliseconds to compile, which every run would pay.
static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi-u)
        \b[0-9]{4}-[0-9]{2}-[0-9]{2}\b
      | \b[0-9]{4}/[0-9]{2}/[0-9]{2}\b
      | \b[0-9]{1,2}(?:st|nd|rd|th)?(?:\s|(?u:[\x{a0}\x{2009}\x{202f}]))+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?(?:\s|(?u:[\x{a0}\x{2009}\x{202f}]))+[0-9]{4}\b
      | \b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s|(?u:[\x{a0}\x{2009}\x{202f}]))+(?:[0-9]{1,2}(?:st|nd|rd|th)?,?(?:\s|(?u:[\x{a0}\x{2009}\x{202f}]))+[0-9]{4}|[0-9]{4}\b)
      | \b[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}\b
      | \b[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\b",
    )
    .ok()
});

/// A date written somewhere in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Byte range in the text.
    pub range: std::ops::Range<usize>,
    /// The day, if it exists.
    pub day: Result<Day, NotADay>,
}

/// All dates written in a text, in order; of what may be two days, that it may. Text that was glued by extraction (`May 17, 202610 min read`) yields the day, not the year 202610.
#[must_use]
pub fn find_all(text: &str) -> Vec<Written> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let Some(shape) = SHAPE.as_ref() else { return Vec::new() };
    shape.find_iter(text).map(|found| Written { range: found.range(), day: parse(found.as_str()) }).collect()
}

/// Reads one date: ISO 8601 and RFC 3339 with or without a time, written months, `17.05.2026`, month and year, seconds or milliseconds since 1970.
///
/// The calendar day is the one stated, in the zone stated: `2026-05-17T23:30:00-08:00` is the 17th.
///
/// # Errors
/// [`NotADay::Ambiguous`] for `05/06/2026`, [`NotADay::Unreadable`] for anything that names no existing day.
pub fn parse(text: &str) -> Result<Day, NotADay> {
    let text = text.trim().trim_matches(['"', '\'']);
    if !has_digits_of_a_day(text) {
        return Err(NotADay::Unreadable);
    }
    if let Some(date) = iso(text) {
        return Ok(Day { date, month_only: false });
    }
    let plain = without_ordinals(text);
    for format in FORMATS {
        if let Ok(date) = Date::strptime(format, &plain) {
            // "May 2026" also reads as 20 May of the year 26
            if date.year() >= 1000 {
                return Ok(Day { date, month_only: false });
            }
        }
    }
    if let Some(day) = month_only(&plain) {
        return Ok(day);
    }
    let timed = plain.len() > 10 && plain.as_bytes().first().is_some_and(u8::is_ascii_digit);
    if let Some(date) = timed.then(|| with_time(&plain)).flatten() {
        return Ok(Day { date, month_only: false });
    }
    if let Some(date) = epoch(&plain) {
        return Ok(Day { date, month_only: false });
    }
    slashed(&plain)
}

/// `2026-05-17`, which nearly all headers hold.
fn iso(text: &str) -> Option<Date> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text.as_bytes() else { return None };
    let number = |digits: &[u8]| digits.iter().try_fold(0, |number: i16, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')));
    let (year, month, day) = (number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().filter(|_| year >= 1000)
}

/// Whether there are digits enough for a year and a month or day: most numbers of a text are told apart by that alone.
fn has_digits_of_a_day(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.bytes().any(|byte| byte.is_ascii_alphabetic() || byte >= 0x80) { digits >= 4 } else { digits >= 6 && !text.contains(',') }
}

/// `17th` → `17`, `Sept.` → `Sep`, `17 of May` → `17 May`.
fn without_ordinals(text: &str) -> String {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_end_matches(',');
        let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
        let ordinal = digits > 0 && matches!(bare[digits..].to_ascii_lowercase().as_str(), "st" | "nd" | "rd" | "th");
        let comma = if word.ends_with(',') { "," } else { "" };
        match bare.to_ascii_lowercase().as_str() {
            "of" | "the" => {}
            "sept" | "sept." => words.push(format!("Sep{comma}")),
            _ if ordinal => words.push(format!("{}{comma}", &bare[..digits])),
            _ if bare.ends_with('.') && bare.len() == 4 && digits == 0 => words.push(format!("{}{comma}", &bare[..3])),
            _ => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

fn month_only(text: &str) -> Option<Day> {
    let with_day = format!("1 {text}");
    let date = ["%d %B %Y", "%d %b %Y", "%d %B, %Y"].iter().find_map(|format| Date::strptime(format, &with_day).ok());
    let date = date.or_else(|| {
        let (year, month) = text.split_once('-')?;
        (year.len() == 4 && month.len() == 2).then(|| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()).flatten()
    });
    date.filter(|date| date.year() >= 1000).map(|date| Day { date, month_only: true })
}

/// A day followed by a time, with or without a zone; the time must be one.
fn with_time(text: &str) -> Option<Date> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    let head = text.get(..10)?;
    let date = Date::strptime("%Y-%m-%d", head).or_else(|_| Date::strptime("%Y/%m/%d", head)).ok()?;
    let normal = format!("{}{}", date, text[10..].replacen(' ', "T", 1).replace(' ', ""));
    let zoned = normal.trim_end_matches("UTC").trim_end_matches("GMT");
    let sound = PARSER.parse_timestamp(zoned).is_ok()
        || PARSER.parse_datetime(zoned).is_ok()
        || Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", zoned).is_ok()
        || DateTime::strptime("%Y-%m-%dT%H:%M", zoned).is_ok()
        || Timestamp::strptime("%Y-%m-%dT%H:%M%z", zoned).is_ok();
    sound.then_some(date)
}

fn epoch(text: &str) -> Option<Date> {
    if !(10..=13).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let seconds = if text.len() > 11 { number / 1000 } else { number };
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// `05/06/2026`: only a number above 12 tells which is the day.
fn slashed(text: &str) -> Result<Day, NotADay> {
    let parts: Vec<&str> = text.split('/').collect();
    let [first, second, year] = parts.as_slice() else { return Err(NotADay::Unreadable) };
    let (Ok(first), Ok(second), Ok(year)) = (first.parse::<i8>(), second.parse::<i8>(), year.parse::<i16>()) else {
        return Err(NotADay::Unreadable);
    };
    if first <= 12 && second <= 12 && first != second {
        return Err(NotADay::Ambiguous);
    }
    let (month, day) = if first > 12 { (second, first) } else { (first, second) };
    Date::new(year, month, day).map(|date| Day { date, month_only: false }).map_err(|_| NotADay::Unreadable)
}

/// Whole days from one day to a later one; negative where it is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        parse(text).ok().map(|day| if day.month_only { format!("{:.7}", day.date.to_string()) } else { day.date.to_string() })
    }

    #[test]
    fn reads_what_systems_write() {
        for text in [
            "2026-05-17",
            "2026/05/17",
            "May 17, 2026",
            "17 May 2026",
            "17.05.2026",
            "17th May 2026",
            "May 17th, 2026",
            "2026-05-17T23:30:00-08:00",
            "2026-05-17T10:00:00Z",
            "2026-05-17 10:00:00",
            "2026-05-17 10:00:00 +0200",
            "2026-05-17 16:00 UTC",
            "1779019200",
            "1779019200000",
            "17/05/2026",
            "05/17/2026",
        ] {
            assert_eq!(day(text).as_deref(), Some("2026-05-17"), "{text}");
        }
        assert_eq!(day("May 2026").as_deref(), Some("2026-05"));
        assert_eq!(day("2026-05").as_deref(), Some("2026-05"));
        assert_eq!(day("Sept. 3, 2025").as_deref(), Some("2025-09-03"));
    }

    #[test]
    fn refuses_what_is_no_day() {
        assert_eq!(parse("05/06/2026"), Err(NotADay::Ambiguous));
        for text in ["2026-02-30", "soon", "", "2026", "31 June 2026", "2026-05-17 25:00", "2026-13-01"] {
            assert_eq!(parse(text), Err(NotADay::Unreadable), "{text}");
        }
    }

    #[test]
    fn finds_a_day_glued_to_a_reading_time() {
        let found = find_all("May 17, 202610 min read");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].range, 0..12);
    }
}
