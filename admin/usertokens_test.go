package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// An operator's integration tokens: made by the administrator, shown once,
// listed, and worthless once revoked.
func TestIntegrationTokens(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	admin, operator := a.tokens[fleet.CompanyAdmin], a.users[fleet.Operator].String()
	path := "/api/v1/users/" + operator + "/tokens"
	var secret, id string
	t.Run("S4-40/S4-41", func(t *testing.T) {
		made := w.do("POST", path, admin, `{"description":"Billing export","days":30,"scopes":["read"]}`)
		if made.status != http.StatusCreated || len(made.field("secret")) < 40 || made.field("expires") == "<nil>" {
			t.Fatalf("%d %s", made.status, made.body)
		}
		secret, id = made.field("secret"), made.field("id")
		if got := w.do("GET", "/api/v1/me", secret, ""); got.status != http.StatusOK || got.field("user.id") != operator {
			t.Errorf("the token speaks for %s: %d", got.field("user.id"), got.status)
		}
	})
	t.Run("S4-43/S4-44", func(t *testing.T) {
		list := w.ok("GET", path, admin, "").body
		if !strings.Contains(list, "Billing export") || strings.Contains(list, secret) {
			t.Errorf("the list is %s", list)
		}
	})
	t.Run("S4-45", func(t *testing.T) {
		if got := w.do("DELETE", path+"/"+id, admin, ""); got.status != http.StatusNoContent {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if got := w.do("GET", "/api/v1/me", secret, ""); got.status != http.StatusUnauthorized {
			t.Errorf("a revoked token gets %d", got.status)
		}
		if strings.Contains(w.ok("GET", path, admin, "").body, "Billing export") {
			t.Error("a revoked token is listed")
		}
	})
	if got := w.do("POST", "/api/v1/users/"+a.users[fleet.CompanyAdmin].String()+"/tokens", a.tokens[fleet.Operator], `{"description":"x"}`); got.status != http.StatusForbidden {
		t.Errorf("an operator makes a token of its administrator: %d", got.status)
	}
}
