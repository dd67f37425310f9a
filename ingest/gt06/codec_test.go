package gt06_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
)

var fix = gt06.Fix{
	Time: 1_700_000_000_000, Place: fleet.Place{Lat: 40_7128000, Lon: -74_0060000},
	Satellites: 9, Speed: 57, Course: 211, Valid: true, Ignition: true, Odometer: 1234567,
}

// frames splits a stream and decodes every frame of it.
func frames(t testing.TB, stream []byte) (reports []fleet.Report, replies [][]byte, errs []error) {
	t.Helper()
	c, s := gt06.New(), &ingest.Session{Transport: ingest.TCP, Now: fix.Time + 5000}
	sc := bufio.NewScanner(bytes.NewReader(stream))
	sc.Split(c.Split)
	for sc.Scan() {
		reply, err := c.Decode(s, sc.Bytes())
		if err != nil {
			errs = append(errs, err)
		}
		if reply != nil {
			replies = append(replies, bytes.Clone(reply))
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return s.Reports, replies, errs
}

func TestEncodedFixDecodes(t *testing.T) {
	b := gt06.AppendLogin(nil, "356307042441013", 1)
	b = gt06.AppendLocation(b, fix, 2)
	b = gt06.AppendAlarm(b, fix, gt06.Code(fleet.SOS), 3)
	b = gt06.AppendHeartbeat(b, true, 4)
	reports, replies, errs := frames(t, b)
	if len(errs) > 0 || len(reports) != 3 || len(replies) != 4 {
		t.Fatalf("reports %v, replies %x, errors %v", reports, replies, errs)
	}
	r := reports[0]
	if r.Fix != fix.Time || r.Place != fix.Place || r.Speed != 57 || r.Course != 211 || r.Satellites != 9 ||
		!r.Is(fleet.FixValid|fleet.HasIgnition|fleet.IgnitionOn) || r.Odometer != 1234567 {
		t.Errorf("location came back as %+v", r)
	}
	if reports[1].Alarms != fleet.SOS || reports[1].Place != fix.Place {
		t.Errorf("alarm came back as %+v", reports[1])
	}
	if got, _ := reports[2].Attrs.Get(fleet.AttrBattery); got.Int != 100 || !reports[2].Is(fleet.IgnitionOn) {
		t.Errorf("heartbeat came back as %+v", reports[2])
	}
	for i, number := range []byte{0x01, 0x22, 0x26, 0x13} {
		if want := gt06.AppendAck(nil, number, uint16(i+1)); !bytes.Equal(replies[i], want) {
			t.Errorf("reply %d is %x, want %x", i, replies[i], want)
		}
	}
}

// The answers that the vendor's documents print: GT06 v1.8.1 and JM-VL03 v1.1.2.
// testdata/frames has their other examples.
func TestDocumentedFrames(t *testing.T) {
	for _, test := range []struct{ name, frame, reply string }{
		{"login", "78780d01012345678901234500018cdd0d0a", "787805010001d9dc0d0a"},
		{"login with zone", "78781101075253367890024270003201000512790d0a", "7878050100059ff80d0a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b, _ := hex.DecodeString(test.frame)
			_, replies, errs := frames(t, b)
			if len(errs) > 0 || len(replies) != 1 {
				t.Fatalf("replies %x, errors %v", replies, errs)
			}
			if got := hex.EncodeToString(replies[0]); got != test.reply {
				t.Errorf("reply %s, want %s", got, test.reply)
			}
		})
	}
}

func TestWrongChecksumIsRefusedAndTheNextFrameRead(t *testing.T) {
	bad := gt06.AppendLocation(nil, fix, 7)
	bad[10] ^= 1
	reports, _, errs := frames(t, gt06.AppendLocation(append([]byte("junkx"), bad...), fix, 8))
	if len(reports) != 1 || len(errs) != 1 || !errors.Is(errs[0], gt06.ErrChecksum) {
		t.Errorf("%d reports, errors %v", len(reports), errs)
	}
}

// TestPlaceLikeADate: a tracker without a clock sends zeros for a time; a place
// whose bytes would make a date is still where it is.
func TestPlaceLikeADate(t *testing.T) {
	content := []byte{
		0, 0, 0, 0, 0, 0, 0xc9, 0x04, 0x17, 0x05, 0x10, 0x0c, 0x20, 0x15, 0x00, 57, 0x14, 90, // 2023-05-16 12:32:21 from byte 8
		0x01, 0xcc, 0, 0x28, 0x7d, 0, 0x1f, 0xb8,
	}
	f := append([]byte{0x78, 0x78, byte(len(content) + 5), 0x12}, content...)
	f = append(f, 0, 7)
	sum := gt06.Checksum(f[2:])
	f = append(f, byte(sum>>8), byte(sum), 0x0d, 0x0a)
	reports, _, errs := frames(t, append(gt06.AppendLogin(nil, "356307042441013", 1), f...))
	if len(errs) > 0 || len(reports) != 1 {
		t.Fatalf("reports %v, errors %v", reports, errs)
	}
	want := fleet.Place{Lat: 38_1208267, Lon: 113_0161778}
	if r := reports[0]; r.Fix != 0 || r.Place != want || r.Speed != 57 || !r.Is(fleet.FixValid) {
		t.Errorf("it came back as %+v", r)
	}
}
