package main

import (
	"net"
	"net/url"
	"regexp"
	"strings"
)

// settle fills in what depends on other settings, after all sources were read.
func (c *Config) settle() {
	for i, name := range c.HTTP.Domain {
		c.HTTP.Domain[i] = strings.ToLower(name)
	}
	if c.HTTP.Listen == "" {
		c.HTTP.Listen = ":8080"
		if len(c.HTTP.Domain) > 0 {
			c.HTTP.Listen = ":443"
		}
	}
	if c.PublicURL == "" && len(c.HTTP.Domain) > 0 {
		c.PublicURL = "https://" + c.HTTP.Domain[0]
	}
}

// secure says whether there will be a certificate.
func (c *Config) secure() bool { return c.HTTP.TLSCert != "" || len(c.HTTP.Domain) > 0 }

// aDomain is a name that an authority certifies: labels with dots between, in
// ASCII (RFC 1123, RFC 5890).
var aDomain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// validateTLS reports faults in where the certificate comes from and who shows it.
func (c *Config) validateTLS(fault func(key, format string, args ...any)) {
	if (c.HTTP.TLSCert == "") != (c.HTTP.TLSKey == "") {
		fault("http.tls_cert", "needs http.tls_key beside it, and the other way round")
	}
	for _, name := range c.HTTP.Domain {
		if len(name) > 253 || !aDomain.MatchString(name) {
			fault("http.domain", "%q is no name that a certificate can be obtained for; write track.example.com (others than ASCII letters as xn--…, no *, no address, no port)", name)
		}
	}
	if d := c.HTTP.ACMEDirectory; d != "" {
		u, err := url.Parse(d)
		loopback := err == nil && net.ParseIP(u.Hostname()).IsLoopback()
		if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback) {
			fault("http.acme_directory", "%q is no HTTPS address; without it Let's Encrypt is asked", d)
		}
	}
	if e := c.HTTP.ACMEEmail; e != "" && (!strings.Contains(e, "@") || strings.ContainsAny(e, " ,:")) {
		fault("http.acme_email", "%q is no e-mail address", e)
	}
	if c.secure() {
		return
	}
	for key, addr := range map[string]string{
		"ingest.teltonika_tls": c.Ingest.TeltonikaTLS, "ingest.osmand_tls": c.Ingest.OsmAndTLS, "ingest.owntracks_tls": c.Ingest.OwnTracksTLS,
	} {
		if addr != "" {
			fault(key, "needs a certificate: set http.domain, or http.tls_cert and http.tls_key")
		}
	}
}
