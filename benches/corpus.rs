//! What the comparison of articles finds on corpora whose truth is known, and what it costs.
//!
//! `cargo bench --bench corpus` prints recall, false alarms, B-cubed and the quality of the explanations, on seeds that no figure of the
//! method was chosen by; `-- speed` the time and memory of 1,000 to 100,000 articles; `-- cost` what the comparison adds to a whole check;
//! `-- tune` the quality on seeds for tuning.

#![allow(clippy::print_stdout, clippy::panic, reason = "a bench prints figures and stops when it cannot measure")]

mod generator;
mod templates;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::date;
use notegate::config::Config;
use notegate::corpus::align::Aligner;
use notegate::corpus::groups::Verdict;
use notegate::corpus::{Comparison, Settings, compare};
use notegate::engine::{self, Desk, Run, SnapshotFault, compare::fingerprint};
use notegate::fingerprint::Fingerprint;
use notegate::rulebook::Rulebook;
use rayon::prelude::*;
use templates::score::{Score, Words, score};
use templates::{Corpus, Knobs, Truth};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let asked = |word: &str| words.iter().any(|other| other == word);
    let rulebook = Arc::new(Rulebook::embedded().unwrap_or_else(|_| panic!("the embedded rules are broken")));
    let policy = Config::default().policy("", &rulebook);
    let desk = Desk { policy, rulebook };
    if asked("write") {
        write(&words);
        return;
    }
    if asked("speed") {
        let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
        let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
        sizes.into_iter().for_each(|size| speed(&desk, size));
        return;
    }
    if asked("cost") {
        let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
        let sizes = if sizes.is_empty() { vec![160, 2_600] } else { sizes };
        sizes.into_iter().for_each(|size| cost(&desk, size));
        return;
    }
    let base = if asked("tune") { 100 } else { 900 };
    let seeds = |count: u64| (base..base + count).collect::<Vec<u64>>();
    quality(&desk, "mix", &seeds(5), &Knobs::mix);
    quality(&desk, "hard", &seeds(5), &Knobs::hard);
    quality(&desk, "tiny", &seeds(10), &Knobs::tiny);
    quality(&desk, "xt", &seeds(10), &Knobs::xt);
    quality(&desk, "xt, long", &seeds(10), &|seed| Knobs { words: 1_900, ..Knobs::xt(seed) });
    if !asked("short") {
        quality(&desk, "all independent", &seeds(1), &|seed| Knobs::independent(seed, 5_000));
        quality(&desk, "one template", &seeds(1), &|seed| Knobs::one_template(seed, 20_000));
    }
}

/// Writes a corpus with its truth for other tools: `-- write FOLDER mix 900`.
fn write(words: &[String]) {
    let [_, folder, kind, seed] = words else { panic!("write FOLDER mix|hard|tiny|xt SEED") };
    let seed = seed.parse().unwrap_or_else(|_| panic!("`{seed}` is no seed"));
    let knobs = match kind.as_str() {
        "mix" => Knobs::mix(seed),
        "hard" => Knobs::hard(seed),
        "tiny" => Knobs::tiny(seed),
        "xt" => Knobs::xt(seed),
        size => Knobs::large(seed, size.parse().unwrap_or_else(|_| panic!("no corpus is called `{size}`"))),
    };
    let corpus = Corpus::new(knobs);
    let mut truth = String::new();
    std::fs::create_dir_all(folder).unwrap_or_else(|error| panic!("{error}"));
    for number in 0..corpus.len() {
        let made = corpus.article(number);
        let label = match made.truth {
            Truth::Template(template) => format!("template-{template}"),
            Truth::News(news) => format!("news-{news}"),
            Truth::Series => "series".to_owned(),
            Truth::Independent => "independent".to_owned(),
        };
        truth.push_str(&format!("{}\t{label}\n", made.path));
        std::fs::write(std::path::Path::new(folder).join(&made.path), made.text).unwrap_or_else(|error| panic!("{error}"));
    }
    std::fs::write(std::path::Path::new(folder).join("truth.tsv"), truth).unwrap_or_else(|error| panic!("{error}"));
}

fn settings(desk: &Desk) -> Settings {
    Settings::of(&desk.policy)
}

fn run(desk: &Desk, corpus: &Corpus) -> (Vec<Fingerprint>, Vec<Truth>, Comparison, [f64; 2]) {
    let started = Instant::now();
    let read: Vec<(Fingerprint, Truth)> = (0..corpus.len())
        .into_par_iter()
        .map(|number| {
            let made = corpus.article(number);
            (fingerprint(desk, &made.path, made.text.into_bytes()), made.truth)
        })
        .collect();
    let (fingerprints, truths): (Vec<Fingerprint>, Vec<Truth>) = read.into_iter().unzip();
    let reading = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let comparison = compare(&fingerprints, &settings(desk));
    (fingerprints, truths, comparison, [reading, started.elapsed().as_secs_f64()])
}

fn quality(desk: &Desk, name: &str, seeds: &[u64], knobs: &dyn Fn(u64) -> Knobs) {
    let mut total = Score::default();
    let mut words = Words::default();
    let (mut precision, mut recall) = (0.0, 0.0);
    let mut seconds = 0.0;
    for seed in seeds {
        let corpus = Corpus::new(knobs(*seed));
        let (fingerprints, truths, comparison, [_, time]) = run(desk, &corpus);
        seconds += time;
        let groups: Vec<Vec<usize>> =
            comparison.clusters.iter().map(|cluster| cluster.members.iter().map(|member| member.article as usize).collect()).collect();
        let one = score(&truths, &groups);
        total.articles += one.articles;
        total.templated += one.templated;
        total.caught += one.caught;
        total.independent += one.independent;
        total.caught_wrongly += one.caught_wrongly;
        total.pairs += one.pairs;
        total.pairs_found += one.pairs_found;
        total.pairs_wrong += one.pairs_wrong;
        total.groups += one.groups;
        precision += one.b_precision / seeds.len() as f64;
        recall += one.b_recall / seeds.len() as f64;
        if std::env::var_os("NOTEGATE_MISSED").is_some() {
            missed(desk, &corpus, &fingerprints, &truths, &comparison);
        }
        explained(&corpus, &fingerprints, &comparison, &mut words);
    }
    println!(
        "{name:<16} {:>6} articles {:>4} groups | article recall {:.4} ({} of {}) | caught wrongly {} of {} | pair recall {:.4} ({} of {}), false {} | B3 {precision:.4} / {recall:.4} | {seconds:.2} s",
        total.articles,
        total.groups,
        total.recall(),
        total.caught,
        total.templated,
        total.caught_wrongly,
        total.independent,
        total.pair_recall(),
        total.pairs_found,
        total.pairs,
        total.pairs_wrong,
    );
    println!(
        "{:<16} template words P {:.3} R {:.3} F1 {:.3} | slot words P {:.3} R {:.3} F1 {:.3} | share error {:.3}",
        "",
        words.template.precision(),
        words.template.recall(),
        words.template.f1(),
        words.slots.precision(),
        words.slots.recall(),
        words.slots.f1(),
        words.share_error()
    );
}

/// Why true pairs of two were not found.
fn missed(desk: &Desk, corpus: &Corpus, fingerprints: &[Fingerprint], truths: &[Truth], comparison: &Comparison) {
    for a in 0..corpus.len().saturating_sub(1) {
        let b = a + 1;
        if truths[a] != truths[b] || !matches!(truths[a], Truth::Template(_)) || corpus.knobs.size != 2 {
            continue;
        }
        let (left, right) = (&fingerprints[a].prose, &fingerprints[b].prose);
        let found = Aligner::new(left.into()).align(right.into(), settings(desk).like);
        let verdict = Verdict::new(&found, left.words().len(), right.words().len());
        let seen = comparison.nearest[a].is_some_and(|nearest| nearest.article as usize == b);
        let joined = comparison.cluster_of[a].is_some();
        println!("    pair of {} and {} words: {verdict:.2?}, candidate {seen}, joined {joined}", left.words().len(), right.words().len());
    }
}

/// The words that each member's explanation names, against the truth. Articles are made again: only those of groups are looked at.
fn explained(corpus: &Corpus, fingerprints: &[Fingerprint], comparison: &Comparison, words: &mut Words) {
    for cluster in &comparison.clusters {
        for member in cluster.members.iter().take(200) {
            let made = corpus.article(member.article as usize);
            if !matches!(made.truth, Truth::Template(_)) {
                continue;
            }
            let (template, slots) = notegate::corpus::words_of(&fingerprints[member.article as usize].prose, member, &cluster.template);
            let set = |spans: Vec<notegate::span::Span>| spans.into_iter().map(|span| span.start as usize).collect::<BTreeSet<usize>>();
            words.add(&made, &set(template), &set(slots));
        }
    }
}

fn speed(desk: &Desk, articles: usize) {
    let corpus = Corpus::new(Knobs::large(900, articles));
    let started = Instant::now();
    let made: Vec<(String, Vec<u8>)> = (0..corpus.len())
        .into_par_iter()
        .map(|number| {
            let made = corpus.article(number);
            (made.path, made.text.into_bytes())
        })
        .collect();
    let bytes: usize = made.iter().map(|(_, text)| text.len()).sum();
    println!("{articles} articles, {:.1} MB, made in {:.2} s; memory before {} MB", bytes as f64 / 1e6, started.elapsed().as_secs_f64(), memory("VmRSS"));
    let started = Instant::now();
    let fingerprints: Vec<Fingerprint> = made.into_par_iter().map(|(path, text)| fingerprint(desk, &path, text)).collect();
    let reading = started.elapsed().as_secs_f64();
    println!("  read in {reading:.2} s ({:.1} us an article); memory {} MB", reading * 1e6 / articles as f64, memory("VmRSS"));
    let started = Instant::now();
    let comparison = compare(&fingerprints, &settings(desk));
    let comparing = started.elapsed().as_secs_f64();
    let truths: Vec<Truth> = (0..corpus.len()).map(|number| corpus.article(number).truth).collect();
    let groups: Vec<Vec<usize>> = comparison.clusters.iter().map(|cluster| cluster.members.iter().map(|member| member.article as usize).collect()).collect();
    let score = score(&truths, &groups);
    println!(
        "  compared in {comparing:.2} s ({:.1} us an article): {} candidates, {} read; {:.0} articles a second in all; recall {:.4}, wrongly {}; peak {} MB",
        comparing * 1e6 / articles as f64,
        comparison.candidates,
        comparison.verified,
        articles as f64 / (reading + comparing),
        score.recall(),
        score.caught_wrongly,
        memory("VmHWM")
    );
}

/// A check of articles of about 12 KB with the comparison and without it, in one thread, the best of some rounds each: articles that have
/// nothing to do with each other, articles of one template, and articles of one small grammar, which are one template too.
fn cost(desk: &Desk, articles: usize) {
    let make = |knobs: Knobs| {
        let corpus = Corpus::new(knobs);
        let mut made: Vec<(String, String)> = (0..corpus.len()).map(|number| corpus.article(number)).map(|made| (made.path, made.text)).collect();
        made.sort();
        made
    };
    let grammar = || {
        let mut made = generator::articles(7, articles * 12 * 1024, 12 * 1024, true);
        made.truncate(articles);
        made
    };
    let sets = [
        ("independent", make(Knobs { words: 1_900, ..Knobs::independent(900, articles) })),
        ("one template", make(Knobs { words: 1_900, ..Knobs::one_template(900, articles) })),
        ("one grammar", grammar()),
    ];
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(8 << 20).build().unwrap_or_else(|error| panic!("{error}"));
    for (name, made) in sets {
        let bytes: usize = made.iter().map(|(_, text)| text.len()).sum();
        let load = |path: &str| {
            let at = made.binary_search_by(|(name, _)| name.as_str().cmp(path)).map_err(|_| "no such article".to_owned())?;
            Ok(made[at].1.clone().into_bytes())
        };
        let of = |_: &str| desk.clone();
        let snapshot = |_: &str, _: &str| Err(SnapshotFault::OutsideProject);
        let job = Run { as_of: date(2026, 5, 17), desk: &of, load: &load, load_snapshot: &snapshot, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
        let paths: Vec<String> = made.iter().map(|(path, _)| path.clone()).collect();
        let timed = |work: &(dyn Fn() -> usize + Sync)| {
            let started = Instant::now();
            let findings = pool.install(work);
            (started.elapsed().as_secs_f64(), findings)
        };
        let (mut alone, mut among) = (f64::MAX, f64::MAX);
        for _ in 0..if articles > 1_000 { 2 } else { 5 } {
            alone = alone.min(timed(&|| engine::run_each(&job, &paths).len()).0);
            among = among.min(timed(&|| engine::run(&job, &paths).len()).0);
        }
        println!(
            "{name:<12} {articles:>6} articles of {:.1} KB: each alone {:.0} us an article, compared {:.0} us; the comparison adds {:.0} %",
            bytes as f64 / 1e3 / articles as f64,
            alone * 1e6 / articles as f64,
            among * 1e6 / articles as f64,
            (among / alone - 1.0) * 100.0
        );
    }
}

/// Megabytes of memory by the kernel's name; 0 where it does not tell.
fn memory(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<usize>().ok()).unwrap_or(0) / 1024
}
