package fleet

// Asset is what carries devices: a vehicle, a person, a container. It remembers
// which device it carried when.
type Asset struct {
	Head
	Name    string     `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Truck 12"`
	Type    string     `cbor:"11,keyasint" json:"type" enum:"vehicle,person,container,other" example:"vehicle"`
	Plate   string     `cbor:"12,keyasint,omitempty" json:"plate,omitempty" maxLength:"32" example:"ABC123"`
	Note    string     `cbor:"13,keyasint,omitempty" json:"note,omitempty" maxLength:"2000"`
	Devices []Carriage `cbor:"14,keyasint,omitempty" json:"devices,omitempty" maxItems:"1000" doc:"What it carries and carried"`
}

// Carriage is a stretch of time in which an asset carried a device.
type Carriage struct {
	Device DeviceID `cbor:"1,keyasint" json:"device"`
	From   Time     `cbor:"2,keyasint" json:"from"`
	To     Time     `cbor:"3,keyasint,omitempty" json:"to,omitzero" doc:"Absent: to this day"`
}

// Kind is AssetRecord.
func (*Asset) Kind() RecordKind { return AssetRecord }

// Validate reports the first rule that the asset breaks.
func (a *Asset) Validate() error {
	if err := validName("name", a.Name); err != nil {
		return err
	}
	if err := oneOf("type", a.Type, "vehicle", "person", "container", "other"); err != nil {
		return err
	}
	if err := validText("plate", a.Plate, 32); err != nil {
		return err
	}
	for i, c := range a.Devices {
		if c.Device == 0 {
			return FieldError("devices", "is required")
		}
		if c.To != 0 && c.From > c.To {
			return FieldError("devices", "is after to")
		}
		for _, o := range a.Devices[:i] {
			if o.Device == c.Device && (o.To == 0 || c.From < o.To) && (c.To == 0 || o.From < c.To) {
				return FieldError("devices", "carries a device twice at one time")
			}
		}
	}
	return validText("note", a.Note, maxNote)
}

// Refs are the devices; the asset forgets one that is deleted.
func (a *Asset) Refs() (refs []Ref) {
	for _, c := range a.Devices {
		refs = RefTo(refs, "devices", DeviceRecord, c.Device, Forget)
	}
	return refs
}

// Forget takes a deleted device out of the history.
func (a *Asset) Forget(_ RecordKind, id uint64) {
	var kept []Carriage
	for _, c := range a.Devices {
		if c.Device != DeviceID(id) {
			kept = append(kept, c)
		}
	}
	a.Devices = kept
}

// Unique is nothing.
func (*Asset) Unique() []UniqueText { return nil }

// Words are the name, the plate and the note.
func (a *Asset) Words() []string { return []string{a.Name, a.Plate, a.Note} }
