// Package gt06 reads and writes the protocol of GT06 trackers: Concox, Jimi and
// the many makers that speak like them, over TCP.
//
// It follows Concox "GT06 GPS Tracker Communication Protocol" v1.8.1 (cited by
// §), "JM-VL03 GPS Tracker Communication Protocol" v1.1.2 (VL03), "JM-LL301"
// v1.0 (LL301), "GT03A/B" v1.82 (GT03), and Jimi "Dynamic Internet of Things
// SP" v2.0 (Seeworld). Numbers are big-endian.
//
// A frame (§4):
//
//	78 78 | length 1 | number 1 | content | serial 2 | CRC 2 | 0D 0A
//	79 79 | length 2 | number 1 | content | serial 2 | CRC 2 | 0D 0A
//
// The length counts number, content, serial and CRC; the CRC-ITU covers length
// to serial. A frame with another checksum is refused. Splitting goes by the
// length where stop bytes stand behind it, else by the next stop bytes.
//
// The GPS block, with which most positions begin (§5.2.1):
//
//	 0  6  year from 2000, month, day, hour, minute, second
//	 6  1  upper half: the block's length (12); lower: satellites
//	 7  4  latitude in 1/30,000 minute
//	11  4  longitude
//	15  1  speed in km/h
//	16  2  course and status: bit 12 a fix, 11 west, 10 north, 0-9 degrees
//
// A cell: MCC 2, MNC 1 (2 if bit 15 of the MCC is set), LAC 2, cell 3; in the
// messages from A0 to A7 LAC 4, cell 8. The status of alarms: terminal
// information (bit 7 cut off, 6 GPS on, 5-3 alarm, 2 charging, 1 ACC, 0
// armed), voltage level 0-6, GSM signal 0-4, alarm, language.
//
//	01           login: IMEI 8, and maybe type 2, zone and language 2
//	10 12 1E 38  GPS block; 12 with cell and maybe mileage 4
//	22 2D A0     GPS block, cell, ACC 1, upload mode 1, re-uploaded 1, mileage 4
//	31           GPS block, cell of 10, ACC, mode, re-uploaded, mileage, altitude 2
//	36           GPS block, cell of 9, ACC, mode, re-uploaded, mileage, supply, battery
//	37           as 22, then entries: number 2, length 1, value
//	34           4 bytes, GPS block, mileage, cell, driver, supply, battery
//	16 26 27 A3 A4   GPS block, length 1, cell, status, and maybe mileage or fence
//	32           short frame: as 16, then altitude 2; long: as 33
//	33           time 6, then GPS, cell, neighbours, Wi-Fi, each behind its length
//	11 18 24 28 2C 2E A1 A2   time 6, cell, neighbours, Wi-Fi
//	17 19 A5 A7  cell; 19 and A5 with status
//	13 23        status: level, or battery in 0.01 V; A3 may be one too
//	15 21 80 81  an answer to a command, as text
//	1A 2A        GPS block and a phone that wants the address; answered by 97
//	70           modules: number 2, length 2, value
//	8A           asks for the time; answered with UTC
//	94           kind 1, data: 00 supply, 04 settings, 05 door, 0A SIM, 0D fuel, 1B RFID
//	95           an event of a dash camera
//	9B           bytes of the serial port
//	F1           readings; F3 Wi-Fi
//
// Times below 20 are on the tracker's clock, whose zone the long login states;
// those above are UTC, as VL03 marks them.
//
// Answered with number and serial are all but 21, 34, 80, 81, 8C, 94, 9B and F3, for
// which the documents ask for nothing, and long frames that no document names.
// Short ones of unheard numbers are answered, so that the tracker goes on, and
// give a position if they plainly begin with a GPS block.
//
// zhongxun.go has the dialect without checksums.
package gt06
