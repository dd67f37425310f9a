package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// flowRows appends rows to a file: a line for each number, # in it being the
// number.
func flowRows(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 4, "rows FILE FROM TO LINE")
	from, err := strconv.Atoi(args[1])
	ts.Check(err)
	to, err := strconv.Atoi(args[2])
	ts.Check(err)
	out := bytes.NewBufferString(ts.ReadFile(args[0]))
	for i := from; i <= to; i++ {
		out.WriteString(strings.ReplaceAll(args[3], "#", strconv.Itoa(i)) + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}

// flowWorkbooks takes the last answer, an archive of so many workbooks, or one
// workbook, apart: sheet S of workbook W becomes NAME-W-S.csv. A formula in any
// of them fails.
func flowWorkbooks(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 1 || len(args) == 2), "workbooks NAME [HOW_MANY]")
	text := flowOf(ts).text
	books := [][]byte{text}
	if len(args) == 2 {
		books = unzipped(ts, text)
		if strconv.Itoa(len(books)) != args[1] {
			ts.Fatalf("%d workbooks, want %s", len(books), args[1])
		}
	}
	for i, b := range books {
		book, err := excelize.OpenReader(bytes.NewReader(b))
		ts.Check(err)
		for j, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet)
			ts.Check(err)
			for y, row := range rows {
				for x := range row {
					cell, err := excelize.CoordinatesToCellName(x+1, y+1)
					ts.Check(err)
					if f, err := book.GetCellFormula(sheet, cell); err != nil || f != "" {
						ts.Fatalf("%s %s: formula %q, %v", sheet, cell, f, err)
					}
				}
			}
			var out bytes.Buffer
			ts.Check(csv.NewWriter(&out).WriteAll(rows))
			ts.Check(os.WriteFile(ts.MkAbs(fmt.Sprintf("%s-%d-%d.csv", args[0], i+1, j+1)), out.Bytes(), 0o600))
		}
		ts.Check(book.Close())
	}
}

// unzipped are the files of an archive.
func unzipped(ts *testscript.TestScript, archive []byte) (files [][]byte) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	ts.Check(err)
	for _, f := range z.File {
		r, err := f.Open()
		ts.Check(err)
		b, err := io.ReadAll(r)
		ts.Check(err)
		_ = r.Close()
		files = append(files, b)
	}
	return files
}
