package api

import (
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// names finds what cells name, each once, in memory that is bounded: a table
// has few customers, plans and labels, and many rows.
type names struct {
	customers map[string]fleet.CustomerID // by folded code
	codes     map[fleet.CustomerID]string
	uids      map[fleet.DeviceID]string
	plans     map[string]fleet.RecordID // by folded name
	labels    map[fleet.LabelOf]*labelNames
	calendars map[string]fleet.RecordID
	shifts    map[fleet.UserID][]fleet.Shift // nil: not read yet
}

const mostNames = 20000 // of one map, before it is begun anew

func remember[K comparable, V any](m *map[K]V, k K, v V) {
	if *m == nil || len(*m) >= mostNames {
		*m = map[K]V{}
	}
	(*m)[k] = v
}

// customerNamed is the customer with a code or an ID. One that the caller does
// not see answers like none.
func (t *table) customerNamed(field, text string) (fleet.CustomerID, error) {
	if id, ok := t.names.customers[folded(text)]; ok {
		return id, nil
	}
	cu, err := t.api.o.Bulk.CustomerByCode(t.company, text)
	if fleet.KindOf(err) == fleet.NotFound && err != nil {
		id, bad := fleet.ParseID[customerKey](text)
		if bad != nil || id == 0 {
			return 0, errForeign(field)
		}
		cu, err = t.api.o.Records.Customer(fleet.CustomerID(id))
	}
	if err != nil {
		return 0, foreign(field, err)
	}
	_, scope, err := t.may("customer", "read")
	if err != nil {
		return 0, err
	}
	if !scope.SeesOwner(cu.Company, fleet.OwnerID(cu.ID)) || cu.Company != t.company {
		return 0, errForeign(field)
	}
	remember(&t.names.customers, folded(text), cu.ID)
	return cu.ID, nil
}

// codeOf is how a customer is written in a cell.
func (t *table) codeOf(id fleet.CustomerID) string {
	if code, ok := t.names.codes[id]; ok {
		return code
	}
	cu, err := t.api.o.Records.Customer(id)
	code := cu.Code
	if err != nil {
		code = id.String()
	}
	remember(&t.names.codes, id, code)
	return code
}

// devicesNamed are the devices with identities or IDs; whether the caller may
// name them is the API's to check.
func (t *table) devicesNamed(field string, texts []any) ([]any, error) {
	out := make([]any, len(texts))
	for i, v := range texts {
		text, _ := v.(string)
		d, err := t.api.o.Bulk.DeviceByUniqueID(text)
		if fleet.KindOf(err) == fleet.NotFound && err != nil {
			id, bad := fleet.ParseID[deviceKey](text)
			if bad != nil || id == 0 {
				return nil, errForeign(index(field, i))
			}
			out[i] = id.String()
			continue
		}
		if err != nil {
			return nil, err
		}
		out[i] = d.ID.String()
	}
	return out, nil
}

func (t *table) uidOf(id fleet.DeviceID) string {
	if uid, ok := t.names.uids[id]; ok {
		return uid
	}
	d, err := t.api.o.Records.Device(id)
	uid := d.UniqueID
	if err != nil {
		uid = id.String()
	}
	remember(&t.names.uids, id, uid)
	return uid
}

// planNamed is the plan with a name or an ID.
func (t *table) planNamed(text string) (string, error) {
	if t.names.plans == nil {
		t.names.plans = map[string]fleet.RecordID{}
		if err := everything(t.api.o.Books.Plans.List, fleet.Query{Scope: fleet.Scope{Company: t.company}}, func(p *fleet.Plan) error {
			t.names.plans[folded(p.Name)] = p.ID
			return nil
		}); err != nil {
			return "", err
		}
	}
	if id, ok := t.names.plans[folded(text)]; ok {
		return id.String(), nil
	}
	return text, nil // an ID, or nothing: the API's check says so
}

func (t *table) planName(id string) string {
	n, err := fleet.ParseID[recordKey](id)
	if err != nil {
		return id
	}
	p, err := t.api.o.Books.Plans.Get(fleet.RecordID(n))
	if err != nil || p.Company != t.company {
		return id
	}
	return p.Name
}

// labelNames are the labels of one kind of thing.
type labelNames struct {
	byName map[string]fleet.RecordID // "" = the name is of several
	name   map[fleet.RecordID]string
	of     map[fleet.UserID][]fleet.RecordID // who carries which, of people's labels
}

func (t *table) labelsOf(of fleet.LabelOf) (*labelNames, error) {
	if l := t.names.labels[of]; l != nil {
		return l, nil
	}
	l := &labelNames{byName: map[string]fleet.RecordID{}, name: map[fleet.RecordID]string{}, of: map[fleet.UserID][]fleet.RecordID{}}
	scope := t.scoped()
	scope.Common = true
	err := everything(t.api.o.Books.Labels.List, fleet.Query{Scope: scope}, func(v *fleet.Label) error {
		if v.Of != of {
			return nil
		}
		if _, twice := l.byName[folded(v.Name)]; twice {
			l.byName[folded(v.Name)] = 0
		} else {
			l.byName[folded(v.Name)] = v.ID
		}
		l.name[v.ID] = v.Name
		for _, u := range v.Users {
			l.of[u] = append(l.of[u], v.ID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if t.names.labels == nil {
		t.names.labels = map[fleet.LabelOf]*labelNames{}
	}
	t.names.labels[of] = l
	return l, nil
}

// find is the label with a name or an ID, 0 for none.
func (l *labelNames) find(text string) fleet.RecordID {
	if id := l.byName[folded(text)]; id != 0 {
		return id
	}
	id, err := fleet.ParseID[recordKey](text)
	if err != nil || l.name[fleet.RecordID(id)] == "" {
		return 0
	}
	return fleet.RecordID(id)
}

// show is how a label is written: by its ID where its name is not enough.
func (l *labelNames) show(id fleet.RecordID) string {
	name := l.name[id]
	if name == "" || l.byName[folded(name)] != id || strings.Contains(name, listMark) {
		return id.String()
	}
	return name
}

func (l *labelNames) resolve(field string, texts []any) ([]fleet.RecordID, error) {
	out := make([]fleet.RecordID, 0, len(texts))
	for i, v := range texts {
		text, _ := v.(string)
		id := l.find(text)
		if id == 0 {
			return nil, errForeign(index(field, i))
		}
		out = append(out, id)
	}
	return sorted(out), nil
}
