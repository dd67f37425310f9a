package fleet

import "strings"

// EventCode names what may happen to a device, as catalogues and event plans
// write it: "enter", "offline", or, of what a tracker itself reports,
// "alarm.sos". Corrections have none: whoever was told of an event is told.
type EventCode string

const alarmCode = "alarm."

// EventCodes are all of them, in the order in which screens list them.
func EventCodes() []EventCode {
	var all []EventCode
	for _, k := range EventKinds() {
		if k != Alarm && k != Correction {
			all = append(all, EventCode(k.String()))
		}
	}
	return append(all, AlarmCodes(^Alarms(0))...)
}

// AlarmCodes are the codes of a set of alarms, lowest bit first.
func AlarmCodes(a Alarms) (codes []EventCode) {
	for _, name := range a.Names() {
		codes = append(codes, EventCode(alarmCode+name))
	}
	return codes
}

// Code is the code of what an event is, "" for a correction.
func (e *Event) Code() EventCode {
	switch e.Kind {
	case Alarm:
		return EventCode(alarmCode + e.Alarms.String())
	case Correction:
		return ""
	}
	return EventCode(e.Kind.String())
}

// Parse gives the kind that a code names, and the alarm where that is Alarm.
func (c EventCode) Parse() (EventKind, Alarms, error) {
	if name, ok := strings.CutPrefix(string(c), alarmCode); ok && name != "" && !strings.Contains(name, ",") {
		a, err := ParseAlarms(name)
		return Alarm, a, err
	}
	var k EventKind
	if err := k.UnmarshalText([]byte(c)); err != nil || k == Alarm || k == Correction {
		return 0, 0, Errorf(Invalid, "%q is no kind of event", string(c))
	}
	return k, 0, nil
}

// Name is what the event is called, in all languages; empty for no code of ours.
func (c EventCode) Name() Phrase { return eventNames[c] }

// Severity is how grave the event is unless a catalogue says otherwise.
func (c EventCode) Severity() Severity {
	kind, alarm, err := c.Parse()
	switch {
	case err != nil:
		return InfoSeverity
	case kind == Alarm && alarm&CriticalAlarms != 0:
		return CriticalSeverity
	case kind == Alarm && alarm&(PowerOn|PowerOff|PowerRestored|IdleAlarm|LockAlarm|UnlockAlarm|ParkingAlarm|LoadingAlarm|FootBrake) != 0, kind == Moving, kind == Stopped, kind == Online:
		return InfoSeverity
	case kind == Alarm && alarm&(LowBattery|LowPower|Vibration|Movement|Fatigue|FuelLeak|DoorOpen|Bonnet) != 0, kind == Offline, kind == Overstay, kind == Absent, kind == Speeding:
		return MajorSeverity
	}
	return MinorSeverity
}

// Severity says how grave an event is.
type Severity string

// The severities, the gravest first.
const (
	CriticalSeverity Severity = "critical"
	MajorSeverity    Severity = "major"
	MinorSeverity    Severity = "minor"
	InfoSeverity     Severity = "info"
)

// Select gives the kinds and alarms that codes name, as a [Notification] has
// them: kinds rising, each once.
func Select(codes []EventCode) (kinds []EventKind, alarms Alarms, err error) {
	var has [len(eventKindNames)]bool
	for _, c := range codes {
		k, a, err := c.Parse()
		if err != nil {
			return nil, 0, err
		}
		has[k], alarms = true, alarms|a
	}
	for _, k := range EventKinds() {
		if has[k] {
			kinds = append(kinds, k)
		}
	}
	return kinds, alarms, nil
}

// validCodes refuses codes that name nothing, or one twice.
func validCodes(field string, codes []EventCode) error {
	seen := map[EventCode]bool{}
	for _, c := range codes {
		if _, _, err := c.Parse(); err != nil {
			return FieldError(field, "%q is no kind of event", string(c))
		}
		if seen[c] {
			return FieldError(field, "names %q twice", string(c))
		}
		seen[c] = true
	}
	return nil
}
