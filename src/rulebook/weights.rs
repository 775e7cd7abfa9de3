//! The weights of `likeness.txt`, laid out as bytes when notegate was built and looked up where they lie, so that no run has to load them.
//! `learnt` lays them out.

/// How many things a sentence can read as: advice, a live price, a disclosure.
pub(super) const SUBJECTS: usize = 3;
/// A weight for each of them.
pub(super) type Each = [i32; SUBJECTS];
/// Number of a word of the weights.
pub(super) type Number = u16;

// the words that stand for kinds of tokens
pub(super) const NUMBER: Number = 0;
pub(super) const MONEY: Number = 1;
pub(super) const PERCENT: Number = 2;
pub(super) const NAME: Number = 3;
pub(super) const ASSET: Number = 4;
pub(super) const OTHER: Number = 5;
pub(super) const ASKS: Number = 6;
pub(super) const EXCLAIMS: Number = 7;
pub(super) const YEAR: Number = 8;
pub(super) const MONTH: Number = 9;

/// What a word may stand beside in its sentence, as the numbers of what it weighs there.
pub(super) const BESIDE_ASSET: usize = 0;
pub(super) const BESIDE_READER: usize = 1;
pub(super) const BESIDE_FIGURE: usize = 2;
pub(super) const BESIDE_YEAR: usize = 3;

/// What a word is besides its weights, as bits.
pub(super) mod is {
    /// It names the reader.
    pub(in super::super) const READER: u8 = 1;
    /// It is a month wherever it begins with a capital.
    pub(in super::super) const MONTH: u8 = 1 << 1;
    /// It is one where no sentence begins with it.
    pub(in super::super) const MONTH_WITHIN: u8 = 1 << 2;
    /// It names an asset: its number is that of all of them.
    pub(in super::super) const ASSET: u8 = 1 << 3;
}

/// Bytes of the hash of a word, its weights by itself and its bits of [`is`]: every word of a text is looked at there …
pub(super) const OWN: usize = 16;
/// … where in them the weights begin, and where those bits stand …
pub(super) const OWN_WEIGHTS: usize = 8;
const IS: usize = OWN_WEIGHTS + 2 * SUBJECTS;
/// … and bytes of what few are asked for: the weight of a first word, and those beside something.
pub(super) const SELDOM: usize = 32;
/// Bytes of two words in a row: their numbers and weights.
pub(super) const PAIR: usize = 12;
/// What stands for no pair: no words have these numbers.
pub(super) const NO_PAIR: u32 = u32::MAX;
/// Bits of a pair that the first look at it takes: most words that stand in a row are no pair.
pub(super) const PAIR_BITS: u32 = 19;
/// The same of a hash: it tells most of the words that weigh nothing, from what fits the nearest cache.
pub(super) const WORD_BITS: u32 = 17;

/// The key of two words in a row.
pub(super) const fn pair(first: Number, second: Number) -> u32 {
    (first as u32) << 16 | second as u32
}

/// A key with its bits in no order.
pub(super) const fn mixed(pair: u32) -> u64 {
    (pair as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Where the bit of a hash or a mixed key stands among so many.
pub(super) const fn head(mixed: u64, bits: u32) -> (usize, u64) {
    let head = mixed >> (u64::BITS - bits);
    (head as usize >> 6, 1 << (head & 63))
}

/// Where a hash would stand in a table of so many places, if nothing else stood there.
pub(super) const fn place(hash: u64, places: usize) -> usize {
    (hash ^ hash >> 29) as usize & (places - 1)
}

/// The weights of all words, where they lie.
#[derive(Clone, Copy)]
pub struct Weights<'b> {
    pub(super) start: Each,
    /// A bit for some bits of every hash.
    word_heads: &'b [[u8; 8]],
    /// Numbers of words by their hashes: open addressing, what is free is the number of no row.
    by_hash: &'b [[u8; 2]],
    /// A bit for some bits of every pair.
    pair_heads: &'b [[u8; 8]],
    own: &'b [[u8; OWN]],
    seldom: &'b [[u8; SELDOM]],
    by_pair: &'b [[u8; PAIR]],
}

/// Weights that begin at a byte of a row.
#[inline]
fn laid(row: &[u8], at: usize) -> Each {
    std::array::from_fn(|subject| match row[at + 2 * subject..] {
        [low, high, ..] => i32::from(i16::from_le_bytes([low, high])),
        _ => 0,
    })
}

/// The first so many rows, and what is behind them.
fn rows<const BYTES: usize>(bytes: &[u8], count: usize) -> (&[[u8; BYTES]], &[u8]) {
    let (rows, rest) = bytes.split_at_checked(count * BYTES).unwrap_or_default();
    (rows.as_chunks().0, rest)
}

impl<'b> Weights<'b> {
    /// Of what `Learnt::laid_out` gave.
    #[must_use]
    pub fn of(bytes: &'b [u8]) -> Self {
        let (head, rest) = rows::<8>(bytes, 5);
        let count = |at: usize| head.get(at).map_or(0, |count| u64::from_le_bytes(*count) as usize);
        let start = head.get(4).map_or(Each::default(), |start| laid(start, 0));
        let (word_heads, rest) = rows(rest, 1 << (WORD_BITS - 6));
        let (by_hash, rest) = rows(rest, count(0));
        let (pair_heads, rest) = rows(rest, 1 << (PAIR_BITS - 6));
        let (own, rest) = rows(rest, count(1));
        let (seldom, rest) = rows(rest, count(2));
        let (by_pair, _) = rows(rest, count(3));
        Self { start, word_heads, by_hash, pair_heads, own, seldom, by_pair }
    }

    /// The number of the word of a hash.
    #[must_use]
    #[inline]
    pub(super) fn number(&self, hash: u64) -> Option<Number> {
        let (at, bit) = head(hash, WORD_BITS);
        if u64::from_le_bytes(*self.word_heads.get(at)?) & bit == 0 {
            return None;
        }
        let places = self.by_hash.len();
        let mut at = place(hash, places);
        loop {
            let number = Number::from_le_bytes(*self.by_hash.get(at)?);
            // of no word there is no row
            let row = self.own.get(usize::from(number))?;
            if u64::from_le_bytes(*row.first_chunk()?) == hash {
                return Some(if row[IS] & is::ASSET == 0 { number } else { ASSET });
            }
            at = (at + 1) & (places - 1);
        }
    }

    /// What a word weighs by itself, and its bits of [`is`].
    #[must_use]
    #[inline]
    pub(super) fn own(&self, number: Number) -> (Each, u8) {
        let row = &self.own[usize::from(number)];
        (laid(row, OWN_WEIGHTS), row[IS])
    }

    /// What it weighs besides as the first word of a sentence.
    #[must_use]
    #[inline]
    pub(super) fn first(&self, number: Number) -> Each {
        laid(&self.seldom[usize::from(number)], 0)
    }

    /// What it weighs besides in a sentence with something, by [`BESIDE_ASSET`] and the others.
    #[must_use]
    #[inline]
    pub(super) fn beside(&self, number: Number, what: usize) -> Each {
        laid(&self.seldom[usize::from(number)], 2 * SUBJECTS * (1 + what))
    }

    /// What two words in a row weigh besides; nothing, as a rule.
    #[must_use]
    #[inline]
    pub(super) fn pair(&self, first: Number, second: Number) -> Option<Each> {
        let pair = pair(first, second);
        let mixed = mixed(pair);
        let (at, bit) = head(mixed, PAIR_BITS);
        if u64::from_le_bytes(*self.pair_heads.get(at)?) & bit == 0 { None } else { self.known_pair(pair, mixed) }
    }

    fn known_pair(&self, pair: u32, mixed: u64) -> Option<Each> {
        let places = self.by_pair.len();
        let mut at = place(mixed, places);
        loop {
            let row = self.by_pair.get(at)?;
            let known = u32::from_le_bytes(*row.first_chunk()?);
            if known == pair {
                return Some(laid(row, 4));
            }
            if known == NO_PAIR {
                return None;
            }
            at = (at + 1) & (places - 1);
        }
    }
}
