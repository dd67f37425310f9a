package stream

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// seeded is a source of random numbers that a failing run can be repeated with.
func seeded(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("VIGIA_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("VIGIA_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// browser is what a page shows after the messages that it got.
type browser struct {
	cells   map[live.Cell][]float64
	singles map[fleet.DeviceID]bool
	total   totalView
}

func (b *browser) take(t *testing.T, m *message) (bytes int) {
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		Gone      []fleet.DeviceID
		Positions []struct{ Device fleet.DeviceID }
		Crowds    *struct {
			Whole bool
			Cells [][]float64
			Gone  []live.Cell
			Total *totalView
		}
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	if c := in.Crowds; c != nil {
		if c.Whole {
			b.cells, b.singles = map[live.Cell][]float64{}, map[fleet.DeviceID]bool{}
		}
		for _, cell := range c.Gone {
			delete(b.cells, cell)
		}
		for _, row := range c.Cells {
			b.cells[live.Cell(row[0])] = row
		}
		if c.Total != nil {
			b.total = *c.Total
		}
	}
	for _, id := range in.Gone {
		delete(b.singles, id)
	}
	for _, p := range in.Positions {
		b.singles[p.Device] = true
	}
	return len(raw)
}

// fact is a device as the test knows it, beside the hub.
type fact struct {
	company  fleet.CompanyID
	owner    fleet.OwnerID
	lon, lat float64
	speed    float32
	heard    fleet.Time
	alarm    bool
	placed   bool
}

// Whatever moves, changes hands, is taken away or shown: once all is told, the
// picture of a watcher adds up to a plain count of what it may see.
func TestCrowdsEqualAPlainCount(t *testing.T) {
	rng := seeded(t)
	const companies, owners, devices = 2, 6, 3000
	now := fleet.Time(1_800_000_000_000)
	clock := time.Unix(0, 0)
	hub := live.NewHub(64)
	defer hub.Close()
	facts := make([]fact, devices+1)
	var tick fleet.Time
	hand := func(id int) {
		f := &facts[id]
		f.company = fleet.CompanyID(1 + rng.IntN(companies))
		f.owner = fleet.OwnerID(10*int(f.company) + rng.IntN(owners/companies))
		hub.Place([]live.Profile{{Device: fleet.DeviceID(id), Company: f.company, Owner: f.owner}})
	}
	move := func(id int, far bool) {
		f := &facts[id]
		if far || !f.placed { // some in cities, some anywhere, some across the antimeridian
			switch rng.IntN(3) {
			case 0:
				f.lon, f.lat = -74.1+0.2*rng.Float64(), 4.6+0.2*rng.Float64()
			case 1:
				f.lon, f.lat = 360*rng.Float64()-180, 170*rng.Float64()-85
			case 2:
				f.lon, f.lat = 179.9+0.2*rng.Float64(), -17+0.1*rng.Float64()
			}
			if f.lon > 180 {
				f.lon -= 360
			}
		} else {
			f.lon, f.lat = min(180, f.lon+0.01*rng.Float64()), min(85, f.lat+0.01*rng.Float64())
		}
		f.speed, f.placed = float32(rng.IntN(2)*50), true
		tick++ // the hub takes what equals the last one for the same
		f.heard = now - fleet.Time(rng.IntN(20))*fleet.Minute - tick
		place, _ := fleet.MakePlace(f.lat, f.lon)
		f.lon, f.lat = place.LonDegrees(), place.LatDegrees()
		hub.Move([]fleet.Position{{Device: fleet.DeviceID(id), Fix: f.heard, Received: f.heard, Place: place, Has: fleet.HasPlace | fleet.HasSpeed, Speed: f.speed}})
	}
	alarm := func(id int, version uint64) {
		f := &facts[id]
		f.alarm = !f.alarm
		a := fleet.Attention{ID: fleet.EventID{byte(id), byte(id >> 8)}, Device: fleet.DeviceID(id), Company: f.company, Owner: f.owner, Topic: fleet.Topic{Kind: fleet.Alarm}, Version: version}
		if !f.alarm {
			a.Closed = now
		}
		hub.Raise([]fleet.Attention{a})
	}
	scope := func() fleet.Scope {
		switch rng.IntN(4) {
		case 0:
			return fleet.Scope{Installation: true}
		case 1:
			return fleet.Scope{Company: fleet.CompanyID(1 + rng.IntN(companies))}
		case 2:
			return fleet.Scope{Company: 1, Customers: []fleet.CustomerID{10, 11}}
		}
		s := fleet.Scope{Company: 1, Customers: []fleet.CustomerID{10, 11, 12}, Devices: []fleet.DeviceID{}}
		for range 200 {
			s.Devices = append(s.Devices, fleet.DeviceID(1+rng.IntN(devices)))
		}
		return s
	}
	view := func() *watch {
		zoom := float64(rng.IntN(40)) / 2
		w := &watch{Zoom: &zoom}
		switch rng.IntN(4) {
		case 0:
			w.BBox = []float64{-180, -85, 180, 85}
		case 1:
			w.BBox = []float64{179, -18, -179, -16}
		case 2:
			west, south := 300*rng.Float64()-180, 100*rng.Float64()-80
			w.BBox = []float64{west, south, west + 60*rng.Float64(), south + 60*rng.Float64()}
		case 3:
			w.BBox = []float64{-74.2, 4.5, -73.8, 4.9}
		}
		w.Owner = [...]fleet.OwnerID{0, 0, 0, 10}[rng.IntN(4)]
		w.State = [...]string{"", "", "connected", "disconnected"}[rng.IntN(4)]
		return w
	}
	for id := 1; id <= devices; id++ {
		hand(id)
		move(id, true)
	}
	mine, w := scope(), view()
	sub := hub.Subscribe(mine)
	defer sub.Close()
	sub.Skim(true)
	page, p, whole := browser{}, picture{}, false
	for round := range 120 {
		switch rng.IntN(6) {
		case 0:
			mine, whole = scope(), true
			sub.SetScope(mine)
		case 1, 2:
			w = view()
		}
		for range rng.IntN(400) {
			switch id := 1 + rng.IntN(devices); rng.IntN(20) {
			case 0:
				hand(id)
				if facts[id].alarm { // who had it before keeps its alarm; a new one begins
					facts[id].alarm = false
				}
				hub.Remove([]fleet.DeviceID{fleet.DeviceID(id)})
				hub.Place([]live.Profile{{Device: fleet.DeviceID(id), Company: facts[id].company, Owner: facts[id].owner}})
				facts[id].placed = false
			case 1:
				if facts[id].placed {
					alarm(id, uint64(round+2))
				}
			case 2:
				move(id, true)
			default:
				move(id, false)
			}
		}
		told := 0
		for turn := 0; turn == 0 || p.behind; turn++ {
			clock = clock.Add(time.Second)
			if err := sub.Survey(p.lensOf(w), now, &p.survey); err != nil {
				t.Fatal(err)
			}
			m := message{Type: "delta"}
			m.Crowds, m.Gone, m.Positions = p.tell(clock, whole, api.ShowPosition, true)
			whole = false
			if m.Crowds == nil && len(m.Gone)+len(m.Positions) == 0 {
				continue
			}
			if n := page.take(t, &m); turn == 0 && n > burst+(40<<10) || turn > 0 && n > burst {
				t.Errorf("round %d: a message of %d bytes", round, n)
			} else {
				told += n
			}
			if turn > 20 {
				t.Fatalf("round %d: after %d turns something is still untold", round, turn)
			}
		}
		compare(t, fmt.Sprintf("round %d, scope %+v, watch %+v, lens %+v", round, mine.Company, *w, p.survey.Lens), &page, &p, facts, &mine, w, now)
		if t.Failed() {
			return
		}
	}
}

func compare(t *testing.T, about string, page *browser, p *picture, facts []fact, scope *fleet.Scope, w *watch, now fleet.Time) {
	t.Helper()
	var want [5]int // all in the box, moving, stopped, silent, alarmed
	total := 0
	for id := 1; id < len(facts); id++ {
		f := &facts[id]
		if !f.placed || !scope.SeesDevice(fleet.DeviceID(id), f.company, f.owner) || w.Owner != 0 && w.Owner != f.owner {
			continue
		}
		total++
		silent := now-f.heard >= 10*fleet.Minute
		connected := f.alarm || !silent
		if w.State == "connected" && !connected || w.State == "disconnected" && connected {
			continue
		}
		west, north := live.Project(w.BBox[0], w.BBox[3])
		east, south := live.Project(w.BBox[2], w.BBox[1])
		if w.BBox[0] == -180 {
			west, east = 0, 1<<32-1
		}
		x, y := live.Project(f.lon, f.lat)
		if y < north || y > south || west <= east && (x < west || x > east) || west > east && x < west && x > east {
			continue
		}
		want[0]++
		switch {
		case f.alarm:
			want[4]++
		case silent:
			want[3]++
		case f.speed >= 3:
			want[1]++
		default:
			want[2]++
		}
	}
	var got [5]int
	for _, c := range page.cells {
		n, moving, stopped, alarmed := int(c[1]), int(c[4]), int(c[5]), int(c[6])
		got[0] += n
		got[1] += moving
		got[2] += stopped
		got[3] += n - moving - stopped - alarmed
		got[4] += alarmed
	}
	if len(page.cells) == 0 {
		if len(page.singles) != want[0] {
			t.Errorf("%s: %d one by one, want %d", about, len(page.singles), want[0])
		}
	} else {
		alone := map[int]int{}
		for id := range page.singles {
			f := &facts[id]
			got[0]++
			switch {
			case f.alarm:
				alone[4]++
			case now-f.heard >= 10*fleet.Minute:
				alone[3]++
			case f.speed >= 3:
				alone[1]++
			default:
				alone[2]++
			}
		}
		for k, n := range alone {
			got[k] += n
		}
		if got != want {
			t.Errorf("%s: %v, want %v", about, got, want)
		}
	}
	if page.total.N != total || page.total.InBox != want[0] {
		t.Errorf("%s: total %d, %d in the box, want %d and %d", about, page.total.N, page.total.InBox, total, want[0])
	}
	if len(page.cells) > cellsMost {
		t.Errorf("%s: %d cells", about, len(page.cells))
	}
}
