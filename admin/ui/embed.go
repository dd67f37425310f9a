package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed web
var web embed.FS

//go:embed all:dist
var dist embed.FS

// pages are the addresses that people open, and the file behind each.
var pages = map[string]string{
	"GET /{$}":      "index.html",
	"GET /setup":    "signin.html",
	"GET /login":    "signin.html",
	"GET /activate": "signin.html",
	"GET /api/docs": "docs.html",
}

// Routes adds the pages and their files to a mux. The service worker stands at
// the root, because a worker rules only what lies below it.
func Routes(mux *http.ServeMux) {
	files, err := fs.Sub(web, "web")
	if err != nil {
		panic("bug: " + err.Error())
	}
	for pattern, name := range pages {
		mux.Handle(pattern, file(files, name))
	}
	mux.Handle("GET /sw.js", file(files, "sw.js"))
	list, err := fs.Glob(files, "*")
	if err != nil {
		panic("bug: " + err.Error())
	}
	for _, name := range list {
		mux.Handle("GET /ui/"+name, file(files, name))
	}
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("bug: " + err.Error())
	}
	if _, err := fs.Stat(built, "index.html"); err == nil {
		mux.Handle("GET /app/", http.StripPrefix("/app/", http.FileServerFS(built)))
	}
}

// file serves one embedded file; browsers ask again each time and get 304.
func file(files fs.FS, name string) http.Handler {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		panic("bug: " + err.Error()) // embedded: there at build time or never
	}
	sum := sha256.Sum256(body)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	kind := mime.TypeByExtension(path.Ext(name))
	switch path.Ext(name) { // the machine's own table may say otherwise
	case ".js":
		kind = "text/javascript; charset=utf-8"
	case ".css":
		kind = "text/css; charset=utf-8"
	case ".json":
		kind = "application/json"
	case ".svg":
		kind = "image/svg+xml"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(body)
	})
}
