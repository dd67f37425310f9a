package engine

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

const guardian = fleet.CompanyID(1)

func yard(id fleet.FenceID, owner fleet.OwnerID) fleet.Fence {
	return fleet.Fence{
		ID: id, Company: guardian, Owner: owner, Judge: 1, Preset: fleet.Instant,
		Shape: geo.Shape{Kind: geo.Circle, Centre: geo.Point{1, 1}, Radius: 100},
	}
}

func truck(id fleet.DeviceID, of fleet.CustomerID, labels ...fleet.LabelID) fleet.Device {
	return fleet.Device{ID: id, Company: guardian, Customer: of, Labels: labels}
}

// onShard applies a change to an atlas and to the one shard that follows it.
func onShard(t *testing.T, a *atlas, s *shard, set fleet.ChangeSet) *delta {
	t.Helper()
	d, err := a.apply(&set)
	if err != nil {
		t.Fatal(err)
	}
	s.swap(d)
	return d
}

// owners lists whose fences a device consults, nearest first, and how many.
func owners(s *shard, id fleet.DeviceID) (ids []fleet.OwnerID, fences int) {
	w := s.realms[s.slot(s.index[id]).realm].world
	for _, o := range w.Owners {
		ids = append(ids, o.ID)
		fences += o.Fences.Len()
	}
	return ids, fences
}

func wantOwners(t *testing.T, s *shard, id fleet.DeviceID, fences int, want ...fleet.OwnerID) {
	t.Helper()
	if got, n := owners(s, id); !slices.Equal(got, want) || n != fences {
		t.Errorf("device %d consults %d fences of %v, want %d of %v", id, n, got, fences, want)
	}
}

func newFollower() (*atlas, *shard) {
	return newAtlas(1, track.Filter{}), &shard{e: &Engine{}, index: map[fleet.DeviceID]uint32{}}
}

func TestAtlasFollowsTheTreeOfCustomers(t *testing.T) {
	a, s := newFollower()
	onShard(t, a, s, fleet.ChangeSet{
		ID: 1,
		Customers: []fleet.Customer{
			{ID: 10, Company: guardian}, {ID: 11, Company: guardian, Parent: 10}, {ID: 20, Company: guardian},
		},
		Devices: []fleet.Device{truck(100, 11), truck(101, 0)},
		Fences:  []fleet.Fence{yard(1, 10), yard(2, 11), yard(3, 20), yard(4, 1)},
	})
	wantOwners(t, s, 100, 3, 11, 10, 1)
	wantOwners(t, s, 101, 1, 1)

	onShard(t, a, s, fleet.ChangeSet{ID: 2, Customers: []fleet.Customer{{ID: 11, Company: guardian, Parent: 20}}})
	wantOwners(t, s, 100, 3, 11, 20, 1)
	onShard(t, a, s, fleet.ChangeSet{ID: 3, Fences: []fleet.Fence{yard(5, 20)}, RemovedFences: []fleet.FenceID{2}})
	wantOwners(t, s, 100, 3, 11, 20, 1)
	onShard(t, a, s, fleet.ChangeSet{ID: 4, Fences: []fleet.Fence{yard(1, 11)}}) // given away by 10
	wantOwners(t, s, 100, 4, 11, 20, 1)
	if a.owners[10].set.Len() != 0 {
		t.Error("a fence has two owners")
	}
	onShard(t, a, s, fleet.ChangeSet{ID: 5, RemovedDevices: []fleet.DeviceID{100}, RemovedCustomers: []fleet.CustomerID{11}})
	if _, known := s.index[100]; known || a.change != 5 {
		t.Error("a removed device has a state")
	}
}

func TestRealmsAreSharedAndFreed(t *testing.T) {
	a, s := newFollower()
	d := onShard(t, a, s, fleet.ChangeSet{
		Customers: []fleet.Customer{{ID: 10, Company: guardian}},
		Devices:   []fleet.Device{truck(1, 10), truck(2, 10), truck(3, 10, 7, 5), truck(4, 10, 5, 7, 7)},
	})
	if len(d.realms) != 2 || s.slot(s.index[3]).realm != s.slot(s.index[4]).realm {
		t.Errorf("%d realms for two sets of labels", len(d.realms))
	}
	if labels := s.realms[s.slot(s.index[4]).realm].world.Labels; !slices.Equal(labels, []fleet.LabelID{5, 7}) {
		t.Errorf("labels %v", labels)
	}
	d = onShard(t, a, s, fleet.ChangeSet{Devices: []fleet.Device{truck(1, 10), truck(2, 10)}})
	if len(d.realms) != 0 || len(d.lanes[0].placed) != 0 {
		t.Errorf("an edit that changes nothing here moves %+v", d)
	}
	onShard(t, a, s, fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{3, 4}})
	if len(a.free) != 1 || len(a.byKey) != 1 {
		t.Errorf("%d free realms, %d in use", len(a.free), len(a.byKey))
	}
	onShard(t, a, s, fleet.ChangeSet{Devices: []fleet.Device{truck(5, 10, 9)}})
	if len(a.realms) != 2 || len(a.free) != 0 {
		t.Error("a free number was not used again")
	}
	if n := len(a.owners[10].realms); n != 2 {
		t.Errorf("customer stands in %d realms", n)
	}
}

func TestRulesOfAllOwners(t *testing.T) {
	a, s := newFollower()
	rule := func(id fleet.NotificationID, of fleet.OwnerID) fleet.Notification {
		return fleet.Notification{ID: id, Company: guardian, Owner: of}
	}
	onShard(t, a, s, fleet.ChangeSet{
		Customers: []fleet.Customer{{ID: 10, Company: guardian}, {ID: 20, Company: guardian}},
		Devices:   []fleet.Device{truck(1, 10)}, Notifications: []fleet.Notification{rule(3, 1), rule(2, 20), rule(1, 10)},
	})
	ids := func() (out []fleet.NotificationID) {
		for n := range s.realms[s.slot(s.index[1]).realm].rules.All {
			out = append(out, n.ID)
		}
		return out
	}
	if got := ids(); !slices.Equal(got, []fleet.NotificationID{1, 3}) {
		t.Errorf("rules %v", got)
	}
	onShard(t, a, s, fleet.ChangeSet{Notifications: []fleet.Notification{rule(2, 10)}, RemovedNotifications: []fleet.NotificationID{3}})
	if got := ids(); !slices.Equal(got, []fleet.NotificationID{1, 2}) {
		t.Errorf("rules %v", got)
	}
}

func TestOffsetsAreReplacedNotChanged(t *testing.T) {
	a, s := newFollower()
	before := a.offsets
	d := truck(1, 10)
	d.ClockOffset = 3_600_000
	onShard(t, a, s, fleet.ChangeSet{Devices: []fleet.Device{d}})
	if len(before) != 0 || a.offsets[1] != 3_600_000 {
		t.Errorf("before %v, now %v", before, a.offsets)
	}
	d.ClockOffset = 0
	onShard(t, a, s, fleet.ChangeSet{Devices: []fleet.Device{d}})
	if len(a.offsets) != 0 {
		t.Errorf("now %v", a.offsets)
	}
}
