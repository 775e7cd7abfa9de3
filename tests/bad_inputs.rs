//! Everything that can be wrong with an input, beside one good article: the run ends, each bad input has its finding where it is
//! bad (or is judged as any other, where it is only large or odd), and the good article is judged as if it stood among good ones.

#![cfg(unix)] // links, sockets and names that are no Unicode are made here
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a row that cannot be made here must say so")]

mod desk;

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const GOOD: &str = include_str!("../fixtures/gate/pass/copper-ledger-workflow.md");
const LF: &str = "# Copper\n\nThe desk keeps a ledger.\n";

/// What must become of an input.
enum Want {
    /// An issue of this rule on this line.
    Issue(&'static str, u64),
    /// A finding of a check, of this rule on this line.
    Finding(&'static str, u64),
    /// It is legal: it is read to the end, without an issue.
    Read,
    /// A format that is read elsewhere: it has a finding of its own, or is read.
    Any,
}
use Want::{Any, Finding, Issue, Read as Legal};

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn header(lines: &str) -> Vec<u8> {
    format!("---\n{lines}\n---\n\n{LF}").into_bytes()
}

/// Text that ends with a sentence that raises rules: whatever stands before, it must be found.
fn with_end(before: &str) -> Vec<u8> {
    format!("# Copper\n\n{before}\n\nYou should buy gold now.\n").into_bytes()
}

fn noise(mut seed: u64, len: usize) -> Vec<u8> {
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    (0..len).map(|_| next()).collect()
}

/// The table: name, bytes, what must become of it.
fn inputs() -> Vec<(&'static str, Vec<u8>, Want)> {
    let many = |piece: &str, count: usize| piece.repeat(count);
    let mut all: Vec<(&'static str, Vec<u8>, Want)> = vec![
        // encodings
        ("invalid-utf8.md", b"# Copper\n\nA caf\xe9 keeps\na ledger.\n".to_vec(), Issue("source/invalid-utf8", 3)),
        ("half-a-pair.md", [utf16(LF, u16::to_le_bytes), vec![0, 0xd8]].concat(), Issue("source/invalid-utf16", 4)),
        ("odd-length.md", [utf16(LF, u16::to_be_bytes), vec![b'a']].concat(), Issue("source/invalid-utf16", 4)),
        ("utf16-without-mark.md", utf16(LF, u16::to_le_bytes).split_off(2), Issue("source/utf16", 1)),
        ("utf16-little.md", utf16(LF, u16::to_le_bytes), Legal),
        ("utf16-big.md", utf16(LF, u16::to_be_bytes), Legal),
        ("utf16-header.md", utf16("---\ntitle: a\ntitle: b\n---\n\nWords.\n", u16::to_le_bytes), Issue("front-matter/duplicate-key", 3)),
        ("byte-order-mark.md", format!("\u{feff}{LF}").into_bytes(), Legal),
        ("carriage-returns.md", LF.replace('\n', "\r").into_bytes(), Legal),
        ("carriage-returns-header.md", b"---\rtitle: a\rtitle: b\r---\r\rWords.\r".to_vec(), Issue("front-matter/duplicate-key", 3)),
        ("nul.md", b"# Copper\n\nThe desk\0 keeps a ledger.\n".to_vec(), Issue("source/nul", 3)),
        ("noise.md", noise(7, 64 << 10), Issue("source/invalid-utf8", 1)),
        ("noise.txt", noise(11, 64 << 10), Issue("source/invalid-utf8", 1)),
        // nothing there
        ("empty.md", Vec::new(), Issue("source/empty", 1)),
        ("empty.txt", b"\n\n \n".to_vec(), Issue("source/empty", 1)),
        ("header-only.md", b"---\ntitle: Copper\n---\n".to_vec(), Issue("source/empty", 1)),
        // headers
        ("header-unclosed.md", b"---\ntitle: Copper\n\nThe desk keeps a ledger.\n".to_vec(), Issue("front-matter/unclosed", 1)),
        ("header-bomb.md", header(&bomb()), Issue("front-matter/unreadable", 7)),
        ("header-twice.md", header("title: a\nauthor: b\ntitle: c"), Issue("front-matter/duplicate-key", 4)),
        ("header-tab.md", header("source:\n\tname: a"), Issue("front-matter/unreadable", 3)),
        ("header-deep.md", header(&format!("tags: {}{}", many("[", 5000), many("]", 5000))), Issue("front-matter/unreadable", 2)),
        ("header-toml.md", b"+++\ntitle = \"a\"\nbroken\n+++\n\nWords.\n".to_vec(), Issue("front-matter/unreadable", 3)),
        ("header-json.md", b"{\"title\": \"a\",\n\"b\" 1}\n\nWords.\n".to_vec(), Issue("front-matter/unreadable", 1)),
        ("date-impossible.md", header("title: a\ndate: 2026-02-30"), Finding("freshness/unreadable-date", 3)),
        // snapshots
        ("snapshot-no-json.md", header("title: a\nsource: data/broken.json"), Issue("snapshot/unreadable", 3)),
        ("snapshot-not-there.md", header("title: a\nsource: data/none.json"), Issue("snapshot/unreadable", 3)),
        ("snapshot-latin.md", header("title: a\nsource: data/latin.json"), Issue("snapshot/unreadable", 3)),
        ("snapshot-marked.md", header("title: a\nsource: data/marked.json"), Legal),
        ("snapshot-other.md", header(&format!("source: data/marked.json\nsource_sha256: {}", many("0", 64))), Issue("snapshot/hash-mismatch", 2)),
        ("snapshot-outside.md", header("title: a\nsource: ../outside.json"), Issue("snapshot/outside-project", 3)),
        ("snapshot-outside-of-no-kind.md", header("title: a\nsource: ../../etc/passwd"), Issue("snapshot/outside-project", 3)),
        ("snapshot-through-link.md", header("title: a\nsource: data/link.json"), Issue("snapshot/outside-project", 3)),
        ("snapshot-folder.md", header("title: a\nsource: data/folder.json"), Issue("snapshot/unreadable", 3)),
        // large, and legal
        ("large.md", with_end(&many("The desk keeps a ledger of the copper that was drawn.\n\n", 550_000)), Finding("personalized-advice/*", 1_100_005)),
        ("long-line.md", with_end(&many("The desk keeps a ledger. ", 400_000)), Finding("personalized-advice/*", 5)),
        (
            "definitions.md",
            with_end(&(0..20_000).map(|i| format!("[l{i}]: https://metals.test/{i}\n")).collect::<String>()),
            Finding("personalized-advice/*", 20_005),
        ),
        (
            "columns.md",
            with_end(&format!("|{}\n|{}\n|{}", many(" a |", 20_000), many(" - |", 20_000), many(" $2 |", 20_000))),
            Finding("personalized-advice/*", 7),
        ),
        ("surrogates.md", with_end("&#xd800; &#xdfff; &#0; &#x110000; &#99999999999;"), Finding("personalized-advice/*", 5)),
        // nested deep
        ("quotes.md", format!("{}a\n\nYou should buy gold now.\n", many("> ", 10_000)).into_bytes(), Issue("source/deep-nesting", 1)),
        ("lists.md", format!("{}a\n\nYou should buy gold now.\n", many("- ", 10_000)).into_bytes(), Issue("source/deep-nesting", 1)),
        ("lists-by-indent.md", (0..700).map(|i| format!("{}- a\n", many("  ", i))).collect::<String>().into_bytes(), Issue("source/deep-nesting", 502)),
        ("elements.md", with_end(&format!("{}\na\n{}", many("<div>", 10_000), many("</div>", 10_000))), Finding("personalized-advice/*", 7)),
        ("elements.html", format!("{}a{}", many("<div>", 10_000), many("</div>", 10_000)).into_bytes(), Any),
        ("elements.mdx", format!("{}a{}\n", many("<A>", 10_000), many("</A>", 10_000)).into_bytes(), Any),
        ("attributes.md", with_end(&format!("<img {}>", many("alt=\"x\" ", 100_000))), Finding("personalized-advice/*", 5)),
        ("attributes.html", format!("<p {}>a</p>\n", many("a=\"x\" ", 100_000)).into_bytes(), Any),
        // opened and never closed
        ("fence.md", b"# Copper\n\nWords.\n\n```\nYou should buy gold now.\n".to_vec(), Issue("source/unread-body", 5)),
        ("fence-of-fifty-thousand.md", with_end(&many("`", 50_000)), Issue("source/unread-body", 3)),
        ("comment.md", b"# Copper\n\nWords.\n\n<!-- gone\nYou should buy gold now.\n".to_vec(), Issue("source/unread-body", 5)),
        ("hidden.md", b"# Copper\n\n<div hidden>\n\nYou should buy gold now.\n".to_vec(), Issue("source/unread-body", 3)),
        ("tag.md", b"# Copper\n\nWords.\n\n<div title=\"gone\nYou should buy gold now.\n".to_vec(), Issue("source/unread-body", 5)),
        ("tag.html", b"<p>Words <b".to_vec(), Any),
        ("broken-expression.mdx", b"# Copper\n\n{ not closed\n\n<A b={>\n".to_vec(), Any),
        ("broken-tag.mdx", b"# Copper\n\n<A>\n\nWords.\n".to_vec(), Any),
        ("broken-import.mdx", b"import {\n\n# Copper\n".to_vec(), Any),
        ("sentence.md", many("buy gold and ", 1000).into_bytes(), Issue("source/long-sentence", 1)),
        // characters that move a terminal
        ("control.md", "# Copper\n\nYou should \u{1b}[31mbuy\u{7} gold now, \u{202e}dlog\u{202c} \u{9b}2J.\n".into(), Issue("source/reordered-text", 3)),
    ];
    for (name, piece) in [
        ("open-square.md", "["),
        ("open-round.md", "("),
        ("open-curly.md", "{"),
        ("open-angle.md", "<"),
        ("open-image.md", "!["),
        ("open-strong.md", "**"),
        ("open-code.md", "` "),
    ] {
        all.push((name, with_end(&many(piece, 50_000)), Finding("personalized-advice/*", 5)));
    }
    all
}

/// A header whose aliases would expand to ten thousand million words.
fn bomb() -> String {
    let mut lines = String::from("a: &a [w, w, w, w, w, w, w, w, w, w]\n");
    for (one, next) in ["a", "b", "c", "d", "e", "f", "g", "h", "i"].iter().zip(["b", "c", "d", "e", "f", "g", "h", "i", "j"]) {
        lines.push_str(&format!("{next}: &{next} [{}]\n", vec![format!("*{one}"); 10].join(", ")));
    }
    lines.trim_end().to_owned()
}

fn notegate(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
    command.current_dir(folder).env("NO_COLOR", "1").args(["check", "--as-of", "2026-05-17"]).args(args);
    command.output().unwrap()
}

/// A folder of a test of its own, that goes with it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("site")).unwrap();
    fs::write(folder.path().join("site/lint.toml"), "").unwrap();
    fs::write(folder.path().join("site/good.md"), GOOD).unwrap();
    folder
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn article<'r>(report: &'r Value, path: &str) -> &'r Value {
    let found = report["articles"].as_array().unwrap().iter().find(|article| article["path"] == path);
    found.unwrap_or_else(|| panic!("`{path}` is not in the report"))
}

/// What is wrong with what became of an article.
fn judged(article: &Value, want: &Want) -> Option<String> {
    let issues = article["issues"].as_array().unwrap();
    let findings: Vec<&Value> = article["checks"].as_array().unwrap().iter().flat_map(|check| check["findings"].as_array().unwrap()).collect();
    let fits = |finding: &&Value, rule: &str, line: u64| {
        let id = finding["rule"].as_str().unwrap();
        rule.strip_suffix('*').map_or(id == rule, |start| id.starts_with(start)) && finding["line"] == line
    };
    let told = |list: &[Value]| list.iter().take(5).map(|one| format!("{} on line {}", one["rule"], one["line"])).collect::<Vec<_>>().join(", ");
    let broken = article.to_string().contains("broke down");
    let right = match want {
        Issue(rule, line) => issues.iter().any(|issue| fits(&issue, rule, *line)) && article["gate"]["status"] != "pass",
        Finding(rule, line) => findings.iter().any(|finding| fits(finding, rule, *line)),
        Legal => issues.is_empty(),
        Any => article["gate"]["status"] != "pass",
    };
    (!right || broken).then(|| format!("{}: issues: {}", article["path"], told(issues)))
}

#[test]
fn a_folder_of_everything_bad() {
    let folder = folder();
    let site = folder.path().join("site");
    let inputs = inputs();
    for (name, bytes, _) in &inputs {
        fs::write(site.join(name), bytes).unwrap();
    }
    fs::create_dir(site.join("data")).unwrap();
    fs::write(site.join("data/broken.json"), "{\"captured\": ").unwrap();
    fs::write(site.join("data/latin.json"), b"{\"name\": \"caf\xe9\"}").unwrap();
    fs::write(site.join("data/marked.json"), "\u{feff}{\"name\": \"desk\", \"captured\": \"2026-05-17\"}").unwrap();
    fs::create_dir(site.join("data/folder.json")).unwrap();
    fs::write(folder.path().join("outside.json"), "{\"name\": \"desk\"}").unwrap();
    symlink("../../outside.json", site.join("data/link.json")).unwrap();
    // what is no file
    symlink("nowhere.md", site.join("dangling.md")).unwrap();
    symlink(".", site.join("loop")).unwrap();
    symlink("circle.md", site.join("circle.md")).unwrap();
    fs::create_dir(site.join("folder.md")).unwrap();
    fs::write(site.join("folder.md/inside.md"), LF).unwrap();
    let _socket = UnixListener::bind(site.join("socket.md")).unwrap();
    // names that move a terminal, or are no text
    let names: [&[u8]; 4] = [b"esc-\x1b[31m.md", "turned-\u{202e}dm.md".as_bytes(), b"latin-\xe9.md", b"line\nend.md"];
    for name in names {
        fs::write(site.join(OsStr::from_bytes(name)), LF).unwrap();
    }
    fs::write(site.join("secret.md"), LF).unwrap();
    fs::set_permissions(site.join("secret.md"), fs::Permissions::from_mode(0o000)).unwrap();
    let may_read_all = fs::read(site.join("secret.md")).is_ok();

    let output = notegate(&site, &["--format", "json", "--format", "concise=../concise", "--format", "terminal=../terminal", "."]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let told = report(&output);
    let mut wrong: Vec<String> = inputs.iter().filter_map(|(name, _, want)| judged(article(&told, name), want)).collect();
    for name in ["dangling.md", "circle.md", "socket.md"] {
        wrong.extend(judged(article(&told, name), &Issue("source/unreadable", 1)));
    }
    for name in ["folder.md/inside.md", "esc-\u{1b}[31m.md", "turned-\u{202e}dm.md", "latin-\\xe9.md", "line\nend.md"] {
        wrong.extend(judged(article(&told, name), &Legal));
    }
    if may_read_all {
        eprintln!("secret.md: this user may read every file, so that a file without rights cannot be made");
    } else {
        wrong.extend(judged(article(&told, "secret.md"), &Issue("source/unreadable", 1)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let count = inputs.len() + 3 + 5 + 2;
    assert_eq!(told["articles"].as_array().unwrap().len(), count, "every file is judged, each once");

    // no reporter passes on what moves a terminal
    let texts = [
        ("json", output.stdout.clone()),
        ("concise", fs::read(folder.path().join("concise")).unwrap()),
        ("terminal", fs::read(folder.path().join("terminal")).unwrap()),
    ];
    for (name, bytes) in texts {
        let text = String::from_utf8(bytes).unwrap();
        let moving = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}');
        assert!(!text.contains(moving), "{name} prints {:?}", text.chars().find(|c| moving(*c)));
    }

    // the good article, among as many good ones, is told byte for byte the same
    let other = folder_of_good(count - 1);
    let among_good = report(&notegate(&other.path().join("site"), &["--format", "json", "."]));
    assert_eq!(article(&told, "good.md").to_string(), article(&among_good, "good.md").to_string());
    assert_eq!(article(&told, "good.md")["gate"]["status"], "pass");
}

fn folder_of_good(others: usize) -> tempfile::TempDir {
    let folder = folder();
    for i in 0..others {
        fs::write(folder.path().join(format!("site/other-{i}.md")), LF).unwrap();
    }
    folder
}

#[test]
fn a_path_that_is_not_there_ends_the_run() {
    let folder = folder();
    let output = notegate(folder.path(), &["site/good.md", "none\u{1b}[31m.md"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("`none\\u{1b}[31m.md` does not exist") && !told.contains('\u{1b}'), "{told}");
    assert!(output.stdout.is_empty());
}

/// Between the walk and the reading, the file went.
#[test]
fn a_file_that_vanishes_is_a_finding() {
    let desk = desk::Desk::new();
    let policy = desk.policy;
    let of = |_: &str| notegate::engine::Desk { policy: policy.clone(), rulebook: desk.rulebook.clone() };
    let load = |path: &str| if path == "good.md" { Ok(GOOD.as_bytes().to_vec()) } else { Err("No such file or directory".to_owned()) };
    let none = |_: &str, _: &str| Err(notegate::engine::SnapshotFault::OutsideProject);
    let run =
        notegate::engine::Run { as_of: desk::AS_OF, desk: &of, load: &load, load_snapshot: &none, snapshot: None, progress: &|| {}, sign_offs: &|_| None };
    let packets = notegate::engine::run(&run, &["gone.md".to_owned(), "good.md".to_owned()]);
    assert_eq!((packets[0].issues[0].rule.as_str(), packets[0].gate.row), ("source/unreadable", 1));
    assert!(packets[0].issues[0].message.contains("No such file"), "{}", packets[0].issues[0].message);
    assert_eq!(packets[1].gate.status, "pass");
}

#[test]
fn a_broken_configuration_ends_the_run() {
    let long = format!("[discover]\nexclude = [{}\"b\"]\nunknown = \"{}\"\n", "\"a\", ".repeat(20_000), "x".repeat(70_000));
    let rows: &[(&str, &[u8], &str)] = &[
        ("an unknown key", b"[site]\nclas = \"general\"\n", "clas"),
        ("not TOML", b"[site\n", "lint.toml"),
        ("not UTF-8", b"# caf\xe9\n", "line 1 is not UTF-8 text"),
        ("no escape in what is told", b"\"\\u001b[31m\" = 1\n# \x1b[2J\n", "lint.toml"),
        ("a line wider than can be drawn", long.as_bytes(), "unknown"),
        ("a rule file that is not there", b"[rules]\nfiles = [\"none.toml\"]\n", "none.toml"),
        ("a broken pattern", b"[rules]\nfiles = [\"house.toml\"]\n", "`(` is not closed"),
        ("a pattern that nests deep", b"[rules]\nfiles = [\"deep.toml\"]\n", "nested more than 20 deep"),
    ];
    for (what, text, told) in rows {
        let folder = folder();
        let site = folder.path().join("site");
        fs::write(site.join("lint.toml"), text).unwrap();
        let rule = |pattern: &str| {
            format!(
                "[check]\nid = \"ymyl-boundary\"\n\n[[rule]]\nid = \"x\"\nseverity = \"error\"\npatterns = [\"{pattern}\"]\nmessage = \"m\"\nwhy = \"w\"\nhelp = \"h\"\nhit = []\nmiss = []\n"
            )
        };
        fs::write(site.join("house.toml"), rule("( gold")).unwrap();
        fs::write(site.join("deep.toml"), rule(&format!("{}gold{}", "( ".repeat(100_000), " )".repeat(100_000)))).unwrap();
        let output = notegate(&site, &["."]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{what}: {errors}");
        assert!(errors.contains(told), "{what}: {errors}");
        assert!(!errors.contains('\u{1b}') && !errors.contains("panicked"), "{what}: {errors}");
        assert!(output.stdout.is_empty(), "{what}");
    }
}

#[test]
fn a_configuration_may_have_a_byte_order_mark() {
    let text = "[discover]\nexclude = [\"good.md\"]\n";
    for bytes in [format!("\u{feff}{text}").into_bytes(), utf16(text, u16::to_le_bytes)] {
        let folder = folder();
        fs::write(folder.path().join("site/lint.toml"), bytes).unwrap();
        fs::write(folder.path().join("site/other.md"), LF).unwrap();
        let told = report(&notegate(&folder.path().join("site"), &["--format", "json", "."]));
        assert_eq!((told["summary"]["articles"].as_u64(), told["summary"]["skipped"].as_u64()), (Some(1), Some(1)));
    }
}

/// `notegate check | head -1`: who closes the pipe has read enough.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder_of_good(400);
    for format in ["terminal", "concise", "json"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        command.current_dir(folder.path()).args(["check", "--as-of", "2026-05-17", "--verbose", "--format", format, "site"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 1];
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut first).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_report_is_not_written_over_what_is_read() {
    let folder = folder();
    let site = folder.path().join("site");
    let read = || ["good.md", "lint.toml"].map(|name| fs::read(site.join(name)).unwrap());
    let before = read();
    let refused: [&[&str]; 3] = [&["--format", "json=./good.md"], &["--format", "json=lint.toml"], &["--format", "json=o", "--format", "junit=./o"]];
    for args in refused {
        let output = notegate(&site, &[args, &["."]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(read(), before);
    assert!(!site.join("o").exists());
}

#[test]
fn a_configuration_counts_for_what_lies_below_it_alone() {
    let folder = folder();
    let lax = folder.path().join("lax");
    fs::create_dir(&lax).unwrap();
    fs::write(lax.join("lint.toml"), "[checks.section-depth]\nmin-words = 5000\n").unwrap();
    fs::write(lax.join("b.md"), GOOD).unwrap();
    let status = |path: &str| report(&notegate(&lax, &["--format", "json", path]))["articles"][0]["gate"]["status"].clone();
    assert_eq!([status("../site/good.md"), status("../lax/b.md"), status("b.md")], ["pass", "limited", "limited"]);
}
