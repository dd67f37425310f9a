package geo

import (
	"bytes"
	"encoding/json"
)

// Feature is one feature of a GeoJSON file: its properties and its shape, or
// why it has none.
type Feature struct {
	Properties map[string]json.RawMessage
	Shape      Shape
	Err        error // a *Fault
}

// Features reads a FeatureCollection, a Feature or a bare geometry. A feature
// whose geometry cannot be read carries the reason and harms no other.
func Features(data []byte) ([]Feature, error) {
	if len(data) > MaxJSON {
		return nil, faultless(TooLarge, "bytes", len(data), "limit", MaxJSON)
	}
	file, err := membersOf(data)
	if err != nil {
		return nil, err
	}
	each := []json.RawMessage{data}
	if kind, _ := file.text("type"); kind == "FeatureCollection" {
		if each, err = listed(file["features"]); err != nil {
			return nil, err
		}
	}
	out := make([]Feature, len(each))
	for i, raw := range each {
		out[i] = feature(raw)
	}
	return out, nil
}

// MaxFeatures is how many features of one file are read.
const MaxFeatures = 250_000

func listed(data []byte) (out []json.RawMessage, err error) {
	in := json.NewDecoder(bytes.NewReader(data))
	if open, err := in.Token(); err != nil || open != json.Delim('[') {
		return nil, faultless(NoFeatures)
	}
	for in.More() {
		var raw json.RawMessage
		if in.Decode(&raw) != nil {
			return nil, faultless(NoFeatures)
		}
		if len(out) == MaxFeatures {
			return nil, faultless(ManyFeatures, "limit", MaxFeatures)
		}
		out = append(out, raw)
	}
	return out, nil
}

func feature(raw json.RawMessage) (f Feature) {
	g, err := membersOf(raw)
	if f.Err = err; err != nil {
		return f
	}
	if g.has("properties") && json.Unmarshal(g["properties"], &f.Properties) != nil {
		f.Err = faultless(BadProperties)
		return f
	}
	if f.Err = f.Shape.UnmarshalJSON(raw); f.Err == nil && f.Shape.Kind == NoShape {
		f.Err = faultless(NotGeometry)
	}
	return f
}
