//! The house keeps its order: arrows point down, one name opens five rooms, and nothing half-done or of one machine is left lying
//! about (design, section 6). Everything here is read from the source tree, so that a new file is under the rules at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use notegate::checks::CHECKS;
use notegate::config::Config;
use notegate::rulebook::{Embedded, Rulebook};

/// The rooms by rank, lowest first. Rooms of one rank do not know each other.
///
/// `outcome` stands between `finding` and `policy`: a policy's ceilings are statuses, and a status follows from findings.
const RANKS: &[&[&str]] = &[
    &["span"],
    &["source", "strict_toml", "date"],
    &["panel", "index_line", "attest"],
    &["document", "sign_off"],
    &["snapshot", "finding"],
    &["outcome", "header_schema"],
    &["policy"],
    &["rulebook"],
    &["price", "classify", "author_state", "fingerprint", "fix", "waiver"],
    &["checks"],
    &["corpus"],
    &["gate"],
    &["packet"],
    &["baseline"],
    &["discover", "verify", "store", "index"],
    &["config", "vcs"],
    &["engine"],
    &["cases", "compare"],
    &["report"],
    &["cli"],
];
/// Roots of the two crates: they open every room.
const EXEMPT: &[&str] = &["main", "lib"];
/// Rooms that may touch the disk, the clock and the terminal.
const OUTER: &[&str] = &["discover", "store", "vcs", "cli"];
/// What the others may not touch.
const OUTSIDE: &[&str] = &["std::fs", "std::env", "std::time", "std::io", "std::process", "std::net", "::now()", "println!", "eprintln!", "print!", "eprint!"];
/// The only line of its kind that may stand elsewhere: the writer that a report is handed opens nothing.
const HANDED: (&str, &str) = ("src/report/", "use std::io::{self, Write};");
/// Rooms that a renderer must not know, though they rank below it: a report shows what a packet says.
const UNKNOWN_TO_REPORT: &[&str] = &["checks", "rulebook", "engine", "config", "discover"];
/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];
/// Files of `src/checks` that are no check.
const BESIDE_CHECKS: &[&str] = &["mod", "article"];
/// Rule files that belong to no check.
const SHARED_RULES: &[&str] = &["lexicons", "context", "document", "issues", "waivers"];
/// Folders of fixtures that belong to no check.
const SHARED_FIXTURES: &[&str] = &["gate", "corpus"];
/// Prefixes of findings that belong to no check (design, section 4).
const RESERVED: &[&str] = &["source", "front-matter", "snapshot", "waiver", "baseline", "config"];
/// Longest file of `src`, in lines.
const LONGEST: usize = 700;
/// Files that are longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of the repository that git would take, as paths with `/` from the root, sorted.
fn tracked() -> Vec<String> {
    let walk =
        WalkBuilder::new(root()).hidden(false).parents(false).git_global(false).require_git(false).filter_entry(|entry| entry.file_name() != ".git").build();
    let files = walk.map(Result::unwrap).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let mut paths: Vec<String> = files.map(|entry| entry.path().strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")).collect();
    paths.sort();
    paths
}

fn tracked_under(folder: &str, ending: &str) -> Vec<String> {
    tracked().into_iter().filter(|path| path.starts_with(folder) && path.ends_with(ending)).collect()
}

/// The text of a file; bytes that are no text do not matter here.
fn text_of(path: &str) -> String {
    String::from_utf8_lossy(&fs::read(root().join(path)).unwrap()).into_owned()
}

/// Names of what lies in a folder, endings cut off, sorted.
fn names_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> =
        entries.map(|path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned()).filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

fn ids() -> Vec<&'static str> {
    CHECKS.iter().map(|check| check.id).collect()
}

fn report(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// The room of a file of `src`: its folder, or its own name.
fn room_of(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside.split_once('/').map_or(inside, |(folder, _)| folder).trim_end_matches(".rs")
}

/// How many modules lie between a file and the root of the crate.
fn depth_of(path: &str) -> usize {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    inside.split('/').count()
}

fn rank_of(room: &str) -> Option<usize> {
    RANKS.iter().position(|rooms| rooms.contains(&room))
}

/// Source with comments, the contents of literals and test modules blanked; line numbers stay.
fn code_of(source: &str) -> String {
    without_tests(&without_literals(source))
}

fn without_literals(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest, out.chars().next_back());
        if length == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    out
}

/// Byte length of the comment or literal that `rest` begins with; 0 where it begins with code.
fn skipped(rest: &str, before: Option<char>) -> usize {
    let to = |end: Option<usize>| end.unwrap_or(rest.len());
    if rest.starts_with("//") {
        return to(rest.find('\n'));
    }
    if rest.starts_with("/*") {
        return to(rest.find("*/").map(|i| i + 2));
    }
    if rest.starts_with('"') {
        return to(closing(rest, '"'));
    }
    if rest.starts_with('\'') {
        return char_literal(rest);
    }
    let hashes = rest.strip_prefix('r').map_or(0, |tail| tail.len() - tail.trim_start_matches('#').len());
    let raw = rest.starts_with('r') && rest[1 + hashes..].starts_with('"') && !before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if raw {
        let end = format!("\"{}", "#".repeat(hashes));
        return to(rest[2 + hashes..].find(&end).map(|i| 2 + hashes + i + end.len()));
    }
    0
}

/// Where a literal that opens with `mark` ends.
fn closing(rest: &str, mark: char) -> Option<usize> {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return Some(i + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// Length of a character literal; 0 for a lifetime.
fn char_literal(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => closing(rest, '\'').unwrap_or(rest.len()),
        (Some(_), Some((i, '\''))) => i + 1,
        _ => 0,
    }
}

fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[cfg(test)]") {
        let end = item_end(&out, start);
        let blank: String = out[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..end, &blank);
    }
    out
}

/// The end of the item that begins at `start`: its closing brace, or a semicolon before any brace.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0;
    for (i, c) in code[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return start + i + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return start + i + 1,
            _ => {}
        }
    }
    code.len()
}

/// One path that leaves its file: the line, and the names that it opens, seen from the root of the crate or from the parent.
struct Import {
    line: usize,
    /// How many `super` it begins with; 0 for `crate`.
    supers: usize,
    names: Vec<String>,
}

/// Every `crate::…` and `super::…` of a file.
fn paths_in(code: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for (word, is_super) in [("crate::", false), ("super::", true)] {
        for (at, _) in code.match_indices(word) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | ':')) {
                continue;
            }
            let mut rest = &code[at + word.len()..];
            let mut supers = usize::from(is_super);
            while let Some(more) = rest.strip_prefix("super::") {
                supers += 1;
                rest = more;
            }
            found.push(Import { line: code[..at].matches('\n').count() + 1, supers, names: first_names(rest) });
        }
    }
    found
}

/// `a::b` → a; `{a::{b, c}, d}` → a, d.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let mut names = vec![name(list)];
    let mut depth = 1;
    for (i, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(name(&list[i + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Rooms that a file opens, with the line.
fn rooms_opened(path: &str, code: &str) -> Vec<(usize, String)> {
    let leaves = |found: &Import| found.supers == 0 || found.supers >= depth_of(path);
    paths_in(code).into_iter().filter(leaves).flat_map(|found| found.names.into_iter().map(move |name| (found.line, name))).collect()
}

#[test]
fn the_reader_of_sources_reads_them() {
    let source = "use crate::{span::Span, a::{b, c}, d};\n// crate::comment\nlet x = \"crate::text\"; let c = '\"'; fn f<'a>() { super::super::e::f() }\nr#\"crate::raw \" \"#; crate::g::h!();\n#[cfg(test)]\nmod tests { use crate::test; }\nfn after() { crate::i::j() }";
    let rooms: Vec<(usize, String)> = rooms_opened("src/x/y.rs", &code_of(source));
    let expected: Vec<(usize, String)> =
        [(1, "span"), (1, "a"), (1, "d"), (4, "g"), (7, "i"), (3, "e")].into_iter().map(|(line, name)| (line, name.to_owned())).collect();
    assert_eq!(rooms, expected);
}

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    for path in tracked_under("src/", ".rs") {
        let room = room_of(&path);
        if EXEMPT.contains(&room) {
            continue;
        }
        let Some(rank) = rank_of(room) else {
            wrong.push(format!("{path}: the room `{room}` has no rank in tests/tidy.rs"));
            continue;
        };
        for (line, other) in rooms_opened(&path, &code_of(&text_of(&path))) {
            match rank_of(&other) {
                Some(below) if below < rank || other == room => {}
                Some(_) => wrong.push(format!("{path}:{line}: `{room}` imports `{other}`, which does not rank below it")),
                None => wrong.push(format!("{path}:{line}: `{room}` imports `{other}`, which is no room")),
            }
        }
    }
    report(&wrong);
}

#[test]
fn every_ranked_room_is_there_once() {
    let rooms = names_in("src");
    let ranked: Vec<&str> = RANKS.iter().flat_map(|rooms| rooms.iter().copied()).collect();
    let missing = ranked.iter().filter(|room| !rooms.iter().any(|name| name == *room)).map(|room| format!("the ranked room `{room}` is not in src"));
    let twice = ranked.iter().filter(|room| ranked.iter().filter(|other| other == room).count() > 1).map(|room| format!("`{room}` is ranked twice"));
    report(&missing.chain(twice).collect::<Vec<_>>());
}

#[test]
fn checks_know_an_article_and_nothing_of_each_other() {
    let mut wrong = Vec::new();
    for path in tracked_under("src/checks/", ".rs") {
        let name = path.trim_start_matches("src/checks/").trim_end_matches(".rs");
        if name == "mod" {
            continue;
        }
        // the parts of a check know each other: what stands above their own folder is the neighbours'
        let above = 1 + name.matches('/').count();
        for found in paths_in(&code_of(&text_of(&path))) {
            // `super::X`, and nothing of `crate::checks` by its long name
            let of_checks: Vec<&String> = found.names.iter().filter(|other| found.supers >= above || *other == "checks").collect();
            let allowed = |other: &String| found.supers == above && matches!(other.as_str(), "Article" | "article");
            wrong.extend(
                of_checks
                    .into_iter()
                    .filter(|other| !allowed(other))
                    .map(|other| format!("{path}:{}: the check `{name}` imports `{other}` of its neighbours", found.line)),
            );
        }
    }
    report(&wrong);
}

#[test]
fn only_the_outer_rooms_touch_disk_clock_and_terminal() {
    let mut wrong = Vec::new();
    for path in tracked_under("src/", ".rs") {
        if OUTER.contains(&room_of(&path)) || EXEMPT.contains(&room_of(&path)) {
            continue;
        }
        let code = code_of(&text_of(&path));
        for (number, line) in code.lines().enumerate().filter(|(_, line)| !(path.starts_with(HANDED.0) && *line == HANDED.1)) {
            wrong.extend(OUTSIDE.iter().filter(|outside| line.contains(*outside)).map(|outside| format!("{path}:{}: `{outside}`", number + 1)));
        }
    }
    report(&wrong);
}

#[test]
fn a_report_knows_no_check() {
    let files = tracked_under("src/report/", ".rs");
    let opened = files.iter().flat_map(|path| rooms_opened(path, &code_of(&text_of(path))).into_iter().map(move |(line, room)| (path, line, room)));
    let wrong: Vec<String> =
        opened.filter(|(.., room)| UNKNOWN_TO_REPORT.contains(&room.as_str())).map(|(path, line, room)| format!("{path}:{line}: imports `{room}`")).collect();
    report(&wrong);
}

#[test]
fn every_name_says_what_is_inside() {
    let parts = |path: &String| path.split('/').map(|part| part.split('.').next().unwrap_or_default().to_owned()).collect::<Vec<_>>();
    let rust = tracked().into_iter().filter(|path| path.ends_with(".rs"));
    let wrong: Vec<String> = rust.filter(|path| parts(path).iter().any(|part| EMPTY_NAMES.contains(&part.as_str()))).collect();
    report(&wrong);
}

#[test]
fn one_name_opens_five_rooms() {
    let mut wrong = Vec::new();
    for id in ids() {
        let snake = id.replace('-', "_");
        for place in [format!("src/checks/{snake}.rs"), format!("rules/{id}.toml"), format!("fixtures/{id}")] {
            if !root().join(&place).exists() {
                wrong.push(format!("`{id}`: {place} is missing"));
            }
        }
        if Config::read(Path::new("lint.toml"), format!("[checks.{id}]\n")).is_err() {
            wrong.push(format!("`{id}`: `[checks.{id}]` is refused"));
        }
        if !text_of(&format!("rules/{id}.toml")).contains(&format!("[check]\nid = \"{id}\"\n")) {
            wrong.push(format!("`{id}`: rules/{id}.toml does not begin with its own `[check]`"));
        }
    }
    if Config::read(Path::new("lint.toml"), "[checks.live-prices]\n".to_owned()).is_ok() {
        wrong.push("`[checks.live-prices]` is accepted, and there is no such check".to_owned());
    }
    report(&wrong);
}

#[test]
fn no_room_is_open_to_a_name_that_is_no_check() {
    let snake: Vec<String> = ids().iter().map(|id| id.replace('-', "_")).collect();
    let kebab: Vec<String> = ids().iter().map(|id| (*id).to_owned()).collect();
    let mut wrong = Vec::new();
    for (folder, own, beside) in [("src/checks", &snake, BESIDE_CHECKS), ("rules", &kebab, SHARED_RULES), ("fixtures", &kebab, SHARED_FIXTURES)] {
        let strange = names_in(folder).into_iter().filter(|name| !own.contains(name) && !beside.contains(&name.as_str()));
        wrong.extend(strange.map(|name| format!("{folder}/{name} belongs to no check")));
    }
    report(&wrong);
}

#[test]
fn every_rule_id_begins_with_its_check() {
    let book = Rulebook::embedded().unwrap_or_else(|_| panic!("the rules do not load"));
    let is_kebab = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let own = |check: &str| ids().contains(&check);
    let mut wrong = Vec::new();
    for rule in &book.rules {
        let (check, name) = rule.id.split_once('/').unwrap_or((&rule.id, ""));
        if !own(check) || !is_kebab(name) || rule.check != check || rule.file != format!("rules/{check}.toml") {
            wrong.push(format!("rule `{}` of {}", rule.id, rule.file));
        }
        if book.message(&rule.id).is_some() {
            wrong.push(format!("`{}` is a rule and a message", rule.id));
        }
    }
    for message in book.messages() {
        let (check, name) = message.id.split_once('/').unwrap_or((&message.id, ""));
        if !(own(check) || RESERVED.contains(&check)) || !is_kebab(name) {
            wrong.push(format!("message `{}`", message.id));
        }
    }
    report(&wrong);
}

#[test]
fn every_rule_file_is_in_the_binary() {
    let embedded: Vec<&str> = Embedded::FILES.iter().map(|(path, _)| *path).collect();
    let on_disk = tracked_under("rules/", "");
    let unlisted = on_disk.iter().filter(|path| !embedded.contains(&path.as_str())).map(|path| format!("{path} is not in Embedded::FILES"));
    let missing = embedded.iter().filter(|path| !on_disk.iter().any(|file| file == *path)).map(|path| format!("{path} of Embedded::FILES is not on disk"));
    report(&unlisted.chain(missing).collect::<Vec<_>>());
}

/// Places of a needle in files of an ending.
fn found_in(files: &[String], needles: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in files {
        for (number, line) in text_of(path).lines().enumerate() {
            found.extend(needles.iter().filter(|needle| line.contains(*needle)).map(|needle| format!("{path}:{}: `{needle}`", number + 1)));
        }
    }
    found
}

// The needles below are put together of halves, so that this file does not find itself.

#[test]
fn nothing_half_done_is_left() {
    let needles = [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("db", "g!"), concat!("#[ig", "nore")];
    let rust: Vec<String> = tracked().into_iter().filter(|path| path.ends_with(".rs")).collect();
    report(&found_in(&rust, &needles));
}

#[test]
fn nothing_of_one_machine_is_left() {
    let homes = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("C:\\Us", "ers\\")];
    let mut wrong = Vec::new();
    for path in tracked() {
        for (number, line) in text_of(&path).lines().enumerate() {
            let at_start =
                |home: &&&str| line.match_indices(**home).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == '-'));
            wrong.extend(homes.iter().filter(at_start).map(|home| format!("{path}:{}: `{home}`", number + 1)));
        }
    }
    report(&wrong);
}

#[test]
fn packages_come_from_the_public_registry_over_tls() {
    let plain = concat!("http", "://");
    let builds = |path: &String| {
        path.ends_with(".toml") && !path.starts_with("rules/") && !path.starts_with("fixtures/") || path.ends_with(".lock") || path.starts_with('.')
    };
    let files: Vec<String> = tracked().into_iter().filter(builds).collect();
    let mut wrong = found_in(&files, &[plain]);
    let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let lock = text_of("Cargo.lock");
    wrong.extend(lock.lines().filter(|line| line.starts_with("source = ") && *line != public).map(|line| format!("Cargo.lock: {line}")));
    report(&wrong);
}

#[test]
fn every_source_file_says_what_it_is() {
    let wrong: Vec<String> =
        tracked_under("src/", ".rs").into_iter().chain(tracked_under("tests/", ".rs")).filter(|path| !text_of(path).starts_with("//! ")).collect();
    report(&wrong);
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let mut wrong = Vec::new();
    for path in tracked_under("src/", ".rs") {
        let lines = text_of(&path).lines().count();
        let excused = LONGER.iter().any(|(file, _)| *file == path);
        if lines > LONGEST && !excused {
            wrong.push(format!("{path}: {lines} lines, where {LONGEST} are the most"));
        }
        if lines <= LONGEST && excused {
            wrong.push(format!("{path}: {lines} lines, and needs its excuse no more"));
        }
    }
    report(&wrong);
}
