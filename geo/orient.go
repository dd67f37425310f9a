package geo

import "math"

// orient tells on which side of the line from a to b the point c lies: more
// than 0 to the left, less than 0 to the right, 0 exactly on it. Its sign is
// exact for coordinates in degrees (Shewchuk, Adaptive Precision Floating-Point
// Arithmetic, 1997: a filter, and the expanded determinant behind it).
func orient(ax, ay, bx, by, cx, cy float64) float64 {
	left := float64((ax - cx) * (by - cy))
	right := float64((ay - cy) * (bx - cx))
	det := left - right
	var sum float64
	switch {
	case left > 0:
		if right <= 0 {
			return det
		}
		sum = left + right
	case left < 0:
		if right >= 0 {
			return det
		}
		sum = -left - right
	default:
		// A difference of unequal doubles is never 0, so this left is exact
		// unless it underflowed; degrees are far from that.
		return det
	}
	if bound := float64(orientError * sum); det >= bound || -det >= bound {
		return det
	}
	return orientExact(ax, ay, bx, by, cx, cy)
}

// orientError is Shewchuk's ccwerrboundA, (3 + 16ε)ε with ε = 2^-53.
const orientError = (3 + 16*0x1p-53) * 0x1p-53

// orientExact sums the six products of the determinant without rounding:
// axby - axcy - cxby - aybx + aycx + cybx.
func orientExact(ax, ay, bx, by, cx, cy float64) float64 {
	var e expansion
	e.addProduct(ax, by)
	e.addProduct(-ax, cy)
	e.addProduct(-cx, by)
	e.addProduct(-ay, bx)
	e.addProduct(ay, cx)
	e.addProduct(cy, bx)
	return e.sign()
}

// expansion is a sum of doubles that do not overlap, smallest first.
type expansion struct {
	term [13]float64
	n    int
}

// addProduct adds a*b exactly. The fused operation is asked for by name, so it
// gives the same on every machine.
func (e *expansion) addProduct(a, b float64) {
	hi := float64(a * b)
	e.add(math.FMA(a, b, -hi))
	e.add(hi)
}

// add is Shewchuk's grow-expansion with zero elimination.
func (e *expansion) add(q float64) {
	n := 0
	for _, t := range e.term[:e.n] {
		s := q + t
		bb := s - q
		err := (q - (s - bb)) + (t - bb)
		if err != 0 {
			e.term[n] = err
			n++
		}
		q = s
	}
	if q != 0 {
		e.term[n] = q
		n++
	}
	e.n = n
}

// sign is the sum's sign: that of its largest term.
func (e *expansion) sign() float64 {
	if e.n == 0 {
		return 0
	}
	return e.term[e.n-1]
}
