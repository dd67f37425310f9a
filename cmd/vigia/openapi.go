package main

import (
	"encoding/json"
	"io"
	"os"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/history"
)

// OpenAPICmd prints the API's description.
type OpenAPICmd struct{}

// Help is what --help adds.
func (OpenAPICmd) Help() string {
	return `Prints the OpenAPI 3.1 document of the REST API as JSON, as a running server has
it at /api/openapi.json. Needs no server and no data directory.`
}

// Run prints the document.
func (OpenAPICmd) Run() error { return printOpenAPI(os.Stdout) }

// printOpenAPI makes the API over stores that are not open: the document comes
// from the operations, and none of them is called.
func printOpenAPI(w io.Writer) error {
	var records *store.Admin
	server, err := admin.New(admin.Options{
		Records: records, Books: books(records), People: records, Applier: (*node)(nil),
		Facts: (*store.Facts)(nil), Tracks: (*history.History)(nil), Hub: live.NewHub(0), Version: version,
	})
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(server.API().OpenAPI())
}
