package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

const childDir = "VIGIA_STORE_CHILD"

var background = context.Background() // of the child, which has no test

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// child commits batches for ever and says after each what is durable.
func child(dir string) error {
	f, err := store.OpenFacts(filepath.Join(dir, store.FactsFile), store.FactsOptions{MergeAt: 20})
	if err != nil {
		return err
	}
	a, err := store.OpenAdmin(filepath.Join(dir, store.AdminFile), store.AdminOptions{})
	if err != nil {
		return err
	}
	done, err := f.Complete()
	if err != nil {
		return err
	}
	for i := int(done) + 1; ; i++ {
		facts := nthBatch(i)
		if err := f.Commit(background, &facts); err != nil {
			return err
		}
		set, err := a.Commit(background, fleet.ChangeSet{Companies: []fleet.Company{company("C" + strconv.Itoa(i) + "-" + strconv.Itoa(os.Getpid()))}}, noon)
		if err != nil {
			return err
		}
		fmt.Println("durable", i, set.ID)
	}
}

// nthBatch is the same batch for the same number, in any process. It revises
// some of the events of the batch before.
func nthBatch(i int) fleet.Facts {
	r := rand.New(rand.NewPCG(uint64(i), 5))
	f := join(story(r, 3))
	before := join(story(rand.New(rand.NewPCG(uint64(i-1), 5)), 3))
	for _, e := range before.Events[:len(before.Events)/3] {
		f.Revised = append(f.Revised, revision(r, e, noon+fleet.Time(i)*fleet.Minute))
	}
	f.Complete = fleet.Seq(i)
	return f
}

// A process killed at any moment leaves all that it said was durable, nothing
// of half a batch, and files that pass every check.
func TestKilledProcessLosesNothing(t *testing.T) {
	r, dir := seeded(t), t.TempDir()
	durable, changes := 0, 0
	for range 8 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines, left := bufio.NewScanner(out), 1+r.IntN(12)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "error") {
				t.Error(lines.Text())
			}
			if n, _ := fmt.Sscanf(lines.Text(), "durable %d %d", &durable, &changes); n == 2 {
				if left--; left == 0 {
					if err := cmd.Process.Kill(); err != nil {
						t.Error(err)
					}
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Error("the child ended by itself")
		}
		for _, p := range store.Check(dir) {
			t.Fatal("after a kill:", p)
		}
		verify(t, dir, durable, changes)
	}
	t.Logf("%d batches durable after 8 kills", durable)
}

func verify(t *testing.T, dir string, durable, changes int) {
	f, err := store.OpenFacts(filepath.Join(dir, store.FactsFile), store.FactsOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	seq, err := f.Complete()
	if err != nil || int(seq) < durable || int(seq) > durable+1 {
		t.Fatalf("complete is %d, %v; %d were durable", seq, err, durable)
	}
	got, err := f.Digest()
	if err != nil {
		t.Fatal(err)
	}
	fresh := openFacts(t, t.TempDir())
	for i := 1; i <= int(seq); i++ {
		facts := nthBatch(i)
		if err := fresh.Commit(t.Context(), &facts); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := fresh.Digest(); got != want || err != nil {
		t.Fatalf("%d batches are not what they should be: %v", seq, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	a, err := store.OpenAdmin(filepath.Join(dir, store.AdminFile), store.AdminOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := a.Newest(); int(id) < changes || err != nil {
		t.Errorf("newest change %d, %v; %d were durable", id, err, changes)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
