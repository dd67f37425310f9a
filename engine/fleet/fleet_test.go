package fleet_test

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

func TestIDText(t *testing.T) {
	for _, id := range []fleet.DeviceID{0, 1, 0xffffffffffffffff, 0x123456789abcdef} {
		got, err := fleet.ParseID[struct{}](id.String())
		if err != nil || uint64(got) != uint64(id) {
			t.Errorf("%d as %q reads as %d, %v", uint64(id), id, uint64(got), err)
		}
	}
}

func TestAlarmNames(t *testing.T) {
	set := fleet.SOS | fleet.ParkingAlarm | fleet.Jamming
	got, err := fleet.ParseAlarms(set.String())
	if err != nil || got != set {
		t.Errorf("%q reads as %v, %v", set, got, err)
	}
	if n := len(fleet.Alarms(1<<40 - 1).Names()); n != 39 {
		t.Errorf("%d alarms have names, want 39", n)
	}
}

func TestSortAttrsKeepsTheLast(t *testing.T) {
	got := fleet.SortAttrs(fleet.Attrs{{"b", fleet.Int(1)}, {"a", fleet.Int(2)}, {"b", fleet.Int(3)}})
	if want := (fleet.Attrs{{"a", fleet.Int(2)}, {"b", fleet.Int(3)}}); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
