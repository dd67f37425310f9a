package smpp

import (
	"fmt"
	"time"

	"github.com/vigia-track/vigia/engine/notify"
)

// Values of command_status (section 5.1.3) that we send or judge.
const (
	statusOK              = 0x00
	statusBadCommand      = 0x03
	statusSystemError     = 0x08
	statusReceiverLater   = 0x64 // ESME_RX_T_APPN: deliver it again later
	statusThrottled       = 0x58
	statusQueueFull       = 0x14
	firstVendorStatus     = 0x400
	statusSubmitFailed    = 0x45
	statusUnknownError    = 0xFF
	statusReceiverRefused = 0x65
)

// throttlePause is how long a centre that says it is too much is left alone.
const throttlePause = 5 * time.Second

var statusNames = map[uint32]string{
	0x01: "the message's length is invalid", 0x02: "the command's length is invalid", 0x03: "the command is unknown",
	0x04: "not allowed in this bind state", 0x05: "already bound", 0x06: "the priority is invalid", 0x07: "registered_delivery is invalid",
	0x08: "system error", 0x0A: "the source address is invalid", 0x0B: "the destination address is invalid",
	0x0C: "the message ID is invalid", 0x0D: "the bind failed", 0x0E: "the password is wrong", 0x0F: "the system_id is unknown",
	0x14: "the message queue is full", 0x15: "the service type is invalid", 0x43: "esm_class is invalid", 0x45: "submitting failed",
	0x48: "the source's TON is invalid", 0x49: "the source's NPI is invalid", 0x50: "the destination's TON is invalid",
	0x51: "the destination's NPI is invalid", 0x53: "the system_type is invalid", 0x58: "throttled: too many messages",
	0x61: "the delivery time is invalid", 0x62: "the validity period is invalid", 0x64: "temporary error of the receiver",
	0x65: "permanent error of the receiver", 0x66: "refused by the receiver", 0xC0: "the optional part is invalid",
	0xC1: "an optional parameter is not allowed", 0xC2: "a parameter's length is invalid", 0xC3: "an optional parameter is missing",
	0xC4: "an optional parameter's value is invalid", 0xFE: "delivery failed", 0xFF: "unknown error",
}

func statusWords(status uint32) string {
	name, ok := statusNames[status]
	if !ok {
		name = "an error of its own"
	}
	return fmt.Sprintf("%s (0x%08X)", name, status)
}

// judge turns the command_status of a submit_sm_resp into an error of the
// right kind, nil for 0. What is about our account or settings is the
// provider's as a whole; an unknown or vendor's own error may pass.
func judge(host string, status uint32) error {
	if status == statusOK {
		return nil
	}
	err := fmt.Errorf("%s answered: %s", host, statusWords(status))
	switch status {
	case statusThrottled, statusQueueFull:
		return notify.Down(&notify.RetryAfterError{Err: err, After: throttlePause})
	case statusSystemError:
		return notify.Down(err)
	case 0x04, 0x05, 0x0D, 0x0E, 0x0F, 0x53:
		return notify.Down(fmt.Errorf("%w (check sms.account, sms.token and sms.system_type)", err))
	case 0x0A, 0x15, 0x48, 0x49, 0x50, 0x51:
		return notify.Down(fmt.Errorf("%w (check sms.from and sms.source_ton to sms.dest_npi)", err))
	case statusSubmitFailed, statusReceiverLater, statusUnknownError:
		return err
	}
	if status >= firstVendorStatus {
		return err
	}
	return notify.Permanent(err)
}
