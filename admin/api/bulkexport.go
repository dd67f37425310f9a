package api

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/vigia-track/vigia/admin/sheet"
	"github.com/vigia-track/vigia/engine/fleet"
)

// rowsPerFile is how many records one workbook of an export has.
const rowsPerFile = 7000

// The formats of tables.
const (
	xlsxFormat = "xlsx"
	csvFormat  = "csv"
)

// tableWriter writes one table.
type tableWriter struct {
	t       *table
	columns []column
	book    *sheet.Book // or
	csv     *sheet.CSV
	extra   int // headings beyond the columns
}

// write begins a table with its headings, and more of them.
func (t *table) write(w io.Writer, format string, columns []column, more ...string) *tableWriter {
	tw := &tableWriter{t: t, columns: columns, extra: len(more)}
	head := append(t.headings(columns), more...)
	if format == csvFormat {
		tw.csv = sheet.NewCSV(w)
		tw.csv.Row(head...)
		return tw
	}
	widths := make([]int, len(head))
	for i, h := range head {
		widths[i] = utf8.RuneCountInString(h) + 6
	}
	tw.book = sheet.NewBook(w)
	tw.book.Sheet(word(t.lang, "sheet."+string(t.kind.of)), widths...)
	tw.book.Head(head...)
	return tw
}

func (w *tableWriter) row(cells ...string) error {
	if w.csv != nil {
		w.csv.Row(cells...)
		return nil
	}
	w.book.Row(cells...)
	return w.book.Err()
}

// close ends the table; a workbook gets its sheet of information.
func (w *tableWriter) close() error {
	if w.csv != nil {
		return w.csv.Close()
	}
	w.information()
	return w.book.Close()
}

// information says what each column is for.
func (w *tableWriter) information() {
	t := w.t
	w.book.Sheet(word(t.lang, "sheet.information"), 26, 22, 14, 90)
	w.book.Head(word(t.lang, "info.column"), word(t.lang, "info.field"), word(t.lang, "info.mandatory"), word(t.lang, "info.put"))
	head := t.headings(w.columns)
	for i := range w.columns {
		c := &w.columns[i]
		need := word(t.lang, "info.optional")
		if t.mandatory(c) {
			need = word(t.lang, "info.required")
		}
		w.book.Row(head[i], c.key, need, c.hint(t.kind.of, t.lang, t.policy))
	}
	w.book.Row()
	w.book.Row(word(t.lang, "info.about"))
	w.book.Row(word(t.lang, "info.formula"))
}

// cells are a record's row.
func (t *table) cells(columns []column, body map[string]any) []string {
	extra, _ := body["extra"].(map[string]any)
	out := make([]string, len(columns))
	for i := range columns {
		c := &columns[i]
		switch {
		case c.field != nil:
			out[i] = c.cellOf(extra[c.field.ID.String()], t.lang)
		case c.key == passwordColumn || c.key == inviteColumn: // never told, never asked for again
		default:
			out[i] = c.cellOf(body[c.key], t.lang)
		}
	}
	return out
}

// export writes the records that a job asks for, and says how many so far
// after each so many.
func (t *table) export(w io.Writer, j *fleet.Job, progress func(done int) error) error {
	columns := t.chosen(j.Option != withoutRelations)
	done := 0
	each := func(row func(cells ...string) error) func(map[string]any) error {
		return func(body map[string]any) error {
			if err := row(t.cells(columns, body)...); err != nil {
				return err
			}
			if done++; done%exportBatch == 0 {
				return progress(done)
			}
			return nil
		}
	}
	if j.Format == csvFormat {
		tw := t.write(w, csvFormat, columns)
		if err := t.kind.work.each(t, j.Owner, each(tw.row)); err != nil {
			return err
		}
		if err := tw.close(); err != nil {
			return err
		}
		return progress(done)
	}
	z := &zipped{t: t, z: zip.NewWriter(w), columns: columns, name: string(t.kind.of)}
	if err := z.next(); err != nil { // an export of nothing has a table too
		return err
	}
	if err := t.kind.work.each(t, j.Owner, each(z.row)); err != nil {
		return err
	}
	if err := z.tw.close(); err != nil {
		return err
	}
	if err := z.z.Close(); err != nil {
		return err
	}
	return progress(done)
}

// exportBatch is after how many records an export looks whether it may go on.
const exportBatch = 1000

// zipped writes workbooks of rowsPerFile rows into an archive.
type zipped struct {
	t       *table
	z       *zip.Writer
	tw      *tableWriter
	columns []column
	name    string
	files   int
	rows    int
}

func (z *zipped) next() error {
	if z.tw != nil {
		if err := z.tw.close(); err != nil {
			return err
		}
	}
	z.files++
	w, err := z.z.CreateHeader(&zip.FileHeader{
		Name: fmt.Sprintf("%s-%d.xlsx", z.name, z.files), Method: zip.Store, Modified: z.t.api.o.Now().Std(), // a workbook is packed already
	})
	if err != nil {
		return err
	}
	z.tw, z.rows = z.t.write(w, xlsxFormat, z.columns), 0
	return nil
}

func (z *zipped) row(cells ...string) error {
	if z.rows == rowsPerFile {
		if err := z.next(); err != nil {
			return err
		}
	}
	z.rows++
	return z.tw.row(cells...)
}

// withoutRelations is the option of an export that leaves relations out.
const withoutRelations = "dataNoRelations"

// failures writes the table of rows that did not go in, as they came, with
// why.
func (t *table) failures(w io.Writer, format string, head []*column, each func(row func(failedRow) error) error) error {
	var columns []column
	var at []int
	for i, c := range head {
		if c != nil {
			columns, at = append(columns, *c), append(at, i)
		}
	}
	var more []string
	for _, key := range errorColumns {
		more = append(more, word(t.lang, key))
	}
	tw := t.write(w, format, columns, more...)
	err := each(func(f failedRow) error {
		cells := make([]string, 0, len(columns)+len(more))
		for _, i := range at {
			s := ""
			if i < len(f.Cells) {
				s = f.Cells[i]
			}
			cells = append(cells, s)
		}
		label := f.Column
		if i := slices.IndexFunc(columns, func(c column) bool { return c.key == f.Column }); i >= 0 {
			label = columns[i].label(t.kind.of, t.lang)
		}
		return tw.row(append(cells, itoa(f.Row), label, f.Reason)...)
	})
	if err != nil {
		return err
	}
	return tw.close()
}
