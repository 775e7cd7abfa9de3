//! Forms of texts that notegate writes: fixed words with slots between. `{name}` holds a name of the article's own, any other
//! slot a figure: a number or a date. The same form writes a text and recognises it.

/// The slot for a name.
const NAME: &str = "name";
/// Longest figure, in bytes.
const LONGEST_FIGURE: usize = 24;

/// Appends the form with its slots filled: `value` appends what stands in a slot. Where a slot has no value, nothing is appended and the
/// answer is `None`.
pub fn fill(form: &str, out: &mut String, value: &mut dyn FnMut(&str, &mut String) -> Option<()>) -> Option<()> {
    let before = out.len();
    let mut rest = form;
    while let Some((fixed, slot, after)) = next_slot(rest) {
        out.push_str(fixed);
        if value(slot, out).is_none() {
            out.truncate(before);
            return None;
        }
        rest = after;
    }
    out.push_str(rest);
    Some(())
}

/// The form with its slots filled in their order.
#[must_use]
pub fn fill_in_order(form: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(form.len() + 16);
    let mut values = values.iter();
    // where values are missing, nothing is left
    let _ = fill(form, &mut out, &mut |_, out| values.next().map(|value| out.push_str(value)));
    out
}

/// Names that a text holds where the form has slots for them; `None` where the text is not of this form.
#[must_use]
pub fn names(form: &str, text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let (mut form, mut rest) = (form, text);
    while let Some((fixed, slot, after)) = next_slot(form) {
        rest = rest.strip_prefix(fixed)?;
        let len = if slot == NAME {
            let stop = after.find('{').map_or(after, |i| &after[..i]);
            // a name may hold the words behind it: the last ones end it
            let len = if stop.is_empty() { rest.len() } else { rest.rfind(stop)? };
            names.extend((len > 0).then(|| rest[..len].to_owned()));
            len
        } else {
            Some(figure_len(rest)).filter(|len| *len > 0)?
        };
        rest = &rest[len..];
        form = after;
    }
    (rest == form).then_some(names)
}

/// Slots of a form, in order.
pub fn slots(form: &str) -> impl Iterator<Item = &str> {
    let mut rest = form;
    std::iter::from_fn(move || {
        let (_, slot, after) = next_slot(rest)?;
        rest = after;
        Some(slot)
    })
}

/// Fixed words, slot, and what follows it.
fn next_slot(form: &str) -> Option<(&str, &str, &str)> {
    let open = memchr::memchr(b'{', form.as_bytes())?;
    let close = open + 1 + memchr::memchr(b'}', &form.as_bytes()[open + 1..])?;
    Some((&form[..open], &form[open + 1..close], &form[close + 1..]))
}

/// Byte length of the figure that a text begins with: `24`, `0.271`, `2026-05-17`; 0 where there is none.
fn figure_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut len = 0;
    while digit(len) || (len > 0 && matches!(bytes.get(len), Some(b'.' | b'-')) && digit(len - 1) && digit(len + 1)) {
        len += 1;
    }
    if len > LONGEST_FIGURE { 0 } else { len }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_recognises_what_it_wrote_and_nothing_else() {
        let form = "{name}, captured {day}";
        let written = fill_in_order(form, &["a, captured / b", "2026-05-17"]);
        assert_eq!(written, "a, captured / b, captured 2026-05-17");
        assert_eq!(names(form, &written), Some(vec!["a, captured / b".to_owned()]));
        for other in ["a, captured soon", "captured 2026-05-17", "a, captured 2026-05-17 buy", "a captured 2026-05-17", "a, captured 2026-05-"] {
            assert_eq!(names(form, other), None, "{other}");
        }
        assert_eq!(names("{n} sections", "8 sections"), Some(Vec::new()));
        assert_eq!(names("{n} sections", "eight sections"), None);
        assert_eq!(names("{n} sections", "1111111111111111111111111 sections"), None);
    }
}
