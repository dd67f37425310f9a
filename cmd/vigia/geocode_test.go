package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

func TestGeocoderAsksOnceASecondAndRemembers(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+"?"+r.URL.RawQuery)
		if !strings.HasPrefix(r.UserAgent(), "Vigia/") {
			t.Errorf("user agent %q", r.UserAgent())
		}
		switch r.URL.Path {
		case "/search":
			w.Write([]byte(`[{"display_name":"Calle 26, Bogotá, Colombia","lat":"4.61","lon":"-74.08","address":{"country_code":"co"}}]`))
		case "/reverse":
			w.Write([]byte(`{"display_name":"Carrera 7, Bogotá, Colombia","lat":"4.6","lon":"-74.07"}`))
		case "/api":
			w.Write([]byte(`{"features":[{"geometry":{"coordinates":[-74.08,4.61]},"properties":{"name":"Bogotá","state":"Cundinamarca","countrycode":"CO"}}]}`))
		}
	}))
	defer server.Close()
	now := time.Unix(1_800_000_000, 0)
	g := newGeocoder(outbound.Guard{AllowLoopback: true})
	g.now = func() time.Time { return now }
	defer g.client.CloseIdleConnections()
	m := &fleet.BaseMap{Kind: fleet.OfflineMap, Search: fleet.Nominatim, SearchURL: server.URL}
	for range 3 { // the second and third from memory
		got, err := g.Find(t.Context(), m, "calle 26", fleet.Spanish, 5)
		if err != nil || len(got) != 1 || got[0].Name != "Calle 26" || got[0].Region != "Bogotá, Colombia" || got[0].Country != "CO" {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if _, err := g.Address(t.Context(), m, 4.6, -74.07, fleet.Spanish); err == nil {
		t.Error("two questions within a second")
	}
	now = now.Add(time.Second)
	if text, err := g.Address(t.Context(), m, 4.6, -74.07, fleet.Spanish); err != nil || text != "Carrera 7, Bogotá, Colombia" {
		t.Errorf("%q, %v", text, err)
	}
	now = now.Add(time.Second)
	m.Search = fleet.Photon
	if got, err := g.Find(t.Context(), m, "bogota", fleet.French, 5); err != nil || len(got) != 1 || got[0].Country != "CO" {
		t.Errorf("%+v, %v", got, err)
	}
	if len(asked) != 3 || !strings.Contains(asked[0], "accept-language=es") || !strings.Contains(asked[2], "lang=fr") {
		t.Errorf("asked %q", asked)
	}
	inside := newGeocoder(outbound.Guard{})
	if _, err := inside.Find(t.Context(), m, "x", fleet.English, 1); err == nil {
		t.Error("the guard let it reach this machine")
	}
}

func FuzzReadPlaces(f *testing.F) {
	f.Add([]byte(`[{"display_name":"a","lat":"1","lon":"2"}]`))
	f.Add([]byte(`{"features":[{"geometry":{"coordinates":[1,2]}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := readPlaces(b); err == nil && len(p) > 20 {
			t.Errorf("%d places", len(p))
		}
	})
}
