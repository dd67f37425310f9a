package api

import (
	"net/http"
	"time"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type alarmModeInput struct {
	Mode  string     `json:"mode" enum:"normal,test,maintenance" example:"test"`
	Until fleet.Time `json:"until,omitzero" doc:"When it ends by itself, within 30 days; of test and maintenance"`
}

// alarmMode lets those who watch a device say that somebody works on it.
func (a *API) alarmMode() {
	op := operation{tag: "Devices", object: auth.AlarmMode, action: auth.Update, method: http.MethodPut, path: "/devices/{id}/alarm-mode"}
	op.id, op.summary = "setAlarmMode", "Say whether a device's alarms are to be taken seriously"
	op.doc = "In test and maintenance what happens is recorded, and neither raises an alarm nor sends a notice, SOS included; the log of deliveries says who would have been told."
	op.example = alarmModeInput{Mode: "test", Until: fleet.At(time.Date(2026, 12, 1, 18, 0, 0, 0, time.UTC))}
	register(a, op, func(c *call, in *struct {
		ByID
		Body alarmModeInput
	}) (*one[device], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		now := a.o.Now()
		d.AlarmMode, d.ModeUntil = fleet.NormalMode, 0
		if in.Body.Mode != "normal" {
			switch d.AlarmMode, d.ModeUntil = fleet.AlarmMode(in.Body.Mode), in.Body.Until; {
			case d.ModeUntil == 0:
				return nil, fleet.FieldError("until", "is required")
			case d.ModeUntil <= now:
				return nil, fleet.FieldError("until", "is over")
			case d.ModeUntil > now+fleet.LongestMode:
				return nil, fleet.FieldError("until", "is more than %d days", int(fleet.LongestMode/fleet.Day))
			}
		}
		return a.putDevice(c, d)
	})
}
