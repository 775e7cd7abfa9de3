//! The files that a configuration is made of: the one that counts, the one that it extends, and so on, the last of which extends nothing.

use std::path::{Path, PathBuf};

use super::front_matter::Schemas;
use super::{forms, front_matter};
use crate::discover::{self, tree::Tree};
use crate::source;
use crate::strict_toml::{Problem, Problems, Table, parse};

/// Files in one chain: whoever needs more has lost sight of what counts.
const LONGEST: usize = 8;

/// One file of a chain.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its path, absolute.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Its path as seen from the folder of the file that counts, with `/`: `lint.toml`, `../lint.toml`.
    pub name: String,
    /// The folder of the file that counts, as seen from its own folder: what stands before the path of an article.
    pub prefix: String,
    /// Whether it is one that another extends.
    pub extended: bool,
    /// What is wrong with its `extends`.
    pub problems: Vec<Problem>,
    /// The schema files that it names.
    pub schemas: Schemas,
    /// Who names it, for messages: `news/lint.toml:1`, or a flag.
    pub named_by: Option<String>,
}

/// A file that is to be read: path, text, and who names it.
type Next = (PathBuf, String, Option<String>);

impl Link {
    /// The file, and those that it names besides the one that it extends.
    fn inputs(&self) -> Vec<PathBuf> {
        let schemas = self.schemas.keys().map(|path| discover::absolute(&own_folder(&self.path).join(path)));
        std::iter::once(self.path.clone()).chain(schemas).collect()
    }
}

/// The files of a configuration; the one that counts is the first.
#[derive(Clone, Debug)]
pub struct Chain {
    /// At least one.
    pub files: Vec<Link>,
}

impl Chain {
    /// Follows `extends` from a file. What is wrong on the way is noted with the file that says it, and ends the chain.
    #[must_use]
    pub fn read(tree: &dyn Tree, path: &Path, text: String) -> Self {
        let first = discover::absolute(path);
        let folder = first.parent().unwrap_or(&first).to_owned();
        let mut files: Vec<Link> = Vec::new();
        let mut next = Some((first, text, None));
        while let Some((path, text, named_by)) = next.take() {
            let own = own_folder(&path);
            let mut link = Link {
                name: discover::from_folder(&folder, &path),
                prefix: discover::from_folder(own, &folder),
                extended: !files.is_empty(),
                problems: Vec::new(),
                schemas: Schemas::new(),
                named_by,
                path,
                text,
            };
            link.schemas = schemas(tree, own_folder(&link.path), &link.text);
            match follow(tree, &files, &link) {
                Ok(found) => next = found,
                Err(problem) => link.problems.push(problem),
            }
            files.push(link);
        }
        Self { files }
    }
}

fn own_folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// The schema files that a text names.
fn schemas(tree: &dyn Tree, folder: &Path, text: &str) -> Schemas {
    if !text.contains("front-matter") {
        return Schemas::new();
    }
    let problems = Problems::default();
    let parsed = parse(text, &problems);
    let written = front_matter::schemas_of(&Table::root(&parsed, &problems));
    written.into_iter().map(|path| (path.clone(), tree.read(&discover::absolute(&folder.join(path))).and_then(source::text_of))).collect()
}

/// The file that a link extends, if it extends one.
fn follow(tree: &dyn Tree, before: &[Link], link: &Link) -> Result<Option<Next>, Problem> {
    let problems = Problems::default();
    let parsed = parse(&link.text, &problems);
    // a value of another form is told by the reader of the file
    let Some(written) = Table::root(&parsed, &problems).text_as("extends", &forms::extends()) else { return Ok(None) };
    let fault = |message: String, help: &str| Problem { span: written.span.clone(), message, help: Some(help.to_owned()) };
    let path = discover::absolute(&link.path.parent().unwrap_or(&link.path).join(&written.value));
    let round: Vec<&Link> = before.iter().chain([link]).collect();
    if let Some(again) = round.iter().position(|other| other.path == path) {
        let names: Vec<String> = round[again..].iter().map(|other| format!("`{}`", other.name)).chain([format!("`{}`", round[again].name)]).collect();
        return Err(fault(format!("`extends` goes round in a circle: {}", names.join(" extends ")), "take `extends` out of one of them"));
    }
    if round.len() >= LONGEST {
        return Err(fault(format!("more than {LONGEST} files extend each other"), "let this file hold what the further ones say, and extend nothing"));
    }
    let shown = &written.value;
    if tree.is_dir(&path) {
        return Err(fault(format!("`{shown}` is a folder"), &format!("name the file in it: `{}/lint.toml`", shown.trim_end_matches('/'))));
    }
    let help = "check the path: it starts at the folder of this file";
    if !tree.is_file(&path) {
        return Err(fault(format!("`{shown}`, which this file extends, is not there"), help));
    }
    let text =
        tree.read(&path).and_then(source::text_of).map_err(|why| fault(format!("`{shown}`, which this file extends, could not be read: {why}"), help))?;
    let line = link.text[..written.span.start.min(link.text.len())].matches('\n').count() + 1;
    Ok(Some((path, text, Some(format!("it is extended by `{}`, line {line}", link.name)))))
}

impl Chain {
    /// Everything that a configuration is read from, the file that counts last.
    #[must_use]
    pub fn inputs(&self) -> Vec<PathBuf> {
        self.files.iter().rev().flat_map(Link::inputs).collect()
    }
}
