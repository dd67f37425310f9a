package gazetteer

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed all:data
var data embed.FS

// Town is a place with a name.
type Town struct {
	Name    string
	Region  string // letters of a state or province, where a country uses them; often none
	Country string // ISO 3166-1, two letters
	People  int    // 0: unknown
	Lat     float64
	Lon     float64
}

// Near is where a place lies, seen from a town.
type Near struct {
	Town Town
	Km   float64
	// Bearing is the direction from the town to the place, in degrees clockwise from north.
	Bearing float64
}

// Wind is the bearing as one of the eight winds, 0 for north, 1 for north-east.
func (n *Near) Wind() int { return int(math.Round(n.Bearing/45)) % 8 }

// Gazetteer answers. It never changes once read, so any number of goroutines
// may share one. The zero one knows nothing.
type Gazetteer struct {
	towns []town
	names string
	plain string   // the names, folded, each at the town's plain
	cells []uint32 // where each cell's towns begin; one more at the end
}

type town struct {
	lat, lon int32 // 1e-5 degrees
	people   uint32
	name     uint32 // where it begins in names
	plain    uint32
	chars    uint8
	folded   uint8
	region   [3]byte
	country  [2]byte
}

const (
	rows, columns = 180, 360
	maxTowns      = 2_000_000
	maxText       = 200
)

// Embedded is the gazetteer of this binary; it knows nothing if it was built without.
var Embedded = sync.OnceValue(func() *Gazetteer {
	b, err := data.ReadFile("data/cities.bin.gz")
	if err != nil {
		return &Gazetteer{}
	}
	g, err := Read(bytes.NewReader(b))
	if err != nil {
		return &Gazetteer{}
	}
	return g
})

// Read unpacks a gazetteer.
func Read(r io.Reader) (*Gazetteer, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("gazetteer: %w", err)
	}
	in := bufio.NewReader(z)
	magic := make([]byte, 4)
	if _, err := io.ReadFull(in, magic); err != nil || string(magic) != "VGZ1" {
		return nil, errors.New("gazetteer: this is none")
	}
	n, err := binary.ReadUvarint(in)
	if err != nil || n > maxTowns {
		return nil, fmt.Errorf("gazetteer: %d towns, want %d at most: %w", n, maxTowns, err)
	}
	g := &Gazetteer{cells: make([]uint32, 0, rows*columns+1)}
	var names, plain strings.Builder
	var lat, lon int64
	for i := range n {
		t, err := readTown(in, &names, &plain, &lat, &lon)
		if err != nil {
			return nil, fmt.Errorf("gazetteer: town %d of %d: %w", i, n, err)
		}
		at := cellOf(t.lat, t.lon)
		if len(g.cells) > at+1 {
			return nil, fmt.Errorf("gazetteer: town %d stands in the wrong cell", i)
		}
		for len(g.cells) <= at {
			g.cells = append(g.cells, uint32(len(g.towns)))
		}
		g.towns = append(g.towns, t)
	}
	for len(g.cells) <= rows*columns {
		g.cells = append(g.cells, uint32(len(g.towns)))
	}
	g.names, g.plain = names.String(), plain.String()
	return g, nil
}

func readTown(in *bufio.Reader, names, plain *strings.Builder, lat, lon *int64) (t town, err error) {
	dy, err1 := binary.ReadVarint(in)
	dx, err2 := binary.ReadVarint(in)
	people, err3 := binary.ReadUvarint(in)
	_, err4 := io.ReadFull(in, t.country[:])
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return t, err
	}
	*lat, *lon = *lat+dy, *lon+dx
	if *lat < -90e5 || *lat > 90e5 || *lon < -180e5 || *lon > 180e5 || people > math.MaxUint32 {
		return t, errors.New("is nowhere on earth")
	}
	t.lat, t.lon, t.people = int32(*lat), int32(*lon), uint32(people)
	region, err := readText(in, len(t.region))
	if err != nil {
		return t, err
	}
	copy(t.region[:], region)
	name, err := readText(in, maxText)
	if err != nil {
		return t, err
	}
	t.name, t.chars = uint32(names.Len()), uint8(len(name))
	names.WriteString(name)
	name = Fold(name)
	name = name[:min(len(name), 255)]
	t.plain, t.folded = uint32(plain.Len()), uint8(len(name))
	plain.WriteString(name)
	return t, nil
}

func readText(in *bufio.Reader, most int) (string, error) {
	n, err := binary.ReadUvarint(in)
	if err != nil || n > uint64(most) {
		return "", fmt.Errorf("a text of %d bytes: %w", n, err)
	}
	b := make([]byte, n)
	_, err = io.ReadFull(in, b)
	return string(b), err
}

func cellOf(lat, lon int32) int {
	row := min(rows-1, int(math.Floor(float64(lat)/1e5))+90)
	return row*columns + min(columns-1, int(math.Floor(float64(lon)/1e5))+180)
}

// Len is how many towns it knows.
func (g *Gazetteer) Len() int { return len(g.towns) }

func (g *Gazetteer) show(t *town) Town {
	return Town{
		Name: g.names[t.name : t.name+uint32(t.chars)], Region: strings.TrimRight(string(t.region[:]), "\x00"), Country: string(t.country[:]),
		People: int(t.people), Lat: float64(t.lat) / 1e5, Lon: float64(t.lon) / 1e5,
	}
}

// farthest is how far from a town its name still says where something is, in km.
const farthest = 100

// Near is the town that a person would name for a place: one nearby, rather a
// large one; false where none is within 100 km.
func (g *Gazetteer) Near(lat, lon float64) (Near, bool) {
	if len(g.towns) == 0 || !(math.Abs(lat) <= 90) || !(math.Abs(lon) <= 540) {
		return Near{}, false
	}
	lon = math.Mod(lon+540, 360) - 180
	best, cost, km := -1, math.Inf(1), 0.0
	row := int(math.Floor(lat)) + 90
	// A degree of longitude shrinks towards the poles; beyond 80° ten of them do.
	reach := 1
	if c := math.Cos(lat * math.Pi / 180); c > 0.1 {
		reach = int(math.Ceil(farthest / 111.2 / c))
	} else {
		reach = 10
	}
	for r := max(0, row-1); r <= min(rows-1, row+1); r++ {
		for d := -reach; d <= reach; d++ {
			col := (int(math.Floor(lon)) + 180 + d + 2*columns) % columns
			cell := r*columns + col
			for i := g.cells[cell]; i < g.cells[cell+1]; i++ {
				t := &g.towns[i]
				far := distance(lat, lon, float64(t.lat)/1e5, float64(t.lon)/1e5)
				if far > farthest {
					continue
				}
				// Six digits of inhabitants weigh as much as 12 km.
				if c := far - 2*min(6, math.Log10(float64(t.people)+1)); c < cost {
					best, cost, km = int(i), c, far
				}
			}
		}
	}
	if best < 0 {
		return Near{}, false
	}
	t := g.show(&g.towns[best])
	return Near{Town: t, Km: km, Bearing: bearing(t.Lat, t.Lon, lat, lon)}, true
}

// Find gives the towns whose name begins with a text, or has a word that does,
// in any case and without regard to accents; the largest first, at most n.
func (g *Gazetteer) Find(text string, n int) []Town {
	want := Fold(text)
	if want == "" || n <= 0 {
		return nil
	}
	type hit struct {
		at    int
		exact bool
	}
	var hits []hit
	for i := range g.towns {
		t := &g.towns[i]
		folded := g.plain[t.plain : t.plain+uint32(t.folded)]
		if at := strings.Index(folded, want); at == 0 || at > 0 && folded[at-1] == ' ' {
			hits = append(hits, hit{i, folded == want})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(-cmp.Compare(weight(a.exact, g.towns[a.at].people), weight(b.exact, g.towns[b.at].people)), cmp.Compare(a.at, b.at))
	})
	out := make([]Town, 0, min(n, len(hits)))
	for _, h := range hits[:min(n, len(hits))] {
		out = append(out, g.show(&g.towns[h.at]))
	}
	return out
}

// weight sorts what was found: the whole name counts as much as ten times the inhabitants.
func weight(exact bool, people uint32) float64 {
	w := float64(people) + 1
	if exact {
		w *= 10
	}
	return w
}

// Fold is a text as names are compared: small letters without accents, blanks for what is no letter or digit.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			plain = false
			break
		}
	}
	if !plain {
		s = norm.NFD.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}

const earth = 6371.0088 // km, mean radius

func distance(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dy, dx := (lat2-lat1)*rad/2, (lon2-lon1)*rad/2
	h := math.Sin(dy)*math.Sin(dy) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Sin(dx)*math.Sin(dx)
	return 2 * earth * math.Asin(min(1, math.Sqrt(h)))
}

func bearing(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dx := (lon2 - lon1) * rad
	y := math.Sin(dx) * math.Cos(lat2*rad)
	x := math.Cos(lat1*rad)*math.Sin(lat2*rad) - math.Sin(lat1*rad)*math.Cos(lat2*rad)*math.Cos(dx)
	return math.Mod(math.Atan2(y, x)/rad+360, 360)
}
