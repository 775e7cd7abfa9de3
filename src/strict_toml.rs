//! TOML read strictly: every unknown key, wrong type and impossible value of a file in one go, each with its span.
//!
//! `serde` stops at the first error; a person who writes a configuration wants all of them.
//!
//! A reader is its own description: run over no file at all ([`Problems::describing`]), it leaves the list of every key it asked for, with what
//! belongs there. Tests and the JSON Schema are made of that list, so that no key escapes either.

mod form;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use form::{Asked, Form, Holds, Words};

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

/// Collects the problems of one file, or the description of its reader.
#[derive(Debug, Default)]
pub struct Problems {
    found: RefCell<Vec<Problem>>,
    strange: RefCell<Vec<Strange>>,
    asked: Option<RefCell<Vec<Asked>>>,
}

/// A key that nobody asked for.
#[derive(Debug)]
struct Strange {
    span: Range<usize>,
    full: String,
    name: String,
    known: Vec<String>,
}

impl Problems {
    /// Adds one.
    pub fn add(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.found.borrow_mut().push(Problem { span, message: message.into(), help });
    }

    /// Collects nothing but what the reader asks for. Every table that it asks for is there, and empty.
    #[must_use]
    pub fn describing() -> Self {
        Self { asked: Some(RefCell::default()), ..Self::default() }
    }

    /// What was asked for, in order.
    #[must_use]
    pub fn into_asked(self) -> Vec<Asked> {
        self.asked.map(RefCell::into_inner).unwrap_or_default()
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty() && self.strange.borrow().is_empty()
    }

    /// All of them, in the order of the file.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Problem> {
        self.into_sorted_with(&[])
    }

    /// The same; a key that stands in the wrong table is told where it belongs, as the description of the reader says.
    #[must_use]
    pub fn into_sorted_with(self, description: &[Asked]) -> Vec<Problem> {
        let mut found = self.found.into_inner();
        found.extend(self.strange.into_inner().into_iter().map(|key| {
            let known: Vec<&str> = key.known.iter().map(String::as_str).collect();
            let help = nearest(&key.name, &known).or_else(|| form::home(&key.name, description)).unwrap_or_else(|| nearest_help(&key.name, &known));
            Problem { span: key.span, message: format!("unknown key `{}`", key.full), help: Some(help) }
        }));
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
    /// Nothing, where the reader is only asked what it reads.
    table: Option<&'a DeTable<'t>>,
    span: Range<usize>,
    path: String,
    /// The path, key by key; `[]` at the end of one says that it is a list of tables.
    steps: Vec<String>,
    asked: RefCell<BTreeSet<String>>,
    problems: &'a Problems,
}

impl<'a, 't> Table<'a, 't> {
    /// The root table of a file.
    #[must_use]
    pub fn root(table: &'a Spanned<DeTable<'t>>, problems: &'a Problems) -> Self {
        Self { table: Some(table.get_ref()), span: table.span(), ..Self::nothing(problems) }
    }

    /// The root table of no file, for a reader that describes itself.
    #[must_use]
    pub const fn nothing(problems: &'a Problems) -> Self {
        Self { table: None, span: 0..0, path: String::new(), steps: Vec::new(), asked: RefCell::new(BTreeSet::new()), problems }
    }

    fn inside(&self, key: &str, table: Option<&'a DeTable<'t>>, span: Range<usize>, list: bool) -> Self {
        let mut steps = self.steps.clone();
        if self.problems.asked.is_some() {
            steps.push(if list { format!("{key}[]") } else { key.to_owned() });
        }
        Self { table, span, path: self.full(key), steps, ..Self::nothing(self.problems) }
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

    /// Whether it holds a key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    fn get(&self, key: &str, holds: impl FnOnce() -> Holds) -> Option<&'a Spanned<DeValue<'t>>> {
        if let Some(asked) = &self.problems.asked {
            let path = self.steps.iter().cloned().chain([key.to_owned()]).collect();
            asked.borrow_mut().push(Asked { path, holds: holds(), required: false });
        }
        self.asked.borrow_mut().insert(key.to_owned());
        self.table?.get(key)
    }

    /// Describes the last key that was asked for as one that must be there.
    pub fn require(&self) {
        if let Some(asked) = &self.problems.asked
            && let Some(last) = asked.borrow_mut().last_mut()
        {
            last.required = true;
        }
    }

    fn refuse(&self, key: &str, value: &Spanned<DeValue<'t>>, form: &Form, text: &str) {
        let (message, help) = form.fault(&self.full(key), text);
        self.problems.add(value.span(), message, help);
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
        self.text_as(key, &Form::any())
    }

    /// A text of a form; one of another is a problem.
    #[must_use]
    pub fn text_as(&self, key: &str, form: &Form) -> Option<At<String>> {
        let value = self.get(key, || Holds::Text(form.words()))?;
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(key, value, "a text");
            return None;
        };
        if !form.takes(text) {
            self.refuse(key, value, form, text);
            return None;
        }
        Some(At { value: text.to_string(), span: value.span() })
    }

    /// A text that must be there.
    #[must_use]
    pub fn required_text(&self, key: &str) -> At<String> {
        self.required_text_as(key, &Form::any())
    }

    /// A text of a form that must be there; empty where it is not.
    #[must_use]
    pub fn required_text_as(&self, key: &str, form: &Form) -> At<String> {
        let found = self.text_as(key, form);
        self.require();
        if self.table.is_some_and(|table| !table.contains_key(key)) {
            let message = format!("`{}` is missing", self.full(key));
            self.problems.add(self.span(), message, None);
        }
        found.unwrap_or_else(|| At { value: String::new(), span: self.span() })
    }

    /// A calendar day: a text `2027-01-31`, or the same as a date of TOML.
    #[must_use]
    pub fn day(&self, key: &str) -> Option<At<jiff::civil::Date>> {
        let value = self.get(key, || Holds::Day)?;
        let (text, shape) = match value.get_ref() {
            DeValue::String(text) => (text.to_string(), text.len() == "YYYY-MM-DD".len()),
            DeValue::Datetime(moment) => (moment.to_string(), moment.time.is_none()),
            _ => {
                self.wrong_type(key, value, "a day");
                return None;
            }
        };
        let day = text.parse().ok().filter(|_| shape);
        if day.is_none() {
            self.problems.add(value.span(), format!("`{text}` is no day"), Some(format!("write `{key} = \"YYYY-MM-DD\"`")));
        }
        Some(At { value: day?, span: value.span() })
    }

    /// A truth value.
    #[must_use]
    pub fn truth(&self, key: &str) -> Option<At<bool>> {
        let value = self.get(key, || Holds::Truth)?;
        if let DeValue::Boolean(yes) = value.get_ref() {
            return Some(At { value: *yes, span: value.span() });
        }
        self.wrong_type(key, value, "`true` or `false`");
        None
    }

    /// A number from 0 to `most`.
    #[must_use]
    pub fn number_to(&self, key: &str, most: f64) -> Option<At<f64>> {
        let value = self.get(key, || Holds::Number(most))?;
        let Some(number) = number_of(value.get_ref()) else {
            self.wrong_type(key, value, "a number");
            return None;
        };
        if !(0.0..=most).contains(&number) {
            let wanted = if most == f64::MAX { "a number from 0 on".to_owned() } else { format!("a number from 0 to {most}") };
            self.problems.add(value.span(), format!("`{}` is {number}, where {wanted} belongs", self.full(key)), None);
            return None;
        }
        Some(At { value: number, span: value.span() })
    }

    /// A list of texts.
    #[must_use]
    pub fn texts(&self, key: &str) -> Option<Vec<At<String>>> {
        self.texts_as(key, &Form::any())
    }

    /// A list of texts of a form; those of another are problems, and left out.
    #[must_use]
    pub fn texts_as(&self, key: &str, form: &Form) -> Option<Vec<At<String>>> {
        let value = self.get(key, || Holds::Texts(form.words()))?;
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of texts");
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::String(text) if form.takes(text) => texts.push(At { value: text.to_string(), span: item.span() }),
                DeValue::String(text) => self.refuse(key, item, form, text),
                _ => self.wrong_type(key, item, "a text"),
            }
        }
        Some(texts)
    }

    /// The same as one value, with the place of the whole list.
    #[must_use]
    pub fn list_as(&self, key: &str, form: &Form) -> Option<At<Vec<String>>> {
        let texts = self.texts_as(key, form)?;
        let span = self.table?.get(key)?.span();
        Some(At { value: texts.into_iter().map(|text| text.value).collect(), span })
    }

    /// A table.
    #[must_use]
    pub fn table(&self, key: &str) -> Option<Self> {
        let value = self.get(key, || Holds::Table);
        if self.problems.asked.is_some() {
            return Some(self.inside(key, None, 0..0, false));
        }
        let value = value?;
        if let DeValue::Table(table) = value.get_ref() {
            return Some(self.inside(key, Some(table), value.span(), false));
        }
        self.wrong_type(key, value, "a table");
        None
    }

    /// A list of tables; empty where the key is absent.
    #[must_use]
    pub fn tables(&self, key: &str) -> Vec<Self> {
        let value = self.get(key, || Holds::Tables);
        if self.problems.asked.is_some() {
            return vec![self.inside(key, None, 0..0, true)];
        }
        let Some(value) = value else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of tables (`[[…]]`)");
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(self.inside(key, Some(table), item.span(), true)),
                _ => self.wrong_type(key, item, "a table"),
            }
        }
        tables
    }

    /// The keys of a table whose keys are free names, with their places.
    #[must_use]
    pub fn names(&self) -> Vec<At<String>> {
        let entries = self.table.into_iter().flatten();
        let mut names: Vec<At<String>> = entries.map(|(key, _)| At { value: key.get_ref().to_string(), span: key.span() }).collect();
        names.sort_by_key(|name| name.span.start);
        names
    }

    /// The keys of a table whose keys are names of a form; others are problems, and left out. A reader that describes itself is given `*`.
    #[must_use]
    pub fn names_as(&self, form: &Form) -> Vec<At<String>> {
        if let Some(asked) = &self.problems.asked {
            let path = self.steps.iter().cloned().chain(["*".to_owned()]).collect();
            asked.borrow_mut().push(Asked { path, holds: Holds::Names(form.words()), required: false });
            return vec![At { value: "*".to_owned(), span: 0..0 }];
        }
        let (right, wrong): (Vec<_>, Vec<_>) = self.names().into_iter().partition(|name| form.takes(&name.value));
        for name in wrong {
            self.asked.borrow_mut().insert(name.value.clone());
            let (message, help) = form.fault(&self.path, &name.value);
            self.problems.add(name.span, message, help);
        }
        right
    }

    /// A value of any scalar type or list of texts, for tables of parameters.
    #[must_use]
    pub fn param(&self, key: &str) -> Option<At<Param>> {
        let value = self.get(key, || Holds::Param)?;
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
        for (key, _) in self.table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if asked.contains(name) {
                continue;
            }
            let strange = Strange { span: key.span(), full: self.full(name), name: name.to_owned(), known: asked.iter().cloned().collect() };
            self.problems.strange.borrow_mut().push(strange);
        }
    }
}

/// A parameter of a rule file or of `[checks.<id>]`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
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
    match nearest(name, known) {
        Some(help) => help,
        None if known.is_empty() => "nothing belongs here".to_owned(),
        None => format!("known here: {}", known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")),
    }
}

/// The hint where a known name is near.
fn nearest(name: &str, known: &[&str]) -> Option<String> {
    // a name of any length would be compared letter by letter
    let near = known.iter().filter(|candidate| name.len() <= 2 * candidate.len() + 2);
    let nearest = near.map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate)).min();
    nearest.filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3).map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

fn number_of(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number as f64),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

fn type_name(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) if number_of(value).is_none() => "a number too large to be read",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
