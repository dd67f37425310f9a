package api

import (
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// readShifts reads the company's shifts and calendars, once.
func (t *table) readShifts() error {
	if t.names.shifts != nil {
		return nil
	}
	scope := fleet.Scope{Company: t.company}
	shifts, calendars := map[fleet.UserID][]fleet.Shift{}, map[string]fleet.RecordID{}
	if err := everything(t.api.o.Books.Shifts.List, fleet.Query{Scope: scope}, func(s *fleet.Shift) error {
		shifts[s.User] = append(shifts[s.User], *s)
		return nil
	}); err != nil {
		return err
	}
	if err := everything(t.api.o.Books.Calendars.List, fleet.Query{Scope: scope}, func(c *fleet.Calendar) error {
		calendars[folded(c.Name)] = c.ID
		return nil
	}); err != nil {
		return err
	}
	t.names.shifts, t.names.calendars = shifts, calendars
	return nil
}

// shiftText is a shift in a cell: 2026-12-01/2026-12-31 and the calendar.
func (t *table) shiftText(s *fleet.Shift) string {
	calendar := s.Calendar.String()
	if c, err := t.api.o.Books.Calendars.Get(s.Calendar); err == nil && !strings.Contains(c.Name, listMark) && t.names.calendars[folded(c.Name)] == c.ID {
		calendar = c.Name
	}
	return s.From + "/" + s.To + " " + calendar
}

// newShifts reads a cell of shifts and leaves out those that a person has.
func (t *table) newShifts(user fleet.UserID, texts []any) (add []fleet.Shift, err error) {
	if reach, _, err := t.may(auth.Shift, auth.Create); err != nil || reach == auth.Nothing {
		return nil, fleet.FieldError(shiftsColumn, "cannot be changed")
	}
	if err := t.readShifts(); err != nil {
		return nil, err
	}
	for _, v := range texts {
		text, _ := v.(string)
		days, calendar, ok := strings.Cut(text, " ")
		from, to, ok2 := strings.Cut(days, "/")
		if !ok || !ok2 {
			return nil, fleet.FieldError(shiftsColumn, "%q is no shift; write one as 2026-12-01/2026-12-31 and the name of a calendar", text)
		}
		id := t.names.calendars[folded(calendar)]
		if id == 0 {
			n, err := fleet.ParseID[recordKey](strings.TrimSpace(calendar))
			if err != nil {
				return nil, errForeign(shiftsColumn)
			}
			if c, err := t.api.o.Books.Calendars.Get(fleet.RecordID(n)); err != nil || c.Company != t.company {
				return nil, errForeign(shiftsColumn)
			}
			id = fleet.RecordID(n)
		}
		s := fleet.Shift{Head: fleet.Head{Company: t.company, Owner: fleet.OwnerID(t.company)}, User: max(user, 1), From: from, To: to, Calendar: id}
		if err := s.Validate(); err != nil {
			return nil, onColumn(shiftsColumn, err)
		}
		known := false
		for _, have := range t.names.shifts[user] {
			switch {
			case user == 0:
			case have.From == s.From && have.To == s.To && have.Calendar == s.Calendar:
				known = true
			case have.Overlaps(&s):
				return nil, fleet.FieldError(shiftsColumn, "overlaps a shift from %s to %s", have.From, have.To)
			}
		}
		for _, other := range add {
			if other.Overlaps(&s) {
				return nil, fleet.FieldError(shiftsColumn, "overlaps a shift from %s to %s", other.From, other.To)
			}
		}
		if !known {
			add = append(add, s)
		}
	}
	return add, nil
}
