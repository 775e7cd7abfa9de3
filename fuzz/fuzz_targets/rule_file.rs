//! See `rule_file` in `targets.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::rule_file(data));
