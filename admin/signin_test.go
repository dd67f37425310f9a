package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at fleet.Time
}

func (c *clock) now() fleet.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d fleet.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at += d
}

func signIn(login, password, code string) string {
	return fmt.Sprintf(`{"username":%q,"password":%q,"code":%q}`, login, password, code)
}

func (tn *tenant) mail(role fleet.Role) string {
	for i, r := range fleet.Roles() {
		if r == role {
			return fmt.Sprintf("%s.%d@example.com", strings.ToLower(tn.canary()), i)
		}
	}
	return ""
}

func (w *world) newPerson(tn *tenant, more string) answer {
	w.t.Helper()
	return w.do("POST", "/api/v1/users", tn.tokens[fleet.CustomerAdmin], fmt.Sprintf(
		`{"customer":%q,"firstName":"Eva","lastName":"Paz","email":"eva@example.com","username":"eva","lang":"es","timezone":"UTC","role":"customerUser"%s}`,
		tn.customer, more))
}

func TestSignIn(t *testing.T) {
	c := &clock{at: began}
	w := newWorld(t, func(o *admin.Options) { o.Now = c.now })
	tn := w.settle("A")
	who := tn.mail(fleet.CustomerAdmin)

	t.Run("by name and password/S2-11/S2-12/S2-127", func(t *testing.T) {
		got := w.ok("POST", "/api/v1/login", "", signIn(strings.ToUpper(who), known, ""))
		me := w.ok("GET", "/api/v1/me", got.field("token"), "")
		if me.field("user.id") != tn.users[fleet.CustomerAdmin].String() {
			t.Error(me.body)
		}
		if strings.Contains(me.body, "argon2") || strings.Contains(got.body, "argon2") {
			t.Error("the hash of the password is shown")
		}
	})
	t.Run("a wrong password and a name that nobody has are answered alike", func(t *testing.T) {
		a := w.do("POST", "/api/v1/login", "", signIn(who, "wrong", ""))
		b := w.do("POST", "/api/v1/login", "", signIn("nobody@example.com", "wrong", ""))
		if a.status != 401 || a.status != b.status || a.body != b.body {
			t.Errorf("%d %s\n%d %s", a.status, a.body, b.status, b.body)
		}
	})
	t.Run("ten wrong ones lock for a quarter of an hour", func(t *testing.T) {
		locked := tn.mail(fleet.Operator)
		for range auth.MaxFailures {
			w.do("POST", "/api/v1/login", "", signIn(locked, "wrong", ""))
			c.pass(10 * fleet.Second) // the address has its own limit
		}
		if got := w.do("POST", "/api/v1/login", "", signIn(locked, known, "")); got.status != 401 {
			t.Error("the right password lets in:", got.status, got.body)
		}
		c.pass(auth.LockedFor)
		if got := w.do("POST", "/api/v1/login", "", signIn(locked, known, "")); got.status != 201 {
			t.Error("afterwards:", got.status, got.body)
		}
	})
	t.Run("an address that fails too often waits", func(t *testing.T) {
		var got answer
		for range 60 {
			if got = w.do("POST", "/api/v1/login", "", signIn("x@example.com", "wrong", "")); got.status == http.StatusTooManyRequests {
				break
			}
		}
		if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
			t.Error(got.status, got.body)
		}
		c.pass(10 * fleet.Minute)
	})
}

func TestActivation(t *testing.T) {
	c := &clock{at: began}
	var posted []admin.Letter
	w := newWorld(t, func(o *admin.Options) {
		o.Now, o.PublicURL = c.now, "https://vigia.example.com/"
		o.Post = func(_ context.Context, l admin.Letter) error { posted = append(posted, l); return nil }
	})
	tn := w.settle("A")

	t.Run("a link goes to the address by default/S1-15/S1-16/S3-29", func(t *testing.T) {
		made := w.newPerson(tn, "")
		if made.status != 201 || made.field("activation.method") != "email" || made.field("activation.link") != "<nil>" || made.field("status") != "invited" {
			t.Fatal(made.status, made.body)
		}
		if len(posted) != 1 || posted[0].To != "eva@example.com" || posted[0].Lang != "es" || !strings.HasPrefix(posted[0].URL, "https://vigia.example.com/activate?token=a") ||
			!strings.Contains(posted[0].Text, "eva") {
			t.Fatalf("%+v", posted)
		}
	})
	id := w.ok("GET", "/api/v1/users?search=eva", tn.tokens[fleet.CustomerAdmin], "").field("items.0.id")
	tokenOf := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("token")
	}
	activate := func(token, password string) answer {
		return w.do("POST", "/api/v1/activate", "", fmt.Sprintf(`{"token":%q,"password":%q}`, token, password))
	}
	t.Run("before it nobody signs in/S1-19", func(t *testing.T) {
		if got := w.do("POST", "/api/v1/login", "", signIn("eva", "", "")); got.status != 401 {
			t.Error(got.status, got.body)
		}
	})
	t.Run("it can be shown, and sent again; the link before ends/S1-18", func(t *testing.T) {
		shown := w.ok("POST", "/api/v1/users/"+id+"/activation", tn.tokens[fleet.CustomerAdmin], `{"method":"link"}`).field("link")
		if got := activate(tokenOf(posted[0].URL), known); got.status != 401 {
			t.Error("the old link works:", got.status)
		}
		if got := activate(tokenOf(shown), "short"); got.status != 422 {
			t.Error("a short password:", got.status, got.body)
		}
		w.ok("POST", "/api/v1/users/"+id+"/activation", tn.tokens[fleet.CustomerAdmin], `{}`)
	})
	last := posted[len(posted)-1].URL
	t.Run("it works once and expires, and proves the address/S1-17/S1-29", func(t *testing.T) {
		person := w.ok("GET", "/api/v1/users/"+id, tn.tokens[fleet.CustomerAdmin], "")
		if person.field("verified") != "false" {
			t.Error("verified before:", person.body)
		}
		c.pass(8 * fleet.Day)
		if got := activate(tokenOf(last), known); got.status != 401 {
			t.Error("expired, it works:", got.status)
		}
		w.ok("POST", "/api/v1/users/"+id+"/activation", tn.tokens[fleet.CustomerAdmin], `{}`)
		last = posted[len(posted)-1].URL
		if got := activate(tokenOf(last), known); got.status != 201 {
			t.Fatal(got.status, got.body)
		}
		if got := activate(tokenOf(last), known); got.status != 401 {
			t.Error("it works twice:", got.status)
		}
		person = w.ok("GET", "/api/v1/users/"+id, tn.tokens[fleet.CustomerAdmin], "")
		if person.field("verified") != "true" || person.field("status") != "active" {
			t.Error("afterwards:", person.body)
		}
		w.ok("POST", "/api/v1/login", "", signIn("EVA", known, ""))
	})
	t.Run("a server that does not know its address mails no link", func(t *testing.T) {
		var posted int
		w := newWorld(t, func(o *admin.Options) {
			o.Post = func(context.Context, admin.Letter) error { posted++; return nil }
		})
		made := w.newPerson(w.settle("A"), "")
		if made.field("activation.method") != "link" || made.field("activation.link") == "<nil>" || !strings.Contains(made.field("activation.why"), "public_url") || posted != 0 {
			t.Error(posted, "letters;", made.body)
		}
	})
	t.Run("without mail the link is offered, and why", func(t *testing.T) {
		w := newWorld(t)
		tn := w.settle("B")
		made := w.newPerson(tn, "")
		if made.field("activation.method") != "link" || made.field("activation.link") == "<nil>" || !strings.Contains(made.field("activation.why"), "No mail server") {
			t.Error(made.body)
		}
	})
	t.Run("or a password is set now, by the policy/S2-64/S4-10", func(t *testing.T) {
		w := newWorld(t)
		tn := w.settle("C")
		if got := w.newPerson(tn, `,"activation":{"method":"password","password":"short"}`); got.status != 422 || !strings.Contains(got.body, "activation.password") {
			t.Error(got.status, got.body)
		}
		if got := w.newPerson(tn, `,"activation":{"method":"password","password":"`+known+`"}`); got.status != 201 || got.field("status") != "active" {
			t.Fatal(got.status, got.body)
		}
		w.ok("POST", "/api/v1/login", "", signIn("eva", known, ""))
	})
}

func TestSwitchesOfAPerson(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	admin := tn.tokens[fleet.CustomerAdmin]
	made := w.newPerson(tn, `,"activation":{"method":"password","password":"`+known+`"}`)
	id := made.field("id")
	put := func(version int, more string) {
		t.Helper()
		w.ok("PUT", "/api/v1/users/"+id, admin, fmt.Sprintf(
			`{"customer":%q,"firstName":"Eva","lastName":"Paz","email":"eva@example.com","username":"eva","lang":"es","timezone":"UTC","role":"customerUser","version":%d%s}`,
			tn.customer, version, more))
	}
	in := func(app string) answer {
		return w.do("POST", "/api/v1/login", "", fmt.Sprintf(`{"username":"eva","password":%q,"app":%q}`, known, app))
	}
	session := in("web").field("token")
	t.Run("status/S2-62", func(t *testing.T) {
		put(1, `,"disabled":true`)
		if got := in("web"); got.status != 403 {
			t.Error("signs in:", got.status, got.body)
		}
		if got := w.do("GET", "/api/v1/me", session, ""); got.status != 401 {
			t.Error("the open session goes on:", got.status)
		}
		put(2, "")
	})
	for i, c := range []struct{ app, field, name string }{{"ios", "ios", "S2-66"}, {"android", "android", "S2-67"}, {"web", "web", "web"}} {
		t.Run("app/"+c.name, func(t *testing.T) {
			put(3+2*i, `,"`+c.field+`":false`)
			for _, app := range []string{"web", "ios", "android"} {
				want := 201
				if app == c.app {
					want = 403
				}
				if got := in(app); got.status != want {
					t.Errorf("%s answers %d, want %d: %s", app, got.status, want, got.body)
				}
			}
			put(4+2*i, "")
		})
	}
}

func TestSecondFactor(t *testing.T) {
	c := &clock{at: began}
	w := newWorld(t, func(o *admin.Options) { o.Now = c.now })
	tn := w.settle("A")
	token, who := tn.tokens[fleet.CompanyAdmin], tn.mail(fleet.CompanyAdmin)
	w.ok("POST", "/api/v1/me/second-factor", token, fmt.Sprintf(`{"password":%q}`, known))
	cred, err := w.admin.Credential(tn.users[fleet.CompanyAdmin])
	if err != nil {
		t.Fatal(err)
	}
	code := func() string { return auth.TOTPCode(cred.TOTP, c.now()) }
	if got := w.do("POST", "/api/v1/login", "", signIn(who, known, "")); got.status != 201 {
		t.Error("it counts before it was confirmed:", got.body)
	}
	recovery := w.ok("POST", "/api/v1/me/second-factor/confirm", token, fmt.Sprintf(`{"code":%q}`, code())).field("recovery.0")
	c.pass(fleet.Minute)
	if got := w.do("POST", "/api/v1/login", "", signIn(who, known, "")); got.status != 401 || !strings.Contains(got.body, "second-factor") {
		t.Error("without a code:", got.status, got.body)
	}
	if got := w.do("POST", "/api/v1/login", "", signIn(who, known, "000000")); got.status != 401 {
		t.Error("with a wrong one:", got.status)
	}
	if got := w.do("POST", "/api/v1/login", "", signIn(who, known, code())); got.status != 201 {
		t.Error("with the code:", got.status, got.body)
	}
	if got := w.do("POST", "/api/v1/login", "", signIn(who, known, code())); got.status != 401 {
		t.Error("with a code that was used:", got.status)
	}
	for i, want := range []int{201, 401} {
		if got := w.do("POST", "/api/v1/login", "", signIn(who, known, recovery)); got.status != want {
			t.Errorf("recovery code, use %d: %d, want %d", i+1, got.status, want)
		}
	}
}

func TestSessionsAndTokens(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	who := tn.mail(fleet.CustomerAdmin)
	first := w.ok("POST", "/api/v1/login", "", signIn(who, known, "")).field("token")
	second := w.ok("POST", "/api/v1/login", "", signIn(who, known, "")).field("token")
	t.Run("sessions are listed and ended", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/me/sessions", first, "")
		if strings.Count(list.body, `"id"`) != 3 || strings.Count(list.body, `"current":true`) != 1 {
			t.Error(list.body)
		}
		var sessions struct {
			Items []struct {
				ID      string
				Current bool
			}
		}
		w.ok("GET", "/api/v1/me/sessions", second, "").into(t, &sessions)
		for _, s := range sessions.Items {
			if s.Current {
				w.ok("DELETE", "/api/v1/me/sessions/"+s.ID, first, "")
			}
		}
		if got := w.do("GET", "/api/v1/me", second, ""); got.status != 401 {
			t.Error("the ended one answers", got.status)
		}
	})
	t.Run("a token is shown once, limited by scopes, and revoked/S4-43/S4-45", func(t *testing.T) {
		made := w.ok("POST", "/api/v1/tokens", first, `{"description":"report","days":30,"scopes":["device"]}`)
		secret := made.field("secret")
		if got := w.do("GET", "/api/v1/devices", secret, ""); got.status != 200 {
			t.Error(got.status, got.body)
		}
		for _, path := range []string{"/api/v1/fences", "/api/v1/me", "/api/v1/stream"} {
			if got := w.do("GET", path, secret, ""); got.status != 403 && path != "/api/v1/stream" || got.status == 200 {
				t.Error("beyond its scopes", path, "answers", got.status)
			}
		}
		if list := w.ok("GET", "/api/v1/tokens", first, ""); strings.Contains(list.body, secret) || !strings.Contains(list.body, made.field("id")) {
			t.Error(list.body)
		}
		if got := w.do("POST", "/api/v1/tokens", first, `{"description":"x","scopes":["nonsense"]}`); got.status != 422 {
			t.Error("a scope that is none:", got.status)
		}
		w.ok("DELETE", "/api/v1/tokens/"+made.field("id"), first, "")
		if got := w.do("GET", "/api/v1/devices", secret, ""); got.status != 401 {
			t.Error("revoked, it answers", got.status)
		}
	})
	t.Run("a new password ends the other sessions", func(t *testing.T) {
		other := w.ok("POST", "/api/v1/login", "", signIn(who, known, "")).field("token")
		body := `{"current":"` + known + `","new":"another long password"}`
		w.ok("POST", "/api/v1/me/password", first, body)
		if got := w.do("GET", "/api/v1/me", other, ""); got.status != 401 {
			t.Error("another session goes on:", got.status)
		}
		w.ok("GET", "/api/v1/me", first, "")
	})
}

func TestSignInAs(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	person := tn.users[fleet.CustomerUser].String()
	as := w.ok("POST", "/api/v1/users/"+person+"/sign-in-as", tn.tokens[fleet.CompanyAdmin], "").field("token")
	me := w.ok("GET", "/api/v1/me", as, "")
	if me.field("user.id") != person || me.field("by.id") != tn.users[fleet.CompanyAdmin].String() {
		t.Error(me.body)
	}
	if got := w.do("POST", "/api/v1/tokens", as, `{"description":"stays behind"}`); got.status != 403 {
		t.Error("a token can be left behind:", got.status)
	}
	rows, err := w.admin.Audit(0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, r := range rows {
		found = found || r.Action == "sign in as" && r.Actor.User == tn.users[fleet.CompanyAdmin]
	}
	if !found {
		t.Error("the audit does not say so")
	}
}
