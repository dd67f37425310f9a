package admin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/vigia-track/vigia/admin/stream"
	"github.com/vigia-track/vigia/engine/fleet"
)

// heard is what an open stream tells after something was taken away.
type heard struct {
	code int              // of its end; 0: it goes on
	has  []fleet.DeviceID // in the new snapshot, or all but what is gone
}

// after reads a stream until it ends, begins anew or tells of something gone.
func (c *watcher) after(ctx context.Context, shown []fleet.DeviceID) (h heard) {
	c.t.Helper()
	end, _ := ctx.Deadline()
	for {
		c.ws.SetReadDeadline(end)
		_, b, err := c.ws.ReadMessage()
		if e, ok := err.(*websocket.CloseError); ok {
			return heard{code: e.Code}
		}
		if err != nil {
			c.t.Fatalf("nothing came of it: %v", err)
		}
		var m said
		if err := json.Unmarshal(b, &m); err != nil {
			c.t.Fatal(err)
		}
		if m.Type == "snapshot" {
			for _, p := range m.Positions {
				h.has = append(h.has, p.Device)
			}
			return h
		}
		if len(m.Gone) > 0 {
			h.has = slices.DeleteFunc(slices.Clone(shown), func(d fleet.DeviceID) bool { return slices.Contains(m.Gone, d) })
			return h
		}
	}
}

// TestRevocationReachesOpenStreams takes rights away while their owner looks at
// the map: through the API, as an administrator does.
func TestRevocationReachesOpenStreams(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	beside := w.furnish("AS", a.company, 0, a)
	staff := a.tokens[fleet.CompanyAdmin]
	user := func(name, more string) string { // a name each: they are there at the same time
		return fmt.Sprintf(`{"customer":%q,"name":"U","email":"%s@example.com","lang":"en","timezone":"UTC"%s}`, a.customer, strings.ToLower(nameOf.ReplaceAllString(name, "")), more)
	}
	customer := func(version int, more string) string {
		return fmt.Sprintf(`{"name":"CanaryA customer","code":"CanaryA","lang":"es","timezone":"America/Bogota","reseller":true,"version":%d%s}`, version, more)
	}
	version := func(path string) int {
		var v struct{ Version int }
		w.ok("GET", path, staff, "").into(t, &v)
		return v.Version
	}
	both := []fleet.DeviceID{a.device, a.spare}
	all := []struct {
		name string
		only bool // it concerns others too, and runs by itself
		role fleet.Role
		take func(t *testing.T, id, path string, secret *string)
		code int
		has  []fleet.DeviceID
	}{
		{name: "role", role: fleet.CustomerAdmin, has: []fleet.DeviceID{a.spare}, take: func(t *testing.T, id, path string, _ *string) {
			w.ok("PUT", path, staff, user(t.Name(), fmt.Sprintf(`,"role":"customerUser","devices":[%q],"version":%d`, a.spare, version(path))))
		}},
		{name: "assignment", role: fleet.CustomerUser, has: []fleet.DeviceID{a.spare}, take: func(t *testing.T, id, path string, _ *string) {
			w.ok("PUT", path, staff, user(t.Name(), fmt.Sprintf(`,"role":"customerUser","devices":[%q],"version":%d`, a.spare, version(path))))
		}},
		{name: "user disabled", role: fleet.CustomerAdmin, code: stream.CloseSignedOut, take: func(t *testing.T, id, path string, _ *string) {
			w.ok("PUT", path, staff, user(t.Name(), fmt.Sprintf(`,"role":"customerAdmin","disabled":true,"version":%d`, version(path))))
		}},
		{name: "user deleted", role: fleet.CustomerAdmin, code: stream.CloseSignedOut, take: func(t *testing.T, id, path string, _ *string) {
			w.ok("DELETE", path, staff, "")
		}},
		{name: "user's module off", role: fleet.CustomerAdmin, code: stream.CloseSignedOut, take: func(t *testing.T, id, path string, _ *string) {
			w.ok("PUT", path, staff, user(t.Name(), fmt.Sprintf(`,"role":"customerAdmin","modules":["history"],"version":%d`, version(path))))
		}},
		{name: "customer's module off", only: true, role: fleet.CustomerAdmin, code: stream.CloseSignedOut, take: func(t *testing.T, id, path string, _ *string) {
			path = "/api/v1/customers/" + a.customer.String()
			w.ok("PUT", path, staff, customer(version(path), `,"modules":["history","api"]`))
			t.Cleanup(func() {
				w.ok("PUT", path, staff, customer(version(path), `,"modules":["map","history","geofences","alerts","reports","shareLinks","api","support"]`))
			})
		}},
		{name: "customer suspended", only: true, role: fleet.CustomerAdmin, code: stream.CloseSignedOut, take: func(t *testing.T, id, path string, _ *string) {
			w.alter(a.customer, func(c *fleet.Customer) { c.Suspended, c.Reason = true, "unpaid" })
			t.Cleanup(func() { w.alter(a.customer, func(c *fleet.Customer) { c.Suspended, c.Reason = false, "" }) })
		}},
		{name: "token revoked", role: fleet.CustomerAdmin, code: stream.CloseSignedOut, take: func(t *testing.T, id, path string, secret *string) {
			all := w.ok("GET", "/api/v1/tokens", *secret, "")
			for i := range 10 {
				if all.field(fmt.Sprintf("items.%d.current", i)) == "true" {
					w.ok("DELETE", "/api/v1/tokens/"+all.field(fmt.Sprintf("items.%d.id", i)), *secret, "")
					return
				}
			}
			t.Fatal(all.body)
		}},
		{name: "signed out", role: fleet.CustomerAdmin, code: stream.CloseSignedOut, take: func(t *testing.T, id, path string, secret *string) {
			w.ok("POST", "/api/v1/logout", *secret, "")
		}},
		{name: "sessions ended by staff", role: fleet.CustomerAdmin, code: stream.CloseSignedOut, take: func(t *testing.T, id, path string, _ *string) {
			w.ok("POST", path+"/sessions/end", staff, "")
		}},
		{name: "device moved", only: true, role: fleet.CustomerAdmin, has: []fleet.DeviceID{a.spare}, take: func(t *testing.T, id, path string, _ *string) {
			path = "/api/v1/devices/" + a.device.String()
			w.ok("PUT", path, staff, fmt.Sprintf(`{"customer":%q,"name":"T","uniqueId":"CanaryA1","version":%d}`, beside.customer, version(path)))
		}},
		{name: "device deleted", only: true, role: fleet.CustomerAdmin, take: func(t *testing.T, id, path string, _ *string) {
			w.ok("DELETE", "/api/v1/devices/"+a.spare.String(), staff, "")
		}},
	}
	run := func(t *testing.T, i int) {
		c := all[i]
		t.Run(c.name, func(t *testing.T) {
			if !c.only {
				t.Parallel()
			}
			made := w.ok("POST", "/api/v1/users", staff, user(t.Name(), fmt.Sprintf(`,"role":%q`, c.role)+map[bool]string{true: fmt.Sprintf(`,"devices":[%q,%q]`, a.device, a.spare)}[c.role == fleet.CustomerUser]))
			id := made.field("id")
			n, err := fleet.ParseID[fleet.UserID](id)
			if err != nil {
				t.Fatal(err)
			}
			secret := w.token(fleet.UserID(n))
			if c.name == "token revoked" {
				secret = w.ok("POST", "/api/v1/tokens", secret, `{"description":"screen"}`).field("secret")
			}
			open := w.watch(secret, everything)
			open.t = t
			first := open.next()
			if c.name != "device deleted" && (!first.has(a.device) || !first.has(a.spare)) {
				t.Fatalf("before: %s", first.raw)
			}
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Second) // a second, and a machine with much to do
			defer stop()
			c.take(t, id, "/api/v1/users/"+id, &secret)
			shown := slices.Clone(both)
			if !first.has(a.device) {
				shown = []fleet.DeviceID{a.spare}
			}
			got := open.after(ctx, shown)
			if got.code != c.code || !slices.Equal(got.has, c.has) {
				t.Errorf("it heard %+v, want %d, %v", got, c.code, c.has)
			}
			open.ws.Close()
		})
	}
	for _, only := range []bool{false, true} {
		t.Run(map[bool]string{false: "of one person", true: "of all"}[only], func(t *testing.T) {
			for i := range all {
				if all[i].only == only {
					run(t, i)
				}
			}
		})
	}
}

var nameOf = regexp.MustCompile("[^A-Za-z]")
