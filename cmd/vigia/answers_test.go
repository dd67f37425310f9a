package main

import (
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/command"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// TestAnswersInAnotherOrder: a GT06 tracker that was busy answers two commands
// over one connection, the later one first, both long after the first was given
// up. Each answer comes to the command whose mark it has, whatever was sent
// last, and a tracker that gives no mark back answers what is out.
func TestAnswersInAnotherOrder(t *testing.T) {
	c := defaults()
	c.Data, c.Keep.MinFree = t.TempDir(), "1MB"
	c.Ingest = IngestConfig{GT06: "127.0.0.1:0", Idle: c.Ingest.Idle}
	c.MQTT.Listen = ""
	n, err := openNode(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.stop() })
	passed := atomic.Int64{} // milliseconds, on the clock by which commands are given up
	n.desk = command.New(command.Options{
		Book: n.admin.Commands(), Wake: func(d fleet.DeviceID) { n.doors.Load().server.Wake(d) },
		Now: func() fleet.Time { return fleet.At(time.Now()) + fleet.Time(passed.Load()) },
	})
	if err := n.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Apply(t.Context(), storyWorld()); err != nil {
		t.Fatal(err)
	}
	d, err := openDoors(t.Context(), doorOptions{Config: c, Sink: n.engine, Registry: n.registry, Orders: orders{n.desk}, Log: n.log, Metrics: n.metrics})
	if err != nil {
		t.Fatal(err)
	}
	n.doors.Store(d)

	tracker, err := net.Dial("tcp", d.open["gt06"])
	if err != nil {
		t.Fatal(err)
	}
	defer tracker.Close()
	say := func(frame []byte) {
		t.Helper()
		_ = tracker.SetDeadline(time.Now().Add(time.Minute))
		if _, err := tracker.Write(frame); err != nil {
			t.Fatal(err)
		}
	}
	hear := func() (text string, mark uint32) {
		t.Helper()
		for {
			frame := make([]byte, 3, 300)
			if _, err := io.ReadFull(tracker, frame); err != nil {
				t.Fatal(err)
			}
			frame = frame[:3+int(frame[2])+2]
			if _, err := io.ReadFull(tracker, frame[3:]); err != nil {
				t.Fatal(err)
			}
			if text, mark, ok := gt06.ReadCommand(frame); ok { // else a receipt
				return text, mark
			}
		}
	}
	send := func(text string) fleet.RecordID {
		t.Helper()
		made, err := n.desk.Send(fleet.Actor{}, fleet.Command{
			Head:   fleet.Head{Company: storyCompany, Owner: fleet.Owner(storyCompany)},
			Device: storyTruck, Want: fleet.CustomText, Text: text, Expires: fleet.At(time.Now()) + fleet.Hour,
		})
		if err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
	is := func(id fleet.RecordID, state fleet.CommandState, answer string) {
		t.Helper()
		waitFor(t, answer+" as the answer of a command that is "+string(state), func() bool {
			got, err := n.admin.Commands().Get(id)
			return err == nil && got.State == state && got.Answer == answer
		})
	}
	say(gt06.AppendLogin(nil, "990000862471854", 1))
	first, second := send("FIRST#"), send("SECOND#")
	text, markOfFirst := hear()
	if text != "FIRST#" {
		t.Fatal(text)
	}
	passed.Add(int64(fleet.CommandWait)) // nobody answers, so the second goes out
	text, markOfSecond := hear()
	if text != "SECOND#" || markOfFirst == markOfSecond {
		t.Fatal(text, markOfFirst, markOfSecond)
	}
	is(first, fleet.CommandUnanswered, "")
	say(gt06.AppendAnswer(nil, "to the first", markOfFirst, 2))
	is(first, fleet.CommandAnswered, "to the first")
	is(second, fleet.CommandSent, "")
	say(gt06.AppendAnswer(nil, "to the second", markOfSecond, 3))
	is(second, fleet.CommandAnswered, "to the second")

	third, fourth := send("THIRD#"), send("FOURTH#")
	_, markOfThird := hear()
	passed.Add(int64(fleet.CommandWait))
	_, markOfFourth := hear()
	say(gt06.AppendAnswer(nil, "to the fourth", markOfFourth, 4))
	is(fourth, fleet.CommandAnswered, "to the fourth")
	say(gt06.AppendAnswer(nil, "to the third", markOfThird, 5))
	is(third, fleet.CommandAnswered, "to the third")
	say(gt06.AppendAnswer(nil, "once more", markOfThird, 6))

	fifth := send("FIFTH#")
	hear()
	say(gt06.AppendAnswer(nil, "of no mark", 0, 7))
	is(fifth, fleet.CommandAnswered, "of no mark")
	is(third, fleet.CommandAnswered, "to the third")
}
