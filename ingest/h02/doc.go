// Package h02 reads and writes the protocol of H02 trackers (HQ, SinoTrack and
// relatives), over TCP or UDP.
//
// There are text messages, framed by * and #, with fields between commas
// (SinoTrack "TQ GPRS transport protocol" §2):
//
//	*XX,YYYYYYYYYY,V1,HHMMSS,S,latitude,D,longitude,G,speed,direction,DDMMYY,status#
//
//	XX         the maker, two letters: HQ, TH ...
//	Y...       the terminal's number, ten digits, or its IMEI
//	V1         the command: V1 a position, V4 the answer to a command (which
//	           stands before the position), VI1 a question for an address;
//	           NBR, V3, VP1 cells; LINK a heartbeat of watches; HTBT of others;
//	           SMS an answer in words
//	HHMMSS     UTC
//	S          A a fix, V none
//	latitude   DDFF.FFFF, degrees and minutes; D is N or S
//	longitude  DDDFF.FFFF; G is E or W
//	speed      knots; direction in degrees
//	status     32 bits in hexadecimal, each 0 where something holds
//
// and binary ones of 32 bytes, or of 45 to 48 of which the first 32 mean the
// same. Numbers are two decimal digits a byte:
//
//	 0  1  $
//	 1  5  terminal number
//	 6  3  HHMMSS
//	 9  3  DDMMYY
//	12  4  latitude DDFFFFFF
//	16  1  battery, 6 is full, 0 unknown
//	17  5  longitude DDDFFFFFF and, in the last four bits, 8 east, 4 north, 2 a fix
//	22  3  speed in knots and course, three digits each
//	25  4  status
//	29  3  more flags, running number
//
// With some makers the terminal number is an IMEI in 8 bytes and the rest
// stands 3 bytes later.
//
// Status bits that are read, the lowest being 0: 0 theft alarm, 1 robbery alarm
// (SOS), 2 overspeed, 4 fence entered, 7 fence left, 8 door open, 9 armed, 10
// ACC off, 18 SOS, 19 on the backup battery, 27 oil and engine cut off.
//
// A V1 and an NBR are answered with the time, an HTBT with itself. A message
// without a terminal number belongs to the connection's last one.
package h02
