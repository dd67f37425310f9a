package admin_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

func TestDeleteGuard(t *testing.T) {
	w, a, staff := settled(t)
	path := "/api/v1/customers/" + a.customer.String()
	mine := fmt.Sprintf(`{"username":%q,"password":%q}`, a.email(fleet.CompanyAdmin), known)
	refused := func(t *testing.T, method, path, body, lang, want string) {
		t.Helper()
		if got := w.do(method, path, staff, body, "Accept-Language", lang); got.status != http.StatusConflict || got.field("detail") != want {
			t.Errorf("%s %s in %s: %d %s", method, path, lang, got.status, got.body)
		}
	}
	for lang, want := range map[string]string{
		"en": "The customer cannot be deleted because there are devices associated with it",
		"es": "No se puede eliminar el cliente porque existen dispositivos asociados a el",
		"pt": "Não é possível excluir o cliente porque existem dispositivos associados a ele",
		"fr": "Impossible de supprimer le client car des appareils lui sont associés",
	} {
		t.Run("with devices, in "+lang+"/S2-35/S2-36", func(t *testing.T) {
			refused(t, "POST", path+"/removal", mine, lang, want)
			refused(t, "DELETE", path, "", lang, want)
		})
	}
	for _, d := range []fleet.DeviceID{a.device, a.spare} {
		w.ok("DELETE", "/api/v1/devices/"+d.String(), staff, "")
	}
	t.Run("with inner customers", func(t *testing.T) {
		refused(t, "DELETE", path, "", "es", "No se puede eliminar el cliente porque tiene clientes internos")
		refused(t, "DELETE", path, "", "fr", "Impossible de supprimer le client car il a des sous-clients")
	})

	inner := "/api/v1/customers/" + a.inner.String()
	forbidden := func(t *testing.T, got answer, field string) {
		t.Helper()
		if got.status != http.StatusForbidden || field != "" && got.field("errors.0.field") != field {
			t.Errorf("%d %s", got.status, got.body)
		}
		w.ok("GET", inner, staff, "")
	}
	t.Run("wrong credentials are refused, counted and written down/S2-38/S2-40", func(t *testing.T) {
		before, _ := w.admin.Audit(0, 1<<20)
		forbidden(t, w.do("POST", inner+"/removal", staff, fmt.Sprintf(`{"username":%q,"password":"wrong"}`, a.email(fleet.CompanyAdmin))), "password")
		forbidden(t, w.do("POST", inner+"/removal", staff, fmt.Sprintf(`{"username":%q,"password":%q}`, a.email(fleet.Operator), known)), "password")
		after, _ := w.admin.Audit(uint64(len(before)), 1<<20)
		if len(after) != 2 {
			t.Errorf("%d rows in the audit, want 2: %+v", len(after), after)
		}
		if cred, _ := w.admin.Credential(a.users[fleet.CompanyAdmin]); cred.Failed != 1 {
			t.Errorf("%d wrong passwords counted", cred.Failed)
		}
	})
	t.Run("a second confirmation, once, by the same session/S2-39/S0-24", func(t *testing.T) {
		asked := w.do("POST", inner+"/removal", staff, mine, "Accept-Language", "es")
		if asked.status != http.StatusCreated || asked.field("question") != "¿Realmente desea eliminar este cliente? Esta acción no se puede deshacer." {
			t.Fatal(asked.status, asked.body)
		}
		token := asked.field("confirmation")
		forbidden(t, w.do("DELETE", inner, staff, ""), "")
		forbidden(t, w.do("DELETE", inner, a.tokens[fleet.PlatformAdmin], "", "Confirmation", token), "")
		forbidden(t, w.do("DELETE", inner, staff, "", "Confirmation", token), "") // the stranger has used it up
	})
	t.Run("the text says that it cannot be reversed/S1-27", func(t *testing.T) {
		asked := w.do("POST", inner+"/removal", staff, mine)
		if asked.field("notice") != "Deletion cannot be reversed. To have the customer back, its data must be entered again as a new customer." {
			t.Error(asked.body)
		}
	})
	t.Run("and then it goes/S0-23/S1-28", func(t *testing.T) {
		for _, path := range []string{inner, path} {
			token := w.ok("POST", path+"/removal", staff, mine).field("confirmation")
			if got := w.do("DELETE", path, staff, "", "Confirmation", token); got.status != http.StatusNoContent {
				t.Error(got.status, got.body)
			}
			if got := w.do("GET", path, staff, ""); got.status != http.StatusNotFound {
				t.Error("still there:", got.body)
			}
		}
		if got := w.do("GET", "/api/v1/me", a.tokens[fleet.CustomerAdmin], ""); got.status != http.StatusUnauthorized {
			t.Error("its user is still signed in:", got.status)
		}
	})
}
