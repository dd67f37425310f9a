package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/stream"
	"github.com/vigia-track/vigia/engine/fleet"
)

func TestQRLogin(t *testing.T) {
	c := &clock{at: fleet.At(time.Now())}
	w := newWorld(t, func(o *admin.Options) { o.Now = c.now })
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	code := func() (id, secret string) {
		made := w.ok("POST", "/api/v1/qr-logins", staff, fmt.Sprintf(`{"device":%q,"mode":"guard"}`, a.device))
		_, secret, _ = strings.Cut(made.field("url"), "/qr#")
		return made.field("id"), secret
	}
	enter := func(secret string) answer {
		return w.do("POST", "/api/v1/login/qr", "", fmt.Sprintf(`{"token":%q,"app":"android"}`, secret))
	}
	t.Run("the devices to choose from/S2-44/S2-45", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/customers/"+a.customer.String()+"/qr-devices", staff, "")
		if !strings.Contains(got.body, a.device.String()) || !strings.Contains(got.body, a.spare.String()) {
			t.Error(got.body)
		}
		if got := w.do("GET", "/api/v1/customers/"+a.customer.String()+"/qr-devices", a.tokens[fleet.Operator], ""); got.status != http.StatusForbidden {
			t.Error("an operator:", got.status)
		}
	})
	t.Run("it signs in as the one device, once/S2-46/S2-47", func(t *testing.T) {
		id, secret := code()
		in := enter(secret)
		if in.status != http.StatusCreated || in.field("user.role") != "customerUser" {
			t.Fatal(in.status, in.body)
		}
		app := in.field("token")
		list := w.ok("GET", "/api/v1/devices", app, "")
		if !strings.Contains(list.body, a.device.String()) || strings.Contains(list.body, a.spare.String()) {
			t.Error("it sees", list.body)
		}
		for _, try := range [][3]string{
			{"POST", "/tokens", `{"description":"t"}`}, {"PUT", "/me", `{}`}, {"GET", "/tokens", ""}, {"GET", "/users", ""},
			{"POST", "/me/password", fmt.Sprintf(`{"current":%q,"new":%q}`, known, known)}, {"GET", "/customers", ""}, {"GET", "/me/sessions", ""},
			{"POST", "/fences", `{}`}, {"POST", "/qr-logins", fmt.Sprintf(`{"device":%q,"mode":"sos"}`, a.spare)},
		} {
			if got := w.do(try[0], "/api/v1"+try[1], app, try[2]); got.status != http.StatusForbidden && got.status != http.StatusNotFound && got.status != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d %s", try[0], try[1], got.status, got.body)
			}
		}
		if again := enter(secret); again.status != http.StatusUnauthorized {
			t.Error("a second time:", again.status, again.body)
		}
		if got := w.ok("GET", "/api/v1/qr-logins/"+id, staff, ""); got.field("used") == "<nil>" || strings.Contains(got.body, secret) {
			t.Error(got.body)
		}
		open := w.watch(app, everything)
		open.next()
		w.ok("POST", "/api/v1/qr-logins/"+id+"/revoke", staff, "")
		if code := open.closed(); code != stream.CloseSignedOut {
			t.Error("after revocation its stream was closed with", code)
		}
	})
	t.Run("short-lived, revocable, and not for who may not come in/S2-47/S2-14", func(t *testing.T) {
		id, secret := code()
		w.ok("POST", "/api/v1/qr-logins/"+id+"/revoke", staff, "")
		if got := enter(secret); got.status != http.StatusUnauthorized || got.field("detail") != "This code was used already or has expired. Ask for a new one." {
			t.Error("revoked:", got.status, got.body)
		}
		_, secret = code()
		w.alter(a.customer, func(c *fleet.Customer) { c.NoAndroid = true })
		if got := enter(secret); got.status != http.StatusForbidden {
			t.Error("with Android off:", got.status, got.body)
		}
		w.alter(a.customer, func(c *fleet.Customer) { c.NoAndroid = false })
		c.pass(fleet.QRLife)
		if got := enter(secret); got.status != http.StatusUnauthorized {
			t.Error("after two minutes:", got.status, got.body)
		}
	})
}
