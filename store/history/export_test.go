package history

import (
	"os"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// BeforeMark has f called after a segment's blocks are committed and before it
// is marked as sorted.
func (h *History) BeforeMark(f func() error) { h.beforeMark = f }

// Pack is one block of reports.
func Pack(reports []fleet.Report, base fleet.Time) ([]byte, error) {
	var k block
	for i := range reports {
		var raw []byte
		if len(reports[i].Attrs) > 0 {
			raw = journal.AppendAttrs(nil, reports[i].Attrs)
		}
		if err := k.add(&reports[i], raw); err != nil {
			return nil, err
		}
	}
	return k.append(nil, base), nil
}

// Unpack reads a block.
func Unpack(p []byte, device fleet.DeviceID, base fleet.Time) ([]fleet.Position, error) {
	var u unpacker
	return u.read(p, device, base, nil)
}

// PackInts and UnpackInts are one column.
func PackInts(v []int64) []byte {
	var c ints
	return c.append(nil, v, 0, 2)
}

// UnpackInts reads n values and gives what follows.
func UnpackInts(p []byte, n int) ([]int64, []byte, error) { return readInts(p, nil, n) }

// ChunkBlocks counts the blocks of a chunk's guarded bytes.
func ChunkBlocks(p []byte) (n int, err error) {
	err = eachBlock(p, func(fleet.DeviceID, []byte) bool { n++; return true })
	return n, err
}

// Unlinked are the day files that are open though their name is gone.
func (h *History) Unlinked() (paths []string) {
	h.days.mu.Lock()
	defer h.days.mu.Unlock()
	for _, f := range h.days.open {
		select {
		case <-f.ready:
			if _, err := os.Stat(f.path); err != nil && f.err == nil {
				paths = append(paths, f.path)
			}
		default: // somebody is about to find that it is not there
		}
	}
	return paths
}

// ClockOf and ClockFrom are the column of device times.
func ClockOf(fix, device fleet.Time) int64 { return clockOf(fix, device) }

// ClockFrom reads what ClockOf gave.
func ClockFrom(fix fleet.Time, v int64) fleet.Time { return clockFrom(fix, v) }

// SealCheckpoint and OpenCheckpoint are the value of a checkpoint.
func SealCheckpoint(c *fleet.Checkpoint) []byte { return sealCheckpoint(checkpointKey(c.Device), c) }

// OpenCheckpoint reads a value; why says what is wrong with it.
func OpenCheckpoint(device fleet.DeviceID, value []byte) (upto fleet.Time, state []byte, why string) {
	return openCheckpoint(checkpointKey(device), value)
}
