package gt06

import "github.com/vigia-track/vigia/engine/fleet"

// slabSize is how many attributes are allocated at a time.
const slabSize = 1024

// add appends an attribute to a report that is being built, in room that no
// other report shares. Reports must be built one after the other.
func (c *Codec) add(r *fleet.Report, key string, v fleet.Value) {
	n := len(r.Attrs)
	if len(c.slab) == cap(c.slab) {
		c.slab = append(make([]fleet.Attr, 0, slabSize), r.Attrs...)
	}
	c.slab = append(c.slab, fleet.Attr{Key: key, Value: v})
	end := len(c.slab)
	r.Attrs = fleet.Attrs(c.slab[end-n-1 : end : end])
}

// finish puts a report's attributes in order.
func (c *Codec) finish(r *fleet.Report) {
	if len(r.Attrs) > 1 {
		r.Attrs = fleet.SortAttrs(r.Attrs)
	}
}
