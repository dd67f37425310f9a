package geoindex

import (
	"math"
	"sync"

	"github.com/tidwall/rtree"

	"github.com/vigia-track/vigia/geo"
)

// Index is an R-tree of boxes with values. The zero Index is empty and ready.
type Index[T comparable] struct {
	copying sync.Mutex // guards the tree's copy mark; Search does not read it
	tree    rtree.RTreeG[T]
}

// Edit derives an index: change is handed a Writer for it, which holds only
// until change returns. The cost is that of the changes, not of the index.
func (x *Index[T]) Edit(change func(w *Writer[T])) *Index[T] {
	x.copying.Lock()
	tree := x.tree.Copy()
	x.copying.Unlock()
	change(&Writer[T]{tree: tree})
	out := new(Index[T])
	out.tree = *tree
	return out
}

// Len is the number of boxes.
func (x *Index[T]) Len() int { return x.tree.Len() }

// At calls yield with the value of every box that holds the point, edges
// included, until yield says false. A point that is no number is in no box.
func (x *Index[T]) At(p geo.Point, yield func(T) bool) {
	if math.IsNaN(p[0]) || math.IsNaN(p[1]) { // the tree would find everything
		return
	}
	x.tree.Search(p, p, func(_, _ [2]float64, v T) bool { return yield(v) })
}

// Within calls yield with every box that meets the given one, and its value,
// until yield says false.
func (x *Index[T]) Within(b geo.Box, yield func(geo.Box, T) bool) {
	if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1]) {
		return
	}
	x.tree.Search(b.Min, b.Max, func(low, high [2]float64, v T) bool {
		return yield(geo.Box{Min: low, Max: high}, v)
	})
}

// Writer changes an index that is being derived.
type Writer[T comparable] struct {
	tree *rtree.RTreeG[T]
}

// Insert adds a box. It reports false, and adds nothing, if the box is none:
// not a number, or its minimum above its maximum.
func (w *Writer[T]) Insert(b geo.Box, v T) bool {
	if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1]) {
		return false
	}
	w.tree.Insert(b.Min, b.Max, v)
	return true
}

// Delete removes the box that was inserted with this value; none is no fault.
func (w *Writer[T]) Delete(b geo.Box, v T) {
	if b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1] {
		w.tree.Delete(b.Min, b.Max, v)
	}
}
