//! The gate: statuses → gate → review status → index approval, by the decision table of the design (section 4). Total and monotone.

use crate::outcome::Status;

/// The decision on an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GateStatus {
    /// Every claim holds.
    Pass,
    /// Every claim holds within stated boundaries.
    Limited,
    /// A claim is violated or could not be judged.
    Fail,
}

impl GateStatus {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Limited => "limited",
            Self::Fail => "fail",
        }
    }
}

/// Whether search engines may index the article, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Index {
    /// Yes.
    Approved,
    /// Yes, within the limits a person accepted.
    ApprovedWithLimits,
    /// Not before a person has looked.
    Held,
    /// No.
    Blocked,
    /// The author withholds it.
    Withheld,
}

impl Index {
    /// The word used in machine reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ApprovedWithLimits => "approved-with-limits",
            Self::Held => "held",
            Self::Blocked => "blocked",
            Self::Withheld => "withheld",
        }
    }

    /// The words a person reads.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Approved => "approved for search indexing",
            Self::ApprovedWithLimits => "approved with limits",
            Self::Held => "held for human review",
            Self::Blocked => "blocked",
            Self::Withheld => "withheld by author setting",
        }
    }
}

/// What the gate decides on.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a> {
    /// Check id and status, in the order of the checks.
    pub checks: Vec<(&'a str, Status)>,
    /// Ids of issues of severity error: the article, its snapshot or its front matter could not be read.
    pub broken: Vec<&'a str>,
    /// Ids of issues of severity warning: the gate is at least limited.
    pub warned: Vec<&'a str>,
    /// What is excused and still counts: it makes no row, and says why a check that failed is limited.
    pub excused: Vec<&'a str>,
    /// A current sign-off by a named person.
    pub signed_off: bool,
    /// The policy demands a sign-off for this class.
    pub needs_sign_off: bool,
    /// The author setting that withholds the article, if any.
    pub withheld_by: Option<&'a str>,
}

/// The decision, with its row and what decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The gate.
    pub status: GateStatus,
    /// Row of the decision table, 1 to 6.
    pub row: u8,
    /// Ids of the checks and issues that decided, and the author setting that withholds.
    pub because: Vec<String>,
    /// `review-incomplete`, `changes-required`, `machine-reviewed` or `human-reviewed`.
    pub review_status: &'static str,
    /// Whether search engines may index it.
    pub index: Index,
}

/// Decides. The first row that fits wins.
#[must_use]
pub fn decide(facts: &Facts) -> Decision {
    let with = |status: Status| facts.checks.iter().filter(move |(_, has)| *has == status).map(|(id, _)| (*id).to_owned());
    let reviewed = if facts.signed_off { "human-reviewed" } else { "machine-reviewed" };
    let errors: Vec<String> = facts.broken.iter().map(|id| (*id).to_owned()).chain(with(Status::Error)).collect();
    let failed: Vec<String> = with(Status::Fail).collect();
    let mut limited: Vec<String> = facts.warned.iter().map(|id| (*id).to_owned()).chain(with(Status::Limited)).collect();
    if !limited.is_empty() {
        limited.extend(facts.excused.iter().map(|what| (*what).to_owned()));
    }
    let decision = |status, row, because, review_status, index| Decision { status, row, because, review_status, index };
    let mut decision = if !errors.is_empty() {
        decision(GateStatus::Fail, 1, errors, "review-incomplete", Index::Blocked)
    } else if !failed.is_empty() {
        decision(GateStatus::Fail, 2, failed, "changes-required", Index::Blocked)
    } else if !limited.is_empty() && !facts.signed_off {
        decision(GateStatus::Limited, 3, limited, "machine-reviewed", Index::Held)
    } else if !limited.is_empty() {
        decision(GateStatus::Limited, 4, limited, "human-reviewed", Index::ApprovedWithLimits)
    } else if facts.needs_sign_off && !facts.signed_off {
        decision(GateStatus::Pass, 5, vec!["gate.require-sign-off".to_owned()], "machine-reviewed", Index::Held)
    } else {
        decision(GateStatus::Pass, 6, Vec::new(), reviewed, Index::Approved)
    };
    if let Some(setting) = facts.withheld_by
        && decision.index < Index::Blocked
    {
        decision.index = Index::Withheld;
        decision.because.push(format!("author setting `{setting}`"));
    }
    decision
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUSES: [Status; 5] = [Status::Pass, Status::NotApplicable, Status::Limited, Status::Fail, Status::Error];

    /// Every combination of the worst two checks, issues, sign-off, demand and author setting.
    fn all() -> Vec<(Vec<Status>, bool, bool, bool, bool, bool)> {
        let mut all = Vec::new();
        for a in STATUSES {
            for b in STATUSES {
                for bits in 0..32 {
                    all.push((vec![a, b], bits & 1 != 0, bits & 2 != 0, bits & 4 != 0, bits & 8 != 0, bits & 16 != 0));
                }
            }
        }
        all
    }

    fn facts(checks: &[Status], broken: bool, warned: bool, signed_off: bool, needs: bool, withheld: bool) -> Facts<'static> {
        Facts {
            checks: checks.iter().map(|status| ("freshness", *status)).collect(),
            broken: if broken { vec!["source/invalid-utf8"] } else { vec![] },
            warned: if warned { vec!["source/nul"] } else { vec![] },
            excused: Vec::new(),
            signed_off,
            needs_sign_off: needs,
            withheld_by: withheld.then_some("draft"),
        }
    }

    #[test]
    fn every_combination_gives_the_row_the_table_says() {
        for (checks, broken, warned, signed, needs, withheld) in all() {
            let decision = decide(&facts(&checks, broken, warned, signed, needs, withheld));
            let worst = *checks.iter().max().unwrap();
            let row = if broken || worst == Status::Error {
                1
            } else if worst == Status::Fail {
                2
            } else if worst == Status::Limited || warned {
                if signed { 4 } else { 3 }
            } else if needs && !signed {
                5
            } else {
                6
            };
            assert_eq!(decision.row, row);
            assert_eq!(decision.index == Index::Withheld, withheld && row > 2);
            assert_eq!(decision.status == GateStatus::Pass, row > 4);
        }
    }

    #[test]
    fn worsening_a_check_never_improves_the_decision() {
        for (checks, broken, warned, signed, needs, withheld) in all() {
            let before = decide(&facts(&checks, broken, warned, signed, needs, withheld));
            for worse in STATUSES.into_iter().filter(|status| *status > checks[0]) {
                let after = decide(&facts(&[worse, checks[1]], broken, warned, signed, needs, withheld));
                assert!(after.status >= before.status);
                // withheld and blocked both keep the page out; withheld is only chosen where the gate itself would let it in
                let rank = |index: Index| if index == Index::Withheld { Index::Blocked } else { index };
                assert!(rank(after.index) >= rank(before.index));
            }
        }
    }

    #[test]
    fn worsening_anything_else_never_improves_the_decision() {
        let rank = |index: Index| if index == Index::Withheld { Index::Blocked } else { index };
        for (checks, broken, warned, signed, needs, withheld) in all() {
            let before = decide(&facts(&checks, broken, warned, signed, needs, withheld));
            let worse = [
                facts(&checks, true, warned, signed, needs, withheld),
                facts(&checks, broken, true, signed, needs, withheld),
                facts(&checks, broken, warned, false, needs, withheld),
                facts(&checks, broken, warned, signed, true, withheld),
                facts(&checks, broken, warned, signed, needs, true),
            ];
            for after in worse.iter().map(decide) {
                assert!(after.status >= before.status, "{before:?} → {after:?}");
                assert!(rank(after.index) >= rank(before.index), "{before:?} → {after:?}");
            }
        }
    }

    #[test]
    fn only_a_sign_off_makes_a_review_human_and_only_in_the_rows_that_say_so() {
        for (checks, broken, warned, signed, needs, withheld) in all() {
            let decision = decide(&facts(&checks, broken, warned, signed, needs, withheld));
            assert_eq!(decision.review_status == "human-reviewed", signed && matches!(decision.row, 4 | 6));
            assert!((1..=6).contains(&decision.row));
        }
    }
}
