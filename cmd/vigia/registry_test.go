package main

import (
	"errors"
	"fmt"
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
