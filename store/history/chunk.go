package history

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A chunk is one value in bbolt: the packed blocks of several devices, because
// bbolt gives pages to values, and a page to each small block would waste
// more than the blocks take. Its key is the segment's first Seq, the chunk's
// first device, and a count of chunks that begin with that device.
const (
	schema    = 2        // 1 had no columns colClock and colTrust
	chunkSize = 48 << 10 // a chunk is closed at this length
	chunkHead = 5        // schema byte, CRC32C over key and rest
	keySize   = 18
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type chunkKey [keySize]byte

func makeKey(segment fleet.Seq, device fleet.DeviceID, part uint16) (k chunkKey) {
	binary.BigEndian.PutUint64(k[0:], uint64(segment))
	binary.BigEndian.PutUint64(k[8:], uint64(device))
	binary.BigEndian.PutUint16(k[16:], part)
	return k
}

// parseKey reads a key of makeKey's form.
func parseKey(k []byte) (segment fleet.Seq, device fleet.DeviceID, ok bool) {
	if len(k) != keySize {
		return 0, 0, false
	}
	return fleet.Seq(binary.BigEndian.Uint64(k)), fleet.DeviceID(binary.BigEndian.Uint64(k[8:])), true
}

// chunk gathers blocks, devices ascending; a device may have several in a row.
type chunk struct {
	devices []fleet.DeviceID
	ends    []int // of each block in body
	body    []byte
	lastKey chunkKey
	value   []byte
}

func (c *chunk) reset() { c.devices, c.ends, c.body = c.devices[:0], c.ends[:0], c.body[:0] }

// seal gives the chunk's key and value; the value holds until the next seal.
func (c *chunk) seal(segment fleet.Seq) (key chunkKey, value []byte) {
	key = makeKey(segment, c.devices[0], 0)
	if same := c.lastKey; [16]byte(same[:16]) == [16]byte(key[:16]) {
		binary.BigEndian.PutUint16(key[16:], binary.BigEndian.Uint16(same[16:])+1)
	}
	c.lastKey = key
	return key, c.sealAs(key[:])
}

// sealAs gives the value that stands under a key.
func (c *chunk) sealAs(key []byte) []byte {
	b := append(c.value[:0], schema, 0, 0, 0, 0)
	b = binary.AppendUvarint(b, uint64(len(c.devices)))
	from, last := 0, fleet.DeviceID(0)
	for i, d := range c.devices {
		b = binary.AppendUvarint(b, uint64(d-last))
		b = binary.AppendUvarint(b, uint64(c.ends[i]-from))
		from, last = c.ends[i], d
	}
	b = append(b, c.body...)
	sealValue(key, b)
	c.value = b
	return b
}

// sealValue fills in the CRC of a value that begins with room for it.
func sealValue(key, value []byte) {
	crc := crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value[chunkHead:])
	binary.LittleEndian.PutUint32(value[1:], crc)
}

// openValue checks schema and CRC and gives what they guard; why is "" then.
func openValue(key, value []byte) (rest []byte, why string) {
	if value == nil {
		return nil, "the value is missing"
	}
	if len(value) < chunkHead {
		return nil, "the value is too short"
	}
	if value[0] == 0 || value[0] > schema {
		return nil, "the value's schema is one that this program does not read"
	}
	crc := crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value[chunkHead:])
	if binary.LittleEndian.Uint32(value[1:]) != crc {
		return nil, "the checksum is wrong"
	}
	return value[chunkHead:], ""
}

// eachBlock calls f for every block of an opened chunk until it returns false.
func eachBlock(rest []byte, f func(fleet.DeviceID, []byte) bool) error {
	n, p, err := readCount(rest)
	if err != nil {
		return err
	}
	dir := p
	for range n { // to the bodies
		for range 2 {
			_, k := binary.Uvarint(p)
			if k <= 0 {
				return errBlock
			}
			p = p[k:]
		}
	}
	device := fleet.DeviceID(0)
	for range n {
		d, k := binary.Uvarint(dir)
		size, m := binary.Uvarint(dir[k:])
		dir = dir[k+m:]
		if size > uint64(len(p)) {
			return errBlock
		}
		device += fleet.DeviceID(d)
		if !f(device, p[:size:size]) {
			return nil
		}
		p = p[size:]
	}
	if len(p) > 0 {
		return errBlock
	}
	return nil
}

func updateCRC(crc uint32, b []byte) uint32 { return crc32.Update(crc, castagnoli, b) }
