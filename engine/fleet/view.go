package fleet

// View is a saved dashboard: what a screen shows of the map or a list, and how.
type View struct {
	Head
	Name      string       `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Night fleet"`
	Screen    string       `cbor:"11,keyasint,omitempty" json:"screen,omitempty" enum:"map,devices,customers,panel" doc:"What it opens; absent: the map" example:"map"`
	Extent    []float64    `cbor:"12,keyasint,omitempty" json:"extent,omitempty" doc:"West, south, east, north, degrees; west beyond east goes over the 180th meridian; absent: around all devices" example:"[-74.3,4.4,-73.9,4.9]"`
	Layers    []string     `cbor:"13,keyasint,omitempty" json:"layers,omitempty" maxItems:"20" doc:"What the map shows; absent: devices and geofences" example:"[\"devices\",\"geofences\"]"`
	List      string       `cbor:"14,keyasint,omitempty" json:"list,omitempty" enum:"cards,table,none" doc:"How devices are listed; absent: table"`
	Columns   []string     `cbor:"15,keyasint,omitempty" json:"columns,omitempty" maxItems:"40" doc:"Of the table, in order" example:"[\"name\",\"plate\",\"speed\"]"`
	Sort      string       `cbor:"16,keyasint,omitempty" json:"sort,omitempty" maxLength:"40" doc:"A column; with - before it downwards" example:"-speed"`
	Filter    ViewFilter   `cbor:"17,keyasint,omitzero" json:"filter,omitzero"`
	Customers []CustomerID `cbor:"18,keyasint,omitempty" json:"customers,omitempty" maxItems:"10000" doc:"Whose people may open it, beside its owner's"`
}

// ViewFilter is which devices or customers a view shows.
type ViewFilter struct {
	Search string     `cbor:"1,keyasint,omitempty" json:"search,omitempty" maxLength:"120"`
	State  string     `cbor:"2,keyasint,omitempty" json:"state,omitempty" enum:"connected,disconnected" doc:"Absent: all"`
	Owner  CustomerID `cbor:"3,keyasint,omitempty" json:"owner,omitzero" doc:"A customer"`
	Labels []LabelID  `cbor:"4,keyasint,omitempty" json:"labels,omitempty" maxItems:"100" doc:"Any of them"`
	Tag    string     `cbor:"5,keyasint,omitempty" json:"tag,omitempty" maxLength:"120" doc:"Of customers: those that carry it"`
}

// ViewLayers are what a view may have on its map.
func ViewLayers() []string {
	return []string{"devices", "clusters", "trails", "geofences", "markers", "labels", "streets"}
}

// Kind is ViewRecord.
func (*View) Kind() RecordKind { return ViewRecord }

// Validate reports the first rule that the view breaks.
func (v *View) Validate() error {
	if err := validName("name", v.Name); err != nil {
		return err
	}
	if err := oneOf("screen", v.Screen, "", "map", "devices", "customers", "panel"); err != nil {
		return err
	}
	if err := oneOf("list", v.List, "", "cards", "table", "none"); err != nil {
		return err
	}
	if err := oneOf("filter.state", v.Filter.State, "", "connected", "disconnected"); err != nil {
		return err
	}
	if len(v.Extent) != 0 {
		if len(v.Extent) != 4 {
			return FieldError("extent", "has four numbers: west, south, east, north")
		}
		for i := 0; i < 4; i += 2 {
			if err := onEarth("extent", v.Extent[i+1], v.Extent[i]); err != nil {
				return err
			}
		}
		if v.Extent[1] > v.Extent[3] {
			return FieldError("extent", "has four numbers: west, south, east, north")
		}
	}
	for i, l := range v.Layers {
		if err := oneOf("layers", l, ViewLayers()...); err != nil {
			return err
		}
		for _, o := range v.Layers[:i] {
			if o == l {
				return FieldError("layers", "names %q twice", l)
			}
		}
	}
	if len(v.Columns) > 40 {
		return FieldError("columns", "has more than %d entries", 40)
	}
	for _, c := range v.Columns {
		if err := validText("columns", c, 40); err != nil {
			return err
		}
	}
	if err := validText("sort", v.Sort, 40); err != nil {
		return err
	}
	if err := validText("filter.tag", v.Filter.Tag, MaxName); err != nil {
		return err
	}
	return validText("filter.search", v.Filter.Search, MaxName)
}

// Refs are the customers and what it filters by; the view forgets what is
// deleted.
func (v *View) Refs() (refs []Ref) {
	for _, id := range v.Customers {
		refs = RefTo(refs, "customers", CustomerRecord, id, Forget)
	}
	for _, id := range v.Filter.Labels {
		refs = RefTo(refs, "filter.labels", LabelRecord, id, Forget)
	}
	return RefTo(refs, "filter.owner", CustomerRecord, v.Filter.Owner, Forget)
}

// Forget takes a deleted customer or label out.
func (v *View) Forget(kind RecordKind, id uint64) {
	if kind == LabelRecord {
		v.Filter.Labels = without(v.Filter.Labels, LabelID(id))
		return
	}
	v.Customers = without(v.Customers, CustomerID(id))
	if v.Filter.Owner == CustomerID(id) {
		v.Filter.Owner = 0
	}
}

// Unique is the name among an owner's views.
func (v *View) Unique() []UniqueText {
	return []UniqueText{{Field: "name", Text: v.Owner.String() + " " + v.Name}}
}

// Words are the name.
func (v *View) Words() []string { return []string{v.Name} }
