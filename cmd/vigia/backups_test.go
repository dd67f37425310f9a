package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// TestBackupNow: a backup that was asked for is verified, listed and restores;
// one runs at a time, the newest three stay, and what a crash cut short is
// called failed until it is removed.
func TestBackupNow(t *testing.T) {
	rig := newClockRig(t)
	rig.drive(0, 20, 0)
	b := &backups{n: rig.node}
	list := func() []api.Backup {
		t.Helper()
		all, err := b.Backups()
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := list(); len(all) != 0 {
		t.Fatal(all)
	}
	noted := 0
	note := func() error { noted++; return nil }
	if _, err := b.BeginBackup(func() error { return errors.New("no audit") }); err == nil || len(list()) != 0 {
		t.Fatal("it began without a row in the audit", list())
	}
	cut := rig.path(filepath.Join(backupsDir, "20200101T000000.000Z"))
	if err := os.MkdirAll(filepath.Join(cut, "journal"), 0o700); err != nil {
		t.Fatal(err)
	}
	if all := list(); len(all) != 1 || all[0].State != api.BackupFailed || all[0].Problem == "" {
		t.Errorf("what was cut short is %+v", all)
	}
	var first api.Backup
	for n := range backupsKept + 1 {
		v, err := b.BeginBackup(note)
		if err != nil || v.State != api.BackupRunning || v.Expected == 0 {
			t.Fatal(v, err)
		}
		if n == 0 {
			first = v
		}
		if _, err := b.BeginBackup(note); err != nil && fleet.KindOf(err) != fleet.Conflict {
			t.Fatal("a second one:", err)
		} else if err == nil {
			t.Log("the first one was over already") // and two were made
		}
		waitFor(t, "the end of the backup", func() bool { return list()[0].State != api.BackupRunning })
		if got := list()[0]; got.State != api.BackupVerified || got.Bytes == 0 || got.Finished < got.Started || got.Problem != "" {
			t.Fatalf("%+v", got)
		}
	}
	all := list()
	if len(all) != backupsKept || noted < backupsKept+1 || all[len(all)-1].Name <= first.Name {
		t.Errorf("%d are left after %d, the first of them %s", len(all), noted, first.Name)
	}
	if _, err := os.Stat(cut); !os.IsNotExist(err) {
		t.Error("what was cut short is still there:", err)
	}
	to := filepath.Join(t.TempDir(), "restored")
	if err := store.Restore(all[0].Path, to); err != nil {
		t.Fatal(err)
	}
	if n := reopen(t, to); fixes(t, n, storyTruck) != fixes(t, rig.node, storyTruck) {
		t.Error("the restored track is another")
	}
}

// TestBackupThatFails says why, and leaves nothing on the disk.
func TestBackupThatFails(t *testing.T) {
	rig := newClockRig(t)
	b := &backups{n: rig.node}
	v, err := b.BeginBackup(func() error { rig.endJobs(); return nil }) // as the server's stop does
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the end", func() bool {
		all, err := b.Backups()
		return err == nil && len(all) == 1 && all[0].State == api.BackupFailed
	})
	if all, err := b.Backups(); err != nil || all[0].Name != v.Name || all[0].Problem == "" || all[0].Bytes != 0 {
		t.Error(all, err)
	}
	if _, err := os.Stat(v.Path); !os.IsNotExist(err) {
		t.Error("files are left:", err)
	}
}
