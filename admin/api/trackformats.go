package api

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/admin/sheet"
	"github.com/vigia-track/vigia/engine/fleet"
)

// degrees writes a coordinate as exactly as it is stored: seven digits.
func degrees(units int32) string {
	s := strconv.FormatFloat(float64(units)/1e7, 'f', 7, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func short(v float32) string { return strconv.FormatFloat(float64(v), 'f', -1, 32) }

func markup(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes all
	return b.String()
}

// gpxFile is GPX 1.1: one track, a segment for each part without a long pause.
type gpxFile struct {
	out  *bufio.Writer
	last fleet.Time
}

// segmentPause parts two segments of a track.
const segmentPause = 30 * fleet.Minute

func (f *gpxFile) begin(name string, from, _ fleet.Time) {
	f.put(xml.Header, `<gpx version="1.1" creator="Vigia" xmlns="http://www.topografix.com/GPX/1/1">`, "\n",
		"<metadata><time>", from.String(), "</time></metadata>\n<trk><name>", markup(name), "</name>")
}

func (f *gpxFile) put(parts ...string) {
	for _, s := range parts {
		_, _ = f.out.WriteString(s) // Flush reports it
	}
}

func (f *gpxFile) fix(p *fleet.Position) {
	switch {
	case f.last == 0:
		f.put("\n<trkseg>")
	case p.Fix-f.last > segmentPause:
		f.put("\n</trkseg>\n<trkseg>")
	}
	f.last = p.Fix
	f.put("\n", `<trkpt lat="`, degrees(p.Place.Lat), `" lon="`, degrees(p.Place.Lon), `">`)
	if p.Has&fleet.HasAltitude != 0 {
		f.put("<ele>", short(p.Altitude), "</ele>")
	}
	f.put("<time>", p.Fix.String(), "</time>")
	if p.Has&fleet.HasSatellites != 0 {
		f.put("<sat>", strconv.Itoa(int(p.Satellites)), "</sat>")
	}
	f.put("</trkpt>")
}

func (f *gpxFile) end() error {
	if f.last != 0 {
		f.put("\n</trkseg>")
	}
	f.put("\n</trk>\n</gpx>\n")
	return f.out.Flush()
}

// kmlFile is KML 2.2 with Google's tracks, which bear the time of each point.
// A track lists all its times before its places, so it is cut into parts that
// go out as they are full.
type kmlFile struct {
	out           *bufio.Writer
	times, places []string
}

const kmlPart = 500 // points

func (f *kmlFile) put(parts ...string) { (&gpxFile{out: f.out}).put(parts...) }

func (f *kmlFile) begin(name string, _, _ fleet.Time) {
	f.put(xml.Header, `<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">`, "\n<Document><name>", markup(name), "</name>\n",
		`<Style id="way"><LineStyle><color>ff85720b</color><width>4</width></LineStyle></Style>`, "\n<Placemark><name>", markup(name),
		"</name><styleUrl>#way</styleUrl>\n<gx:MultiTrack><altitudeMode>clampToGround</altitudeMode><gx:interpolate>1</gx:interpolate>")
}

func (f *kmlFile) fix(p *fleet.Position) {
	height := "0"
	if p.Has&fleet.HasAltitude != 0 {
		height = short(p.Altitude)
	}
	f.times = append(f.times, p.Fix.String())
	f.places = append(f.places, degrees(p.Place.Lon)+" "+degrees(p.Place.Lat)+" "+height)
	if len(f.times) == kmlPart {
		f.flush()
	}
}

func (f *kmlFile) flush() {
	if len(f.times) == 0 {
		return
	}
	f.put("\n<gx:Track>")
	for _, t := range f.times {
		f.put("\n<when>", t, "</when>")
	}
	for _, p := range f.places {
		f.put("\n<gx:coord>", p, "</gx:coord>")
	}
	f.put("\n</gx:Track>")
	f.times, f.places = f.times[:0], f.places[:0]
}

func (f *kmlFile) end() error {
	f.flush()
	f.put("\n</gx:MultiTrack>\n</Placemark></Document></kml>\n")
	return f.out.Flush()
}

// trackCSV is a table of all that is known of each position.
type trackCSV struct {
	out  *bufio.Writer
	csv  *csv.Writer
	name string
}

func newTrackCSV(w *bufio.Writer) trackWriter { return &trackCSV{out: w, csv: csv.NewWriter(w)} }

func (f *trackCSV) begin(name string, _, _ fleet.Time) {
	f.name = sheet.Neutral(name)
	_, _ = f.out.WriteString("\ufeff") // by which Excel knows UTF-8; Flush reports the error
	f.row("device", "time", "lat", "lon", "speed_kmh", "course", "altitude_m", "accuracy_m", "odometer_m", "satellites", "ignition", "alarms", "received", "protocol", "attributes")
}

func (f *trackCSV) row(cells ...string) { _ = f.csv.Write(cells) } // end reports it

func (f *trackCSV) fix(p *fleet.Position) {
	told := func(has fleet.Fields, v float32) string {
		if p.Has&has == 0 {
			return ""
		}
		return short(v)
	}
	odometer, satellites, ignition, attrs := "", "", "", ""
	if p.Has&fleet.HasOdometer != 0 {
		odometer = strconv.FormatFloat(p.Odometer, 'f', -1, 64)
	}
	if p.Has&fleet.HasSatellites != 0 {
		satellites = strconv.Itoa(int(p.Satellites))
	}
	if p.Has&fleet.HasIgnition != 0 {
		ignition = strconv.FormatBool(p.Has&fleet.IgnitionOn != 0)
	}
	if v := ShowPosition(p); len(v.Attributes) > 0 {
		b, _ := json.Marshal(v.Attributes) // of plain values
		attrs = sheet.Neutral(string(b))
	}
	f.row(f.name, p.Fix.String(), degrees(p.Place.Lat), degrees(p.Place.Lon), told(fleet.HasSpeed, p.Speed), told(fleet.HasCourse, p.Course),
		told(fleet.HasAltitude, p.Altitude), told(fleet.HasAccuracy, p.Accuracy), odometer, satellites, ignition,
		strings.Join(p.Alarms.Names(), " "), p.Received.String(), p.Protocol.String(), attrs)
}

func (f *trackCSV) end() error {
	if f.csv.Flush(); f.csv.Error() != nil {
		return f.csv.Error()
	}
	return f.out.Flush()
}

// geoFile is GeoJSON (RFC 7946): a point for each position, with its time.
type geoFile struct {
	out  *bufio.Writer
	some bool
}

type geoProperties struct {
	Device string     `json:"device"`
	Time   fleet.Time `json:"time"`
	Speed  *float32   `json:"speed,omitempty"`
	Course *float32   `json:"course,omitempty"`
}

func (f *geoFile) put(parts ...string) { (&gpxFile{out: f.out}).put(parts...) }

func (f *geoFile) begin(name string, from, to fleet.Time) {
	b, _ := json.Marshal(name) // a text
	f.put(`{"type":"FeatureCollection","name":`, string(b), `,"from":"`, from.String(), `","to":"`, to.String(), `","features":[`)
}

func (f *geoFile) fix(p *fleet.Position) {
	if f.some {
		f.put(",")
	}
	f.some = true
	b, _ := json.Marshal(geoProperties{p.Device.String(), p.Fix, given(p, fleet.HasSpeed, &p.Speed), given(p, fleet.HasCourse, &p.Course)}) // plain values
	f.put("\n", `{"type":"Feature","geometry":{"type":"Point","coordinates":[`, degrees(p.Place.Lon), ",", degrees(p.Place.Lat))
	if p.Has&fleet.HasAltitude != 0 {
		f.put(",", short(p.Altitude))
	}
	f.put(`]},"properties":`, string(b), "}")
}

func (f *geoFile) end() error {
	f.put("\n]}\n")
	return f.out.Flush()
}
