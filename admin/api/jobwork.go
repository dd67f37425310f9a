package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/admin/sheet"
	"github.com/vigia-track/vigia/engine/fleet"
)

// doJob does a job, from where it had got to.
func (a *API) doJob(ctx context.Context, j *fleet.Job) error {
	if j.Kind == fleet.ExportJob {
		return a.doExport(ctx, j)
	}
	return a.doImport(ctx, j)
}

// tableFor is the table of a job, with the rights that its user has now. It is
// asked for anew after each batch: who was disabled, moved or restricted
// meanwhile exports and imports nothing more.
func (a *API) tableFor(ctx context.Context, j *fleet.Job) (*table, error) {
	refused := fleet.Errorf(fleet.Forbidden, "you may not do this any more")
	acc, err := a.o.Records.Account(j.User)
	if err != nil {
		return nil, refused
	}
	now := a.o.Now()
	if err := auth.Barred(&acc, j.App, now); err != nil {
		return nil, refused
	}
	if j.App == "" && j.Actor.Token != 0 { // a program's: its token is good no longer than it is
		tokens, err := a.o.People.Tokens(j.User)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(tokens, func(t fleet.Token) bool {
			return t.ID == j.Actor.Token && t.Revoked == 0 && (t.Expires == 0 || t.Expires > now)
		}) {
			return nil, refused
		}
	}
	addr, _ := netip.ParseAddr(j.Actor.Addr) // none: the audit names none
	who := &auth.Principal{User: acc.User, Modules: acc.Modules(), Token: fleet.Token{ID: j.Actor.Token, User: j.User, Scopes: j.Scopes, App: j.App, Actor: j.Actor.By}}
	who.Cookie = j.Actor.Token == 0
	c := &call{
		Context: ctx, api: a, user: &who.User, lang: j.Lang,
		caller: &auth.Caller{Addr: addr, Secure: true, Who: who, Request: "job " + j.ID.String()},
	}
	k := a.bulks[j.Of]
	action, needs := auth.Read, []auth.Action(nil)
	if j.Kind == fleet.ImportJob {
		action, needs = auth.Create, importNeeds
	}
	if c.reach, c.scope, err = c.mayBulk(k, action, needs...); err != nil {
		return nil, err
	}
	if c.reach == auth.Nothing {
		return nil, refused
	}
	return a.newTable(c, k, j.Company)
}

func (a *API) doExport(ctx context.Context, j *fleet.Job) error {
	a.jobs.files.drop(j.File) // of a start before
	j.File, j.Done, j.Counts = "", 0, fleet.JobCounts{}
	t, err := a.tableFor(ctx, j)
	if err != nil {
		return err
	}
	f, name, err := a.jobs.files.create()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	j.File = name
	out := bufio.NewWriterSize(f, 256<<10)
	err = t.export(out, j, func(done int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := a.tableFor(ctx, j); err != nil {
			return err
		}
		j.Done, j.Counts.Exported = done, done
		return a.saveJob(j)
	})
	if err == nil {
		err = out.Flush()
	}
	if err = sealed(f, err); err == nil {
		j.Rows = j.Done
	}
	return err
}

func (a *API) doImport(ctx context.Context, j *fleet.Job) (err error) {
	t, err := a.tableFor(ctx, j)
	if err != nil {
		return err
	}
	f, err := os.Open(a.jobs.files.path(j.Upload))
	if err != nil || j.Upload == "" {
		return fleet.Errorf(fleet.Unavailable, "the uploaded file is gone; upload it again")
	}
	defer f.Close()
	if j.Rows == 0 {
		if j.Rows, err = t.countRows(f); err != nil {
			return err
		}
	}
	r, head, err := t.openTable(f)
	if err != nil {
		return err
	}
	defer r.Close()
	failed, err := a.failedFile(j)
	if err != nil {
		return err
	}
	defer failed.Close()
	im := &importer{table: t, head: head, seen: map[string]int{}, body: map[string]bool{}, job: j}
	for key := range resolved(a.registry(), t.kind.schema).Properties {
		im.body[key] = true
	}
	for range j.Done { // before a restart
		raw, err := r.Next()
		if err != nil {
			return err
		}
		if _, err := im.read(raw); err != nil && fleet.KindOf(err) != fleet.Invalid {
			return err
		}
	}
	for {
		rows, end, err := nextRows(r)
		if err == nil && len(rows) > 0 {
			err = a.importRows(ctx, im, rows, failed)
		}
		if err != nil {
			return err
		}
		if end {
			break
		}
	}
	return a.finishImport(j, t, head, failed)
}

// nextRows is the next batch of a file, and whether it is the last.
func nextRows(r sheet.Reader) (rows []sheet.Row, end bool, err error) {
	for len(rows) < importBatch {
		raw, err := r.Next()
		if err == io.EOF {
			return rows, true, nil
		}
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, raw)
	}
	return rows, false, nil
}

// importRows takes a batch in and notes how far the job has got. What failed is
// on the disk before that.
func (a *API) importRows(ctx context.Context, im *importer, rows []sheet.Row, failed *os.File) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := im.job
	fresh, err := a.tableFor(ctx, j)
	if err != nil {
		return err
	}
	im.call = fresh.call
	bad, counts, err := im.batch(rows)
	if err != nil {
		return err
	}
	if len(bad) > 0 {
		if err := encodeFailed(failed, bad); err != nil {
			return err
		}
		if err := failed.Sync(); err != nil {
			return err
		}
		if j.Kept, err = failed.Seek(0, io.SeekCurrent); err != nil {
			return err
		}
	}
	j.Done += len(rows)
	j.Counts.Created += counts.Created
	j.Counts.Updated += counts.Updated
	j.Counts.Unchanged += counts.Unchanged
	j.Counts.Failed += counts.Failed
	j.Starts = 1 // it gets on
	return a.saveJob(j)
}

// failedFile is where the rows that fail are gathered, cut to what is certain.
func (a *API) failedFile(j *fleet.Job) (*os.File, error) {
	if j.Errors == "" {
		f, name, err := a.jobs.files.create()
		if err != nil {
			return nil, fmt.Errorf("import: %w", err)
		}
		j.Errors = name
		return f, a.saveJob(j)
	}
	f, err := os.OpenFile(a.jobs.files.path(j.Errors), os.O_RDWR, 0o600)
	if err != nil {
		return nil, fleet.Errorf(fleet.Unavailable, "the uploaded file is gone; upload it again")
	}
	if err = f.Truncate(j.Kept); err == nil {
		_, err = f.Seek(j.Kept, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// finishImport makes a table of the rows that failed.
func (a *API) finishImport(j *fleet.Job, t *table, head []*column, failed *os.File) error {
	rows := j.Errors
	if j.Counts.Failed == 0 {
		a.jobs.files.drop(rows)
		j.Errors, j.Kept = "", 0
		return nil
	}
	if _, err := failed.Seek(0, io.SeekStart); err != nil {
		return err
	}
	f, name, err := a.jobs.files.create()
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 256<<10)
	d := json.NewDecoder(bufio.NewReader(failed))
	err = t.failures(out, j.Format, head, func(row func(failedRow) error) error {
		for {
			var fr failedRow
			if err := d.Decode(&fr); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			if err := row(fr); err != nil {
				return err
			}
		}
	})
	if err == nil {
		err = out.Flush()
	}
	if err := sealed(f, err); err != nil {
		a.jobs.files.drop(name)
		return err
	}
	a.jobs.files.drop(rows)
	j.Errors, j.Kept = name, 0
	return nil
}
