package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin"
)

// storeSizes is how much room the databases, the journal and the days of tracks
// take; what cannot be read counts as nothing.
func storeSizes(data string) []admin.StoreSize {
	sizes := map[string]uint64{}
	entries, _ := os.ReadDir(data)
	for _, e := range entries {
		name := e.Name()
		switch {
		case name == "journal":
			files, _ := os.ReadDir(filepath.Join(data, name))
			for _, f := range files {
				if info, err := f.Info(); err == nil && info.Mode().IsRegular() {
					sizes[name] += uint64(info.Size())
				}
			}
			continue
		case strings.HasPrefix(name, "tracks-"):
			name = "tracks"
		case filepath.Ext(name) != ".db":
			continue
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			sizes[name] += uint64(info.Size())
		}
	}
	out := []admin.StoreSize{}
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		out = append(out, admin.StoreSize{Name: name, Bytes: sizes[name]})
	}
	return out
}
