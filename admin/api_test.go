package admin_test

import (
	"fmt"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// scenario is one request and what must come of it.
type scenario struct {
	name         string
	role         fleet.Role
	method, path string
	body         string
	header       []string
	status       int
	has, hasNot  []string
}

func (w *world) play(tn *tenant, all []scenario) {
	w.t.Helper()
	fill := strings.NewReplacer("{company}", tn.company.String(), "{customer}", tn.customer.String(), "{device}", tn.device.String(),
		"{spare}", tn.spare.String(), "{fence}", tn.fence.String(), "{event}", tn.event.String(), "{notification}", tn.notification.String(),
		"{admin}", tn.users[fleet.CompanyAdmin].String(), "{from}", began.String(), "{to}", (began + fleet.Hour).String())
	for _, s := range all {
		if s.role == "" {
			s.role = fleet.CompanyAdmin
		}
		a := w.do(s.method, fill.Replace(s.path), tn.tokens[s.role], fill.Replace(s.body), s.header...)
		if a.status != s.status {
			w.t.Errorf("%s: %d, want %d: %s", s.name, a.status, s.status, a.body)
		}
		for _, part := range s.has {
			if !strings.Contains(a.body, fill.Replace(part)) {
				w.t.Errorf("%s: no %s in %s", s.name, fill.Replace(part), a.body)
			}
		}
		for _, part := range s.hasNot {
			if strings.Contains(a.body, fill.Replace(part)) {
				w.t.Errorf("%s: %s in %s", s.name, fill.Replace(part), a.body)
			}
		}
	}
}

const square = `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}`

func TestScenarios(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	w.play(a, []scenario{
		{name: "read a device", method: "GET", path: "/api/v1/devices/{device}", status: 200,
			has: []string{`"uniqueId":"CanaryA1"`, `"hasSecret":false`, `"labels":[]`}, hasNot: []string{"secretHash", "null"}},
		{name: "latest positions", method: "GET", path: "/api/v1/positions", status: 200, has: []string{"{device}", "{spare}", `"lat":4.2`, `"speed":36`}},
		{name: "history", method: "GET", path: "/api/v1/devices/{device}/positions?from={from}&to={to}", status: 200, has: []string{`"lat":4.1`}},
		{name: "a page of history", method: "GET", path: "/api/v1/devices/{device}/positions?from={from}&to={to}&limit=1", status: 200, has: []string{`"next":"`}},
		{name: "history with a wrong time", method: "GET", path: "/api/v1/devices/{device}/positions?from=yesterday", status: 422, has: []string{`"field":"from"`}},
		{name: "history too long", method: "GET", path: "/api/v1/devices/{device}/positions?from=2020-01-01T00:00:00Z", status: 422, has: []string{"31 days"}},
		{name: "events", method: "GET", path: "/api/v1/events?device={device}&kinds=enter,exit", status: 200, has: []string{`"kind":"enter"`, `"kind":"exit"`, `"trace":{`, `"edgeMetres":`, "{fence}"}},
		{name: "an event", method: "GET", path: "/api/v1/events/{event}", status: 200, has: []string{`"priorTime"`, `"judge":`}},
		{name: "an unknown kind of event", method: "GET", path: "/api/v1/events?kinds=dance", status: 422, has: []string{"kinds"}},
		{name: "deliveries of an event", method: "GET", path: "/api/v1/deliveries?event={event}", status: 200, has: []string{`"channel":"email"`, `"attempts":[]`, `"state":"`}},
		{name: "an unknown parameter", method: "GET", path: "/api/v1/devices?colour=red", status: 422, has: []string{"unknown query parameter", `"colour"`}},
		{name: "sorted", method: "GET", path: "/api/v1/devices?sort=-name&status=active&limit=1", status: 200, has: []string{"CanaryA", `"next"`}},
		{name: "nothing to sort by", method: "GET", path: "/api/v1/devices?sort=colour", status: 422, has: []string{`"sort"`}},
		{name: "a page too large", method: "GET", path: "/api/v1/devices?limit=100000", status: 422, has: []string{`"limit"`}},
		{name: "a cursor nobody gave", method: "GET", path: "/api/v1/devices?after=xyz", status: 422, has: []string{`"after"`}},
		{name: "search", method: "GET", path: "/api/v1/devices?search=SPARE", status: 200, has: []string{"{spare}"}, hasNot: []string{"{device}"}},

		{name: "an unknown field", method: "POST", path: "/api/v1/devices", body: `{"name":"x","uniqueId":"u1","owner":"x"}`, status: 422, has: []string{`"field":"owner"`, "unexpected property"}},
		{name: "a missing field", method: "POST", path: "/api/v1/devices", body: `{"name":"x"}`, status: 422, has: []string{`"field":"uniqueId"`, "is required"}},
		{name: "a bad identity", method: "POST", path: "/api/v1/devices", body: `{"name":"x","uniqueId":"a/#"}`, status: 422, has: []string{`"field":"uniqueId"`}},
		{name: "an identity that is taken", method: "POST", path: "/api/v1/devices", body: `{"name":"x","uniqueId":"CanaryA1"}`, status: 409, has: []string{`"field":"uniqueId"`, "taken"}},
		{name: "no JSON", method: "POST", path: "/api/v1/devices", body: `{"name":`, status: 400, has: []string{"#malformed"}, hasNot: []string{"errors"}},
		{name: "no body", method: "POST", path: "/api/v1/devices", status: 400, has: []string{"#malformed"}},
		{name: "another media type", method: "POST", path: "/api/v1/devices", body: `name=x`, header: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415, has: []string{"application/json"}},
		{name: "a body too large", method: "POST", path: "/api/v1/devices", body: `{"name":"` + strings.Repeat("x", 300<<10) + `"}`, status: 413, has: []string{"#too-large"}},
		{name: "a version that is gone", method: "PUT", path: "/api/v1/devices/{device}", body: `{"customer":"{customer}","name":"x","uniqueId":"CanaryA1","version":9}`, status: 409, has: []string{"#conflict", "version 1"}},
		{name: "deleting an old version", method: "DELETE", path: "/api/v1/devices/{device}?version=9", status: 409},
		{name: "a customer's admin renames", role: fleet.CustomerAdmin, method: "PUT", path: "/api/v1/devices/{device}", body: `{"name":"CanaryA renamed","uniqueId":"CanaryA1","version":1}`, status: 200, has: []string{"renamed", "{customer}"}},
		{name: "a customer's admin changes the identity", role: fleet.CustomerAdmin, method: "PUT", path: "/api/v1/devices/{device}", body: `{"name":"x","uniqueId":"other","version":2}`, status: 422, has: []string{`"field":"uniqueId"`, "cannot be changed"}},
		{name: "a customer's admin makes an operator", role: fleet.CustomerAdmin, method: "POST", path: "/api/v1/users", body: `{"name":"x","email":"x@example.com","lang":"en","timezone":"UTC","role":"operator"}`, status: 422},
		{name: "a company's admin makes a platform admin", method: "POST", path: "/api/v1/users", body: `{"name":"x","email":"x@example.com","lang":"en","timezone":"UTC","role":"platformAdmin"}`, status: 403, has: []string{"You may not give this role"}},
		{name: "delete guard", method: "DELETE", path: "/api/v1/customers/{customer}", status: 409, has: []string{"cannot be deleted"}},
		{name: "delete guard in Spanish", method: "DELETE", path: "/api/v1/customers/{customer}", header: []string{"Accept-Language", "es-CO,es;q=0.9"}, status: 409, has: []string{"No se puede eliminar el cliente porque existen dispositivos asociados a el"}},

		{name: "a fence that crosses itself", method: "POST", path: "/api/v1/fences", body: `{"name":"bow","shape":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}`,
			status: 422, has: []string{`"field":"shape"`, `"position":[0.5,0.5]`, `"code":"ring-crosses-itself"`, "the ring crosses itself, at longitude 0.5, latitude 0.5"}},
		{name: "a fence that crosses itself, in French", method: "POST", path: "/api/v1/fences", body: `{"name":"bow","shape":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}`,
			header: []string{"Accept-Language", "fr"}, status: 422, has: []string{"l'anneau se croise lui-même, à la longitude 0.5, latitude 0.5", `"position":[0.5,0.5]`}},
		{name: "a circle too large", method: "POST", path: "/api/v1/fences", body: `{"name":"big","shape":{"type":"Point","coordinates":[1,2],"radius":3e6}}`,
			header: []string{"Accept-Language", "pt"}, status: 422, has: []string{`"code":"radius-out-of-range"`, `"params":{"limit":"2000000","radius":"3000000"}`, "o raio é 3000000 m"}},
		{name: "a position that is none", method: "POST", path: "/api/v1/fences", body: `{"name":"x","shape":{"type":"Polygon","coordinates":[[[0,0],["1",1],[1,0],[0,0]]]}}`,
			header: []string{"Accept-Language", "es"}, status: 422, has: []string{`"code":"not-a-position"`, `"path":"coordinates[0][1]"`, "una posición es [longitud, latitud]"}, hasNot: []string{`"position"`}},
		{name: "a fence of no kind", method: "POST", path: "/api/v1/fences", body: `{"name":"x","shape":{"type":"Heart"}}`, status: 422, has: []string{`"field":"shape"`}},
		{name: "a fence", method: "POST", path: "/api/v1/fences", body: `{"name":"Square","shape":` + square + `,"targets":{"devices":["{device}","{device}"]},"outside":false}`,
			status: 201, has: []string{`"preset":"balanced"`, `"inside":true`, `"outside":false`, `"devices":["{device}"]`, `"owner":"{company}"`}},
		{name: "a fence over the 180th meridian, clockwise, a point twice", method: "POST", path: "/api/v1/fences", body: `{"name":"Line","shape":{"type":"Polygon","coordinates":[[[179,0],[179,1],[179,1],[181,1],[181,0],[179,0]]]}}`,
			status: 201, has: []string{`"coordinates":[[[179,0],[-179,0],[-179,1],[179,1],[179,0]]]`}},
		{name: "an import", method: "POST", path: "/api/v1/fences/import", body: `{"type":"FeatureCollection","name":"mine","features":[{"type":"Feature","id":7,"geometry":` + square + `,"properties":{"name":"One","stroke":"red","preset":"strict"}}]}`,
			status: 201, has: []string{`"name":"One"`, `"preset":"strict"`}},
		{name: "an import with a bad feature", method: "POST", path: "/api/v1/fences/import",
			body:   `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + square + `,"properties":{"name":"Two"}},{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]},"properties":{"name":"Bow"}}]}`,
			status: 422, has: []string{`"field":"features[1].shape"`, `"position":[0.5,0.5]`}},
		{name: "all or none", method: "GET", path: "/api/v1/fences", status: 200, has: []string{"One"}, hasNot: []string{"Two"}},

		{name: "a secret", method: "POST", path: "/api/v1/devices/{device}/secret", body: `{"secret":"correct horse battery"}`, status: 201, has: []string{"correct horse battery", `"username":"CanaryA1"`}},
		{name: "a secret is shown once", method: "GET", path: "/api/v1/devices/{device}", status: 200, has: []string{`"hasSecret":true`}, hasNot: []string{"correct horse"}},
		{name: "a weak secret", method: "POST", path: "/api/v1/devices/{device}/secret", body: `{"secret":"short"}`, status: 422},
		{name: "a bad push key", method: "POST", path: "/api/v1/push/subscriptions", body: `{"endpoint":"https://p.example.com/x","keys":{"p256dh":"AAAA","auth":"AAAA"}}`, status: 422, has: []string{"keys.p256dh"}},
		{name: "a push service at home", method: "POST", path: "/api/v1/push/subscriptions", body: `{"endpoint":"http://10.0.0.1/x","keys":{"p256dh":"AAAA","auth":"AAAA"}}`, status: 422, has: []string{"endpoint"}},
		{name: "the push key", method: "GET", path: "/api/v1/push/key", status: 200, has: []string{`"key":"BKey"`}},
		{name: "the system", method: "GET", path: "/api/v1/system", status: 200, has: []string{`"version":"1.2.3"`, `"free":5`, `"listeners":[]`}},
		{name: "no such route", method: "GET", path: "/api/v1/unicorns", status: 404, has: []string{"#not-found"}},
		{name: "no such method", method: "PATCH", path: "/api/v1/devices", body: "{}", status: 405, has: []string{"#method-not-allowed"}},
		{name: "a user's own record", role: fleet.CustomerUser, method: "GET", path: "/api/v1/users", status: 200, has: []string{"customerUser"}, hasNot: []string{"operator"}},
		{name: "what I may", role: fleet.Operator, method: "GET", path: "/api/v1/me", status: 200, has: []string{`"device.read":"company"`}, hasNot: []string{"device.delete"}},
	})
	if got, err := w.admin.Device(a.device); err != nil || len(got.SecretHash) != 32 || strings.Contains(string(got.SecretHash), "horse") {
		t.Errorf("stored secret: %x, %v", got.SecretHash, err)
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	for i := range 7 {
		w.ok("POST", "/api/v1/devices", a.tokens[fleet.CompanyAdmin], fmt.Sprintf(`{"name":"D%d","uniqueId":"d%d"}`, i, i))
	}
	seen, after := map[string]bool{}, ""
	for range 10 {
		p := w.ok("GET", "/api/v1/devices?limit=2&after="+after, a.tokens[fleet.CompanyAdmin], "")
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		p.into(t, &page)
		for _, d := range page.Items {
			if seen[d.ID] {
				t.Errorf("%s comes twice", d.ID)
			}
			seen[d.ID] = true
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(seen) != 9 {
		t.Errorf("%d devices on all pages, want 9", len(seen))
	}
}

func TestIdempotencyKeyDoesAWriteOnce(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	token, other := a.tokens[fleet.CompanyAdmin], a.tokens[fleet.PlatformAdmin]
	body := `{"name":"Once","uniqueId":"once-1"}`
	first := w.do("POST", "/api/v1/devices", token, body, "Idempotency-Key", "k1")
	again := w.do("POST", "/api/v1/devices", token, body, "Idempotency-Key", "k1")
	if first.status != 201 || again.status != 201 || first.body != again.body || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("first %d %s, again %d %s", first.status, first.body, again.status, again.body)
	}
	if a := w.do("POST", "/api/v1/devices", token, `{"name":"Twice","uniqueId":"once-2"}`, "Idempotency-Key", "k1"); a.status != 409 || !strings.Contains(a.body, "Idempotency-Key") {
		t.Errorf("another request under that key: %d %s", a.status, a.body)
	}
	if a := w.do("POST", "/api/v1/devices", other, body, "Idempotency-Key", "k1"); a.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("another user got the answer: %d %s", a.status, a.body)
	}
	bad := w.do("POST", "/api/v1/devices", token, `{"name":"","uniqueId":"once-3"}`, "Idempotency-Key", "k2")
	if again := w.do("POST", "/api/v1/devices", token, `{"name":"","uniqueId":"once-3"}`, "Idempotency-Key", "k2"); again.body != bad.body || again.status != 422 {
		t.Errorf("a refusal again: %d %s", again.status, again.body)
	}
}

func TestProxiesAreBelievedOnlyWhereConfigured(t *testing.T) {
	w := newWorld(t, func(o *admin.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	a := w.settle("A")
	token := a.tokens[fleet.Operator]
	https := w.do("GET", "/api/v1/me", token, "", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https")
	if https.status != 200 || https.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("https at the proxy: %d %s", https.status, https.body)
	}
	if a := w.do("GET", "/api/v1/me", token, "", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "http"); a.status != 403 || !strings.Contains(a.body, "#insecure-transport") {
		t.Errorf("http at the proxy: %d %s", a.status, a.body)
	}
	// The client's address counts for the throttle, not the proxy's.
	for range 60 {
		w.do("GET", "/api/v1/me", "wrong", "", "X-Forwarded-For", "203.0.113.66", "X-Forwarded-Proto", "https")
	}
	if a := w.do("GET", "/api/v1/me", token, "", "X-Forwarded-For", "1.2.3.4, 203.0.113.66", "X-Forwarded-Proto", "https"); a.status != 429 {
		t.Errorf("the guesser itself: %d", a.status)
	}
	if a := w.do("GET", "/api/v1/me", token, "", "X-Forwarded-For", "203.0.113.66, 203.0.113.9", "X-Forwarded-Proto", "https"); a.status != 200 {
		t.Errorf("another client of the proxy: %d", a.status)
	}
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/setup", "/api/docs", "/api/v1/devices", "/nowhere", "/healthz", "/ui/docs.js"} {
		h := w.do("GET", path, "", "").header
		for k, part := range map[string]string{
			"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Request-Id": "-",
		} {
			if !strings.Contains(h.Get(k), part) {
				t.Errorf("%s: %s is %q", path, k, h.Get(k))
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s allows unsafe content", path)
		}
	}
}

func TestWritesFromOtherSitesAreRefused(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	cookie := "vigia=" + a.tokens[fleet.CompanyAdmin]
	body := `{"name":"x","uniqueId":"csrf"}`
	if a := w.do("POST", "/api/v1/devices", "", body, "Cookie", cookie, "Sec-Fetch-Site", "cross-site"); a.status != 403 || !strings.Contains(a.body, "#cross-origin") {
		t.Errorf("cross-site: %d %s", a.status, a.body)
	}
	if a := w.do("POST", "/api/v1/devices", "", body, "Cookie", cookie, "Origin", "https://evil.example.com"); a.status != 403 {
		t.Errorf("another origin: %d", a.status)
	}
	if a := w.do("POST", "/api/v1/devices", "", body, "Cookie", cookie, "Sec-Fetch-Site", "same-origin"); a.status != 201 {
		t.Errorf("same-origin: %d %s", a.status, a.body)
	}
}

func TestHealthReadinessAndMetrics(t *testing.T) {
	w := newWorld(t)
	if a := w.do("GET", "/healthz", "", ""); a.status != 200 || a.body != "ok\n" {
		t.Errorf("health: %d %s", a.status, a.body)
	}
	if a := w.do("GET", "/readyz", "", ""); a.status != 200 || a.field("ready") != "true" {
		t.Errorf("ready: %d %s", a.status, a.body)
	}
	w.checks = []admin.Check{{Name: "recovered", OK: true}, {Name: "disk", Reason: "the disk is full"}}
	if a := w.do("GET", "/readyz", "", ""); a.status != 503 || a.field("checks.1.reason") != "the disk is full" || a.header.Get("Retry-After") == "" {
		t.Errorf("not ready: %d %s", a.status, a.body)
	}
	if a := w.do("GET", "/metrics", "", ""); a.status != 200 || !strings.Contains(a.body, "vigia_stream_open") || !strings.Contains(a.body, "process_") {
		t.Errorf("metrics here: %d %s", a.status, a.body)
	}
	tn := w.settle("A")
	if a := w.do("GET", "/metrics", "", "", "X-Forwarded-For", "203.0.113.9"); a.status < 400 {
		t.Errorf("metrics from afar: %d", a.status)
	}
	if a := w.do("GET", "/debug/pprof/cmdline", "", ""); a.status != 401 {
		t.Errorf("profiles for nobody: %d", a.status)
	}
	if a := w.do("GET", "/debug/pprof/cmdline", tn.tokens[fleet.Operator], ""); a.status != 403 {
		t.Errorf("profiles for an operator: %d", a.status)
	}
	if a := w.do("GET", "/debug/pprof/cmdline", tn.tokens[fleet.PlatformAdmin], ""); a.status != 200 {
		t.Errorf("profiles for the platform's admin here: %d", a.status)
	}
}

func TestASoleCompanySeesTheSystem(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	w.known.all = []admin.Stranger{{UniqueID: "990000862471854", Protocol: fleet.GT06, Frames: [][]byte{{0x78, 0x78}}}}
	w.play(a, []scenario{
		{name: "strangers", method: "GET", path: "/api/v1/strangers", status: 200, has: []string{"990000862471854", `"7878"`, "gt06"}},
		{name: "adopt", method: "POST", path: "/api/v1/strangers/990000862471854/adopt", body: `{"name":"New truck","customer":"{customer}"}`, status: 201, has: []string{"New truck", "{customer}"}},
		{name: "it is none any more", method: "GET", path: "/api/v1/strangers", status: 200, hasNot: []string{"990000862471854"}},
		{name: "an operator does not", role: fleet.Operator, method: "GET", path: "/api/v1/strangers", status: 403},
	})
	w.settle("B")
	w.play(a, []scenario{
		{name: "no more with two companies", method: "GET", path: "/api/v1/strangers", status: 403},
		{name: "nor the system", method: "GET", path: "/api/v1/system", status: 403},
	})
}

// TestAProxyOverTLSIsNoClient: a proxy that speaks TLS to us is believed like
// one that does not. One guesser behind it must not shut everybody out.
func TestAProxyOverTLSIsNoClient(t *testing.T) {
	w := newWorld(t, func(o *admin.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")} })
	a := w.settle("A")
	get := func(token, from, proto string) int {
		r := httptest.NewRequest("GET", "https://vigia.example.com/api/v1/me", nil) // from 192.0.2.1, over TLS
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("X-Forwarded-For", from)
		if proto != "" {
			r.Header.Set("X-Forwarded-Proto", proto)
		}
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, r)
		return rec.Code
	}
	for range 60 {
		get("wrong", "203.0.113.66", "https")
	}
	token := a.tokens[fleet.Operator]
	if got := get(token, "203.0.113.66", "https"); got != 429 {
		t.Errorf("the guesser: %d", got)
	}
	for _, proto := range []string{"https", ""} {
		if got := get(token, "203.0.113.9", proto); got != 200 {
			t.Errorf("another client, %q at the proxy: %d", proto, got)
		}
	}
	if got := get(token, "203.0.113.9", "http"); got != 403 {
		t.Errorf("in clear up to the proxy: %d", got)
	}
}
