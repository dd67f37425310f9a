package outbound

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// Guard says which addresses of our own side may be connected to. The zero
// Guard allows the public internet alone.
type Guard struct {
	AllowLoopback bool // 127.0.0.0/8, ::1
	AllowPrivate  bool // RFC 1918, RFC 4193 and RFC 6598 networks
}

// DeniedError is a connection that the guard refused.
type DeniedError struct {
	Addr netip.Addr
	Kind string // what the address is
}

// Error says what to set, where a setting would help.
func (e *DeniedError) Error() string {
	if e.Kind == "loopback" || e.Kind == "private" {
		return fmt.Sprintf("will not connect to %s: a %s address; set outbound.allow_private if this is meant", e.Addr, e.Kind)
	}
	return fmt.Sprintf("will not connect to %s: a %s address", e.Addr, e.Kind)
}

var (
	sharedSpace = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598, carrier-grade NAT
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")     // RFC 1122
	nat64       = netip.MustParsePrefix("64:ff9b::/96")  // RFC 6052
	reserved    = netip.MustParsePrefix("240.0.0.0/4")   // RFC 1112, broadcast
)

// Check refuses an address with a *DeniedError. An IPv4 address in IPv6
// clothes (mapped, NAT64) is judged as what it is.
func (g Guard) Check(addr netip.Addr) error {
	a := addr.WithZone("").Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	deny := func(kind string) error { return &DeniedError{Addr: addr, Kind: kind} }
	switch {
	case !a.IsValid() || a.IsUnspecified() || thisNetwork.Contains(a) || reserved.Contains(a):
		return deny("reserved")
	case a.IsMulticast():
		return deny("multicast")
	case a.IsLinkLocalUnicast():
		return deny("link-local")
	case a.IsLoopback() && !g.AllowLoopback:
		return deny("loopback")
	case (a.IsPrivate() || sharedSpace.Contains(a)) && !g.AllowPrivate:
		return deny("private")
	}
	return nil
}

// Dialer is a dialer that asks the guard about every address it connects to.
func (g Guard) Dialer(timeout time.Duration) *net.Dialer {
	return &net.Dialer{
		Timeout: timeout,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("will not connect to %q: %w", address, err)
			}
			return g.Check(ap.Addr())
		},
	}
}
