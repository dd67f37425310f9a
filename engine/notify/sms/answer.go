package sms

import (
	"fmt"
	"net/http"

	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// judge turns an HTTP status into an error of the right kind, nil for 2xx.
// Hint names the settings to look at where the account is at fault.
func judge(host string, a outbound.Answer, detail, hint string) error {
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	err := fmt.Errorf("%s answered %d: %s", host, a.Status, detail)
	switch {
	case a.Status == http.StatusTooManyRequests, a.Status >= 500:
		if a.RetryAfter > 0 {
			err = &notify.RetryAfterError{Err: err, After: a.RetryAfter}
		}
		return notify.Down(err)
	case a.Status == http.StatusRequestTimeout:
		return notify.Down(err)
	case a.Status == 401, a.Status == 402, a.Status == 403, a.Status == 404, a.Status == 407:
		return notify.Down(fmt.Errorf("%w (check %s)", err, hint))
	case a.Status >= 300 && a.Status < 400:
		return notify.Down(fmt.Errorf("%s answered %d: a redirect, which is not followed (check sms.url)", host, a.Status))
	}
	return notify.Permanent(err)
}
