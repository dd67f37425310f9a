package gsm

import (
	"strings"
	"unicode/utf16"
)

// Part is one short message as octets: a septet each, unpacked (3GPP TS 23.038
// section 6.2.1), or UTF-16 with the high octet first.
type Part struct {
	Body []byte
	UCS2 bool
}

// Split writes s as the parts that it takes with a header of so many octets in
// each part, 5 to 20, if there is more than one. A header of 6 is the 8-bit
// reference of 3GPP TS 23.040 section 9.2.3.24.1, one of 7 the 16-bit one.
// No character and no surrogate pair is split between two parts.
func Split(s string, header int) []Part {
	header = min(max(header, 5), 20)
	if Is7Bit(s) {
		return split(s, oneGSM, (140-header)*8/7, false, septet)
	}
	return split(s, oneUCS2*2, (140-header)/2*2, true, unit)
}

func split(s string, one, many int, ucs2 bool, write func(rune) []byte) []Part {
	parts := []Part{{UCS2: ucs2}}
	for _, r := range s {
		parts[0].Body = append(parts[0].Body, write(r)...)
	}
	if len(parts[0].Body) <= one {
		return parts
	}
	parts = []Part{{UCS2: ucs2}}
	for _, r := range s {
		b := write(r)
		if len(parts[len(parts)-1].Body)+len(b) > many {
			parts = append(parts, Part{UCS2: ucs2})
		}
		last := &parts[len(parts)-1]
		last.Body = append(last.Body, b...)
	}
	return parts
}

// codes and extras are the octets of the default alphabet and its extension
// (tables 6.2.1 and 6.2.1.1 of 3GPP TS 23.038).
var codes, extras = func() (map[rune]byte, map[rune]byte) {
	codes := make(map[rune]byte, 127)
	at := byte(0)
	for _, r := range basic {
		if at == 0x1B {
			at++
		}
		codes[r] = at
		at++
	}
	return codes, map[rune]byte{
		'\f': 0x0A, '^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2F, '[': 0x3C, '~': 0x3D, ']': 0x3E, '|': 0x40, '€': 0x65,
	}
}()

func septet(r rune) []byte {
	if c, ok := codes[r]; ok {
		return []byte{c}
	}
	return []byte{0x1B, extras[r]}
}

func unit(r rune) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune{r}) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

// Join reads what Split wrote, for those who take messages in: one part's
// octets, or those of all parts in a row.
func Join(body []byte, ucs2 bool) string {
	if ucs2 {
		units := make([]uint16, len(body)/2)
		for i := range units {
			units[i] = uint16(body[2*i])<<8 | uint16(body[2*i+1])
		}
		return string(utf16.Decode(units))
	}
	var b strings.Builder
	letters := []rune(basic)
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == 0x1B && i+1 < len(body):
			i++
			for r, e := range extras {
				if e == body[i] {
					b.WriteRune(r)
				}
			}
		case c < 0x1B:
			b.WriteRune(letters[c])
		case c > 0x1B && int(c) <= len(letters):
			b.WriteRune(letters[c-1])
		}
	}
	return b.String()
}
