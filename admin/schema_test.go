package admin_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A shape is what an operation takes, by the OpenAPI document: the leaves of its
// body and its query.
type shape struct {
	route
	leaves []leaf   // of the body
	query  []string // parameters that are text
}

// leaf is one value of a body, at the end of a path: a name steps into an
// object, "[]" into a list, "*" into an object of any names.
type leaf struct {
	path    []string
	text    bool // a string, of any content
	named   bool // the ID of something
	ignored bool // readOnly: it may be sent back, and is not looked at
	closed  bool // one of a few words
}

// field is the leaf's name as a problem spells it, for its first element.
func (l leaf) field() string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.Join(l.path, "."), ".[]", "[0]"), ".*", ".x")
}

// schemas walks the document's schemas.
type schemas map[string]map[string]any

func (s schemas) follow(v map[string]any) map[string]any {
	for v != nil {
		ref, ok := v["$ref"].(string)
		if !ok {
			return v
		}
		v = s[ref[strings.LastIndexByte(ref, '/')+1:]]
	}
	return nil
}

func (s schemas) leaves(v map[string]any, at []string, readOnly bool) (all []leaf) {
	readOnly = readOnly || v["readOnly"] == true
	if v = s.follow(v); v == nil || len(at) > 12 {
		return nil
	}
	readOnly = readOnly || v["readOnly"] == true
	if items, ok := v["items"].(map[string]any); ok {
		return s.leaves(items, append(slices.Clone(at), "[]"), readOnly)
	}
	properties, object := v["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if name != "$schema" {
			all = append(all, s.leaves(properties[name].(map[string]any), append(slices.Clone(at), name), readOnly)...)
		}
	}
	if more, ok := v["additionalProperties"].(map[string]any); ok {
		all = append(all, s.leaves(more, append(slices.Clone(at), "*"), readOnly)...)
		object = true
	}
	if object {
		return all
	}
	text := v["type"] == "string"
	if kinds, ok := v["type"].([]any); ok {
		text = slices.Contains(kinds, any("string"))
	}
	pattern, _ := v["pattern"].(string)
	return []leaf{{
		path: at, text: text, ignored: readOnly, closed: v["enum"] != nil,
		named: text && (pattern == "^[0-9A-Za-z]{13}$" || pattern == "^[0-9a-f]{32}$"),
	}}
}

// shapes reads the document.
func shapes(t testing.TB, w *world) []shape {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Parameters  []struct {
				Name, In string
				Schema   map[string]any
			}
			RequestBody *struct {
				Content map[string]struct{ Schema map[string]any }
			}
		}
		Components struct{ Schemas schemas }
	}
	w.ok("GET", "/api/openapi.json", "", "").into(t, &doc)
	var all []shape
	for _, r := range routes(t, w) {
		f := shape{route: r}
		op := doc.Paths["/api/v1"+r.path][strings.ToLower(r.method)]
		for _, p := range op.Parameters {
			if p.In == "query" && p.Schema["type"] == "string" && p.Schema["enum"] == nil {
				f.query = append(f.query, p.Name)
			}
		}
		if op.RequestBody != nil {
			if media, ok := op.RequestBody.Content["application/json"]; ok {
				f.leaves = doc.Components.Schemas.leaves(media.Schema, nil, false)
			}
		}
		all = append(all, f)
	}
	return all
}

// set puts a value at a leaf of a body, and gives the body.
func set(t testing.TB, body string, l leaf, value any) string {
	t.Helper()
	var v any
	if body == "" {
		body = "{}"
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	b, err := json.Marshal(setAt(v, l.path, value))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func setAt(v any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if path[0] == "[]" {
		list, _ := v.([]any)
		var first any
		if len(list) > 0 {
			first = list[0]
		}
		return []any{setAt(first, path[1:], value)}
	}
	name := path[0]
	if name == "*" {
		name = "x"
	}
	object, _ := v.(map[string]any)
	if object == nil {
		object = map[string]any{}
	}
	object[name] = setAt(object[name], path[1:], value)
	return object
}

// unchecked are fields that take an ID without asking what it names, and why
// that does no harm.
var unchecked = map[string]string{}

// TestReferences tries every field and filter that names something with all
// that others have: it answers as for an ID that names nothing, and nothing
// comes of it.
func TestReferences(t *testing.T) {
	aloneInRace(t)
	rows := readMatrix(t)
	s := newScene(t, nil)
	probes, fields, still := 0, 0, map[string]bool{}
	for _, role := range []fleet.Role{fleet.CompanyAdmin, fleet.Operator, fleet.CustomerAdmin, fleet.CustomerUser} {
		strange := append(s.b.customerMarks(), s.b.companyMarks()...)
		if role == fleet.CustomerAdmin || role == fleet.CustomerUser {
			strange = append(strange, s.sibling.customerMarks()...)
		}
		if role == fleet.CustomerUser {
			strange = append(strange, s.inner.customerMarks()...)
			strange = append(strange, s.a.spare.String())
		}
		hidden := s.hidden(role)
		ask := func(f shape, path, body string) answer {
			probes++
			return s.w.probe(f.method, path, body, bearer(s.a.tokens[role])...)
		}
		for _, f := range shapes(t, s.w) {
			if status := rows[f.id].roles[role]; status == "401" || status == "403" {
				continue
			}
			g := target{tn: s.a, role: role, asks: s.a}
			for _, l := range f.leaves {
				if !l.named || l.ignored {
					continue
				}
				fields++
				body := func(id string) string {
					b := strings.Replace(g.body(f.route), `"version":1`, `"version":999`, 1)
					b = set(t, b, l, id)
					return strings.Replace(b, `:"new`, `:"`+id[len(id)-6:]+`new`, 1) // no name twice
				}
				none := ask(f, g.path(f.route), body(blank(nobody)))
				if what := f.id + "." + l.field(); unchecked[what] != "" && strings.Contains(none.body, blank(nobody)) {
					still[what] = true
					continue
				} else if f.method == "POST" && none.status < 300 && strings.Contains(none.body, blank(nobody)) {
					t.Errorf("%s as %s: %s takes an ID that names nothing; ask c.seesRecord (admin/api/sees.go) or one of refer.go: %s", f.id, role, l.field(), none.body)
				}
				if none.status >= 400 && none.status != 409 && !strings.Contains(none.body, `"field":"`+l.path[0]) {
					t.Logf("%s as %s: whether %s exists is not asked: %d %s", f.id, role, l.field(), none.status, none.body)
				}
				for _, id := range strange {
					if len(id) != len(nobody) {
						continue
					}
					got := ask(f, g.path(f.route), body(id))
					if got.status != none.status || got.status >= 400 && got.body != none.body {
						t.Errorf("%s as %s: %s with %s answers %d %s, with nothing's ID %d %s", f.id, role, l.field(), id, got.status, got.body, none.status, none.body)
					} else if h := shown(got.body, hidden); h != "" {
						t.Errorf("%s as %s: %s with %s shows it: %s", f.id, role, l.field(), id, got.body)
					}
				}
			}
			for _, name := range f.query {
				fields++
				path := g.path(f.route) + "?" + name + "="
				nothing := map[int]answer{}
				for _, id := range strange {
					none, asked := nothing[len(id)]
					if !asked {
						none = ask(f, path+blank(id), g.body(f.route))
						nothing[len(id)] = none
					}
					if f.method != "GET" {
						break
					}
					got := ask(f, path+id, g.body(f.route))
					plain := strings.ReplaceAll(got.body, id, "")
					if name != "after" && (got.status != none.status || plain != strings.ReplaceAll(none.body, blank(id), "")) {
						t.Errorf("%s as %s: ?%s=%s answers %d %s, nothing's ID %d %s", f.id, role, name, id, got.status, got.body, none.status, none.body)
					} else if h := shown(plain, hidden); h != "" {
						t.Errorf("%s as %s: ?%s=%s shows %s: %s", f.id, role, name, id, h, got.body)
					}
				}
			}
		}
	}
	for what := range unchecked {
		if !still[what] {
			t.Errorf("%s is asked after now: take it out of unchecked", what)
		}
	}
	t.Logf("%d probes of %d fields and filters", probes, fields)
}

// blank is an ID of the same form that names nothing.
func blank(id string) string {
	if len(id) == len(nobody) {
		return nobody
	}
	return strings.Repeat("0f", len(id)/2)
}
