package mail_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/notify/mail"
)

// TestEnvelopeIsStrict talks to a server that refuses what RFC 5321 does not
// allow in an envelope, as strict ones do.
func TestEnvelopeIsStrict(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	heard := make(chan []string, 1)
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			close(heard)
			return
		}
		defer conn.Close()
		heard <- strictly(conn)
	}()
	s, err := mail.New(mail.Options{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, From: "Vigia <alerts@example.com>", TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), message(1)); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	want := []string{"MAIL FROM:<alerts@example.com> BODY=8BITMIME", "RCPT TO:<ana@example.com>"}
	if got := <-heard; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the envelope was %q, want %q", got, want)
	}
}

// strictly serves one connection and returns what was said of the envelope.
func strictly(conn net.Conn) (envelope []string) {
	say := func(line string) { _, _ = conn.Write([]byte(line + "\r\n")) }
	say("220 strict")
	in := bufio.NewScanner(conn)
	for body := false; in.Scan(); {
		line := in.Text()
		switch word, _, _ := strings.Cut(line, " "); {
		case body:
			if body = line != "."; !body {
				say("250 taken")
			}
		case word == "EHLO":
			say("250-strict\r\n250-8BITMIME\r\n250 SMTPUTF8")
		case word == "MAIL" || word == "RCPT":
			envelope = append(envelope, line)
			if !strings.Contains(line, ":<") {
				say("501 syntax")
				continue
			}
			say("250 fine")
		case word == "DATA":
			body = true
			say("354 go on")
		case word == "QUIT":
			say("221 bye")
			return envelope
		default:
			say("250 fine")
		}
	}
	return envelope
}
