package main

import (
	"fmt"
	"html"
	"math"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// canvas draws SVG in metres east and north of the place of metres. Its colours
// follow the reader's: light or dark.
type canvas struct {
	title                    string
	west, east, south, north float64
	scale                    float64   // pixels for a metre
	bands                    []float64 // metres from the edge at which zones change, rising
	body                     strings.Builder
}

const (
	canvasWidth = 720.0
	titleHeight = 34.0
	zoneStep    = 2.0 // pixels that a zone is true to
)

const canvasStyle = `<style>
text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-size:14px;font-weight:600}
.paper{fill:#fff}.z0{fill:#2f9e44;opacity:.28}.z1{fill:#f08c00;opacity:.22}.z2{fill:#f08c00;opacity:.1}
.edge{fill:none;stroke:#2f9e44;stroke-width:2}.way{fill:none;stroke:#57606a;stroke-dasharray:5 5}
circle{stroke:#fff;stroke-width:1}.fix{fill:#1c7ed6}.small{fill:#1c7ed6;stroke:none;opacity:.6}
.late{fill:#9c36b5}.inside{fill:#2f9e44}.outside{fill:#868e96}.enter{fill:#2f9e44}.exit{fill:#e03131}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.paper{fill:#0d1117}circle{stroke:#0d1117}.way{stroke:#9198a1}
.edge{stroke:#51cf66}.fix,.small{fill:#4dabf7}.late{fill:#da77f2}.inside,.enter{fill:#51cf66}.exit{fill:#ff6b6b}}
</style>
`

func newCanvas(title string, west, east, south, north float64) *canvas {
	return &canvas{title: title, west: west, east: east, south: south, north: north, scale: canvasWidth / (east - west)}
}

func (c *canvas) x(east float64) float64    { return (east - c.west) * c.scale }
func (c *canvas) y(north float64) float64   { return titleHeight + (c.north-north)*c.scale }
func (c *canvas) height() float64           { return titleHeight + (c.north-c.south)*c.scale }
func (c *canvas) add(f string, args ...any) { fmt.Fprintf(&c.body, f+"\n", args...) }

func (c *canvas) done() []byte {
	return []byte(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">
%s<rect class="paper" width="100%%" height="100%%"/>
<text class="title" x="10" y="22">%s</text>
%s</svg>
`, canvasWidth, c.height(), html.EscapeString(c.title), canvasStyle, html.EscapeString(c.title), c.body.String()))
}

// zones colours what shapes hold and the bands about them, as the engine tells
// for the middle of each spot.
func (c *canvas) zones(shapes ...*geo.Prepared) {
	zone := func(p geo.Point) int {
		best := len(c.bands) + 1
		for _, s := range shapes {
			if s.Contains(p) {
				return 0
			}
			d := s.EdgeDistance(p)
			for i, b := range c.bands {
				if d < b {
					best = min(best, i+1)
				}
			}
		}
		return best
	}
	paths := make([]strings.Builder, len(c.bands)+1)
	for top := titleHeight; top < c.height(); top += zoneStep {
		north := c.north - (top+zoneStep/2-titleHeight)/c.scale
		for left := 0.0; left < canvasWidth; {
			z := zone(metres(c.west+(left+zoneStep/2)/c.scale, north))
			right := left + zoneStep
			for right < canvasWidth && zone(metres(c.west+(right+zoneStep/2)/c.scale, north)) == z {
				right += zoneStep
			}
			if z < len(paths) {
				fmt.Fprintf(&paths[z], "M%.0f %.0fh%.0fv%.0fh-%.0fz", left, top, right-left, zoneStep, right-left)
			}
			left = right
		}
	}
	for z := range paths {
		c.add(`<path class="z%d" d="%s"/>`, z, paths[z].String())
	}
}

func (c *canvas) outline(s *geo.Shape) {
	for _, poly := range s.Area {
		for _, ring := range poly {
			c.line(geo.LineString(ring), "edge")
		}
	}
}

// local is a point in metres: metres turned round.
func local(p geo.Point) (east, north float64) { return (p[0] - 10) * 111_319.49, p[1] * 110_574.28 }

func (c *canvas) line(points geo.LineString, class string) {
	var d strings.Builder
	for i, p := range points {
		east, north := local(p)
		fmt.Fprintf(&d, "%c%.1f %.1f", "ML"[min(i, 1)], c.x(east), c.y(north))
	}
	c.add(`<path class="%s" d="%s"/>`, class, d.String())
}

func (c *canvas) dot(east, north float64, class, label string) {
	r := 5.0
	if class == "small" {
		r = 2
	}
	c.add(`<circle class="%s" cx="%.1f" cy="%.1f" r="%.0f"/>`, class, c.x(east), c.y(north), r)
	if label != "" {
		c.text(east, north+9/c.scale*1.2, label, "middle")
	}
}

func (c *canvas) text(east, north float64, text, anchor string) {
	c.add(`<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, c.x(east), c.y(north), anchor, html.EscapeString(text))
}

func (c *canvas) route(reports []*fleet.Report) {
	var way geo.LineString
	for _, r := range reports {
		way = append(way, r.Place.Point())
	}
	c.line(way, "way")
}

// story draws a fence, its fixes and what came of them.
func (c *canvas) story(t *testing.T, s *story, events []fleet.Event) {
	c.zones(s.shape(t))
	c.outline(&s.fence.Shape)
	c.route(s.reports)
	var before float64
	for i, r := range s.reports {
		east, north := local(r.Place.Point())
		label := r.Fix.Std().Format("15:04:05")
		if i > 0 && math.Abs(east-before)*c.scale < 30 {
			label = "" // it would cover the one before
		} else {
			before = east
		}
		c.dot(east, north, "fix", label)
	}
	for i := range events {
		e := &events[i]
		east, north := local(e.Place.Point())
		c.add(`<circle class="%s" cx="%.1f" cy="%.1f" r="7"/>`, e.Kind, c.x(east), c.y(north))
		side, anchor := 12.0, "start"
		if e.Kind == fleet.Enter {
			side, anchor = -12, "end"
		}
		c.text(east+side/c.scale, north-20/c.scale, eventText(e), anchor)
	}
}
