//! What is quoted, mentioned or supposed excuses nothing once the house makes it its own: every case of `tests/cases/adopted.md` comes out as labelled.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use desk::Desk;
use notegate::cases::{self, Bench, CaseFile, Families};

#[test]
fn a_quotation_that_the_house_adopts_is_its_own_words() {
    let name = "tests/cases/adopted.md";
    let desk = Desk::new();
    let families = Families::of(&desk.rulebook);
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let file = CaseFile::read(name, &text, &families.names()).unwrap();
    let bench = Bench { desk: notegate::engine::Desk { policy: Arc::clone(&desk.policy), rulebook: Arc::clone(&desk.rulebook) }, as_of: None, snapshot: None };
    let figures = cases::figures(name, &cases::judge(&bench, &families, &file));
    assert!(figures.all.cases > 60);
    assert!(figures.misses.is_empty(), "{:#?}", figures.misses);
}
