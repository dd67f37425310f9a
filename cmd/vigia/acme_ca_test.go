package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/acme"
)

// authority is a certificate authority that speaks ACME (RFC 8555): it
// verifies the signature and the nonce of each request and really connects to
// the doors that a challenge is answered at.
type authority struct {
	t         *testing.T
	url       string
	roots     *x509.CertPool
	challenge string // http-01 or tls-alpn-01: what it offers

	key  *ecdsa.PrivateKey
	cert *x509.Certificate

	mu      sync.Mutex
	door    string // where its resolver says that every name is
	valid   time.Duration
	refuses string // not empty: what it answers to orders
	nonces  map[string]bool
	account map[string]*ecdsa.PublicKey // by URL
	contact []string
	orders  []*acmeOrder
	issued  int
}

type acmeOrder struct {
	name, token string
	thumb       string // of the account's key
	status      string // of order and authorisation: pending, ready, valid, invalid
	chain       []byte
}

func newAuthority(t *testing.T, challenge string) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(24 * 365 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{
		t: t, challenge: challenge, key: key, cert: cert, roots: x509.NewCertPool(), valid: 90 * 24 * time.Hour,
		nonces: map[string]bool{}, account: map[string]*ecdsa.PublicKey{},
	}
	a.roots.AddCert(cert)
	s := httptest.NewServer(a)
	t.Cleanup(s.Close)
	a.url = s.URL
	return a
}

// at tells the authority's resolver where every name is.
func (a *authority) at(door string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.door = door
}

func (a *authority) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.issued
}

// ServeHTTP answers one request.
func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	nonce := rand.Text()
	a.nonces[nonce] = true
	w.Header().Set("Replay-Nonce", nonce)
	if r.Method != http.MethodPost {
		if r.URL.Path == "/dir" {
			a.answer(w, http.StatusOK, body{"newNonce": a.url + "/nonce", "newAccount": a.url + "/account", "newOrder": a.url + "/order"})
		}
		return
	}
	who, payload, err := a.verify(r)
	if err != nil {
		a.problem(w, http.StatusUnauthorized, "malformed", err.Error())
		return
	}
	var number int
	part, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if rest != "" {
		if _, err := fmt.Sscan(rest, &number); err != nil || number >= len(a.orders) {
			a.problem(w, http.StatusNotFound, "malformed", "no such order")
			return
		}
	}
	switch part {
	case "account":
		var in struct {
			Contact []string
			Agreed  bool `json:"termsOfServiceAgreed"`
		}
		_ = json.Unmarshal(payload, &in)
		thumb, _ := acme.JWKThumbprint(who)
		at := a.url + "/known/" + thumb
		a.account[at], a.contact = who, in.Contact
		w.Header().Set("Location", at)
		a.answer(w, http.StatusCreated, body{"status": "valid"})
	case "order":
		if a.refuses != "" {
			a.problem(w, http.StatusTooManyRequests, "rateLimited", a.refuses)
			return
		}
		var in struct {
			Identifiers []struct{ Type, Value string }
		}
		if err := json.Unmarshal(payload, &in); err != nil || len(in.Identifiers) != 1 {
			a.problem(w, http.StatusBadRequest, "malformed", "one identifier is wanted")
			return
		}
		thumb, _ := acme.JWKThumbprint(who)
		a.orders = append(a.orders, &acmeOrder{name: in.Identifiers[0].Value, token: rand.Text(), thumb: thumb, status: "pending"})
		a.order(w, http.StatusCreated, len(a.orders)-1)
	case "orders":
		a.order(w, http.StatusOK, number)
	case "authz":
		a.answer(w, http.StatusOK, a.authz(number))
	case "challenge":
		o := a.orders[number]
		o.status = "invalid"
		if err := a.probe(o); err != nil {
			a.t.Logf("authority: %s %s: %v", a.challenge, o.name, err)
		} else {
			o.status = "ready"
		}
		a.answer(w, http.StatusOK, a.authz(number)["challenges"].([]body)[0])
	case "finalize":
		a.finalize(w, payload, number)
	case "cert":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = w.Write(a.orders[number].chain)
	default:
		a.problem(w, http.StatusNotFound, "malformed", "no such page")
	}
}

func (a *authority) answer(w http.ResponseWriter, status int, b any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(b)
}

func (a *authority) problem(w http.ResponseWriter, status int, kind, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body{"type": "urn:ietf:params:acme:error:" + kind, "detail": detail, "status": status})
}

func (a *authority) order(w http.ResponseWriter, status, i int) {
	o := a.orders[i]
	w.Header().Set("Location", fmt.Sprintf("%s/orders/%d", a.url, i))
	a.answer(w, status, body{
		"status": o.status, "identifiers": []body{{"type": "dns", "value": o.name}}, "authorizations": []string{fmt.Sprintf("%s/authz/%d", a.url, i)},
		"finalize": fmt.Sprintf("%s/finalize/%d", a.url, i), "certificate": fmt.Sprintf("%s/cert/%d", a.url, i),
	})
}

func (a *authority) authz(i int) body {
	o := a.orders[i]
	status := o.status
	if status == "ready" {
		status = "valid"
	}
	return body{
		"status": status, "identifier": body{"type": "dns", "value": o.name},
		"challenges": []body{{"type": a.challenge, "url": fmt.Sprintf("%s/challenge/%d", a.url, i), "token": o.token, "status": status}},
	}
}

// verify is RFC 8555 section 6: an ES256 signature over a nonce that we gave
// and nobody used yet, for the URL that was asked.
func (a *authority) verify(r *http.Request) (*ecdsa.PublicKey, []byte, error) {
	var jws struct{ Protected, Payload, Signature string }
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&jws); err != nil {
		return nil, nil, err
	}
	raw := func(s string) []byte { b, _ := base64.RawURLEncoding.DecodeString(s); return b }
	var head struct {
		Alg, Nonce, URL, Kid string
		JWK                  *struct{ Crv, Kty, X, Y string }
	}
	if err := json.Unmarshal(raw(jws.Protected), &head); err != nil {
		return nil, nil, err
	}
	if head.Alg != "ES256" || head.URL != a.url+r.URL.Path || !a.nonces[head.Nonce] {
		return nil, nil, fmt.Errorf("algorithm %q, URL %q, nonce %q", head.Alg, head.URL, head.Nonce)
	}
	delete(a.nonces, head.Nonce)
	key := a.account[head.Kid]
	if head.JWK != nil {
		point := append([]byte{4}, append(raw(head.JWK.X), raw(head.JWK.Y)...)...)
		var err error
		if key, err = ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point); err != nil {
			return nil, nil, err
		}
	}
	sig := raw(jws.Signature)
	if key == nil || len(sig) != 64 {
		return nil, nil, errors.New("an unknown account, or no signature")
	}
	hash := sha256.Sum256([]byte(jws.Protected + "." + jws.Payload))
	if !ecdsa.Verify(key, hash[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return nil, nil, errors.New("the signature is wrong")
	}
	return key, raw(jws.Payload), nil
}

// probe asks at the door itself (RFC 8555 section 8.3, RFC 8737).
func (a *authority) probe(o *acmeOrder) error {
	ctx, cancel := context.WithTimeout(a.t.Context(), 20*time.Second)
	defer cancel()
	want := o.token + "." + o.thumb
	if a.challenge == "http-01" {
		r, err := http.NewRequestWithContext(ctx, "GET", "http://"+o.name+"/.well-known/acme-challenge/"+o.token, nil)
		if err != nil {
			return err
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", a.door)
		}}}
		res, err := client.Do(r)
		if err != nil {
			return err
		}
		defer func() { _ = res.Body.Close() }()
		got, err := io.ReadAll(res.Body)
		if err == nil && (res.StatusCode != http.StatusOK || string(got) != want) {
			err = fmt.Errorf("%s %q", res.Status, got)
		}
		return err
	}
	d := tls.Dialer{Config: &tls.Config{ServerName: o.name, NextProtos: []string{acme.ALPNProto}, InsecureSkipVerify: true}} // the challenge's is self-signed
	c, err := d.DialContext(ctx, "tcp", a.door)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	state := c.(*tls.Conn).ConnectionState()
	leaf := state.PeerCertificates[0]
	sum := sha256.Sum256([]byte(want))
	proof, _ := asn1.Marshal(sum[:])
	for _, e := range leaf.Extensions {
		if e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}) && e.Critical && string(e.Value) == string(proof) &&
			state.NegotiatedProtocol == acme.ALPNProto && leaf.VerifyHostname(o.name) == nil {
			return nil
		}
	}
	return errors.New("the certificate is no proof")
}

func (a *authority) finalize(w http.ResponseWriter, payload []byte, i int) {
	o := a.orders[i]
	var in struct{ CSR string }
	_ = json.Unmarshal(payload, &in)
	der, _ := base64.RawURLEncoding.DecodeString(in.CSR)
	csr, err := x509.ParseCertificateRequest(der)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err != nil || o.status != "ready" || len(csr.DNSNames) != 1 || csr.DNSNames[0] != o.name {
		a.problem(w, http.StatusForbidden, "orderNotReady", fmt.Sprintf("%s: %v", o.status, err))
		return
	}
	a.issued++
	leaf := a.sign(int64(1000+a.issued), o.name, csr.PublicKey, a.valid)
	for _, der := range [][]byte{leaf, a.cert.Raw} {
		o.chain = append(o.chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	o.status = "valid"
	a.order(w, http.StatusOK, i)
}

// sign issues a certificate for a name.
func (a *authority) sign(serial int64, name string, key crypto.PublicKey, valid time.Duration) []byte {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(valid), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.DNSNames, template.IPAddresses = nil, []net.IP{ip}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key, a.key)
	if err != nil {
		a.t.Error(err)
	}
	return der
}
