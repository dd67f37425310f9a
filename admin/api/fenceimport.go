package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// The bounds of one import.
const (
	maxImport         = 32 << 20 // bytes
	maxImportFeatures = 10000
)

type featureCollection struct {
	Type     string    `json:"type" enum:"FeatureCollection"`
	Features []feature `json:"features" nullable:"false" minItems:"1" maxItems:"10000"`
	// What other programs write beside it (RFC 7946, section 6.1) is ignored.
	_ struct{} `additionalProperties:"true"`
}

type feature struct {
	Type       string            `json:"type" enum:"Feature"`
	Geometry   Geometry          `json:"geometry"`
	Properties featureProperties `json:"properties"`
	_          struct{}          `additionalProperties:"true"`
}

// featureProperties are taken over where they are ours; others are ignored.
type featureProperties struct {
	Name string `json:"name" example:"Depot north"`
	FenceRules
	_ struct{} `additionalProperties:"true"`
}

type imported struct {
	Fences []fence `json:"fences" nullable:"false"`
}

// importFences adds the operation that takes many fences in one change.
func (a *API) importFences() {
	op := operation{
		tag: "Fences", object: auth.Fence, action: auth.Create, id: "importFences", method: http.MethodPost,
		path: "/fences/import", summary: "Draw fences from a GeoJSON FeatureCollection", status: http.StatusCreated, body: maxImport,
		doc: "All or none. `properties.name` names the fence; the other fields of a fence may stand beside it. " +
			"Every faulty feature is listed by its index, a bad shape with its own `position`; that beside `errors` is of the first.",
		example: map[string]any{"type": "FeatureCollection", "features": []any{map[string]any{
			"type": "Feature", "geometry": json.RawMessage(exampleCircle), "properties": map[string]any{"name": "Depot north"},
		}}},
	}
	register(a, op, func(c *call, in *struct{ Body featureCollection }) (*one[imported], error) {
		set := fleet.ChangeSet{Actor: c.actor()}
		problem := newProblem(c.lang, codeInvalid, "")
		for i := range in.Body.Features {
			ft := &in.Body.Features[i]
			var f fleet.Fence
			fi := fenceInput{Name: ft.Properties.Name, Shape: ft.Geometry, FenceRules: ft.Properties.FenceRules}
			err := fi.apply(c, &f)
			if e, ok := errors.AsType[*fleet.Error](err); ok && e.Kind == fleet.Invalid {
				field := fmt.Sprintf("features[%d].%s", i, e.Field)
				problem.Errors = append(problem.Errors, fieldProblem(c.lang, field, e))
				if problem.Position == nil {
					problem.Position = positionOf(err)
				}
				if len(problem.Errors) == maxProblems {
					break
				}
				continue
			}
			if err != nil {
				return nil, err
			}
			set.Fences = append(set.Fences, f)
		}
		if len(problem.Errors) > 0 {
			return nil, problem
		}
		stored, err := a.apply(c, set)
		if err != nil {
			return nil, err
		}
		out := &one[imported]{imported{Fences: make([]fence, 0, len(stored.Fences))}}
		for i := range stored.Fences {
			out.Body.Fences = append(out.Body.Fences, showFence(&stored.Fences[i]))
		}
		return out, nil
	})
}

// maxProblems is how many faulty features one answer lists.
const maxProblems = 100
