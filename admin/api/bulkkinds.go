package api

import (
	"encoding/json"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// bulkKind is one kind of record as tables have it: a column for each field of
// the body that the API takes for it, so that a row is a body, checked and
// applied as one.
type bulkKind struct {
	of      fleet.BulkOf
	object  auth.Object // that allows tables of it
	records auth.Object // that allows single ones
	path    string
	name    string // "Users": of operations
	schema  *huma.Schema
	columns []column
	work    bulkWork
}

// bulkWork is what differs between the kinds.
type bulkWork interface {
	// each walks through the records that a call sees, of a company and, unless
	// it is 0, an owner, as bodies that would leave them as they are.
	each(t *table, owner fleet.OwnerID, row func(body map[string]any) error) error
	// find is the record that a row is about: by ID, else by the text that names
	// it. A new one gives the zero item.
	find(t *table, id, name string) (item, error)
	// lay lays a body over an item; the API's own checks.
	lay(t *table, it *item, body []byte) error
	// put stores items; it gives each its error.
	put(t *table, items []*item)
}

// item is one row on its way into the store.
type item struct {
	row     *importRow
	id      uint64 // 0: new
	created fleet.Time
	version uint64
	body    map[string]any // of the stored record, before the row
	made    bool           // it is new
	same    bool           // the row changes nothing
	err     error

	user     fleet.User
	customer fleet.Customer
	device   fleet.Device
}

// column is one column of a table.
type column struct {
	key      string // the field of the body, or extra.ID
	schema   *huma.Schema
	required bool
	relation bool         // left out of exports without relations
	field    *fleet.Field // an additional one
}

// Columns that are no fields of a body, or stand for one otherwise.
const (
	idColumn       = "id"
	passwordColumn = "password"
	inviteColumn   = "invite"
	groupsColumn   = "groups"
	shiftsColumn   = "shifts"
	extraPrefix    = "extra."
)

// The first columns of each kind, in their order; what a body has beside these
// follows. Those without a field of the body are made by the kind itself.
var bulkOrder = map[fleet.BulkOf][]string{
	fleet.BulkUsers: {idColumn, "username", "email", "firstName", "lastName", "name", "phone", "lang", "timezone", "customer", "role",
		passwordColumn, inviteColumn, "disabled", "web", "ios", "android", "commands", "country", "state", "city", "address", "addressReference", "zip", "modules", "devices", groupsColumn},
	fleet.BulkOperators: {idColumn, "username", "email", "firstName", "lastName", "name", "phone", "lang", "timezone", "role",
		passwordColumn, inviteColumn, "disabled", "web", "ios", "android", "commands", "country", "state", "city", "address", "addressReference", "zip", groupsColumn, shiftsColumn},
	fleet.BulkCustomers: {idColumn, "code", "name", "kind", "taxId", "reference", "accountName", "country", "state", "city", "address", "addressReference", "zip",
		"email", "website", "landline", "mobile", "fax", "lang", "timezone", "parent", "plan", "modules", "tags"},
	fleet.BulkDevices: {idColumn, "uniqueId", "name", "customer", "model", "type", "plate", "phone", "clockOffset", "offlineAfter", "speedLimit", "disabled", "labels"},
}

// own are the columns that a body has no field for.
var bulkOwn = map[string]*huma.Schema{
	idColumn:       {Type: huma.TypeString, MaxLength: new(int(13))},
	passwordColumn: {Type: huma.TypeString, MaxLength: new(int(fleet.LongestPassword))},
	inviteColumn:   {Type: huma.TypeBoolean},
	groupsColumn:   {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString}},
	shiftsColumn:   {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString}},
}

// Fields of bodies that tables leave out: the version is the stored one's, the
// company the job's.
var bulkWithout = map[fleet.BulkOf][]string{
	fleet.BulkUsers:     {"version", "company", "activation", "extra"},
	fleet.BulkOperators: {"version", "company", "activation", "extra", "customer", "devices", "modules"},
	fleet.BulkCustomers: {"version", "company", "admin", "extra"},
	fleet.BulkDevices:   {"version", "company", "extra"},
}

var bulkRelations = []string{"devices", groupsColumn, shiftsColumn, "labels"}

// The text by which a record is found where a row has no ID.
var bulkNames = map[fleet.BulkOf][]string{
	fleet.BulkUsers: {"username", "email"}, fleet.BulkOperators: {"username", "email"},
	fleet.BulkCustomers: {"code"}, fleet.BulkDevices: {"uniqueId"},
}

func (a *API) bulkKinds() {
	a.bulks = map[fleet.BulkOf]*bulkKind{}
	registry := a.huma.OpenAPI().Components.Schemas
	for _, k := range []*bulkKind{
		{of: fleet.BulkUsers, object: auth.BulkUsers, records: auth.User, name: "Users", work: people{}},
		{of: fleet.BulkOperators, object: auth.BulkOperators, records: auth.User, name: "Operators", work: people{staff: true}},
		{of: fleet.BulkCustomers, object: auth.BulkCustomers, records: auth.Customer, name: "Customers", work: bulkCustomers{}},
		{of: fleet.BulkDevices, object: auth.BulkDevices, records: auth.Device, name: "Devices", work: bulkDevices{}},
	} {
		k.path = "/bulk/" + string(k.of)
		input := map[auth.Object]reflect.Type{
			auth.User: reflect.TypeFor[userInput](), auth.Customer: reflect.TypeFor[customerInput](), auth.Device: reflect.TypeFor[deviceInput](),
		}[k.records]
		k.schema = registry.Schema(input, true, "")
		k.columns = columnsOf(registry, k)
		a.bulks[k.of] = k
	}
}

// resolved is the schema behind a reference.
func resolved(r huma.Registry, s *huma.Schema) *huma.Schema {
	for s != nil && s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
	}
	return s
}

// columnsOf makes a kind's columns of the schema of its body. A field of a new
// kind (an object) has none until it is given one.
func columnsOf(r huma.Registry, k *bulkKind) (out []column) {
	body := resolved(r, k.schema)
	keys := slices.Clone(bulkOrder[k.of])
	var more []string
	for key := range body.Properties {
		if !slices.Contains(keys, key) && !slices.Contains(bulkWithout[k.of], key) {
			more = append(more, key)
		}
	}
	slices.Sort(more)
	for _, key := range append(keys, more...) {
		s := bulkOwn[key]
		if p := body.Properties[key]; p != nil {
			s = resolved(r, p)
		}
		if s == nil || s.Type == huma.TypeObject || s.Type == "" && s.Enum == nil {
			continue
		}
		if s.Type == huma.TypeArray {
			if it := resolved(r, s.Items); it == nil || it.Type != huma.TypeString {
				continue
			}
		}
		out = append(out, column{key: key, schema: s, required: slices.Contains(body.Required, key), relation: slices.Contains(bulkRelations, key)})
	}
	return out
}

// asBody is what the API shows of a record, without what its input does not
// take.
func asBody(shown any) (map[string]any, error) {
	b, err := json.Marshal(shown)
	if err != nil {
		return nil, err
	}
	var body map[string]any
	err = json.Unmarshal(b, &body)
	return body, err
}
