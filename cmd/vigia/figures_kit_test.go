package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// The figures of a great installation, `make figures`. VIGIA_FIGURES is its
// size: how many customers there are, with ten devices each.
const (
	figureCustomers = 100_000
	figureDevices   = 10 // of a customer
)

// metropolis is a data directory with so many customers and devices, put there
// by the store, as imports leave them.
type metropolis struct {
	data      string
	customers []fleet.CustomerID
}

func figureSize() int {
	if n, err := strconv.Atoi(os.Getenv("VIGIA_FIGURES")); err == nil && n > 0 {
		return n
	}
	return figureCustomers
}

// layDown fills a data directory that a server has set up and left.
func layDown(b *testing.B, s *server) *metropolis {
	b.Helper()
	s.setUp("en")
	s.term()
	m := &metropolis{data: s.data}
	begin, cpu := time.Now(), cpuSeconds()
	a, err := store.OpenAdmin(filepath.Join(s.data, "admin.db"), store.AdminOptions{})
	if err != nil {
		b.Fatal(err)
	}
	all, err := a.Companies(fleet.Query{Scope: fleet.Scope{Installation: true}})
	if err != nil || len(all.Items) != 1 {
		b.Fatal(all, err)
	}
	company := all.Items[0].ID
	commit := func(set fleet.ChangeSet) *fleet.ChangeSet {
		out, err := a.Commit(b.Context(), set, fleet.At(time.Now()))
		if err != nil {
			b.Fatal(err)
		}
		return out
	}
	for from := 0; from < figureSize(); from += 1000 {
		var set fleet.ChangeSet
		for i := from; i < min(from+1000, figureSize()); i++ {
			c := fleet.Customer{Company: company, Name: "Transportes " + scattered(i), Code: fmt.Sprintf("C%06d", i), Lang: fleet.Spanish, Timezone: "UTC"}
			if i%50 == 0 {
				c.Suspended, c.Reason = true, "unpaid"
			}
			set.Customers = append(set.Customers, c)
		}
		for _, c := range commit(set).Customers {
			m.customers = append(m.customers, c.ID)
		}
	}
	for from := 0; from < len(m.customers)*figureDevices; from += 10_000 {
		var set fleet.ChangeSet
		for i := from; i < min(from+10_000, len(m.customers)*figureDevices); i++ {
			set.Devices = append(set.Devices, fleet.Device{Company: company, Customer: m.customers[i/figureDevices], Name: "Truck " + scattered(i),
				UniqueID: benchUniqueID(i), Plate: figurePlate(i), Model: "FMB920", Phone: fmt.Sprintf("+57300%07d", i), Disabled: i%100 == 0})
		}
		commit(set)
	}
	for _, u := range []fleet.User{
		{Name: "Root", Email: "root@example.com", Role: fleet.PlatformAdmin, Lang: fleet.English, Timezone: "UTC"},
		{Name: "Zoe", Email: "zoe@example.com", Role: fleet.CustomerAdmin, Company: company, Customer: m.customers[1], Lang: fleet.English, Timezone: "UTC"},
	} {
		if _, err := a.PutUser(fleet.Actor{}, u); err != nil {
			b.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d customers and %d devices laid down in %.0f s, %.0f s of CPU", len(m.customers), len(m.customers)*figureDevices, time.Since(begin).Seconds(), cpuSeconds()-cpu)
	return m
}

// scattered is a number whose order is not that of its ages.
func scattered(i int) string { return strconv.Itoa(i * 7919 % 9_999_991) }

func figurePlate(i int) string {
	return fmt.Sprintf("%c%c%c%03d%c", 'A'+i%26, 'A'+i/26%26, 'A'+i/676%26, i%1000, 'A'+i/17576%26)
}

// as signs somebody in by a link.
func (s *server) as(email string) *client {
	s.t.Helper()
	link, err := askServer(s.data, "/setup-link", map[string][]string{"email": {email}})
	if err != nil {
		s.t.Fatal(err)
	}
	_, token, _ := strings.Cut(link, "token=")
	c := &client{t: s.t, base: s.url + "/api/v1"}
	c.token = c.post("/login", body{"token": token})["token"].(string)
	return c
}

// cpu is how many seconds of processor the server has used (proc(5), stat).
func (s *server) cpu() float64 {
	s.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err1 := strconv.ParseFloat(fields[11], 64)
	system, err2 := strconv.ParseFloat(fields[12], 64)
	if err1 != nil || err2 != nil {
		s.t.Fatal(err1, err2)
	}
	return (user + system) / 100
}

// resident is how many MB of the server are in memory.
func (s *server) resident() float64 {
	s.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	pages, err := strconv.ParseFloat(strings.Fields(string(text))[1], 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return pages * float64(os.Getpagesize()) / 1e6
}

// quantile of durations, in ms.
func quantile(of []time.Duration, q float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return float64(sorted[min(len(sorted)-1, int(q*float64(len(sorted))))].Microseconds()) / 1000
}
