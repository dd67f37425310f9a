package main

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/geo"
)

// Each rule of the table in docs/fences.md names tests, and there are such.
func TestFencesTableNamesTests(t *testing.T) {
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := fs.WalkDir(os.DirFS("../.."), ".", func(file string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		src, err := os.ReadFile("../../" + file)
		for _, m := range declared.FindAllSubmatch(src, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	pinned := map[string]bool{}
	for _, line := range strings.Split(fencesPage(t), "\n") {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		for _, m := range named.FindAllStringSubmatch(line, -1) {
			if !tests[m[1]] {
				t.Errorf("there is no test %s: %s", m[1], line)
			}
			pinned[strings.TrimSpace(strings.Split(line, "|")[1])] = true
		}
	}
	for _, rule := range strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12") {
		if !pinned[rule] {
			t.Errorf("rule %s names no test", rule)
		}
	}
}

// The page has every picture, and every fault of a shape with its text.
func TestFencesPageIsWhole(t *testing.T) {
	page := fencesPage(t)
	for name := range fencePictures {
		if !strings.Contains(page, "(images/"+name+".svg)") {
			t.Errorf("the picture %s is not on the page", name)
		}
	}
	for _, m := range regexp.MustCompile(`\((images/[^)]+)\)`).FindAllStringSubmatch(page, -1) {
		if _, err := os.Stat("../../docs/" + m[1]); err != nil {
			t.Error(err)
		}
	}
	for _, code := range geo.Codes() {
		if row := "| `" + string(code) + "` | " + code.Text() + " |"; code != geo.At && !strings.Contains(page, row) {
			t.Errorf("the page has no row %s", row)
		}
	}
}

func fencesPage(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../docs/fences.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
