package fleet

import "slices"

// Command is something that somebody wants a device to do, and what became of
// it. It goes out at most once for each time that its State was set to sent:
// the record says so before the first byte leaves. What may be repeated without
// harm (CommandKind.Repeatable) is tried up to MaxAttempts times; the others,
// above all EngineStop, once.
type Command struct {
	Head
	Device   DeviceID     `cbor:"10,keyasint" json:"device"`
	Customer CustomerID   `cbor:"11,keyasint,omitempty" json:"customer,omitzero" doc:"Whose the device was then; absent: in the company's stock"`
	User     UserID       `cbor:"12,keyasint,omitempty" json:"user,omitzero" doc:"Who wants it"`
	UserName string       `cbor:"13,keyasint,omitempty" json:"userName,omitempty" doc:"As the user was called then"`
	Want     CommandKind  `cbor:"14,keyasint" json:"kind"`
	Seconds  int          `cbor:"15,keyasint,omitempty" json:"seconds,omitempty" doc:"With kind interval: between two reports"`
	Text     string       `cbor:"16,keyasint,omitempty" json:"text,omitempty" doc:"With kind custom: what the tracker is told"`
	AnySpeed bool         `cbor:"17,keyasint,omitempty" json:"anySpeed,omitempty" doc:"With kind engineStop: whatever the device's speed is"`
	State    CommandState `cbor:"18,keyasint" json:"state"`
	Expires  Time         `cbor:"19,keyasint" json:"expires" doc:"It is not sent from then on"`
	Turn     uint32       `cbor:"20,keyasint" json:"-"` // its place among those of its device
	Attempts int          `cbor:"21,keyasint,omitempty" json:"attempts" doc:"How often it was sent"`
	Sent     Time         `cbor:"22,keyasint,omitempty" json:"sent,omitzero" doc:"When it was sent last"`
	Ended    Time         `cbor:"23,keyasint,omitempty" json:"ended,omitzero" doc:"When it was answered, or given up"`
	Answer   string       `cbor:"24,keyasint,omitempty" json:"answer,omitempty" doc:"The tracker's own words"`
	Reason   string       `cbor:"25,keyasint,omitempty" json:"reason,omitempty" doc:"Why it was given up"`
	By       UserID       `cbor:"26,keyasint,omitempty" json:"cancelledBy,omitzero"`
}

// CommandState is how far a command has come.
type CommandState string

// The states. The first two are open, the others final, but for an unanswered
// command whose answer comes late.
const (
	CommandQueued     CommandState = "queued"     // waits for its device
	CommandSent       CommandState = "sent"       // went out; the answer is awaited
	CommandAnswered   CommandState = "answered"   // the tracker said something
	CommandUnanswered CommandState = "unanswered" // it said nothing in time: whether it obeyed is not known
	CommandFailed     CommandState = "failed"     // it was never sent: Reason
	CommandExpired    CommandState = "expired"    // the device did not come in time
	CommandCancelled  CommandState = "cancelled"  // somebody took it back, or who sent it may no longer: Reason
)

// CommandStates are all of them.
func CommandStates() []CommandState {
	return []CommandState{CommandQueued, CommandSent, CommandAnswered, CommandUnanswered, CommandFailed, CommandExpired, CommandCancelled}
}

// Why a command was given up.
const (
	ReasonUnsupported = "unsupported" // the tracker's protocol, or its transport, has no such command
	ReasonMoved       = "moved"       // the device belongs to somebody else by now, or is disabled
	ReasonNotAllowed  = "notAllowed"  // who sent it may not send commands any more
	ReasonUser        = "user"        // somebody took it back
)

// More bounds of commands.
const (
	MaxAttempts    = 3           // of what may be repeated
	MinCommandWait = Minute      // the shortest expiry that may be chosen
	StopExpiry     = Hour        // of EngineStop, where the command does not say
	MaxAnswer      = 500         // bytes of a tracker's answer that are kept
	LateAnswer     = 10 * Minute // for an answer after the command was given up
	StopSpeed      = 20          // km/h above which stopping the engine wants a second confirmation
	StopSpeedFresh = 2 * Minute  // older fixes do not say how fast a device is
)

// CommandKinds are all kinds.
func CommandKinds() []CommandKind {
	return []CommandKind{PositionNow, EngineStop, EngineResume, SetInterval, CustomText}
}

// Expiry is how long a command of this kind waits where it does not say.
func (k CommandKind) Expiry() Time {
	if k == EngineStop {
		return StopExpiry
	}
	return CommandExpiry
}

// Grave reports whether a command wants its author's password again: it may
// stop the engine, and a text of one's own may do anything.
func (k CommandKind) Grave() bool { return k == EngineStop || k == CustomText }

// Repeatable reports whether the same command twice does what it does once.
func (k CommandKind) Repeatable() bool { return k == PositionNow || k == SetInterval }

// Order is what the command says, for the wire.
func (c *Command) Order() Order {
	return Order{ID: c.ID, Kind: c.Want, Seconds: c.Seconds, Text: c.Text, Expires: c.Expires}
}

// Open reports whether something is still to happen.
func (c *Command) Open() bool { return c.State == CommandQueued || c.State == CommandSent }

// Kind is CommandRecord.
func (*Command) Kind() RecordKind { return CommandRecord }

// Validate reports the first rule that the command breaks.
func (c *Command) Validate() error {
	o := c.Order()
	if err := o.Validate(); err != nil {
		return err
	}
	switch {
	case c.Device == 0:
		return FieldError("device", "is required")
	case c.Want != SetInterval && c.Seconds != 0:
		return FieldError("seconds", "goes with kind interval only")
	case c.Want != CustomText && c.Text != "":
		return FieldError("text", "goes with kind custom only")
	case !slices.Contains(CommandStates(), c.State):
		return Errorf(Internal, "%q is no state of a command", string(c.State))
	case c.Expires <= 0:
		return FieldError("expires", "is required")
	}
	return nil
}

// Refs are the device, whose history it is part of, and whom it belongs to.
func (c *Command) Refs() (refs []Ref) {
	refs = RefTo(refs, "device", DeviceRecord, c.Device, Follow)
	refs = RefTo(refs, "customer", CustomerRecord, c.Customer, Follow)
	return RefTo(refs, "company", CompanyRecord, c.Company, Follow)
}

// Unique is nothing.
func (*Command) Unique() []UniqueText { return nil }

// Words is whether it is open, so that open ones are found together.
func (c *Command) Words() []string {
	if c.Open() {
		return []string{"0"}
	}
	return []string{"1"}
}

// Holder is whose the device was: the owner that a scope is asked about.
func (c *Command) Holder() OwnerID {
	if c.Customer != 0 {
		return OwnerID(c.Customer)
	}
	return OwnerID(c.Company)
}

// Take marks a queued command as sent; false if it is not to go out.
func (c *Command) Take(now Time) bool {
	if c.State != CommandQueued {
		return false
	}
	if c.Lapse(now) {
		return true
	}
	c.State, c.Sent = CommandSent, now
	c.Attempts++
	return true
}

// GiveBack queues a command that was not written after all.
func (c *Command) GiveBack(now Time) bool {
	if c.State != CommandSent {
		return false
	}
	c.State = CommandQueued
	c.Attempts--
	c.Lapse(now)
	return true
}

// Lapse ends a queued command that is past its expiry.
func (c *Command) Lapse(now Time) bool {
	if c.State != CommandQueued || now < c.Expires {
		return false
	}
	c.State, c.Ended = CommandExpired, now
	if c.Attempts > 0 {
		c.State = CommandUnanswered
	}
	return true
}

// Silence gives up waiting for the answer: what may be repeated is queued again.
func (c *Command) Silence(now Time) bool {
	if c.State != CommandSent || now < c.Sent+CommandWait {
		return false
	}
	if c.Want.Repeatable() && c.Attempts < MaxAttempts && now < c.Expires {
		c.State = CommandQueued
		return true
	}
	c.State, c.Ended = CommandUnanswered, now
	return true
}

// Reply takes the tracker's answer.
func (c *Command) Reply(text string, now Time) bool {
	if c.State != CommandSent && c.State != CommandUnanswered && (c.State != CommandQueued || c.Attempts == 0) {
		return false
	}
	if len(text) > MaxAnswer {
		text = cutText(text, MaxAnswer)
	}
	c.State, c.Answer, c.Ended = CommandAnswered, text, now
	return true
}

// Fail ends a command that cannot be sent.
func (c *Command) Fail(reason string, now Time) bool {
	if !c.Open() {
		return false
	}
	if c.State == CommandSent {
		c.Attempts--
	}
	c.State, c.Reason, c.Ended = CommandFailed, reason, now
	return true
}

// Cancel takes a queued command back; by is 0 where nobody did.
func (c *Command) Cancel(by UserID, reason string, now Time) bool {
	if c.State != CommandQueued {
		return false
	}
	c.State, c.By, c.Reason, c.Ended = CommandCancelled, by, reason, now
	return true
}

// cutText is at most n bytes of a text, whole characters.
func cutText(s string, n int) string {
	for n > 0 && n < len(s) && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:min(n, len(s))]
}

// CommandStep is one transition of a stored command.
type CommandStep struct {
	ID    RecordID
	Actor Actor               // zero: nobody in person
	Do    func(*Command) bool // false: nothing changes
}

// CommandQuery selects commands, newest first.
type CommandQuery struct {
	Scope    Scope
	Device   DeviceID   // 0 = any
	Customer CustomerID // whose the device was; 0 = any
	States   []CommandState
	Kinds    []CommandKind
	After    string
	Limit    int // 1..1000; 0 = 100
}

// MaySend reports whether a user may send commands to devices of a customer
// (nil: those in the company's stock), as far as the switches say; whether it
// sees the device is the scope's affair. Own is the user's customer, nil for
// staff.
func (u *User) MaySend(own, of *Customer) bool {
	if of != nil && !of.Commands || own != nil && !own.Commands {
		return false
	}
	switch u.Role {
	case CompanyAdmin:
		return true
	case CustomerAdmin:
		return own != nil
	case Operator:
		return u.Commands
	case CustomerUser:
		return own != nil && u.Commands
	}
	return false
}

// SpeedNow is how fast a device was at a time, in km/h, going by its newest
// position; false if that is too old, without a speed, or not to be trusted.
func (p *Position) SpeedNow(now Time) (kmh float64, known bool) {
	const need = HasSpeed | FixValid
	fresh := p.Fix > now-StopSpeedFresh && p.Received > now-StopSpeedFresh
	return float64(p.Speed), fresh && p.Has&(need|Repeated) == need && p.Verdict == Accepted
}
