//! Sentences of a deep random grammar over the words of four trades: warehousing of metals, gardening, repair of bicycles, baking.

use super::Seed;

const NOUNS: &[&str] = &[
    "warrant",
    "cathode",
    "ledger",
    "assay",
    "ingot",
    "furnace",
    "smelter",
    "receipt",
    "vault",
    "premium",
    "shipment",
    "broker",
    "invoice",
    "margin",
    "tariff",
    "warehouse",
    "alloy",
    "bullion",
    "contract",
    "inspector",
    "compost",
    "seedling",
    "trellis",
    "pruner",
    "mulch",
    "orchard",
    "greenhouse",
    "irrigation",
    "hedge",
    "border",
    "perennial",
    "bulb",
    "aphid",
    "fertiliser",
    "spade",
    "lawn",
    "canopy",
    "cutting",
    "pollinator",
    "frost",
    "derailleur",
    "sprocket",
    "cassette",
    "crankset",
    "spoke",
    "saddle",
    "handlebar",
    "chainring",
    "bearing",
    "axle",
    "tyre",
    "rim",
    "cable",
    "brake",
    "pedal",
    "frame",
    "fork",
    "headset",
    "tube",
    "workshop",
    "dough",
    "levain",
    "crumb",
    "crust",
    "flour",
    "oven",
    "loaf",
    "banneton",
    "hydration",
    "proof",
    "knead",
    "yeast",
    "rye",
    "scoring",
    "batch",
    "baker",
    "starter",
    "temperature",
    "timer",
    "scale",
    "customer",
    "supplier",
    "schedule",
    "record",
    "season",
    "morning",
    "problem",
    "answer",
    "measurement",
    "mistake",
    "habit",
    "difference",
    "reason",
    "method",
    "result",
    "price",
    "budget",
    "delivery",
    "storage",
    "label",
    "notebook",
    "apprentice",
    "neighbour",
    "market",
    "village",
    "harbour",
    "railway",
    "river",
    "winter",
    "summer",
    "holiday",
    "inventory",
    "checklist",
    "signature",
    "container",
    "pallet",
    "bucket",
    "shelf",
    "corner",
    "window",
    "handle",
    "surface",
    "edge",
    "weight",
    "volume",
    "pressure",
    "moisture",
    "colour",
    "smell",
    "sound",
    "pattern",
    "sample",
];
const VERBS: &[(&str, &str, &str, &str)] = &[
    ("checks", "check", "checked", "checking"),
    ("weighs", "weigh", "weighed", "weighing"),
    ("records", "record", "recorded", "recording"),
    ("moves", "move", "moved", "moving"),
    ("delays", "delay", "delayed", "delaying"),
    ("improves", "improve", "improved", "improving"),
    ("ruins", "ruin", "ruined", "ruining"),
    ("protects", "protect", "protected", "protecting"),
    ("replaces", "replace", "replaced", "replacing"),
    ("loosens", "loosen", "loosened", "loosening"),
    ("tightens", "tighten", "tightened", "tightening"),
    ("waters", "water", "watered", "watering"),
    ("stretches", "stretch", "stretched", "stretching"),
    ("covers", "cover", "covered", "covering"),
    ("measures", "measure", "measured", "measuring"),
    ("explains", "explain", "explained", "explaining"),
    ("affects", "affect", "affected", "affecting"),
    ("supports", "support", "supported", "supporting"),
    ("damages", "damage", "damaged", "damaging"),
    ("cleans", "clean", "cleaned", "cleaning"),
    ("sorts", "sort", "sorted", "sorting"),
    ("labels", "label", "labelled", "labelling"),
    ("compares", "compare", "compared", "comparing"),
    ("rejects", "reject", "rejected", "rejecting"),
    ("accepts", "accept", "accepted", "accepting"),
    ("divides", "divide", "divided", "dividing"),
    ("cools", "cool", "cooled", "cooling"),
    ("heats", "heat", "heated", "heating"),
    ("stores", "store", "stored", "storing"),
    ("sells", "sell", "sold", "selling"),
    ("orders", "order", "ordered", "ordering"),
    ("returns", "return", "returned", "returning"),
    ("marks", "mark", "marked", "marking"),
    ("follows", "follow", "followed", "following"),
    ("changes", "change", "changed", "changing"),
    ("limits", "limit", "limited", "limiting"),
    ("feeds", "feed", "fed", "feeding"),
    ("carries", "carry", "carried", "carrying"),
    ("opens", "open", "opened", "opening"),
    ("closes", "close", "closed", "closing"),
    ("predicts", "predict", "predicted", "predicting"),
    ("hides", "hide", "hid", "hiding"),
    ("reveals", "reveal", "revealed", "revealing"),
    ("trims", "trim", "trimmed", "trimming"),
    ("adjusts", "adjust", "adjusted", "adjusting"),
];
const ADJECTIVES: &[&str] = &[
    "heavy",
    "narrow",
    "damp",
    "brittle",
    "sharp",
    "quiet",
    "early",
    "late",
    "cheap",
    "costly",
    "sealed",
    "open",
    "local",
    "foreign",
    "coarse",
    "fine",
    "warm",
    "cold",
    "loose",
    "tight",
    "young",
    "old",
    "steady",
    "sudden",
    "hidden",
    "visible",
    "useful",
    "spare",
    "broken",
    "clean",
    "dusty",
    "bitter",
    "sweet",
    "uneven",
    "level",
    "bright",
    "dark",
    "ordinary",
    "careful",
    "hasty",
    "annual",
    "weekly",
    "printed",
    "handwritten",
    "approved",
    "doubtful",
    "reliable",
    "rusty",
    "fresh",
    "stale",
    "thin",
    "thick",
    "simple",
    "awkward",
    "northern",
    "coastal",
    "seasonal",
    "temporary",
    "permanent",
    "generous",
];
const ADVERBS: &[&str] = &[
    "slowly",
    "rarely",
    "often",
    "usually",
    "barely",
    "twice",
    "evenly",
    "gently",
    "firmly",
    "seldom",
    "quickly",
    "eventually",
    "partly",
    "mostly",
    "almost",
    "never",
    "always",
    "sometimes",
    "again",
    "early",
    "nearby",
    "overnight",
    "carefully",
    "roughly",
    "quietly",
    "separately",
    "together",
    "instead",
    "too",
];
const NAMES: &[&str] = &[
    "Arden",
    "Belmore",
    "Corvane",
    "Dunmarrow",
    "Elsing",
    "Farrow",
    "Gildern",
    "Harlow",
    "Inverley",
    "Jasmund",
    "Kelder",
    "Lorne",
    "Marwick",
    "Nethercote",
    "Orrin",
    "Pellworm",
    "Quarley",
    "Rosken",
    "Saltern",
    "Tarrant",
    "Ulverby",
    "Venloe",
    "Wexcombe",
    "Yarrow",
    "Zennor",
    "Ashby",
    "Brome",
    "Calder",
    "Dovey",
    "Esk",
    "Fenwick",
    "Garth",
    "Holme",
    "Ingle",
    "Kirkby",
    "Lydd",
    "Malden",
    "Norden",
    "Otley",
    "Penrith",
    "Ripon",
    "Selby",
    "Thirsk",
    "Whitby",
    "Copper",
    "Zinc",
    "Lithium",
    "Nickel",
    "Cobalt",
    "Tin",
    "Lavender",
    "Rosemary",
    "Dahlia",
    "Peony",
    "Focaccia",
    "Brioche",
    "Ciabatta",
    "Pumpernickel",
];
const DETERMINERS: &[&str] = &[
    "the",
    "a",
    "every",
    "any",
    "this",
    "that",
    "each",
    "another",
    "no",
    "some",
    "one",
    "our",
    "their",
    "your",
    "its",
    "most",
    "neither",
    "either",
    "such a",
    "the same",
    "the other",
    "the next",
    "half the",
    "all the",
    "hardly any",
    "quite a",
    "whichever",
    "the first",
    "the last",
    "many a",
];
const PREPOSITIONS: &[&str] = &[
    "in",
    "on",
    "under",
    "behind",
    "near",
    "with",
    "without",
    "from",
    "for",
    "at",
    "by",
    "over",
    "through",
    "between",
    "against",
    "along",
    "after",
    "before",
    "during",
    "inside",
    "outside",
    "beyond",
    "around",
    "towards",
    "beside",
    "beneath",
    "despite",
    "except for",
    "because of",
    "instead of",
    "close to",
    "next to",
    "ahead of",
    "in front of",
    "on top of",
    "according to",
    "thanks to",
    "apart from",
    "as far as",
    "up to",
];
const CONNECTIVES: &[&str] = &[
    ", and",
    ", but",
    ", so",
    " because",
    " although",
    " while",
    " until",
    " whenever",
    " unless",
    " since",
    ", yet",
    " whereas",
    " once",
    " as soon as",
    " before",
    " after",
    " even if",
    " provided that",
    ", which means that",
    ", or else",
    " in case",
    " so that",
    " as though",
    ", for",
    " wherever",
];
const OPENERS: &[&str] = &[
    "Still,",
    "Later,",
    "In practice,",
    "As a rule,",
    "At first,",
    "By contrast,",
    "Even so,",
    "For example,",
    "In short,",
    "On most days,",
    "Now and then,",
    "Strictly speaking,",
    "Under pressure,",
    "Without help,",
    "Oddly enough,",
    "Before noon,",
    "After rain,",
    "To begin with,",
    "Elsewhere,",
    "In theory,",
    "Once more,",
    "If possible,",
    "Sooner or later,",
    "From experience,",
    "Over time,",
    "Seen from outside,",
    "More often than not,",
    "Despite that,",
];
const MODALS: &[&str] = &[
    "can",
    "may",
    "must",
    "should",
    "will",
    "could",
    "might",
    "would",
    "cannot",
    "need not",
    "used to",
    "ought to",
    "is able to",
    "tends to",
    "has to",
    "seems to",
];
const PRONOUNS: &[&str] =
    &["it", "nobody", "everyone", "we", "they", "somebody", "this", "that", "you", "nothing", "she", "he", "whoever asks", "those who wait", "anyone"];
const MONTHS: &[&str] = &["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const FILLERS: &[&str] =
    &["really", "perhaps", "quite", "just", "rather", "also", "even", "only", "simply", "certainly", "likely", "of course", "indeed", "still"];

/// The grammar. It has no state: a seed makes a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Grammar;

impl Grammar {
    pub fn noun(&self, seed: &mut Seed) -> String {
        (*seed.pick(NOUNS)).to_owned()
    }

    pub fn name(&self, seed: &mut Seed) -> String {
        let first = *seed.pick(NAMES);
        if seed.chance(0.4) { format!("{first} {}", seed.pick(NAMES)) } else { first.to_owned() }
    }

    pub fn filler(&self, seed: &mut Seed) -> String {
        (*seed.pick(FILLERS)).to_owned()
    }

    /// Whether a word has a meaning of its own, which another word can have too.
    pub fn is_content(&self, word: &str) -> bool {
        let word = word.trim_end_matches(',');
        NOUNS.contains(&word)
            || ADJECTIVES.contains(&word)
            || ADVERBS.contains(&word)
            || VERBS.iter().any(|forms| [forms.0, forms.1, forms.2, forms.3].contains(&word))
    }

    /// What a rewording puts in place of a word.
    pub fn other(&self, word: &str, seed: &mut Seed) -> String {
        let comma = if word.ends_with(',') { "," } else { "" };
        let word = word.trim_end_matches(',');
        let verb =
            |pick: fn(&(&'static str, &'static str, &'static str, &'static str)) -> &'static str| VERBS.iter().any(|forms| pick(forms) == word).then_some(pick);
        let forms = [verb(|v| v.0), verb(|v| v.1), verb(|v| v.2), verb(|v| v.3)];
        let other = if let Some(pick) = forms.into_iter().flatten().next() {
            pick(seed.pick(VERBS))
        } else if ADJECTIVES.contains(&word) {
            seed.pick(ADJECTIVES)
        } else if ADVERBS.contains(&word) {
            seed.pick(ADVERBS)
        } else {
            seed.pick(NOUNS)
        };
        format!("{other}{comma}")
    }

    /// What a slot of one word holds.
    pub fn value(&self, seed: &mut Seed) -> String {
        match seed.below(5) {
            0 => format!("{}", 2 + seed.below(900)),
            1 => (*seed.pick(NAMES)).to_owned(),
            2 => (*seed.pick(ADJECTIVES)).to_owned(),
            3 => (*seed.pick(MONTHS)).to_owned(),
            _ => self.noun(seed),
        }
    }

    /// What a slot of two to four words holds.
    pub fn phrase(&self, seed: &mut Seed) -> String {
        let (adjective, noun, other) = (*seed.pick(ADJECTIVES), *seed.pick(NOUNS), *seed.pick(NOUNS));
        match seed.below(3) {
            0 => format!("{adjective} {noun}"),
            1 => format!("{adjective} {noun} {other}"),
            _ => format!("{adjective} {noun} and {other}"),
        }
    }

    pub fn heading(&self, seed: &mut Seed) -> String {
        let (noun, other, adjective, verb) = (*seed.pick(NOUNS), *seed.pick(NOUNS), *seed.pick(ADJECTIVES), *seed.pick(VERBS));
        match seed.below(6) {
            0 => format!("Why the {noun} {} the {other}", verb.0),
            1 => format!("{} a {adjective} {noun}", capital(verb.3)),
            2 => format!("What a {noun} costs in {}", seed.pick(MONTHS)),
            3 => format!("{} {noun} and {adjective} {other}", capital(adjective)),
            4 => format!("How to {} the {noun}", verb.1),
            _ => format!("When {} {noun} {}", seed.pick(DETERMINERS), verb.0),
        }
    }

    /// A sentence, capital first and full stop last.
    pub fn sentence(&self, seed: &mut Seed) -> String {
        let mut text = String::new();
        if seed.chance(0.3) {
            text.push_str(seed.pick::<&str>(OPENERS));
            text.push(' ');
        }
        text.push_str(&self.clause(seed, 2));
        if seed.chance(0.55) {
            text.push_str(seed.pick::<&str>(CONNECTIVES));
            text.push(' ');
            text.push_str(&self.clause(seed, 1));
        }
        let mut text = capital(&text);
        text.push('.');
        text
    }

    fn thing(&self, seed: &mut Seed, depth: usize) -> String {
        if seed.chance(0.16) {
            return (*seed.pick(PRONOUNS)).to_owned();
        }
        if seed.chance(0.12) {
            return (*seed.pick(NAMES)).to_owned();
        }
        let mut text = String::new();
        if seed.chance(0.85) {
            text.push_str(seed.pick::<&str>(DETERMINERS));
            text.push(' ');
        } else if seed.chance(0.5) {
            text.push_str(&format!("{} ", 2 + seed.below(60)));
        }
        for _ in 0..[0, 0, 1, 1, 2][seed.below(5)] {
            text.push_str(seed.pick::<&str>(ADJECTIVES));
            text.push(' ');
        }
        text.push_str(seed.pick::<&str>(NOUNS));
        if depth > 0 && seed.chance(0.3) {
            text.push_str(&format!(" {} {}", seed.pick(PREPOSITIONS), self.thing(seed, depth - 1)));
        } else if depth > 0 && seed.chance(0.12) {
            let verb = seed.pick(VERBS);
            match seed.below(3) {
                0 => text.push_str(&format!(" that {} {}", verb.0, self.thing(seed, 0))),
                1 => text.push_str(&format!(" whose {} {} {}", seed.pick(NOUNS), seed.pick(MODALS), verb.1)),
                _ => text.push_str(&format!(" {} {} {}", verb.2, seed.pick(PREPOSITIONS), self.thing(seed, 0))),
            }
        }
        text
    }

    fn clause(&self, seed: &mut Seed, depth: usize) -> String {
        let verb = *seed.pick(VERBS);
        let other = *seed.pick(VERBS);
        let a = self.thing(seed, depth);
        let b = self.thing(seed, depth);
        let preposition = *seed.pick(PREPOSITIONS);
        let adjective = *seed.pick(ADJECTIVES);
        let adverb = *seed.pick(ADVERBS);
        let modal = *seed.pick(MODALS);
        match seed.below(20) {
            0 => format!("{a} {} {b}", verb.0),
            1 => format!("{a} {} {b} {preposition} {}", verb.2, self.thing(seed, 0)),
            2 => format!("{preposition} {a}, {b} {modal} {}", verb.1),
            3 => format!("there is {a} {preposition} {b}"),
            4 => format!("it is {adjective} to {} {b}", verb.1),
            5 => format!("{a} is {adjective} enough for {b} to {}", verb.1),
            6 => format!("what {a} {} is {b}", verb.0),
            7 => format!("{} {a} {adverb} {} {b}", verb.3, other.0),
            8 => format!("{a} {adverb} {} and {modal} {} {b}", verb.0, other.1),
            9 => format!("{} {a} before {} {b}", verb.1, other.3),
            10 => format!("{a} has been {} {adverb} since {} {}", verb.2, seed.pick(MONTHS), 1990 + seed.below(36)),
            11 => format!("{a} {modal} {} {b} {adverb}", verb.1),
            12 => format!("how {adverb} {a} {} depends on {b}", verb.0),
            13 => format!("neither {} nor {} {} {b}", seed.pick(NOUNS), seed.pick(NOUNS), verb.0),
            14 => format!("{a} was never {} {preposition} {b}", verb.2),
            15 => format!("if {a} {}, {b} {modal} be {}", verb.0, other.2),
            16 => format!("we {} {a} as {adjective} as {b}", verb.1),
            17 => format!("to {} {a}, {} {b}", verb.1, other.1),
            18 => format!("only {a} {} more than {} {}", verb.0, 2 + seed.below(90), seed.pick(NOUNS)),
            _ => format!("{a}, {} and {}, {} {b}", verb.2, other.2, seed.pick(VERBS).0),
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
