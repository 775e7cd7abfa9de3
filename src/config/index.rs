//! `[index]` of `lint.toml`: what the addresses of articles are.

use crate::strict_toml::{Form, Table};

/// The settings.
#[derive(Clone, Debug)]
pub struct IndexSettings {
    /// Where the site is, without a slash at the end.
    pub base_url: Option<String>,
    /// The address of an article behind that, with `{dir}`, `{stem}` and `{slug}`.
    pub url: String,
    /// The folder that addresses do not show, relative to the file.
    pub root: String,
}

/// Places of a pattern that are filled in.
const SLOTS: [&str; 3] = ["{dir}", "{stem}", "{slug}"];

impl Default for IndexSettings {
    fn default() -> Self {
        Self { base_url: None, url: "/{dir}/{slug}/".to_owned(), root: String::new() }
    }
}

pub(super) fn read(root: &Table) -> IndexSettings {
    let mut settings = IndexSettings::default();
    let Some(table) = root.table("index") else { return settings };
    if let Some(base) = table.text_as("base-url", &Form::of("address of a site", "example.org", "write `https://example.org`", is_site).like("^https?:")) {
        settings.base_url = Some(base.value.trim_end_matches('/').to_owned());
    }
    let help = "write `/{dir}/{slug}/`; `{stem}` is the name of the file";
    if let Some(url) = table.text_as("url", &Form::of("pattern of addresses", "{dir}/{name}", help, is_pattern).like("^/")) {
        settings.url = url.value;
    }
    if let Some(folder) = table.text_as("root", &Form::of("folder below this file", "../site", "write `content`", is_below)) {
        settings.root = folder.value.trim_matches('/').to_owned();
    }
    table.finish();
    settings
}

fn is_site(text: &str) -> bool {
    let host = text.split_once("://").map(|(_, host)| host);
    let is_web = text.starts_with("https:") || text.starts_with("http:");
    is_web
        && host.is_some_and(|host| !host.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '?' | '#'))
}

fn is_pattern(text: &str) -> bool {
    let left = SLOTS.iter().fold(text.to_owned(), |left, slot| left.replace(slot, ""));
    text.starts_with('/') && !left.contains(['{', '}', '?', '#']) && !left.contains(char::is_whitespace)
}

/// Addresses are made of what is below the file: a folder elsewhere would take nothing away from them.
fn is_below(text: &str) -> bool {
    !text.split(['/', '\\']).any(|part| part == "..") && !text.contains(':')
}
