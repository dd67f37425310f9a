package api

import (
	"errors"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// shapePrefix stands before the codes of shape faults in the catalogue, whose
// texts have named gaps ({radius}).
const shapePrefix = "shape."

// fieldProblem words an error about one field. Of a bad shape it also tells
// the code, the values and the position, for programs and for the map.
func fieldProblem(lang fleet.Lang, field string, e *fleet.Error) FieldProblem {
	f, ok := errors.AsType[*geo.Fault](e.Err)
	if !ok {
		return FieldProblem{Field: field, Message: say(lang, e.Message)}
	}
	out := FieldProblem{Field: field, Code: string(f.Code), Path: f.Path, Message: f.Word(func(c geo.Code) string {
		return catalogues()[lang].texts(shapePrefix + string(c))
	})}
	for _, p := range f.Params {
		if out.Params == nil {
			out.Params = make(map[string]string, len(f.Params))
		}
		out.Params[p.Name] = p.Value
	}
	out.Position = positionOf(e)
	return out
}

// positionOf is where a shape is at fault, if the error knows.
func positionOf(err error) []float64 {
	if f, ok := errors.AsType[*geo.Fault](err); ok && f.Placed {
		return []float64{f.At[0], f.At[1]}
	}
	return nil
}
