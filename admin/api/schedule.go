package api

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

type interval struct {
	Days []string `json:"days" nullable:"false" minItems:"1" maxItems:"7" uniqueItems:"true" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"On which it begins" example:"mon,tue,wed,thu,fri"`
	From string   `json:"from" doc:"By the owner's clock" example:"08:00"`
	To   string   `json:"to" doc:"Up to 24:00, not included; not after from: of the next day" example:"17:30"`
}

type schedule struct {
	Weekly []interval `json:"weekly" nullable:"false" minItems:"1" maxItems:"50"`
}

func showSchedule(s *fleet.Schedule) *schedule {
	if s == nil {
		return nil
	}
	out := &schedule{Weekly: []interval{}}
	for _, iv := range s.Weekly {
		out.Weekly = append(out.Weekly, interval{Days: iv.Days.Names(), From: iv.From.String(), To: iv.To.String()})
	}
	return out
}

// read gives the schedule that the input means, nil for none. field is its name.
func (s *schedule) read(field string) (*fleet.Schedule, error) {
	if s == nil {
		return nil, nil
	}
	out := &fleet.Schedule{}
	for i, in := range s.Weekly {
		var iv fleet.Interval
		var err error
		at := index(field+".weekly", i)
		if iv.Days, err = fleet.ParseDays(in.Days); err != nil {
			return nil, fleet.FieldError(at+".days", "%v", err)
		}
		if err := iv.From.UnmarshalText([]byte(in.From)); err != nil {
			return nil, fleet.FieldError(at+".from", "%v", err)
		}
		if err := iv.To.UnmarshalText([]byte(in.To)); err != nil {
			return nil, fleet.FieldError(at+".to", "%v", err)
		}
		out.Weekly = append(out.Weekly, iv)
	}
	return out, nil
}

// quietHours is a schedule that may be empty: that of nobody.
type quietHours struct {
	Weekly []interval `json:"weekly" nullable:"false" maxItems:"50"`
}

func (q *quietHours) read() (*fleet.Schedule, error) {
	if len(q.Weekly) == 0 {
		return nil, nil
	}
	return (&schedule{Weekly: q.Weekly}).read("quiet")
}
