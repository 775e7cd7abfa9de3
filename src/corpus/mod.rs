//! What articles share with each other, seen through their fingerprints alone: whole paragraphs, and templates whose slots were filled
//! anew for every article.
//!
//! Keys find candidates ([`keys`], [`join`]), sentences decide about them ([`align`], [`groups`]), and every group gets its template
//! with the slots ([`template`]). Nothing here depends on where a file lies, on the order of files or on threads: articles are put in the
//! order of their contents first.

pub mod align;
pub mod groups;
pub mod join;
pub mod keys;
pub mod paragraphs;
pub mod recurring;
pub mod template;
pub mod wording;

use rayon::prelude::*;

use crate::document::token::{fold, fold_hash};
use crate::fingerprint::Fingerprint;
use crate::fingerprint::prose::{Prose, short};
use crate::policy::Policy;
use crate::span::Span;
use align::Likeness;
use groups::{Groups, Nearest, Relation};
use join::Candidate;
use template::{Member, Template};

/// How often articles that do not fit the template of their group are looked at again among themselves.
const ROUNDS: usize = 3;

/// What decides; every figure is policy.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Common words of the shorter of two articles from which they are one template.
    pub link: f64,
    /// Sentences in common that are not word for word the same.
    pub changed: u32,
    /// Share of the words in identical sentences from which two articles are one text.
    pub near_duplicate: f64,
    /// When two sentences are the same one.
    pub like: Likeness,
    /// Shorter articles get no verdict.
    pub min_words: u32,
    /// Function words of English, as prose keeps them.
    pub function_words: Vec<u32>,
}

/// The check whose parameters decide.
const CHECK: &str = "scaled-content";

impl Settings {
    /// The settings of a policy.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let hash = |word: &String| short(fold_hash(&fold(word)));
        Self {
            link: policy.number(CHECK, "template-warning-share", 0.25),
            changed: policy.count(CHECK, "template-min-changed-sentences", 3),
            near_duplicate: policy.number(CHECK, "near-duplicate-share", 0.75),
            like: Likeness { ratio: policy.number(CHECK, "sentence-match-ratio", 0.45), words: policy.count(CHECK, "sentence-match-words", 4) },
            min_words: policy.count(CHECK, "min-article-words", 80),
            function_words: policy.list(CHECK, "function-words").iter().map(hash).collect(),
        }
    }
}

/// A group of articles.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Stays the same while the template does.
    pub id: u64,
    /// One template or one text.
    pub relation: Relation,
    /// What they have in common.
    pub template: Template,
    /// The articles, in the order that they were given in.
    pub members: Vec<Member>,
    /// Share of the members' words that stand in sentences of the template, slots included.
    pub shared: f64,
}

/// What the comparison found.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The groups, largest first.
    pub clusters: Vec<Cluster>,
    /// The group of each article, and its place in it.
    pub cluster_of: Vec<Option<(u32, u32)>>,
    /// The nearest neighbour seen of each article.
    pub nearest: Vec<Option<Nearest>>,
    /// Articles that were long enough.
    pub compared: usize,
    /// Pairs that shared rare words.
    pub candidates: usize,
    /// Pairs that were read sentence by sentence.
    pub verified: usize,
}

/// Compares articles.
#[must_use]
pub fn compare(fingerprints: &[Fingerprint], settings: &Settings) -> Comparison {
    let long_enough = |fingerprint: &&Fingerprint| fingerprint.prose.words().len() >= settings.min_words as usize;
    let mut order: Vec<(u64, u32)> = fingerprints
        .par_iter()
        .enumerate()
        .filter(|(_, fingerprint)| long_enough(fingerprint))
        .map(|(i, fingerprint)| (align::sentence_hash(fingerprint.prose.words()), i as u32))
        .collect();
    order.sort_unstable_by(|a, b| (a.0, &fingerprints[a.1 as usize].path).cmp(&(b.0, &fingerprints[b.1 as usize].path)));
    let given: Vec<u32> = order.into_iter().map(|(_, i)| i).collect();
    let articles: Vec<&Fingerprint> = given.iter().map(|i| &fingerprints[*i as usize]).collect();
    let texts: Vec<&Prose> = articles.iter().map(|article| &article.prose).collect();
    let skeletons = keys::Skeletons::new(&articles, &settings.function_words);
    let sample = keys::sample(articles.len());
    let candidates = join::candidates(articles.len(), sample, &|i, out| keys::of(texts[i], skeletons.of(i), sample, out));
    let mut groups = Groups::new(&texts, settings);
    let proposed = candidates.len();
    let again = candidates.clone();
    groups.decide(candidates);
    let sets = groups.sets();
    let mut found = Vec::new();
    explain(&texts, sets, settings, &again, &mut found);
    let mut comparison = Comparison {
        cluster_of: vec![None; fingerprints.len()],
        nearest: vec![None; fingerprints.len()],
        compared: articles.len(),
        candidates: proposed,
        verified: groups.compared,
        clusters: Vec::new(),
    };
    for (number, nearest) in groups.nearest.iter().enumerate() {
        comparison.nearest[given[number] as usize] = nearest.map(|nearest| Nearest { article: given[nearest.article as usize], ..nearest });
    }
    for cluster in &mut found {
        for member in &mut cluster.members {
            member.article = given[member.article as usize];
        }
        for word in cluster.template.sentences.iter_mut().flat_map(|sentence| sentence.words.iter_mut()) {
            word.article = given[word.article as usize];
        }
        cluster.members.sort_by_key(|member| member.article);
    }
    found.sort_by_key(|cluster| (std::cmp::Reverse(cluster.members.len()), cluster.members.first().map(|member| member.article)));
    for (number, cluster) in found.iter().enumerate() {
        for (place, member) in cluster.members.iter().enumerate() {
            comparison.cluster_of[member.article as usize] = Some((number as u32, place as u32));
        }
    }
    comparison.clusters = found;
    comparison
}

/// Gives every set its template. What does not fit the template of its set is looked at again without the others.
fn explain(texts: &[&Prose], sets: Vec<Vec<u32>>, settings: &Settings, candidates: &[Candidate], found: &mut Vec<Cluster>) {
    let mut sets = sets;
    for _ in 0..ROUNDS {
        let explained: Vec<(Option<Cluster>, Vec<u32>)> = sets.par_iter().map(|set| cluster(texts, set, settings)).collect();
        let mut left = vec![false; texts.len()];
        let mut any = false;
        for (cluster, leavers) in explained {
            found.extend(cluster);
            any |= leavers.len() > 1;
            for article in leavers {
                left[article as usize] = true;
            }
        }
        if !any {
            break;
        }
        let among: Vec<Candidate> = candidates.iter().filter(|pair| left[pair.a as usize] && left[pair.b as usize]).copied().collect();
        let mut groups = Groups::new(texts, settings);
        groups.decide(among);
        sets = groups.sets();
    }
}

/// The cluster of a set, and the articles that do not fit it.
fn cluster(texts: &[&Prose], set: &[u32], settings: &Settings) -> (Option<Cluster>, Vec<u32>) {
    let mut template = Template::of(texts, set, settings);
    let mut members = template.members(texts, set, settings);
    let mut leavers = Vec::new();
    if set.len() > 2 {
        let mut lengths: Vec<u32> = members.iter().map(|member| member.words).collect();
        lengths.sort_unstable();
        let median = lengths[lengths.len() / 2];
        let fits = |member: &Member| f64::from(member.common + member.filled) >= settings.link * f64::from(member.words.min(median));
        leavers = members.iter().filter(|member| !fits(member)).map(|member| member.article).collect();
        members.retain(fits);
    }
    if members.len() < 2 {
        return (None, if leavers.len() < set.len() { leavers } else { Vec::new() });
    }
    template.merge_slots(texts, &mut members);
    let all: u64 = members.iter().map(|member| u64::from(member.words)).sum();
    let common: u64 = members.iter().map(|member| u64::from(member.common + member.filled)).sum();
    let shared = common as f64 / all.max(1) as f64;
    let relation = if is_one_text(texts, &members, settings) { Relation::NearDuplicate } else { Relation::Template };
    (Some(Cluster { id: template.id(), relation, template, members, shared }), leavers)
}

/// Whether the articles are one text rather than one template: most of them, against the first, word for word.
fn is_one_text(texts: &[&Prose], members: &[Member], settings: &Settings) -> bool {
    let first = texts[members[0].article as usize];
    let mut aligner = align::Aligner::new(first.into());
    let others = &members[1..members.len().min(9)];
    let same = others.iter().filter(|member| {
        let other = texts[member.article as usize];
        let verdict = groups::Verdict::new(&aligner.align(other.into(), settings.like), first.words().len(), other.words().len());
        verdict.relation(settings) == Relation::NearDuplicate
    });
    same.count() * 2 > others.len()
}

/// The words of an article that are the template's, and those that stand in its slots.
#[must_use]
pub fn words_of(prose: &Prose, member: &Member, template: &Template) -> (Vec<Span>, Vec<Span>) {
    let places = prose.places();
    let starts = align::starts(prose.into());
    let (mut of_template, mut of_slots) = (Vec::new(), Vec::new());
    for (ours, theirs) in &member.sentences {
        let words: Vec<u32> = template.sentences[*ours as usize].words.iter().map(|word| word.word).collect();
        let sentence = align::sentence(prose.into(), &starts, *theirs as usize);
        let common = align::common_places(&words, sentence);
        for at in 0..sentence.len() {
            let span = places[starts[*theirs as usize] as usize + at];
            let kept = common.binary_search_by_key(&at, |(_, j)| usize::from(*j)).is_ok();
            if kept { &mut of_template } else { &mut of_slots }.push(span);
        }
    }
    (of_template, of_slots)
}
