package osmand

import (
	"bytes"
	"encoding/json"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// maxLocations bounds one upload.
const maxLocations = 1000

// message is the body of a background-geolocation plug-in.
type message struct {
	DeviceID scalarText      `json:"device_id"`
	Location json.RawMessage `json:"location"`
}

// scalarText is a JSON string, or the digits of a number: senders differ.
type scalarText string

// UnmarshalJSON takes either.
func (s *scalarText) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(s))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*s = scalarText(n)
	return nil
}

type location struct {
	Timestamp scalarText `json:"timestamp"` // ISO 8601, or Unix seconds or milliseconds
	Coords    struct {
		Latitude  *float64 `json:"latitude"`
		Longitude *float64 `json:"longitude"`
		Accuracy  *float64 `json:"accuracy"` // metres
		Speed     *float64 `json:"speed"`    // m/s, negative: unknown
		Heading   *float64 `json:"heading"`  // degrees, negative: unknown
		Altitude  *float64 `json:"altitude"` // metres
	} `json:"coords"`
	IsMoving *bool    `json:"is_moving"`
	Odometer *float64 `json:"odometer"` // metres
	Event    string   `json:"event"`
	Battery  *struct {
		Level    *float64 `json:"level"` // 0..1, negative: unknown
		Charging *bool    `json:"is_charging"`
	} `json:"battery"`
	Activity *struct {
		Type string `json:"type"`
	} `json:"activity"`
	Extras map[string]json.RawMessage `json:"extras"`
	Alarm  string                     `json:"alarm"`
}

func decodeJSON(s *ingest.Session, body []byte) error {
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		return fleet.Errorf(fleet.Invalid, "osmand: body: %v", err)
	}
	if m.DeviceID == "" {
		return fleet.Errorf(fleet.Invalid, "osmand: device_id is missing")
	}
	if err := fleet.ValidUniqueID(string(m.DeviceID)); err != nil {
		return fleet.Errorf(fleet.Invalid, "osmand: device_id: %w", err)
	}
	var all []location
	if raw := bytes.TrimSpace(m.Location); len(raw) > 0 && raw[0] == '[' {
		if err := json.Unmarshal(raw, &all); err != nil {
			return fleet.Errorf(fleet.Invalid, "osmand: location: %v", err)
		}
	} else {
		var one location
		if err := json.Unmarshal(m.Location, &one); err != nil {
			return fleet.Errorf(fleet.Invalid, "osmand: location: %v", err)
		}
		all = append(all, one)
	}
	if len(all) > maxLocations {
		return fleet.Errorf(fleet.Invalid, "osmand: %d locations in one upload, at most %d are read", len(all), maxLocations)
	}
	for i := range all {
		if err := all[i].report(s); err != nil {
			return err
		}
	}
	s.UniqueID = string(m.DeviceID)
	return nil
}

func (l *location) report(s *ingest.Session) error {
	p := s.Add(fleet.OsmAnd)
	p.Fix = s.Now
	if l.Timestamp != "" {
		t, err := parseTime(string(l.Timestamp))
		if err != nil {
			return fleet.Errorf(fleet.Invalid, "osmand: timestamp: %w", err)
		}
		p.Fix = t
	}
	c := &l.Coords
	if (c.Latitude == nil) != (c.Longitude == nil) {
		return fleet.Errorf(fleet.Invalid, "osmand: latitude and longitude must come together")
	}
	if c.Latitude != nil {
		p.SetPlace(*c.Latitude, *c.Longitude)
		p.SetValid(true)
	}
	if c.Accuracy != nil {
		p.SetAccuracy(*c.Accuracy)
	}
	if c.Altitude != nil {
		p.SetAltitude(*c.Altitude)
	}
	if c.Speed != nil && *c.Speed >= 0 {
		p.SetSpeed(*c.Speed * 3.6)
	}
	if c.Heading != nil && *c.Heading >= 0 {
		p.SetCourse(*c.Heading)
	}
	if l.Odometer != nil && *l.Odometer >= 0 {
		p.SetOdometer(*l.Odometer)
	}
	if l.IsMoving != nil {
		p.Add(fleet.AttrMotion, fleet.Bool(*l.IsMoving))
	}
	if l.Event != "" {
		p.Add(fleet.AttrEvent, fleet.Text(l.Event))
	}
	if l.Activity != nil && l.Activity.Type != "" {
		p.Add(fleet.AttrActivity, fleet.Text(l.Activity.Type))
	}
	if b := l.Battery; b != nil {
		if b.Level != nil && *b.Level >= 0 {
			p.Add(fleet.AttrBattery, fleet.Float(*b.Level*100))
		}
		if b.Charging != nil {
			p.Add(fleet.AttrCharging, fleet.Bool(*b.Charging))
		}
	}
	if l.Alarm != "" {
		setParam(p, "alarm", l.Alarm)
	}
	for key, raw := range l.Extras {
		if v, ok := scalar(raw); ok {
			p.Add(key, v)
		}
	}
	p.Attrs = fleet.SortAttrs(p.Attrs)
	return nil
}

// scalar reads a JSON boolean, number or string; other values are left out.
func scalar(raw json.RawMessage) (fleet.Value, bool) {
	if len(raw) == 0 {
		return fleet.Value{}, false
	}
	if raw[0] == '"' {
		var text string
		err := json.Unmarshal(raw, &text)
		return fleet.Text(text), err == nil
	}
	v := guess(string(raw))
	return v, v.Kind != fleet.TextValue
}
