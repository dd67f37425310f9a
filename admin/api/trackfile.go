package api

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/vigia-track/vigia/engine/fleet"
)

// trackWriter writes a track in a format as its positions come.
type trackWriter interface {
	begin(name string, from, to fleet.Time)
	fix(p *fleet.Position)
	end() error
}

// trackFormats are the files that a track is given in.
var trackFormats = map[string]struct {
	media string
	make  func(w *bufio.Writer) trackWriter
}{
	"gpx":     {"application/gpx+xml", func(w *bufio.Writer) trackWriter { return &gpxFile{out: w} }},
	"kml":     {"application/vnd.google-earth.kml+xml", func(w *bufio.Writer) trackWriter { return &kmlFile{out: w} }},
	"csv":     {"text/csv; charset=utf-8", newTrackCSV},
	"geojson": {"application/geo+json", func(w *bufio.Writer) trackWriter { return &geoFile{out: w} }},
}

func (a *API) trackFiles(op operation) {
	op.id, op.path, op.summary = "exportTrack", "/devices/{id}/track/file", "Download a device's track as GPX, KML, CSV or GeoJSON"
	op.doc = "Every accepted position of at most 31 days, as exact as it is stored, sent while it is read. Texts in CSV cannot run as formulas."
	register(a, op, func(c *call, in *struct {
		WhichTime
		Format string `query:"format" enum:"gpx,kml,csv,geojson" default:"gpx"`
	}) (*huma.StreamResponse, error) {
		d, from, to, err := in.read(c)
		if err != nil {
			return nil, err
		}
		f := trackFormats[in.Format]
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			_, w := humago.Unwrap(ctx)
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)) // where it cannot be set there is none
			fileHeaders(w.Header(), trackName(&d, from, to, in.Format), in.Format)
			w.Header().Set("Content-Type", f.media)
			w.WriteHeader(http.StatusOK)
			if err := writeTrack(ctx.Context(), c.tracks(&d), f.make(bufio.NewWriterSize(w, 32<<10)), &d, from, to); err != nil {
				a.o.Log.Warn("a track's download broke off", "device", d.ID, "err", err)
				panic(http.ErrAbortHandler) // the reader must not take it for whole
			}
		}}, nil
	})
}

// writeTrack sends what lies in [from, to).
func writeTrack(ctx context.Context, t Tracks, out trackWriter, d *fleet.Device, from, to fleet.Time) error {
	out.begin(d.Name, from, to)
	err := t.Positions(ctx, d.ID, from, to, func(p *fleet.Position) bool {
		if p.Verdict == fleet.Accepted && p.Has&fleet.HasPlace != 0 {
			out.fix(p)
		}
		return ctx.Err() == nil
	})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	return out.end()
}

// trackName names the file by what any system takes: letters, digits, - and _.
func trackName(d *fleet.Device, from, to fleet.Time, format string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return r
		case unicode.IsSpace(r):
			return '-'
		}
		return -1
	}, d.Name)
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60])
	}
	if name = strings.Trim(name, "-"); name == "" {
		name = "track-" + d.ID.String()
	}
	const day = "20060102"
	name += "-" + from.Std().UTC().Format(day)
	if last := (to - 1).Std().UTC().Format(day); last != from.Std().UTC().Format(day) {
		name += "-" + last
	}
	return name + "." + format
}
