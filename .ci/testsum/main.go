// Command testsum reads `go test -json` on standard input, shows failures as
// they come, and ends with how many tests ran, how many were skipped and why.
// It exits 1 if anything failed or nothing ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
)

type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

func main() {
	var (
		ran, failed, skipped, packages int
		output                         = map[string][]string{} // of tests still running
		reasons                        = map[string][]string{} // skip reason → tests
		in                             = bufio.NewScanner(os.Stdin)
	)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // the go command's own words
			continue
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			output[name] = append(output[name], e.Output)
			continue
		case "pass":
			if e.Test != "" {
				ran++
			} else {
				packages++
				fmt.Printf("ok    %-60s %6.1fs\n", e.Package, e.Elapsed)
			}
		case "fail", "build-fail":
			fmt.Printf("FAIL  %s\n%s", name, strings.Join(output[name], ""))
			if e.Test == "" { // a package that was killed leaves tests that never ended: they say where it hung
				for _, running := range unfinished(output, e.Package) {
					fmt.Printf("never ended: %s\n%s", running, head(output[running], 200))
					delete(output, running)
				}
			}
			failed++
		case "skip":
			if e.Test != "" {
				skipped++
				why := reason(output[name])
				reasons[why] = append(reasons[why], name)
			}
		default:
			continue
		}
		delete(output, name)
	}
	fmt.Printf("\n%d tests ran in %d packages, %d failed, %d skipped\n", ran, packages, failed, skipped)
	for _, why := range sorted(reasons) {
		fmt.Printf("  skipped %d: %s\n", len(reasons[why]), why)
		for _, test := range reasons[why] {
			fmt.Printf("    %s\n", test)
		}
	}
	if failed > 0 || ran == 0 {
		os.Exit(1)
	}
}

// unfinished are the tests of a package that printed something and neither
// passed nor failed.
func unfinished(output map[string][]string, pkg string) []string {
	return slices.DeleteFunc(sorted(output), func(name string) bool {
		of, test, _ := strings.Cut(name, " ")
		return of != pkg || test == ""
	})
}

// head is the first lines of an output: a goroutine dump may have thousands.
func head(lines []string, most int) string {
	if len(lines) > most {
		lines = append(slices.Clone(lines[:most]), fmt.Sprintf("… and %d lines more\n", len(lines)-most))
	}
	return strings.Join(lines, "")
}

// reason is what t.Skip said, without the file and line before it.
func reason(lines []string) string {
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if file, why, ok := strings.Cut(l, ": "); ok && strings.Contains(file, ".go:") {
			return why
		}
	}
	return "no reason given"
}

func sorted(m map[string][]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
