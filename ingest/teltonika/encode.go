package teltonika

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
)

// AppendLogin appends the login of a device.
func AppendLogin(b []byte, imei string) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(imei)))
	return append(b, imei...)
}

// Fix is what a simulated device measures.
type Fix struct {
	Time       fleet.Time
	Place      fleet.Place
	Altitude   int16  // metres
	Course     uint16 // degrees
	Satellites uint8
	Speed      uint16 // km/h
	Ignition   bool
	Event      byte // element that caused the record, 0 for none
	EventValue byte
}

// AppendData appends a data packet of codec 8 with up to 255 records.
func AppendData(b []byte, fixes []Fix) []byte {
	start := len(b)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, codec8, byte(len(fixes)))
	for i := range fixes {
		b = appendRecord(b, &fixes[i])
	}
	b = append(b, byte(len(fixes)))
	body := b[start+8:]
	binary.BigEndian.PutUint32(b[start+4:], uint32(len(body)))
	return binary.BigEndian.AppendUint32(b, uint32(crc16(body)))
}

// AppendDatagram appends a UDP packet of codec 8.
func AppendDatagram(b []byte, packetID uint16, avlID byte, imei string, fixes []Fix) []byte {
	start := len(b)
	b = append(b, 0, 0, byte(packetID>>8), byte(packetID), 1, avlID)
	b = AppendLogin(b, imei)
	b = append(b, codec8, byte(len(fixes)))
	for i := range fixes {
		b = appendRecord(b, &fixes[i])
	}
	b = append(b, byte(len(fixes)))
	binary.BigEndian.PutUint16(b[start:], uint16(len(b)-start-2))
	return b
}

func appendRecord(b []byte, f *Fix) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(f.Time))
	b = append(b, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(f.Place.Lon))
	b = binary.BigEndian.AppendUint32(b, uint32(f.Place.Lat))
	b = binary.BigEndian.AppendUint16(b, uint16(f.Altitude))
	b = binary.BigEndian.AppendUint16(b, f.Course)
	b = append(b, f.Satellites)
	b = binary.BigEndian.AppendUint16(b, f.Speed)
	ignition := byte(0)
	if f.Ignition {
		ignition = 1
	}
	n := byte(1)
	if f.Event != 0 {
		n++
	}
	b = append(b, f.Event, n, n, 239, ignition)
	if f.Event != 0 {
		b = append(b, f.Event, f.EventValue)
	}
	return append(b, 0, 0, 0) // no elements of 2, 4 and 8 bytes
}
