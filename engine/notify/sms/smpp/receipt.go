package smpp

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// typeMask and typeReceipt are the message type within esm_class (section
// 5.2.12).
const (
	typeMask    = 0x3C
	typeReceipt = 0x04
)

// states are the values of message_state (section 5.2.28) and the words of
// appendix B that say the same. What is absent decides nothing.
var states = map[byte]string{
	1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD",
}

var final = map[string]fleet.DeliveryState{
	"DELIVRD": fleet.Delivered, "DELIVERED": fleet.Delivered,
	"EXPIRED": fleet.Failed, "DELETED": fleet.Failed, "UNDELIV": fleet.Failed, "REJECTD": fleet.Failed,
	"UNDELIVERABLE": fleet.Failed, "REJECTED": fleet.Failed, "FAILED": fleet.Failed,
}

// receipt reads a deliver_sm (section 4.6.1) as a delivery receipt: its
// optional parameters, else the words of appendix B. False for any other
// message, for one that decides nothing, and for nonsense.
func receipt(raw []byte) (notify.Report, bool) {
	b := body{rest: raw}
	b.text(6) // service_type
	b.octets(2)
	b.text(65) // source_addr
	b.octets(2)
	b.text(65) // destination_addr
	class := b.octet()
	b.octets(2) // protocol_id, priority_flag
	b.text(17)
	b.text(17)
	b.octets(4) // registered_delivery, replace_if_present, data_coding, sm_default_msg_id
	message := b.octets(int(b.octet()))
	if b.bad || class&typeMask != typeReceipt {
		return notify.Report{}, false
	}
	options := b.parameters()
	if long := options[tagMessagePayload]; len(message) == 0 {
		message = long[:min(len(long), 1024)]
	}
	words := fields(string(message))
	r := notify.Report{ID: words["id"], Words: outbound.Words(message), Done: words["done date"]}
	if id := options[tagReceiptedID]; len(id) > 0 {
		r.ID = messageID(id)
	}
	state := strings.ToUpper(words["stat"])
	if v := options[tagMessageState]; len(v) == 1 && states[v[0]] != "" {
		state = states[v[0]]
	}
	if code := options[tagNetworkErrorCode]; len(code) == 3 && !bytes.Equal(code, []byte{0, 0, 0}) {
		r.Words += fmt.Sprintf(" network error %d (network type %d)", int(code[1])<<8|int(code[2]), code[0])
	}
	if len(message) == 0 {
		r.Words = strings.TrimSpace(state + r.Words)
	}
	r.State = final[state]
	return r, r.ID != "" && r.State != 0
}

var labels = []string{"id:", "sub:", "dlvrd:", "submit date:", "done date:", "stat:", "err:", "text:"}

// fields takes the words of appendix B apart: labels in any case and order.
// What stands behind "text:" is somebody's message and is not read.
func fields(s string) map[string]string {
	out := map[string]string{}
	lower := strings.ToLower(s)
	if len(lower) != len(s) { // letters whose lower case is longer: no receipt has them
		return out
	}
	if end := strings.Index(lower, "text:"); end >= 0 {
		s, lower = s[:end], lower[:end]
	}
	for _, label := range labels {
		at := strings.Index(lower, label)
		for at > 0 && lower[at-1] != ' ' { // "id:" is no part of another word
			next := strings.Index(lower[at+1:], label)
			if next < 0 {
				at = -1
				break
			}
			at += 1 + next
		}
		if at < 0 {
			continue
		}
		value, _, _ := strings.Cut(strings.TrimLeft(s[at+len(label):], " "), " ")
		out[strings.TrimSuffix(label, ":")] = value[:min(len(value), 64)]
	}
	return out
}

// canonical is an ID in decimal if its answer gave it in hex.
func canonical(id string, hex bool) string {
	if n, ok := new(big.Int).SetString(id, 16); hex && ok {
		return n.String()
	}
	return id
}
