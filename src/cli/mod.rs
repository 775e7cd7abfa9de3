//! The command line: arguments, the clock, the terminal and the exit code.
//!
//! Standard output carries the report and nothing else; standard error carries the tool.

mod args;
mod ask;
mod baseline;
mod check;
mod chosen;
mod config;
mod corpus;
mod describe;
mod diff;
mod due;
mod fail;
mod fix;
mod held;
mod index;
mod init;
mod keep;
mod keygen;
mod notices;
mod outputs;
mod own_rules;
mod project;
mod sides;
mod sign_off;
mod since;
mod staged;
mod test;
mod verify;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Args, Command, SchemaOf};
use fail::Failure;

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let outcome = match args.command {
        Command::Check(check) => check::run(&check),
        Command::Baseline(args) => baseline::run(&args.command),
        Command::Diff(args) => diff::run(&args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Explain(explain) => describe::explain(&explain),
        Command::Rules(rules) => describe::rules(&rules),
        Command::Test(test) => test::run(&test),
        Command::Init(args) => init::run(&args),
        Command::Due(args) => due::run(&args),
        Command::SignOff(give) => sign_off::run(&give),
        Command::Index(args) => index::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Keygen(args) => keygen::run(&args),
        Command::Config(config) => config::run(&config),
        Command::Schema { of: SchemaOf::Report } => print(&crate::report::json_schema()).map(|()| 0),
        Command::Schema { of: SchemaOf::Lines } => print(&crate::report::lines_schema()).map(|()| 0),
        Command::Schema { of: SchemaOf::Packet } => print(&crate::report::schema_of::<crate::packet::file::PacketFile>()).map(|()| 0),
        Command::Schema { of: SchemaOf::SignOff } => print(&crate::report::schema_of::<crate::sign_off::SignOff>()).map(|()| 0),
        Command::Schema { of: SchemaOf::Index } => print(&crate::report::schema_of::<crate::index::IndexReport>()).map(|()| 0),
        Command::Schema { of: SchemaOf::Verify } => print(&crate::report::schema_of::<crate::verify::VerifyReport>()).map(|()| 0),
        Command::Schema { of: SchemaOf::Config } => {
            crate::rulebook::Rulebook::embedded().map_err(Failure::from).and_then(|book| print(&crate::config::schema::schema(&book)).map(|()| 0))
        }
        Command::Schema { of: SchemaOf::Diff } => print(&crate::report::schema_of::<crate::packet::comparison::DiffReport>()).map(|()| 0),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "notegate", &mut script);
            print(&String::from_utf8_lossy(&script)).map(|()| 0)
        }
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            failure.show();
            ExitCode::from(2)
        }
    }
}

/// Writes to standard output. A reader that closed the pipe has read enough: that is no failure.
fn print(text: &str) -> Result<(), Failure> {
    print_with(|out| out.write_all(text.as_bytes()))
}

/// Bytes that are handed to standard output at once.
const PRINTED_AT_ONCE: usize = 1 << 16;

/// The same for what is written piece by piece.
fn print_with(text: impl Fn(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::with_capacity(PRINTED_AT_ONCE, std::io::stdout().lock());
    match text(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the report could not be written: {error}"), "check where standard output goes"))
        }
        _ => Ok(()),
    }
}
