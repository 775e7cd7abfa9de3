//! The full check against a plain `unicode_words` count of the same bytes, in one run and one thread; and what a process costs.
//!
//! `cargo bench --bench check` prints ratios: seconds are only as quiet as the machine.

#![allow(clippy::print_stdout, clippy::panic, reason = "a bench prints figures and stops when it cannot measure")]

mod generator;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::date;
use notegate::config::Config;
use notegate::engine::{Desk, Run, SnapshotFault, run};
use notegate::rulebook::Rulebook;
use unicode_segmentation::UnicodeSegmentation;

/// Megabytes of articles in a set, where `NOTEGATE_BENCH_MB` does not say.
const MEGABYTES: usize = 32;
const ROUNDS: usize = 5;

fn main() {
    let bytes: usize = std::env::var("NOTEGATE_BENCH_MB").ok().and_then(|size| size.parse().ok()).unwrap_or(MEGABYTES) << 20;
    let started = Instant::now();
    let rulebook = Arc::new(Rulebook::embedded().unwrap_or_else(|_| panic!("the embedded rules are broken")));
    println!("rulebook compiled in {:?}", started.elapsed());
    let policy = Config::default().policy("", &rulebook);
    let desk = Desk { policy, rulebook };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(8 << 20).build().unwrap_or_else(|error| panic!("{error}"));
    for (name, ascii) in [("ASCII only", true), ("with curly quotes, dashes and signs", false)] {
        let articles = generator::articles(7, bytes, 12 * 1024, ascii);
        let bytes: usize = articles.iter().map(|(_, text)| text.len()).sum();
        println!("\n{name}: {} articles, {:.1} MB", articles.len(), bytes as f64 / 1e6);
        let (mut words, mut check) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            let (count, time) = timed(|| articles.iter().map(|(_, text)| text.unicode_words().count()).sum::<usize>());
            words = words.min(time);
            let (failed, time) = timed(|| pool.install(|| check_all(&desk, &articles)));
            check = check.min(time);
            println!("  unicode_words {count} in {:.3} s; check: {failed} findings", words.as_secs_f64());
        }
        let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
        println!("  unicode_words {:.0} MB/s, check {:.0} MB/s, ratio {:.2}", rate(words), rate(check), check.as_secs_f64() / words.as_secs_f64());
    }
    process();
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let result = std::hint::black_box(work());
    (result, started.elapsed())
}

/// Judges all articles; returns the number of findings, so that nothing is optimised away.
fn check_all(desk: &Desk, articles: &[(String, String)]) -> usize {
    let load = |path: &str| {
        let at = articles.binary_search_by(|(name, _)| name.as_str().cmp(path)).map_err(|_| "no such article".to_owned())?;
        Ok(articles[at].1.clone().into_bytes())
    };
    let of = |_: &str| desk.clone();
    let snapshot = |_: &str, _: &str| Err(SnapshotFault::OutsideProject);
    let paths: Vec<String> = articles.iter().map(|(name, _)| name.clone()).collect();
    let job = Run { as_of: date(2026, 5, 17), desk: &of, load: &load, load_snapshot: &snapshot, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
    run(&job, &paths).iter().map(|packet| packet.all_findings().count()).sum()
}

/// One article of 12 KB as a process, and peak memory as the text grows.
fn process() {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_notegate"));
    let folder = std::env::temp_dir().join(format!("notegate-bench-{}", std::process::id()));
    let one = folder.join("one");
    let _ = std::fs::create_dir_all(&one);
    let article = generator::articles(3, 12 * 1024, 12 * 1024, false).remove(0);
    let _ = std::fs::write(one.join("one.md"), &article.1);
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let ((), time) = timed(|| drop(std::process::Command::new(binary).args(["check", "--as-of", "2026-05-17", "--format", "json"]).arg(&one).output()));
        best = best.min(time);
    }
    println!("\none article of {} bytes as a process: {:.1} ms", article.1.len(), best.as_secs_f64() * 1e3);
    for (count, size) in [(1000, 12 * 1024), (1000, 48 * 1024), (1000, 96 * 1024)] {
        let set = folder.join(format!("set-{size}"));
        let _ = std::fs::create_dir_all(&set);
        for (name, text) in generator::articles(11, count * size, size, false) {
            let _ = std::fs::write(set.join(name), text);
        }
        let output = std::process::Command::new(binary)
            .args(["check", "--as-of", "2026-05-17", "--jobs", "1", "--format", "json"])
            .arg(&set)
            .env("NOTEGATE_BENCH", "1")
            .stdout(std::process::Stdio::piped())
            .spawn();
        if let Ok(child) = output {
            let id = child.id();
            let peak = std::sync::Arc::new(std::sync::Mutex::new(0u64));
            let seen = std::sync::Arc::clone(&peak);
            let watch = std::thread::spawn(move || {
                while let Some(kilobytes) = high_water(id) {
                    *seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = kilobytes;
                    std::thread::sleep(Duration::from_millis(2));
                }
            });
            let report = child.wait_with_output().map_or(0, |output| output.stdout.len());
            let _ = watch.join();
            let peak = *peak.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            println!("{count} articles of {} KB: peak {:.0} MB, report {:.1} MB", size / 1024, peak as f64 / 1024.0, report as f64 / 1e6);
        }
    }
    let _ = std::fs::remove_dir_all(&folder);
}

/// Peak resident memory of a process in kilobytes, where the system tells.
fn high_water(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
