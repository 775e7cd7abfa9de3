//! What is kept can be proved: every changed byte is named, a kill leaves the old file or the new one, and nobody's decision is lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use notegate::attest::{Envelope, PublicKey, SecretKey, canonical, sha256};
use notegate::engine::weighty;
use notegate::packet::file::{FileDigest, PacketFile, PacketInputs};
use notegate::sign_off::{Held, SignOff, SignedDecision};
use notegate::store::{Disk, Kind, RealDisk, Store};
use notegate::verify::{Evidence, State, Verdict, verify};
use proptest::prelude::*;
use rayon::prelude::*;

const ARTICLE: &str = "---\ntitle: Reading the Silver Premium\nauthor: Harbour Street Desk\nlast_reviewed: 2026-05-17\nsource: data/snapshot.json\n---\n\n## What it is\n\nA premium is what a coin costs above its metal. Write it down beside the date.\n";
const SNAPSHOT: &str = "{\"name\":\"Harbour Street reference set\",\"provider\":\"harbour-street-local\",\"method\":\"ledger-generator\",\"captured\":\"2026-05-17\",\"prices\":[]}";
const CONFIG: &str = "[rules]\nfiles = [\"rules/own.toml\"]\n";
const RULES: &str = "[check]\nid = \"scaled-content\"\n";

/// Everything that lies on the disk for one article.
#[derive(Clone)]
struct World {
    files: Vec<(&'static str, Vec<u8>)>,
}

impl World {
    fn new() -> Self {
        let desk = desk::Desk::new();
        let key = SecretKey::of_seed(&[7; 32]);
        let mut article = desk.judge_with(&[("a.md", ARTICLE.into())], &|_| Ok(SNAPSHOT.into())).remove(0);
        let decision = SignedDecision {
            article: "a.md".to_owned(),
            by: "Jane Roe".to_owned(),
            role: Some("editor".to_owned()),
            note: None,
            signed_at: "2026-05-17".to_owned(),
            expires: None,
            content_sha256: article.content_sha256.clone(),
            snapshot_sha256: article.snapshot.as_ref().and_then(|snapshot| snapshot.sha256.clone()),
            policy_sha256: sha256(b"policy"),
            accepted: weighty(&article).into_iter().collect(),
            limited: Vec::new(),
            earlier: Vec::new(),
        };
        let sign_off = SignOff::new(decision, Some(&key));
        let held = Held { sign_off: Ok(sign_off.clone()), policy_sha256: sha256(b"policy"), refused: None };
        let limited = article.checks.iter().filter(|check| check.status == "limited").map(|check| check.id.clone()).collect::<Vec<_>>();
        let now = notegate::sign_off::Now {
            as_of: desk::AS_OF,
            content_sha256: &article.content_sha256,
            snapshot_sha256: article.snapshot.as_ref().and_then(|snapshot| snapshot.sha256.as_deref()),
            findings: weighty(&article),
            limited: limited.iter().map(String::as_str).collect(),
        };
        article.sign_off = Some(held.record(&now));
        let digest = |path: &str, bytes: &str| FileDigest { path: path.to_owned(), sha256: sha256(bytes.as_bytes()) };
        let inputs = PacketInputs {
            config: vec![digest("lint.toml", CONFIG)],
            rules: vec![digest("rules/own.toml", RULES)],
            rulebook: desk.rulebook.digest.clone(),
            policy: sha256(b"policy"),
            snapshot: Some(digest("data/snapshot.json", SNAPSHOT)),
            baseline: None,
        };
        let packet = PacketFile::new(article, Vec::new(), inputs, "2026-05-17", None);
        Self {
            files: vec![
                ("a.md", ARTICLE.into()),
                ("data/snapshot.json", SNAPSHOT.into()),
                ("lint.toml", CONFIG.into()),
                ("rules/own.toml", RULES.into()),
                ("packet", packet.bytes()),
                ("envelope", canonical(&packet.attest(&key))),
                ("sign-off", canonical(&sign_off)),
                ("trusted-key", key.public().pem().into_bytes()),
            ],
        }
    }

    fn get(&self, name: &str) -> Vec<u8> {
        self.files.iter().find(|(known, _)| *known == name).map(|(_, bytes)| bytes.clone()).unwrap()
    }

    /// The verdict, or why the key cannot be used.
    fn verdict(&self) -> Result<Verdict, String> {
        let key = PublicKey::read("desk.pub", &self.get("trusted-key"))?;
        let input = |path: &str| Ok(self.get(path));
        let evidence = Evidence {
            path: "a.md",
            article: Ok(self.get("a.md")),
            packet: Some(self.get("packet")),
            envelope: Some(self.get("envelope")),
            sign_off: Some(self.get("sign-off")),
            input: &input,
            config_now: vec!["lint.toml".to_owned()],
        };
        Ok(verify(&evidence, &[key], desk::AS_OF).0)
    }
}

/// Numbers that look random and are the same in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most as u64) as usize
    }
}

#[test]
fn any_changed_byte_is_named() {
    let world = World::new();
    let sound = world.verdict().unwrap();
    assert_eq!(sound.state, State::Verified, "{:?}", sound.faults);
    let part = |name: &str| match name {
        "a.md" => vec!["article"],
        "data/snapshot.json" => vec!["snapshot"],
        "lint.toml" => vec!["configuration"],
        "rules/own.toml" => vec!["rules"],
        "envelope" => vec!["envelope", "signature"],
        "packet" => vec!["packet"],
        "sign-off" => vec!["sign-off"],
        "trusted-key" => vec!["trusted-key"],
        _ => vec![],
    };
    let envelope = String::from_utf8(world.get("envelope")).unwrap();
    let signature = envelope.find("\"sig\":\"").unwrap() + 7..envelope.rfind('"').unwrap();
    let mut seeded = Seeded(20_260_517);
    let mutations: Vec<(usize, usize, u8)> = (0..5200)
        .map(|i| {
            let file = i % (world.files.len() + 1);
            // the signature is a small part of its envelope: it has a turn of its own
            let (file, at) =
                if file == world.files.len() { (5, signature.start + seeded.below(signature.len())) } else { (file, seeded.below(world.files[file].1.len())) };
            (file, at, 1 + seeded.below(255) as u8)
        })
        .collect();
    let missed: Vec<String> = mutations
        .par_iter()
        .filter_map(|(file, at, flip)| {
            let mut changed = world.clone();
            changed.files[*file].1[*at] ^= flip;
            let name = changed.files[*file].0;
            let told = changed.verdict();
            let named = match &told {
                // a key that cannot be read stops the run, with the name of its file
                Err(_) => name == "trusted-key",
                Ok(verdict) => verdict.state != State::Verified && verdict.faults.iter().any(|fault| part(name).contains(&fault.part.as_str())),
            };
            let of_signature = *file == 5 && signature.contains(at);
            let named = named
                && (!of_signature
                    || told.as_ref().is_ok_and(|verdict| verdict.faults.iter().any(|fault| ["signature", "envelope"].contains(&fault.part.as_str()))));
            (!named).then(|| format!("{name} byte {at} ^ {flip:#x}: {told:?}"))
        })
        .collect();
    assert!(missed.is_empty(), "{} of {} are missed:\n{}", missed.len(), mutations.len(), missed[..missed.len().min(5)].join("\n"));
}

#[test]
fn what_is_gone_or_signed_by_nobody_is_said() {
    let world = World::new();
    let key = PublicKey::read("desk.pub", &world.get("trusted-key")).unwrap();
    let other = SecretKey::of_seed(&[9; 32]).public();
    let input = |path: &str| Ok(world.get(path));
    let state = |packet: bool, envelope: bool, sign_off: bool, keys: &[PublicKey], day: jiff::civil::Date| {
        let evidence = Evidence {
            path: "a.md",
            article: Ok(world.get("a.md")),
            packet: packet.then(|| world.get("packet")),
            envelope: envelope.then(|| world.get("envelope")),
            sign_off: sign_off.then(|| world.get("sign-off")),
            input: &input,
            config_now: vec!["lint.toml".to_owned()],
        };
        verify(&evidence, keys, day).0.state
    };
    let trusted = std::slice::from_ref(&key);
    assert_eq!(state(true, true, true, trusted, desk::AS_OF), State::Verified);
    assert_eq!(state(false, true, true, trusted, desk::AS_OF), State::Missing);
    assert_eq!(state(true, false, true, trusted, desk::AS_OF), State::Unsigned);
    assert_eq!(state(true, true, false, trusted, desk::AS_OF), State::Missing);
    assert_eq!(state(true, true, true, &[], desk::AS_OF), State::Unsigned);
    assert_eq!(state(true, true, true, &[other], desk::AS_OF), State::Unsigned);
    assert_eq!(state(true, true, true, trusted, jiff::civil::date(2030, 1, 1)), State::Stale);
    assert_eq!(state(true, true, true, trusted, jiff::civil::date(2026, 5, 16)), State::Stale);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]
    #[test]
    fn no_bytes_break_the_verification(cut in 0_usize..40_000, random in prop::collection::vec(any::<u8>(), 0..200)) {
        let world = World::new();
        for i in 4..8 {
            for bytes in [world.files[i].1[..cut.min(world.files[i].1.len() - 2)].to_vec(), random.clone()] {
                let mut changed = world.clone();
                changed.files[i].1 = bytes;
                prop_assert!(changed.verdict().map_or(true, |verdict| verdict.state != State::Verified));
            }
        }
    }
}

/// A disk that stops for ever at one of its steps, half of the bytes written.
struct Dying {
    left: AtomicUsize,
}

impl Dying {
    fn step(&self) -> io::Result<()> {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        if left == 0 { Err(io::Error::other("the power is gone")) } else { Ok(()) }
    }
}

impl Disk for Dying {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.step() {
            fs::write(path, &bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        RealDisk.write(path, bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.rename(from, to)
    }
}

#[test]
fn a_kill_at_any_step_leaves_the_old_file_or_the_new_one() {
    for before in [None, Some(&b"old"[..])] {
        for steps in 0..4 {
            let folder = tempfile::tempdir().unwrap();
            let store = Store { folder: folder.path().to_owned() };
            if let Some(old) = before {
                store.write(&RealDisk, "notes/a.md", Kind::Packet, old).unwrap();
            }
            let done = store.write(&Dying { left: AtomicUsize::new(steps) }, "notes/a.md", Kind::Packet, b"new").is_ok();
            let there = store.read("notes/a.md", Kind::Packet).unwrap();
            assert_eq!(there.as_deref(), if done { Some(&b"new"[..]) } else { before });
            // and the next one goes through
            store.write(&RealDisk, "notes/a.md", Kind::Packet, b"newer").unwrap();
            assert_eq!(store.read("notes/a.md", Kind::Packet).unwrap().as_deref(), Some(&b"newer"[..]));
        }
    }
}

#[test]
fn no_path_leaves_the_folder_of_packets() {
    let store = Store { folder: "packets".into() };
    for path in ["../../etc/a.md", "/etc/a.md", "a/../../b.md", "./a.md", "a//b.md", "C:\\a.md"] {
        let file = store.file(path, Kind::Packet);
        assert!(file.starts_with("packets") && file.components().all(|part| part != std::path::Component::ParentDir), "{path} → {}", file.display());
    }
}

fn notegate(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
    command.current_dir(folder).args(arguments).env("NOTEGATE_AS_OF", "2026-05-17").env_remove("NOTEGATE_SIGNING_KEY");
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let from = fs::read_dir(root.join("fixtures/gate/limited"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"));
    fs::create_dir(folder.path().join("notes")).unwrap();
    for path in from {
        fs::copy(&path, folder.path().join("notes").join(path.file_name().unwrap())).unwrap();
    }
    fs::write(folder.path().join("lint.toml"), "[packet]\ndir = \"packets\"\ntrusted-keys = [\"desk.pub\"]\n").unwrap();
    assert!(notegate(folder.path(), &["keygen", "desk"]).status.success());
    folder
}

fn gate(folder: &Path, article: &str) -> serde_json::Value {
    let output = notegate(folder, &["check", "--format", "json", article]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    report["articles"][0].clone()
}

#[test]
fn a_sign_off_lifts_what_is_limited_until_something_changes() {
    let folder = project();
    let root = folder.path();
    let first = fs::read_dir(root.join("notes")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).max().unwrap();
    let article = format!("notes/{first}");
    assert_eq!(gate(root, &article)["gate"]["row"], 3);
    for nobody in ["", "  ", "notegate", "GPT", "admin", "review bot", "a\u{202e}b"] {
        assert_eq!(notegate(root, &["sign-off", &article, "--by", nobody]).status.code(), Some(2), "{nobody:?}");
    }
    let signed = notegate(root, &["sign-off", &article, "--by", "Jane Roe", "--role", "editor", "--key", "desk", "--expires", "2026-12-31"]);
    assert!(signed.status.success(), "{}", said(&signed));
    let after = gate(root, &article);
    assert_eq!((after["gate"]["row"].as_u64(), after["gate"]["index"].as_str()), (Some(4), Some("approved-with-limits")), "{:#}", after["sign_off"]);
    assert_eq!(after["gate"]["reviewer"], "Jane Roe");
    // signed packets verify, also when they are judged again, and the panels of the page change nothing
    assert!(notegate(root, &["check", "--attest", "--key", "desk", &article]).status.success());
    let verified = notegate(root, &["verify", "--rejudge", &article]);
    assert!(verified.status.success(), "{}", said(&verified));
    let text = fs::read_to_string(root.join(&article)).unwrap();
    let panels = String::from_utf8(notegate(root, &["check", "--format", "panels-markdown", &article]).stdout).unwrap();
    fs::write(root.join(&article), format!("{}\n\n{panels}", text.trim_end()).replace('\n', "\r\n")).unwrap();
    let written = gate(root, &article);
    assert_eq!(written["gate"]["row"], 4, "{:#}", written["issues"]);
    assert_eq!(written["content_sha256"], after["content_sha256"]);
    let tampered = notegate(root, &["check", &article]);
    assert!(tampered.status.success());
    // the name stands where it stood; an edit voids it, and the check says why
    fs::write(root.join(&article), text.replacen("the", "thee", 1)).unwrap();
    let edited = gate(root, &article);
    assert_eq!(edited["gate"]["row"], 3);
    assert_eq!(edited["sign_off"]["state"], "void");
    assert!(edited["sign_off"]["changed"][0].as_str().unwrap().contains("edited"));
    // without the key of the desk it counts for nothing
    fs::write(root.join(&article), &text).unwrap();
    assert!(notegate(root, &["sign-off", &article, "--by", "John Marsh"]).status.success());
    let unsigned = gate(root, &article);
    assert_eq!((unsigned["gate"]["row"].as_u64(), unsigned["sign_off"]["state"].as_str()), (Some(3), Some("unsigned")));
}

#[test]
fn what_was_judged_with_a_given_snapshot_is_judged_again_with_it() {
    let folder = project();
    let root = folder.path();
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gate/pass/copper-ledger-workflow.md")).unwrap();
    fs::write(root.join("notes/copper.md"), &text).unwrap();
    fs::write(root.join("given.json"), SNAPSHOT).unwrap();
    notegate(root, &["check", "--quiet", "--snapshot", "given.json", "--attest", "--key", "desk"]);
    let again = notegate(root, &["verify", "--rejudge", "--permit", "stale"]);
    assert!(again.status.success(), "{}", said(&again));
    fs::write(root.join("given.json"), SNAPSHOT.replace("2026-05-17", "2026-05-16")).unwrap();
    let other = notegate(root, &["verify", "--rejudge", "--permit", "stale"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(said(&other).contains("snapshot (tampered)") && said(&other).contains("judgement (tampered)"), "{}", said(&other));
}

#[test]
fn what_fails_cannot_be_signed_off() {
    let folder = project();
    let root = folder.path();
    fs::write(root.join("notes/bad.md"), "---\ntitle: Buy\n---\n\nYou should buy gold now, it will double, guaranteed.\n").unwrap();
    let refused = notegate(root, &["sign-off", "notes/bad.md", "--by", "Jane Roe", "--key", "desk"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(!root.join("packets/notes/bad.md.signoff.json").exists());
}

#[test]
fn keys_are_private_and_never_overwritten() {
    let folder = project();
    let again = notegate(folder.path(), &["keygen", "desk"]);
    assert_eq!(again.status.code(), Some(2));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(folder.path().join("desk")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_packet_that_says_the_same_is_not_written_again() {
    let folder = project();
    let root = folder.path();
    notegate(root, &["check"]);
    let packets = || {
        let store = Store { folder: root.join("packets") };
        let kept = store.kept().unwrap();
        assert!(!kept.is_empty());
        kept.iter()
            .map(|name| store.file(name, Kind::Packet))
            .map(|file| (fs::metadata(&file).unwrap().modified().unwrap(), fs::read(file).unwrap()))
            .collect::<Vec<_>>()
    };
    let before = packets();
    notegate(root, &["check"]);
    assert_eq!(before, packets());
}

#[test]
fn processes_at_once_lose_nothing() {
    let folder = project();
    let root = folder.path();
    let first = fs::read_dir(root.join("notes")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).max().unwrap();
    let article = format!("notes/{first}");
    notegate(root, &["check"]);
    std::thread::scope(|scope| {
        for i in 0..6 {
            let article = &article;
            scope.spawn(move || {
                let output = match i % 3 {
                    0 => notegate(root, &["check"]),
                    1 => notegate(root, &["sign-off", article, "--by", &format!("Jane {}", ["Roe", "Marsh"][i / 3]), "--key", "desk"]),
                    _ => notegate(root, &["verify", "--permit", "unsigned,stale,missing"]),
                };
                assert!(output.status.success(), "{}", said(&output));
            });
        }
    });
    let store = Store { folder: root.join("packets") };
    for name in store.kept().unwrap() {
        PacketFile::read(&store.read(&name, Kind::Packet).unwrap().unwrap()).unwrap();
    }
    let last = SignOff::read(&store.read(&article, Kind::SignOff).unwrap().unwrap()).unwrap();
    let mut names: Vec<&str> = last.decision.earlier.iter().map(|earlier| earlier.by.as_str()).chain([last.decision.by.as_str()]).collect();
    names.sort_unstable();
    assert_eq!(names, ["Jane Marsh", "Jane Roe"]);
}

/// Whatever moment a process is killed at, every file is the old one or the new one, and the next run goes on from there.
#[test]
fn a_killed_process_leaves_whole_files() {
    let folder = project();
    let root = folder.path();
    let text = fs::read_to_string(fs::read_dir(root.join("notes")).unwrap().map(|entry| entry.unwrap().path()).max().unwrap()).unwrap();
    for i in 0..24 {
        fs::write(root.join(format!("notes/copy-{i}.md")), &text).unwrap();
    }
    let attest = |day: &str| ["check", "--quiet", "--attest", "--key", "desk", "--as-of", day].map(str::to_owned);
    // how long a whole run takes, so that the kills are spread over it on any machine
    let begun = std::time::Instant::now();
    notegate(root, &attest("2026-05-17").each_ref().map(String::as_str));
    let whole = begun.elapsed();
    let store = Store { folder: root.join("packets") };
    let days = ["2026-05-18", "2026-05-17"];
    let mut cut_short = 0;
    for kill in 1..=24u32 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_notegate"))
            .current_dir(root)
            .args(attest(days[kill as usize % 2]))
            .env_remove("NOTEGATE_SIGNING_KEY")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * kill / 24);
        let _ = child.kill();
        // a killed process has no exit code
        cut_short += u32::from(child.wait().unwrap().code().is_none());
        for name in store.kept().unwrap() {
            let packet = PacketFile::read(&store.read(&name, Kind::Packet).unwrap().unwrap()).unwrap();
            assert!(days.contains(&packet.as_of.as_str()), "{name}: {}", packet.as_of);
            if let Some(envelope) = store.read(&name, Kind::Envelope).unwrap() {
                Envelope::read(&envelope).unwrap();
            }
        }
    }
    assert!(cut_short > 0, "no process was killed before its end");
    notegate(root, &attest("2026-05-17").each_ref().map(String::as_str));
    let after = notegate(root, &["verify", "--permit", "stale"]);
    assert!(after.status.success(), "{}", said(&after));
}

#[test]
fn only_what_is_verified_and_approved_is_in_the_sitemap() {
    let folder = project();
    let root = folder.path();
    let config = "[packet]\ndir = \"packets\"\ntrusted-keys = [\"desk.pub\"]\n[index]\nbase-url = \"https://example.org\"\nroot = \"notes\"\n";
    fs::write(root.join("lint.toml"), config).unwrap();
    let pass = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gate/pass/copper-ledger-workflow.md");
    // its address is to come of the name of its file
    let text: String = fs::read_to_string(pass).unwrap().split_inclusive('\n').filter(|line| !line.starts_with("slug:")).collect();
    fs::write(root.join("notes/copper & co.md"), &text).unwrap();
    notegate(root, &["check", "--attest", "--key", "desk"]);
    let index = |format: &str, more: &[&str]| {
        let output = notegate(root, &[&["index", "--format", format], more].concat());
        assert!(output.status.code() == Some(0) || output.status.code() == Some(1), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let url = "https://example.org/copper%20%26%20co/";
    let sitemap = index("sitemap", &[]);
    let mut reader = quick_xml::Reader::from_str(&sitemap);
    let mut texts = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Text(text) => texts.push(text.trim().to_owned()),
            _ => {}
        }
    }
    texts.retain(|text| !text.is_empty());
    assert_eq!(texts, [url, "2026-05-17"], "{sitemap}");
    let before = index("json", &[]);
    fs::write(root.join("before.json"), &before).unwrap();
    assert_eq!(index("indexnow-list", &[]), format!("{url}\n"));
    assert_eq!(index("indexnow-list", &["--previous", "before.json"]), "");
    let headers = index("headers", &[]);
    let lines: Vec<&str> = headers.lines().collect();
    let rules: Vec<(&str, &str)> = lines.chunks(2).map(|pair| (pair[0], pair[1].trim().split_once(": ").unwrap().1)).collect();
    assert_eq!(rules.len(), 3);
    assert!(rules.iter().all(|(path, robots)| robots.starts_with("noindex") == (*path != "/copper%20%26%20co/")), "{headers}");
    let page = scraper::Html::parse_fragment(&index("meta", &[]));
    let metas: Vec<&str> = page.select(&scraper::Selector::parse("meta[name=robots]").unwrap()).filter_map(|meta| meta.attr("content")).collect();
    assert_eq!(metas.iter().filter(|content| content.starts_with("index")).count(), 1);
    assert_eq!(metas.len(), 3);
    assert!(index("robots", &[]).ends_with("Sitemap: https://example.org/sitemap.xml\n"));
    // a page that was changed behind the back of its packet is approved no more, and its address is told
    fs::write(root.join("notes/copper & co.md"), text.replacen("the", "thee", 1)).unwrap();
    assert!(!index("sitemap", &[]).contains("copper"));
    assert_eq!(index("indexnow-list", &["--previous", "before.json"]), format!("{url}\n"));
}

#[test]
fn addresses_follow_the_pattern_or_the_header() {
    let of = |path: &str, stated: Option<&str>| notegate::index::address(path, "/{dir}/{slug}/", "content", stated, Some("https://example.org"));
    let cases = [
        ("content/notes/a.md", None, Some("/notes/a/")),
        ("content/notes/index.md", None, Some("/notes/")),
        ("content/index.md", None, Some("/")),
        ("other/a.md", None, Some("/other/a/")),
        ("content/notes/a.md", Some("gold"), Some("/notes/gold/")),
        ("content/notes/a.md", Some("/x/y.html"), Some("/x/y.html")),
        ("content/notes/a.md", Some("https://example.org/z/"), Some("/z/")),
        ("content/notes/a.md", Some("https://example.organ/z/"), None),
        ("content/notes/a.md", Some("https://elsewhere.org/z/"), None),
        ("content/notes/a.md", Some("/:year/:title/"), Some("/notes/a/")),
        ("content/Über uns/*.md", None, Some("/%C3%9Cber%20uns/%2A/")),
        ("content/a.md", Some("/a%20b/?q=1#x"), Some("/a%20b/")),
    ];
    for (path, stated, expected) in cases {
        assert_eq!(of(path, stated).as_deref(), expected, "{path} {stated:?}");
    }
}

#[test]
fn many_addresses_are_parted_into_several_sitemaps() {
    use notegate::index::{IndexReport, Page};
    let pages = (0..50_001).map(|i| Page::new(&format!("{i}.md"), format!("/{i}/"), "approved", Some("2026-05-17".to_owned()), Vec::new(), None)).collect();
    let report = IndexReport::new("2026-05-17", Some("https://example.org".to_owned()), pages, None);
    let maps = report.sitemaps("/sitemap.xml");
    assert_eq!(maps.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml"]);
    assert_eq!(maps.iter().map(|(_, text)| text.matches("<loc>").count()).collect::<Vec<_>>(), [2, 50_000, 1]);
    let same = ["a.md", "b.md"].map(|path| Page::new(path, "/x/".to_owned(), "approved", None, Vec::new(), None)).to_vec();
    assert!(IndexReport::new("2026-05-17", None, same, None).pages.iter().all(|page| !page.index));
}

#[test]
fn a_baseline_that_holds_findings_is_part_of_the_evidence() {
    let folder = project();
    let root = folder.path();
    assert!(notegate(root, &["baseline", "create"]).status.success());
    notegate(root, &["check", "--attest", "--key", "desk"]);
    let permit = ["verify", "--permit", "stale"];
    let sound = notegate(root, &permit);
    assert!(sound.status.success(), "{}", said(&sound));
    let baseline = root.join("notegate-baseline.json");
    let text = fs::read_to_string(&baseline).unwrap();
    fs::write(&baseline, format!("{text}\n")).unwrap();
    let changed = notegate(root, &permit);
    assert_eq!(changed.status.code(), Some(1));
    assert!(said(&changed).contains("baseline (tampered)"), "{}", said(&changed));
}

/// The round trip over a corpus: every article is judged, kept, signed and verified, alone and judged again.
#[test]
fn two_hundred_articles_go_round() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut seeded = Seeded(7);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut sources: Vec<_> = ignore::WalkBuilder::new(fixtures)
        .build()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    sources.sort();
    for i in 0..200 {
        let text = fs::read_to_string(&sources[seeded.below(sources.len())]).unwrap_or_default();
        let place = root.join(format!("notes/{}", i % 7));
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join(format!("{i}.md")), text).unwrap();
    }
    fs::write(root.join("lint.toml"), "[packet]\ndir = \"packets\"\ntrusted-keys = [\"desk.pub\"]\n").unwrap();
    assert!(notegate(root, &["keygen", "desk"]).status.success());
    notegate(root, &["check", "--quiet"]);
    let packets = Store { folder: root.join("packets") };
    let kept = packets.kept().unwrap();
    assert_eq!(kept.len(), 200);
    let limited: Vec<String> =
        kept.into_iter().filter(|name| PacketFile::read(&packets.read(name, Kind::Packet).unwrap().unwrap()).unwrap().article.gate.row == 3).take(3).collect();
    for name in &limited {
        let signed = notegate(root, &["sign-off", name, "--by", "Jane Roe", "--key", "desk"]);
        assert!(signed.status.success(), "{}", said(&signed));
    }
    notegate(root, &["check", "--quiet", "--attest", "--key", "desk"]);
    for name in &limited {
        let packet = PacketFile::read(&packets.read(name, Kind::Packet).unwrap().unwrap()).unwrap();
        assert_eq!(packet.article.gate.row, 4, "{name}: {:?}", packet.article.sign_off);
    }
    let verified = notegate(root, &["verify", "--rejudge", "--permit", "stale"]);
    assert!(verified.status.success(), "{}", said(&verified));
}

#[test]
fn decisions_are_written_into_headers_once_and_change_nothing() {
    let folder = project();
    let root = folder.path();
    fs::write(root.join("notes/bare.md"), "No header, and a line.\n").unwrap();
    fs::write(root.join("notes/flow.md"), "---\n{title: A, author: Desk}\n---\n\nA line.\n").unwrap();
    let texts = || -> Vec<(std::path::PathBuf, String)> {
        let mut paths: Vec<_> = fs::read_dir(root.join("notes")).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
    };
    let before = texts();
    let verify = ["verify", "--permit", "stale"];
    let write = ["index", "--write", "--permit", "stale"];
    notegate(root, &["check", "--attest", "--key", "desk"]);
    let first = notegate(root, &write);
    assert_eq!(first.status.code(), Some(1), "two have no header for it: {}", said(&first));
    let written = texts();
    for ((path, before), (_, after)) in before.iter().zip(&written) {
        let added: Vec<&str> = after.lines().filter(|line| line.starts_with("notegate_index: ")).collect();
        if path.ends_with("bare.md") || path.ends_with("flow.md") {
            assert_eq!(before, after);
        } else {
            assert_eq!(added.len(), 1, "{}", path.display());
            assert_eq!(&after.replacen(&format!("{}\n", added[0]), "", 1), before);
        }
    }
    // the packets of before still speak for the articles, and new ones say the same
    let verified = notegate(root, &verify);
    assert!(verified.status.success(), "{}", said(&verified));
    let again = notegate(root, &write);
    assert!(!said(&again).contains("written "), "{}", said(&again));
    let store = Store { folder: root.join("packets") };
    let judged = || -> Vec<(String, String, u8)> {
        let packets = store.kept().unwrap().into_iter().map(|name| PacketFile::read(&store.read(&name, Kind::Packet).unwrap().unwrap()).unwrap().article);
        packets.map(|article| (article.path, article.content_sha256, article.gate.row)).collect()
    };
    let old = judged();
    notegate(root, &["check", "--attest", "--key", "desk"]);
    assert_eq!(judged(), old);
    assert!(!said(&notegate(root, &write)).contains("written "));
    assert_eq!(texts(), written);
    // nobody approves an article by writing that line
    let (path, text) = written.iter().find(|(_, text)| text.contains("notegate_index: held\n")).unwrap();
    fs::write(path, text.replace("notegate_index: held\n", "notegate_index: approved\n")).unwrap();
    let forged = notegate(root, &verify);
    assert_eq!(forged.status.code(), Some(1));
    assert!(said(&forged).contains("article (tampered)"), "{}", said(&forged));
}

#[test]
fn the_order_of_paths_does_not_decide_whose_word_counts() {
    let folder = project();
    let root = folder.path();
    let first = fs::read_dir(root.join("notes")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).max().unwrap();
    let article = format!("notes/{first}");
    fs::create_dir(root.join("news")).unwrap();
    fs::write(root.join("news/lint.toml"), "[packet]\ndir = \"../packets\"\n").unwrap();
    fs::write(root.join("news/n.md"), "# Hi\n\nOther text.\n").unwrap();
    assert!(notegate(root, &["sign-off", &article, "--by", "John Marsh"]).status.success());
    let rows = [[article.as_str(), "news/n.md"], ["news/n.md", article.as_str()]].map(|paths| {
        let output = notegate(root, &["check", "--format", "json", paths[0], paths[1]]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let judged = report["articles"].as_array().unwrap().iter().find(|packet| packet["path"] == article).unwrap().clone();
        (judged["gate"]["row"].as_u64(), judged["sign_off"]["state"].as_str().map(str::to_owned))
    });
    assert_eq!(rows, [(Some(3), Some("unsigned".to_owned())), (Some(3), Some("unsigned".to_owned()))]);
}

#[test]
fn what_cannot_be_judged_again_is_told_and_the_others_are_verified() {
    let folder = project();
    let root = folder.path();
    fs::write(root.join("given.json"), SNAPSHOT).unwrap();
    let first = fs::read_dir(root.join("notes")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).max().unwrap();
    let alone = "alone.md";
    fs::write(root.join(alone), ARTICLE.replace("source: data/snapshot.json\n", "")).unwrap();
    notegate(root, &["check", "--quiet", "--attest", "--key", "desk", "notes"]);
    notegate(root, &["check", "--quiet", "--snapshot", "given.json", "--attest", "--key", "desk", alone]);
    fs::write(root.join("given.json"), "{").unwrap();
    let output = notegate(root, &["verify", "--rejudge", "--format", "json", "--permit", "stale"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let state = |path: &str| report["articles"].as_array().unwrap().iter().find(|verdict| verdict["path"] == path).unwrap()["state"].clone();
    assert_eq!((state(alone), state(&format!("notes/{first}"))), ("tampered".into(), "verified".into()), "{}", said(&output));
}

#[test]
fn an_approval_that_somebody_wrote_is_not_left_in_silence() {
    let folder = project();
    let root = folder.path();
    for (name, key) in [("quoted", "\"notegate_index\": approved"), ("below", "author: Desk\nnotegate_index: approved")] {
        fs::write(root.join(format!("notes/{name}.md")), format!("---\ntitle: A\n{key}\n---\n\nA line.\n")).unwrap();
    }
    notegate(root, &["check", "--quiet", "--attest", "--key", "desk"]);
    let output = notegate(root, &["index", "--write", "--permit", "stale"]);
    assert_eq!(output.status.code(), Some(1));
    let told = said(&output);
    for name in ["quoted", "below"] {
        assert!(told.lines().any(|line| line.starts_with("left ") && line.contains(name) && line.contains("delete it")), "{told}");
    }
}
