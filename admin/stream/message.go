package stream

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// request is what a client says: first hello, later watch.
type request struct {
	Type   string `json:"type"`             // hello, watch
	Watch  *watch `json:"watch,omitempty"`  // absent: everything that the caller may see
	Cursor string `json:"cursor,omitempty"` // hello: go on behind it
	Rate   int    `json:"rate,omitempty"`   // hello: frames a second, 1..10; absent: 4
}

// watch narrows what is sent. Only one of the fields is set.
type watch struct {
	All     bool             `json:"all,omitempty"`
	Devices []fleet.DeviceID `json:"devices,omitempty"`
	BBox    []float64        `json:"bbox,omitempty"` // west, south, east, north; west > east crosses ±180°

	// With a box: gather what stands closer than can be told apart at a zoom.
	Zoom  *float64      `json:"zoom,omitempty"`  // of the map, 0 to 24
	Owner fleet.OwnerID `json:"owner,omitzero"`  // with zoom: only a customer's or a company's own devices
	State string        `json:"state,omitempty"` // with zoom: connected, disconnected; absent: any
}

// The limits of what a client may say.
const (
	maxMessage = 256 << 10 // bytes
	maxDevices = 10000     // in one watch
	maxRate    = 10        // frames a second
	rate       = 4
)

func readRequest(b []byte) (*request, error) {
	var r request
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("the message cannot be read: %w", err)
	}
	if r.Rate < 0 || r.Rate > maxRate {
		return nil, fmt.Errorf("rate is not within 1 and %d", maxRate)
	}
	return &r, r.Watch.validate()
}

func (w *watch) validate() error {
	if w == nil {
		return nil
	}
	given := 0
	for _, is := range []bool{w.All, w.Devices != nil, w.BBox != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return fmt.Errorf("watch has exactly one of all, devices, bbox")
	case len(w.Devices) > maxDevices:
		return fmt.Errorf("watch has more than %d devices", maxDevices)
	case w.BBox != nil && len(w.BBox) != 4:
		return fmt.Errorf("bbox has four numbers: west, south, east, north")
	}
	switch {
	case w.Zoom == nil && (w.Owner != 0 || w.State != ""):
		return fmt.Errorf("owner and state go with zoom")
	case w.Zoom == nil:
	case w.BBox == nil:
		return fmt.Errorf("zoom goes with bbox")
	case !(*w.Zoom >= 0 && *w.Zoom <= 24):
		return fmt.Errorf("zoom is not within 0 and 24")
	case w.State != "" && w.State != "connected" && w.State != "disconnected":
		return fmt.Errorf("state is neither connected nor disconnected")
	}
	for _, v := range w.BBox {
		if math.IsNaN(v) || math.Abs(v) > 360 {
			return fmt.Errorf("bbox is not in degrees")
		}
	}
	return nil
}

// device reports whether a device is watched at all.
func (w *watch) device(id fleet.DeviceID) bool {
	if w == nil || w.Devices == nil {
		return true
	}
	return slices.Contains(w.Devices, id)
}

// crowded reports whether a watch is told by surveys.
func (w *watch) crowded() bool { return w != nil && w.Zoom != nil }

// place reports whether a place is within the box.
func (w *watch) place(p fleet.Place) bool {
	if w == nil || w.BBox == nil {
		return true
	}
	lon, lat := p.LonDegrees(), p.LatDegrees()
	west, south, east, north := w.BBox[0], w.BBox[1], w.BBox[2], w.BBox[3]
	if lat < south || lat > north {
		return false
	}
	if west <= east {
		return lon >= west && lon <= east
	}
	return lon >= west || lon <= east
}

// welcome is the server's first message.
type welcome struct {
	Type    string     `json:"type"` // welcome
	Version string     `json:"version"`
	Now     fleet.Time `json:"now"`
	Rate    int        `json:"rate"` // frames a second at most
}

// message is every later one: a snapshot makes the client forget what it shows.
// Apply it in this order: crowds, gone, positions, events, alarms, commands.
type message struct {
	Type      string             `json:"type"`             // snapshot, delta
	Cursor    string             `json:"cursor,omitempty"` // absent inside a snapshot that comes in parts
	Gone      []fleet.DeviceID   `json:"gone,omitempty"`
	Positions []api.PositionView `json:"positions,omitempty"`
	Events    []json.RawMessage  `json:"events,omitempty"`
	Alarms    []json.RawMessage  `json:"alarms,omitempty"`   // entries of the attention list; of one the highest version counts
	Commands  []json.RawMessage  `json:"commands,omitempty"` // to devices, as they go on; of one the highest version counts
	Crowds    *crowdView         `json:"crowds,omitempty"`   // under a watch with zoom
	Rights    bool               `json:"rights,omitempty"`   // the caller's rights changed: GET /me tells them
	Places    bool               `json:"places,omitempty"`   // fences or markers changed: read them anew
}

func cursorText(c live.Cursor) string {
	if c.Seq == 0 {
		return ""
	}
	return strconv.FormatUint(c.Boot, 16) + "-" + strconv.FormatUint(c.Seq, 10)
}

// parseCursor reads what cursorText gave; anything else is the zero Cursor,
// which stands before everything.
func parseCursor(s string) live.Cursor {
	boot, seq, _ := strings.Cut(s, "-")
	b, err1 := strconv.ParseUint(boot, 16, 64)
	q, err2 := strconv.ParseUint(seq, 10, 64)
	if err1 != nil || err2 != nil {
		return live.Cursor{}
	}
	return live.Cursor{Boot: b, Seq: q}
}

// scopeMark tells scopes apart, in a few characters.
func scopeMark(s *fleet.Scope) string {
	b, _ := json.Marshal(s) // of plain fields: it cannot fail
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}
