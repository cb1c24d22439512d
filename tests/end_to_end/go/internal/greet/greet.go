// Package greet greets.
package greet

// Greeting of a name.
func Greeting(name string) string { return "hello " + name }
