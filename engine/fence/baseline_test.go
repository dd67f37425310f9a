package fence_test

import (
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"

	"github.com/vigia-track/vigia/engine/fence/fenceworld"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// machine takes fixes and tells what devices entered and left.
type machine interface {
	round(fixes []fenceworld.Fix)
	told() tally
}

// tally stands for a stream of events, whatever their order within a round.
type tally struct{ events, hash uint64 }

func (t *tally) add(device uint32, fence uint64, enter bool, at fleet.Time) {
	h := uint64(device)<<32 ^ fence<<1 ^ uint64(at)<<20
	if enter {
		h++
	}
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	t.hash ^= h ^ h>>31
	t.events++
}

// baseline is how it is usually done: one R-tree of all boxes, and orb's test
// of each polygon whose box holds the fix. Orb has no circle on the earth's
// surface, so circles go by the engine's own test. What a device is inside of
// is a short list, compared by every fix.
type baseline struct {
	tally
	tree   rtree.RTreeG[*plain]
	inside [][]*plain
	now    []*plain
}

type plain struct {
	id    uint64
	shape *geo.Shape
	round *geo.Prepared
}

func newBaseline(fences []fleet.Fence, devices int) *baseline {
	b := &baseline{inside: make([][]*plain, devices)}
	for i := range fences {
		f := &plain{id: uint64(fences[i].ID), shape: &fences[i].Shape}
		round, err := geo.Prepare(f.shape)
		if err != nil {
			panic(err)
		}
		boxes, n := round.Boxes()
		if f.shape.Kind == geo.Circle {
			f.round = round
		}
		for _, box := range boxes[:n] {
			b.tree.Insert(box.Min, box.Max, f)
		}
	}
	return b
}

func (b *baseline) told() tally { return b.tally }

func (b *baseline) round(fixes []fenceworld.Fix) {
	for i := range fixes {
		b.fix(&fixes[i])
	}
}

func (b *baseline) fix(f *fenceworld.Fix) {
	p := f.Place.Point()
	b.now = b.now[:0]
	b.tree.Search(p, p, func(_, _ [2]float64, f *plain) bool {
		if f.holds(p) {
			b.now = append(b.now, f)
		}
		return true
	})
	was := b.inside[f.Device]
	changed := len(was) != len(b.now)
	for _, now := range b.now {
		if !has(was, now) {
			changed = true
			b.add(f.Device, now.id, true, f.Time)
		}
	}
	if !changed {
		return
	}
	for _, old := range was {
		if !has(b.now, old) {
			b.add(f.Device, old.id, false, f.Time)
		}
	}
	b.inside[f.Device] = append(was[:0], b.now...)
}

func (f *plain) holds(p geo.Point) bool {
	if f.shape.Kind == geo.Circle {
		return f.round.Contains(p)
	}
	return planar.MultiPolygonContains(f.shape.Area, p)
}

func has(list []*plain, f *plain) bool {
	for _, g := range list {
		if g == f {
			return true
		}
	}
	return false
}
