package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// BenchmarkFiguresLists asks a server with 100,000 customers and 1,000,000
// devices for pages of lists and for searches, over HTTP, one request after
// another, as people of three scopes.
func BenchmarkFiguresLists(b *testing.B) {
	s := startServer(b, b.TempDir(), serverOptions{})
	m := layDown(b, s)
	begin := time.Now()
	s = startServer(b, m.data, serverOptions{})
	company, platform, customer := s.as("ana@example.com"), s.as("root@example.com"), s.as("zoe@example.com")
	b.Logf("up after %.1f s, %.1f s of CPU, %.0f MB resident", time.Since(begin).Seconds(), s.cpu(), s.resident())
	random := rand.New(rand.NewPCG(1, 1))
	device := func() int { return random.IntN(len(m.customers) * figureDevices) }
	owner := func() string { return m.customers[random.IntN(len(m.customers))].String() }
	for _, q := range []struct {
		name string
		as   *client
		path func() string
	}{
		{"list/company/devices", company, func() string { return "/devices?limit=50&sort=name" }},
		{"list/company/devices-down", company, func() string { return "/devices?limit=50&sort=-plate&status=active" }},
		{"list/company/devices-of-one", company, func() string { return "/devices?limit=50&sort=name&owner=" + owner() }},
		{"list/company/customers", company, func() string { return "/customers?limit=50&sort=-created" }},
		{"list/company/suspended", company, func() string { return "/customers?limit=50&sort=name&status=suspended" }},
		{"list/company/customers-by-devices", company, func() string { return "/customers?limit=50&sort=-devices" }},
		{"list/platform/devices", platform, func() string { return "/devices?limit=50&sort=-name" }},
		{"list/platform/customers", platform, func() string { return "/customers?limit=50&sort=name" }},
		{"list/customer/devices", customer, func() string { return "/devices?limit=50&sort=name" }},
		{"search/company/name", company, func() string { return "/devices?limit=50&sort=name&search=truck+" + scattered(device()) }},
		{"search/company/imei", company, func() string { return "/devices?limit=50&search=" + benchUniqueID(device()) }},
		{"search/company/imei-end", company, func() string { return "/devices?limit=50&search=" + benchUniqueID(device())[8:] }},
		{"search/company/plate", company, func() string { return "/devices?limit=50&search=" + figurePlate(device()) }},
		{"search/company/two-letters", company, func() string { return "/devices?limit=50&sort=name&search=" + figurePlate(device())[:2] }},
		{"search/company/nothing", company, func() string { return "/devices?limit=50&search=elephant" }},
		{"search/company/customer", company, func() string {
			return "/customers?limit=50&search=" + url.QueryEscape(fmt.Sprintf("C%06d", device()/figureDevices))
		}},
		{"search/company/everything", company, func() string { return "/search?q=" + figurePlate(device()) }},
		{"search/platform/imei", platform, func() string { return "/devices?limit=50&search=" + benchUniqueID(device()) }},
		{"search/platform/everything", platform, func() string { return "/search?q=" + scattered(device()) }},
		{"search/customer/name", customer, func() string { return "/devices?limit=50&search=truck" }},
	} {
		b.Run(q.name, func(b *testing.B) {
			const requests = 200
			q.as.t = b
			var took []time.Duration
			for range b.N {
				for range 3 { // what stands in no cache yet
					q.as.want(http.MethodGet, q.path(), nil)
				}
				cpu := s.cpu()
				for range requests {
					path := q.path()
					begin := time.Now()
					q.as.want(http.MethodGet, path, nil)
					took = append(took, time.Since(begin))
				}
				b.ReportMetric((s.cpu()-cpu)*1000/requests, "cpu-ms/req")
			}
			b.ReportMetric(quantile(took, 0.5), "p50-ms")
			b.ReportMetric(quantile(took, 0.99), "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
