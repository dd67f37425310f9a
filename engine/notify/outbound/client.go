package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxAnswer is how much of a provider's answer is read, in bytes.
const MaxAnswer = 64 << 10

// MaxRetryAfter bounds a provider's wish for the next try.
const MaxRetryAfter = time.Hour

// Client is an HTTP client behind the guard. Roots nil trusts the system's
// certificate authorities. Each request should carry a deadline in its context.
func Client(g Guard, roots *x509.CertPool) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            g.Dialer(10 * time.Second).DialContext,
			TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    10 * time.Second,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           64,
			MaxIdleConnsPerHost:    16,
			IdleConnTimeout:        60 * time.Second,
			MaxResponseHeaderBytes: MaxAnswer,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Answer is a provider's reply, read and bounded.
type Answer struct {
	Status     int
	Header     http.Header
	Body       []byte        // at most MaxAnswer
	RetryAfter time.Duration // 0: no wish
}

// Do sends the request and reads its answer. Now is for a Retry-After that is
// a date. An error means that no whole answer came, and names no URL: query
// parameters may hold secrets.
func Do(c *http.Client, req *http.Request, now time.Time) (Answer, error) {
	resp, err := c.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return Answer{}, fmt.Errorf("%s: %w", req.URL.Host, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswer))
	a := Answer{
		Status: resp.StatusCode, Header: resp.Header, Body: body,
		RetryAfter: RetryAfter(resp.Header.Get("Retry-After"), now),
	}
	if err != nil {
		return a, fmt.Errorf("%s: answer broke off after %d bytes: %w", req.URL.Host, len(body), err)
	}
	return a, nil
}

// RetryAfter reads the header of RFC 9110 section 10.2.3: seconds or a date;
// 0 for none or nonsense, never above MaxRetryAfter.
func RetryAfter(v string, now time.Time) time.Duration {
	if v = strings.TrimSpace(v); v == "" {
		return 0
	}
	if n, err := strconv.ParseUint(v, 10, 63); err == nil {
		return time.Duration(min(n, uint64(MaxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return max(0, min(at.Sub(now), MaxRetryAfter))
}

// Words makes a provider's answer fit for a log row: valid UTF-8, one line,
// no control characters, at most 300 bytes.
func Words(b []byte) string {
	s := strings.ToValidUTF8(string(b[:min(len(b), 1200)]), "")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	for len(s) > 300 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}
