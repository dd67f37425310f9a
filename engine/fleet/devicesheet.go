package fleet

import "slices"

// DeviceSheet is what is written down about one device: its zones, whom to call,
// its schedules, and notes. It stays with the device when that moves; whom to
// call does not. It belongs to the company.
type DeviceSheet struct {
	Head
	Device    DeviceID   `cbor:"10,keyasint" json:"device" readOnly:"true"`
	Zones     []Zone     `cbor:"11,keyasint,omitempty" json:"zones,omitempty" maxItems:"100" doc:"Parts of what it guards"`
	Calls     []Call     `cbor:"12,keyasint,omitempty" json:"calls,omitempty" maxItems:"50" doc:"Whom to call, in this order"`
	Schedules []RecordID `cbor:"13,keyasint,omitempty" json:"schedules,omitempty" maxItems:"20" doc:"Calendars: when it is in use"`
	Fixed     []Note     `cbor:"14,keyasint,omitempty" json:"fixedNotes,omitempty" readOnly:"true"`
	Temporary []Note     `cbor:"15,keyasint,omitempty" json:"temporaryNotes,omitempty" readOnly:"true"`
}

// Zone is a part of what a device guards, such as a door or a tank.
type Zone struct {
	ID     string `cbor:"1,keyasint" json:"id" maxLength:"20" doc:"As the device reports it" example:"003"`
	Name   string `cbor:"2,keyasint" json:"name" maxLength:"120" example:"Cargo door"`
	Number int    `cbor:"3,keyasint,omitempty" json:"number,omitempty" minimum:"0" maximum:"9999" example:"3"`
}

// Call is an entry of a call list.
type Call struct {
	Contact RecordID `cbor:"1,keyasint" json:"contact" doc:"Of the device's customer"`
	When    RecordID `cbor:"2,keyasint,omitempty" json:"when,omitzero" doc:"A calendar; absent: at any time"`
}

// Note is a remark about a device.
type Note struct {
	Text   string `cbor:"1,keyasint" json:"text" maxLength:"2000" example:"The yard's gate is open until ten"`
	Until  Time   `cbor:"2,keyasint,omitempty" json:"until,omitzero" doc:"Of a temporary one: when it goes"`
	Author UserID `cbor:"3,keyasint,omitempty" json:"author,omitzero" readOnly:"true"`
	Name   string `cbor:"4,keyasint,omitempty" json:"authorName,omitempty" readOnly:"true" doc:"As the author was called then"`
	At     Time   `cbor:"5,keyasint,omitempty" json:"at,omitzero" readOnly:"true"`
}

// Bounds of a sheet.
const (
	MaxDeviceNotes = 50        // of either sort
	LongestNote    = 366 * Day // of a temporary one
)

// Kind is DeviceSheetRecord.
func (*DeviceSheet) Kind() RecordKind { return DeviceSheetRecord }

// Validate reports the first rule that the sheet breaks.
func (s *DeviceSheet) Validate() error {
	if s.Device == 0 {
		return FieldError("device", "is required")
	}
	for i := range s.Zones {
		z := &s.Zones[i]
		if err := validName("zones", z.Name); err != nil {
			return err
		}
		if z.ID == "" {
			return FieldError("zones", "is required")
		}
		if err := validText("zones", z.ID, 20); err != nil {
			return err
		}
		if slices.ContainsFunc(s.Zones[:i], func(o Zone) bool { return o.ID == z.ID }) {
			return FieldError("zones", "names %q twice", z.ID)
		}
	}
	for i, c := range s.Calls {
		if c.Contact == 0 {
			return FieldError("calls", "is required")
		}
		if slices.Contains(s.Calls[:i], c) {
			return FieldError("calls", "names %q twice", c.Contact.String())
		}
	}
	if len(s.Fixed) > MaxDeviceNotes || len(s.Temporary) > MaxDeviceNotes {
		return FieldError("notes", "has more than %d entries", MaxDeviceNotes)
	}
	for _, n := range slices.Concat(s.Fixed, s.Temporary) {
		if n.Text == "" {
			return FieldError("notes", "is required")
		}
		if err := validText("notes", n.Text, maxNote); err != nil {
			return err
		}
	}
	return nil
}

// Refs are the device, with which the sheet goes, whom to call, and calendars.
func (s *DeviceSheet) Refs() []Ref {
	refs := RefTo(nil, "device", DeviceRecord, s.Device, Follow)
	for _, c := range s.Calls {
		refs = RefTo(refs, "calls", ContactRecord, c.Contact, Forget)
		refs = RefTo(refs, "calls.when", CalendarRecord, c.When, Refuse)
	}
	for _, id := range s.Schedules {
		refs = RefTo(refs, "schedules", CalendarRecord, id, Refuse)
	}
	return refs
}

// Forget calls a deleted contact no more.
func (s *DeviceSheet) Forget(_ RecordKind, id uint64) {
	s.Calls = slices.DeleteFunc(slices.Clone(s.Calls), func(c Call) bool { return c.Contact == RecordID(id) })
}

// Unique is the device.
func (s *DeviceSheet) Unique() []UniqueText { return []UniqueText{SheetOf(s.Device)} }

// SheetOf is the text by which a device's sheet is found.
func SheetOf(id DeviceID) UniqueText { return UniqueText{Field: "device", Text: id.String()} }

// Words are the device.
func (s *DeviceSheet) Words() []string { return []string{s.Device.String()} }
