package admin_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

var update = flag.Bool("update", false, "write the golden files anew")

type document struct {
	OpenAPI    string
	Info       struct{ Title, Version string }
	Paths      map[string]map[string]operation
	Components struct {
		Schemas         map[string]any
		SecuritySchemes map[string]any
	}
	Problems map[string]any `json:"x-problems"`
}

type operation struct {
	OperationID string
	Summary     string
	Tags        []string
	Security    []map[string][]string
	Parameters  []struct{ Name, In string }
	RequestBody *struct {
		Content map[string]struct{ Schema, Example any }
	}
	Responses map[string]any
	Authz     struct {
		Object, Action string
		Roles          map[string]string
	} `json:"x-authz"`
}

func TestOpenAPIDocumentIsWholeAndTrue(t *testing.T) {
	w := newWorld(t)
	a := w.do("GET", "/api/openapi.json", "", "")
	var d document
	a.into(t, &d)
	if !strings.HasPrefix(d.OpenAPI, "3.1") || d.Info.Version != "1.2.3" || d.Info.Title == "" {
		t.Errorf("version %q, %+v", d.OpenAPI, d.Info)
	}
	ids := map[string]bool{}
	for path, ops := range d.Paths {
		if !strings.HasPrefix(path, "/api/v1/") {
			t.Errorf("%s is not below /api/v1", path)
		}
		for method, op := range ops {
			name := method + " " + path
			if op.OperationID == "" || ids[op.OperationID] {
				t.Errorf("%s has no ID of its own: %q", name, op.OperationID)
			}
			ids[op.OperationID] = true
			if op.Summary == "" || len(op.Tags) != 1 {
				t.Errorf("%s: summary %q, tags %v", name, op.Summary, op.Tags)
			}
			if op.Authz.Object == "" || op.Authz.Action == "" || len(op.Authz.Roles) == 0 {
				t.Errorf("%s has no x-authz: %+v", name, op.Authz)
			}
			if _, open := op.Authz.Roles["anyone"]; open == (len(op.Security) > 0) {
				t.Errorf("%s: roles %v, security %v", name, op.Authz.Roles, op.Security)
			}
			if _, ok := op.Responses["default"]; !ok {
				t.Errorf("%s does not say what a problem looks like", name)
			}
			if op.RequestBody != nil && method == "post" {
				for kind, c := range op.RequestBody.Content {
					if c.Schema == nil || c.Example == nil && op.OperationID != "setUp" {
						t.Errorf("%s: %s has no schema or no example", name, kind)
					}
				}
			}
			for _, variable := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
				found := false
				for _, p := range op.Parameters {
					found = found || p.In == "path" && p.Name == variable[1]
				}
				if !found {
					t.Errorf("%s does not describe {%s}", name, variable[1])
				}
			}
		}
	}
	if len(ids) < 50 {
		t.Errorf("%d operations", len(ids))
	}
	for _, ref := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(a.body, -1) {
		if d.Components.Schemas[ref[1]] == nil {
			t.Errorf("%s is used and not described", ref[1])
		}
	}
	if len(d.Components.SecuritySchemes) != 2 || len(d.Problems) < 10 {
		t.Errorf("%d security schemes, %d problems", len(d.Components.SecuritySchemes), len(d.Problems))
	}
	if y := w.do("GET", "/api/openapi.yaml", "", ""); y.status != 200 || !strings.HasPrefix(y.body, "components:") && !strings.Contains(y.body, "openapi: 3.1") {
		t.Errorf("as YAML: %d %.80s", y.status, y.body)
	}
}

// TestExamplesOfTheDocumentWork sends each example to its operation.
func TestExamplesOfTheDocumentWork(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	var d document
	w.ok("GET", "/api/openapi.json", "", "").into(t, &d)
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) { // customers before plans: where there are plans, they need one
		op, ok := d.Paths[path]["post"]
		if !ok || op.RequestBody == nil || strings.Contains(path, "{") {
			continue
		}
		switch op.OperationID {
		case "signIn", "setUp", "activate", "confirmSecondFactor", "changePassword", "openShared", "signInByQR": // once only: signin_test.go
			continue
		case "createAssociations", "dissociate": // of another company's people: associations_test.go
			continue
		}
		if op.RequestBody.Content["application/json"].Example == nil { // a file: bulk_test.go
			continue
		}
		b, err := json.Marshal(op.RequestBody.Content["application/json"].Example)
		if err != nil {
			t.Fatal(err)
		}
		b = bytes.ReplaceAll(b, []byte("0000000000001"), []byte(tn.users[fleet.Operator].String()))
		b = bytes.ReplaceAll(b, []byte("0000000000002"), []byte(tn.calendar))
		b = bytes.ReplaceAll(b, []byte("0000000000007"), []byte(tn.customer.String()))
		b = bytes.ReplaceAll(b, []byte("0000000000009"), []byte(tn.device.String()))
		token := tn.tokens[fleet.CompanyAdmin]
		if op.OperationID == "createCompany" {
			token = tn.tokens[fleet.PlatformAdmin]
		}
		if a := w.do("POST", path, token, string(b)); a.status/100 != 2 {
			t.Errorf("%s with %s: %d %s", path, b, a.status, a.body)
		}
	}
}

// TestProblemsReadAlike holds the bodies of problems, in each language, against
// a golden file: they are part of the interface.
func TestProblemsReadAlike(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	var got bytes.Buffer
	for _, lang := range fleet.Langs() {
		for _, r := range []struct{ method, path, token, body string }{
			{"GET", "/api/v1/devices", "", ""},
			{"GET", "/api/v1/devices/" + nobody, tn.tokens[fleet.Operator], ""},
			{"POST", "/api/v1/devices", tn.tokens[fleet.Operator], `{}`},
			{"POST", "/api/v1/devices", tn.tokens[fleet.CompanyAdmin], `{"nam":1}`},
			{"PUT", "/api/v1/companies/" + tn.company.String(), tn.tokens[fleet.CompanyAdmin], `{"name":"x","lang":"en","timezone":"Mars/Olympus","version":1}`},
			{"POST", "/api/v1/devices", tn.tokens[fleet.CompanyAdmin], `{"name":"x","uniqueId":"CanaryA1"}`},
			{"POST", "/api/v1/devices", tn.tokens[fleet.CompanyAdmin], `[`},
			{"PATCH", "/api/v1/devices", tn.tokens[fleet.CompanyAdmin], `{}`},
			{"POST", "/api/v1/login", "", `{"token":"lwrong"}`},
		} {
			a := w.do(r.method, r.path, r.token, r.body, "Accept-Language", string(lang))
			if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
				t.Errorf("%s %s: %q", r.method, r.path, ct)
			}
			if l := a.header.Get("Content-Language"); l != string(lang) {
				t.Errorf("%s %s: in %q, want %q", r.method, r.path, l, lang)
			}
			got.WriteString(a.body)
		}
	}
	const golden = "testdata/problems.jsonl"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("problems differ from %s (-update writes it anew):\n%s", golden, got.Bytes())
	}
}
