//! `lint.toml` refuses what it does not know: every key of every table, by the description that its reader leaves of itself, so that a new key is
//! under these tests at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use notegate::config::{Config, schema};
use notegate::rulebook::Rulebook;
use notegate::strict_toml::{Asked, Holds, Problem, Words};
use serde_json::Value;

/// A rule that there is.
const RULE: &str = "live-price/unsupported";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rulebook() -> Rulebook {
    Rulebook::embedded().unwrap_or_else(|_| panic!("the rules do not load"))
}

/// The keys of each table; tables by their path, in the order of the reader.
fn tables(asked: &[Asked]) -> Vec<(Vec<String>, Vec<&Asked>)> {
    let mut tables: Vec<(Vec<String>, Vec<&Asked>)> = vec![(Vec::new(), Vec::new())];
    for one in asked {
        let (last, above) = one.path.split_last().unwrap();
        match one.holds {
            Holds::Table => tables.push((one.path.clone(), Vec::new())),
            Holds::Tables => tables.push(([above, &[format!("{last}[]")]].concat(), Vec::new())),
            _ => tables.iter_mut().find(|(path, _)| path == above).unwrap().1.push(one),
        }
    }
    tables
}

/// `[checks.freshness]`, `[[overrides]]`, `[overrides.site]`.
fn heading(table: &[String]) -> String {
    let path: Vec<String> = table.iter().map(|step| step.trim_end_matches("[]").to_owned()).collect();
    match table.last() {
        None => String::new(),
        Some(last) if last.ends_with("[]") => format!("[[{}]]", path.join(".")),
        Some(_) => format!("[{}]", path.join(".")),
    }
}

/// The headings that a table needs: those of the lists above it, and its own.
fn headings(table: &[String]) -> String {
    let lists = (1..table.len()).filter(|length| table[length - 1].ends_with("[]")).map(|length| heading(&table[..length]));
    lists.chain([heading(table)]).map(|line| line + "\n").collect()
}

/// The key as it is written: a name of its form where any of them may stand.
fn written(key: &Asked) -> String {
    let name = key.path.last().unwrap();
    if name == "*" { format!("\"{RULE}\"") } else { name.clone() }
}

/// Whether a key is one of a table whose keys may have any name.
fn keys_of_any_name(asked: &[Asked], path: &[String]) -> bool {
    asked
        .iter()
        .any(|one| one.path == path && matches!(&one.holds, Holds::Names(words) if words.pattern.as_ref().is_some_and(|pattern| pattern.contains("[^.]"))))
}

fn wrong_type(holds: &Holds) -> &'static str {
    match holds {
        Holds::Param => "{ a = 1 }",
        Holds::Number(_) | Holds::Texts(_) | Holds::Truth => "\"text\"",
        _ => "3",
    }
}

/// Values that cannot be, though they are of the right type.
fn impossible(holds: &Holds) -> Vec<String> {
    let quoted = |words: &Words| words.wrong.as_ref().map(|text| format!("{text:?}"));
    match holds {
        Holds::Text(words) => quoted(words).into_iter().collect(),
        Holds::Texts(words) => quoted(words).into_iter().map(|text| format!("[{text}]")).chain(["[3]".to_owned()]).collect(),
        Holds::Number(most) if *most < f64::MAX => vec!["-0.5".to_owned(), format!("{}", most + 0.5), "nan".to_owned()],
        Holds::Number(_) => vec!["-1".to_owned(), "inf".to_owned(), "nan".to_owned(), "99999999999999999999".to_owned()],
        Holds::Day => vec!["\"2026-02-30\"".to_owned(), "\"soon\"".to_owned(), "2026-05-17T10:00:00Z".to_owned()],
        Holds::Truth | Holds::Table | Holds::Tables | Holds::Names(_) | Holds::Param => Vec::new(),
    }
}

/// A file that is wrong in many places: line → what must be told of it.
#[derive(Default)]
struct Planted {
    text: String,
    expected: BTreeMap<usize, Vec<String>>,
    headings: Vec<usize>,
}

impl Planted {
    fn line(&mut self, line: &str, told: &[&str]) {
        self.text += &format!("{line}\n");
        if !told.is_empty() {
            self.expected.insert(self.text.lines().count(), told.iter().map(|told| (*told).to_owned()).collect());
        }
    }

    fn heading(&mut self, table: &[String]) {
        if !table.is_empty() {
            self.line(&heading(table), &[]);
            self.headings.push(self.text.lines().count());
        }
    }

    /// Every line is told with what was expected of it, and nothing is told of lines that are right.
    fn check(&self, problems: &[Problem]) {
        let mut told: BTreeMap<usize, Vec<&Problem>> = BTreeMap::new();
        for problem in problems {
            told.entry(self.text[..problem.span.start].matches('\n').count() + 1).or_default().push(problem);
        }
        let lines: Vec<&str> = self.text.lines().collect();
        for (line, expected) in &self.expected {
            let Some(found) = told.get(line) else { panic!("nothing is told of line {line}: {}", lines[line - 1]) };
            let all =
                found.iter().map(|problem| format!("{} ({})", problem.message, problem.help.as_deref().unwrap_or_default())).collect::<Vec<_>>().join("; ");
            for part in expected {
                assert!(all.contains(part), "line {line} `{}` should be told with `{part}`, and is with `{all}`", lines[line - 1]);
            }
        }
        for (line, found) in told {
            let right = self.expected.contains_key(&line) || self.headings.contains(&line);
            assert!(right, "line {line} `{}` is right, and is told: {}", lines[line - 1], found[0].message);
        }
    }
}

fn problems(text: &str, rulebook: &Rulebook) -> Vec<Problem> {
    Config::read_with(Path::new("lint.toml"), text.to_owned(), rulebook).map(|_| Vec::new()).unwrap_or_else(|error| error.problems)
}

#[test]
fn the_description_knows_every_table() {
    let asked = Config::describe(&rulebook());
    let tables: Vec<String> = tables(&asked).iter().map(|(path, _)| heading(path)).collect();
    let expected =
        ["[site]", "[gate]", "[roles]", "[severity]", "[checks.freshness]", "[discover]", "[[corpus.series]]", "[[waivers]]", "[overrides.checks.live-price]"];
    for table in expected {
        assert!(tables.iter().any(|known| known == table), "{table} is not described: {tables:?}");
    }
    assert!(asked.len() > 400, "{} keys are described", asked.len());
}

#[test]
fn every_misspelt_key_and_every_value_of_a_wrong_type_is_told_at_once() {
    let rulebook = rulebook();
    let asked = Config::describe(&rulebook);
    let mut file = Planted::default();
    for (table, keys) in tables(&asked) {
        file.heading(&table);
        if keys.is_empty() {
            file.line("no-such-key = 1", &["no-such-key"]);
        }
        for key in keys {
            let name = written(key);
            if let Holds::Names(words) = &key.holds {
                // names may be of any form but none
                let told = if words.pattern.as_ref().is_some_and(|pattern| pattern.contains("[^.]")) { "no key of a header" } else { "there is no" };
                file.line(&format!("{:?} = \"note\"", words.wrong.as_ref().unwrap()), &[told]);
                continue;
            }
            let plain = name.trim_matches('"');
            let free = keys_of_any_name(&asked, &key.path);
            file.line(&format!("{name} = {}", wrong_type(&key.holds)), &[plain, "belongs"]);
            if free {
                continue;
            }
            file.line(&format!("\"{plain}x\" = 1"), &[&format!("{plain}x`"), &format!("did you mean `{plain}`?")]);
        }
    }
    let expected = file.expected.len();
    let found = problems(&file.text, &rulebook);
    assert!(found.len() >= expected && expected > 700, "{} problems, {expected} planted", found.len());
    file.check(&found);
}

#[test]
fn every_impossible_value_is_told_at_once() {
    let rulebook = rulebook();
    let asked = Config::describe(&rulebook);
    for number in 0..4 {
        let mut file = Planted::default();
        for (table, keys) in tables(&asked) {
            file.heading(&table);
            for key in keys {
                if let Some(value) = impossible(&key.holds).get(number) {
                    file.line(&format!("{} = {value}", written(key)), &[""]);
                }
            }
        }
        file.check(&problems(&file.text, &rulebook));
    }
}

#[test]
fn a_table_that_is_none_and_a_key_that_is_missing_are_told() {
    let rulebook = rulebook();
    let asked = Config::describe(&rulebook);
    for one in asked.iter().filter(|one| matches!(one.holds, Holds::Table | Holds::Tables)) {
        let path: Vec<&str> = one.path.iter().map(|step| step.trim_end_matches("[]")).collect();
        let line = format!("{} = 3\n", one.path.last().unwrap());
        let text = headings(&one.path[..one.path.len() - 1]) + &line;
        let found = problems(&text, &rulebook);
        assert!(found.iter().any(|problem| problem.message.contains(&format!("`{}` is a number", path.join(".")))), "{text}: {found:?}");
    }
    for (table, keys) in tables(&asked).iter().filter(|(table, _)| table.last().is_some_and(|last| last.ends_with("[]"))) {
        // a demand on headers needs one of several
        let needed: Vec<&str> = if table[0] == "front-matter[]" { vec!["required"] } else { Vec::new() };
        let needed: Vec<&str> = needed.into_iter().chain(keys.iter().filter(|key| key.required).map(|key| key.path.last().unwrap().as_str())).collect();
        assert!(!needed.is_empty(), "{table:?} needs nothing");
        let found = problems(&headings(table), &rulebook);
        for key in needed {
            assert!(
                found.iter().any(|problem| problem.message.contains(key) || problem.help.as_ref().is_some_and(|help| help.contains(key))),
                "{key}: {found:?}"
            );
        }
    }
}

#[test]
fn a_key_in_the_wrong_table_is_told_where_it_belongs() {
    let rulebook = rulebook();
    for (text, home) in [
        ("pass-within = \"90 days\"\n", "it belongs under `[checks.freshness]`"),
        ("[site]\nexclude = []\n", "it belongs under `[discover]`"),
        ("[checks.freshness]\nmin-sections = 3\n", "it belongs under `[checks.section-depth]`"),
        ("[discover]\noverrides = []\n", "it belongs as `[overrides]`"),
        ("[gate]\nowner = \"desk\"\n", "it belongs under `[[waivers]]`"),
        ("[site]\nat-most = \"limited\"\n", "or elsewhere"),
    ] {
        let found = problems(text, &rulebook);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].help.as_ref().is_some_and(|help| help.contains(home)), "{text}: {:?}", found[0].help);
    }
}

#[test]
fn hostile_and_odd_files_are_told_at_their_place() {
    let rulebook = rulebook();
    let broken = [
        ("[site]\nclass = \"general\"\nclass = \"medical\"\n", "duplicate key"),
        ("[site]\n[site]\n", "duplicate key"),
        ("site.class = \"generl\"\n", "did you mean `general`?"),
        ("site = { class = \"general\", clas = 1 }\n", "did you mean `class`?"),
        ("checks.freshness.pass-within = 2026-05-17\n", "a date"),
        ("[checks.freshness]\r\npass-within = \"99999 years\"\r\n", "no duration"),
        ("[checks.section-depth]\nmin-words = 0xffffffffffffffffff\n", "too large"),
        ("[checks.section-depth]\nmin-words = 1e999\n", "belongs"),
        ("[[waivers]]\npaths = [\"a\"]\nrule = \"freshness/stale\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31T00:00:00\n", "no day"),
        ("\"\" = 1\n", "unknown key"),
        ("[site", "unclosed"),
    ];
    for (text, told) in broken {
        let found = problems(text, &rulebook);
        let all = found.iter().map(|problem| format!("{} ({})", problem.message, problem.help.as_deref().unwrap_or_default())).collect::<Vec<_>>().join("; ");
        assert!(all.contains(told), "{text:?} is told with `{all}`");
        assert!(found.iter().all(|problem| problem.span.end <= text.len() && text.is_char_boundary(problem.span.start)), "{text:?}");
    }
    let waiver = "[[waivers]]\npaths = [\"a\"]\nrule = \"freshness/stale\"\nreason = \"r\"\nowner = \"o\"\nexpires = ";
    for text in ["", "\n", "# nothing\r\n", "site.class = \"general\"\r\n", "checks = { freshness = { at-most = \"pass\" } }\n"]
        .into_iter()
        .map(str::to_owned)
        .chain([format!("{waiver}2027-01-31\n"), format!("{waiver}\"2027-01-31\"\n"), "[checks.section-depth]\nmin-words = 1_000\n".to_owned()])
    {
        assert_eq!(problems(&text, &rulebook), [], "{text:?}");
    }
}

#[test]
fn every_default_is_a_value_that_is_taken() {
    let rulebook = rulebook();
    let config = Config::read_with(Path::new("lint.toml"), String::new(), &rulebook).unwrap();
    let values = config.effective("a.md", &rulebook).into_iter().filter(|value| value.key != "site.class");
    let text: String = values.map(|value| format!("{} = {}\n", value.key, value.value)).collect();
    assert_eq!(problems(&text, &rulebook), []);
}

#[test]
fn the_reference_shows_every_key() {
    let reference = fs::read_to_string(root().join("lint.toml")).unwrap();
    let asked = Config::describe(&rulebook());
    let mut shown = 0;
    for (table, keys) in tables(&asked) {
        // what may stand in an override stands at the root
        if keys.is_empty() || table.len() > 1 && table[0] == "overrides[]" || keys.iter().any(|key| key.path.last().is_some_and(|last| last == "*")) {
            continue;
        }
        let heading = heading(&table);
        let section = if heading.is_empty() {
            Some(reference.as_str())
        } else {
            reference.split_once(&format!("\n{heading}\n")).or_else(|| reference.split_once(&format!("\n# {heading}\n"))).map(|(_, section)| section)
        };
        let section = section.unwrap_or_else(|| panic!("lint.toml has no {heading}"));
        for key in keys {
            let name = key.path.last().unwrap();
            let mut lines = section.lines().take_while(|line| !line.trim_start_matches("# ").starts_with('['));
            assert!(lines.any(|line| line.trim_start_matches("# ").starts_with(&format!("{name} = "))), "{heading} of lint.toml does not show `{name}`");
            shown += 1;
        }
    }
    assert!(shown > 200, "{shown}");
}

mod schema_of_lint_toml {
    use super::*;

    fn validator() -> jsonschema::Validator {
        jsonschema::validator_for(&serde_json::from_str(&schema::schema(&rulebook())).unwrap()).unwrap()
    }

    fn json(text: &str) -> Option<Value> {
        let table: toml::Table = toml::from_str(text).ok()?;
        let mut value = serde_json::to_value(table).unwrap();
        // editors hand dates of TOML to schemas as texts
        fn plain(value: &mut Value) {
            let day = value.get("$__toml_private_datetime").cloned();
            match value {
                _ if day.is_some() => *value = day.unwrap(),
                Value::Object(object) => object.values_mut().for_each(plain),
                Value::Array(items) => items.iter_mut().for_each(plain),
                _ => {}
            }
        }
        plain(&mut value);
        Some(value)
    }

    #[test]
    fn the_one_in_the_repository_is_the_one_the_tool_prints() {
        snapbox::assert_data_eq!(schema::schema(&rulebook()), snapbox::Data::read_from(&root().join("docs/lint.schema.json"), None).raw());
    }

    #[test]
    fn it_takes_what_is_shipped() {
        let validator = validator();
        for file in ["lint.toml", "presets/editorial.toml", "presets/documentation.toml", "presets/market-research.toml", "tests/cmd/config.in/lint.toml"] {
            let value = json(&fs::read_to_string(root().join(file)).unwrap()).unwrap();
            let faults: Vec<String> = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert_eq!(faults, Vec::<String>::new(), "{file}");
        }
    }

    #[test]
    fn it_refuses_unknown_keys_and_wrong_types_of_every_table_as_the_reader_does() {
        let (validator, asked) = (validator(), Config::describe(&rulebook()));
        let mut refused = 0;
        for (table, keys) in tables(&asked) {
            // what a list of tables needs is missing here too: one key more must make one fault more
            let faults = |line: &str| validator.iter_errors(&json(&format!("{}{line}\n", headings(&table))).unwrap()).count();
            let bare = faults("");
            for key in keys {
                let name = written(key);
                let needed = usize::from(key.required);
                let free = keys_of_any_name(&asked, &key.path);
                if let Holds::Names(_) = key.holds {
                    assert!(free || faults("\"No Rule\" = \"note\"") > bare, "{table:?}");
                    continue;
                }
                assert!(faults(&format!("{name} = {}", wrong_type(&key.holds))) > bare - needed, "{table:?} {name} of a wrong type");
                assert!(free || faults(&format!("\"{} x\" = 1", name.trim_matches('"'))) > bare, "{table:?} {name} misspelt");
                refused += 2;
                for value in impossible(&key.holds) {
                    let Some(value) = json(&format!("{}{name} = {value}\n", headings(&table))) else { continue };
                    // JSON knows no such numbers, and a schema does not read patterns and parts of pages
                    let is_left = format!("{value}").contains("null")
                        || ["\"[\"", "main > p", "/etc/lint.toml", "example.org", "{name}", "../site", "---"]
                            .iter()
                            .any(|left| format!("{value}").contains(left));
                    let is_date = format!("{value}").contains("2026-02-30");
                    assert!(is_left || is_date || validator.iter_errors(&value).count() > bare - needed, "{value}");
                }
            }
        }
        assert!(refused > 700, "{refused}");
    }

    #[test]
    fn it_says_of_every_key_what_the_reference_says() {
        let schema: Value = serde_json::from_str(&schema::schema(&rulebook())).unwrap();
        let site = schema["definitions"]["site"]["properties"].as_object().unwrap();
        assert!(site["language"]["description"].as_str().unwrap().contains("English is assumed"), "{}", site["language"]);
        assert!(site["renders"]["description"].as_str().unwrap().contains("template shows"), "{}", site["renders"]);
        let depth = &schema["definitions"]["checks"]["properties"]["section-depth"]["properties"];
        assert_eq!(depth["min-words"]["default"], 600);
        assert!(
            schema["properties"]["waivers"]["description"].as_str().unwrap().contains("out of place"),
            "{}",
            schema["properties"]["waivers"]["description"]
        );
    }
}

#[test]
fn bounds_in_the_wrong_order_and_names_of_nothing_are_told() {
    let text = "[checks.freshness]\npass-within = \"400 days\"\nlimited-within = \"10 days\"\nwindow-general-pass = \"1 year\"\n\n\
        [checks.source-transparency]\ncoverage-pass = 0.1\ncoverage-limited = 0.9\nstrict-rules = [\"legal-or-tax-figures\"]\n\n\
        [checks.section-depth]\nmin-sections = 2\nlimited-sections = 2\n\n\
        [checks.reader-task]\ndomains = [\"markets\", \"zzz\"]\nfamilies-markets = [\"task-dashboards\"]\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lint.toml"), text).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_notegate")).current_dir(folder.path()).args(["config"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in
        ["`pass-within` is more than `limited-within`", "`coverage-limited` is more than `coverage-pass`", "legal-or-tax-figure`", "zzz", "task-dashboard`"]
    {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
    assert!(!said.contains("limited-sections"), "{said}");
}

#[test]
fn values_that_leave_nothing_to_go_by_are_told() {
    let rulebook = rulebook();
    for (text, told) in [
        ("[[front-matter]]\npaths = []\nrequired = [\"author\"]\n", "an empty `paths` fits no article"),
        ("[[front-matter]]\nclasses = []\nrequired = [\"author\"]\n", "an empty `classes` fits no article"),
        ("[[front-matter]]\nvalues = { status = [] }\n", "no value of `status` would fit"),
        ("[checks.who-how-review]\nhuman-statuses = []\n", "`human-statuses` names nothing"),
        ("[checks.affiliate-disclosure]\nmedium-needed = 0\n", "`medium-needed` is less than 1"),
        ("[checks.affiliate-disclosure]\nmerchant-hosts = [\"https://example.org\"]\n", "`https://example.org` is no host"),
        ("[severity]\n\"source/empty\" = \"off\"\n", "`source/empty` says that something could not be read: it stays an error"),
        ("[severity]\n\"snapshot/hash-mismatch\" = \"note\"\n", "it stays an error"),
    ] {
        let found = problems(text, &rulebook);
        assert!(found.iter().any(|problem| problem.message.contains(told)), "{text}: {found:?}");
        assert!(found.iter().all(|problem| !problem.span.is_empty() && problem.help.is_some()), "{text}: {found:?}");
    }
    for text in [
        "[checks.affiliate-disclosure]\nmerchant-hosts = [\"example.org\", \"localhost:8080\", \"example.org/shop\"]\nmerchants = []\n",
        "[severity]\n\"source/outside-content\" = \"off\"\n\"source/empty\" = \"error\"\n",
    ] {
        assert!(problems(text, &rulebook).is_empty(), "{text}: {:?}", problems(text, &rulebook));
    }
}

#[test]
fn the_schema_knows_the_rules_by_name() {
    let schema: serde_json::Value = serde_json::from_str(&notegate::config::schema::schema(&rulebook())).unwrap();
    let severity = schema.pointer("/definitions/severity").or_else(|| schema.pointer("/properties/severity")).unwrap();
    let pattern = severity["patternProperties"].as_object().unwrap().keys().next().unwrap();
    let pattern = regex::Regex::new(pattern).unwrap();
    assert!(pattern.is_match("live-price/quoted-now") && pattern.is_match("source/outside-content"));
    assert!(!pattern.is_match("live-price/quoted-nov") && !pattern.is_match("live-price/quoted-now-and-then"));
}
