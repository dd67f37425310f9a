package api

import (
	"strings"

	"github.com/vigia-track/vigia/admin/sheet"
	"github.com/vigia-track/vigia/engine/fleet"
)

// mandatoryMark follows the heading of a column that new records need.
const mandatoryMark = " *"

// headings are the first row of a table. Columns that would be headed alike
// have their key behind.
func (t *table) headings(columns []column) []string {
	count := map[string]int{}
	out := make([]string, len(columns))
	for i := range columns {
		out[i] = columns[i].label(t.kind.of, t.lang)
		count[folded(out[i])]++
	}
	for i := range columns {
		if count[folded(out[i])] > 1 {
			out[i] += " [" + columns[i].key + "]"
		}
		if t.mandatory(&columns[i]) {
			out[i] += mandatoryMark
		}
	}
	return out
}

// mandatory reports whether a new record needs a column.
func (t *table) mandatory(c *column) bool {
	return c.required || c.key == "customer" && t.kind.of == fleet.BulkUsers && t.user.Customer == 0
}

func folded(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// errorColumns are what a table of failed rows has beside the rows' own.
var errorColumns = []string{"error.row", "error.column", "error.reason"}

// readHead finds the columns that the first row of a file names, by label in
// any language or by key; nil stands for one that is passed over.
func (t *table) readHead(row sheet.Row) ([]*column, error) {
	known := map[string]*column{}
	twice := map[string]bool{}
	for i := range t.columns {
		c := &t.columns[i]
		for _, lang := range fleet.Langs() {
			l := folded(c.label(t.kind.of, lang))
			if k := known[l]; k != nil && k != c {
				twice[l] = true
			}
			known[l] = c
			known[folded(c.label(t.kind.of, lang)+" ["+c.key+"]")] = c
		}
	}
	for l := range twice {
		delete(known, l)
	}
	for i := range t.columns { // keys come before labels of others
		known[folded(t.columns[i].key)] = &t.columns[i]
	}
	for _, c := range t.columns { // and what a file in the caller's language has before all
		if l := folded(c.label(t.kind.of, t.lang)); !twice[l] && c.field == nil {
			known[l] = find(t.columns, c.key)
		}
	}
	out := make([]*column, len(row.Cells))
	found := 0
	for i, cell := range row.Cells {
		l := folded(strings.TrimSuffix(strings.TrimSpace(cell.Text), strings.TrimSpace(mandatoryMark)))
		if l == "" || isErrorColumn(l) {
			continue
		}
		c := known[l]
		if c == nil {
			continue
		}
		for _, other := range out[:i] {
			if other == c {
				return nil, fleet.FieldError("file", "has the column %q twice", cell.Text)
			}
		}
		out[i] = c
		found++
	}
	if found == 0 {
		return nil, fleet.FieldError("file", "has no column that is known here; take the empty format and fill in its first sheet")
	}
	for i, cell := range row.Cells {
		if l := folded(cell.Text); out[i] == nil && l != "" && !isErrorColumn(l) {
			return nil, fleet.FieldError("file", "has a column %q that is not known here; remove it", cell.Text)
		}
	}
	return out, nil
}

func find(all []column, key string) *column {
	for i := range all {
		if all[i].key == key {
			return &all[i]
		}
	}
	return nil
}

func isErrorColumn(label string) bool {
	for _, key := range errorColumns {
		for _, lang := range fleet.Langs() {
			if folded(word(lang, key)) == label {
				return true
			}
		}
	}
	return false
}

// wanted reports whether a sheet is called like this kind's, in any language.
func (t *table) wanted(name string) bool {
	for _, lang := range fleet.Langs() {
		if folded(word(lang, "sheet."+string(t.kind.of))) == folded(name) {
			return true
		}
	}
	return false
}
