package smpp

import (
	"bytes"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

func deliver(class byte, message string, options []byte) []byte {
	b := []byte("\x00\x01\x01573001234567\x00\x05\x00VIGIA\x00")
	b = append(b, class, 0, 0, 0, 0, 0, 0, 0, 0, byte(len(message)))
	return append(append(b, message...), options...)
}

// TestReceiptForms: what centres write is not all appendix B.
func TestReceiptForms(t *testing.T) {
	id := parameter(nil, tagReceiptedID, []byte("abc\x00"))
	for _, tt := range []struct {
		name string
		raw  []byte
		id   string
		want fleet.DeliveryState
	}{
		{"appendix B", deliver(4, "id:0123456789 sub:001 dlvrd:001 submit date:2603201403 done date:2603201404 stat:DELIVRD err:000 Text:hello", nil), "0123456789", fleet.Delivered},
		{"capitals, other order", deliver(4, "ID:a-b STAT:EXPIRED DONE DATE:2603201404", nil), "a-b", fleet.Failed},
		{"parameters alone", deliver(4, "", append(bytes.Clone(id), 4, 0x27, 0, 1, 2)), "abc", fleet.Delivered},
		{"parameters over words", deliver(4, "id:x stat:DELIVRD", append(bytes.Clone(id), 4, 0x27, 0, 1, 5)), "abc", fleet.Failed},
		{"words in message_payload", deliver(4, "", parameter(nil, tagMessagePayload, []byte("id:p stat:REJECTD"))), "p", fleet.Failed},
		{"somebody's text", deliver(4, "id:7 stat:DELIVRD text:id:8 stat:UNDELIV", nil), "7", fleet.Delivered},
		{"on its way", deliver(4, "id:7 stat:ENROUTE", nil), "7", 0},
		{"from a phone", deliver(0, "id:7 stat:DELIVRD", nil), "", 0},
		{"no ID", deliver(4, "sid:7 stat:DELIVRD", nil), "", fleet.Delivered},
		{"cut off", deliver(4, "id:7 stat:DELIVRD", nil)[:40], "", 0},
	} {
		got, ok := receipt(tt.raw)
		if got.ID != tt.id || got.State != tt.want || ok != (tt.id != "" && tt.want != 0) {
			t.Errorf("%s: %+v, %v", tt.name, got, ok)
		}
	}
	if got := canonical("1A", true); got != "26" {
		t.Error(got)
	}
	if got := canonical("1A", false); got != "1A" {
		t.Error(got)
	}
}

func FuzzPDU(f *testing.F) {
	whole := pdu{command: deliverSM, seq: 7, body: deliver(4, "id:7 stat:DELIVRD", parameter(nil, tagReceiptedID, []byte("7\x00")))}
	f.Add(whole.write())
	f.Add(whole.write()[:20])
	f.Add([]byte{0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := read(bytes.NewReader(b))
		if err != nil {
			return
		}
		if got := p.write(); !bytes.Equal(got, b[:len(got)]) {
			t.Errorf("%x came back as %x", b[:len(got)], got)
		}
		if r, ok := receipt(p.body); ok && (len(r.ID) > 64 || len(r.Words) > 400 || len(r.Done) > 64) {
			t.Errorf("%+v", r)
		}
		_ = messageID(p.body)
	})
}
