package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Bounds of what is decoded.
const (
	MaxBytes  = 8 << 20    // of a file
	MaxPixels = 24_000_000 // of a JPEG; a PNG's pixels take up to eight bytes, so it has a third
)

// turn lets one picture be decoded at a time: each may take 100 MB.
var turn sync.Mutex

// Make decodes a JPEG or PNG and gives it back with at most side pixels to a
// side, as a JPEG, or as a PNG where something shines through. Errors are of
// kind Invalid, with the field "image".
func Make(file []byte, side int) (data []byte, mime string, err error) {
	if len(file) == 0 || len(file) > MaxBytes {
		return nil, "", fleet.FieldError("image", "has %d bytes, want 1 to %d", len(file), MaxBytes)
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || format != "jpeg" && format != "png" {
		return nil, "", fleet.FieldError("image", "is neither a JPEG nor a PNG")
	}
	most := MaxPixels
	if format == "png" {
		most /= 3
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > most/c.Height {
		return nil, "", fleet.FieldError("image", "has %d times %d pixels; at most %d are read", c.Width, c.Height, most)
	}
	turn.Lock()
	defer turn.Unlock()
	decode := jpeg.Decode
	if format == "png" {
		decode = png.Decode
	}
	m, err := decode(bytes.NewReader(file))
	if err != nil {
		return nil, "", fleet.FieldError("image", "is damaged")
	}
	small := shrink(m, side)
	if format == "jpeg" {
		small = upright(small, orientation(file))
	}
	var out bytes.Buffer
	if small.Opaque() {
		err = jpeg.Encode(&out, small, &jpeg.Options{Quality: 85})
		return out.Bytes(), "image/jpeg", err
	}
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	return out.Bytes(), "image/png", err
}

// shrink is the picture with at most side pixels to a side; each is the mean of
// those that it stands for.
func shrink(m image.Image, side int) *image.NRGBA {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	nw, nh := w, h
	if longest := max(w, h); longest > side {
		nw, nh = max(1, w*side/longest), max(1, h*side/longest)
	}
	out := image.NewNRGBA(image.Rect(0, 0, nw, nh))
	if nw == w && nh == h {
		draw.Draw(out, out.Bounds(), m, b.Min, draw.Src)
		return out
	}
	for y := range nh {
		y0, y1 := b.Min.Y+y*h/nh, b.Min.Y+max((y+1)*h/nh, y*h/nh+1)
		for x := range nw {
			x0, x1 := b.Min.X+x*w/nw, b.Min.X+max((x+1)*w/nw, x*w/nw+1)
			var r, g, bl, a, n uint64
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					cr, cg, cb, ca := m.At(sx, sy).RGBA()
					r, g, bl, a, n = r+uint64(cr), g+uint64(cg), bl+uint64(cb), a+uint64(ca), n+1
				}
			}
			mean := color.RGBA64{uint16(r / n), uint16(g / n), uint16(bl / n), uint16(a / n)}
			out.Set(x, y, mean)
		}
	}
	return out
}

// upright turns a picture as an EXIF orientation says.
func upright(m *image.NRGBA, o int) *image.NRGBA {
	if o < 2 || o > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	nw, nh := w, h
	if o >= 5 {
		nw, nh = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, nw, nh))
	for y := range h {
		for x := range w {
			to := [...][2]int{{x, y}, {w - 1 - x, y}, {w - 1 - x, h - 1 - y}, {x, h - 1 - y}, {y, x}, {h - 1 - y, x}, {h - 1 - y, w - 1 - x}, {y, w - 1 - x}}[o-1]
			out.SetNRGBA(to[0], to[1], m.NRGBAAt(x, y))
		}
	}
	return out
}
