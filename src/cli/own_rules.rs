//! The rules that the configurations of a run bring beside the shipped ones.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::fail::Failure;
use super::project::text_in;
use crate::config::{Chain, Config};
use crate::discover;
use crate::discover::tree::Tree;
use crate::rulebook::{Embedded, RuleFileError, Rulebook, SourceFile};
use crate::strict_toml::Problem;

/// Rules by the files that they were compiled from: files of one project often bring the same.
#[derive(Debug, Default)]
pub struct OwnRules {
    known: Mutex<Vec<(Vec<SourceFile>, Arc<Rulebook>)>>,
}

/// A rule file, and where it lies. It goes by the name under which it is written: its place on this machine is no part of what was judged by.
struct Own {
    file: SourceFile,
    place: String,
}

impl OwnRules {
    /// The shipped rules with those of a configuration; `None` where it brings none. All files that cannot be read are told, each where it is named.
    pub fn of(&self, tree: &dyn Tree, chain: &Chain) -> Result<Option<Arc<Rulebook>>, Failure> {
        let (own, failure) = read(tree, chain);
        let loaded = if own.is_empty() { Ok(None) } else { self.load(&own).map(Some) };
        match (loaded, failure) {
            (loaded, None) => loaded,
            (Ok(_), Some(failure)) => Err(failure),
            (Err(broken), Some(failure)) => Err(failure.and(broken)),
        }
    }

    fn load(&self, own: &[Own]) -> Result<Arc<Rulebook>, Failure> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |files: &[SourceFile]| files.len() == own.len() && files.iter().zip(own).all(|(file, own)| is_same(file, &own.file));
        if let Some((_, rulebook)) = known.iter().find(|(files, _)| is_it(files)) {
            return Ok(Arc::clone(rulebook));
        }
        let files: Vec<SourceFile> = own.iter().map(|own| own.file.clone()).collect();
        let rulebook = Rulebook::load(Embedded::files().into_iter().chain(files.clone()).collect()).map_err(|errors| at_their_places(errors, own))?;
        let rulebook = Arc::new(rulebook);
        known.push((files, Arc::clone(&rulebook)));
        Ok(rulebook)
    }
}

fn is_same(one: &SourceFile, other: &SourceFile) -> bool {
    one.path == other.path && one.text == other.text
}

/// Problems with the places where a person finds the files.
fn at_their_places(mut errors: Vec<RuleFileError>, own: &[Own]) -> Failure {
    for error in &mut errors {
        if let Some(own) = own.iter().find(|own| is_same(&own.file, &error.file)) {
            error.file.path.clone_from(&own.place);
        }
    }
    errors.into()
}

/// The files of all links, those that are extended first, and what is told of those that cannot be read.
fn read(tree: &dyn Tree, chain: &Chain) -> (Vec<Own>, Option<Failure>) {
    let (mut own, mut failure) = (Vec::new(), None::<Failure>);
    for link in chain.files.iter().rev() {
        let folder = link.path.parent().unwrap_or_else(|| Path::new(""));
        let mut missing = Vec::new();
        for written in Config::rule_files_of(&link.text) {
            let path = discover::absolute(&folder.join(&written.value));
            match text_in(tree, &path) {
                Ok(text) => own.push(Own { file: SourceFile { path: written.value.replace('\\', "/"), text }, place: discover::reported(&path) }),
                Err(why) => missing.push(Problem {
                    span: written.span,
                    message: format!("the rule file `{}` could not be read: {why}", written.value),
                    help: Some("check `[rules] files`; paths start at the folder of this file".to_owned()),
                }),
            }
        }
        if !missing.is_empty() {
            let more = Failure::in_file(&discover::reported(&link.path), &link.text, missing);
            failure = Some(match failure {
                Some(known) => known.and(more),
                None => more,
            });
        }
    }
    (own, failure)
}
