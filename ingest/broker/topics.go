package broker

import (
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// validID refuses what could mean something in a topic or a log.
func validID(s string) bool { return fleet.ValidUniqueID(s) == nil }

func commandTopic(uid string) string { return "vigia/" + uid + "/command" }

// mayPublish: vigia/<own>/... but for commands, owntracks/<own>/<device>, and
// owntracks/<user>/<device> for the device user:device.
func mayPublish(uid, topic string) bool {
	root, rest, _ := strings.Cut(topic, "/")
	own, rest, _ := strings.Cut(rest, "/")
	if rest == "" || strings.ContainsAny(rest, "+#\x00") {
		return false
	}
	switch root {
	case "vigia":
		return own == uid && rest != "command" && !strings.HasPrefix(rest, "command/")
	case "owntracks":
		device, kind, _ := strings.Cut(rest, "/")
		return ownTracks(uid, own, device) && kind != "cmd"
	}
	return false
}

func ownTracks(uid, user, device string) bool {
	return validID(device) && (user == uid || user+":"+device == uid)
}

// maySubscribe: the device's own command topic, or OwnTracks' name for it,
// owntracks/<user>/<device>/cmd.
func maySubscribe(uid, filter string) bool {
	if filter == commandTopic(uid) {
		return true
	}
	part := strings.Split(filter, "/")
	return len(part) == 4 && part[0] == "owntracks" && part[3] == "cmd" && ownTracks(uid, part[1], part[2])
}
