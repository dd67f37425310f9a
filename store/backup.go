package store

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Source is what a backup is taken of, all of it in use. Journal and History
// copy their files into a directory and may be nil; while a backup runs the
// journal must not be trimmed.
type Source struct {
	Snapshots *Snapshots
	Facts     *Facts
	History   func(ctx context.Context, dir string) error
	Journal   func(ctx context.Context, dir string) error
	Admin     *Admin
}

// ManifestFile lists a backup's files with sizes and SHA-256. It is written
// last: a backup without it is not whole.
const ManifestFile = "MANIFEST"

const manifestHead = "vigia backup 1"

// Backup copies a running installation into an empty or absent directory. The
// order makes the copy one that recovery understands (DESIGN.md): snapshots
// before facts, facts and history before the journal, all of that before
// admin.db.
func Backup(ctx context.Context, dir string, s Source) error {
	if err := emptyTarget(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	steps := []struct {
		what string
		do   func() error
	}{
		{"snapshots", func() error { return s.Snapshots.CopyTo(dir) }},
		{FactsFile, func() error { return s.Facts.CopyTo(filepath.Join(dir, FactsFile)) }},
		{"history", func() error { return call(ctx, s.History, dir) }},
		{"journal", func() error { return call(ctx, s.Journal, dir) }},
		{AdminFile, func() error { return s.Admin.CopyTo(filepath.Join(dir, AdminFile)) }},
		{ManifestFile, func() error { return writeManifest(dir) }},
	}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step.do(); err != nil {
			return fmt.Errorf("back up %s: %w", step.what, err)
		}
	}
	return nil
}

func call(ctx context.Context, fn func(context.Context, string) error, dir string) error {
	if fn == nil {
		return nil
	}
	return fn(ctx, dir)
}

// emptyTarget refuses a directory that holds anything.
func emptyTarget(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		err = fleet.Errorf(fleet.Invalid, "%s is not empty (it holds %s); name an empty or new directory", dir, entries[0].Name())
	}
	return err
}

func writeManifest(dir string) error {
	var out strings.Builder
	fmt.Fprintln(&out, manifestHead)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		size, sum, err := hashFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		fmt.Fprintf(&out, "%s %d %s\n", sum, size, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return err
	}
	return boltfile.WriteFile(filepath.Join(dir, ManifestFile), func(w io.Writer) error {
		_, err := io.WriteString(w, out.String())
		return err
	})
}

func hashFile(path string) (size int64, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	h := sha256.New()
	size, err = io.Copy(h, f)
	return size, hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}

// VerifyBackup reports the first thing that keeps a backup from being whole,
// and lists its files, sorted, relative to it.
func VerifyBackup(dir string) (files []string, err error) {
	f, err := os.Open(filepath.Join(dir, ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fleet.Errorf(fleet.Invalid, "%s has no %s: it is no backup, or one that was not finished", dir, ManifestFile)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	if !lines.Scan() || lines.Text() != manifestHead {
		return nil, fleet.Errorf(fleet.Invalid, "%s does not begin with %q; was the backup made by a newer vigia?", f.Name(), manifestHead)
	}
	for lines.Scan() {
		sum, rest, _ := strings.Cut(lines.Text(), " ")
		digits, name, ok := strings.Cut(rest, " ")
		size, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || !ok || !filepath.IsLocal(filepath.FromSlash(name)) {
			return nil, fleet.Errorf(fleet.Invalid, "%s: the line %q is damaged", f.Name(), lines.Text())
		}
		gotSize, gotSum, err := hashFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		if gotSize != size || gotSum != sum {
			return nil, fleet.Errorf(fleet.Invalid, "%s in the backup %s is not as it was written (%d bytes, want %d)", name, dir, gotSize, size)
		}
		files = append(files, filepath.FromSlash(name))
	}
	slices.Sort(files)
	return files, lines.Err()
}

// Restore puts a verified backup into an empty or absent data directory. A
// backup that an older vigia made is brought to this one's schema. The files
// are checked before the directory takes its name, so a restore is there as a
// whole or not at all.
func Restore(backup, dir string) error {
	if err := emptyTarget(dir); err != nil {
		return err
	}
	files, err := VerifyBackup(backup)
	if err != nil {
		return err
	}
	tmp := filepath.Clean(dir) + ".restoring"
	if err := os.RemoveAll(tmp); err != nil {
		return err
	}
	if err := copyTree(backup, tmp, files); err != nil {
		return errors.Join(fmt.Errorf("restore: %w", err), os.RemoveAll(tmp))
	}
	if err := raise(tmp); err != nil {
		return errors.Join(fmt.Errorf("restore: %w", err), os.RemoveAll(tmp))
	}
	if problems := Check(tmp); len(problems) > 0 {
		err := fleet.Errorf(fleet.Invalid, "the backup does not pass the check: %s", problems[0])
		return errors.Join(err, os.RemoveAll(tmp))
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil {
		return err
	}
	return boltfile.SyncDir(filepath.Dir(filepath.Clean(dir)))
}

// raise runs the migrations that the files in a directory have not had.
func raise(dir string) error {
	for name, format := range map[string]boltfile.Format{AdminFile: adminFormat, FactsFile: factsFormat} {
		path := filepath.Join(dir, name)
		if !exists(path) {
			continue // the check says so
		}
		db, err := boltfile.Open(path, format, boltfile.Options{})
		if err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
	}
	return nil
}

func copyTree(from, to string, files []string) error {
	dirs := map[string]bool{to: true}
	for _, name := range files {
		dirs[filepath.Dir(filepath.Join(to, name))] = true
	}
	for d := range dirs {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
	}
	for _, name := range files {
		if err := boltfile.CopyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	for d := range dirs {
		if err := boltfile.SyncDir(d); err != nil {
			return err
		}
	}
	return nil
}
