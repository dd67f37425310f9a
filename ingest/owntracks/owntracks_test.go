package owntracks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/owntracks"
)

func TestIdentity(t *testing.T) {
	const location = `{"_type":"location","lat":48.85,"lon":2.29,"tst":1700000000,"tid":"JJ"`
	for _, tt := range []struct{ name, target, user, device, topic, body, want string }{
		{"tracker ID alone", "/", "", "", "", location + "}", "JJ"},
		{"topic in the payload", "/", "", "", "", location + `,"topic":"owntracks/ana/phone"}`, "ana:phone"},
		{"headers", "/", "ana", "phone", "", location + "}", "ana:phone"},
		{"query", "/?u=ana&d=phone", "", "", "", location + "}", "ana:phone"},
		{"explicit", "/?id=TRUCK-7", "ana", "phone", "", location + "}", "TRUCK-7"},
		{"MQTT topic", "", "", "", "owntracks/ana/phone", location + "}", "ana:phone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &ingest.Session{}
			var err error
			if tt.topic != "" {
				err = owntracks.NewMQTT().DecodeMessage(s, tt.topic, []byte(tt.body))
			} else {
				err = post(s, tt.target, tt.user, tt.device, tt.body)
			}
			if err != nil || s.UniqueID != tt.want || len(s.Reports) != 1 {
				t.Errorf("device %q, %d reports, %v; want %q and one", s.UniqueID, len(s.Reports), err, tt.want)
			}
		})
	}
}

func post(s *ingest.Session, target, user, device, body string) error {
	u, err := url.Parse(target)
	if err != nil {
		return err
	}
	h := http.Header{}
	if user != "" {
		h.Set("X-Limit-U", user)
		h.Set("X-Limit-D", device)
	}
	_, err = owntracks.New().DecodeRequest(s, &ingest.Request{Method: "POST", URL: u, Header: h, Body: []byte(body)})
	return err
}

func TestLocation(t *testing.T) {
	s := &ingest.Session{}
	body := `{"_type":"location","lat":48.85,"lon":2.29,"tst":1700000000,"tid":"JJ","acc":12,"alt":35,"vel":50,"cog":270,"batt":64,"bs":2,"t":"u","conn":"m","lac":"4F4D","mcc":232}`
	if err := post(s, "/", "", "", body); err != nil {
		t.Fatal(err)
	}
	want := fleet.Report{Protocol: fleet.OwnTracks, Fix: 1_700_000_000_000}
	want.SetPlace(48.85, 2.29)
	want.SetValid(true)
	want.SetAccuracy(12)
	want.SetAltitude(35)
	want.SetSpeed(50)
	want.SetCourse(270)
	want.Attrs = fleet.Attrs{{Key: "battery", Value: fleet.Float(64)}, {Key: "charging", Value: fleet.Bool(true)},
		{Key: "connection", Value: fleet.Text("m")}, {Key: "event", Value: fleet.Text("u")},
		{Key: "lac", Value: fleet.Int(0x4F4D)}, {Key: "mcc", Value: fleet.Int(232)}}
	if diff := cmp.Diff(want, s.Reports[0]); diff != "" {
		t.Error(diff)
	}
}

func TestOtherTypesGiveNoReport(t *testing.T) {
	for _, kind := range []string{"lwt", "transition", "waypoint", "status", "card", "encrypted", ""} {
		s := &ingest.Session{}
		if err := post(s, "/?id=x", "", "", `{"_type":"`+kind+`"}`); err != nil || len(s.Reports) > 0 {
			t.Errorf("%s: %d reports, %v", kind, len(s.Reports), err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, tt := range map[string]struct{ body, want string }{
		"no place": {`{"_type":"location","tst":1,"tid":"a"}`, "without lat or lon"},
		"no time":  {`{"_type":"location","lat":1,"lon":2,"tid":"a"}`, "no Unix time"},
		"nobody":   {`{"_type":"location","lat":1,"lon":2,"tst":1}`, "send a topic"},
		"cut":      {`{"_type":"loc`, "body"},
		"two devices": {`[{"_type":"location","lat":1,"lon":2,"tst":1,"tid":"a"},{"_type":"location","lat":1,"lon":2,"tst":1,"tid":"b"}]`,
			"names two devices"},
	} {
		s := &ingest.Session{}
		if err := post(s, "/", "", "", tt.body); err == nil || !strings.Contains(err.Error(), tt.want) || len(s.Reports) > 0 {
			t.Errorf("%s: %d reports, error %v, want it to hold %q", name, len(s.Reports), err, tt.want)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add("owntracks/a/b", []byte(`{"_type":"location","lat":1,"lon":2,"tst":3,"cid":"6F"}`))
	f.Add("x", []byte(`[{"_type":"lwt"},{"_type":"location","lat":1e300,"lon":2,"tst":3,"tid":"a"}]`))
	f.Fuzz(func(t *testing.T, topic string, body []byte) {
		s := &ingest.Session{}
		if err := owntracks.NewMQTT().DecodeMessage(s, topic, body); err != nil && len(s.Reports) > 0 {
			t.Errorf("%d reports left behind by %v", len(s.Reports), err)
		}
	})
}

// TestOddReadings: a reading of another type than the booklet's is read where
// its meaning is plain and left out otherwise; the place counts all the same.
func TestOddReadings(t *testing.T) {
	s := &ingest.Session{}
	body := `{"_type":"location","lat":"48.85","lon":2.29,"tst":"1700000000","tid":7,"acc":"NaN","alt":[1],"vel":"50","cog":null,"batt":{},"bs":"2","t":9,"conn":false}`
	if err := post(s, "/", "", "", body); err != nil || s.UniqueID != "7" || len(s.Reports) != 1 {
		t.Fatalf("device %q, %d reports, %v", s.UniqueID, len(s.Reports), err)
	}
	want := fleet.Report{Protocol: fleet.OwnTracks, Fix: 1_700_000_000_000}
	want.SetPlace(48.85, 2.29)
	want.SetValid(true)
	want.SetSpeed(50)
	want.Add(fleet.AttrCharging, fleet.Bool(true))
	want.Add(fleet.AttrEvent, fleet.Text("9"))
	if diff := cmp.Diff(want, s.Reports[0]); diff != "" {
		t.Error(diff)
	}
}
