use regex::Regex;

pub fn is_task(name: &str) -> bool {
    Regex::new("^[a-z]+(-[a-z]+)*$").unwrap().is_match(name)
}
