//! The rule files of the binary.

use super::file::SourceFile;

/// The rule files that are part of the binary.
pub struct Embedded;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$((concat!("rules/", $name), include_str!(concat!("../../rules/", $name)))),*]
    };
}

impl Embedded {
    /// Path and text of each.
    pub const FILES: &[(&'static str, &'static str)] = embedded![
        "lexicons.toml",
        "context.toml",
        "document.toml",
        "issues.toml",
        "waivers.toml",
        "freshness.toml",
        "live-price.toml",
        "personalized-advice.toml",
        "section-depth.toml",
        "reader-task.toml",
        "added-value.toml",
        "source-transparency.toml",
        "who-how-review.toml",
        "ymyl-boundary.toml",
        "scaled-content.toml",
        "affiliate-disclosure.toml",
    ];

    /// The files as the loader takes them.
    #[must_use]
    pub fn files() -> Vec<SourceFile> {
        Self::FILES.iter().map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
    }
}
