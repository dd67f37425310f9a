package api

import "github.com/danielgtaylor/huma/v2"

// The longest texts where a field or parameter says nothing else. What a field
// means may bound it further: this keeps a stray book out of the store, out of
// the audit and out of the problem that would quote it.
const (
	textMost  = 1000
	queryMost = 512
)

// limits gives every text that a request may hold a longest length, in the
// document and in the validation that follows it.
func (a *API) limits() {
	doc := a.huma.OpenAPI()
	schemas := doc.Components.Schemas
	done := map[*huma.Schema]bool{}
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil {
				continue
			}
			for _, p := range op.Parameters {
				if p.In == "query" && p.Schema != nil {
					limit(schemas, p.Schema, queryMost, done)
					p.Schema.PrecomputeMessages()
				}
			}
			if op.RequestBody == nil {
				continue
			}
			for _, media := range op.RequestBody.Content {
				limit(schemas, media.Schema, textMost, done)
			}
		}
	}
	for s := range done {
		s.PrecomputeMessages()
	}
}

// limit bounds the texts of a schema and of all that it holds.
func limit(all huma.Registry, s *huma.Schema, most int, done map[*huma.Schema]bool) {
	if s != nil && s.Ref != "" {
		s = all.SchemaFromRef(s.Ref)
	}
	if s == nil || done[s] {
		return
	}
	done[s] = true
	if s.Type == huma.TypeString && s.MaxLength == nil && s.Pattern == "" && s.Enum == nil && s.Format == "" {
		s.MaxLength = new(most)
	}
	limit(all, s.Items, most, done)
	for _, p := range s.Properties {
		limit(all, p, most, done)
	}
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
		limit(all, more, most, done)
	}
	for _, of := range [][]*huma.Schema{s.OneOf, s.AnyOf, s.AllOf} {
		for _, p := range of {
			limit(all, p, most, done)
		}
	}
}
