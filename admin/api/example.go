package api

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// addExamples puts the operation's example beside its request body in the
// document.
func (a *API) addExamples(path string, op operation) {
	if op.example == nil {
		return
	}
	o := a.operation(path, op.method)
	if o == nil || o.RequestBody == nil {
		return
	}
	b, err := json.Marshal(op.example)
	if err != nil {
		panic("bug: example of " + op.id + ": " + err.Error())
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		panic("bug: example of " + op.id + ": " + err.Error())
	}
	for _, media := range o.RequestBody.Content {
		media.Example = v
	}
}

func (a *API) operation(path, method string) *huma.Operation {
	item := a.huma.OpenAPI().Paths[path]
	if item == nil {
		return nil
	}
	switch method {
	case "GET":
		return item.Get
	case "POST":
		return item.Post
	case "PUT":
		return item.Put
	case "DELETE":
		return item.Delete
	}
	return nil
}
