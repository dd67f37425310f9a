package journal_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

const childEnv = "VIGIA_JOURNAL_CHILD"

// child appends changes 1, 2, 3 ... and says each Seq once it is durable.
func child(dir string) error {
	j, err := journal.Open(journal.Options{Dir: dir, SegmentBytes: 20_000, MinFree: -1})
	if err != nil {
		return err
	}
	for {
		at := j.Last() + 1
		g := make([]fleet.Entry, 1+at%70)
		for i := range g {
			g[i] = fleet.Entry{Kind: fleet.ChangeEntry, Change: fleet.ChangeID(at) + fleet.ChangeID(i)}
		}
		if _, err := j.Append(g); err != nil {
			return err
		}
		if _, err := fmt.Println(j.Last()); err != nil {
			return err
		}
	}
}

// TestKill kills an appending process at random moments: whatever it
// acknowledged must be there when the journal is opened again.
func TestKill(t *testing.T) {
	if dir := os.Getenv(childEnv); dir != "" {
		t.Fatal(child(dir))
	}
	r := random(t)
	dir := t.TempDir()
	for range 10 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), childEnv+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		acked, lines := fleet.Seq(0), 1+r.IntN(60)
		stop := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() }) // should it hang
		in := bufio.NewScanner(out)
		for in.Scan() {
			n, err := strconv.ParseUint(strings.TrimSpace(in.Text()), 10, 64)
			if err != nil {
				t.Fatalf("child said %q", in.Text())
			}
			acked = fleet.Seq(n)
			if lines--; lines == 0 { // it goes on appending while the signal travels
				_ = cmd.Process.Kill()
			}
		}
		stop.Stop()
		_ = cmd.Wait() // it was killed
		j, err := journal.Open(journal.Options{Dir: dir, SegmentBytes: 20_000, MinFree: -1})
		if err != nil {
			t.Fatal(err)
		}
		if j.Last() < acked {
			t.Errorf("last is %d, %d was acknowledged", j.Last(), acked)
		}
		for i, e := range scan(t, j, 0) {
			if e.Change != fleet.ChangeID(i+1) {
				t.Fatalf("entry %d holds %d", i+1, e.Change)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
