package admin

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
)

// maxAgent is how much of a program's name is kept, in bytes.
const maxAgent = 200

// peer finds from where a request comes and whether anybody on the way could
// read along: it is secure over TLS, from this machine itself, or through a
// configured proxy that says its side was HTTPS. Headers of any other sender
// are not believed.
func (s *Server) peer(r *http.Request) *auth.Caller {
	c := &auth.Caller{Agent: strings.ToValidUTF8(r.UserAgent(), "")}
	c.Agent = c.Agent[:min(len(c.Agent), maxAgent)]
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		c.Addr = ap.Addr().Unmap()
	}
	forwarded := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("X-Forwarded-Proto") != "" || r.Header.Get("Forwarded") != ""
	switch {
	case s.trusts(c.Addr) && forwarded: // over TLS too: what counts is the browser's side of the proxy
		proto := lastOf(r.Header.Values("X-Forwarded-Proto"))
		c.HTTPS = proto == "https" || proto == "" && r.TLS != nil
		c.Addr = s.client(r, c.Addr)
		c.Secure = c.HTTPS || c.Addr.IsLoopback()
	case r.TLS != nil:
		c.Secure, c.HTTPS = true, true
	case c.Addr.IsLoopback() && forwarded:
		c.Why = "detail.proxy"
	case c.Addr.IsLoopback():
		c.Secure = true
	}
	return c
}

func (s *Server) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(s.o.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// client is the last address of X-Forwarded-For that is not a proxy of ours.
func (s *Server) client(r *http.Request, peer netip.Addr) netip.Addr {
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		a, err := netip.ParseAddr(hop)
		if err != nil {
			ap, err := netip.ParseAddrPort(hop)
			if err != nil {
				return peer
			}
			a = ap.Addr()
		}
		if a = a.Unmap(); !s.trusts(a) {
			return a
		}
		peer = a
	}
	return peer
}

func lastOf(values []string) string {
	all := strings.Split(strings.Join(values, ","), ",")
	return strings.TrimSpace(all[len(all)-1])
}

// local reports a request from this very machine, through no proxy.
func local(r *http.Request) bool {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && ap.Addr().Unmap().IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == ""
}
