package geo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// MaxJSON is the longest GeoJSON text that is read, in bytes.
const MaxJSON = 64 << 20

type geometryJSON struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Radius      *float64        `json:"radius,omitempty"`
	Width       *float64        `json:"width,omitempty"`
	Box         json.RawMessage `json:"bbox,omitempty"`
}

// MarshalJSON gives the GeoJSON geometry; null for the zero Shape.
func (s Shape) MarshalJSON() ([]byte, error) {
	g := struct {
		Type        string   `json:"type"`
		Coordinates any      `json:"coordinates"`
		Radius      *float64 `json:"radius,omitempty"`
		Width       *float64 `json:"width,omitempty"`
	}{}
	switch s.Kind {
	case Area:
		g.Type, g.Coordinates = "MultiPolygon", append(MultiPolygon{}, s.Area...)
		if len(s.Area) == 1 {
			g.Type, g.Coordinates = "Polygon", s.Area[0]
		}
	case Circle:
		g.Type, g.Coordinates, g.Radius = "Point", s.Centre, &s.Radius
	case Corridor:
		g.Type, g.Coordinates, g.Width = "LineString", append(LineString{}, s.Path...), &s.Width
	default:
		return []byte("null"), nil
	}
	return json.Marshal(g)
}

// UnmarshalJSON reads a GeoJSON geometry, or a Feature around one. It checks
// the form only; Validate checks the outline.
func (s *Shape) UnmarshalJSON(data []byte) error {
	if len(data) > MaxJSON {
		return fmt.Errorf("GeoJSON of %d bytes, at most %d are read", len(data), MaxJSON)
	}
	if string(bytes.TrimSpace(data)) == "null" {
		*s = Shape{}
		return nil
	}
	var kind struct {
		Type     string          `json:"type"`
		Geometry json.RawMessage `json:"geometry"`
	}
	if err := json.Unmarshal(data, &kind); err != nil {
		return fmt.Errorf("a shape is a GeoJSON geometry: %w", err)
	}
	if kind.Type == "Feature" {
		if len(kind.Geometry) == 0 || string(kind.Geometry) == "null" {
			return fmt.Errorf("the Feature has no geometry")
		}
		data = kind.Geometry
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var g geometryJSON
	if err := dec.Decode(&g); err != nil {
		return fmt.Errorf("a shape is a GeoJSON geometry: %w", err)
	}
	out, err := g.shape()
	if err != nil {
		return err
	}
	*s = out
	return nil
}

func (g *geometryJSON) shape() (s Shape, err error) {
	if g.Type == "" {
		return s, fmt.Errorf(`the geometry has no "type"`)
	}
	if len(g.Coordinates) == 0 || string(g.Coordinates) == "null" {
		if g.Type == "GeometryCollection" {
			return s, fmt.Errorf("a GeometryCollection is no fence: give its parts as a MultiPolygon")
		}
		return s, fmt.Errorf("the %s has no coordinates", g.Type)
	}
	if g.Radius != nil && g.Type != "Point" {
		return s, fmt.Errorf(`a %s has no "radius": a circle is a Point`, g.Type)
	}
	if g.Width != nil && g.Type != "LineString" {
		return s, fmt.Errorf(`a %s has no "width": a corridor is a LineString`, g.Type)
	}
	switch g.Type {
	case "Polygon":
		s.Kind = Area
		var rings [][]position
		if err = g.read(&rings); err == nil {
			s.Area = MultiPolygon{polygonOf(rings)}
		}
	case "MultiPolygon":
		s.Kind = Area
		var polys [][][]position
		if err = g.read(&polys); err == nil {
			for _, rings := range polys {
				s.Area = append(s.Area, polygonOf(rings))
			}
		}
	case "Point":
		s.Kind = Circle
		if g.Radius == nil {
			return s, fmt.Errorf(`a Point needs a "radius" in metres to be a circle`)
		}
		var p position
		err = g.read(&p)
		s.Centre, s.Radius = Point(p), *g.Radius
	case "LineString":
		s.Kind = Corridor
		if g.Width == nil {
			return s, fmt.Errorf(`a LineString needs a "width" in metres to be a corridor`)
		}
		var path []position
		err = g.read(&path)
		for _, p := range path {
			s.Path = append(s.Path, Point(p))
		}
		s.Width = *g.Width
	default:
		return s, fmt.Errorf("%q is no shape of a fence: use Polygon, MultiPolygon, Point with radius, or LineString with width", g.Type)
	}
	return s, err
}

func (g *geometryJSON) read(into any) error {
	if err := json.Unmarshal(g.Coordinates, into); err != nil {
		return fmt.Errorf("the coordinates of the %s: %w", g.Type, err)
	}
	return nil
}

func polygonOf(rings [][]position) Polygon {
	out := make(Polygon, len(rings))
	for i, ring := range rings {
		out[i] = make(Ring, len(ring))
		for j, p := range ring {
			out[i][j] = Point(p)
		}
	}
	return out
}

// position is one GeoJSON position: longitude, latitude, and an altitude that
// is left out.
type position Point

// UnmarshalJSON reads two or three numbers.
func (p *position) UnmarshalJSON(data []byte) error {
	v := [4]float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	n := 0
	var parts []*float64
	if err := json.Unmarshal(data, &parts); err != nil {
		return fmt.Errorf("a position is [longitude, latitude]: %w", err)
	}
	for _, part := range parts {
		if part == nil || n == len(v) {
			return fmt.Errorf("a position is [longitude, latitude], not %.60s", data)
		}
		v[n] = *part
		n++
	}
	if n != 2 && n != 3 {
		return fmt.Errorf("a position is [longitude, latitude], not %.60s", data)
	}
	*p = position{v[0], v[1]}
	return nil
}

// Feature is one feature of a GeoJSON file: its properties and its shape, or
// why it has none.
type Feature struct {
	Properties map[string]json.RawMessage
	Shape      Shape
	Err        error
}

// Features reads a FeatureCollection, a Feature or a bare geometry. A feature
// whose geometry cannot be read carries the reason and harms no other.
func Features(data []byte) ([]Feature, error) {
	if len(data) > MaxJSON {
		return nil, fmt.Errorf("GeoJSON of %d bytes, at most %d are read", len(data), MaxJSON)
	}
	var file struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("no GeoJSON: %w", err)
	}
	if file.Type != "FeatureCollection" {
		file.Features = []json.RawMessage{data}
	}
	out := make([]Feature, len(file.Features))
	for i, raw := range file.Features {
		var f struct {
			Type       string                     `json:"type"`
			Properties map[string]json.RawMessage `json:"properties"`
		}
		if out[i].Err = json.Unmarshal(raw, &f); out[i].Err == nil {
			out[i].Err = out[i].Shape.UnmarshalJSON(raw)
		}
		out[i].Properties = f.Properties
	}
	return out, nil
}
