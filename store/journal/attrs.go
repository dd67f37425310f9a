package journal

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Attributes are one CBOR map (RFC 8949) in a small deterministic subset:
// definite lengths, shortest heads, keys ascending as Go compares strings,
// floats of 4 bytes where nothing is lost and of 8 otherwise. What is not
// UTF-8 is a byte string, so that every key and text comes back as it was.
const (
	cborUint   = 0 << 5
	cborNegInt = 1 << 5
	cborBytes  = 2 << 5
	cborText   = 3 << 5
	cborMap    = 5 << 5
	cborFalse  = 0xf4
	cborTrue   = 0xf5
	cborNull   = 0xf6
	cborFloat4 = 0xfa
	cborFloat8 = 0xfb
)

// maxKeys bounds a Decoder's memory of keys.
const maxKeys = 4096

var errAttrs = errors.New("journal: the attributes are not in their CBOR form")

// AppendAttrs appends the attributes as CBOR. A list that is not sorted, each
// key once, is written as SortAttrs would make it; it is not changed.
func AppendAttrs(b []byte, a fleet.Attrs) []byte {
	for i := 1; i < len(a); i++ {
		if a[i-1].Key >= a[i].Key {
			a = fleet.SortAttrs(slices.Clone(a))
			break
		}
	}
	b = appendHead(b, cborMap, uint64(len(a)))
	for i := range a {
		b = appendText(b, a[i].Key)
		b = appendValue(b, &a[i].Value)
	}
	return b
}

func appendValue(b []byte, v *fleet.Value) []byte {
	switch v.Kind {
	case fleet.BoolValue:
		if v.Int != 0 {
			return append(b, cborTrue)
		}
		return append(b, cborFalse)
	case fleet.IntValue:
		if v.Int < 0 {
			return appendHead(b, cborNegInt, uint64(^v.Int))
		}
		return appendHead(b, cborUint, uint64(v.Int))
	case fleet.FloatValue:
		if f := float32(v.Float); math.Float64bits(float64(f)) == math.Float64bits(v.Float) {
			return binary.BigEndian.AppendUint32(append(b, cborFloat4), math.Float32bits(f))
		}
		return binary.BigEndian.AppendUint64(append(b, cborFloat8), math.Float64bits(v.Float))
	case fleet.TextValue:
		return appendText(b, v.Text)
	}
	return append(b, cborNull)
}

func appendText(b []byte, s string) []byte {
	major := byte(cborText)
	if !utf8.ValidString(s) {
		major = cborBytes
	}
	return append(appendHead(b, major, uint64(len(s))), s...)
}

func appendHead(b []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n <= math.MaxUint8:
		return append(b, major|24, byte(n))
	case n <= math.MaxUint16:
		return append(b, major|25, byte(n>>8), byte(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), n)
}

// Attrs reads what AppendAttrs made, and nothing else: p must hold exactly one
// map. Nothing of the result points into p.
func (d *Decoder) Attrs(p []byte) (fleet.Attrs, error) {
	major, n, p := readHead(p)
	if major != cborMap || n > uint64(len(p)/2) { // a pair takes 2 bytes at least
		return nil, errAttrs
	}
	out := make(fleet.Attrs, n)
	for i := range out {
		var key []byte
		if key, p = readText(p); p == nil {
			return nil, errAttrs
		}
		out[i].Key = d.intern(key)
		if i > 0 && strings.Compare(out[i-1].Key, out[i].Key) >= 0 {
			return nil, errAttrs
		}
		if p = readValue(p, &out[i].Value); p == nil {
			return nil, errAttrs
		}
	}
	if len(p) > 0 {
		return nil, errAttrs
	}
	return out, nil
}

func (d *Decoder) intern(key []byte) string {
	if s, ok := d.keys[string(key)]; ok {
		return s
	}
	if d.keys == nil || len(d.keys) >= maxKeys {
		d.keys = make(map[string]string, 64)
	}
	s := string(key)
	d.keys[s] = s
	return s
}

// readHead reads a major type and its number; major is 0xff if there is none.
func readHead(p []byte) (major byte, n uint64, rest []byte) {
	if len(p) == 0 {
		return 0xff, 0, nil
	}
	major, low := p[0]&0xe0, p[0]&0x1f
	p = p[1:]
	if low < 24 {
		return major, uint64(low), p
	}
	size := 1 << (low - 24)
	if low > 27 || len(p) < size {
		return 0xff, 0, nil
	}
	for _, c := range p[:size] {
		n = n<<8 | uint64(c)
	}
	return major, n, p[size:]
}

// readText reads a text or byte string; rest is nil if there is none.
func readText(p []byte) (s, rest []byte) {
	major, n, p := readHead(p)
	if major != cborText && major != cborBytes || n > uint64(len(p)) {
		return nil, nil
	}
	return p[:n:n], p[n:]
}

// readValue reads one value; rest is nil if there is none.
func readValue(p []byte, v *fleet.Value) (rest []byte) {
	if len(p) == 0 {
		return nil
	}
	switch p[0] {
	case cborFalse, cborTrue:
		*v = fleet.Bool(p[0] == cborTrue)
		return p[1:]
	case cborNull:
		return p[1:]
	case cborFloat4:
		if len(p) < 5 {
			return nil
		}
		*v = fleet.Float(float64(math.Float32frombits(binary.BigEndian.Uint32(p[1:]))))
		return p[5:]
	case cborFloat8:
		if len(p) < 9 {
			return nil
		}
		*v = fleet.Float(math.Float64frombits(binary.BigEndian.Uint64(p[1:])))
		return p[9:]
	}
	switch p[0] & 0xe0 {
	case cborText, cborBytes:
		s, rest := readText(p)
		if rest == nil {
			return nil
		}
		*v = fleet.Text(string(s))
		return rest
	case cborUint, cborNegInt:
		major, n, rest := readHead(p)
		if rest == nil || n > math.MaxInt64 {
			return nil
		}
		*v = fleet.Int(int64(n))
		if major == cborNegInt {
			v.Int = ^v.Int
		}
		return rest
	}
	return nil
}

// EachAttr calls each for every pair of an attributes' map as it stands: the
// key with its head, and the value. It allocates nothing.
func EachAttr(p []byte, each func(key, value []byte)) error {
	major, n, p := readHead(p)
	if major != cborMap {
		return errAttrs
	}
	for ; n > 0; n-- {
		var v fleet.Value
		_, rest := readText(p)
		if rest == nil {
			return errAttrs
		}
		end := skipValue(rest, &v)
		if end == nil {
			return errAttrs
		}
		each(p[:len(p)-len(rest)], rest[:len(rest)-len(end)])
		p = end
	}
	if len(p) > 0 {
		return errAttrs
	}
	return nil
}

// skipValue is readValue but for the copy of a text.
func skipValue(p []byte, v *fleet.Value) (rest []byte) {
	if len(p) > 0 && (p[0]&0xe0 == cborText || p[0]&0xe0 == cborBytes) {
		_, rest = readText(p)
		return rest
	}
	return readValue(p, v)
}

// Attr reads one pair that EachAttr gave. Nothing of it points into them.
func (d *Decoder) Attr(key, value []byte) (a fleet.Attr, err error) {
	text, rest := readText(key)
	if rest == nil || len(rest) > 0 {
		return a, errAttrs
	}
	a.Key = d.intern(text)
	if rest = readValue(value, &a.Value); rest == nil || len(rest) > 0 {
		return a, errAttrs
	}
	return a, nil
}
