//! Waivers in the front matter, for the whole article: `notegate: {ignore: [{rule, reason, owner, expires}]}`.

use super::{By, Found, Judge, Written, day};
use crate::document::front_matter::{Node, Value};
use crate::document::{Document, Issue};
use crate::strict_toml::nearest_help;

const KEYS: &[&str] = &["rule", "reason", "owner", "expires"];
const FORM: &str = "write `ignore: [{rule: check/rule, reason: …, owner: …, expires: YYYY-MM-DD}]` under `notegate`";

/// Reads the waivers of the header.
pub(super) fn read(document: &Document, judge: &Judge, found: &mut Found) {
    let Some(ignore) = document.front_matter.root.as_ref().and_then(|root| root.get("notegate")).and_then(|own| own.get("ignore")) else { return };
    match &ignore.value {
        Value::Null => {}
        Value::List(items) => {
            for item in items {
                match entry(item) {
                    Ok(written) => judge.admit(&written, By::FrontMatter, item.span, None, found),
                    Err(why) => found.issues.push(Issue::new("waiver/malformed", item.span, why)),
                }
            }
        }
        _ => found.issues.push(Issue::new("waiver/malformed", ignore.span, format!("`notegate.ignore` is no list: {FORM}"))),
    }
}

fn entry(item: &Node) -> Result<Written, String> {
    let Value::Table(entries) = &item.value else { return Err(format!("it is no table: {FORM}")) };
    if let Some(unknown) = entries.iter().find(|entry| !KEYS.contains(&entry.key.as_str())) {
        return Err(format!("there is no key `{}` in a waiver; {}", unknown.key, nearest_help(&unknown.key, KEYS)));
    }
    let text = |key: &str| item.get(key).and_then(Node::text);
    let rule = text("rule").ok_or_else(|| format!("it names no rule: {FORM}"))?;
    let reason = text("reason").filter(|reason| reason.chars().any(char::is_alphabetic)).ok_or_else(|| format!("it gives no reason: {FORM}"))?;
    let expires = match text("expires") {
        None => None,
        Some(written) => Some(day(&written).ok_or_else(|| format!("`{written}` is no day: write `expires: YYYY-MM-DD`"))?),
    };
    Ok(Written { rules: vec![rule], reason, owner: text("owner").filter(|owner| owner.chars().any(char::is_alphanumeric)), expires })
}
