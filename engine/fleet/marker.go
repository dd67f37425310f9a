package fleet

// Marker is a point on the map that a customer or company named: a gate, a
// filling station, a place to watch.
type Marker struct {
	Head
	Name   string  `cbor:"10,keyasint" json:"name" maxLength:"120" example:"North gate"`
	Icon   string  `cbor:"11,keyasint" json:"icon" enum:"pin,flag,home,office,shop,fuel,parking,warehouse,hospital,police,tool,star" example:"flag"`
	Colour string  `cbor:"12,keyasint" json:"colour,omitempty" pattern:"^#[0-9a-fA-F]{6}$" doc:"#rrggbb" example:"#1971c2"`
	Lat    float64 `cbor:"13,keyasint" json:"lat" minimum:"-90" maximum:"90" doc:"Degrees" example:"4.6097"`
	Lon    float64 `cbor:"14,keyasint" json:"lon" minimum:"-180" maximum:"180" doc:"Degrees" example:"-74.0817"`
	Note   string  `cbor:"15,keyasint,omitempty" json:"note,omitempty" maxLength:"2000"`
}

// Kind is MarkerRecord.
func (*Marker) Kind() RecordKind { return MarkerRecord }

// Validate reports the first rule that the marker breaks.
func (m *Marker) Validate() error {
	if err := validName("name", m.Name); err != nil {
		return err
	}
	if m.Colour != "" && !validColour(m.Colour) {
		return FieldError("colour", "%q is no colour; write #rrggbb", m.Colour)
	}
	if _, ok := MakePlace(m.Lat, m.Lon); !ok {
		return FieldError("lat", "%v, %v is no place on earth", m.Lat, m.Lon)
	}
	return validText("note", m.Note, maxNote)
}

// Refs are none.
func (*Marker) Refs() []Ref { return nil }

// Unique is nothing: two gates may have one name.
func (*Marker) Unique() []UniqueText { return nil }

// Words are the name and the note.
func (m *Marker) Words() []string { return []string{m.Name, m.Note} }
