package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/sinks"
)

// What a script's server has around it: browsers, mailboxes and phones that take
// its messages, and trackers.

// flowGot waits until a sink has a message to somebody whose text matches, and
// sets $NAME to what the pattern's group matched. With !, none has come so far.
func flowGot(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 3 || len(args) == 4 && !neg, "[!] got mail|sms|push TO PATTERN [NAME]")
	f, re := flowOf(ts), regexp.MustCompile(args[2])
	messages := map[string]func() []sinks.Message{"mail": f.to.mail.Messages, "sms": f.to.sms.Messages, "push": f.to.push.Messages}[args[0]]
	usage(ts, messages != nil, "got mail|sms|push …")
	to := args[1]
	if args[0] == "push" {
		if to = f.phones[to]; to == "" {
			ts.Fatalf("%s has no browser", args[1])
		}
	}
	for range 300 { // half a minute, which only a failing test waits for
		for _, m := range messages() {
			found := re.FindStringSubmatch(m.Subject + "\n" + m.Text)
			if m.To != to || found == nil {
				continue
			}
			if neg {
				ts.Fatalf("%s got %q %q", args[1], m.Subject, m.Text)
			}
			if len(args) == 4 {
				ts.Setenv(args[3], found[1])
			}
			return
		}
		if neg {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	var seen strings.Builder
	for _, m := range messages() {
		fmt.Fprintf(&seen, "\nto %s: %q %q", m.To, m.Subject, m.Text)
	}
	ts.Fatalf("no %s to %s that matches %q:%s", args[0], args[1], args[2], seen.String())
}

// flowBrowser lets a browser of whoever speaks take push messages.
func flowBrowser(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 0, "browser")
	f := flowOf(ts)
	sub, err := f.to.push.Subscribe(0)
	ts.Check(err)
	b64 := base64.RawURLEncoding.EncodeToString
	in, err := json.Marshal(body{"endpoint": sub.Endpoint, "keys": body{"p256dh": b64(sub.P256DH), "auth": b64(sub.Auth)}})
	ts.Check(err)
	f.want(ts, []string{http.MethodPost, "/push/subscriptions", "201"}, "application/json", in)
	if f.phones == nil {
		f.phones = map[string]string{}
	}
	f.phones[f.who] = strings.TrimPrefix(sub.Endpoint, f.to.push.URL())
}

// flowClock sets $NAME to when the last tracker made a step, as a clock in a
// zone shows it.
func flowClock(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "clock NAME STEP ZONE")
	step, err := strconv.Atoi(args[1])
	ts.Check(err)
	zone, err := time.LoadLocation(args[2])
	ts.Check(err)
	at, ok := flowOf(ts).steps[step]
	if !ok {
		ts.Fatalf("no tracker has made step %d", step)
	}
	ts.Setenv(args[0], at.Std().In(zone).Format("15:04"))
}

// flowDrive lets a tracker report steps of its way from west to east: 0 is
// outside of a yard at 2.3° to 2.302° east, 1 inside, 2 outside. A step may
// come with an alarm, as 2:sos.
func flowDrive(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 1, "drive UNIQUE_ID STEP[:ALARM]...")
	f := flowOf(ts)
	if f.begun == 0 {
		f.begun = fleet.At(time.Now().Add(time.Second).Truncate(time.Second))
	}
	f.steps = map[int]fleet.Time{}
	for _, a := range args[1:] {
		number, alarm, _ := strings.Cut(a, ":")
		step, err := strconv.Atoi(number)
		ts.Check(err)
		alarms, err := fleet.ParseAlarms(alarm)
		ts.Check(err)
		f.steps[step] = f.begun + fleet.Time(step)*10*fleet.Second
		if !f.s.driveWith("h02", args[0], "", f.begun, step, alarms) {
			ts.Fatalf("step %d was not acknowledged", step)
		}
		f.begun += fleet.Second
	}
}
