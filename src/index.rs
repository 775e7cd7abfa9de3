//! What a site needs of verified packets: addresses, whether each may be indexed, and the files that tell search engines so.
//!
//! A page whose packet is not verified, or permitted, is never approved. Held pages are told so by `noindex` and never shut out by
//! robots.txt: a crawler that cannot fetch a page cannot see that it should not be indexed.

use std::collections::BTreeMap;
use std::fmt::Write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::packet::Tool;

/// Name of the format.
pub const INDEX_SCHEMA: &str = "notegate.index/1";
/// What an approved page says to search engines.
const APPROVED: &str = "index, follow, max-image-preview:large";
/// What all others say.
const HELD: &str = "noindex, follow";
/// Most addresses of one sitemap (sitemaps.org).
pub const MOST_IN_SITEMAP: usize = 50_000;

/// An article and its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// The article as packets name it.
    pub path: String,
    /// Its address on the site: begins with `/`, percent-encoded.
    pub url: String,
    /// `approved`, `approved-with-limits`, `held`, `blocked`, `withheld`, or `unverified` where its packet is not what was recorded.
    pub decision: String,
    /// Whether it may be indexed.
    pub index: bool,
    /// The robots directive.
    pub robots: String,
    /// The day since which its content is as it is, `YYYY-MM-DD`.
    pub lastmod: Option<String>,
    /// What decided.
    pub because: Vec<String>,
}

/// An address whose decision is another one than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The address.
    pub url: String,
    /// Whether it might be indexed before.
    pub before: bool,
    /// Whether it may be now.
    pub after: bool,
}

/// The decisions of a site: `notegate.index/1`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct IndexReport {
    /// Always `notegate.index/1`.
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The day.
    pub as_of: String,
    /// Where the site is.
    pub base_url: Option<String>,
    /// Its pages in the order of their paths.
    pub pages: Vec<Page>,
    /// What changed since the previous one; without one, every page that may be indexed.
    pub changes: Vec<Change>,
}

/// The address of an article. `pattern` and `root`: as `lint.toml` has them; `stated`: what the header says of it. A stated address that
/// begins with a slash is taken as it is, and so is one below `base`; any other last part of one replaces the name of the file.
/// `None` for an address elsewhere.
#[must_use]
pub fn address(path: &str, pattern: &str, root: &str, stated: Option<&str>, base: Option<&str>) -> Option<String> {
    let stated = stated.map(str::trim).filter(|stated| !stated.is_empty());
    if let Some(stated) = stated {
        if stated.contains("://") {
            let rest = stated.strip_prefix(base?)?;
            return (rest.is_empty() || rest.starts_with('/')).then(|| encoded(rest));
        }
        // a permalink with places of its own (Jekyll's `/:year/`) is a pattern of another program
        if stated.starts_with('/') && !stated.starts_with("//") && !stated.contains("/:") {
            return Some(encoded(stated));
        }
    }
    let below = if root.is_empty() { path } else { path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path) };
    let (dir, name) = below.rsplit_once('/').unwrap_or(("", below));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let slug = stated.filter(|stated| !stated.contains('/')).unwrap_or(stem);
    // the page of a folder is the folder
    let of = |name: &str| if matches!(name, "index" | "_index") { String::new() } else { name.to_owned() };
    let filled = pattern.replace("{dir}", dir.trim_start_matches('/')).replace("{stem}", &of(stem)).replace("{slug}", &of(slug));
    Some(encoded(&filled))
}

/// An address from its root, every part percent-encoded once, without empty parts, queries and fragments.
fn encoded(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut out = String::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "..") {
        out.push('/');
        let bytes = part.as_bytes();
        for (i, byte) in bytes.iter().enumerate() {
            let is_escape = *byte == b'%' && bytes.get(i + 1..i + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') || is_escape {
                out.push(char::from(*byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    if path.ends_with('/') || out.is_empty() {
        out.push('/');
    }
    out
}

impl Page {
    /// A page. `expires`: the day after which search engines are to drop it.
    #[must_use]
    pub fn new(path: &str, url: String, decision: &str, lastmod: Option<String>, because: Vec<String>, expires: Option<&str>) -> Self {
        let index = matches!(decision, "approved" | "approved-with-limits");
        let robots = match expires.filter(|_| index) {
            Some(day) => format!("{APPROVED}, unavailable_after: {day}"),
            None => if index { APPROVED } else { HELD }.to_owned(),
        };
        Self { path: path.to_owned(), url, decision: decision.to_owned(), index, robots, lastmod, because }
    }

    fn withhold(&mut self, why: String) {
        *self = Self::new(&self.path, self.url.clone(), "withheld", self.lastmod.clone(), vec![why], None);
    }
}

impl IndexReport {
    /// The decisions about pages. `before`: an earlier report. Two articles of one address withhold each other.
    #[must_use]
    pub fn new(as_of: &str, base_url: Option<String>, mut pages: Vec<Page>, before: Option<&Self>) -> Self {
        let mut of_url: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, page) in pages.iter().enumerate() {
            of_url.entry(page.url.clone()).or_default().push(i);
        }
        for (url, same) in of_url.iter().filter(|(_, same)| same.len() > 1) {
            let names: Vec<String> = same.iter().map(|i| pages[*i].path.clone()).collect();
            for i in same {
                pages[*i].withhold(format!("`{url}` is the address of several articles: {}", names.join(", ")));
            }
        }
        let old: BTreeMap<&str, bool> = before.iter().flat_map(|before| &before.pages).map(|page| (page.url.as_str(), page.index)).collect();
        let now: BTreeMap<&str, bool> = pages.iter().map(|page| (page.url.as_str(), page.index)).collect();
        let urls: std::collections::BTreeSet<&str> = old.keys().chain(now.keys()).copied().collect();
        let of = |map: &BTreeMap<&str, bool>, url: &str| map.get(url).copied().unwrap_or(false);
        let changes = urls
            .into_iter()
            .map(|url| Change { url: url.to_owned(), before: of(&old, url), after: of(&now, url) })
            .filter(|change| change.before != change.after)
            .collect();
        Self {
            schema: INDEX_SCHEMA.to_owned(),
            tool: Tool { name: "notegate".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            as_of: as_of.to_owned(),
            base_url,
            pages,
            changes,
        }
    }

    fn whole(&self, url: &str) -> String {
        format!("{}{url}", self.base_url.as_deref().unwrap_or_default())
    }

    /// The sitemaps: one, or the index of several followed by them. `name`: the address of the first on the site, such as `/sitemap.xml`.
    #[must_use]
    pub fn sitemaps(&self, name: &str) -> Vec<(String, String)> {
        let approved: Vec<&Page> = self.pages.iter().filter(|page| page.index).collect();
        let last = |pages: &[&Page]| pages.iter().filter_map(|page| page.lastmod.clone()).max();
        if approved.len() <= MOST_IN_SITEMAP {
            return vec![(name.to_owned(), self.sitemap(&approved))];
        }
        let stem = name.strip_suffix(".xml").unwrap_or(name);
        let mut parts = Vec::new();
        let mut index = Listing::new("sitemapindex");
        for (i, pages) in approved.chunks(MOST_IN_SITEMAP).enumerate() {
            let part = format!("{stem}-{}.xml", i + 1);
            index.add("sitemap", &self.whole(&encoded(&part)), last(pages).as_deref());
            parts.push((part, self.sitemap(pages)));
        }
        std::iter::once((name.to_owned(), index.end())).chain(parts).collect()
    }

    fn sitemap(&self, pages: &[&Page]) -> String {
        let mut set = Listing::new("urlset");
        for page in pages {
            set.add("url", &self.whole(&page.url), page.lastmod.as_deref());
        }
        set.end()
    }

    /// A `_headers` file (Netlify, Cloudflare Pages).
    #[must_use]
    pub fn headers(&self) -> String {
        self.pages.iter().fold(String::new(), |out, page| out + &format!("{}\n  X-Robots-Tag: {}\n", page.url, page.robots))
    }

    /// A robots.txt that shuts nobody out and names the sitemap.
    #[must_use]
    pub fn robots(&self, sitemap: &str) -> String {
        let note = "# Pages that are held say noindex themselves; a crawler must be able to fetch them to see it.\n";
        format!("{note}User-agent: *\nDisallow:\n\nSitemap: {}\n", self.whole(sitemap))
    }

    /// A meta tag a page, each behind a comment with its address.
    #[must_use]
    pub fn meta(&self) -> String {
        // addresses are percent-encoded, but `--` ends comments
        let comment = |url: &str| url.replace("--", "-%2D");
        self.pages
            .iter()
            .fold(String::new(), |out, page| out + &format!("<!-- {} -->\n<meta name=\"robots\" content=\"{}\">\n", comment(&page.url), page.robots))
    }

    /// Whole addresses whose decision changed, one a line.
    #[must_use]
    pub fn changed(&self) -> String {
        self.changes.iter().fold(String::new(), |out, change| out + &format!("{}\n", self.whole(&change.url)))
    }
}

/// XML of the sitemap protocol.
struct Listing {
    text: String,
    kind: &'static str,
}

impl Listing {
    fn new(kind: &'static str) -> Self {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{kind} xmlns=\"{}://www.sitemaps.org/schemas/sitemap/0.9\">\n", "http");
        Self { text, kind }
    }

    fn add(&mut self, entry: &str, url: &str, lastmod: Option<&str>) {
        let url = quick_xml::escape::escape(url);
        let day = lastmod.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        let _ = writeln!(self.text, "  <{entry}><loc>{url}</loc>{day}</{entry}>");
    }

    fn end(self) -> String {
        format!("{}</{}>\n", self.text, self.kind)
    }
}
