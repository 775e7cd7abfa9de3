//! What the author's own settings say about publication: they can only withhold (policy 5.7).

use jiff::civil::Date;

use crate::date;
use crate::document::Document;
use crate::document::front_matter::Value;

/// The author's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorState {
    /// Marked as a draft.
    pub draft: bool,
    /// The setting that withholds the article from search, by its key; `None` where none does.
    pub withheld_by: Option<String>,
}

/// Reads draft, noindex, unlisted, a publication date ahead, expiry and a canonical address elsewhere.
#[must_use]
pub fn read(document: &Document, as_of: Date) -> AuthorState {
    let metadata = &document.metadata;
    let key = |role: &str| metadata.get(role).map(|found| found.key.clone());
    let is_on = |role: &str| metadata.truth(role) == Some(true);
    let day = |role: &str| metadata.text(role).and_then(|text| date::parse(&text).ok());
    let draft = is_on("draft");
    let withheld_by = if draft {
        key("draft")
    } else if is_on("noindex") {
        key("noindex")
    } else if is_on("unlisted") || metadata.text("unlisted").as_deref() == Some("never") {
        key("unlisted")
    } else if robots_say_no(document) {
        key("robots")
    } else if sitemap_says_no(document) {
        key("sitemap")
    } else if day("published").is_some_and(|day| day.date > as_of) {
        key("published")
    } else if day("expiry").is_some_and(|day| day.latest() < as_of) {
        key("expiry")
    } else if canonical_elsewhere(document) {
        key("canonical")
    } else {
        None
    };
    AuthorState { draft, withheld_by }
}

/// `robots: noindex`, or `robots: { index: false }`.
fn robots_say_no(document: &Document) -> bool {
    let Some(found) = document.metadata.get("robots") else { return false };
    let text = found.node.text().unwrap_or_default().to_lowercase();
    let by_table = found.node.get("index").is_some_and(|node| node.value == Value::Bool(false));
    by_table || text.split([',', ' ']).any(|word| word == "noindex" || word == "none")
}

/// `sitemap: false` (jekyll-sitemap), `sitemap.disable: true` (Hugo).
fn sitemap_says_no(document: &Document) -> bool {
    let Some(found) = document.metadata.get("sitemap") else { return false };
    let truth = document.metadata.truth("sitemap");
    if found.key.ends_with("disable") { truth == Some(true) } else { truth == Some(false) }
}

/// A canonical address whose last part is not this article's slug, or that names another host than the article's own address.
fn canonical_elsewhere(document: &Document) -> bool {
    let Some(canonical) = document.metadata.text("canonical") else { return false };
    let last = |address: &str| {
        let name = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
        name.trim_end_matches(".html").trim_end_matches(".htm").to_owned()
    };
    match document.metadata.text("slug") {
        Some(slug) => last(&canonical) != last(&slug),
        None => canonical.contains("://"),
    }
}
