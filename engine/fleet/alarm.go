package fleet

import (
	"math/bits"
	"strings"
)

// Alarms is a set of what a tracker itself calls an alarm. The bits are stored:
// append only.
type Alarms uint64

// The alarms, one bit each.
const (
	SOS Alarms = 1 << iota
	PowerCut
	LowPower
	LowBattery
	Tamper
	Vibration
	Movement
	Tow
	Overspeed
	LowSpeed
	GeofenceAlarm // the tracker's own fence, entered or left
	GeofenceEnter
	GeofenceExit
	Accident
	FallDown
	HardAcceleration
	HardBraking
	HardCornering
	Jamming
	DoorOpen
	LockAlarm
	UnlockAlarm
	GPSAntennaCut
	Removing
	Fault
	PowerOn
	PowerOff
	PowerRestored
	IdleAlarm
	TemperatureAlarm
	FuelLeak
	Bonnet
	FootBrake
	LaneChange
	Fatigue
	GeneralAlarm
	HighRPM
	LoadingAlarm
	ParkingAlarm
)

// CriticalAlarms are those that quiet hours, caps and budgets never hold back:
// somebody asks for help, or somebody may be taking the vehicle.
const CriticalAlarms = SOS | PowerCut | Tamper | Accident | FallDown | Tow | Jamming | GPSAntennaCut | Removing

var alarmNames = [...]string{
	"sos", "powerCut", "lowPower", "lowBattery", "tamper", "vibration", "movement", "tow",
	"overspeed", "lowSpeed", "geofence", "geofenceEnter", "geofenceExit", "accident", "fallDown",
	"hardAcceleration", "hardBraking", "hardCornering", "jamming", "door", "lock", "unlock",
	"gpsAntennaCut", "removing", "fault", "powerOn", "powerOff", "powerRestored", "idle",
	"temperature", "fuelLeak", "bonnet", "footBrake", "laneChange", "fatigue", "general",
	"highRpm", "loading", "parking",
}

// Each calls yield with every single alarm of the set, lowest bit first.
func (a Alarms) Each(yield func(Alarms) bool) {
	for a != 0 {
		one := Alarms(1) << bits.TrailingZeros64(uint64(a))
		if !yield(one) {
			return
		}
		a &^= one
	}
}

// Names lists the names of the set's alarms.
func (a Alarms) Names() []string {
	var out []string
	for one := range a.Each {
		if i := bits.TrailingZeros64(uint64(one)); i < len(alarmNames) {
			out = append(out, alarmNames[i])
		}
	}
	return out
}

// String is the names with commas between, "" for none.
func (a Alarms) String() string { return strings.Join(a.Names(), ",") }

// ParseAlarms reads names with commas between.
func ParseAlarms(s string) (Alarms, error) {
	var a Alarms
next:
	for name := range strings.SplitSeq(s, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		for i := range alarmNames {
			if alarmNames[i] == name {
				a |= 1 << i
				continue next
			}
		}
		return 0, Errorf(Invalid, "%q is no alarm that Vigia knows", name)
	}
	return a, nil
}
