//! Figures of a test run, for a person at a terminal.

use std::fmt::Write;

use super::printable::printable;
use crate::cases::{FileFigures, Rate, Regression, Tally, TestReport};

/// A test run as text.
#[must_use]
pub fn test_report(report: &TestReport, worse: Option<&[Regression]>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "sentences of the rules: {} of {} as written", report.own_sentences - report.own_broken.len(), report.own_sentences);
    for (rule, label, text) in &report.own_broken {
        let _ = writeln!(out, "  {label} {} {rule}  {}", if *label == "+" { "not found by" } else { "found by" }, printable(text));
    }
    for file in &report.files {
        figures(&mut out, file);
    }
    if !report.never_fired.is_empty() {
        let _ = writeln!(out, "\nrules that fired in no case\n  {}", report.never_fired.join("\n  "));
    }
    match worse {
        None => {}
        Some([]) => out.push_str("\nnothing is worse than recorded\n"),
        Some(worse) => {
            out.push_str("\nworse than recorded\n");
            for one in worse {
                let _ = writeln!(out, "  {}  {} {}: {} was {}", one.path, one.family, one.figure, share(one.now), share(one.before));
            }
        }
    }
    out
}

fn share(rate: Rate) -> String {
    if rate.of == 0 { "-".to_owned() } else { format!("{:.3}", rate.value()) }
}

fn figures(out: &mut String, file: &FileFigures) {
    let _ = writeln!(out, "\n{}\n", printable(&file.path));
    let _ = writeln!(out, "  family  cases  right  precision  recall  accuracy");
    let row = |out: &mut String, name: &str, tally: &Tally| {
        let [precision, recall, accuracy] = [tally.precision(), tally.recall(), tally.accuracy()].map(share);
        let _ = writeln!(out, "  {name:<6}  {:>5}  {:>5}  {precision:>9}  {recall:>6}  {accuracy:>8}", tally.cases, tally.right);
    };
    for (name, tally) in &file.families {
        row(out, name, tally);
    }
    row(out, "all", &file.all);
    let alarms: Vec<_> = file.rules.iter().filter(|(_, tally)| tally.right < tally.fired).collect();
    if !alarms.is_empty() {
        out.push_str("\n  rules with false alarms: fired, right\n");
        for (rule, tally) in alarms {
            let _ = writeln!(out, "  {:>5} {:>5}  {rule}", tally.fired, tally.right);
        }
    }
    if !file.misses.is_empty() {
        out.push_str("\n  judged otherwise than labelled: line, family, label, verdict\n");
        for miss in &file.misses {
            let by = if miss.fired.is_empty() { String::new() } else { format!("  ({})", miss.fired.join(", ")) };
            let _ = writeln!(out, "  {:>5}  {} {} {}  {}{by}", miss.line, miss.family, miss.label, miss.got, printable(&miss.text));
        }
    }
}
