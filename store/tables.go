package store

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
	"github.com/vigia-track/vigia/store/roll"
)

// The indexes of admin.db. Unique: text -> ID. Others: who, ID -> nothing.
const (
	companyByName      = "companies/name"
	customerByName     = "customers/name" // within the company
	customerByCode     = "customers/code" // within the company
	customerByCompany  = "customers/company"
	customerByPlan     = "customers/plan"
	customerByTag      = "customers/tag"      // company, folded tag, 0, ID
	customerInternal   = "customers/internal" // the reseller or company whose internal system it is
	customerByParent   = "customers/parent"
	customerByLocation = "customers/location"
	customerByView     = "customers/view" // that its users see first
	userByLocation     = "users/location"
	deviceByUniqueID   = "devices/uid"
	deviceByOwner      = "devices/owner" // the company while in stock
	deviceByCompany    = "devices/company"
	deviceByLabel      = "devices/label"
	deviceByType       = "devices/type"
	fenceByOwner       = "fences/owner"
	fenceByCompany     = "fences/company"
	fenceByDevice      = "fences/device" // that names it as a target
	fenceByLabel       = "fences/label"  // that it names as a target
	ruleByLabel        = "rules/label"
	noticeByOwner      = "notifications/owner"
	noticeByCompany    = "notifications/company"
	noticeByDevice     = "notifications/device"
	noticeByFence      = "notifications/fence"
	noticeByUser       = "notifications/user"
	noticeByRule       = "notifications/rule"
	noticeByPlan       = "notifications/plan"
	ruleByOwner        = "rules/owner"
	ruleByCompany      = "rules/company"
	ruleByDevice       = "rules/device" // that names it as a target
	ruleByFence        = "rules/fence"
	userByEmail        = "users/email"
	userByCompany      = "users/company"
	userByOwner        = "users/owner"  // the company for its staff
	userByDevice       = "users/device" // that is assigned to it
	userByLogin        = "users/login"
	tokenByHash        = "tokens/hash"
	tokenByUser        = "tokens/user"
	subscriptionByUser = "subscriptions/user"
	subscriptionByURL  = "subscriptions/endpoint"
)

var companies = table[fleet.Company]{
	entry: companyEntry, roll: func(r *rolls) *roll.Roll { return &r.companies },
	Table: boltfile.NewTable("companies"), record: companyRecord, indexes: []string{companyByName},
	key: func(c *fleet.Company) []byte { return be64(uint64(c.ID)) },
	entries: func(c *fleet.Company) []entry {
		return []entry{unique(companyByName, "name", []byte(fold(c.Name)))}
	},
}

var customers = table[fleet.Customer]{
	entry: customerEntry, roll: func(r *rolls) *roll.Roll { return &r.customers },
	Table: boltfile.NewTable("customers"), record: customerRecord,
	indexes: []string{customerByName, customerByCode, customerByCompany, customerByParent, customerByPlan, customerByTag, customerInternal, customerByLocation, customerByView},
	key:     func(c *fleet.Customer) []byte { return be64(uint64(c.ID)) },
	entries: func(c *fleet.Customer) []entry {
		out := []entry{
			unique(customerByName, "name", ref(uint64(c.Company), []byte(fold(c.Name)))),
			unique(customerByCode, "code", ref(uint64(c.Company), []byte(fold(c.Code)))),
			listed(customerByCompany, uint64(c.Company), uint64(c.ID)),
			listed(customerByParent, uint64(c.Parent), uint64(c.ID)),
		}
		if c.Plan != 0 {
			out = append(out, listed(customerByPlan, uint64(c.Plan), uint64(c.ID)))
		}
		if c.Location != 0 {
			out = append(out, listed(customerByLocation, uint64(c.Location), uint64(c.ID)))
		}
		if c.View != 0 {
			out = append(out, listed(customerByView, uint64(c.View), uint64(c.ID)))
		}
		if c.Internal {
			out = append(out, unique(customerInternal, "internalSystem", internalKey(c)))
		}
		for _, tag := range c.Tags {
			key := append(tagKey(c.Company, tag), be64(uint64(c.ID))...)
			if !slices.ContainsFunc(out, func(e entry) bool { return e.index == customerByTag && string(e.key) == string(key) }) {
				out = append(out, entry{index: customerByTag, key: key})
			}
		}
		return out
	},
}

var devices = table[fleet.Device]{
	entry: deviceEntry, roll: func(r *rolls) *roll.Roll { return &r.devices },
	Table: boltfile.NewTable("devices"), record: deviceRecord,
	indexes: []string{deviceByUniqueID, deviceByOwner, deviceByCompany, deviceByLabel, deviceByType},
	key:     func(d *fleet.Device) []byte { return be64(uint64(d.ID)) },
	entries: func(d *fleet.Device) []entry {
		id := uint64(d.ID)
		out := append([]entry{
			unique(deviceByUniqueID, "uniqueId", []byte(d.UniqueID)),
			listed(deviceByOwner, uint64(d.Owner()), id),
			listed(deviceByCompany, uint64(d.Company), id),
		}, lists(deviceByLabel, d.Labels, id)...)
		if d.Type != 0 {
			out = append(out, listed(deviceByType, uint64(d.Type), id))
		}
		return out
	},
}

var fences = table[fleet.Fence]{
	entry: fenceEntry, roll: func(r *rolls) *roll.Roll { return &r.fences },
	Table: boltfile.NewTable("fences"), record: fenceRecord,
	indexes: []string{fenceByOwner, fenceByCompany, fenceByDevice, fenceByLabel},
	key:     func(f *fleet.Fence) []byte { return be64(uint64(f.ID)) },
	entries: func(f *fleet.Fence) []entry {
		id := uint64(f.ID)
		out := append([]entry{
			listed(fenceByOwner, uint64(f.Owner), id),
			listed(fenceByCompany, uint64(f.Company), id),
		}, lists(fenceByDevice, f.Targets.Devices, id)...)
		return append(out, lists(fenceByLabel, f.Targets.Labels, id)...)
	},
}

var notices = table[fleet.Notification]{
	entry: noticeEntry, roll: func(r *rolls) *roll.Roll { return &r.notices },
	Table: boltfile.NewTable("notifications"), record: notificationRecord,
	indexes: []string{noticeByOwner, noticeByCompany, noticeByDevice, noticeByFence, noticeByUser, noticeByRule, noticeByPlan},
	key:     func(n *fleet.Notification) []byte { return be64(uint64(n.ID)) },
	entries: func(n *fleet.Notification) []entry {
		id := uint64(n.ID)
		out := append([]entry{
			listed(noticeByOwner, uint64(n.Owner), id),
			listed(noticeByCompany, uint64(n.Company), id),
		}, lists(noticeByDevice, n.Devices, id)...)
		out = append(out, lists(noticeByFence, n.Fences, id)...)
		out = append(out, lists(noticeByRule, n.Rules, id)...)
		if n.Plan != 0 {
			out = append(out, listed(noticeByPlan, uint64(n.Plan), id))
		}
		return append(out, lists(noticeByUser, n.Recipients, id)...)
	},
}

var rules = table[fleet.Rule]{
	entry: ruleEntry, roll: func(r *rolls) *roll.Roll { return &r.rules },
	Table: boltfile.NewTable("rules"), record: ruleRecord,
	indexes: []string{ruleByOwner, ruleByCompany, ruleByDevice, ruleByFence, ruleByLabel},
	key:     func(r *fleet.Rule) []byte { return be64(uint64(r.ID)) },
	entries: func(r *fleet.Rule) []entry {
		id := uint64(r.ID)
		out := append([]entry{
			listed(ruleByOwner, uint64(r.Owner), id),
			listed(ruleByCompany, uint64(r.Company), id),
		}, lists(ruleByDevice, r.Targets.Devices, id)...)
		out = append(out, lists(ruleByLabel, r.Targets.Labels, id)...)
		return append(out, lists(ruleByFence, r.Fences, id)...)
	},
}

var users = table[fleet.User]{
	entry: userEntry, roll: func(r *rolls) *roll.Roll { return &r.users },
	Table: boltfile.NewTable("users"), record: userRecord,
	indexes: []string{userByEmail, userByLogin, userByCompany, userByOwner, userByDevice, userByLocation},
	key:     func(u *fleet.User) []byte { return be64(uint64(u.ID)) },
	entries: func(u *fleet.User) []entry {
		id := uint64(u.ID)
		var out []entry
		if u.Email != "" {
			out = append(out, unique(userByEmail, "email", []byte(strings.ToLower(u.Email))))
		}
		out = append(out,
			unique(userByLogin, "username", []byte(u.Login())),
			listed(userByCompany, uint64(u.Company), id),
			listed(userByOwner, uint64(userOwner(u)), id),
		)
		out = append(out, lists(userByDevice, u.Devices, id)...)
		if u.Location != 0 {
			out = append(out, listed(userByLocation, uint64(u.Location), id))
		}
		return out
	},
}

var tokens = table[fleet.Token]{
	Table: boltfile.NewTable("tokens"), record: tokenRecord, indexes: []string{tokenByHash, tokenByUser},
	key: func(t *fleet.Token) []byte { return be64(uint64(t.ID)) },
	entries: func(t *fleet.Token) []entry {
		return []entry{
			unique(tokenByHash, "token", t.Hash),
			listed(tokenByUser, uint64(t.User), uint64(t.ID)),
		}
	},
}

var subscriptions = table[fleet.Subscription]{
	Table: boltfile.NewTable("subscriptions"), record: subscriptionRecord, indexes: []string{subscriptionByUser, subscriptionByURL},
	key: func(s *fleet.Subscription) []byte { return be64(uint64(s.ID)) },
	entries: func(s *fleet.Subscription) []entry {
		return []entry{
			listed(subscriptionByUser, uint64(s.User), uint64(s.ID)),
			unique(subscriptionByURL, "endpoint", digest([]byte(s.Endpoint))),
		}
	},
}

var credentials = table[fleet.Credential]{
	Table: boltfile.NewTable("credentials"), record: credentialRecord,
	key:     func(c *fleet.Credential) []byte { return be64(uint64(c.User)) },
	entries: func(*fleet.Credential) []entry { return nil },
}

var setupLinks = table[fleet.SetupLink]{
	Table: boltfile.NewTable("links"), record: linkRecord,
	key:     func(l *fleet.SetupLink) []byte { return l.Hash },
	entries: func(*fleet.SetupLink) []entry { return nil },
}

// lists is one entry for each of whos, twice named ones once.
func lists[K any](index string, whos []fleet.ID[K], id uint64) []entry {
	out := make([]entry, 0, len(whos))
	for _, who := range whos {
		out = append(out, listed(index, uint64(who), id))
	}
	return out
}

// fold makes texts equal that differ in case or in how accents are written.
func fold(s string) string {
	plain := true // which most texts are, and which is quick
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] < utf8.RuneSelf
	}
	if plain {
		return strings.ToLower(s)
	}
	return cases.Fold().String(norm.NFKC.String(s))
}
