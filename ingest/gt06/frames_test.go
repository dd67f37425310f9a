package gt06_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// frameRow is a line of testdata/frames, of which vigia decode's golden test
// checks the outcome.
type frameRow struct{ ID, Message string }

func readFrames(t testing.TB, name string) (rows []frameRow) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "frames", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(b) {
		var row frameRow
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}
