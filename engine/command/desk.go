package command

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Book is where commands are kept. Each write is durable when it returns.
type Book interface {
	// Put stores a new command, with its audit row, and returns it with its ID.
	Put(actor fleet.Actor, c fleet.Command) (fleet.Command, error)
	// Step changes commands in one transaction and returns them in the order of
	// the steps; one that is gone is not Open.
	Step(steps []fleet.CommandStep) ([]fleet.Command, error)
	// Open calls each for every command that is not final.
	Open(each func(*fleet.Command) error) error
}

// Options is what a desk works with. Book is required.
type Options struct {
	Book Book
	// Wake has a device's session, if there is one, ask Next. nil: it asks by itself.
	Wake func(fleet.DeviceID)
	// Barred says why a command must not go out any more, "" if it may: a
	// fleet.Reason. nil: none is.
	Barred func(*fleet.Command) string
	// Slow reports whether a device is known to move at fleet.StopSpeed at most.
	// An engine stop that was not confirmed for any speed waits for it. nil: all are.
	Slow func(d fleet.DeviceID, now fleet.Time) bool
	// Changed hears of commands once their new state is stored. nil: nobody does.
	Changed func([]fleet.Command)
	Log     *slog.Logger      // nil: nothing is logged
	Now     func() fleet.Time // nil: the clock
}

// Desk holds what waits for devices. Its methods may be called by any number
// of goroutines. New makes one; Load it before sessions begin, and Run it.
type Desk struct {
	o    Options
	kick chan struct{}
	open atomic.Int64 // commands in lines, so that a session need not take the lock

	mu    sync.Mutex // guards all below
	lines map[fleet.DeviceID]*line
	late  map[fleet.DeviceID][]given // newest last, fleet.MaxOrders at most
	work  []job                      // what Run is to store
	due   fleet.Time                 // Tick has nothing to do before
}

// line is a device's open commands, in their order.
type line struct {
	all  []*entry
	kept int    // places taken by commands that are being stored
	turn uint32 // of the newest
}

// entry is an open command.
type entry struct {
	c      fleet.Command
	asked  bool // Run is to mark it as sent
	handed bool // a session has it, or may have had it before a restart
	ending bool // Run is to change its state otherwise
}

// job is a step that Run is to store; one that lets a command out is made when
// its turn comes.
type job struct {
	fleet.CommandStep
	out *fleet.Command // nil: CommandStep has Do
}

// given is a command that was given up while its answer may still come, or one
// that was answered and may be answered once more.
type given struct {
	id       fleet.RecordID
	mark     uint32
	until    fleet.Time
	answered bool
	passed   bool // another went out since: an answer without a mark is not to this one
}

// New makes a desk.
func New(o Options) *Desk {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = func() fleet.Time { return fleet.At(time.Now()) }
	}
	return &Desk{
		o: o, kick: make(chan struct{}, 1),
		lines: map[fleet.DeviceID]*line{}, late: map[fleet.DeviceID][]given{},
	}
}

// Load takes over what the last run left open. What had been marked as sent
// counts as written.
func (d *Desk) Load() error {
	return d.o.Book.Open(func(c *fleet.Command) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.insert(*c, c.State == fleet.CommandSent)
		return nil
	})
}

// Send stores a command and has it go out as soon as its device is there. It is
// refused with TooMany while fleet.MaxOrders of the device are open.
func (d *Desk) Send(actor fleet.Actor, c fleet.Command) (fleet.Command, error) {
	d.mu.Lock()
	l := d.lines[c.Device]
	if l == nil {
		l = &line{}
		d.lines[c.Device] = l
	}
	if len(l.all)+l.kept >= fleet.MaxOrders {
		d.mu.Unlock()
		return c, fleet.Errorf(fleet.TooMany, "%d commands wait for this device already; cancel some, or wait", fleet.MaxOrders)
	}
	l.kept++
	l.turn++
	c.Turn, c.State = l.turn, fleet.CommandQueued
	d.mu.Unlock()

	c, err := d.o.Book.Put(actor, c)
	d.mu.Lock()
	l.kept--
	if err == nil {
		d.insert(c, false)
	}
	d.tidy(c.Device, l)
	d.mu.Unlock()
	if err != nil {
		return c, err
	}
	d.tell([]fleet.Command{c})
	d.wake(c.Device)
	return c, nil
}

// Cancel takes back a command that still waits; one that went out, or is
// final, is a Conflict.
func (d *Desk) Cancel(actor fleet.Actor, id fleet.RecordID) (fleet.Command, error) {
	done := false
	out, err := d.o.Book.Step([]fleet.CommandStep{{ID: id, Actor: actor, Do: func(c *fleet.Command) bool {
		done = c.Cancel(actor.User, fleet.ReasonUser, d.o.Now())
		return done
	}}})
	if err != nil {
		return fleet.Command{}, err
	}
	for _, device := range d.settle(out) {
		d.wake(device)
	}
	if !done {
		return out[0], fleet.Errorf(fleet.Conflict, "the command is %s already; only one that waits can be cancelled", out[0].State)
	}
	d.tell(out)
	return out[0], nil
}

// Waiting is how many commands of a device are open.
func (d *Desk) Waiting(device fleet.DeviceID) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.lines[device]; l != nil {
		return len(l.all) + l.kept
	}
	return 0
}

// insert puts a command into its line. Needs the lock.
func (d *Desk) insert(c fleet.Command, handed bool) {
	l := d.lines[c.Device]
	if l == nil {
		l = &line{}
		d.lines[c.Device] = l
	}
	l.turn = max(l.turn, c.Turn)
	l.all = append(l.all, &entry{c: c, handed: handed})
	slices.SortStableFunc(l.all, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.c.Turn, b.c.Turn), cmp.Compare(a.c.Created, b.c.Created))
	})
	d.open.Add(1)
	d.due = 0
}

// tidy forgets an empty line. Needs the lock.
func (d *Desk) tidy(device fleet.DeviceID, l *line) {
	if len(l.all) == 0 && l.kept == 0 && d.lines[device] == l {
		delete(d.lines, device)
	}
}

// find is an open command by its device and ID. Needs the lock.
func (d *Desk) find(device fleet.DeviceID, id fleet.RecordID) (*line, int) {
	l := d.lines[device]
	if l == nil {
		return nil, -1
	}
	return l, slices.IndexFunc(l.all, func(e *entry) bool { return e.c.ID == id })
}

func (d *Desk) wake(device fleet.DeviceID) {
	if d.o.Wake != nil {
		d.o.Wake(device)
	}
}

func (d *Desk) tell(changed []fleet.Command) {
	if d.o.Changed != nil && len(changed) > 0 {
		d.o.Changed(changed)
	}
}

// push hands a step to Run. Needs the lock.
func (d *Desk) push(j job) {
	d.work = append(d.work, j)
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

// Run stores what sessions bring, and looks at the clock once a second, until
// ctx ends; then it stores what is left.
func (d *Desk) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			d.giveBack()
			d.Store()
			return nil
		case <-d.kick:
		case <-tick.C:
			d.Tick(d.o.Now())
		}
		d.Store()
	}
}
