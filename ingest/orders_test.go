package ingest_test

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// orders is a queue in memory for one device.
type orders struct {
	mu       sync.Mutex
	waiting  []fleet.Order
	flying   bool
	refused  []fleet.RecordID
	answered chan string
}

func (o *orders) Next(fleet.DeviceID, fleet.Time) (fleet.Order, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.flying || len(o.waiting) == 0 {
		return fleet.Order{}, false
	}
	next := o.waiting[0]
	o.waiting, o.flying = o.waiting[1:], true
	return next, true
}

func (o *orders) Sent(_ fleet.DeviceID, id fleet.RecordID, _ fleet.Time, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		o.flying, o.refused = false, append(o.refused, id)
	}
}

func (o *orders) Answered(_ fleet.DeviceID, text string, _ uint32, _ fleet.Time) {
	o.mu.Lock()
	o.flying = false
	o.mu.Unlock()
	o.answered <- text
}

func (o *orders) put(more ...fleet.Order) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = append(o.waiting, more...)
}

type anybody struct{ *book }

func (anybody) Lookup(string) (ingest.Identity, error) { return ingest.Identity{Device: 7}, nil }

// readCommand reads one command of the server as a GT06 tracker does.
func readCommand(t *testing.T, c net.Conn) (string, uint32) {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	head := make([]byte, 3)
	if _, err := io.ReadFull(c, head); err != nil {
		t.Fatal(err)
	}
	rest := make([]byte, int(head[2])+2)
	if _, err := io.ReadFull(c, rest); err != nil {
		t.Fatal(err)
	}
	text, mark, ok := gt06.ReadCommand(append(head, rest...))
	if !ok {
		t.Fatalf("no command: %x%x", head, rest)
	}
	return text, mark
}

// TestOrdersReachATrackerAndItsAnswerComesBack: what waits goes out at the
// login, one at a time; what arrives while the tracker is silent wakes its
// session; what cannot be said is given back and holds nothing up.
func TestOrdersReachATrackerAndItsAnswerComesBack(t *testing.T) {
	o := &orders{answered: make(chan string, 4)}
	o.put(fleet.Order{ID: 1, Kind: fleet.EngineStop}, fleet.Order{ID: 2, Kind: "dance"}, fleet.Order{ID: 3, Kind: fleet.PositionNow})
	b := &book{}
	s := ingest.NewServer(ingest.Options{Sink: b, Registry: anybody{b}, Orders: o})
	addr, err := s.ListenTCP(t.Context(), "127.0.0.1:0", ingest.Protocol{Name: "gt06", ID: fleet.GT06, New: gt06.New})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}()
	c, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write(gt06.AppendLogin(nil, "123456789012345", 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	answer := func(want, say string, serial uint16) {
		t.Helper()
		text, mark := readCommand(t, c)
		if text != want {
			t.Fatalf("ordered %q, want %q", text, want)
		}
		if _, err := c.Write(gt06.AppendAnswer(nil, say, mark, serial)); err != nil {
			t.Fatal(err)
		}
		if got := <-o.answered; got != say {
			t.Errorf("answered %q, want %q", got, say)
		}
		if _, err := io.ReadFull(c, make([]byte, 10)); err != nil { // 0x15 is acknowledged
			t.Fatal(err)
		}
	}
	answer("DYD,000000#", "DYD=Success!", 2)
	answer("DWXX,000000#", "DWXX=Lat:N4.6,Lon:W74.1", 3)
	o.mu.Lock()
	if len(o.refused) != 1 || o.refused[0] != 2 {
		t.Errorf("given back: %v", o.refused)
	}
	o.mu.Unlock()
	for n := range 20 { // silent meanwhile
		o.put(fleet.Order{ID: 9, Kind: fleet.SetInterval, Seconds: 30})
		s.Wake(7)
		answer("TIMER,30#", "TIMER:OK", uint16(4+n))
	}
	s.Wake(8) // nobody
}
