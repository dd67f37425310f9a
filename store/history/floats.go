package history

import (
	"math"
)

// A column of floats becomes integers in the coarsest unit in which every
// value comes back bit for bit, else the bits themselves: nothing is rounded,
// so that a track that is judged again is judged alike.
//
// The units are what trackers send: whole numbers, decimals, and knots with
// one or two decimals turned into km/h.
const (
	unitOne = iota
	unitTenth
	unitHundredth
	unitThousandth
	unitTenthKnot
	unitHundredthKnot
	unitBits
	units
)

// knot is the length of a nautical mile in km: what codecs multiply with.
const knot = 1.852

// inUnit is the number of units nearest to f.
func inUnit(f float64, unit int) float64 {
	switch unit {
	case unitTenth:
		f *= 10
	case unitHundredth:
		f *= 100
	case unitThousandth:
		f *= 1000
	case unitTenthKnot:
		f = f / knot * 10
	case unitHundredthKnot:
		f = f / knot * 100
	}
	return math.RoundToEven(f)
}

// fromUnit is the float64 of n units.
func fromUnit(n int64, unit int) float64 {
	f := float64(n)
	switch unit {
	case unitTenth:
		f /= 10
	case unitHundredth:
		f /= 100
	case unitThousandth:
		f /= 1000
	case unitTenthKnot:
		f = float64(f/10) * knot
	case unitHundredthKnot:
		f = float64(f/100) * knot
	}
	return f
}

const maxUnits = 1 << 52

// floats32 turns float32 values into integers, in scratch out, and names the unit.
func floats32(v []float32, out []int64) ([]int64, int) {
	for unit := range unitBits {
		out = out[:0]
		for _, f := range v {
			n := inUnit(float64(f), unit)
			if !(math.Abs(n) < maxUnits) ||
				math.Float32bits(float32(fromUnit(int64(n), unit))) != math.Float32bits(f) {
				break
			}
			out = append(out, int64(n))
		}
		if len(out) == len(v) {
			return out, unit
		}
	}
	out = out[:0]
	for _, f := range v {
		out = append(out, int64(math.Float32bits(f)))
	}
	return out, unitBits
}

func float32From(n int64, unit int) float32 {
	if unit == unitBits {
		return math.Float32frombits(uint32(n))
	}
	return float32(fromUnit(n, unit))
}

// floats64 is floats32 for float64.
func floats64(v []float64, out []int64) ([]int64, int) {
	for unit := range unitTenthKnot {
		out = out[:0]
		for _, f := range v {
			n := inUnit(f, unit)
			if !(math.Abs(n) < maxUnits) ||
				math.Float64bits(fromUnit(int64(n), unit)) != math.Float64bits(f) {
				break
			}
			out = append(out, int64(n))
		}
		if len(out) == len(v) {
			return out, unit
		}
	}
	out = out[:0]
	for _, f := range v {
		out = append(out, int64(math.Float64bits(f)))
	}
	return out, unitBits
}

func float64From(n int64, unit int) float64 {
	if unit == unitBits {
		return math.Float64frombits(uint64(n))
	}
	return fromUnit(n, unit)
}
