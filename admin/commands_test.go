package admin_test

import (
	"fmt"

	"github.com/vigia-track/vigia/engine/command"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// told is the desk and its book, as the server wires them. Simulated devices
// understand all but texts of one's own.
type told struct {
	*command.Desk
	book *store.Commands
}

func (c told) Command(id fleet.RecordID) (fleet.Command, error) { return c.book.Get(id) }
func (c told) Commands(q fleet.CommandQuery) (fleet.Page[fleet.Command], error) {
	return c.book.List(q)
}
func (told) Kinds(p fleet.Protocol) []fleet.CommandKind {
	if p == fleet.Simulated {
		return []fleet.CommandKind{fleet.PositionNow, fleet.EngineStop, fleet.EngineResume, fleet.SetInterval}
	}
	return nil
}

// tell has somebody ask a device for its position.
func (w *world) tell(token string, d fleet.DeviceID) string {
	w.t.Helper()
	return w.ok("POST", "/api/v1/commands", token, fmt.Sprintf(`{"device":%q,"kind":"position"}`, d)).field("id")
}
