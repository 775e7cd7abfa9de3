//! `notegate check --fix` and `--diff`: safe fixes are made in memory and judged, and only then written.
//!
//! A fix that would bring a finding about is left alone, and so is a file that was not read as it was meant.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use similar::TextDiff;

use super::args::Check;
use super::fail::Failure;
use crate::discover;
use crate::fix;
use crate::packet::{Cluster, FixRecord, Packet};
use crate::report::printable;
use crate::source::{SourceText, hex};

/// Rounds of fixing: a fix that another one was in the way of comes next.
const ROUNDS: usize = 4;
/// Fixes of one article that are tried one by one where all of them together do harm.
const TRIED: usize = 40;

/// An article as it is and as it would be.
#[derive(Clone)]
struct File {
    before: Vec<u8>,
    after: Vec<u8>,
    /// Findings that are cleared.
    cleared: usize,
}

/// The articles that would be changed, by path.
#[derive(Clone, Default)]
pub struct Changed(BTreeMap<String, File>);

impl Changed {
    /// The bytes of an article that is changed.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(|file| file.after.as_slice())
    }
}

/// Packets and groups of one judgement.
pub type Judged = (Vec<Packet>, Vec<Cluster>);

/// Judges an article with these bytes.
type JudgeAlone<'d> = dyn Fn(&str, &[u8]) -> Result<Option<Packet>, Failure> + 'd;

/// What fixing needs of a run.
pub struct Desk<'d> {
    /// Judges everything, with some articles changed.
    pub judge: &'d dyn Fn(&Changed) -> Result<Judged, Failure>,
    /// Judges one article as if it were the only one, with these bytes.
    pub alone: &'d JudgeAlone<'d>,
    /// The bytes of an article on disk.
    pub load: &'d dyn Fn(&str) -> Result<Vec<u8>, String>,
    /// The file of an article.
    pub file: &'d dyn Fn(&str) -> PathBuf,
}

/// Refuses what cannot be done, before anything is judged.
pub fn allowed(args: &Check) -> Result<(), Failure> {
    if args.fix && args.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::new("standard input cannot be fixed in its place", "use `--diff`, which prints what would change"));
    }
    let printed = args.format.iter().find(|format| !format.contains('=') && *format != "terminal");
    match printed.filter(|_| args.diff) {
        Some(format) => Err(Failure::new(
            format!("the diff and the format `{format}` would both go to standard output"),
            format!("give the format a file: `--format {format}=PATH`"),
        )),
        None => Ok(()),
    }
}

/// Does what `--fix` or `--diff` asks for. Returns the judgement that is reported: of the fixed articles, or with `--diff` the one that was.
pub fn run(args: &Check, desk: &Desk, judged: Judged) -> Result<Judged, Failure> {
    if !args.fix && !args.diff {
        return Ok(judged);
    }
    let (changed, then) = plan(desk, &judged)?;
    if args.diff {
        let escape = std::io::stdout().is_terminal();
        let text: String = changed.0.iter().map(|(path, file)| diff(path, file, escape)).collect();
        super::print(&text)?;
        return Ok(judged);
    }
    write(desk, &changed)?;
    let cleared: usize = changed.0.values().map(|file| file.cleared).sum();
    if cleared > 0 && !args.quiet {
        let count = |number: usize, noun: &str| if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") };
        let _ = writeln!(std::io::stderr(), "fixed {} in {}", count(cleared, "finding"), count(changed.0.len(), "article"));
    }
    Ok(then)
}

/// What would be written, and the judgement of it.
fn plan(desk: &Desk, judged: &Judged) -> Result<(Changed, Judged), Failure> {
    let (mut changed, mut now) = (Changed::default(), judged.clone());
    for _ in 0..ROUNDS {
        let mut next = changed.clone();
        for packet in now.0.iter().filter(|packet| fixes(packet).next().is_some()) {
            let current = current(desk, &changed, packet)?;
            if let Some((after, cleared)) = better(desk, packet, &current)? {
                let known = next.0.remove(&packet.path);
                let before = known.as_ref().map_or_else(|| current.clone(), |file| file.before.clone());
                let cleared = cleared + known.map_or(0, |file| file.cleared);
                next.0.insert(packet.path.clone(), File { before, after, cleared });
            }
        }
        if next.0.iter().all(|(path, file)| changed.bytes(path) == Some(file.after.as_slice())) {
            break;
        }
        let result = (desk.judge)(&next)?;
        let worse: Vec<&Packet> = judged.0.iter().zip(&result.0).filter(|(old, new)| is_worse(old, new)).map(|(old, _)| old).collect();
        if !worse.is_empty() {
            // alone the fixes did no harm, beside the other articles they do
            for packet in worse {
                next.0.remove(&packet.path);
            }
            now = (desk.judge)(&next)?;
            changed = next;
            break;
        }
        (changed, now) = (next, result);
    }
    Ok((changed, now))
}

/// The fixes of an article that may be made: none where a part of the file may mean something else than was read.
fn fixes(packet: &Packet) -> impl Iterator<Item = &FixRecord> {
    let is_certain = !packet.issues.iter().any(crate::engine::is_doubt) && !packet.checks.iter().any(|check| check.unread);
    packet.all_findings().filter(move |finding| is_certain && finding.waived.is_none()).filter_map(|finding| finding.fix.as_ref())
}

/// The bytes that an article was judged by.
fn current(desk: &Desk, changed: &Changed, packet: &Packet) -> Result<Vec<u8>, Failure> {
    if let Some(bytes) = changed.bytes(&packet.path) {
        return Ok(bytes.to_vec());
    }
    let bytes = (desk.load)(&packet.path)
        .map_err(|why| Failure::new(format!("`{}` could not be read again: {why}", packet.path), "nothing was written; run it again"))?;
    if hex(&Sha256::digest(&bytes)) == packet.sha256 { Ok(bytes) } else { Err(changed_meanwhile(&packet.path)) }
}

fn changed_meanwhile(path: &str) -> Failure {
    Failure::new(format!("`{path}` was changed while it was judged, and was not written to"), "save it, and run this again")
}

/// The article with those of its fixes that bring no finding about, and their number; `None` where there is none.
fn better(desk: &Desk, packet: &Packet, bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, Failure> {
    let all: Vec<&FixRecord> = fixes(packet).collect();
    let Some(old) = (desk.alone)(&packet.path, bytes)? else { return Ok(None) };
    let is_fine = |bytes: &[u8]| (desk.alone)(&packet.path, bytes).map(|new| new.is_some_and(|new| !is_worse(&old, &new)));
    let (after, cleared) = made(bytes, &all);
    if is_fine(&after)? {
        return Ok(Some((after, cleared)));
    }
    let mut kept: Vec<&FixRecord> = Vec::new();
    for fix in all.into_iter().take(TRIED) {
        kept.push(fix);
        if !is_fine(&made(bytes, &kept).0)? {
            kept.pop();
        }
    }
    Ok((!kept.is_empty()).then(|| made(bytes, &kept)))
}

/// The bytes with fixes made, and how many: of those that touch the same place the first is made, the next run makes the others.
fn made(bytes: &[u8], fixes: &[&FixRecord]) -> (Vec<u8>, usize) {
    let mut taken: BTreeMap<usize, (usize, &str)> = BTreeMap::new();
    let mut cleared = 0;
    for fix in fixes {
        let edits: Vec<(Range<usize>, &str)> = fix.edits.iter().map(|edit| (edit.span.start as usize..edit.span.end as usize, edit.text.as_str())).collect();
        let is_free = |range: &Range<usize>| {
            let before = taken.range(..range.end.max(range.start + 1)).next_back();
            before.is_none_or(|(start, (end, _))| *end <= range.start && *start < range.start)
        };
        if edits.iter().all(|(range, _)| is_free(range)) {
            taken.extend(edits.into_iter().map(|(range, text)| (range.start, (range.end, text))));
            cleared += 1;
        }
    }
    let edits: Vec<(Range<usize>, &str)> = taken.into_iter().map(|(start, (end, text))| (start..end, text)).collect();
    (fix::apply(bytes, &edits), cleared)
}

/// Whether an article has more findings of any rule than it had.
fn is_worse(old: &Packet, new: &Packet) -> bool {
    let count = |packet: &Packet| {
        packet.all_findings().fold(BTreeMap::new(), |mut count: BTreeMap<String, usize>, finding| {
            *count.entry(finding.rule.clone()).or_default() += 1;
            count
        })
    };
    let before = count(old);
    count(new).into_iter().any(|(rule, number)| number > before.get(&rule).copied().unwrap_or(0))
}

/// A unified diff that `git apply` and `patch` take. At a terminal, what an article must not do to it is shown instead.
fn diff(path: &str, file: &File, escape: bool) -> String {
    let text = |bytes: &[u8]| SourceText::new(path.to_owned(), bytes.to_vec()).text;
    let (before, after) = if std::str::from_utf8(&file.before).is_ok() {
        (String::from_utf8_lossy(&file.before).into_owned(), String::from_utf8_lossy(&file.after).into_owned())
    } else {
        (text(&file.before), text(&file.after))
    };
    let lines = |text: &'_ str| -> Vec<String> { text.split_inclusive('\n').map(str::to_owned).collect() };
    let (before, after) = (lines(&before), lines(&after));
    let (old, new): (Vec<&str>, Vec<&str>) = (before.iter().map(String::as_str).collect(), after.iter().map(String::as_str).collect());
    let made = TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    let text = made.unified_diff().header(&named("a", path), &named("b", path)).to_string();
    if escape { printable(&text) } else { text }
}

/// A path of a diff, in quotation marks where it would be misread.
fn named(side: &str, path: &str) -> String {
    let path = format!("{side}/{}", path.trim_start_matches('/'));
    if path.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
        let quoted = path.chars().map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\{:03o}", u32::from(c)),
            c => c.to_string(),
        });
        return format!("\"{}\"", quoted.collect::<String>());
    }
    // a tab ends a path that holds spaces
    if path.contains(' ') { format!("{path}\t") } else { path }
}

/// Writes what is changed. Nothing is written over what somebody else wrote meanwhile; each file is the old one or the new one, whatever happens.
fn write(desk: &Desk, changed: &Changed) -> Result<(), Failure> {
    for (path, file) in &changed.0 {
        replace(&(desk.file)(path), path, &file.before, &file.after)?;
    }
    Ok(())
}

/// Writes an article whose bytes are still `before`. `path`: as messages name it.
pub fn replace(place: &Path, path: &str, before: &[u8], after: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(
            format!("`{path}` could not be written: {error}"),
            "check that it and its folder may be written to; articles before it in the list are written, others are as they were",
        )
    };
    // a link stays a link: what it leads to is written
    let target = std::fs::canonicalize(place).map_err(failed)?;
    let permissions = std::fs::metadata(&target).map_err(failed)?.permissions();
    if permissions.readonly() {
        return Err(failed(std::io::Error::new(std::io::ErrorKind::PermissionDenied, "it is read-only")));
    }
    if discover::read(&target).ok().as_deref() != Some(before) {
        return Err(changed_meanwhile(path));
    }
    let mut name = target.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = target.with_file_name(name);
    let written = std::fs::OpenOptions::new().write(true).create_new(true).open(&part).and_then(|mut out| {
        out.write_all(after)?;
        out.set_permissions(permissions)?;
        out.sync_all()
    });
    written.and_then(|()| std::fs::rename(&part, &target)).map_err(|error| {
        let _ = std::fs::remove_file(&part);
        failed(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_wrote_meanwhile_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.md");
        std::fs::write(&place, "theirs").unwrap();
        let file = File { before: b"old".to_vec(), after: b"new".to_vec(), cleared: 1 };
        assert!(replace(&place, "a.md", &file.before, &file.after).is_err());
        assert_eq!(std::fs::read(&place).unwrap(), b"theirs");
        std::fs::write(&place, "old").unwrap();
        assert!(replace(&place, "a.md", &file.before, &file.after).is_ok());
        assert_eq!(std::fs::read(&place).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn of_fixes_that_touch_one_place_the_first_is_made() {
        let fix = |start: u32, end: u32, text: &str| {
            let edit = crate::packet::EditRecord {
                span: crate::packet::SpanRecord { start, end },
                line: 1,
                column: 1,
                end_line: 1,
                end_column: 1,
                text: text.to_owned(),
                reach: None,
            };
            FixRecord { description: String::new(), edits: vec![edit] }
        };
        let made = |all: &[FixRecord]| {
            let (bytes, cleared) = made(b"abcdef", &all.iter().collect::<Vec<_>>());
            (String::from_utf8(bytes).unwrap(), cleared)
        };
        assert_eq!(made(&[fix(2, 4, "X"), fix(3, 5, "Y")]), ("abXef".to_owned(), 1));
        assert_eq!(made(&[fix(3, 3, "X"), fix(3, 3, "Y")]), ("abcXdef".to_owned(), 1));
        assert_eq!(made(&[fix(1, 5, "X"), fix(3, 3, "Y")]), ("aXf".to_owned(), 1));
        assert_eq!(made(&[fix(3, 3, "X"), fix(1, 5, "Y")]), ("abcXdef".to_owned(), 1));
        assert_eq!(made(&[fix(0, 2, "X"), fix(2, 4, "Y"), fix(5, 5, "Z")]), ("XYeZf".to_owned(), 3));
    }
}
