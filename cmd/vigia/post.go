package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

// postTimeout bounds how long a person waits for an invitation to be mailed.
const postTimeout = 20 * time.Second

// post mails what the administration writes, through the sender that mails
// alerts: the company's own, or the installation's. It answers
// [admin.ErrNoMail] where there is neither.
func (n *node) post() admin.Post {
	return func(ctx context.Context, l admin.Letter) error {
		sender := n.senders[fleet.Email]
		if l.Company != 0 {
			if own := n.channels.choose(fleet.Email, l.Company); own != nil {
				sender = own
			}
		}
		if sender == nil {
			return admin.ErrNoMail
		}
		ctx, cancel := context.WithTimeout(ctx, postTimeout)
		defer cancel()
		_, err := sender.Send(ctx, notify.Message{
			Key: letterKey(fleet.Email), To: l.To, Name: l.Name, Lang: l.Lang, Subject: l.Subject, Text: l.Text,
			URL: l.URL, Links: []notify.Link{{Label: l.Label, URL: l.URL}},
		})
		return err
	}
}

// letterKey is of no event: a letter has an ID of its own.
func letterKey(ch fleet.Channel) (key fleet.DeliveryKey) {
	rand.Read(key.Event[:])
	key.Recipient = fleet.UserID(binary.BigEndian.Uint64(key.Event[:8]))
	key.Channel = ch
	return key
}
