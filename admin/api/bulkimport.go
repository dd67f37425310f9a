package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"

	"github.com/vigia-track/vigia/admin/sheet"
	"github.com/vigia-track/vigia/engine/fleet"
)

// The bounds of an import beside the size of the upload.
const (
	maxImportRows = 100_000
	importBatch   = 500
)

var importLimits = sheet.Limits{Rows: maxImportRows + 1, Columns: 250, Text: sheet.MostText, Bytes: 512 << 20}

// importRow is one row of a file.
type importRow struct {
	number int
	cells  []sheet.Cell

	id, name string // by which its record is found
	password string
	invite   bool
	groups   *[]any // nil: they stay
	shifts   []any

	labels  []fleet.RecordID // groups, found
	regroup bool
	add     []fleet.Shift
}

// failedRow is a row that did not go in, as the file of them keeps it.
type failedRow struct {
	Row    int      `json:"n"`
	Cells  []string `json:"c"`
	Column string   `json:"f,omitempty"` // the column's key, "" for the row as a whole
	Reason string   `json:"r"`
}

// openTable opens a file and reads its headings.
func (t *table) openTable(f *os.File) (sheet.Reader, []*column, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	r, err := sheet.Open(f, info.Size(), t.wanted, importLimits)
	if err != nil {
		return nil, nil, err
	}
	row, err := r.Next()
	var head []*column
	if err == io.EOF {
		err = fleet.FieldError("file", "is empty")
	}
	if err == nil {
		head, err = t.readHead(row)
	}
	if err != nil {
		return nil, nil, errors.Join(err, r.Close())
	}
	return r, head, nil
}

// countRows reads a file to its end, so that one that is damaged, or too large,
// is refused before anything of it goes in.
func (t *table) countRows(f *os.File) (n int, err error) {
	r, _, err := t.openTable(f)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for ; ; n++ {
		if _, err := r.Next(); err == io.EOF {
			return n, nil
		} else if err != nil {
			return 0, err
		}
	}
}

// importer takes the rows of one file in.
type importer struct {
	*table
	head []*column
	seen map[string]int // what a row was about -> its number
	body map[string]bool
	job  *fleet.Job
}

// read takes a row apart. What it is about is noted, so that a second row about
// the same fails.
func (im *importer) read(raw sheet.Row) (*importRow, error) {
	row := &importRow{number: raw.Number, cells: raw.Cells}
	text := func(key string) string {
		for i, c := range im.head {
			if c != nil && c.key == key && i < len(raw.Cells) {
				if v, err := c.valueOf(raw.Cells[i]); err == nil {
					s, _ := v.(string)
					return s
				}
			}
		}
		return ""
	}
	row.id = text(idColumn)
	for _, key := range bulkNames[im.kind.of] {
		if row.name = text(key); row.name != "" {
			break
		}
	}
	name := "name " + row.name
	if im.kind.of != fleet.BulkDevices { // the only names in which case counts
		name = strings.ToLower(name)
	}
	for _, about := range []struct{ what, given, column string }{{"id " + strings.ToUpper(row.id), row.id, idColumn}, {name, row.name, bulkNames[im.kind.of][0]}} {
		if about.given == "" {
			continue
		}
		if before, ok := im.seen[about.what]; ok && before != row.number {
			return row, fleet.FieldError(about.column, "stands in row %d already", before)
		}
		im.seen[about.what] = row.number
	}
	return row, nil
}

// prepare makes an item of a row: the stored record with the row laid over it,
// held against every rule of the API.
func (im *importer) prepare(row *importRow) (*item, error) {
	found, err := im.kind.work.find(im.table, row.id, row.name)
	it := &found
	it.row, it.made = row, found.id == 0
	if err != nil {
		return it, err
	}
	body := map[string]any{}
	for key, v := range it.body {
		if im.body[key] {
			body[key] = v
		}
	}
	if err := im.overlay(row, body); err != nil {
		return it, err
	}
	if it.made {
		delete(body, "version")
		if _, placed := body["customer"]; !placed && !im.onlyOwn() {
			body["company"] = im.company.String()
		}
	} else {
		body["version"] = float64(it.version)
	}
	raw, err := im.check(body)
	if err != nil {
		return it, err
	}
	return it, im.kind.work.lay(im.table, it, raw)
}

// onlyOwn reports whether the caller is of a customer: its company goes without
// saying.
func (im *importer) onlyOwn() bool { return im.user.Customer != 0 }

// overlay lays a row's cells over a body.
func (im *importer) overlay(row *importRow, body map[string]any) error {
	var faults []FieldProblem
	extra, _ := body["extra"].(map[string]any)
	extra = maps.Clone(extra)
	for i, c := range im.head {
		if c == nil || c.key == idColumn {
			continue
		}
		var cell sheet.Cell
		if i < len(row.cells) {
			cell = row.cells[i]
		}
		if cell.Kind == sheet.Text && strings.TrimSpace(cell.Text) == keep {
			continue
		}
		v, err := c.valueOf(cell)
		if err == nil {
			v, err = im.named(row, c, v)
		}
		switch {
		case err != nil:
			e, ok := errors.AsType[*fleet.Error](err)
			if !ok || e.Kind != fleet.Invalid {
				return err
			}
			faults = append(faults, fieldProblem(im.lang, e.Field, e))
		case c.field != nil:
			if extra == nil {
				extra = map[string]any{}
			}
			delete(extra, c.field.ID.String())
			if v != nil {
				extra[c.field.ID.String()] = v
			}
		case bulkOwn[c.key] != nil && !im.body[c.key]:
		case v == nil:
			delete(body, c.key)
		default:
			body[c.key] = v
		}
	}
	if extra != nil {
		body["extra"] = extra
	}
	if len(faults) > 0 {
		p := newProblem(im.lang, codeInvalid, "")
		p.Errors = faults
		return p
	}
	return nil
}

// named turns what a cell names into what the API takes, and keeps apart what
// no body has.
func (im *importer) named(row *importRow, c *column, v any) (any, error) {
	text, _ := v.(string)
	list, _ := v.([]any)
	switch c.key {
	case passwordColumn:
		row.password = text
	case inviteColumn:
		row.invite, _ = v.(bool)
	case groupsColumn:
		row.groups = &list
	case shiftsColumn:
		row.shifts = list
	case "customer", "parent":
		if text != "" {
			id, err := im.customerNamed(c.key, text)
			return id.String(), err
		}
	case "plan":
		if text != "" {
			return im.planNamed(text)
		}
	case "devices":
		if v != nil {
			return im.devicesNamed(c.key, list)
		}
	case "labels":
		labels, err := im.labelsOf(fleet.DeviceLabel)
		if err != nil || v == nil {
			return v, err
		}
		ids, err := labels.resolve(c.key, list)
		out := make([]any, len(ids))
		for i, id := range ids {
			out[i] = id.String()
		}
		return out, err
	}
	return v, nil
}

// fail words why a row did not go in; an error of ours is given back.
func (im *importer) fail(row *importRow, err error) (failedRow, error) {
	f := failedRow{Row: row.number}
	for _, c := range row.cells {
		f.Cells = append(f.Cells, c.Text)
	}
	p := ProblemOf(im.lang, err)
	if p.Status >= 500 {
		return f, err
	}
	if len(p.Errors) == 0 {
		f.Reason = p.Error()
		return f, nil
	}
	var reasons []string
	for _, e := range p.Errors {
		key := im.columnOf(e.Field)
		if f.Column == "" {
			f.Column = key
		}
		reason := e.Message
		if c := find(im.columns, key); c != nil && len(p.Errors) > 1 {
			reason = c.label(im.kind.of, im.lang) + ": " + reason
		}
		reasons = append(reasons, reason)
	}
	f.Reason = strings.Join(reasons, "; ")
	return f, nil
}

// columnOf is the column of a body's field.
func (im *importer) columnOf(field string) string {
	field, _, _ = strings.Cut(field, "[")
	if find(im.columns, field) != nil {
		return field
	}
	if i := strings.LastIndexByte(field, '.'); i >= 0 && find(im.columns, field[i+1:]) != nil {
		return field[i+1:]
	}
	return field
}

// batch takes rows in: those that can go in do, the others come back.
func (im *importer) batch(rows []sheet.Row) (failed []failedRow, counts fleet.JobCounts, err error) {
	var items, changed []*item
	note := func(row *importRow, why error) error {
		f, err := im.fail(row, why)
		failed = append(failed, f)
		counts.Failed++
		return err
	}
	for _, raw := range rows {
		row, err := im.read(raw)
		var it *item
		if err == nil {
			it, err = im.prepare(row)
		}
		if err != nil {
			if err := note(row, err); err != nil {
				return nil, counts, err
			}
			continue
		}
		items = append(items, it)
		if !it.same {
			changed = append(changed, it)
		}
	}
	im.kind.work.put(im.table, changed)
	for _, it := range items {
		if it.err != nil && fleet.KindOf(it.err) == fleet.Conflict && !it.made {
			it.err = im.again(it) // somebody else may have changed it since it was read
		}
		switch {
		case it.err != nil:
			if err := note(it.row, it.err); err != nil {
				return nil, counts, err
			}
		case it.made, it.same && it.version == 1 && it.created >= im.job.Started: // made by this job, before a restart
			counts.Created++
		case it.same:
			counts.Unchanged++
		default:
			counts.Updated++
		}
	}
	return failed, counts, nil
}

// again does a row once more, from the record as it is now.
func (im *importer) again(it *item) error {
	fresh, err := im.prepare(it.row)
	if err != nil {
		return err
	}
	if !fresh.same {
		im.kind.work.put(im.table, []*item{fresh})
	}
	return fresh.err
}

func encodeFailed(w io.Writer, failed []failedRow) error {
	for _, f := range failed {
		b, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("row %d: %w", f.Row, err)
		}
		if _, err := w.Write(append(b, '\n')); err != nil {
			return err
		}
	}
	return nil
}
