package api

import (
	"net/http"
	"strconv"

	"golang.org/x/text/language"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

var tags = []language.Tag{language.English, language.Spanish, language.Portuguese, language.French}

var matcher = language.NewMatcher(tags)

// acceptMost is the longest Accept-Language header that is looked at.
const acceptMost = 200

// LangOf is the language to answer in: what the request asks for if we speak
// it, else the user's, else English.
func LangOf(r *http.Request) fleet.Lang {
	if l, ok := acceptedLang(r.Header.Get("Accept-Language")); ok {
		return l
	}
	if who := auth.CallerOf(r.Context()).Who; who != nil && who.User.Lang.Validate() == nil {
		return who.User.Lang
	}
	return fleet.English
}

func acceptedLang(header string) (fleet.Lang, bool) {
	if header == "" || len(header) > acceptMost {
		return "", false
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wanted) == 0 {
		return "", false
	}
	_, i, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return "", false
	}
	return fleet.Langs()[i], true
}

func itoa(n int) string { return strconv.Itoa(n) }
