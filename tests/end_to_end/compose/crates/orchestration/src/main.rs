use std::io::{Read, Write};
use std::net::TcpListener;

fn state(tasks: &str) -> String {
    let accepted: Vec<&str> = tasks.lines().filter(|name| core_tasks::is_task(name)).collect();
    serde_json::json!({ "service": "orchestration", "tasks": accepted }).to_string()
}

fn main() {
    let tasks = std::fs::read_to_string("config/tasks.txt").expect("config/tasks.txt");
    if std::env::args().any(|argument| argument == "--once") {
        println!("{}", state(&tasks));
        return;
    }
    let listener = TcpListener::bind("0.0.0.0:8080").expect("port 8080");
    for stream in listener.incoming() {
        let mut stream = stream.expect("a connection");
        let _ = stream.read(&mut [0; 1024]);
        let body = state(&tasks);
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", body.len(), body);
    }
}
