//! Questions to a person at a terminal, a line each. An empty line, and the end of the input, take what is offered.

use std::io::{BufRead, Result, Write};

/// How often an answer that is none is asked for again.
const TRIES: usize = 3;

/// Somebody who answers.
pub struct Ask<'a> {
    /// Where answers come from.
    pub input: &'a mut dyn BufRead,
    /// Where questions go.
    pub output: &'a mut dyn Write,
}

impl Ask<'_> {
    /// One of some names; `offered` is the number of the one that an empty answer takes.
    pub fn choice(&mut self, question: &str, names: &[&str], offered: usize) -> Result<usize> {
        let offer = names.get(offered).copied().unwrap_or_default();
        let find = |answer: &str| {
            let mut begins = (0..names.len()).filter(|number| names[*number].to_lowercase().starts_with(answer));
            let whole = names.iter().position(|name| name.to_lowercase() == answer);
            whole.or_else(|| begins.next().filter(|_| begins.next().is_none()))
        };
        self.ask(&format!("{question} ({}) [{offer}] ", names.join(", ")), offered, find)
    }

    /// Yes or no.
    pub fn yes(&mut self, question: &str, offered: bool) -> Result<bool> {
        let find = |answer: &str| match answer {
            "y" | "yes" => Some(true),
            "n" | "no" => Some(false),
            _ => None,
        };
        self.ask(&format!("{question} [{}] ", if offered { "Y/n" } else { "y/N" }), offered, find)
    }

    fn ask<T: Copy>(&mut self, question: &str, offered: T, find: impl Fn(&str) -> Option<T>) -> Result<T> {
        for _ in 0..TRIES {
            self.output.write_all(question.as_bytes())?;
            self.output.flush()?;
            let mut line = String::new();
            let ended = self.input.read_line(&mut line)? == 0;
            let answer = line.trim().to_lowercase();
            if ended || answer.is_empty() {
                break;
            }
            if let Some(found) = find(&answer) {
                return Ok(found);
            }
        }
        Ok(offered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(answers: &str, ask: impl FnOnce(&mut Ask) -> T) -> (T, String) {
        let (mut input, mut output) = (answers.as_bytes(), Vec::new());
        let answer = ask(&mut Ask { input: &mut input, output: &mut output });
        (answer, String::from_utf8_lossy(&output).into_owned())
    }

    #[test]
    fn an_empty_line_and_the_end_take_what_is_offered() {
        for answers in ["\n", "", "  \r\n"] {
            let (answer, shown) = with(answers, |ask| ask.choice("kind", &["Hugo", "Jekyll"], 1).ok());
            assert_eq!((answer, shown.as_str()), (Some(1), "kind (Hugo, Jekyll) [Jekyll] "));
            assert_eq!(with(answers, |ask| ask.yes("hook?", true).ok()).0, Some(true));
        }
    }

    #[test]
    fn names_may_be_short_and_a_wrong_answer_is_asked_for_again() {
        let names = ["editorial", "documentation", "market-research"];
        assert_eq!(with("Doc\n", |ask| ask.choice("preset", &names, 0).ok()).0, Some(1));
        let (answer, shown) = with("x\nmarket-research\n", |ask| ask.choice("preset", &names, 0).ok());
        assert_eq!((answer, shown.matches("preset").count()), (Some(2), 2));
        assert_eq!(with("perhaps\nNO\n", |ask| ask.yes("hook?", true).ok()).0, Some(false));
        let (answer, shown) = with("a\nb\nc\nd\n", |ask| ask.yes("hook?", false).ok());
        assert_eq!((answer, shown.matches("hook").count()), (Some(false), TRIES), "nobody is asked forever");
    }
}
