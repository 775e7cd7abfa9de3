//! The binary: everything it does is in [`notegate::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    notegate::cli::run()
}
