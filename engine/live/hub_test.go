package live_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	guardian = fleet.CompanyID(10)
	rival    = fleet.CompanyID(11)
)

var (
	all   = fleet.Scope{Installation: true}
	first = fleet.Scope{Company: guardian, Customers: []fleet.CustomerID{1}}
)

func owner(n int) fleet.OwnerID { return fleet.OwnerID(n) }

// place puts devices into the hands of one owner.
func place(h *live.Hub, of int, devices ...fleet.DeviceID) {
	var p []live.Profile
	for _, d := range devices {
		p = append(p, live.Profile{Device: d, Company: guardian, Owner: owner(of)})
	}
	h.Place(p)
}

// at is a device's position at a second.
func at(d fleet.DeviceID, second int) fleet.Position {
	return fleet.Position{Device: d, Fix: fleet.Time(second) * fleet.Second, Has: fleet.HasPlace}
}

func event(d fleet.DeviceID, of, n int) fleet.Event {
	e := fleet.Event{Kind: fleet.Enter, Device: d, Company: guardian, Owner: owner(of), Time: fleet.Time(n)}
	fleet.NameEvent(&e, nil)
	return e
}

// view is what a watcher shows.
type view struct {
	positions map[fleet.DeviceID]fleet.Time
	events    []fleet.Time
	snapshots int
}

func newView() *view { return &view{positions: map[fleet.DeviceID]fleet.Time{}} }

func (v *view) take(f *live.Frame) {
	if f.Snapshot {
		v.snapshots++
		clear(v.positions)
	}
	for _, d := range f.Gone {
		delete(v.positions, d)
	}
	for _, p := range f.Positions {
		v.positions[p.Device] = p.Fix
	}
	for _, e := range f.Events {
		v.events = append(v.events, e.Time)
	}
}

// next takes everything that is there to be told.
func (v *view) next(t *testing.T, s *live.Subscription) *live.Frame {
	t.Helper()
	for {
		f, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if v.take(f); !f.More {
			return f
		}
	}
}

// nothing asserts that there is nothing to be told.
func nothing(t *testing.T, s *live.Subscription) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f, err := s.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v, %v, want nothing", f, err)
	}
}

func TestSnapshotThenStream(t *testing.T) {
	h := live.NewHub(0)
	place(h, 1, 1, 2, 3)
	h.Move([]fleet.Position{at(1, 5), at(2, 6)})
	h.Publish([]fleet.Event{event(1, 1, 1)})
	s := h.Subscribe(all)
	defer s.Close()
	h.Move([]fleet.Position{at(1, 7), at(1, 8)})
	h.Publish([]fleet.Event{event(1, 1, 2)})
	v := newView()
	v.next(t, s)
	if v.snapshots != 1 || len(v.positions) != 2 || v.positions[1] != 8*fleet.Second || v.positions[2] != 6*fleet.Second {
		t.Errorf("view %+v", v)
	}
	if !slices.Equal(v.events, []fleet.Time{2}) {
		t.Errorf("events %v, want only the one after Subscribe", v.events)
	}
	nothing(t, s)
	h.Move([]fleet.Position{at(2, 6)}) // again
	nothing(t, s)
	h.Move([]fleet.Position{at(3, 9), at(4, 9)}) // 4 was never placed
	if f := v.next(t, s); f.Snapshot || len(f.Positions) != 1 || f.Positions[0].Device != 3 {
		t.Errorf("frame %+v", f)
	}
}

func TestScopeHoldsForEachItem(t *testing.T) {
	h := live.NewHub(0)
	place(h, 1, 1)
	place(h, 2, 2)
	h.Place([]live.Profile{{Device: 3, Company: rival, Owner: owner(1)}})
	s := h.Subscribe(first)
	defer s.Close()
	h.Move([]fleet.Position{at(1, 1), at(2, 1), at(3, 1)})
	foreign := event(3, 1, 3)
	foreign.Company = rival
	h.Publish([]fleet.Event{event(1, 1, 1), event(2, 2, 2), foreign})
	v := newView()
	v.next(t, s)
	if len(v.positions) != 1 || v.positions[1] == 0 || !slices.Equal(v.events, []fleet.Time{1}) {
		t.Errorf("view %+v, want device 1 alone", v)
	}
	h.Move([]fleet.Position{at(2, 2), at(3, 2)})
	nothing(t, s)
}

func TestDeviceChangesHands(t *testing.T) {
	h := live.NewHub(0)
	place(h, 1, 1)
	h.Move([]fleet.Position{at(1, 1)})
	s, both := h.Subscribe(first), h.Subscribe(fleet.Scope{Company: guardian})
	defer s.Close()
	defer both.Close()
	v, w := newView(), newView()
	v.next(t, s)
	w.next(t, both)
	place(h, 2, 1)
	h.Publish([]fleet.Event{event(1, 2, 1)})
	if v.next(t, s); len(v.positions) != 0 || len(v.events) != 0 {
		t.Errorf("the former owner still sees %+v", v)
	}
	if f := w.next(t, both); len(f.Gone) != 0 || len(w.positions) != 1 {
		t.Errorf("who sees both owners is told %+v", f)
	}
	place(h, 1, 1)
	if v.next(t, s); len(v.positions) != 1 {
		t.Errorf("back again, but the view is %+v", v)
	}
	h.Remove([]fleet.DeviceID{1})
	if v.next(t, s); len(v.positions) != 0 {
		t.Errorf("removed, but the view is %+v", v)
	}
	if _, ok := h.Latest(1); ok {
		t.Error("a removed device has a latest position")
	}
}

func TestSetScopeBeginsAnew(t *testing.T) {
	h := live.NewHub(0)
	place(h, 1, 1)
	place(h, 2, 2)
	h.Move([]fleet.Position{at(1, 1), at(2, 1)})
	s := h.Subscribe(first)
	defer s.Close()
	v := newView()
	v.next(t, s)
	h.Publish([]fleet.Event{event(1, 1, 1), event(2, 2, 2)})
	s.SetScope(fleet.Scope{Company: guardian, Customers: []fleet.CustomerID{2}})
	v.next(t, s)
	if v.snapshots != 2 || len(v.positions) != 1 || v.positions[2] == 0 || !slices.Equal(v.events, []fleet.Time{2}) {
		t.Errorf("view %+v, want device 2 alone", v)
	}
	s.SetScope(fleet.Scope{})
	if v.next(t, s); len(v.positions) != 0 {
		t.Errorf("the empty scope sees %+v", v)
	}
}

func TestResumeInsideTheRing(t *testing.T) {
	h := live.NewHub(4)
	place(h, 1, 1, 2)
	h.Move([]fleet.Position{at(1, 1), at(2, 1)})
	s := h.Subscribe(all)
	v := newView()
	cursor := v.next(t, s).Cursor
	s.Close()
	h.Move([]fleet.Position{at(1, 2)})
	h.Publish([]fleet.Event{event(1, 1, 1), event(1, 1, 2)})

	s = h.Resume(all, cursor)
	if f := v.next(t, s); f.Snapshot || len(f.Positions) != 1 || len(f.Events) != 2 {
		t.Errorf("resumed with %+v", f)
	}
	s.Close()
	for n := range 5 {
		h.Publish([]fleet.Event{event(1, 1, n)})
	}
	for _, from := range []live.Cursor{cursor, {}, {Boot: cursor.Boot ^ 2, Seq: cursor.Seq}, {Boot: cursor.Boot, Seq: 1 << 40}} {
		s = h.Resume(all, from)
		if f := newView().next(t, s); !f.Snapshot || len(f.Events) != 0 {
			t.Errorf("from %+v: %+v, want a snapshot", from, f)
		}
		s.Close()
	}
}

func TestLaggingWatcherIsTold(t *testing.T) {
	h := live.NewHub(4)
	s := h.Subscribe(all)
	defer s.Close()
	newView().next(t, s)
	for n := range 5 {
		h.Publish([]fleet.Event{event(1, 1, n)})
	}
	if _, err := s.Next(t.Context()); !errors.Is(err, live.ErrLagged) {
		t.Errorf("got %v, want ErrLagged", err)
	}
}

func TestCloseEndsNext(t *testing.T) {
	h := live.NewHub(0)
	s, other := h.Subscribe(all), h.Subscribe(all)
	if h.Watchers() != 2 {
		t.Errorf("%d watchers", h.Watchers())
	}
	var wg sync.WaitGroup
	for _, sub := range []*live.Subscription{s, other} {
		newView().next(t, sub)
		wg.Go(func() {
			if _, err := sub.Next(t.Context()); !errors.Is(err, live.ErrClosed) {
				t.Errorf("got %v, want ErrClosed", err)
			}
		})
	}
	s.Close()
	s.Close()
	h.Close()
	wg.Wait()
	other.Close()
	if h.Watchers() != 0 {
		t.Errorf("%d watchers", h.Watchers())
	}
}

// TestBigSnapshotComesInParts: more devices than one walk covers, while they
// move on.
func TestBigSnapshotComesInParts(t *testing.T) {
	const devices = 20_000
	h := live.NewHub(0)
	for d := range fleet.DeviceID(devices) {
		place(h, 1, d+1)
		h.Move([]fleet.Position{at(d+1, 1)})
	}
	s := h.Subscribe(all)
	defer s.Close()
	v, frames := newView(), 0
	for {
		f, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if f.Snapshot != (frames == 0) || f.More && f.Cursor != (live.Cursor{}) && len(v.positions) < devices/2 {
			t.Errorf("frame %d: snapshot %v, cursor %v", frames, f.Snapshot, f.Cursor)
		}
		v.take(f)
		if frames++; frames < 4 { // the next to come moves ahead of its turn
			last := f.Positions[len(f.Positions)-1].Device
			h.Move([]fleet.Position{at(last-1, 2), at(last-2, 2)})
			h.Remove([]fleet.DeviceID{last - 3})
		}
		if !f.More {
			break
		}
	}
	if len(v.positions) != devices-3 || frames < 4 {
		t.Errorf("%d devices in %d frames, want %d", len(v.positions), frames, devices-3)
	}
}

// TestBackWithoutAPosition: a device that is removed and placed again before
// its watcher looks is gone until it reports.
func TestBackWithoutAPosition(t *testing.T) {
	h := live.NewHub(0)
	place(h, 1, 1)
	h.Move([]fleet.Position{at(1, 1)})
	s := h.Subscribe(first)
	defer s.Close()
	v := newView()
	v.next(t, s)
	h.Remove([]fleet.DeviceID{1})
	place(h, 1, 1)
	v.next(t, s)
	if len(v.positions) != 0 {
		t.Errorf("shows %v of a device without a position", v.positions)
	}
	h.Move([]fleet.Position{at(1, 2)})
	v.next(t, s)
	if v.positions[1] != at(1, 2).Fix {
		t.Errorf("shows %v after the device reported", v.positions)
	}
}

// TestNoGapNoDouble: publishers and watchers at once, watchers that come and
// go; in the end each shows what is true, and saw each event once, in order.
func TestNoGapNoDouble(t *testing.T) {
	const devices, steps, watchers = 50, 400, 8
	h := live.NewHub(1 << 16)
	var publish, watch sync.WaitGroup
	stop := make(chan struct{})
	subs := make([]*live.Subscription, watchers)
	for n := range subs {
		subs[n] = h.Subscribe(scopeOf(n))
	}
	var published [4][]fleet.Time
	for n := range 4 { // each has devices and an owner of its own
		publish.Go(func() {
			rng := rand.New(rand.NewPCG(7, uint64(n)))
			for step := range steps {
				d := fleet.DeviceID(n*devices + rng.IntN(devices) + 1)
				switch rng.IntN(10) {
				case 0:
					h.Remove([]fleet.DeviceID{d})
				case 1:
					e := event(d, n, n*steps+step)
					published[n] = append(published[n], e.Time)
					h.Publish([]fleet.Event{e})
				case 2, 3:
					place(h, n+rng.IntN(2)*10, d)
				default:
					h.Move([]fleet.Position{at(d, step+1)})
				}
			}
		})
	}
	for n := range watchers {
		watch.Go(func() {
			scope, s := scopeOf(n), subs[n]
			v, rng := newView(), rand.New(rand.NewPCG(9, uint64(n)))
			for last := false; ; {
				ctx, cancel := context.WithCancel(context.Background())
				if last {
					cancel()
				} else {
					go func() { <-stop; cancel() }()
				}
				f, err := s.Next(ctx)
				if err != nil {
					cancel()
					if last {
						break
					}
					last = true
					continue
				}
				v.take(f)
				if !f.More && f.Cursor.Boot != 0 && rng.IntN(5) == 0 { // a connection breaks
					s.Close()
					s = h.Resume(scope, f.Cursor)
				}
			}
			s.Close()
			check(t, h, scope, v)
			if !slices.Equal(v.events, published[n%4]) {
				t.Errorf("watcher %d was told the events %v, want %v", n, v.events, published[n%4])
			}
		})
	}
	publish.Wait()
	close(stop)
	watch.Wait()
}

func scopeOf(n int) fleet.Scope {
	return fleet.Scope{Company: guardian, Customers: []fleet.CustomerID{fleet.CustomerID(n % 4)}}
}

// check holds a view against a fresh snapshot.
func check(t *testing.T, h *live.Hub, scope fleet.Scope, v *view) {
	s := h.Subscribe(scope)
	defer s.Close()
	want := newView()
	want.next(t, s)
	if len(v.positions) != len(want.positions) {
		t.Errorf("shows %d devices, want %d", len(v.positions), len(want.positions))
	}
	for d, fix := range want.positions {
		if v.positions[d] != fix {
			t.Errorf("device %d at %d, want %d", d, v.positions[d], fix)
		}
	}
}

func TestEncodedOnce(t *testing.T) {
	h := live.NewHub(0)
	a, b := h.Subscribe(all), h.Subscribe(all)
	defer a.Close()
	defer b.Close()
	h.Publish([]fleet.Event{event(1, 1, 1)})
	calls := 0
	encode := func(*fleet.Event) []byte { calls++; return []byte("{}") }
	for _, s := range []*live.Subscription{a, b} {
		f, err := s.Next(t.Context())
		if err != nil || len(f.Events) != 1 {
			t.Fatal(f, err)
		}
		f.Events[0].Encoded(encode)
	}
	if calls != 1 {
		t.Errorf("encoded %d times", calls)
	}
}

// BenchmarkMove is what publishing costs, watched and not.
//
//	go test ./engine/live -run '^$' -bench Move
func BenchmarkMove(b *testing.B) {
	for _, watchers := range []int{0, 100} {
		b.Run(fmt.Sprintf("watchers=%d", watchers), func(b *testing.B) {
			h := live.NewHub(0)
			const devices = 10_000
			for d := range fleet.DeviceID(devices) {
				place(h, 1, d+1)
			}
			ctx, cancel := context.WithCancel(b.Context())
			var wg sync.WaitGroup
			for range watchers {
				s := h.Subscribe(all)
				wg.Go(func() {
					defer s.Close()
					pace := time.NewTicker(200 * time.Millisecond)
					defer pace.Stop()
					for {
						if _, err := s.Next(ctx); err != nil {
							return
						}
						<-pace.C
					}
				})
			}
			batch := make([]fleet.Position, 512)
			b.ReportAllocs()
			second := 0
			for b.Loop() {
				second++
				for i := range batch {
					batch[i] = at(fleet.DeviceID((second*512+i)%devices+1), second)
				}
				h.Move(batch)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/512, "ns/position")
			cancel()
			wg.Wait()
		})
	}
}
