use clap::Parser;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Parser)]
struct Options {
    #[arg(default_value = "to be or not to be")]
    text: String,
}

#[derive(Serialize)]
struct Report {
    words: BTreeMap<String, usize>,
}

fn main() {
    let options = Options::parse();
    let report = Report { words: core_words::count_words(&options.text) };
    println!("{}", serde_json::to_string(&report).unwrap());
}
