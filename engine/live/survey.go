package live

import (
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Standing is what a device is shown as, the least grave first.
type Standing uint8

// The standings.
const (
	Silent  Standing = iota // not heard of for longer than it may be silent
	Stopped                 // heard of, slower than Drives
	Moving
	Alarmed // an alarm of it is open, wherever it is and whatever it does
	standings
)

const (
	// Drives is the speed in km/h from which on a device moves.
	Drives = 3
	// patience is how long a device may be silent unless somebody said otherwise.
	patience = 10 * fleet.Minute
)

// A Lens is what a watcher looks at: a box, and how finely. Coordinates are
// those of the unit square of Web Mercator in units of 2^-32: x grows eastward
// from -180°, y southward from 85.05° north.
type Lens struct {
	West, East   uint32 // West > East crosses ±180°
	North, South uint32
	Level        uint8         // a cell's side is 2^(-Level/2) of the world; MaxLevel at most
	Few          int           // so many devices in the box at most are told one by one
	Owner        fleet.OwnerID // 0: any
	Only         uint8         // bits of the Standings that are shown; 0: all
}

// MaxLevel is the finest grid: cells of 4 m.
const MaxLevel = 46

// Side is a cell's side.
func (l *Lens) Side() uint32 {
	return uint32(min(math.MaxUint32, math.Round(math.Exp2(32-float64(min(l.Level, MaxLevel))/2))))
}

// Cell names a cell of a grid: row * columns + column, which a float64 holds.
type Cell uint64

// Crowd is what stands in a cell.
type Crowd struct {
	Cell   Cell
	N      int
	By     [standings]int
	Unseen int    // of Alarmed: nobody has acknowledged it
	X, Y   uint32 // the middle of all
	sumX   uint64 // from the cell's corner
	sumY   uint64
	some   [alone]uint32 // spots, as long as N <= alone
}

// alone is how many devices in one cell are still told one by one.
const alone = 2

// Survey is what a Lens shows at one moment. It is its watcher's, and used
// again by the next one.
type Survey struct {
	Lens    Lens
	Seq     uint64 // the hub's when it began
	Total   Crowd  // all that the scope and the lens's owner show, wherever they are
	Box     [4]uint32
	InBox   int
	Crowds  []Crowd    // of more than two, in no order; none where there are few
	Singles []Position // the others in the box

	cells   []uint32        // of a small box: number in found + 1 by place in the box
	others  map[Cell]uint32 // of a large one
	col0    uint64          // the box's first column and row, and its size in cells
	row0    uint64
	wide    uint64
	columns uint64 // of the world
	found   []Crowd
	few     []uint32
	owner   struct { // the last one that the scope was asked about
		company fleet.CompanyID
		id      fleet.OwnerID
		sees    bool
	}
	devices map[fleet.DeviceID]struct{} // of the scope; nil: all of its owners
}

// Survey counts what the subscription's scope lets it see through a lens, at a
// time of the wall clock. It holds the lock for short walks; what moves
// meanwhile is counted once, where it is or where it was.
func (s *Subscription) Survey(lens Lens, now fleet.Time, out *Survey) error {
	h := s.h
	lens.Level = min(lens.Level, MaxLevel)
	h.mu.Lock()
	scope, closed := s.scope, s.closed || h.closed
	out.begin(lens, &scope)
	out.Seq = h.seq
	n := h.len()
	h.mu.Unlock()
	if closed {
		return ErrClosed
	}
	side := uint64(lens.Side())
	for from := 1; from < n; from += walk {
		h.mu.Lock()
		for i := from; i < min(from+walk, n); i++ {
			if spot := h.spot(uint32(i)); spot.seq != 0 && out.sees(&scope, spot, h.holder(spot)) && !h.hides(&scope, spot) {
				out.count(uint32(i), spot, h.standing(&scope, spot, now), side)
			}
		}
		h.mu.Unlock()
	}
	s.tellSingles(&scope, out, side)
	return nil
}

// begin forgets the survey before.
func (v *Survey) begin(lens Lens, scope *fleet.Scope) {
	v.frame(&lens)
	v.Lens, v.Total, v.InBox = lens, Crowd{}, 0
	v.Box = [4]uint32{math.MaxUint32, math.MaxUint32, 0, 0}
	v.Crowds, v.Singles, v.found, v.few = v.Crowds[:0], v.Singles[:0], v.found[:0], v.few[:0]
	v.owner.company, v.owner.id, v.owner.sees = 0, 0, false
	v.devices = nil
	if scope.Devices != nil {
		v.devices = make(map[fleet.DeviceID]struct{}, len(scope.Devices))
		for _, id := range scope.Devices {
			v.devices[id] = struct{}{}
		}
	}
}

// sees is what the scope says of a device; of an owner it is asked once where
// its devices follow each other, as they mostly do.
func (v *Survey) sees(scope *fleet.Scope, s *spot, by *holder) bool {
	if v.Lens.Owner != 0 && by.owner != v.Lens.Owner {
		return false
	}
	if by.company != v.owner.company || by.owner != v.owner.id {
		v.owner.company, v.owner.id, v.owner.sees = by.company, by.owner, scope.SeesOwner(by.company, by.owner)
	}
	if !v.owner.sees {
		return false
	}
	if v.devices == nil {
		return true
	}
	_, ok := v.devices[s.device]
	return ok
}

func (v *Survey) count(n uint32, s *spot, st standing, side uint64) {
	v.Total.add(st)
	v.Box[0], v.Box[1] = min(v.Box[0], s.x), min(v.Box[1], s.y)
	v.Box[2], v.Box[3] = max(v.Box[2], s.x), max(v.Box[3], s.y)
	if v.Lens.Only != 0 && v.Lens.Only>>st.Standing&1 == 0 || !v.Lens.holds(s.x, s.y) {
		return
	}
	v.InBox++
	if v.InBox <= v.Lens.Few {
		v.few = append(v.few, n)
	}
	col, row := uint64(s.x)/side, uint64(s.y)/side
	c := v.cell(col, row)
	if c.N < alone {
		c.some[c.N] = n
	}
	c.add(st)
	c.sumX += uint64(s.x) - col*side
	c.sumY += uint64(s.y) - row*side
}

// dense is how many cells a box may have to be counted without a map.
const dense = 1 << 14

// frame says how the box lies on its grid.
func (v *Survey) frame(l *Lens) {
	side := uint64(l.Side())
	v.columns = (1<<32 + side - 1) / side
	west, east := uint64(l.West)/side, uint64(l.East)/side
	v.col0, v.row0 = west, uint64(l.North)/side
	v.wide = (east+v.columns-west)%v.columns + 1
	if l.West > l.East && west == east { // all round, and both ends in one cell
		v.wide = v.columns
	}
	high := uint64(l.South)/side - min(v.row0, uint64(l.South)/side) + 1
	if v.wide*high <= dense {
		v.cells, v.others = slices.Grow(v.cells[:0], int(v.wide*high))[:v.wide*high], nil
		clear(v.cells)
		return
	}
	v.cells, v.others = v.cells[:0], make(map[Cell]uint32)
}

// cell is the crowd of a cell in the box.
func (v *Survey) cell(col, row uint64) *Crowd {
	key := Cell(row*v.columns + col)
	if len(v.cells) > 0 {
		n := &v.cells[(row-v.row0)*v.wide+(col+v.columns-v.col0)%v.columns]
		if *n == 0 {
			v.found = append(v.found, Crowd{Cell: key})
			*n = uint32(len(v.found))
		}
		return &v.found[*n-1]
	}
	at, known := v.others[key]
	if !known {
		at = uint32(len(v.found))
		v.others[key] = at
		v.found = append(v.found, Crowd{Cell: key})
	}
	return &v.found[at]
}

// tellSingles ends a survey: what is a crowd, and where those stand that are not.
func (s *Subscription) tellSingles(scope *fleet.Scope, v *Survey, side uint64) {
	h, columns := s.h, v.columns
	if v.InBox > v.Lens.Few {
		v.few = v.few[:0]
		for i := range v.found {
			c := &v.found[i]
			if c.N <= alone {
				v.few = append(v.few, c.some[:c.N]...)
				continue
			}
			c.X = uint32(uint64(c.Cell)%columns*side + c.sumX/uint64(c.N))
			c.Y = uint32(uint64(c.Cell)/columns*side + c.sumY/uint64(c.N))
			v.Crowds = append(v.Crowds, *c)
		}
	}
	for part := range slices.Chunk(v.few, walk) {
		h.mu.Lock()
		for _, n := range part {
			// It may have left since it was counted.
			if spot := h.spot(n); spot.seq != 0 && v.sees(scope, spot, h.holder(spot)) && !h.hides(scope, spot) {
				v.Singles = append(v.Singles, Position{Position: spot.position(), Rev: spot.seq})
			}
		}
		h.mu.Unlock()
	}
}

// holds reports whether a place is in the box; its edges belong to it.
func (l *Lens) holds(x, y uint32) bool {
	if y < l.North || y > l.South {
		return false
	}
	if l.West <= l.East {
		return x >= l.West && x <= l.East
	}
	return x >= l.West || x <= l.East
}

func (c *Crowd) add(st standing) {
	c.N++
	c.By[st.Standing]++
	if st.unseen {
		c.Unseen++
	}
}

// Skim has Next tell no positions any more: the watcher takes Surveys.
func (s *Subscription) Skim(skim bool) {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	if s.skim && !skim { // it has been told of none
		s.snapshot, s.positions = true, 0
	}
	s.skim, s.round = skim, round{}
}

// At stands behind what Next told, also where it found nothing to tell.
func (s *Subscription) At() Cursor {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	if s.positions == 0 {
		return Cursor{}
	}
	return Cursor{Boot: s.h.boot, Seq: min(s.positions, s.events)}
}

// Changed reports whether the hub has heard anything since a Survey.
func (s *Subscription) Changed(since *Survey) bool {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	return s.h.seq != since.Seq
}

// Project puts degrees on the unit square of Web Mercator, in units of 2^-32.
func Project(lon, lat float64) (x, y uint32) {
	lon = math.Mod(lon+180, 360)
	if lon < 0 {
		lon += 360
	}
	sin := math.Sin(max(-maxLat, min(maxLat, lat)) * math.Pi / 180)
	return unit(lon / 360), unit(0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi))
}

// Unproject gives the degrees of a place on the unit square.
func Unproject(x, y uint32) (lon, lat float64) {
	return float64(x)/(1<<32)*360 - 180, math.Atan(math.Sinh(math.Pi*(1-2*float64(y)/(1<<32)))) * 180 / math.Pi
}

const maxLat = 85.0511 // where Web Mercator's square ends

func unit(v float64) uint32 { return uint32(max(0, min(math.MaxUint32, v*(1<<32)))) }
