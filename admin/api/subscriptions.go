package api

import (
	"crypto/ecdh"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type subscription struct {
	ID       fleet.SubscriptionID `json:"id"`
	Endpoint string               `json:"endpoint" doc:"Where the push service takes messages" example:"https://push.example.com/abc"`
	Agent    string               `json:"agent,omitempty" doc:"The browser"`
	Created  fleet.Time           `json:"created"`
}

func showSubscription(s *fleet.Subscription) subscription {
	return subscription{ID: s.ID, Endpoint: s.Endpoint, Agent: s.Agent, Created: s.Created}
}

// subscriptionInput is what PushSubscription.toJSON gives in a browser.
type subscriptionInput struct {
	Endpoint       string   `json:"endpoint" maxLength:"2048" example:"https://push.example.com/abc"`
	ExpirationTime *float64 `json:"expirationTime,omitempty" nullable:"true" doc:"As browsers send it; not used"`
	Keys           struct {
		P256DH string `json:"p256dh" doc:"The browser's public key, base64url"`
		Auth   string `json:"auth" doc:"Its secret, base64url"`
	} `json:"keys"`
}

type vapid struct {
	Key string `json:"key" doc:"The application server key for PushManager.subscribe, base64url; empty: push is off"`
}

// maxSubscriptions bounds the browsers of one user.
const maxSubscriptions = 50

func (a *API) subscriptions() {
	op := operation{tag: "Push", object: auth.Subscription}

	op.id, op.method, op.path, op.action = "getPushKey", http.MethodGet, "/push/key", auth.Read
	op.summary = "Read the VAPID public key (RFC 8292)"
	register(a, op, func(*call, *struct{}) (*one[vapid], error) {
		return &one[vapid]{vapid{Key: a.o.VAPIDKey}}, nil
	})

	op.id, op.path, op.summary = "listSubscriptions", "/push/subscriptions", "List the browsers that take your push messages"
	register(a, op, func(c *call, _ *struct{}) (*one[page[subscription]], error) {
		all, err := a.o.People.Subscriptions(c.user.ID)
		return pageOf(fleet.Page[fleet.Subscription]{Items: all}, showSubscription), err
	})

	op.id, op.method, op.action, op.status = "createSubscription", http.MethodPost, auth.Create, http.StatusCreated
	op.summary, op.doc = "Let a browser take your push messages", "The body is what `PushSubscription.toJSON()` gives."
	op.example = map[string]any{"endpoint": "https://push.example.com/abc", "keys": map[string]string{"p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", "auth": "tBHItJI5svbpez7KI4CCXg"}}
	register(a, op, func(c *call, in *struct {
		Agent string `header:"User-Agent" hidden:"true"`
		Body  subscriptionInput
	}) (*one[subscription], error) {
		s, err := in.Body.read()
		if err != nil {
			return nil, err
		}
		all, err := a.o.People.Subscriptions(c.user.ID)
		if err != nil {
			return nil, err
		}
		for i := range all {
			if all[i].Endpoint == s.Endpoint {
				s.ID = all[i].ID
			}
		}
		if s.ID == 0 && len(all) >= maxSubscriptions {
			return nil, fleet.Errorf(fleet.Conflict, "you have %d browsers subscribed; remove one first", maxSubscriptions)
		}
		s.User, s.Agent, s.Created = c.user.ID, in.Agent[:min(len(in.Agent), 200)], a.o.Now()
		s, err = a.o.People.PutSubscription(c.actor(), s)
		return &one[subscription]{showSubscription(&s)}, err
	})

	op.id, op.method, op.path, op.action = "deleteSubscription", http.MethodDelete, "/push/subscriptions/{id}", auth.Delete
	op.summary, op.doc, op.status, op.example = "Stop push messages to a browser", "", 0, nil
	register(a, op, func(c *call, in *ByID) (*struct{}, error) {
		all, err := a.o.People.Subscriptions(c.user.ID)
		if err != nil {
			return nil, err
		}
		for i := range all {
			if all[i].ID.String() == in.ID {
				return nil, a.o.People.DropSubscription(all[i].ID)
			}
		}
		return nil, errNotFound()
	})
}

// read checks the keys (RFC 8291, section 3.1) and that the endpoint is HTTPS,
// or loopback for tests and demos.
func (in *subscriptionInput) read() (fleet.Subscription, error) {
	u, err := url.Parse(in.Endpoint)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !(u.Scheme == "http" && u.Hostname() == "127.0.0.1") {
		return fleet.Subscription{}, fleet.FieldError("endpoint", "is no https address of a push service")
	}
	key, err := decode64(in.Keys.P256DH)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key)
	}
	if err != nil {
		return fleet.Subscription{}, fleet.FieldError("keys.p256dh", "is no public key of a browser")
	}
	secret, err := decode64(in.Keys.Auth)
	if err != nil || len(secret) != 16 {
		return fleet.Subscription{}, fleet.FieldError("keys.auth", "is no secret of a browser: 16 bytes in base64url")
	}
	return fleet.Subscription{Endpoint: in.Endpoint, P256DH: key, Auth: secret}, nil
}

func decode64(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}
