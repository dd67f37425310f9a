package why

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/text"
)

// Write prints an explanation as plain text, times in a zone (nil: UTC). Fixes
// in a row that met the same are folded into one line.
func Write(out io.Writer, x *fleet.Explanation, id string, lang fleet.Lang, zone *time.Location) error {
	if zone == nil {
		zone = time.UTC
	}
	b := bufio.NewWriter(out)
	w := words{cat: in(lang), lang: lang, zone: zone, day: x.At}
	title := w.say("text.title", "device", x.Name, "id", id, "at", x.At.Std().In(zone).Format("2006-01-02 15:04:05 -07:00"))
	fmt.Fprintf(b, "%s, %s\n\n", title, w.say("text.window", "from", w.clock(x.From), "to", w.clock(x.To)))
	for _, s := range x.Summary {
		fmt.Fprintf(b, "  %s\n", s)
	}
	fmt.Fprintf(b, "\n%s\n", w.say("text.fixes"))
	if len(x.Fixes) == 0 {
		fmt.Fprintf(b, "  %s\n", w.say("text.fixes.none"))
	}
	for i := 0; i < len(x.Fixes); {
		n := fold(x.Fixes[i:], x.At)
		w.fixLines(b, x.Fixes[i:i+n])
		i += n
	}
	if x.More > 0 {
		fmt.Fprintf(b, "  %s\n", w.say("text.more", "n", strconv.Itoa(x.More)))
	}
	if len(x.Events) > 0 {
		fmt.Fprintf(b, "\n%s\n", w.say("text.events"))
	}
	for i := range x.Events {
		e := &x.Events[i]
		fmt.Fprintf(b, "  %s  %s  [%s]\n", w.clock(e.Time), e.What, e.ID)
		for _, s := range e.Say {
			fmt.Fprintf(b, "    %s\n", s)
		}
		for j := range e.Notices {
			n := &e.Notices[j]
			fmt.Fprintf(b, "    %s\n", w.say("text.notification", "name", n.Name, "say", n.Say))
			for k := range n.Deliveries {
				fmt.Fprintf(b, "      %s\n", n.Deliveries[k].Say)
			}
		}
	}
	return b.Flush()
}

// when is the time under which a fix is listed.
func when(f *fleet.ExplainedFix) fleet.Time {
	if f.Verdict != "" {
		return f.Received
	}
	return f.Time
}

// fold is how many of the first fixes met the same and changed nothing. The
// time asked about parts them.
func fold(fixes []fleet.ExplainedFix, at fleet.Time) int {
	first := &fixes[0]
	for n := 1; n < len(fixes); n++ {
		f := &fixes[n]
		if !alike(first, f) || when(first) <= at && when(f) > at {
			return n
		}
	}
	return len(fixes)
}

func alike(a, b *fleet.ExplainedFix) bool {
	quiet := func(f *fleet.ExplainedFix) bool {
		return len(f.Alarms) == 0 && !slices.ContainsFunc(f.Fences, func(l fleet.ExplainedLook) bool { return l.Open != 0 || l.Done != 0 || l.Speaks == "exit" })
	}
	if !quiet(a) || !quiet(b) || a.Outcome != b.Outcome || a.Verdict != b.Verdict || a.Late != b.Late ||
		!slices.Equal(a.Gates, b.Gates) || len(a.Fences) != len(b.Fences) {
		return false
	}
	for i := range a.Fences {
		x, y := &a.Fences[i], &b.Fences[i]
		if x.Fence != y.Fence || x.Judge != y.Judge || x.Was != y.Was || x.Is != y.Is || x.Speaks != y.Speaks || x.Need != y.Need {
			return false
		}
	}
	return true
}

// fixLines prints fixes that met the same, one or many.
func (w *words) fixLines(b *bufio.Writer, fixes []fleet.ExplainedFix) {
	f := &fixes[0]
	name := func(l *fleet.ExplainedLook) string {
		return w.say("text.fence", "name", l.Name, "preset", string(l.Preset), "judge", strconv.Itoa(int(l.Judge)))
	}
	if len(fixes) == 1 {
		fmt.Fprintf(b, "  %s  %s: %s\n", w.clock(when(f)), w.readings(f), f.Say)
		for i := range f.Fences {
			fmt.Fprintf(b, "    %s: %s\n", name(&f.Fences[i]), f.Fences[i].Say)
		}
		return
	}
	last := &fixes[len(fixes)-1]
	fmt.Fprintf(b, "  %s - %s  %s: %s\n", w.clock(when(f)), w.clock(when(last)), w.say("text.times", "n", strconv.Itoa(len(fixes))), w.gist(f, last))
	for i := range f.Fences {
		low, high := f.Fences[i].Edge, f.Fences[i].Edge
		for j := range fixes {
			low, high = min(low, fixes[j].Fences[i].Edge), max(high, fixes[j].Fences[i].Edge)
		}
		l := &f.Fences[i]
		still := w.say("look.still.outside")
		if l.Is {
			still = w.say("look.still.inside")
		}
		far := w.say("text.range", "a", w.edge(low, low <= 0), "b", w.edge(high, high <= 0))
		if a, c := metres(low), metres(high); a == c {
			far = w.edge(low, low <= 0)
		} else if low > 0 {
			far = w.say("edge.outside", "m", a+"–"+c)
		} else if high <= 0 {
			far = w.say("edge.inside", "m", c+"–"+a)
		}
		if l.Was && l.Speaks == "nothing" && l.Need > 0 && l.Moving {
			far += w.say("look.short", "need", metres(l.Need))
		} else if l.Was && l.Speaks == "nothing" && l.Need > 0 {
			far += w.say("look.short.parked", "need", metres(l.Need))
		}
		fmt.Fprintf(b, "    %s: %s%s\n", name(l), far, still)
	}
}

// gist is what two fixes of a fold say both, without what differs.
func (w *words) gist(a, b *fleet.ExplainedFix) string {
	switch {
	case a.Say == b.Say:
		return a.Say
	case a.Verdict != "":
		return w.say("why." + a.Verdict)
	}
	cut, _, _ := strings.Cut(a.Say, ";")
	return cut
}

// readings are what a fix says.
func (w *words) readings(f *fleet.ExplainedFix) string {
	out := fmt.Sprintf("%.6f, %.6f", f.Lat, f.Lon)
	if f.Speed != nil {
		out += fmt.Sprintf(", %.0f km/h", *f.Speed)
	}
	if f.Accuracy != nil {
		out += ", " + w.say("text.accuracy", "m", metres(float64(*f.Accuracy)))
	}
	for _, a := range f.Alarms {
		if name, ok := text.In(w.lang)["alarm."+a]; ok {
			a = name
		}
		out += ", " + w.say("text.alarm", "alarm", a)
	}
	if lag := f.Received - f.Time; f.Verdict == "" && f.Received != 0 && lag >= fleet.Second {
		out += ", " + w.say("text.arrived", "span", w.span(lag))
	}
	return out
}
