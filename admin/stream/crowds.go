package stream

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// The bounds of what a watcher is told of crowds and of those that stand alone.
const (
	fewAtMost  = 600       // devices in the box that are told one by one
	fewAgain   = 450       // so many must be left for that, once they are crowds
	cellsMost  = 2500      // in one box; a coarser grid is taken beyond that
	perSecond  = 72 << 10  // bytes of crowds and positions, on average
	burst      = 160 << 10 // of them, after a rest: a new picture
	cellBytes  = 52        // about one crowd in JSON
	spotBytes  = 230       // about one position in JSON
	crowdsEach = time.Second
	fewEach    = 500 * time.Millisecond
)

// crowdView is what changed of a picture that consists of crowds.
type crowdView struct {
	Whole bool        `json:"whole,omitempty"` // forget all crowds and positions shown before
	Cells []cellView  `json:"cells,omitempty"` // new ones and those that changed
	Gone  []live.Cell `json:"gone,omitempty"`
	Total *totalView  `json:"total,omitempty"` // if it changed
}

// totalView counts everything that the caller sees under the watch's owner, in the box or not.
type totalView struct {
	N       int       `json:"n"`
	Moving  int       `json:"moving"`
	Stopped int       `json:"stopped"`
	Silent  int       `json:"silent"`
	Alarm   int       `json:"alarm"`
	InBox   int       `json:"inBox"`          // of the watch's state
	BBox    []float64 `json:"bbox,omitempty"` // of all
}

// cellView is a crowd as [cell, n, lon, lat, moving, stopped, alarm, unseen].
// Who is none of moving, stopped and alarm is silent.
type cellView struct {
	Cell                           live.Cell
	N                              int
	X, Y                           uint32
	Moving, Stopped, Alarm, Unseen int
}

// MarshalJSON writes the row.
func (c cellView) MarshalJSON() ([]byte, error) {
	lon, lat := live.Unproject(c.X, c.Y)
	b := append(make([]byte, 0, 64), '[')
	b = strconv.AppendUint(b, uint64(c.Cell), 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(c.N), 10)
	b = append(b, ',')
	b = strconv.AppendFloat(b, round(lon), 'f', -1, 64)
	b = append(b, ',')
	b = strconv.AppendFloat(b, round(lat), 'f', -1, 64)
	for _, n := range []int{c.Moving, c.Stopped, c.Alarm, c.Unseen} {
		b = append(b, ',')
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']'), nil
}

func round(degrees float64) float64 { return math.Round(degrees*1e5) / 1e5 }

// picture is what a watcher of crowds was told, and what it may be told now. It
// is the writer's.
type picture struct {
	lens    live.Lens
	survey  live.Survey
	drawn   bool
	cells   map[live.Cell]toldCell
	singles map[fleet.DeviceID]toldSingle
	total   totalView
	turn    uint64
	credit  float64 // bytes
	paid    time.Time
	behind  bool // something was left for the next time
}

type toldCell struct {
	view cellView
	turn uint64 // when it was told; also a mark of those that are still there
	seen uint64
}

type toldSingle struct {
	rev  uint64
	turn uint64
	seen uint64
}

// lensOf is what a watch looks through.
func (p *picture) lensOf(w *watch) live.Lens {
	l := live.Lens{Owner: w.Owner, Few: fewAtMost}
	if p.drawn && len(p.cells) > 0 {
		l.Few = fewAgain // neither to and fro
	}
	const low, high = 0, math.MaxUint32
	l.West, l.North = live.Project(w.BBox[0], w.BBox[3])
	l.East, l.South = live.Project(w.BBox[2], w.BBox[1])
	if w.BBox[2]-w.BBox[0] >= 360 || w.BBox[0] <= -180 && w.BBox[2] >= 180 {
		l.West, l.East = low, high
	}
	// 64 to 90 pixels of a map whose world is 512 pixels wide at zoom 0.
	l.Level = uint8(min(live.MaxLevel, math.Floor(*w.Zoom*2)+6))
	for l.Level > 0 {
		side := uint64(l.Side())
		if (uint64(l.East-l.West)/side+2)*(uint64(l.South-l.North)/side+2) <= cellsMost {
			break
		}
		l.Level--
	}
	switch w.State {
	case "connected":
		l.Only = 1<<live.Moving | 1<<live.Stopped | 1<<live.Alarmed
	case "disconnected":
		l.Only = 1 << live.Silent
	}
	return l
}

// due is when the next survey is worth its while.
func (p *picture) due(last time.Time) time.Time {
	if len(p.cells) > 0 {
		return last.Add(crowdsEach)
	}
	return last.Add(fewEach)
}

// tell compares a survey with what was told and says what changed, as much of
// it as the budget holds; the rest waits, the longest untold first. seen hides
// alarms from whoever may not read them.
func (p *picture) tell(now time.Time, whole bool, show func(*fleet.Position) api.PositionView, seen bool) (*crowdView, []fleet.DeviceID, []api.PositionView) {
	s := &p.survey
	out := &crowdView{}
	if whole || !p.drawn || s.Lens.Level != p.lens.Level {
		out.Whole = true
		p.cells, p.singles = map[live.Cell]toldCell{}, map[fleet.DeviceID]toldSingle{}
		p.total = totalView{}
	}
	p.lens, p.drawn = s.Lens, true
	p.turn++
	p.credit = min(burst, p.credit+perSecond*now.Sub(p.paid).Seconds())
	if p.paid.IsZero() {
		p.credit = burst
	}
	p.paid = now

	var cells []cellView
	for i := range s.Crowds {
		v := p.cell(&s.Crowds[i], seen)
		told, known := p.cells[v.Cell]
		if known {
			told.seen = p.turn
			p.cells[v.Cell] = told
		}
		if !known || told.view != v {
			cells = append(cells, v)
		}
	}
	var singles []*live.Position
	for i := range s.Singles {
		v := &s.Singles[i]
		told, known := p.singles[v.Device]
		if known {
			told.seen = p.turn
			p.singles[v.Device] = told
		}
		if !known || told.rev != v.Rev {
			singles = append(singles, v)
		}
	}
	var gone []fleet.DeviceID
	for cell, told := range p.cells {
		if told.seen != p.turn {
			out.Gone = append(out.Gone, cell)
			delete(p.cells, cell)
		}
	}
	for id, told := range p.singles {
		if told.seen != p.turn {
			gone = append(gone, id)
			delete(p.singles, id)
		}
	}
	p.credit -= float64(len(out.Gone)*12 + len(gone)*16)
	slices.SortFunc(cells, func(a, b cellView) int {
		return cmp.Or(cmp.Compare(p.cells[a.Cell].turn, p.cells[b.Cell].turn), cmp.Compare(b.N, a.N))
	})
	n := p.afford(len(cells), cellBytes)
	for _, v := range cells[:n] {
		p.cells[v.Cell] = toldCell{view: v, turn: p.turn, seen: p.turn}
	}
	out.Cells = cells[:n]
	p.behind = n < len(cells)
	slices.SortFunc(singles, func(a, b *live.Position) int {
		return cmp.Or(cmp.Compare(p.singles[a.Device].turn, p.singles[b.Device].turn), cmp.Compare(a.Rev, b.Rev))
	})
	n = p.afford(len(singles), spotBytes)
	positions := make([]api.PositionView, 0, n)
	for _, v := range singles[:n] {
		p.singles[v.Device] = toldSingle{rev: v.Rev, turn: p.turn, seen: p.turn}
		positions = append(positions, show(&v.Position))
	}
	p.behind = p.behind || n < len(singles)
	if t := p.count(seen); out.Whole || !p.same(t) {
		p.total, out.Total = t, &t
	}
	if !out.Whole && len(out.Cells)+len(out.Gone) == 0 && out.Total == nil {
		out = nil
	}
	return out, gone, positions
}

// afford is how many of n things there is room for.
func (p *picture) afford(n, each int) int {
	n = min(n, max(0, int(p.credit))/each)
	p.credit -= float64(n * each)
	return n
}

// cell shows a crowd. Its middle is rounded to an eighth of the cell: less is
// not seen and would be told all the time.
func (p *picture) cell(c *live.Crowd, seen bool) cellView {
	grain := max(1, p.survey.Lens.Side()/8)
	v := cellView{Cell: c.Cell, N: c.N, X: c.X/grain*grain + grain/2, Y: c.Y/grain*grain + grain/2,
		Moving: c.By[live.Moving], Stopped: c.By[live.Stopped], Alarm: c.By[live.Alarmed], Unseen: c.Unseen}
	if !seen {
		v.Stopped, v.Alarm, v.Unseen = v.Stopped+v.Alarm, 0, 0
	}
	return v
}

func (p *picture) count(seen bool) totalView {
	s := &p.survey
	t := totalView{N: s.Total.N, Moving: s.Total.By[live.Moving], Stopped: s.Total.By[live.Stopped],
		Silent: s.Total.By[live.Silent], Alarm: s.Total.By[live.Alarmed], InBox: s.InBox}
	if !seen {
		t.Stopped, t.Alarm = t.Stopped+t.Alarm, 0
	}
	if t.N > 0 {
		west, north := live.Unproject(s.Box[0], s.Box[1])
		east, south := live.Unproject(s.Box[2], s.Box[3])
		const tenth = 10 // of a degree: it is for showing all, and would change all the time
		t.BBox = []float64{math.Floor(west*tenth) / tenth, math.Floor(south*tenth) / tenth, math.Ceil(east*tenth) / tenth, math.Ceil(north*tenth) / tenth}
	}
	return t
}

func (p *picture) same(t totalView) bool {
	a, b := p.total, t
	box := slices.Equal(a.BBox, b.BBox)
	a.BBox, b.BBox = nil, nil
	return box && a.N == b.N && a.Moving == b.Moving && a.Stopped == b.Stopped && a.Silent == b.Silent && a.Alarm == b.Alarm && a.InBox == b.InBox
}
