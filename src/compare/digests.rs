//! Causes where only two reports are there: whatever they state to be different may have done it.

use super::cause::{Cause, Input};
use crate::packet::{Packet, Report};

/// What two reports state to be different, apart from their articles.
#[must_use]
pub fn around(before: &Report, after: &Report) -> Vec<Input> {
    let mut differs = Vec::new();
    if before.as_of != after.as_of {
        differs.push(Input::Clock);
    }
    // what another version of the tool does otherwise is none of the other inputs
    if before.inputs.rules != after.inputs.rules || before.tool.version != after.tool.version {
        differs.push(Input::Rules);
    }
    if before.inputs.config != after.inputs.config {
        differs.push(Input::Configuration);
    }
    differs
}

/// What is different about one article, beside what is different around it.
#[must_use]
pub fn of_article(before: Option<&Packet>, after: Option<&Packet>, around: &[Input]) -> Vec<Input> {
    let mut differs = around.to_vec();
    let snapshot = |packet: &Packet| packet.snapshot.as_ref().and_then(|snapshot| serde_json::to_string(snapshot).ok());
    match (before, after) {
        (Some(before), Some(after)) => {
            let (is_edited, is_other_data) = (before.content_sha256 != after.content_sha256, snapshot(before) != snapshot(after));
            if is_edited {
                differs.push(Input::Author);
            }
            // the data may stand in the article: then its digest says nothing about which of the two it was
            if is_other_data {
                differs.push(Input::Snapshot);
            }
        }
        _ => differs = vec![Input::Author],
    }
    differs.sort_unstable();
    differs
}

/// Why something changed, of what differs.
#[must_use]
pub fn cause(differs: &[Input]) -> Cause {
    match differs {
        [only] => Cause::sure(*only),
        // the same article under the same rules: another article of the run did it
        [] => Cause { inputs: vec![Input::Author], together: false, certain: false },
        several => Cause { inputs: several.to_vec(), together: false, certain: false },
    }
}
