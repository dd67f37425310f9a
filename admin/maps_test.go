package admin_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// TestAStreetMapIsChosen: the company's choice is what its people get, and the
// pages may load from there and from nowhere else.
func TestAStreetMapIsChosen(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bogota.pmtiles"), []byte("PMTiles and more"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t).with(func(o *admin.Options) { o.Maps = dir })
	a, b := w.settle("A"), w.settle("B")
	token := a.tokens[fleet.CompanyAdmin]
	policy := func() string {
		res, err := http.Get(w.http.URL + "/map")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.Header.Get("Content-Security-Policy")
	}
	if m := w.ok("GET", "/api/v1/map", token, ""); !strings.Contains(m.body, `"chosen":false`) || !strings.Contains(m.body, "bogota.pmtiles") {
		t.Errorf("at first: %s", m.body)
	}
	if p := policy(); strings.Contains(p, "http") {
		t.Errorf("at first: %s", p)
	}
	put := func(m string) answer {
		co, err := w.admin.Company(a.company)
		if err != nil {
			t.Fatal(err)
		}
		return w.do("PUT", "/api/v1/companies/"+a.company.String(), token, fmt.Sprintf(`{"name":%q,"lang":"es","timezone":"UTC","version":%d,"map":%s}`, co.Name, co.Version, m))
	}
	if r := put(`{"kind":"raster","url":"https://tile.example.org/{z}/{x}/{y}.png","attribution":"© them"}`); r.status != 200 {
		t.Fatalf("%d: %s", r.status, r.body)
	}
	for _, role := range []fleet.Role{fleet.CompanyAdmin, fleet.Operator, fleet.CustomerUser} {
		if m := w.ok("GET", "/api/v1/map", a.tokens[role], ""); !strings.Contains(m.body, "tile.example.org") {
			t.Errorf("%v: %s", role, m.body)
		}
	}
	if m := w.ok("GET", "/api/v1/map", b.tokens[fleet.CompanyAdmin], ""); strings.Contains(m.body, "tile.example.org") {
		t.Errorf("another company: %s", m.body)
	}
	w.until("the content policy", func() bool {
		p := policy()
		return strings.Contains(p, "img-src 'self' data: blob: https://tile.example.org;") && strings.Contains(p, "connect-src 'self' https://tile.example.org;")
	})
	if r := put(`{"kind":"raster","url":"https://x; script-src *","attribution":"a"}`); r.status != 422 || !strings.Contains(r.body, "map.url") {
		t.Errorf("%d: %s", r.status, r.body)
	}
	for path, want := range map[string]int{"/maps/bogota.pmtiles": 206, "/maps/other.pmtiles": 404, "/maps/admin.db": 404, "/maps/..%2fbogota.pmtiles": 404} {
		req, _ := http.NewRequest("GET", w.http.URL+path, nil)
		req.Header.Set("Range", "bytes=0-6")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
}

func TestPlacesAreFound(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	m := w.ok("GET", "/api/v1/map", a.tokens[fleet.Operator], "")
	if strings.Contains(m.body, `"towns":0`) {
		if os.Getenv("BUILT_WITH_PAGES") != "" { // make test says so
			t.Fatal("built without the list of towns: make build")
		}
		t.Skip("built without the list of towns: make build")
	}
	if r := w.ok("GET", "/api/v1/places?q=bogota&limit=1", a.tokens[fleet.Operator], ""); !strings.Contains(r.body, `"country":"CO"`) || !strings.Contains(r.body, "GeoNames") {
		t.Error(r.body)
	}
	if r := w.ok("GET", "/api/v1/places/near?lat=39.497&lon=-0.38", a.tokens[fleet.CustomerUser], ""); !strings.Contains(r.body, `"country":"ES"`) {
		t.Error(r.body)
	}
}
