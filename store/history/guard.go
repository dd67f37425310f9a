package history

import (
	"fmt"
	"runtime/debug"
)

// A DamageError names stored bytes that are not as they were written. They are
// never served.
type DamageError struct {
	File   string
	Key    string // of the value in doubt, in hexadecimal; "" for the file itself
	Reason string
}

// Error says what is wrong, where, and what to do.
func (e *DamageError) Error() string {
	at := ""
	if e.Key != "" {
		at = " at key " + e.Key
	}
	return fmt.Sprintf("history: %s is damaged%s: %s; restore this file from a backup, `vigia check` lists all damage",
		e.File, at, e.Reason)
}

// guard runs f, which reads a mapped file: a page that cannot be read, or bytes
// on which bbolt gives up, end in an error instead of the process.
func guard(path string, f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = &DamageError{File: path, Reason: fmt.Sprint(r)}
		}
	}()
	return f()
}
