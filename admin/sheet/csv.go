package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

const bom = "\ufeff"

// CSV writes a table as CSV in UTF-8, with the mark by which Excel knows it.
type CSV struct{ w *csv.Writer }

// NewCSV begins a table.
func NewCSV(w io.Writer) *CSV {
	b := bufio.NewWriterSize(w, 32<<10)
	_, _ = b.WriteString(bom) // csv.Writer reports the error
	return &CSV{csv.NewWriter(b)}
}

// Row writes a row.
func (c *CSV) Row(cells ...string) {
	safe := make([]string, len(cells))
	for i, s := range cells {
		safe[i] = Neutral(s)
	}
	_ = c.w.Write(safe) // Close reports it
}

// Close writes what is left; the writer below stays open.
func (c *CSV) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// csvReader reads CSV with commas, semicolons or tabs.
type csvReader struct {
	r    *csv.Reader
	l    Limits
	rows int
}

func openCSV(r io.Reader, head []byte, l Limits) Reader {
	b := bufio.NewReaderSize(&lineGuard{r: r, most: 1 << 20}, 64<<10)
	if mark, err := b.Peek(len(bom)); err == nil && string(mark) == bom {
		_, _ = b.Discard(len(bom)) // was just peeked
	}
	c := &csvReader{r: csv.NewReader(b), l: l}
	c.r.FieldsPerRecord, c.r.ReuseRecord = -1, true
	c.r.Comma = separator(head)
	return c
}

// separator is what stands between the cells of the first line: Excel writes
// what the computer's region has.
func separator(head []byte) rune {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte(bom)), []byte("\n"))
	best, most := ',', 0
	for _, s := range []rune{',', ';', '\t'} {
		if n := bytes.Count(line, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}

// Next is the next row with anything in it.
func (c *csvReader) Next() (Row, error) {
	for {
		fields, err := c.r.Read()
		if err == io.EOF {
			return Row{}, io.EOF
		}
		if pe, ok := errors.AsType[*csv.ParseError](err); ok {
			return Row{}, bad("line %d is no CSV: a quotation mark stands where none may", pe.Line)
		}
		if errors.Is(err, errLongLine) {
			return Row{}, bad("has a line of more than %d bytes", 1<<20)
		}
		if err != nil {
			return Row{}, err
		}
		line, _ := c.r.FieldPos(0)
		row, err := c.row(line, fields)
		if err != nil || len(row.Cells) > 0 {
			return row, err
		}
	}
}

func (c *csvReader) row(line int, fields []string) (Row, error) {
	row := Row{Number: line}
	last := len(fields)
	for last > 0 && strings.TrimSpace(fields[last-1]) == "" {
		last--
	}
	if last == 0 {
		return row, nil
	}
	if c.rows++; c.rows > c.l.Rows {
		return row, bad("has more than %d rows; divide it", c.l.Rows)
	}
	if last > c.l.Columns {
		return row, bad("has more than %d columns in row %d", c.l.Columns, line)
	}
	row.Cells = make([]Cell, last)
	for i, s := range fields[:last] {
		if !utf8.ValidString(s) {
			return row, bad("is not valid UTF-8 in row %d; save it as CSV UTF-8, or as .xlsx", line)
		}
		if utf8.RuneCountInString(s) > c.l.Text {
			return row, bad("has a cell of more than %d characters in row %d", c.l.Text, line)
		}
		row.Cells[i] = Cell{Text: Plain(strings.Clone(s))}
	}
	return row, nil
}

// Close does nothing: the file is the caller's.
func (c *csvReader) Close() error { return nil }

var errLongLine = errors.New("sheet: a line is too long")

// lineGuard refuses lines beyond a length before anybody gathers them. What an
// open quotation mark makes one record of is bounded by the size of the file.
type lineGuard struct {
	r    io.Reader
	most int
	n    int // bytes since the last line end
}

func (g *lineGuard) Read(b []byte) (int, error) {
	n, err := g.r.Read(b)
	for p := b[:n]; len(p) > 0; {
		at := bytes.IndexByte(p, '\n')
		if at < 0 {
			g.n += len(p)
			break
		}
		if g.n += at; g.n > g.most {
			return 0, errLongLine
		}
		g.n, p = 0, p[at+1:]
	}
	if g.n > g.most {
		return 0, errLongLine
	}
	return n, err
}
