package fleet

import (
	"slices"
	"strings"
)

// Attr is one named reading of a report beside its fixed fields.
type Attr struct {
	Key   string
	Value Value
}

// ValueKind says which Go value a Value holds.
type ValueKind uint8

// The kinds of value. The numbers are stored; append only.
const (
	NoValue ValueKind = iota
	BoolValue
	IntValue
	FloatValue
	TextValue
)

// Value is a boolean, an integer, a finite number or a text.
type Value struct {
	Kind  ValueKind
	Int   int64   // IntValue; 0 or 1 for BoolValue
	Float float64 // FloatValue
	Text  string  // TextValue
}

// Bool, Int, Float and Text make values.
func Bool(v bool) Value {
	if v {
		return Value{Kind: BoolValue, Int: 1}
	}
	return Value{Kind: BoolValue}
}

// Int makes an integer value.
func Int(v int64) Value { return Value{Kind: IntValue, Int: v} }

// Float makes a number value.
func Float(v float64) Value { return Value{Kind: FloatValue, Float: v} }

// Text makes a text value.
func Text(v string) Value { return Value{Kind: TextValue, Text: v} }

// Attrs are readings sorted by key, each key once. SortAttrs makes any list so.
type Attrs []Attr

// SortAttrs sorts by key, in place, and keeps the last of equal keys.
func SortAttrs(a Attrs) Attrs {
	slices.SortStableFunc(a, func(x, y Attr) int { return strings.Compare(x.Key, y.Key) })
	out := a[:0]
	for i := range a {
		if i+1 < len(a) && a[i+1].Key == a[i].Key {
			continue
		}
		out = append(out, a[i])
	}
	return out
}

// Get is the value under key.
func (a Attrs) Get(key string) (Value, bool) {
	for i := range a {
		if a[i].Key == key {
			return a[i].Value, true
		}
	}
	return Value{}, false
}

// The attribute vocabulary, shared by every protocol. A reading without a name
// here keeps the protocol's own number as io<N>.
const (
	AttrBattery      = "battery"      // percent, 0..100
	AttrBatteryVolts = "batteryVolts" // V, the tracker's own battery
	AttrPower        = "power"        // V, external supply
	AttrCharging     = "charging"     // bool
	AttrGSM          = "gsm"          // signal, 0 (none) .. 5 (full), or as the protocol scales it
	AttrGSMdBm       = "gsmDbm"       // signal in dBm
	AttrMotion       = "motion"       // bool
	AttrDoor         = "door"         // bool, open
	AttrBlocked      = "blocked"      // bool, engine cut off
	AttrArmed        = "armed"        // bool
	AttrEngineHours  = "engineHours"  // hours
	AttrTrip         = "trip"         // metres since the trip began
	AttrFuel         = "fuel"         // percent
	AttrFuelLitres   = "fuelLitres"   // litres
	AttrRPM          = "rpm"          // 1/min
	AttrTemperature  = "temperature"  // degrees C; temperature2.. for further sensors
	AttrHumidity     = "humidity"     // percent
	AttrPDOP         = "pdop"
	AttrVDOP         = "vdop"
	AttrDriver       = "driver"   // identity of a key fob or card
	AttrEvent        = "event"    // the protocol's event code
	AttrStatus       = "status"   // the protocol's status bits
	AttrCellMCC      = "mcc"      // mobile country code
	AttrCellMNC      = "mnc"      // mobile network code
	AttrCellLAC      = "lac"      // location area
	AttrCellID       = "cell"     // cell identity
	AttrICCID        = "iccid"    // SIM serial number
	AttrIMSI         = "imsi"     //
	AttrVIN          = "vin"      //
	AttrVersion      = "firmware" //
	AttrAnswer       = "answer"   // a tracker's reply to a command
	AttrInput        = "input"    // digital inputs as bits; input1.. for single ones
	AttrOutput       = "output"   // digital outputs as bits
	AttrADC          = "adc"      // adc1.. analogue inputs, V
	AttrActivity     = "activity" // still, walking, driving ... of a phone
	AttrAxisX        = "axisX"    // g, likewise axisY and axisZ
)
