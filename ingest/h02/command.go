package h02

import (
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// Command words an order: *HQ,number,command,time,parameters# (protocol
// document, "The Command Structure from Center Sending"). S20 with 1,1 cuts the
// supply and with 1,0 restores it, D1 sets the interval; their parameters are
// as clones in the field take them, not from a document at hand. There is none
// that asks for the place: confirmations (V4) carry it.
func (c *Codec) Command(s *ingest.Session, o *fleet.Order) ([]byte, error) {
	if s.UniqueID == "" {
		return nil, ingest.ErrNoCommand
	}
	at := s.Now.Std().Format("150405")
	switch o.Kind {
	case fleet.EngineStop:
		return fmt.Appendf(nil, "*HQ,%s,S20,%s,1,1#", s.UniqueID, at), nil
	case fleet.EngineResume:
		return fmt.Appendf(nil, "*HQ,%s,S20,%s,1,0#", s.UniqueID, at), nil
	case fleet.SetInterval:
		return fmt.Appendf(nil, "*HQ,%s,D1,%s,%d,1#", s.UniqueID, at, o.Seconds), nil
	case fleet.CustomText:
		for _, x := range []byte(o.Text) {
			if x == '*' || x == '#' {
				return nil, ingest.ErrNoCommand // it would end the message
			}
		}
		return fmt.Appendf(nil, "*HQ,%s,%s#", s.UniqueID, o.Text), nil
	}
	return nil, ingest.ErrNoCommand
}
