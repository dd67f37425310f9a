package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestErasureSurvivesACrash: the power goes between the deletion of a device
// and the erasure of its track, or within the erasure. The next start finishes
// it, and a backup's restore, which is a start from the same files, does too.
func TestErasureSurvivesACrash(t *testing.T) {
	rig := newClockRig(t)
	rig.drive(0, 60, 0)
	other := fixes(t, rig.node, storyVan)
	if fixes(t, rig.node, storyTruck) == 0 || other == 0 {
		t.Fatal("nothing to erase, or nothing to keep")
	}
	// What the API does for DELETE /devices/{id}?erase=true, up to the crash.
	set := fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{storyTruck}, Erased: []fleet.DeviceID{storyTruck}}
	if _, err := rig.Apply(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	deleted := filepath.Join(t.TempDir(), "deleted")
	if err := rig.backup(t.Context(), deleted); err != nil {
		t.Fatal(err)
	}
	if err := rig.history.Erase(t.Context(), storyTruck); err != nil {
		t.Fatal(err)
	}
	erased := filepath.Join(t.TempDir(), "erased")
	if err := rig.backup(t.Context(), erased); err != nil {
		t.Fatal(err)
	}
	for _, crash := range []struct {
		image string
		left  bool // of the track
	}{{deleted, true}, {erased, false}} {
		n := reopen(t, crash.image)
		if left, err := n.admin.Erasures(); !slices.Equal(left, set.Erased) || err != nil {
			t.Fatalf("after the crash %v is to be erased, %v", left, err)
		}
		if left := fixes(t, n, storyTruck); left > 0 != crash.left {
			t.Fatalf("after the crash there are %d fixes", left)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := n.start(ctx); err != nil {
			t.Fatal(err)
		}
		for left := set.Erased; len(left) > 0; {
			var err error
			if left, err = n.admin.Erasures(); err != nil || ctx.Err() != nil {
				t.Fatal("it is still to be erased:", left, err)
			}
			time.Sleep(time.Millisecond)
		}
		if truck, van := fixes(t, n, storyTruck), fixes(t, n, storyVan); truck != 0 || van != other {
			t.Errorf("%d fixes are left of the erased, %d of %d of the other", truck, van, other)
		}
		if err := n.stop(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEraseLeavesNothingToDo: an erasure that ends well needs no other.
func TestEraseLeavesNothingToDo(t *testing.T) {
	rig := newClockRig(t)
	rig.drive(0, 60, 0)
	set := fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{storyTruck}, Erased: []fleet.DeviceID{storyTruck}}
	if _, err := rig.Apply(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	err := erasingTracks{rig.history, rig.node}.Erase(t.Context(), storyTruck)
	left, listErr := rig.admin.Erasures()
	if err := errors.Join(err, listErr); err != nil || len(left) > 0 || fixes(t, rig.node, storyTruck) > 0 {
		t.Errorf("%v is still to be erased, %v", left, err)
	}
}

// reopen is the node that a backup's files make.
func reopen(t *testing.T, files string) *node {
	t.Helper()
	c := defaults()
	c.Data, c.Keep.MinFree = filepath.Join(t.TempDir(), "data"), "1MB"
	if err := os.CopyFS(c.Data, os.DirFS(files)); err != nil {
		t.Fatal(err)
	}
	n, err := openNode(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.stop() })
	return n
}

// fixes counts what is kept of a device's track.
func fixes(t *testing.T, n *node, d fleet.DeviceID) (count int) {
	t.Helper()
	err := n.history.Positions(t.Context(), d, 0, 1<<62, func(*fleet.Position) bool { count++; return true })
	if err != nil {
		t.Fatal(err)
	}
	return count
}
