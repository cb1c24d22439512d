use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Report {
    words: BTreeMap<String, usize>,
}

fn main() {
    let text = std::env::args().nth(1).unwrap_or("to be or not to be".into());
    let report = Report { words: core_words::count_words(&text) };
    println!("{}", serde_json::to_string(&report).unwrap());
}
