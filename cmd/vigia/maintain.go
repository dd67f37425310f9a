package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

// CheckCmd looks for damage.
type CheckCmd struct {
	Dir string `arg:"" type:"existingdir" name:"data-dir" help:"Data directory; no server may run on it."`
}

// Help is what --help adds.
func (CheckCmd) Help() string {
	return `Reads every file, record and index and changes nothing. Prints one line for
each fault, with the file and what to do; the exit status is 0 if there is none.`
}

// Run checks and prints.
func (cmd *CheckCmd) Run() error { return check(cmd.Dir, os.Stdout) }

func check(dir string, out io.Writer) error {
	lock, err := store.LockDir(dir)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	var faults []string
	for _, p := range store.Check(dir) {
		faults = append(faults, p.String())
	}
	damage := 0 // in the journal, whose ends are then in doubt
	log, err := journal.Check(filepath.Join(dir, "journal"), func(d *journal.DamageError) {
		damage++
		faults = append(faults, d.Error())
	})
	if err != nil {
		return err
	}
	tracks, err := history.Check(dir, func(d *history.DamageError) { faults = append(faults, d.Error()) })
	if err != nil {
		return err
	}
	if damage == 0 {
		for _, p := range store.CheckEnds(dir, store.Ends{First: log.First, Last: log.Last, Sorted: tracks.Sorted}) {
			faults = append(faults, p.String())
		}
	}
	for _, f := range faults {
		fmt.Fprintln(out, f)
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d damaged places in %s", len(faults), dir)
	}
	fmt.Fprintf(out, "%s is whole: %d journal entries, %d fixes in %d days of tracks\n",
		dir, max(0, int64(log.Last)-int64(log.First)+1), tracks.Fixes, tracks.Days)
	return nil
}

// BackupCmd copies an installation.
type BackupCmd struct {
	ConfigFlags
	To string `arg:"" type:"path" name:"backup-dir" help:"Where to; must be empty or absent."`
}

// Help is what --help adds.
func (BackupCmd) Help() string {
	return `Works while the server runs, and without one. The copy is complete by itself:
'vigia restore' makes a data directory of it, and the server starts from there
as after a power cut, with nothing lost that was acknowledged before the backup
began.`
}

// Run asks the running server, or opens the directory itself.
func (cmd *BackupCmd) Run() error {
	c, err := cmd.Load(processEnvironment())
	if err != nil {
		return err
	}
	text, err := askServer(c.Data, "/backup", url.Values{"dir": {cmd.To}})
	if errors.Is(err, errNoServer) {
		text = "backed up to " + cmd.To
		err = withNode(c, func(n *node) error { return n.backup(context.Background(), cmd.To) })
	}
	if err == nil {
		fmt.Println(text)
	}
	return err
}

// withNode opens a data directory on which no server runs.
func withNode(c Config, f func(n *node) error) error {
	if _, err := os.Stat(filepath.Join(c.Data, "admin.db")); err != nil {
		return fmt.Errorf("%s holds no installation: %w", c.Data, err)
	}
	n, err := openNode(c, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return errors.Join(f(n), n.closeFiles())
}

// RestoreCmd makes a data directory of a backup.
type RestoreCmd struct {
	From string `arg:"" type:"existingdir" name:"backup-dir" help:"A directory that 'vigia backup' wrote."`
	To   string `arg:"" type:"path" name:"data-dir" help:"The new data directory; must be empty or absent."`
}

// Run verifies and copies.
func (cmd *RestoreCmd) Run() error {
	if err := store.Restore(cmd.From, cmd.To); err != nil {
		return err
	}
	fmt.Printf("restored to %s; start it with: vigia serve --data %s\n", cmd.To, cmd.To)
	return nil
}

// backup copies what a restart needs into an empty or absent directory.
func (n *node) backup(ctx context.Context, dir string) error {
	if !filepath.IsAbs(dir) {
		return fmt.Errorf("backup: %q is no absolute path", dir)
	}
	release := n.journal.Hold() // until the copy of the journal covers what the other copies lack
	defer release()
	return store.Backup(ctx, dir, store.Source{
		Snapshots: n.snapshots, Facts: n.facts, History: n.history.Backup, Admin: n.admin,
		Journal: func(_ context.Context, dir string) error { return n.journal.Backup(filepath.Join(dir, "journal")) },
	})
}
