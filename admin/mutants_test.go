package admin_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// wider is the next reach, one that lets more through; absent: there is none,
// or what a person's own is does not depend on it.
var wider = map[auth.Reach]auth.Reach{
	auth.Assigned: auth.OneCustomer, auth.OneCustomer: auth.Inner, auth.Inner: auth.OneCompany,
	auth.OneCompany: auth.Installation, auth.Sole: auth.Installation,
}

// unmoved are rows whose reach may be wider without anybody seeing more, with
// the reason: "object.action" or "role:object.action".
var unmoved = map[string]string{
	"channel.create": "they are those of the caller's own company, which the path does not name",
	"channel.read":   "they are those of the caller's own company, which the path does not name",
	"channel.update": "they are those of the caller's own company, which the path does not name",
	"channel.delete": "they are those of the caller's own company, which the path does not name",

	"comment.create":      "it names whom it is about: the rows for customers and users bar it",
	"shift.create":        "it names whose it is: the row for users bars it",
	"supportRoute.create": "it names who answers: the row for users bars it",
	"shareLink.create":    "it names devices: the row for devices bars it",
	"notification.create": "it names who is told: the row for users bars it",

	"customerUser:answer.create": "they answer in what they wrote themselves alone, wherever it stands",
	"bulkUsers.read":             "the rows for the records themselves bar it: a table has what those show",
	"bulkUsers.create":           "the rows for the records themselves bar it",
	"bulkOperators.read":         "the rows for the records themselves bar it",
	"bulkOperators.create":       "the rows for the records themselves bar it",
	"bulkCustomers.read":         "the rows for the records themselves bar it",
	"bulkCustomers.create":       "the rows for the records themselves bar it",
	"bulkDevices.read":           "the rows for the records themselves bar it",
	"bulkDevices.create":         "the rows for the records themselves bar it",

	"guest:shared.read": "what it shows is of the devices that the link names",

	"customerAdmin:module.read": "the company's, which all its customers read",
	"customerUser:module.read":  "the company's, which all its customers read",
}

// TestMutants changes the table that the product works by, one row at a time,
// and looks that the matrix notices: each row is taken out, and each is let
// reach one step further. make mutants lists them.
func TestMutants(t *testing.T) {
	aloneInRace(t)
	rows := readMatrix(t)
	table := slices.Clone(auth.Permissions())
	full := slices.Clone(table)
	s := newScene(t, table) // works by this very table: what changes here holds at once
	all := routes(t, s.w)
	solo := soloScene(t, table)

	killed, m := 0, &matrix{}
	for i, row := range full {
		name := string(row.Role)
		if row.Role == auth.Anyone {
			name = "anyone"
		}
		name = fmt.Sprintf("%s may %s %s as far as %s", name, row.Action, row.Object, row.Reach)
		m = &matrix{t: t, scene: s, probes: m.probes, role: row.Role, gentle: true, rows: rows, column: column{name: string(row.Role), role: row.Role}}
		switch row.Role {
		case auth.Anyone:
		case auth.Guest:
			m.shows = bearer(s.guest)
		default:
			m.shows = bearer(s.a.tokens[row.Role])
		}
		concerned := slices.DeleteFunc(slices.Clone(all), func(r route) bool { return r.object != row.Object || r.action != row.Action || r.id == "signOut" })
		find := func() string {
			if row.Reach == auth.Sole {
				return solo.fault(concerned)
			}
			return m.faults(concerned)
		}
		if fault := find(); fault != "" {
			t.Fatalf("%s: with the table as it is: %s", name, fault)
		}

		table[i].Role = "nobody at all"
		fault := find()
		table[i] = full[i]
		if killed++; fault == "" {
			killed--
			t.Errorf("SURVIVED without the row: %s. No operation needs it: drop the row, or see in authz_test.go that target.body and target.id point its operations at something", name)
		} else {
			t.Logf("killed  without the row: %s: %.120s", name, fault)
		}

		far, ok := wider[row.Reach]
		if !ok {
			continue
		}
		table[i].Reach = far
		if row.Reach == auth.Sole {
			fault = m.faults(concerned)
		} else {
			fault = find()
		}
		table[i] = full[i]
		reason := cmp.Or(unmoved[string(row.Object)+"."+string(row.Action)], unmoved[string(row.Role)+":"+string(row.Object)+"."+string(row.Action)])
		if reason == "" && fault == "" && far != auth.Installation && ofCompany(concerned) {
			reason = "the company's, which its customers read"
		}
		switch {
		case fault == "" && reason == "":
			t.Errorf("SURVIVED reaching %s: %s. Nobody would see more than before: see in authz_test.go that target.body and target.id name something of others, or write into unmoved why it cannot matter", far, name)
		case fault == "":
			t.Logf("alike   reaching %s: %s: %s", far, name, reason)
		case reason != "":
			t.Errorf("reaching %s is noticed: %s: take it out of unmoved", far, name)
		default:
			killed++
			t.Logf("killed  reaching %s: %s: %.120s", far, name, fault)
		}
	}
	t.Logf("%d mutants killed", killed)
}

// ofCompany reports whether operations are about plain records that only a
// company has.
func ofCompany(all []route) bool {
	return !slices.ContainsFunc(all, func(r route) bool {
		base, _, _ := strings.Cut(strings.TrimPrefix(r.path, "/"), "/")
		return !strings.Contains(plainBodies["/"+base], `"owner":"$company"`)
	})
}

// faults asks some operations about everything that they do not change, and
// says what is wrong with the first answer that is.
func (m *matrix) faults(all []route) string {
	hidden := m.scene.hidden(m.role)
	for _, r := range all {
		want := m.rows[r.id]
		nothing := m.absent(r)
		if r.object == auth.Stream && want.roles[m.role] == "201" {
			if fault := m.snapshot(hidden); fault != "" {
				return fault
			}
		}
		for _, at := range aims {
			g, does := m.scene.at(r, at, m.role)
			seen := slices.Contains(within[m.role], at)
			if !does || seen && (r.method != "GET" && (names(r) || mentions(r, m.scene.a, m.scene.a.companyMarks())) || at != own) {
				continue
			}
			if fault := m.fault(r, &want, at, m.ask(r, g), nothing, hidden); fault != "" {
				return fault
			}
			if names(r) || at != other && at != sibling || m.rows[r.id].roles[m.role] != "201" || seen {
				continue
			}
			body := bare(g.body(r), append(g.tn.customerMarks(), g.tn.companyMarks()...))
			if got := m.scene.w.probe(r.method, g.path(r), body, m.shows...); got.status != 422 {
				return fmt.Sprintf("%s: %s answers %d, want 422, to %s", r.id, at, got.status, body)
			}
		}
	}
	return ""
}

// snapshot looks at what a stream begins with.
func (m *matrix) snapshot(hidden []string) string {
	ws, _, err := m.scene.w.dial(strings.TrimPrefix(m.shows[1], "Bearer "), "")
	if err != nil {
		return "" // without the row
	}
	ws.Close()
	c := m.scene.w.watch(strings.TrimPrefix(m.shows[1], "Bearer "), everything)
	first := c.next().raw
	c.ws.Close()
	m.scene.w.until("the stream's end", func() bool { return m.scene.w.hub.Watchers() == 0 }) // it reads the table
	if h := shown(first, hidden); h != "" {
		return "the stream shows " + h
	}
	return ""
}

// bare is a body without its lists of IDs: whose it is to be is left.
func bare(body string, ids []string) string {
	var v map[string]any
	if json.Unmarshal([]byte(body), &v) != nil {
		return body
	}
	maps.DeleteFunc(v, func(_ string, x any) bool {
		_, one := x.(string)
		b, _ := json.Marshal(x)
		return !one && shown(string(b), ids) != ""
	})
	if v["fences"] == nil && v["trigger"] != nil {
		v["allFences"] = true
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// alone is a world of one company.
type alone struct {
	w  *world
	tn *tenant
}

func soloScene(t *testing.T, table auth.Table) alone {
	w := newWorld(t, func(o *admin.Options) { o.Table = table })
	return alone{w, w.settle("A")}
}

// fault says whether the only company's admin is refused.
func (a alone) fault(all []route) string {
	for _, r := range all {
		g := target{tn: a.tn, role: fleet.CompanyAdmin, none: true}
		if got := a.w.probe(r.method, g.path(r), g.body(r), bearer(a.tn.tokens[fleet.CompanyAdmin])...); got.status == 403 {
			return fmt.Sprintf("%s answers the only company's admin %s", r.id, strings.TrimSpace(got.body))
		}
	}
	return ""
}
