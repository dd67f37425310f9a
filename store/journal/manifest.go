package journal

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The manifest names the first and the newest segment, so that segments missing
// at either end are noticed. It is replaced as a whole: after a new segment is
// on disk, and before trimmed ones go.
const (
	manifestName = "manifest"
	manifestSize = 32
)

var manifestMagic = [8]byte{'V', 'I', 'G', 'I', 'A', 'J', 'M', 'F'}

type manifest struct {
	first  fleet.Seq // no segment before this one is needed
	newest fleet.Seq // at least this one exists
}

func (m *manifest) bytes() []byte {
	le := binary.LittleEndian
	b := make([]byte, manifestSize)
	copy(b, manifestMagic[:])
	le.PutUint32(b[8:], formatVersion)
	le.PutUint64(b[12:], uint64(m.first))
	le.PutUint64(b[20:], uint64(m.newest))
	le.PutUint32(b[28:], crc32.Checksum(b[:28], castagnoli))
	return b
}

// readManifest returns nil without an error if there is none.
func readManifest(d disk, dir string) (*manifest, error) {
	path := filepath.Join(dir, manifestName)
	f, err := d.openRead(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b [manifestSize + 1]byte
	n, err := f.ReadAt(b[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	le := binary.LittleEndian
	switch {
	case n != manifestSize || [8]byte(b[:8]) != manifestMagic || le.Uint32(b[28:]) != crc32.Checksum(b[:28], castagnoli):
		return nil, damage(path, 0, "the manifest's checksum is wrong")
	case le.Uint32(b[8:]) != formatVersion:
		return nil, damage(path, 8, "the format is version %d, this program reads version %d", le.Uint32(b[8:]), formatVersion)
	}
	return &manifest{first: fleet.Seq(le.Uint64(b[12:])), newest: fleet.Seq(le.Uint64(b[20:]))}, nil
}

// writeManifest replaces the manifest durably.
func writeManifest(d disk, dir string, m manifest) error {
	return replaceFile(d, dir, manifestName, func(f file) error {
		_, err := f.WriteAt(m.bytes(), 0)
		return err
	})
}

// replaceFile writes a file under a temporary name, syncs and renames it, so
// that the name never stands for a half-written file.
func replaceFile(d disk, dir, name string, fill func(file) error) error {
	temp := filepath.Join(dir, name+tempSuffix)
	if err := d.remove(temp); err != nil {
		return err
	}
	f, err := d.create(temp)
	if err != nil {
		return err
	}
	err = fill(f)
	if err == nil {
		err = f.sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, d.remove(temp))
	}
	if err := d.rename(temp, filepath.Join(dir, name)); err != nil {
		return errors.Join(err, d.remove(temp))
	}
	return d.syncDir(dir)
}
