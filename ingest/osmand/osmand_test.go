package osmand_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/osmand"
)

const now = fleet.Time(1_800_000_000_000)

func request(t testing.TB, target, body string) *ingest.Request {
	u, err := url.Parse(target)
	if err != nil {
		t.Skip("no URL")
	}
	return &ingest.Request{Method: "POST", URL: u, Header: http.Header{}, Body: []byte(body)}
}

func TestRequests(t *testing.T) {
	place := func(p *fleet.Report) { p.SetPlace(4.6097, -74.0817); p.SetValid(true) }
	for _, tt := range []struct {
		name, target, body string
		want               func(*fleet.Report)
	}{
		{"query", "/?id=bus-1&lat=4.6097&lon=-74.0817&timestamp=1700000000&speed=10&bearing=90&altitude=2600&accuracy=5&batt=87", "",
			func(p *fleet.Report) {
				p.Fix = 1_700_000_000_000
				place(p)
				p.SetSpeed(18.52)
				p.SetCourse(90)
				p.SetAltitude(2600)
				p.SetAccuracy(5)
				p.Add("battery", fleet.Float(87))
			}},
		{"milliseconds, location, alarm", "/?deviceid=bus-1&location=4.6097,-74.0817&timestamp=1700000000123&alarm=sos", "",
			func(p *fleet.Report) { p.Fix = 1_700_000_000_123; place(p); p.Alarms = fleet.SOS }},
		{"form", "/", "id=bus-1&lat=4.6097&lon=-74.0817&timestamp=2023-11-14T22:13:20Z&door=true",
			func(p *fleet.Report) { p.Fix = 1_700_000_000_000; place(p); p.Add("door", fleet.Bool(true)) }},
		{"no time: now", "/?id=bus-1&lat=4.6097&lon=-74.0817", "", func(p *fleet.Report) { p.Fix = now; place(p) }},
		{"no place: a status", "/?id=bus-1&batt=3", "", func(p *fleet.Report) { p.Fix = now; p.Add("battery", fleet.Float(3)) }},
		{"readings that are none", "/?id=bus-1&deviceid=other&lat=4.6097&lon=-74.0817&speed=&bearing={5}&hdop=NaN&altitude=high&batt=1e99", "",
			func(p *fleet.Report) { p.Fix = now; place(p) }},
		{"cells", "/?id=bus-1&timestamp=1700000000&cell=257,02,16,2224,-90&cell=257,02,16,2223&wifi=00-14-22-01-23-45,-80", "",
			func(p *fleet.Report) {
				p.Fix = 1_700_000_000_000
				p.Add("cell", fleet.Int(2224))
				p.Add("lac", fleet.Int(16))
				p.Add("mcc", fleet.Int(257))
				p.Add("mnc", fleet.Int(2))
				p.Add("wifi", fleet.Text("00-14-22-01-23-45,-80"))
			}},
		{"json", "/", `{"device_id":"bus-1","location":{"timestamp":"2023-11-14T22:13:20.5Z","coords":{"latitude":4.6097,"longitude":-74.0817,"speed":10,"heading":-1},"battery":{"level":0.5,"is_charging":true}}}`,
			func(p *fleet.Report) {
				p.Fix = 1_700_000_000_500
				place(p)
				p.SetSpeed(36)
				p.Add("battery", fleet.Float(50))
				p.Add("charging", fleet.Bool(true))
			}},
		{"json with a number for a time", "/", `{"device_id":"bus-1","location":{"timestamp":1700000000500,"coords":{"latitude":4.6097,"longitude":-74.0817}}}`,
			func(p *fleet.Report) { p.Fix = 1_700_000_000_500; place(p) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &ingest.Session{Transport: ingest.HTTP, Now: now}
			resp, err := osmand.New().DecodeRequest(s, request(t, tt.target, tt.body))
			if err != nil || resp.Status != 200 || s.UniqueID != "bus-1" || len(s.Reports) != 1 {
				t.Fatalf("status %d, device %q, %d reports, %v", resp.Status, s.UniqueID, len(s.Reports), err)
			}
			want := fleet.Report{Protocol: fleet.OsmAnd, Received: now}
			tt.want(&want)
			if diff := cmp.Diff(want, s.Reports[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct{ name, target, body, want string }{
		{"no id", "/?lat=1&lon=2", "", "id is missing"},
		{"half a place", "/?id=a&lat=1", "", "lat and lon must come together"},
		{"NaN", "/?id=a&lat=NaN&lon=1", "", `lat: "NaN" is no number`},
		{"bad time", "/?id=a&lat=1&lon=2&timestamp=yesterday", "", `timestamp: "yesterday" is no time`},
		{"wildcard", "/?id=%23&lat=1&lon=2", "", "device identity"},
		{"cut JSON", "/", `{"device_id":"a","location":`, "body"},
		{"JSON without device", "/", `{"location":{}}`, "device_id is missing"},
		{"one bad of two", "/", `{"device_id":"a","location":[{"coords":{"latitude":1,"longitude":2}},{"coords":{"latitude":1}}]}`, "come together"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &ingest.Session{Transport: ingest.HTTP, Now: now}
			resp, err := osmand.New().DecodeRequest(s, request(t, tt.target, tt.body))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to hold %q", err, tt.want)
			}
			if resp.Status != 400 || len(s.Reports) > 0 {
				t.Errorf("status %d and %d reports, want 400 and none", resp.Status, len(s.Reports))
			}
		})
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("/?id=1&lat=1&lon=2&timestamp=3", "")
	f.Add("/", "id=1&lat=1&lon=2")
	f.Add("/", `{"device_id":"1","location":[{"coords":{"latitude":1,"longitude":2},"extras":{"a":"b","c":[1]}}]}`)
	f.Fuzz(func(t *testing.T, target, body string) {
		s := &ingest.Session{Transport: ingest.HTTP, Now: now}
		resp, err := osmand.New().DecodeRequest(s, request(t, target, body))
		if (err == nil) != (resp.Status == 200) || err != nil && len(s.Reports) > 0 {
			t.Errorf("status %d, %d reports, %v", resp.Status, len(s.Reports), err)
		}
	})
}
