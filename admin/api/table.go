package api

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// table is one kind of record as one caller has it: with the additional fields
// of a company, in the caller's language and scope.
type table struct {
	*call
	kind    *bulkKind
	company fleet.CompanyID
	columns []column
	policy  fleet.PasswordPolicy
	names   names
}

// newTable is a kind's table for a call. The company is the caller's, unless it
// may choose.
func (a *API) newTable(c *call, k *bulkKind, company fleet.CompanyID) (*table, error) {
	company = cmp.Or(company, c.user.Company)
	if !c.scope.SeesCompany(company) {
		return nil, errForeign("company")
	}
	if _, err := a.o.Records.Company(company); err != nil {
		return nil, foreign("company", err)
	}
	policy, err := a.policy(company)
	if err != nil {
		return nil, err
	}
	t := &table{call: c, kind: k, company: company, columns: slices.Clone(k.columns), policy: policy}
	return t, t.addFields()
}

// addFields adds a column for each additional field of the company.
func (t *table) addFields() error {
	body := resolved(t.api.registry(), t.kind.schema)
	if body.Properties["extra"] == nil {
		return nil
	}
	entity := map[fleet.BulkOf]fleet.FieldEntity{
		fleet.BulkUsers: fleet.UserField, fleet.BulkOperators: fleet.OperatorField,
		fleet.BulkCustomers: fleet.CustomerField, fleet.BulkDevices: fleet.DeviceField,
	}[t.kind.of]
	var fields []fleet.Field
	err := everything(t.api.o.Books.Fields.List, fleet.Query{Scope: fleet.Scope{Company: t.company}}, func(f *fleet.Field) error {
		if f.Entity == entity {
			fields = append(fields, *f)
		}
		return nil
	})
	slices.SortStableFunc(fields, func(a, b fleet.Field) int { return cmp.Compare(a.Order, b.Order) })
	for i := range fields {
		t.columns = append(t.columns, column{
			key: extraPrefix + fields[i].ID.String(), field: &fields[i], required: fields[i].Required, schema: fieldSchema(&fields[i]),
		})
	}
	return err
}

// fieldSchema is what a value of an additional field looks like; its own rules
// are the API's to check.
func fieldSchema(f *fleet.Field) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	switch f.Type {
	case fleet.BoolField:
		s.Type = huma.TypeBoolean
	case fleet.DateField:
		s.Format = "date"
	case fleet.NumberField:
		s.Type = huma.TypeNumber
	case fleet.ListField:
		for _, o := range f.Options {
			s.Enum = append(s.Enum, o)
		}
	default:
		s.MaxLength = new(int(fleet.MaxFieldValue))
	}
	return s
}

func (a *API) registry() huma.Registry { return a.huma.OpenAPI().Components.Schemas }

// scoped is what the call sees of the table's company.
func (t *table) scoped() fleet.Scope {
	if t.scope.Installation {
		return fleet.Scope{Company: t.company}
	}
	return t.scope
}

// everything walks through all pages of a list.
func everything[T any](list func(fleet.Query) (fleet.Page[T], error), q fleet.Query, each func(*T) error) error {
	q.Limit = 1000
	for {
		p, err := list(q)
		if err != nil {
			return err
		}
		for i := range p.Items {
			if err := each(&p.Items[i]); err != nil {
				return err
			}
		}
		if p.Next == "" {
			return nil
		}
		q.After = p.Next
	}
}

// without is the columns that an export has.
func (t *table) chosen(relations bool) []column {
	return slices.DeleteFunc(slices.Clone(t.columns), func(c column) bool { return c.relation && !relations })
}

// check holds a body against the rules that the API has for one, and gives it
// as the API takes it.
func (t *table) check(body map[string]any) ([]byte, error) {
	res := &huma.ValidateResult{}
	path := huma.NewPathBuffer([]byte{}, 0)
	path.Push("body")
	huma.Validate(t.api.registry(), t.kind.schema, path, huma.ModeWriteToServer, body, res)
	if len(res.Errors) > 0 {
		m := &huma.ErrorModel{Status: 422}
		for _, err := range res.Errors {
			m.Add(err)
		}
		return nil, fromModel(t.lang, m)
	}
	return json.Marshal(body)
}

// mayBulk is a call's reach and scope for tables of a kind: what both tables
// and single records allow.
func (c *call) mayBulk(k *bulkKind, action auth.Action, more ...auth.Action) (auth.Reach, fleet.Scope, error) {
	reach, _, err := c.may(k.object, action)
	if err != nil || reach == auth.Nothing {
		return auth.Nothing, fleet.Scope{}, err
	}
	scope := fleet.Scope{}
	for _, a := range append([]auth.Action{auth.Read}, more...) {
		if reach, scope, err = c.may(k.records, a); err != nil || reach == auth.Nothing {
			return auth.Nothing, fleet.Scope{}, err
		}
	}
	return reach, scope, nil
}
