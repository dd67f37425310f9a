package vigiajson

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

const (
	maxPositions = 1000 // in one message
	maxAttrs     = 100  // in one position
	maxText      = 1000 // bytes of one text
)

// Codec reads publications.
type Codec struct{}

// New makes a codec; it keeps no state.
func New() ingest.MessageCodec { return Codec{} }

// DecodeMessage reads one publication to vigia/<device>/position.
func (Codec) DecodeMessage(s *ingest.Session, topic string, payload []byte) (err error) {
	device, ok := strings.CutPrefix(topic, "vigia/")
	device, ok2 := strings.CutSuffix(device, "/position")
	if !ok || !ok2 {
		return fleet.Errorf(fleet.Invalid, "mqtt: topic %q is not vigia/<device>/position", topic)
	}
	if err := fleet.ValidUniqueID(device); err != nil {
		return fleet.Errorf(fleet.Invalid, "mqtt: topic: %w", err)
	}
	before := len(s.Reports)
	defer func() {
		if err != nil {
			s.Reports = s.Reports[:before]
		}
	}()
	var all []map[string]json.RawMessage
	if raw := bytes.TrimSpace(payload); len(raw) > 0 && raw[0] == '[' {
		err = json.Unmarshal(raw, &all)
	} else {
		all = make([]map[string]json.RawMessage, 1)
		err = json.Unmarshal(raw, &all[0])
	}
	if err != nil {
		return fleet.Errorf(fleet.Invalid, "mqtt: payload: %v", err)
	}
	if len(all) > maxPositions {
		return fleet.Errorf(fleet.Invalid, "mqtt: %d positions in one message, at most %d are read", len(all), maxPositions)
	}
	for i, fields := range all {
		if err := position(s, fields); err != nil {
			return fleet.Errorf(fleet.Invalid, "mqtt: position %d: %w", i+1, err)
		}
	}
	s.UniqueID = device
	return nil
}

// Encode writes one report as our JSON, for simulators and bridges.
func Encode(r *fleet.Report) ([]byte, error) {
	m := map[string]json.RawMessage{}
	put := func(key string, v json.Marshaler) { m[key], _ = v.MarshalJSON() }
	number := func(key string, v float64) { b, _ := json.Marshal(v); m[key] = b }
	put("time", r.Fix.Std())
	number("lat", r.Place.LatDegrees())
	number("lon", r.Place.LonDegrees())
	if r.Is(fleet.HasSpeed) {
		number("speed", float64(r.Speed))
	}
	if r.Is(fleet.HasCourse) {
		number("course", float64(r.Course))
	}
	if r.Is(fleet.HasAltitude) {
		number("altitude", float64(r.Altitude))
	}
	if r.Is(fleet.HasSatellites) {
		number("satellites", float64(r.Satellites))
	}
	if r.Is(fleet.HasIgnition) {
		m["ignition"], _ = json.Marshal(r.Is(fleet.IgnitionOn))
	}
	if r.Alarms != 0 {
		m["alarm"], _ = json.Marshal(r.Alarms.String())
	}
	return json.Marshal(m)
}

func position(s *ingest.Session, fields map[string]json.RawMessage) error {
	if len(fields) > maxAttrs {
		return fleet.Errorf(fleet.Invalid, "has %d keys, at most %d are read", len(fields), maxAttrs)
	}
	p := fleet.Report{Protocol: fleet.VigiaJSON, Received: s.Now}
	p.SetValid(true)
	for _, key := range []string{"time", "lat", "lon"} {
		if _, ok := fields[key]; !ok {
			return fleet.FieldError(key, "is required")
		}
	}
	var lat, lon float64
	numbers := map[string]func(float64){
		"lat": func(v float64) { lat = v }, "lon": func(v float64) { lon = v },
		"speed": p.SetSpeed, "course": p.SetCourse, "altitude": p.SetAltitude, "accuracy": p.SetAccuracy,
		"hdop": p.SetHDOP, "odometer": p.SetOdometer, "satellites": func(v float64) { p.SetSatellites(int(v)) },
	}
	for key, raw := range fields {
		v, err := scalar(key, raw)
		if err != nil {
			return err
		}
		if set, ok := numbers[key]; ok {
			switch v.Kind {
			case fleet.IntValue:
				set(float64(v.Int))
			case fleet.FloatValue:
				set(v.Float)
			case fleet.NoValue: // null: not given
				if key == "lat" || key == "lon" {
					return fleet.FieldError(key, "is null")
				}
			default:
				return fleet.FieldError(key, "%s is no number", raw)
			}
			continue
		}
		if err := set(&p, key, v); err != nil {
			return err
		}
	}
	if lat < -90 || lat > 90 {
		return fleet.FieldError("lat", "%v is not between -90 and 90", lat)
	}
	if lon < -180 || lon > 180 {
		return fleet.FieldError("lon", "%v is not between -180 and 180", lon)
	}
	p.SetPlace(lat, lon)
	p.Attrs = fleet.SortAttrs(p.Attrs)
	s.Reports = append(s.Reports, p)
	return nil
}

// set takes over what is not a number of the position itself.
func set(p *fleet.Report, key string, v fleet.Value) error {
	switch {
	case key == "time" && v.Kind == fleet.TextValue:
		t, err := time.Parse(time.RFC3339Nano, v.Text)
		if err != nil {
			return fleet.FieldError(key, "%q is no RFC 3339 time", v.Text)
		}
		p.Fix = fleet.At(t)
	case key == "time" && v.Kind == fleet.IntValue:
		p.Fix = fleet.Time(v.Int)
	case key == "time":
		return fleet.FieldError(key, "is neither an RFC 3339 text nor whole Unix milliseconds")
	case v.Kind == fleet.NoValue:
	case key == "valid" && v.Kind == fleet.BoolValue:
		p.SetValid(v.Int == 1)
	case key == "ignition" && v.Kind == fleet.BoolValue:
		p.SetIgnition(v.Int == 1)
	case key == "valid" || key == "ignition":
		return fleet.FieldError(key, "is neither true nor false")
	case key == "alarm" && v.Kind == fleet.TextValue:
		a, err := fleet.ParseAlarms(v.Text)
		if err != nil {
			return fleet.FieldError(key, "%v", err)
		}
		p.Alarms = a
	case key == "alarm":
		return fleet.FieldError(key, "is no text")
	default:
		p.Add(key, v)
	}
	return nil
}

// scalar reads a JSON boolean, number, string or null.
func scalar(key string, raw json.RawMessage) (fleet.Value, error) {
	switch {
	case len(key) > 64:
		return fleet.Value{}, fleet.FieldError(key[:64], "is a key of more than 64 bytes")
	case string(raw) == "null":
		return fleet.Value{}, nil
	case string(raw) == "true" || string(raw) == "false":
		return fleet.Bool(raw[0] == 't'), nil
	case raw[0] == '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return fleet.Value{}, fleet.FieldError(key, "%v", err)
		}
		if len(text) > maxText {
			return fleet.Value{}, fleet.FieldError(key, "is a text of more than %d bytes", maxText)
		}
		return fleet.Text(text), nil
	case raw[0] == '{' || raw[0] == '[':
		return fleet.Value{}, fleet.FieldError(key, "is an object or a list; only booleans, numbers and texts are read")
	}
	n := json.Number(raw)
	if i, err := n.Int64(); err == nil {
		return fleet.Int(i), nil
	}
	f, err := n.Float64()
	if err != nil {
		return fleet.Value{}, fleet.FieldError(key, "%s is out of range", raw)
	}
	return fleet.Float(f), nil
}
