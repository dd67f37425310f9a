package command_test

import (
	"errors"
	"testing"

	"github.com/vigia-track/vigia/engine/command"
	"github.com/vigia-track/vigia/engine/fleet"
)

// book keeps commands in memory; the real one is tested in cmd/vigia, where
// both may be imported.
type book struct {
	rows map[fleet.RecordID]fleet.Command
	next fleet.RecordID
	fail error
}

func newBook() *book { return &book{rows: map[fleet.RecordID]fleet.Command{}} }

func (b *book) Put(_ fleet.Actor, c fleet.Command) (fleet.Command, error) {
	if b.fail != nil {
		return c, b.fail
	}
	b.next++
	c.ID, c.Version = b.next, 1
	b.rows[c.ID] = c
	return c, nil
}

func (b *book) Step(steps []fleet.CommandStep) ([]fleet.Command, error) {
	if b.fail != nil {
		return nil, b.fail
	}
	out := make([]fleet.Command, len(steps))
	for i, s := range steps {
		c, there := b.rows[s.ID]
		if !there {
			out[i] = fleet.Command{Head: fleet.Head{ID: s.ID}, State: fleet.CommandFailed}
			continue
		}
		if s.Do(&c) {
			c.Version++
			b.rows[s.ID] = c
		}
		out[i] = c
	}
	return out, nil
}

func (b *book) Open(each func(*fleet.Command) error) error {
	for id := fleet.RecordID(1); id <= b.next; id++ {
		if c := b.rows[id]; c.Open() {
			if err := each(&c); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	truck = fleet.DeviceID(7)
	noon  = fleet.Time(1_700_000_000_000)
)

// desk is a desk whose clock stands where the test puts it.
type desk struct {
	*command.Desk
	t      *testing.T
	book   *book
	now    fleet.Time
	barred string
	moving bool
}

func open(t *testing.T, b *book, now fleet.Time) *desk {
	t.Helper()
	d := &desk{t: t, book: b, now: now}
	d.Desk = command.New(command.Options{
		Book: b, Now: func() fleet.Time { return d.now }, Barred: func(*fleet.Command) string { return d.barred },
		Slow: func(fleet.DeviceID, fleet.Time) bool { return !d.moving },
	})
	if err := d.Load(); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) send(kind fleet.CommandKind, change ...func(*fleet.Command)) fleet.RecordID {
	d.t.Helper()
	c := fleet.Command{Device: truck, Want: kind, Expires: d.now + kind.Expiry()}
	for _, f := range change {
		f(&c)
	}
	c, err := d.Send(fleet.Actor{}, c)
	if err != nil {
		d.t.Fatal(err)
	}
	return c.ID
}

// fetch is what a session gets that asks, waits for the disk, and asks again.
func (d *desk) fetch() (fleet.RecordID, bool) {
	o, ok := d.Next(truck, d.now)
	if !ok {
		d.Store()
		o, ok = d.Next(truck, d.now)
	}
	return o.ID, ok
}

func (d *desk) goes(want fleet.RecordID) {
	d.t.Helper()
	if got, ok := d.fetch(); !ok || got != want {
		d.t.Fatalf("the session gets %d %v, want %d", got, ok, want)
	}
	d.Sent(truck, want, d.now, nil)
}

func (d *desk) silent() {
	d.t.Helper()
	if got, ok := d.fetch(); ok {
		d.t.Fatalf("the session gets %d, want nothing", got)
	}
}

func (d *desk) pass(by fleet.Time) {
	d.now += by
	d.Tick(d.now)
	d.Store()
}

func (d *desk) is(id fleet.RecordID, want fleet.CommandState, attempts int) {
	d.t.Helper()
	if c := d.book.rows[id]; c.State != want || c.Attempts != attempts {
		d.t.Errorf("command %d is %s after %d attempts (%s), want %s after %d", id, c.State, c.Attempts, c.Reason, want, attempts)
	}
}

// TestCommandsGoOutInOrderOneAtATime: each after the answer to the one before.
func TestCommandsGoOutInOrderOneAtATime(t *testing.T) {
	d := open(t, newBook(), noon)
	a, b := d.send(fleet.EngineStop), d.send(fleet.EngineResume)
	d.goes(a)
	d.is(a, fleet.CommandSent, 1)
	d.silent()
	d.Answered(truck, "DYD=Success!", 0, d.now)
	d.Store()
	d.is(a, fleet.CommandAnswered, 1)
	d.goes(b)
	d.Answered(truck, "HFYD=Success!", 0, d.now)
	d.Store()
	d.is(b, fleet.CommandAnswered, 1)
	d.silent()
	if d.Waiting(truck) != 0 {
		t.Error("something still waits")
	}
}

// TestNothingGoesOutBeforeItsRecordSaysSo: a disk that fails keeps it in.
func TestNothingGoesOutBeforeItsRecordSaysSo(t *testing.T) {
	d := open(t, newBook(), noon)
	id := d.send(fleet.EngineStop)
	d.book.fail = errors.New("disk full")
	d.silent()
	d.silent()
	d.is(id, fleet.CommandQueued, 0)
	d.book.fail = nil
	d.goes(id)
	d.is(id, fleet.CommandSent, 1)
}

// TestAnEngineStopIsNeverRepeated: neither after silence, nor after a crash
// between the record and the wire, nor when it has expired.
func TestAnEngineStopIsNeverRepeated(t *testing.T) {
	t.Run("after silence", func(t *testing.T) {
		d := open(t, newBook(), noon)
		id := d.send(fleet.EngineStop)
		d.goes(id)
		d.pass(fleet.CommandWait - 1)
		d.is(id, fleet.CommandSent, 1)
		d.pass(1)
		d.is(id, fleet.CommandUnanswered, 1)
		d.silent()
		d.Answered(truck, "DYD=Success!", 0, d.now)
		d.Store()
		d.is(id, fleet.CommandAnswered, 1) // it came late
	})
	t.Run("after a crash", func(t *testing.T) {
		b := newBook()
		d := open(t, b, noon)
		id := d.send(fleet.EngineStop)
		if _, ok := d.Next(truck, d.now); ok {
			t.Fatal("out before it was stored")
		}
		d.Store() // marked; the crash comes before or after the write
		d = open(t, b, d.now+fleet.Second)
		d.silent()
		d.pass(fleet.CommandWait)
		d.is(id, fleet.CommandUnanswered, 1)
		d.silent()
	})
	t.Run("after its expiry", func(t *testing.T) {
		b := newBook()
		d := open(t, b, noon)
		id := d.send(fleet.EngineStop)
		d = open(t, b, noon+fleet.StopExpiry) // the server was down meanwhile
		d.silent()
		d.pass(0)
		d.is(id, fleet.CommandExpired, 0)
	})
	t.Run("marked, and fetched by a session only after its expiry", func(t *testing.T) {
		d := open(t, newBook(), noon)
		id := d.send(fleet.EngineStop)
		d.Next(truck, d.now)
		d.Store()
		d.now += fleet.StopExpiry
		d.silent()
		d.pass(0)
		d.silent()
		d.is(id, fleet.CommandExpired, 0)
	})
}

// TestWhatIsHarmlessIsTriedAgain, three times, and not beyond its expiry.
func TestWhatIsHarmlessIsTriedAgain(t *testing.T) {
	d := open(t, newBook(), noon)
	id := d.send(fleet.PositionNow)
	for n := range fleet.MaxAttempts {
		d.goes(id)
		d.is(id, fleet.CommandSent, n+1)
		d.pass(fleet.CommandWait)
	}
	d.is(id, fleet.CommandUnanswered, fleet.MaxAttempts)
	d.silent()
}

// TestWhatWasNotWrittenWaitsAgain and does not count as an attempt; what cannot
// be said ends.
func TestWhatWasNotWrittenWaitsAgain(t *testing.T) {
	d := open(t, newBook(), noon)
	a, b := d.send(fleet.EngineStop), d.send(fleet.SetInterval)
	if got, _ := d.fetch(); got != a {
		t.Fatal(got)
	}
	d.Sent(truck, a, d.now, errors.New("broken pipe"))
	d.Store()
	d.is(a, fleet.CommandQueued, 0)
	d.goes(a)
	d.Answered(truck, "ok", 0, d.now)
	d.Store()
	if got, _ := d.fetch(); got != b {
		t.Fatal(got)
	}
	d.Unsupported(truck, b, d.now)
	d.Store()
	d.is(b, fleet.CommandFailed, 0)
	d.silent()
}

// TestAStopWaitsForTheDeviceToSlowDown unless it was confirmed for any speed.
func TestAStopWaitsForTheDeviceToSlowDown(t *testing.T) {
	d := open(t, newBook(), noon)
	d.moving = true
	id := d.send(fleet.EngineStop)
	d.silent()
	d.silent()
	d.is(id, fleet.CommandQueued, 0)
	d.moving = false
	d.goes(id)
	d.Answered(truck, "ok", 0, d.now)
	d.Store()
	d.moving = true
	d.goes(d.send(fleet.EngineStop, func(c *fleet.Command) { c.AnySpeed = true }))
}

// TestWhoMayNotAnyMoreSendsNothing: rights are looked at when it goes out.
func TestWhoMayNotAnyMoreSendsNothing(t *testing.T) {
	d := open(t, newBook(), noon)
	id := d.send(fleet.EngineStop)
	d.barred = fleet.ReasonNotAllowed
	d.silent()
	d.is(id, fleet.CommandCancelled, 0)
	if d.book.rows[id].Reason != fleet.ReasonNotAllowed {
		t.Error(d.book.rows[id].Reason)
	}
}

// TestOnlyWhatWaitsIsTakenBack, and a line holds so many.
func TestOnlyWhatWaitsIsTakenBack(t *testing.T) {
	d := open(t, newBook(), noon)
	a, b := d.send(fleet.EngineStop), d.send(fleet.EngineResume)
	d.goes(a)
	if _, err := d.Cancel(fleet.Actor{}, a); fleet.KindOf(err) != fleet.Conflict {
		t.Error("what went out is taken back:", err)
	}
	if c, err := d.Cancel(fleet.Actor{User: 3}, b); err != nil || c.By != 3 || c.Reason != fleet.ReasonUser {
		t.Error(c, err)
	}
	d.is(b, fleet.CommandCancelled, 0)
	for range fleet.MaxOrders - 1 {
		d.send(fleet.PositionNow)
	}
	if _, err := d.Send(fleet.Actor{}, fleet.Command{Device: truck, Want: fleet.PositionNow, Expires: noon * 2}); fleet.KindOf(err) != fleet.TooMany {
		t.Error("the line has no end:", err)
	}
}

// TestACommandThatWentWithItsDeviceIsForgotten.
func TestACommandThatWentWithItsDeviceIsForgotten(t *testing.T) {
	d := open(t, newBook(), noon)
	id := d.send(fleet.EngineStop)
	delete(d.book.rows, id)
	d.silent()
	if d.Waiting(truck) != 0 {
		t.Error("it still waits")
	}
}

// TestAnswersFindTheirCommandsByTheirMarks: whatever order they come in, and
// how often. What says nothing of a mark, or one that nobody gave, is of the
// command that is out.
func TestAnswersFindTheirCommandsByTheirMarks(t *testing.T) {
	d := open(t, newBook(), noon)
	mark := func(id fleet.RecordID) uint32 { return (&fleet.Order{ID: id}).Mark() }
	said := func(text string, mark uint32) {
		d.Answered(truck, text, mark, d.now)
		d.Store()
	}
	has := func(id fleet.RecordID, want string) {
		t.Helper()
		if c := d.book.rows[id]; c.Answer != want {
			t.Errorf("command %d is %s with %q, want %q", id, c.State, c.Answer, want)
		}
	}
	a, b, c := d.send(fleet.EngineStop), d.send(fleet.EngineResume), d.send(fleet.EngineStop)
	d.goes(a)
	d.pass(fleet.CommandWait)
	d.goes(b)
	said("the second", mark(b))
	said("the first", mark(a))
	has(a, "the first")
	has(b, "the second")
	d.goes(c)
	said("the second, again", mark(b))
	d.is(c, fleet.CommandSent, 1)
	has(b, "the second")
	said("no mark of ours", 0xffff)
	has(c, "no mark of ours")

	e := d.send(fleet.EngineStop)
	d.goes(e)
	d.pass(fleet.CommandWait)
	d.pass(fleet.LateAnswer + 1)
	said("too late", mark(e))
	d.is(e, fleet.CommandUnanswered, 1)
}
