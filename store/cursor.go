package store

import (
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/roll"
)

// cursor is a place in a list as text: the ID, and in a sorted list before it
// what was sorted by, so that the page after goes on there even if the record
// has another name by then, or is gone.
func cursor(q *fleet.Query, at *roll.Key) string {
	id := fleet.ID[struct{}](at.ID).String()
	if q.Sort == "" {
		return id
	}
	key := append(binary.BigEndian.AppendUint64(nil, at.Number), at.Text...)
	return id + "." + base64.RawURLEncoding.EncodeToString(key)
}

// whereAfter is the place that a query goes on from, nil for the beginning.
func whereAfter(q *fleet.Query) (*roll.Key, error) {
	if q.After == "" {
		return nil, nil
	}
	text, by, _ := strings.Cut(q.After, ".")
	id, err := fleet.ParseID[struct{}](text)
	at := &roll.Key{Number: uint64(id), ID: uint64(id)}
	if err == nil && q.Sort != "" {
		var key []byte
		if key, err = base64.RawURLEncoding.DecodeString(by); err == nil && len(key) >= 8 && len(key) <= 8+roll.MaxKey {
			at.Number, at.Text = be64Of(key[:8]), key[8:]
			return at, nil
		}
		err = fleet.Errorf(fleet.Invalid, "no place in a sorted list")
	}
	if err != nil || by != "" {
		return nil, fleet.FieldError("after", "%q is no cursor that a page gave; begin with the first page", q.After)
	}
	return at, nil
}
