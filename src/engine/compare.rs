//! Articles among each other: read for their prose alone, compared, and told what they share.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::genre::{Genre, changed_share, issue_of};
use super::reading::{forms, read_with};
use super::{Among, Desk, Run};
use crate::checks::article::filled;
use crate::corpus::groups::Relation;
use crate::corpus::recurring::{self, Limits, Recurring, Returning};
use crate::corpus::template::Member;
use crate::corpus::wording::{self, Shown, Value, Valued, Worded};
use crate::corpus::{self, Comparison, Settings, align};
use crate::document::own_zones::OwnZones;
use crate::document::{Document, Format};
use crate::finding::{Anchor, Cause, Finding, Related, Severity};
use crate::fingerprint::Fingerprint;
use crate::fingerprint::prose::mark;
use crate::outcome::Outcome;
use crate::packet::record::Recorder;
use crate::packet::{CheckRecord, Cluster, ClusterMember, NearestRecord, Neighbour, PieceKind, Slot, TextPiece};
use crate::source::{LineTable, SourceText};
use crate::span::Span;

const CHECK: &str = "scaled-content";
/// Sentences of the template that are pointed at in one article.
const SENTENCES: usize = 3;
/// Slots that are pointed at in one article.
const SLOTS: usize = 8;
/// Other articles that are named.
const PARTNERS: usize = 4;
/// Articles of one cluster whose texts are shown whole.
const MOST_TEXTS: usize = 200;
/// Articles of one cluster whose values are listed: where articles are judged, and where the clusters are what was asked for.
pub(super) const VALUED_BESIDE: Valued = Valued { articles: 100, values: usize::MAX };
const VALUED: usize = 1_000;
/// Names of slots in a message.
const NAMED: usize = 4;

/// The fingerprint of an article that is compared and not judged. What cannot be read is compared with nothing.
#[must_use]
pub fn fingerprint(desk: &Desk, path: &str, bytes: Vec<u8>) -> Fingerprint {
    let source = SourceText::undigested(path.to_owned(), bytes);
    if source.faults.iter().any(|fault| fault.kind.is_fatal()) {
        return Fingerprint { path: path.to_owned(), ..Fingerprint::default() };
    }
    let document = read(desk, &source);
    let bare = Fingerprint { path: path.to_owned(), words: document.body_words(), ..Fingerprint::default() };
    bare.with_prose(&document, desk.policy.language.as_deref())
}

/// The same with the paragraphs, for an article beside judged ones.
fn whole_fingerprint(desk: &Desk, path: &str, bytes: Vec<u8>) -> Fingerprint {
    let source = SourceText::undigested(path.to_owned(), bytes);
    if source.faults.iter().any(|fault| fault.kind.is_fatal()) {
        return Fingerprint { path: path.to_owned(), ..Fingerprint::default() };
    }
    let document = read(desk, &source);
    let lines = LineTable::new(&source.text);
    let min_words = desk.policy.count(CHECK, "identical-paragraph-min-words", 20);
    Fingerprint::of(&source, &document, &lines, min_words).with_prose(&document, desk.policy.language.as_deref())
}

/// The fingerprint of an article of a run by one of the two. A panic inside is contained to it.
fn loaded(run: &Run, path: &str, by: &(dyn Fn(&Desk, &str, Vec<u8>) -> Fingerprint + Sync)) -> Fingerprint {
    let nothing = || Fingerprint { path: path.to_owned(), ..Fingerprint::default() };
    let Ok(bytes) = (run.load)(path) else { return nothing() };
    let desk = (run.desk)(path);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| by(&desk, path, bytes))).unwrap_or_else(|_| nothing())
}

/// The fingerprint of an article that stands beside judged ones.
pub(super) fn load(run: &Run, path: &str) -> Fingerprint {
    loaded(run, path, &whole_fingerprint)
}

/// Reads an article, panels of notegate's own left out.
fn read(desk: &Desk, source: &SourceText) -> Document {
    let format = Format::of(&source.path).unwrap_or(Format::Markdown);
    read_with(source, format, &desk.policy, OwnZones::LeftOut(&forms(source, desk)))
}

/// Compares articles without judging any. `values`: of each slot, so many are wanted.
#[must_use]
pub fn all(run: &Run, among: &Among, values: usize) -> Found {
    let mut fingerprints: Vec<Fingerprint> = among
        .beside
        .par_iter()
        .map(|path| {
            let fingerprint = loaded(run, path, &fingerprint);
            (run.progress)();
            fingerprint
        })
        .collect();
    fingerprints.sort_by(|a, b| a.path.cmp(&b.path));
    Found::new(run, among, fingerprints, Valued { articles: VALUED, values }, For::Reports)
}

/// What a comparison is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// The articles are judged by it: what returns in them is looked for too, and places to point at.
    Findings,
    /// It is told and nothing else.
    Reports,
}

/// What is told of a cluster besides its figures.
struct Told {
    /// Template, names of slots, and values.
    worded: Worded,
    /// The series that all of its articles belong to.
    series: Option<String>,
    /// The template in its first articles: the article and the place.
    places: Vec<(u32, Related)>,
    /// How many of its articles are issues of each numbered or dated series.
    issues: BTreeMap<String, usize>,
}

impl Told {
    fn new(run: &Run, cluster: &corpus::Cluster, fingerprints: &[Fingerprint], series: &[Option<String>], valued: Valued, made_for: For) -> Self {
        let pointed_at = if made_for == For::Findings { &cluster.members[..cluster.members.len().min(PARTNERS + 1)] } else { &[] };
        let read = |article: u32| {
            let Fingerprint { path, prose, .. } = &fingerprints[article as usize];
            (SourceText::undigested(path.clone(), (run.load)(path).unwrap_or_default()), prose.places())
        };
        // the few texts that are asked for again and again are held while the cluster is told; of a large one not all of them
        let mut held = wording::told_in(cluster);
        held.extend(pointed_at.iter().map(|member| member.article));
        let held: Vec<u32> = held.into_iter().collect();
        let texts: Vec<(SourceText, Vec<Span>)> = held.par_iter().map(|article| read(*article)).collect();
        let text = |article: u32| held.binary_search(&article).ok().and_then(|at| texts.get(at));
        let show = |article: u32, look: &mut dyn FnMut(Shown)| {
            let mut hand = |(source, places): &(SourceText, Vec<Span>)| look(Shown { text: &source.text, places });
            match text(article) {
                Some(held) => hand(held),
                None => hand(&read(article)),
            }
        };
        let place = |member: &Member| {
            let fingerprint = &fingerprints[member.article as usize];
            let (source, _) = text(member.article)?;
            let span = sentences(fingerprint, member).first().copied().unwrap_or_default();
            let line = LineTable::new(&source.text).place(&source.text, span.start).line;
            let message = "the same template here".to_owned();
            Some((member.article, Related { path: Some(fingerprint.path.clone()), span: source.file_span(span), line, message }))
        };
        let mut issues = BTreeMap::new();
        for issue in cluster.members.iter().filter_map(|member| issue_of(&fingerprints[member.article as usize].path)) {
            *issues.entry(issue).or_insert(0) += 1;
        }
        Self {
            issues,
            worded: wording::word(cluster, fingerprints, valued, &show),
            series: series_of(series, cluster.members.iter().map(|member| member.article as usize)),
            places: pointed_at.iter().filter_map(place).collect(),
        }
    }
}

/// What the articles of a run share.
pub struct Found {
    /// The fingerprints, in path order.
    pub fingerprints: Vec<Fingerprint>,
    /// What was found; `None` where an article was alone.
    pub comparison: Option<Comparison>,
    /// What is told of each cluster.
    told: Vec<Told>,
    /// What returns of each article without being a template.
    recurring: Vec<Recurring>,
    /// The series of each article.
    series: Vec<Option<String>>,
    /// Shortest article that is compared.
    min_words: u32,
}

impl Found {
    /// Nothing to compare.
    pub(super) const fn alone(fingerprints: Vec<Fingerprint>) -> Self {
        Self { fingerprints, comparison: None, told: Vec::new(), recurring: Vec::new(), series: Vec::new(), min_words: 0 }
    }

    /// Compares fingerprints.
    pub(super) fn new(run: &Run, among: &Among, fingerprints: Vec<Fingerprint>, valued: Valued, made_for: For) -> Self {
        let settings = Settings::of(&among.desk.policy);
        let comparison = corpus::compare(&fingerprints, &settings);
        let judged = made_for == For::Findings;
        let of_article = |(article, fingerprint): (usize, &Fingerprint)| {
            let asked = judged || comparison.cluster_of[article].is_some();
            asked.then(|| (among.series)(&fingerprint.path)).flatten()
        };
        let series: Vec<Option<String>> = fingerprints.par_iter().enumerate().map(of_article).collect();
        let (told, recurring) = rayon::join(
            || comparison.clusters.par_iter().map(|cluster| Told::new(run, cluster, &fingerprints, &series, valued, made_for)).collect(),
            || if judged { recurring::find(&fingerprints, &comparison, Limits::of(&among.desk.policy)) } else { Vec::new() },
        );
        Self { fingerprints, comparison: Some(comparison), told, recurring, series, min_words: settings.min_words }
    }

    /// The clusters for reports: those with an article that is asked for. What stands in slots is handed out, and not kept.
    #[must_use]
    pub fn records(&mut self, asked: &(dyn Fn(&str) -> bool + Sync)) -> Vec<Cluster> {
        let Some(comparison) = &self.comparison else { return Vec::new() };
        let wanted = |cluster: &corpus::Cluster| cluster.members.iter().any(|member| asked(&self.fingerprints[member.article as usize].path));
        let wanted: Vec<usize> = (0..comparison.clusters.len()).filter(|number| wanted(&comparison.clusters[*number])).collect();
        let values: Vec<Vec<Value>> = wanted.iter().map(|number| std::mem::take(&mut self.told[*number].worded.values)).collect();
        let path = |member: &Member| self.fingerprints[member.article as usize].path.clone();
        let record = |(number, values): (usize, Vec<Value>)| {
            let (cluster, Told { worded, series, .. }) = (&comparison.clusters[number], &self.told[number]);
            // values come member by member, and so in the order of the paths: a map is made of them in one go
            let mut held: Vec<Vec<(String, String)>> = vec![Vec::new(); worded.slots.len()];
            for value in values {
                held[value.slot as usize].push((path(&cluster.members[value.member as usize]), value.text.into()));
            }
            let slot = |(name, values): (&String, Vec<(String, String)>)| Slot { name: name.clone(), values: values.into_iter().collect() };
            let slots = worded.slots.iter().zip(held).filter(|(_, values)| !values.is_empty()).map(slot).collect();
            Cluster {
                id: format!("{:016x}", cluster.id),
                kind: kind(cluster.relation).to_owned(),
                articles: cluster.members.iter().map(path).collect(),
                shared: rounded(cluster.shared),
                template: worded.template.clone(),
                slots,
                series: series.clone(),
                members: cluster
                    .members
                    .iter()
                    .map(|member| ClusterMember {
                        path: path(member),
                        words: member.words,
                        shared: rounded(member.share()),
                        own: rounded(member.own()),
                        nearest: self.nearest(member.article as usize),
                        text: Vec::new(),
                    })
                    .collect(),
            }
        };
        wanted.into_par_iter().zip(values).map(record).collect()
    }

    /// Every article that is asked for with its nearest neighbour.
    #[must_use]
    pub fn neighbours(&self, asked: &(dyn Fn(&str) -> bool + Sync)) -> Vec<Neighbour> {
        let Some(comparison) = &self.comparison else { return Vec::new() };
        let of = |(article, fingerprint): (usize, &Fingerprint)| {
            let at = comparison.cluster_of[article].map(|(cluster, place)| (&comparison.clusters[cluster as usize], place));
            Neighbour {
                path: fingerprint.path.clone(),
                words: crate::span::offset(fingerprint.prose.words().len()),
                cluster: at.map(|(cluster, _)| format!("{:016x}", cluster.id)),
                own: at.map_or(1.0, |(cluster, place)| rounded(cluster.members[place as usize].own())),
                nearest: self.nearest(article),
            }
        };
        self.fingerprints.par_iter().enumerate().filter(|(_, fingerprint)| asked(&fingerprint.path)).map(of).collect()
    }

    /// Puts the texts of the members beside their templates into the records of the clusters.
    pub fn add_texts(&self, run: &Run, records: &mut [Cluster]) {
        let Some(comparison) = &self.comparison else { return };
        for record in records {
            let Some(number) = comparison.clusters.iter().position(|cluster| format!("{:016x}", cluster.id) == record.id) else { continue };
            for (member, into) in comparison.clusters[number].members.iter().zip(&mut record.members).take(MOST_TEXTS) {
                into.text = self.text(run, number, member);
            }
        }
    }

    /// The text of a member, sentence by sentence, in pieces of one kind.
    fn text(&self, run: &Run, number: usize, member: &Member) -> Vec<TextPiece> {
        let fingerprint = &self.fingerprints[member.article as usize];
        let Some(comparison) = &self.comparison else { return Vec::new() };
        let source = SourceText::undigested(fingerprint.path.clone(), (run.load)(&fingerprint.path).unwrap_or_default());
        let prose = &fingerprint.prose;
        let places = prose.places();
        let (template, _) = corpus::words_of(prose, member, &comparison.clusters[number].template);
        let template: BTreeSet<u32> = template.into_iter().map(|span| span.start).collect();
        let shared: BTreeSet<u32> = member.sentences.iter().map(|(_, theirs)| *theirs).collect();
        let slots = &self.told[number].worded.slots;
        let filling =
            |at: u32| member.fillings.iter().find(|filling| (filling.from..filling.to).contains(&at)).and_then(|filling| slots.get(filling.slot as usize));
        let mut pieces: Vec<TextPiece> = Vec::new();
        let mut at = 0;
        for (sentence, length) in prose.lengths().iter().enumerate() {
            let marks = prose.marks()[sentence];
            let end = at + usize::from(*length);
            let mut open: Option<(PieceKind, usize)> = None;
            let mut begins = marks & mark::BEGINS != 0;
            let mut close = |kind: PieceKind, from: usize, to: usize| {
                // what stands behind the last word of a sentence, such as its full stop, belongs to it
                let stop = if to == end {
                    source.text[places[to - 1].end as usize..].chars().next().filter(|c| ".,;:!?\u{3002}".contains(*c)).map_or(0, char::len_utf8)
                } else {
                    0
                };
                let text = source.text.get(places[from].start as usize..places[to - 1].end as usize + stop).unwrap_or_default();
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                pieces.push(TextPiece { text, kind, begins: std::mem::take(&mut begins), heading: marks & mark::HEADING != 0 });
            };
            for (word, place) in (at..).zip(&places[at..end]) {
                let kind = if !shared.contains(&(sentence as u32)) {
                    PieceKind::Own
                } else if template.contains(&place.start) {
                    PieceKind::Template
                } else {
                    filling(word as u32).map_or(PieceKind::Changed, |name| PieceKind::Slot(name.clone()))
                };
                match &open {
                    Some((before, _)) if *before == kind => {}
                    _ => {
                        if let Some((before, from)) = open.replace((kind, word)) {
                            close(before, from, word);
                        }
                    }
                }
            }
            if let Some((kind, from)) = open {
                close(kind, from, end);
            }
            at = end;
        }
        pieces
    }

    /// The nearest neighbour seen of an article.
    #[must_use]
    pub fn nearest(&self, article: usize) -> Option<NearestRecord> {
        let nearest = self.comparison.as_ref()?.nearest[article]?;
        Some(NearestRecord { path: self.fingerprints[nearest.article as usize].path.clone(), share: rounded(nearest.verdict.share) })
    }

    /// Tells one article what it shares: evidence, figures, and findings.
    pub(super) fn add(&self, run: &Run, desk: &Desk, outcome: &mut Outcome, check: &mut CheckRecord, index: usize, class: &str) {
        let Some(comparison) = &self.comparison else { return };
        let fingerprint = &self.fingerprints[index];
        if fingerprint.prose.words().len() < self.min_words as usize {
            outcome.evidence = format!("{}; too short to be compared for templates (under {} words)", outcome.evidence, self.min_words);
            return;
        }
        // those too short for a verdict are counted as everywhere else: whether they could be read changes nothing said of this one
        let others = self.fingerprints.len().saturating_sub(1);
        let share = comparison.nearest[index].map_or(0.0, |nearest| nearest.verdict.share);
        outcome.fact("compared_for_template", others);
        outcome.fact("nearest_share", rounded(share));
        outcome.evidence = format!("{}; against {} articles; nearest shares {:.0} % of its words", outcome.evidence, grouped(others), share * 100.0);
        let mut findings = Vec::new();
        let source = || Some(SourceText::undigested(fingerprint.path.clone(), (run.load)(&fingerprint.path).ok()?));
        let recurring = &self.recurring[index];
        let returns = !(recurring.outline.is_empty() && recurring.phrases.is_empty() && recurring.lines.is_empty());
        if returns
            && self.series[index].is_none()
            && let Some(source) = source()
        {
            self.returning(desk, index, &source, &mut findings);
            record(&source, &findings, check);
            outcome.findings.append(&mut findings);
        }
        let Some((number, place)) = comparison.cluster_of[index] else { return };
        let cluster = &comparison.clusters[number as usize];
        let member = &cluster.members[place as usize];
        outcome.fact("cluster", format!("{:016x}", cluster.id));
        outcome.fact("cluster_articles", cluster.members.len());
        outcome.fact("template_share", rounded(member.share()));
        outcome.fact("template_share_changed", rounded(changed_share(&cluster.template, member, fingerprint)));
        if let Some(reason) = &self.told[number as usize].series {
            outcome.evidence = format!("{}; one template of {} articles, allowed as a series: {reason}", outcome.evidence, cluster.members.len());
            return;
        }
        if cluster.members.len() < desk.policy.count(CHECK, "template-min-articles", 2) as usize {
            return;
        }
        let Some(source) = source() else { return };
        findings.extend(self.finding(desk, number as usize, place as usize, &source, class));
        record(&source, &findings, check);
        outcome.findings.append(&mut findings);
    }

    /// Outline, first and last words, and lines that many articles have.
    fn returning(&self, desk: &Desk, index: usize, source: &SourceText, findings: &mut Vec<Finding>) {
        let Recurring { outline, phrases, lines } = &self.recurring[index];
        let places = self.fingerprints[index].prose.places();
        let span = |words: &Returning| {
            let (first, last) = (places[words.from as usize], places[words.to as usize - 1]);
            Span::new(first.start, last.end.max(first.start))
        };
        let text = |words: &Returning| crate::source::shortened(source.slice(span(words)));
        let said = |words: &Returning| {
            let words = &self.fingerprints[index].prose.words()[words.from as usize..words.to as usize];
            Anchor::Given(words.iter().map(|word| format!("{word:08x}")).collect::<Vec<_>>().join(" "))
        };
        let mut tell = |rule: &str, all: &[Returning], anchor: Anchor, fill: &[(&str, &str)]| {
            let id = format!("{CHECK}/{rule}");
            let (Some(first), Some(message)) = (all.first(), desk.rulebook.message(&id)) else { return };
            let Some(severity) = desk.policy.severity(&id, message.severity) else { return };
            let more = all.iter().skip(1).take(SLOTS).map(|words| Related { path: None, span: span(words), line: 0, message: text(words) });
            findings.push(Finding {
                rule: id,
                severity,
                message: filled(&message.message, fill),
                why: filled(&message.why, fill),
                help: filled(&message.help, fill),
                span: span(first),
                anchor,
                related: more.collect(),
                cause: Cause::Author,
                operators: Vec::new(),
            });
        };
        let most = |all: &[Returning]| grouped(all.iter().map(|words| words.articles as usize).max().unwrap_or(0));
        let plan = outline.iter().map(text).collect::<Vec<_>>().join(", ");
        tell("shared-outline", outline, Anchor::Article, &[("articles", &most(outline)), ("outline", &plan)]);
        for phrase in phrases {
            tell("stock-phrase", std::slice::from_ref(phrase), said(phrase), &[("articles", &most(&[*phrase])), ("phrase", &text(phrase))]);
        }
        let words: u32 = lines.iter().map(|line| line.to - line.from).sum();
        tell("shared-boilerplate", lines, Anchor::Article, &[("articles", &most(lines)), ("words", &words.to_string())]);
    }

    /// The finding of a member.
    fn finding(&self, desk: &Desk, number: usize, place: usize, source: &SourceText, class: &str) -> Option<Finding> {
        let comparison = self.comparison.as_ref()?;
        let (cluster, worded) = (&comparison.clusters[number], &self.told[number].worded);
        let member = &cluster.members[place];
        let verdict = comparison.nearest[member.article as usize].map(|nearest| nearest.verdict).unwrap_or_default();
        let duplicate = cluster.relation == Relation::NearDuplicate;
        let id = format!("{CHECK}/{}", kind(cluster.relation));
        let message = desk.rulebook.message(&id)?;
        let share = if duplicate { verdict.verbatim } else { member.share() };
        // a long article that holds a short one is of its group, and little of it is the template's
        let from = |name: &str, otherwise: f64| share >= desk.policy.number(CHECK, name, otherwise);
        let fingerprint = &self.fingerprints[member.article as usize];
        let genre = Genre { policy: &desk.policy, template: &cluster.template, member, fingerprint, issues: &self.told[number].issues, class };
        let at_most = match (duplicate, from("template-error-share", 0.5), from("template-warning-share", 0.25)) {
            (true, ..) => Severity::Error,
            (false, true, _) => genre.at_most(|| read(desk, source)),
            (false, false, true) => genre.at_most(|| read(desk, source)).min(Severity::Warning),
            (false, false, false) => Severity::Note,
        };
        let default = at_most.min(message.severity);
        let severity = desk.policy.severity(&id, default)?;
        let first = cluster.members.iter().find(|other| other.article != member.article)?.article;
        let nearest = comparison.nearest[member.article as usize].map(|nearest| nearest.article);
        let of_cluster = |article: &u32| comparison.cluster_of[*article as usize].is_some_and(|(of, _)| of as usize == number);
        let neighbour = &self.fingerprints[nearest.filter(of_cluster).unwrap_or(first) as usize].path;
        let slots: BTreeSet<u32> = member.fillings.iter().map(|filling| filling.slot).collect();
        let mut named: Vec<String> = slots.iter().filter_map(|slot| worded.slots.get(*slot as usize)).map(|name| format!("the {name}")).collect();
        named.truncate(NAMED);
        let named = if named.is_empty() { "nothing but the order".to_owned() } else { named.join(", ") };
        let texts = [format!("{:.0} %", share * 100.0), cluster.members.len().to_string()];
        let fill = [("share", texts[0].as_str()), ("neighbour", neighbour.as_str()), ("slots", named.as_str()), ("articles", texts[1].as_str())];
        let (span, mut related) = self.places(number, member, source);
        let partners = self.told[number].places.iter().filter(|(article, _)| *article != member.article);
        related.extend(partners.take(PARTNERS).map(|(_, place)| place.clone()));
        Some(Finding {
            rule: id,
            severity,
            message: filled(&message.message, &fill),
            why: filled(&message.why, &fill),
            help: filled(&message.help, &fill),
            span,
            // which of its sentences others have too changes with the others
            anchor: Anchor::Article,
            related,
            cause: Cause::Author,
            operators: Vec::new(),
        })
    }

    /// Where the template stands in an article: its longest sentences, and one place for each slot.
    fn places(&self, number: usize, member: &Member, source: &SourceText) -> (Span, Vec<Related>) {
        let fingerprint = &self.fingerprints[member.article as usize];
        let mut spans = sentences(fingerprint, member).into_iter();
        let first = spans.next().unwrap_or_default();
        let here = |span: Span, message: String| Related { path: None, span, line: 0, message };
        let mut related: Vec<Related> = spans.map(|span| here(span, "this sentence is the template's too".to_owned())).collect();
        let places = fingerprint.prose.places();
        let mut told = BTreeSet::new();
        for filling in &member.fillings {
            if told.len() < SLOTS && told.insert(filling.slot) {
                let span = Span::new(places[filling.from as usize].start, places[filling.to as usize - 1].end.max(places[filling.from as usize].start));
                let name = self.told[number].worded.slots.get(filling.slot as usize).map_or("slot", String::as_str);
                related.push(here(span, format!("{name}: {}", crate::source::shortened(source.slice(span)))));
            }
        }
        (first, related)
    }
}

/// The series that all of some articles belong to.
fn series_of(series: &[Option<String>], articles: impl Iterator<Item = usize>) -> Option<String> {
    let all: BTreeSet<Option<&String>> = articles.map(|article| series[article].as_ref()).collect();
    if all.len() == 1 { all.into_iter().next().flatten().cloned() } else { None }
}

/// The longest sentences of an article that its template has, in order.
fn sentences(fingerprint: &Fingerprint, member: &Member) -> Vec<Span> {
    let prose = &fingerprint.prose;
    let places = prose.places();
    let starts = align::starts(prose.into());
    let mut sentences: Vec<u32> = member.sentences.iter().map(|(_, theirs)| *theirs).collect();
    sentences.sort_by_key(|theirs| (std::cmp::Reverse(prose.lengths()[*theirs as usize]), *theirs));
    sentences.truncate(SENTENCES);
    sentences.sort_unstable();
    let span = |theirs: u32| {
        let (from, to) = (starts[theirs as usize] as usize, starts[theirs as usize + 1] as usize);
        Span::new(places[from].start, places[to - 1].end.max(places[from].start))
    };
    sentences.into_iter().map(span).collect()
}

/// Adds findings to the record of their check, while the text is at hand.
fn record(source: &SourceText, findings: &[Finding], check: &mut CheckRecord) {
    let lines = LineTable::new(&source.text);
    let mut recorder = Recorder::new(source, &lines, None);
    check.findings.extend(findings.iter().map(|finding| recorder.record(finding)));
}

/// The name of a relation, which is also its rule's.
const fn kind(relation: Relation) -> &'static str {
    match relation {
        Relation::NearDuplicate => "near-duplicate",
        Relation::Template | Relation::Apart => "template-swap",
    }
}

fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

/// 1391 → `1,391`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
