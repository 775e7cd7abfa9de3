//! What the header of an article must hold, as the maintainers of a site ask for it: keys, types and values, by JSON Schema. The short form of
//! `lint.toml` is written out as a schema here; what does not fit is told at the key or value.
//!
//! Nothing is fetched: a schema that points at another file is refused when it is read.

use std::collections::BTreeSet;
use std::fmt::Write;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value as Json, json};

use crate::document::front_matter::{FrontMatter, Node, Value};
use crate::finding::Severity;
use crate::span::Span;
use crate::strict_toml::{Param, nearest_help};

/// Words for what a value may be, and the schema of each.
pub const TYPES: &[&str] = &["text", "number", "truth", "date", "url", "list", "texts", "table"];
/// Ids of what is told. They say that something was asked for, and not that anything was misread.
pub const IDS: [&str; 3] = [MISSING, UNEXPECTED, UNFIT];
const MISSING: &str = "front-matter/missing-key";
const UNEXPECTED: &str = "front-matter/unexpected-key";
const UNFIT: &str = "front-matter/unfit-value";
/// Stands for any value in a condition.
pub const ANYTHING: &str = "*";
/// The key under which notegate keeps its own things.
const OWN: &str = "notegate";
/// Most faults of one demand that are told of one article.
const MOST: usize = 50;
/// Longest list of choices that is told.
const LONGEST_CHOICE: usize = 12;

/// The short form of a demand.
#[derive(Clone, Debug, Default)]
pub struct Short {
    /// Keys that must hold something.
    pub required: Vec<String>,
    /// All keys that may stand there, besides those that are named elsewhere; `None` where any may.
    pub allowed: Option<Vec<String>>,
    /// Key → one of [`TYPES`].
    pub types: Vec<(String, String)>,
    /// Key → values of which it must hold one.
    pub values: Vec<(String, Vec<String>)>,
    /// Key → value; the demand holds only for headers that hold all of them.
    pub when: Vec<(String, Param)>,
}

/// What the headers of some articles must hold.
#[derive(Debug)]
pub struct Demand {
    /// Content classes that it is for; empty for all.
    pub classes: Vec<String>,
    /// Weight of what does not fit, where it is not the rules'.
    pub severity: Option<Severity>,
    /// Why it is asked for.
    pub reason: Option<String>,
    /// The file and line that ask for it, for messages.
    pub origin: String,
    /// The condition in words; empty where there is none.
    when: String,
    /// What is asked, in words.
    asks: String,
    /// Keys that may stand there, for the nearest name.
    known: Vec<String>,
    /// What is asked of keys that hold something.
    short: Option<Validator>,
    /// What a schema asks of the header as it is.
    full: Option<Validator>,
    /// Both schemas, as text.
    text: String,
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Id of the message.
    pub id: &'static str,
    /// Where it is.
    pub span: Span,
    /// What is wrong, in words.
    pub detail: String,
    /// What it is recognised by in another run.
    pub anchor: String,
}

impl Demand {
    /// A demand of a short form and of a schema.
    ///
    /// # Errors
    /// Why the schema cannot be used.
    pub fn new(short: &Short, schema: Option<Json>) -> Result<Self, String> {
        let written = short.schema();
        let full = schema.as_ref().map(compile).transpose()?;
        Ok(Self {
            classes: Vec::new(),
            severity: None,
            reason: None,
            origin: String::new(),
            when: short.condition(),
            asks: short.asks(schema.is_some()),
            known: short.known().into_iter().chain(schema.iter().flat_map(properties)).collect(),
            short: written.as_ref().map(compile).transpose()?,
            full,
            text: json!([written, schema]).to_string(),
        })
    }

    /// What does not fit in a header, in the order of the file.
    #[must_use]
    pub fn faults(&self, header: &FrontMatter) -> Vec<Fault> {
        let nothing = Node { value: Value::Table(Vec::new()), span: Span::new(header.span.start, header.span.start) };
        let root = header.root.as_ref().unwrap_or(&nothing);
        let mut faults = Vec::new();
        for (validator, is_short) in [(&self.short, true), (&self.full, false)] {
            let Some(validator) = validator else { continue };
            let instance = instance(root, is_short);
            for error in validator.iter_errors(&instance).take(MOST) {
                self.tell(root, &error, &mut faults);
            }
        }
        faults.sort_by(|a, b| (a.span, a.id, &a.detail).cmp(&(b.span, b.id, &b.detail)));
        faults.dedup();
        faults
    }

    fn tell(&self, root: &Node, error: &jsonschema::ValidationError, faults: &mut Vec<Fault>) {
        let pointer = error.instance_path().as_str();
        let place = Place::of(root, pointer);
        let mut add = |id, span, detail: String, what: &str| {
            let anchor = format!("{} {what}", place.path);
            faults.push(Fault { id, span, detail: detail + &self.asked(), anchor });
        };
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let path = place.inside(key);
                let others: Vec<&str> =
                    place.node.entries().iter().map(|entry| entry.key.as_str()).filter(|other| !self.known.iter().any(|known| known == other)).collect();
                let near = Some(nearest_help(key, &others)).filter(|help| help.starts_with("did you mean"));
                let near = near.map(|help| help.replacen("did you mean", "is it", 1)).map(|help| format!(" ({help})")).unwrap_or_default();
                let empty = place.node.get(key).is_some_and(Node::is_empty);
                let detail = if empty { format!("`{path}`, which is there and empty") } else { format!("`{path}`{near}") };
                add(MISSING, place.key_span, detail, key);
            }
            ValidationErrorKind::AdditionalProperties { unexpected } | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                for key in unexpected.iter().take(MOST) {
                    let known: Vec<&str> = if pointer.is_empty() { self.known.iter().map(String::as_str).collect() } else { Vec::new() };
                    let near = Some(nearest_help(key, &known)).filter(|help| help.starts_with("did you mean")).map(|help| format!(" ({help})"));
                    let span = place.node.entries().iter().find(|entry| entry.key == *key).map_or(place.key_span, |entry| entry.key_span);
                    add(UNEXPECTED, span, format!("`{}`{}", place.inside(key), near.unwrap_or_default()), key);
                }
            }
            kind => {
                let value = shown(place.node);
                let detail = format!("`{}` is {value}, {}", place.path, wanted(kind, error));
                add(UNFIT, place.node.span, detail, &value);
            }
        }
    }

    /// All of it as text, by which it is compared with that of another day.
    #[must_use]
    pub fn as_text(&self) -> String {
        json!([self.classes, self.severity.map(Severity::as_str), self.text]).to_string()
    }

    /// What is asked, in a few words.
    #[must_use]
    pub fn in_short(&self) -> String {
        let reason = self.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        let when = if self.when.is_empty() { String::new() } else { format!("where {}: ", self.when) };
        format!("{when}{}{reason}", self.asks)
    }

    /// Condition, reason and origin, as they stand behind what is wrong.
    fn asked(&self) -> String {
        let mut text = String::new();
        if !self.when.is_empty() {
            let _ = write!(text, ", since {}", self.when);
        }
        if let Some(reason) = &self.reason {
            let _ = write!(text, " ({reason})");
        }
        text
    }
}

/// A value of the header that an error is about.
struct Place<'n> {
    node: &'n Node,
    /// Its key, or the header's first byte.
    key_span: Span,
    /// Its keys, parted by points; items by their number from 1.
    path: String,
}

impl<'n> Place<'n> {
    fn of(root: &'n Node, pointer: &str) -> Self {
        let mut place = Self { node: root, key_span: Span::new(root.span.start, root.span.start), path: String::new() };
        for step in pointer.split('/').skip(1) {
            let key = step.replace("~1", "/").replace("~0", "~");
            let path = place.inside(&key);
            if let Some(entry) = place.node.entries().iter().find(|entry| entry.key == key) {
                place = Self { node: &entry.node, key_span: entry.key_span, path };
            } else if let Some(item) = key.parse::<usize>().ok().and_then(|number| place.node.items().get(number)) {
                let number = key.parse::<usize>().unwrap_or_default() + 1;
                place = Self { node: item, key_span: item.span, path: format!("{} {number}", place.path) };
            } else {
                break;
            }
        }
        place
    }

    fn inside(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// What would fit.
fn wanted(kind: &ValidationErrorKind, error: &jsonschema::ValidationError) -> String {
    let choice = |options: &Json| {
        let mut words: Vec<String> = Vec::new();
        for option in options.as_array().into_iter().flatten() {
            let word = format!("`{}`", option.as_str().map_or_else(|| option.to_string(), str::to_owned));
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let more = words.len().saturating_sub(LONGEST_CHOICE);
        words.truncate(LONGEST_CHOICE);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{rest}", words.join(", "))
    };
    match kind {
        ValidationErrorKind::Type { kind } => {
            let words: Vec<&str> = match kind {
                jsonschema::error::TypeKind::Single(one) => vec![type_word(one.as_str())],
                jsonschema::error::TypeKind::Multiple(many) => many.iter().map(|one| type_word(one.as_str())).collect(),
            };
            format!("where {} belongs", words.join(" or "))
        }
        ValidationErrorKind::Enum { options } => format!("and may be {}", choice(options)),
        ValidationErrorKind::Constant { expected_value } => {
            format!("and must be `{}`", expected_value.as_str().map_or_else(|| expected_value.to_string(), str::to_owned))
        }
        ValidationErrorKind::Format { format } => match format.as_str() {
            DATE | "date" => "where a date belongs, such as 2026-05-17".to_owned(),
            "date-time" => "where a date with its time belongs, such as 2026-05-17T10:00:00Z".to_owned(),
            URL | "uri" | "uri-reference" | "iri" => "where an address belongs, such as https://example.org/".to_owned(),
            other => format!("which is no `{other}`"),
        },
        ValidationErrorKind::MinLength { limit } => format!("and must have at least {limit} characters"),
        ValidationErrorKind::MaxLength { limit } => format!("and may have at most {limit} characters"),
        ValidationErrorKind::MinItems { limit } => format!("and must have at least {limit} entries"),
        ValidationErrorKind::MaxItems { limit } => format!("and may have at most {limit} entries"),
        ValidationErrorKind::Minimum { limit } => format!("and must be at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("and may be at most {limit}"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("and must be more than {limit}"),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("and must be less than {limit}"),
        ValidationErrorKind::UniqueItems => "and holds an entry twice".to_owned(),
        ValidationErrorKind::Pattern { pattern } => format!("which does not fit the pattern `{pattern}`"),
        ValidationErrorKind::FalseSchema => "which may not stand here".to_owned(),
        _ => format!("which the schema refuses ({})", error.schema_path().as_str().rsplit('/').next().unwrap_or_default()),
    }
}

fn type_word(name: &str) -> &'static str {
    match name {
        "string" => "a text",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "a table of keys",
        _ => "nothing",
    }
}

/// A value as a message shows it.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::Null => "empty".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::Table(_) => "a table of keys".to_owned(),
        Value::Number(_, written) => format!("the number `{}`", crate::source::shortened(written)),
        Value::Bool(yes) => format!("`{yes}`"),
        Value::Text(text) => format!("`{}`", crate::source::shortened(text)),
    }
}

/// Dates as the tool reads them.
const DATE: &str = "notegate-date";
/// Addresses of pages.
const URL: &str = "notegate-url";

fn compile(schema: &Json) -> Result<Validator, String> {
    let is_url = |text: &str| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
    };
    jsonschema::options()
        // patterns of a schema meet texts of anybody: this engine takes no more than linear time
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .with_format(DATE, |text: &str| crate::date::parse(text).is_ok())
        .with_format(URL, is_url)
        .offline()
        .build(schema)
        .map_err(|error| {
            let place = error.instance_path().as_str();
            if place.is_empty() { error.to_string() } else { format!("{error} (at `{place}`)") }
        })
}

/// Names of keys that a schema speaks of, at any depth.
fn properties(schema: &Json) -> Vec<String> {
    let (mut names, mut left) = (Vec::new(), vec![schema]);
    while let Some(schema) = left.pop() {
        match schema {
            Json::Array(items) => left.extend(items),
            Json::Object(object) => {
                names.extend(object.get("properties").and_then(Json::as_object).into_iter().flat_map(|properties| properties.keys().cloned()));
                left.extend(object.values());
            }
            _ => {}
        }
    }
    names
}

/// The header as JSON. `filled`: keys that hold nothing are left out.
fn instance(node: &Node, filled: bool) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(yes) => json!(yes),
        Value::Number(number, _) if number.fract() == 0.0 && number.abs() < 9e15 => json!(*number as i64),
        Value::Number(number, _) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(items) => Json::Array(items.iter().map(|item| instance(item, filled)).collect()),
        Value::Table(entries) => {
            let entries = entries.iter().filter(|entry| !filled || !entry.node.is_empty());
            Json::Object(entries.map(|entry| (entry.key.clone(), instance(&entry.node, filled))).collect())
        }
    }
}

impl Short {
    /// The short form as a schema; `None` where it asks for nothing.
    #[must_use]
    pub fn schema(&self) -> Option<Json> {
        let mut all: Vec<Json> = Vec::new();
        all.extend(self.required.iter().map(|key| at(key, json!({}), true)));
        all.extend(self.types.iter().map(|(key, word)| at(key, of_type(word), false)));
        all.extend(self.values.iter().map(|(key, values)| at(key, one_of(values), false)));
        if self.allowed.is_some() {
            let known: Map<String, Json> = self.known().into_iter().map(|key| (key, json!({}))).collect();
            all.push(json!({ "properties": known, "additionalProperties": false }));
        }
        if all.is_empty() {
            return None;
        }
        let body = json!({ "allOf": all });
        if self.when.is_empty() {
            return Some(body);
        }
        let conditions: Vec<Json> = self.when.iter().map(|(key, value)| at(key, holds(value), true)).collect();
        Some(json!({ "if": { "allOf": conditions }, "then": body }))
    }

    /// Keys of the first level that any part of the form names.
    fn known(&self) -> BTreeSet<String> {
        let of_lists = self.required.iter().chain(self.allowed.iter().flatten());
        let of_tables = self.types.iter().map(|(key, _)| key).chain(self.values.iter().map(|(key, _)| key)).chain(self.when.iter().map(|(key, _)| key));
        let first = |key: &String| key.split('.').next().unwrap_or_default().to_owned();
        of_lists.chain(of_tables).map(first).chain([OWN.to_owned()]).collect()
    }

    /// What is asked, in words.
    fn asks(&self, schema: bool) -> String {
        let mut all = Vec::new();
        if !self.required.is_empty() {
            all.push(format!("needs {}", self.required.join(", ")));
        }
        if let Some(allowed) = &self.allowed {
            all.push(format!("allows only {}", allowed.join(", ")));
        }
        all.extend(self.types.iter().map(|(key, word)| format!("{key} is {word}")));
        all.extend(self.values.iter().map(|(key, values)| format!("{key} is one of {}", values.join(", "))));
        all.extend(schema.then(|| "fits a schema".to_owned()));
        all.join("; ")
    }

    /// The condition in words.
    fn condition(&self) -> String {
        let one = |(key, value): &(String, Param)| match value {
            Param::Text(text) if text == ANYTHING => format!("`{key}` is there"),
            Param::Text(text) => format!("`{key}` is `{text}`"),
            Param::Number(number) => format!("`{key}` is {number}"),
            Param::Truth(yes) => format!("`{key}` is `{yes}`"),
            Param::List(texts) => format!("`{key}` is one of `{}`", texts.join("`, `")),
        };
        self.when.iter().map(one).collect::<Vec<_>>().join(" and ")
    }
}

/// A schema for the value under a path of keys.
fn at(path: &str, value: Json, required: bool) -> Json {
    path.rsplit('.').fold(value, |inner, key| {
        let mut schema = json!({ "properties": { key: inner } });
        if required && let Some(schema) = schema.as_object_mut() {
            schema.insert("type".to_owned(), json!("object"));
            schema.insert("required".to_owned(), json!([key]));
        }
        schema
    })
}

fn of_type(word: &str) -> Json {
    match word {
        "number" => json!({ "type": "number" }),
        "truth" => json!({ "type": "boolean" }),
        "date" => json!({ "type": "string", "format": DATE }),
        "url" => json!({ "type": "string", "format": URL }),
        "list" => json!({ "type": "array" }),
        "texts" => json!({ "type": "array", "items": { "type": "string" } }),
        "table" => json!({ "type": "object" }),
        _ => json!({ "type": "string" }),
    }
}

/// One of some values, whether the header writes them as texts, numbers or truth values. Of a list, every entry must be one.
fn one_of(values: &[String]) -> Json {
    let mut options: Vec<Json> = Vec::new();
    for value in values {
        options.push(json!(value));
        options.extend(value.parse::<bool>().ok().map(|yes| json!(yes)));
        options.extend(value.parse::<i64>().map(|number| json!(number)).or_else(|_| value.parse::<f64>().map(|number| json!(number))).ok());
    }
    json!({ "if": { "type": "array" }, "then": { "items": { "enum": options } }, "else": { "enum": options } })
}

fn holds(value: &Param) -> Json {
    match value {
        Param::Text(text) if text == ANYTHING => json!({}),
        Param::Text(text) => one_of(std::slice::from_ref(text)),
        Param::Number(number) => json!({ "const": number }),
        Param::Truth(yes) => json!({ "const": yes }),
        Param::List(texts) => one_of(texts),
    }
}
