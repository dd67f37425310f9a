package sinks

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// maxMail is the longest mail taken, in bytes.
const maxMail = 1 << 20

// SMTPOptions is how the mail sink behaves.
type SMTPOptions struct {
	Username, Password string // wanted at sign-in; "" = nobody needs to sign in
	NoSTARTTLS         bool
	ImplicitTLS        bool
}

// SMTP is a mail server on loopback. Its methods Messages, ByKey, Accepted,
// Offered, Changed and Script may be called at any time.
type SMTP struct {
	book
	o     SMTPOptions
	pool  *x509.CertPool
	ln    net.Listener
	srv   *smtp.Server
	wg    sync.WaitGroup
	bye   chan struct{} // closed by Close
	close func() error
}

// NewSMTP listens on a free port of 127.0.0.1.
func NewSMTP(o SMTPOptions) (*SMTP, error) {
	cert, pool, err := certificate()
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &SMTP{o: o, pool: pool, ln: ln, bye: make(chan struct{})}
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	s.srv = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &smtpSession{s: s, c: c}, nil }))
	s.srv.Domain = "localhost"
	s.srv.MaxMessageBytes, s.srv.MaxRecipients = maxMail, 10
	s.srv.ReadTimeout, s.srv.WriteTimeout = time.Minute, time.Minute
	s.srv.ErrorLog = log.New(io.Discard, "", 0)
	serve := ln
	switch {
	case o.ImplicitTLS:
		serve = tls.NewListener(ln, cfg)
	case o.NoSTARTTLS:
		s.srv.AllowInsecureAuth = true
	default:
		s.srv.TLSConfig = cfg
	}
	s.wg.Go(func() { _ = s.srv.Serve(serve) })
	s.close = sync.OnceValue(func() error {
		close(s.bye)
		err := s.srv.Close()
		_ = ln.Close() // the server does not know it yet if it has just begun
		s.wg.Wait()
		return err
	})
	return s, nil
}

// Host and Port are where it listens.
func (s *SMTP) Host() string { return "127.0.0.1" }

// Port is the TCP port.
func (s *SMTP) Port() int { return s.ln.Addr().(*net.TCPAddr).Port }

// Roots trusts the sink's certificate.
func (s *SMTP) Roots() *x509.CertPool { return s.pool }

// Close ends the server and all connections.
func (s *SMTP) Close() error { return s.close() }

// smtpSession is one connection.
type smtpSession struct {
	s      *SMTP
	c      *smtp.Conn
	signed bool
	fault  Fault
	to     string
}

// AuthMechanisms offers PLAIN if a sign-in is wanted.
func (x *smtpSession) AuthMechanisms() []string {
	if x.s.o.Username == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth checks a sign-in.
func (x *smtpSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != x.s.o.Username || password != x.s.o.Password {
			return smtp.ErrAuthFailed
		}
		x.signed = true
		return nil
	}), nil
}

// Mail begins a message: the moment at which the script is asked.
func (x *smtpSession) Mail(string, *smtp.MailOptions) error {
	if x.s.o.Username != "" && !x.signed {
		return smtp.ErrAuthRequired
	}
	x.fault = x.s.offer()
	return x.fail("mail")
}

// Rcpt takes the recipient.
func (x *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.to = to
	return x.fail("rcpt")
}

// Data takes the message.
func (x *smtpSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, maxMail+1))
	if err != nil {
		return err
	}
	if x.fault.Hang {
		<-x.s.bye
		return errors.New("closing")
	}
	if err := x.fail("data"); err != nil {
		return err
	}
	m, err := parseMail(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: err.Error()}
	}
	m.At, m.To = time.Now(), x.to
	x.s.accept(m)
	if x.fault.Drop {
		_ = x.c.Conn().Close()
	}
	return nil
}

func (x *smtpSession) fail(stage string) error {
	f := x.fault
	if f.Stage == "" {
		f.Stage = "data"
	}
	if f.Code == 0 || f.Stage != stage {
		return nil
	}
	return &smtp.SMTPError{Code: f.Code, EnhancedCode: smtp.EnhancedCode{f.Code / 100, 0, 0}, Message: f.Words}
}

// Reset forgets the message under way.
func (x *smtpSession) Reset() { x.fault, x.to = Fault{}, "" }

// Logout has nothing to free.
func (x *smtpSession) Logout() error { return nil }

// parseMail reads the parts that we want to look at, as a mail program would.
func parseMail(raw []byte) (Message, error) {
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Message{}, fmt.Errorf("no mail: %w", err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		return Message{}, fmt.Errorf("subject: %w", err)
	}
	id := strings.Trim(msg.Header.Get("Message-ID"), "<>")
	key, _, _ := strings.Cut(id, "@")
	m := Message{Key: key, Subject: subject, Raw: raw}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return m, nil
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return m, nil
		}
		if err != nil {
			return m, fmt.Errorf("body: %w", err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain") {
			b, err := io.ReadAll(quotedprintable.NewReader(p))
			if err != nil {
				return m, fmt.Errorf("text: %w", err)
			}
			m.Text = strings.ReplaceAll(string(b), "\r\n", "\n")
		}
	}
}
