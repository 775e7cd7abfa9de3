//! `[[front-matter]]`: what a site asks of the headers of its articles, told at the key or value.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const BODY: &str = "\n## Reading the ledger\n\nThe ledger lists each withdrawal with its day.\n";

struct Site(TempDir);

impl Site {
    fn new(config: &str) -> Self {
        let site = Self(TempDir::new().unwrap());
        site.write("lint.toml", config);
        site
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notegate"));
        command.current_dir(self.0.path()).args(args).env("NO_COLOR", "1").env("COLUMNS", "300").env("NOTEGATE_AS_OF", "2026-05-17").output().unwrap()
    }

    fn article(&self, file: &str, header: &str) -> Value {
        self.write(file, &format!("{header}{BODY}"));
        let output = self.run(&["check", "--format", "json", file]);
        assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["articles"][0].clone()
    }

    /// Rule, excerpt and message of what is told of the header.
    fn told(&self, header: &str) -> Vec<(String, String, String)> {
        faults(&self.article("a.md", header))
    }
}

fn faults(article: &Value) -> Vec<(String, String, String)> {
    let issues = article["issues"].as_array().unwrap().iter().filter(|issue| issue["rule"].as_str().unwrap().starts_with("front-matter/"));
    let word = |issue: &Value, key: &str| issue[key].as_str().unwrap().to_owned();
    issues.map(|issue| (word(issue, "rule").replace("front-matter/", ""), word(issue, "excerpt"), word(issue, "message"))).collect()
}

fn yaml(lines: &str) -> String {
    format!("---\n{lines}\n---\n")
}

#[test]
fn every_kind_of_demand_is_told_at_its_key_or_value() {
    let site = Site::new(
        "[[front-matter]]\nrequired = [\"title\", \"source.captured\"]\ntypes = { title = \"text\", date = \"date\", weight = \"number\", draft = \"truth\", tags = \"texts\", source = \"table\", link = \"url\", parts = \"list\" }\nvalues = { status = [\"draft\", \"final\"], edition = [\"1\", \"2\"], tags = [\"gold\", \"silver\"] }\n",
    );
    let right = "title: Ledger\ndate: 2026-05-11\nweight: 3.5\ndraft: false\ntags: [gold, silver]\nsource: {captured: 2026-05-17}\nlink: https://example.org/a\nparts: [1, two]\nstatus: final\nedition: 2\nother: {free: [1]}";
    assert_eq!(site.told(&yaml(right)), []);
    for (line, instead, rule, excerpt, message) in [
        ("title: Ledger", "titel: Ledger", "missing-key", "", "the header does not hold `title` (is it `titel`?)"),
        ("title: Ledger", "title:", "missing-key", "", "the header does not hold `title`, which is there and empty"),
        ("title: Ledger", "title: 1984", "unfit-value", "1984", "`title` is the number `1984`, where a text belongs"),
        ("date: 2026-05-11", "date: soon", "unfit-value", "soon", "`date` is `soon`, where a date belongs, such as 2026-05-17"),
        ("weight: 3.5", "weight: heavy", "unfit-value", "heavy", "`weight` is `heavy`, where a number belongs"),
        ("draft: false", "draft: \"no\"", "unfit-value", "\"no\"", "`draft` is `no`, where `true` or `false` belongs"),
        ("tags: [gold, silver]", "tags: gold", "unfit-value", "gold", "`tags` is `gold`, where a list belongs"),
        ("tags: [gold, silver]", "tags: [gold, tin]", "unfit-value", "tin", "`tags 2` is `tin`, and may be `gold`, `silver`"),
        ("source: {captured: 2026-05-17}", "source: {}", "missing-key", "", "the header does not hold `source`, which is there and empty"),
        (
            "source: {captured: 2026-05-17}",
            "source: {capturd: 2026-05-17}",
            "missing-key",
            "source",
            "the header does not hold `source.captured` (is it `capturd`?)",
        ),
        (
            "link: https://example.org/a",
            "link: example.org",
            "unfit-value",
            "example.org",
            "`link` is `example.org`, where an address belongs, such as https://example.org/",
        ),
        ("parts: [1, two]", "parts: {a: 1}", "unfit-value", "a: 1", "`parts` is a table of keys, where a list belongs"),
        ("status: final", "status: Final", "unfit-value", "Final", "`status` is `Final`, and may be `draft`, `final`"),
        ("edition: 2", "edition: 3", "unfit-value", "3", "`edition` is the number `3`, and may be `1`, `2`"),
    ] {
        assert!(right.contains(line));
        let told = site.told(&yaml(&right.replace(line, instead)));
        let found = told.iter().any(|(id, at, words)| id == rule && words == message && (excerpt.is_empty() || at.contains(excerpt)));
        assert!(found, "{instead}: {told:?}");
    }
}

#[test]
fn a_condition_asks_only_where_it_holds() {
    let site = Site::new(
        "[[front-matter]]\nwhen = { sponsored = true }\nrequired = [\"sponsor\"]\nreason = \"the ad desk signs for it\"\n\n[[front-matter]]\nwhen = { sponsor = \"*\", layout = [\"review\", \"test\"] }\nvalues = { sponsored = [\"true\"] }\n",
    );
    for quiet in [
        "title: a",
        "sponsored: false",
        "sponsored: true\nsponsor: Assay Lane",
        "sponsor: Assay Lane",
        "sponsor: \"\"\nlayout: test\nsponsored: no way",
        "layout: review\nsponsored: 1",
    ] {
        assert_eq!(site.told(&yaml(quiet)), [], "{quiet}");
    }
    let told = site.told(&yaml("title: a\nsponsored: true"));
    assert_eq!(told[0].2, "the header does not hold `sponsor`, since `sponsored` is `true` (the ad desk signs for it)");
    let told = site.told(&yaml("sponsor: Assay Lane\nlayout: test\nsponsored: false"));
    assert_eq!(told[0].2, "`sponsored` is `false`, and may be `true`, since `sponsor` is there and `layout` is one of `review`, `test`");
    assert_eq!(told[0].1, "false");
}

#[test]
fn only_allowed_keys_may_stand_there_and_the_nearest_is_named() {
    let site = Site::new("[[front-matter]]\nallowed = [\"title\", \"source.captured\"]\nrequired = [\"author\"]\ntypes = { date = \"date\" }\n");
    let told = site.told(&yaml("title: a\nauthor: b\ndate: 2026-05-11\nsource: {any: 1}\nnotegate: {ignore: []}\ndaet: 2026-05-12\nlayout: wide"));
    let expected = [
        ("unexpected-key", "daet", "the header holds a key that is not asked for: `daet` (did you mean `date`?)"),
        ("unexpected-key", "layout", "the header holds a key that is not asked for: `layout`"),
    ];
    assert_eq!(told, expected.map(|(rule, at, message)| (rule.to_owned(), at.to_owned(), message.to_owned())));
}

#[test]
fn paths_and_classes_narrow_a_demand() {
    let site =
        Site::new("[[front-matter]]\npaths = [\"/news/**\"]\nrequired = [\"desk\"]\n\n[[front-matter]]\nclasses = [\"medical\"]\nrequired = [\"reviewer\"]\n");
    let count = |file: &str, header: &str| faults(&site.article(file, header)).len();
    assert_eq!(count("a.md", &yaml("title: a\nclass: general")), 0);
    assert_eq!(count("news/a.md", &yaml("title: a\nclass: general")), 1);
    assert_eq!(count("a.md", &yaml("title: a\nclass: medical")), 1);
    assert_eq!(count("news/a.md", &yaml("title: a\nclass: medical")), 2);
}

#[test]
fn headers_of_every_format_are_held_to_it_with_exact_places() {
    let site = Site::new("[[front-matter]]\nrequired = [\"author\"]\ntypes = { date = \"date\" }\n");
    for (file, header) in [
        ("a.md", "---\r\ntitle: ü\r\ndate: \"sünday\"\r\n---\r\n".to_owned()),
        ("a.md", "\u{feff}---\ntitle: a\ndate: \"sünday\"\n---\n".to_owned()),
        ("b.md", "+++\ntitle = \"a\"\ndate = \"sünday\"\n+++\n".to_owned()),
        ("c.md", "{\"title\": \"a\", \"date\": \"sünday\"}\n\n".to_owned()),
        ("d.html", "---\ntitle: a\ndate: \"sünday\"\n---\n<p>The ledger.</p>\n".to_owned()),
        ("e.mdx", "---\ntitle: a\ndate: \"sünday\"\n---\n".to_owned()),
    ] {
        let article = site.article(file, &header);
        let told = faults(&article);
        assert_eq!(told.len(), 2, "{file}: {told:?}");
        let issue = article["issues"].as_array().unwrap().iter().find(|issue| issue["rule"] == "front-matter/unfit-value").unwrap();
        let bytes = fs::read(site.0.path().join(file)).unwrap();
        let at = |key: &str| usize::try_from(issue["span"][key].as_u64().unwrap()).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes[at("start")..at("end")]), "\"sünday\"", "{file}");
    }
    assert_eq!(site.told("+++\ndate = 2026-05-11\nauthor = \"desk\"\n+++\n"), [], "a date of TOML is a date");
    assert_eq!(site.told("")[0].2, "the header does not hold `author`", "without a header nothing is there");
    let broken = site.told("---\ntitle: [\n---\n");
    assert!(broken.iter().all(|(rule, ..)| rule == "unreadable"), "what cannot be read is not asked for more: {broken:?}");
}

#[test]
fn a_json_schema_is_read_beside_the_file_that_names_it() {
    let site = Site::new("[site]\n");
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["title", "author"],
        "properties": {
            "title": { "type": "string", "maxLength": 10, "pattern": "^[A-Z]" },
            "author": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } }, "additionalProperties": false },
            "date": { "type": "string", "format": "date" },
            "rating": { "type": "integer", "minimum": 1, "maximum": 5 },
            "tags": { "type": "array", "items": { "enum": ["gold"] }, "uniqueItems": true, "minItems": 1 }
        },
        "if": { "properties": { "sponsored": { "const": true } }, "required": ["sponsored"] },
        "then": { "required": ["sponsor"] }
    });
    site.write("news/lint.toml", "[[front-matter]]\nschema = \"schemas/post.json\"\n");
    site.write("news/schemas/post.json", &schema.to_string());
    let told = |lines: &str| faults(&site.article("news/a.md", &yaml(lines)));
    assert_eq!(told("title: Ledger\nauthor: {name: Desk}\ndate: 2026-05-11\nrating: 4\ntags: [gold]"), []);
    let all = told("title: \"a very long title\"\nauthor: {nam: Desk}\ndate: 2026-13-01\nrating: 7\ntags: [gold, gold, tin]\nsponsored: true");
    let messages: Vec<&str> = all.iter().map(|(_, _, message)| message.as_str()).collect();
    for expected in [
        "the header does not hold `sponsor`",
        "`title` is `a very long title`, and may have at most 10 characters",
        "`title` is `a very long title`, which does not fit the pattern `^[A-Z]`",
        "the header does not hold `author.name` (is it `nam`?)",
        "the header holds a key that is not asked for: `author.nam`",
        "`date` is `2026-13-01`, where a date belongs, such as 2026-05-17",
        "`rating` is the number `7`, and may be at most 5",
        "`tags` is a list, and holds an entry twice",
        "`tags 3` is `tin`, and may be `gold`",
    ] {
        assert!(messages.contains(&expected), "{expected}: {messages:#?}");
    }
    assert_eq!(told("title: A\nauthor:")[0].2, "`author` is empty, where a table of keys belongs", "a schema sees the header as it is");
    let packet = || {
        site.run(&["check", "--packet", "packets", "--config", "news/lint.toml", "news/a.md"]);
        String::from_utf8(site.run(&["verify", "--packet", "packets", "--config", "news/lint.toml", "news/a.md"]).stdout).unwrap()
    };
    assert!(!packet().contains("configuration"), "{}", packet());
    site.write("news/schemas/post.json", "{}");
    let verified = String::from_utf8(site.run(&["verify", "--packet", "packets", "--config", "news/lint.toml", "news/a.md"]).stdout).unwrap();
    assert!(verified.contains("`schemas/post.json` is not the file that the article was judged by"), "{verified}");
}

#[test]
fn a_schema_that_cannot_be_used_is_a_fault_of_the_configuration() {
    for (schema, told) in [
        (None, "cannot be used"),
        (Some("{"), "it is no JSON"),
        (Some("{\"type\": \"txt\"}"), "cannot be used"),
        (Some("{\"$ref\": \"https://example.org/post.json\"}"), "cannot be used"),
        (Some("{\"properties\": {\"a\": {\"pattern\": \"(\"}}}"), "cannot be used"),
    ] {
        let site = Site::new("[[front-matter]]\nschema = \"post.json\"\nsevrity = 1\n");
        if let Some(schema) = schema {
            site.write("post.json", schema);
        }
        site.write("a.md", BODY);
        let output = site.run(&["check", "a.md"]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{schema:?}");
        assert!(error.contains(told) && error.contains("lint.toml:2:10") && error.contains("did you mean `severity`?"), "{schema:?}: {error}");
    }
    for (demand, told) in [
        ("required = [\"author.\", \"\", \"a..b\"]", "`author.` is no key of a header"),
        ("types = { \".b\" = \"text\" }", "`.b` is no key of a header"),
        ("values = { status = [] }", "no value of `status` would fit"),
        ("types = { status = \"txt\" }", "did you mean `text`?"),
        ("when = { date = 2026-05-11 }", "is a date, where"),
    ] {
        let site = Site::new(&format!("[[front-matter]]\n{demand}\n"));
        site.write("a.md", BODY);
        let error = String::from_utf8(site.run(&["check"]).stderr).unwrap();
        assert!(error.contains(told) && error.contains("lint.toml:2:"), "{demand}: {error}");
    }
    let site = Site::new("[[front-matter]]\npaths = [\"news/**\"]\n");
    site.write("a.md", BODY);
    assert!(String::from_utf8(site.run(&["check"]).stderr).unwrap().contains("this asks nothing of any header"));
}

#[test]
fn what_is_asked_weighs_as_the_rules_or_the_demand_say_and_can_be_waived_and_held() {
    let gate = |config: &str| {
        let site = Site::new(config);
        let article = site.article("a.md", &yaml("title: a\nclass: general\nlast_reviewed: 2026-05-17"));
        (article["gate"]["row"].as_u64().unwrap(), faults(&article).len(), article["gate"]["because"].to_string())
    };
    let demand = "[[front-matter]]\nrequired = [\"sponsor\"]\n";
    let (row, count, because) = gate(demand);
    assert!(row >= 2 && count == 1 && (row == 2 || because.contains("front-matter/missing-key")), "{row} {because}");
    assert_eq!(gate(&format!("{demand}severity = \"error\"\n")).0, 1, "an error of the header is row 1");
    assert_eq!(gate(&format!("[severity]\n\"front-matter/missing-key\" = \"off\"\n{demand}")).1, 0);
    let site = Site::new(&format!("[severity]\n\"front-matter/missing-key\" = \"note\"\n{demand}"));
    let severity =
        |article: &Value| article["issues"].as_array().unwrap().iter().find(|issue| issue["rule"] == "front-matter/missing-key").unwrap()["severity"].clone();
    assert_eq!(severity(&site.article("a.md", &yaml("title: a"))), "note");
    let waived = "[[waivers]]\npaths = [\"a.md\"]\nrule = \"front-matter/missing-key\"\nreason = \"an old page\"\n";
    let site = Site::new(&format!("{demand}{waived}"));
    let article = site.article("a.md", &yaml("title: a"));
    let issue = article["issues"].as_array().unwrap().iter().find(|issue| issue["rule"] == "front-matter/missing-key").unwrap().clone();
    assert_eq!(issue["waived"]["reason"], "an old page");
    // held by what is missing, wherever the demand stands: another key that is missing is new
    let site = Site::new(demand);
    site.write("a.md", &format!("{}{BODY}", yaml("title: a")));
    assert_eq!(site.run(&["baseline", "create"]).status.code(), Some(0));
    site.write("lint.toml", "# moved\n\n[[front-matter]]\nrequired = [\"sponsor\", \"desk\"]\n");
    let article = site.article("a.md", &yaml("title: a"));
    let held: Vec<(bool, bool)> = article["issues"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|issue| issue["rule"] == "front-matter/missing-key")
        .map(|issue| (issue["message"].as_str().unwrap().contains("sponsor"), issue["waived"]["by"] == "baseline"))
        .collect();
    assert_eq!(held, [(false, false), (true, true)]);
    // a fix is written beside it: nothing was misread
    let site = Site::new(demand);
    site.write("a.md", &format!("{}{BODY}", yaml("title: a\nlast_reviewed: May 17, 2026")));
    let output = site.run(&["check", "--diff", "a.md"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("+last_reviewed: 2026-05-17"));
}
