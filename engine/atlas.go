package engine

import (
	"cmp"
	"slices"
	"time"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// A realm is what the administered world means for all devices that have the
// same owner, labels and limits: the fences and rules that Step consults and the
// notifications that alert reads. It never changes; an edit makes a new one in its place.
type realm struct {
	world *track.World
	line  *line        // of its worlds; the chronicle guards it
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
	muted   []mutedDevice // whose alarm mode changed
}

// placedDevice says in which realm a device lives from now on.
type placedDevice struct {
	id      fleet.DeviceID
	realm   uint32
	company fleet.CompanyID
	owner   fleet.OwnerID
	silence fleet.Time   // that makes it offline; negative: none does
	since   fleet.Time   // it moved there then; 0: it is new, or nobody remembers
	stays   []fleet.Stay // at earlier owners
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
	watches map[fleet.RuleID]fleet.OwnerID
	devices map[fleet.DeviceID]uint32 // its realm
	zones   map[fleet.OwnerID]string  // their time zones
	offsets map[fleet.DeviceID]int64  // clock offsets that are not 0; replaced, never changed
	mutes   map[fleet.DeviceID]mute   // alarm modes that are not normal
	past    chronicle

	stays map[fleet.DeviceID][]fleet.Stay // earlier owners, while a start gathers what everything tells; else nil

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
	watch  []*fleet.Rule
	clock  *time.Location // nil: UTC
	realms []uint32       // that have it among their owners
}

// placedKey is a realm with what it was made of.
type placedKey struct {
	*realm
	line    *line
	key     string
	company fleet.CompanyID
	owner   fleet.OwnerID
	labels  []fleet.LabelID
	profile track.Profile
	chain   []fleet.OwnerID // nearest first
	devices int
}

// silenceOf is a profile's limit as the hub wants it.
func silenceOf(p track.Profile) fleet.Time {
	if p.OfflineAfter <= 0 {
		return -1
	}
	return p.OfflineAfter
}

func newAtlas(shards int, filter track.Filter) *atlas {
	return &atlas{
		filter:  filter,
		shards:  shards,
		parents: map[fleet.CustomerID]parent{},
		owners:  map[fleet.OwnerID]*owner{},
		fences:  map[fleet.FenceID]fleet.OwnerID{},
		rules:   map[fleet.NotificationID]fleet.OwnerID{},
		watches: map[fleet.RuleID]fleet.OwnerID{},
		devices: map[fleet.DeviceID]uint32{},
		zones:   map[fleet.OwnerID]string{},
		offsets: map[fleet.DeviceID]int64{},
		mutes:   map[fleet.DeviceID]mute{},
		byKey:   map[string]uint32{},
		past:    chronicle{moves: map[fleet.DeviceID][]stay{}},
	}
}

// apply takes a stored change set over and says what the shards must do. The
// error names fences whose shape does not hold; everything else is applied.
func (a *atlas) apply(set *fleet.ChangeSet) (*delta, error) {
	a.change = max(a.change, set.ID)
	e := edit{a: a, d: &delta{lanes: make([]lane, a.shards)}, stale: map[uint32]bool{}}
	if !set.Since {
		e.since = set.At
	}
	e.customers(set)
	err := e.fences(set)
	e.rules(set)
	e.watches(set)
	e.devices(set)
	e.finish()
	return e.d, err
}

// everything is the delta that puts shards that know nothing where the atlas is.
func (a *atlas) everything() *delta {
	d := &delta{lanes: make([]lane, a.shards)}
	for n := range a.realms {
		if r := a.realms[n].realm; r != nil {
			d.realms = append(d.realms, placedRealm{at: uint32(n), realm: r})
		}
	}
	for id, n := range a.devices {
		r := &a.realms[n]
		l := &d.lanes[shardOf(id, a.shards)]
		l.placed = append(l.placed, placedDevice{
			id: id, realm: n, company: r.company, owner: r.owner, silence: silenceOf(r.profile), stays: a.stays[id],
		})
	}
	for id, m := range a.mutes {
		l := &d.lanes[shardOf(id, a.shards)]
		l.muted = append(l.muted, mutedDevice{id, m})
	}
	for n := range d.lanes {
		slices.SortFunc(d.lanes[n].placed, func(x, y placedDevice) int { return cmp.Compare(x.id, y.id) })
	}
	return d
}

// compose builds the realm from what its owners have now.
func (a *atlas) compose(k *placedKey) *realm {
	w := &track.World{Company: k.company, Labels: k.labels, Filter: a.filter, Profile: k.profile}
	var rules []*alert.Rules
	var watch []*fleet.Rule
	for _, id := range k.chain {
		o := a.owner(id)
		w.Owners = append(w.Owners, track.Owner{ID: id, Fences: o.set, Zone: o.clock})
		if o.told == nil {
			o.told = alert.Compile(o.rules, func(id fleet.OwnerID) string { return a.zones[id] })
		}
		rules = append(rules, o.told)
		watch = append(watch, o.watch...)
	}
	w.Rules = track.CompileRules(watch)
	w.Seal()
	return &realm{world: w, line: k.line, rules: alert.Join(rules...)}
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
