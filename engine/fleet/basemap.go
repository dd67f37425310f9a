package fleet

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// BaseMap is what lies under a company's maps, and who is asked for places.
type BaseMap struct {
	Kind        BaseMapKind  `cbor:"1,keyasint" json:"kind" enum:"offline,raster,style,pmtiles" doc:"offline: the world that is built in, without streets"`
	URL         string       `cbor:"2,keyasint,omitempty" json:"url,omitempty" maxLength:"1000" doc:"raster: of a tile, with {z}, {x} and {y}; style: of a MapLibre style; pmtiles: a file in the server's maps directory" example:"https://tile.openstreetmap.org/{z}/{x}/{y}.png"`
	Attribution string       `cbor:"3,keyasint,omitempty" json:"attribution,omitempty" maxLength:"300" doc:"Whom the map credits; plain text" example:"© OpenStreetMap contributors"`
	MaxZoom     int          `cbor:"4,keyasint,omitempty" json:"maxZoom,omitempty" minimum:"0" maximum:"24" doc:"raster: the deepest zoom there are tiles of; 0: 19"`
	Hosts       []string     `cbor:"5,keyasint,omitempty" json:"hosts,omitempty" maxItems:"10" doc:"style: further origins that it loads from, as in https://tiles.example.com"`
	Search      GeocoderKind `cbor:"6,keyasint,omitempty" json:"search,omitempty" enum:"nominatim,photon" doc:"Whom the server asks for addresses; absent: its own list of towns"`
	SearchURL   string       `cbor:"7,keyasint,omitempty" json:"searchUrl,omitempty" maxLength:"500" doc:"Its address" example:"https://nominatim.example.com"`
}

// BaseMapKind is where a base map comes from.
type BaseMapKind string

// The kinds of base map.
const (
	OfflineMap BaseMapKind = "offline"
	RasterMap  BaseMapKind = "raster"
	StyleMap   BaseMapKind = "style"
	PMTilesMap BaseMapKind = "pmtiles"
)

// GeocoderKind is the language of a server that finds places.
type GeocoderKind string

// The kinds of geocoder.
const (
	Nominatim GeocoderKind = "nominatim"
	Photon    GeocoderKind = "photon"
)

var mapFile = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.pmtiles$`)

// MapFile reports whether a name may be that of a map in the maps directory.
func MapFile(name string) bool { return mapFile.MatchString(name) }

// Validate reports the first rule that the base map breaks; fields are named from the company.
func (m *BaseMap) Validate() error {
	switch m.Kind {
	case OfflineMap:
		if m.URL != "" {
			return FieldError("map.url", "has no meaning without a street map")
		}
	case RasterMap:
		for _, part := range []string{"{z}", "{x}", "{y}"} {
			if !strings.Contains(m.URL, part) {
				return FieldError("map.url", "lacks %s", part)
			}
		}
		if originOf(m.URL) == "" {
			return FieldError("map.url", "is no address; write https://tile.example.com/{z}/{x}/{y}.png")
		}
	case StyleMap:
		if originOf(m.URL) == "" {
			return FieldError("map.url", "is no address; write https://tiles.example.com/style.json")
		}
	case PMTilesMap:
		if !MapFile(m.URL) {
			return FieldError("map.url", "is no name of a .pmtiles file")
		}
	default:
		return FieldError("map.kind", "is none of offline, raster, style, pmtiles")
	}
	if m.Kind == RasterMap && m.Attribution == "" {
		return FieldError("map.attribution", "is required: who made the map wants to be named")
	}
	if err := validText("map.attribution", m.Attribution, 300); err != nil {
		return err
	}
	for _, text := range []string{m.URL, m.SearchURL} {
		if len(text) > 1000 {
			return FieldError("map.url", "is too long")
		}
	}
	if m.MaxZoom < 0 || m.MaxZoom > 24 {
		return FieldError("map.maxZoom", "is not within 0 and 24")
	}
	if len(m.Hosts) > 10 {
		return FieldError("map.hosts", "has more than %d entries", 10)
	}
	for _, h := range m.Hosts {
		if originOf(h) != h {
			return FieldError("map.hosts", "%q is no origin; write https://tiles.example.com", h)
		}
	}
	switch m.Search {
	case "":
	case Nominatim, Photon:
		if originOf(m.SearchURL) == "" {
			return FieldError("map.searchUrl", "is no address; write https://nominatim.example.com")
		}
	default:
		return FieldError("map.search", "is none of nominatim, photon")
	}
	return nil
}

// Origins are where browsers load it from, for the content policy.
func (m *BaseMap) Origins() []string {
	if m == nil || m.Kind != RasterMap && m.Kind != StyleMap {
		return nil
	}
	out := append([]string{originOf(m.URL)}, m.Hosts...)
	slices.Sort(out)
	return slices.Compact(out)
}

// hostName is what may stand in a content policy: nothing that could end a directive.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)

// originOf is the scheme and host of an address, "" if it is none that a browser may load from.
func originOf(address string) string {
	u, err := url.Parse(strings.NewReplacer("{z}", "1", "{x}", "1", "{y}", "1", "{r}", "").Replace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !hostName.MatchString(u.Host) || u.User != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
