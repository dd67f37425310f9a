package ui

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// site is a small build, as Vite leaves it.
func site(files map[string]string) (*http.ServeMux, http.Handler) {
	built := fstest.MapFS{}
	for name, body := range files {
		built[name] = &fstest.MapFile{Data: []byte(body)}
	}
	mux := http.NewServeMux()
	return mux, serve(mux, built, func() []string { return []string{"https://tiles.example.com"} })
}

func get(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.ServeHTTP(w, r)
	return w
}

func TestPagesGetANonceEach(t *testing.T) {
	_, page := site(map[string]string{"index.html": `<meta name="nonce" content="{{nonce}}">`})
	seen := map[string]bool{}
	for range 3 {
		w := get(page, "/customers/01H8MZ3V7Q2KD")
		m := regexp.MustCompile(`content="(\w{20,})"`).FindStringSubmatch(w.Body.String())
		if m == nil || seen[m[1]] {
			t.Fatalf("the page is %q", w.Body)
		}
		seen[m[1]] = true
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "'nonce-"+m[1]+"'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "https://tiles.example.com") {
			t.Errorf("the policy is %q", policy)
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Error("a page with a nonce may be stored")
		}
	}
}

func TestUnbuiltSaysSo(t *testing.T) {
	_, page := site(map[string]string{"placeholder": ""})
	if w := get(page, "/"); !strings.Contains(w.Body.String(), "UI not built: run make") {
		t.Errorf("the page is %q", w.Body)
	}
}

func TestFilesAreNotSentTwice(t *testing.T) {
	mux, _ := site(map[string]string{"index.html": "", "assets/a-1.js": "let a = 1;", "assets/a-1.js.gz": "packed", "icon.svg": "<svg/>"})
	for _, path := range []string{"/assets/a-1.js", "/icon.svg"} {
		for _, encoding := range []string{"", "gzip"} {
			w := get(mux, path, "Accept-Encoding", encoding)
			if w.Code != 200 || (w.Body.String() == "packed") != (encoding == "gzip" && path != "/icon.svg") {
				t.Errorf("%s: %d %q", path, w.Code, w.Body)
			}
			again := get(mux, path, "Accept-Encoding", encoding, "If-None-Match", w.Header().Get("ETag"))
			if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("%s again: %d, %d bytes", path, again.Code, again.Body.Len())
			}
		}
	}
	if got := get(mux, "/assets/a-1.js").Header().Get("Cache-Control"); got != forever {
		t.Errorf("a file with a hash in its name may be kept %q", got)
	}
	if w := get(mux, "/assets/a-1.js.gz"); w.Code != 404 {
		t.Errorf("the compressed file has an address of its own")
	}
}

func TestWhatIsAPage(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/customers": true, "/customers/01H8MZ3V7Q2KD": true, "/s/abc": true,
		"/api/v1/nothing": false, "/assets/old.js": false, "/ui/x": false, "/favicon.ico": false,
	} {
		if got := IsPage(httptest.NewRequest("GET", path, nil)); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	if IsPage(httptest.NewRequest("POST", "/customers", nil)) {
		t.Error("a POST is a page")
	}
}

// TestReferenceLoadsNothingFromElsewhere reads the API's reference, which
// stands under the strictest policy.
func TestReferenceLoadsNothingFromElsewhere(t *testing.T) {
	mux := http.NewServeMux()
	Routes(mux, nil)
	foreign := regexp.MustCompile(`(?:src|href)="(?:https?:)?//|url\(\s*['"]?(?:https?:)?//|innerHTML|eval\(|(?i)<script(?:[^>]*)>\s*[^<\s]|<style|\sstyle="`)
	entries, err := fs.ReadDir(reference, "reference")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, _ := fs.ReadFile(reference, "reference/"+e.Name())
		if m := foreign.Find(b); m != nil {
			t.Errorf("%s has %q", e.Name(), m)
		}
		for _, m := range regexp.MustCompile(`"(/ui/[a-z.]+)"`).FindAllStringSubmatch(string(b), -1) {
			if w := get(mux, m[1]); w.Code != 200 || w.Body.Len() == 0 {
				t.Errorf("%s wants %s: %d", e.Name(), m[1], w.Code)
			}
		}
	}
	if w := get(mux, "/api/docs"); w.Code != 200 {
		t.Errorf("the reference: %d", w.Code)
	}
}
