package alert

import (
	"bytes"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

var update = flag.Bool("update", false, "write golden files anew")

// full is a memory with something in every field.
func full() memory {
	return memory{
		seq: 1 << 40, stirred: 1_770_000_000_006,
		told: []told{
			{subject{crossing, 9}, true, fleet.EventID{1, 2, 3}, 1_770_000_000_000},
			{subject{crossing, 1 << 60}, false, fleet.EventID{}, 1_770_000_000_001},
			{subject{group: motion}, true, fleet.EventID{4}, -1},
		},
		waits: []wait{
			{fleet.EventID{5}, fleet.Exit, 9, 1, 2, 1_770_000_000_002, 1_770_000_000_006, 0, tooOld},
			{fleet.EventID{6}, fleet.Stopped, 0, 1, 1 << 61, 1_770_000_000_003, 1_770_000_000_004, 1_770_000_100_000, quiet},
		},
		notices: []notice{
			{topic{fleet.Enter, 0, 9, 0}, fleet.EventID{7}, 1_770_000_000_004, 1_770_000_000_005, 0},
			{topic{fleet.Alarm, fleet.ParkingAlarm, 0, 0}, fleet.EventID{8}, 1, 2, 1<<32 - 1},
			{topic{fleet.Dwell, 0, 9, 77}, fleet.EventID{9}, 1, 2, 3},
		},
	}
}

func TestMemoryGolden(t *testing.T) {
	m := full()
	b := m.encode()
	file := filepath.Join("testdata", "memory-1.golden.hex")
	if *update {
		if err := os.WriteFile(file, []byte(hex.EncodeToString(b)+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, want) {
		t.Errorf("the encoding is\n%x, want\n%x\nA change needs a new schema number.", b, want)
	}
	got, err := decode(want)
	if again := got.encode(); err != nil || !bytes.Equal(again, want) {
		t.Errorf("decoded to %+v, %v", got, err)
	}
}

func TestMemoryRefusesWhatIsCutOrDamaged(t *testing.T) {
	m := full()
	b := m.encode()
	for n := range b {
		if _, err := decode(b[:n]); err == nil {
			t.Errorf("%d of %d bytes are taken", n, len(b))
		}
	}
	if _, err := decode(append(bytes.Clone(b), 0)); err == nil {
		t.Error("a byte too many is taken")
	}
	b[0]++
	if _, err := decode(b); err == nil {
		t.Error("another schema is taken")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var m memory
	for i := range 1000 {
		at := fleet.Time(i)
		m.tell(told{subject: subject{crossing, fleet.FenceID(i*7919%1000 + 1)}, time: at, event: fleet.EventID{1}})
		m.note(notice{topic: topic{kind: fleet.Enter, fence: fleet.FenceID(i*7919%1000 + 1)}, at: at})
	}
	if len(m.told) != maxTold || len(m.notices) != maxNotices {
		t.Errorf("%d sides and %d notices are kept", len(m.told), len(m.notices))
	}
	for _, s := range m.told {
		if s.time < 1000-maxTold {
			t.Errorf("the side told at %d is kept", s.time)
		}
	}
	if _, err := decode(m.encode()); err != nil {
		t.Error(err)
	}
}

// What decodes encodes to the same bytes.
func FuzzMemory(f *testing.F) {
	m := full()
	f.Add(m.encode())
	f.Add([]byte{1, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decode(b)
		if err != nil {
			return
		}
		if again := m.encode(); !bytes.Equal(again, b) {
			t.Errorf("%x decodes and encodes to %x", b, again)
		}
	})
}
