//! JUnit's XML: a test suite an article, a test a check, so that a CI server counts claims as it counts tests.
//!
//! A failed check is a failure, one that broke down an error, a limited one is skipped: it was neither proved nor refuted. What is
//! excused makes a check limited at most, and never fails. In a run that was compared with another state a check fails for what counts now: one
//! that failed then and has nothing new is skipped, and says so.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::machine;
use super::xml::{plain, writer};
use crate::packet::comparison::{ArticleChange, Change};
use crate::packet::{CheckRecord, FindingRecord, Packet, Report};

/// The test that an article can be read.
const READING: &str = "reading";

/// How a test came out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Passed,
    Skipped,
    Failed,
    Broken,
}

impl Came {
    const fn element(self) -> &'static str {
        match self {
            Self::Passed => "system-out",
            Self::Skipped => "skipped",
            Self::Failed => "failure",
            Self::Broken => "error",
        }
    }
}

/// One test.
struct Case<'r> {
    name: &'r str,
    came: Came,
    /// In one line.
    message: String,
    /// The findings, a line or two each.
    text: String,
}

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let past = Past::of(report);
    let suites: Vec<(&Packet, Vec<Case>)> = report.articles.iter().map(|packet| (packet, cases(packet, &past))).collect();
    let count = |came: Came| suites.iter().flat_map(|(_, cases)| cases).filter(|case| case.came == came).count().to_string();
    let tests = suites.iter().map(|(_, cases)| cases.len()).sum::<usize>().to_string();
    let (failures, errors) = (count(Came::Failed), count(Came::Broken));
    let mut xml = writer(out)?;
    let root = xml.create_element("testsuites").with_attributes([
        ("name", "notegate"),
        ("tests", tests.as_str()),
        ("failures", failures.as_str()),
        ("errors", errors.as_str()),
    ]);
    root.write_inner_content(|xml| suites.iter().try_for_each(|(packet, cases)| suite(xml, report, packet, cases)))?;
    xml.into_inner().write_all(b"\n")
}

fn suite<W: Write>(xml: &mut Writer<W>, report: &Report, packet: &Packet, cases: &[Case]) -> io::Result<()> {
    let count = |came: Came| cases.iter().filter(|case| case.came == came).count().to_string();
    let (tests, failures, errors, skipped) = (cases.len().to_string(), count(Came::Failed), count(Came::Broken), count(Came::Skipped));
    let path = plain(&packet.path);
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", path.as_str()),
        ("tests", tests.as_str()),
        ("failures", failures.as_str()),
        ("errors", errors.as_str()),
        ("skipped", skipped.as_str()),
        ("file", path.as_str()),
    ]);
    suite.write_inner_content(|xml| {
        let gate = &packet.gate;
        let row = gate.row.to_string();
        let because = gate.because.join(", ");
        let properties = [
            ("as-of", report.as_of.as_str()),
            ("gate", gate.status.as_str()),
            ("row", row.as_str()),
            ("because", because.as_str()),
            ("review-status", gate.review_status.as_str()),
            ("index", gate.index.as_str()),
            ("sha256", packet.sha256.as_str()),
        ];
        xml.create_element("properties").write_inner_content(|xml| {
            for (name, value) in properties {
                xml.create_element("property").with_attributes([("name", name), ("value", plain(value).as_str())]).write_empty()?;
            }
            Ok(())
        })?;
        cases.iter().try_for_each(|case| write_case(xml, &path, case))
    })?;
    Ok(())
}

fn write_case<W: Write>(xml: &mut Writer<W>, path: &str, case: &Case) -> io::Result<()> {
    let element = xml.create_element("testcase").with_attributes([("name", case.name), ("classname", path), ("time", "0")]);
    if case.came == Came::Passed && case.text.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|xml| {
        let inner = xml.create_element(case.came.element());
        let inner = if case.came == Came::Passed { inner } else { inner.with_attributes([("type", case.came.element()), ("message", case.message.as_str())]) };
        if case.text.is_empty() {
            inner.write_empty()?
        } else {
            inner.write_text_content(BytesText::new(&case.text))?
        };
        Ok(())
    })?;
    Ok(())
}

/// What an earlier state answers for.
#[derive(Default)]
struct Past<'r> {
    name: &'r str,
    articles: BTreeMap<&'r str, &'r ArticleChange>,
}

impl<'r> Past<'r> {
    /// Nothing where the run was compared with nothing, or answers for everything.
    fn of(report: &'r Report) -> Self {
        let Some(comparison) = report.comparison.as_ref().filter(|comparison| comparison.scope == "changed") else { return Self::default() };
        let articles = comparison.articles.iter().map(|article| (article.path.as_str(), article)).collect();
        Self { name: &comparison.before.name, articles }
    }

    /// A test that came out badly and has nothing that counts now is skipped, for it was so before.
    fn answer<'c>(&self, packet: &Packet, findings: &[FindingRecord], mut case: Case<'c>) -> Case<'c> {
        let Some(article) = self.articles.get(packet.path.as_str()).filter(|_| matches!(case.came, Came::Failed | Came::Broken)) else { return case };
        let counts = |change: &Change| change.counts;
        let is_new = findings.iter().any(|finding| finding.change.as_ref().is_some_and(counts))
            || article.checks.iter().any(|check| check.id == case.name && counts(&check.change));
        if !is_new {
            case.came = Came::Skipped;
            case.message = format!("nothing new since {}; {}", plain(self.name), case.message);
        }
        case
    }
}

fn cases<'r>(packet: &'r Packet, past: &Past<'_>) -> Vec<Case<'r>> {
    let has = |severity: &str| packet.issues.iter().any(|issue| issue.severity == severity && issue.waived.is_none());
    let came = if has("error") {
        Came::Broken
    } else if has("warning") {
        Came::Skipped
    } else {
        Came::Passed
    };
    let message = plain(&packet.issues.iter().map(machine::message).collect::<Vec<_>>().join("; "));
    let reading = Case { name: READING, came, message, text: lines(packet, &packet.issues) };
    let reading = past.answer(packet, &packet.issues, reading);
    std::iter::once(reading).chain(packet.checks.iter().map(|check| past.answer(packet, &check.findings, judged(packet, check)))).collect()
}

fn judged<'r>(packet: &'r Packet, check: &'r CheckRecord) -> Case<'r> {
    let came = match check.status.as_str() {
        "fail" => Came::Failed,
        "error" => Came::Broken,
        "limited" => Came::Skipped,
        _ => Came::Passed,
    };
    Case { name: &check.id, came, message: plain(&format!("{}: {}", check.status, check.evidence)), text: lines(packet, &check.findings) }
}

fn lines(packet: &Packet, findings: &[FindingRecord]) -> String {
    let line = |finding: &FindingRecord| {
        let message = machine::message(finding);
        let head = format!("{}:{}:{}: {}[{}] {message}", packet.path, finding.line, finding.column, finding.severity, finding.rule);
        format!("{}\n  to clear it: {}", plain(&head), plain(&finding.help))
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}
