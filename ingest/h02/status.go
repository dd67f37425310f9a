package h02

import (
	"bytes"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// alarmBits says which alarm a zero bit of the status is.
var alarmBits = [...]struct {
	bit   int
	alarm fleet.Alarms
}{
	{0, fleet.Vibration}, {1, fleet.SOS}, {2, fleet.Overspeed}, {4, fleet.GeofenceEnter},
	{7, fleet.GeofenceExit}, {18, fleet.SOS}, {19, fleet.PowerCut},
}

// flags reads a status in hexadecimal; false if b is none.
func flags(r *fleet.Report, b []byte) bool {
	var w [4]byte
	if len(b) != 8 {
		return false
	}
	if _, err := hex.Decode(w[:], b); err != nil {
		return false
	}
	setStatus(r, uint32(w[0])<<24|uint32(w[1])<<16|uint32(w[2])<<8|uint32(w[3]))
	return true
}

// setStatus takes a status over. In each bit, 0 means that it holds.
func setStatus(r *fleet.Report, w uint32) {
	holds := func(bit int) bool { return w>>bit&1 == 0 }
	r.Has |= fleet.AlarmState
	for _, a := range alarmBits {
		if holds(a.bit) {
			r.Alarms |= a.alarm
		}
	}
	r.SetIgnition(!holds(10))
	for _, x := range [...]struct {
		bit int
		key string
	}{{8, fleet.AttrDoor}, {9, fleet.AttrArmed}, {27, fleet.AttrBlocked}} {
		if holds(x.bit) {
			r.Add(x.key, fleet.Bool(true))
		}
	}
	if w != 0xffffffff && w != 0xfffffbff { // nothing but the ignition
		r.Add(fleet.AttrStatus, fleet.Int(int64(w)))
	}
}

// dated adds a report for a message that begins with a time and ends, maybe
// before further fields, with a date and a status.
func dated(s *ingest.Session, f [][]byte) *fleet.Report {
	r := s.Add(fleet.H02)
	for i := len(f) - 1; i > 0; i-- {
		if len(f[i-1]) == 6 && flags(r, f[i]) {
			r.DeviceTime = when(f[0], f[i-1])
			break
		}
	}
	return r
}

func finish(r *fleet.Report) { r.Attrs = fleet.SortAttrs(r.Attrs) }

// status reads any message without a place that ends with date and status.
func status(s *ingest.Session, f [][]byte) {
	if len(f) >= 3 {
		finish(dated(s, f))
	}
}

// heartbeat reads HTBT, maybe with the battery in percent.
func (c *Codec) heartbeat(s *ingest.Session, f [][]byte) {
	r := s.Add(fleet.H02)
	if len(f) > 0 {
		percent(r, f[0])
	}
}

// link reads LINK: time, GSM signal, satellites, battery, steps, rolls.
func link(s *ingest.Session, f [][]byte) {
	r := dated(s, f)
	if len(f) > 3 {
		if v, ok := number(f[1]); ok {
			r.Add(fleet.AttrGSM, fleet.Int(int64(v)))
		}
		if v, ok := number(f[2]); ok {
			r.SetSatellites(int(v))
		}
		percent(r, f[3])
	}
	finish(r)
}

func percent(r *fleet.Report, b []byte) {
	if v, ok := number(b); ok && v >= 0 && v <= 100 {
		r.Add(fleet.AttrBattery, fleet.Int(int64(v)))
	}
}

// answered reads SMS: what the tracker would have answered by SMS.
func answered(s *ingest.Session, b, command []byte) {
	_, text, _ := bytes.Cut(b, append([]byte{','}, append(command, ',')...))
	v := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(text), string(utf8.RuneError)))
	s.Add(fleet.H02).Add(fleet.AttrAnswer, fleet.Text(v))
}
