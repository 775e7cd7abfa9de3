//! `[packet]` of `lint.toml`: where packets are kept, and whose signatures count.

use super::forms;
use crate::strict_toml::{At, Table};

/// The settings.
#[derive(Clone, Debug, Default)]
pub struct PacketSettings {
    /// The folder of packets, relative to the file.
    pub dir: Option<String>,
    /// Files of trusted public keys, relative to the file.
    pub trusted_keys: Vec<At<String>>,
}

pub(super) fn read(root: &Table) -> PacketSettings {
    let Some(table) = root.table("packet") else { return PacketSettings::default() };
    let settings = PacketSettings {
        dir: table.text_as("dir", &forms::filled()).map(|dir| dir.value),
        trusted_keys: table.texts_as("trusted-keys", &forms::filled()).unwrap_or_default(),
    };
    table.finish();
    settings
}
