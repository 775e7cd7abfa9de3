//! The source snapshot: the dated evidence an article declares (`source:` block, or a JSON file of the same shape).

use jiff::civil::Date;

use crate::date;
use crate::document::Issue;
use crate::document::front_matter::{Entry, Node, Value};
use crate::span::Span;

/// One price field.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// Its id, such as `gold_usd_oz`.
    pub id: String,
    /// What is priced, such as `gold`.
    pub instrument: String,
    /// `last`, `bid`, `ask`, `close`, `fix_pm` …
    pub field: String,
    /// The value, in the major unit of its currency.
    pub value: f64,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Unit of measure.
    pub unit: Option<String>,
    /// The day the value stands for; the capture day where none is given.
    pub as_of: Option<Date>,
    /// The moment as written, for messages.
    pub as_of_text: Option<String>,
}

/// One ratio field: a name alone, or with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratio {
    /// Its key, such as `primary`.
    pub key: String,
    /// Its name, such as `gold/silver`.
    pub name: String,
    /// The value, where one is recorded.
    pub value: Option<f64>,
    /// The day it stands for.
    pub as_of: Option<Date>,
}

/// Codes by which exchanges quote hundredths of a currency; their letters' case tells pence from pounds.
const MINOR: &[(&str, &str)] = &[
    ("GBp", "GBP"),
    ("GBX", "GBP"),
    ("GBx", "GBP"),
    ("USc", "USD"),
    ("USX", "USD"),
    ("USx", "USD"),
    ("ZAc", "ZAR"),
    ("ZAC", "ZAR"),
    ("EUc", "EUR"),
    ("AUc", "AUD"),
    ("NZc", "NZD"),
    ("CAc", "CAD"),
    ("SGc", "SGD"),
    ("HKc", "HKD"),
    ("ILA", "ILS"),
    ("ILa", "ILS"),
];

/// Most prices of one snapshot: every claim of the text is set against all of them.
const MOST_PRICES: usize = 2000;

/// Whether a text names a file and no data set: it ends as files of JSON do, or begins as paths do.
fn is_path(text: &str) -> bool {
    let begins = ["./", "../", "/", "~/", ".\\", "..\\"].iter().any(|start| text.starts_with(start));
    text.to_ascii_lowercase().ends_with(".json") || (begins && !text.starts_with("//") && !text.contains(char::is_whitespace))
}

/// The dated evidence of an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Label of the data source.
    pub name: Option<String>,
    /// Who provided it.
    pub provider: Option<String>,
    /// How it was made.
    pub method: Option<String>,
    /// The day it was captured.
    pub captured: Option<Date>,
    /// Prices.
    pub prices: Vec<Price>,
    /// Ratios.
    pub ratios: Vec<Ratio>,
    /// Where the block stands in the article; empty for a snapshot given from outside.
    pub span: Span,
    /// SHA-256 of a snapshot file's bytes; `None` for a block in the article.
    pub sha256: Option<String>,
}

/// What the `source` role of an article holds.
#[derive(Clone, Debug)]
pub enum Declared {
    /// Nothing.
    None,
    /// A block.
    Block(Snapshot),
    /// A path to a JSON file.
    File(String, Span),
}

impl Snapshot {
    /// Reads a `source:` value of the front matter. Problems are added to `issues` and leave out what they are about.
    #[must_use]
    pub fn declared(node: Option<&Node>, issues: &mut Vec<Issue>) -> Declared {
        let Some(node) = node else { return Declared::None };
        match &node.value {
            Value::Table(_) => Declared::Block(Self::from_node(node, issues)),
            Value::Text(path) if is_path(path.trim()) => Declared::File(path.trim().to_owned(), node.span),
            Value::Text(name) if !name.trim().is_empty() => Declared::Block(Self { name: Some(name.trim().to_owned()), span: node.span, ..Self::default() }),
            _ => Declared::None,
        }
    }

    /// Reads a table of the shape in the design ("The article").
    #[must_use]
    pub fn from_node(node: &Node, issues: &mut Vec<Issue>) -> Self {
        let captured_node = ["captured", "captured_at", "as_of", "date", "snapshot"].iter().find_map(|key| node.get(key));
        let captured = captured_node.and_then(|node| day(node, issues));
        let mut snapshot = Self {
            name: text(node, &["name", "label", "source"]),
            provider: text(node, &["provider", "id"]),
            method: text(node, &["method", "generator"]),
            captured,
            span: node.span,
            ..Self::default()
        };
        let prices = rows(node.get("prices"));
        if let Some((_, row)) = prices.get(MOST_PRICES) {
            issues.push(Issue::new("snapshot/too-many-prices", row.span, format!("{} prices, of which the first {MOST_PRICES} are read", prices.len())));
        }
        for (id, row) in prices.into_iter().take(MOST_PRICES) {
            match price(&id, row, captured, issues) {
                Some(price) => snapshot.prices.push(price),
                None => issues.push(Issue::new("snapshot/price-without-value", row.span, format!("price `{id}` has no number as its `value`"))),
            }
        }
        for (key, row) in rows(node.get("ratios")) {
            let name = row.text().or_else(|| text(row, &["name", "id"])).unwrap_or_else(|| key.clone());
            let as_of = row.get("as_of").and_then(|node| day(node, issues)).or(captured);
            snapshot.ratios.push(Ratio { key, name, value: row.get("value").and_then(number), as_of });
        }
        snapshot
    }

    /// Whether the snapshot says anything at all about its origin.
    #[must_use]
    pub const fn has_origin(&self) -> bool {
        self.name.is_some() || self.provider.is_some() || self.method.is_some()
    }

    /// "provider / method", as far as they are known.
    #[must_use]
    pub fn origin(&self) -> String {
        let who = self.provider.as_deref().or(self.name.as_deref());
        match (who, self.method.as_deref()) {
            (Some(who), Some(method)) => format!("{who} / {method}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => String::new(),
        }
    }
}

/// A list, or a map id → row, as pairs of id and row.
fn rows(node: Option<&Node>) -> Vec<(String, &Node)> {
    let Some(node) = node else { return Vec::new() };
    match &node.value {
        Value::Table(entries) => entries.iter().map(|Entry { key, node, .. }| (key.clone(), node)).collect(),
        Value::List(items) => items
            .iter()
            .enumerate()
            .map(|(i, item)| (text(item, &["id", "key", "name"]).or_else(|| item.text()).unwrap_or_else(|| (i + 1).to_string()), item))
            .collect(),
        _ => Vec::new(),
    }
}

fn price(id: &str, row: &Node, captured: Option<Date>, issues: &mut Vec<Issue>) -> Option<Price> {
    let value = number(row).or_else(|| row.get("value").and_then(number))?;
    let as_of_node = row.get("as_of");
    let written = text(row, &["currency", "ccy"]);
    let minor = written.as_deref().and_then(|written| MINOR.iter().find(|(code, _)| *code == written.trim()));
    Some(Price {
        id: id.to_owned(),
        instrument: text(row, &["instrument", "metal", "symbol", "asset"]).unwrap_or_else(|| id.split(['_', '-']).next().unwrap_or(id).to_owned()),
        field: text(row, &["field", "kind"]).unwrap_or_else(|| "last".to_owned()),
        value: if minor.is_some() { value / 100.0 } else { value },
        currency: minor.map(|(_, major)| (*major).to_owned()).or_else(|| written.map(|code| code.trim().to_ascii_uppercase())),
        unit: text(row, &["unit", "per"]),
        as_of: as_of_node.and_then(|node| day(node, issues)).or(captured),
        as_of_text: as_of_node.and_then(Node::text),
    })
}

fn text(node: &Node, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| node.get(key).and_then(Node::text))
}

fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Number(number, _) => Some(*number),
        Value::Text(text) => text.replace([',', '_', ' '], "").parse().ok(),
        _ => None,
    }
}

fn day(node: &Node, issues: &mut Vec<Issue>) -> Option<Date> {
    let written = node.text()?;
    if let Ok(day) = date::parse(&written) {
        return Some(day.date);
    }
    issues.push(Issue::new("snapshot/unreadable-date", node.span, format!("`{written}` is not a date")));
    None
}
