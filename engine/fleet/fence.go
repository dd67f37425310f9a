package fleet

import "github.com/vigia-track/vigia/geo"

// Preset is how a fence decides that a device is in or out.
type Preset string

// The presets (design: fence semantics, 9).
const (
	Instant  Preset = "instant"  // state follows each trusted fix
	Balanced Preset = "balanced" // leaving needs a margin and a second fix
	Strict   Preset = "strict"   // more margin, more fixes

	OwnNumbers Preset = "custom" // the numbers of Fence.Custom
)

// Fence is an area that a customer or company watches.
type Fence struct {
	ID      FenceID   `cbor:"1,keyasint" json:"id"`
	Company CompanyID `cbor:"2,keyasint" json:"company"`
	Owner   OwnerID   `cbor:"3,keyasint" json:"owner"` // a customer or the company
	Name    string    `cbor:"4,keyasint" json:"name"`
	Colour  string    `cbor:"5,keyasint" json:"colour"` // #rrggbb
	Shape   geo.Shape `cbor:"6,keyasint" json:"shape"`
	Inside  bool      `cbor:"7,keyasint" json:"inside"`  // makes enter events
	Outside bool      `cbor:"8,keyasint" json:"outside"` // makes exit events
	Preset  Preset    `cbor:"9,keyasint" json:"preset"`
	Targets Targets   `cbor:"10,keyasint" json:"targets"`
	Paused  bool      `cbor:"11,keyasint" json:"paused"`  // keeps its place, watches nothing
	Judge   uint32    `cbor:"12,keyasint" json:"judge"`   // rises with shape, preset, margins and targets
	Version uint64    `cbor:"13,keyasint" json:"version"` // rises with every edit
	Created Time      `cbor:"14,keyasint" json:"created"`

	// AlertIfInside asks for an enter event when the first fix is inside;
	// without it the first sight sets the state silently.
	AlertIfInside bool `cbor:"15,keyasint" json:"alertIfInside"`

	// From is since when this Judge version holds: fixes older than it set the
	// state but make no events. The commit sets it to the change's time
	// whenever Judge rises (0, the beginning of time, for a change that is
	// Since) and keeps it otherwise.
	From Time `cbor:"16,keyasint" json:"from"`

	// NoPasses leaves out crossings between two fixes outside, which are
	// concluded otherwise. MinPass is how long the way between them must lie
	// inside, in milliseconds, up to a minute; 0 = 1 s. Neither raises Judge.
	NoPasses bool `cbor:"18,keyasint,omitempty" json:"noPasses,omitempty"`
	MinPass  Time `cbor:"19,keyasint,omitempty" json:"minPass,omitempty"`

	// SpeedLimit, in km/h, is what devices may drive inside; 0 = any speed.
	// Schedule says when the fence makes events, by its owner's clock; nil:
	// always. Neither raises Judge, and neither changes who is inside.
	SpeedLimit float32   `cbor:"20,keyasint,omitempty" json:"speedLimit,omitempty"`
	Schedule   *Schedule `cbor:"21,keyasint,omitempty" json:"schedule,omitempty"`

	Custom *Custom `cbor:"17,keyasint,omitempty" json:"custom,omitempty"` // with the preset custom; never changed once set
}

// Targets says which of the owner's devices a fence applies to.
type Targets struct {
	All     bool       `cbor:"1,keyasint" json:"all"`     // every device of the owner
	Inner   bool       `cbor:"2,keyasint" json:"inner"`   // with All: of its inner customers too
	Devices []DeviceID `cbor:"3,keyasint" json:"devices"` // sorted
	Labels  []LabelID  `cbor:"4,keyasint" json:"labels"`  // sorted
}

// Validate reports the first rule that the fence breaks, a bad shape with the
// position of its fault.
func (f *Fence) Validate() error {
	if err := validName("name", f.Name); err != nil {
		return err
	}
	if f.Owner == 0 || f.Company == 0 {
		return FieldError("owner", "a fence belongs to a customer or a company")
	}
	if f.Colour != "" && !validColour(f.Colour) {
		return FieldError("colour", "%q is no colour; write #rrggbb", f.Colour)
	}
	switch f.Preset {
	case Instant, Balanced, Strict:
	case OwnNumbers:
		if err := f.Custom.validate(); err != nil {
			return err
		}
	default:
		return FieldError("preset", "%q is not one of instant, balanced, strict, custom", f.Preset)
	}
	if f.MinPass < 0 || f.MinPass > Minute {
		return FieldError("minPass", "%d ms is not within 0 to a minute", int64(f.MinPass))
	}
	if err := validLimit(f.SpeedLimit); err != nil {
		return err
	}
	if err := f.Schedule.Validate(); err != nil {
		return err
	}
	if err := f.Shape.Validate(); err != nil {
		return &Error{Kind: Invalid, Field: "shape", Message: err.Error(), Err: err}
	}
	return nil
}

// validLimit refuses speed limits other than 0 (none) and 1 to MaxSpeedLimit.
func validLimit(kmh float32) error {
	if kmh != 0 && !(kmh >= 1 && kmh <= MaxSpeedLimit) {
		return FieldError("speedLimit", "%v is not within 1 to %d km/h", kmh, MaxSpeedLimit)
	}
	return nil
}

func validColour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	for _, c := range s[1:] {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}
