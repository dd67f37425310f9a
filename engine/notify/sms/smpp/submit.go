package smpp

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/gsm"
)

// reference is a delivery's name in 16 bits, the same at every attempt: the
// user_message_reference, and what holds the parts of one message together.
func reference(key fleet.DeliveryKey) uint16 {
	sum := sha256.Sum256([]byte(key.String()))
	return max(1, binary.BigEndian.Uint16(sum[:]))
}

// Long says how a message of several parts goes out.
type Long string

// The ways.
const (
	UDH8    Long = "udh8"    // parts with an 8-bit reference, which every phone knows
	UDH16   Long = "udh16"   // parts with a 16-bit reference
	Payload Long = "payload" // whole, as message_payload; the centre splits
)

// submissions are the bodies of the submit_sm that a message takes, and the
// parts that a phone gets.
func (o *Options) submissions(m notify.Message, now time.Time) (bodies [][]byte, parts int) {
	header := 6
	if o.Long == UDH16 {
		header = 7
	}
	var split []gsm.Part
	for most := o.MaxParts; ; most-- {
		body, _ := gsm.Fit(m.Text, m.URL, most, !o.AsIs)
		if split = gsm.Split(body, header); len(split) <= o.MaxParts || most == 1 {
			break
		}
	}
	ref := reference(m.Key)
	if o.Long == Payload && len(split) > 1 {
		whole := gsm.Part{UCS2: split[0].UCS2}
		for _, p := range split {
			whole.Body = append(whole.Body, p.Body...)
		}
		return [][]byte{o.submission(m, now, ref, whole, nil, true)}, len(split)
	}
	for i, p := range split {
		var head []byte
		switch total, n := byte(len(split)), byte(i+1); {
		case len(split) == 1:
		case o.Long == UDH16: // 3GPP TS 23.040 section 9.2.3.24.8
			head = []byte{6, 0x08, 4, byte(ref >> 8), byte(ref), total, n}
		default: // section 9.2.3.24.1
			head = []byte{5, 0x00, 3, byte(ref), total, n}
		}
		bodies = append(bodies, o.submission(m, now, ref, p, head, false))
	}
	return bodies, len(split)
}

const (
	esmUDH       = 0x40 // esm_class: the message begins with a header
	codingUCS2   = 0x08 // data_coding
	finalReceipt = 0x01 // registered_delivery: of success and of failure
)

// submission is a submit_sm's body (section 4.4.1).
func (o *Options) submission(m notify.Message, now time.Time, ref uint16, p gsm.Part, head []byte, payload bool) []byte {
	b := text(nil, o.ServiceType)
	ton, npi, from := o.source()
	b = text(append(b, ton, npi), from)
	ton, npi, to := o.dest(m.To)
	b = text(append(b, ton, npi), to)
	class := byte(0)
	if head != nil {
		class = esmUDH
	}
	b = append(b, class, 0, 0) // esm_class, protocol_id, priority_flag
	b = text(b, "")            // at once
	b = text(b, validity(m.Expires, now))
	receipt := byte(finalReceipt)
	if o.NoReceipts {
		receipt = 0
	}
	coding := byte(0)
	if p.UCS2 {
		coding = codingUCS2
	}
	b = append(b, receipt, 0, coding, 0)
	if payload {
		b = append(b, 0)
	} else {
		b = append(b, byte(len(head)+len(p.Body)))
		b = append(append(b, head...), p.Body...)
	}
	b = parameter(b, tagUserReference, binary.BigEndian.AppendUint16(nil, ref))
	if payload {
		b = parameter(b, tagMessagePayload, p.Body)
	}
	return b
}

// maxValidity is the longest that a centre is asked to keep a message.
const maxValidity = 48 * time.Hour

// validity is a relative time (section 7.1.1): a phone that is off gets the
// message until it is no longer worth showing.
func validity(expires fleet.Time, now time.Time) string {
	if expires == 0 {
		return ""
	}
	d := min(max(expires.Std().Sub(now), time.Minute), maxValidity)
	s := int(d / time.Second)
	return fmt.Sprintf("0000%02d%02d%02d%02d000R", s/86400, s/3600%24, s/60%60, s%60)
}
