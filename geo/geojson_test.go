package geo

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestShapeJSON(t *testing.T) { t.Run("C-4", checkShapeJSON) }

func checkShapeJSON(t *testing.T) {
	for name, text := range map[string]string{
		"polygon":      `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],[[0.5,0.2],[0.6,0.2],[0.6,0.3],[0.5,0.2]]]}`,
		"multipolygon": `{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}`,
		"circle":       `{"type":"Point","coordinates":[-74.1,4.6],"radius":250}`,
		"corridor":     `{"type":"LineString","coordinates":[[-74.1,4.6],[-74,4.7]],"width":30}`,
	} {
		t.Run(name, func(t *testing.T) {
			var s, again Shape
			if err := json.Unmarshal([]byte(text), &s); err != nil {
				t.Fatal(err)
			}
			out, err := json.Marshal(s)
			if err != nil || string(out) != text {
				t.Errorf("became %s, %v", out, err)
			}
			feature := `{"type":"Feature","properties":{"name":"x"},"geometry":` + text + `}`
			if err := json.Unmarshal([]byte(feature), &again); err != nil || !reflect.DeepEqual(s, again) {
				t.Errorf("as a feature it is %v, %v", again, err)
			}
		})
	}
}

func TestShapeJSONRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"not JSON":         {`{`, "no JSON, from byte 1"},
		"not an object":    {`[1,2]`, "GeoJSON geometry"},
		"no type":          {`{"coordinates":[]}`, `no "type"`},
		"no coordinates":   {`{"type":"Polygon"}`, "no coordinates"},
		"null coordinates": {`{"type":"Polygon","coordinates":null}`, "no coordinates"},
		"wrong depth":      {`{"type":"Polygon","coordinates":[[0,0],[1,1]]}`, "position is [longitude, latitude]"},
		"text":             {`{"type":"Polygon","coordinates":[[["0","0"]]]}`, "position is [longitude, latitude]"},
		"null number":      {`{"type":"Polygon","coordinates":[[[null,0]]]}`, "position is [longitude, latitude]"},
		"one number":       {`{"type":"Polygon","coordinates":[[[1]]]}`, "position is [longitude, latitude]"},
		"five numbers":     {`{"type":"Polygon","coordinates":[[[1,2,3,4,5]]]}`, "position is [longitude, latitude]"},
		"too large":        {`{"type":"Polygon","coordinates":[[[1e999,2]]]}`, "position is [longitude, latitude]"},
		"point":            {`{"type":"Point","coordinates":[1,2]}`, `needs a "radius"`},
		"line":             {`{"type":"LineString","coordinates":[[1,2],[3,4]]}`, `needs a "width"`},
		"round polygon":    {`{"type":"Polygon","coordinates":[],"radius":4}`, `no "radius"`},
		"wide point":       {`{"type":"Point","coordinates":[1,2],"radius":4,"width":4}`, `no "width"`},
		"unknown member":   {`{"type":"Point","coordinates":[1,2],"radios":4}`, `no member radios`},
		"unknown type":     {`{"type":"MultiPoint","coordinates":[[1,2]]}`, "no shape of a fence"},
		"textual radius":   {`{"type":"Point","coordinates":[1,2],"radius":"4"}`, "radius is a number of metres"},
		"deep":             {`{"type":"LineString","width":4,"coordinates":[[[1,2]]]}`, "not [[1,2]]] (coordinates[0])"},
		"no list":          {`{"type":"MultiPolygon","coordinates":[[[[0,0]],{}]]}`, "not {}]] (coordinates[0][1])"},
		"collection":       {`{"type":"GeometryCollection","geometries":[]}`, "GeometryCollection"},
		"empty feature":    {`{"type":"Feature","geometry":null}`, "no geometry"},
	} {
		t.Run(name, func(t *testing.T) {
			var s Shape
			err := s.UnmarshalJSON([]byte(c.text))
			if _, ok := errors.AsType[*Fault](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want a *Fault with %q", err, c.want)
			}
		})
	}
	var s Shape
	if err := json.Unmarshal([]byte(`null`), &s); err != nil || s.Kind != NoShape {
		t.Errorf("null is %v, %v", s, err)
	}
}

func TestFeaturesKeepOneFaultToOneFeature(t *testing.T) {
	out, err := Features([]byte(`{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"name":"bad"},"geometry":{"type":"Polygon"}},
		{"type":"Feature","properties":{"name":"good"},"geometry":{"type":"Point","coordinates":[1,2],"radius":3}},
		7]}`))
	if err != nil || len(out) != 3 {
		t.Fatalf("%d features, %v", len(out), err)
	}
	if out[0].Err == nil || out[1].Err != nil || out[2].Err == nil || string(out[1].Properties["name"]) != `"good"` {
		t.Errorf("features %+v", out)
	}
}

// Whatever the bytes: no panic, what is read is written and read again as the
// same, and what validates can be prepared, normalised and still validates.
func FuzzShapeJSON(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],[[0.5,0.2],[0.6,0.3],[0.6,0.2],[0.5,0.2]]]}`))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[179,0],[-179,0],[-179,1],[179,1],[179,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}`))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}`))
	f.Add([]byte(`{"type":"Point","coordinates":[-74.1,4.6],"radius":250}`))
	f.Add([]byte(`{"type":"LineString","coordinates":[[-74.1,4.6],[-74,4.7]],"width":30}`))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[0,80],[120,80],[-120,80],[0,80]]]}`))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[-180,-90],[180,-90],[180,-70],[0,-65],[-180,-70],[-180,-90]]]}`))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[170,-5],[190,-5],[190,5],[170,5],[170,-5]]]}`))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[170,0],[180,0],[180,1],[170,1],[170,0]]],[[[-180,0],[-170,0],[-170,1],[-180,1],[-180,0]]]]}`))
	f.Add([]byte(`{"type":"Feature","geometry":{"type":"Point","coordinates":[180,90,7],"radius":1e5}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s Shape
		err := s.UnmarshalJSON(data)
		checkFault(t, err)
		if err != nil || s.Kind == NoShape {
			return
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var again Shape
		if err := again.UnmarshalJSON(text); err != nil {
			t.Fatalf("%s is not read again: %v", text, err)
		}
		if err := s.Validate(); err != nil {
			checkFault(t, err)
			return
		}
		checkPrepared(t, &s)
		n := s.Normalise()
		if err := n.Validate(); err != nil {
			t.Fatalf("valid, but normalised: %v", err)
		}
		checkPrepared(t, &n)
	})
}

// checkFault holds an error to what is promised of every error of this room.
func checkFault(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	f, ok := errors.AsType[*Fault](err)
	switch {
	case !ok:
		t.Fatalf("%v is no Fault", err)
	case f.Code.Text() == "":
		t.Fatalf("the code %q has no text", f.Code)
	case gap.MatchString(stripped(f)):
		t.Fatalf("%q has a gap that no parameter fills", f.Error())
	case len(f.Error()) > 600:
		t.Fatalf("an error of %d bytes", len(f.Error()))
	case f.Placed && !(math.Abs(f.At[1]) <= math.MaxFloat64 && math.Abs(f.At[0]) <= math.MaxFloat64):
		t.Fatalf("a fault at %v", f.At)
	}
}

// gap is a gap in a text, and stripped a fault's text without what strangers
// wrote, which may look like gaps.
var gap = regexp.MustCompile(`\{[a-z]+\}`)

func stripped(f *Fault) string {
	g := *f
	g.Params = nil
	for _, p := range f.Params {
		g.Params = append(g.Params, Param{Name: p.Name, Value: "x"})
	}
	return g.Error()
}

// checkPrepared holds a valid shape to what an index and its askers rely on:
// boxes of numbers with west before east, and answers that are numbers.
func checkPrepared(t *testing.T, s *Shape) {
	t.Helper()
	p, err := Prepare(s)
	if err != nil {
		t.Fatalf("valid, but: %v", err)
	}
	boxes, n := p.Boxes()
	if n < 1 {
		t.Fatal("valid, but without a box")
	}
	for _, b := range boxes[:n] {
		if !(-180 <= b.Min[0] && b.Min[0] <= b.Max[0] && b.Max[0] <= 180 && -90 <= b.Min[1] && b.Min[1] <= b.Max[1] && b.Max[1] <= 90) {
			t.Fatalf("a box %v", b)
		}
	}
	var corners []Point
	for _, poly := range s.Area {
		for _, ring := range poly {
			corners = append(corners, ring...)
		}
	}
	corners = append(corners, s.Path...)
	if s.Kind == Circle {
		corners = append(corners, s.Centre)
	}
	for _, at := range corners[:min(len(corners), 50)] {
		at[0] = wrap(at[0])
		if !p.Contains(at) || !inABox(p, at) {
			t.Fatalf("its own point %v is outside", at)
		}
		if d := p.EdgeDistance(at); !(math.Abs(d) <= 3e7) {
			t.Fatalf("the edge is %v m away from %v", d, at)
		}
	}
}

// Reading stops at the first point, or list, too many, however long the text.
func TestReadingIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want Code
	}{
		"points":   {`{"type":"Polygon","coordinates":[[` + strings.Repeat("[1,2],", 300_000) + `[1,2]]]}`, TooManyPoints},
		"path":     {`{"type":"LineString","width":1,"coordinates":[` + strings.Repeat("[1,2],", 300_000) + `[1,2]]}`, TooManyPoints},
		"rings":    {`{"type":"Polygon","coordinates":[` + strings.Repeat("[],", 300_000) + `[]]}`, TooManyPoints},
		"polygons": {`{"type":"MultiPolygon","coordinates":[` + strings.Repeat("[],", 300_000) + `[]]}`, TooManyPoints},
		"depth":    {`{"type":"Polygon","coordinates":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `}`, NotAPosition},
		"too deep": {`{"type":"Polygon","coordinates":` + strings.Repeat("[", 90_000) + strings.Repeat("]", 90_000) + `}`, NotJSON},
		"a number": {`{"type":"Point","radius":5,"coordinates":[` + strings.Repeat("9", 100_000) + `,1]}`, NotAPosition},
		"a member": {`{"type":"Point","` + strings.Repeat("x", 100_000) + `":1,"coordinates":[1,1]}`, UnknownMember},
	} {
		var s Shape
		err := s.UnmarshalJSON([]byte(c.text))
		checkFault(t, err)
		if f, ok := errors.AsType[*Fault](err); !ok || f.Code != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if s.Kind != NoShape {
			t.Errorf("%s: a shape came of it", name)
		}
	}
	if _, err := Features([]byte(`{"type":"FeatureCollection","features":[` + strings.Repeat("7,", MaxFeatures) + `7]}`)); err == nil || !strings.Contains(err.Error(), "split it") {
		t.Errorf("too many features: %v", err)
	}
}

// Whatever the bytes of a file: no panic, and each feature has a shape or says
// why not.
func FuzzFeatures(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[1,2],"radius":3}},7,null]}`))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := Features(data)
		checkFault(t, err)
		for i := range all {
			checkFault(t, all[i].Err)
			if (all[i].Err == nil) == (all[i].Shape.Kind == NoShape) {
				t.Fatalf("feature %d: %v, kind %v", i, all[i].Err, all[i].Shape.Kind)
			}
		}
	})
}
