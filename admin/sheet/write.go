package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MostText is the longest text of a cell, in characters: what Excel takes.
const MostText = 32767

// Book writes a workbook: sheets one after another, rows one after another.
// It holds one row at a time. The first error stays, and Close returns it.
type Book struct {
	zip    *zip.Writer
	names  []string
	out    *bufio.Writer // of the open sheet; nil: none is open
	row    int           // of the open sheet, the last written
	widths int           // columns whose width was given
	err    error
}

// NewBook begins a workbook. Close ends it; w stays open.
func NewBook(w io.Writer) *Book { return &Book{zip: zip.NewWriter(w)} }

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relNS    = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	partType = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
)

// Sheet begins the next sheet, whose first row stays in sight. Widths are of
// its columns, in characters.
func (b *Book) Sheet(name string, widths ...int) {
	b.endSheet()
	if b.err != nil {
		return
	}
	b.names = append(b.names, sheetName(name))
	b.part(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(b.names)))
	b.text(xmlHead + `<worksheet ` + mainNS + `><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	if b.widths = len(widths); b.widths > 0 {
		b.text("<cols>")
		for i, w := range widths {
			b.text(fmt.Sprintf(`<col min="%d" max="%d" width="%d" style="1" customWidth="1"/>`, i+1, i+1, min(max(w, 4), 120)))
		}
		b.text("</cols>")
	}
	b.text("<sheetData>")
	b.row = 0
}

// sheetName is a name that Excel takes: at most 31 characters, none of []:*?/\.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r < ' ' {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 31 {
		s = string(r[:31])
	}
	return s
}

// Head writes a row in bold.
func (b *Book) Head(cells ...string) { b.write(2, cells) }

// Row writes a row of texts.
func (b *Book) Row(cells ...string) { b.write(1, cells) }

func (b *Book) write(style int, cells []string) {
	if b.err == nil && b.out == nil {
		panic("bug: sheet: a row without a sheet")
	}
	b.row++
	n := strconv.Itoa(b.row)
	b.text(`<row r="` + n + `">`)
	for i, s := range cells {
		if s == "" {
			continue
		}
		if utf8.RuneCountInString(s) > MostText {
			b.fail(fmt.Errorf("sheet: a cell of %d characters, Excel takes %d", utf8.RuneCountInString(s), MostText))
			return
		}
		if !signed(s) {
			s = Neutral(s)
		}
		b.text(`<c r="` + columnName(i) + n + `" s="` + strconv.Itoa(style) + `" t="inlineStr"><is><t xml:space="preserve">`)
		if b.err == nil {
			b.fail(xml.EscapeText(b.out, []byte(s)))
		}
		b.text(`</t></is></c>`)
	}
	b.text("</row>")
}

// columnName is the letters of a column, from 0.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

func (b *Book) endSheet() {
	if b.out == nil {
		return
	}
	b.text("</sheetData></worksheet>")
	b.endPart()
}

func (b *Book) part(name string) {
	w, err := b.zip.Create(name)
	b.fail(err)
	b.out = bufio.NewWriterSize(w, 32<<10)
}

func (b *Book) endPart() {
	if b.err == nil {
		b.fail(b.out.Flush())
	}
	b.out = nil
}

func (b *Book) text(s string) {
	if b.err == nil {
		_, err := b.out.WriteString(s)
		b.fail(err)
	}
}

func (b *Book) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Err is the first error so far.
func (b *Book) Err() error { return b.err }

// Close ends the workbook.
func (b *Book) Close() error {
	b.endSheet()
	var types, sheets, rels strings.Builder
	for i, name := range b.names {
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, partType)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(name), i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relNS, i+1)
	}
	const relsHead = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	for _, p := range []struct{ name, body string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + partType + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + partType + `styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", relsHead + `<Relationship Id="rId1" Type="` + relNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + mainNS + ` xmlns:r="` + relNS + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", relsHead + rels.String() +
			fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(b.names)+1, relNS)},
		{"xl/styles.xml", styles},
	} {
		if b.err != nil {
			break
		}
		b.part(p.name)
		b.text(xmlHead + p.body)
		b.endPart()
	}
	if b.err != nil {
		return b.err
	}
	return b.zip.Close()
}

// styles: 1 is text (the number format @, so that an identity of 15 digits
// stays what it is), 2 the same in bold.
const styles = `<styleSheet ` + mainNS + `>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes all
	return b.String()
}
