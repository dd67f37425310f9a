package fleet_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

func TestScope(t *testing.T) {
	const company, customer, device = 1, 10, 100
	for _, c := range []struct {
		name  string
		scope fleet.Scope
		want  bool
	}{
		{"nothing", fleet.Scope{}, false},
		{"installation", fleet.Scope{Installation: true}, true},
		{"company", fleet.Scope{Company: company}, true},
		{"another company", fleet.Scope{Company: 2}, false},
		{"customer", fleet.Scope{Company: company, Customers: []fleet.CustomerID{customer}}, true},
		{"another customer", fleet.Scope{Company: company, Customers: []fleet.CustomerID{11}}, false},
		{"no customer", fleet.Scope{Company: company, Customers: []fleet.CustomerID{}}, false},
		{"device", fleet.Scope{Company: company, Customers: []fleet.CustomerID{customer}, Devices: []fleet.DeviceID{device}}, true},
		{"another device", fleet.Scope{Company: company, Customers: []fleet.CustomerID{customer}, Devices: []fleet.DeviceID{101}}, false},
		{"no device", fleet.Scope{Company: company, Devices: []fleet.DeviceID{}}, false},
	} {
		if got := c.scope.SeesDevice(device, company, customer); got != c.want {
			t.Errorf("%s: sees the device: %v, want %v", c.name, got, c.want)
		}
	}
}
