package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// The bytes of a snapshot file (DESIGN.md): header, parts, trailer.
const (
	snapMagic   = "VIGSNAP\n"
	snapEnd     = "VIGSEND\n"
	snapVersion = 1
	snapHeader  = 8 + 4 + 4 + 8 + 4 + 4 // magic, version, semantics, seq, parts, CRC
	snapPart    = 8 + 4                 // length, CRC
	snapTrailer = 8 + 8 + 4             // magic, file length, CRC over all part CRCs
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// SnapshotDamage says that a snapshot file is not what was written.
type SnapshotDamage struct {
	Path   string
	Reason string
}

// Error names the file and the fault.
func (e *SnapshotDamage) Error() string { return e.Path + " is damaged: " + e.Reason }

// writeSnapshot writes beside path, syncs, renames and syncs the directory.
func writeSnapshot(path string, semantics uint32, seq fleet.Seq, parts [][]byte) (err error) {
	tmp := path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp))
		}
	}()
	if err := errors.Join(encodeSnapshot(f, semantics, seq, parts), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return boltfile.SyncDir(filepath.Dir(path))
}

func encodeSnapshot(f *os.File, semantics uint32, seq fleet.Seq, parts [][]byte) error {
	w := bufio.NewWriterSize(f, 1<<18)
	head := append(make([]byte, 0, snapHeader), snapMagic...)
	head = binary.BigEndian.AppendUint32(head, snapVersion)
	head = binary.BigEndian.AppendUint32(head, semantics)
	head = binary.BigEndian.AppendUint64(head, uint64(seq))
	head = binary.BigEndian.AppendUint32(head, uint32(len(parts)))
	head = binary.BigEndian.AppendUint32(head, crc32.Checksum(head, castagnoli))
	w.Write(head) // errors stick until Flush
	size, sums := uint64(snapHeader+snapTrailer), uint32(0)
	for _, p := range parts {
		lead := binary.BigEndian.AppendUint64(make([]byte, 0, snapPart), uint64(len(p)))
		sum := crc32.Update(crc32.Checksum(lead, castagnoli), castagnoli, p)
		lead = binary.BigEndian.AppendUint32(lead, sum)
		w.Write(lead)
		w.Write(p)
		sums = crc32.Update(sums, castagnoli, lead[8:])
		size += uint64(snapPart + len(p))
	}
	tail := append(make([]byte, 0, snapTrailer), snapEnd...)
	tail = binary.BigEndian.AppendUint64(tail, size)
	tail = binary.BigEndian.AppendUint32(tail, sums)
	w.Write(tail)
	return w.Flush()
}

// readSnapshot reads a whole file and checks every byte of it; it never trusts
// a length beyond the file's own.
func readSnapshot(path string, seq fleet.Seq) (semantics uint32, parts [][]byte, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, nil, err
	}
	semantics, parts, reason := decodeSnapshot(b, seq)
	if reason != "" {
		return 0, nil, &SnapshotDamage{Path: path, Reason: reason}
	}
	return semantics, parts, nil
}

func decodeSnapshot(b []byte, seq fleet.Seq) (semantics uint32, parts [][]byte, reason string) {
	be := binary.BigEndian
	if len(b) < snapHeader+snapTrailer {
		return 0, nil, fmt.Sprintf("%d bytes, want at least %d", len(b), snapHeader+snapTrailer)
	}
	head, tail := b[:snapHeader], b[len(b)-snapTrailer:]
	switch {
	case string(head[:8]) != snapMagic:
		return 0, nil, "no snapshot: the first bytes are others"
	case crc32.Checksum(head[:snapHeader-4], castagnoli) != be.Uint32(head[snapHeader-4:]):
		return 0, nil, "the header's CRC32C does not hold"
	case be.Uint32(head[8:]) != snapVersion:
		return 0, nil, fmt.Sprintf("version %d, this vigia knows %d", be.Uint32(head[8:]), snapVersion)
	case fleet.Seq(be.Uint64(head[16:])) != seq:
		return 0, nil, fmt.Sprintf("it is of sequence %d", be.Uint64(head[16:]))
	case string(tail[:8]) != snapEnd || be.Uint64(tail[8:]) != uint64(len(b)):
		return 0, nil, "the end is missing"
	}
	rest, sums := b[snapHeader:len(b)-snapTrailer], uint32(0)
	for i := range be.Uint32(head[24:]) {
		if len(rest) < snapPart || be.Uint64(rest) > uint64(len(rest)-snapPart) {
			return 0, nil, fmt.Sprintf("part %d is longer than the file", i)
		}
		n := snapPart + int(be.Uint64(rest))
		if sum := crc32.Update(crc32.Checksum(rest[:8], castagnoli), castagnoli, rest[snapPart:n]); sum != be.Uint32(rest[8:]) {
			return 0, nil, fmt.Sprintf("part %d: the CRC32C does not hold", i)
		}
		sums = crc32.Update(sums, castagnoli, rest[8:snapPart])
		parts = append(parts, rest[snapPart:n:n])
		rest = rest[n:]
	}
	if len(rest) != 0 || sums != be.Uint32(tail[16:]) {
		return 0, nil, "the trailer does not fit the parts"
	}
	return be.Uint32(head[12:]), parts, ""
}
