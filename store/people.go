package store

import (
	"crypto/sha256"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// PutToken stores a token: a new one (ID 0), or a description or expiry of one
// that is there; its user and secret stay.
func (a *Admin) PutToken(actor fleet.Actor, t fleet.Token) (fleet.Token, error) {
	now := fleet.At(a.now())
	err := a.db.Update(func(tx *bbolt.Tx) error {
		var old *fleet.Token
		if t.ID != 0 {
			var err error
			if old, err = tokens.byID(tx, uint64(t.ID)); err != nil {
				return err
			}
			t.Hash, t.User, t.Created, t.Revoked = old.Hash, old.User, old.Created, old.Revoked
		} else {
			if len(t.Hash) != sha256.Size {
				return fleet.FieldError("token", "the hash has %d bytes, want %d", len(t.Hash), sha256.Size)
			}
			if _, err := users.byID(tx, uint64(t.User)); err != nil {
				return err
			}
			id, err := newID(tx, &tokens, now)
			if err != nil {
				return err
			}
			t.ID, t.Created = fleet.TokenID(id), now
		}
		if err := tokens.put(tx, old, &t); err != nil {
			return err
		}
		return logChange(newAuditor(tx, actor, now), &tokens, uint64(t.ID), old, &t)
	})
	if err != nil {
		return fleet.Token{}, err
	}
	return t, nil
}

// TokenByHash is the token whose secret has this SHA-256, revoked and expired
// ones too; NotFound if there is none.
func (a *Admin) TokenByHash(hash []byte) (fleet.Token, error) {
	if len(hash) != sha256.Size {
		return fleet.Token{}, fleet.Errorf(fleet.NotFound, "there is no such token")
	}
	return byName(a, &tokens, tokenByHash, hash, "there is no such token")
}

// Tokens are a user's tokens, oldest first.
func (a *Admin) Tokens(user fleet.UserID) ([]fleet.Token, error) {
	return under(a, &tokens, tokenByUser, uint64(user))
}

// RevokeToken ends a token for good. Revoking twice is fine.
func (a *Admin) RevokeToken(actor fleet.Actor, id fleet.TokenID) error {
	now := fleet.At(a.now())
	return a.db.Update(func(tx *bbolt.Tx) error {
		old, err := tokens.byID(tx, uint64(id))
		if err != nil || old.Revoked != 0 {
			return err
		}
		t := *old
		t.Revoked = now
		if err := tokens.put(tx, old, &t); err != nil {
			return err
		}
		return logChange(newAuditor(tx, actor, now), &tokens, uint64(id), old, &t)
	})
}

// under are the rows that a non-unique index lists under who.
func under[T any](a *Admin, t *table[T], index string, who uint64) (out []T, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		for _, id := range idsUnder(tx, index, who, 0) {
			v, err := t.byID(tx, id)
			if err != nil {
				return err
			}
			out = append(out, *v)
		}
		return nil
	})
	return out, err
}

// MaxSubscriptions bounds the browsers of one user; one more drops the oldest.
const MaxSubscriptions = 20

// PutSubscription stores a browser. A browser has one user: whoever used it
// before gets no pushes there any more.
func (a *Admin) PutSubscription(actor fleet.Actor, s fleet.Subscription) (fleet.Subscription, error) {
	now := fleet.At(a.now())
	err := a.db.Update(func(tx *bbolt.Tx) error {
		if s.Endpoint == "" {
			return fleet.FieldError("endpoint", "is required")
		}
		if _, err := users.byID(tx, uint64(s.User)); err != nil {
			return err
		}
		log := newAuditor(tx, actor, now)
		old, err := subscriptions.named(tx, subscriptionByURL, digest([]byte(s.Endpoint)))
		if err != nil {
			return err
		}
		if old != nil && old.User != s.User {
			if err := removeRow(tx, log, &subscriptions, uint64(old.ID)); err != nil {
				return err
			}
			old = nil
		}
		if old != nil {
			s.ID, s.Created = old.ID, old.Created
		} else {
			if have := idsUnder(tx, subscriptionByUser, uint64(s.User), 0); len(have) >= MaxSubscriptions {
				if err := removeRow(tx, log, &subscriptions, have[0]); err != nil {
					return err
				}
			}
			id, err := newID(tx, &subscriptions, now)
			if err != nil {
				return err
			}
			s.ID, s.Created = fleet.SubscriptionID(id), now
		}
		if err := subscriptions.put(tx, old, &s); err != nil {
			return err
		}
		return logChange(log, &subscriptions, uint64(s.ID), old, &s)
	})
	if err != nil {
		return fleet.Subscription{}, err
	}
	return s, nil
}

// Subscriptions are a user's browsers, oldest first.
func (a *Admin) Subscriptions(user fleet.UserID) ([]fleet.Subscription, error) {
	return under(a, &subscriptions, subscriptionByUser, uint64(user))
}

// DropSubscription forgets a browser; one that is gone already is fine.
func (a *Admin) DropSubscription(id fleet.SubscriptionID) error {
	return a.db.Update(func(tx *bbolt.Tx) error {
		if v, err := subscriptions.find(tx, be64(uint64(id))); err != nil || v == nil {
			return err
		}
		return removeRow(tx, newAuditor(tx, fleet.Actor{}, fleet.At(a.now())), &subscriptions, uint64(id))
	})
}
