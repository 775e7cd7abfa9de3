//! Pages made up from a seed: well-formed ones, and soups of tags in which nothing is closed as it should be.
//!
//! Kept clear of, because the two are known to part there (`KNOWN` in the test): formatting elements that are hidden, frames.

/// Xorshift: enough for tests, and no crate that could change its numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const WORDS: &[&str] = &[
    "gold",
    "Silver",
    "copper",
    "the",
    "rose",
    "U.S.",
    "5%",
    "$2.5",
    "2026",
    "don't",
    "naïve",
    "黄金",
    "Привет",
    "co\u{ad}op",
    "no\u{a0}break",
    "📈",
    "so,",
    "end.",
    "why?",
    "&amp;",
    "&mdash;",
    "&#8212;",
    "&#x24;",
    "&nosuch;",
    "&",
    "&copy2026",
    "&notit;",
    "&#0;",
    "&#xD800;",
    "&#x110000;",
    "&#128;",
    "&lt;b&gt;",
    "a < b",
    "a<3",
    "a > b",
    "&nbsp;",
    "&shy;",
    "&AMP",
    "&#36",
    "&#x",
    "&;",
    "]]>",
    "-->",
    "</>",
    "</ x>",
    "<!-- a comment -->",
    "<!-->",
    "<!x>",
    "<?php x ?>",
    "<![CDATA[ a > b ]]>",
    "<br>",
    "<br/>",
    "</br>",
    "<wbr>",
    "<hr>",
    "<img src=x alt='a > b'>",
    "<input value=x>",
    "\r\n",
    "\n\n",
    "\t",
];
const INLINE: &[&str] = &[
    "b",
    "i",
    "em",
    "strong",
    "span",
    "a href=/x",
    "code",
    "kbd",
    "sup",
    "u",
    "font color=red",
    "q",
    "label",
    "button",
    "abbr title='x > y'",
    "mark",
    "ruby",
    "B",
    "SPAN",
    "nobr",
];
const BLOCK: &[&str] = &[
    "p",
    "div",
    "section",
    "blockquote",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "h2",
    "h3",
    "figure",
    "figcaption",
    "pre",
    "center",
    "details",
    "summary",
    "form",
    "fieldset",
    "address",
    "P",
    "DIV",
    "marquee",
];
const TABLE: &[&str] = &["table", "tbody", "thead", "tr", "td", "th", "caption", "colgroup", "col", "tfoot"];
const HIDDEN: &[&str] = &[
    "div hidden",
    "p hidden=''",
    "span style='display:none'",
    "div style='visibility: hidden'",
    "span style='visibility:visible'",
    "section STYLE='DISPLAY : NONE;'",
    "dialog",
    "dialog open",
    "div popover",
    "li hidden",
    "td hidden",
    "div hidden=until-found",
];
const WHOLE: &[&str] = &[
    "<script>let a = '<p>x</p>';</script>",
    "<style>p { color: red }</style>",
    "<template><p>x</p></template>",
    "<noscript><p>x</p></noscript>",
    "<textarea><p>x</textarea>",
    "<title>T</title>",
    "<svg><text>x</text></svg>",
    "<svg><path d='x'/></svg>",
    "<math><mi>x</mi></math>",
    "<iframe>x</iframe>",
    "<select><option>x<option>y</select>",
    "<video>x</video>",
    "<object>x</object>",
    "<datalist><option>x</datalist>",
    "<svg><title>t</title></svg>",
    "<script><!-- <script> </script> --></script>",
    "<progress>x</progress>",
    "<SCRIPT>x</SCRIPT >",
    "<svg><style><b>x</b></style></svg>",
    "<math><mi><b>x</b></mi></math>",
    "<svg><foreignObject><p>x</p></foreignObject></svg>",
];

fn name(tag: &str) -> &str {
    tag.split(' ').next().unwrap_or(tag)
}

/// A page whose elements are closed, mostly.
pub fn page(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut out = String::new();
    if random.once_in(2) {
        out.push_str("<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><title>A &amp; B</title></head>\n<body>\n");
    }
    for _ in 0..=random.below(6) {
        block(&mut out, &mut random, 3);
    }
    if random.once_in(2) {
        out.push_str("</body></html>\n");
    }
    out
}

fn block(out: &mut String, random: &mut Random, depth: usize) {
    let tag = match random.below(8) {
        0 => random.pick(HIDDEN),
        1 if depth > 0 => return table(out, random, depth - 1),
        _ => random.pick(BLOCK),
    };
    out.push_str(&format!("<{tag}>"));
    for _ in 0..random.below(4) {
        if depth > 0 && random.once_in(3) {
            block(out, random, depth - 1);
        } else {
            line(out, random);
        }
    }
    if !random.once_in(6) {
        out.push_str(&format!("</{}>", name(tag)));
    }
    out.push('\n');
}

fn line(out: &mut String, random: &mut Random) {
    for _ in 0..=random.below(6) {
        if random.once_in(5) {
            let tag = random.pick(INLINE);
            out.push_str(&format!("<{tag}>{}</{}>", random.pick(WORDS), name(tag)));
        } else if random.once_in(12) {
            out.push_str(random.pick(WHOLE));
        } else {
            out.push_str(random.pick(WORDS));
        }
        out.push(' ');
    }
}

fn table(out: &mut String, random: &mut Random, depth: usize) {
    out.push_str("<table>");
    if random.once_in(3) {
        out.push_str("<caption>A caption</caption>");
    }
    for _ in 0..=random.below(3) {
        out.push_str("<tr>");
        for _ in 0..=random.below(3) {
            out.push_str(random.pick(&["<td>", "<th>", "<td colspan=2>", "<td rowspan='2'>"]));
            if depth > 0 && random.once_in(5) {
                block(out, random, depth - 1);
            } else {
                line(out, random);
            }
            if random.once_in(2) {
                out.push_str("</td>");
            }
        }
        if random.once_in(4) {
            line(out, random);
        }
        if random.once_in(2) {
            out.push_str("</tr>");
        }
    }
    out.push_str("</table>\n");
}

/// Tags and words in any order.
pub fn soup(seed: u64) -> String {
    let mut random = Random::new(seed + 100_000);
    let mut out = String::new();
    for _ in 0..10 + random.below(60) {
        match random.below(20) {
            0..=5 => {
                out.push_str(random.pick(WORDS));
                out.push(' ');
            }
            6..=8 => out.push_str(&format!("<{}>", random.pick(INLINE))),
            9..=10 => out.push_str(&format!("<{}>", random.pick(BLOCK))),
            11..=12 => out.push_str(&format!("<{}>", random.pick(TABLE))),
            13..=14 => out.push_str(&format!("</{}>", name(random.pick(INLINE)))),
            15..=16 => out.push_str(&format!("</{}>", name(random.pick(BLOCK)))),
            17 => out.push_str(&format!("</{}>", name(random.pick(TABLE)))),
            18 => out.push_str(random.pick(WHOLE)),
            _ => out.push_str(&format!("<{}>", random.pick(HIDDEN))),
        }
    }
    out
}
