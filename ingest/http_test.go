package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// queryCodec reads ?id=<identity>&t=<ms>, made for these tests.
type queryCodec struct{}

func (queryCodec) DecodeRequest(s *ingest.Session, r *ingest.Request) (ingest.Response, error) {
	q := r.URL.Query()
	s.UniqueID = q.Get("id")
	ms, err := strconv.ParseInt(q.Get("t"), 10, 64)
	if err != nil {
		return ingest.Response{}, wordError("time")
	}
	s.Add(fleet.FileReplay).Fix = fleet.Time(ms)
	return ingest.Response{Status: http.StatusOK, Body: []byte("thanks")}, nil
}

func queries(name string) ingest.Protocol {
	return ingest.Protocol{Name: name, ID: fleet.FileReplay, HTTP: queryCodec{}}
}

func get(t *testing.T, url string, body io.Reader) (int, string, http.Header) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Post(url, "text/plain", body)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text), res.Header
}

func TestHTTPAnswersAfterAccept(t *testing.T) {
	s, b, set := start(t, ingest.Limits{Body: 100})
	addr, err := s.ListenHTTP(t.Context(), "127.0.0.1:0", queries("query"))
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + addr.String()
	for _, c := range []struct {
		name, query, body string
		status            int
	}{
		{"stored", "?id=d7&t=5", "", http.StatusOK},
		{"unreadable", "?id=d7&t=x", "", http.StatusBadRequest},
		{"stranger", "?id=nobody&t=5", "", http.StatusForbidden},
		{"nobody", "?t=5", "", http.StatusBadRequest},
		{"body too long", "?id=d7&t=6", strings.Repeat("x", 101), http.StatusRequestEntityTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, text, _ := get(t, base+c.query, strings.NewReader(c.body)); status != c.status {
				t.Errorf("status %d (%s), want %d", status, text, c.status)
			}
		})
	}
	b.fail(errors.New("disk full"))
	status, _, header := get(t, base+"?id=d7&t=9", nil)
	if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		t.Errorf("without storage: status %d, Retry-After %q", status, header.Get("Retry-After"))
	}
	if got := b.fixes(); !slices.Equal(got, []string{"7@5"}) {
		t.Errorf("stored %v", got)
	}
	if len(b.told()) != 1 || b.told()[0].UniqueID != "nobody" {
		t.Errorf("told of %+v", b.told())
	}
	wantCounts(t, set, "frames", map[string]string{
		`frames_total{proto="query",result="accepted"}`:                        "1",
		`frames_total{proto="query",result="rejected",reason="time"}`:          "1",
		`frames_total{proto="query",result="rejected",reason="unknownDevice"}`: "1",
		`frames_total{proto="query",result="rejected",reason="noIdentity"}`:    "1",
		`frames_total{proto="query",result="rejected",reason="oversize"}`:      "1",
		`frames_total{proto="query",result="rejected",reason="notStored"}`:     "1",
	})
}

// mumble serves connections as a broker would, for these tests: it answers the
// first 6 bytes with their length.
type mumble struct{}

func (mumble) ServeConn(_ context.Context, c net.Conn) string {
	b := make([]byte, 6)
	n, err := io.ReadFull(c, b)
	if err != nil {
		return "short"
	}
	_, _ = fmt.Fprintf(c, "%d", n)
	_, _ = c.Read(b)
	return "peer"
}

func TestSharedPortDetectsAndReplays(t *testing.T) {
	s, b, set := start(t, ingest.Limits{})
	word := words()
	word.Detect = func(first []byte) ingest.Match {
		if first[0] == 'L' {
			return ingest.Yes
		}
		return ingest.No
	}
	own := queries("own")
	own.Claims = func(r *ingest.Request) bool { return r.URL.Path == "/own" }
	addr, err := s.ListenShared(t.Context(), "127.0.0.1:0", ingest.Shared{
		Streams: []ingest.Protocol{word}, HTTP: []ingest.Protocol{own, queries("query")}, MQTT: mumble{},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, addr.String())
	send(t, c, "L d1\nP 1\n")
	expect(t, c, "hi d1\nok 1\n")

	for _, path := range []string{"/", "/own"} {
		if status, text, _ := get(t, "http://"+addr.String()+path+"?id=d2&t=2", nil); status != http.StatusOK || text != "thanks" {
			t.Errorf("%s: %d %q", path, status, text)
		}
	}

	c = dial(t, addr.String())
	for _, one := range "\x10\x25\x00\x04MQ" { // byte by byte
		send(t, c, string(one))
	}
	expect(t, c, "6")

	c = dial(t, addr.String())
	send(t, c, "hello?")
	ended(t, c)

	if got := b.fixes(); !slices.Equal(got, []string{"1@1", "2@2", "2@2"}) {
		t.Errorf("stored %v", got)
	}
	got := counts(set)
	for _, key := range []string{
		`frames_total{proto="own",result="accepted"}`, `frames_total{proto="query",result="accepted"}`,
		`connections_closed_total{proto="shared",reason="undetected"}`,
	} {
		if got[key] != "1" {
			t.Errorf("%s is %q, want 1", key, got[key])
		}
	}
}
