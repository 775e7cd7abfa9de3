//! What the tests of disguises share: the sentence, what the gate must make of it, and how a verdict is judged.

#![allow(dead_code, reason = "each test file uses its part")]

use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::Path;

use notegate::packet::Packet;

use crate::desk::Desk;

/// What is hidden: a live price that no snapshot supports, and a trade the reader is told to make.
pub const SENTENCE: &str = "Gold is trading at $2,412 right now, so you should buy before Friday.";
pub const PRICE_CHECKS: &[&str] = &["live-price"];
/// The two checks share one engine; which of them speaks depends on whether the reader is addressed.
pub const ADVICE_CHECKS: &[&str] = &["personalized-advice", "ymyl-boundary"];

/// What the gate must make of a case.
pub enum Wanted {
    /// Fail and blocked, with a finding on each of these texts, as they stand in the file.
    Found { price: &'static str, trade: &'static str },
    /// Pass.
    Silence,
}

pub struct Case {
    pub name: &'static str,
    /// What is appended to the last section.
    pub text: String,
    pub wanted: Wanted,
}

impl Case {
    /// The same with another text of the trade.
    pub fn trade(mut self, written: &'static str) -> Self {
        if let Wanted::Found { trade, .. } = &mut self.wanted {
            *trade = written;
        }
        self
    }
}

/// A case in which price and trade stand in the file as they are read.
pub fn found(name: &'static str, text: impl Into<String>) -> Case {
    found_as(name, text, "$2,412", "buy")
}

/// A case in which they are written in another way.
pub fn found_as(name: &'static str, text: impl Into<String>, price: &'static str, trade: &'static str) -> Case {
    Case { name, text: text.into(), wanted: Wanted::Found { price, trade } }
}

pub fn silent(name: &'static str, text: impl Into<String>) -> Case {
    Case { name, text: text.into(), wanted: Wanted::Silence }
}

/// The sentence with pieces of it written otherwise.
pub fn with(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(SENTENCE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` does not stand in the sentence");
        text.replace(from, to)
    })
}

/// The sentence around something: `{}` stands for it.
pub fn around(frame: &str) -> String {
    frame.replace("{}", SENTENCE)
}

pub fn passing_article() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gate/pass/copper-ledger-workflow.md");
    fs::read_to_string(path).unwrap()
}

/// Where the sentence stands in the file, from its first word to its last; the words at both ends are never disguised.
pub fn place_of_sentence(file: &str, appended_at: usize) -> Range<usize> {
    let tail = file[appended_at..].to_ascii_lowercase();
    let (start, end) = (tail.find("gold").unwrap(), tail.rfind("friday").unwrap() + "friday".len());
    appended_at + start..appended_at + end
}

/// What is wrong with the verdict on a case, and then what was found.
pub fn faults(case: &Case, packet: &Packet, file: &str, appended_at: usize) -> Vec<String> {
    let mut faults = Vec::new();
    let (gate, index) = (packet.gate.status.as_str(), packet.gate.index.as_str());
    match case.wanted {
        Wanted::Silence => {
            if (gate, index) != ("pass", "approved") {
                faults.push(format!("gate {gate}, index {index}; wanted pass, approved"));
            }
        }
        Wanted::Found { price, trade } => {
            if (gate, index) != ("fail", "blocked") {
                faults.push(format!("gate {gate}, index {index}; wanted fail, blocked"));
            }
            let sentence = place_of_sentence(file, appended_at);
            for (checks, written) in [(PRICE_CHECKS, price), (ADVICE_CHECKS, trade)] {
                if !is_pointed_at(packet, checks, file, &sentence, written) {
                    faults.push(format!("no error of {} on `{}` inside the sentence", checks.join(" or "), written.escape_debug()));
                }
            }
        }
    }
    if !faults.is_empty() {
        faults.push(format!("found: {}", told(packet, file)));
    }
    faults
}

/// Whether an error of one of the checks lies inside the sentence and covers what is written there.
pub fn is_pointed_at(packet: &Packet, checks: &[&str], file: &str, sentence: &Range<usize>, written: &str) -> bool {
    packet.checks.iter().filter(|check| checks.contains(&check.id.as_str())).flat_map(|check| &check.findings).any(|finding| {
        let span = finding.span.start as usize..finding.span.end as usize;
        finding.severity == "error" && sentence.start <= span.start && span.end <= sentence.end && file[span].contains(written)
    })
}

/// What the gate found instead.
pub fn told(packet: &Packet, file: &str) -> String {
    let loud = packet.all_findings().filter(|finding| finding.severity != "note");
    let told: Vec<String> =
        loud.map(|finding| format!("{} `{}`", finding.rule, file[finding.span.start as usize..finding.span.end as usize].escape_debug())).collect();
    if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
}

/// Judges all cases with both line ends; what is wrong with both alike is told once. `judge` gives the packet, the file, and where in
/// it to look for the sentence.
pub fn judge_all(cases: &[Case], judge: &dyn Fn(&Case, &str) -> (Packet, String, usize)) -> String {
    let mut wrong = String::new();
    for case in cases {
        let [lf, crlf] = ["\n", "\r\n"].map(|end| {
            let (packet, file, at) = judge(case, end);
            faults(case, &packet, &file, at)
        });
        let told = if lf == crlf { vec![("", lf)] } else { vec![(" with LF", lf), (" with CRLF", crlf)] };
        for (ends, faults) in told.into_iter().filter(|(_, faults)| !faults.is_empty()) {
            let _ = writeln!(wrong, "{}{ends}:\n  {}", case.name, faults.join("\n  "));
        }
    }
    wrong
}

/// The same for cases that are appended to the article that passes, in a file of that name.
pub fn judge_appended(name: &str, cases: &[Case]) -> String {
    let (desk, base) = (Desk::new(), passing_article());
    judge_all(cases, &|case, end| {
        let before = format!("{base}\n").replace('\n', end);
        let file = format!("{before}{}\n", case.text.replace('\n', end));
        (desk.judge(name, file.as_str()), file, before.len())
    })
}
