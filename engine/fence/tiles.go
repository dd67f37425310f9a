package fence

import (
	"math/bits"
	"sync/atomic"

	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/geo/geoindex"
)

// tiles keeps, for squares of the map where devices are, the list of fences
// near: most lookups then need no search of the index. A tile is compiled when
// a second lookup in a row asks for it in its slot, so a fleet that is spread
// wider than the slots costs no more than the index does. Tiles only remember:
// any of them may be missing, none is ever wrong.
type tiles struct {
	slots []slot // a power of two
	shift uint   // of the hash, to a slot
}

type slot struct {
	tile   atomic.Pointer[tile]
	wanted atomic.Uint64 // key of the last tile that was asked for in vain
}

// tile is what the index says of one square.
type tile struct {
	key     uint64
	boxes   []flatBox
	crowded bool // more fences than a tile lists: the index is to be asked
}

const (
	tilesPerDegree = 64
	minSlots       = 1 << 8
	maxSlots       = 1 << 16
	slotsPerFence  = 4
	maxTileFences  = 64

	// tileRim widens a tile's box by more than a coordinate's rounding.
	tileRim = 1e-9
)

func newTiles(fences int) *tiles {
	n := min(max(slotsPerFence*fences, minSlots), maxSlots)
	width := bits.Len(uint(n - 1))
	return &tiles{slots: make([]slot, 1<<width), shift: 64 - uint(width)}
}

// keyOf names the tile of a point: its column and row, plus one so that no key
// is 0. It is false for a point that is not on the map.
func keyOf(p geo.Point) (key uint64, column, row int, ok bool) {
	if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
		return 0, 0, 0, false
	}
	column, row = int((p[0]+180)*tilesPerDegree), int((p[1]+90)*tilesPerDegree)
	return uint64(column)<<32 | uint64(row) + 1, column, row, true
}

// square is the box of a tile, with a rim about it.
func square(column, row int, rim float64) geo.Box {
	x, y := float64(column)/tilesPerDegree-180, float64(row)/tilesPerDegree-90
	return geo.Box{
		Min: geo.Point{x - rim, y - rim},
		Max: geo.Point{x + 1.0/tilesPerDegree + rim, y + 1.0/tilesPerDegree + rim},
	}
}

// at gives the tile of a point, nil if there is none (yet) or it is crowded.
func (t *tiles) at(p geo.Point, index *geoindex.Index[*Fence]) *tile {
	key, column, row, ok := keyOf(p)
	if !ok {
		return nil
	}
	s := &t.slots[key*0x9e3779b97f4a7c15>>t.shift]
	if known := s.tile.Load(); known != nil && known.key == key {
		if known.crowded {
			return nil
		}
		return known
	}
	if s.wanted.Load() != key {
		s.wanted.Store(key)
		return nil
	}
	fresh := &tile{key: key}
	index.Within(square(column, row, tileRim), func(b geo.Box, f *Fence) bool {
		if len(fresh.boxes) == maxTileFences {
			fresh.boxes, fresh.crowded = nil, true
			return false
		}
		fresh.boxes = append(fresh.boxes, flatBox{b, f})
		return true
	})
	s.tile.Store(fresh)
	if fresh.crowded {
		return nil
	}
	return fresh
}

// after derives the tiles of the next set: those that the changed fences do
// not reach stay.
func (t *tiles) after(fences int, changed []geo.Box) *tiles {
	out := newTiles(fences)
	if len(out.slots) != len(t.slots) || len(changed) > maxChangedBoxes {
		return out
	}
next:
	for i := range t.slots {
		known := t.slots[i].tile.Load()
		if known == nil {
			continue
		}
		box := square(int(known.key>>32), int(uint32(known.key)-1), tileRim)
		for j := range changed {
			if meet(&box, &changed[j]) {
				continue next
			}
		}
		out.slots[i].tile.Store(known)
	}
	return out
}

// maxChangedBoxes is the number above which it is cheaper to begin anew.
const maxChangedBoxes = 64

func meet(a, b *geo.Box) bool {
	return a.Min[0] <= b.Max[0] && b.Min[0] <= a.Max[0] && a.Min[1] <= b.Max[1] && b.Min[1] <= a.Max[1]
}
