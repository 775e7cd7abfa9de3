//! The JSON Schema of `lint.toml`, made of what its reader asks for, so that an editor offers and refuses what the reader does. What it says of a
//! key stands in the repository's own `lint.toml`, the reference of all keys.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Config;
use crate::rulebook::Rulebook;
use crate::strict_toml::{Asked, Holds, Words};

/// The reference of all keys.
const REFERENCE: &str = include_str!("../../lint.toml");
/// Defaults with more items than this are left out: `notegate config` shows them.
const LONGEST_DEFAULT: usize = 12;
/// The schema as text. `rulebook`: the shipped rules; names and parameters of other rule files are theirs to add.
#[must_use]
pub fn schema(rulebook: &Rulebook) -> String {
    let mut root = table();
    let told = Told::new(REFERENCE);
    let defaults = defaults(rulebook);
    for asked in Config::describe(rulebook) {
        let Some((last, above)) = asked.path.split_last() else { continue };
        let Some(object) = inside(&mut root, above) else { continue };
        let plain: Vec<&str> = asked.path.iter().map(|step| step.trim_end_matches("[]")).collect();
        let key = plain.join(".");
        // what may stand in an override means there what it means at the root
        let same = key.strip_prefix("overrides.").filter(|key| told.of(key).is_some() || defaults.contains_key(*key));
        let key = same.unwrap_or(&key);
        put(object, last, &asked, told.of(key), defaults.get(key));
    }
    share(&mut root);
    let mut schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "title": "lint.toml of notegate" });
    if let (Some(schema), Value::Object(root)) = (schema.as_object_mut(), root) {
        schema.extend(root);
    }
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

fn table() -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": {} })
}

/// The table of a path.
fn inside<'s>(root: &'s mut Value, path: &[String]) -> Option<&'s mut Value> {
    path.iter().try_fold(root, |object, step| {
        let property = object.get_mut("properties")?.get_mut(step.trim_end_matches("[]"))?;
        if step.ends_with("[]") { property.get_mut("items") } else { Some(property) }
    })
}

/// Adds a key to a table.
fn put(object: &mut Value, key: &str, asked: &Asked, told: Option<&String>, default: Option<&Value>) {
    let Some(object) = object.as_object_mut() else { return };
    let mut value = match &asked.holds {
        Holds::Text(words) => text(words),
        Holds::Truth => json!({ "type": "boolean" }),
        Holds::Number(most) if *most == f64::MAX => json!({ "type": "number", "minimum": 0 }),
        Holds::Number(most) => json!({ "type": "number", "minimum": 0, "maximum": most }),
        Holds::Texts(words) => json!({ "type": "array", "items": text(words) }),
        Holds::Day => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Holds::Table => table(),
        Holds::Tables => json!({ "type": "array", "items": table() }),
        Holds::Param => json!({ "type": ["string", "number", "boolean", "array"] }),
        Holds::Names(words) => {
            let pattern = words.pattern.clone().unwrap_or_default();
            object.insert("patternProperties".to_owned(), json!({ pattern: {} }));
            return;
        }
    };
    if let Some(value) = value.as_object_mut() {
        value.extend(told.map(|told| ("description".to_owned(), json!(told))));
        value.extend(default.map(|default| ("default".to_owned(), default.clone())));
    }
    if key == "*" {
        let pattern = object.get_mut("patternProperties").and_then(Value::as_object_mut).and_then(|patterns| patterns.values_mut().next());
        pattern.into_iter().for_each(|pattern| *pattern = value.clone());
        return;
    }
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(key.to_owned(), value);
    }
    if asked.required {
        let required = object.entry("required").or_insert_with(|| json!([]));
        required.as_array_mut().into_iter().for_each(|required| required.push(json!(key)));
    }
}

fn text(words: &Words) -> Value {
    let mut value = Map::from_iter([("type".to_owned(), json!("string"))]);
    if !words.one_of.is_empty() {
        value.insert("enum".to_owned(), json!(words.one_of));
    }
    value.extend(words.pattern.as_ref().map(|pattern| ("pattern".to_owned(), json!(pattern))));
    Value::Object(value)
}

/// What stands at the root and in an override alike is written once.
fn share(root: &mut Value) {
    let mut shared = Map::new();
    let Some(properties) = root.get("properties").and_then(Value::as_object).cloned() else { return };
    if let Some(overrides) = root.pointer_mut("/properties/overrides/items/properties").and_then(Value::as_object_mut) {
        for (key, value) in overrides.iter_mut().filter(|(key, value)| properties.get(*key) == Some(*value)) {
            shared.insert(key.clone(), value.clone());
            *value = json!({ "$ref": format!("#/definitions/{key}") });
        }
    }
    if let Some(properties) = root.get_mut("properties").and_then(Value::as_object_mut) {
        for key in shared.keys() {
            properties.insert(key.clone(), json!({ "$ref": format!("#/definitions/{key}") }));
        }
    }
    if let Some(root) = root.as_object_mut() {
        root.insert("definitions".to_owned(), Value::Object(shared));
    }
}

/// Defaults by key.
fn defaults(rulebook: &Rulebook) -> BTreeMap<String, Value> {
    let Ok(config) = Config::read(Path::new("lint.toml"), String::new()) else { return BTreeMap::new() };
    let value = |text: &str| {
        let table: toml::Table = toml::from_str(&format!("value = {text}")).ok()?;
        serde_json::to_value(table.get("value")?).ok()
    };
    let is_short = |value: &Value| value.as_array().is_none_or(|items| items.len() <= LONGEST_DEFAULT);
    // without one it depends on the article
    let values = config.effective("", rulebook).into_iter().filter(|value| value.key != "site.class");
    values.filter_map(|effective| Some((effective.key, value(&effective.value).filter(is_short)?))).collect()
}

/// What the reference says of each table and key.
#[derive(Default)]
struct Told {
    by_key: BTreeMap<String, String>,
}

impl Told {
    fn new(reference: &str) -> Self {
        let mut told = Self::default();
        let (mut table, mut above, mut last) = (String::new(), String::new(), None::<String>);
        for line in reference.lines() {
            let bare = line.strip_prefix("# ").unwrap_or(line);
            if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.trim_start_matches('[').split(']').next()).filter(|name| is_key(name)) {
                table = name.strip_prefix("overrides.").unwrap_or(name).to_owned();
                told.add(&table, &std::mem::take(&mut above));
                last = None;
            } else if let Some((key, value)) = bare.split_once(" = ").filter(|(key, _)| is_key(key)) {
                let key = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
                let beside = value.rsplit_once(" # ").map_or("", |(_, beside)| beside.trim());
                told.add(&key, &format!("{} {beside}", std::mem::take(&mut above)));
                last = Some(key);
            } else if let (Some(more), Some(key)) = (line.strip_prefix("#          "), &last) {
                told.add(key, more);
            } else if let Some(text) = line.strip_prefix("# ").filter(|text| !text.starts_with("---")) {
                above = format!("{above} {text}");
                last = None;
            } else {
                above.clear();
                last = None;
            }
        }
        told
    }

    fn add(&mut self, key: &str, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        let told = self.by_key.entry(key.to_owned()).or_default();
        *told = if told.is_empty() { text } else { format!("{told} {text}") };
    }

    fn of(&self, key: &str) -> Option<&String> {
        self.by_key.get(key)
    }
}

/// A key or path of keys, as tables of the reference are headed.
fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
}
