package fleet_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

func TestBaseMap(t *testing.T) {
	osm := fleet.BaseMap{Kind: fleet.RasterMap, URL: "https://tile.openstreetmap.org/{z}/{x}/{y}.png", Attribution: "© OpenStreetMap contributors"}
	for name, c := range map[string]struct {
		change func(*fleet.BaseMap)
		field  string
	}{
		"good":             {func(*fleet.BaseMap) {}, ""},
		"no row":           {func(m *fleet.BaseMap) { m.URL = "https://a.example/{z}/{x}.png" }, "map.url"},
		"another scheme":   {func(m *fleet.BaseMap) { m.URL = "ftp://a.example/{z}/{x}/{y}" }, "map.url"},
		"ends a directive": {func(m *fleet.BaseMap) { m.URL = "https://a.example;script-src/{z}/{x}/{y}" }, "map.url"},
		"no credit":        {func(m *fleet.BaseMap) { m.Attribution = "" }, "map.attribution"},
		"another host":     {func(m *fleet.BaseMap) { m.Hosts = []string{"https://b.example/path"} }, "map.hosts"},
		"any host":         {func(m *fleet.BaseMap) { m.Hosts = []string{"https://*"} }, "map.hosts"},
		"up the tree":      {func(m *fleet.BaseMap) { m.Kind, m.URL = fleet.PMTilesMap, "../admin.db.pmtiles" }, "map.url"},
		"local":            {func(m *fleet.BaseMap) { m.Kind, m.URL = fleet.PMTilesMap, "bogota.pmtiles" }, ""},
		"nobody":           {func(m *fleet.BaseMap) { m.Kind, m.URL = fleet.OfflineMap, "" }, ""},
		"search nowhere":   {func(m *fleet.BaseMap) { m.Search = fleet.Photon }, "map.searchUrl"},
	} {
		m := osm
		c.change(&m)
		err := m.Validate()
		var e *fleet.Error
		got := ""
		if errors.As(err, &e) {
			got = e.Field
		}
		if got != c.field || (err == nil) != (c.field == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
	osm.Hosts = []string{"https://fonts.example.com"}
	if got := osm.Origins(); !slices.Equal(got, []string{"https://fonts.example.com", "https://tile.openstreetmap.org"}) {
		t.Errorf("origins %v", got)
	}
}
