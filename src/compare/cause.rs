//! Why something changed: the smallest sets of inputs that bring it about when they alone are the new ones.

use super::Judge;
use super::items::{Matched, Seen};
use super::pairs::Pair;

/// What a judgement is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// What authors wrote, and which articles there are.
    Author,
    /// The day.
    Clock,
    /// The rules.
    Rules,
    /// The data that articles rest on.
    Snapshot,
    /// `lint.toml` and the baseline.
    Configuration,
}

impl Input {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Author, Self::Clock, Self::Rules, Self::Snapshot, Self::Configuration];

    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Clock => "clock",
            Self::Rules => "rules",
            Self::Snapshot => "snapshot",
            Self::Configuration => "configuration",
        }
    }
}

/// A state between two: which inputs are the new ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mix(u8);

impl Mix {
    /// Every input is the old one.
    pub const OLD: Self = Self(0);

    /// The state in which these are the new ones.
    #[must_use]
    pub fn of(inputs: &[Input]) -> Self {
        Self(inputs.iter().fold(0, |all, input| all | 1 << (*input as u8)))
    }

    /// Whether an input is the new one.
    #[must_use]
    pub const fn is_new(self, input: Input) -> bool {
        self.0 & (1 << (input as u8)) != 0
    }
}

/// Why something changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What did it, in the order of [`Input::ALL`].
    pub inputs: Vec<Input>,
    /// It took all of them; otherwise each of them was enough.
    pub together: bool,
    /// Whether that is known; otherwise one of them or several did it.
    pub certain: bool,
}

impl Cause {
    /// One input did it.
    #[must_use]
    pub fn sure(input: Input) -> Self {
        Self { inputs: vec![input], together: false, certain: true }
    }
}

/// Finds the causes by judging states in between.
pub(super) fn judged(matched: &mut [Matched], pairs: &[Pair], differs: &[Input], judge: &mut Judge) {
    for (one, pair) in matched.iter_mut().zip(pairs) {
        // an article that was not there before is there because of whoever put it there
        if one.before.is_none() || one.after.is_none() {
            settle(one, |_| Some(Cause::sure(pair.presence)));
        } else if let [only] = differs {
            settle(one, |_| Some(Cause::sure(*only)));
        }
    }
    for size in 1..differs.len() {
        let wanted: Vec<usize> = matched.iter_mut().enumerate().filter_map(|(number, one)| one.items.is_open().then_some(number)).collect();
        if wanted.is_empty() {
            return;
        }
        let mut enough: Vec<Vec<Vec<Input>>> = wanted.iter().map(|number| vec![Vec::new(); matched[*number].items.verdicts().count()]).collect();
        for set in sets(differs, size) {
            let packets = judge(Mix::of(&set), &wanted);
            for ((number, packet), enough) in wanted.iter().zip(&packets).zip(&mut enough) {
                let seen = packet.as_ref().map(Seen::of);
                let said = matched[*number].items.said_by(seen.as_ref(), matched[*number].after);
                for (enough, _) in enough.iter_mut().zip(said).filter(|(_, said)| *said) {
                    enough.extend(set.iter().filter(|input| !enough.contains(input)).copied().collect::<Vec<_>>());
                }
            }
        }
        for (number, enough) in wanted.iter().zip(enough) {
            settle(&mut matched[*number], |at| {
                let mut inputs = enough[at].clone();
                inputs.sort_unstable();
                (!inputs.is_empty()).then_some(Cause { inputs, together: size > 1, certain: true })
            });
        }
    }
    for one in matched {
        settle(one, |_| Some(Cause { inputs: differs.to_vec(), together: differs.len() > 1, certain: true }));
    }
}

/// Finds the causes by what two reports state.
pub(super) fn stated(matched: &mut [Matched], pairs: &[Pair], of: &dyn Fn(&Pair) -> Cause) {
    for (one, pair) in matched.iter_mut().zip(pairs) {
        let cause = of(pair);
        settle(one, |_| Some(cause.clone()));
    }
}

/// Gives causes to what has none yet; `cause` is asked by place in the order of `verdicts`.
fn settle(one: &mut Matched, cause: impl Fn(usize) -> Option<Cause>) {
    for (at, verdict) in one.items.verdicts().enumerate().filter(|(_, verdict)| verdict.is_open()) {
        verdict.cause = cause(at);
    }
}

/// All sets of a size.
fn sets(inputs: &[Input], size: usize) -> Vec<Vec<Input>> {
    let all = (0_u32..1 << inputs.len()).filter(|bits| bits.count_ones() as usize == size);
    all.map(|bits| inputs.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, input)| *input).collect()).collect()
}
