package fleet

import "time"

// Month is a calendar month in UTC, as 2006-01.
type Month string

// Validate refuses what is no month.
func (m Month) Validate() error {
	if _, err := time.Parse("2006-01", string(m)); err != nil {
		return Errorf(Invalid, "%q is no month; write one as 2026-01", string(m))
	}
	return nil
}

// MonthOf is the month that holds a moment.
func MonthOf(t Time) Month { return Month(t.Std().UTC().Format("2006-01")) }

// Span is the month's beginning and end.
func (m Month) Span() (from, to Time) {
	t, err := time.Parse("2006-01", string(m))
	if err != nil {
		return 0, 0
	}
	return At(t), At(t.AddDate(0, 1, 0))
}

// Usage is the most that a customer itself had at once in a month.
type Usage struct {
	Devices int `cbor:"1,keyasint,omitempty" json:"devices"`
	Users   int `cbor:"2,keyasint,omitempty" json:"users"`
	Fences  int `cbor:"3,keyasint,omitempty" json:"geofences"`
}

// ClosedUsage is the last month of a customer that was deleted, kept for its
// statement.
type ClosedUsage struct {
	Customer Customer `cbor:"1,keyasint"` // as it was
	Plan     Plan     `cbor:"2,keyasint"` // that held for it; zero for none
	Usage    Usage    `cbor:"3,keyasint"`
}
