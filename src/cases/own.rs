//! The rules' own sentences: every `hit` raises its rule, no `miss` does.

use rayon::prelude::*;

use super::sentence;
use crate::engine;
use crate::policy::Policy;
use crate::rulebook::Rulebook;
use crate::source::SourceText;

/// A sentence of a rule file that does not do what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Full id of the rule or facet.
    pub rule: String,
    /// The sentence.
    pub text: String,
    /// Whether the rule should have matched.
    pub hit: bool,
}

/// Runs all sentences of a rulebook. Returns their number and those that do not do what they say.
#[must_use]
pub fn own_sentences(rulebook: &Rulebook, policy: &Policy) -> (usize, Vec<Broken>) {
    let cases: Vec<_> = rulebook.cases().collect();
    let broken = cases
        .par_iter()
        .filter(|case| {
            let source = SourceText::new("case.md".to_owned(), sentence::article_of(case.text).into_bytes());
            let document = engine::bare(&source, sentence::FORMAT, policy);
            sentence::raises(rulebook, &document, case.rule, case.facet) != case.hit
        })
        .map(|case| Broken { rule: case.rule.to_owned(), text: case.text.to_owned(), hit: case.hit })
        .collect();
    (cases.len(), broken)
}
