//! Which articles of two states are the same article: by path, by what git says was renamed, and where neither tells, by content.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::Input;
use crate::packet::Packet;

/// An article in two states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Its number before; `None` where it is new.
    pub before: Option<usize>,
    /// Its number now; `None` where it is deleted.
    pub after: Option<usize>,
    /// Whether it has another path now.
    pub is_renamed: bool,
    /// Whether what is written in it is not the same.
    pub is_touched: bool,
    /// Why it stands on one side only.
    pub presence: Input,
}

/// Pairs the articles of two judgements. `renames`: path now → path before.
#[must_use]
pub fn pairs(before: &[Packet], after: &[Packet], renames: &BTreeMap<String, String>) -> Vec<Pair> {
    let by_path: BTreeMap<&str, usize> = before.iter().enumerate().map(|(number, packet)| (packet.path.as_str(), number)).collect();
    let mut partner: Vec<Option<usize>> = after.iter().map(|packet| by_path.get(packet.path.as_str()).copied()).collect();
    let mut taken: BTreeSet<usize> = partner.iter().flatten().copied().collect();
    for (packet, partner) in after.iter().zip(&mut partner).filter(|(_, partner)| partner.is_none()) {
        let renamed = renames.get(&packet.path).and_then(|old| by_path.get(old.as_str())).copied();
        *partner = renamed.filter(|number| taken.insert(*number));
    }
    // a file that was moved and not told to git
    let mut by_content: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, packet) in before.iter().enumerate().filter(|(number, _)| !taken.contains(number)) {
        by_content.entry(&packet.content_sha256).or_default().push(number);
    }
    for (packet, partner) in after.iter().zip(&mut partner).filter(|(_, partner)| partner.is_none()) {
        if let Some([only]) = by_content.get(packet.content_sha256.as_str()).map(Vec::as_slice)
            && taken.insert(*only)
        {
            *partner = Some(*only);
        }
    }
    let now = after.iter().zip(partner).enumerate().map(|(number, (packet, old))| {
        let other = old.map(|old| &before[old]);
        Pair {
            before: old,
            after: Some(number),
            is_renamed: other.is_some_and(|other| other.path != packet.path),
            is_touched: other.is_none_or(|other| other.content_sha256 != packet.content_sha256),
            presence: Input::Author,
        }
    });
    let gone = (0..before.len()).filter(|number| !taken.contains(number));
    let gone = gone.map(|number| Pair { before: Some(number), after: None, is_renamed: false, is_touched: true, presence: Input::Author });
    now.chain(gone).collect()
}
