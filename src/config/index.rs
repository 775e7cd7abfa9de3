//! `[index]` of `lint.toml`: what the addresses of articles are.

use crate::strict_toml::Table;

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
    if let Some(base) = table.text("base-url") {
        let host = base.value.split_once("://").map(|(_, host)| host);
        let is_web = base.value.starts_with("https:") || base.value.starts_with("http:");
        if !is_web
            || host.is_none_or(str::is_empty)
            || base.value.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '?' | '#'))
        {
            table.problem(base.span, format!("`{}` is no address of a site", base.value), Some("write `https://example.org`".to_owned()));
        }
        settings.base_url = Some(base.value.trim_end_matches('/').to_owned());
    }
    if let Some(url) = table.text("url") {
        let left = SLOTS.iter().fold(url.value.clone(), |left, slot| left.replace(slot, ""));
        if !url.value.starts_with('/') || left.contains(['{', '}', '?', '#']) || left.contains(char::is_whitespace) {
            table.problem(
                url.span,
                format!("`{}` is no pattern of addresses", url.value),
                Some("write `/{dir}/{slug}/`; `{stem}` is the name of the file".to_owned()),
            );
        }
        settings.url = url.value;
    }
    if let Some(folder) = table.text("root") {
        settings.root = folder.value.trim_matches('/').to_owned();
    }
    table.finish();
    settings
}
