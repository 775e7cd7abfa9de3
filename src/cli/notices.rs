//! What a run says about the waivers of `lint.toml`: which ended, end soon, or excuse nothing any more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;
use jiff::civil::Date;

use super::args::{Check, FailOn};
use super::project::{self, Loaded, Project};
use crate::discover;
use crate::engine::IN_CONFIG;
use crate::packet::{Notice, Packet, WaivedRecord};
use crate::policy::PolicyWaiver;
use crate::rulebook::Rulebook;
use crate::waiver;

/// The articles of a run that a file is about, each by its path from the file's folder, and the name under which their waivers know the file.
struct Articles<'p> {
    loaded: Arc<Loaded>,
    /// Which of the files of that configuration it is.
    number: usize,
    packets: Vec<(String, Option<String>, &'p Packet)>,
}

/// Notices about the waivers of all configurations of a run. `named`: the paths that the run was given; `file`: where an article lies.
pub fn of_waivers(project: &Project, packets: &[Packet], file: &dyn Fn(&str) -> PathBuf, named: &[PathBuf], whole: bool, as_of: Date) -> Vec<Notice> {
    let mut files: BTreeMap<PathBuf, Articles> = BTreeMap::new();
    for packet in packets {
        let path = file(&packet.path);
        let Ok(loaded) = project.of(&path) else { continue };
        let relative = project::relative(&loaded.config, &path);
        for (number, file) in loaded.config.files().iter().enumerate() {
            let articles = files.entry(file.path.clone()).or_insert_with(|| Articles { loaded: Arc::clone(&loaded), number, packets: Vec::new() });
            articles.packets.push((file.seen(&relative), file.as_extended().map(str::to_owned), packet));
        }
    }
    let all = |path: &Path| whole && covers(named, path.parent().unwrap_or(path));
    files.iter().flat_map(|(path, articles)| articles.notices(path, all(path), as_of)).collect()
}

/// Whether one of the paths of a run is a folder that holds another as a whole.
pub fn covers(named: &[PathBuf], folder: &Path) -> bool {
    let absolute = |path: &Path| std::path::absolute(path).map(|path| path.components().collect::<PathBuf>());
    let Ok(folder) = absolute(folder) else { return false };
    named.iter().any(|path| absolute(path).is_ok_and(|path| folder.starts_with(path)))
}

impl Articles<'_> {
    fn notices(&self, path: &Path, whole: bool, as_of: Date) -> Vec<Notice> {
        let (config, rulebook) = (&self.loaded.config, &self.loaded.rulebook);
        let mut notices = Vec::new();
        for (waiver, paths) in config.files()[self.number].waivers() {
            let mut mine = self.packets.iter().filter(|(seen, ..)| paths.is_match(seen)).peekable();
            // a run that sees none of its articles has nothing to say about it
            if mine.peek().is_none() && !whole {
                continue;
            }
            let used = mine.any(|(_, name, packet)| uses(packet, &waiver, name));
            let rule = format!("`{}`", waiver.rule);
            let policy = config.policy("", rulebook);
            let (id, detail) = match waiver.expires {
                Some(last) if last < as_of => ("waiver/expired", format!("{rule} ended on {last}")),
                Some(last) if used && waiver::ends_soon(last, &policy, as_of) => ("waiver/expires-soon", format!("{rule} ends on {last}")),
                _ if !used && whole => ("waiver/unused", rule),
                _ => continue,
            };
            notices.extend(notice(rulebook, id, &detail, path, Some(waiver.line)));
        }
        notices.extend(whole.then(|| self.unmatched(path)).into_iter().flatten());
        notices
    }

    /// Tables for some paths that no article of a whole run lies under: a folder was renamed, or a name misspelt.
    fn unmatched(&self, path: &Path) -> Vec<Notice> {
        let file = &self.loaded.config.files()[self.number];
        let is_met = |paths: &GlobSet| self.packets.iter().any(|(seen, ..)| paths.is_match(seen));
        let for_paths = file.for_paths().filter(|(.., paths)| !is_met(paths));
        for_paths
            .filter_map(|(table, patterns, start, _)| {
                let detail = format!("`[[{table}]]` for {}", patterns.iter().map(|pattern| format!("`{pattern}`")).collect::<Vec<_>>().join(", "));
                notice(&self.loaded.rulebook, "config/no-article", &detail, path, u32::try_from(file.line(start)).ok())
            })
            .collect()
    }
}

/// A notice about drafts that would have failed the run: whether a site leaves them out is up to its generator.
pub fn of_drafts(packets: &[Packet], rulebook: &Rulebook, args: &Check) -> Option<Notice> {
    let fails = |packet: &&Packet| match args.fail_on {
        FailOn::Fail => packet.gate.status == "fail",
        FailOn::Limited => packet.gate.status != "pass",
        FailOn::Never => false,
    };
    let drafts: Vec<&Packet> = packets.iter().filter(|packet| packet.draft && !args.drafts).filter(fails).collect();
    let first = drafts.first()?;
    let detail = if drafts.len() == 1 {
        "1 draft falls short of what this run asks for and counts".to_owned()
    } else {
        format!("{} drafts fall short of what this run asks for and count", drafts.len())
    };
    notice(rulebook, "front-matter/draft-not-counted", &detail, Path::new(&first.path), None)
}

/// `name`: what the packet calls the file of the waiver.
fn uses(packet: &Packet, waiver: &PolicyWaiver, name: &Option<String>) -> bool {
    let is_it = |waived: &WaivedRecord| waived.by == IN_CONFIG && waived.line == Some(waiver.line) && waived.file == *name;
    packet.all_findings().filter_map(|finding| finding.waived.as_ref()).any(is_it)
}

/// A path as reports show it: from the current folder where it lies there, so that it says the same on every machine.
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    discover::reported(here.and_then(|here| absolute.strip_prefix(here).ok().map(Path::to_owned)).as_deref().unwrap_or(path))
}

/// A notice in the words of `rules/issues.toml`.
pub fn notice(rulebook: &Rulebook, id: &str, detail: &str, path: &Path, line: Option<u32>) -> Option<Notice> {
    let message = rulebook.message(id)?;
    let filled = |text: &str| text.replace("{detail}", detail);
    Some(Notice {
        rule: id.to_owned(),
        severity: message.severity.as_str().to_owned(),
        path: shown(path),
        line,
        message: filled(&message.message),
        help: filled(&message.help),
    })
}
