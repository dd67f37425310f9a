package teltonika_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/teltonika"
)

// The vendor's own example: getinfo in codec 12 (Teltonika wiki, "Codec 12").
func TestCommandIsTheVendorsExample(t *testing.T) {
	c := teltonika.New().(ingest.Commander)
	tcp := &ingest.Session{Transport: ingest.TCP}
	b, err := c.Command(tcp, &fleet.Order{Kind: fleet.CustomText, Text: "getinfo"})
	if want := "000000000000000f0c010500000007676574696e666f0100004312"; err != nil || hex.EncodeToString(b) != want {
		t.Errorf("%x, %v, want %s", b, err, want)
	}
	for kind, want := range map[fleet.CommandKind]string{fleet.PositionNow: "getgps", fleet.EngineStop: "setdigout 1", fleet.EngineResume: "setdigout 0", fleet.SetInterval: "setparam 10050:30"} {
		b, err := c.Command(tcp, &fleet.Order{Kind: kind, Seconds: 30})
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s is %q, %v", kind, b, err)
		}
	}
	if _, err := c.Command(&ingest.Session{Transport: ingest.UDP}, &fleet.Order{Kind: fleet.PositionNow}); !errors.Is(err, ingest.ErrNoCommand) {
		t.Errorf("over UDP: %v", err)
	}
	s := &ingest.Session{Transport: ingest.TCP}
	if _, err := teltonika.New().Decode(s, teltonika.AppendAnswer(nil, "DOUT1:1 Timeout:INFINITY")); err != nil || len(s.Reports) != 1 {
		t.Fatalf("%d reports, %v", len(s.Reports), err)
	}
	if v, _ := s.Reports[0].Attrs.Get(fleet.AttrAnswer); v.Text != "DOUT1:1 Timeout:INFINITY" {
		t.Errorf("answer %q", v.Text)
	}
}
