package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// drawn is a picture whose left half is red and whose right half is blue.
func drawn(w, h int, alpha uint8) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: alpha}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: alpha}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// asJPEG is a JPEG with an EXIF segment that says an orientation and a place.
func asJPEG(t testing.TB, m image.Image, o uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	exif = binary.LittleEndian.AppendUint16(exif, o)
	exif = append(exif, "\x00\x00\x00\x00\x00\x00SECRET PLACE"...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(head, exif...), b.Bytes()[2:]...)
}

func TestPicturesAreMadeAnew(t *testing.T) {
	t.Run("shrunk, without anything else of the file/S4-7", func(t *testing.T) {
		out, mime, err := Make(asJPEG(t, drawn(1200, 600, 255), 1), 300)
		if err != nil || mime != "image/jpeg" || bytes.Contains(out, []byte("SECRET")) || bytes.Contains(out, []byte("Exif")) {
			t.Fatal(mime, err)
		}
		m, err := jpeg.Decode(bytes.NewReader(out))
		if err != nil || m.Bounds().Dx() != 300 || m.Bounds().Dy() != 150 {
			t.Fatal(m.Bounds(), err)
		}
	})
	t.Run("turned as the camera was held", func(t *testing.T) {
		out, _, err := Make(asJPEG(t, drawn(1200, 600, 255), 6), 300)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := jpeg.Decode(bytes.NewReader(out))
		r, _, b, _ := m.At(75, 20).RGBA() // the left half is at the top now
		if m.Bounds().Dx() != 150 || r < b {
			t.Error(m.Bounds(), r, b)
		}
	})
	t.Run("what shines through stays so", func(t *testing.T) {
		out, mime, err := Make(asPNG(t, drawn(64, 64, 100)), 32)
		if err != nil || mime != "image/png" {
			t.Fatal(mime, err)
		}
		if m, err := png.Decode(bytes.NewReader(out)); err != nil || m.Bounds().Dx() != 32 {
			t.Error(err)
		}
	})
	t.Run("a claimed size is looked at before anything is decoded", func(t *testing.T) {
		bomb := asPNG(t, drawn(2, 2, 255))
		binary.BigEndian.PutUint32(bomb[16:], 60000)
		binary.BigEndian.PutUint32(bomb[20:], 60000)
		crc := crcOf(bomb[12:29])
		binary.BigEndian.PutUint32(bomb[29:], crc)
		if _, _, err := Make(bomb, 300); err == nil || !strings.Contains(err.Error(), "pixels") {
			t.Error(err)
		}
	})
	for name, file := range map[string][]byte{
		"nothing": nil, "text": []byte("<svg onload=alert(1)>"), "half": asPNG(t, drawn(64, 64, 255))[:60], "a GIF": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
	} {
		t.Run("refused: "+name, func(t *testing.T) {
			if _, _, err := Make(file, 300); err == nil {
				t.Error("taken")
			}
		})
	}
}

func FuzzMake(f *testing.F) {
	f.Add(asJPEG(f, drawn(8, 4, 255), 6))
	f.Add(asPNG(f, drawn(4, 4, 9)))
	f.Fuzz(func(t *testing.T, file []byte) {
		out, _, err := Make(file, 16)
		if err != nil {
			return
		}
		if c, _, err := image.DecodeConfig(bytes.NewReader(out)); err != nil || c.Width > 16 || c.Height > 16 {
			t.Error(c, err)
		}
	})
}

func crcOf(b []byte) uint32 { return crc32.ChecksumIEEE(b) }
