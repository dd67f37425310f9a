package history

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// A column of integers is written in the shortest of these ways: the values as
// they are, their differences, or the differences of those, each as varints,
// bit-packed in frames, or run-length coded. The first byte says which.
const (
	shapeVarint = iota
	shapePacked
	shapeRuns
	shapes
)

const (
	orders     = 3 // of difference: 0, 1, 2
	frame      = 32
	constant   = orders * shapes // mode: all values equal the first
	maxColumns = 1 << 14         // values in a column at most
)

var errBlock = errors.New("history: the block is not in its form")

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }
func varintLen(u uint64) int  { return (9*bits.Len64(u|1) + 64) >> 6 } // a byte for each 7 bits begun

// ints encodes columns. It keeps scratch space for the next one.
type ints struct {
	diff [orders][]uint64
}

// append writes a column. An empty one takes no bytes. Orders of difference from
// least to most are tried.
func (c *ints) append(b []byte, v []int64, least, most int) []byte {
	if len(v) == 0 {
		return b
	}
	best, bestSize := constant, -1
	if !allEqual(v) {
		for order := least; order <= most; order++ {
			d := c.transform(v, order)
			for shape, size := range sizes(d, order) {
				if bestSize < 0 || size < bestSize {
					best, bestSize = order*shapes+shape, size
				}
			}
		}
	}
	b = append(b, byte(best))
	if best == constant {
		return binary.AppendUvarint(b, zigzag(v[0]))
	}
	order := best / shapes
	d := c.diff[order]
	switch best % shapes {
	case shapeVarint:
		for _, u := range d {
			b = binary.AppendUvarint(b, u)
		}
	case shapePacked:
		b = appendPacked(b, d, order)
	case shapeRuns:
		b = appendRuns(b, d)
	}
	return b
}

func allEqual(v []int64) bool {
	for _, x := range v {
		if x != v[0] {
			return false
		}
	}
	return true
}

// transform fills diff[order] with zigzagged differences; the first order
// values of it start the differences off. The arithmetic wraps.
func (c *ints) transform(v []int64, order int) []uint64 {
	d := c.diff[order][:0]
	var last, lastDelta int64
	for i, x := range v {
		y := x
		if order >= 1 {
			y = x - last
			last = x
		}
		if order == 2 {
			if i >= 1 { // the first value starts the first differences
				y, lastDelta = y-lastDelta, y
			}
		}
		d = append(d, zigzag(y))
	}
	c.diff[order] = d
	return d
}

// sizes is how many bytes each shape takes.
func sizes(d []uint64, order int) (size [shapes]int) {
	runs, last := uint64(0), ^d[0]
	for _, u := range d[:min(order, len(d))] {
		size[shapePacked] += varintLen(u)
	}
	for i := min(order, len(d)); i < len(d); i += frame {
		all := uint64(0)
		f := d[i:min(i+frame, len(d))]
		for _, u := range f {
			all |= u
		}
		size[shapePacked] += 1 + (len(f)*bits.Len64(all)+7)/8
	}
	for i, u := range d {
		n := varintLen(u)
		size[shapeVarint] += n
		if u == last {
			runs++
			continue
		}
		if i > 0 {
			size[shapeRuns] += varintLen(runs)
		}
		size[shapeRuns] += n
		runs, last = 0, u
	}
	size[shapeRuns] += varintLen(runs)
	return size
}

// appendRuns writes pairs of a value and how often it comes again.
func appendRuns(b []byte, d []uint64) []byte {
	for i := 0; i < len(d); {
		n := 1
		for i+n < len(d) && d[i+n] == d[i] {
			n++
		}
		b = binary.AppendUvarint(b, d[i])
		b = binary.AppendUvarint(b, uint64(n-1))
		i += n
	}
	return b
}

// appendPacked writes the leading values as varints, then frames of a width in
// bits and that many bits a value, lowest first.
func appendPacked(b []byte, d []uint64, order int) []byte {
	for _, u := range d[:min(order, len(d))] {
		b = binary.AppendUvarint(b, u)
	}
	for d = d[min(order, len(d)):]; len(d) > 0; {
		n := min(frame, len(d))
		all := uint64(0)
		for _, u := range d[:n] {
			all |= u
		}
		width := bits.Len64(all)
		b = append(b, byte(width))
		acc, have := uint64(0), 0
		for _, u := range d[:n] {
			acc |= u << have
			have += width
			if have >= 64 {
				b = binary.LittleEndian.AppendUint64(b, acc)
				have -= 64
				acc = u >> (width - have) // 0 if have is 0 and width 64
			}
		}
		for ; have > 0; have -= 8 {
			b = append(b, byte(acc))
			acc >>= 8
		}
		d = d[n:]
	}
	return b
}

// readInts reads a column of n values into v[:0] and gives what follows it.
func readInts(p []byte, v []int64, n int) (out []int64, rest []byte, err error) {
	v = v[:0]
	if n == 0 {
		return v, p, nil
	}
	if n > maxColumns || len(p) == 0 || p[0] > constant {
		return nil, nil, errBlock
	}
	mode := int(p[0])
	p = p[1:]
	if mode == constant {
		u, k := binary.Uvarint(p)
		if k <= 0 {
			return nil, nil, errBlock
		}
		for range n {
			v = append(v, unzigzag(u))
		}
		return v, p[k:], nil
	}
	order := mode / shapes
	switch mode % shapes {
	case shapeVarint:
		v, p = readVarints(p, v, n)
	case shapePacked:
		v, p = readPacked(p, v, n, order)
	case shapeRuns:
		v, p = readRuns(p, v, n)
	}
	if p == nil {
		return nil, nil, errBlock
	}
	for ; order > 0; order-- {
		last := int64(0)
		for i := range v {
			if order == 2 && i == 0 {
				continue
			}
			last += v[i]
			v[i] = last
		}
	}
	return v, p, nil
}

// The readers below give a nil rest for bytes that are not in their form.

func readVarints(p []byte, v []int64, n int) ([]int64, []byte) {
	for range n {
		u, k := binary.Uvarint(p)
		if k <= 0 {
			return nil, nil
		}
		v, p = append(v, unzigzag(u)), p[k:]
	}
	return v, p
}

func readRuns(p []byte, v []int64, n int) ([]int64, []byte) {
	for len(v) < n {
		u, k := binary.Uvarint(p)
		if k <= 0 {
			return nil, nil
		}
		again, m := binary.Uvarint(p[k:])
		if m <= 0 || again >= uint64(n-len(v)) {
			return nil, nil
		}
		p = p[k+m:]
		for range again + 1 {
			v = append(v, unzigzag(u))
		}
	}
	return v, p
}

func readPacked(p []byte, v []int64, n, order int) ([]int64, []byte) {
	if v, p = readVarints(p, v, min(order, n)); p == nil {
		return nil, nil
	}
	for len(v) < n {
		if len(p) == 0 || p[0] > 64 {
			return nil, nil
		}
		width, k := int(p[0]), min(frame, n-len(v))
		size := (k*width + 7) / 8
		if p = p[1:]; len(p) < size {
			return nil, nil
		}
		v = unpack(p[:size], v, k, width)
		p = p[size:]
	}
	return v, p
}

// unpack reads k values of width bits.
func unpack(p []byte, v []int64, k, width int) []int64 {
	for i := range k {
		at := i * width
		u, have := uint64(0), 0
		for j := at / 8; have < width+at%8 && have < 64; j++ {
			u |= uint64(p[j]) << have
			have += 8
		}
		u >>= at % 8
		if got := 64 - at%8; width > got { // the ninth byte
			u |= uint64(p[at/8+8]) << got
		}
		if width < 64 {
			u &= 1<<width - 1
		}
		v = append(v, unzigzag(u))
	}
	return v
}
