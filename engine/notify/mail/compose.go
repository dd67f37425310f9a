package mail

import (
	"bytes"
	"fmt"
	"html"
	netmail "net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/text"
)

// compose writes the message as it goes over the wire, and its Message-ID.
func (s *Sender) compose(m notify.Message) (raw []byte, id string, err error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(mailbox(s.from.Name, s.from.Address)); err != nil {
		return nil, "", fmt.Errorf("mail: sender: %w", err)
	}
	if to, err := netmail.ParseAddress(m.To); err != nil || to.Address != m.To {
		return nil, "", fmt.Errorf("mail: %q is no address", m.To)
	}
	if err := msg.To(mailbox(m.Name, m.To)); err != nil {
		return nil, "", fmt.Errorf("mail: to %q: %w", m.To, err)
	}
	id = m.Key.String() + "@" + s.domain
	msg.SetMessageIDWithValue(id)
	msg.SetDateWithValue(s.o.Now())
	msg.Subject(text.Clean(m.Subject))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday replies
	msg.SetGenHeader("X-Vigia-Delivery", m.Key.String())
	msg.SetBodyString(gomail.TypeTextPlain, plain(m))
	msg.AddAlternativeString(gomail.TypeTextHTML, page(m))
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, "", fmt.Errorf("mail: %w", err)
	}
	return b.Bytes(), id, nil
}

// mailbox is an address with its name as RFC 5322 section 3.4 writes it: quotes
// and backslashes in the name are escaped, so that no name makes a good address bad.
func mailbox(name, address string) string {
	return (&netmail.Address{Name: text.Clean(name), Address: address}).String()
}

// plain is the text with the links below it.
func plain(m notify.Message) string {
	var b strings.Builder
	b.WriteString(m.Text)
	b.WriteString("\n")
	for _, l := range m.Links {
		fmt.Fprintf(&b, "\n%s:\n%s\n", l.Label, l.URL)
	}
	return b.String()
}

// page is the same as a plain page: the first line as headline, paragraphs
// where the text has empty lines. Everything is escaped.
func page(m notify.Message) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=%q><head><meta charset=\"utf-8\"></head>\n", html.EscapeString(string(m.Lang)))
	b.WriteString("<body style=\"font-family:sans-serif;line-height:1.5;color:#1a1a1a;max-width:36em\">\n")
	head, rest, _ := strings.Cut(m.Text, "\n")
	fmt.Fprintf(&b, "<h2 style=\"font-size:1.2em\">%s</h2>\n", html.EscapeString(head))
	paragraphs := strings.Split(strings.Trim(rest, "\n"), "\n\n")
	for i, p := range paragraphs {
		if i == len(paragraphs)-1 {
			writeLinks(&b, m.Links)
			b.WriteString("<p style=\"color:#666;font-size:.85em\">")
		} else {
			b.WriteString("<p>")
		}
		b.WriteString(strings.ReplaceAll(html.EscapeString(p), "\n", "<br>\n"))
		b.WriteString("</p>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

func writeLinks(b *strings.Builder, links []notify.Link) {
	if len(links) == 0 {
		return
	}
	b.WriteString("<p>")
	for i, l := range links {
		if i > 0 {
			b.WriteString("<br>\n")
		}
		fmt.Fprintf(b, "<a href=\"%s\">%s</a>", html.EscapeString(l.URL), html.EscapeString(l.Label))
	}
	b.WriteString("</p>\n")
}
