package smpp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// command is a command_id (section 5.1.2.1).
type command uint32

const (
	genericNack command = 0x80000000
	response    command = 0x80000000 // the bit that marks an answer

	submitSM        command = 0x00000004
	deliverSM       command = 0x00000005
	unbind          command = 0x00000006
	bindTransceiver command = 0x00000009
	enquireLink     command = 0x00000015
)

// Optional parameters (section 5.3.2).
const (
	tagReceiptedID      = 0x001E
	tagUserReference    = 0x0204
	tagNetworkErrorCode = 0x0423
	tagMessagePayload   = 0x0424
	tagMessageState     = 0x0427
)

const (
	headerSize = 16
	// maxPDU bounds a PDU in octets: a message_payload takes up to 64 KiB.
	maxPDU = 1<<16 + 1024
)

// pdu is one protocol data unit (section 3.2). Its body is not taken apart.
type pdu struct {
	command command
	status  uint32
	seq     uint32
	body    []byte
}

// read takes one PDU off a stream. Memory grows with what has come, not with
// what is claimed.
func read(r io.Reader) (p pdu, err error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return p, err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length < headerSize || length > maxPDU {
		return p, fmt.Errorf("a PDU of %d octets (16 to %d can be)", length, maxPDU)
	}
	p = pdu{
		command: command(binary.BigEndian.Uint32(head[4:])), status: binary.BigEndian.Uint32(head[8:]),
		seq: binary.BigEndian.Uint32(head[12:]),
	}
	if length > headerSize {
		var body bytes.Buffer
		if _, err := io.CopyN(&body, r, int64(length-headerSize)); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return p, err
		}
		p.body = body.Bytes()
	}
	return p, nil
}

// write is the PDU as octets.
func (p *pdu) write() []byte {
	b := make([]byte, headerSize, headerSize+len(p.body))
	binary.BigEndian.PutUint32(b, uint32(headerSize+len(p.body)))
	binary.BigEndian.PutUint32(b[4:], uint32(p.command))
	binary.BigEndian.PutUint32(b[8:], p.status)
	binary.BigEndian.PutUint32(b[12:], p.seq)
	return append(b, p.body...)
}

// text appends a C-Octet String (section 3.1).
func text(b []byte, s string) []byte { return append(append(b, s...), 0) }

// parameter appends an optional parameter (section 3.2.4.1).
func parameter(b []byte, tag uint16, value []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, tag)
	b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...)
}

// body reads fields in turn; after the first fault all are empty.
type body struct {
	rest []byte
	bad  bool
}

// text reads a C-Octet String of at most max octets, the last zero included.
func (b *body) text(max int) string {
	n := bytes.IndexByte(b.rest[:min(len(b.rest), max)], 0)
	if n < 0 {
		b.bad, b.rest = true, nil
		return ""
	}
	s := string(b.rest[:n])
	b.rest = b.rest[n+1:]
	return s
}

// octets reads n octets.
func (b *body) octets(n int) []byte {
	if n > len(b.rest) {
		b.bad, b.rest = true, nil
		return nil
	}
	v := b.rest[:n]
	b.rest = b.rest[n:]
	return v
}

func (b *body) octet() byte {
	if v := b.octets(1); len(v) == 1 {
		return v[0]
	}
	return 0
}

// parameters reads the optional parameters that are left; of one that comes
// twice the first counts.
func (b *body) parameters() map[uint16][]byte {
	out := map[uint16][]byte{}
	for len(b.rest) >= 4 {
		tag, n := binary.BigEndian.Uint16(b.rest), int(binary.BigEndian.Uint16(b.rest[2:]))
		b.rest = b.rest[4:]
		value := b.octets(n)
		if b.bad {
			break
		}
		if _, has := out[tag]; !has {
			out[tag] = value
		}
	}
	return out
}

// messageID reads the message_id of a submit_sm_resp. Some centres leave out
// the last zero.
func messageID(raw []byte) string {
	if n := bytes.IndexByte(raw, 0); n >= 0 {
		raw = raw[:n]
	}
	return string(raw[:min(len(raw), 64)])
}
