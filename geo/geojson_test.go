package geo

import (
	"encoding/json"
	"reflect"
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
		"not JSON":         {`{`, "GeoJSON geometry"},
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
		"unknown member":   {`{"type":"Point","coordinates":[1,2],"radios":4}`, `unknown field "radios"`},
		"unknown type":     {`{"type":"MultiPoint","coordinates":[[1,2]]}`, "no shape of a fence"},
		"collection":       {`{"type":"GeometryCollection","geometries":[]}`, "unknown field"},
		"empty feature":    {`{"type":"Feature","geometry":null}`, "no geometry"},
	} {
		t.Run(name, func(t *testing.T) {
			var s Shape
			err := s.UnmarshalJSON([]byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
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
	f.Add([]byte(`{"type":"Feature","geometry":{"type":"Point","coordinates":[180,90,7],"radius":1e5}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s Shape
		if s.UnmarshalJSON(data) != nil || s.Kind == NoShape {
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
		if s.Validate() != nil {
			return
		}
		if _, err := Prepare(&s); err != nil {
			t.Fatalf("valid, but: %v", err)
		}
		n := s.Normalise()
		if err := n.Validate(); err != nil {
			t.Fatalf("valid, but normalised: %v", err)
		}
	})
}
