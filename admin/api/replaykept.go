package api

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Answers keeps the answers to writes with an Idempotency-Key over restarts,
// within bounds of its own.
type Answers interface {
	// ClaimAnswer claims a name for a request (true), or gives what is known
	// under it.
	ClaimAnswer(name, request [32]byte, now fleet.Time) (fleet.KeptAnswer, bool, error)
	// KeepAnswer puts the answer under a claimed name; "" gives the name free.
	KeepAnswer(name [32]byte, sealed string) error
}

// keptAnswer is an answer as it is sealed: it may hold a secret that is shown
// once.
type keptAnswer struct {
	Status int
	Header http.Header
	Body   []byte
}

func answerContext(name [32]byte) string {
	return "vigia answer " + base64.RawURLEncoding.EncodeToString(name[:])
}

// claimed claims a name in the store; without a key to seal by, memory is all.
func (a *API) claimed(name, request [32]byte, now fleet.Time) (answer, bool, error) {
	if a.o.Secrets == nil {
		return answer{}, true, nil
	}
	kept, mine, err := a.o.Books.Answers.ClaimAnswer(name, request, now)
	if err != nil || mine {
		return answer{}, mine, err
	}
	out := answer{at: kept.At}
	copy(out.request[:], kept.Request)
	if kept.Sealed == "" {
		return out, false, nil
	}
	text, err := a.o.Secrets.Open(answerContext(name), kept.Sealed)
	if err != nil {
		return out, false, nil // sealed by another key: as if it were lost
	}
	var k keptAnswer
	if json.Unmarshal([]byte(text), &k) == nil {
		out.ready, out.status, out.header, out.body = true, k.Status, k.Header, k.Body
	}
	return out, false, nil
}

// keepAnswer puts an answer into the store; one that is not ready gives its
// name free.
func (a *API) keepAnswer(name [32]byte, v answer) {
	if a.o.Secrets == nil {
		return
	}
	sealed := ""
	if v.ready {
		text, err := json.Marshal(keptAnswer{v.status, v.header, v.body})
		if err == nil {
			sealed = a.o.Secrets.Seal(answerContext(name), string(text))
		}
	}
	if err := a.o.Books.Answers.KeepAnswer(name, sealed); err != nil {
		a.o.Log.Error("an answer could not be kept: until its key is an hour old, a repeated request is refused after a restart", "err", err)
	}
}
