package engine

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// A realm is what the administered world means for all devices that have the
// same owner and labels: the fences that Step consults and the rules that
// alert reads. It never changes; an edit makes a new one in its place.
type realm struct {
	world *track.World
	rules *alert.Rules // of all the owners
}

// A delta is what one change set means for the shards. It is prepared once,
// outside of them, and shared; nobody changes it afterwards.
type delta struct {
	realms []placedRealm
	lanes  []lane // one a shard
}

// placedRealm puts a realm at its number.
type placedRealm struct {
	at uint32
	*realm
}

// lane is a shard's own part of a delta.
type lane struct {
	placed  []placedDevice // new devices and those whose realm changed
	removed []fleet.DeviceID
}

// placedDevice says in which realm a device lives from now on.
type placedDevice struct {
	id      fleet.DeviceID
	realm   uint32
	company fleet.CompanyID
	owner   fleet.OwnerID
}

// The atlas holds what the engine knows of the administered world, as of one
// change, and turns change sets into deltas. One goroutine at a time uses it:
// recovery first, afterwards whoever holds the lock of Apply.
type atlas struct {
	change  fleet.ChangeID
	filter  track.Filter
	shards  int
	parents map[fleet.CustomerID]parent
	owners  map[fleet.OwnerID]*owner
	fences  map[fleet.FenceID]fleet.OwnerID
	rules   map[fleet.NotificationID]fleet.OwnerID
	devices map[fleet.DeviceID]uint32 // its realm
	zones   map[fleet.OwnerID]string  // their time zones
	offsets map[fleet.DeviceID]int64  // clock offsets that are not 0; replaced, never changed

	realms []placedKey // by number; a nil realm is free
	byKey  map[string]uint32
	free   []uint32
}

type parent struct {
	company fleet.CompanyID
	above   fleet.CustomerID
}

// owner is a company or customer, as far as it has fences, rules or realms.
type owner struct {
	set    *fence.Set // nil: it has drawn none
	rules  []*fleet.Notification
	told   *alert.Rules // compiled of them; nil: to be compiled
	realms []uint32     // that have it among their owners
}

// placedKey is a realm with what it was made of.
type placedKey struct {
	*realm
	key     string
	company fleet.CompanyID
	owner   fleet.OwnerID
	labels  []fleet.LabelID
	chain   []fleet.OwnerID // nearest first
	devices int
}

func newAtlas(shards int, filter track.Filter) *atlas {
	return &atlas{
		filter:  filter,
		shards:  shards,
		parents: map[fleet.CustomerID]parent{},
		owners:  map[fleet.OwnerID]*owner{},
		fences:  map[fleet.FenceID]fleet.OwnerID{},
		rules:   map[fleet.NotificationID]fleet.OwnerID{},
		devices: map[fleet.DeviceID]uint32{},
		zones:   map[fleet.OwnerID]string{},
		offsets: map[fleet.DeviceID]int64{},
		byKey:   map[string]uint32{},
	}
}

// apply takes a stored change set over and says what the shards must do. The
// error names fences whose shape does not hold; everything else is applied.
func (a *atlas) apply(set *fleet.ChangeSet) (*delta, error) {
	a.change = max(a.change, set.ID)
	e := edit{a: a, d: &delta{lanes: make([]lane, a.shards)}, stale: map[uint32]bool{}}
	e.customers(set)
	err := e.fences(set)
	e.rules(set)
	e.devices(set)
	e.finish()
	return e.d, err
}

// edit is one apply under way.
type edit struct {
	a     *atlas
	d     *delta
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

// zone notes an owner's time zone; its notifications go by it.
func (e *edit) zone(id fleet.OwnerID, name string) {
	if e.a.zones[id] != name {
		e.a.zones[id] = name
		o := e.a.owner(id)
		o.told = nil
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
		n := e.realmOf(d)
		was, known := a.devices[d.ID]
		if known && was == n {
			continue
		}
		if known {
			a.realms[was].devices--
		}
		a.realms[n].devices++
		a.devices[d.ID] = n
		l := &e.d.lanes[shardOf(d.ID, a.shards)]
		l.placed = append(l.placed, placedDevice{id: d.ID, realm: n, company: d.Company, owner: d.Owner()})
	}
	for _, id := range set.RemovedDevices {
		setOffset(id, 0)
		if was, known := a.devices[id]; known {
			a.realms[was].devices--
			delete(a.devices, id)
			l := &e.d.lanes[shardOf(id, a.shards)]
			l.removed = append(l.removed, id)
		}
	}
	a.offsets = offsets
}

// realmOf is the number of the realm that a device belongs to, a new one if
// no device before had its owner and labels.
func (e *edit) realmOf(d *fleet.Device) uint32 {
	a := e.a
	labels := slices.Clone(d.Labels)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	key := binary.BigEndian.AppendUint64(nil, uint64(d.Company))
	key = binary.BigEndian.AppendUint64(key, uint64(d.Owner()))
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
		realm: &realm{}, key: string(key), company: d.Company, owner: d.Owner(), labels: labels,
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
		e.d.realms = append(e.d.realms, placedRealm{at: n, realm: r.realm})
	}
}

// compose builds the realm from what its owners have now.
func (a *atlas) compose(k *placedKey) *realm {
	w := &track.World{Company: k.company, Labels: k.labels, Filter: a.filter}
	var rules []*alert.Rules
	for _, id := range k.chain {
		o := a.owner(id)
		w.Owners = append(w.Owners, track.Owner{ID: id, Fences: o.set})
		if o.told == nil {
			o.told = alert.Compile(o.rules, func(id fleet.OwnerID) string { return a.zones[id] })
		}
		rules = append(rules, o.told)
	}
	return &realm{world: w, rules: alert.Join(rules...)}
}

// chain lists an owner, its ancestors and the company, nearest first. A loop
// among customers, which the store refuses, ends the chain.
func (a *atlas) chain(company fleet.CompanyID, of fleet.OwnerID) []fleet.OwnerID {
	var chain []fleet.OwnerID
	for id := of; id != 0 && id != fleet.OwnerID(company) && !slices.Contains(chain, id); {
		chain = append(chain, id)
		id = fleet.OwnerID(a.parents[fleet.CustomerID(id)].above)
	}
	return append(chain, fleet.OwnerID(company))
}

func (a *atlas) owner(id fleet.OwnerID) *owner {
	o := a.owners[id]
	if o == nil {
		o = &owner{}
		a.owners[id] = o
	}
	return o
}

func (a *atlas) link(n uint32) {
	for _, id := range a.realms[n].chain {
		o := a.owner(id)
		o.realms = append(o.realms, n)
	}
}

func (a *atlas) unlink(n uint32) {
	for _, id := range a.realms[n].chain {
		o := a.owner(id)
		o.realms = slices.DeleteFunc(o.realms, func(m uint32) bool { return m == n })
	}
}

// shardOf spreads devices over shards. Only this process relies on it.
func shardOf(id fleet.DeviceID, shards int) int {
	return int(uint64(id) * 0x9E3779B97F4A7C15 >> 33 % uint64(shards))
}
