package store_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestAnswersOutliveARestart: what was claimed stays claimed, with its answer
// or without, until its hour is over or its name is given free.
func TestAnswersOutliveARestart(t *testing.T) {
	dir := t.TempDir()
	done, lost, free := [32]byte{1}, [32]byte{2}, [32]byte{3}
	request := [32]byte{9}
	a := openAdmin(t, dir)
	for _, name := range [][32]byte{done, lost, free} {
		if old, mine, err := a.ClaimAnswer(name, request, noon); err != nil || !mine {
			t.Fatal(old, mine, err)
		}
	}
	if err := a.KeepAnswer(done, "sealed"); err != nil {
		t.Fatal(err)
	}
	if err := a.KeepAnswer(free, ""); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = openAdmin(t, dir)
	claim := func(name [32]byte, at fleet.Time, want bool, sealed string) {
		t.Helper()
		old, mine, err := a.ClaimAnswer(name, request, at)
		if err != nil || mine != want || old.Sealed != sealed || !want && string(old.Request) != string(request[:]) {
			t.Errorf("%x: %+v %t %v", name[0], old, mine, err)
		}
	}
	claim(done, noon+fleet.Hour-1, false, "sealed")
	claim(lost, noon+fleet.Hour-1, false, "")
	claim(free, noon+fleet.Hour-1, true, "")
	claim(done, noon+fleet.Hour, true, "")
	claim(lost, noon+fleet.Hour, true, "")
	claim(free, noon+fleet.Hour, false, "")
	if err := a.KeepAnswer([32]byte{4}, "of nobody"); err != nil {
		t.Error(err)
	}
}
