//! notegate judges articles against eleven claims and decides whether they may be published.
//!
//! # The story, from bytes to a gate
//!
//! ```text
//! paths → SourceText → Document ─┬─ article checks ─→ Outcomes ──┐
//!                                └─ Fingerprint ─→ corpus ───────┴→ Gate → Packet → reporters → exit code
//! ```
//!
//! [`discover`] lists article paths. [`source`] holds the bytes and their digests. [`document`] turns them into one value: front
//! matter, blocks, sections, links, and the *reading text* (what a reader reads) with a map back to source bytes. [`rulebook`] holds the rules
//! of `rules/*.toml`, compiled; one pass over the tokens of the reading text finds what matches, and context operators say what excuses it.
//! [`checks`] answer the eleven claims about one article, always with evidence. Each article leaves a [`fingerprint`]; [`corpus`] compares them.
//! [`gate`] folds statuses by the decision table. [`packet`] is the record of a review, [`report`] renders it, [`cli`] turns the worst gate into an
//! exit code. [`engine`] is the whole story as one function.
//!
//! # Code map, lowest room first: a room imports only rooms before its own
//!
//! | room | owns |
//! | --- | --- |
//! | [`span`] | byte spans |
//! | [`source`], [`strict_toml`], [`date`] | the bytes of an article; TOML with every error at once; dates and durations |
//! | [`attest`] | canonical JSON, keys, signed envelopes |
//! | [`panel`], [`index_line`] | what notegate writes into pages and headers, and how it is recognised there |
//! | [`document`] | bytes → document; knows no rule |
//! | [`snapshot`], [`finding`] | the dated evidence of an article; one problem at one span |
//! | [`header_schema`] | what the header of an article must hold, by JSON Schema |
//! | [`outcome`], [`policy`] | what one check says; the policy as resolved |
//! | [`rulebook`] | lexicons, patterns, context operators, messages; `build.rs` reads the shipped ones with the modules of this room |
//! | [`price`], [`classify`], [`author_state`], [`fingerprint`], [`fix`], [`waiver`] | price claims; language and class; what the author withholds; what the corpus sees; what may be written without asking; what is excused |
//! | [`checks`] | one file a check, one registry |
//! | [`sign_off`] | a person's decision, and whether it still holds |
//! | [`corpus`], [`gate`], [`packet`] | what articles share; the decision; the record |
//! | [`verify`], [`store`], [`index`] | what was kept against what is there; packets on the disk; what a site makes of them |
//! | [`baseline`] | old findings that are held |
//! | [`discover`] | the disk |
//! | [`config`], [`vcs`] | `lint.toml` → policy, each value with its origin; git: revisions and the index |
//! | [`engine`] | the story; threads live here, and inside the comparison of [`corpus`] |
//! | [`cases`], [`compare`] | labelled sentences, and how well the rules judge them; what changed between two judgements, and why |
//! | [`report`], [`cli`] | one file a format; arguments, clock, exit code |
//!
//! # What holds
//!
//! * Parsing never fails, and nothing unread ever passes: a problem of reading is a finding, and the gate closes.
//! * A check always answers. A status is computed from findings and stored nowhere.
//! * A span is bytes of the text, on character boundaries; lines, columns and the bytes of a file in another encoding are made of it at the
//!   edge. Nothing is searched for twice.
//! * Same bytes, policy, snapshot, as-of date and version give the same packet bytes, at any thread count.
//! * An editor's opinion is data (`rules/`); a span is code.
//!
//! `tests/tidy.rs` and `tests/properties.rs` hold these walls.

pub mod attest;
pub mod author_state;
pub mod baseline;
pub mod cases;
pub mod checks;
pub mod classify;
pub mod cli;
pub mod compare;
pub mod config;
pub mod corpus;
pub mod date;
pub mod discover;
pub mod document;
pub mod engine;
pub mod finding;
pub mod fingerprint;
pub mod fix;
pub mod gate;
pub mod header_schema;
pub mod index;
pub mod index_line;
pub mod outcome;
pub mod packet;
pub mod panel;
pub mod policy;
pub mod price;
pub mod report;
pub mod rulebook;
pub mod sign_off;
pub mod snapshot;
pub mod source;
pub mod span;
pub mod store;
pub mod strict_toml;
pub mod vcs;
pub mod verify;
pub mod waiver;
