package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// BenchmarkFiguresImport imports a file of 100,000 devices while trackers send
// 20,000 fixes a second (VIGIA_FIGURES_RATE), and says how long that takes and
// how long trackers wait for acknowledgements, with the import and without.
func BenchmarkFiguresImport(b *testing.B) {
	const trackers, customers = 2000, 100
	rate, rows := 20_000.0, min(figureSize(), 100_000)
	if r, err := strconv.ParseFloat(os.Getenv("VIGIA_FIGURES_RATE"), 64); err == nil {
		rate = r
	}
	s := startServer(b, b.TempDir(), serverOptions{})
	api := s.setUp("en")
	for i := range customers {
		api.post("/customers", body{"name": fmt.Sprint("Customer ", i), "code": fmt.Sprint("C", i), "lang": "en", "timezone": "UTC"})
	}
	api.importDevices(customers, trackers, benchUniqueID)
	load := fleetsim.Load{
		Addr: s.door("gt06"), Connections: 100, InFlight: 64, World: fleetsim.NewWorld(benchOptions(1, 100, trackers)),
		UniqueID: benchUniqueID, Start: benchStart, Step: time.Second, Visit: 64, Rate: rate,
	}
	run := func(what string, during time.Duration, ctx context.Context) {
		cpu, begin := s.cpu(), time.Now()
		got, err := load.Run(ctx, during)
		if err != nil && ctx.Err() == nil {
			b.Error(err)
			return
		}
		load.Start += 3_600_000 // later runs are no repetition
		if got == nil || got.Acked == 0 {
			b.Error("no fixes were acknowledged", what)
			return
		}
		b.ReportMetric(got.Quantile(0.5).Seconds()*1000, what+"-ack-p50-ms")
		b.ReportMetric(got.Quantile(0.99).Seconds()*1000, what+"-ack-p99-ms")
		b.ReportMetric(float64(got.Acked)/got.Took.Seconds(), what+"-fixes/s")
		b.ReportMetric((s.cpu()-cpu)/time.Since(begin).Seconds(), what+"-cores")
	}
	for range b.N {
		run("alone", 10*time.Second, b.Context())
		// The trackers go on for as long as the import takes.
		over := make(chan struct{})
		go func() {
			defer close(over)
			run("import", 15*time.Second, b.Context())
		}()
		cpu, begin := s.cpu(), time.Now()
		api.importDevices(customers, rows, func(i int) string { return fmt.Sprintf("87%013d", i) })
		b.ReportMetric(time.Since(begin).Seconds(), "import-s")
		<-over
		b.ReportMetric(s.cpu()-cpu, "import-cpu-s")
	}
	b.ReportMetric(0, "ns/op")
}

// importDevices uploads a file of so many devices and waits until all are in.
func (c *client) importDevices(customers, rows int, identity func(int) string) {
	c.t.Helper()
	var file bytes.Buffer
	file.WriteString("name,uniqueId,customer,plate,model,phone\n")
	for i := range rows {
		fmt.Fprintf(&file, "Truck %d,%s,C%d,%s,FMB920,+57300%07d\n", i, identity(i), i%customers, figurePlate(i), i)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.base+"/bulk/devices/imports", &file)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/csv")
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusAccepted {
		c.t.Fatalf("import: %d %s %v", resp.StatusCode, text, err)
	}
	for {
		j := c.get("/jobs")["items"].([]any)[0].(body)
		if j["state"] == "done" {
			if made := j["counts"].(body)["created"]; made != float64(rows) {
				c.t.Fatalf("%v of %d devices were made: %v", made, rows, j)
			}
			return
		}
		if j["state"] == "failed" {
			c.t.Fatalf("the import failed: %v", j)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
