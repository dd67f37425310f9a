package journal

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
)

var errEntry = errors.New("journal: the record does not hold what its kind says")

// appendEntry appends the payload of an entry.
func appendEntry(b []byte, e *fleet.Entry) ([]byte, error) {
	switch e.Kind {
	case fleet.ReportEntry:
		return AppendReport(b, &e.Report), nil
	case fleet.TickEntry:
		b = binary.LittleEndian.AppendUint64(b, uint64(e.Tick.At))
		if e.Tick.Resumed {
			return append(b, 1), nil
		}
		return append(b, 0), nil
	case fleet.ChangeEntry:
		return binary.LittleEndian.AppendUint64(b, uint64(e.Change)), nil
	}
	return b, fmt.Errorf("journal: entry kind %d does not exist", e.Kind)
}

// entry reads a record's payload into e.
func (d *Decoder) entry(kind uint8, p []byte, e *fleet.Entry) error {
	k := fleet.EntryKind(kind)
	if k == fleet.ReportEntry && e.Kind == k { // the usual case spares clearing what Report overwrites
		return d.Report(p, &e.Report)
	}
	*e = fleet.Entry{Kind: k}
	switch k {
	case fleet.ReportEntry:
		return d.Report(p, &e.Report)
	case fleet.TickEntry:
		if len(p) != 9 || p[8] > 1 {
			return errEntry
		}
		e.Tick = fleet.Tick{At: fleet.Time(binary.LittleEndian.Uint64(p)), Resumed: p[8] == 1}
		return nil
	case fleet.ChangeEntry:
		if len(p) != 8 {
			return errEntry
		}
		e.Change = fleet.ChangeID(binary.LittleEndian.Uint64(p))
		return nil
	}
	return errEntry
}
