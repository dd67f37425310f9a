package ui

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// files are all that the pages consist of.
func files(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(web, "web", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := web.ReadFile(path)
		all[strings.TrimPrefix(path, "web/")] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	foreign := regexp.MustCompile(`(?:src|href)="(?:https?:)?//|url\(\s*['"]?(?:https?:)?//|import[^;]*['"]https?:|fetch\(\s*['"\x60]https?:`)
	inline := regexp.MustCompile(`(?i)<script(?:[^>]*)>\s*[^<\s]|<style|\sstyle="|\son[a-z]+="`)
	for name, text := range files(t) {
		if m := foreign.FindString(text); m != "" {
			t.Errorf("%s loads %q", name, m)
		}
		if strings.HasSuffix(name, ".html") {
			if m := inline.FindString(text); m != "" {
				t.Errorf("%s has %q inline: the content policy forbids it", name, m)
			}
		}
		if strings.Contains(text, "innerHTML") || strings.Contains(text, "eval(") {
			t.Errorf("%s makes code or markup of text", name)
		}
	}
}

func TestEveryReferencedFileIsThere(t *testing.T) {
	all := files(t)
	mux := http.NewServeMux()
	Routes(mux)
	for name, text := range all {
		for _, m := range regexp.MustCompile(`["'(]/ui/([a-z.]+)["')]|from '\./([a-z.]+)'`).FindAllStringSubmatch(text, -1) {
			ref := m[1] + m[2]
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest("GET", "/ui/"+ref, nil))
			if w.Code != 200 || w.Body.Len() == 0 {
				t.Errorf("%s wants %s: %d", name, ref, w.Code)
			}
			if kind := w.Header().Get("Content-Type"); strings.HasSuffix(ref, ".js") != strings.HasPrefix(kind, "text/javascript") {
				t.Errorf("%s is %s", ref, kind)
			}
		}
	}
}

func TestPagesAreNotSentTwice(t *testing.T) {
	mux := http.NewServeMux()
	Routes(mux)
	for _, path := range []string{"/", "/setup", "/login", "/api/docs", "/sw.js", "/ui/app.css"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", w.Header().Get("ETag"))
		w = httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("%s again: %d, %d bytes", path, w.Code, w.Body.Len())
		}
	}
	for _, path := range []string{"/ui/../embed.go", "/ui/nothing.js", "/ui/%2e%2e/doc.go"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code == 200 {
			t.Errorf("%s is served", path)
		}
	}
}

// TestPagesSpeakAllLanguages reads the words out of text.js: each language has
// the same keys, with as many gaps.
func TestPagesSpeakAllLanguages(t *testing.T) {
	text := files(t)["text.js"]
	entry := regexp.MustCompile(`(?:^|[\s{,])([a-zA-Z]+): (?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")`)
	words := map[string]map[string]string{}
	for _, lang := range []string{"en", "es", "pt", "fr"} {
		start := strings.Index(text, "\n  "+lang+": {")
		end := start + strings.Index(text[start:], "\n  },")
		words[lang] = map[string]string{}
		for _, m := range entry.FindAllStringSubmatch(text[start+len("\n  en: {"):end], -1) {
			words[lang][m[1]] = m[2] + m[3]
		}
	}
	if len(words["en"]) < 70 {
		t.Fatalf("only %d English texts were found", len(words["en"]))
	}
	used := map[string]bool{}
	for name, body := range files(t) {
		for _, m := range regexp.MustCompile(`\bt\('([a-zA-Z]+)'|data-(?:text|label|placeholder)="([a-zA-Z]+)"`).FindAllStringSubmatch(body, -1) {
			used[m[1]+m[2]] = true
			if words["en"][m[1]+m[2]] == "" {
				t.Errorf("%s says %q, which no language has", name, m[1]+m[2])
			}
		}
	}
	for lang, all := range words {
		for key, english := range words["en"] {
			if strings.Count(all[key], "{}") != strings.Count(english, "{}") || all[key] == "" {
				t.Errorf("%s: %s is %q, in English %q", lang, key, all[key], english)
			}
		}
		if len(all) != len(words["en"]) {
			t.Errorf("%s has %d texts, English %d", lang, len(all), len(words["en"]))
		}
	}
}
