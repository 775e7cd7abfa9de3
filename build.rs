//! Reads and expands the rules of the binary, so that no run has to: `src/rulebook/load.rs` and `likeness.rs` hold what is written here.
//!
//! The modules that read rule files are those of the crate itself. What else the crate has under their names is not needed to read rules.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    clippy::print_stdout,
    reason = "only a part of each module is used here; Cargo reads what is printed"
)]

use std::path::PathBuf;

#[path = "src"]
mod src {
    pub mod date {
        mod duration;
        pub use duration::duration;
    }
    pub mod document {
        pub mod fold;
        pub mod token {
            pub use super::fold::{fold, fold_hash};
        }
    }
    pub mod finding;
    pub mod panel {
        mod part;
        pub use part::{PIECES, Part};
    }
    pub mod policy {
        pub type Params = std::collections::BTreeMap<String, std::collections::BTreeMap<String, crate::strict_toml::Param>>;
    }
    pub mod rulebook {
        pub mod anchor;
        pub mod embedded;
        pub mod file;
        pub mod learnt;
        pub mod lexicon;
        pub mod operator;
        pub mod pattern;
        pub mod rows;
        pub mod vocabulary;
        pub mod weights;
        pub mod zones;
    }
    pub mod source {
        mod hex;
        pub use hex::hex;
    }
    pub mod span;
    pub mod strict_toml;
}
use src::{date, document, finding, panel, policy, rulebook, source, span, strict_toml};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // the modules and the rule files are part of this program, which is built anew when one of them changes
    println!("cargo::rerun-if-changed=build.rs");
    // rules with problems are left to the program, which tells them with their places
    let expanded = rulebook::file::Expanded::read(rulebook::embedded::Embedded::files());
    let bytes = expanded.ok().map(|expanded| postcard::to_allocvec(&expanded)).transpose()?.unwrap_or_default();
    let folder = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(folder.join("rules.bin"), bytes)?;
    let weights = rulebook::learnt::Learnt::read(rulebook::learnt::LEARNT);
    Ok(std::fs::write(folder.join("likeness.bin"), weights.laid_out())?)
}
