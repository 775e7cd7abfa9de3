//! TOML read strictly: every unknown key, wrong type and impossible value of a file in one go, each with its span.
//!
//! `serde` stops at the first error; a person who writes a configuration wants all of them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Something wrong in a TOML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Byte range in the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

/// Collects the problems of one file.
#[derive(Debug, Default)]
pub struct Problems {
    found: RefCell<Vec<Problem>>,
}

impl Problems {
    /// Adds one.
    pub fn add(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.found.borrow_mut().push(Problem { span, message: message.into(), help });
    }

    /// All of them, in the order of the file.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Problem> {
        let mut found = self.found.into_inner();
        found.sort_by(|a, b| (a.span.start, a.span.end, &a.message).cmp(&(b.span.start, b.span.end, &b.message)));
        found.dedup();
        found
    }
}

/// Parses a file as far as it can be parsed.
#[must_use]
pub fn parse<'t>(text: &'t str, problems: &Problems) -> Spanned<DeTable<'t>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        problems.add(error.span().unwrap_or(0..0), error.message().to_owned(), None);
    }
    table
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Byte range in the file.
    pub span: Range<usize>,
}

/// A table that is being read: it remembers which keys were asked for.
pub struct Table<'a, 't> {
    table: &'a DeTable<'t>,
    span: Range<usize>,
    path: String,
    asked: RefCell<BTreeSet<String>>,
    problems: &'a Problems,
}

impl<'a, 't> Table<'a, 't> {
    /// The root table of a file.
    #[must_use]
    pub fn root(table: &'a Spanned<DeTable<'t>>, problems: &'a Problems) -> Self {
        Self::new(table.get_ref(), table.span(), String::new(), problems)
    }

    const fn new(table: &'a DeTable<'t>, span: Range<usize>, path: String, problems: &'a Problems) -> Self {
        Self { table, span, path, asked: RefCell::new(BTreeSet::new()), problems }
    }

    /// Where the table stands.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The path of this table from the root, for messages.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reports a problem at a place of this file.
    pub fn problem(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.problems.add(span, message, help);
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.table.get(key)
    }

    fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'t>>, wanted: &str) {
        let message = format!("`{}` is {}, where {wanted} belongs", self.full(key), type_name(value.get_ref()));
        self.problems.add(value.span(), message, None);
    }

    /// A text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<At<String>> {
        let value = self.get(key)?;
        if let DeValue::String(text) = value.get_ref() {
            return Some(At { value: text.to_string(), span: value.span() });
        }
        self.wrong_type(key, value, "a text");
        None
    }

    /// A text that must be there.
    #[must_use]
    pub fn required_text(&self, key: &str) -> At<String> {
        if !self.table.contains_key(key) {
            let message = format!("`{}` is missing", self.full(key));
            self.problems.add(self.span(), message, None);
            self.asked.borrow_mut().insert(key.to_owned());
        }
        self.text(key).unwrap_or_else(|| At { value: String::new(), span: self.span() })
    }

    /// A truth value.
    #[must_use]
    pub fn truth(&self, key: &str) -> Option<At<bool>> {
        let value = self.get(key)?;
        if let DeValue::Boolean(yes) = value.get_ref() {
            return Some(At { value: *yes, span: value.span() });
        }
        self.wrong_type(key, value, "`true` or `false`");
        None
    }

    /// A number.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<At<f64>> {
        let value = self.get(key)?;
        if let Some(number) = number_of(value.get_ref()) {
            return Some(At { value: number, span: value.span() });
        }
        self.wrong_type(key, value, "a number");
        None
    }

    /// A list of texts.
    #[must_use]
    pub fn texts(&self, key: &str) -> Option<Vec<At<String>>> {
        let value = self.get(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of texts");
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => texts.push(At { value: text.to_string(), span: item.span() }),
                _ => self.wrong_type(key, item, "a text"),
            }
        }
        Some(texts)
    }

    /// A table.
    #[must_use]
    pub fn table(&self, key: &str) -> Option<Self> {
        let value = self.get(key)?;
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Self::new(table, value.span(), self.full(key), self.problems));
        }
        self.wrong_type(key, value, "a table");
        None
    }

    /// A list of tables; empty where the key is absent.
    #[must_use]
    pub fn tables(&self, key: &str) -> Vec<Self> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of tables (`[[…]]`)");
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(Self::new(table, item.span(), self.full(key), self.problems)),
                _ => self.wrong_type(key, item, "a table"),
            }
        }
        tables
    }

    /// The keys of a table whose keys are free names, with their places.
    #[must_use]
    pub fn names(&self) -> Vec<At<String>> {
        let mut names: Vec<At<String>> = self.table.iter().map(|(key, _)| At { value: key.get_ref().to_string(), span: key.span() }).collect();
        names.sort_by_key(|name| name.span.start);
        names
    }

    /// A value of any scalar type or list of texts, for tables of parameters.
    #[must_use]
    pub fn param(&self, key: &str) -> Option<At<Param>> {
        let value = self.get(key)?;
        let param = match value.get_ref() {
            DeValue::String(text) => Param::Text(text.to_string()),
            DeValue::Boolean(yes) => Param::Truth(*yes),
            DeValue::Array(_) => Param::List(self.texts(key)?.into_iter().map(|text| text.value).collect()),
            other => match number_of(other) {
                Some(number) => Param::Number(number),
                None => {
                    self.wrong_type(key, value, "a number, a text, a truth value or a list of texts");
                    return None;
                }
            },
        };
        Some(At { value: param, span: value.span() })
    }

    /// Reports every key that nobody asked for, with the nearest one that would have been right.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if asked.contains(name) {
                continue;
            }
            let known: Vec<&str> = asked.iter().map(String::as_str).collect();
            self.problems.add(key.span(), format!("unknown key `{}`", self.full(name)), Some(nearest_help(name, &known)));
        }
    }
}

/// A parameter of a rule file or of `[checks.<id>]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// A number.
    Number(f64),
    /// A text; durations are texts.
    Text(String),
    /// A truth value.
    Truth(bool),
    /// A list of texts.
    List(Vec<String>),
}

/// A hint for a misspelt name: the nearest known one, or all of them.
#[must_use]
pub fn nearest_help(name: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3);
    match nearest {
        Some((_, candidate)) => format!("did you mean `{candidate}`?"),
        None if known.is_empty() => "nothing belongs here".to_owned(),
        None => format!("known here: {}", known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")),
    }
}

fn number_of(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number as f64),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

const fn type_name(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
