package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/vigia-track/vigia/engine/fleet"
)

// flow is what a script of testdata/script knows of its server: who speaks to
// it, and what it said last.
type flow struct {
	t      testscript.T
	s      *server
	to     *demoSinks
	tokens map[string]string // by the name of a person
	who    string            // speaks next; nobody: anonymous
	lang   string            // of its browser
	header http.Header       // of its next request
	status int               // of the last answer
	text   []byte
	begun  fleet.Time         // when the first tracker set out
	steps  map[int]fleet.Time // when the last tracker made them
	phones map[string]string  // endpoints of people's browsers at the push service, by name
	ahead  int                // days that the next server's clock is ahead
}

type flowKey struct{}

// flowOf gives a script its flow.
func flowOf(ts *testscript.TestScript) *flow { return ts.Value(flowKey{}).(*flow) }

// flowCommands are the commands of a script that is about people: they call
// the API of a real server, whose mail, SMS and push go to real sinks.
var flowCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"server": flowServer, "end": flowEnd, "as": flowAs, "lang": flowLang, "signin": flowSignIn, "header": flowHeader,
	"api": flowAPI, "upload": flowUpload, "until": flowWait, "has": flowHas, "count": flowCount, "holds": flowHolds,
	"keep": flowKeep, "save": flowSave, "edit": flowEdit, "got": flowGot, "drive": flowDrive, "proves": flowProves,
	"ahead": flowAhead, "take": flowTake, "date": flowDate,
	"browser": flowBrowser, "clock": flowClock, "rows": flowRows, "workbooks": flowWorkbooks,
}

func usage(ts *testscript.TestScript, ok bool, text string) {
	if !ok {
		ts.Fatalf("usage: %s", text)
	}
}

// flowServer starts a server, or starts it again; $SETUP is the secret of its link.
func flowServer(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0, "server DATA_DIR [KEY=VALUE...]")
	f := flowOf(ts)
	if f.to == nil {
		to, err := openSinks()
		ts.Check(err)
		ts.Defer(func() { _ = to.close() })
		f.to, f.tokens = to, map[string]string{}
	}
	f.s = startServer(f.t.(testing.TB), ts.MkAbs(args[0]), serverOptions{sinks: f.to, set: args[1:], ahead: f.ahead})
	ts.Setenv("SETUP", f.s.token)
}

// flowAhead moves the clock of servers that are started from then on.
func flowAhead(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "ahead DAYS")
	var err error
	flowOf(ts).ahead, err = strconv.Atoi(args[0])
	ts.Check(err)
}

// flowDate sets $NAME to a date so many days from now on, YYYY-MM-DD if no
// layout says else.
func flowDate(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 2 || len(args) == 3), "date NAME DAYS [LAYOUT]")
	days, err := strconv.Atoi(args[1])
	ts.Check(err)
	layout := time.DateOnly
	if len(args) == 3 {
		layout = args[2]
	}
	ts.Setenv(args[0], time.Now().UTC().AddDate(0, 0, days).Format(layout))
}

// flowTake sets $NAME to what a group of a pattern matched in what the last
// command printed.
func flowTake(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "take NAME PATTERN")
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("%q is not in %q", args[1], ts.ReadFile("stdout"))
	}
	ts.Setenv(args[0], found[1])
}

// flowEnd ends the server: in order, after which its data is whole, or with kill -9.
func flowEnd(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1 && (args[0] == "term" || args[0] == "kill"), "end term|kill")
	s := flowOf(ts).s
	if args[0] == "kill" {
		s.kill()
		return
	}
	s.term()
	s.check()
}

func flowAs(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 1 || len(args) == 2), "as NAME [TOKEN]")
	f := flowOf(ts)
	if f.who = args[0]; len(args) == 2 {
		f.tokens[f.who] = args[1]
	}
	if f.who != "nobody" && f.tokens[f.who] == "" {
		ts.Fatalf("%s has not signed in", f.who)
	}
}

func flowLang(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "lang CODE")
	flowOf(ts).lang = args[0]
}

// flowSignIn signs somebody in, who speaks from then on.
func flowSignIn(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "signin NAME LOGIN PASSWORD")
	f := flowOf(ts)
	f.who = "nobody"
	in, err := json.Marshal(body{"username": args[1], "password": args[2]})
	ts.Check(err)
	f.do(ts, http.MethodPost, "/login", "application/json", in)
	if f.status != http.StatusCreated {
		ts.Fatalf("signing %s in: %d %s", args[0], f.status, f.text)
	}
	f.who = args[0]
	f.tokens[f.who], _ = f.field(ts, "token")
}

func flowHeader(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "header NAME VALUE")
	flowOf(ts).header.Set(args[0], args[1])
}

// flowAPI sends one request and wants a status. The body is JSON or a file's
// name; its $NAMEs are filled in.
func flowAPI(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 3 || len(args) == 4), "api METHOD PATH STATUS [JSON|FILE]")
	var in []byte
	if len(args) == 4 {
		text := args[3]
		if !strings.HasPrefix(text, "{") {
			text = ts.ReadFile(text)
		}
		in = []byte(os.Expand(text, ts.Getenv))
	}
	flowOf(ts).want(ts, args, "application/json", in)
}

func flowUpload(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "upload PATH STATUS FILE")
	in := os.Expand(ts.ReadFile(args[2]), ts.Getenv)
	flowOf(ts).want(ts, []string{http.MethodPost, args[0], args[1]}, "application/octet-stream", []byte(in))
}

func (f *flow) want(ts *testscript.TestScript, args []string, kind string, in []byte) {
	f.do(ts, args[0], args[1], kind, in)
	if strconv.Itoa(f.status) != args[2] {
		ts.Fatalf("%s %s by %s: %d %s\nsent: %s", args[0], args[1], f.who, f.status, f.text, in)
	}
}

func (f *flow) do(ts *testscript.TestScript, method, path, kind string, in []byte) {
	req, err := http.NewRequest(method, f.s.url+"/api/v1"+path, bytes.NewReader(in))
	ts.Check(err)
	if len(f.header) > 0 {
		req.Header = f.header
	}
	f.header = http.Header{}
	req.Header.Set("Accept-Language", f.lang)
	if in != nil {
		req.Header.Set("Content-Type", kind)
	}
	if f.who != "nobody" {
		req.Header.Set("Authorization", "Bearer "+f.tokens[f.who])
	}
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer func() { _ = resp.Body.Close() }()
	f.text, err = io.ReadAll(resp.Body)
	ts.Check(err)
	f.status = resp.StatusCode
}

// flowWait reads a path until a field has a value.
func flowWait(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "until PATH FIELD VALUE")
	f := flowOf(ts)
	for range 600 { // a minute, which only a failing test waits for
		f.do(ts, http.MethodGet, args[0], "", nil)
		if v, ok := f.field(ts, args[1]); ok && v == args[2] {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("%s: %s is not %s after a minute: %d %s", args[0], args[1], args[2], f.status, f.text)
}

// field is a field of the last answer, such as items.0.name.
func (f *flow) field(ts *testscript.TestScript, path string) (string, bool) {
	in := json.NewDecoder(bytes.NewReader(f.text))
	in.UseNumber()
	var v any
	if err := in.Decode(&v); err != nil {
		ts.Fatalf("the answer is no JSON: %d %s", f.status, f.text)
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case body:
			v = x[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(x) {
				return "", false
			}
			v = x[i]
		default:
			return "", false
		}
	}
	switch x := v.(type) {
	case nil:
		return "", false
	case string:
		return x, true
	case json.Number:
		return x.String(), true
	}
	b, err := json.Marshal(v)
	ts.Check(err)
	return string(b), true
}

// flowHas wants a field, with a value if one is named.
func flowHas(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 1 || len(args) == 2, "[!] has FIELD [VALUE]")
	f := flowOf(ts)
	v, ok := f.field(ts, args[0])
	if ok && len(args) == 2 {
		ok = v == args[1]
	}
	if ok == neg {
		ts.Fatalf("%s is %q: %s", args[0], v, f.text)
	}
}

func flowCount(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "count FIELD N")
	f := flowOf(ts)
	v, _ := f.field(ts, args[0])
	var all []json.RawMessage
	ts.Check(json.Unmarshal([]byte(v), &all))
	if strconv.Itoa(len(all)) != args[1] {
		ts.Fatalf("%d in %s: %s", len(all), args[0], f.text)
	}
}

func flowHolds(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 1, "[!] holds TEXT")
	if f := flowOf(ts); bytes.Contains(f.text, []byte(args[0])) == neg {
		ts.Fatalf("the answer: %d %s", f.status, f.text)
	}
}

// flowKeep sets $NAME to a field of the last answer.
func flowKeep(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "keep NAME FIELD")
	f := flowOf(ts)
	v, ok := f.field(ts, args[1])
	if !ok {
		ts.Fatalf("no %s in %s", args[1], f.text)
	}
	ts.Setenv(args[0], v)
}

func flowSave(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "save FILE")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), flowOf(ts).text, 0o600))
}

// flowEdit replaces a text of a file, as a person in a spreadsheet would.
func flowEdit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "edit FILE OLD NEW")
	text := ts.ReadFile(args[0])
	if strings.Count(text, args[1]) != 1 {
		ts.Fatalf("%s holds %q not once:\n%s", args[0], args[1], text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o600))
}

// flowProves reports requirements as a test of their own, which passes: the
// script has come so far.
func flowProves(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 0 && len(args) <= 3, "proves ID [ID [ID]]")
	flowOf(ts).t.Run(strings.Join(args, "/"), func(t testscript.T) { t.Log(fmt.Sprint(ts.Name(), " came here")) })
}
