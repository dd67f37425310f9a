package fleet

// Plan is what customers buy: which modules, how much of what, for how much.
type Plan struct {
	Head
	Name        string     `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Fleet 50"`
	Note        string     `cbor:"11,keyasint,omitempty" json:"note,omitempty" maxLength:"2000"`
	Regions     []string   `cbor:"12,keyasint,omitempty" json:"regions,omitempty" maxItems:"250" doc:"Countries in which it is offered (ISO 3166-1, two letters); none: all" example:"[\"CO\",\"VE\"]"`
	Connections []string   `cbor:"13,keyasint,omitempty" json:"connections,omitempty" maxItems:"3" doc:"Kinds of connection that it is offered for: mqtt, tcp, http; none: all" example:"[\"mqtt\"]"`
	Modules     []Module   `cbor:"14,keyasint,omitempty" json:"modules,omitempty" maxItems:"50" doc:"That customers may use; GET /companies/{id}/modules lists them" example:"[\"map\",\"history\",\"geofences\"]"`
	Limits      PlanLimits `cbor:"15,keyasint,omitzero" json:"limits,omitzero"`
	Prices      PlanPrices `cbor:"16,keyasint,omitzero" json:"prices,omitzero"`
	TrialDays   int        `cbor:"17,keyasint,omitempty" json:"trialDays,omitempty" minimum:"0" maximum:"365" doc:"How long a trial lasts; 0: there is none" example:"30"`
	Locked      bool       `cbor:"18,keyasint,omitempty" json:"lockedOnceAssigned,omitempty" doc:"A customer that has it keeps it"`
	Closed      bool       `cbor:"19,keyasint,omitempty" json:"closed,omitempty" doc:"No longer offered; customers that have it keep it"`
}

// PlanLimits is how much a customer and its inner customers may have together;
// 0 = any number.
type PlanLimits struct {
	Devices    int `cbor:"1,keyasint,omitempty" json:"devices,omitempty" minimum:"0" example:"50"`
	Users      int `cbor:"2,keyasint,omitempty" json:"users,omitempty" minimum:"0" example:"10"`
	Inner      int `cbor:"3,keyasint,omitempty" json:"innerCustomers,omitempty" minimum:"0"`
	Fences     int `cbor:"4,keyasint,omitempty" json:"geofences,omitempty" minimum:"0" example:"100"`
	Rules      int `cbor:"5,keyasint,omitempty" json:"rules,omitempty" minimum:"0"`
	ShareLinks int `cbor:"6,keyasint,omitempty" json:"shareLinks,omitempty" minimum:"0"`
	SMS        int `cbor:"7,keyasint,omitempty" json:"smsPerMonth,omitempty" minimum:"0" maximum:"10000000" doc:"Parts a calendar month, about the devices of one customer" example:"500"`
}

// PlanPrices is what a month costs, in hundredths of the currency's unit.
type PlanPrices struct {
	Currency string `cbor:"1,keyasint,omitempty" json:"currency,omitempty" maxLength:"3" doc:"ISO 4217" example:"USD"`
	Base     int64  `cbor:"2,keyasint,omitempty" json:"base,omitempty" minimum:"0" maximum:"1000000000000" doc:"A customer and month, in hundredths of the currency" example:"1000"`
	Device   int64  `cbor:"3,keyasint,omitempty" json:"device,omitempty" minimum:"0" maximum:"1000000000000" doc:"A device and month" example:"250"`
	SMS      int64  `cbor:"4,keyasint,omitempty" json:"sms,omitempty" minimum:"0" maximum:"1000000000000" doc:"A part of an SMS" example:"5"`
}

// Kind is PlanRecord.
func (*Plan) Kind() RecordKind { return PlanRecord }

// Validate reports the first rule that the plan breaks.
func (p *Plan) Validate() error {
	if err := validName("name", p.Name); err != nil {
		return err
	}
	if err := validText("note", p.Note, maxNote); err != nil {
		return err
	}
	for _, r := range p.Regions {
		if !knownCountry(r) {
			return FieldError("regions", "%q is no two-letter country code (ISO 3166-1)", r)
		}
	}
	for _, k := range p.Connections {
		if k != "mqtt" && k != "tcp" && k != "http" {
			return FieldError("connections", "%q is not one of mqtt, tcp, http", k)
		}
	}
	for _, m := range p.Modules {
		if err := m.Validate(); err != nil {
			return FieldError("modules", "%v", err)
		}
	}
	l, n := &p.Limits, &p.Prices
	for field, v := range map[string]int{
		"devices": l.Devices, "users": l.Users, "innerCustomers": l.Inner, "geofences": l.Fences, "rules": l.Rules,
		"shareLinks": l.ShareLinks, "smsPerMonth": l.SMS,
	} {
		if v < 0 || v > MaxSMSBudget {
			return FieldError("limits."+field, "%d is not within 0 to %d", v, MaxSMSBudget)
		}
	}
	for field, v := range map[string]int64{"base": n.Base, "device": n.Device, "sms": n.SMS} {
		if v < 0 || v > 1e12 {
			return FieldError("prices."+field, "%d is not within 0 to %d", v, int64(1e12))
		}
		if v > 0 && n.Currency == "" {
			return FieldError("prices.currency", "is required")
		}
	}
	if n.Currency != "" && len(n.Currency) != 3 {
		return FieldError("prices.currency", "%q is no three-letter currency code (ISO 4217)", n.Currency)
	}
	if p.TrialDays < 0 || p.TrialDays > 365 {
		return FieldError("trialDays", "%d is not within 0 to %d", p.TrialDays, 365)
	}
	return nil
}

// Refs is nothing: customers name plans, and keep theirs from being deleted.
func (*Plan) Refs() []Ref { return nil }

// Unique is the name, in the company.
func (p *Plan) Unique() []UniqueText { return []UniqueText{{Field: "name", Text: p.Name}} }

// Words are the name and the note.
func (p *Plan) Words() []string { return []string{p.Name, p.Note} }

// Offered reports whether a customer of a country ("" = any), with a kind of
// connection ("" = any), may be given the plan.
func (p *Plan) Offered(country, connection string) bool {
	in := func(list []string, v string) bool {
		for _, x := range list {
			if x == v {
				return true
			}
		}
		return len(list) == 0 || v == ""
	}
	return !p.Closed && in(p.Regions, country) && in(p.Connections, connection)
}
