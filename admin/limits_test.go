package admin_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// asker is whose request reaches an operation's body.
func (s *scene) asker(rows map[string]row, f shape) []string {
	for _, role := range []fleet.Role{fleet.CompanyAdmin, fleet.PlatformAdmin, fleet.CustomerAdmin} {
		if rows[f.id].roles[role] != "403" {
			return bearer(s.a.tokens[role])
		}
	}
	return nil
}

// fields are what a problem names, with its message.
func (a answer) fields() map[string]string {
	var p struct {
		Errors []struct{ Field, Message string }
	}
	json.Unmarshal([]byte(a.body), &p)
	all := map[string]string{}
	for _, e := range p.Errors {
		all[e.Field] = e.Message
	}
	return all
}

// TestEveryTextHasALimit sends a text that is far too long in each field that
// takes text, by the OpenAPI document: the problem names the field, in the
// caller's language.
func TestEveryTextHasALimit(t *testing.T) {
	aloneInRace(t)
	rows, s := readMatrix(t), newScene(t, nil)
	long := strings.Repeat("x", 100_000)
	tried, worded := 0, map[string]bool{}
	for _, f := range shapes(t, s.w) {
		g := target{tn: s.a, role: fleet.CompanyAdmin, asks: s.a}
		shows := s.asker(rows, f)
		for _, l := range f.leaves {
			if !l.text || l.ignored {
				continue
			}
			tried++
			body := set(t, strings.Replace(g.body(f.route), `"version":1`, `"version":999`, 1), l, long)
			got := s.w.probe(f.method, g.path(f.route), body, shows...)
			message := got.fields()[l.field()]
			if got.status != 422 || message == "" {
				t.Errorf("%s: %s with 100,000 letters: %d %.300s, want 422 with the field's name: give the field a maxLength, or check it in its Validate", f.id, l.field(), got.status, got.body)
			}
			if len(got.body) > 4096 {
				t.Errorf("%s: %s: an answer of %d bytes repeats it", f.id, l.field(), len(got.body))
			}
			if worded[message] {
				continue
			}
			worded[message] = true
			said := map[string]bool{}
			for _, lang := range fleet.Langs() {
				got := s.w.probe(f.method, g.path(f.route), body, append(slices.Clone(shows), "Accept-Language", string(lang))...)
				said[got.fields()[l.field()]] = true
			}
			if len(said) != len(fleet.Langs()) {
				t.Errorf("%s: %s: %q is said alike in two languages: add it to admin/api/messages/*.json", f.id, l.field(), message)
			}
		}
		for _, name := range f.query {
			tried++
			got := s.w.probe(f.method, g.path(f.route)+"?"+name+"="+long[:20_000], g.body(f.route), shows...)
			if got.status < 400 || got.status >= 500 || got.fields()[name] == "" || len(got.body) > 4096 {
				t.Errorf("%s: ?%s= with 20,000 letters: %d %.300s", f.id, name, got.status, got.body)
			}
		}
		if len(f.leaves) > 0 {
			huge := `{"x":"` + strings.Repeat("x", 1<<20) + `"}`
			if got := s.w.probe(f.method, g.path(f.route), huge, shows...); got.status != 413 && got.status != 422 || len(got.body) > 4096 {
				t.Errorf("%s: a body of 1 MB: %d %.200s", f.id, got.status, got.body)
			}
		}
	}
	t.Logf("%d fields", tried)
}

// TestUnknownFieldsAreRefused puts a field that nobody knows into each object
// of each body.
func TestUnknownFieldsAreRefused(t *testing.T) {
	rows, s := readMatrix(t), newScene(t, nil)
	tried := 0
	for _, f := range shapes(t, s.w) {
		g := target{tn: s.a, role: fleet.CompanyAdmin, asks: s.a}
		places := map[string][]string{}
		for _, l := range f.leaves {
			for i := range l.path {
				if l.path[i] != "[]" && l.path[i] != "*" {
					at := append(slices.Clone(l.path[:i]), "noSuchField")
					places[strings.Join(at, ".")] = at
				}
			}
		}
		for _, at := range places {
			if f.id == "importFences" {
				continue // GeoJSON has foreign members (RFC 7946, section 6.1)
			}
			tried++
			body := set(t, strings.Replace(g.body(f.route), `"version":1`, `"version":999`, 1), leaf{path: at}, 1)
			got := s.w.probe(f.method, g.path(f.route), body, s.asker(rows, f)...)
			if got.status != 422 || got.fields()[leaf{path: at}.field()] == "" {
				t.Errorf("%s: %s: %d %.300s", f.id, strings.Join(at, "."), got.status, got.body)
			}
		}
	}
	t.Logf("%d objects", tried)
}
