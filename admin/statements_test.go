package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

func TestStatements(t *testing.T) {
	w, a, staff := settled(t)
	plan := w.ok("POST", "/api/v1/plans", staff, `{"name":"=Fleet","modules":["map"],"prices":{"currency":"USD","base":1000,"device":250,"sms":5},"trialDays":30}`).field("id")
	customer := func(name, more string) string {
		return w.ok("POST", "/api/v1/customers", staff, fmt.Sprintf(`{"name":%q,"code":%q,"country":"CO","plan":%q%s}`, name, name, plan, more)).field("id")
	}
	one, two := customer("S1", `,"reference":"ERP 10442"`), customer("S2", "")
	for i, owner := range []string{one, one, two} {
		w.ok("POST", "/api/v1/devices", staff, fmt.Sprintf(`{"customer":%q,"name":"d","uniqueId":"st%d"}`, owner, i))
	}
	t.Run("lines by the plan, and a total", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/customers/"+one+"/statement", staff, "")
		if got.field("lines.1.quantity") != "2" || got.field("lines.1.amount") != "500" || got.field("total") != "1500" || got.field("currency") != "USD" {
			t.Error(got.body)
		}
	})
	t.Run("the reference stands on it/S3-17", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/customers/"+one+"/statement", staff, ""); got.field("reference") != "ERP 10442" {
			t.Error(got.body)
		}
		if csv := w.ok("GET", "/api/v1/statements.csv", staff, ""); !strings.Contains(csv.body, one+",S1,S1,ERP 10442,'=Fleet,device,2,2.50,5.00,USD,\r\n") {
			t.Error(csv.body)
		}
	})
	t.Run("else the ID/S3-18", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/customers/"+two+"/statement", staff, ""); got.field("reference") != two {
			t.Error(got.body)
		}
		if csv := w.ok("GET", "/api/v1/statements.csv", staff, ""); !strings.Contains(csv.body, two+",S2,S2,"+two+",") {
			t.Error(csv.body)
		}
	})
	t.Run("an internal system is listed and not billed/S3-20/S3-23", func(t *testing.T) {
		w.ok("PUT", "/api/v1/customers/"+two, staff, fmt.Sprintf(`{"name":"S2","code":"S2","country":"CO","plan":%q,"version":1,"internalSystem":true}`, plan))
		got := w.ok("GET", "/api/v1/customers/"+two+"/statement", staff, "")
		if got.field("total") != "0" || got.field("lines.1.quantity") != "1" || got.field("lines.1.price") != "250" || got.field("lines.1.zeroRated") != "internal" {
			t.Error(got.body)
		}
	})
	t.Run("a trial is not billed/S3-25", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/customers/"+customer("S3", `,"trial":true`)+"/statement", staff, "")
		if got.field("total") != "0" || got.field("lines.0.zeroRated") != "trial" {
			t.Error(got.body)
		}
	})
	t.Run("it outlives the customer", func(t *testing.T) {
		id := customer("S4", "")
		path := "/api/v1/customers/" + id
		token := w.ok("POST", path+"/removal", staff, fmt.Sprintf(`{"username":%q,"password":%q}`, a.email(fleet.CompanyAdmin), known)).field("confirmation")
		w.do("DELETE", path, staff, "", "Confirmation", token)
		if got := w.ok("GET", "/api/v1/statements", staff, ""); got.field("items.0.customer") != id || got.field("items.0.deleted") != "true" || got.field("items.0.total") != "1000" {
			t.Error(got.body)
		}
	})
	t.Run("other months, and what is none", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/statements?month=2020-01", staff, ""); got.field("items.0") != "" {
			t.Error(got.body)
		}
		if got := w.do("GET", "/api/v1/statements?month=2020-13", staff, ""); got.status != http.StatusUnprocessableEntity || got.field("errors.0.field") != "month" {
			t.Error(got.status, got.body)
		}
	})
	t.Run("another tenant sees none of it", func(t *testing.T) {
		b := w.settle("B")
		for _, path := range []string{"/api/v1/statements", "/api/v1/statements.csv"} {
			if got := w.ok("GET", path, b.tokens[fleet.CompanyAdmin], ""); strings.Contains(got.body, one) || strings.Contains(got.body, a.canary()) {
				t.Error(got.body)
			}
		}
	})
}

func TestCustomerHistory(t *testing.T) {
	w, a, staff := settled(t)
	id := w.ok("POST", "/api/v1/customers", staff, `{"name":"Past","code":"P","country":"CO","tags":["a"]}`).field("id")
	path := "/api/v1/customers/" + id
	w.ok("PUT", path, staff, `{"name":"Past","code":"Q","country":"CO","version":1,"suspended":true,"suspendReason":"unpaid"}`)
	t.Run("who changed what, newest first/S0-25", func(t *testing.T) {
		got := w.ok("GET", path+"/history", staff, "")
		if got.field("items.0.action") != "update" || got.field("items.0.by") != a.canary()+" companyAdmin" || got.field("items.1.action") != "create" || got.field("items.2") != "" {
			t.Error(got.body)
		}
		for _, want := range []string{
			`{"name":"code","before":"P","after":"Q"}`, `{"name":"suspendReason","after":"unpaid"}`, `{"name":"tags","before":["a"]}`,
		} {
			if !strings.Contains(got.body, want) {
				t.Errorf("no %s in %s", want, got.body)
			}
		}
		older := w.ok("GET", path+"/history?before="+got.field("items.0.number"), staff, "")
		if older.field("items.0.action") != "create" || older.field("items.1") != "" {
			t.Error(older.body)
		}
	})
	t.Run("not for a reseller's admin", func(t *testing.T) {
		if got := w.do("GET", "/api/v1/customers/"+a.inner.String()+"/history", a.tokens[fleet.CustomerAdmin], ""); got.status != http.StatusForbidden {
			t.Error(got.status, got.body)
		}
	})
}

func TestOnboarding(t *testing.T) {
	w, _, staff := settled(t)
	made := w.ok("POST", "/api/v1/customers", staff, `{"name":"New","code":"N","country":"CO"}`)
	id := made.field("id")
	missing := func() (open []string) {
		got := w.ok("GET", "/api/v1/customers/"+id+"/onboarding", staff, "")
		for i := range 6 {
			if got.field(fmt.Sprintf("steps.%d.done", i)) == "false" {
				open = append(open, got.field(fmt.Sprintf("steps.%d.step", i)))
			}
		}
		return open
	}
	t.Run("a checklist says what is missing/S0-14/S3-39", func(t *testing.T) {
		if got := fmt.Sprint(missing()); got != "[admin credential devices]" {
			t.Error(got)
		}
		w.ok("POST", "/api/v1/users", staff, fmt.Sprintf(`{"customer":%q,"firstName":"A","email":"on@example.com","lang":"es","timezone":"UTC","role":"customerAdmin","activation":{"method":"password","password":"a staple is no horse"}}`, id))
		w.ok("POST", "/api/v1/devices", staff, fmt.Sprintf(`{"customer":%q,"name":"d","uniqueId":"onb1"}`, id))
		if got := fmt.Sprint(missing()); got != "[]" {
			t.Error(got)
		}
	})
}
