package fleet

import "slices"

// DeviceType is a sort of device: what it can report, and how its panel looks.
// The built-in ones belong to no company and never change; see [DeviceTypes].
type DeviceType struct {
	Head
	Name            string      `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Refrigerated truck"`
	Protocol        string      `cbor:"11,keyasint" json:"protocol" enum:"gt06,teltonika,h02,osmand,owntracks,mqtt" doc:"What it speaks" example:"gt06"`
	Events          []TypeEvent `cbor:"12,keyasint" json:"events" minItems:"1" maxItems:"100" doc:"What may happen to it"`
	Tabs            []PanelTab  `cbor:"13,keyasint" json:"tabs,omitempty" maxItems:"20" enum:"map,zones,users,notifications,contacts,schedules,sms,emails,push,signals,notes,commands,fences,shares,history" doc:"Of its panel, in order; absent: all" example:"[\"map\",\"signals\"]"`
	OfflineAfter    int64       `cbor:"14,keyasint,omitempty" json:"offlineAfter,omitempty" minimum:"-1" doc:"Milliseconds of silence that make it offline, -1: never; a new device takes it over. Absent: 10 minutes"`
	Icon            string      `cbor:"15,keyasint,omitempty" json:"icon,omitempty" maxLength:"60" example:"truck"`
	PositioningOnly bool        `cbor:"16,keyasint,omitempty" json:"positioningOnly,omitempty" doc:"It says where it is and nothing else: a customer who has none but such begins on the map"`
	ClockOffset     int64       `cbor:"17,keyasint,omitempty" json:"clockOffset,omitempty" doc:"Milliseconds that its times are usually wrong by; a new device takes it over"`
	BuiltIn         bool        `cbor:"-" json:"builtIn,omitempty" readOnly:"true" doc:"It belongs to no company and cannot be changed"`
}

// TypeEvent is an entry of a device type's catalogue.
type TypeEvent struct {
	Code     EventCode `cbor:"1,keyasint" json:"code" maxLength:"60" doc:"A kind of event, or alarm. and what the tracker reports" example:"alarm.temperature"`
	Name     *Phrase   `cbor:"2,keyasint,omitempty" json:"name,omitempty" doc:"How the company calls it; absent: as everybody does"`
	Severity Severity  `cbor:"3,keyasint,omitempty" json:"severity,omitempty" enum:"critical,major,minor,info" doc:"Absent: as usual" example:"major"`
	Alarm    bool      `cbor:"4,keyasint,omitempty" json:"alarm,omitempty" doc:"It is to be seen to; notifications that raise it decide"`
	Label    string    `cbor:"-" json:"label,omitempty" readOnly:"true" doc:"Its name in the caller's language" example:"Temperature"`
}

// PanelTab is a part of a device's panel.
type PanelTab string

// PanelTabs are all of them, in their usual order.
func PanelTabs() []PanelTab {
	return []PanelTab{"map", "zones", "users", "notifications", "contacts", "schedules", "sms", "emails", "push", "signals", "notes", "commands", "fences", "shares", "history"}
}

// Kind is DeviceTypeRecord.
func (*DeviceType) Kind() RecordKind { return DeviceTypeRecord }

// Validate reports the first rule that the type breaks.
func (t *DeviceType) Validate() error {
	if err := validName("name", t.Name); err != nil {
		return err
	}
	if err := oneOf("protocol", t.Protocol, GT06.String(), Teltonika.String(), H02.String(), OsmAnd.String(), OwnTracks.String(), VigiaJSON.String()); err != nil {
		return err
	}
	if len(t.Events) == 0 {
		return FieldError("events", "choose at least one")
	}
	if err := validCodes("events", t.Codes()); err != nil {
		return err
	}
	for i := range t.Events {
		e := &t.Events[i]
		if e.Name != nil {
			if err := e.Name.validate("events"); err != nil {
				return err
			}
		}
		if e.Severity != "" {
			if err := oneOf("events", e.Severity, CriticalSeverity, MajorSeverity, MinorSeverity, InfoSeverity); err != nil {
				return err
			}
		}
	}
	for i, tab := range t.Tabs {
		if err := oneOf("tabs", tab, PanelTabs()...); err != nil {
			return err
		}
		if slices.Contains(t.Tabs[:i], tab) {
			return FieldError("tabs", "names %q twice", string(tab))
		}
	}
	if err := validText("icon", t.Icon, 60); err != nil {
		return err
	}
	if err := validOffset(t.ClockOffset); err != nil {
		return err
	}
	return validSilence(Time(t.OfflineAfter))
}

// Codes are those of the catalogue.
func (t *DeviceType) Codes() []EventCode {
	codes := make([]EventCode, 0, len(t.Events))
	for i := range t.Events {
		codes = append(codes, t.Events[i].Code)
	}
	return codes
}

// Shown are the catalogue's entries of some codes, in their order, with what
// an entry leaves open filled in; of a code that is not in the catalogue it
// is what everybody calls it.
func (t *DeviceType) Shown(lang Lang, codes []EventCode) []TypeEvent {
	out := make([]TypeEvent, 0, len(codes))
	for _, code := range codes {
		e := TypeEvent{Code: code}
		if i := slices.IndexFunc(t.Events, func(e TypeEvent) bool { return e.Code == code }); i >= 0 {
			e = t.Events[i]
		}
		name := code.Name()
		if e.Name != nil {
			name = *e.Name
		}
		e.Label = name.In(lang)
		if e.Severity == "" {
			e.Severity = code.Severity()
		}
		out = append(out, e)
	}
	return out
}

// PanelTabs are the tabs of the panel of a device of this type.
func (t *DeviceType) PanelTabs() []PanelTab {
	if len(t.Tabs) == 0 {
		return PanelTabs()
	}
	return t.Tabs
}

// Refs are none.
func (*DeviceType) Refs() []Ref { return nil }

// Unique is the name.
func (t *DeviceType) Unique() []UniqueText { return []UniqueText{{Field: "name", Text: t.Name}} }

// Words are the name and the protocol.
func (t *DeviceType) Words() []string { return []string{t.Name, t.Protocol} }
