package admin_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// ended waits for a job of an answer and gives it as it ended.
func (w *world) ended(a answer, token string) (out answer) {
	w.t.Helper()
	if a.status != http.StatusAccepted {
		w.t.Fatalf("no job: %d %s", a.status, a.body)
	}
	w.until("the job's end", func() bool {
		out = w.do("GET", "/api/v1/jobs/"+a.field("id"), token, "", "Accept-Language", "en")
		return out.field("state") == "done" || out.field("state") == "failed"
	})
	return out
}

// readBook reads a workbook with the library.
func readBook(t testing.TB, b []byte) (rows [][]string, information [][]string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if rows, err = f.GetRows(f.GetSheetName(0)); err == nil {
		information, err = f.GetRows(f.GetSheetName(1))
	}
	if err != nil {
		t.Fatal(err)
	}
	return rows, information
}

func unzipped(t testing.TB, b string) (out [][]byte) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, body)
	}
	return out
}

// book makes a workbook with the library, as a person would.
func book(t testing.TB, rows ...[]string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		for j, s := range r {
			cell, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if err := f.SetCellStr("Sheet1", cell, s); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func at(head []string, row []string, column string) string {
	i := slices.IndexFunc(head, func(h string) bool { return strings.TrimSuffix(h, " *") == column })
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}

// TestBulkTemplate has the empty format at once, with the additional fields
// and a sheet that explains each column in the caller's language.
func TestBulkTemplate(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	w.ok("POST", "/api/v1/fields", staff, `{"entity":"user","label":{"en":"Badge","es":"Carné"},"type":"text","required":true}`)
	for id, of := range map[string]string{"S4-50": "users", "S4-52": "operators", "S4-58": "users", "S4-59": "users"} {
		t.Run(id, func(t *testing.T) {
			got := w.do("GET", "/api/v1/bulk/"+of+"/template", staff, "", "Accept-Language", "es")
			if got.status != 200 || !strings.Contains(got.header.Get("Content-Disposition"), of+".xlsx") {
				t.Fatal(got.status, got.header, got.body)
			}
			rows, info := readBook(t, []byte(got.body))
			if len(rows) != 1 {
				t.Fatalf("%d rows in an empty format", len(rows))
			}
			want := []string{"ID", "Nombre de usuario", "Contraseña", "Grupos"}
			if of == "users" {
				want = append(want, "Cliente", "Dispositivos", "Carné")
			} else {
				want = append(want, "Turnos")
			}
			for _, label := range want {
				if !slices.ContainsFunc(rows[0], func(h string) bool { return strings.TrimSuffix(h, " *") == label }) {
					t.Errorf("no column %q in %q", label, rows[0])
				}
			}
			about := map[string][]string{}
			for _, r := range info {
				if len(r) == 4 {
					about[strings.TrimSuffix(r[0], " *")] = r
				}
			}
			for _, h := range rows[0] {
				if r := about[strings.TrimSuffix(h, " *")]; r == nil || r[2] == "" || r[3] == "" {
					t.Errorf("the information says nothing of %q: %q", h, r)
				}
			}
			if about["Idioma"][2] != "Sí" || about["Apellido"][2] != "No" || !strings.Contains(about["Contraseña"][3], "12") {
				t.Errorf("information: %q, %q, %q", about["Idioma"], about["Apellido"], about["Contraseña"])
			}
			if of == "users" && about["Carné"][2] != "Sí" {
				t.Errorf("information: %q", about["Carné"])
			}
		})
	}
}

// TestBulkFlow is flow 14 of the screens through the API: an import with three
// bad rows, the file of these, mended and uploaded again.
func TestBulkFlow(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	field := w.ok("POST", "/api/v1/fields", staff, `{"entity":"user","label":{"en":"Badge"},"type":"text"}`).field("id")
	head := []string{"Username", "Email", "First name", "Last name", "Language", "Time zone", "Customer", "Role", "Password", "Devices", "Badge", "Phone"}
	head[0] = "User name"
	row := func(n int, more ...string) []string {
		r := []string{fmt.Sprintf("new%d", n), fmt.Sprintf("new%d@example.com", n), "=1+1", "Rojas", "es", "America/Bogota", a.canary(), "customerUser", known, a.canary() + "1", "B7", "+573001234567"}
		for i := 0; i < len(more); i += 2 {
			r[slices.Index(head, more[i])] = more[i+1]
		}
		return r
	}
	file := book(t, head, row(1), row(2, "Password", "short"), row(3), row(4, "User name", "new1"), row(5, "Time zone", ""), row(6, "Customer", a.canary()+"i", "Devices", ""))
	made := w.do("POST", "/api/v1/bulk/users/imports", staff, file, "Content-Type", "application/octet-stream", "Accept-Language", "en", "Idempotency-Key", "one")
	again := w.do("POST", "/api/v1/bulk/users/imports", staff, file, "Content-Type", "application/octet-stream", "Accept-Language", "en", "Idempotency-Key", "one")
	if again.field("id") != made.field("id") {
		t.Errorf("uploaded twice with one key: %s and %s", made.body, again.body)
	}
	done := w.ended(made, staff)
	t.Run("S4-65", func(t *testing.T) {
		if done.field("state") != "done" || done.field("counts.created") != "3" || done.field("counts.failed") != "3" || done.field("hasErrors") != "true" || done.field("rows") != "6" {
			t.Fatal(done.body)
		}
	})
	t.Run("S4-68", func(t *testing.T) {
		for _, login := range []string{"new1", "new3", "new6"} {
			u, err := w.admin.UserByLogin(login)
			if err != nil || u.First != "=1+1" || u.Phone != "+573001234567" || u.Extra[field] != "B7" {
				t.Errorf("%s: %+v, %v", login, u, err)
			}
			in := w.do("POST", "/api/v1/session/password", "", fmt.Sprintf(`{"username":%q,"password":%q}`, login, known))
			if cred, _ := w.admin.Credential(u.ID); cred.Hash == "" {
				t.Errorf("%s has no password: %d", login, in.status)
			}
		}
		for _, login := range []string{"new2", "new5"} {
			if _, err := w.admin.UserByLogin(login); fleet.KindOf(err) != fleet.NotFound {
				t.Errorf("%s went in: %v", login, err)
			}
		}
	})
	got := w.do("GET", "/api/v1/jobs/"+made.field("id")+"/errors", staff, "")
	if got.status != 200 {
		t.Fatal(got.status, got.body)
	}
	rows, _ := readBook(t, []byte(got.body))
	if len(rows) != 4 {
		t.Fatalf("%d rows of failures: %q", len(rows)-1, rows)
	}
	for i, want := range [][3]string{{"3", "Password", "needs at least 12 characters"}, {"5", "User name", "stands in row 2 already"}, {"6", "Time zone", "is required"}} {
		r := rows[i+1]
		t.Run([]string{"S4-61", "S4-66", "S4-67"}[i], func(t *testing.T) {
			if got := [3]string{at(rows[0], r, "Row"), at(rows[0], r, "Column at fault"), at(rows[0], r, "Reason")}; got != want {
				t.Errorf("a failed row says %q, want %q", got, want)
			}
			if at(rows[0], r, "First name") != "'=1+1" || at(rows[0], r, "Badge") != "B7" {
				t.Errorf("a failed row came back as %q", r)
			}
		})
	}
	set := func(r []string, column, v string) {
		r[slices.IndexFunc(rows[0], func(h string) bool { return strings.TrimSuffix(h, " *") == column })] = v
	}
	set(rows[1], "Password", known)
	set(rows[2], "User name", "new4")
	set(rows[3], "Time zone", "UTC")
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, _ := m.CreateFormFile("file", "../../mended.xlsx")
	io.WriteString(part, book(t, rows...))
	m.Close()
	second := w.ended(w.do("POST", "/api/v1/bulk/users/imports", staff, form.String(), "Content-Type", m.FormDataContentType()), staff)
	if second.field("counts.created") != "3" || second.field("counts.failed") != "0" && second.field("counts.failed") != "<nil>" || second.field("hasErrors") != "false" || second.field("name") != "mended.xlsx" {
		t.Errorf("mended: %s", second.body)
	}
	third := w.ended(w.do("POST", "/api/v1/bulk/users/imports", staff, strings.ReplaceAll(form.String(), "zzz", ""), "Content-Type", m.FormDataContentType()), staff)
	if third.field("counts.created") != "0" && third.field("counts.created") != "<nil>" || third.field("hasErrors") != "false" {
		t.Errorf("uploaded once more: %s", third.body)
	}
	list := w.ok("GET", "/api/v1/jobs", staff, "")
	if list.field("items.0.id") != third.field("id") {
		t.Errorf("the newest is not first: %s", list.body)
	}
	if other := w.do("GET", "/api/v1/jobs/"+third.field("id"), a.tokens[fleet.CustomerAdmin], ""); other.status != 404 {
		t.Errorf("somebody else's job answers %d", other.status)
	}
}

// TestBulkExport has 7,001 users in two workbooks, which go in again.
func TestBulkExport(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	have, err := w.admin.Users(fleet.Query{Scope: fleet.Scope{Company: a.company}, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	customers := 0
	for _, u := range have.Items {
		if u.Customer != 0 {
			customers++
		}
	}
	for from := customers; from < 7001; from += 1000 {
		var some []fleet.User
		for i := from; i < min(from+1000, 7001); i++ {
			some = append(some, fleet.User{Company: a.company, Customer: a.customer, Name: fmt.Sprint("@P", i), Email: fmt.Sprintf("p%d@example.com", i), Lang: "en", Timezone: "UTC", Role: fleet.CustomerUser, Devices: []fleet.DeviceID{a.device}})
		}
		if _, err := w.admin.PutUsers(fleet.Actor{}, some, nil); err != nil {
			t.Fatal(err)
		}
	}
	made := w.do("POST", "/api/v1/bulk/users/exports", staff, `{"option":"data"}`)
	t.Run("S4-53", func(t *testing.T) {
		if made.status != http.StatusAccepted || made.field("state") != "pending" && made.field("state") != "running" {
			t.Error(made.status, made.body)
		}
	})
	done := w.ended(made, staff)
	if done.field("counts.exported") != "7001" || done.field("hasFile") != "true" || done.field("downloaded") != "<nil>" {
		t.Fatal(done.body)
	}
	file := w.do("GET", "/api/v1/jobs/"+made.field("id")+"/file", staff, "")
	var books [][]byte
	t.Run("S4-54", func(t *testing.T) {
		if file.status != 200 || !strings.Contains(file.header.Get("Content-Disposition"), ".zip") {
			t.Fatal(file.status, file.header)
		}
		books = unzipped(t, file.body)
		if len(books) != 2 {
			t.Fatalf("%d workbooks, want 2", len(books))
		}
		first, info := readBook(t, books[0])
		second, _ := readBook(t, books[1])
		if len(first) != 7001 || len(second) != 2 || len(info) < 10 {
			t.Fatalf("%d and %d rows", len(first), len(second))
		}
		if r := second[1]; !strings.HasPrefix(at(second[0], r, "Name"), "'@P") || at(second[0], r, "Devices") != a.canary()+"1" || at(second[0], r, "Customer") != a.canary() || at(second[0], r, "Password") != "" {
			t.Errorf("a row: %q under %q", r, second[0])
		}
	})
	t.Run("S4-56", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/jobs/"+made.field("id"), staff, ""); got.field("state") != "done" || got.field("downloaded") == "<nil>" {
			t.Errorf("after the download: %s", got.body)
		}
	})
	if t.Failed() {
		return
	}
	back := w.ended(w.do("POST", "/api/v1/bulk/users/imports", staff, string(books[1]), "Content-Type", "application/octet-stream"), staff)
	if back.field("counts.created") != "0" || back.field("counts.failed") != "0" || back.field("hasErrors") != "false" {
		t.Errorf("what was exported does not go in again: %s", back.body)
	}
	less := w.ended(w.do("POST", "/api/v1/bulk/users/exports", staff, `{"option":"dataNoRelations","format":"csv"}`), staff)
	csv := w.do("GET", "/api/v1/jobs/"+less.field("id")+"/file", staff, "")
	head, rest, _ := strings.Cut(csv.body, "\n")
	t.Run("S4-51", func(t *testing.T) {
		if strings.Contains(head, "Devices") || strings.Contains(head, "Groups") || !strings.Contains(head, "Email") || strings.Count(rest, "\n") != 7001 {
			t.Errorf("without relations: %q and %d rows", head, strings.Count(rest, "\n"))
		}
	})
}

// TestBulkUnedited: what is exported and goes in again as it is changes
// nothing, and is counted so.
func TestBulkUnedited(t *testing.T) {
	w, a, staff := settled(t)
	w.ok("POST", "/api/v1/customers", staff, `{"name":"Sur","code":"SUR","country":"CO","admin":{"email":"sur@example.com","firstName":"Sol"}}`)
	for _, more := range []string{
		`"email":"Luz@example.com","username":"luz","role":"customerUser","devices":["` + a.spare.String() + `","` + a.device.String() + `"]`,
		`"username":"bea","name":"Bea Paz","role":"customerUser","modules":["map"],"quiet":{"weekly":[{"days":["sat","sun"],"from":"22:00","to":"08:00"}]}`,
		`"email":"CID@example.com","role":"customerAdmin","address":"=1+1","lat":4.123456789,"lon":-74.1,"web":false,"commands":true,"phone":"+573001234567"`,
	} {
		w.ok("POST", "/api/v1/users", staff, fmt.Sprintf(`{"customer":%q,"firstName":"'Luz","lang":"fr","timezone":"UTC",%s}`, a.customer, more))
	}
	for _, of := range []string{"users", "operators", "devices", "customers"} {
		for _, format := range []string{"csv", "xlsx"} {
			made := w.ended(w.do("POST", "/api/v1/bulk/"+of+"/exports", staff, fmt.Sprintf(`{"format":%q}`, format)), staff)
			body := w.do("GET", "/api/v1/jobs/"+made.field("id")+"/file", staff, "").body
			if format == "xlsx" {
				body = string(unzipped(t, body)[0])
			}
			back := w.ended(w.do("POST", "/api/v1/bulk/"+of+"/imports", staff, body, "Content-Type", "application/octet-stream"), staff)
			if n := made.field("counts.exported"); n == "0" || back.field("counts.unchanged") != n || back.field("counts.updated") != "0" || back.field("counts.failed") != "0" {
				t.Errorf("%s of %s: %s were exported, and then %s", format, of, n, back.field("counts"))
			}
		}
	}
}

// TestBulkRefusesFiles that are no tables, with words that help.
func TestBulkRefusesFiles(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	for name, c := range map[string]struct{ file, want string }{
		"rubbish":        {"\x00\x01\x02", "no es un libro de Excel"},
		"another sheet":  {"colour,size\nred,7\n", "no tiene ninguna columna conocida"},
		"unknown column": {"email,colour\na@example.com,red\n", "columna"},
		"a column twice": {"email,Email\na@example.com,b\n", "dos veces"},
	} {
		got := w.do("POST", "/api/v1/bulk/users/imports", staff, c.file, "Content-Type", "text/csv", "Accept-Language", "es")
		if got.status != 422 || !strings.Contains(got.body, c.want) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	f := excelize.NewFile()
	defer f.Close()
	f.SetCellStr("Sheet1", "A1", "name")
	f.SetCellStr("Sheet1", "B1", "uniqueId")
	f.SetCellFormula("Sheet1", "A2", `HYPERLINK("http://evil.example.com")`)
	f.SetCellValue("Sheet1", "B2", 990000862471854)
	f.SetCellStr("Sheet1", "A3", "Good")
	f.SetCellValue("Sheet1", "B3", 990000862471855)
	var b bytes.Buffer
	f.Write(&b)
	done := w.ended(w.do("POST", "/api/v1/bulk/devices/imports", staff, b.String(), "Content-Type", "application/octet-stream"), staff)
	if done.field("counts.created") != "1" || done.field("counts.failed") != "1" {
		t.Fatal(done.body)
	}
	if d, err := w.admin.DeviceByUniqueID("990000862471855"); err != nil || d.Name != "Good" || d.Company != a.company || d.Customer != 0 {
		t.Error(d, err)
	}
	rows := w.do("GET", "/api/v1/jobs/"+done.field("id")+"/errors", staff, "")
	read, _ := readBook(t, []byte(rows.body))
	if len(read) != 2 || at(read[0], read[1], "Reason") != "holds a formula; write its value" {
		t.Errorf("failures: %q", read)
	}
}

// TestBulkKeepsTenantsApart: what a row names of others is as good as nothing,
// and a customer's admin has its own people alone.
func TestBulkKeepsTenantsApart(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	theirs := b.users[fleet.CustomerUser]
	before, _ := w.admin.User(theirs)
	rows := func(customer, id, login, devices string) string {
		return "id,username,email,firstName,lang,timezone,customer,role,devices\n" +
			strings.Join([]string{id, login, login + "@example.com", "X", "en", "UTC", customer, "customerUser", devices}, ",") + "\n"
	}
	for name, c := range map[string]struct {
		role         fleet.Role
		file, reason string
	}{
		"a customer":    {fleet.CompanyAdmin, rows(b.canary(), "", "x1", ""), "does not exist, or is not yours to use"},
		"none":          {fleet.CompanyAdmin, rows("nothing", "", "x2", ""), "does not exist, or is not yours to use"},
		"a device":      {fleet.CompanyAdmin, rows(a.canary(), "", "x3", b.canary()+"1"), "does not exist, or is not yours to use"},
		"a person":      {fleet.CompanyAdmin, rows(a.canary(), theirs.String(), "x4", ""), "does not exist, or is not yours to use"},
		"a login":       {fleet.CompanyAdmin, strings.Replace(rows(a.canary(), "", before.Email, ""), before.Email+"@example.com", before.Email, 1), "is taken by another user"},
		"by a customer": {fleet.CustomerAdmin, rows(b.canary(), "", "x5", ""), "does not exist, or is not yours to use"},
	} {
		token := a.tokens[c.role]
		done := w.ended(w.do("POST", "/api/v1/bulk/users/imports", token, c.file, "Content-Type", "text/csv", "Accept-Language", "en"), token)
		got := w.do("GET", "/api/v1/jobs/"+done.field("id")+"/errors", token, "")
		if done.field("counts.failed") != "1" || !strings.Contains(got.body, c.reason) {
			t.Errorf("%s: %s %s", name, done.body, got.body)
		}
	}
	if after, _ := w.admin.User(theirs); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("somebody else's person is %+v now", after)
	}
	mine := a.tokens[fleet.CustomerAdmin]
	done := w.ended(w.do("POST", "/api/v1/bulk/users/imports", mine, rows("", "", "own1", a.canary()+"1"), "Content-Type", "text/csv"), mine)
	if u, err := w.admin.UserByLogin("own1"); err != nil || u.Customer != a.customer || done.field("counts.created") != "1" {
		t.Errorf("a customer's own: %+v, %v, %s", u, err, done.body)
	}
	out := w.ended(w.do("POST", "/api/v1/bulk/users/exports", mine, `{"format":"csv"}`), mine)
	csv := w.do("GET", "/api/v1/jobs/"+out.field("id")+"/file", mine, "").body
	if !strings.Contains(csv, "own1@example.com") || strings.Contains(csv, b.canary()) || strings.Contains(csv, a.email(fleet.CompanyAdmin)) {
		t.Errorf("a customer exports %s", csv)
	}
}

// TestBulkGoesOnAfterARestart stops the server within an import and begins
// another one over the same store.
func TestBulkGoesOnAfterARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bulk")
	stop := make(chan func(), 1)
	w := newWorld(t, func(o *admin.Options) {
		o.BulkDir = dir
		o.Applier = &stopping{Applier: o.Applier, after: 2, stop: stop}
	})
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	var file strings.Builder
	file.WriteString("uniqueId,name,customer\n")
	const rows = 2600
	for i := range rows {
		name := fmt.Sprint("D", i)
		if i%1000 == 7 {
			name = ""
		}
		fmt.Fprintf(&file, "RS%d,%s,%s\n", i, name, a.canary())
	}
	stop <- func() { go w.server.Shutdown(context.WithoutCancel(t.Context())) }
	made := w.do("POST", "/api/v1/bulk/devices/imports", staff, file.String(), "Content-Type", "text/csv", "Accept-Language", "en")
	w.until("the server's end", func() bool { return len(stop) == 0 })
	w.server.Shutdown(context.WithoutCancel(t.Context()))
	id, err := fleet.ParseID[struct{}](made.field("id"))
	if err != nil {
		t.Fatal(err, made.body)
	}
	left, err := w.admin.Job(fleet.JobID(id))
	if err != nil || left.State.Final() || left.Done == 0 || left.Done >= rows {
		t.Fatalf("stopped as %+v, %v", left, err)
	}
	next := w.with(func(o *admin.Options) { o.Bulk, o.BulkDir = w.admin, dir })
	done := next.ended(made, staff)
	if done.field("state") != "done" || done.field("counts.created") != "2597" || done.field("counts.failed") != "3" || done.field("done") != "2600" {
		t.Fatal(done.body)
	}
	got := next.do("GET", "/api/v1/jobs/"+made.field("id")+"/errors", staff, "")
	for _, want := range []string{"RS7,", "RS1007,", "RS2007,"} {
		if strings.Count(got.body, want) != 1 {
			t.Errorf("the failures have %q %d times: %s", want, strings.Count(got.body, want), got.body)
		}
	}
}

// stopping is an applier that ends the server while a change is made.
type stopping struct {
	admin.Applier
	after int
	stop  chan func()
}

// Apply makes the change.
func (s *stopping) Apply(ctx context.Context, set fleet.ChangeSet) (*fleet.ChangeSet, error) {
	if len(set.Devices) > 100 {
		if s.after--; s.after == 0 {
			(<-s.stop)()
		}
	}
	return s.Applier.Apply(ctx, set)
}
