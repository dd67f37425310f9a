package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
)

// MaxJSON is the longest GeoJSON text that is read, in bytes.
const MaxJSON = 64 << 20

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
			g.Type, g.Coordinates = "Polygon", append(Polygon{}, s.Area[0]...)
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
// the form only, and reads no further than the first point above MaxVertices;
// Validate checks the outline. Its errors are Faults.
func (s *Shape) UnmarshalJSON(data []byte) error {
	out, err := readShape(data)
	if err == nil {
		*s = out
	}
	return err
}

func readShape(data []byte) (s Shape, err error) {
	if len(data) > MaxJSON {
		return s, faultless(TooLarge, "bytes", len(data), "limit", MaxJSON)
	}
	if string(bytes.TrimSpace(data)) == "null" {
		return s, nil
	}
	g, err := membersOf(data)
	if err != nil {
		return s, err
	}
	if kind, _ := g.text("type"); kind == "Feature" {
		if g, err = membersOf(g["geometry"]); err != nil {
			return s, err
		}
		if g == nil {
			return s, faultless(EmptyFeature)
		}
	}
	return g.shape()
}

// geometry is a JSON object, member by member.
type geometry map[string]json.RawMessage

// membersOf reads an object; it is nil if there is none.
func membersOf(data []byte) (g geometry, err error) {
	if len(data) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(data, &g); err != nil {
		if e, ok := errors.AsType[*json.SyntaxError](err); ok {
			return nil, faultless(NotJSON, "offset", e.Offset)
		}
		return nil, faultless(NotGeometry)
	}
	return g, nil
}

func (g geometry) text(name string) (s string, ok bool) {
	return s, json.Unmarshal(g[name], &s) == nil
}

// has reports whether a member is there and is not null.
func (g geometry) has(name string) bool {
	return len(g[name]) > 0 && string(g[name]) != "null"
}

func (g geometry) shape() (s Shape, err error) {
	kind, ok := g.text("type")
	switch {
	case !ok || kind == "":
		return s, faultless(NoType)
	case kind == "GeometryCollection":
		return s, faultless(Collection)
	}
	for _, name := range slices.Sorted(maps.Keys(g)) {
		if !slices.Contains([]string{"type", "coordinates", "radius", "width", "bbox"}, name) {
			return s, faultless(UnknownMember, "name", name)
		}
	}
	switch {
	case !g.has("coordinates"):
		return s, faultless(NoCoordinates, "type", kind)
	case g.has("radius") && kind != "Point":
		return s, faultless(RadiusNotHere, "type", kind)
	case g.has("width") && kind != "LineString":
		return s, faultless(WidthNotHere, "type", kind)
	}
	in := coordinates{text: g["coordinates"]}
	switch kind {
	case "Polygon":
		s.Kind = Area
		poly, err := in.polygon()
		s.Area = MultiPolygon{poly}
		return s, err
	case "MultiPolygon":
		s.Kind = Area
		err = in.list(func() error {
			poly, err := in.polygon()
			s.Area = append(s.Area, poly)
			return err
		})
		return s, err
	case "Point":
		s.Kind = Circle
		if s.Radius, err = g.metres("radius", RadiusMissing); err == nil {
			s.Centre, err = in.position()
		}
		return s, err
	case "LineString":
		s.Kind = Corridor
		if s.Width, err = g.metres("width", WidthMissing); err == nil {
			s.Path, err = in.points()
		}
		return s, err
	}
	return s, faultless(UnknownType, "type", kind)
}

// metres reads a member that is a length.
func (g geometry) metres(name string, missing Code) (v float64, err error) {
	if !g.has(name) {
		return 0, faultless(missing)
	}
	if json.Unmarshal(g[name], &v) != nil {
		return 0, faultless(LengthNoNumber, "name", name, "text", string(g[name]))
	}
	return v, nil
}
