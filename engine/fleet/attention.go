package fleet

import (
	"crypto/sha256"
	"slices"
)

// Attention is something that stays open until somebody sees to it: an entry of
// the operators' queue, which the API calls an alarm. What is alike (device,
// owner, topic) folds into the open entry instead of making another.
type Attention struct {
	ID       EventID   `cbor:"1,keyasint"` // the first event's, or made of a delivery's key
	Company  CompanyID `cbor:"2,keyasint"`
	Owner    OwnerID   `cbor:"3,keyasint"` // the device's at that time
	Device   DeviceID  `cbor:"4,keyasint"`
	Topic    Topic     `cbor:"5,keyasint"`
	Place    Place     `cbor:"6,keyasint"` // of the newest event
	Opened   Time      `cbor:"7,keyasint"` // when the first event happened
	Received Time      `cbor:"8,keyasint"` // when it arrived
	Last     Time      `cbor:"9,keyasint"` // when the newest one happened
	Count    uint32    `cbor:"10,keyasint"`
	Events   []EventID `cbor:"11,keyasint"` // the first and the newest, MaxFolded at most
	Late     bool      `cbor:"12,keyasint,omitempty"`

	Cleared    Time         `cbor:"13,keyasint,omitempty"` // since when it is no longer so; 0: it is
	Acked      Time         `cbor:"14,keyasint,omitempty"`
	AckedBy    UserID       `cbor:"15,keyasint,omitempty"`
	Assignee   UserID       `cbor:"16,keyasint,omitempty"` // who has taken it
	Taken      Time         `cbor:"17,keyasint,omitempty"`
	Closed     Time         `cbor:"18,keyasint,omitempty"`
	ClosedBy   UserID       `cbor:"19,keyasint,omitempty"`
	Resolution Resolution   `cbor:"20,keyasint,omitempty"`
	Log        []Attendance `cbor:"21,keyasint,omitempty"` // oldest first
	Version    uint64       `cbor:"22,keyasint"`
}

// Topic is what an Attention is about.
type Topic struct {
	Kind        EventKind `cbor:"1,keyasint"`
	Alarms      Alarms    `cbor:"2,keyasint,omitempty"`
	Fence       FenceID   `cbor:"3,keyasint,omitempty"`
	Rule        RuleID    `cbor:"4,keyasint,omitempty"`
	Undelivered bool      `cbor:"5,keyasint,omitempty"` // nobody could be told of it
}

// Critical reports whether the topic comes before others.
func (t Topic) Critical() bool { return t.Undelivered || t.Alarms&CriticalAlarms != 0 }

// AlwaysRaised are the alarms of a device that nobody has to ask for.
const AlwaysRaised = SOS | PowerCut | Tamper

// Bounds of an Attention.
const (
	MaxFolded  = 32  // events that it names
	MaxAttends = 200 // entries of its log
	MaxComment = 2000
)

// Attendance is what somebody did about an Attention.
type Attendance struct {
	At   Time   `cbor:"1,keyasint"`
	By   UserID `cbor:"2,keyasint"`
	Did  string `cbor:"3,keyasint"` // taken, released, acknowledged, closed, commented
	Note string `cbor:"4,keyasint,omitempty"`
}

// Resolution is how an Attention ended.
type Resolution string

// The resolutions.
const (
	ResolvedTrue  Resolution = "true"
	ResolvedFalse Resolution = "false_alarm"
	ResolvedTest  Resolution = "test"
	ResolvedNone  Resolution = "no_answer"
	ResolvedOther Resolution = "other"
)

// Resolutions are all of them.
func Resolutions() []Resolution {
	return []Resolution{ResolvedTrue, ResolvedFalse, ResolvedTest, ResolvedNone, ResolvedOther}
}

// The states of an Attention: whether it still is so, and whether somebody
// acknowledged it.
const (
	ActiveUnack  = "active_unack"
	ActiveAck    = "active_ack"
	ClearedUnack = "cleared_unack"
	ClearedAck   = "cleared_ack"
	ClosedState  = "closed"
)

// State is where it stands.
func (a *Attention) State() string {
	switch {
	case a.Closed != 0:
		return ClosedState
	case a.Cleared != 0 && a.Acked != 0:
		return ClearedAck
	case a.Cleared != 0:
		return ClearedUnack
	case a.Acked != 0:
		return ActiveAck
	}
	return ActiveUnack
}

// TopicOf is what an event would raise.
func TopicOf(e *Event) Topic {
	return Topic{Kind: e.Kind, Alarms: e.Alarms, Fence: e.Fence, Rule: e.Rule}
}

// NewAttention opens one with an event.
func NewAttention(e *Event, about Topic) Attention {
	return Attention{
		ID: e.ID, Company: e.Company, Owner: e.Owner, Device: e.Device, Topic: about, Place: e.Place,
		Opened: e.Time, Received: e.Received, Last: e.Time, Count: 1, Events: []EventID{e.ID}, Late: e.Flags&Late != 0, Version: 1,
	}
}

// NameUndelivered is the identity of the Attention that a delivery's failure opens.
func NameUndelivered(k DeliveryKey) EventID {
	id := k.Event
	sum := sha256.Sum256([]byte(k.String()))
	copy(id[6:], sum[:10])
	return id
}

// Fold takes a like event in. What had cleared is active again, and wants to be
// acknowledged again.
func (a *Attention) Fold(e *Event) {
	a.Count++
	if e.Time >= a.Last {
		a.Last, a.Place = e.Time, e.Place
	}
	if a.Cleared != 0 && e.Time >= a.Cleared {
		a.Cleared, a.Acked, a.AckedBy = 0, 0, 0
	}
	if !slices.Contains(a.Events, e.ID) {
		if len(a.Events) == MaxFolded {
			a.Events = slices.Delete(slices.Clone(a.Events), 1, 2)
		}
		a.Events = append(a.Events, e.ID)
	}
	a.Version++
}

// Clear notes that it is no longer so; false if that was known, or is older
// than the newest event.
func (a *Attention) Clear(at Time) bool {
	if a.Cleared != 0 || at < a.Last {
		return false
	}
	a.Cleared = max(at, 1)
	a.Version++
	return true
}

// Ends reports whether an event shows that a topic is no longer so. A
// retracted event ends nothing, and a retraction does neither: people decide.
func (t Topic) Ends(e *Event) bool {
	switch {
	case t.Undelivered:
		return false
	case t.Kind == Alarm:
		return e.Kind == Alarm && t.Alarms&(PowerCut|LowPower) != 0 && e.Alarms&PowerRestored != 0
	case t.Kind == Offline:
		return e.Kind == Online
	case t.Kind == Enter, t.Kind == Dwell, t.Kind == Overstay:
		return e.Kind == Exit && e.Fence == t.Fence
	case t.Kind == Exit:
		return e.Kind == Enter && e.Fence == t.Fence
	case t.Kind == Moving:
		return e.Kind == Stopped
	case t.Kind == Stopped:
		return e.Kind == Moving
	}
	return false
}

// Attend adds to the log, whose oldest entries give way.
func (a *Attention) Attend(at Time, by UserID, did, note string) {
	a.Log = append(slices.Clone(a.Log), Attendance{At: at, By: by, Did: did, Note: note})
	a.Log = a.Log[max(0, len(a.Log)-MaxAttends):]
	a.Version++
}

// AttentionQuery selects from the queue: open ones first, critical ones before
// others, the oldest first; then closed ones, the newest first.
type AttentionQuery struct {
	Scope    Scope
	Owner    OwnerID   // 0 = any
	Device   DeviceID  // 0 = any
	Assignee UserID    // 0 = any
	Kind     EventKind // 0 = any
	Nobody   bool      // only those that nobody has taken
	States   []string  // none = any
	After    string
	Limit    int // 1..1000; 0 = 100
}
