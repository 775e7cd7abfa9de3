//! Durations as `lint.toml` and rule files write them.

use jiff::Span as Duration;

/// Reads a duration such as `90 days`, `6 months`, `1 year`, `2 weeks`.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: i32 = text[..digits].parse().ok()?;
    match text[digits..].trim().to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => Duration::new().try_days(number).ok(),
        "w" | "week" | "weeks" => Duration::new().try_weeks(number).ok(),
        "m" | "month" | "months" => Duration::new().try_months(number).ok(),
        "y" | "year" | "years" => Duration::new().try_years(number).ok(),
        _ => None,
    }
}
