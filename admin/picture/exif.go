package picture

import (
	"bytes"
	"encoding/binary"
)

// orientation is the EXIF orientation of a JPEG, 1 to 8; 1 where it says none.
// It reads the first IFD of the first APP1 segment (Exif 2.32, 4.5 and 4.7).
func orientation(file []byte) int {
	for at := 2; at+4 <= len(file) && file[at] == 0xff; {
		kind, size := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		end := at + 2 + size
		if kind == 0xda || size < 2 || end > len(file) { // the picture begins
			return 1
		}
		if rest, ok := bytes.CutPrefix(file[at+4:end], []byte("Exif\x00\x00")); kind == 0xe1 && ok {
			return orientationIn(rest)
		}
		at = end
	}
	return 1
}

func orientationIn(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	n := uint64(order.Uint16(tiff[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > uint64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if o := int(order.Uint16(tiff[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}
