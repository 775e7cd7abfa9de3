//! `[[front-matter]]` of `lint.toml`: what the headers of some articles must hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use globset::GlobSet;

use super::forms;
use crate::discover;
use crate::finding::Severity;
use crate::header_schema::{Demand, Short, TYPES};
use crate::strict_toml::{Form, Table};

/// Severities of what does not fit.
const SEVERITIES: &[&str] = &["error", "warning", "note"];

/// A demand as it is written.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The articles it is for; `None` for all.
    pub paths: Option<GlobSet>,
    pub patterns: Vec<String>,
    pub demand: Arc<Demand>,
    pub start: usize,
}

impl Written {
    /// Whether it is for an article, by its path from the folder of the file.
    pub(super) fn is_for(&self, seen: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.is_match(seen))
    }
}

/// Schema files of a file, by their path as written: the text, or why it cannot be had.
pub type Schemas = BTreeMap<String, Result<String, String>>;

/// Paths of schema files as they are written, in a file that may be broken.
pub(super) fn schemas_of(root: &Table) -> Vec<String> {
    root.tables("front-matter").iter().filter_map(|table| table.text_as("schema", &forms::filled())).map(|path| path.value).collect()
}

/// Reads all of them. `file`: the name of the file, for messages; `line`: the line of a byte.
pub(super) fn read(root: &Table, schemas: &Schemas, file: &str, line: impl Fn(usize) -> usize) -> Vec<Written> {
    root.tables("front-matter").iter().filter_map(|table| one(table, schemas, &format!("{file}:{}", line(table.span().start)))).collect()
}

fn one(table: &Table, schemas: &Schemas, origin: &str) -> Option<Written> {
    let paths = table.list_as("paths", &forms::pattern());
    let classes = table.list_as("classes", &forms::class());
    for (name, list, example) in [("paths", &paths, "news/**"), ("classes", &classes, "general")] {
        if let Some(list) = list.as_ref().filter(|list| list.value.is_empty()) {
            table.problem(
                list.span.clone(),
                format!("an empty `{name}` fits no article"),
                Some(format!("write `{name} = [\"{example}\"]`, or leave the key out: then all are meant")),
            );
        }
    }
    let severity = table.text_as("severity", &Form::one_of("severity", SEVERITIES)).and_then(|word| Severity::parse(&word.value));
    let reason = table.text_as("reason", &forms::words()).map(|reason| reason.value);
    let mut short = Short {
        required: table.list_as("required", &forms::key_path()).map(|keys| keys.value).unwrap_or_default(),
        allowed: table.list_as("allowed", &forms::key_path()).map(|keys| keys.value),
        ..Short::default()
    };
    if let Some(types) = table.table("types") {
        for name in types.names_as(&forms::key_path()) {
            short.types.extend(types.text_as(&name.value, &Form::one_of("type of value", TYPES)).map(|word| (name.value, word.value)));
        }
    }
    if let Some(values) = table.table("values") {
        for name in values.names_as(&forms::key_path()) {
            let list = values.list_as(&name.value, &Form::any());
            if let Some(list) = list.as_ref().filter(|list| list.value.is_empty()) {
                values.problem(list.span.clone(), format!("no value of `{}` would fit", name.value), Some("name the values that may stand there".to_owned()));
            }
            short.values.extend(list.map(|list| (name.value, list.value)));
        }
    }
    if let Some(when) = table.table("when") {
        for name in when.names_as(&forms::key_path()) {
            short.when.extend(when.param(&name.value).map(|value| (name.value, value.value)));
        }
    }
    let schema = table.text_as("schema", &forms::filled());
    table.finish();
    if schema.is_none() && short.schema().is_none() {
        let help = "write `required = [\"author\"]`, `allowed`, `types`, `values` or `schema = \"post.schema.json\"`";
        table.problem(table.span(), "this asks nothing of any header", Some(help.to_owned()));
        return None;
    }
    // a file that is read by itself has no others beside it: its schemas are not looked at
    let text = schema.as_ref().and_then(|path| schemas.get(&path.value));
    let json = text.map(|text| serde_json::from_str(text.as_ref().map_err(Clone::clone)?).map_err(|error| format!("it is no JSON ({error})"))).transpose();
    let demand = json.and_then(|json| Demand::new(&short, json));
    let demand = match demand {
        Ok(mut demand) => {
            demand.classes = classes.map(|classes| classes.value).unwrap_or_default();
            (demand.severity, demand.reason, demand.origin) = (severity, reason, origin.to_owned());
            demand
        }
        Err(why) => {
            let (span, name) = schema.map_or_else(|| (table.span(), "this".to_owned()), |schema| (schema.span, format!("`{}`", schema.value)));
            table.problem(
                span,
                format!("{name} cannot be used: {why}"),
                Some("name a file with a JSON Schema; its path starts at the folder of this file".to_owned()),
            );
            return None;
        }
    };
    let patterns = paths.map(|paths| paths.value);
    let set = match &patterns {
        Some(patterns) => Some(discover::patterns(patterns).ok()?),
        None => None,
    };
    Some(Written { paths: set, patterns: patterns.unwrap_or_default(), demand: Arc::new(demand), start: table.span().start })
}
