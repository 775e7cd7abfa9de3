//! Which language an article is written in and which content class it belongs to (design, section 3: defaults of the first run).

use crate::document::Document;
use crate::policy::Policy;
use crate::rulebook::Rulebook;
use crate::rulebook::lexicon::{LexiconId, WordId, trait_of};
use crate::rulebook::matcher::View;
use crate::span::Span;

const DOCUMENT: &str = "document";
/// The language whose rules are shipped.
pub const RULE_LANGUAGE: &str = "en";
/// A language that could not be told.
pub const UNDETERMINED: &str = "und";

/// The language of an article and, where no rules speak it, why its text checks are limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// Primary subtag, or `und`.
    pub tag: String,
    /// Why rules could not judge the text.
    pub unread: Option<String>,
}

/// Front matter, then the policy, then English unless the function words contradict.
#[must_use]
pub fn language(document: &Document, view: &View, rulebook: &Rulebook, policy: &Policy) -> Language {
    let stated = document.metadata.text("language").or_else(|| policy.language.clone());
    if let Some(stated) = stated {
        let tag = stated.trim().to_lowercase();
        let primary = tag.split(['-', '_']).next().unwrap_or(&tag).to_owned();
        let unread = (primary != RULE_LANGUAGE).then(|| format!("the article is in `{primary}`, and the rules speak `{RULE_LANGUAGE}` only"));
        return Language { tag: primary, unread };
    }
    let words: u32 = document.body_words();
    if words < policy.count(DOCUMENT, "language-min-words", 40) {
        return Language { tag: RULE_LANGUAGE.to_owned(), unread: None };
    }
    let mut lexicon = "language-".to_owned();
    let prefix = lexicon.len();
    let mut id_of = |tag: &str| {
        lexicon.truncate(prefix);
        lexicon.push_str(tag);
        rulebook.lexicons().id(&lexicon)
    };
    let tagged: Vec<(&str, Option<LexiconId>)> = policy.list(DOCUMENT, "languages").iter().map(|tag| (tag.as_str(), id_of(tag))).collect();
    let ids: Vec<LexiconId> = tagged.iter().filter_map(|(_, id)| *id).collect();
    let mut totals = totals(view, rulebook, &ids, trait_of::LANGUAGE).into_iter();
    let counts: Vec<(&str, u32)> = tagged.into_iter().map(|(tag, id)| (tag, if id.is_some() { totals.next().unwrap_or(0) } else { 0 })).collect();
    let share = |count: u32| f64::from(count) / f64::from(words);
    let enough = policy.number(DOCUMENT, "language-share", 0.12);
    let english = counts.iter().find(|(tag, _)| *tag == RULE_LANGUAGE).map_or(0, |(_, count)| *count);
    let best = counts.iter().max_by_key(|(tag, count)| (*count, *tag == RULE_LANGUAGE)).copied();
    match best {
        Some((tag, count)) if tag != RULE_LANGUAGE && share(count) >= enough && count > english * 2 => {
            Language { unread: Some(format!("the article seems to be in `{tag}`, and the rules speak `{RULE_LANGUAGE}` only")), tag: tag.to_owned() }
        }
        _ if share(english) < enough => Language {
            tag: UNDETERMINED.to_owned(),
            unread: Some(format!(
                "the language of the article could not be told, and the rules speak `{RULE_LANGUAGE}` only; `lang` in the header would say it"
            )),
        },
        _ => Language { tag: RULE_LANGUAGE.to_owned(), unread: None },
    }
}

/// Content classes (policy 3.4).
pub const CLASSES: &[&str] = &["live-market", "market-commentary", "ymyl-evergreen", "regulated", "medical", "general"];

/// The content class of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Its name, one of [`CLASSES`].
    pub name: String,
    /// A class in the header that does not exist: where, and what it says.
    pub unknown: Option<(Span, String)>,
}

/// `class` in the header, then the policy's, then by the words that carry the text.
#[must_use]
pub fn class(document: &Document, view: &View, rulebook: &Rulebook, policy: &Policy) -> Class {
    let stated = document.metadata.get("class").and_then(|found| Some((found.node.span, found.node.text()?)));
    if let Some((span, text)) = stated {
        let name = text.trim().to_lowercase();
        if CLASSES.contains(&name.as_str()) {
            return Class { name, unknown: None };
        }
        let detail = format!("`{text}` is no content class: {}", crate::strict_toml::nearest_help(&name, CLASSES));
        return Class { name: by_policy_or_words(document, view, rulebook, policy), unknown: Some((span, detail)) };
    }
    Class { name: by_policy_or_words(document, view, rulebook, policy), unknown: None }
}

fn by_policy_or_words(document: &Document, view: &View, rulebook: &Rulebook, policy: &Policy) -> String {
    if let Some(class) = &policy.class {
        return class.clone();
    }
    let words = f64::from(document.body_words().max(1));
    let wanted = policy.number(DOCUMENT, "class-per-1000", 12.0);
    let distinct = policy.count(DOCUMENT, "class-distinct", 3) as usize;
    let fields: Vec<LexiconId> = ["finance", "health", "legal"].iter().filter_map(|field| rulebook.lexicons().id(&format!("class-{field}"))).collect();
    let mut counts: Vec<(u32, Vec<WordId>)> = vec![Default::default(); fields.len()];
    each_entry(view, rulebook, &fields, trait_of::CLASS, |field, word| {
        let (count, seen) = &mut counts[field];
        *count += 1;
        if seen.len() < distinct && !seen.contains(&word) {
            seen.push(word);
        }
    });
    if counts.iter().any(|(count, seen)| f64::from(*count) * 1000.0 / words >= wanted && seen.len() >= distinct) {
        return "ymyl-evergreen".to_owned();
    }
    "general".to_owned()
}

/// The bits of these lexicons, by lane of a set of lexicons.
fn lanes_of(ids: &[LexiconId]) -> Vec<(usize, u64)> {
    let mut lanes: Vec<(usize, u64)> = Vec::new();
    for id in ids {
        let (lane, bit) = (usize::from(id / 64), 1 << (id % 64));
        match lanes.iter_mut().find(|(known, _)| *known == lane) {
            Some((_, wanted)) => *wanted |= bit,
            None => lanes.push((lane, bit)),
        }
    }
    lanes
}

/// How many words of the article are entries of each of the lexicons. All such words have a trait, and every other word is one of them: they are
/// counted by their bits, and only the counts are told apart by lexicon.
fn totals(view: &View, rulebook: &Rulebook, ids: &[LexiconId], with: u8) -> Vec<u32> {
    let lexicons = rulebook.lexicons();
    let mut lanes: Vec<(usize, u64, [u32; 64])> = lanes_of(ids).into_iter().map(|(lane, wanted)| (lane, wanted, [0; 64])).collect();
    for word in view.words.iter().filter(|word| lexicons.has(**word, with)) {
        let bits = lexicons.alone(*word);
        for (lane, wanted, counts) in &mut lanes {
            let mut found = bits[*lane] & *wanted;
            while found != 0 {
                counts[found.trailing_zeros() as usize] += 1;
                found &= found - 1;
            }
        }
    }
    let total = |id: &LexiconId| lanes.iter().find(|(lane, ..)| *lane == usize::from(id / 64)).map_or(0, |(.., counts)| counts[usize::from(id % 64)]);
    ids.iter().map(total).collect()
}

/// Calls back for every word of the article that is an entry of one of the lexicons, with the place of the lexicon in the list. All such words
/// have a trait.
fn each_entry(view: &View, rulebook: &Rulebook, ids: &[LexiconId], with: u8, mut call: impl FnMut(usize, WordId)) {
    let lexicons = rulebook.lexicons();
    let lanes = lanes_of(ids);
    for word in view.words.iter().filter(|word| lexicons.has(**word, with)) {
        let bits = lexicons.alone(*word);
        for (lane, wanted) in &lanes {
            let mut found = bits[*lane] & wanted;
            while found != 0 {
                let id = *lane * 64 + found.trailing_zeros() as usize;
                ids.iter().enumerate().filter(|(_, known)| usize::from(**known) == id).for_each(|(i, _)| call(i, *word));
                found &= found - 1;
            }
        }
    }
}
