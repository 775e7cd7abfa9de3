//! Corpora with the truth about them, from a seed: articles of templates whose slots are filled anew, and articles that are nobody's
//! copy. Streaming: an article is made when it is asked for.
//!
//! Templates and independent articles come from one grammar over the same words, so that only the sharing tells them apart.

#![allow(dead_code, reason = "tests and benches each use a part of it")]

pub mod grammar;
pub mod score;

use std::ops::Range;

use grammar::Grammar;

/// A small generator of numbers: the same on every machine (splitmix64).
#[derive(Clone, Debug)]
pub struct Seed(u64);

impl Seed {
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut mixed = Self(seed ^ stream.wrapping_mul(0xa076_1d64_78bd_642f));
        mixed.next();
        mixed
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit.max(1) as u128) >> 64) as usize
    }

    pub fn chance(&mut self, share: f64) -> bool {
        ((self.next() >> 11) as f64) < share * (1u64 << 53) as f64
    }

    pub fn between(&mut self, range: (f64, f64)) -> f64 {
        range.0 + (range.1 - range.0) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// What can be turned. Shares are of words, sentences or articles as named; ranges are drawn once an article.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// Words of an article, about.
    pub words: usize,
    /// Template groups.
    pub clusters: usize,
    /// Articles of each.
    pub size: usize,
    /// Share of the words that are slots, drawn once a template.
    pub slots: (f64, f64),
    /// Share of the slots that hold several words.
    pub phrases: f64,
    /// Words with a meaning of their own (no function words) that an author exchanges, drops or adds to.
    pub rewording: (f64, f64),
    /// Sentences of the article's own among those of the template.
    pub own: (f64, f64),
    /// Sections dropped.
    pub dropped: f64,
    /// Articles whose sections are shuffled.
    pub shuffled_sections: f64,
    /// Paragraphs whose sentences are shuffled.
    pub shuffled_sentences: f64,
    /// Titles that do not name the subject.
    pub hidden: f64,
    /// Articles with one of the shared footers.
    pub footers: f64,
    /// Articles of nobody's template.
    pub independent: usize,
    /// Articles of one series: the same headings and other text.
    pub series: usize,
    /// News that two to four sites printed: groups.
    pub news: usize,
    /// The seed.
    pub seed: u64,
}

impl Knobs {
    /// Slots of 2 to 25 %, some rewording, own text and dropped sections.
    pub fn mix(seed: u64) -> Self {
        Self {
            words: 650,
            clusters: 6,
            size: 20,
            slots: (0.02, 0.25),
            phrases: 0.3,
            rewording: (0.0, 0.20),
            own: (0.0, 0.15),
            dropped: 0.15,
            shuffled_sections: 0.3,
            shuffled_sentences: 0.0,
            hidden: 0.15,
            footers: 0.4,
            independent: 400,
            series: 48,
            news: 10,
            seed,
        }
    }

    /// Slots of 15 to 25 %, more of everything, everything shuffled.
    pub fn hard(seed: u64) -> Self {
        Self {
            slots: (0.15, 0.25),
            rewording: (0.10, 0.20),
            own: (0.10, 0.30),
            dropped: 0.3,
            shuffled_sections: 0.6,
            shuffled_sentences: 0.6,
            hidden: 0.4,
            ..Self::mix(seed)
        }
    }

    /// `hard`, in pairs.
    pub fn tiny(seed: u64) -> Self {
        Self { size: 2, ..Self::hard(seed) }
    }

    /// `tiny` with slots of 30 to 40 % and 20 to 30 % rewording.
    pub fn xt(seed: u64) -> Self {
        Self { slots: (0.30, 0.40), rewording: (0.20, 0.30), ..Self::tiny(seed) }
    }

    /// Articles that have nothing to do with each other.
    pub fn independent(seed: u64, articles: usize) -> Self {
        Self { clusters: 0, independent: articles, series: 0, news: 0, ..Self::mix(seed) }
    }

    /// One template alone.
    pub fn one_template(seed: u64, articles: usize) -> Self {
        Self { clusters: 1, size: articles, independent: 0, series: 0, news: 0, ..Self::mix(seed) }
    }

    /// Short articles in groups of twenty, half of all in groups.
    pub fn large(seed: u64, articles: usize) -> Self {
        Self { words: 280, clusters: articles / 40, size: 20, independent: articles - articles / 40 * 20, series: 0, news: 0, ..Self::mix(seed) }
    }
}

/// What an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// Made from the template of this number.
    Template(usize),
    /// A print of the news of this number.
    News(usize),
    /// One of the series.
    Series,
    /// Nobody's copy.
    Independent,
}

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word of the template.
    Template,
    /// A filled slot, or a reworded word.
    Slot,
    /// The article's own.
    Own,
    /// A shared footer.
    Footer,
}

/// An article with the truth about it.
#[derive(Clone, Debug)]
pub struct Made {
    pub path: String,
    pub text: String,
    pub truth: Truth,
    /// The footer it carries.
    pub footer: Option<usize>,
    /// Every word with what it is.
    pub words: Vec<(Kind, Range<usize>)>,
}

/// A word of a template.
#[derive(Clone, Debug)]
enum Piece {
    Word(String),
    /// A variable of the template.
    Slot(usize),
}

type Sentence = Vec<Piece>;
type Paragraph = Vec<Sentence>;

/// A template: sections of paragraphs of sentences of pieces.
struct Plan {
    sections: Vec<(Sentence, Vec<Paragraph>)>,
    /// Values of each variable.
    values: Vec<Vec<String>>,
}

/// A corpus that makes its articles when asked.
pub struct Corpus {
    pub knobs: Knobs,
    grammar: Grammar,
    plans: Vec<Plan>,
    footers: Vec<Vec<String>>,
    series: Vec<String>,
    news: usize,
}

const FOOTERS: usize = 4;

impl Corpus {
    pub fn new(knobs: Knobs) -> Self {
        let grammar = Grammar;
        let plans = (0..knobs.clusters).map(|number| Plan::new(&knobs, &grammar, number)).collect();
        let mut seed = Seed::new(knobs.seed, 11);
        let footers = (0..FOOTERS).map(|_| (0..4).map(|_| grammar.sentence(&mut seed)).collect()).collect();
        let series = (0..7).map(|_| grammar.heading(&mut seed)).collect();
        let news = knobs.news * 3;
        Self { knobs, grammar, plans, footers, series, news }
    }

    pub fn len(&self) -> usize {
        self.knobs.clusters * self.knobs.size + self.news + self.knobs.series + self.knobs.independent
    }

    /// The article of a number. Names tell nothing and come in no order.
    pub fn article(&self, number: usize) -> Made {
        let knobs = &self.knobs;
        let in_clusters = knobs.clusters * knobs.size;
        let truth = if number < in_clusters {
            Truth::Template(number / knobs.size)
        } else if number < in_clusters + self.news {
            Truth::News((number - in_clusters) / 3)
        } else if number < in_clusters + self.news + knobs.series {
            Truth::Series
        } else {
            Truth::Independent
        };
        let mut seed = Seed::new(knobs.seed, 1_000 + number as u64);
        let mut writer = Writer::default();
        match truth {
            Truth::Template(plan) => self.templated(&self.plans[plan], &mut seed, &mut writer),
            // the same article again, with a few words exchanged
            Truth::News(group) => self.plain(&mut Seed::new(knobs.seed, 500 + group as u64), None, 0.02, &mut seed, &mut writer),
            Truth::Series => self.plain(&mut seed.clone(), Some(&self.series), 0.0, &mut seed, &mut writer),
            Truth::Independent => self.plain(&mut seed.clone(), None, 0.0, &mut seed, &mut writer),
        }
        let footer = Seed::new(knobs.seed, 7_000_000_000 + number as u64).chance(knobs.footers).then(|| seed.below(FOOTERS));
        if let Some(footer) = footer {
            writer.text.push('\n');
            for sentence in &self.footers[footer] {
                writer.words(sentence, Kind::Footer);
            }
            writer.text.push('\n');
        }
        let name = Seed::new(knobs.seed, number as u64).next();
        Made { path: format!("{name:016x}.md"), text: writer.text, truth, footer, words: writer.kinds }
    }

    /// An article of its own: `source` makes it, `seed` exchanges a share of its words.
    fn plain(&self, source: &mut Seed, headings: Option<&[String]>, exchanged: f64, seed: &mut Seed, writer: &mut Writer) {
        let title = self.grammar.heading(source);
        writer.title(&title);
        let sections = (self.knobs.words / 95).max(2);
        let mut words = 0;
        for number in 0..sections {
            let heading = headings.and_then(|headings| headings.get(number)).cloned().unwrap_or_else(|| self.grammar.heading(source));
            writer.heading(&[(heading, Kind::Own)]);
            while words < (number + 1) * self.knobs.words / sections {
                for _ in 0..3 + source.below(3) {
                    let sentence = self.grammar.sentence(source);
                    for word in sentence.split(' ') {
                        words += 1;
                        if seed.chance(exchanged) {
                            writer.word(&self.grammar.noun(seed), Kind::Own);
                        } else {
                            writer.word(word, Kind::Own);
                        }
                    }
                }
                writer.text.push_str("\n\n");
            }
        }
    }

    /// An article of a template.
    fn templated(&self, plan: &Plan, seed: &mut Seed, writer: &mut Writer) {
        let knobs = &self.knobs;
        let values: Vec<&String> = plan.values.iter().map(|values| seed.pick(values)).collect();
        let rewording = seed.between(knobs.rewording);
        let own = seed.between(knobs.own);
        let title = if seed.chance(knobs.hidden) { self.grammar.heading(seed) } else { format!("{} {}", values[0], self.grammar.noun(seed)) };
        writer.title(&title);
        let mut order: Vec<usize> = (0..plan.sections.len()).filter(|_| !seed.chance(knobs.dropped)).collect();
        if order.is_empty() {
            order.push(0);
        }
        if seed.chance(knobs.shuffled_sections) {
            seed.shuffle(&mut order);
        }
        for section in order {
            let (heading, paragraphs) = &plan.sections[section];
            let heading: Vec<(String, Kind)> = heading
                .iter()
                .map(|piece| match piece {
                    Piece::Word(word) => (word.clone(), Kind::Template),
                    Piece::Slot(slot) => (values[*slot].clone(), Kind::Slot),
                })
                .collect();
            writer.heading(&heading);
            for paragraph in paragraphs {
                let mut sentences: Vec<&Vec<Piece>> = paragraph.iter().collect();
                if seed.chance(knobs.shuffled_sentences) {
                    seed.shuffle(&mut sentences);
                }
                for sentence in sentences {
                    if seed.chance(own) {
                        let own = self.grammar.sentence(seed);
                        writer.words(&own, Kind::Own);
                    }
                    self.fill(sentence, &values, rewording, seed, writer);
                }
                writer.text.push_str("\n\n");
            }
        }
    }

    fn fill(&self, sentence: &[Piece], values: &[&String], rewording: f64, seed: &mut Seed, writer: &mut Writer) {
        for piece in sentence {
            match piece {
                Piece::Slot(slot) => writer.words(values[*slot], Kind::Slot),
                Piece::Word(word) if self.grammar.is_content(word) && seed.chance(rewording) => match seed.below(5) {
                    // dropped
                    0 => {}
                    // something added
                    1 => {
                        writer.word(word, Kind::Template);
                        let more = self.grammar.filler(seed);
                        writer.word(&more, Kind::Slot);
                    }
                    _ => {
                        let other = self.grammar.other(word, seed);
                        writer.word(&other, Kind::Slot);
                    }
                },
                Piece::Word(word) => writer.word(word, Kind::Template),
            }
        }
    }
}

impl Plan {
    fn new(knobs: &Knobs, grammar: &Grammar, number: usize) -> Self {
        let mut seed = Seed::new(knobs.seed, 100_000_000 + number as u64);
        let share = seed.between(knobs.slots);
        let subjects: Vec<String> = (0..200).map(|_| grammar.name(&mut seed)).collect();
        let mut values = vec![subjects];
        let mut sections = Vec::new();
        let mut words = 0;
        let count = (knobs.words / 95).max(2);
        for section in 0..count {
            let heading = grammar.heading(&mut seed);
            let mut heading: Vec<Piece> = heading.split(' ').map(|word| Piece::Word(word.to_owned())).collect();
            if seed.chance(0.4) {
                heading.push(Piece::Slot(0));
            }
            let mut paragraphs = Vec::new();
            while words < (section + 1) * knobs.words / count {
                let mut paragraph = Vec::new();
                for _ in 0..3 + seed.below(3) {
                    let sentence = grammar.sentence(&mut seed);
                    let pieces: Vec<Piece> = sentence
                        .split(' ')
                        .map(|word| {
                            words += 1;
                            if word.ends_with(['.', ',']) || !seed.chance(share) {
                                return Piece::Word(word.to_owned());
                            }
                            if seed.chance(0.3) {
                                return Piece::Slot(0);
                            }
                            let phrase = seed.chance(knobs.phrases);
                            let of: Vec<String> = (0..12).map(|_| if phrase { grammar.phrase(&mut seed) } else { grammar.value(&mut seed) }).collect();
                            values.push(of);
                            Piece::Slot(values.len() - 1)
                        })
                        .collect();
                    paragraph.push(pieces);
                }
                paragraphs.push(paragraph);
            }
            sections.push((heading, paragraphs));
        }
        Self { sections, values }
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    kinds: Vec<(Kind, Range<usize>)>,
}

impl Writer {
    fn title(&mut self, title: &str) {
        self.text.push_str("---\ntitle: \"");
        self.text.push_str(title);
        self.text.push_str("\"\n---\n");
    }

    fn heading(&mut self, words: &[(String, Kind)]) {
        self.text.push_str("\n\n## ");
        for (words, kind) in words {
            self.words(words, *kind);
        }
        self.text.push_str("\n\n");
    }

    fn words(&mut self, words: &str, kind: Kind) {
        for word in words.split(' ') {
            self.word(word, kind);
        }
    }

    fn word(&mut self, word: &str, kind: Kind) {
        if !self.text.ends_with(['\n', ' ']) {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(word);
        self.kinds.push((kind, start..self.text.len()));
    }
}
