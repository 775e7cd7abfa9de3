//! Workflow commands as the runner of GitHub Actions reads them from a line.

use std::collections::BTreeMap;

/// A command.
#[derive(Debug)]
pub struct Command {
    pub name: String,
    pub properties: BTreeMap<String, String>,
    pub message: String,
}

/// The command of a line; `None` where it is ordinary output. The grammar: `::name key=value,key=value::message`.
pub fn parse(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let end = rest.find("::")?;
    let (info, message) = (&rest[..end], &rest[end + 2..]);
    let (name, written) = info.split_once(' ').unwrap_or((info, ""));
    let properties = written.trim().split(',').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or_else(|| panic!("`{pair}` is no property in {line}"));
        (key.to_owned(), value.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%"))
    });
    Some(Command { name: name.to_owned(), properties: properties.collect(), message: message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%") })
}
