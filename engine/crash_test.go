package engine_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	crashDevices = 40
	crashCycles  = 20
	crashSecond  = 1 << 20 // of device time: never reached
)

// childEnv makes this test binary the engine that gets killed: its value is
// where to go on, as JSON.
const childEnv = "VIGIA_ENGINE_CHILD"

// childOrders is what the parent tells a child.
type childOrders struct {
	Dir   string
	From  []int // the first second of each device that was not acknowledged
	Began int64 // when the parent did, in ms; from then on time goes crashPace times as fast
}

// crashPace makes seconds pass in 10 ms, so that late reports are evaluated
// while children live.
const crashPace = 100

// crashNow is the time in a child.
func crashNow(began0 int64) fleet.Time {
	return began + crashPace*(fleet.At(time.Now())-fleet.Time(began0))
}

func TestMain(m *testing.M) {
	if orders := os.Getenv(childEnv); orders != "" {
		if err := child([]byte(orders)); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// disorder lets packets change places on their way, and some come newest first.
func disorder(batch []fleet.Report, n, s int) {
	switch k := len(batch); {
	case k > 1 && (s+n)%3 == 0:
		batch[k-1], batch[k-2] = batch[k-2], batch[k-1]
	case (s+n)%5 == 0:
		slices.Reverse(batch)
	}
}

// child runs the engine under load until it is killed. Each device sends the
// next seconds of its walk, late and twice at times; once Accept returned, a
// line on stdout says which.
func child(orders []byte) error {
	var o childOrders
	if err := json.Unmarshal(orders, &o); err != nil {
		return err
	}
	ticks := make(chan fleet.Time)
	r, err := open(o.Dir, func(opt *engine.Options) {
		opt.SnapshotEvery = 10 * fleet.Second
		opt.Now, opt.Ticks = func() fleet.Time { return crashNow(o.Began) }, ticks
	})
	if err != nil {
		return err
	}
	go func() {
		for range time.Tick(time.Second / crashPace) {
			ticks <- crashNow(o.Began)
		}
	}()
	var out sync.Mutex // guards stdout
	var wg sync.WaitGroup
	for n := range o.From {
		wg.Go(func() {
			for s := o.From[n]; s < crashSecond; {
				k := 1 + (s+n)%8
				var batch []fleet.Report
				for i := range k {
					lon, lat := walk(n, s+i)
					batch = append(batch, fix(n, s+i, lon, lat))
				}
				disorder(batch, n, s)
				if lon, lat := walk(n, max(0, s-5)); s%3 == 0 { // sent before
					batch = append(batch, fix(n, max(0, s-5), lon, lat))
				}
				if err := r.Accept(context.Background(), batch); err != nil {
					fmt.Fprintln(os.Stderr, "accept:", err)
					return
				}
				s += k
				out.Lock()
				fmt.Println(n, s)
				out.Unlock()
			}
		})
	}
	wg.Wait()
	return errors.New("nobody killed it")
}

// TestKillKeepsWhatWasAcknowledged: an engine that is killed again and again
// under load loses no report that it acknowledged, and records the events of a
// run without faults and in order, each once, though packets changed places
// and came twice.
func TestKillKeepsWhatWasAcknowledged(t *testing.T) {
	rng := random(t)
	dir := t.TempDir()
	r := start(t, dir, nil)
	r.apply(t, fleetOf(crashDevices))
	r.apply(t, crashFences())
	r.stop(t)

	began0 := time.Now().UnixMilli()
	acked := make([]int, crashDevices) // the first second not acknowledged
	for range crashCycles {
		after := time.Duration(20+rng.IntN(600)) * time.Millisecond
		killOnce(t, dir, acked, began0, after)
	}

	// What it left is a run like any other, and holds all that was acknowledged.
	b := newBeats(crashNow(began0) + fleet.Minute)
	r = start(t, dir, b.options)
	reached := make([]int, crashDevices)
	stored := map[string]bool{}
	err := r.log.Scan(0, func(_ fleet.Seq, e *fleet.Entry) error {
		if e.Kind == fleet.ReportEntry {
			n, s := int(e.Report.Device-device(0).ID), int((e.Report.Fix-began)/fleet.Second)
			stored[fmt.Sprint(n, s)] = true
			reached[n] = max(reached[n], s+1)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for n, until := range acked {
		total += until
		for s := range until {
			if !stored[fmt.Sprint(n, s)] {
				t.Fatalf("device %d: second %d was acknowledged and is lost", n, s)
			}
		}
	}
	b.calm(t, r)
	r.stop(t)
	got := kinds(r.reopen(t))

	clean := start(t, t.TempDir(), b.options)
	clean.apply(t, fleetOf(crashDevices))
	clean.apply(t, crashFences())
	for n, until := range reached {
		var all []fleet.Report
		for s := range until {
			lon, lat := walk(n, s)
			if stored[fmt.Sprint(n, s)] {
				all = append(all, fix(n, s, lon, lat))
			}
		}
		clean.accept(t, all...)
	}
	clean.stop(t)
	want := kinds(clean.reopen(t))
	t.Logf("%d reports acknowledged over %d kills, %d events", total, crashCycles, len(want))
	if !slices.Equal(got, want) {
		t.Errorf("%d events differ from the %d of a run without faults: %s", len(got), len(want), diff(got, want))
	}
}

// diff lists what only one of two sorted lists has.
func diff(got, want []string) string {
	var b strings.Builder
	for _, l := range []struct {
		sign       string
		list, than []string
	}{{"+", got, want}, {"-", want, got}} {
		for _, s := range l.list {
			if _, there := slices.BinarySearch(l.than, s); !there && b.Len() < 2000 {
				b.WriteString("\n" + l.sign + " " + s)
			}
		}
	}
	return b.String()
}

func crashFences() fleet.ChangeSet {
	return fleet.ChangeSet{Since: true, Fences: []fleet.Fence{fenceAt(0, 0, 0), fenceAt(1, 0.024, 0)}}
}

// killOnce runs a child for a while, kills it and notes what it acknowledged.
func killOnce(t *testing.T, dir string, acked []int, began0 int64, after time.Duration) {
	t.Helper()
	orders, err := json.Marshal(childOrders{Dir: dir, From: acked, Began: began0})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(orders))
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer killer.Stop()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		device, second, ok := strings.Cut(lines.Text(), " ")
		n, err1 := strconv.Atoi(device)
		s, err2 := strconv.Atoi(second)
		if !ok || err1 != nil || err2 != nil {
			continue // the last line may be torn
		}
		acked[n] = max(acked[n], s)
	}
	cmd.Wait()
	if complaint.Len() > 0 {
		t.Fatalf("the child stopped by itself: %s", complaint.String())
	}
	if snaps, _ := filepath.Glob(filepath.Join(dir, "snapshot-*")); len(snaps) == 0 {
		t.Error("no snapshot")
	}
}
