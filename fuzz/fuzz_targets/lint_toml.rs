//! See `lint_toml` in `targets.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::lint_toml(data));
