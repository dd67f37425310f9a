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

	nat64Local  = netip.MustParsePrefix("64:ff9b:1::/48") // RFC 8215
	sixToFour   = netip.MustParsePrefix("2002::/16")      // RFC 3056
	teredo      = netip.MustParsePrefix("2001::/32")      // RFC 4380
	compatible  = netip.MustParsePrefix("::/96")          // RFC 4291, section 2.5.5.1
	siteLocal   = netip.MustParsePrefix("fec0::/10")      // RFC 3879
	assignments = netip.MustParsePrefix("192.0.0.0/24")   // RFC 6890; a cloud's metadata too
	benchmark   = netip.MustParsePrefix("198.18.0.0/15")  // RFC 2544
)

// metadata are addresses outside of the link-local range at which clouds tell a
// machine its secrets. No setting lets them be reached.
var metadata = map[netip.Addr]bool{
	netip.MustParseAddr("168.63.129.16"):   true, // Azure
	netip.MustParseAddr("100.100.100.200"): true, // Alibaba
	netip.MustParseAddr("fd00:ec2::254"):   true, // AWS
	netip.MustParseAddr("fd20:ce::254"):    true, // Google
}

// plain is the IPv4 address that an IPv6 one leads to, else itself.
func plain(a netip.Addr) netip.Addr {
	a = a.WithZone("").Unmap()
	b := a.As16()
	switch {
	case !a.Is6() || a == netip.IPv6Loopback() || a.IsUnspecified():
	case nat64.Contains(a), compatible.Contains(a):
		return netip.AddrFrom4([4]byte(b[12:]))
	case sixToFour.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}

// Check refuses an address with a *DeniedError. An IPv4 address in IPv6
// clothes (mapped, compatible, NAT64, 6to4) is judged as what it is.
func (g Guard) Check(addr netip.Addr) error {
	if !addr.IsValid() {
		return &DeniedError{Addr: addr, Kind: "reserved"}
	}
	a := plain(addr)
	deny := func(kind string) error { return &DeniedError{Addr: addr, Kind: kind} }
	switch {
	case metadata[a]:
		return deny("metadata")
	case a.IsUnspecified() || thisNetwork.Contains(a) || reserved.Contains(a) || assignments.Contains(a) || benchmark.Contains(a) ||
		teredo.Contains(a) || nat64Local.Contains(a) || siteLocal.Contains(a):
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
