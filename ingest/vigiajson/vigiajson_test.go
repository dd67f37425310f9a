package vigiajson_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/vigiajson"
)

const topic = "vigia/bus-1/position"

func TestPosition(t *testing.T) {
	s := &ingest.Session{Now: 5}
	err := vigiajson.New().DecodeMessage(s, topic, []byte(`[
		{"time": "2023-11-14T22:13:20Z", "lat": 4.6097, "lon": -74.0817, "speed": 42.5, "course": 180, "altitude": 2600,
		 "accuracy": 5, "satellites": 9, "hdop": 0.9, "ignition": true, "odometer": 120500, "alarm": "sos,powerCut",
		 "battery": 87, "temperature1": 4.5, "driver": "Ana", "door": false, "unknown": null},
		{"time": 1700000005000, "lat": 4.61, "lon": -74.08, "valid": false}]`))
	if err != nil {
		t.Fatal(err)
	}
	a := fleet.Report{Protocol: fleet.VigiaJSON, Received: 5, Fix: 1_700_000_000_000, Alarms: fleet.SOS | fleet.PowerCut}
	a.SetPlace(4.6097, -74.0817)
	a.SetValid(true)
	a.SetSpeed(42.5)
	a.SetCourse(180)
	a.SetAltitude(2600)
	a.SetAccuracy(5)
	a.SetSatellites(9)
	a.SetHDOP(0.9)
	a.SetIgnition(true)
	a.SetOdometer(120500)
	a.Attrs = fleet.Attrs{{Key: "battery", Value: fleet.Int(87)}, {Key: "door", Value: fleet.Bool(false)},
		{Key: "driver", Value: fleet.Text("Ana")}, {Key: "temperature1", Value: fleet.Float(4.5)}}
	b := fleet.Report{Protocol: fleet.VigiaJSON, Received: 5, Fix: 1_700_000_005_000}
	b.SetPlace(4.61, -74.08)
	if diff := cmp.Diff([]fleet.Report{a, b}, s.Reports); diff != "" {
		t.Error(diff)
	}
	if s.UniqueID != "bus-1" {
		t.Errorf("device %q", s.UniqueID)
	}
}

func TestRefusals(t *testing.T) {
	const good = `{"time":1700000000000,"lat":1,"lon":2}`
	for _, tt := range []struct{ name, topic, body, want string }{
		{"topic", "other/bus/position", good, "is not vigia/<device>/position"},
		{"wildcard", "vigia/+/position", good, "device identity"},
		{"no time", topic, `{"lat":1,"lon":2}`, "time: is required"},
		{"second position", topic, "[" + good + `,{"time":1,"lon":2}]`, "position 2: lat: is required"},
		{"latitude", topic, `{"time":1,"lat":91,"lon":2}`, "lat: 91 is not between"},
		{"null", topic, `{"time":1,"lat":null,"lon":2}`, "lat: is null"},
		{"text for a number", topic, `{"time":1,"lat":1,"lon":2,"speed":"fast"}`, "speed: "},
		{"time", topic, `{"time":"noon","lat":1,"lon":2}`, "RFC 3339"},
		{"seconds with a fraction", topic, `{"time":1.5,"lat":1,"lon":2}`, "time: is neither"},
		{"alarm", topic, `{"time":1,"lat":1,"lon":2,"alarm":"help"}`, "no alarm that Vigia knows"},
		{"nested", topic, `{"time":1,"lat":1,"lon":2,"x":{}}`, "x: is an object"},
		{"huge number", topic, `{"time":1,"lat":1,"lon":2,"x":1e999}`, "x: 1e999 is out of range"},
		{"not JSON", topic, `hello`, "payload"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &ingest.Session{}
			err := vigiajson.New().DecodeMessage(s, tt.topic, []byte(tt.body))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to hold %q", err, tt.want)
			}
			if len(s.Reports) > 0 {
				t.Errorf("%d reports of a refused message", len(s.Reports))
			}
		})
	}
}

func TestDecodeOfEncode(t *testing.T) {
	var r fleet.Report
	r.Protocol, r.Fix, r.Alarms = fleet.VigiaJSON, 1_700_000_000_123, fleet.SOS
	r.SetPlace(-33.4489, -70.6693)
	r.SetValid(true)
	r.SetSpeed(61.5)
	r.SetCourse(359)
	r.SetSatellites(7)
	r.SetIgnition(true)
	body, err := vigiajson.Encode(&r)
	if err != nil {
		t.Fatal(err)
	}
	s := &ingest.Session{}
	if err := vigiajson.New().DecodeMessage(s, topic, body); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, s.Reports[0], cmp.Transformer("attrs", func(a fleet.Attrs) []fleet.Attr { return append([]fleet.Attr{}, a...) })); diff != "" {
		t.Errorf("%s: %s", body, diff)
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(topic, []byte(`{"time":1700000000000,"lat":1,"lon":2,"speed":3,"a":"b"}`))
	f.Add(topic, []byte(`[{"time":"2023-11-14T22:13:20Z","lat":1,"lon":2,"alarm":"sos"}]`))
	f.Fuzz(func(t *testing.T, topic string, body []byte) {
		s := &ingest.Session{}
		if err := vigiajson.New().DecodeMessage(s, topic, body); err != nil && len(s.Reports) > 0 {
			t.Errorf("%d reports left behind by %v", len(s.Reports), err)
		}
	})
}
