package history_test

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"

	"github.com/vigia-track/vigia/store/history"
)

var update = flag.Bool("update", false, "write the golden files of the current schema")

// TestGoldenSchema1: a block that this schema once wrote must be read for ever,
// and is still written so.
func TestGoldenSchema1(t *testing.T) {
	const golden = "testdata/block-v1.bin"
	v := rides(rand.New(rand.NewPCG(1, 1)), 70)
	p, err := history.Pack(v, noon)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, p, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(p, want) {
		t.Errorf("the bytes changed: a new schema number, or a mistake")
	}
	got, err := history.Unpack(want, 9, noon)
	if err != nil {
		t.Fatal(err)
	}
	for i := range v {
		if w := v[i].Position(); !reflect.DeepEqual(got[i], w) {
			t.Fatalf("fix %d is\n%+v, want\n%+v", i, got[i], w)
		}
	}
}
