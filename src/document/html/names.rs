//! What the HTML standard says of elements by name, and what a `style` attribute says of one element.

/// What the tree must know of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits(u16);

impl Traits {
    /// End tags of other elements do not reach beyond it.
    pub const SCOPE: Self = Self(1);
    /// The same for `</p>`.
    pub const BUTTON: Self = Self(1 << 1);
    /// The same for `</li>`.
    pub const LIST: Self = Self(1 << 2);
    /// The same for the parts of tables.
    pub const TABLE: Self = Self(1 << 3);
    /// Special: an end tag of an unknown name does not close it.
    pub const SPECIAL: Self = Self(1 << 4);
    /// A new `<li>` or `<dd>` does not look beyond it.
    pub const ITEM_STOP: Self = Self(1 << 5);
    /// Formatting: a mark that may cross the ends of other elements.
    pub const FORMAT: Self = Self(1 << 6);
    /// Text and elements that do not belong into it are put before its table.
    pub const TABLISH: Self = Self(1 << 7);
    /// Of SVG or MathML.
    pub const FOREIGN: Self = Self(1 << 8);
    /// Of SVG or MathML, and holds HTML.
    pub const HOLDS_HTML: Self = Self(1 << 9);

    /// Whether all traits of `other` are there.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    const fn and(self, other: Self, yes: bool) -> Self {
        if yes { Self(self.0 | other.0) } else { self }
    }

    /// The traits of an element of HTML.
    pub fn of(name: &str) -> Self {
        let scope = matches!(name, "applet" | "caption" | "html" | "table" | "td" | "th" | "marquee" | "object" | "template" | "select");
        let special = scope || SPECIAL.contains(&name) || is_heading(name);
        Self::default()
            .and(Self::SCOPE, scope)
            .and(Self::BUTTON, scope || name == "button")
            .and(Self::LIST, scope || matches!(name, "ol" | "ul"))
            .and(Self::TABLE, matches!(name, "html" | "table" | "template"))
            .and(Self::SPECIAL, special)
            .and(Self::ITEM_STOP, special && !matches!(name, "address" | "div" | "p"))
            .and(Self::FORMAT, FORMATS.contains(&name))
            .and(Self::TABLISH, matches!(name, "table" | "tbody" | "tfoot" | "thead" | "tr"))
    }

    /// The traits of an element of SVG or MathML.
    pub fn of_foreign(name: &str) -> Self {
        let holds = matches!(name, "foreignobject" | "desc" | "title" | "mi" | "mo" | "mn" | "ms" | "mtext" | "annotation-xml");
        let all = Self::SCOPE.and(Self::BUTTON, true).and(Self::LIST, true).and(Self::SPECIAL, true).and(Self::ITEM_STOP, true);
        let base = if holds { all.and(Self::HOLDS_HTML, name != "annotation-xml") } else { Self::default() };
        base.and(Self::FOREIGN, true)
    }
}

/// Whether a name is `h1` to `h6`.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

/// Elements of the head that stand for themselves wherever they come.
pub(super) fn is_metadata(name: &str) -> bool {
    matches!(name, "base" | "basefont" | "bgsound" | "link" | "meta" | "title" | "noscript" | "noframes" | "style" | "script" | "template")
}

/// Parts of tables, which mean nothing outside one.
pub(super) fn is_table_part(name: &str) -> bool {
    matches!(name, "caption" | "col" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr")
}

/// Elements before which an open paragraph ends.
pub(super) const CLOSES_P: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hgroup",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "search",
    "section",
    "summary",
    "ul",
    "pre",
    "listing",
    "form",
    "table",
    "hr",
    "xmp",
    "plaintext",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "dd",
    "dt",
];
/// Elements whose end tag closes what is open inside them.
pub(super) const CLOSED_WHOLE: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "button",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hgroup",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "pre",
    "search",
    "section",
    "summary",
    "ul",
    "applet",
    "marquee",
    "object",
    "form",
    "select",
    "template",
];
const FORMATS: &[&str] = &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
const SPECIAL: &[&str] = &[
    "address",
    "area",
    "article",
    "aside",
    "base",
    "basefont",
    "bgsound",
    "blockquote",
    "body",
    "br",
    "button",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "head",
    "header",
    "hgroup",
    "hr",
    "iframe",
    "img",
    "input",
    "keygen",
    "li",
    "link",
    "listing",
    "main",
    "menu",
    "meta",
    "nav",
    "noembed",
    "noframes",
    "noscript",
    "ol",
    "p",
    "param",
    "plaintext",
    "pre",
    "script",
    "search",
    "section",
    "source",
    "style",
    "summary",
    "tbody",
    "textarea",
    "tfoot",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
    "wbr",
    "xmp",
];
/// Elements of HTML that end an open `<svg>` or `<math>`.
pub(super) const BREAK_OUT: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "strike",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

/// What a `style` attribute says of how an element is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// The value of `display`.
    pub display: Option<String>,
    /// The value of `visibility`.
    pub visibility: Option<String>,
}

impl Style {
    /// Reads declarations as browsers do: comments dropped, the last one of a property wins unless an earlier one is `!important`.
    pub fn read(written: &str) -> Self {
        let mut style = Self::default();
        let mut important = (false, false);
        for declaration in declarations(written) {
            let Some((property, value)) = declaration.split_once(':') else { continue };
            let mut value = value.trim().to_ascii_lowercase();
            let strong = value.split_once('!').is_some_and(|(_, word)| word.trim() == "important");
            if let Some((plain, _)) = value.split_once('!') {
                value = plain.trim().to_owned();
            }
            let (slot, known, strongest): (_, &[&str], _) = match property.trim().to_ascii_lowercase().as_str() {
                "display" => (&mut style.display, DISPLAYS, &mut important.0),
                "visibility" => (&mut style.visibility, &["visible", "hidden", "collapse", "inherit", "initial", "unset", "revert"], &mut important.1),
                _ => continue,
            };
            // a value that is none is dropped, and the declaration before it holds
            if known.contains(&value.as_str()) && (strong || !*strongest) {
                *slot = Some(value);
                *strongest = strong;
            }
        }
        style
    }

    /// Whether the element and all in it take no place.
    pub fn is_gone(&self) -> bool {
        self.display.as_deref() == Some("none")
    }

    /// Whether it is made invisible (`true`) or visible again (`false`).
    pub fn veil(&self) -> Option<bool> {
        match self.visibility.as_deref() {
            Some("hidden" | "collapse") => Some(true),
            Some("visible" | "initial") => Some(false),
            _ => None,
        }
    }

    /// Whether it begins a block of its own, where `display` says so.
    pub fn is_block(&self) -> Option<bool> {
        match self.display.as_deref()? {
            "inline" | "inline-block" | "inline-flex" | "inline-grid" | "contents" => Some(false),
            "block" | "flex" | "grid" | "flow-root" | "list-item" | "table" | "table-row" | "table-cell" => Some(true),
            _ => None,
        }
    }
}

const DISPLAYS: &[&str] = &[
    "none",
    "inline",
    "inline-block",
    "inline-flex",
    "inline-grid",
    "inline-table",
    "contents",
    "block",
    "flex",
    "grid",
    "flow-root",
    "list-item",
    "table",
    "table-row",
    "table-cell",
    "table-caption",
    "table-row-group",
    "table-header-group",
    "table-footer-group",
    "table-column",
    "table-column-group",
    "ruby",
    "ruby-base",
    "ruby-text",
    "inherit",
    "initial",
    "unset",
    "revert",
    "-webkit-box",
    "-webkit-inline-box",
    "-webkit-flex",
    "-webkit-inline-flex",
    "-ms-flexbox",
];

/// The declarations of a style, comments left out and escapes decoded; a semicolon inside quotation marks or brackets parts nothing.
fn declarations(written: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quote = None;
    let mut depth = 0_u32;
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        let mut read = Some(c);
        match c {
            '\\' => {
                let (decoded, len) = escape(&rest[1..]);
                taken += len;
                read = decoded;
            }
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '/' if rest.starts_with("/*") => {
                taken = rest[2..].find("*/").map_or(rest.len(), |i| i + 4);
                read = Some(' ');
            }
            '"' | '\'' => quote = Some(c),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => {
                found.push(String::new());
                read = None;
            }
            _ => {}
        }
        if let (Some(read), Some(last)) = (read, found.last_mut()) {
            last.push(read);
        }
        rest = &rest[taken..];
    }
    found
}

/// A CSS escape behind its backslash: what it stands for, and how many bytes it takes.
fn escape(rest: &str) -> (Option<char>, usize) {
    let digits = rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    if digits == 0 {
        return rest.chars().next().map_or((None, 0), |c| (Some(c), c.len_utf8()));
    }
    let decoded = u32::from_str_radix(&rest[..digits], 16).ok().and_then(char::from_u32);
    let space = usize::from(rest[digits..].starts_with([' ', '\t', '\n', '\r']));
    (decoded, digits + space)
}
