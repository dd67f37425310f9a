package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

func TestRegistryFollowsEdits(t *testing.T) {
	r := newRegistry()
	known := func(name string) fleet.DeviceID {
		id, err := r.Lookup(name)
		if err != nil && !errors.Is(err, ingest.ErrUnknownDevice) {
			t.Fatal(err)
		}
		return id.Device
	}
	r.put([]fleet.Device{{ID: 1, UniqueID: "a"}, {ID: 2, UniqueID: "b", Disabled: true}}, nil)
	if known("a") != 1 || known("b") != 0 {
		t.Error("a is device 1; b is disabled and may not speak")
	}
	r.put([]fleet.Device{{ID: 1, UniqueID: "c"}, {ID: 2, UniqueID: "b"}}, nil)
	if known("a") != 0 || known("c") != 1 || known("b") != 2 {
		t.Error("device 1 was renamed to c, b was enabled")
	}
	r.put([]fleet.Device{{ID: 3, UniqueID: "c"}}, []fleet.DeviceID{1})
	if known("c") != 3 {
		t.Error("c was freed and given to device 3 in one change")
	}
	r.put([]fleet.Device{{ID: 2, UniqueID: "c"}, {ID: 3, UniqueID: "b"}}, nil)
	if known("b") != 3 || known("c") != 2 {
		t.Error("devices 2 and 3 swapped their names in one change")
	}
}

// TestRegistryFollowsEditsInTheirOrder: two edits of one device at once leave
// it in the registry as the later one made it.
func TestRegistryFollowsEditsInTheirOrder(t *testing.T) {
	n := &node{registry: newRegistry()}
	var order []bool // which edits the engine has made, by whether they disable
	var mu sync.Mutex
	edit := func(disable bool) {
		_, _ = n.follow(func() (*fleet.ChangeSet, error) {
			mu.Lock()
			order = append(order, disable)
			mu.Unlock()
			runtime.Gosched() // the engine has answered, the caller is not back yet
			return &fleet.ChangeSet{Devices: []fleet.Device{{ID: 1, UniqueID: "a", Disabled: disable}}}, nil
		})
	}
	for range 2000 {
		var both sync.WaitGroup
		both.Go(func() { edit(false) })
		both.Go(func() { edit(true) })
		both.Wait()
		if _, err := n.registry.Lookup("a"); (err != nil) != order[len(order)-1] {
			t.Fatalf("the last edit disables: %v, but the registry says %v", order[len(order)-1], err)
		}
	}
}

func TestStrangersAreBounded(t *testing.T) {
	r := newRegistry()
	for i := range maxStrangers + 10 {
		r.Unknown(ingest.Stranger{UniqueID: fmt.Sprintf("s%d", i), At: fleet.Time(i)})
	}
	for i := range framesPerStranger + 5 {
		r.Unknown(ingest.Stranger{UniqueID: "loud", Frame: []byte{byte(i)}, At: 1e6})
	}
	r.Unknown(ingest.Stranger{UniqueID: "no/identity", At: 1})
	all := r.Strangers()
	if len(all) != maxStrangers {
		t.Errorf("%d strangers are remembered, want %d", len(all), maxStrangers)
	}
	if s := all[0]; s.UniqueID != "loud" || len(s.Frames) != framesPerStranger || s.Frames[0][0] != 5 || s.Count != framesPerStranger+5 {
		t.Errorf("the latest is %q with %d frames from %v", s.UniqueID, len(s.Frames), s.Frames[0])
	}
	r.put([]fleet.Device{{ID: 1, UniqueID: "loud"}}, nil)
	if r.Strangers()[0].UniqueID == "loud" {
		t.Error("an adopted stranger is still listed")
	}
}
