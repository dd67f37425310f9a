package sms

import (
	"encoding/json"
	"html"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"github.com/vigia-track/vigia/engine/notify/outbound"
)

var placeholders = regexp.MustCompile(`\{[A-Za-z_]+\}`)

var known = map[string]bool{"{to}": true, "{text}": true, "{from}": true, "{key}": true}

// values are the placeholders, braces included, and what stands for them.
type values map[string]string

// into fills a template, each value escaped. Values are not expanded again, and
// braces that are no placeholder of ours stay.
func (v values) into(template string, escape func(string) string) string {
	return placeholders.ReplaceAllStringFunc(template, func(name string) string {
		if value, ok := v[name]; ok {
			return escape(value)
		}
		return name
	})
}

// intoURL escapes for the path before the first question mark, for the query
// behind it.
func (v values) intoURL(template string) string {
	path, query, has := strings.Cut(template, "?")
	path = v.into(path, url.PathEscape)
	if !has {
		return path
	}
	return path + "?" + v.into(query, url.QueryEscape)
}

// escaper is how a value is written inside a body of a media type.
func escaper(mediaType string) func(string) string {
	kind, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		kind = mediaType
	}
	switch {
	case kind == "application/x-www-form-urlencoded":
		return url.QueryEscape
	case kind == "application/json", strings.HasSuffix(kind, "+json"):
		return inJSON
	case strings.HasSuffix(kind, "xml"), kind == "text/html":
		return html.EscapeString
	}
	return func(s string) string { return s }
}

// inJSON writes s as it stands between the quotes of a JSON string.
func inJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // strings always can be
		return ""
	}
	return string(b[1 : len(b)-1])
}

// oneLine keeps a value from breaking out of its header.
func oneLine(s string) string { return outbound.Words([]byte(s)) }
