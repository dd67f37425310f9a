package gt06

import "github.com/vigia-track/vigia/engine/fleet"

// attrRoom is the room that a report's first attribute makes: a status has six
// or seven.
const attrRoom = 8

// add appends an attribute. Each report has memory of its own, since Sinks keep
// attributes, and a connection none in reserve, since there are many of them; a
// location with a fix has no attributes at all.
func (c *Codec) add(r *fleet.Report, key string, v fleet.Value) {
	if r.Attrs == nil {
		r.Attrs = make(fleet.Attrs, 0, attrRoom)
	}
	r.Add(key, v)
}

// finish puts a report's attributes in order.
func (c *Codec) finish(r *fleet.Report) {
	if len(r.Attrs) > 1 {
		r.Attrs = fleet.SortAttrs(r.Attrs)
	}
}
