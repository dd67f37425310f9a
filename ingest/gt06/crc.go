package gt06

// crcTables[k][b] is the CRC-ITU (X.25: polynomial 0x1021 reflected) of byte b
// followed by k zero bytes. They are computed once, before main.
var crcTables = makeCRCTables()

func makeCRCTables() (t [8][256]uint16) {
	for b := range 256 {
		c := uint16(b)
		for range 8 {
			if c&1 != 0 {
				c = c>>1 ^ 0x8408
			} else {
				c >>= 1
			}
		}
		t[0][b] = c
	}
	for k := 1; k < len(t); k++ {
		for b := range 256 {
			c := t[k-1][b]
			t[k][b] = c>>8 ^ t[0][c&0xff]
		}
	}
	return t
}

// Checksum is the CRC-ITU over b: what a frame carries for the bytes from its
// length field to its serial number (GT06 v1.8.1 §4.6 and appendix A).
func Checksum(b []byte) uint16 {
	c := uint16(0xffff)
	t := &crcTables
	for len(b) >= 8 {
		c ^= uint16(b[0]) | uint16(b[1])<<8
		c = t[7][c&0xff] ^ t[6][c>>8] ^ t[5][b[2]] ^ t[4][b[3]] ^
			t[3][b[4]] ^ t[2][b[5]] ^ t[1][b[6]] ^ t[0][b[7]]
		b = b[8:]
	}
	for _, x := range b {
		c = c>>8 ^ t[0][byte(c)^x]
	}
	return ^c
}
