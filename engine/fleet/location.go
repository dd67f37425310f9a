package fleet

// Address is where somebody is found.
type Address struct {
	Country   string `cbor:"1,keyasint,omitempty" json:"country,omitempty" pattern:"^[A-Z]{2}$" doc:"ISO 3166-1" example:"CO"`
	State     string `cbor:"2,keyasint,omitempty" json:"state,omitempty" maxLength:"120" example:"Cundinamarca"`
	City      string `cbor:"3,keyasint,omitempty" json:"city,omitempty" maxLength:"120" example:"Bogotá"`
	Street    string `cbor:"4,keyasint,omitempty" json:"address,omitempty" maxLength:"300" example:"Carrera 7 # 32-16"`
	Reference string `cbor:"5,keyasint,omitempty" json:"addressReference,omitempty" maxLength:"300" doc:"What to look for" example:"Opposite the park"`
	Zip       string `cbor:"6,keyasint,omitempty" json:"zip,omitempty" maxLength:"20" example:"110311"`
}

func (a *Address) validate() error {
	if a.Country != "" && (len(a.Country) != 2 || !isUpper(rune(a.Country[0])) || !isUpper(rune(a.Country[1]))) {
		return FieldError("country", "%q is no two-letter country code (ISO 3166-1)", a.Country)
	}
	for _, t := range []struct {
		field, text string
		longest     int
	}{{"state", a.State, 120}, {"city", a.City, 120}, {"address", a.Street, 300}, {"addressReference", a.Reference, 300}, {"zip", a.Zip, 20}} {
		if err := validText(t.field, t.text, t.longest); err != nil {
			return err
		}
	}
	return nil
}

// Location is a predefined address of a company. A form that names it takes its
// address over; what is adjusted there afterwards stays there.
type Location struct {
	Head
	Name    string `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Main office"`
	Address `cbor:"11,keyasint"`
	Lat     *float64 `cbor:"12,keyasint,omitempty" json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Degrees" example:"4.6097"`
	Lon     *float64 `cbor:"13,keyasint,omitempty" json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"Degrees" example:"-74.0817"`
}

// Kind is LocationRecord.
func (*Location) Kind() RecordKind { return LocationRecord }

// Validate reports the first rule that the location breaks.
func (l *Location) Validate() error {
	if err := validName("name", l.Name); err != nil {
		return err
	}
	if err := validPoint(l.Lat, l.Lon); err != nil {
		return err
	}
	return l.Address.validate()
}

// validPoint refuses half a place and one that is not on earth; none is fine.
func validPoint(lat, lon *float64) error {
	if (lat == nil) != (lon == nil) {
		return FieldError("lat", "goes with lon")
	}
	if lat != nil {
		return onEarth("lat", *lat, *lon)
	}
	return nil
}

func onEarth(field string, lat, lon float64) error {
	if !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) {
		return FieldError(field, "%v, %v is no place on earth", lat, lon)
	}
	return nil
}

// Refs are none.
func (*Location) Refs() []Ref { return nil }

// Unique is the name.
func (l *Location) Unique() []UniqueText { return []UniqueText{{Field: "name", Text: l.Name}} }

// Words are the name, the city and the street.
func (l *Location) Words() []string { return []string{l.Name, l.City, l.Street} }
