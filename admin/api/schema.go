package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The types below stand in for fleet's own in the OpenAPI document.

type idSchema struct{}

const idExample = "01H8MZ3V7Q2KD"

// Schema says how an ID is written.
func (idSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Pattern: "^[0-9A-Za-z]{13}$", PatternDescription: "an ID of 13 characters",
		Examples: []any{idExample}, Description: "13 characters of Crockford's base 32",
	}
}

type eventIDSchema struct{}

// Schema says how an event's ID is written.
func (eventIDSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Pattern: "^[0-9a-f]{32}$", PatternDescription: "an event ID of 32 hexadecimal digits",
		Examples: []any{"019aa0b3c4d55f0e1d2c3b4a59687786"}, Description: "32 hexadecimal digits",
	}
}

type timeSchema struct{}

// Schema says how a time is written.
func (timeSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Format: "date-time", Examples: []any{"2026-11-21T14:03:00.000Z"},
		Description: "RFC 3339; given in UTC with milliseconds",
	}
}

type kindSchema struct{}

// Schema lists the kinds of event.
func (kindSchema) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Examples: []any{"enter"}}
	for _, k := range fleet.EventKinds() {
		s.Enum = append(s.Enum, k.String())
	}
	return s
}
