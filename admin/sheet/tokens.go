package sheet

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// tokens reads XML without ever holding more than one token, of at most
// mostToken bytes, and not more than a number of bytes in all.
type tokens struct {
	rc    io.Closer
	d     *xml.Decoder
	bytes *guard
}

// guard counts what the decoder takes. It is an io.ByteReader, so that the
// decoder reads no more ahead than it has looked at.
type guard struct {
	r      *bufio.Reader
	token  int   // bytes since the last token
	total  int64 // bytes so far
	most   int64
	packed int64
}

var errBomb = errors.New("sheet: too many bytes")

// ReadByte is the next byte.
func (g *guard) ReadByte() (byte, error) {
	if g.token++; g.token > mostToken {
		return 0, errBomb
	}
	if g.total++; g.total > g.most || g.total > bombAllowed && g.total/bombRatio > g.packed {
		return 0, errBomb
	}
	return g.r.ReadByte()
}

// Read is there because xml.NewDecoder wants a Reader; it reads by ReadByte.
func (g *guard) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	c, err := g.ReadByte()
	if err != nil {
		return 0, err
	}
	b[0] = c
	return 1, nil
}

func newTokens(rc io.ReadCloser, most, packed int64) *tokens {
	g := &guard{r: bufio.NewReaderSize(rc, 32<<10), most: most, packed: max(packed, 1)}
	return &tokens{rc: rc, d: xml.NewDecoder(g), bytes: g}
}

// next is the next token; it is the caller's until the one after it.
func (t *tokens) next() (xml.Token, error) {
	t.bytes.token = 0
	tok, err := t.d.RawToken()
	switch {
	case err == nil, err == io.EOF:
		return tok, err
	case errors.Is(err, errBomb):
		return nil, tooBig()
	}
	return nil, bad("is a damaged workbook; save it anew as .xlsx")
}

// phrase gathers the text of a shared or inline string up to the end of the
// element; readings for the eye (rPh) are left out.
func (t *tokens) phrase(end string, most int) (string, error) {
	var b strings.Builder
	in, aside := false, 0
	for {
		tok, err := t.next()
		if err == io.EOF {
			return "", bad("is a damaged workbook; save it anew as .xlsx")
		}
		if err != nil {
			return "", err
		}
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "t":
				in = true
			case "rPh":
				aside++
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "t":
				in = false
			case "rPh":
				aside--
			case end:
				if utf8.RuneCountInString(b.String()) > most {
					return "", bad("has a cell of more than %d characters", most)
				}
				return b.String(), nil
			}
		case xml.CharData:
			if in && aside == 0 {
				if b.Len()+len(e) > 4*most {
					return "", bad("has a cell of more than %d characters", most)
				}
				b.Write(e)
			}
		}
	}
}

// Close closes the part.
func (t *tokens) Close() error { return t.rc.Close() }
