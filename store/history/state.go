package history

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The state file says how far the journal is sorted, and whose reports in the
// journal are no longer wanted. It is replaced as a whole.
const (
	stateName    = "history-state"
	stateVersion = 1
	stateHead    = 16 // magic, version, CRC
)

var stateMagic = [8]byte{'V', 'I', 'G', 'I', 'A', 'H', 'S', 'T'}

type state struct {
	sorted fleet.Seq                    // every entry up to this is in the day files
	erased map[fleet.DeviceID]fleet.Seq // reports of the device up to this are gone
}

// hides reports whether an erased device's report is not to be seen again.
func (s *state) hides(d fleet.DeviceID, seq fleet.Seq) bool {
	upto, ok := s.erased[d]
	return ok && seq <= upto
}

// clone copies the state; the original is never changed once it is published.
func (s *state) clone() *state {
	c := &state{sorted: s.sorted, erased: make(map[fleet.DeviceID]fleet.Seq, len(s.erased)+1)}
	for d, seq := range s.erased {
		c.erased[d] = seq
	}
	return c
}

func (s *state) bytes() []byte {
	le := binary.LittleEndian
	b := make([]byte, stateHead, stateHead+16+16*len(s.erased))
	copy(b, stateMagic[:])
	le.PutUint32(b[8:], stateVersion)
	b = le.AppendUint64(b, uint64(s.sorted))
	b = le.AppendUint64(b, uint64(len(s.erased)))
	for d, seq := range s.erased {
		b = le.AppendUint64(b, uint64(d))
		b = le.AppendUint64(b, uint64(seq))
	}
	crc := checksum(b)
	le.PutUint32(b[12:], crc)
	return b
}

func readState(dir string) (*state, error) {
	path := filepath.Join(dir, stateName)
	s := &state{erased: map[fleet.DeviceID]fleet.Seq{}}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	le := binary.LittleEndian
	if len(b) < stateHead+16 || [8]byte(b[:8]) != stateMagic || le.Uint32(b[12:]) != checksum(b) {
		return nil, &DamageError{File: path, Reason: "the checksum is wrong"}
	}
	if v := le.Uint32(b[8:]); v != stateVersion {
		return nil, &DamageError{File: path, Reason: fmt.Sprintf("the format is version %d, this program reads version %d", v, stateVersion)}
	}
	s.sorted = fleet.Seq(le.Uint64(b[stateHead:]))
	n := le.Uint64(b[stateHead+8:])
	if b = b[stateHead+16:]; n != uint64(len(b)/16) || len(b)%16 != 0 {
		return nil, &DamageError{File: path, Reason: "its length is wrong"}
	}
	for ; len(b) > 0; b = b[16:] {
		s.erased[fleet.DeviceID(le.Uint64(b))] = fleet.Seq(le.Uint64(b[8:]))
	}
	return s, nil
}

// checksum covers all but the checksum itself.
func checksum(b []byte) uint32 {
	return updateCRC(updateCRC(0, b[:12]), b[stateHead:])
}

func writeState(dir string, s *state) error {
	err := replace(filepath.Join(dir, stateName), func(temp string) error {
		return os.WriteFile(temp, s.bytes(), 0o640)
	})
	if err != nil {
		return fmt.Errorf("history: writing %s: %w", stateName, err)
	}
	return nil
}
