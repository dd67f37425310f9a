package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

func books(a *store.Admin) admin.Books {
	return admin.Books{
		Markers: a.Markers(), Contacts: a.Contacts(), Plans: a.Plans(),
		ShareLinks:          a.ShareLinks(),
		QRLogins:            a.QRLogins(),
		Labels:              a.Labels(),
		Associations:        a.Associations(),
		Locations:           a.Locations(),
		Fields:              a.Fields(),
		Comments:            a.Comments(),
		Calendars:           a.Calendars(),
		Shifts:              a.Shifts(),
		Assets:              a.Assets(),
		Tickets:             a.Tickets(),
		SupportRoutes:       a.SupportRoutes(),
		DeviceTypes:         a.DeviceTypes(),
		EventPlans:          a.EventPlans(),
		Views:               a.Views(),
		DeviceSheets:        a.DeviceSheets(),
		Images:              a,
		Answers:             a,
		Connections:         a.Connections(),
		ConnectionTemplates: a.ConnectionTemplates(),
	}
}

// plainBodies is a valid body of each kind of plain record, by its path. In
// them $owner and $device are the tenant's own, $company is it itself, $name is its canary.
var plainBodies = map[string]string{
	"/markers":              `{"owner":"$owner","name":"$name","icon":"flag","lat":4,"lon":-74}`,
	"/contacts":             `{"owner":"$owner","name":"$name","lang":"es","devices":["$device"]}`,
	"/plans":                `{"owner":"$company","name":"$name","modules":["map"],"limits":{"devices":1000},"trialDays":30,"closed":true}`,
	"/labels":               `{"owner":"$owner","name":"$name","sort":"group","of":"user","users":["$user"]}`,
	"/locations":            `{"owner":"$company","name":"$name","city":"Cali"}`,
	"/fields":               `{"owner":"$company","entity":"user","label":{"es":"$name"},"type":"text"}`,
	"/comments":             `{"owner":"$company","customer":"$owner","text":"$name"}`,
	"/shifts":               `{"owner":"$company","user":"$staff","from":"$day","to":"$day","calendar":"$calendar"}`,
	"/calendars":            `{"owner":"$company","name":"$name","timezone":"UTC","week":[{"days":["mon"],"from":"08:00","to":"17:00"}]}`,
	"/assets":               `{"owner":"$owner","name":"$name","type":"vehicle","devices":[{"device":"$device","from":"2026-01-01T00:00:00Z"}]}`,
	"/support-routes":       `{"owner":"$company","category":"$name $day","user":"$staff"}`,
	"/device-types":         `{"owner":"$company","name":"$name $day","protocol":"gt06","events":[{"code":"exit"},{"code":"alarm.sos","name":{"es":"$name"}}]}`,
	"/event-plans":          `{"owner":"$company","name":"$name $day","type":"0000000000001","codes":["exit","alarm.sos"]}`,
	"/views":                `{"owner":"$owner","name":"$name","extent":[-74,4,-73,5],"layers":["devices"],"customers":["$owner"]}`,
	"/connections":          `{"owner":"$owner","name":"$name","url":"tcp://broker.example.com:1883","autoProvision":true,"subLevel":2}`,
	"/connection-templates": `{"owner":"$company","name":"$name $day","url":"tcp://broker.example.com:1883"}`,
	"/qr-logins":            `{"device":"$device","mode":"guard"}`,
	"/share-links":          `{"owner":"$owner","name":"$name","devices":["$device"],"expires":"2126-01-01T00:00:00Z","from":"2125-12-31T00:00:00Z","live":true}`,
	"/tickets":              `{"owner":"$owner","category":"Billing","description":"$name","priority":"low","kind":"query"}`,
}

// theCompanys reports whether the tenant's plain record at a path is its company's own.
func theCompanys(path string) bool {
	return path == "/associations" || strings.Contains(plainBodies[path], `"owner":"$company"`)
}

var shiftDays int

// plainBody is the body for a path, and whether it is one of a plain record.
func (tn *tenant) plainBody(path string, version int) (string, bool) {
	base, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	body, ok := plainBodies["/"+base]
	if version > 0 {
		body = strings.Replace(body, "{", fmt.Sprintf(`{"version":%d,`, version), 1)
	}
	shiftDays++ // shifts share no day
	day := time.Date(2030, 1, shiftDays, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	return strings.NewReplacer("$day", day, "$calendar", tn.calendar, "$owner", tn.customer.String(), "$company", tn.company.String(), "$staff", tn.users[fleet.Operator].String(), "$user", tn.users[fleet.CustomerUser].String(), "$device", tn.device.String(), "$name", tn.canary()).Replace(body), ok
}

// settlePlain makes one plain record of each kind for the tenant.
func (w *world) settlePlain(tn, staff *tenant) {
	w.t.Helper()
	tn.plain = map[string]string{}
	tn.plain["/images"] = w.ok("PUT", "/api/v1/customers/"+tn.customer.String()+"/image", tn.tokens[fleet.CompanyAdmin], dot).field("image")
	if staff != nil {
		tn.calendar = staff.calendar
		for path := range plainBodies {
			if theCompanys(path) {
				tn.plain[path] = staff.plain[path]
				continue
			}
			body, _ := tn.plainBody(path, 0)
			tn.plain[path] = w.ok("POST", "/api/v1"+path, tn.tokens[fleet.CompanyAdmin], body).field("id")
		}
		return
	}
	tn.calendar = w.ok("POST", "/api/v1/calendars", tn.tokens[fleet.CompanyAdmin],
		`{"name":"Hours","timezone":"UTC","week":[{"days":["mon"],"from":"08:00","to":"17:00"}]}`).field("id")
	for path := range plainBodies {
		body, _ := tn.plainBody(path, 0)
		tn.plain[path] = w.ok("POST", "/api/v1"+path, tn.tokens[fleet.CompanyAdmin], body).field("id")
	}
}

func TestPlainRecords(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	staff := a.tokens[fleet.CompanyAdmin]
	body := func(more string) string {
		return fmt.Sprintf(`{"owner":%q,"name":"Guard","lang":"es"%s}`, a.customer, more)
	}

	made := w.ok("POST", "/api/v1/contacts", staff, body(fmt.Sprintf(`,"devices":[%q],"codeWord":"blue"`, a.spare)))
	id := made.field("id")
	if w.do("POST", "/api/v1/contacts", staff, body(fmt.Sprintf(`,"devices":[%q]`, b.device))).status != http.StatusUnprocessableEntity {
		t.Error("another tenant's device can be named")
	}
	if got := w.do("PUT", "/api/v1/contacts/"+id, staff, body(`,"version":7`)); got.status != http.StatusConflict {
		t.Errorf("a version that nobody stored: %d %s", got.status, got.body)
	}
	if got := w.do("POST", "/api/v1/contacts", staff, body(`,"nonsense":1`)); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown field: %d %s", got.status, got.body)
	}
	changed := w.ok("PUT", "/api/v1/contacts/"+id, staff, body(fmt.Sprintf(`,"version":1,"devices":[%q,%q]`, a.device, a.spare)))
	if changed.field("version") != "2" || changed.field("owner") != a.customer.String() {
		t.Errorf("changed to %s", changed.body)
	}

	w.ok("DELETE", "/api/v1/devices/"+a.spare.String(), staff, "")
	after := w.ok("GET", "/api/v1/contacts/"+id, staff, "")
	if after.field("devices.0") != a.device.String() || after.field("devices.1") != "" || after.field("version") != "3" {
		t.Errorf("after the device was deleted: %s", after.body)
	}

	list := w.ok("GET", "/api/v1/contacts?search=GUAR&limit=1", staff, "")
	if list.field("items.0.id") != id {
		t.Errorf("a search finds %s", list.body)
	}
	if mine := w.ok("GET", "/api/v1/contacts", b.tokens[fleet.CompanyAdmin], ""); strings.Contains(mine.body, id) {
		t.Error("another tenant lists it")
	}
	w.ok("DELETE", "/api/v1/contacts/"+id, staff, "")
	if got := w.do("GET", "/api/v1/contacts/"+id, staff, ""); got.status != http.StatusNotFound {
		t.Errorf("deleted, it answers %d", got.status)
	}
}
