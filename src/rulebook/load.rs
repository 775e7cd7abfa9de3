//! Rule files → rulebook. Those of the binary were read and expanded when it was built: what is left to do for them at every start is
//! what depends on the whole vocabulary, and is quicker made than read.

use super::Rulebook;
use super::anchor::FirstWords;
use super::context::Cues;
use super::embedded::Embedded;
use super::file::{Expanded, RuleFileError, SourceFile, both};
use super::matcher::Patterns;

/// The rules of the binary, as the build script left them; empty where they have problems.
const EXPANDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// A sentence of a rule with what it must do.
#[derive(Clone, Debug)]
pub struct Case<'r> {
    /// Full id of the rule or facet.
    pub rule: &'r str,
    /// The sentence, with its zone prefix.
    pub text: &'r str,
    /// Whether the rule must match it.
    pub hit: bool,
    /// Whether it is the sentence of a facet.
    pub facet: bool,
}

impl Rulebook {
    /// The rulebook of the binary alone.
    ///
    /// # Errors
    /// Never for a released binary: a test loads it.
    pub fn embedded() -> Result<Self, Vec<RuleFileError>> {
        // rules with problems were not written down: read again, they tell their places
        postcard::from_bytes(EXPANDED).map_or_else(|_| Self::load(Embedded::files()), |expanded| Ok(Self::of(expanded)))
    }

    /// Compiles rule files; later ones add rows, lexicons and parameters to earlier ones.
    ///
    /// # Errors
    /// Every file with a problem, each with all of its problems.
    pub fn load(files: Vec<SourceFile>) -> Result<Self, Vec<RuleFileError>> {
        Expanded::read(files).map(Self::of)
    }

    fn of(expanded: Expanded) -> Self {
        let Expanded { mut vocabulary, mut lexicons, patterns, asked, cues, percent, rules, facets, messages, checks, panels, params, waivers, digest } =
            expanded;
        vocabulary.freeze(super::likeness::weighed());
        lexicons.freeze(&vocabulary);
        let entries_of = |name: &str| -> Vec<bool> {
            let lexicon = lexicons.id(name);
            (0..vocabulary.len()).map(|word| lexicon.is_some_and(|id| word != 0 && lexicons.is_entry(id, u8::MAX, crate::span::offset(word)))).collect()
        };
        let (contrast, currency_words) = (entries_of("contrast"), entries_of("currency-word"));
        let (patterns, (asked, cues)) = both(
            || Patterns::new(patterns, &lexicons, &vocabulary, &mut FirstWords::default()),
            || {
                let mut known = FirstWords::default();
                (Patterns::new(asked, &lexicons, &vocabulary, &mut known), Cues::new(cues, &lexicons, &vocabulary, &mut known))
            },
        );
        let mut facet_numbers = std::collections::BTreeMap::new();
        for (number, facet) in facets.iter().enumerate() {
            facet_numbers.entry(facet.name.clone()).or_insert(number);
        }
        Self {
            vocabulary,
            lexicons,
            cues,
            rules,
            facets,
            facet_numbers,
            messages,
            checks,
            panels,
            params,
            waivers,
            patterns,
            asked,
            contrast,
            percent,
            currency_words,
            digest,
        }
    }

    /// All hit and miss sentences.
    pub fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        let rules = self.rules.iter().map(|rule| (rule.id.as_str(), &rule.hit, &rule.miss, false));
        let facets = self.facets.iter().map(|facet| (facet.name.as_str(), &facet.hit, &facet.miss, true));
        rules.chain(facets).flat_map(|(rule, hit, miss, facet)| {
            let hits = hit.iter().map(move |text| Case { rule, text, hit: true, facet });
            hits.chain(miss.iter().map(move |text| Case { rule, text, hit: false, facet }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_built_in_is_what_the_files_say() {
        let read = Expanded::read(Embedded::files()).unwrap_or_else(|_| panic!("the rules do not load"));
        let bytes = postcard::to_allocvec(&read).unwrap_or_default();
        assert!(bytes == EXPANDED, "the rules that were built in are others than those of the files");
        let again: Expanded = postcard::from_bytes(EXPANDED).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(postcard::to_allocvec(&again).unwrap_or_default(), bytes);
    }
}
