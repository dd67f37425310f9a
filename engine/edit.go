package engine

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/vigia-track/vigia/engine/fleet"
)

// edit is one apply under way.
type edit struct {
	a     *atlas
	d     *delta
	since fleet.Time      // from when it holds; 0: since the beginning of time
	stale map[uint32]bool // realms to be made anew
}

func (e *edit) customers(set *fleet.ChangeSet) {
	a, moved := e.a, false
	for i := range set.Companies {
		e.zone(fleet.Owner(set.Companies[i].ID), set.Companies[i].Timezone)
	}
	for i := range set.Customers {
		c := &set.Customers[i]
		to := parent{company: c.Company, above: c.Parent}
		was, known := a.parents[c.ID]
		moved = moved || known && was != to
		a.parents[c.ID] = to
		e.zone(fleet.Owner(c.ID), c.Timezone)
	}
	for _, id := range set.RemovedCustomers {
		delete(a.parents, id)
		delete(a.zones, fleet.Owner(id))
		moved = true
	}
	for _, id := range set.RemovedCompanies {
		delete(a.zones, fleet.Owner(id))
	}
	if !moved { // a new customer stands in nobody's chain yet
		return
	}
	for n := range a.realms {
		r := &a.realms[n]
		if r.realm == nil {
			continue
		}
		if chain := a.chain(r.company, r.owner); !slices.Equal(chain, r.chain) {
			a.unlink(uint32(n))
			r.chain = chain
			a.link(uint32(n))
			e.stale[uint32(n)] = true
		}
	}
}

// zone notes an owner's time zone; its notifications, rules and fences go by it.
func (e *edit) zone(id fleet.OwnerID, name string) {
	if e.a.zones[id] != name {
		e.a.zones[id] = name
		o := e.a.owner(id)
		o.told, o.clock = nil, nil
		if loc, err := time.LoadLocation(name); err == nil { // the store lets no other pass
			o.clock = loc
		}
		e.touch(o)
	}
}

// fenceEdit is what changes in one owner's set.
type fenceEdit struct {
	put     []fleet.Fence
	removed []fleet.FenceID
}

func (e *edit) fences(set *fleet.ChangeSet) error {
	a := e.a
	edits := map[fleet.OwnerID]*fenceEdit{}
	var order []fleet.OwnerID // of first mention: maps have none
	of := func(id fleet.OwnerID) *fenceEdit {
		if edits[id] == nil {
			edits[id] = &fenceEdit{}
			order = append(order, id)
		}
		return edits[id]
	}
	for _, f := range set.Fences {
		if was, known := a.fences[f.ID]; known && was != f.Owner {
			of(was).removed = append(of(was).removed, f.ID)
		}
		of(f.Owner).put = append(of(f.Owner).put, f)
		a.fences[f.ID] = f.Owner
	}
	for _, id := range set.RemovedFences {
		if was, known := a.fences[id]; known {
			of(was).removed = append(of(was).removed, id)
			delete(a.fences, id)
		}
	}
	var faults []error
	for _, id := range order {
		o := a.owner(id)
		next, err := o.set.Edit(edits[id].put, edits[id].removed)
		o.set, faults = next, append(faults, err)
		e.touch(o)
	}
	return errors.Join(faults...)
}

func (e *edit) rules(set *fleet.ChangeSet) {
	a := e.a
	drop := func(id fleet.NotificationID) {
		if was, known := a.rules[id]; known {
			o := a.owner(was)
			o.rules = slices.DeleteFunc(slices.Clone(o.rules), func(n *fleet.Notification) bool { return n.ID == id })
			o.told = nil
			delete(a.rules, id)
			e.touch(o)
		}
	}
	for i := range set.Notifications {
		n := set.Notifications[i]
		drop(n.ID)
		o := a.owner(n.Owner)
		o.rules = append(slices.Clip(o.rules), &n)
		slices.SortFunc(o.rules, byRule)
		o.told = nil
		a.rules[n.ID] = n.Owner
		e.touch(o)
	}
	for _, id := range set.RemovedNotifications {
		drop(id)
	}
}

func byRule(x, y *fleet.Notification) int { return cmp.Compare(x.ID, y.ID) }

func (e *edit) devices(set *fleet.ChangeSet) {
	a := e.a
	offsets, ours := a.offsets, false
	setOffset := func(id fleet.DeviceID, ms int64) {
		if offsets[id] == ms {
			return
		}
		if !ours { // Accept reads the old one
			offsets, ours = maps.Clone(offsets), true
		}
		if offsets[id] = ms; ms == 0 {
			delete(offsets, id)
		}
	}
	for i := range set.Devices {
		d := &set.Devices[i]
		setOffset(d.ID, d.ClockOffset)
		e.mute(d)
		n := e.realmOf(d)
		was, known := a.devices[d.ID]
		if known && was == n {
			continue
		}
		p := placedDevice{id: d.ID, realm: n, company: d.Company, owner: d.Owner(), silence: silenceOf(profileOf(d)), stays: d.Stays}
		if known {
			p.since = e.since
			a.realms[was].devices--
			a.past.move(d.ID, a.realms[was].line, a.realms[n].line, e.since)
		}
		a.realms[n].devices++
		a.devices[d.ID] = n
		if a.stays != nil && len(d.Stays) > 0 {
			a.stays[d.ID] = d.Stays
		}
		l := &e.d.lanes[shardOf(d.ID, a.shards)]
		l.placed = append(l.placed, p)
	}
	for _, id := range set.RemovedDevices {
		setOffset(id, 0)
		delete(a.mutes, id)
		if was, known := a.devices[id]; known {
			a.realms[was].devices--
			delete(a.devices, id)
			a.past.forget(id)
			l := &e.d.lanes[shardOf(id, a.shards)]
			l.removed = append(l.removed, id)
		}
	}
	a.offsets = offsets
}

// realmOf is the number of the realm that a device belongs to, a new one if
// no device before had its owner, labels and limits.
func (e *edit) realmOf(d *fleet.Device) uint32 {
	a := e.a
	labels := slices.Clone(d.Labels)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	profile := profileOf(d)
	key := binary.BigEndian.AppendUint64(nil, uint64(d.Company))
	key = binary.BigEndian.AppendUint64(key, uint64(d.Owner()))
	key = binary.BigEndian.AppendUint64(key, uint64(profile.OfflineAfter))
	key = binary.BigEndian.AppendUint32(key, math.Float32bits(profile.SpeedLimit))
	for _, l := range labels {
		key = binary.BigEndian.AppendUint64(key, uint64(l))
	}
	if n, ok := a.byKey[string(key)]; ok {
		return n
	}
	var n uint32
	if last := len(a.free) - 1; last >= 0 {
		n, a.free = a.free[last], a.free[:last]
	} else {
		n, a.realms = uint32(len(a.realms)), append(a.realms, placedKey{})
	}
	a.realms[n] = placedKey{
		realm: &realm{}, line: &line{}, key: string(key), company: d.Company, owner: d.Owner(), labels: labels, profile: profile,
		chain: a.chain(d.Company, d.Owner()),
	}
	a.byKey[string(key)] = n
	a.link(n)
	e.stale[n] = true
	return n
}

// touch marks every realm that has an owner as stale.
func (e *edit) touch(o *owner) {
	for _, n := range o.realms {
		e.stale[n] = true
	}
}

// finish makes the stale realms anew and forgets those without devices.
func (e *edit) finish() {
	a := e.a
	for n := range a.realms {
		r := &a.realms[n]
		if r.realm != nil && r.devices == 0 {
			a.unlink(uint32(n))
			delete(a.byKey, r.key)
			*r = placedKey{}
			a.free = append(a.free, uint32(n))
			delete(e.stale, uint32(n))
		}
	}
	stale := make([]uint32, 0, len(e.stale))
	for n := range e.stale {
		stale = append(stale, n)
	}
	slices.Sort(stale)
	for _, n := range stale {
		r := &a.realms[n]
		r.realm = a.compose(r)
		a.past.note(r.realm, e.since)
		e.d.realms = append(e.d.realms, placedRealm{at: n, realm: r.realm})
	}
}
