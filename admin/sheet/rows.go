package sheet

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// The size of a sheet in Excel.
const (
	excelRows    = 1 << 20
	excelColumns = 1 << 14
)

// sheetReader reads the rows of one sheet of a workbook.
type sheetReader struct {
	*tokens
	shared []string
	l      Limits
	row    int // the last
	rows   int // with anything in them
}

// Next is the next row with anything in it.
func (s *sheetReader) Next() (Row, error) {
	for {
		tok, err := s.next()
		if err != nil {
			return Row{}, err // io.EOF after the last
		}
		e, ok := tok.(xml.StartElement)
		if !ok || e.Name.Local != "row" {
			continue
		}
		n := s.row + 1
		if r := attr(e, "r"); r != "" {
			if n, err = strconv.Atoi(r); err != nil || n <= s.row || n > excelRows {
				return Row{}, bad("has a row with the number %q; save it anew as .xlsx", clip(r))
			}
		}
		s.row = n
		row, err := s.cells(n)
		if err != nil {
			return Row{}, err
		}
		if len(row.Cells) == 0 {
			continue
		}
		if s.rows++; s.rows > s.l.Rows {
			return Row{}, bad("has more than %d rows; divide it", s.l.Rows)
		}
		return row, nil
	}
}

// cells reads a row up to its end.
func (s *sheetReader) cells(number int) (Row, error) {
	row := Row{Number: number}
	column := -1
	for {
		tok, err := s.next()
		if err == io.EOF {
			return row, bad("is a damaged workbook; save it anew as .xlsx")
		}
		if err != nil {
			return row, err
		}
		switch e := tok.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			column++
			if at := attr(e, "r"); at != "" {
				c, ok := columnOf(at)
				if !ok || c < column {
					return row, bad("has a cell in the place %q; save it anew as .xlsx", clip(at))
				}
				column = c
			}
			cell, err := s.cell(attr(e, "t"), number)
			if err != nil {
				return row, err
			}
			if cell == (Cell{}) {
				continue
			}
			if column >= s.l.Columns {
				return row, bad("has more than %d columns in row %d", s.l.Columns, number)
			}
			for len(row.Cells) < column {
				row.Cells = append(row.Cells, Cell{})
			}
			row.Cells = append(row.Cells, cell)
		}
	}
}

// columnOf is the column of a reference such as AB12, from 0.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			return n - 1, i > 0 && n <= excelColumns
		}
		n = n*26 + int(c-'A') + 1
	}
	return 0, false
}

// cell reads a cell up to its end. The zero Cell has nothing in it.
func (s *sheetReader) cell(kind string, row int) (Cell, error) {
	var value strings.Builder
	inline, formula, in := "", false, false
	for {
		tok, err := s.next()
		if err == io.EOF {
			return Cell{}, bad("is a damaged workbook; save it anew as .xlsx")
		}
		if err != nil {
			return Cell{}, err
		}
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "f":
				formula = true
			case "v":
				in = true
			case "is":
				if inline, err = s.phrase("is", s.l.Text); err != nil {
					return Cell{}, err
				}
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "v":
				in = false
			case "c":
				if formula {
					return Cell{Kind: Formula}, nil
				}
				return s.value(kind, inline, value.String(), row)
			}
		case xml.CharData:
			if in {
				if value.Len()+len(e) > 4*s.l.Text {
					return Cell{}, bad("has a cell of more than %d characters in row %d", s.l.Text, row)
				}
				value.Write(e)
			}
		}
	}
}

// value is a cell of a type (ECMA-376, section 18.18.11).
func (s *sheetReader) value(kind, inline, v string, row int) (Cell, error) {
	text := func(t string) (Cell, error) {
		if strings.TrimSpace(t) == "" {
			return Cell{}, nil
		}
		return Cell{Text: Plain(t)}, nil
	}
	switch kind {
	case "inlineStr":
		return text(inline)
	case "str":
		return text(v)
	case "s":
		v = strings.TrimSpace(v)
		if v == "" {
			return Cell{}, nil
		}
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(s.shared) {
			return Cell{}, bad("has a cell in row %d whose text is not in the file; save it anew as .xlsx", row)
		}
		return text(s.shared[i])
	}
	v = strings.TrimSpace(v)
	switch {
	case v == "":
		return Cell{}, nil
	case kind == "b":
		return Cell{Kind: Bool, Text: v}, nil
	case kind == "e":
		return Cell{Kind: Fault, Text: v}, nil
	case kind == "d":
		return Cell{Text: v}, nil
	}
	return Cell{Kind: Number, Text: v}, nil
}
