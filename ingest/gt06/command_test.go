package gt06_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
)

func TestCommandIsAWholeFrame(t *testing.T) {
	c := gt06.New().(ingest.Commander)
	for _, o := range []struct {
		order fleet.Order
		want  string
	}{
		{fleet.Order{Kind: fleet.PositionNow}, "DWXX,000000#"},
		{fleet.Order{Kind: fleet.EngineStop}, "DYD,000000#"},
		{fleet.Order{Kind: fleet.EngineResume}, "HFYD,000000#"},
		{fleet.Order{Kind: fleet.SetInterval, Seconds: 60}, "TIMER,60#"},
		{fleet.Order{Kind: fleet.CustomText, Text: strings.Repeat("x", fleet.MaxCommandText)}, strings.Repeat("x", fleet.MaxCommandText)},
	} {
		b, err := c.Command(&ingest.Session{}, &o.order)
		if err != nil {
			t.Fatal(err)
		}
		n, frame, err := gt06.New().Split(b, true)
		if text, mark, ok := gt06.ReadCommand(frame); err != nil || n != len(b) || !ok || text != o.want || mark == 0 {
			t.Errorf("%s: %x reads as %q, %d, %v", o.order.Kind, b, text, mark, ok)
		}
	}
	if _, err := c.Command(&ingest.Session{}, &fleet.Order{Kind: fleet.CustomText, Text: strings.Repeat("x", 201)}); !errors.Is(err, ingest.ErrNoCommand) {
		t.Errorf("a text that no frame holds: %v", err)
	}
}

func FuzzReadCommand(f *testing.F) {
	f.Add(gt06.AppendCommand(nil, "WHERE#", 1, 2))
	f.Fuzz(func(t *testing.T, b []byte) {
		if text, mark, ok := gt06.ReadCommand(b); ok && len(text) > 255 {
			t.Errorf("%q %d", text, mark)
		}
	})
}
