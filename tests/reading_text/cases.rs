//! Texts with what a reader reads in them, worked out by hand: no reference knows template syntax, sentences or plain text.

use notegate::document::Zone;

/// Markdown with template syntax, and the blocks a reader reads.
pub const TEMPLATES: &[(&str, &[&str])] = &[
    // Hugo
    ("Gold {{< price \"gold\" >}} rose.", &["Gold rose."]),
    ("{{< figure src=\"a.png\" title=\"Not prose\" >}}\n\nText.", &["Text."]),
    ("{{<\n  figure\n  src=\"a.png\"\n>}}\nText.", &["Text."]),
    ("{{% notice %}}\nGold **rose**.\n{{% /notice %}}", &["Gold rose."]),
    ("{{< note >}}Gold rose.{{< /note >}}", &["Gold rose."]),
    ("[Gold]({{< ref \"gold.md\" >}}) rose.", &["Gold rose."]),
    ("Use {{ to open.", &["Use {{ to open."]),
    ("Use {{ here.\n\nAnd }} there.", &["Use {{ here.", "And }} there."]),
    // Liquid, Jinja
    ("The price of {{ page.metal | capitalize }} rose.", &["The price of rose."]),
    ("{% if gold %}Gold rose.{% else %} It fell.{% endif %}", &["Gold rose. It fell."]),
    ("{% include note.html text=\"not prose\" %}\n\nText.", &["Text."]),
    ("{%- assign a = 1 -%}\nText.", &["Text."]),
    ("{% a %} {% b %}\n\n{% a %}Gold{% b %}{% c %}.", &["Gold."]),
    ("{% if a %}\r\nGold rose.\r\n{% endif %}\r\n", &["Gold rose."]),
    ("A {% comment %}hidden{% endcomment %} b.", &["A b."]),
    ("{% comment %}\nHidden.\n\n# Hidden too.\n{% endcomment %}\n\nText.", &["Text."]),
    ("{%- comment -%}Hidden{%- endcomment -%} Text.", &["Text."]),
    ("{% comment_form %}\n\nText.", &["Text."]),
    ("{% comments %} Text. {% comment %}Hidden{% endcomment %} End.", &["Text. End."]),
    ("{# a note #}\n\nText {# x #} here.", &["Text here."]),
    ("[Gold]({% link gold.md %} \"title\") rose ![Bar]({{ site.url }}/g.png).", &["Gold rose .", "Bar"]),
    // Inside Markdown
    ("**Gold {{ x }}** rose, *{{ y }}* fell.", &["Gold rose, fell."]),
    ("*gold*{{ a }}*en* pre{{ a }}post", &["golden prepost"]),
    ("# Gold {{ page.year }}\n\n## {{ page.title }}\n\nText.", &["Gold", "Text."]),
    ("| {{ a }} | b |\n| - | - |\n| {% x %} | d {{ y }} e |", &["b", "d e"]),
    ("- {{ a }}\n- gold {% b %}\n- {% endif %}", &["gold"]),
    ("> {{ a }}\n> gold", &["gold"]),
    ("<div class=\"{{ c }}\">Gold</div>\n\n<a href=\"{{ u }}\">Silver</a> rose", &["Gold", "Silver rose"]),
    ("<p>{{ x }} gold &amp; silver {{ y }}</p>\n\n{{ a }}&amp;{{ b }} tin", &["gold & silver", "& tin"]),
    ("{{}} gold {{a}} silver {{ab}} tin {{ \"黄金é\" }} lead", &["gold silver tin lead"]),
    // Kramdown, admonitions, formulas
    ("Gold rose.\n{: .lead}\n\nSilver{:.x} fell.", &["Gold rose.", "Silver fell."]),
    (":::note\nGold rose.\n:::\n\nText.", &["Gold rose.", "Text."]),
    ("$$\nE = mc^2\n$$\n\nText.", &["Text."]),
    ("It costs $5 or $$.", &["It costs $5 or $$."]),
];

/// Markdown and its sentences, each from its first word to its closing mark.
pub const SENTENCES: &[(&str, &[&str])] = &[
    ("", &[]),
    ("Gold rose. Silver fell.", &["Gold rose.", "Silver fell."]),
    ("Is it so? Yes! It is.", &["Is it so?", "Yes!", "It is."]),
    ("Gold rose, and silver\nfell. Tin *did\nnot*.", &["Gold rose, and silver fell.", "Tin did not."]),
    ("Gold rose.\n\nSilver fell", &["Gold rose.", "Silver fell"]),
    // Abbreviations
    ("The U.S. economy grew. It slowed later.", &["The U.S. economy grew.", "It slowed later."]),
    ("It moved to the U.S. The move took a year.", &["It moved to the U.S.", "The move took a year."]),
    ("The U.K. and the E.U. agreed.", &["The U.K. and the E.U. agreed."]),
    ("He lives in Washington, D.C. He works there.", &["He lives in Washington, D.C.", "He works there."]),
    ("Apple Inc. reported results. Shares fell.", &["Apple Inc. reported results.", "Shares fell."]),
    ("The owner is Acme Corp. It makes tools.", &["The owner is Acme Corp.", "It makes tools."]),
    ("Gold vs. silver is an old debate.", &["Gold vs. silver is an old debate."]),
    ("See Gold vs. Silver for more.", &["See Gold vs. Silver for more."]),
    ("Metals, e.g. copper, rose. Others, i.e. Gold, did not.", &["Metals, e.g. copper, rose.", "Others, i.e. Gold, did not."]),
    ("Copper, zinc, etc. are metals. Wood, etc. The rest is not.", &["Copper, zinc, etc. are metals.", "Wood, etc.", "The rest is not."]),
    ("Dr. Smith met Mr. Jones. They spoke.", &["Dr. Smith met Mr. Jones.", "They spoke."]),
    ("It closed at 4 p.m. Monday. It opened at 9 a.m. The desk was there.", &["It closed at 4 p.m. Monday.", "It opened at 9 a.m.", "The desk was there."]),
    ("She holds a Ph.D. in physics.", &["She holds a Ph.D. in physics."]),
    ("He bought 100 oz. of gold, approx. 5% more.", &["He bought 100 oz. of gold, approx. 5% more."]),
    ("Jan. 5, 2026 was cold. Feb. 1 was not.", &["Jan. 5, 2026 was cold.", "Feb. 1 was not."]),
    ("Fig. 2 shows it on p. 4. It is clear.", &["Fig. 2 shows it on p. 4.", "It is clear."]),
    // Numbers
    ("Shares cost $2.5 each. They rose 3.4% today.", &["Shares cost $2.5 each.", "They rose 3.4% today."]),
    ("It rose by 2.5. That is a lot.", &["It rose by 2.5.", "That is a lot."]),
    ("It cost $2.5. Now it costs .75 or so.", &["It cost $2.5.", "Now it costs .75 or so."]),
    ("Buy 1,000.50 units. Sell none.", &["Buy 1,000.50 units.", "Sell none."]),
    ("It fell 5%. Gold rose.", &["It fell 5%.", "Gold rose."]),
    ("See No. 3 for details. It is short.", &["See No. 3 for details.", "It is short."]),
    ("Is it so? No. It is not.", &["Is it so?", "No.", "It is not."]),
    ("Version 1.2.3 is out on 17.05.2026.", &["Version 1.2.3 is out on 17.05.2026."]),
    ("The price in May was 5. In June it was 6.", &["The price in May was 5.", "In June it was 6."]),
    // Initials and names
    ("J. P. Morgan lent money. J.P. Morgan was a banker.", &["J. P. Morgan lent money.", "J.P. Morgan was a banker."]),
    ("George W. Bush spoke. He left.", &["George W. Bush spoke.", "He left."]),
    ("Plan B. It works.", &["Plan B.", "It works."]),
    ("Visit example.com today. It is free.", &["Visit example.com today.", "It is free."]),
    // Quotation marks and brackets
    ("He said “buy now.” Then he left.", &["He said “buy now.", "Then he left."]),
    ("(It was late.) He left.", &["It was late.", "He left."]),
    ("Gold (the metal, e.g. bars) rose.", &["Gold (the metal, e.g. bars) rose."]),
    ("“Is it gold?” she asked. Nobody knew.", &["Is it gold?” she asked.", "Nobody knew."]),
    // Ellipses and marks in a row
    ("Gold rose… then it fell.", &["Gold rose… then it fell."]),
    ("Gold rose ... and fell.", &["Gold rose ... and fell."]),
    ("Really?! Yes... It did.", &["Really?!", "Yes...", "It did."]),
    // Blocks
    ("# What moved\n\nGold rose.", &["What moved", "Gold rose."]),
    ("What moved\n---\nGold rose", &["What moved", "Gold rose"]),
    ("- First item\n- Second item. It has two\n\n1. Third", &["First item", "Second item.", "It has two", "Third"]),
    ("| Metal | Move |\n| - | - |\n| Gold | Rose. A lot. |", &["Metal", "Move", "Gold", "Rose.", "A lot."]),
    ("> Gold rose. It fell.\n\nText", &["Gold rose.", "It fell.", "Text"]),
    ("**Note.** *Gold* rose.[^1] It fell.\n\n[^1]: By half. Or so.", &["Note.", "Gold rose.", "It fell.", "By half.", "Or so."]),
    ("Run `a.b. C`. Then wait.\n\n```\nNot. A. Sentence.\n```", &["Run `a.b. C`.", "Then wait."]),
    ("Gold&nbsp;rose.&nbsp;Silver fell.", &["Gold rose.", "Silver fell."]),
    ("Gold rose.<br>Silver fell.", &["Gold rose.", "Silver fell."]),
    ("黄金上涨。白银下跌！铜呢？", &["黄金上涨。", "白银下跌！", "铜呢？"]),
];

/// A block of a plain text: where it stands, its level, its text.
pub type PlainBlock = (Zone, u8, &'static str);

/// Plain texts and their blocks.
pub const PLAIN: &[(&str, &[PlainBlock])] = &[
    ("", &[]),
    (
        "Gold guide\n\n01\n\nWhat moved\n\nGold rose.\nIt rose again.\n\n02\nWhat next\n\nSilver fell.\n",
        &[
            (Zone::Paragraph, 0, "Gold guide"),
            (Zone::Heading, 2, "What moved"),
            (Zone::Paragraph, 0, "Gold rose. It rose again."),
            (Zone::Heading, 2, "What next"),
            (Zone::Paragraph, 0, "Silver fell."),
        ],
    ),
    (
        "01.\r\nOne\r\nText.\r\n02.\r\nTwo\r\nMore\r\ntext.\r\n\r\nReferences\r\n\r\nSource A\r\n",
        &[
            (Zone::Heading, 2, "One"),
            (Zone::Paragraph, 0, "Text."),
            (Zone::Heading, 2, "Two"),
            (Zone::Paragraph, 0, "More text."),
            (Zone::Heading, 2, "References"),
            (Zone::Paragraph, 0, "Source A"),
        ],
    ),
    // one number, or numbers that do not count on, are no sections
    ("01\n\nGold rose today.\n", &[(Zone::Paragraph, 0, "01"), (Zone::Paragraph, 0, "Gold rose today.")]),
    ("17\n\nGold\n\n19\n\nTin\n", &[(Zone::Paragraph, 0, "17"), (Zone::Paragraph, 0, "Gold"), (Zone::Paragraph, 0, "19"), (Zone::Paragraph, 0, "Tin")]),
    (
        "Gold\n====\n\nText.\n\nSilver\n------\nMore text.\n",
        &[(Zone::Heading, 1, "Gold"), (Zone::Paragraph, 0, "Text."), (Zone::Heading, 2, "Silver"), (Zone::Paragraph, 0, "More text.")],
    ),
    ("This is a whole sentence.\n---\nText\n", &[(Zone::Paragraph, 0, "This is a whole sentence. --- Text")]),
    (
        "Metals:\n- gold\n* silver\n\u{2022} copper\n1. tin\n2) lead\n   goes on\n\nEnd.\n",
        &[
            (Zone::Paragraph, 0, "Metals:"),
            (Zone::ListItem, 0, "gold"),
            (Zone::ListItem, 0, "silver"),
            (Zone::ListItem, 0, "copper"),
            (Zone::ListItem, 0, "tin"),
            (Zone::ListItem, 0, "lead goes on"),
            (Zone::Paragraph, 0, "End."),
        ],
    ),
    ("> Gold rose.\n> It fell.\n\nText.\n", &[(Zone::Quote, 0, "Gold rose. It fell."), (Zone::Paragraph, 0, "Text.")]),
    ("# A &amp; *b* <b>c</b> `d` {{ e }}\n", &[(Zone::Paragraph, 0, "# A &amp; *b* <b>c</b> `d` {{ e }}")]),
    ("1.5 tonnes\n2026. A year\n", &[(Zone::Paragraph, 0, "1.5 tonnes 2026. A year")]),
    ("  Žluťoučký\tkůň  \n\t黄金上涨。\n", &[(Zone::Paragraph, 0, "Žluťoučký kůň 黄金上涨。")]),
];
