package main

import (
	"net"
	"os"
	"strings"
)

// tellSystemd says how the service is (READY=1, STOPPING=1) to who started it,
// as sd_notify(3) does; a first character @ stands for the abstract namespace.
// Started by somebody else, nobody is told.
func tellSystemd(state string) error {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return nil
	}
	if rest, ok := strings.CutPrefix(name, "@"); ok {
		name = "\x00" + rest
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return err
	}
	_, err = c.Write([]byte(state))
	_ = c.Close() // nothing is left to be sent
	return err
}
