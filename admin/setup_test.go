package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

func now() fleet.Time { return fleet.At(time.Now()) }

const setupForm = `{"token":"%s","company":{"name":"Vigía","lang":"es","timezone":"America/Bogota"},"name":"Ana Rojas","email":"ana@example.com"}`

func setupBody(token string) string { return strings.Replace(setupForm, "%s", token, 1) }

func TestSetUpByLinkOnceAndOnlyOnce(t *testing.T) {
	w := newWorld(t)
	secret, err := auth.NewSetupLink(w.admin, now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if a := w.do("GET", "/setup?token="+secret, "", ""); a.status != 200 || !strings.Contains(a.header.Get("Content-Type"), "text/html") {
		t.Fatalf("the form: %d %s", a.status, a.header)
	}
	bad := strings.Replace(setupBody(secret), "America/Bogota", "Mars/Olympus", 1)
	if a := w.do("POST", "/api/v1/setup", "", bad); a.status != 422 || a.field("errors.0.field") != "company.timezone" {
		t.Errorf("a wrong zone: %d %s", a.status, a.body)
	}
	a := w.do("POST", "/api/v1/setup", "", setupBody(secret)) // the mistake did not use the link up
	if a.status != 201 {
		t.Fatalf("set up: %d %s", a.status, a.body)
	}
	cookie := a.header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "vigia=") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("cookie %q", cookie)
	}
	token := a.field("token")
	if me := w.ok("GET", "/api/v1/me", token, ""); me.field("user.email") != "ana@example.com" || me.field("user.role") != "companyAdmin" || me.field("company.name") != "Vigía" {
		t.Errorf("me: %s", me.body)
	}
	name, _, _ := strings.Cut(cookie, ";")
	if me := w.do("GET", "/api/v1/me", "", "", "Cookie", name); me.status != 200 {
		t.Errorf("with the cookie: %d %s", me.status, me.body)
	}
	if a := w.do("POST", "/api/v1/setup", "", setupBody(secret)); a.status != 409 {
		t.Errorf("set up again: %d %s", a.status, a.body)
	}
	if strings.Contains(w.logs.String(), secret) || strings.Contains(w.logs.String(), token) {
		t.Error("a secret stands in the log")
	}

	if a := w.do("POST", "/api/v1/logout", "", "", "Cookie", name); a.status != 204 || !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("sign out: %d %s", a.status, a.header)
	}
	if me := w.do("GET", "/api/v1/me", token, ""); me.status != 401 {
		t.Errorf("after signing out: %d", me.status)
	}
}

func TestSetUpForSeveralCompanies(t *testing.T) {
	w := newWorld(t)
	secret, err := auth.NewSetupLink(w.admin, now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	body := strings.Replace(setupBody(secret), `"company":`, `"severalCompanies":true,"company":`, 1)
	token := w.ok("POST", "/api/v1/setup", "", body).field("token")
	if me := w.ok("GET", "/api/v1/me", token, ""); me.field("user.role") != "platformAdmin" || strings.Contains(me.body, `"company":{`) {
		t.Errorf("me: %s", me.body)
	}
	company := w.ok("GET", "/api/v1/companies", token, "").field("items.0.id")
	w.ok("POST", "/api/v1/users", token, `{"company":"`+company+`","name":"Beto","email":"beto@example.com","lang":"es","timezone":"UTC","role":"companyAdmin"}`)
	second := w.ok("POST", "/api/v1/users", token, `{"name":"Rut","email":"rut@example.com","lang":"es","timezone":"UTC","role":"platformAdmin"}`)
	if strings.Contains(second.body, company) {
		t.Errorf("a second one stands in a company: %s", second.body)
	}
	w.ok("PUT", "/api/v1/users/"+second.field("id"), token, `{"name":"Ruth","email":"rut@example.com","lang":"es","timezone":"UTC","role":"platformAdmin","version":1}`)
}

func TestLoginLinkSignsInOnce(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	secret, err := auth.NewLoginLink(w.admin, tn.users[fleet.Operator], now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if a := w.do("POST", "/api/v1/setup", "", setupBody(secret)); a.status != 409 {
		t.Errorf("a login link to set up: %d %s", a.status, a.body)
	}
	a := w.do("POST", "/api/v1/login", "", `{"token":"`+secret+`"}`)
	if a.status != 201 || a.field("user.role") != "operator" {
		t.Fatalf("sign in: %d %s", a.status, a.body)
	}
	w.ok("GET", "/api/v1/devices", a.field("token"), "")
	if a := w.do("POST", "/api/v1/login", "", `{"token":"`+secret+`"}`); a.status != 401 {
		t.Errorf("a second time: %d %s", a.status, a.body)
	}
	expired, _ := auth.NewLoginLink(w.admin, tn.users[fleet.Operator], now()-2*fleet.Hour, time.Hour)
	if a := w.do("POST", "/api/v1/login", "", `{"token":"`+expired+`"}`); a.status != 401 || !strings.Contains(a.body, "vigia setup-link") {
		t.Errorf("an expired link: %d %s", a.status, a.body)
	}
}

func TestWrongTokensAreThrottled(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	status := 0
	for range 60 {
		if status = w.do("GET", "/api/v1/me", "wrong", "").status; status != 401 {
			break
		}
	}
	if status != 429 {
		t.Fatalf("after many wrong tokens: %d", status)
	}
	a := w.do("GET", "/api/v1/me", tn.tokens[fleet.Operator], "")
	if a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("a right token from that address: %d %s", a.status, a.header)
	}
	if a := w.do("GET", "/healthz", "", ""); a.status != 200 {
		t.Errorf("health: %d", a.status)
	}
}

func TestTokensEndWhenRevokedExpiredOrDisabled(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	admin := tn.tokens[fleet.CompanyAdmin]
	made := w.ok("POST", "/api/v1/tokens", admin, `{"description":"export","days":1}`)
	if list := w.ok("GET", "/api/v1/tokens", admin, ""); strings.Contains(list.body, made.field("secret")) || !strings.Contains(list.body, "export") {
		t.Errorf("list: %s", list.body)
	}
	w.ok("GET", "/api/v1/me", made.field("secret"), "")
	w.ok("DELETE", "/api/v1/tokens/"+made.field("id"), admin, "")
	if a := w.do("GET", "/api/v1/me", made.field("secret"), ""); a.status != 401 {
		t.Errorf("revoked: %d", a.status)
	}
	secret := auth.NewSecret()
	w.admin.PutToken(fleet.Actor{}, fleet.Token{Hash: auth.Hash(secret), User: tn.users[fleet.Operator], Expires: 1})
	if a := w.do("GET", "/api/v1/me", secret, ""); a.status != 401 {
		t.Errorf("expired: %d", a.status)
	}
	u, _ := w.admin.User(tn.users[fleet.Operator])
	u.Disabled = true
	if _, err := w.admin.PutUser(fleet.Actor{}, u); err != nil {
		t.Fatal(err)
	}
	if a := w.do("GET", "/api/v1/me", tn.tokens[fleet.Operator], ""); a.status != 401 {
		t.Errorf("disabled: %d", a.status)
	}
}

func TestSignInNeedsASecureLine(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	token := tn.tokens[fleet.Operator]
	a := w.do("GET", "/api/v1/me", token, "", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https", "Accept-Language", "fr")
	if a.status != http.StatusForbidden || !strings.Contains(a.body, "http.trusted_proxies") || !strings.Contains(a.body, "insecure-transport") {
		t.Errorf("through an unknown proxy: %d %s", a.status, a.body)
	}
	if a := w.do("POST", "/api/v1/login", "", `{"token":"l"}`, "X-Forwarded-For", "203.0.113.9"); a.status != 403 {
		t.Errorf("sign in through an unknown proxy: %d %s", a.status, a.body)
	}
}
