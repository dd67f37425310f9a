package admin_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

const nobody = "01H8MZ3V7Q2KD" // an ID that names nothing

// target fills a route's path and body with the things of a tenant.
type target struct {
	tn   *tenant
	role fleet.Role // whose token and subscription, where the path names one
	none bool       // nothing of these exists
	bad  bool       // and what names them is no name at all

	asks      *tenant           // whose person asks; nil: tn's
	elsewhere string            // the path, if it is of somebody else than the body; "" = the same
	lost      *strings.Replacer // replaces IDs in the body by one that names nothing; nil: none
}

// path is the operation's path, filled.
func (g target) path(r route) string {
	if g.elsewhere != "" {
		return g.elsewhere
	}
	id := g.id(r.path)
	token := nobody
	if !g.none && !g.bad {
		token = g.tn.programs[fleet.CustomerUser].String()
	}
	return strings.NewReplacer("{id}", id, "{uniqueId}", id, "{token}", token, "{module}", "reports", "{channel}", "sms").Replace(r.path)
}

func (g target) id(path string) string {
	if g.bad {
		return "no-such-form!"
	}
	if g.none {
		switch {
		case strings.HasPrefix(path, "/events/"), strings.HasPrefix(path, "/alarms/"):
			return strings.Repeat("0f", 16)
		case strings.HasPrefix(path, "/strangers/"):
			return "990000000000000"
		}
		return nobody
	}
	for prefix, id := range map[string]string{
		"/companies/": g.tn.company.String(), "/customers/": g.tn.inner.String(), "/users/": g.tn.users[fleet.CustomerUser].String(),
		"/devices/": g.tn.device.String(), "/fences/": g.tn.fence.String(), "/notifications/": g.tn.notification.String(), "/rules/": g.tn.rule.String(),
		"/events/": g.tn.event.String(), "/alarms/": g.tn.alarm.String(), "/me/sessions/": nobody, "/commands/": g.tn.command, "/tokens/": g.tn.programs[g.role].String(),
		"/push/subscriptions/": g.tn.subscription[g.role].String(), "/jobs/": g.tn.jobs[g.role].String(), "/strangers/": "STRANGER-" + g.tn.name,
	} {
		if strings.HasPrefix(path, prefix) {
			return id
		}
	}
	for prefix, id := range g.tn.plain {
		if strings.HasPrefix(path, prefix+"/") {
			return id
		}
	}
	return nobody
}

// body is a valid body for an operation, about the tenant's own things.
func (g target) body(r route) string {
	tn, operation := g.tn, r.id
	if operation == "syncConnection" || operation == "revokeShareLink" || operation == "revokeQRLogin" {
		return ""
	}
	if operation == "answerTicket" || strings.HasSuffix(operation, "Image") {
		r.path = ""
	}
	if body, ok := tn.plainBody(r.path, 1); ok && r.method == "PUT" {
		return body
	}
	if body, ok := tn.plainBody(r.path, 0); ok && r.method == "POST" {
		return strings.Replace(body, `"name":"`, `"name":"new `, 1)
	}
	c := "new" + operation + tn.name
	switch operation {
	case "createAssociations":
		return fmt.Sprintf(`{"company":%q,"mode":"view","subjects":[{"kind":"operator","id":%q}]}`, tn.company, tn.visitor.id)
	case "dissociate":
		return fmt.Sprintf(`{"ids":[%q]}`, tn.visitor.tie)
	case "updateCompany":
		return fmt.Sprintf(`{"name":%q,"lang":"en","timezone":"UTC","version":1}`, c)
	case "putUserImage", "putCustomerImage", "putCompanyImage", "putMyImage":
		return dot
	case "updatePreferences":
		return `{"quiet":{"weekly":[]}}`
	case "answerTicket":
		return `{"text":"thanks"}`
	case "createCompany":
		shiftDays++ // names are unique in the installation
		return fmt.Sprintf(`{"name":"%s %d","lang":"en","timezone":"UTC"}`, c, shiftDays)
	case "createCustomer", "updateCustomer":
		return fmt.Sprintf(`{"company":%q,"parent":%q,"name":%q,"code":%q,"lang":"en","timezone":"UTC","version":1}`, tn.company, tn.customer, c, c)
	case "createUser", "updateUser":
		return fmt.Sprintf(`{"customer":%q,"name":%q,"email":"%s@example.com","lang":"en","timezone":"UTC","role":"customerUser","devices":[%q],"version":1}`, tn.customer, c, c, tn.device)
	case "exportUsers", "exportOperators", "exportCustomers", "exportDevices":
		return fmt.Sprintf(`{"owner":%q}`, tn.customer)
	case "importUsers", "importOperators":
		return "username,name\nnobody-of-" + strings.ToLower(tn.name) + ",Without an address\n"
	case "importCustomers", "importDevices":
		return "name\nWithout what it is known by\n"
	case "createDevice":
		return fmt.Sprintf(`{"customer":%q,"name":"N","uniqueId":%q}`, tn.customer, c)
	case "updateDevice":
		return fmt.Sprintf(`{"customer":%q,"name":"Renamed","uniqueId":%q,"version":1}`, tn.customer, tn.uniqueID())
	case "updateDeviceSheet":
		return fmt.Sprintf(`{"zones":[{"id":"1","name":%q}]}`, c)
	case "updateDeviceNotes":
		return `{"fixedNotes":["seen"]}`
	case "moveDevice":
		return fmt.Sprintf(`{"to":%q}`, tn.customer)
	case "setAlarmMode":
		return `{"mode":"normal"}`
	case "applyClock":
		return `{"offset":-28800000}`
	case "setDeviceSecret":
		return `{}`
	case "createFence", "updateFence":
		return fmt.Sprintf(`{"owner":%q,"name":%q,"shape":{"type":"Point","coordinates":[-74,4],"radius":100},"targets":{"devices":[%q]},"version":1}`, tn.customer, c, tn.device)
	case "importFences":
		return fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[-74,4],"radius":100},"properties":{"name":"N","owner":%q}}]}`, tn.customer)
	case "createRule", "updateRule":
		return fmt.Sprintf(`{"owner":%q,"name":%q,"trigger":"dwell","after":60000,"fences":[%q],"targets":{"devices":[%q]},"version":1}`, tn.customer, c, tn.fence, tn.device)
	case "createNotification", "updateNotification":
		return fmt.Sprintf(`{"owner":%q,"description":%q,"devices":[%q],"fences":[%q],"kinds":["enter"],"channels":["email"],"recipients":[%q],"version":1}`,
			tn.customer, c, tn.device, tn.fence, tn.users[fleet.CustomerAdmin])
	case "takeAlarm", "releaseAlarm", "acknowledgeAlarm", "commentAlarm":
		return `{"note":"seen"}`
	case "createCommand":
		return fmt.Sprintf(`{"device":%q,"kind":"position"}`, tn.device)
	case "closeAlarm":
		return `{"resolution":"test"}`
	case "signInByQR":
		return `{"token":"of-no-code"}`
	case "openShared":
		return `{"token":"of-no-link"}`
	case "createToken", "createUserToken":
		return `{"description":"t"}`
	case "createSubscription":
		return `{"endpoint":"https://push.example.com/new","keys":{"p256dh":"BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM","auth":"tBHItJI5svbpez7KI4CCXg"}}`
	case "putChannel":
		return `{"kind":"smpp","host":"smpp.example.com","user":"vigia","password":"s3cret","from":"VIGIA","version":0}`
	case "testChannel":
		return `{"to":"+573001234567"}`
	case "updateModule":
		return `{"on":true}`
	case "prepareCustomerRemoval", "confirmCommand":
		return fmt.Sprintf(`{"username":%q,"password":%q}`, cmp.Or(g.asks, tn).email(g.role), known)
	case "activate":
		return `{"token":"anothing","password":"correct horse battery"}`
	case "activateUser":
		return `{"method":"link"}`
	case "changePassword":
		return fmt.Sprintf(`{"current":%q,"new":%q}`, known, known)
	case "checkPassword":
		return `{"password":"short"}`
	case "confirmSecondFactor":
		return `{"code":"000000"}`
	case "startSecondFactor", "endSecondFactor":
		return fmt.Sprintf(`{"password":%q}`, known)
	case "adoptStranger":
		return fmt.Sprintf(`{"name":"Adopted","customer":%q}`, tn.customer)
	}
	return ""
}

// route is one operation of the OpenAPI document.
type route struct {
	method, path, id string
	object           auth.Object
	action           auth.Action
	versioned        bool // takes a version in its query
}

func routes(t testing.TB, w *world) []route {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Parameters  []struct{ Name, In string }
			Authz       struct {
				Object auth.Object
				Action auth.Action
			} `json:"x-authz"`
		}
	}
	w.ok("GET", "/api/openapi.json", "", "").into(t, &doc)
	var all []route
	for path, ops := range doc.Paths {
		for method, op := range ops {
			all = append(all, route{strings.ToUpper(method), strings.TrimPrefix(path, "/api/v1"), op.OperationID, op.Authz.Object, op.Authz.Action,
				slices.Contains(op.Parameters, struct{ Name, In string }{"version", "query"})})
		}
	}
	// Deleting comes last, so that there is something to look at before; a
	// device's secret raises its version, and goes before the device.
	rank := func(r route) int {
		n := 0
		if r.method == "DELETE" || r.id == "dissociate" {
			n = 2
		}
		if strings.HasSuffix(r.id, "DeviceSecret") || r.id == "revokeShareLink" || r.id == "revokeUserToken" || r.id == "revokeQRLogin" || r.id == "applyClock" || r.id == "setAlarmMode" || r.id == "moveDevice" || r.id == "closeAlarm" {
			n = 1
		}
		return n
	}
	slices.SortFunc(all, func(a, b route) int {
		return cmp.Or(rank(a)-rank(b), -strings.Compare(a.method, b.method), strings.Compare(a.id, b.id))
	})
	return all
}
