package gazetteer_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/geo/gazetteer"
)

// pack writes towns as the build does; they must stand in the order of their cells.
func pack(towns ...gazetteer.Town) []byte {
	b := []byte("VGZ1")
	b = binary.AppendUvarint(b, uint64(len(towns)))
	var lat, lon int64
	for _, t := range towns {
		y, x := int64(t.Lat*1e5), int64(t.Lon*1e5)
		b = binary.AppendVarint(b, y-lat)
		b = binary.AppendVarint(b, x-lon)
		lat, lon = y, x
		b = binary.AppendUvarint(b, uint64(t.People))
		b = append(b, t.Country...)
		b = append(binary.AppendUvarint(b, uint64(len(t.Region))), t.Region...)
		b = append(binary.AppendUvarint(b, uint64(len(t.Name))), t.Name...)
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

var some = pack(
	gazetteer.Town{Name: "Suva", Country: "FJ", People: 77366, Lat: -18.14, Lon: 178.44},
	gazetteer.Town{Name: "Naguanagua", Country: "VE", People: 132368, Lat: 10.25, Lon: -68.01},
	gazetteer.Town{Name: "Valencia", Country: "VE", People: 1385083, Lat: 10.16, Lon: -68.00},
	gazetteer.Town{Name: "València", Region: "VC", Country: "ES", People: 814208, Lat: 39.47, Lon: -0.38},
)

func TestNear(t *testing.T) {
	g, err := gazetteer.Read(bytes.NewReader(some))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lat, lon float64
		name     string
		wind     int
		km       float64
	}{
		{39.497, -0.38, "València", 0, 3},
		{10.16, -68.04, "Valencia", 6, 4.4},
		{10.255, -68.01, "Naguanagua", 0, 0.6},
		{-18.14, -181.6, "Suva", 2, 0}, // beyond the antimeridian
	} {
		n, ok := g.Near(c.lat, c.lon)
		if !ok || n.Town.Name != c.name || c.km > 0 && (n.Wind() != c.wind || n.Km < c.km-0.2 || n.Km > c.km+0.2) {
			t.Errorf("%v, %v: %+v, %v", c.lat, c.lon, n, ok)
		}
	}
	if n, ok := g.Near(0, -30); ok {
		t.Errorf("in the Atlantic: %+v", n)
	}
}

func TestFind(t *testing.T) {
	g, err := gazetteer.Read(bytes.NewReader(some))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"valencia": {"VE", "ES"}, "VALÈNCIA": {"VE", "ES"}, "nagua": {"VE"}, "agua": {}, "": {}, "x": {},
	} {
		got := []string{}
		for _, c := range g.Find(text, 5) {
			got = append(got, c.Country)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if n := len(g.Find("valencia", 1)); n != 1 {
		t.Errorf("one asked for, %d given", n)
	}
}

// The embedded one is there once the pages were built.
func TestEmbedded(t *testing.T) {
	g := gazetteer.Embedded()
	if g.Len() == 0 {
		if os.Getenv("BUILT_WITH_PAGES") != "" { // make test says so
			t.Fatal("built without the pages: make build")
		}
		t.Skip("built without the pages: make build")
	}
	n, ok := g.Near(39.497, -0.38)
	if !ok || n.Town.Country != "ES" {
		t.Errorf("near Valencia: %+v", n)
	}
	if f := g.Find("bogota", 1); len(f) != 1 || f[0].Country != "CO" {
		t.Errorf("Bogotá: %+v", f)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("VGZ1\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		w.Write(b)
		w.Close()
		if g, err := gazetteer.Read(&z); err == nil {
			g.Near(1, 1)
			g.Find("a", 3)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	g := gazetteer.Embedded()
	for b.Loop() {
		g.Find("valencia", 8)
	}
}

func BenchmarkNear(b *testing.B) {
	g := gazetteer.Embedded()
	for b.Loop() {
		g.Near(48.2, 16.4)
	}
}
