//! The panels of a review as they stand in a page: source ledger, evidence packet, claim checks, review gate.
//!
//! One room owns both directions. [`markdown`] and [`html`] write panels and read them back; what they read is written again
//! and compared, so that a page can hold nothing between notegate's marks that notegate would not write. [`Forms`] says which
//! texts a cell may hold. Knows no packet, no rule and no document.

pub mod form;
pub mod html;
pub mod markdown;
mod part;
pub mod text;

pub use part::{PIECES, Part};

/// What every mark contains: a text without it has no panels.
pub const NEEDLE: &str = "notegate:panels";
/// Pairs of begin and end marks, each alone on its line: comments of HTML and Markdown, then of MDX, which has no others.
pub const MARKS: [(&str, &str); 2] =
    [("<!-- notegate:panels begin -->", "<!-- notegate:panels end -->"), ("{/* notegate:panels begin */}", "{/* notegate:panels end */}")];
/// What a status cell may hold (policy 7.1).
pub const STATUSES: [&str; 6] = ["pass", "limited", "source_scoped", "not-applicable", "fail", "error"];
/// Heading over the four panels. No title of a reference list: a panel that is judged as ordinary text is judged as body.
const TITLE: &str = "How this note was checked";
/// Number of panels.
pub const COUNT: usize = 4;

/// What stays the same in one panel.
struct Layout {
    /// End of its ids in HTML.
    id: &'static str,
    title: &'static str,
    caption: &'static str,
    columns: &'static [&'static str],
}

/// The panels in their order. A panel with three columns has statuses.
const LAYOUT: [Layout; COUNT] = [
    Layout { id: "ledger", title: "Source ledger", caption: "Snapshot data for this note", columns: &["Field", "Value"] },
    Layout { id: "packet", title: "Evidence packet", caption: "What this note is allowed to claim", columns: &["Field", "Status", "Value"] },
    Layout { id: "claims", title: "Claim checks", caption: "Editorial checks before indexing", columns: &["Claim", "Status", "Evidence"] },
    Layout { id: "gate", title: "Review gate", caption: "Publication status", columns: &["Field", "Value"] },
];

/// A row of a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Field or claim.
    pub label: String,
    /// Status, in panels that have one.
    pub status: Option<String>,
    /// Value or evidence.
    pub value: String,
}

impl Row {
    /// A row without a status.
    #[must_use]
    pub fn new(label: &str, value: &str) -> Self {
        Self { label: text::cell(label), status: None, value: text::cell(value) }
    }

    /// A row with a status.
    #[must_use]
    pub fn judged(label: &str, status: &str, value: &str) -> Self {
        Self { status: Some(status.to_owned()), ..Self::new(label, value) }
    }

    /// A row of cells as they were read; `None` where their number fits no panel.
    fn of_cells(cells: Vec<String>) -> Option<Self> {
        match <[String; 2]>::try_from(cells) {
            Ok([label, value]) => Some(Self { label, status: None, value }),
            Err(cells) => {
                let [label, status, value] = <[String; 3]>::try_from(cells).ok()?;
                Some(Self { label, status: Some(status), value })
            }
        }
    }

    /// The cells in their order.
    fn cells(&self) -> impl Iterator<Item = &str> {
        [Some(&self.label), self.status.as_ref(), Some(&self.value)].into_iter().flatten().map(String::as_str)
    }
}

/// The panels of one article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panels {
    /// Hexadecimal digits that make the ids in HTML unique; Markdown has no ids.
    pub key: String,
    /// The rows of each panel.
    pub tables: [Vec<Row>; COUNT],
}

/// What a row may hold.
#[derive(Clone, Debug)]
pub struct RowForm {
    /// Its label.
    pub label: String,
    /// [`form`]s of its value.
    pub values: Vec<String>,
    /// Whether the value is a list of pieces, each of one of the forms.
    pub pieces: bool,
}

/// What the rows of each panel may hold.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// Panel by panel.
    pub tables: [Vec<RowForm>; COUNT],
}

impl Forms {
    /// The names that stand in the free places of the panels; `None` where a cell holds what no form allows.
    #[must_use]
    pub fn names(&self, panels: &Panels) -> Option<Vec<String>> {
        let mut names = Vec::new();
        for ((rows, forms), layout) in panels.tables.iter().zip(&self.tables).zip(&LAYOUT) {
            for row in rows {
                let has_status = layout.columns.len() == 3;
                let status_fits = row.status.as_deref().map_or(!has_status, |status| has_status && STATUSES.contains(&status));
                let form = forms.iter().find(|form| form.label == row.label).filter(|_| status_fits)?;
                if form.pieces {
                    for piece in row.value.split(PIECES) {
                        names.extend(form.read(piece)?);
                    }
                } else {
                    names.extend(form.read(&row.value)?);
                }
            }
        }
        Some(names)
    }
}

impl RowForm {
    fn read(&self, value: &str) -> Option<Vec<String>> {
        self.values.iter().find_map(|form| form::names(form, value))
    }
}

/// Reads what stands between two marks, in whichever way it is written; `None` for anything that notegate does not write.
#[must_use]
pub fn read(region: &str) -> Option<Panels> {
    if region.trim_start().starts_with('<') { html::read(region) } else { markdown::read(region) }
}
