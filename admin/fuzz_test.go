package admin_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// fuzzed are the operations that take a body.
var fuzzed = []string{"/devices", "/customers", "/users", "/fences", "/fences/import", "/notifications", "/tokens", "/push/subscriptions", "/login", "/setup"}

// FuzzBodies sends any bytes to every operation that takes a body: whatever
// they are, the answer is never our failure, and never echoes them as markup.
func FuzzBodies(f *testing.F) {
	for i, body := range []string{
		`{"name":"N","uniqueId":"u"}`, `{"name":"C","code":"c","lang":"en","timezone":"UTC"}`,
		`{"name":"U","email":"u@example.com","lang":"en","timezone":"UTC","role":"operator"}`,
		`{"name":"F","shape":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}`,
		`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0],"radius":1e308},"properties":{"name":"x"}}]}`,
		`{"description":"d","kinds":["enter"],"channels":["sms"],"recipients":["01H8MZ3V7Q2KD"],"maxAge":-1}`,
		`{"description":"t","days":1e9}`, `{"endpoint":"https://a/b","keys":{"p256dh":"","auth":""}}`, `{"token":"l"}`, `{"token":"s","company":{}}`,
	} {
		f.Add(uint8(i), []byte(body))
	}
	f.Add(uint8(3), []byte(`{"name":"F","shape":{"type":"Point","coordinates":[1e999,0],"radius":-1}}`))
	f.Add(uint8(3), []byte(`{"name":"F","shape":{"type":"MultiPolygon","coordinates":[[[[]]]]}}`))
	f.Add(uint8(4), []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":null}]}`))
	w := newWorld(f)
	tn := w.settle("A")
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		r := httptest.NewRequest("POST", "/api/v1"+fuzzed[int(which)%len(fuzzed)], strings.NewReader(string(body)))
		r.RemoteAddr = "127.0.0.1:1"
		r.Header.Set("Authorization", "Bearer "+tn.tokens[fleet.CompanyAdmin])
		r.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, r)
		if rec.Code >= 500 {
			t.Errorf("%s with %q: %d %s", r.URL, body, rec.Code, rec.Body)
		}
		if ct := rec.Header().Get("Content-Type"); rec.Code >= 400 && ct != "application/problem+json" {
			t.Errorf("%s with %q: %q", r.URL, body, ct)
		}
	})
}
