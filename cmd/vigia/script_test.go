package main

import (
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"vigia": func() { os.Exit(run(os.Args[1:], movedClock())) },
	})
}

// daysAhead is the variable by which a test moves the clock of a server that it
// starts.
const daysAhead = "TEST_DAYS_AHEAD"

func movedClock() clock {
	days, _ := strconv.Atoi(os.Getenv(daysAhead)) // none: now
	return func() time.Time { return time.Now().AddDate(0, 0, days) }
}

// TestScripts runs the scripts of testdata/script against the program.
func TestScripts(t *testing.T) {
	commands := maps.Clone(flowCommands)
	commands["ready"], commands["installation"], commands["unchanged"] = ready, installation, unchanged
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("..", "..", "testdata", "script"),
		UpdateScripts: os.Getenv("VIGIA_UPDATE") == "1",
		Setup: func(env *testscript.Env) error { // $TAKEN is an address on which somebody listens
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Defer(func() { _ = l.Close() })
			env.Setenv("TAKEN", l.Addr().String())
			env.Values[flowKey{}] = &flow{t: env.T(), who: "nobody", lang: "en", header: http.Header{}}
			return nil
		},
		Cmds: commands,
	})
}

// ready DIR waits until a server runs on a data directory.
func ready(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ready DATA_DIR")
	}
	dir := ts.MkAbs(args[0])
	var err error
	for range 600 { // a minute, which only a failing test waits for
		if _, err = askServer(dir, "/ping", nil); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("no server on %s: %v", dir, err)
}
