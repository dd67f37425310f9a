package teltonika

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"github.com/vigia-track/vigia/engine/fleet"
)

func float32bits(v uint32) float64 { return float64(math.Float32frombits(v)) }

// kind is how an element's number is to be read.
type kind uint8

const (
	asInt    kind = iota // unsigned
	asSigned             // two's complement of its size
	asBool
	asHex // a key or card
)

// element is what an AVL ID means (Teltonika wiki, "FMB AVL ID", which the
// other families share for these).
type element struct {
	name  string
	kind  kind
	scale float64 // 0: the plain number
}

var elements = map[int]element{
	1:   {"input1", asBool, 0},
	2:   {"input2", asBool, 0},
	3:   {"input3", asBool, 0},
	4:   {"input4", asBool, 0},
	9:   {"adc1", asInt, 0.001},
	10:  {"adc2", asInt, 0.001},
	11:  {"adc3", asInt, 0.001},
	12:  {"fuelUsed", asInt, 0.001},         // litres
	13:  {"fuelConsumption", asInt, 0.01},   // litres per 100 km
	17:  {"axisX", asSigned, 0.001},         // g
	18:  {"axisY", asSigned, 0.001},         // g
	19:  {"axisZ", asSigned, 0.001},         // g
	21:  {fleet.AttrGSM, asInt, 0},          // 0..5
	25:  {"bleTemperature1", asSigned, .01}, // degrees C
	26:  {"bleTemperature2", asSigned, .01},
	27:  {"bleTemperature3", asSigned, .01},
	28:  {"bleTemperature4", asSigned, .01},
	30:  {"faults", asInt, 0},
	31:  {"engineLoad", asInt, 0},
	32:  {"coolantTemperature", asSigned, 0},
	36:  {fleet.AttrRPM, asInt, 0},
	37:  {"obdSpeed", asInt, 0},
	48:  {fleet.AttrFuel, asInt, 0},
	66:  {fleet.AttrPower, asInt, 0.001},
	67:  {fleet.AttrBatteryVolts, asInt, 0.001},
	68:  {"batteryCurrent", asInt, 0.001}, // A
	69:  {"gnss", asInt, 0},
	72:  {"temperature1", asSigned, 0.1},
	73:  {"temperature2", asSigned, 0.1},
	74:  {"temperature3", asSigned, 0.1},
	75:  {"temperature4", asSigned, 0.1},
	78:  {fleet.AttrDriver, asHex, 0},
	80:  {"dataMode", asInt, 0},
	86:  {"bleHumidity1", asInt, 0.1},
	104: {"bleHumidity2", asInt, 0.1},
	106: {"bleHumidity3", asInt, 0.1},
	108: {"bleHumidity4", asInt, 0.1},
	113: {fleet.AttrBattery, asInt, 0},
	179: {"output1", asBool, 0},
	180: {"output2", asBool, 0},
	181: {fleet.AttrPDOP, asInt, 0.1},
	199: {fleet.AttrTrip, asInt, 0},
	200: {"sleepMode", asInt, 0},
	205: {fleet.AttrCellID, asInt, 0},
	206: {fleet.AttrCellLAC, asInt, 0},
	207: {"rfid", asHex, 0},
	238: {"userId", asHex, 0},
	240: {fleet.AttrMotion, asBool, 0},
	241: {"operator", asInt, 0},
	403: {"driverName", asHex, 0},
}

// alarms are the elements whose event tells of trouble; green driving (253)
// says which in its value.
var alarms = map[int]fleet.Alarms{
	236: fleet.GeneralAlarm,
	246: fleet.Tow,
	247: fleet.Accident,
	249: fleet.Jamming,
	252: fleet.PowerCut,
	255: fleet.Overspeed,
	318: fleet.Jamming,
}

var greenDriving = map[uint64]fleet.Alarms{
	1: fleet.HardAcceleration, 2: fleet.HardBraking, 3: fleet.HardCornering,
}

// ownFence are the elements of the tracker's own fences: zones 1 to 9, and the
// one that it draws around itself when parked (wiki, "Eventual I/O elements").
// Unlike with other alarms their 0 says something.
var ownFence = map[int]bool{
	61: true, 62: true, 63: true, 64: true, 155: true, 156: true, 157: true, 158: true, 159: true, 175: true,
}

var ownFenceAlarms = map[uint64]fleet.Alarms{0: fleet.GeofenceExit, 1: fleet.GeofenceEnter, 3: fleet.Overspeed}

// element takes one number over. An alarm is raised only by the record whose
// event it is: the same element in later records is a state.
func (c *Codec) element(p *fleet.Report, id int, v uint64, size int, isEvent bool) {
	switch id {
	case 16:
		p.SetOdometer(float64(v))
		return
	case 182:
		p.SetHDOP(float64(v) / 10)
		return
	case 239:
		p.SetIgnition(v != 0)
		return
	}
	if isEvent && ownFence[id] {
		p.Alarms |= ownFenceAlarms[v]
	}
	if isEvent && v != 0 {
		p.Alarms |= alarms[id]
		if id == 253 {
			p.Alarms |= greenDriving[v]
		}
	}
	e, known := elements[id]
	if !known {
		c.add(elementKey(id), fleet.Int(int64(v)))
		return
	}
	switch e.kind {
	case asBool:
		c.add(e.name, fleet.Bool(v != 0))
	case asHex:
		if v != 0 {
			c.add(e.name, fleet.Text(fmt.Sprintf("%0*x", 2*size, v)))
		}
	default:
		n := int64(v)
		if e.kind == asSigned {
			shift := 64 - 8*size
			n = int64(v<<shift) >> shift
		}
		if e.scale == 0 {
			c.add(e.name, fleet.Int(n))
		} else {
			c.add(e.name, fleet.Float(math.Round(float64(n)*e.scale*1e6)/1e6))
		}
	}
}

// long takes an element of any length over (codec 8 Extended).
func (c *Codec) long(id int, b []byte) {
	switch {
	case len(b) == 0:
	case id == 256:
		c.add(fleet.AttrVIN, fleet.Text(printable(b)))
	default:
		c.add(elementKey(id), fleet.Text(hex.EncodeToString(b)))
	}
}

// keys are the names of elements without one of their own.
var keys = func() (k [1024]string) {
	for i := range k {
		k[i] = "io" + strconv.Itoa(i)
	}
	return k
}()

func elementKey(id int) string {
	if id < len(keys) {
		return keys[id]
	}
	return "io" + strconv.Itoa(id)
}
