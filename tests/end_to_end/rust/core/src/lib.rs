use regex::Regex;
use std::collections::BTreeMap;

pub fn count_words(text: &str) -> BTreeMap<String, usize> {
    let word = Regex::new(r"\p{Alphabetic}+").unwrap();
    let mut counts = BTreeMap::new();
    for found in word.find_iter(text) {
        *counts.entry(found.as_str().to_lowercase()).or_insert(0) += 1;
    }
    counts
}
