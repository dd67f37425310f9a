package admin

import (
	"net/http"
	"os"

	"github.com/vigia-track/vigia/engine/fleet"
)

// maxMaps is how many local street maps are listed.
const maxMaps = 50

// mapFiles lists the street maps in a directory.
func mapFiles(dir string) func() []string {
	return func() (out []string) {
		if dir == "" {
			return nil
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil // nobody put one there
		}
		for _, e := range entries {
			if fleet.MapFile(e.Name()) && len(out) < maxMaps {
				out = append(out, e.Name())
			}
		}
		return out
	}
}

// serveMaps serves parts of the street maps in a directory. They are no secret:
// whoever reaches the server may read them.
func serveMaps(dir string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("name")
		if !fleet.MapFile(name) {
			http.NotFound(w, r)
			return
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer root.Close()
		f, err := root.Open(name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil || !st.Mode().IsRegular() {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.pmtiles")
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, name, st.ModTime(), f)
	})
}
