//! One article in the four formats: a reader reads the same sections and words, so that every check must come to the same status.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod desk;
mod dress;

use desk::Desk;
use dress::{SENTENCE, passing_article};
use notegate::packet::Packet;

/// Front matter, and the sections with their paragraphs; what a plain text has no sign for (tables, lists, links, emphasis) is left out.
struct Plan {
    header: String,
    sections: Vec<(String, Vec<String>)>,
}

impl Plan {
    fn of(article: &str) -> Self {
        let end = article[3..].find("\n---\n").unwrap() + 3 + "\n---\n".len();
        let mut sections: Vec<(String, Vec<String>)> = Vec::new();
        for block in article[end..].split("\n\n").map(str::trim) {
            if let Some(heading) = block.strip_prefix("## ") {
                sections.push((heading.to_owned(), Vec::new()));
            } else if let Some((_, paragraphs)) = sections.last_mut()
                && block.starts_with(|c: char| c.is_alphabetic())
                && !block.contains(['*', '`', '[', '<', '_', '|', '{'])
            {
                paragraphs.push(block.replace('\n', " "));
            }
        }
        Self { header: article[..end].to_owned(), sections }
    }

    fn written(&self, heading: impl Fn(usize, &str) -> String, paragraph: impl Fn(&str) -> String) -> String {
        let mut out = self.header.clone();
        for (i, (title, paragraphs)) in self.sections.iter().enumerate() {
            out.push_str(&heading(i + 1, title));
            paragraphs.iter().for_each(|text| out.push_str(&paragraph(text)));
        }
        out
    }

    /// File names and texts.
    fn formats(&self) -> Vec<(&'static str, String)> {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let plain = |text: &str| format!("{text}\n\n");
        vec![
            ("a.md", self.written(|_, title| format!("\n## {title}\n\n"), plain)),
            ("a.mdx", self.written(|_, title| format!("\n<h2>{title}</h2>\n\n"), |text| format!("<>\n  {text}\n</>\n\n"))),
            ("a.html", self.written(|_, title| format!("<h2>{}</h2>\n", escaped(title)), |text| format!("<p>{}</p>\n", escaped(text)))),
            ("a.txt", self.written(|_, title| format!("\n{title}\n{}\n\n", "-".repeat(title.len())), plain)),
            ("b.txt", self.written(|number, title| format!("\n{number:02}\n{title}\n\n"), plain)),
        ]
    }
}

/// Gate, words, sections and statuses.
type Told = (String, u32, Vec<(String, u32)>, Vec<(String, String)>);

fn told(packet: &Packet) -> Told {
    let sections = packet.sections.iter().map(|section| (section.heading.clone(), section.words)).collect();
    let statuses = packet.checks.iter().map(|check| (check.id.clone(), check.status.clone())).collect();
    (packet.gate.status.clone(), packet.words, sections, statuses)
}

#[test]
fn an_article_says_the_same_in_four_formats() {
    let (desk, mut plan) = (Desk::new(), Plan::of(&passing_article()));
    assert!(plan.sections.len() >= 4 && plan.sections.iter().map(|(_, paragraphs)| paragraphs.len()).sum::<usize>() >= 10);
    for forbidden in [false, true] {
        if forbidden {
            plan.sections.last_mut().unwrap().1.push(SENTENCE.to_owned());
        }
        let formats = plan.formats();
        let wanted = told(&desk.judge(formats[0].0, formats[0].1.as_str()));
        assert_eq!(wanted.0 == "fail", forbidden, "{wanted:?}");
        for (name, text) in &formats[1..] {
            assert_eq!(told(&desk.judge(name, text.as_str())), wanted, "{name}, forbidden sentence: {forbidden}");
        }
    }
}
