package api

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// bulkDevices are tables of devices.
type bulkDevices struct{}

func (bulkDevices) each(t *table, owner fleet.OwnerID, row func(map[string]any) error) error {
	labels, err := t.labelsOf(fleet.DeviceLabel)
	if err != nil {
		return err
	}
	return everything(t.api.o.Records.Devices, fleet.Query{Scope: t.scoped(), Owner: owner}, func(d *fleet.Device) error {
		body, err := asBody(t.showDevice(d))
		if err != nil {
			return err
		}
		if d.Customer != 0 {
			body["customer"] = t.codeOf(d.Customer)
		}
		names := make([]any, len(d.Labels))
		for i, id := range d.Labels {
			names[i] = labels.show(fleet.RecordID(id))
		}
		body["labels"] = names
		return row(body)
	})
}

func (bulkDevices) find(t *table, id, name string) (item, error) {
	d, err := lookUp(t, id, name, func(id uint64) (fleet.Device, error) { return t.api.o.Records.Device(fleet.DeviceID(id)) },
		t.api.o.Bulk.DeviceByUniqueID, func(d *fleet.Device) bool {
			return d.Company == t.company && t.scope.SeesDevice(d.ID, d.Company, d.Owner())
		})
	if err != nil || d == nil {
		return item{}, err
	}
	body, err := asBody(t.showDevice(d))
	return item{id: uint64(d.ID), created: d.Created, version: d.Version, device: *d, body: body}, err
}

func (bulkDevices) lay(t *table, it *item, body []byte) error {
	var in deviceInput
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	was := it.device
	if err := in.apply(t.call, &it.device); err != nil {
		return err
	}
	it.same = it.id != 0 && alike(was, it.device)
	return nil
}

func (bulkDevices) put(t *table, items []*item) {
	t.putSet(items, func(set *fleet.ChangeSet, it *item) { set.Devices = append(set.Devices, it.device) })
}

// bulkCustomers are tables of customers.
type bulkCustomers struct{}

func (bulkCustomers) body(t *table, cu *fleet.Customer) (map[string]any, error) {
	shown, err := t.showCustomer(cu)
	if err != nil {
		return nil, err
	}
	return asBody(shown)
}

func (b bulkCustomers) each(t *table, owner fleet.OwnerID, row func(map[string]any) error) error {
	return everything(t.api.o.Records.Customers, fleet.Query{Scope: t.scoped(), Owner: owner}, func(cu *fleet.Customer) error {
		body, err := b.body(t, cu)
		if err != nil {
			return err
		}
		if cu.Parent != 0 {
			body["parent"] = t.codeOf(cu.Parent)
		}
		if plan, ok := body["plan"].(string); ok {
			body["plan"] = t.planName(plan)
		}
		return row(body)
	})
}

func (b bulkCustomers) find(t *table, id, name string) (item, error) {
	cu, err := lookUp(t, id, name, func(id uint64) (fleet.Customer, error) { return t.api.o.Records.Customer(fleet.CustomerID(id)) },
		func(code string) (fleet.Customer, error) { return t.api.o.Bulk.CustomerByCode(t.company, code) },
		func(cu *fleet.Customer) bool {
			return cu.Company == t.company && t.scope.SeesOwner(cu.Company, fleet.OwnerID(cu.ID))
		})
	if err != nil || cu == nil {
		return item{}, err
	}
	body, err := b.body(t, cu)
	delete(body, "modules") // absent: as they are
	return item{id: uint64(cu.ID), created: cu.Created, version: cu.Version, customer: *cu, body: body}, err
}

func (bulkCustomers) lay(t *table, it *item, body []byte) error {
	var in customerInput
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	was := it.customer
	if err := in.apply(t.call, &it.customer); err != nil {
		return err
	}
	now := it.customer
	was.DefaultRole, now.DefaultRole = was.UserRole(), now.UserRole() // "" is shown as what it stands for
	it.same = it.id != 0 && alike(was, now)
	return nil
}

func (bulkCustomers) put(t *table, items []*item) {
	t.putSet(items, func(set *fleet.ChangeSet, it *item) { set.Customers = append(set.Customers, it.customer) })
}

// alike reports whether two records say the same: a list that is empty says
// no more than none.
func alike[T any](a, b T) bool {
	x, err := asBody(a)
	if err != nil {
		return false
	}
	y, err := asBody(b)
	return err == nil && reflect.DeepEqual(said(x), said(y))
}

// said is an object without what is empty.
func said(o map[string]any) map[string]any {
	for k, v := range o {
		switch v := v.(type) {
		case nil:
			delete(o, k)
		case []any:
			if len(v) == 0 {
				delete(o, k)
			}
		case map[string]any:
			if len(said(v)) == 0 {
				delete(o, k)
			}
		}
	}
	return o
}

// lookUp is the record with an ID, or with a name; nil for a new one. What the
// caller does not see is by its ID as good as none, and by its name new: the
// store says then, as to everybody, that the name is taken.
func lookUp[T any](t *table, id, name string, byID func(uint64) (T, error), byName func(string) (T, error), sees func(*T) bool) (*T, error) {
	if id != "" {
		n, err := fleet.ParseID[recordKey](id)
		if err != nil || n == 0 {
			return nil, errForeign(idColumn)
		}
		v, err := byID(uint64(n))
		if err != nil {
			return nil, foreign(idColumn, err)
		}
		if !sees(&v) {
			return nil, errForeign(idColumn)
		}
		return &v, nil
	}
	if name == "" {
		return nil, nil
	}
	v, err := byName(name)
	if err != nil {
		if fleet.KindOf(err) == fleet.NotFound {
			return nil, nil
		}
		return nil, err
	}
	if !sees(&v) {
		return nil, nil
	}
	return &v, nil
}

// putSet applies items as one change. The one that is at fault is taken out and
// the rest tried again; where nobody says which it is, halves are.
func (t *table) putSet(items []*item, add func(*fleet.ChangeSet, *item)) {
	try := func(some []*item) error {
		set := fleet.ChangeSet{Actor: t.actor()}
		for _, it := range some {
			add(&set, it)
		}
		_, err := t.api.o.Applier.Apply(t, set)
		return err
	}
	t.putAll(items, try)
}

func (t *table) putAll(items []*item, try func([]*item) error) {
	for len(items) > 0 {
		err := try(items)
		if err == nil {
			return
		}
		if kind := fleet.KindOf(err); kind == fleet.Internal || kind == fleet.Unavailable || len(items) == 1 {
			_, err = faultOf(err)
			for _, it := range items {
				it.err = err
			}
			return
		}
		at, mended := faultOf(err)
		if at < 0 || at >= len(items) {
			half := len(items) / 2
			t.putAll(items[:half], try)
			items = items[half:]
			continue
		}
		items[at].err = mended
		items = append(append([]*item{}, items[:at]...), items[at+1:]...)
	}
}

// faultOf is which record of a set an error is about (-1: it does not say),
// and the error about that record alone.
func faultOf(err error) (int, error) {
	e, ok := errors.AsType[*fleet.Error](err)
	if !ok {
		return -1, err
	}
	list, rest, found := strings.Cut(e.Field, "[")
	number, rest, closed := strings.Cut(rest, "]")
	at, bad := strconv.Atoi(number)
	if !found || !closed || bad != nil || list != "users" && list != "devices" && list != "customers" {
		return -1, err
	}
	mended := *e
	mended.Field = strings.TrimPrefix(rest, ".")
	return at, &mended
}

// The rights that an import needs on single records.
var importNeeds = []auth.Action{auth.Create, auth.Update}
