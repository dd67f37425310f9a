package alert

import (
	"cmp"
	"slices"
	"time"
	_ "time/tzdata" // the machine may have no zones

	"github.com/vigia-track/vigia/engine/fleet"
)

// Rules is the notifications of all owners of a device, indexed by what they
// are about. They never change after Compile and may be shared.
type Rules struct {
	layers []*layer // one an owner
}

// A layer is notifications that were compiled together.
type layer struct {
	all    []rule // by ID
	groups [groups]index
}

// rule is one notification with what deciding needs at hand.
type rule struct {
	n     *fleet.Notification
	where *time.Location
	kinds uint32 // bit by fleet.EventKind
}

// An index finds the rules of one group of kinds, by number, ascending.
type index struct {
	open    []int32                    // all devices, whatever the fence
	fences  map[fleet.FenceID][]int32  // all devices, one fence
	devices map[fleet.DeviceID][]int32 // one device
}

// A group is kinds that are looked up together: the sides of a pair, because
// the one tells something about the other, or a kind by itself.
type group int8

const (
	crossing group = iota
	motion
	contact
	alarm
	dwell
	overstay
	absent
	speeding
	groups

	noGroup group = -1
)

func groupOf(k fleet.EventKind) group {
	switch k {
	case fleet.Enter, fleet.Exit:
		return crossing
	case fleet.Moving, fleet.Stopped:
		return motion
	case fleet.Online, fleet.Offline:
		return contact
	case fleet.Alarm:
		return alarm
	case fleet.Dwell:
		return dwell
	case fleet.Overstay:
		return overstay
	case fleet.Absent:
		return absent
	case fleet.Speeding:
		return speeding
	}
	return noGroup
}

// fenced reports whether events of the group may be about a fence.
func (g group) fenced() bool { return g == crossing || g >= dwell }

// Compile indexes notifications; zone names the time zone of an owner, UTC
// where it names none. The notifications must not change any more.
func Compile(notifications []*fleet.Notification, zone func(fleet.OwnerID) string) *Rules {
	r := &layer{}
	zones := map[string]*time.Location{}
	for _, n := range notifications {
		one := rule{n: n, where: time.UTC}
		if n.Schedule != nil || n.Quiet != nil {
			one.where = location(zone(n.Owner), zones)
		}
		for _, k := range n.Kinds {
			if k < 32 {
				one.kinds |= 1 << k
			}
		}
		r.all = append(r.all, one)
	}
	slices.SortStableFunc(r.all, func(a, b rule) int { return cmp.Compare(a.n.ID, b.n.ID) })
	for i := range r.all {
		done := uint32(0) // groups
		for _, k := range r.all[i].n.Kinds {
			if g := groupOf(k); g != noGroup && done>>g&1 == 0 {
				done |= 1 << g
				r.groups[g].add(int32(i), r.all[i].n, g)
			}
		}
	}
	if len(r.all) == 0 {
		return &Rules{}
	}
	return &Rules{layers: []*layer{r}}
}

// Join puts the notifications of several owners together, sharing what was
// compiled of each. No notification may be in two of them.
func Join(parts ...*Rules) *Rules {
	r := &Rules{}
	for _, p := range parts {
		if p != nil {
			r.layers = append(r.layers, p.layers...)
		}
	}
	return r
}

func location(name string, known map[string]*time.Location) *time.Location {
	loc, ok := known[name]
	if !ok {
		var err error
		if loc, err = time.LoadLocation(name); err != nil || name == "" || name == "Local" {
			loc = time.UTC
		}
		known[name] = loc
	}
	return loc
}

func (x *index) add(i int32, n *fleet.Notification, g group) {
	switch {
	case !n.AllDevices:
		if x.devices == nil {
			x.devices = map[fleet.DeviceID][]int32{}
		}
		for _, d := range n.Devices {
			if list := x.devices[d]; len(list) == 0 || list[len(list)-1] != i {
				x.devices[d] = append(list, i)
			}
		}
	case anyFence(n, g):
		x.open = append(x.open, i)
	default:
		if x.fences == nil {
			x.fences = map[fleet.FenceID][]int32{}
		}
		for _, f := range n.Fences {
			if list := x.fences[f]; len(list) == 0 || list[len(list)-1] != i {
				x.fences[f] = append(list, i)
			}
		}
	}
}

// anyFence reports whether a notification asks nothing of an event's fence. One
// about speed that names no fences is about any speed.
func anyFence(n *fleet.Notification, g group) bool {
	return n.AllFences || !g.fenced() || g == speeding && len(n.Fences) == 0
}

// concern appends the rules that are about an event's device and fence, by ID.
func (r *Rules) concern(ev *fleet.Event, dst []*rule) []*rule {
	g := groupOf(ev.Kind)
	if g == noGroup {
		return dst
	}
	for _, l := range r.layers {
		x := &l.groups[g]
		for _, list := range [...][]int32{x.open, x.fences[ev.Fence], x.devices[ev.Device]} {
			for _, i := range list {
				if one := &l.all[i]; one.n.AllDevices || anyFence(one.n, g) || slices.Contains(one.n.Fences, ev.Fence) {
					dst = append(dst, one)
				}
			}
		}
	}
	if len(dst) > 1 {
		slices.SortFunc(dst, func(a, b *rule) int { return cmp.Compare(a.n.ID, b.n.ID) })
	}
	return dst
}

// by finds a rule; nil where there is none.
func (r *Rules) by(id fleet.NotificationID) *rule {
	if r == nil {
		return nil
	}
	for _, l := range r.layers {
		i, ok := slices.BinarySearchFunc(l.all, id, func(one rule, id fleet.NotificationID) int { return cmp.Compare(one.n.ID, id) })
		if ok {
			return &l.all[i]
		}
	}
	return nil
}

// Empty reports whether there are no notifications.
func (r *Rules) Empty() bool { return r == nil || len(r.layers) == 0 }

// hears reports whether a rule that an event concerns asks for it.
func (r *rule) hears(ev *fleet.Event) bool {
	n := r.n
	switch {
	case n.Paused || r.kinds>>ev.Kind&1 == 0:
		return false
	case ev.Kind == fleet.Alarm && n.Alarms != 0 && n.Alarms&ev.Alarms == 0:
		return false
	case ev.Flags&fleet.Inferred != 0 && ev.Kind != fleet.Alarm && !n.Inferred:
		return false
	case ev.Rule != 0 && len(n.Rules) > 0 && !slices.Contains(n.Rules, ev.Rule):
		return false
	}
	return n.Schedule.Holds(ev.Time, r.where)
}

// quiet is when the recipients may be told at the earliest, if not at t.
func (r *rule) quiet(t fleet.Time) (until fleet.Time, ok bool) {
	if r.n.Quiet == nil || !r.n.Quiet.Holds(t, r.where) {
		return t, false
	}
	return r.n.Quiet.Until(t, r.where), true
}

func (r *rule) maxAge() fleet.Time {
	if r.n.MaxAge <= 0 {
		return fleet.DefaultMaxAge
	}
	return min(r.n.MaxAge, fleet.LongestMaxAge)
}

// The cooldowns of device alarms, and why they are so long: see the package.
const (
	SOSCooldown   = 2 * fleet.Minute
	AlarmCooldown = 10 * fleet.Minute
)

// cooldown is how long after a notice others like it are held back, 0 for not
// at all. No setting makes it longer for a critical alarm.
func (r *rule) cooldown(ev *fleet.Event) fleet.Time {
	set := min(max(r.n.Cooldown, 0), fleet.LongestCooldown)
	switch {
	case ev.Kind == fleet.Alarm && ev.Alarms&fleet.SOS != 0:
		return SOSCooldown
	case ev.Kind == fleet.Alarm && (set == 0 || ev.Alarms&fleet.CriticalAlarms != 0):
		return AlarmCooldown
	}
	return set
}

// All calls yield with each notification, owner by owner.
func (r *Rules) All(yield func(*fleet.Notification) bool) {
	if r == nil {
		return
	}
	for _, l := range r.layers {
		for i := range l.all {
			if !yield(l.all[i].n) {
				return
			}
		}
	}
}
