//! `[index]` of `lint.toml`: what the addresses of articles are.

use crate::strict_toml::{At, Form, Table};

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

/// The settings as a file writes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub base_url: Option<At<String>>,
    pub url: Option<At<String>>,
    pub root: Option<At<String>>,
}

impl Written {
    /// What the file says, over what stood before it.
    pub(super) fn over(&self, before: IndexSettings) -> IndexSettings {
        let text = |written: &Option<At<String>>| written.as_ref().map(|text| text.value.clone());
        IndexSettings {
            base_url: text(&self.base_url).map(|base| base.trim_end_matches('/').to_owned()).or(before.base_url),
            url: text(&self.url).unwrap_or(before.url),
            root: text(&self.root).map_or(before.root, |root| root.trim_matches('/').to_owned()),
        }
    }
}

pub(super) fn read(root: &Table) -> Written {
    let Some(table) = root.table("index") else { return Written::default() };
    let help = "write `/{dir}/{slug}/`; `{stem}` is the name of the file";
    let written = Written {
        base_url: table.text_as("base-url", &Form::of("address of a site", "example.org", "write `https://example.org`", is_site).like("^https?:")),
        url: table.text_as("url", &Form::of("pattern of addresses", "{dir}/{name}", help, is_pattern).like("^/")),
        root: table.text_as("root", &Form::of("folder below this file", "../site", "write `content`", is_below)),
    };
    table.finish();
    written
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
