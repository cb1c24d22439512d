package main

import (
	"flag"
	"fmt"
	"net/http"

	"example.org/web/internal/greet"
)

func main() {
	once := flag.Bool("once", false, "print the greeting and exit")
	flag.Parse()
	if *once {
		fmt.Println(greet.Greeting("once"))
		return
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, greet.Greeting(r.URL.Path)) })
	http.ListenAndServe(":8080", nil)
}
