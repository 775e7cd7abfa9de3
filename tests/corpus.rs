//! Corpora: each folder of `fixtures/corpus` says what the articles in it share, and generated ones know the truth about themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "../benches/templates/mod.rs"]
mod templates;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use notegate::config::Config;
use notegate::corpus::align::{self, Aligner, Likeness, Text};
use notegate::corpus::{Settings, compare};
use notegate::engine::compare::fingerprint;
use notegate::engine::{Among, Desk, Run, SnapshotFault, run_among};
use notegate::fingerprint::Fingerprint;
use notegate::packet::{Cluster, Packet};
use notegate::rulebook::Rulebook;
use templates::score::{Score, score};
use templates::{Corpus, Knobs, Seed, Truth};

fn desk() -> Desk {
    let rulebook = Arc::new(Rulebook::embedded().unwrap());
    Desk { policy: Config::default().policy("", &rulebook), rulebook }
}

fn cases() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus");
    let mut cases: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    cases.sort();
    cases
}

/// Judges some articles of a case among all of them.
fn judge(case: &str, judged: impl Fn(&str) -> bool) -> (Vec<Packet>, Vec<Cluster>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus").join(case);
    let desk = desk();
    let lint = folder.join("lint.toml");
    let config = if lint.exists() { Config::read(&lint, fs::read_to_string(&lint).unwrap()).unwrap() } else { Config::default() };
    let mut names: Vec<String> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".md"));
    names.sort();
    let (own, beside): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| judged(name));
    let load = |path: &str| fs::read(folder.join(path)).map_err(|error| error.to_string());
    let of = |_: &str| desk.clone();
    let none = |_: &str, _: &str| Err(SnapshotFault::OutsideProject);
    let run = Run { as_of: date(2026, 5, 17), desk: &of, load: &load, load_snapshot: &none, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
    run_among(&run, &own, &Among { beside: &beside, desk: &desk, series: &|path| config.series(path) })
}

/// What a case is expected to say: groups, then shared outlines.
fn told(packets: &[Packet], clusters: &[Cluster]) -> String {
    let mut lines: Vec<String> = clusters
        .iter()
        .map(|cluster| {
            let what = cluster.series.as_ref().map_or_else(|| cluster.kind.clone(), |reason| format!("series ({reason})"));
            format!("{what}: {}", cluster.articles.join(" "))
        })
        .collect();
    let outlined: Vec<&str> = packets
        .iter()
        .filter(|packet| packet.all_findings().any(|finding| finding.rule == "scaled-content/shared-outline"))
        .map(|packet| packet.path.as_str())
        .collect();
    if !outlined.is_empty() {
        lines.push(format!("outline: {}", outlined.join(" ")));
    }
    if lines.is_empty() { "nothing".to_owned() } else { lines.join("\n") }
}

#[test]
fn every_case_shares_what_it_says() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (packets, clusters) = judge(&case, |_| true);
        let told = told(&packets, &clusters);
        let expected = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus").join(&case).join("expected.findings")).unwrap();
        if told != expected.trim() {
            wrong.push(format!("{case}: expected `{}`, found `{told}`", expected.trim()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn members_have_findings_and_series_have_none() {
    for case in cases() {
        let (packets, clusters) = judge(&case, |_| true);
        for packet in &packets {
            let rules = ["scaled-content/template-swap", "scaled-content/near-duplicate"];
            let found = packet.all_findings().filter(|finding| rules.contains(&finding.rule.as_str())).count();
            let cluster = clusters.iter().find(|cluster| cluster.articles.contains(&packet.path));
            let expected = usize::from(cluster.is_some_and(|cluster| cluster.series.is_none()));
            assert_eq!(found, expected, "{case}/{}", packet.path);
            let check = packet.checks.iter().find(|check| check.id == "scaled-content").unwrap();
            assert!(check.evidence.contains("nearest shares"), "{case}/{}: {}", packet.path, check.evidence);
        }
    }
}

/// How grave the share of the template is for each article of a case, in the order of the files.
fn severities(case: &str) -> Vec<String> {
    let swap = |packet: &Packet| packet.all_findings().find(|finding| finding.rule == "scaled-content/template-swap").map(|finding| finding.severity.clone());
    judge(case, |_| true).0.iter().map(|packet| swap(packet).unwrap_or_default()).collect()
}

#[test]
fn what_repeats_itself_by_its_kind_fails_nobody() {
    // a notice of the site under pages that say something of their own, whatever they are about
    assert_eq!(severities("site-notice"), ["warning"; 3]);
    // issues of a numbered series and pages of a manual, where neither money nor health is at stake
    assert_eq!(severities("point-releases"), ["note"; 3]);
    assert_eq!(severities("manual-pages"), ["note"; 3]);
    // pages that differ in a word, and pages that were reworded
    assert_eq!(severities("one-word"), ["error"; 3]);
    assert!(severities("rewording").contains(&"error".to_owned()));
}

#[test]
fn what_the_site_says_on_every_page_is_no_debt_of_each() {
    // one statement of its own leaves a page limited; the banner's would be the second, of which none is sourced, and fail it
    let (packets, _) = judge("site-banner", |_| true);
    for packet in packets {
        let check = packet.checks.iter().find(|check| check.id == "source-transparency").unwrap();
        let told: Vec<&str> = check.findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert!(!told.is_empty() && told.iter().all(|rule| *rule != "source-transparency/low-coverage"), "{}: {told:?}", packet.path);
        assert!(check.findings.iter().all(|finding| !finding.excerpt.contains("million")), "{}", packet.path);
        assert_eq!((check.status.as_str(), &check.facts["claims_needing_source"]), ("limited", &1.into()), "{}", packet.path);
        assert!(check.evidence.contains("0 of 1 statement"), "{}", check.evidence);
    }
}

#[test]
fn a_run_on_one_article_says_the_same_as_a_run_on_all() {
    for case in cases() {
        let (all, _) = judge(&case, |_| true);
        for packet in &all {
            let (one, _) = judge(&case, |name| name == packet.path);
            assert_eq!(one.len(), 1);
            assert_eq!(serde_json::to_string(&one[0]).unwrap(), serde_json::to_string(packet).unwrap(), "{case}/{}", packet.path);
        }
    }
}

#[test]
fn places_are_the_text_they_speak_of() {
    for case in cases() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus").join(&case);
        for packet in judge(&case, |_| true).0 {
            let text = fs::read_to_string(folder.join(&packet.path)).unwrap();
            for finding in packet.all_findings().filter(|finding| finding.rule.starts_with("scaled-content/")) {
                let piece = text.get(finding.span.start as usize..finding.span.end as usize).expect("a span on character boundaries");
                assert!(!piece.trim().is_empty(), "{case}/{}: {}", packet.path, finding.rule);
                for related in &finding.related {
                    let other = fs::read_to_string(folder.join(&related.path)).unwrap();
                    let there = other.get(related.span.start as usize..related.span.end as usize).expect("a span on character boundaries");
                    assert_eq!(other[..related.span.start as usize].matches('\n').count() + 1, related.line as usize);
                    if let Some((_, value)) = related.message.split_once(": ").filter(|_| related.path == packet.path && finding.rule.ends_with("swap")) {
                        assert_eq!(there.split_whitespace().collect::<Vec<_>>().join(" "), value, "{case}/{}", packet.path);
                    }
                }
            }
        }
    }
}

#[test]
fn slots_are_merged_named_and_filled() {
    let (_, clusters) = judge("one-word", |_| true);
    let [cluster] = clusters.as_slice() else { panic!("one group") };
    let [slot] = cluster.slots.as_slice() else { panic!("one slot: {:?}", cluster.slots) };
    assert_eq!(slot.name, "subject");
    let values: Vec<(&str, &str)> = slot.values.iter().map(|(path, value)| (path.as_str(), value.as_str())).collect();
    assert_eq!(values, [("copper.md", "copper"), ("nickel.md", "nickel"), ("zinc.md", "zinc")]);
    assert!(cluster.template.contains("A lorry of {subject} is weighed twice before anybody signs for it."), "{}", cluster.template);
}

fn scored(knobs: Knobs, turned: bool) -> (Score, Vec<Vec<String>>) {
    let corpus = Corpus::new(knobs);
    let desk = desk();
    let mut numbers: Vec<usize> = (0..corpus.len()).collect();
    if turned {
        numbers.reverse();
    }
    let mut truths: Vec<Truth> = Vec::new();
    let mut fingerprints: Vec<Fingerprint> = Vec::new();
    for number in numbers {
        let made = corpus.article(number);
        truths.push(made.truth);
        fingerprints.push(fingerprint(&desk, &made.path, made.text.into_bytes()));
    }
    let comparison = compare(&fingerprints, &Settings::of(&desk.policy));
    let groups: Vec<Vec<usize>> = comparison.clusters.iter().map(|cluster| cluster.members.iter().map(|member| member.article as usize).collect()).collect();
    let mut named: Vec<Vec<String>> = comparison
        .clusters
        .iter()
        .map(|cluster| {
            let mut paths: Vec<String> = cluster.members.iter().map(|member| fingerprints[member.article as usize].path.clone()).collect();
            paths.sort();
            paths.push(format!("{:016x}", cluster.id));
            paths
        })
        .collect();
    named.sort();
    (score(&truths, &groups), named)
}

#[test]
fn templates_are_found_and_nothing_else() {
    let small = |knobs: Knobs| Knobs { clusters: 4, size: 6, independent: 60, series: 12, news: 2, ..knobs };
    for knobs in [Knobs::mix(7001), Knobs::hard(7002)] {
        let (score, _) = scored(small(knobs), false);
        assert!(score.recall() >= 0.98 && score.caught_wrongly == 0 && score.pairs_wrong == 0, "{score:?}");
        assert!(score.b_precision >= 0.99 && score.b_recall >= 0.97, "{score:?}");
    }
    let (score, _) = scored(Knobs::independent(7003, 150), false);
    assert_eq!(score.groups, 0);
    let (score, _) = scored(Knobs::one_template(7004, 60), false);
    assert_eq!((score.groups, score.caught), (1, 60));
}

#[test]
fn the_order_of_files_and_the_number_of_threads_change_nothing() {
    let knobs = || Knobs { clusters: 4, size: 5, independent: 30, series: 8, news: 2, ..Knobs::hard(7005) };
    let (_, straight) = scored(knobs(), false);
    let (_, turned) = scored(knobs(), true);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let (_, threaded) = pool.install(|| scored(knobs(), true));
    assert!(!straight.is_empty());
    assert_eq!(straight, turned);
    assert_eq!(straight, threaded);
}

/// Length of the longest common subsequence, by the table.
fn longest_common(a: &[u32], b: &[u32]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            table[i + 1][j + 1] = if x == y { table[i][j] + 1 } else { table[i][j + 1].max(table[i + 1][j]) };
        }
    }
    table[a.len()][b.len()]
}

#[test]
fn sentences_match_as_the_longest_common_words_say() {
    for seed in 0..12 {
        let mut seed = Seed::new(seed, 1);
        // few words, so that many stand in a sentence again, and more sentences than a machine word has bits
        let words = 6 + seed.below(60);
        let mut text = |sentences: usize| {
            let lengths: Vec<u8> = (0..sentences).map(|_| 1 + seed.below(30) as u8).collect();
            let all = lengths.iter().map(|length| usize::from(*length)).sum();
            let words: Vec<u32> = (0..all).map(|_| 1 + seed.below(words) as u32).collect();
            (words, lengths)
        };
        let (a, b) = (text(90), text(70));
        let (left, right) = (Text { words: &a.0, lengths: &a.1 }, Text { words: &b.0, lengths: &b.1 });
        let like = Likeness { ratio: 0.45, words: 4 };
        let (of_left, of_right) = (align::starts(left), align::starts(right));
        let mut pairs = Vec::new();
        for i in 0..90 {
            for j in 0..70 {
                let (ours, theirs) = (align::sentence(left, &of_left, i), align::sentence(right, &of_right, j));
                let common = longest_common(ours, theirs);
                let longer = ours.len().max(theirs.len());
                if common >= 4 && common as f64 >= (longer as f64 * 0.45).ceil() {
                    pairs.push((ours != theirs, std::cmp::Reverse(common), i as u32, j as u32));
                }
            }
        }
        pairs.sort_unstable();
        let (mut taken_a, mut taken_b) = ([false; 90], [false; 70]);
        let mut expected = Vec::new();
        for (_, common, i, j) in pairs {
            if !taken_a[i as usize] && !taken_b[j as usize] {
                (taken_a[i as usize], taken_b[j as usize]) = (true, true);
                expected.push((j, i, common.0 as u32));
            }
        }
        expected.sort_unstable();
        let mut aligner = Aligner::new(left);
        for _ in 0..2 {
            let found: Vec<(u32, u32, u32)> = aligner.align(right, like).matches.iter().map(|pair| (pair.b, pair.a, pair.common)).collect();
            assert_eq!(found, expected);
        }
    }
}

/// The members of all clusters that a check of some paths below a folder tells, and its exit code.
fn clusters_of(folder: &Path, paths: &[&str]) -> (Vec<String>, Option<i32>) {
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_notegate"));
    check.current_dir(folder).args(["check", "--format", "json", "--as-of", "2026-05-17"]).args(paths);
    let output = check.output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let clusters = report["clusters"].as_array().cloned().unwrap_or_default();
    let members = clusters.iter().flat_map(|cluster| cluster["articles"].as_array().unwrap()).map(|path| path.as_str().unwrap().to_owned());
    (members.collect(), output.status.code())
}

#[test]
fn a_project_is_compared_with_itself() {
    let folder = tempfile::tempdir().unwrap();
    let articles = folder.path().join("articles");
    fs::create_dir_all(articles.join("broken")).unwrap();
    let mut paths = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpus/phrases")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".md") {
            fs::copy(&path, articles.join(&name)).unwrap();
            paths.push(format!("articles/{name}"));
        }
    }
    paths.sort();
    let one = [paths[0].as_str()];
    assert!(clusters_of(folder.path(), &one).0.is_empty(), "nothing says what the project is");
    fs::write(folder.path().join("lint.toml"), "[corpus]\n").unwrap();
    let all = clusters_of(folder.path(), &["."]).0;
    assert!(all.len() > 1);
    assert_eq!(clusters_of(folder.path(), &one).0, all);
    // a configuration that is broken elsewhere is no matter of this run
    fs::write(articles.join("broken/lint.toml"), "[corpsu]\n").unwrap();
    fs::copy(articles.join(paths[0].trim_start_matches("articles/")), articles.join("broken/copy.md")).unwrap();
    assert_eq!(clusters_of(folder.path(), &one).0, all);
    assert_eq!(clusters_of(folder.path(), &["."]).1, Some(2));
    fs::write(folder.path().join("lint.toml"), "[corpus]\npaths = []\n").unwrap();
    assert!(clusters_of(folder.path(), &one).0.is_empty());
    // a file given by name says nothing of where the articles lie
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("lint.toml"), "[corpus]\n").unwrap();
    let config = elsewhere.path().join("lint.toml");
    assert!(clusters_of(folder.path(), &[one[0], "--config", config.to_str().unwrap()]).0.is_empty());
}

#[test]
fn an_article_that_holds_more_of_its_own_gets_a_note() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["rye", "spelt", "wheat"] {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/corpus/phrases/{name}.md"));
        let own = (0..if name == "rye" { 8 } else { 0 }).map(|number| Corpus::new(Knobs::independent(31, 8)).article(number).text);
        let own: String = own.map(|text| text.split("\n---\n").nth(1).unwrap_or_default().to_owned()).collect();
        fs::write(folder.path().join(format!("{name}.md")), fs::read_to_string(fixture).unwrap() + &own).unwrap();
    }
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_notegate"));
    let output = check.current_dir(folder.path()).args(["check", "--format", "json", "--as-of", "2026-05-17", "."]).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let severity = |article: &serde_json::Value| {
        let checks = article["checks"].as_array().unwrap().iter();
        let findings = checks.flat_map(|check| check["findings"].as_array().unwrap());
        findings.filter(|finding| finding["rule"] == "scaled-content/template-swap").map(|finding| finding["severity"].as_str().unwrap().to_owned()).next()
    };
    let told: Vec<Option<String>> = report["articles"].as_array().unwrap().iter().map(severity).collect();
    assert_eq!(told, [Some("note".to_owned()), Some("error".to_owned()), Some("error".to_owned())]);
}
