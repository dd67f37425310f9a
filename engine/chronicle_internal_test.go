package engine

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// told lists since when which worlds held for a device: the owner, and how
// many fences it looked at.
func told(a *atlas, id fleet.DeviceID) (out [][3]int64) {
	for _, p := range a.past.worlds(id, a.realms[a.devices[id]].realm) {
		n := int64(0)
		for _, o := range p.World.Owners {
			n += int64(o.Fences.Len())
		}
		out = append(out, [3]int64{int64(p.Since / fleet.Day), int64(p.World.Owners[0].ID), n})
	}
	return out
}

func wantTold(t *testing.T, a *atlas, id fleet.DeviceID, want ...[3]int64) {
	t.Helper()
	if got := told(a, id); !slices.Equal(got, want) {
		t.Errorf("worlds of %d are %v, want %v", id, got, want)
	}
}

func TestChronicle(t *testing.T) {
	a := newAtlas(1, track.Filter{})
	change := fleet.ChangeID(0)
	apply := func(day int64, set fleet.ChangeSet) {
		t.Helper()
		change++
		set.ID, set.At = change, fleet.Time(day)*fleet.Day
		if _, err := a.apply(&set); err != nil {
			t.Fatal(err)
		}
	}
	apply(1, fleet.ChangeSet{
		Since:     true,
		Customers: []fleet.Customer{{ID: 10, Company: guardian}, {ID: 20, Company: guardian}},
		Devices:   []fleet.Device{truck(100, 10), truck(101, 10), truck(200, 20)},
		Fences:    []fleet.Fence{yard(1, 10)},
	})
	wantTold(t, a, 100, [3]int64{0, 10, 1})

	apply(3, fleet.ChangeSet{RemovedFences: []fleet.FenceID{1}})
	apply(5, fleet.ChangeSet{Fences: []fleet.Fence{yard(2, 20)}})
	apply(7, fleet.ChangeSet{Devices: []fleet.Device{truck(100, 20)}}) // changes hands
	apply(9, fleet.ChangeSet{Fences: []fleet.Fence{yard(3, 20)}})
	apply(9, fleet.ChangeSet{Fences: []fleet.Fence{yard(4, 20)}}) // at the same moment
	wantTold(t, a, 100, [3]int64{0, 10, 1}, [3]int64{3, 10, 0}, [3]int64{7, 20, 1}, [3]int64{9, 20, 3})
	wantTold(t, a, 101, [3]int64{0, 10, 1}, [3]int64{3, 10, 0})
	wantTold(t, a, 200, [3]int64{0, 20, 0}, [3]int64{5, 20, 1}, [3]int64{9, 20, 3})
	if w := a.realms[a.devices[200]].world; w.Since != 9*fleet.Day || len(w.Edits) != 2 {
		t.Errorf("the world says since %d, edits %v", w.Since/fleet.Day, w.Edits)
	}

	apply(10, fleet.ChangeSet{Devices: []fleet.Device{truck(101, 10, 5)}}) // a label
	apply(11, fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{200}})
	apply(12, fleet.ChangeSet{Devices: []fleet.Device{truck(100, 0)}})
	wantTold(t, a, 101, [3]int64{0, 10, 1}, [3]int64{3, 10, 0}, [3]int64{10, 10, 0})
	wantTold(t, a, 100, [3]int64{0, 10, 1}, [3]int64{3, 10, 0}, [3]int64{7, 20, 1}, [3]int64{9, 20, 3}, [3]int64{12, 1, 0})

	// What no late report can reach any more is forgotten.
	apply(41, fleet.ChangeSet{Fences: []fleet.Fence{yard(5, 1)}, Devices: []fleet.Device{truck(100, 0, 6)}})
	wantTold(t, a, 100, [3]int64{0, 20, 1}, [3]int64{9, 20, 3}, [3]int64{12, 1, 0}, [3]int64{41, 1, 1})
	apply(90, fleet.ChangeSet{Devices: []fleet.Device{truck(101, 10)}})
	wantTold(t, a, 100, [3]int64{0, 1, 1})
	apply(91, fleet.ChangeSet{Since: true, Fences: []fleet.Fence{yard(6, 1)}})
	wantTold(t, a, 100, [3]int64{0, 1, 2})
}
