//! Numbers as people write them (policy 2.2).

/// "80:1" → 80.
pub(super) fn ratio_of(text: &str) -> Option<f64> {
    let (left, right) = text.split_once(':')?;
    (right == "1").then(|| left.parse().ok()).flatten()
}

/// A number as written.
pub(super) struct Number {
    /// Its value.
    pub value: f64,
    /// The upper end of a range.
    pub upper: Option<f64>,
    /// One unit of the last digit shown.
    pub step: f64,
    /// The same with trailing zeros taken as rounding.
    pub coarse: f64,
}

impl Number {
    /// Takes it times a factor: thousand, million.
    pub fn scale(&mut self, factor: f64) {
        self.value *= factor;
        self.upper = self.upper.map(|upper| upper * factor);
        self.step *= factor;
        self.coarse *= factor;
    }
}

/// So many digits make a number that is what it says, to the last of them.
const MOST_DIGITS: usize = 15;

/// Reads `2,412.10`, `1.234,56`, `1'234.56`, `2 412`, `2.4k`, `28-30`, `2,400s`, `½`.
pub(super) fn parse_number(text: &str) -> Option<Number> {
    // most numbers are a few digits and nothing else
    if (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = text.bytes().fold(0u64, |value, digit| value * 10 + u64::from(digit - b'0')) as f64;
        let zeros = text.bytes().rev().take_while(|byte| *byte == b'0').count().min(text.len() - 1);
        return Some(Number { value, upper: None, step: 1.0, coarse: 10f64.powi(i32::try_from(zeros).unwrap_or(0)) });
    }
    if let Some((low, high)) = text.split_once('-') {
        let (low, high) = (parse_number(low)?, parse_number(high)?);
        return Some(Number { upper: Some(high.value), ..low });
    }
    let digits_end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (digits, suffix) = text.split_at(digits_end);
    let factor = match suffix {
        "" | "s" | "st" | "nd" | "rd" | "th" | "x" => 1.0,
        "k" => 1e3,
        "m" | "mn" | "mln" => 1e6,
        "bn" | "b" => 1e9,
        _ => return None,
    };
    let plain: String = digits.chars().filter(|c| !matches!(c, '\'' | ' ')).collect();
    let normal = decimal_point(&plain)?;
    let value: f64 = normal.parse().ok()?;
    let decimals = normal.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let step = 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    let zeros = if decimals == 0 { normal.bytes().rev().take_while(|byte| *byte == b'0').count().min(normal.len().saturating_sub(1)) } else { 0 };
    let coarse = step * 10f64.powi(i32::try_from(zeros).unwrap_or(0));
    Some(Number { value: value * factor, upper: None, step: step * factor, coarse: coarse * factor })
}

/// Digits with grouping marks gone and a point before the decimals.
fn decimal_point(text: &str) -> Option<String> {
    let commas = text.matches(',').count();
    let points = text.matches('.').count();
    if text.bytes().any(|byte| !byte.is_ascii_digit() && byte != b',' && byte != b'.') {
        return None;
    }
    Some(match (commas, points) {
        (0, 0 | 1) => text.to_owned(),
        (0, _) => text.replace('.', ""),
        (_, 0) => {
            let (_, last) = text.rsplit_once(',')?;
            if commas == 1 && last.len() != 3 { text.replace(',', ".") } else { text.replace(',', "") }
        }
        _ if text.rfind(',') > text.rfind('.') => text.replace('.', "").replace(',', "."),
        _ => text.replace(',', ""),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_people_write_them() {
        for (text, value, step) in [
            ("2,412.10", 2412.10, 0.01),
            ("1.234,56", 1234.56, 0.01),
            ("1'234.56", 1234.56, 0.01),
            ("1,23,456", 123_456.0, 1.0),
            ("2.4k", 2400.0, 100.0),
            ("2,400s", 2400.0, 1.0),
            ("31,4", 31.4, 0.1),
            ("100", 100.0, 1.0),
            ("0042", 42.0, 1.0),
            ("999999999999999", 999_999_999_999_999.0, 1.0),
            ("1000000000000001", 1_000_000_000_000_001.0, 1.0),
        ] {
            let number = parse_number(text).unwrap();
            assert!((number.value - value).abs() < 1e-9, "{text}: {}", number.value);
            assert!((number.step - step).abs() < 1e-9, "{text}: {}", number.step);
        }
        for (text, coarse) in [("2400", 100.0), ("2,400", 100.0), ("2405", 1.0), ("000", 100.0), ("2400.50", 0.01)] {
            assert!((parse_number(text).unwrap().coarse - coarse).abs() < 1e-9, "{text}");
        }
        assert_eq!(parse_number("28-30").unwrap().upper, Some(30.0));
        assert!(parse_number("24ct").is_none());
    }
}
