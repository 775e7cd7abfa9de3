//! `[packet]` of `lint.toml`: where packets are kept, and whose signatures count.

use std::path::PathBuf;

use super::forms;
use crate::strict_toml::{At, Table};

/// The settings.
#[derive(Clone, Debug, Default)]
pub struct PacketSettings {
    /// The folder of packets.
    pub dir: Option<PathBuf>,
    /// Files of trusted public keys.
    pub trusted_keys: Vec<PathBuf>,
}

/// The settings as a file writes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub dir: Option<At<String>>,
    pub trusted_keys: Option<At<Vec<String>>>,
}

pub(super) fn read(root: &Table) -> Written {
    let Some(table) = root.table("packet") else { return Written::default() };
    let written = Written { dir: table.text_as("dir", &forms::filled()), trusted_keys: table.list_as("trusted-keys", &forms::filled()) };
    table.finish();
    written
}
