package enginetest

import (
	"errors"
	"reflect"
	"testing"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Journal runs the contract of engine.Journal. Open gives the journal of one
// test, empty at first; called again, it ends the one before without a word,
// as a crash would, and reads the same disk anew.
func Journal(t *testing.T, open func(t *testing.T) func() engine.Journal) {
	t.Run("AppendCountsFromOne", func(t *testing.T) {
		j := open(t)()
		if j.Last() != 0 {
			t.Errorf("an empty journal ends at %d", j.Last())
		}
		want := fleet.Seq(1)
		for _, n := range []int{1, 3, 200} {
			first, err := j.Append(entries(int(want), n))
			if err != nil || first != want {
				t.Fatalf("appended at %d, %v, want %d", first, err, want)
			}
			if want += fleet.Seq(n); j.Last() != want-1 {
				t.Errorf("last is %d, want %d", j.Last(), want-1)
			}
		}
	})
	t.Run("ScanGivesWhatWasAppended", func(t *testing.T) {
		j := open(t)()
		all := appended(t, j, 50)
		for _, after := range []int{0, 1, 49, 50} {
			wantEntries(t, j, after, all[after:])
		}
	})
	t.Run("ScanStopsAtTheCallersError", func(t *testing.T) {
		j := open(t)()
		appended(t, j, 10)
		stop, seen := errors.New("enough"), 0
		err := j.Scan(0, func(fleet.Seq, *fleet.Entry) error {
			if seen++; seen == 3 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || seen != 3 {
			t.Errorf("%v after %d entries", err, seen)
		}
	})
	t.Run("WhatAppendReturnedForSurvives", func(t *testing.T) {
		reopen := open(t)
		var all []fleet.Entry
		for range 3 {
			j := reopen()
			wantEntries(t, j, 0, all)
			more := entries(len(all)+1, 20)
			if _, err := j.Append(more); err != nil {
				t.Fatal(err)
			}
			all = append(all, more...)
		}
		wantEntries(t, reopen(), 0, all)
	})
	t.Run("AppendKeepsNothingOfItsArgument", func(t *testing.T) {
		j := open(t)()
		mine := entries(1, 5)
		if _, err := j.Append(mine); err != nil {
			t.Fatal(err)
		}
		clear(mine)
		wantEntries(t, j, 0, entries(1, 5))
	})
	t.Run("TrimForgetsNothingAbove", func(t *testing.T) {
		j := open(t)()
		all := appended(t, j, 30)
		if err := j.Trim(20); err != nil {
			t.Fatal(err)
		}
		wantEntries(t, j, 20, all[20:])
		if first, err := j.Append(entries(31, 1)); err != nil || first != 31 {
			t.Errorf("after Trim appended at %d, %v", first, err)
		}
	})
}

// entries are n entries of every kind; the same number gives the same entry.
func entries(from, n int) []fleet.Entry {
	out := make([]fleet.Entry, n)
	for i := range out {
		switch s := from + i; s % 5 {
		case 0:
			out[i] = fleet.Entry{Kind: fleet.TickEntry, Tick: fleet.Tick{At: began + fleet.Time(s), Resumed: s%2 == 0}}
		case 1:
			out[i] = fleet.Entry{Kind: fleet.ChangeEntry, Change: fleet.ChangeID(s)}
		default:
			out[i] = fleet.Entry{Kind: fleet.ReportEntry, Report: report(s)}
		}
	}
	return out
}

const began = fleet.Time(1_770_000_000_000)

func report(s int) fleet.Report {
	r := fleet.Report{
		Device: fleet.DeviceID(s), Protocol: fleet.GT06, Verdict: fleet.QuarantinedFuture, Trust: fleet.TrustCredentials,
		Alarms: fleet.SOS, Fix: began + fleet.Time(s), DeviceTime: began + 1, Received: began + fleet.Time(s) + 250,
	}
	r.SetPlace(-10.1234567, 66.7654321)
	r.SetSpeed(float64(s % 200))
	r.SetCourse(359)
	r.SetIgnition(true)
	r.SetValid(s%2 == 0)
	if s%3 == 0 {
		r.Attrs = fleet.Attrs{{Key: "battery", Value: fleet.Int(80)}, {Key: "driver", Value: fleet.Text("ñ")}, {Key: "power", Value: fleet.Float(12.5)}}
	}
	return r
}

func appended(t *testing.T, j engine.Journal, n int) []fleet.Entry {
	t.Helper()
	all := entries(1, n)
	for i := 0; i < n; i += 7 {
		if _, err := j.Append(all[i:min(n, i+7)]); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func wantEntries(t *testing.T, j engine.Journal, after int, want []fleet.Entry) {
	t.Helper()
	i := 0
	err := j.Scan(fleet.Seq(after), func(seq fleet.Seq, e *fleet.Entry) error {
		if i >= len(want) || seq != fleet.Seq(after+i+1) || !reflect.DeepEqual(*e, want[i]) {
			t.Fatalf("after %d: entry %d at %d is %+v, want %+v", after, i, seq, *e, want[min(i, len(want)-1)])
		}
		i++
		return nil
	})
	if err != nil || i != len(want) {
		t.Fatalf("after %d: %d entries, %v, want %d", after, i, err, len(want))
	}
}
