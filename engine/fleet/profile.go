package fleet

import (
	"net/url"
	"slices"
	"strings"
)

// The kinds of customer that every company has; its own come beside them
// ([Company].Kinds).
const (
	Natural    = "natural"    // a person
	Legal      = "legal"      // an organisation
	Government = "government" // an authority
	Division   = "division"   // a part of the company itself
	Other      = "other"
)

// CustomerKinds are the built-in kinds, in the order in which screens list them.
func CustomerKinds() []string { return []string{Natural, Legal, Government, Division, Other} }

// Profile is what is written down about a customer. Nothing depends on it.
type Profile struct {
	Kind      string   `cbor:"20,keyasint,omitempty" json:"kind,omitempty" maxLength:"120" doc:"natural, legal, government, division, other, or one of the company's own kinds; absent: natural" example:"legal"`
	TaxID     string   `cbor:"21,keyasint,omitempty" json:"taxId,omitempty" maxLength:"60" doc:"Identity document or tax number" example:"J-30123456-7"`
	Reference string   `cbor:"22,keyasint,omitempty" json:"reference,omitempty" maxLength:"200" doc:"Free text, such as a number in another system; it stands on statements" example:"ERP 10442"`
	Account   string   `cbor:"23,keyasint,omitempty" json:"accountName,omitempty" maxLength:"120" doc:"Of the person or organisation" example:"Transportes Andinos C.A."`
	State     string   `cbor:"24,keyasint,omitempty" json:"state,omitempty" maxLength:"120" example:"Mérida"`
	City      string   `cbor:"25,keyasint,omitempty" json:"city,omitempty" maxLength:"120" example:"Tovar"`
	Address   string   `cbor:"26,keyasint,omitempty" json:"address,omitempty" maxLength:"500" example:"Av. 4, 12-30"`
	Hint      string   `cbor:"27,keyasint,omitempty" json:"addressReference,omitempty" maxLength:"500" doc:"What helps to find the address" example:"Beside the market"`
	Zip       string   `cbor:"28,keyasint,omitempty" json:"zip,omitempty" maxLength:"20" example:"5143"`
	Email     string   `cbor:"29,keyasint,omitempty" json:"email,omitempty" maxLength:"254" example:"office@example.com"`
	Website   string   `cbor:"30,keyasint,omitempty" json:"website,omitempty" maxLength:"300" doc:"http or https" example:"https://example.com"`
	Landline  string   `cbor:"31,keyasint,omitempty" json:"landline,omitempty" doc:"E.164" example:"+582742345678"`
	Mobile    string   `cbor:"32,keyasint,omitempty" json:"mobile,omitempty" doc:"E.164" example:"+584141234567"`
	Fax       string   `cbor:"33,keyasint,omitempty" json:"fax,omitempty" doc:"E.164"`
	Notes     string   `cbor:"34,keyasint,omitempty" json:"notes,omitempty" maxLength:"2000" doc:"For others who support the customer"`
	Tags      []string `cbor:"35,keyasint,omitempty" json:"tags,omitempty" maxItems:"20" doc:"To classify and filter by" example:"[\"gold\"]"`
	Employee  bool     `cbor:"36,keyasint,omitempty" json:"employee,omitempty" doc:"The customer also works for the company"`

	Location RecordID `cbor:"37,keyasint,omitempty" json:"location,omitzero" doc:"A predefined one: naming it without an address takes its address and place over, which may be adjusted afterwards"`
	Lat      *float64 `cbor:"38,keyasint,omitempty" json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Of the address, degrees" example:"8.3283"`
	Lon      *float64 `cbor:"39,keyasint,omitempty" json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"Of the address, degrees" example:"-71.7517"`
	Extra    Extra    `cbor:"60,keyasint,omitempty" json:"extra,omitempty" doc:"Additional fields, by the field's ID: see /fields. Absent on update: as they are" example:"{\"01H8MZ3V7Q2KD\":\"Gold\"}"`
}

func (p *Profile) validate() error {
	for _, t := range []struct {
		field, text string
		longest     int
	}{
		{"kind", p.Kind, MaxName}, {"taxId", p.TaxID, 60}, {"reference", p.Reference, 200}, {"accountName", p.Account, MaxName},
		{"state", p.State, MaxName}, {"city", p.City, MaxName}, {"address", p.Address, 500}, {"addressReference", p.Hint, 500},
		{"zip", p.Zip, 20}, {"notes", p.Notes, maxNote},
	} {
		if err := validText(t.field, t.text, t.longest); err != nil {
			return err
		}
	}
	if p.Email != "" {
		if err := validEmail("email", p.Email); err != nil {
			return err
		}
	}
	if p.Website != "" {
		if u, err := url.Parse(p.Website); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(p.Website) > 300 {
			return FieldError("website", "%q is no web address; write it as https://example.com", p.Website)
		}
	}
	for field, number := range map[string]string{"landline": p.Landline, "mobile": p.Mobile, "fax": p.Fax} {
		if number == "" {
			continue
		}
		if err := ValidPhone(number); err != nil {
			return FieldError(field, "%v", err)
		}
	}
	if err := validPoint(p.Lat, p.Lon); err != nil {
		return err
	}
	if err := p.Extra.validate(); err != nil {
		return err
	}
	return validTags("tags", p.Tags)
}

// maxTags is the most tags that one thing carries.
const maxTags = 20

func validTags(field string, tags []string) error {
	if len(tags) > maxTags {
		return FieldError(field, "has more than %d entries", maxTags)
	}
	for i, t := range tags {
		if err := validName(field, t); err != nil {
			return err
		}
		if slices.ContainsFunc(tags[:i], func(o string) bool { return strings.EqualFold(o, t) }) {
			return FieldError(field, "names %q twice", t)
		}
	}
	return nil
}
