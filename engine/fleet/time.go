package fleet

import "time"

// Time is a moment in Unix milliseconds, UTC. Zero means "not given".
type Time int64

// The usual spans, in milliseconds, to add to a Time.
const (
	Second Time = 1000
	Minute      = 60 * Second
	Hour        = 60 * Minute
	Day         = 24 * Hour
)

// At converts a standard time.
func At(t time.Time) Time { return Time(t.UnixMilli()) }

// Std converts to a standard time in UTC.
func (t Time) Std() time.Time { return time.UnixMilli(int64(t)).UTC() }

// timeFormat is RFC 3339 in UTC with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z"

// String is RFC 3339 in UTC with milliseconds.
func (t Time) String() string { return t.Std().Format(timeFormat) }

// MarshalText gives the form of String.
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(b []byte) error {
	v, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return Errorf(Invalid, "%q is no RFC 3339 time", b)
	}
	*t = At(v)
	return nil
}

// UTCDay is the start of the UTC day that holds t.
func (t Time) UTCDay() Time {
	d := t % Day
	if d < 0 {
		d += Day
	}
	return t - d
}
