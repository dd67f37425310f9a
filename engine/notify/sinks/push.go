package sinks

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/push"
)

// Push is a push service on loopback, over TLS, and the browsers behind it.
type Push struct {
	server

	mu       sync.Mutex // guards browsers
	browsers map[string]*browser
}

// browser is one subscription's secrets.
type browser struct {
	key  *ecdh.PrivateKey
	auth []byte
	gone bool
}

// NewPush listens on a free port of 127.0.0.1.
func NewPush() (*Push, error) {
	p := &Push{browsers: make(map[string]*browser)}
	if err := p.listen(true, p.take); err != nil {
		return nil, err
	}
	return p, nil
}

// URL is the service's origin.
func (p *Push) URL() string { return "https://" + p.ln.Addr().String() }

// Subscribe opens a browser of a user and returns its subscription, without
// an ID.
func (p *Push) Subscribe(user fleet.UserID) (fleet.Subscription, error) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return fleet.Subscription{}, err
	}
	b := &browser{key: key, auth: make([]byte, 16)}
	name := make([]byte, 16)
	if _, err := rand.Read(b.auth); err != nil {
		return fleet.Subscription{}, err
	}
	if _, err := rand.Read(name); err != nil {
		return fleet.Subscription{}, err
	}
	path := "/push/" + base64.RawURLEncoding.EncodeToString(name)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.browsers[path] = b
	return fleet.Subscription{
		User: user, Endpoint: p.URL() + path, P256DH: key.PublicKey().Bytes(), Auth: b.auth, Agent: "local sink",
	}, nil
}

// Unsubscribe closes the browser of a subscription: its messages get 410.
func (p *Push) Unsubscribe(s fleet.Subscription) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.browsers[strings.TrimPrefix(s.Endpoint, p.URL())]; b != nil {
		b.gone = true
	}
}

func (p *Push) take(w http.ResponseWriter, r *http.Request, body []byte, f Fault) {
	if f.Code != 0 {
		http.Error(w, f.Words, f.Code)
		return
	}
	p.mu.Lock()
	b := p.browsers[r.URL.Path]
	gone := b == nil || b.gone
	p.mu.Unlock()
	if gone {
		http.Error(w, "no such subscription", http.StatusGone)
		return
	}
	if err := checkVAPID(r.Header.Get("Authorization"), p.URL(), time.Now()); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	if _, err := strconv.ParseUint(r.Header.Get("TTL"), 10, 32); err != nil || r.Header.Get("Content-Encoding") != "aes128gcm" {
		http.Error(w, "TTL and Content-Encoding: aes128gcm are required", http.StatusBadRequest)
		return
	}
	plain, err := Decrypt(b.key, b.auth, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var payload push.Payload
	if err := json.Unmarshal(plain, &payload); err != nil {
		http.Error(w, "payload is no JSON: "+err.Error(), http.StatusBadRequest)
		return
	}
	p.accept(Message{
		At: time.Now(), Key: payload.Tag, To: r.URL.Path, Subject: payload.Title, Text: payload.Body, URL: payload.URL, Raw: plain,
	})
	if f.Drop {
		drop()
	}
	w.Header().Set("Location", p.URL()+"/message/"+r.Header.Get("Topic"))
	w.WriteHeader(http.StatusCreated)
}

// Decrypt opens a message of one record, as a browser does (RFC 8291).
func Decrypt(key *ecdh.PrivateKey, auth, body []byte) ([]byte, error) {
	if len(body) < 21 || len(body) < 21+int(body[20]) {
		return nil, fmt.Errorf("message of %d bytes is too short", len(body))
	}
	salt, idLen := body[:16], int(body[20])
	if size := binary.BigEndian.Uint32(body[16:20]); uint64(len(body)-21-idLen) > uint64(size) {
		return nil, errors.New("message of more than one record")
	}
	sender, err := ecdh.P256().NewPublicKey(body[21 : 21+idLen])
	if err != nil {
		return nil, fmt.Errorf("sender's key: %w", err)
	}
	shared, err := key.ECDH(sender)
	if err != nil {
		return nil, err
	}
	gcm, nonce, err := push.Keys(shared, auth, salt, key.PublicKey().Bytes(), sender.Bytes())
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nonce, body[21+idLen:], nil)
	if err != nil {
		return nil, fmt.Errorf("message cannot be decrypted: %w", err)
	}
	end := len(plain)
	for end > 0 && plain[end-1] == 0 {
		end--
	}
	if end == 0 || plain[end-1] != 2 {
		return nil, errors.New("message without its last delimiter")
	}
	return plain[:end-1], nil
}
