package admin_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// aim is whose things an operation is pointed at.
type aim string

// The aims. What the body names goes along, but for the last four, whose path
// alone is of somebody else.
const (
	own        aim = "own"
	unassigned aim = "unassigned" // the same customer's, of a device that its user has not
	inner      aim = "inner"      // of a customer below
	sibling    aim = "sibling"    // of another customer of the same company
	other      aim = "other"      // of another company
	absent     aim = "absent"     // an ID that names nothing
	malformed  aim = "malformed"  // not even an ID
)

// aims is their order: what is to be refused comes before what changes things.
var aims = []aim{malformed, absent, other, sibling, inner, unassigned, own}

// within says how far a role sees: there an operation answers as with its own
// things, elsewhere as if there were nothing.
var within = map[fleet.Role][]aim{
	fleet.PlatformAdmin: {own, unassigned, inner, sibling, other},
	fleet.CompanyAdmin:  {own, unassigned, inner, sibling},
	fleet.Operator:      {own, unassigned, inner, sibling},
	fleet.CustomerAdmin: {own, unassigned, inner},
	fleet.CustomerUser:  {own},
	auth.Guest:          {own},
}

// column is a caller of the matrix.
type column struct {
	name string
	role fleet.Role // whose column of the table it reads; Anyone: the one of nobody
	// shows is what a request of it carries: pairs of header and value.
	shows func(s *scene) []string
	// less narrows what the table says; nil: it says all.
	less func(r route, status string) string
}

func bearer(secret string) []string { return []string{"Authorization", "Bearer " + secret} }

// columns are all callers. Those without a role must get nothing that nobody
// in particular does not get.
func columns() []column {
	all := []column{
		{name: "anonymous", shows: func(*scene) []string { return nil }},
		{name: "guest", role: auth.Guest, shows: func(s *scene) []string { return bearer(s.guest) }},
		{name: "a share link's secret", shows: func(s *scene) []string { return bearer(s.link) }},
		{name: "device, as bearer", shows: func(s *scene) []string { return bearer(s.secret) }},
		{name: "device, as basic", shows: func(s *scene) []string {
			r := &http.Request{Header: http.Header{}}
			r.SetBasicAuth(s.a.uniqueID(), s.secret)
			return []string{"Authorization", r.Header.Get("Authorization")}
		}},
		{name: "unknown secret", shows: func(*scene) []string { return bearer(auth.NewSecret()) }},
		{name: "revoked token", shows: func(s *scene) []string { return bearer(s.revoked) }},
		{name: "expired token", shows: func(s *scene) []string { return bearer(s.expired) }},
		{name: "disabled user", shows: func(s *scene) []string { return bearer(s.disabled) }},
		{name: "suspended customer's admin", shows: func(s *scene) []string { return bearer(s.suspended) }},
	}
	for _, role := range fleet.Roles() {
		all = append(all, column{name: string(role), role: role, shows: func(s *scene) []string { return bearer(s.a.tokens[role]) }})
	}
	return append(all,
		column{name: "readToken", role: fleet.CompanyAdmin, shows: func(s *scene) []string { return bearer(s.reads) },
			less: func(r route, status string) string {
				if r.action != auth.Read {
					return "403"
				}
				return status
			}},
		column{name: "fullToken", role: fleet.CompanyAdmin, shows: func(s *scene) []string { return bearer(s.full) }},
	)
}

// TestMatrix holds every operation, with every caller, on everybody's things,
// against testdata/authz.csv, whose head says how it is read.
func TestMatrix(t *testing.T) {
	aloneInRace(t)
	rows := readMatrix(t)
	probes := 0
	quiet := newScene(t, nil) // for those who change nothing
	for _, c := range columns() {
		t.Run(c.name, func(t *testing.T) {
			s := quiet
			if c.role != auth.Anyone && c.role != auth.Guest {
				s = newScene(t, nil)
			}
			m := &matrix{t: t, scene: s, column: c, rows: rows, role: c.role, shows: c.shows(s)}
			m.walk()
			probes += m.probes
		})
	}
	t.Logf("%d probes: %d operations, %d callers, %d aims", probes, len(rows), len(columns()), len(aims))
}

// matrix is one caller's walk over all operations.
type matrix struct {
	t      testing.TB
	scene  *scene
	column column
	rows   map[string]row
	role   fleet.Role // whose personal things a path names
	shows  []string
	probes int
	gentle bool // ask so that nothing changes: for another version than there is
}

func (m *matrix) walk() {
	s := m.scene
	foreign := []*tenant{s.b}
	if m.role == fleet.CustomerAdmin || m.role == fleet.CustomerUser {
		foreign = append(foreign, s.sibling)
	}
	if m.role == fleet.CustomerUser {
		foreign = append(foreign, s.inner)
	}
	before := s.digest(foreign)
	hidden := s.hidden(m.role)
	if m.role != fleet.PlatformAdmin {
		m.watch(hidden)
	}
	seen := map[string]bool{}
	for _, r := range routes(m.t, s.w) {
		seen[r.id] = true
		want, ok := m.rows[r.id]
		if !ok {
			m.t.Errorf("%s (%s %s, %s.%s) has no line in testdata/authz.csv. Add %q with what each role must get for its own tenant's thing; then a body of it to target.body and, "+
				"where its path names something new, an ID to target.id, both in authz_test.go", r.id, r.method, r.path, r.object, r.action, r.id+",401,?,?,?,?,?")
			continue
		}
		if r.id == "signOut" {
			continue // it would end this walk: TestSetUpByLinkOnceAndOnlyOnce
		}
		m.operation(r, &want, hidden)
	}
	for id := range m.rows {
		if !seen[id] {
			m.t.Errorf("testdata/authz.csv has a line for %s, which is no operation (any more): remove it", id)
		}
	}
	if m.role == fleet.PlatformAdmin {
		return
	}
	if after := s.digest(foreign); after != before {
		m.t.Errorf("what others have changed from\n%s\nto\n%s", before, after)
	}
	for _, l := range s.letters.all() {
		m.clean("a letter to "+l.To, fmt.Sprint(l), hidden)
	}
}

// operation points one operation at everybody.
func (m *matrix) operation(r route, want *row, hidden []string) {
	nothing := m.absent(r)
	for _, at := range aims {
		g, does := m.scene.at(r, at, m.role)
		if !does {
			continue
		}
		got := nothing
		if at != absent {
			got = m.ask(r, g)
		}
		if fault := m.fault(r, want, at, got, nothing, hidden); fault != "" {
			m.t.Error(fault)
		}
	}
}

// fault says what is wrong with an answer, "" if nothing.
func (m *matrix) fault(r route, want *row, at aim, got, nothing answer, hidden []string) string {
	if h := shown(got.body, hidden); h != "" {
		return fmt.Sprintf("%s: %s shows %s, which is somebody else's: %s", r.id, at, h, got.body)
	}
	if expect := m.expect(r, want, at); fmt.Sprint(got.status) != expect {
		return fmt.Sprintf("%s: %s answers %d, want %s: %s %s", r.id, at, got.status, expect, r.path, got.body)
	}
	refused := !slices.Contains(within[m.role], at)
	if refused && names(r) && (got.body != nothing.body || got.status != nothing.status || !sameHeader(got.header, nothing.header)) {
		return fmt.Sprintf("%s: %s answers %d %s, what does not exist %d %s", r.id, at, got.status, got.body, nothing.status, nothing.body)
	}
	return ""
}

// expect is what the table says, by the rules at its head.
func (m *matrix) expect(r route, want *row, at aim) string {
	if status, ok := want.except[m.column.name+"/"+string(at)]; ok {
		return status
	}
	sees := slices.Contains(within[m.role], at)
	if status, ok := want.except[m.column.name+"/seen"]; ok && sees {
		return status
	}
	status := want.roles[m.role]
	if open := want.roles[auth.Anyone] != "401"; m.column.less != nil && !open {
		status = m.column.less(r, status)
	}
	personal := strings.HasPrefix(r.path, "/tokens/") || strings.HasPrefix(r.path, "/jobs/") || strings.HasPrefix(r.path, "/push/") || strings.HasPrefix(r.path, "/me/")
	switch {
	case m.role == auth.Anyone, m.role == auth.Guest, status == "401", status == "403":
		return status
	case personal && at != own, !sees:
		if !names(r) {
			return "422" // what a body names
		}
		return "404"
	}
	return status
}

// absent is what an operation answers about what does not exist, if it is
// about anything.
func (m *matrix) absent(r route) (a answer) {
	if g, does := m.scene.at(r, absent, m.role); does {
		a = m.ask(r, g)
	}
	return a
}

// ask sends one request.
func (m *matrix) ask(r route, g target) answer {
	m.probes++
	header := m.shows
	path := g.path(r)
	if r.id == "nearPlace" { // a place has no ID
		path += "?lat=4&lon=-74"
	}
	if r.id == "deleteCustomer" {
		asked := m.scene.w.probe("POST", path+"/removal", g.body(route{id: "prepareCustomerRemoval"}), m.shows...)
		header = append(slices.Clone(header), "Confirmation", asked.field("confirmation"))
	}
	if r.id == "revokeUserToken" { // each caller has one of its own to revoke
		all, _, _ := strings.Cut(path, "/tokens/")
		made := m.scene.w.probe("POST", all+"/tokens", g.body(route{id: "createUserToken"}), m.shows...)
		if made.status == http.StatusCreated {
			path = all + "/tokens/" + made.field("id")
		}
	}
	body := g.body(r)
	if g.lost != nil {
		body = g.lost.Replace(body)
	}
	if m.gentle {
		body = strings.Replace(strings.Replace(body, `"version":1`, `"version":999`, 1), `:"new`, fmt.Sprintf(`:"new%d`, m.probes), 1)
		if r.versioned {
			path += "?version=999"
		}
	}
	return m.scene.w.probe(r.method, path, body, header...)
}

// shown is something that stands in a text and must not, "" if nothing.
func shown(text string, hidden []string) string {
	for _, h := range hidden {
		if strings.Contains(text, h) {
			return h
		}
	}
	return ""
}

// clean looks for what the caller must not see.
func (m *matrix) clean(what, text string, hidden []string) {
	m.t.Helper()
	if h := shown(text, hidden); h != "" {
		m.t.Errorf("%s shows %s, which is somebody else's: %s", what, h, text)
	}
}

// watch reads the caller's stream while everybody drives.
func (m *matrix) watch(hidden []string) {
	s := m.scene
	if m.rows["createStreamTicket"].roles[m.role] != "201" || m.column.less != nil {
		return
	}
	c := s.w.watch(strings.TrimPrefix(m.shows[1], "Bearer "), everything)
	m.clean("the stream's snapshot", c.next().raw, hidden)
	for _, tn := range []*tenant{s.b, s.sibling, s.inner} {
		s.w.drive(tn.device, 4.4, -74)
	}
	s.w.drive(s.a.spare, 4.4, -74)
	s.w.drive(s.a.device, 4.5, -74)
	c.until(func(d said) bool {
		m.clean("the stream", d.raw, hidden)
		return d.has(s.a.device)
	})
	c.ws.Close()
}
