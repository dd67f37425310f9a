package admin_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// sum adds up what a watcher of crowds shows after its messages.
type sum struct {
	cells   map[string]float64
	singles map[fleet.DeviceID]bool
	total   int
}

func (s *sum) take(m said) int {
	var in struct {
		Crowds *struct {
			Whole bool
			Cells [][]float64
			Gone  []uint64
			Total *struct{ N int }
		}
	}
	if err := json.Unmarshal([]byte(m.raw), &in); err != nil {
		panic(err)
	}
	if c := in.Crowds; c != nil {
		if c.Whole {
			s.cells, s.singles = map[string]float64{}, map[fleet.DeviceID]bool{}
		}
		for _, id := range c.Gone {
			delete(s.cells, fmt.Sprint(float64(id)))
		}
		for _, row := range c.Cells {
			s.cells[fmt.Sprint(row[0])] = row[1]
		}
		if c.Total != nil {
			s.total = c.Total.N
		}
	}
	for _, id := range m.Gone {
		delete(s.singles, id)
	}
	for _, p := range m.Positions {
		s.singles[p.Device] = true
	}
	n := len(s.singles)
	for _, of := range s.cells {
		n += int(of)
	}
	return n
}

// throng puts devices of an owner near a place.
func (w *world) throng(company fleet.CompanyID, owner fleet.OwnerID, from, n int) {
	for i := range n {
		id := fleet.DeviceID(from + i)
		w.hub.Place([]live.Profile{{Device: id, Company: company, Owner: owner}})
		place, _ := fleet.MakePlace(4+float64(i)/1000, -74)
		w.hub.Move([]fleet.Position{{Device: id, Fix: began, Received: began, Place: place, Has: fleet.HasPlace}})
	}
}

// TestStreamGathersCrowds: a watcher far above sees how many stand where, of
// its own tenant alone; nearer by it sees them one by one, without beginning anew.
func TestStreamGathersCrowds(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	w.throng(a.company, fleet.Owner(a.customer), 1000, 700)
	w.throng(b.company, fleet.Owner(b.customer), 5000, 900)
	var s sum
	c := w.watch(a.tokens[fleet.Operator], `{"type":"hello","watch":{"bbox":[-180,-80,180,80],"zoom":3},"rate":10}`)
	first := c.next()
	n := s.take(first)
	if first.Type != "snapshot" || n != s.total || n < 700 || n >= 900 || len(s.cells) == 0 {
		t.Fatalf("%d of %d devices in %d crowds: %s", n, s.total, len(s.cells), first.raw)
	}
	all := n
	c.say(`{"type":"watch","watch":{"bbox":[-74.1,4.0995,-73.9,4.1995],"zoom":14}}`)
	m := c.until(func(m said) bool { return len(m.Positions) > 0 })
	if n = s.take(m); m.Type != "delta" || n != 100 || len(s.cells) != 0 {
		t.Errorf("near by: %d devices, %d crowds: %.300s", n, len(s.cells), m.raw)
	}
	// One leaves the box, another changes hands.
	w.hub.Move([]fleet.Position{{Device: 1150, Fix: began + 1, Place: fleet.Place{Lat: 50e7, Lon: 0}, Has: fleet.HasPlace}})
	w.hub.Place([]live.Profile{{Device: 1151, Company: b.company, Owner: fleet.Owner(b.customer)}})
	for s.singles[1150] || s.singles[1151] {
		s.take(c.next())
	}
	cursor := m.Cursor
	for cursor == "" {
		w.drive(a.spare, 4.15, -74)
		next := c.next()
		s.take(next)
		cursor = next.Cursor
	}
	c.ws.Close()
	again := w.watch(a.tokens[fleet.Operator], fmt.Sprintf(`{"type":"hello","cursor":%q,"watch":{"bbox":[-180,-80,180,80],"zoom":3},"rate":10}`, cursor))
	m = again.next()
	if n = s.take(m); m.Type != "delta" || n != all-1 || s.total != all-1 {
		t.Errorf("after coming back %d of %d devices, want %d: %.300s", n, s.total, all-1, m.raw)
	}
	user := w.watch(a.tokens[fleet.CustomerUser], `{"type":"hello","watch":{"bbox":[-180,-80,180,80],"zoom":3},"rate":10}`)
	var few sum
	if n := few.take(user.next()); n != few.total || n > 5 {
		t.Errorf("a user with a handful of devices is told of %d", n)
	}
	user.say(`{"type":"watch","watch":{"all":true}}`)
	if m := user.until(func(m said) bool { return m.Type == "snapshot" }); len(m.Positions) != few.total {
		t.Errorf("all: %s", m.raw)
	}
}
