package admin

import (
	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
)

// What the administration needs of others; the contracts stand in admin/api.
type (
	Records        = api.Records       // reads what the administration keeps
	Books          = api.Books         // the plain records, by kind
	Connections    = api.Connections   // runs customers' own brokers
	Channels       = api.Channels      // companies' own providers
	Bulk           = api.Bulk          // exports and imports, and their jobs
	Post           = api.Post          // mails what the administration writes
	Letter         = api.Letter        // one such mail
	Secrets        = api.Secrets       // seals what must be read again
	People         = api.People        // writes users, tokens, browsers and links
	Applier        = api.Applier       // changes what the engine knows
	Facts          = api.Facts         // reads events and deliveries
	Tracks         = api.Tracks        // reads stored positions
	Strangers      = api.Strangers     // lists unknown senders
	Messages       = api.Messages      // has what devices sent lately
	Commands       = api.Commands      // has devices told, and keeps what they were told
	Clocks         = api.Clocks        // knows of wrong clocks, and mends what they did
	Corrected      = api.Corrected     // what became of a device's quarantined reports
	WhyQuestion    = api.WhyQuestion   // asks why something happened, or did not
	RouteQuestion  = api.RouteQuestion // asks where a device went
	Stranger       = api.Stranger      // one of them
	SystemReport   = api.SystemReport  // the running process, for GET /system
	StoreSize      = api.StoreSize
	ListenerReport = api.ListenerReport // one open port of it
)

// ErrNoMail is what a Post answers where neither the company nor the
// installation has a mail server.
var ErrNoMail = api.ErrNoMail

// CutLetter tells a customer's administrator on which day the service will be
// cut, in the person's language.
func CutLetter(u *fleet.User, customer string, day fleet.Date, publicURL string) Letter {
	return api.CutLetter(u, customer, day, publicURL)
}
