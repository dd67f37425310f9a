// Command requirements reads `go test -json` on standard input and says which
// requirements the tests cover: those whose ID stands in the name of a test or
// subtest that ran and passed. It lists what is not covered and the tests that
// claim more than three.
//
//	requirements FILE.csv [ROUND] < test.json
//
// FILE.csv has a header and rows of ID and round; ROUND is "now" if absent.
package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
)

// id is a requirement's ID within a test's name, as words of their own.
var id = regexp.MustCompile(`(?:^|[^A-Za-z0-9])((?:C|S[0-4])-[0-9]+)(?:$|[^0-9])`)

const most = 3 // IDs that one test may claim

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "requirements:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 1 {
		return fmt.Errorf("name the list of requirements: requirements FILE.csv [ROUND] < test.json")
	}
	round := "now"
	if len(args) > 1 {
		round = args[1]
	}
	wanted, err := wanted(args[0], round)
	if err != nil {
		return err
	}
	covered, greedy, ran, err := read()
	if err != nil {
		return err
	}
	if ran == 0 {
		return fmt.Errorf("no test passed in the input; run make test first")
	}
	var open []string
	for _, want := range wanted {
		if covered[want] == 0 {
			open = append(open, want)
		}
	}
	fmt.Printf("%d of %d requirements of round %q are covered by the %d tests that passed\n", len(wanted)-len(open), len(wanted), round, ran)
	for _, want := range wanted {
		if n := covered[want]; n > 0 {
			fmt.Printf("  covered      %-8s by %d\n", want, n)
		}
	}
	for _, want := range open {
		fmt.Printf("  not covered  %s\n", want)
	}
	for _, test := range greedy {
		fmt.Printf("  claims more than %d: %s\n", most, test)
	}
	return nil
}

func wanted(file, round string) (ids []string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if len(row) > 1 && row[1] == round {
			ids = append(ids, row[0])
		}
	}
	return ids, nil
}

// read counts, for each ID, the tests that passed under its name.
func read() (covered map[string]int, greedy []string, ran int, err error) {
	covered = map[string]int{}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		var e struct{ Action, Package, Test string }
		if json.Unmarshal(in.Bytes(), &e) != nil || e.Action != "pass" || e.Test == "" {
			continue
		}
		ran++
		ids := idsOf(e.Test)
		for _, v := range ids {
			covered[v]++
		}
		if len(ids) > most {
			greedy = append(greedy, e.Package+" "+e.Test)
		}
	}
	return covered, greedy, ran, in.Err()
}

// idsOf are the IDs in a test's whole name: "TestDeleteGuard/S2-36",
// "each crossing is one event/C-5".
func idsOf(test string) (ids []string) {
	for rest := test; ; {
		at := id.FindStringSubmatchIndex(rest)
		if at == nil {
			return ids
		}
		if v := rest[at[2]:at[3]]; !slices.Contains(ids, v) {
			ids = append(ids, v)
		}
		rest = rest[at[3]:]
	}
}
