package admin_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
	journey "github.com/vigia-track/vigia/engine/route"
)

// reportRoute reports as the server does.
func (w *world) reportRoute(ctx context.Context, q admin.RouteQuestion) (*fleet.Route, error) {
	return journey.Report(ctx, journey.Sources{Tracks: w.tracks, Changes: w.admin}, journey.Question{
		Device: q.Device, From: q.From, To: q.To, Devices: q.Devices, Fences: q.Fences,
	})
}

// travel stores a day of a tenant's truck: a stop in its depot (500 m about 4,
// -74), ten minutes north at 60 km/h, a stop there, and back.
func (w *world) travel(tn *tenant, from fleet.Time) (fixes int) {
	w.tracks.all = nil
	at, lat := from, 4.0
	put := func(speed float64) {
		r := fleet.Report{Device: tn.device, Protocol: fleet.Simulated, Fix: at, Received: at}
		r.SetPlace(lat, -74)
		r.SetSpeed(speed)
		r.SetCourse(0)
		r.SetAltitude(2600.5)
		r.SetValid(true)
		p := r.Position()
		p.Attrs = fleet.Attrs{{Key: "note", Value: fleet.Value{Kind: fleet.TextValue, Text: "=1+1"}}}
		w.tracks.all = append(w.tracks.all, p)
		at += 10 * fleet.Second
		fixes++
	}
	for range 30 {
		put(0)
	}
	const step = 600 / 3.6 / 111_195 // degrees in ten seconds at 60 km/h
	for _, way := range []float64{step, -step} {
		for range 60 {
			lat += way
			put(60)
		}
		for range 30 {
			put(0)
		}
	}
	return fixes
}

func TestRoute(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("Ada"), w.settle("Bob")
	from := fleet.At(time.Now().Truncate(time.Second)) + fleet.Minute // the fence is there by then
	n := w.travel(a, from)
	span := "?from=" + from.String() + "&to=" + (from + fleet.Day).String()
	path := "/api/v1/devices/" + a.device.String()
	for _, role := range []fleet.Role{fleet.CompanyAdmin, fleet.Operator, fleet.CustomerAdmin, fleet.CustomerUser} {
		var r fleet.Route
		w.ok("GET", path+"/route"+span, a.tokens[role], "").into(t, &r)
		kinds := ""
		for _, l := range r.Legs {
			kinds += string(l.Kind) + " "
		}
		if kinds != "stop trip stop trip stop " || r.Fixes != n || r.MaxSpeed != 60 {
			t.Fatalf("%s: %s, %d fixes, %v km/h", role, kinds, r.Fixes, r.MaxSpeed)
		}
		if r.Metres < 19_800 || r.Metres > 20_100 || r.Moving < 1180 || r.Moving > 1230 {
			t.Errorf("%s: %.0f m in %d s", role, r.Metres, r.Moving)
		}
		if len(r.Visits) != 2 || r.Visits[0].Entered || !r.Visits[0].Left || !r.Visits[1].Entered || r.Visits[1].Left || r.Visits[0].Name != "CanaryAda depot" {
			t.Fatalf("%s: %+v", role, r.Visits)
		}
		// It stood five minutes and drove 500 m of the depot's radius.
		if v := r.Visits[0]; v.Seconds < 300 || v.Seconds > 340 || v.Metres < 330 || v.Metres > 700 {
			t.Errorf("%s: %+v", role, v)
		}
		if len(r.Fences) != 1 || r.Fences[0].ID != a.fence {
			t.Errorf("%s: fences %+v", role, r.Fences)
		}
	}
	if got := w.do("GET", path+"/route"+span, b.tokens[fleet.CompanyAdmin], ""); got.status != 404 {
		t.Errorf("another company: %d", got.status)
	}
	// What makes no events is visited all the same.
	quiet, err := w.admin.Fence(a.fence)
	if err != nil {
		t.Fatal(err)
	}
	quiet.Inside, quiet.Outside = false, false
	w.apply(fleet.ChangeSet{Fences: []fleet.Fence{quiet}})
	var r fleet.Route
	w.ok("GET", path+"/route"+span, a.tokens[fleet.Operator], "").into(t, &r)
	if len(r.Visits) != 2 {
		t.Errorf("of a silent fence: %+v", r.Visits)
	}
}

func TestTrack(t *testing.T) {
	w := newWorld(t)
	a := w.settle("Ada")
	from := fleet.At(time.Now().Truncate(time.Second))
	n := w.travel(a, from)
	span := "?from=" + from.String() + "&to=" + (from + fleet.Day).String()
	path := "/api/v1/devices/" + a.device.String() + "/track"
	var v struct {
		Fixes          int
		Time, Lat, Lon []int64
		Speed, Course  []int32
	}
	w.ok("GET", path+span, a.tokens[fleet.CustomerUser], "").into(t, &v)
	at, lat, lon := from, int64(0), int64(0)
	for i, p := range w.tracks.all {
		at, lat, lon = at+fleet.Time(v.Time[i]), lat+v.Lat[i], lon+v.Lon[i]
		if at != p.Fix || lat != int64(p.Place.Lat) || lon != int64(p.Place.Lon) || v.Speed[i] != int32(p.Speed*10) || v.Course[i] != 0 {
			t.Fatalf("fix %d: %v %d %d", i, at, lat, lon)
		}
	}
	if v.Fixes != n || len(v.Time) != n || len(v.Speed) != n {
		t.Errorf("%d of %d fixes", v.Fixes, n)
	}
}

// TestTrackFiles reads each format back with what others read it with, and finds
// every fix in it, to the last digit.
func TestTrackFiles(t *testing.T) {
	w := newWorld(t)
	a := w.settle("Ada")
	from := fleet.At(time.Now().Truncate(time.Second))
	n := w.travel(a, from)
	d, err := w.admin.Device(a.device)
	if err != nil {
		t.Fatal(err)
	}
	d.Name = `=cmd|' /C calc'!A1 <b>"Ñandú"/..\ & co`
	w.apply(fleet.ChangeSet{Devices: []fleet.Device{d}})
	file := func(format string) answer {
		t.Helper()
		got := w.ok("GET", "/api/v1/devices/"+a.device.String()+"/track/file?from="+from.String()+"&to="+(from+fleet.Day).String()+"&format="+format, a.tokens[fleet.CustomerUser], "")
		_, p, err := mime.ParseMediaType(got.header.Get("Content-Disposition"))
		if err != nil || strings.ContainsAny(p["filename"], `/\<>"=|&'`) || !strings.HasSuffix(p["filename"], "."+format) || !strings.Contains(p["filename"], "Ñandú") {
			t.Errorf("%s is called %q: %v", format, p["filename"], err)
		}
		return got
	}
	last := w.tracks.all[n-1]

	var g struct {
		Name string `xml:"trk>name"`
		Seg  []struct {
			Pt []struct {
				Lat, Lon string      `xml:",attr"`
				_        struct{}    `xml:"-"`
				Time     fleet.Time  `xml:"time"`
				Ele      json.Number `xml:"ele"`
			} `xml:"trkpt"`
		} `xml:"trk>trkseg"`
	}
	body := strings.NewReplacer(` lat="`, ` Lat="`, ` lon="`, ` Lon="`).Replace(file("gpx").body)
	if err := xml.Unmarshal([]byte(body), &g); err != nil || len(g.Seg) != 1 || len(g.Seg[0].Pt) != n || g.Name != d.Name {
		t.Fatalf("gpx: %v, %d segments, %q", err, len(g.Seg), g.Name)
	}
	if p := g.Seg[0].Pt[n-1]; p.Time != last.Fix || p.Ele != "2600.5" || p.Lon != "-74" {
		t.Errorf("gpx: %+v", p)
	}

	var k struct {
		Name  string `xml:"Document>Placemark>name"`
		Track []struct {
			When  []string `xml:"when"`
			Coord []string `xml:"coord"`
		} `xml:"Document>Placemark>MultiTrack>Track"`
	}
	if err := xml.Unmarshal([]byte(file("kml").body), &k); err != nil || len(k.Track) != 1 || len(k.Track[0].When) != n || len(k.Track[0].Coord) != n || k.Name != d.Name {
		t.Fatalf("kml: %v, %d parts", err, len(k.Track))
	}

	body = file("csv").body
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != n+1 || !strings.HasPrefix(body, "\ufeff") {
		t.Fatalf("csv: %v, %d rows", err, len(rows))
	}
	if r := rows[n]; r[0] != "'"+d.Name || r[1] != last.Fix.String() || r[3] != "-74" || r[14] != `{"note":"=1+1"}` {
		t.Errorf("csv: %q", r)
	}
	for _, r := range rows[1:] {
		for i, cell := range r {
			if i != 3 && cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Fatalf("a formula: %q", cell)
			}
		}
	}

	var j struct {
		Type     string
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates []float64
			}
			Properties struct {
				Time  fleet.Time
				Speed float32
			}
		}
	}
	file("geojson").into(t, &j)
	if j.Type != "FeatureCollection" || len(j.Features) != n {
		t.Fatalf("geojson: %s, %d features", j.Type, len(j.Features))
	}
	if f := j.Features[n-1]; f.Geometry.Coordinates[0] != -74 || f.Geometry.Coordinates[1] != last.Place.LatDegrees() || f.Properties.Time != last.Fix {
		t.Errorf("geojson: %+v", f)
	}
	if got := w.do("GET", "/api/v1/devices/"+a.device.String()+"/track/file?format=exe", a.tokens[fleet.Operator], ""); got.status != 422 {
		t.Errorf("an unknown format: %d", got.status)
	}
}

// TestTrackOfAnEarlierOwner: where a device was while it belonged to somebody
// else is for them, and for those who look after both.
func TestTrackOfAnEarlierOwner(t *testing.T) {
	w := newWorld(t)
	a := w.settle("Ada")
	staff, path := a.tokens[fleet.CompanyAdmin], "/api/v1/devices/"+a.device.String()
	w.tracks.all = nil
	from := fleet.At(time.Now()) - fleet.Hour
	was := func(at fleet.Time) {
		r := fleet.Report{Device: a.device, Protocol: fleet.Simulated, Fix: at, Received: at}
		r.SetPlace(4, -74)
		r.SetValid(true)
		w.tracks.all = append(w.tracks.all, r.Position())
	}
	was(from + fleet.Minute)
	w.ok("POST", path+"/move", staff, fmt.Sprintf(`{"to":%q,"version":1}`, a.company))
	moved, err := w.admin.Device(a.device)
	if err != nil || len(moved.Stays) != 1 {
		t.Fatalf("%+v, %v", moved, err)
	}
	was(moved.Stays[0].Until)
	for fleet.At(time.Now()) <= moved.Stays[0].Until { // so that the second move is of another time
	}
	w.ok("POST", path+"/move", staff, fmt.Sprintf(`{"to":%q,"version":2}`, a.customer))
	if moved, err = w.admin.Device(a.device); err != nil || len(moved.Stays) != 2 {
		t.Fatalf("%+v, %v", moved, err)
	}
	was(moved.Stays[1].Until)
	span := "?from=" + from.String() + "&to=" + (moved.Stays[1].Until + fleet.Second).String()
	for role, want := range map[fleet.Role]int{fleet.CompanyAdmin: 3, fleet.Operator: 3, fleet.CustomerAdmin: 2} {
		var track struct{ Fixes int }
		w.ok("GET", path+"/track"+span, a.tokens[role], "").into(t, &track)
		list := w.ok("GET", path+"/positions"+span, a.tokens[role], "")
		file := w.ok("GET", path+"/track/file"+span+"&format=csv", a.tokens[role], "")
		if n := strings.Count(list.body, a.device.String()); track.Fixes != want || n != want || strings.Count(strings.TrimSpace(file.body), "\n") != want {
			t.Errorf("%s sees %d and %d fixes, want %d, and the file\n%s", role, track.Fixes, n, want, file.body)
		}
	}
}
