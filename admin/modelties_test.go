package admin_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What the model knows of how its things name each other: who is assigned
// which devices, which groups and tags devices carry, who hears of what.

type plainNotice struct {
	text, owner string
	devices     map[string]bool
	people      map[string]bool
}

// ties are the names that things have for each other.
type ties struct {
	assigned map[string]map[string]bool // devices, by user
	carries  map[string]map[string]bool // labels, by device
	labels   map[string]*plainThing     // owner "": the company
	notices  map[string]*plainNotice
}

func newTies() ties {
	return ties{map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]*plainThing{}, map[string]*plainNotice{}}
}

// above reports whether an owner is another one or stands above it.
func (m *plainAdmin) above(owner, of string) bool {
	return owner == "" || owner == of || of != "" && m.customers[of] != nil && m.customers[of].parent == owner
}

func (m *plainAdmin) related(a, b string) bool { return m.above(a, b) || m.above(b, a) }

// tieStep does one of the things that tie others.
func (m *plainAdmin) tieStep() {
	m.t.Helper()
	switch m.r.IntN(9) {
	case 0, 1:
		m.assign()
	case 2:
		m.createLabel()
	case 3:
		m.deleteLabel()
	case 4, 5:
		m.changeDevice()
	case 6, 7:
		m.putNotice()
	case 8:
		id := anyOf(m, m.notices)
		m.ask(status(m.notices[id] != nil, 204, 404), "DELETE", "/notifications/"+id, nil)
		delete(m.notices, id)
	}
}

// some are a few of the keys; where wrong, one that may not be is among them.
func some(m *plainAdmin, of []string) map[string]bool {
	out := map[string]bool{}
	for _, id := range of {
		if m.r.IntN(3) == 0 && len(out) < 4 {
			out[id] = true
		}
	}
	return out
}

// list is a set as JSON takes it.
func list(set map[string]bool) []string {
	if len(set) == 0 {
		return []string{}
	}
	return slices.Sorted(maps.Keys(set))
}

// version is a thing's version now, or another one.
func (m *plainAdmin) version(path string, stale bool) int {
	m.t.Helper()
	var v struct{ Version int }
	m.ask(200, "GET", path, nil).into(m.t, &v)
	if stale {
		return v.Version + 1
	}
	return v.Version
}

func (m *plainAdmin) assign() {
	m.t.Helper()
	id := anyOf(m, m.users)
	body := map[string]any{"name": "Ana", "role": "customerUser", "lang": "en", "timezone": "UTC", "version": 1}
	u := m.users[id]
	if u == nil {
		m.ask(404, "PUT", "/users/"+id, body)
		return
	}
	devices, good := some(m, slices.Sorted(maps.Keys(m.devices))), true
	for _, d := range list(devices) {
		if !m.above(u.owner, m.devices[d].owner) {
			if m.r.IntN(2) == 0 {
				delete(devices, d)
			} else {
				good = false
			}
		}
	}
	stale := m.r.IntN(6) == 0
	body["customer"], body["email"], body["devices"], body["version"] = u.owner, u.name, list(devices), m.version("/users/"+id, stale)
	want := 200
	switch {
	case !good:
		want = 422
	case stale:
		want = 409
	}
	if m.ask(want, "PUT", "/users/"+id, body); want == 200 {
		m.assigned[id] = devices
	}
}

func (m *plainAdmin) createLabel() {
	m.t.Helper()
	l := &plainThing{name: fmt.Sprint("Group ", m.r.IntN(8))}
	body := map[string]any{"name": l.name, "of": "device", "sort": []string{"group", "tag"}[m.r.IntN(2)]}
	if m.r.IntN(2) == 0 {
		if l.owner = m.owner(); l.owner != "" {
			body["owner"] = l.owner
		}
	}
	free := true
	for _, other := range m.labels {
		free = free && (other.name != l.name || other.owner != l.owner)
	}
	if got := m.ask(status(free, 201, 409), "POST", "/labels", body); free {
		m.labels[got.field("id")] = l
	}
}

func (m *plainAdmin) deleteLabel() {
	m.t.Helper()
	id := anyOf(m, m.labels)
	want := status(m.labels[id] != nil, 204, 404)
	for _, c := range m.carries {
		if c[id] {
			want = 409
		}
	}
	if m.ask(want, "DELETE", "/labels/"+id, nil); want == 204 {
		delete(m.labels, id)
	}
}

// changeDevice gives a device labels, another name and, now and then, another
// customer.
func (m *plainAdmin) changeDevice() {
	m.t.Helper()
	id := anyOf(m, m.devices)
	d := m.devices[id]
	body := map[string]any{"name": "Truck", "uniqueId": "model0", "version": 1}
	if d == nil {
		m.ask(404, "PUT", "/devices/"+id, body)
		return
	}
	to, name := d.owner, d.name
	if m.r.IntN(4) == 0 {
		to = m.owner()
	}
	if m.r.IntN(4) == 0 {
		name = fmt.Sprint("model", m.r.IntN(20))
	}
	free := true
	for other, v := range m.devices {
		free = free && (other == id || v.name != name)
	}
	labels, good := some(m, slices.Sorted(maps.Keys(m.labels))), true
	kept := maps.Clone(labels)
	for _, l := range list(labels) {
		if !m.related(m.labels[l].owner, to) && !(m.carries[id][l] && to != d.owner) && m.r.IntN(3) > 0 { // mostly what may be
			delete(labels, l)
			delete(kept, l)
		}
	}
	for l := range labels {
		switch {
		case m.related(m.labels[l].owner, to):
		case m.carries[id][l] && to != d.owner: // it is shed
			delete(kept, l)
		default:
			good = false
		}
	}
	stale := m.r.IntN(6) == 0
	body["uniqueId"], body["labels"], body["version"] = name, list(labels), m.version("/devices/"+id, stale)
	if to != "" {
		body["customer"] = to
	}
	want := 200
	switch {
	case stale, !free:
		want = 409
	case !good:
		want = 422
	}
	if m.ask(want, "PUT", "/devices/"+id, body); want != 200 {
		return
	}
	was := d.owner
	d.name, d.owner, m.carries[id] = name, to, kept
	if was != to {
		m.untie(id)
	}
}

// untie cuts what a moved device may no longer be tied to.
func (m *plainAdmin) untie(id string) {
	owner := m.devices[id].owner
	maps.DeleteFunc(m.carries[id], func(l string, _ bool) bool { return !m.related(m.labels[l].owner, owner) })
	for u, devices := range m.assigned {
		if !m.above(m.users[u].owner, owner) {
			delete(devices, id)
		}
	}
	for _, n := range m.notices {
		if !m.above(n.owner, owner) {
			delete(n.devices, id)
		}
	}
}

// leads reports whether a customer has others below it.
func (m *plainAdmin) leads(id string) bool {
	for _, c := range m.customers {
		if c.parent == id {
			return true
		}
	}
	return false
}

// reparented cuts what may not be tied any more since a customer has another
// one above it.
func (m *plainAdmin) reparented() {
	for id := range m.devices {
		m.untie(id)
	}
	for id, n := range m.notices {
		maps.DeleteFunc(n.people, func(u string, _ bool) bool { return !m.related(m.users[u].owner, n.owner) })
		if len(n.people) == 0 {
			delete(m.notices, id)
		}
	}
}

// gone forgets a deleted device.
func (m *plainAdmin) gone(id string) {
	delete(m.carries, id)
	for _, devices := range m.assigned {
		delete(devices, id)
	}
	for _, n := range m.notices {
		delete(n.devices, id)
	}
}

// named reports whether a notification goes to somebody.
func (m *plainAdmin) named(user string) bool {
	for _, n := range m.notices {
		if n.people[user] {
			return true
		}
	}
	return false
}

// left forgets the people of a deleted customer; what nobody else gets goes.
func (m *plainAdmin) left(customer string) {
	for id, n := range m.notices {
		for u := range n.people {
			if m.users[u].owner == customer {
				delete(n.people, u)
			}
		}
		if n.owner == customer || len(n.people) == 0 {
			delete(m.notices, id)
		}
	}
	maps.DeleteFunc(m.assigned, func(u string, _ map[string]bool) bool { return m.users[u].owner == customer })
	for _, labels := range m.carries {
		maps.DeleteFunc(labels, func(l string, _ bool) bool { return m.labels[l].owner == customer })
	}
	maps.DeleteFunc(m.labels, func(_ string, l *plainThing) bool { return l.owner == customer })
}

// putNotice makes a notification, or changes one.
func (m *plainAdmin) putNotice() {
	m.t.Helper()
	if len(m.users) == 0 || m.owner() == "" {
		return
	}
	n := &plainNotice{text: fmt.Sprint("Notice ", m.r.IntN(100)), owner: m.owner()}
	id := ""
	if len(m.notices) > 0 && m.r.IntN(2) == 0 {
		id = anyOf(m, m.notices)
		if old := m.notices[id]; old != nil {
			n.owner = old.owner
		}
	}
	n.devices, n.people = some(m, slices.Sorted(maps.Keys(m.devices))), some(m, slices.Sorted(maps.Keys(m.users)))
	for _, d := range list(n.devices) { // mostly what may be
		if !m.above(n.owner, m.devices[d].owner) && m.r.IntN(5) > 0 {
			delete(n.devices, d)
		}
	}
	for _, u := range list(n.people) {
		if !m.related(m.users[u].owner, n.owner) && m.r.IntN(5) > 0 {
			delete(n.people, u)
		}
	}
	good := len(n.people) > 0
	for d := range n.devices {
		good = good && m.above(n.owner, m.devices[d].owner)
	}
	told := true // the store holds people against the owner, after the version
	for u := range n.people {
		told = told && m.related(m.users[u].owner, n.owner)
	}
	body := map[string]any{"description": n.text, "owner": n.owner, "devices": list(n.devices), "recipients": list(n.people), "allFences": true, "kinds": []string{"exit"}, "channels": []string{"email"}}
	if id == "" {
		if got := m.ask(status(good && told, 201, 422), "POST", "/notifications", body); good && told {
			m.notices[got.field("id")] = n
		}
		return
	}
	if m.notices[id] == nil {
		body["version"] = 1
		m.ask(404, "PUT", "/notifications/"+id, body)
		return
	}
	stale := m.r.IntN(6) == 0
	body["version"] = m.version("/notifications/"+id, stale)
	want := 200
	switch {
	case !good:
		want = 422
	case stale:
		want = 409
	case !told:
		want = 422
	}
	if m.ask(want, "PUT", "/notifications/"+id, body); want == 200 {
		m.notices[id] = n
	}
}

// compareTies holds what names what against the maps.
func (m *plainAdmin) compareTies() {
	m.t.Helper()
	text := func(v any) string {
		var all []string
		for _, x := range v.([]any) {
			all = append(all, x.(string))
		}
		slices.Sort(all)
		return strings.Join(all, " ")
	}
	same := func(path string, want map[string]string, show func(v map[string]any) string) {
		m.t.Helper()
		have := map[string]string{}
		for _, v := range m.all(path) {
			if id := v["id"].(string); !m.before[id] {
				have[id] = show(v)
			}
		}
		if !maps.Equal(have, want) {
			m.t.Errorf("%s: %v, want %v", path, have, want)
		}
	}
	want := map[string]string{}
	for id := range m.users {
		want[id] = strings.Join(list(m.assigned[id]), " ") + fmt.Sprint(" of ", len(m.assigned[id]))
	}
	same("/users", want, func(v map[string]any) string { return text(v["devices"]) + fmt.Sprint(" of ", v["assigned"]) })
	want = map[string]string{}
	for id, d := range m.devices {
		want[id] = d.owner + ": " + strings.Join(list(m.carries[id]), " ")
	}
	same("/devices", want, func(v map[string]any) string {
		owner, _ := v["customer"].(string)
		labels, _ := v["labels"].([]any)
		return owner + ": " + text(labels)
	})
	want = map[string]string{}
	for id, l := range m.labels {
		want[id] = l.name
	}
	same("/labels", want, func(v map[string]any) string { return v["name"].(string) })
	for id := range m.labels { // each lists who carries it
		of := map[string]string{}
		for d, labels := range m.carries {
			if labels[id] {
				of[d] = m.devices[d].name
			}
		}
		same("/devices?label="+id, of, func(v map[string]any) string { return v["uniqueId"].(string) })
	}
	want = map[string]string{}
	for id, n := range m.notices {
		want[id] = n.text + ": " + strings.Join(list(n.devices), " ") + " to " + strings.Join(list(n.people), " ")
	}
	same("/notifications", want, func(v map[string]any) string {
		return v["description"].(string) + ": " + text(v["devices"]) + " to " + text(v["recipients"])
	})
}
