package fleetsim

import (
	"context"
	"fmt"
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// gt06Answer is the length of the short answer: start, length, number, serial,
// checksum, end.
const gt06Answer = 10

type gt06TCP struct {
	connection
	device *Device
	serial uint16
	said   uint16 // answers to commands
}

func dialGT06(ctx context.Context, d *Device) (speaker, error) {
	c, err := dialSocket(ctx, "tcp", d.Addr)
	if err != nil {
		return nil, err
	}
	g := &gt06TCP{connection: c, device: d, serial: 1}
	if err := g.ask(gt06.AppendLogin(nil, d.UniqueID, g.serial)); err != nil {
		g.close()
		return nil, fmt.Errorf("login: %w", err)
	}
	return g, nil
}

// ask sends one message and waits for the answer with its serial. Commands that
// come before it are obeyed; what acknowledges that is passed over.
func (g *gt06TCP) ask(message []byte) error {
	if _, err := g.exchange(message, 0); err != nil {
		return err
	}
	for {
		answer, err := g.frame()
		if err != nil {
			return err
		}
		if done, err := g.obeyed(answer); done || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		got := uint16(answer[4])<<8 | uint16(answer[5])
		switch {
		case len(answer) == gt06Answer && got == g.serial:
			return nil
		case len(answer) != gt06Answer || ^got > g.said:
			return fmt.Errorf("message %d was answered with %x", g.serial, answer)
		}
	}
}

func (g *gt06TCP) send(_ context.Context, fixes []Fix) error {
	for i := range fixes {
		g.serial++
		g.buf = appendGT06(g.buf[:0], &fixes[i], g.serial)
		if err := g.ask(g.buf); err != nil {
			return err
		}
	}
	return nil
}

// appendGT06 is a location, or an alarm where the fix has one.
func appendGT06(b []byte, f *Fix, serial uint16) []byte {
	fix := gt06.Fix{
		Time: f.Time, Place: f.Place, Satellites: f.Satellites, Speed: int(math.Round(f.Speed)),
		Course: int(math.Round(f.Course)) % 360, Valid: true, Ignition: f.Ignition,
	}
	if f.Alarms&fleet.SOS != 0 {
		return gt06.AppendAlarm(b, fix, gt06.Code(fleet.SOS), serial)
	}
	return gt06.AppendLocation(b, fix, serial)
}
