package ui

import (
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// dist is what `make ui` builds of web; a build without it says so.
//
//go:embed all:dist
var dist embed.FS

//go:embed reference
var reference embed.FS

// policy is the content policy of the pages: nothing inline but styles with
// the page's nonce, and no other host but where tiles come from.
func policy(nonce string, tiles []string) string {
	hosts := strings.Join(append([]string{""}, tiles...), " ")
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data: blob:" + hosts +
		"; connect-src 'self'" + hosts + "; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; " +
		"base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
}

// Routes adds the files of the pages to a mux and returns the handler of the
// pages themselves: one document for every address of a person, which finds
// its way by itself. Tiles, which may be nil, tells the origins that map tiles
// come from.
func Routes(mux *http.ServeMux, tiles func() []string) http.Handler {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("bug: " + err.Error())
	}
	page := serve(mux, built, tiles)
	manual, err := fs.Sub(reference, "reference")
	if err != nil {
		panic("bug: " + err.Error())
	}
	mux.Handle("GET /api/docs", file(manual, "docs.html", noCache))
	for _, name := range []string{"docs.css", "docs.js", "icon.svg"} {
		mux.Handle("GET /ui/"+name, file(manual, name, noCache))
	}
	return page
}

// IsPage reports whether a request that no route serves asks for a page: people
// open addresses without an extension, outside of the API.
func IsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && !strings.HasPrefix(r.URL.Path, "/api/") &&
		!strings.HasPrefix(r.URL.Path, "/ui/") && !strings.HasPrefix(r.URL.Path, "/assets/") && path.Ext(r.URL.Path) == ""
}

const (
	noCache = "no-cache"
	forever = "public, max-age=31536000, immutable" // names with a hash
)

func serve(mux *http.ServeMux, built fs.FS, tiles func() []string) http.Handler {
	index, err := fs.ReadFile(built, "index.html")
	if err != nil {
		index = []byte(notBuilt)
	}
	before, after, templated := strings.Cut(string(index), "{{nonce}}")
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonce := rand.Text()
		var hosts []string
		if tiles != nil {
			hosts = tiles()
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store") // each has its own nonce
		h.Set("Content-Security-Policy", policy(nonce, hosts))
		if !templated {
			w.Write(index)
			return
		}
		w.Write([]byte(before + nonce + after))
	})
	err = fs.WalkDir(built, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "index.html" || name == "placeholder" || strings.HasSuffix(name, ".gz") {
			return err
		}
		cache := noCache
		if strings.HasPrefix(name, "assets/") {
			cache = forever
		}
		mux.Handle("GET /"+name, file(built, name, cache))
		return nil
	})
	if err != nil {
		panic("bug: " + err.Error())
	}
	return page
}

// notBuilt is the page of a binary that was built without the pages.
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Vigia</title>
<h1>UI not built: run make</h1><p>This binary was built without its pages. The API works: <a href="/api/docs">/api/docs</a></p></html>
`

// kinds are the media types of what we embed; the machine's own table may say otherwise.
var kinds = map[string]string{
	".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8", ".json": "application/json", ".geojson": "application/geo+json", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".png": "image/png", ".webmanifest": "application/manifest+json",
}

// file serves one embedded file, compressed where the build left that and the
// browser takes it. It is read from the binary as it is asked for: all of them
// in memory would be a good part of what a small installation needs.
func file(files fs.FS, name, cache string) http.Handler {
	read := func(name string) []byte {
		body, err := fs.ReadFile(files, name)
		if err != nil {
			panic("bug: " + err.Error()) // embedded: there at build time or never
		}
		return body
	}
	if _, err := fs.Stat(files, name); err != nil {
		panic("bug: " + err.Error())
	}
	_, err := fs.Stat(files, name+".gz")
	packed := err == nil
	tag := sync.OnceValue(func() string {
		sum := sha256.Sum256(read(name))
		return base64.RawURLEncoding.EncodeToString(sum[:12])
	})
	kind := kinds[path.Ext(name)]
	if kind == "" {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Cache-Control", cache)
		from, etag := name, `"`+tag()+`"`
		if packed {
			h.Set("Vary", "Accept-Encoding")
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				h.Set("Content-Encoding", "gzip")
				from, etag = name+".gz", `"`+tag()+`-gz"`
			}
		}
		h.Set("ETag", etag)
		if strings.Contains(r.Header.Get("If-None-Match"), etag) {
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(read(from))
	})
}
