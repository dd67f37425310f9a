package api

import (
	"cmp"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// fields are a company's additional fields of a form, in the order of the form.
// A call reads them once.
func (c *call) fields(company fleet.CompanyID, entity fleet.FieldEntity) ([]fleet.Field, error) {
	all, ok := c.known[company]
	if !ok && company != 0 {
		p, err := c.api.o.Books.Fields.List(fleet.Query{Scope: fleet.Scope{Company: company}, Owner: fleet.Owner(company), Limit: 1000})
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(p.Items, func(a, b fleet.Field) int { return cmp.Compare(a.Order, b.Order) })
		if c.known == nil {
			c.known = map[fleet.CompanyID][]fleet.Field{}
		}
		all, c.known[company] = p.Items, p.Items
	}
	var out []fleet.Field
	for i := range all {
		if all[i].Entity == entity && c.seesField(&all[i]) {
			out = append(out, all[i])
		}
	}
	return out, nil
}

// seesField keeps from customers' people what the staff writes down about
// customers and about itself.
func (c *call) seesField(f *fleet.Field) bool {
	return c.user.Customer == 0 || f.Entity == fleet.UserField || f.Entity == fleet.DeviceField
}

// layExtra holds the values that were sent against the fields of the form that
// the caller sees. Values of others stay, and all do if none were sent about a
// record that is there.
func (c *call) layExtra(company fleet.CompanyID, entity fleet.FieldEntity, was, sent fleet.Extra, fresh bool) (fleet.Extra, error) {
	if sent == nil && !fresh {
		return was, nil
	}
	fields, err := c.fields(company, entity)
	if err != nil {
		return nil, err
	}
	kept, err := fleet.CheckExtra(fields, sent)
	if err != nil {
		return nil, err
	}
	if c.user.Customer != 0 && entity != fleet.UserField && entity != fleet.DeviceField {
		return was, nil // fields is empty: nothing was taken
	}
	return kept, nil
}

// showExtra is the values that the caller may see, of fields that are there.
func (c *call) showExtra(company fleet.CompanyID, entity fleet.FieldEntity, values fleet.Extra) fleet.Extra {
	if len(values) == 0 {
		return nil
	}
	fields, err := c.fields(company, entity)
	if err != nil {
		return nil
	}
	out := fleet.Extra{}
	for i := range fields {
		if id := fields[i].ID.String(); values[id] != "" {
			out[id] = values[id]
		}
	}
	return out
}

// entityOf is whose form a person's is.
func entityOf(customer fleet.CustomerID) fleet.FieldEntity {
	if customer == 0 {
		return fleet.OperatorField
	}
	return fleet.UserField
}

// settle takes a predefined location over into an address that is empty, and
// its place where none is given, when it is newly named.
func (c *call) settle(was, id fleet.RecordID, a *fleet.Address, lat, lon **float64) error {
	if id == 0 || id == was {
		return nil
	}
	if ok, err := c.seesRecord(fleet.LocationRecord, uint64(id)); err != nil {
		return err
	} else if !ok {
		return errForeign("location")
	}
	l, err := c.api.o.Books.Locations.Get(id)
	if err != nil {
		return foreign("location", err)
	}
	given := *a
	given.Country = ""
	if given == (fleet.Address{}) {
		country := a.Country
		*a = l.Address
		a.Country = cmp.Or(country, l.Country)
	}
	if *lat == nil && *lon == nil {
		*lat, *lon = l.Lat, l.Lon
	}
	return nil
}
