package history

import (
	"math/bits"

	"github.com/vigia-track/vigia/engine/fleet"
)

// numbers numbers devices 0, 1, 2 ... as they come: an open hash table without
// pointers, which the sorter asks once a report.
type numbers struct {
	list  []fleet.DeviceID
	slots []uint32 // 1 + number, 0 is free; a power of two, at most half full
}

func (n *numbers) number(d fleet.DeviceID) uint32 {
	if 2*len(n.list) >= len(n.slots) {
		n.grow()
	}
	for i := n.slot(d); ; i = (i + 1) & (len(n.slots) - 1) {
		switch s := n.slots[i]; {
		case s == 0:
			n.list = append(n.list, d)
			n.slots[i] = uint32(len(n.list))
			return uint32(len(n.list) - 1)
		case n.list[s-1] == d:
			return s - 1
		}
	}
}

// slot is where a device is looked for first. IDs made in a row differ in any
// bits, so the product's upper ones count.
func (n *numbers) slot(d fleet.DeviceID) int {
	const golden = 0x9e3779b97f4a7c15
	return int(uint64(d) * golden >> (64 - bits.Len(uint(len(n.slots)-1))))
}

func (n *numbers) grow() {
	n.slots = make([]uint32, max(1024, 2*len(n.slots)))
	for k, d := range n.list {
		i := n.slot(d)
		for n.slots[i] != 0 {
			i = (i + 1) & (len(n.slots) - 1)
		}
		n.slots[i] = uint32(k + 1)
	}
}
