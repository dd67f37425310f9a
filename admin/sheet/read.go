package sheet

import (
	"bytes"
	"io"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Limits bound what is read. All are required.
type Limits struct {
	Rows    int   // with anything in them
	Columns int   // of a row
	Text    int   // characters of a cell
	Bytes   int64 // unpacked, of one part of a workbook
}

// Kind says what a cell holds.
type Kind uint8

// The kinds of cell. Cells of CSV are texts.
const (
	Text    Kind = iota
	Number       // Text is how the file writes it, as in 45000.5 or 1E+21
	Bool         // Text is 1 or 0
	Formula      // Text is empty: what it would give is not looked at
	Fault        // Text is the code, as in #REF!
)

// Cell is one cell of a row.
type Cell struct {
	Kind Kind
	Text string
}

// Row is one row with anything in it.
type Row struct {
	Number int    // in the file, from 1
	Cells  []Cell // up to the last one with anything in it
}

// Reader gives the rows of a table in their order.
type Reader interface {
	// Next is the next row that has anything in it; io.EOF after the last. The
	// row is the caller's. Any other error is of kind fleet.Invalid, names the
	// field "file", and ends the reading.
	Next() (Row, error)
	Close() error
}

// Sniffed is what a file seems to be.
type Sniffed uint8

// What a file may seem to be.
const (
	Nothing  Sniffed = iota // neither of the others
	Workbook                // a zip archive, as workbooks are
	Old                     // Excel's format before 2007, or a workbook with a password
	Plaintext
)

// Sniff looks at the beginning of a file.
func Sniff(head []byte) Sniffed {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return Workbook
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return Old
	case len(head) == 0, bytes.IndexByte(head, 0) >= 0:
		return Nothing
	}
	return Plaintext
}

// Open reads a workbook or CSV, whichever it is. Of a workbook it is the first
// sheet whose name wanted takes, else the first.
func Open(r io.ReaderAt, size int64, wanted func(name string) bool, l Limits) (Reader, error) {
	head := make([]byte, min(size, 4096))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	switch Sniff(head) {
	case Workbook:
		return openBook(r, size, wanted, l)
	case Old:
		return nil, bad("is an Excel file of the old kind, or has a password; save it as .xlsx without one")
	case Plaintext:
		return openCSV(io.NewSectionReader(r, 0, size), head, l), nil
	}
	if size == 0 {
		return nil, bad("is empty")
	}
	return nil, bad("is neither an Excel workbook (.xlsx) nor CSV")
}

func bad(format string, args ...any) error { return fleet.FieldError("file", format, args...) }
