package h02_test

import (
	"errors"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/h02"
)

func TestCommand(t *testing.T) {
	c := h02.New().(ingest.Commander)
	s := &ingest.Session{Transport: ingest.TCP, UniqueID: "1234567890", Now: 13*fleet.Hour + 5*fleet.Minute + 7*fleet.Second}
	for _, o := range []struct {
		order fleet.Order
		want  string // "" = there is none
	}{
		{fleet.Order{Kind: fleet.EngineStop}, "*HQ,1234567890,S20,130507,1,1#"},
		{fleet.Order{Kind: fleet.EngineResume}, "*HQ,1234567890,S20,130507,1,0#"},
		{fleet.Order{Kind: fleet.SetInterval, Seconds: 30}, "*HQ,1234567890,D1,130507,30,1#"},
		{fleet.Order{Kind: fleet.CustomText, Text: "R1,130507"}, "*HQ,1234567890,R1,130507#"},
		{fleet.Order{Kind: fleet.CustomText, Text: "R1#*HQ,1,S20,000000,1,1"}, ""},
		{fleet.Order{Kind: fleet.PositionNow}, ""},
	} {
		b, err := c.Command(s, &o.order)
		if string(b) != o.want || errors.Is(err, ingest.ErrNoCommand) != (o.want == "") {
			t.Errorf("%s is %q, %v, want %q", o.order.Kind, b, err, o.want)
		}
	}
	if _, err := c.Command(&ingest.Session{}, &fleet.Order{Kind: fleet.EngineStop}); !errors.Is(err, ingest.ErrNoCommand) {
		t.Errorf("to nobody: %v", err)
	}
}
