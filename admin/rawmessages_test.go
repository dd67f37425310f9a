package admin_test

import (
	"encoding/hex"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// TestRawMessages: staff read what a tracker sent, byte for byte, beside what
// was read in it; the matrix sees that nobody else does.
func TestRawMessages(t *testing.T) {
	w, a, staff := settled(t)
	path := "/api/v1/devices/" + a.device.String()
	p := fleet.Position{Device: a.device, Fix: began, Protocol: fleet.H02, Has: fleet.HasPlace | fleet.HasSpeed, Speed: 40, Alarms: fleet.SOS}
	p.Place, _ = fleet.MakePlace(4.5, -74)
	w.heard[a.device] = []fleet.RawMessage{
		{At: began + 2, Protocol: fleet.H02, Transport: "udp", From: "203.0.113.7:4000", Size: 5, Frame: []byte("*HQ#\n"), Reports: []fleet.Position{p}, Count: 1},
		{At: began + 1, Protocol: fleet.GT06, Transport: "tcp", Size: 3, Frame: []byte{0x78, 0, 0x0d}, Reply: []byte{0x78, 0x79}, Reason: "malformed"},
	}
	got := w.ok("GET", path+"/messages", staff, "")
	for field, want := range map[string]string{
		"device": a.device.String(), "since": began.String(), "items.0.text": "*HQ#\n", "items.0.hex": hex.EncodeToString([]byte("*HQ#\n")), "items.0.protocol": "h02",
		"items.0.transport": "udp", "items.0.from": "203.0.113.7:4000", "items.0.count": "1", "items.0.reports.0.lat": "4.5", "items.0.reports.0.alarms.0": "sos",
		"items.0.reply": "<nil>", "items.1.text": "<nil>", "items.1.hex": "78000d", "items.1.reply": "7879", "items.1.reason": "malformed", "items.1.reports": "[]", "items.2": "",
	} {
		if got.field(field) != want {
			t.Errorf("%s is %q, want %q", field, got.field(field), want)
		}
	}
	w.ok("DELETE", path+"?erase=true", staff, "")
	if len(w.heard[a.device]) != 0 {
		t.Error("an erased device's messages are kept")
	}
	h := w.with(func(o *admin.Options) {})
	if got := h.do("GET", "/api/v1/devices/"+a.spare.String()+"/messages", staff, ""); got.status != 503 {
		t.Errorf("where none are recorded: %d %s", got.status, got.body)
	}
}
