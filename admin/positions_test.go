package admin_test

import (
	"testing"
)

func TestNewestPositionsOfSomeDevices(t *testing.T) {
	w, a, staff := settled(t)
	w.drive(a.device, 4.6, -74.08)
	w.until("the position", func() bool { return w.ok("GET", "/api/v1/positions", staff, "").field("items.0.device") != "" })
	if got := w.ok("GET", "/api/v1/positions?devices="+a.device.String()+",0000000000ABC", staff, ""); got.field("items.0.device") != a.device.String() {
		t.Error(got.body)
	}
	if got := w.ok("GET", "/api/v1/positions?devices=0000000000ABC", staff, ""); got.field("items.0.device") != "" {
		t.Error("another device's position: " + got.body)
	}
}
