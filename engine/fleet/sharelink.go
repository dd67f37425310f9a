package fleet

import (
	"encoding/hex"
	"slices"
)

// The bounds of a ShareLink.
const (
	MaxShared     = 50        // devices of one link
	MaxShareLife  = 366 * Day // from its beginning to its end
	MaxShareTrail = 24 * 60   // minutes
)

// ShareLink shows some devices to whoever holds its secret, for a while,
// without a sign-in. Only the SHA-256 of the secret and a sealed copy are kept.
type ShareLink struct {
	Head
	Name    string     `cbor:"10,keyasint" json:"name,omitempty" maxLength:"120" doc:"For your lists; guests do not see it. Absent: the first device's" example:"Delivery of Friday"`
	Devices []DeviceID `cbor:"11,keyasint" json:"devices" nullable:"false" minItems:"1" maxItems:"50" doc:"What it shows"`
	From    Time       `cbor:"12,keyasint" json:"from,omitzero" doc:"The link does not open before, and shows no trail and no events of before; absent: now"`
	Expires Time       `cbor:"13,keyasint" json:"expires" doc:"At most 366 days after from"`

	Live   bool `cbor:"14,keyasint,omitempty" json:"live,omitempty" doc:"Shows where the devices are now"`
	Trail  int  `cbor:"15,keyasint,omitempty" json:"trailMinutes,omitempty" minimum:"0" maximum:"1440" doc:"Shows where they were in the last minutes, never of before from" example:"30"`
	Events bool `cbor:"16,keyasint,omitempty" json:"events,omitempty" doc:"Shows their events"`
	Names  bool `cbor:"17,keyasint,omitempty" json:"names,omitempty" doc:"Shows their names; else they are numbered"`

	EndFence    FenceID   `cbor:"18,keyasint,omitempty" json:"endFence,omitzero" doc:"The link ends when one of its devices enters or leaves this fence"`
	EndOn       string    `cbor:"19,keyasint,omitempty" json:"endOn,omitempty" enum:"enter,leave" doc:"With endFence: which"`
	Destination *GeoPoint `cbor:"20,keyasint,omitempty" json:"destination,omitempty" doc:"Shown to guests with distance and arrival"`
	MaxViews    int       `cbor:"21,keyasint,omitempty" json:"maxViews,omitempty" minimum:"0" maximum:"1000000" doc:"How often it may be opened; 0 or absent: any number"`
	PIN         *string   `cbor:"-" json:"pin,omitempty" maxLength:"12" pattern:"^([0-9]{4,12})?$" doc:"Write-only: 4 to 12 digits that guests have to enter. Absent: as it is; empty: none" example:"4711"`

	TokenHash []byte `cbor:"22,keyasint" json:"-"`
	Sealed    string `cbor:"23,keyasint,omitempty" json:"-"` // the secret, to be copied again
	PINHash   string `cbor:"24,keyasint,omitempty" json:"-"` // argon2id; "" = none
	PINFailed int    `cbor:"25,keyasint,omitempty" json:"-"` // wrong ones in a row
	PINLocked Time   `cbor:"26,keyasint,omitempty" json:"-"` // no PIN is taken before

	Views   int    `cbor:"27,keyasint,omitempty" json:"views" readOnly:"true" doc:"How often it was opened"`
	Viewed  Time   `cbor:"28,keyasint,omitempty" json:"viewed,omitzero" readOnly:"true" doc:"When it was opened last"`
	Revoked Time   `cbor:"29,keyasint,omitempty" json:"revoked,omitzero" readOnly:"true"`
	Ended   Time   `cbor:"30,keyasint,omitempty" json:"ended,omitzero" readOnly:"true" doc:"When a device crossed endFence"`
	By      UserID `cbor:"31,keyasint,omitempty" json:"by,omitzero" readOnly:"true" doc:"Who made it"`

	// What the API adds for those who may read the link.
	URL         string   `cbor:"-" json:"url,omitempty" readOnly:"true" doc:"What to pass on"`
	State       string   `cbor:"-" json:"state,omitempty" readOnly:"true" doc:"early, open, expired, revoked, arrived (a device crossed endFence) or used (maxViews is reached)"`
	PINSet      bool     `cbor:"-" json:"pinSet,omitempty" readOnly:"true" doc:"Guests have to enter a PIN"`
	DeviceNames []string `cbor:"-" json:"deviceNames,omitempty" readOnly:"true" doc:"In the order of devices"`
}

// GeoPoint is a place in degrees.
type GeoPoint struct {
	Lat float64 `cbor:"1,keyasint" json:"lat" minimum:"-90" maximum:"90" example:"4.6097"`
	Lon float64 `cbor:"2,keyasint" json:"lon" minimum:"-180" maximum:"180" example:"-74.0817"`
}

// The states of a ShareLink.
const (
	ShareEarly   = "early"
	ShareOpen    = "open"
	ShareExpired = "expired"
	ShareRevoked = "revoked"
	ShareArrived = "arrived"
	ShareUsed    = "used" // no further view; who looks may go on looking
)

// Kind is ShareLinkRecord.
func (*ShareLink) Kind() RecordKind { return ShareLinkRecord }

// Validate reports the first rule that the link breaks.
func (l *ShareLink) Validate() error {
	if err := validName("name", l.Name); err != nil {
		return err
	}
	switch {
	case len(l.Devices) > MaxShared:
		return FieldError("devices", "more than %d", MaxShared)
	case l.Expires <= l.From:
		return FieldError("expires", "is not after from")
	case l.Expires-l.From > MaxShareLife:
		return FieldError("expires", "is more than 366 days after from")
	case l.Trail < 0 || l.Trail > MaxShareTrail:
		return FieldError("trailMinutes", "%d is not within 0 to %d", l.Trail, MaxShareTrail)
	case !l.Live && l.Trail == 0 && !l.Events:
		return FieldError("live", "the link would show nothing: choose live, trailMinutes or events")
	case l.EndFence != 0 && l.EndOn != "enter" && l.EndOn != "leave":
		return FieldError("endOn", "write enter or leave")
	case l.MaxViews < 0 || l.MaxViews > 1_000_000:
		return FieldError("maxViews", "%d is not within 0 to %d", l.MaxViews, 1_000_000)
	case len(l.TokenHash) != 32:
		return FieldError("token", "is missing")
	}
	if d := l.Destination; d != nil {
		if _, ok := MakePlace(d.Lat, d.Lon); !ok {
			return FieldError("destination", "%v, %v is no place on earth", d.Lat, d.Lon)
		}
	}
	return nil
}

// StateAt is how the link stands at a time.
func (l *ShareLink) StateAt(now Time) string {
	switch {
	case l.Revoked != 0:
		return ShareRevoked
	case l.Ended != 0:
		return ShareArrived
	case l.Expires <= now:
		return ShareExpired
	case now < l.From:
		return ShareEarly
	case l.MaxViews > 0 && l.Views >= l.MaxViews:
		return ShareUsed
	}
	return ShareOpen
}

// EndsBy reports whether an event ends the link.
func (l *ShareLink) EndsBy(e *Event) bool {
	return l.EndFence != 0 && e.Fence == l.EndFence && e.Kind == l.EndKind() && e.Time >= l.From &&
		e.Flags&Retracted == 0 && slices.Contains(l.Devices, e.Device)
}

// EndKind is the kind of event that ends the link.
func (l *ShareLink) EndKind() EventKind {
	if l.EndOn == "leave" {
		return Exit
	}
	return Enter
}

// ShareToken is the unique text by which a link is found.
func ShareToken(hash []byte) UniqueText {
	return UniqueText{Field: "token", Text: hex.EncodeToString(hash), Global: true}
}

// Refs are the devices and the fence; the link forgets one that is deleted.
func (l *ShareLink) Refs() (refs []Ref) {
	for _, d := range l.Devices {
		refs = RefTo(refs, "devices", DeviceRecord, d, Forget)
	}
	return RefTo(refs, "endFence", FenceRecord, l.EndFence, Forget)
}

// Forget takes a deleted device off the list, or a deleted fence.
func (l *ShareLink) Forget(kind RecordKind, id uint64) {
	switch kind {
	case DeviceRecord:
		l.Devices = without(l.Devices, DeviceID(id))
	case FenceRecord:
		l.EndFence, l.EndOn = 0, ""
	}
}

// Unique is the token.
func (l *ShareLink) Unique() []UniqueText { return []UniqueText{ShareToken(l.TokenHash)} }

// Words are the name.
func (l *ShareLink) Words() []string { return []string{l.Name} }

// Public is the link without its secrets.
func (l *ShareLink) Public() any {
	p := *l
	p.TokenHash, p.Sealed, p.PINHash, p.PIN = nil, "", "", nil
	return &p
}
