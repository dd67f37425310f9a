package sinks

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/notify/gsm"
)

// SMSC is a message centre that speaks SMPP 3.4 on loopback and keeps what it
// is given. It does wrong what its script says.
type SMSC struct {
	o        SMSCOptions
	listener net.Listener
	wg       sync.WaitGroup

	mu      sync.Mutex // guards what follows
	script  func(n int) SMSCFault
	conns   map[*smscConn]bool
	got     []Short
	offered int
	binds   int
	closed  bool
	acked   []uint32 // command_status of deliver_sm_resp
}

// SMSCOptions is who may bind.
type SMSCOptions struct {
	SystemID, Password string
	// Receipt is the stat of the delivery receipt that follows each message,
	// "" for none.
	Receipt string
}

// SMSCFault is what is done to one submit_sm, the zero one being what is right.
type SMSCFault struct {
	Status       uint32 // the message is refused with it
	Silent       bool   // taken, never answered
	Drop         bool   // taken, and the connection is closed before the answer
	WrongSeq     bool   // another answer comes first, with a sequence that nobody used
	ReceiptFirst bool   // the receipt comes before the answer
	Half         bool   // half of the answer, then the connection is closed
	Unbind       bool   // unbind instead of an answer
	Nack         bool   // generic_nack
	Receipt      string // other than SMSCOptions.Receipt
}

// Short is one submit_sm that was taken.
type Short struct {
	From, To   string
	Text       string
	ID         string
	Header     []byte // user data header
	UCS2       bool
	Reference  uint16 // user_message_reference
	Registered byte
	Validity   string
}

// NewSMSC opens one on a free port.
func NewSMSC(o SMSCOptions) (*SMSC, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &SMSC{o: o, listener: l, conns: map[*smscConn]bool{}}
	s.wg.Go(s.accept)
	return s, nil
}

// Port is where it listens, on 127.0.0.1.
func (s *SMSC) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Script says what to do to the nth submit_sm, counted from 0.
func (s *SMSC) Script(script func(n int) SMSCFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

// Messages is what was taken, in order.
func (s *SMSC) Messages() []Short {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Short(nil), s.got...)
}

// Binds counts good binds, and Bound those that hold.
func (s *SMSC) Binds() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.binds
}

// Bound is how many connections are bound just now.
func (s *SMSC) Bound() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// Acked are the answers that receipts got.
func (s *SMSC) Acked() []uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]uint32(nil), s.acked...)
}

// Deliver sends a receipt for a message over a bound connection: the text of
// appendix B, or with tlv the optional parameters of section 5.3.2.
func (s *SMSC) Deliver(id, stat string, tlv bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		return c.write(0x05, 0, c.next(), receiptBody(id, stat, tlv))
	}
	return errors.New("nobody is bound")
}

// DropAll closes every connection.
func (s *SMSC) DropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.Close()
	}
}

// Close ends it and waits.
func (s *SMSC) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	err := s.listener.Close()
	s.DropAll()
	s.wg.Wait()
	return err
}

func (s *SMSC) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		_ = conn.SetDeadline(time.Now().Add(time.Minute)) // no test takes longer
		s.wg.Go(func() {
			defer conn.Close()
			s.serve(&smscConn{Conn: conn, seq: 1000})
		})
	}
}

type smscConn struct {
	net.Conn
	mu  sync.Mutex // guards seq and writes
	seq uint32
}

func (c *smscConn) next() uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seq++
	return c.seq
}

func smscPDU(command, status, seq uint32, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(16+len(body)))
	for _, v := range []uint32{command, status, seq} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return append(b, body...)
}

func (c *smscConn) write(command, status, seq uint32, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.Write(smscPDU(command, status, seq, body))
	return err
}

func (s *SMSC) serve(c *smscConn) {
	defer func() {
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
	for {
		head := make([]byte, 16)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		n := binary.BigEndian.Uint32(head)
		if n < 16 || n > 4096 {
			return
		}
		body := make([]byte, n-16)
		if _, err := io.ReadFull(c, body); err != nil {
			return
		}
		command, seq := binary.BigEndian.Uint32(head[4:]), binary.BigEndian.Uint32(head[12:])
		if !s.handle(c, command, binary.BigEndian.Uint32(head[8:]), seq, body) {
			return
		}
	}
}

func (s *SMSC) handle(c *smscConn, command, status, seq uint32, body []byte) bool {
	answer := func(status uint32, body []byte) bool { return c.write(command|0x80000000, status, seq, body) == nil }
	switch command {
	case 0x09: // bind_transceiver
		id, rest := cString(body)
		password, _ := cString(rest)
		if id != s.o.SystemID || password != s.o.Password {
			answer(0x0E, nil)
			return false
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			return false
		}
		s.binds++
		s.conns[c] = true
		s.mu.Unlock()
		return answer(0, []byte("sinks\x00"))
	case 0x15: // enquire_link
		return answer(0, nil)
	case 0x06: // unbind
		answer(0, nil)
		return false
	case 0x80000005: // deliver_sm_resp
		s.mu.Lock()
		s.acked = append(s.acked, status)
		s.mu.Unlock()
	case 0x04:
		return s.submit(c, seq, body)
	}
	return true
}

func (s *SMSC) submit(c *smscConn, seq uint32, body []byte) bool {
	s.mu.Lock()
	var f SMSCFault
	if s.script != nil {
		f = s.script(s.offered)
	}
	s.offered++
	m := readShort(body)
	m.ID = fmt.Sprintf("%08X", s.offered)
	if f.Status == 0 && !f.Nack && !f.Unbind {
		s.got = append(s.got, m)
	}
	s.mu.Unlock()
	stat := s.o.Receipt
	if f.Receipt != "" {
		stat = f.Receipt
	}
	id := append([]byte(m.ID), 0)
	receipt := func() bool {
		return stat == "" || m.Registered == 0 || c.write(0x05, 0, c.next(), receiptBody(m.ID, stat, false)) == nil
	}
	switch {
	case f.Silent:
		return true
	case f.Drop:
		return false
	case f.Unbind:
		return c.write(0x06, 0, c.next(), nil) == nil
	case f.Nack:
		return c.write(0x80000000, 0x02, seq, nil) == nil
	case f.Half:
		c.mu.Lock()
		defer c.mu.Unlock()
		_, _ = c.Write(smscPDU(0x80000004, 0, seq, id)[:18])
		return false
	case f.Status != 0:
		return c.write(0x80000004, f.Status, seq, nil) == nil
	case f.WrongSeq:
		_ = c.write(0x80000004, 0x0B, seq+70000, nil)
	case f.ReceiptFirst:
		return receipt() && c.write(0x80000004, 0, seq, id) == nil
	}
	return c.write(0x80000004, 0, seq, id) == nil && receipt()
}

func cString(b []byte) (string, []byte) {
	for i, c := range b {
		if c == 0 {
			return string(b[:i]), b[i+1:]
		}
	}
	return "", nil
}

// readShort takes a submit_sm apart (section 4.4.1); what is missing is empty.
func readShort(b []byte) (m Short) {
	b = append(b, make([]byte, 32)...) // room for what is missing
	_, b = cString(b)
	m.From, b = cString(b[2:])
	m.To, b = cString(b[min(2, len(b)):])
	if len(b) < 12 {
		return m
	}
	class := b[0]
	_, b = cString(b[3:])
	m.Validity, b = cString(b)
	m.Registered, m.UCS2 = b[0], b[2] == 8
	n := int(b[4])
	text := b[5:min(5+n, len(b))]
	b = b[min(5+n, len(b)):]
	for len(b) >= 4 {
		tag, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if tag == 0 || n > len(b)-4 {
			break
		}
		switch value := b[4 : 4+n]; {
		case tag == 0x0204 && n == 2:
			m.Reference = binary.BigEndian.Uint16(value)
		case tag == 0x0424:
			text = value
		}
		b = b[4+n:]
	}
	if class&0x40 != 0 && len(text) > 0 && int(text[0]) < len(text) {
		m.Header, text = text[:text[0]+1], text[text[0]+1:]
	}
	m.Text = gsm.Join(text, m.UCS2)
	return m
}

var smscStates = map[string]byte{"DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "REJECTD": 8}

func receiptBody(id, stat string, tlv bool) []byte {
	words := fmt.Sprintf("id:%s sub:001 dlvrd:001 submit date:2603201403 done date:2603201404 stat:%s err:000 text:x", id, stat)
	if tlv {
		words = ""
	}
	b := []byte("\x00\x01\x01573001234567\x00\x05\x00VIGIA\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00")
	b = append(append(b, byte(len(words))), words...)
	if tlv {
		b = append(binary.BigEndian.AppendUint16(append(b, 0, 0x1E), uint16(len(id)+1)), id...)
		b = append(b, 0, 0x04, 0x27, 0, 1, smscStates[strings.ToUpper(stat)])
	}
	return b
}
