package fleet

import "strings"

// CommandKind says what a command wants of a tracker.
type CommandKind string

// The kinds.
const (
	PositionNow  CommandKind = "position"
	EngineStop   CommandKind = "engineStop"
	EngineResume CommandKind = "engineResume"
	SetInterval  CommandKind = "interval"
	CustomText   CommandKind = "custom"
)

// Bounds of commands.
const (
	MaxCommandText = 200        // characters: what fits into one frame of every protocol
	MaxInterval    = 86400      // seconds between two reports
	MaxOrders      = 16         // commands that wait for one device
	CommandWait    = 2 * Minute // for the tracker's answer
	CommandExpiry  = 24 * Hour  // how long a command waits for its device, where it does not say
	MaxCommandWait = 7 * 24 * Hour
)

// Order is what a command says, apart from whose it is.
type Order struct {
	ID      RecordID
	Kind    CommandKind
	Seconds int    // SetInterval
	Text    string // CustomText
	Expires Time
}

// Mark is what stands for the order on the wire, for trackers that give such a
// number back with their answers: never 0, and the same each time that the
// order goes out. Two orders of one device have the same in one of four billion
// pairs.
func (o *Order) Mark() uint32 { return max(uint32(o.ID), 1) }

// Validate reports the first rule that the order breaks.
func (o *Order) Validate() error {
	switch o.Kind {
	case PositionNow, EngineStop, EngineResume:
	case SetInterval:
		if o.Seconds < 1 || o.Seconds > MaxInterval {
			return FieldError("seconds", "%d is not within 1 to %d", o.Seconds, MaxInterval)
		}
	case CustomText:
		if o.Text == "" {
			return FieldError("text", "is required")
		}
		if len(o.Text) > MaxCommandText || strings.ContainsFunc(o.Text, func(r rune) bool { return r < ' ' || r > '~' }) {
			return FieldError("text", "is not of 1 to %d printable ASCII characters", MaxCommandText)
		}
	default:
		return FieldError("kind", "%q is not one of position, engineStop, engineResume, interval, custom", string(o.Kind))
	}
	return nil
}
