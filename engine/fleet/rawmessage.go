package fleet

// Bounds of RawMessage.
const (
	MaxRawFrame   = 1 << 10 // bytes of a frame
	MaxRawReply   = 256
	MaxRawReports = 8
)

// RawMessage is what a tracker sent, as it came, and what was made of it.
type RawMessage struct {
	At        Time
	Protocol  Protocol
	Transport string // tcp, udp, http, mqtt
	From      string // address, or the broker it came through
	Size      int    // bytes that it had
	Frame     []byte // its first MaxRawFrame bytes
	Reply     []byte // what it was told, the first MaxRawReply bytes; nil: nothing
	Reports   []Position
	Count     int    // reports that it held, of which Reports has the first MaxRawReports
	Reason    string // why it was rejected; "" for one that was accepted
}

// Bytes is about what the message takes in memory.
func (m *RawMessage) Bytes() int {
	return 160 + len(m.From) + len(m.Frame) + len(m.Reply) + 200*len(m.Reports)
}
