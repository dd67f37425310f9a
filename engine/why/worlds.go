package why

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// view is what the administered world meant for a device from a time on.
type view struct {
	since  fleet.Time
	world  *track.World // nil: the device was not there
	owner  fleet.OwnerID
	fences map[fleet.FenceID]*fleet.Fence // of its owners, paused ones too
	rules  []*fleet.Notification          // of its owners, by ID
	zones  map[fleet.OwnerID]*time.Location
	named  map[fleet.RuleID]string // what rules are called
}

// maxChanges bounds how many change sets are looked through for one answer.
const maxChanges = 200_000

// views lists what held for a device from a time on, oldest first; the first
// holds before all others. Changes that were forgotten leave the oldest known
// world in their place.
func views(c Changes, device fleet.DeviceID, from fleet.Time, filter track.Filter) ([]view, error) {
	newest, err := c.Newest()
	if err != nil {
		return nil, err
	}
	var later []*fleet.ChangeSet // newest first
	base := newest
	for base > 0 && len(later) < maxChanges {
		set, err := c.Load(base)
		if isNotFound(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		if set.At <= from {
			break
		}
		later = append(later, set)
		base--
	}
	world, err := c.World(base)
	for isNotFound(err) && len(later) > 0 { // pruned up to the one behind it
		base, later = base+1, later[:len(later)-1]
		world, err = c.World(base)
	}
	if isNotFound(err) {
		world, err = &fleet.ChangeSet{}, nil
	}
	if err != nil {
		return nil, err
	}
	w := newLand(device, filter)
	w.apply(world)
	out := []view{w.view(0)}
	for _, set := range slices.Backward(later) {
		if !w.apply(set) {
			continue
		}
		v := w.view(set.At)
		if set.Since && len(out) == 1 {
			v.since = 0
		}
		if last := &out[len(out)-1]; last.since == v.since {
			*last = v
			continue
		}
		out = append(out, v)
	}
	for len(out) > 1 && out[0].world == nil { // what is older than a device's record is its first owner's
		out = out[1:]
	}
	out[0].since = 0
	return out, nil
}

func isNotFound(err error) bool {
	e, ok := errors.AsType[*fleet.Error](err)
	return ok && e.Kind == fleet.NotFound
}

// land is the administered world as far as one device may be concerned.
type land struct {
	id      fleet.DeviceID
	filter  track.Filter
	device  *fleet.Device
	parents map[fleet.CustomerID]fleet.CustomerID
	fences  map[fleet.FenceID]*fleet.Fence
	rules   map[fleet.NotificationID]*fleet.Notification
	chain   []fleet.OwnerID
	zones   map[fleet.OwnerID]*time.Location
	named   map[fleet.RuleID]string
	sets    map[fleet.OwnerID]*fence.Set // compiled; absent: to be compiled
}

func newLand(id fleet.DeviceID, filter track.Filter) *land {
	return &land{
		id: id, filter: filter, parents: map[fleet.CustomerID]fleet.CustomerID{},
		fences: map[fleet.FenceID]*fleet.Fence{}, rules: map[fleet.NotificationID]*fleet.Notification{},
		sets: map[fleet.OwnerID]*fence.Set{}, zones: map[fleet.OwnerID]*time.Location{}, named: map[fleet.RuleID]string{},
	}
}

// apply takes a change set over and reports whether it may concern the device.
func (l *land) apply(set *fleet.ChangeSet) bool {
	concerns := false
	for i := range set.Companies {
		l.zone(fleet.OwnerID(set.Companies[i].ID), set.Companies[i].Timezone)
	}
	for i := range set.Rules {
		l.named[set.Rules[i].ID] = set.Rules[i].Name
	}
	for i := range set.Customers {
		c := &set.Customers[i]
		l.zone(fleet.OwnerID(c.ID), c.Timezone)
		if above, known := l.parents[c.ID]; !known || above != c.Parent {
			l.parents[c.ID], concerns = c.Parent, true
		}
	}
	for i := range set.Devices {
		if d := set.Devices[i]; d.ID == l.id {
			l.device, concerns = &d, true
		}
	}
	if slices.Contains(set.RemovedDevices, l.id) {
		l.device, concerns = nil, true
	}
	for i := range set.Fences {
		f := set.Fences[i]
		if was := l.fences[f.ID]; was != nil {
			delete(l.sets, was.Owner)
		}
		l.fences[f.ID] = &f
		delete(l.sets, f.Owner)
		concerns = concerns || slices.Contains(l.chain, f.Owner)
	}
	for _, id := range set.RemovedFences {
		if was := l.fences[id]; was != nil {
			delete(l.sets, was.Owner)
			delete(l.fences, id)
			concerns = concerns || slices.Contains(l.chain, was.Owner)
		}
	}
	for i := range set.Notifications {
		n := set.Notifications[i]
		l.rules[n.ID] = &n
		concerns = concerns || slices.Contains(l.chain, n.Owner)
	}
	for _, id := range set.RemovedNotifications {
		if was := l.rules[id]; was != nil {
			delete(l.rules, id)
			concerns = concerns || slices.Contains(l.chain, was.Owner)
		}
	}
	return concerns
}

func (l *land) zone(owner fleet.OwnerID, name string) {
	if zone, err := time.LoadLocation(name); err == nil {
		l.zones[owner] = zone
	}
}

// view is the world as it stands now.
func (l *land) view(since fleet.Time) view {
	v := view{since: since, fences: map[fleet.FenceID]*fleet.Fence{}, zones: l.zones, named: l.named}
	l.chain = nil
	if l.device == nil {
		return v
	}
	for c := l.device.Customer; c != 0 && !slices.Contains(l.chain, fleet.OwnerID(c)); c = l.parents[c] {
		l.chain = append(l.chain, fleet.OwnerID(c))
	}
	l.chain = append(l.chain, fleet.OwnerID(l.device.Company))
	labels := slices.Clone(l.device.Labels)
	slices.Sort(labels)
	v.owner = l.device.Owner()
	v.world = &track.World{Company: l.device.Company, Labels: slices.Compact(labels), Filter: l.filter, Since: since}
	own := map[fleet.OwnerID][]fleet.Fence{}
	for id, f := range l.fences {
		if slices.Contains(l.chain, f.Owner) {
			v.fences[id] = f
			own[f.Owner] = append(own[f.Owner], *f)
		}
	}
	for _, id := range l.chain {
		set, ok := l.sets[id]
		if !ok {
			list := own[id]
			slices.SortFunc(list, func(a, b fleet.Fence) int { return cmp.Compare(a.ID, b.ID) })
			set, _ = fence.Compile(list) // those that cannot be judged are left out by the engine too
			l.sets[id] = set
		}
		v.world.Owners = append(v.world.Owners, track.Owner{ID: id, Fences: set})
	}
	for _, n := range l.rules {
		if slices.Contains(l.chain, n.Owner) {
			v.rules = append(v.rules, n)
		}
	}
	slices.SortFunc(v.rules, func(a, b *fleet.Notification) int { return cmp.Compare(a.ID, b.ID) })
	return v
}

// at is the view that held at a time.
func (a *asker) at(t fleet.Time) *view {
	i := len(a.views) - 1
	for i > 0 && a.views[i].since > t {
		i--
	}
	return &a.views[i]
}
