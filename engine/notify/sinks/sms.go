package sinks

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// SMSOptions is the account that the gateway knows.
type SMSOptions struct {
	Account, Token string
}

// SMS is a gateway on loopback, in plain HTTP. It speaks Twilio's API under
// /2010-04-01/ and a simple templated one under /send: to, text and key as a
// form, a query or a JSON object, answered by "OK id=…".
type SMS struct {
	server
	o SMSOptions
}

// NewSMS listens on a free port of 127.0.0.1.
func NewSMS(o SMSOptions) (*SMS, error) {
	s := &SMS{o: o}
	if err := s.listen(false, s.take); err != nil {
		return nil, err
	}
	return s, nil
}

// URL is the base of both APIs.
func (s *SMS) URL() string { return "http://" + s.ln.Addr().String() }

func (s *SMS) take(w http.ResponseWriter, r *http.Request, body []byte, f Fault) {
	if r.URL.Path == "/send" {
		s.simple(w, r, body, f)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	refuse := func(status, code int, words string) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"code": code, "message": words, "status": status, "more_info": "https://www.twilio.com/docs/errors/" + fmt.Sprint(code),
		})
	}
	account, token, _ := r.BasicAuth()
	switch {
	case r.URL.Path != "/2010-04-01/Accounts/"+s.o.Account+"/Messages.json":
		refuse(http.StatusNotFound, 20404, "The requested resource was not found")
		return
	case account != s.o.Account || subtle.ConstantTimeCompare([]byte(token), []byte(s.o.Token)) != 1:
		refuse(http.StatusUnauthorized, 20003, "Authenticate")
		return
	case f.Code != 0:
		refuse(f.Code, 21211, f.Words)
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("To") == "" || form.Get("Body") == "" || form.Get("From")+form.Get("MessagingServiceSid") == "" {
		refuse(http.StatusBadRequest, 21602, "To, From and Body are required")
		return
	}
	m := Message{At: time.Now(), Key: r.Header.Get("Idempotency-Key"), To: form.Get("To"), Text: form.Get("Body")}
	s.accept(m)
	if f.Drop {
		drop()
	}
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"sid": sid(m.Key), "status": "queued", "error_code": nil, "error_message": nil, "to": m.To, "body": m.Text,
	})
}

// sid is the gateway's name for a message: the same for the same key.
func sid(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "SM" + hex.EncodeToString(sum[:16])
}

func (s *SMS) simple(w http.ResponseWriter, r *http.Request, body []byte, f Fault) {
	if f.Code != 0 {
		http.Error(w, f.Words, f.Code)
		return
	}
	v := r.URL.Query()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var o map[string]string
		if err := json.Unmarshal(body, &o); err != nil {
			http.Error(w, "ERR no JSON object of strings", http.StatusBadRequest)
			return
		}
		for k, x := range o {
			v.Set(k, x)
		}
	} else if form, err := url.ParseQuery(string(body)); err == nil {
		for k := range form {
			v.Set(k, form.Get(k))
		}
	}
	if v.Get("to") == "" || v.Get("text") == "" {
		fmt.Fprint(w, "ERR to or text is missing") // as many gateways do: 200 all the same
		return
	}
	key := v.Get("key")
	if key == "" {
		key = r.Header.Get("Idempotency-Key")
	}
	s.accept(Message{At: time.Now(), Key: key, To: v.Get("to"), Text: v.Get("text")})
	if f.Drop {
		drop()
	}
	fmt.Fprintf(w, "OK id=%s", sid(key))
}
