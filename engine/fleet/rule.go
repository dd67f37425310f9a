package fleet

// Rule decides that something happened to a device that takes time or speed to
// tell; a [Notification] says who hears of it. What it asks for, by its Trigger
// (times are fix times):
//
//   - Dwell: the device has been in a fence for After. One event a visit, at
//     the moment when the time was full.
//   - Overstay: the device is in a fence for longer than After, and again each
//     After until it leaves, at most MaxOverstays a visit. With At: it is in a
//     fence when the clock shows At; one event a fence and day.
//   - Absent: the device has been in none of the fences for After; one event an
//     absence. With At: it is in none of them when the clock shows At; one
//     event a day.
//   - Speeding: the device is faster than Limit, and still is After later (0:
//     10 s); with fences, while it is in one of them. One event an episode; an
//     episode ends with a fix slower than the limit by 3 km/h or 5 %, whichever
//     is more. Only fixes that carry a speed count.
//   - Stopped: the device has not moved for After (0: 3 min). One event a stop.
//   - Moving: a device that had stopped, for After (0: 3 min), moved off.
//
// A visit begins when the device counts as in the fence by the fence's own
// preset: what its margins take for drift is no departure. It begins anew for a
// device that is in the fence when the rule or the fence is drawn or edited. A
// moment at which the device may be leaving, or coming, waits until that is
// decided.
type Rule struct {
	ID      RuleID    `cbor:"1,keyasint" json:"id"`
	Company CompanyID `cbor:"2,keyasint" json:"company"`
	Owner   OwnerID   `cbor:"3,keyasint" json:"owner"` // a customer or the company
	Name    string    `cbor:"4,keyasint" json:"name"`
	Trigger EventKind `cbor:"5,keyasint" json:"trigger"`
	Targets Targets   `cbor:"6,keyasint" json:"targets"` // the devices, as a fence's

	AllFences bool      `cbor:"7,keyasint" json:"allFences"` // every fence that applies to the device
	Fences    []FenceID `cbor:"8,keyasint" json:"fences"`    // sorted

	After Time         `cbor:"9,keyasint,omitempty" json:"after"`  // ms
	At    *MinuteOfDay `cbor:"10,keyasint,omitempty" json:"at"`    // in place of After; never changed once set
	Limit float32      `cbor:"11,keyasint,omitempty" json:"limit"` // km/h

	// Schedule says when the rule makes events, by the owner's clock: an event
	// at another time is left out, and what it counts goes on. With At only its
	// days count. nil: always.
	Schedule *Schedule `cbor:"12,keyasint,omitempty" json:"schedule"`

	Paused  bool   `cbor:"13,keyasint" json:"paused"`
	Judge   uint32 `cbor:"14,keyasint" json:"judge"`   // rises with all but the name
	From    Time   `cbor:"15,keyasint" json:"from"`    // since when this Judge version holds, as a fence's
	Version uint64 `cbor:"16,keyasint" json:"version"` // rises with every edit
	Created Time   `cbor:"17,keyasint" json:"created"`
}

// Limits of rules.
const (
	MaxOverstays  = 100         // events of one overstay
	MaxRuleAfter  = 400 * Day   // the longest After of a dwell, overstay or absent rule
	MaxShortAfter = 10 * Minute // of speeding: what takes longer would be old when told
	MaxStopAfter  = Day
	MaxSpeedLimit = 1000 // km/h
)

// Validate reports the first rule that the rule breaks.
func (r *Rule) Validate() error {
	if err := validName("name", r.Name); err != nil {
		return err
	}
	if r.Owner == 0 || r.Company == 0 {
		return FieldError("owner", "a rule belongs to a customer or a company")
	}
	if err := r.Schedule.Validate(); err != nil {
		return err
	}
	if r.At != nil && *r.At >= minutesOfDay {
		return FieldError("at", "is no time of day")
	}
	most := MaxRuleAfter
	switch r.Trigger {
	case Dwell, Overstay, Absent:
		if !r.AllFences && len(r.Fences) == 0 && !r.Paused { // the last fence of a paused one may be gone
			return FieldError("fences", "choose the fences that the rule is about")
		}
		if r.At != nil && (r.Trigger == Dwell || r.After != 0) {
			return FieldError("at", "stands in place of a duration, in rules of overstay and absent")
		}
		if r.At == nil && r.After < Second {
			return FieldError("after", "is less than a second")
		}
	case Speeding:
		if !(r.Limit >= 1 && r.Limit <= MaxSpeedLimit) {
			return FieldError("limit", "%v is not within 1 to %d km/h", r.Limit, MaxSpeedLimit)
		}
		most = MaxShortAfter
	case Moving, Stopped:
		if r.AllFences || len(r.Fences) > 0 {
			return FieldError("fences", "has no meaning in a rule about motion")
		}
		most = MaxStopAfter
	default:
		return FieldError("trigger", "%q is not one of dwell, overstay, absent, overspeed, moving, stopped", r.Trigger)
	}
	if r.Trigger != Speeding && r.Limit != 0 {
		return FieldError("limit", "has a meaning in a rule of overspeed only")
	}
	if r.At != nil && r.Trigger != Overstay && r.Trigger != Absent {
		return FieldError("at", "stands in place of a duration, in rules of overstay and absent")
	}
	if r.After < 0 || r.After > most {
		return FieldError("after", "%d ms is not within 0 to %d", int64(r.After), int64(most))
	}
	return nil
}
