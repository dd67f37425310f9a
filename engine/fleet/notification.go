package fleet

import "slices"

// Channel is a way to reach a person.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
	Push  Channel = "push"
)

// Channels are all channels.
func Channels() []Channel { return []Channel{Email, SMS, Push} }

// MaxRecipients bounds the recipients of one notification.
const MaxRecipients = 100

// Notification says who hears of which events, and how.
type Notification struct {
	ID          NotificationID `cbor:"1,keyasint" json:"id"`
	Company     CompanyID      `cbor:"2,keyasint" json:"company"`
	Owner       OwnerID        `cbor:"3,keyasint" json:"owner"` // whose devices it is about
	Description string         `cbor:"4,keyasint" json:"description"`
	AllDevices  bool           `cbor:"5,keyasint" json:"allDevices"` // of the owner
	Devices     []DeviceID     `cbor:"6,keyasint" json:"devices"`
	AllFences   bool           `cbor:"7,keyasint" json:"allFences"` // that the device's owners drew
	Fences      []FenceID      `cbor:"8,keyasint" json:"fences"`
	Kinds       []EventKind    `cbor:"9,keyasint" json:"kinds"`
	Alarms      Alarms         `cbor:"10,keyasint" json:"-"` // with Kinds holding Alarm: which; 0 = all
	Channels    []Channel      `cbor:"11,keyasint" json:"channels"`
	Recipients  []UserID       `cbor:"12,keyasint" json:"recipients"`
	MaxAge      Time           `cbor:"13,keyasint" json:"maxAge"` // ms; older events are not sent as fresh; 0 = 15 min
	Paused      bool           `cbor:"14,keyasint" json:"paused"`
	Version     uint64         `cbor:"15,keyasint" json:"version"`
	Created     Time           `cbor:"16,keyasint" json:"created"`
	Inferred    bool           `cbor:"17,keyasint,omitempty" json:"inferred,omitempty"` // crossings concluded between two fixes too

	// Rules narrows events that rules make to those of the rules listed; empty:
	// of any rule. Other events are left alone.
	Rules []RuleID `cbor:"19,keyasint,omitempty" json:"rules,omitempty"` // sorted

	// Cooldown is how long after a notice others of the same kind and fence
	// are held back, in ms, up to a day; 0 = none, but for alarms of the device
	// (engine/alert). SOS and other critical alarms keep their own.
	Cooldown Time `cbor:"20,keyasint,omitempty" json:"cooldown,omitempty"`
	// Schedule is when the notification is about anything, by the owner's clock
	// at the time of the fix; nil = always.
	Schedule *Schedule `cbor:"21,keyasint,omitempty" json:"schedule,omitempty"`
	// Quiet is when its recipients want no notice, by the owner's clock; nil =
	// never. Critical alarms ignore it; the others wait for its end.
	Quiet *Schedule `cbor:"22,keyasint,omitempty" json:"quiet,omitempty"`
	// Raise puts its events on the attention list, where they stay until
	// somebody acknowledges them.
	Raise bool `cbor:"23,keyasint,omitempty" json:"raise,omitempty"`
	// Plan is the EventPlan that Kinds and Alarms were taken from, and follow when
	// it is edited; 0 = they were chosen one by one.
	Plan RecordID `cbor:"24,keyasint,omitempty" json:"plan,omitzero"`

	// Emails and Phones are told too, though they belong to no user: in the
	// language and by the clock of the customer whose device it is.
	Emails []string `cbor:"25,keyasint,omitempty" json:"emails,omitempty"`
	Phones []string `cbor:"26,keyasint,omitempty" json:"phones,omitempty"` // E.164
}

// LongestCooldown is the most that a notification may set.
const LongestCooldown = Day

// DefaultMaxAge is the age beyond which an event is not sent as fresh.
const DefaultMaxAge = 15 * Minute

// LongestMaxAge is the most that a notification may set instead: times plus
// ages stay far from where integers end.
const LongestMaxAge = 366 * Day

// Validate reports the first rule that the notification breaks.
func (n *Notification) Validate() error {
	if err := validName("description", n.Description); err != nil {
		return err
	}
	if n.Owner == 0 || n.Company == 0 {
		return FieldError("owner", "a notification belongs to a customer or a company")
	}
	if len(n.Kinds) == 0 {
		return FieldError("kinds", "choose at least one")
	}
	if len(n.Channels) == 0 {
		return FieldError("channels", "choose at least one of email, sms, push")
	}
	for _, c := range n.Channels {
		if !slices.Contains(Channels(), c) {
			return FieldError("channels", "%q is not one of email, sms, push", c)
		}
	}
	if len(n.Recipients)+len(n.Emails)+len(n.Phones) == 0 {
		return FieldError("recipients", "name at least one person")
	}
	if len(n.Recipients) > MaxRecipients {
		return FieldError("recipients", "has more than %d people", MaxRecipients)
	}
	if err := n.validAddresses(func(ch Channel) bool { return slices.Contains(n.Channels, ch) }); err != nil {
		return err
	}
	if n.MaxAge < 0 {
		return FieldError("maxAge", "is negative")
	}
	if n.MaxAge > LongestMaxAge {
		return FieldError("maxAge", "is more than %d days", LongestMaxAge/Day)
	}
	if n.Cooldown < 0 || n.Cooldown > LongestCooldown {
		return FieldError("cooldown", "%d ms is not within 0 to %d", int64(n.Cooldown), int64(LongestCooldown))
	}
	if err := n.Schedule.Validate(); err != nil {
		return err
	}
	if err := n.Quiet.Validate(); err != nil {
		return FieldError("quiet", "%v", err)
	}
	return nil
}
