//! Rules that are named on the command line.

use super::args::Check;
use super::fail::Failure;
use super::project::Project;
use crate::checks::CHECKS;
use crate::rulebook::Rulebook;
use crate::strict_toml::nearest_help;

/// Prefixes of findings that belong to no check.
const PREFIXES: &[&str] = &["source", "front-matter", "snapshot", "waiver", "baseline"];

/// Refuses names of `--select` and `--ignore` that no rule of the run goes by: all of them at once, each with the nearest name.
pub fn known(args: &Check, project: &Project) -> Result<(), Failure> {
    let named = [("--select", &args.select), ("--ignore", &args.ignore)];
    if named.iter().all(|(_, names)| names.is_empty()) {
        return Ok(());
    }
    let rulebooks = project.rulebooks();
    let is_known = |name: &str| PREFIXES.contains(&name) || CHECKS.iter().any(|check| check.id == name) || rulebooks.iter().any(|book| book.knows(name));
    let mut all: Option<Failure> = None;
    for (flag, name) in named.iter().flat_map(|(flag, names)| names.iter().map(move |name| (flag, name))).filter(|(_, name)| !is_known(name)) {
        let checks = CHECKS.iter().map(|check| check.id).chain(PREFIXES.iter().copied());
        let names: Vec<&str> = rulebooks.iter().flat_map(|book: &std::sync::Arc<Rulebook>| book.ids()).chain(checks).collect();
        let near = nearest_help(name, &names);
        let help = if near.starts_with("did you mean") { near } else { "`notegate rules` lists rules and checks".to_owned() };
        let failure = Failure::new(format!("`{flag} {name}` names no rule and no check"), help);
        all = Some(match all {
            Some(known) => known.and(failure),
            None => failure,
        });
    }
    all.map_or(Ok(()), Err)
}
