//! Sections: a heading with its body, by the level that the document uses for them (design, "The article").

use std::ops::Range;

use super::{Block, ReadingText, Zone};

/// A heading with what stands under it.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading as it is read.
    pub heading: String,
    /// Level of the heading, 1 to 6.
    pub level: u8,
    /// Its blocks, as indices, the heading first.
    pub blocks: Range<u32>,
    /// Words, heading included, code left out.
    pub words: u32,
    /// What the heading says the section is for.
    pub role: SectionRole,
}

/// What a section is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionRole {
    /// Part of the article's argument: judged for depth.
    Body,
    /// References, sources: listed and not judged for depth; its entries are sources.
    References,
    /// Disclosure, about, newsletter, related …: listed and not judged for depth.
    Closing,
}

/// The level of headings that begin a section: 2; 1 where posts use `#` throughout; 3 where there are fewer than two of level 2.
fn section_level(blocks: &[Block]) -> u8 {
    let count = |level| blocks.iter().filter(|block| block.zone == Zone::Heading && block.level == level).count();
    let (ones, twos, threes) = (count(1), count(2), count(3));
    if twos >= 2 {
        2
    } else if ones >= 2 {
        1
    } else if threes >= 2 && threes > twos {
        3
    } else if twos == 1 {
        2
    } else {
        3
    }
}

/// Finds the sections and tells every block which one it stands in.
pub(super) fn read(blocks: &mut [Block], reading: &ReadingText, role: &dyn Fn(&str) -> SectionRole) -> Vec<Section> {
    let level = section_level(blocks);
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Option<usize> = None;
    for (i, block) in blocks.iter_mut().enumerate() {
        let i = crate::span::offset(i);
        if block.zone == Zone::Heading && block.level <= level {
            open = None;
            if block.level == level {
                let heading = reading.slice(block.text.clone()).trim().to_owned();
                sections.push(Section { role: role(&heading), heading, level, blocks: i..i, words: 0 });
                open = Some(sections.len() - 1);
            }
        }
        if let Some(index) = open {
            let section = &mut sections[index];
            section.blocks.end = i + 1;
            section.words += block.words;
            block.section = Some(crate::span::offset(index));
        }
    }
    sections
}
