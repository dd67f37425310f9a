package admin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestNotificationsOfACustomer goes through the form of a notification.
func TestNotificationsOfACustomer(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	silent := fleet.User{Company: a.company, Customer: a.customer, Name: "No phone", Email: "silent@example.com", Lang: "es", Timezone: "UTC", Role: fleet.CustomerUser}
	silent, err := w.admin.PutUser(fleet.Actor{}, silent)
	if err != nil {
		t.Fatal(err)
	}
	body := func(what, channel string, to fleet.UserID, more string) string {
		return fmt.Sprintf(`{"owner":%q,"description":%q,"devices":[%q],"plan":"0000000000001","channels":[%q],"recipients":[%q]%s}`, a.customer, what, a.device, channel, to, more)
	}
	ids := map[string]string{}
	for id, channel := range map[string]string{"S2-95": "sms", "S2-96": "email", "S2-98": "push"} {
		t.Run(id, func(t *testing.T) {
			ids[channel] = w.ok("POST", "/api/v1/notifications", staff, body("By "+channel, channel, a.users[fleet.CustomerAdmin], "")).field("id")
			w.press(a)
			w.until("a delivery by "+channel, func() bool {
				p, err := w.facts.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Company: a.company}, Device: a.device, Channel: fleet.Channel(channel)})
				return err == nil && len(p.Items) > 0
			})
		})
	}
	t.Run("S2-93", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/notifications?owner="+a.customer.String(), staff, "")
		for _, channel := range fleet.Channels() {
			if !strings.Contains(list.body, fmt.Sprintf(`"channels":[%q]`, channel)) {
				t.Errorf("none by %s: %s", channel, list.body)
			}
		}
	})
	t.Run("S2-99", func(t *testing.T) {
		if got := w.do("POST", "/api/v1/notifications", staff, body("", "push", a.users[fleet.CustomerAdmin], "")); got.status != 422 {
			t.Errorf("without a description: %d", got.status)
		}
	})
	t.Run("S2-102", func(t *testing.T) {
		if got := w.do("POST", "/api/v1/notifications", staff, body("x", "sms", silent.ID, "")); got.status != 422 || !strings.Contains(got.body, "recipients[0]") {
			t.Errorf("SMS to somebody without a phone: %d %s", got.status, got.body)
		}
		w.ok("POST", "/api/v1/notifications", staff, body("x", "email", silent.ID, ""))
	})
	t.Run("S2-94", func(t *testing.T) {
		w.ok("PUT", "/api/v1/notifications/"+ids["push"], staff, body("Renamed", "push", a.users[fleet.CustomerAdmin], `,"version":1`))
		if got := w.ok("GET", "/api/v1/notifications/"+ids["push"], staff, ""); got.field("description") != "Renamed" {
			t.Errorf("edited: %s", got.body)
		}
		w.ok("DELETE", "/api/v1/notifications/"+ids["push"], staff, "")
		if got := w.do("GET", "/api/v1/notifications/"+ids["push"], staff, ""); got.status != 404 {
			t.Errorf("deleted: %d", got.status)
		}
	})
}
