//! The keys that may stand at the top of `lint.toml` and in an override: what the site is, how its checks weigh.

use std::collections::BTreeMap;

use super::forms;
use crate::finding::Severity;
use crate::outcome::Status;
use crate::policy::Params;
use crate::rulebook::Rulebook;
use crate::strict_toml::{At, Form, Param, Table};

/// The keys that may stand at the top, under `[[overrides]]`, or both.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    pub language: Option<At<String>>,
    pub class: Option<At<String>>,
    pub reviewer: Option<At<String>>,
    pub renders: Option<At<Vec<String>>>,
    pub html_content: Option<At<Vec<String>>>,
    pub html_skip: Option<At<Vec<String>>>,
    pub jsx_prose_attributes: Option<At<Vec<String>>>,
    pub roles: BTreeMap<String, At<Vec<String>>>,
    pub require_sign_off: Option<At<Vec<String>>>,
    pub params: BTreeMap<(String, String), At<Param>>,
    pub at_most: BTreeMap<String, At<Status>>,
    pub severities: BTreeMap<String, At<Option<Severity>>>,
}

/// What a list of roles may name besides them: all dates.
const DATES: &str = "dates";

impl Layer {
    /// Reads the tables of a layer. `rulebook`: the rules, where they are known already; without them their names and parameters are taken as they are.
    pub(super) fn read(root: &Table, rulebook: Option<&Rulebook>) -> Self {
        let mut layer = Self::default();
        let roles: Vec<String> = rulebook.map(|rulebook| default_roles(&rulebook.params).into_keys().collect()).unwrap_or_default();
        let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
        if let Some(site) = root.table("site") {
            layer.site(&site, &roles);
        }
        if let Some(gate) = root.table("gate") {
            layer.require_sign_off = gate.list_as("require-sign-off", &forms::class());
            gate.finish();
        }
        if let Some(table) = root.table("roles") {
            layer.roles(&table, &roles);
        }
        if let Some(severity) = root.table("severity") {
            layer.severity(&severity, rulebook);
        }
        if let Some(checks) = root.table("checks") {
            let none = BTreeMap::new();
            for id in forms::check_ids() {
                let Some(table) = checks.table(id) else { continue };
                layer.check(&table, id, rulebook.map(|rulebook| (rulebook, rulebook.params.get(id).unwrap_or(&none))));
            }
            checks.finish();
        }
        layer
    }

    fn site(&mut self, site: &Table, roles: &[&str]) {
        let shown: Vec<&str> = roles.iter().copied().chain((!roles.is_empty()).then_some(DATES)).collect();
        self.language = site.text_as("language", &forms::language());
        self.class = site.text_as("class", &forms::class());
        self.reviewer = site.text_as("reviewer", &forms::words());
        self.renders = site.list_as("renders", &Form::one_of("front-matter role", &shown));
        self.html_content = site.list_as("html-content", &forms::selector());
        self.html_skip = site.list_as("html-skip", &forms::selector());
        self.jsx_prose_attributes = site.list_as("jsx-prose-attributes", &forms::filled());
        site.finish();
    }

    fn roles(&mut self, table: &Table, known: &[&str]) {
        let names: Vec<String> =
            if known.is_empty() { table.names().into_iter().map(|name| name.value).collect() } else { known.iter().map(|name| (*name).to_owned()).collect() };
        for name in names {
            if let Some(keys) = table.list_as(&name, &forms::filled()) {
                self.roles.insert(name, keys);
            }
        }
        table.finish();
    }

    fn severity(&mut self, table: &Table, rulebook: Option<&Rulebook>) {
        let known: Vec<&str> = rulebook.into_iter().flat_map(|rulebook| rulebook.ids()).collect();
        let form = Form::named("rule", &known, "no-such/rule", "`notegate rules` lists them").like(forms::any_of(&known));
        for name in table.names_as(&form) {
            let Some(word) = table.text_as(&name.value, &forms::severity()) else { continue };
            let value = if word.value == "off" { None } else { Severity::parse(&word.value) };
            if value != Some(Severity::Error) && rulebook.is_some_and(|rulebook| rulebook.is_fixed(&name.value)) {
                let help = "mend the article, or leave it out with `[discover] exclude`";
                let message = format!("`{}` says that something could not be read: it stays an error", name.value);
                table.problem(word.span.clone(), message, Some(help.to_owned()));
                continue;
            }
            self.severities.insert(name.value, At { value, span: word.span });
        }
    }

    /// The parameters of a check. `known`: the rules and the parameters' defaults, which say of what type each is.
    fn check(&mut self, table: &Table, check: &str, known: Option<(&Rulebook, &BTreeMap<String, Param>)>) {
        if let Some(word) = table.text_as("at-most", &forms::ceiling()) {
            let status = match word.value.as_str() {
                "pass" => Status::Pass,
                "limited" => Status::Limited,
                _ => Status::Fail,
            };
            self.at_most.insert(check.to_owned(), At { value: status, span: word.span });
        }
        let mut put = |name: &str, value: At<Param>| drop(self.params.insert((check.to_owned(), name.to_owned()), value));
        let Some((rulebook, known)) = known else {
            for name in table.names().into_iter().filter(|name| name.value != "at-most") {
                if let Some(value) = table.param(&name.value) {
                    put(&name.value, value);
                }
            }
            return;
        };
        // windows that hold for every class
        let own = if check == "freshness" { &["pass-within", "limited-within"][..] } else { &[] };
        for name in own {
            if let Some(text) = table.text_as(name, &forms::duration()) {
                put(name, At { value: Param::Text(text.value), span: text.span });
            }
        }
        for (name, default) in known {
            let value = match names_for(check, name, rulebook) {
                Some(names) => {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    let form =
                        Form::named("name", &names, "No such name", "`notegate rules` lists rules, `notegate config` the present values").like("^[a-z0-9-]+$");
                    table.list_as(name, &form).map(|texts| At { value: Param::List(texts.value), span: texts.span })
                }
                None => of_default(table, name, default),
            };
            if let Some(value) = value {
                let nothing = match &value.value {
                    Param::List(items) => items.is_empty().then_some("names nothing"),
                    Param::Number(number) => (*number < 1.0).then_some("is less than 1"),
                    _ => None,
                };
                if let Some(nothing) = nothing.filter(|_| NEEDED.contains(&(check, name.as_str()))) {
                    let help =
                        format!("leave the key out for the default, or see `notegate config`; to soften the check write `at-most` under `[checks.{check}]`");
                    table.problem(value.span.clone(), format!("`{name}` {nothing}, so that the check has nothing to go by"), Some(help));
                }
                put(name, value);
            }
        }
        table.finish();
        self.in_order(table, check, known);
    }

    /// Bounds that would leave nothing between them. Only those of one table: another file may set the other bound.
    fn in_order(&self, table: &Table, check: &str, known: &BTreeMap<String, Param>) {
        let windows =
            known.keys().filter_map(|name| Some((name.clone(), format!("{}-limited", name.strip_suffix("-pass").filter(|name| name.starts_with("window-"))?))));
        let fixed = ORDERED.iter().filter(|(of, ..)| *of == check).map(|(_, less, more)| ((*less).to_owned(), (*more).to_owned()));
        for (less, more) in windows.chain(fixed) {
            let of = |name: &str| self.params.get(&(check.to_owned(), name.to_owned())).filter(|_| table.has(name));
            let (Some(low), Some(high)) = (of(&less), of(&more)) else { continue };
            if amount(&low.value).zip(amount(&high.value)).is_some_and(|(low, high)| low > high) {
                let help = format!("write a `{less}` that is no more than `{more}`");
                table.problem(low.span.clone(), format!("`{less}` is more than `{more}`, so that nothing lies between them"), Some(help));
            }
        }
    }
}

/// Parameters of a check of which the first is never more than the second.
const ORDERED: &[(&str, &str, &str)] = &[
    ("freshness", "pass-within", "limited-within"),
    ("section-depth", "limited-sections", "min-sections"),
    ("section-depth", "limited-words", "min-words"),
    ("source-transparency", "coverage-limited", "coverage-pass"),
    ("scaled-content", "template-warning-share", "template-error-share"),
    ("scaled-content", "repeat-warning-share", "repeat-error-share"),
];

/// A number, or about how many days a duration has.
fn amount(value: &Param) -> Option<f64> {
    match value {
        Param::Number(number) => Some(*number),
        Param::Text(text) => {
            let span = crate::date::duration(text)?;
            Some(f64::from(span.get_days()) + 7.0 * f64::from(span.get_weeks()) + 30.4 * f64::from(span.get_months()) + 365.2 * f64::from(span.get_years()))
        }
        _ => None,
    }
}

/// What may stand in a list of names; `None` for lists of anything.
fn names_for(check: &str, name: &str, rulebook: &Rulebook) -> Option<Vec<String>> {
    let of_check = |id: &str| id.strip_prefix(check)?.strip_prefix('/').map(str::to_owned);
    match (check, name) {
        ("source-transparency", "strict-rules") => Some(rulebook.ids().filter_map(of_check).collect()),
        ("reader-task", "domains") => Some(rulebook.params.get(check)?.keys().filter_map(|name| name.strip_prefix("families-")).map(str::to_owned).collect()),
        ("reader-task", name) if name.starts_with("families-") => Some(rulebook.facets.iter().filter_map(|facet| of_check(&facet.name)).collect()),
        _ => None,
    }
}

/// A parameter of the type that its default has.
fn of_default(table: &Table, name: &str, default: &Param) -> Option<At<Param>> {
    match default {
        Param::Number(_) => {
            let most = if is_share(name) { 1.0 } else { f64::MAX };
            table.number_to(name, most).map(|number| At { value: Param::Number(number.value), span: number.span })
        }
        Param::Truth(_) => table.truth(name).map(|truth| At { value: Param::Truth(truth.value), span: truth.span }),
        Param::Text(text) => {
            let form = if crate::date::duration(text).is_some() { forms::duration() } else { forms::filled() };
            table.text_as(name, &form).map(|text| At { value: Param::Text(text.value), span: text.span })
        }
        Param::List(_) if is_hosts(name) => table.list_as(name, &forms::host()).map(|texts| At { value: Param::List(texts.value), span: texts.span }),
        Param::List(_) => table.list_as(name, &Form::any()).map(|texts| At { value: Param::List(texts.value), span: texts.span }),
    }
}

/// Lists of hosts.
fn is_hosts(name: &str) -> bool {
    name.split('-').any(|word| word == "hosts") || name == "shorteners"
}

/// Parameters without which a check has nothing to go by: lists that must name something, and numbers below which everything fits.
const NEEDED: &[(&str, &str)] = &[
    ("who-how-review", "human-statuses"),
    ("who-how-review", "review-statuses"),
    ("affiliate-disclosure", "rel-accepted"),
    ("affiliate-disclosure", "medium-needed"),
    ("affiliate-disclosure", "card-min"),
    ("source-transparency", "entry-parts"),
    ("reader-task", "domains"),
    ("scaled-content", "template-min-articles"),
    ("scaled-content", "outline-min-articles"),
    ("scaled-content", "stock-phrase-min-articles"),
    ("scaled-content", "repeat-min-words"),
    ("scaled-content", "sentence-match-words"),
];

/// Shares are parts of a whole: more than 1 would never be reached.
fn is_share(name: &str) -> bool {
    name.split('-').any(|word| matches!(word, "share" | "ratio" | "coverage")) && !name.ends_with("units")
}

/// `role-…` parameters of `rules/document.toml`.
pub(super) fn default_roles(params: &Params) -> BTreeMap<String, Vec<String>> {
    let document = params.get("document");
    document
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| match (name.strip_prefix("role-"), value) {
            (Some(role), Param::List(keys)) => Some((role.to_owned(), keys.clone())),
            _ => None,
        })
        .collect()
}
