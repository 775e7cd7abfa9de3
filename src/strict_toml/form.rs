//! What may stand under a key: the forms of texts, and the description that a reader leaves of itself.

use super::nearest_help;

/// One key that a reader asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The path from the root. `[]` at the end of a step says that it is a list of tables; a step `*` stands for any name of a form.
    pub path: Vec<String>,
    /// What belongs there.
    pub holds: Holds,
    /// Whether it must be there.
    pub required: bool,
}

/// What belongs under a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Holds {
    /// A text.
    Text(Words),
    /// `true` or `false`.
    Truth,
    /// A number from 0 to this.
    Number(f64),
    /// A list of texts.
    Texts(Words),
    /// A calendar day.
    Day,
    /// A table.
    Table,
    /// A list of tables.
    Tables,
    /// No value: the names of a table whose names are of a form.
    Names(Words),
    /// A number, a text, a truth value or a list of texts: nothing is known but that.
    Param,
}

/// A form of texts, as it is described.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// All texts of the form, where they are few.
    pub one_of: Vec<String>,
    /// A regular expression that refuses nothing that the form takes.
    pub pattern: Option<String>,
    /// A text that the form refuses; `None` where it takes every text.
    pub wrong: Option<String>,
}

/// Why a text is not of a form; nothing more where nothing more can be said.
type Test<'f> = Box<dyn Fn(&str) -> Result<(), String> + 'f>;

/// A form of texts: what is taken, and what is said of others.
pub struct Form<'f> {
    what: &'f str,
    one_of: &'f [&'f str],
    /// The words are many, or others elsewhere: they are not listed.
    unlisted: bool,
    pattern: Option<String>,
    wrong: Option<&'f str>,
    help: Option<&'f str>,
    test: Option<Test<'f>>,
}

/// A text with something in it.
const FILLED: &str = r"\S";

impl<'f> Form<'f> {
    fn new(what: &'f str) -> Self {
        Self { what, one_of: &[], unlisted: false, pattern: None, wrong: None, help: None, test: None }
    }

    /// Every text.
    #[must_use]
    pub fn any() -> Self {
        Self::new("text")
    }

    /// Every text with something in it.
    #[must_use]
    pub fn filled() -> Self {
        Self { pattern: Some(FILLED.to_owned()), ..Self::of("text", "   ", "write something, or leave the key out", |text| !text.trim().is_empty()) }
    }

    /// One of a few words. `what`: what each of them is, such as `severity`.
    #[must_use]
    pub fn one_of(what: &'f str, words: &'f [&'f str]) -> Self {
        Self { one_of: words, ..Self::new(what) }
    }

    /// One of many words. `wrong`: none of them; `help`: where they are listed.
    #[must_use]
    pub fn named(what: &'f str, words: &'f [&'f str], wrong: &'f str, help: &'f str) -> Self {
        Self { one_of: words, unlisted: true, wrong: Some(wrong), help: Some(help), ..Self::new(what) }
    }

    /// What a test takes. `wrong`: a text that it refuses; `help`: what to write.
    #[must_use]
    pub fn of(what: &'f str, wrong: &'f str, help: &'f str, test: impl Fn(&str) -> bool + 'f) -> Self {
        Self::because(what, wrong, help, move |text| if test(text) { Ok(()) } else { Err(String::new()) })
    }

    /// The same with a test that says why.
    #[must_use]
    pub fn because(what: &'f str, wrong: &'f str, help: &'f str, test: impl Fn(&str) -> Result<(), String> + 'f) -> Self {
        Self { wrong: Some(wrong), help: Some(help).filter(|help| !help.is_empty()), test: Some(Box::new(test)), ..Self::new(what) }
    }

    /// With a regular expression for readers that do not know the test. It must refuse nothing that the test takes.
    #[must_use]
    pub fn like(self, pattern: impl Into<String>) -> Self {
        Self { pattern: Some(pattern.into()), ..self }
    }

    /// Whether a text is of the form.
    #[must_use]
    pub fn takes(&self, text: &str) -> bool {
        (self.one_of.is_empty() || self.one_of.contains(&text)) && self.test.as_ref().is_none_or(|test| test(text).is_ok())
    }

    /// What is wrong with a text that it does not take, and what would be right. `key`: where it stands.
    #[must_use]
    pub fn fault(&self, key: &str, text: &str) -> (String, Option<String>) {
        let what = self.what;
        if !self.one_of.is_empty() {
            let help = nearest_help(text, self.one_of);
            let help = if self.unlisted && !help.starts_with("did you mean") { self.help.map(str::to_owned) } else { Some(help) };
            return (format!("there is no {what} `{text}`"), help);
        }
        let help = self.help.map(str::to_owned);
        if text.trim().is_empty() {
            return (format!("`{key}` holds an empty text"), help.or_else(|| Some("write something, or leave the key out".to_owned())));
        }
        match self.test.as_ref().map(|test| test(text)) {
            Some(Err(why)) if !why.is_empty() => (format!("`{text}` is no {what}: {why}"), help),
            _ => (format!("`{text}` is no {what}"), help),
        }
    }

    /// The form as it is described.
    #[must_use]
    pub fn words(&self) -> Words {
        let listed = if self.unlisted { &[] } else { self.one_of };
        let wrong = if listed.is_empty() { self.wrong } else { Some("no-such-word") };
        Words { one_of: listed.iter().map(|word| (*word).to_owned()).collect(), pattern: self.pattern.clone(), wrong: wrong.map(str::to_owned) }
    }
}

/// Tables that are named as the home of a key.
const HOMES: usize = 3;

/// Where a key belongs that stands in the wrong table.
pub(super) fn home(name: &str, description: &[Asked]) -> Option<String> {
    let mut homes: Vec<String> = Vec::new();
    for asked in description.iter().filter(|asked| asked.path.last().is_some_and(|last| last.trim_end_matches("[]") == name)) {
        let table = &asked.path[..asked.path.len() - 1];
        let written = table.iter().map(|step| step.trim_end_matches("[]")).collect::<Vec<_>>().join(".");
        let home = match (table.last(), asked.holds == Holds::Table || asked.holds == Holds::Tables) {
            (_, true) if table.is_empty() => format!("as `[{name}]`"),
            (None, _) => "at the top of the file, before the first table".to_owned(),
            (Some(last), _) if last.ends_with("[]") => format!("under `[[{written}]]`"),
            (Some(_), _) => format!("under `[{written}]`"),
        };
        // what may stand in an override stands at the root too, and is named there
        if table.first().is_none_or(|first| first != "overrides[]" || table.len() == 1) && !homes.contains(&home) {
            homes.push(home);
        }
    }
    let more = homes.len() > HOMES;
    homes.truncate(HOMES);
    (!homes.is_empty()).then(|| format!("it belongs {}{}", homes.join(" or "), if more { " or elsewhere" } else { "" }))
}
