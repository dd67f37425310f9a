package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

const (
	maxUses    = 100     // messages over one connection
	maxAnswers = 1 << 20 // bytes read from the server over one connection
)

// session is a connection to the server, greeted and signed in. One goroutine
// uses it at a time.
type session struct {
	conn   net.Conn // the TCP connection, whatever is inside
	client *smtp.Client
	used   int
	idle   time.Time // since when it has been in the pool
}

// follow makes the session's I/O end with ctx; call the result when done.
func (c *session) follow(ctx context.Context) (stop func()) {
	return follow(ctx, c.conn)
}

func follow(ctx context.Context, conn net.Conn) (stop func()) {
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline)
	cancel := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	return func() { cancel() }
}

// session takes a connection from the pool or makes one.
func (s *Sender) session(ctx context.Context) (*session, error) {
	for {
		c := s.pool.take()
		if c == nil {
			return s.dial(ctx)
		}
		stop := c.follow(ctx)
		err := c.client.Noop()
		stop()
		if err == nil {
			return c, nil
		}
		_ = c.conn.Close()
	}
}

// dial connects, protects the connection and signs in.
func (s *Sender) dial(ctx context.Context) (_ *session, err error) {
	addr := net.JoinHostPort(s.o.Host, strconv.Itoa(s.o.Port))
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if s.o.Guard != nil {
		dialer = s.o.Guard.Dialer(10 * time.Second)
	}
	tcp, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("mail server %s cannot be reached (check mail.host and mail.port): %w", addr, err)
	}
	defer func() {
		if err != nil {
			_ = tcp.Close()
		}
	}()
	defer follow(ctx, tcp)()

	cfg := &tls.Config{ServerName: s.o.Host, RootCAs: s.o.Roots, MinVersion: tls.VersionTLS12}
	var conn net.Conn = &bounded{Conn: tcp, left: maxAnswers}
	if s.o.TLS == ImplicitTLS {
		secure := tls.Client(conn, cfg)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, s.tlsTrouble(addr, err)
		}
		conn = secure
	}
	client, err := smtp.NewClient(conn, s.o.Host)
	if err != nil {
		return nil, fmt.Errorf("mail server %s gave no SMTP greeting (a TLS port needs mail.tls = \"tls\"): %w", addr, err)
	}
	if err := client.Hello(s.o.Hello); err != nil {
		return nil, fmt.Errorf("mail server %s: EHLO: %w", addr, err)
	}
	if s.o.TLS == StartTLS || s.o.TLS == Opportunistic {
		offered, _ := client.Extension("STARTTLS")
		if !offered && s.o.TLS == StartTLS {
			return nil, fmt.Errorf("mail server %s does not offer STARTTLS; use mail.tls = \"tls\" for a TLS port (usually 465), "+
				"or \"opportunistic\" or \"none\" to send in clear", addr)
		}
		if offered {
			if err := client.StartTLS(cfg); err != nil {
				return nil, s.tlsTrouble(addr, err)
			}
		}
	}
	if err := s.signIn(client, addr); err != nil {
		return nil, err
	}
	return &session{conn: tcp, client: client}, nil
}

func (s *Sender) tlsTrouble(addr string, err error) error {
	hint := "check mail.tls and mail.port"
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		hint = "mail.host must be the name in its certificate, and the system must trust its authority"
	}
	return fmt.Errorf("mail server %s: TLS (%s): %w", addr, hint, err)
}

// signIn proves who we are, by the best way that the server offers.
func (s *Sender) signIn(client *smtp.Client, addr string) error {
	if s.o.Username == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	_, secure := client.TLSConnectionState()
	var auth smtp.Auth
	switch ways := " " + strings.ToUpper(offered) + " "; {
	case strings.Contains(ways, " SCRAM-SHA-256 "):
		auth = smtp.ScramSHA256Auth(s.o.Username, s.o.Password)
	case !secure && !isLocal(s.o.Host):
		return fmt.Errorf("mail server %s: the connection is in clear and the password stays here; set mail.tls = \"starttls\" or \"tls\"", addr)
	case strings.Contains(ways, " PLAIN "):
		auth = smtp.PlainAuth("", s.o.Username, s.o.Password, s.o.Host, true)
	case strings.Contains(ways, " LOGIN "):
		auth = smtp.LoginAuth(s.o.Username, s.o.Password, s.o.Host, true)
	default:
		return fmt.Errorf("mail server %s offers no sign-in that we know (it says %q); without mail.username none is tried", addr, offered)
	}
	if err := client.Auth(auth); err != nil {
		return fmt.Errorf("mail server %s refused the sign-in (check mail.username and mail.password): %w", addr, err)
	}
	return nil
}

// bounded ends a connection whose other side talks without end.
type bounded struct {
	net.Conn
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("more than %d bytes of answers: %w", maxAnswers, io.ErrShortBuffer)
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
