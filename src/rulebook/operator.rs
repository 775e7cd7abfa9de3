//! The names of context operators; `context` holds what they do.

/// The operators, by the names rules use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Operator {
    /// A negation cue reaches the match.
    Negation,
    /// The match is asked, not said.
    Question,
    /// The match is supposed, not said.
    Hypothetical,
    /// A third person does it.
    Generic,
    /// The words are talked about, not used.
    Mention,
    /// A named source says it, dated and cited.
    AttributionNamed,
    /// A named source says it; date or citation is missing.
    AttributionUnsourced,
    /// Unnamed experts say it.
    AttributionVague,
    /// It stands in quotation marks, with a speaker.
    Quotation,
    /// The sentence is a disclaimer.
    Disclaimer,
    /// It is governed by before, after, the cost of …
    Subordinate,
    /// A process or safety qualifier follows.
    Process,
    /// The clause is dated in the past.
    History,
    /// The clause defines a term.
    Definition,
    /// Both directions are named.
    TwoSided,
    /// A citation stands in the sentence.
    Cited,
}

impl Operator {
    /// All of them, with the names rules use.
    pub const ALL: &[(Self, &'static str)] = &[
        (Self::Negation, "negation"),
        (Self::Question, "question"),
        (Self::Hypothetical, "hypothetical"),
        (Self::Generic, "generic"),
        (Self::Mention, "mention"),
        (Self::AttributionNamed, "attribution-named"),
        (Self::AttributionUnsourced, "attribution-unsourced"),
        (Self::AttributionVague, "attribution-vague"),
        (Self::Quotation, "quotation"),
        (Self::Disclaimer, "disclaimer"),
        (Self::Subordinate, "subordinate"),
        (Self::Process, "process"),
        (Self::History, "history"),
        (Self::Definition, "definition"),
        (Self::TwoSided, "two-sided"),
        (Self::Cited, "cited"),
    ];

    /// The operator of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(operator, _)| *operator)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(operator, _)| *operator == self).map_or("", |(_, name)| name)
    }
}

/// What a cue is a cue of: an operator, or one of the sets that operators are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum CueKind {
    /// A cue of that operator.
    Of(Operator),
    /// Opens an interrogative heading.
    QuestionWord,
    /// Answers a question.
    Answer,
    /// A compound or homonym: what lies in it is no trigger.
    Compound,
    /// Marks an example.
    Example,
    /// A word about words that also rejects them.
    Repudiation,
    /// Makes quoted words a thing that is heard, hoped or doubted.
    Hearsay,
    /// Makes the words of somebody else the house's own.
    Adoption,
}

impl CueKind {
    /// The kind that a name stands for.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "question-word" => Some(Self::QuestionWord),
            "answer" => Some(Self::Answer),
            "compound" => Some(Self::Compound),
            "example" => Some(Self::Example),
            "repudiation" => Some(Self::Repudiation),
            "hearsay" => Some(Self::Hearsay),
            "adoption" => Some(Self::Adoption),
            other => Operator::named(other).map(Self::Of),
        }
    }
}
