//! The weights of `likeness.txt`, laid out as bytes when notegate was built and looked up where they lie, so that no run has to load them.
//! `learnt` lays them out.

/// How many things a sentence can read as: advice, a live price, a disclosure.
pub(super) const SUBJECTS: usize = 3;
/// A weight for each of them.
pub(super) type Each = [i32; SUBJECTS];
/// The same as it is added up: as many as a row is read by at once, the last of no meaning.
pub(super) type Lanes = [i32; LANES];
pub(super) const LANES: usize = 4;
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

/// Bytes of the hash of a word, its weights by itself and its bits of [`is`]: every word of a text is weighed there …
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
    pub(super) start: Lanes,
    /// A bit for some bits of every pair.
    pair_heads: &'b [[u8; 8]],
    own: &'b [[u8; OWN]],
    seldom: &'b [[u8; SELDOM]],
    by_pair: &'b [[u8; PAIR]],
}

/// Weights that begin at a byte of a row, eight bytes before its end at the latest.
#[inline]
fn laid(row: &[u8], at: usize) -> Lanes {
    let Some(bytes) = row.get(at..).and_then(|rest| rest.first_chunk::<{ 2 * LANES }>()) else { return [0; LANES] };
    std::array::from_fn(|subject| i32::from(i16::from_le_bytes([bytes[2 * subject], bytes[2 * subject + 1]])))
}

/// What is meant of what was read.
pub(super) const fn each(lanes: Lanes) -> Each {
    let [advice, price, disclosure, _] = lanes;
    [advice, price, disclosure]
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
        let (head, rest) = rows::<8>(bytes, 4);
        let count = |at: usize| head.get(at).map_or(0, |count| u64::from_le_bytes(*count) as usize);
        let start = head.get(3).map_or([0; LANES], |start| laid(start, 0));
        let (pair_heads, rest) = rows(rest, 1 << (PAIR_BITS - 6));
        let (own, rest) = rows(rest, count(0));
        let (seldom, rest) = rows(rest, count(1));
        let (by_pair, _) = rows(rest, count(2));
        Self { start, pair_heads, own, seldom, by_pair }
    }

    /// The words by their hashes, with their numbers; those that stand for kinds of tokens are among them.
    pub(super) fn words(self) -> impl ExactSizeIterator<Item = (u64, Number)> + use<'b> {
        let number = |number: usize, is: u8| if is & is::ASSET == 0 { Number::try_from(number).unwrap_or(OTHER) } else { ASSET };
        self.own.iter().enumerate().map(move |(at, row)| (row.first_chunk().map_or(0, |hash| u64::from_le_bytes(*hash)), number(at, row[IS])))
    }

    /// What a word weighs by itself, and its bits of [`is`].
    #[must_use]
    #[inline]
    pub(super) fn own(&self, number: Number) -> (Lanes, u8) {
        let row = &self.own[usize::from(number)];
        (laid(row, OWN_WEIGHTS), row[IS])
    }

    /// What it weighs besides as the first word of a sentence.
    #[must_use]
    #[inline]
    pub(super) fn first(&self, number: Number) -> Lanes {
        laid(&self.seldom[usize::from(number)], 0)
    }

    /// What it weighs besides in a sentence with something, by [`BESIDE_ASSET`] and the others.
    #[must_use]
    #[inline]
    pub(super) fn beside(&self, number: Number, what: usize) -> Lanes {
        laid(&self.seldom[usize::from(number)], 2 * SUBJECTS * (1 + what))
    }

    /// What two words in a row weigh besides; nothing, as a rule.
    #[must_use]
    #[inline]
    pub(super) fn pair(&self, first: Number, second: Number) -> Option<Lanes> {
        let pair = pair(first, second);
        let mixed = mixed(pair);
        if self.may_be(mixed) { self.known_pair(pair, mixed) } else { None }
    }

    /// Whether a mixed key may be that of a pair that weighs something.
    #[inline]
    pub(super) fn may_be(&self, mixed: u64) -> bool {
        let (at, bit) = head(mixed, PAIR_BITS);
        self.pair_heads.get(at).is_some_and(|heads| u64::from_le_bytes(*heads) & bit != 0)
    }

    /// What the pair of a key and its mixed key weighs, where it is one.
    #[inline]
    pub(super) fn known_pair(&self, pair: u32, mixed: u64) -> Option<Lanes> {
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
