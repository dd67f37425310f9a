package ingest

import "bytes"

// DetectGT06 knows the start bits 78 78 and 79 79.
func DetectGT06(first []byte) Match {
	if first[0] != 0x78 && first[0] != 0x79 {
		return No
	}
	if len(first) < 2 {
		return Maybe
	}
	return yes(first[1] == first[0])
}

// DetectTeltonika knows the login (00 0F and the digits of an IMEI) and an AVL
// packet's preamble of four zero bytes.
func DetectTeltonika(first []byte) Match {
	if first[0] != 0 {
		return No
	}
	if len(first) < 3 {
		return among(first, "\x00\x0f", "\x00\x00\x00\x00")
	}
	if first[1] == 0x0f {
		return yes(first[2] >= '0' && first[2] <= '9')
	}
	return among(first, "\x00\x00\x00\x00")
}

// DetectH02 knows text messages (*HQ, or another maker's two letters), binary
// ones ($ and five bytes of an identity in BCD) and the short form X.
func DetectH02(first []byte) Match {
	switch {
	case first[0] == 'X':
		return Yes
	case first[0] != '*' && first[0] != '$':
		return No
	case len(first) < 2:
		return Maybe
	case first[0] == '*':
		return yes(first[1]|0x20 >= 'a' && first[1]|0x20 <= 'z')
	}
	for _, b := range first[1:min(len(first), 6)] {
		if b>>4 > 9 || b&15 > 9 {
			return No
		}
	}
	if len(first) < 6 {
		return Maybe
	}
	return Yes
}

// DetectHTTP knows the methods that trackers use, and the usual others.
func DetectHTTP(first []byte) Match {
	return among(first, "GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PATCH ")
}

// DetectMQTT knows CONNECT: its type byte, a remaining length, and the
// protocol's name, MQTT or in 3.1 MQIsdp (MQTT 3.1.2.1).
func DetectMQTT(first []byte) Match {
	if first[0] != 0x10 {
		return No
	}
	for i := 1; i < 5; i++ {
		if i >= len(first) {
			return Maybe
		}
		if first[i] < 0x80 {
			if i+1 == len(first) {
				return Maybe
			}
			return among(first[i+1:], "\x00\x04MQ", "\x00\x06MQ")
		}
	}
	return No
}

// detectTLS knows a handshake record (RFC 8446 section 5.1).
func detectTLS(first []byte) Match { return among(first, "\x16\x03") }

// among is Yes if one of the words begins first, Maybe if one may yet.
func among(first []byte, words ...string) Match {
	m := No
	for _, w := range words {
		if bytes.HasPrefix(first, []byte(w)) {
			return Yes
		}
		if len(first) < len(w) && w[:len(first)] == string(first) {
			m = Maybe
		}
	}
	return m
}

func yes(b bool) Match {
	if b {
		return Yes
	}
	return No
}
