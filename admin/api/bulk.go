package api

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/admin/sheet"
	"github.com/vigia-track/vigia/engine/fleet"
)

// maxUpload is the largest file of an import, bytes; packed, where it is a
// workbook.
const maxUpload = 32 << 20

// bulk adds tables of many records: the empty format at once, exports and
// imports as jobs.
func (a *API) bulk() {
	a.bulkKinds()
	for _, of := range []fleet.BulkOf{fleet.BulkUsers, fleet.BulkOperators, fleet.BulkCustomers, fleet.BulkDevices} {
		a.bulkOf(a.bulks[of])
	}
	a.jobRoutes()
}

// errNoBulk answers where no directory for the files was given.
func (a *API) errNoBulk() error {
	if a.o.Bulk == nil {
		return fleet.Errorf(fleet.Unavailable, "nothing can be exported or imported here")
	}
	return nil
}

type templateQuery struct {
	Format  string `query:"format" enum:"xlsx,csv" default:"xlsx"`
	Company string `query:"company" doc:"Whose additional fields it has; absent: your own"`
}

type exportInput struct {
	Option  string          `json:"option,omitempty" enum:"data,dataNoRelations" doc:"With everything, or without devices, groups and shifts; absent: data" example:"data"`
	Format  string          `json:"format,omitempty" enum:"xlsx,csv" doc:"xlsx: a zip archive with a workbook for each 7,000 records. csv: one table. Absent: xlsx" example:"xlsx"`
	Company fleet.CompanyID `json:"company,omitzero" doc:"Absent: your own"`
	Owner   fleet.OwnerID   `json:"owner,omitzero" doc:"Only what belongs to this customer; absent: all"`
}

// upload is a file of an import.
type upload struct {
	Type    string `header:"Content-Type" hidden:"true"`
	Company string `query:"company" doc:"Whose the new records are; absent: your own"`
	RawBody []byte
}

func (a *API) bulkOf(k *bulkKind) {
	op := operation{tag: "Bulk", object: k.object, action: auth.Read}

	op.id, op.method, op.path = "template"+k.name, http.MethodGet, k.path+"/template"
	op.summary = "An empty table of " + string(k.of)
	op.doc = "A workbook with the columns of each field, additional ones too, and a sheet that says in your language what each is for and whether a new record needs it."
	register(a, op, func(c *call, in *templateQuery) (*huma.StreamResponse, error) {
		t, err := a.tableOf(c, k, auth.Read, in.Company)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := t.write(&b, in.Format, t.columns).close(); err != nil {
			return nil, err
		}
		return sendBytes(fileName(string(k.of), in.Format), in.Format, b.Bytes()), nil
	})

	op.id, op.method, op.path, op.status = "export"+k.name, http.MethodPost, k.path+"/exports", http.StatusAccepted
	op.summary = "Export " + string(k.of)
	op.doc = "As a job: GET /jobs/{id} says how far it is, GET /jobs/{id}/file has the file once it is done."
	op.example = exportInput{Option: "data", Format: xlsxFormat}
	register(a, op, func(c *call, in *struct{ Body exportInput }) (*one[job], error) {
		company := ""
		if in.Body.Company != 0 {
			company = in.Body.Company.String()
		}
		t, err := a.tableOf(c, k, auth.Read, company)
		if err != nil {
			return nil, err
		}
		if in.Body.Owner != 0 {
			if _, _, err := c.owner("owner", in.Body.Owner); err != nil {
				return nil, err
			}
		}
		return a.beginJob(c, fleet.Job{
			Kind: fleet.ExportJob, Of: k.of, Company: t.company, Owner: in.Body.Owner,
			Option: cmp.Or(in.Body.Option, "data"), Format: cmp.Or(in.Body.Format, xlsxFormat),
		})
	})

	op.id, op.path, op.action, op.body, op.example = "import"+k.name, k.path+"/imports", auth.Create, maxUpload, "ID,…"
	op.summary = "Import " + string(k.of)
	op.doc = "A workbook (.xlsx) or CSV of up to 100,000 rows as the body, or as the file of a form. As a job: rows that can go in do, the others come back in GET /jobs/{id}/errors, to be mended and uploaded again. " +
		"A row with an ID, or with the user name, code or identity of a record that there is, changes that; so a file that is uploaded twice makes nothing twice."
	register(a, op, func(c *call, in *upload) (*one[job], error) {
		t, err := a.tableOf(c, k, auth.Create, in.Company)
		if err != nil {
			return nil, err
		}
		name, body, err := in.file()
		if err != nil {
			return nil, err
		}
		return a.beginImport(c, t, name, body)
	})
	for _, o := range []*huma.Operation{a.operation(Prefix+op.path, http.MethodPost)} {
		o.RequestBody.Content["multipart/form-data"] = &huma.MediaType{
			Schema:  &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}}},
			Example: map[string]any{"file": "users.xlsx"},
		}
	}
}

// tableOf is a kind's table for a call that asks for an action on it.
func (a *API) tableOf(c *call, k *bulkKind, action auth.Action, company string) (*table, error) {
	if err := a.errNoBulk(); err != nil {
		return nil, err
	}
	needs := []auth.Action(nil)
	if action == auth.Create {
		needs = importNeeds
	}
	var err error
	if c.reach, c.scope, err = c.mayBulk(k, action, needs...); err != nil {
		return nil, err
	}
	if c.reach == auth.Nothing {
		return nil, Forbidden(c.lang)
	}
	id := fleet.CompanyID(0)
	if company != "" {
		n, err := fleet.ParseID[companyKey](company)
		if err != nil || n == 0 {
			return nil, errForeign("company")
		}
		id = fleet.CompanyID(n)
	}
	return a.newTable(c, k, id)
}

// file is the file of an upload, from a form or as the body itself.
func (in *upload) file() (name string, body []byte, err error) {
	kind, params, _ := mime.ParseMediaType(in.Type) // a wrong one is no form
	if kind != "multipart/form-data" {
		return "", in.RawBody, nil
	}
	form := multipart.NewReader(bytes.NewReader(in.RawBody), params["boundary"])
	for range 10 {
		part, err := form.NextPart()
		if err != nil {
			break
		}
		if part.FileName() == "" {
			continue
		}
		body, err := io.ReadAll(part)
		if err != nil {
			break
		}
		return part.FileName(), body, nil
	}
	return "", nil, fleet.FieldError("file", "is required")
}

// beginImport keeps an upload and makes its job. What is no table, or one of
// something else, is refused at once.
func (a *API) beginImport(c *call, t *table, name string, body []byte) (*one[job], error) {
	if len(body) > maxUpload {
		return nil, newProblem(c.lang, codeTooLarge, "")
	}
	if err := a.mayBegin(c); err != nil {
		return nil, err
	}
	f, stored, err := a.jobs.files.create()
	if err != nil {
		return nil, err
	}
	_, err = f.Write(body)
	if err == nil {
		err = t.looksRight(f)
	}
	if err = sealed(f, err); err != nil {
		a.jobs.files.drop(stored)
		return nil, err
	}
	format := xlsxFormat
	if sheet.Sniff(body[:min(len(body), 4096)]) == sheet.Plaintext {
		format = csvFormat
	}
	out, err := a.beginJob(c, fleet.Job{
		Kind: fleet.ImportJob, Of: t.kind.of, Company: t.company, Format: format, Upload: stored, Name: cleanName(name, string(t.kind.of), format),
	})
	if err != nil {
		a.jobs.files.drop(stored)
	}
	return out, err
}

// looksRight refuses a file whose headings cannot be read.
func (t *table) looksRight(f *os.File) error {
	r, _, err := t.openTable(f)
	if err != nil {
		return err
	}
	return r.Close()
}

// cleanName is the name of an upload for people; it never becomes a path.
func cleanName(name, of, format string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == '"' || r == '\\' || r == '/' || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, name[strings.LastIndexAny(name, `/\`)+1:])
	if r := []rune(name); len(r) > 120 {
		name = string(r[:120])
	}
	return cmp.Or(strings.TrimSpace(name), of+"."+format)
}

func fileName(of, format string) string { return of + "." + format }

var mediaTypes = map[string]string{
	xlsxFormat: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", csvFormat: "text/csv; charset=utf-8", "zip": "application/zip",
}

func fileHeaders(h http.Header, name, format string) {
	h.Set("Content-Type", mediaTypes[format])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

func sendBytes(name, format string, b []byte) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		_, w := humago.Unwrap(ctx)
		fileHeaders(w.Header(), name, format)
		w.Header().Set("Content-Length", itoa(len(b)))
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(b) // the reader has gone away
	}}
}

// sendFile sends a file of a job; a slow line has as long as it needs for each
// part, up to an hour in all.
func sendFile(f *os.File, name, format string) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer f.Close()
		r, w := humago.Unwrap(ctx)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)) // where it cannot be set there is none
		fileHeaders(w.Header(), name, format)
		http.ServeContent(w, r, "", time.Time{}, f)
	}}
}

func exportName(j *fleet.Job, format string) string {
	return fmt.Sprintf("%s-%s.%s", j.Of, j.Created.Std().UTC().Format("20060102-150405"), format)
}
