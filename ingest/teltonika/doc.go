// Package teltonika speaks the AVL protocol of Teltonika's trackers, after
// Teltonika's "Data Sending Protocols" (wiki.teltonika-gps.com, pages Codec
// and Teltonika AVL Protocols). The layout of codec 7 was written down without
// its vendor's paper at hand and is held against one recorded packet only.
//
// Over TCP a device logs in once and then sends data packets:
//
//	login   | length 2 | IMEI in ASCII, length bytes |              reply 01 accept, 00 refuse
//	data    | 00000000 | length 4 | codec 1 | count 1 | records | count 1 | CRC-16/IBM 4 |
//	                                                                reply count as 4 bytes
//	ping    | FF |                                                  no reply
//
// Over UDP each datagram carries the identity and a packet:
//
//	| length 2 | packet ID 2 | 01 | AVL packet ID 1 | IMEI length 2 | IMEI | codec 1 | count 1 | records | count 1 |
//	reply | 0005 | packet ID 2 | 01 | AVL packet ID 1 | count 1 |
//
// The count in the reply is a receipt: a device keeps what was not counted and
// sends it again. So it goes out only when the records are on disk.
//
// A record of codec 8 (08), 8 Extended (8E) and 16 (10):
//
//	| time ms 8 | priority 1 | lon 4 | lat 4 | altitude 2 | angle 2 | satellites 1 | speed 2 |
//	| event ID | generation (16 only) | elements in all | 1-byte | 2-byte | 4-byte | 8-byte | any-length (8E only) |
//
// Event and element IDs take 1 byte in codec 8 and 2 in the others; counts
// take 2 in 8E and 1 otherwise. Without a fix a device repeats its last place
// with 0 satellites, angle and speed.
//
// A record of codec 7 (07):
//
//	| priority 2 bits, seconds since 2007-01-01 30 bits | mask 1 | GPS part, if mask bit 0 | elements of 1, 2, 4 bytes, bits 1 to 3 |
//
// Codecs 12 (0C), 13 (0D) and 14 (0E) carry the answers to commands, as text;
// codec 15 (0F) what a professional device hears on its serial port.
//
// All numbers are big-endian.
package teltonika
