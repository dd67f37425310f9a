package journal_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// TestReportRoundTrip also holds attributes against a CBOR library.
func TestReportRoundTrip(t *testing.T) {
	r := random(t)
	var d journal.Decoder
	for range 5000 {
		want := randomReport(r)
		var got fleet.Report
		if err := d.Report(journal.AppendReport(nil, &want), &got); err != nil {
			t.Fatalf("%v of %+v", err, want)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got\n%+v, want\n%+v", got, want)
		}
	}
	for range 2000 {
		want := randomAttrs(r)
		want = slices.DeleteFunc(want, func(a fleet.Attr) bool { return a.Key == "\xff\x00" }) // a byte string cannot be a Go map's key
		raw := journal.AppendAttrs(nil, want)
		if err := cbor.Wellformed(raw); err != nil {
			t.Fatalf("% x: %v", raw, err)
		}
		var m map[string]any
		if err := cbor.Unmarshal(raw, &m); err != nil {
			t.Fatalf("% x: %v", raw, err)
		}
		if len(m) != len(want) {
			t.Fatalf("%d pairs, want %d", len(m), len(want))
		}
		for _, a := range want {
			if !sameValue(m[a.Key], a.Value) {
				t.Fatalf("%q is %v, want %+v", a.Key, m[a.Key], a.Value)
			}
		}
	}
}

func sameValue(got any, want fleet.Value) bool {
	switch want.Kind {
	case fleet.NoValue:
		return got == nil
	case fleet.BoolValue:
		return got == (want.Int == 1)
	case fleet.IntValue:
		if want.Int < 0 {
			return got == want.Int
		}
		return got == uint64(want.Int)
	case fleet.FloatValue:
		return got == want.Float
	}
	if b, ok := got.([]byte); ok {
		return string(b) == want.Text
	}
	return got == want.Text
}

func TestUnsortedAttributesAreSorted(t *testing.T) {
	a := fleet.Attrs{{Key: "b", Value: fleet.Int(1)}, {Key: "a", Value: fleet.Float(math.Inf(1))}, {Key: "b", Value: fleet.Int(2)}}
	var d journal.Decoder
	got, err := d.Attrs(journal.AppendAttrs(nil, a))
	want := fleet.Attrs{{Key: "a", Value: fleet.Float(math.Inf(1))}, {Key: "b", Value: fleet.Int(2)}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if a[0].Key != "b" {
		t.Error("the caller's list was changed")
	}
}

func FuzzReport(f *testing.F) {
	r := random(f)
	for range 20 {
		v := randomReport(r)
		f.Add(journal.AppendReport(nil, &v))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		var d journal.Decoder
		var one, two fleet.Report
		if d.Report(p, &one) != nil {
			return
		}
		b := journal.AppendReport(nil, &one)
		if err := d.Report(b, &two); err != nil {
			t.Fatalf("% x: %v", b, err)
		}
		if again := journal.AppendReport(nil, &two); !bytes.Equal(b, again) {
			t.Fatalf("% x, then % x", b, again)
		}
	})
}

// FuzzSegment gives the log any bytes behind a good beginning.
func FuzzSegment(f *testing.F) {
	name, data, _ := smallLog(f)
	used := len(bytes.TrimRight(data, "\x00"))
	f.Add(data[:used], 0)
	f.Add(data[48:used], 48)
	f.Fuzz(func(t *testing.T, tail []byte, keep int) {
		if keep < 0 || keep > used {
			return
		}
		dir := memoryDir(t)
		if err := os.WriteFile(filepath.Join(dir, name), append(slices.Clone(data[:keep]), tail...), 0o640); err != nil {
			t.Fatal(err)
		}
		_, _ = journal.Check(dir, func(*journal.DamageError) {})
		j, err := journal.Open(journal.Options{Dir: dir, MinFree: -1, SegmentBytes: 3000})
		if err != nil {
			return
		}
		defer j.Close()
		_ = j.Scan(j.First()-1, func(fleet.Seq, *fleet.Entry) error { return nil }) // it must not panic
	})
}

// TestNoAllocation: an appended report costs none, nor does a scanned one
// without attributes.
func TestNoAllocation(t *testing.T) {
	r := random(t)
	rep := randomReport(r)
	rep.Attrs = nil
	buf := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { buf = journal.AppendReport(buf[:0], &rep) }); n != 0 {
		t.Errorf("encoding allocates %v times", n)
	}
	var d journal.Decoder
	var out fleet.Report
	if n := testing.AllocsPerRun(100, func() { _ = d.Report(buf, &out) }); n != 0 {
		t.Errorf("decoding allocates %v times", n)
	}
}

// TestScanWhileAppending reads beside the appender; run it with -race.
func TestScanWhileAppending(t *testing.T) {
	r := random(t)
	j := open(t, journal.Options{Dir: memoryDir(t), SegmentBytes: 20_000})
	model := make([]fleet.Entry, 2000)
	for i := range model {
		model[i] = randomEntry(r)
	}
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				after, n := j.First()-1, 0
				err := j.Scan(after, func(seq fleet.Seq, e *fleet.Entry) error {
					n++
					if seq != after+fleet.Seq(n) || !reflect.DeepEqual(*e, model[seq-1]) {
						t.Errorf("entry %d is wrong", seq)
					}
					return nil
				})
				if err != nil && j.First() == after+1 {
					t.Error(err)
				}
			}
		})
	}
	for i := 0; i < len(model); i += 10 {
		if _, err := j.Append(model[i : i+10]); err != nil {
			t.Fatal(err)
		}
		if i%300 == 0 {
			if err := j.Trim(fleet.Seq(i / 2)); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(done)
	readers.Wait()
}
