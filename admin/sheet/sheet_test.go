package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/vigia-track/vigia/admin/sheet"
	"github.com/vigia-track/vigia/engine/fleet"
)

var limits = sheet.Limits{Rows: 1000, Columns: 50, Text: 3000, Bytes: 64 << 20}

// hard are texts that programs like to change.
var hard = []string{
	"Ana", "=1+1", "+573001234567", "-74.08", "@SUM(A1)", "\tx", "'=quoted", "''=twice", "'tis", "990000862471854", "0012",
	"a \"quoted\", text; with\nlines", "<b>&amp;</b>", "ñandú 日本 🚚", " spaces ", "TRUE", "1E5", "=cmd|' /C calc'!A0", "-", "+1+1",
}

func read(t testing.TB, file []byte, wanted func(string) bool) ([]sheet.Row, error) {
	t.Helper()
	r, err := sheet.Open(bytes.NewReader(file), int64(len(file)), wanted, limits)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var rows []sheet.Row
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

func texts(r sheet.Row) (out []string) {
	for _, c := range r.Cells {
		out = append(out, c.Text)
	}
	return out
}

func workbook(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := sheet.NewBook(&b)
	w.Sheet("Users", 20, 30)
	w.Head("a", "b")
	for _, r := range rows {
		w.Row(r...)
	}
	w.Sheet("Information")
	w.Row("about")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWorkbookIsReadBackAndByTheLibrary(t *testing.T) {
	file := workbook(t, hard, nil, []string{"", "", "third"})
	rows, err := read(t, file, nil)
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	if !slices.Equal(texts(rows[1]), hard) {
		t.Errorf("read back\n%q, want\n%q", texts(rows[1]), hard)
	}
	if rows[2].Number != 4 || rows[2].Cells[2].Text != "third" {
		t.Errorf("after an empty row: %+v", rows[2])
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Users", "Information"}) {
		t.Errorf("sheets %q", got)
	}
	theirs, err := f.GetRows("Users")
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range theirs[1] {
		if got := sheet.Plain(s); got != hard[i] {
			t.Errorf("the library reads %q, want %q", got, hard[i])
		}
		cell, _ := excelize.CoordinatesToCellName(i+1, 2)
		if formula, _ := f.GetCellFormula("Users", cell); formula != "" {
			t.Errorf("%s is a formula: %s", cell, formula)
		}
		if strings.IndexByte("=@\t", s[0]) >= 0 {
			t.Errorf("%s may be taken for a formula: %q", cell, s)
		}
	}
	if other, err := read(t, file, func(name string) bool { return name == "Information" }); err != nil || len(other) != 1 || other[0].Cells[0].Text != "about" {
		t.Errorf("the sheet that is wanted: %+v, %v", other, err)
	}
}

func TestTheLibrarysWorkbooksAreRead(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	set := func(cell string, v any) {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	set("A1", "name")
	set("B1", 990000862471854)
	set("C1", true)
	set("E1", 3.5)
	if err := f.SetCellRichText("Sheet1", "F1", []excelize.RichTextRun{{Text: "two "}, {Text: "runs"}}); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellFormula("Sheet1", "G1", "1+1"); err != nil {
		t.Fatal(err)
	}
	set("B70000", "far below")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := read(t, b.Bytes(), nil)
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	want := []sheet.Cell{{Text: "name"}, {Kind: sheet.Number, Text: "990000862471854"}, {Kind: sheet.Bool, Text: "1"}, {}, {Kind: sheet.Number, Text: "3.5"}, {Text: "two runs"}, {Kind: sheet.Formula}}
	if !slices.Equal(rows[0].Cells, want) {
		t.Errorf("read %+v, want %+v", rows[0].Cells, want)
	}
	if rows[1].Number != 70000 {
		t.Errorf("the second row is %d", rows[1].Number)
	}
}

func TestCSVIsReadBack(t *testing.T) {
	var b bytes.Buffer
	w := sheet.NewCSV(&b)
	w.Row("a", "b")
	w.Row(hard...)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		for _, start := range []string{"=", "+", "-", "@"} {
			if strings.HasPrefix(line, start) || strings.Contains(line, ","+start) || strings.Contains(line, `,"`+start) {
				t.Errorf("may be taken for a formula: %q", line)
			}
		}
	}
	rows, err := read(t, b.Bytes(), nil)
	if err != nil || len(rows) != 2 || !slices.Equal(texts(rows[1]), hard) {
		t.Errorf("read back %+v, %v", rows, err)
	}
	for _, c := range []string{"a;b\n1;2\n", "a\tb\r\n1\t2\r\n", "\ufeffa,b\n\n1,2"} {
		rows, err := read(t, []byte(c), nil)
		if err != nil || len(rows) != 2 || !slices.Equal(texts(rows[1]), []string{"1", "2"}) {
			t.Errorf("%q: %+v, %v", c, rows, err)
		}
	}
}

// pack makes a workbook of a sheet's and the shared texts' XML.
func pack(t testing.TB, sheetXML, shared string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheetXML, "xl/sharedStrings.xml": shared,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMaliciousFilesAreRefusedClearly(t *testing.T) {
	rows := func(s string) string { return "<worksheet><sheetData>" + s + "</sheetData></worksheet>" }
	var bare bytes.Buffer
	z := zip.NewWriter(&bare)
	z.Create("hello.txt")
	z.Close()
	whole := workbook(t, hard)
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":               {nil, "is empty"},
		"rubbish":             {[]byte{0, 1, 2, 3, 0xff}, "is neither"},
		"another archive":     {bare.Bytes(), "is neither"},
		"old Excel":           {[]byte("\xd0\xcf\x11\xe0\xa1\xb1"), "old kind"},
		"cut":                 {whole[:len(whole)/2], "damaged"},
		"no UTF-8":            {[]byte("a,b\nMar\xeda,2\n"), "UTF-8 in row 2"},
		"a quotation mark":    {[]byte("a,b\nx\"y,2\n"), "line 2"},
		"a long line":         {[]byte("a,b\n" + strings.Repeat("x", 2<<20)), "a line of more"},
		"a long cell":         {[]byte("a,b\n" + strings.Repeat("x", 3001)), "more than 3000 characters in row 2"},
		"many rows":           {[]byte(strings.Repeat("a\n", 1001)), "more than 1000 rows"},
		"many columns":        {[]byte(strings.Repeat("a,", 51) + "b"), "more than 50 columns"},
		"a bomb of a cell":    {pack(t, rows(`<row><c t="str"><v>`+strings.Repeat("A", 20<<20)+`</v></c></row>`), ""), "unpacks to far more"},
		"a bomb of rows":      {pack(t, rows(strings.Repeat("<row></row>", 2<<20)), ""), "unpacks to far more"},
		"a bomb of texts":     {pack(t, rows(""), "<sst>"+strings.Repeat("<si><t>"+strings.Repeat("a", 2900)+"</t></si>", 8<<10)+"</sst>"), "unpacks to far more"},
		"a huge row":          {pack(t, rows(`<row r="9999999999"><c><v>1</v></c></row>`), ""), "row with the number"},
		"rows that go back":   {pack(t, rows(`<row r="5"/><row r="4"/>`), ""), "row with the number"},
		"a huge column":       {pack(t, rows(`<row><c r="XFD1"><v>1</v></c></row>`), ""), "more than 50 columns"},
		"no column":           {pack(t, rows(`<row><c r="ZZZZZZ1"><v>1</v></c></row>`), ""), "cell in the place"},
		"no shared text":      {pack(t, rows(`<row><c t="s"><v>7</v></c></row>`), "<sst/>"), "is not in the file"},
		"an entity":           {pack(t, `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`+rows(`<row><c t="str"><v>&e;</v></c></row>`), ""), "damaged"},
		"an end in the midst": {pack(t, `<worksheet><sheetData><row><c>`, ""), "damaged"},
	} {
		_, err := read(t, c.file, nil)
		e, ok := errors.AsType[*fleet.Error](err)
		if !ok || e.Kind != fleet.Invalid || e.Field != "file" || !strings.Contains(e.Message, c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	got, err := read(t, pack(t, `<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData></worksheet>`, ""), nil)
	if err != nil || len(got) != 1 || got[0].Number != 1<<20 {
		t.Errorf("a huge dimension: %+v, %v", got, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(workbook(f, hard))
	f.Add([]byte("a;b\n1;\"2\n3\"\n"))
	f.Add(pack(f, `<worksheet><sheetData><row r="3"><c r="B3" t="s"><v>0</v></c><c t="b"><v>1</v></c><c><f>1</f></c></row></sheetData></worksheet>`, `<sst><si><r><t>x</t></r><rPh><t>y</t></rPh></si></sst>`))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := read(t, file, nil)
		if err != nil {
			if e, ok := errors.AsType[*fleet.Error](err); !ok || e.Kind != fleet.Invalid {
				t.Fatalf("not a fault of the file: %v", err)
			}
			return
		}
		last := 0
		for _, r := range rows {
			if r.Number <= last || len(r.Cells) == 0 || len(r.Cells) > limits.Columns {
				t.Fatalf("row %+v after row %d", r, last)
			}
			last = r.Number
		}
	})
}

func FuzzNeutral(f *testing.F) {
	for _, s := range hard {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := sheet.Neutral(s)
		if sheet.Plain(n) != s {
			t.Fatalf("%q became %q, then %q", s, n, sheet.Plain(n))
		}
		if n != "" && strings.IndexByte("=+-@\t\r\n", n[0]) >= 0 {
			t.Fatalf("%q stays %q", s, n)
		}
	})
}

func BenchmarkBook(b *testing.B) {
	cells := make([]string, 20)
	for i := range cells {
		cells[i] = fmt.Sprint("value ", i)
	}
	b.ReportAllocs()
	var out bytes.Buffer
	w := sheet.NewBook(&out)
	w.Sheet("S")
	for b.Loop() {
		w.Row(cells...)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(out.Len())/float64(b.N), "B/row")
}
