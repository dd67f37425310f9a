// Command table reads what `go test -bench` prints on standard input, passes it
// on, and ends with the fence engine's table: each figure beside what was asked
// for. It exits 1 if a figure is missing, and not because one falls short: on a
// busy machine they do.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// row is one figure of the table. What it must be is a least value, or a most.
type row struct {
	what      string
	bench     string // whose name begins so, behind "Benchmark"
	metric    string // its unit there
	unit      string // here
	least     bool
	must, aim float64 // aim 0: none
}

var rows = []row{
	{"one owner's 100,000 fences, lookup and difference, beside one R-tree with orb", "Beside/typical", "times", "× as fast", true, 8, 12},
	{"the same with 1,000 fences a city", "Beside/dense", "times", "× as fast", true, 10, 13},
	{"1,000,000 devices on all cores, beside a loop that touches their lines", "RowMillionDevices", "floors", "× the floor", false, 8, 4},
	{"10,000 customers with 20 fences in one city, beside the first row", "RowManyOwners", "times-first", "×", false, 1.5, 0},
	{"fences as large as countries, beside the first row", "RowCountries", "times-first", "×", false, 1.5, 0},
	{"1,000,000 fences, beside the first row", "RowMillionFences", "times-first", "×", false, 3, 0},
	{"  memory of one, once 1,000,000 devices were there", "RowMillionFences", "B/fence", "B", false, 2750, 0},
	{"  until they are ready", "RowMillionFences", "ready-s", "s", false, 10, 0},
	{"  a first look at a place, p99", "RowMillionFences", "first-p99-µs", "µs", false, 1000, 0},
	{"throughput of the whole path, 100,000 fences beside 100", "RowWholePath", "%-of-few", "%", true, 50, 80},
	{"an edit of one fence of 100,000 until readers have it, p99", "RowEdits", "edit-p99-µs", "µs", false, 1000, 0},
	{"what 100 of them a second take from readers", "RowEdits", "%-of-a-second", "%", false, 10, 0},
	{"memory of a device, one of 1,000,000, all in", "Memory", "B/device", "B", false, 600, 400},
	{"Step with all filters, no event, beside the bare lookup", "RowStep/silent", "lookups", "×", false, 2.5, 0},
}

func main() {
	found := map[string]map[string]float64{} // benchmark → unit → value
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		fmt.Println(in.Text())
		if name, ok := strings.CutPrefix(in.Text(), "Benchmark"); ok {
			fields := strings.Fields(name)
			values := map[string]float64{}
			for i := 2; i+1 < len(fields); i += 2 { // behind the name and the number of runs
				if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
					values[fields[i+1]] = v
				}
			}
			if len(values) > 0 {
				found[fields[0]] = values
			}
		}
	}
	fmt.Printf("\n%-80s %18s %8s %8s\n", "", "measured", "must", "aim")
	missing := 0
	for _, r := range rows {
		v, ok := r.in(found)
		if !ok {
			missing++
			fmt.Printf("%-80s %18s\n", r.what, "missing")
			continue
		}
		sign, aim := "≤", ""
		if r.least {
			sign = "≥"
		}
		if r.aim != 0 {
			aim = fmt.Sprintf("%s %g", sign, r.aim)
		}
		verdict := ""
		if r.least && v < r.must || !r.least && v > r.must {
			verdict = "  falls short"
		}
		fmt.Printf("%-80s %18s %8s %8s%s\n", r.what, fmt.Sprintf("%.4g %s", v, r.unit), fmt.Sprintf("%s %g", sign, r.must), aim, verdict)
	}
	fmt.Println("That a fix without an event allocates nothing is a test: TestStepDoesNotAllocateWithoutEvents, TestLocateDoesNotAllocate.")
	if err := in.Err(); err != nil || missing > 0 {
		fmt.Fprintf(os.Stderr, "table: %d figures are missing\n", missing)
		os.Exit(1)
	}
}

// in is the row's figure among those found.
func (r *row) in(found map[string]map[string]float64) (v float64, ok bool) {
	for name, values := range found {
		if name == r.bench || strings.HasPrefix(name, r.bench+"-") || strings.HasPrefix(name, r.bench+"/") {
			v, ok = values[r.metric]
			return v, ok
		}
	}
	return 0, false
}
