//! The baseline: what it holds, what it never holds, and what happens to it when articles, branches and files change.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use notegate::baseline::{Baseline, Entry};
use serde_json::Value;
use tempfile::TempDir;

const FILE: &str = "notegate-baseline.json";
const PRICE: &str = "Silver is at $31.40 right now.";
const VAGUE: &str = "Experts agree that supply is tight.";
const HARD: &str = "Buy silver before Friday.";

fn page(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\nauthor: Harbour Street Desk\n---\n\n## Bars\n\n{body}\n")
}

struct Tree(TempDir);

impl Tree {
    fn new(files: &[(&str, String)]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        tree.write("lint.toml", "");
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        command.current_dir(self.0.path()).env_remove("NOTEGATE_AS_OF").env("SOURCE_DATE_EPOCH", "1779000000").env("FORCE_COLOR", "0").args(args);
        command.output().unwrap()
    }

    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn git(&self, args: &[&str]) -> bool {
        let mut command = Command::new("git");
        command.current_dir(self.0.path()).args(["-c", "user.name=Desk", "-c", "user.email=desk@example.org", "-c", "commit.gpgsign=false"]).args(args);
        command.output().unwrap().status.success()
    }

    fn report(&self, args: &[&str]) -> Value {
        let output = self.run(&[&["check", "--format", "json"], args].concat());
        assert!(output.status.code() != Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What a run says that nothing excuses, notes aside: path and rule.
    fn new_findings(&self, args: &[&str]) -> Vec<String> {
        let report = self.report(args);
        let mut told = Vec::new();
        for article in report["articles"].as_array().unwrap() {
            let checks = article["checks"].as_array().unwrap().iter().flat_map(|check| check["findings"].as_array().unwrap());
            for finding in article["issues"].as_array().unwrap().iter().chain(checks) {
                if finding["waived"].is_null() && finding["severity"] != "note" {
                    told.push(format!("{} {}", article["path"].as_str().unwrap(), finding["rule"].as_str().unwrap()));
                }
            }
        }
        told
    }

    fn notices(&self, args: &[&str]) -> Vec<String> {
        let report = self.report(args);
        report["notices"].as_array().unwrap().iter().map(|notice| notice["rule"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn what_was_there_is_held_and_what_is_new_is_told() {
    let tree = Tree::new(&[("a.md", page("A", PRICE)), ("b/c d\u{e9}.md", page("B", VAGUE))]);
    tree.ok(&["baseline", "create"]);
    let text = tree.read(FILE);
    assert!(text.contains("\"path\":\"b/c d\u{e9}.md\"") && !text.contains(tree.0.path().to_str().unwrap()), "{text}");
    assert_eq!(tree.new_findings(&[]), Vec::<String>::new());
    let report = tree.report(&[]);
    assert_eq!((report["summary"]["fail"].as_u64(), report["summary"]["limited"].as_u64()), (Some(0), Some(2)));
    assert!(report["summary"]["held"].as_u64().unwrap() > 5);
    for article in report["articles"].as_array().unwrap() {
        assert_eq!((&article["gate"]["row"], &article["gate"]["index"]), (&3.into(), &"held".into()));
        assert!(article["gate"]["because"].as_array().unwrap().iter().any(|why| why.as_str().unwrap().starts_with("baseline (")));
    }
    // reflow, a paragraph above, line ends: nothing is new
    tree.write("a.md", &page("A", &format!("A bar is weighed twice.\n\n{}", PRICE.replace(" right", "\nright"))).replace('\n', "\r\n"));
    assert_eq!((tree.new_findings(&[]), tree.notices(&[])), (vec![], vec![]));
    tree.write("a.md", &page("A", &format!("{PRICE}\n\n{VAGUE}")));
    assert_eq!(tree.new_findings(&[]), ["a.md source-transparency/vague-authority"]);
    // held findings are counted for a person, and shown where asked
    let shown = tree.run(&["check", "--format", "concise", "a.md"]);
    assert!(!String::from_utf8_lossy(&shown.stdout).contains("live-price/unsupported"));
    let shown = tree.run(&["check", "--format", "concise", "--verbose", "a.md"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("held by the baseline since 2026-05-17"));
    assert!(!tree.new_findings(&["--no-baseline"]).is_empty());
    // and from another folder the same
    let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
    let output = command.current_dir(tree.0.path().join("b")).args(["check", "--as-of", "2026-05-17", "."]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_was_fixed_can_be_pruned_and_only_that() {
    let tree = Tree::new(&[("a.md", page("A", PRICE)), ("b.md", page("B", VAGUE))]);
    tree.ok(&["baseline", "create"]);
    let full = tree.read(FILE);
    tree.write("a.md", &page("A", "A bar is weighed twice."));
    assert_eq!(tree.notices(&[]), ["baseline/prunable"]);
    assert_eq!(tree.notices(&["b.md"]), Vec::<String>::new());
    tree.ok(&["baseline", "prune", "b.md"]);
    assert_eq!(tree.read(FILE), full);
    tree.ok(&["baseline", "prune"]);
    let pruned = tree.read(FILE);
    assert!(pruned.len() < full.len() && !pruned.contains("live-price/unsupported") && pruned.contains("vague-authority"));
    assert_eq!(tree.notices(&[]), Vec::<String>::new());
    tree.ok(&["baseline", "prune"]);
    assert_eq!(tree.read(FILE), pruned);
    // a deleted article
    fs::remove_file(tree.0.path().join("b.md")).unwrap();
    assert_eq!(tree.notices(&[]), ["baseline/prunable"]);
    assert_eq!(tree.notices(&["a.md"]), Vec::<String>::new());
    tree.ok(&["baseline", "prune"]);
    assert!(!tree.read(FILE).contains("b.md"));
}

#[test]
fn an_article_that_moved_stays_held() {
    let tree = Tree::new(&[("a.md", page("A", PRICE)), ("b.md", page("B", VAGUE))]);
    tree.ok(&["baseline", "create"]);
    fs::create_dir(tree.0.path().join("new")).unwrap();
    fs::rename(tree.0.path().join("a.md"), tree.0.path().join("new/other.md")).unwrap();
    assert_eq!((tree.new_findings(&[]), tree.notices(&[])), (vec![], vec![]));
    // a copy is new: the old one is still there
    tree.write("copy.md", &page("B", VAGUE));
    assert!(tree.new_findings(&[]).iter().all(|finding| finding.starts_with("copy.md")));
    fs::remove_file(tree.0.path().join("copy.md")).unwrap();
    tree.ok(&["baseline", "update"]);
    let text = tree.read(FILE);
    assert!(text.contains("\"new/other.md\"") && !text.contains("\"a.md\""), "{text}");
}

#[test]
fn what_nobody_may_excuse_is_not_held() {
    let tree = Tree::new(&[("a.md", page("A", HARD))]);
    let told = tree.ok(&["baseline", "create"]);
    assert!(told.contains("1 finding is not") && told.contains("a.md:8 ymyl-boundary/trade-command"), "{told}");
    assert_eq!(tree.new_findings(&[]), ["a.md ymyl-boundary/trade-command"]);
    assert_eq!(tree.run(&["check"]).status.code(), Some(1));
    // written in by hand, it still is not
    let report = tree.report(&[]);
    let check = report["articles"][0]["checks"].as_array().unwrap().iter().find(|check| check["id"] == "ymyl-boundary").unwrap();
    let print = check["findings"][0]["fingerprint"].as_str().unwrap();
    let line = format!(
        "{{\"path\":\"a.md\",\"rule\":\"ymyl-boundary/trade-command\",\"fingerprint\":\"{print}\",\"severity\":\"error\",\"since\":\"2020-01-01\",\"excerpt\":\"\"}},\nnull\n"
    );
    tree.write(FILE, &tree.read(FILE).replace("null\n", &line));
    assert_eq!(tree.new_findings(&[]), ["a.md ymyl-boundary/trade-command"]);
    assert_eq!(tree.notices(&[]), ["baseline/not-held"]);
    assert_eq!(tree.run(&["check"]).status.code(), Some(1));
}

#[test]
fn an_error_is_not_held_by_what_was_a_warning() {
    let tree = Tree::new(&[("a.md", page("A", VAGUE))]);
    tree.ok(&["baseline", "create"]);
    assert!(tree.new_findings(&[]).is_empty());
    tree.write("lint.toml", "[severity]\n\"source-transparency/vague-authority\" = \"error\"\n");
    assert_eq!(tree.new_findings(&[]), ["a.md source-transparency/vague-authority"]);
}

#[test]
fn an_article_that_cannot_be_read_is_not_held_and_prunes_nothing() {
    let tree = Tree::new(&[("a.md", page("A", PRICE)), ("b.md", "---\ntitle: [\n---\n\nText.\n".to_owned())]);
    tree.ok(&["baseline", "create"]);
    assert!(tree.new_findings(&["b.md"]).contains(&"b.md front-matter/unreadable".to_owned()));
    tree.write("a.md", "---\ntitle: [\n---\n\nText.\n");
    assert_eq!(tree.notices(&["a.md"]), Vec::<String>::new());
}

#[test]
fn two_branches_merge_line_by_line() {
    let tree = Tree::new(&[("a.md", page("A", PRICE)), ("m.md", page("M", "A bar is weighed.")), ("z.md", page("Z", VAGUE))]);
    tree.write(".gitattributes", &format!("{FILE} merge=union\n"));
    tree.ok(&["baseline", "create"]);
    assert!(tree.git(&["init", "-q", "-b", "main"]) && tree.git(&["add", "-A"]) && tree.git(&["commit", "-qm", "base"]));
    assert!(tree.git(&["checkout", "-qb", "one"]));
    tree.write("n.md", &page("N", PRICE));
    tree.ok(&["baseline", "update"]);
    assert!(tree.git(&["add", "-A"]) && tree.git(&["commit", "-qm", "one"]) && tree.git(&["checkout", "-q", "main"]));
    tree.write("o.md", &page("O", VAGUE));
    tree.write("z.md", &page("Z", "A bar is weighed."));
    tree.ok(&["baseline", "update"]);
    assert!(tree.git(&["add", "-A"]) && tree.git(&["commit", "-qm", "two"]));
    assert!(tree.git(&["merge", "-q", "one", "-m", "both"]));
    assert_eq!(tree.new_findings(&[]), Vec::<String>::new());
    // lines that came twice do no harm
    let text = tree.read(FILE);
    let entry = text.lines().find(|line| line.contains("\"n.md\"")).unwrap();
    tree.write(FILE, &text.replace(entry, &format!("{entry}\n{entry}")));
    assert_eq!(tree.new_findings(&[]), Vec::<String>::new());
}

#[test]
fn a_rebase_and_a_shallow_clone_keep_what_is_held() {
    let body = format!("A bar is weighed twice, once by the seller and once by the desk.\n\n{PRICE}\n\nThe scale is read in the morning.");
    let tree = Tree::new(&[("notes/a b.md", page("A", &body)), ("z.md", page("Z", VAGUE))]);
    tree.write(".gitattributes", &format!("{FILE} merge=union\n"));
    tree.ok(&["baseline", "create"]);
    assert!(tree.git(&["init", "-q", "-b", "main"]) && tree.git(&["add", "-A"]) && tree.git(&["commit", "-qm", "base"]));
    // on a branch: another paragraph below, and an article with its own entry
    assert!(tree.git(&["checkout", "-qb", "branch"]));
    tree.write("notes/a b.md", &page("A", &format!("{body}\n\nIt is read again at night.")));
    tree.write("n.md", &page("N", PRICE));
    tree.ok(&["baseline", "update"]);
    assert!(tree.git(&["add", "-A"]) && tree.git(&["commit", "-qm", "branch"]) && tree.git(&["checkout", "-q", "main"]));
    // meanwhile: the same article moved, its first paragraph set in other lines, and an article with its own entry
    assert!(tree.git(&["mv", "notes/a b.md", "notes/b.md"]));
    tree.write("notes/b.md", &page("A", &body.replace("twice, once", "twice,\nonce")));
    tree.write("o.md", &page("O", VAGUE));
    tree.ok(&["baseline", "update"]);
    assert!(tree.git(&["add", "-A"]) && tree.git(&["commit", "-qm", "meanwhile"]));
    assert!(tree.git(&["checkout", "-q", "branch"]) && tree.git(&["rebase", "-q", "main"]));
    assert!(tree.read("notes/b.md").contains("at night"), "git carried the branch over the move");
    // a union of lines keeps the entry of the old path too: it holds nothing, and can be pruned
    assert_eq!((tree.new_findings(&[]), tree.notices(&[])), (vec![], vec!["baseline/prunable".to_owned()]));
    tree.ok(&["baseline", "prune"]);
    assert_eq!((tree.new_findings(&[]), tree.notices(&[])), (vec![], vec![]));
    assert!(tree.git(&["commit", "-qam", "pruned"]));
    // a clone of one commit is judged as the whole repository is
    let clone = Tree(tempfile::tempdir().unwrap());
    let origin = format!("file://{}", tree.0.path().to_str().unwrap());
    assert!(clone.git(&["clone", "-q", "--depth", "1", &origin, "."]));
    assert_eq!(clone.new_findings(&[]), Vec::<String>::new());
    clone.write("z.md", &page("Z", &format!("{VAGUE}\n\n{PRICE}")));
    assert!(clone.git(&["add", "z.md"]));
    let new = ["z.md freshness/rotting-word", "z.md live-price/unsupported", "z.md source-transparency/no-snapshot"];
    assert_eq!(clone.new_findings(&["--staged"]), new, "and not what is held there: that no source is named for a vague authority");
}

#[test]
fn a_baseline_that_cannot_be_used_ends_the_run_with_its_place() {
    let tree = Tree::new(&[("a.md", page("A", PRICE))]);
    tree.ok(&["baseline", "create"]);
    let good = tree.read(FILE);
    let entry = good.lines().nth(3).unwrap();
    for (text, part) in [
        (format!("<<<<<<< HEAD\n{good}=======\n{good}>>>>>>> other\n"), "merge that was not finished"),
        (good.replace("},\n", "}\n"), "cannot be read"),
        (good.replace("baseline/1", "baseline/2"), "notegate.baseline/2"),
        ("{}".to_owned(), "this is no baseline"),
        (String::new(), "cannot be read"),
        (good.replace(entry, &entry.replace("\"a.md\"", "\"/tmp/a.md\"")), "no path from the folder"),
        (good.replace(entry, &entry.replace("2026-05-17", "yesterday")), "`yesterday` is no day"),
    ] {
        tree.write(FILE, &text);
        let output = tree.run(&["check"]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let plain = error.replace(['\n', '\u{2502}'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(output.status.code() == Some(2) && plain.contains(part) && plain.contains(FILE), "{part}: {error}");
        assert_eq!(tree.run(&["check", "--no-baseline"]).status.code(), Some(1));
    }
    assert_eq!(tree.run(&["check", "--baseline", "none.json"]).status.code(), Some(2));
    tree.write("lint.toml", "[baseline]\nfile = \"none.json\"\n");
    assert_eq!(tree.run(&["check"]).status.code(), Some(2));
    tree.ok(&["baseline", "create"]);
    assert!(tree.new_findings(&[]).is_empty());
    assert_eq!(tree.run(&["baseline", "create"]).status.code(), Some(2));
}

#[test]
fn the_baseline_of_the_repository_is_found() {
    let tree = Tree::new(&[("deep/er/a.md", page("A", PRICE))]);
    fs::remove_file(tree.0.path().join("lint.toml")).unwrap();
    assert!(tree.git(&["init", "-q"]));
    tree.ok(&["baseline", "create", "deep"]);
    assert!(Path::new(&tree.0.path().join(FILE)).is_file());
    assert!(tree.new_findings(&["deep/er/a.md"]).is_empty());
}

#[test]
fn a_file_reads_back_as_it_was_written() {
    let entry = |path: &str, severity: &str, since: &str| Entry {
        path: path.to_owned(),
        rule: "live-price/unsupported".to_owned(),
        fingerprint: "0123456789abcdef01234567".to_owned(),
        severity: severity.to_owned(),
        since: since.to_owned(),
        excerpt: "\"quoted\" \u{2026}".to_owned(),
    };
    let baseline = Baseline::new(vec![entry("b.md", "warning", "2026-05-17"), entry("a.md", "error", "2026-05-17"), entry("b.md", "error", "2025-01-01")]);
    assert_eq!(baseline.entries(), [entry("a.md", "error", "2026-05-17"), entry("b.md", "error", "2025-01-01")]);
    assert_eq!(Baseline::read(&baseline.write()).unwrap(), baseline);
    assert!(baseline.write().lines().filter(|line| line.contains("\"path\"")).all(|line| line.ends_with("},")));
}
