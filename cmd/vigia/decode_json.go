package main

import (
	"bytes"
	"encoding/json"

	"github.com/vigia-track/vigia/engine/fleet"
)

// reportJSON is a report as decode prints it, as the codec gave it. A field
// that the message did not carry is absent.
type reportJSON struct {
	Device     string      `json:"device,omitempty"`
	Time       *fleet.Time `json:"time,omitempty"` // of the fix, or else of the message
	Valid      *bool       `json:"valid,omitempty"`
	Lat        *float64    `json:"lat,omitempty"`
	Lon        *float64    `json:"lon,omitempty"`
	Altitude   *float32    `json:"altitude,omitempty"`
	Speed      *float32    `json:"speed,omitempty"` // km/h
	Course     *float32    `json:"course,omitempty"`
	Attributes attrsJSON   `json:"attributes,omitempty"`
}

func newReportJSON(device string, r *fleet.Report) reportJSON {
	out := reportJSON{Device: device, Attributes: allAttrs(r)}
	if t := r.Fix; t != 0 {
		out.Time = &t
	} else if t := r.DeviceTime; t != 0 {
		out.Time = &t
	}
	if r.Is(fleet.HasPlace) {
		valid, lat, lon := r.Is(fleet.FixValid), r.Place.LatDegrees(), r.Place.LonDegrees()
		out.Valid, out.Lat, out.Lon = &valid, &lat, &lon
	}
	if r.Is(fleet.HasAltitude) {
		out.Altitude = &r.Altitude
	}
	if r.Is(fleet.HasSpeed) {
		out.Speed = &r.Speed
	}
	if r.Is(fleet.HasCourse) {
		out.Course = &r.Course
	}
	return out
}

// allAttrs is the report's attributes, and the fixed fields that have no place
// of their own in the output under names that the vocabulary does not use.
func allAttrs(r *fleet.Report) attrsJSON {
	a := append(attrsJSON{}, r.Attrs...)
	for _, f := range []struct {
		has   fleet.Fields
		key   string
		value fleet.Value
	}{
		{fleet.HasAccuracy, "accuracy", fleet.Float(float64(r.Accuracy))},
		{fleet.HasHDOP, "hdop", fleet.Float(float64(r.HDOP))},
		{fleet.HasOdometer, "odometer", fleet.Float(r.Odometer)},
		{fleet.HasSatellites, "satellites", fleet.Int(int64(r.Satellites))},
		{fleet.HasIgnition, "ignition", fleet.Bool(r.Is(fleet.IgnitionOn))},
		{fleet.Coarse, "coarse", fleet.Bool(true)},
		{fleet.Repeated, "repeated", fleet.Bool(true)},
	} {
		if r.Is(f.has) {
			a = append(a, fleet.Attr{Key: f.key, Value: f.value})
		}
	}
	if r.Alarms != 0 {
		a = append(a, fleet.Attr{Key: "alarms", Value: fleet.Text(r.Alarms.String())})
	}
	return attrsJSON(fleet.SortAttrs(fleet.Attrs(a)))
}

// attrsJSON is attributes as one JSON object, in order.
type attrsJSON []fleet.Attr

// MarshalJSON writes the object.
func (a attrsJSON) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, x := range a {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(x.Key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(plain(x.Value))
		if err != nil {
			return nil, err
		}
		b.Write(append(append(key, ':'), value...))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plain is the Go value inside.
func plain(v fleet.Value) any {
	switch v.Kind {
	case fleet.BoolValue:
		return v.Int != 0
	case fleet.IntValue:
		return v.Int
	case fleet.FloatValue:
		return v.Float
	case fleet.TextValue:
		return v.Text
	}
	return nil
}
