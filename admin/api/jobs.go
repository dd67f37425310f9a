package api

import (
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// job is a job as its user sees it.
type job struct {
	ID         fleet.JobID     `json:"id"`
	Kind       fleet.JobKind   `json:"kind" enum:"export,import"`
	Of         fleet.BulkOf    `json:"of" enum:"users,operators,customers,devices"`
	Option     string          `json:"option,omitempty" enum:"data,dataNoRelations" doc:"Of an export"`
	Format     string          `json:"format" enum:"xlsx,csv"`
	State      fleet.JobState  `json:"state" enum:"pending,running,done,failed" doc:"pending and running: orange, done: green, failed: red"`
	Reason     string          `json:"reason,omitempty" doc:"Why it failed, in the caller's language"`
	Rows       int             `json:"rows,omitempty" doc:"How many there are; absent: not counted yet"`
	Done       int             `json:"done" doc:"How many of them are done"`
	Progress   int             `json:"progress" minimum:"0" maximum:"100" doc:"Percent"`
	Counts     fleet.JobCounts `json:"counts"`
	Name       string          `json:"name" doc:"Of the file that was uploaded, or will be downloaded" example:"users.xlsx"`
	HasFile    bool            `json:"hasFile" doc:"GET /jobs/{id}/file has it"`
	HasErrors  bool            `json:"hasErrors" doc:"GET /jobs/{id}/errors has the rows that failed"`
	By         fleet.UserID    `json:"by"`
	Created    fleet.Time      `json:"created"`
	Started    fleet.Time      `json:"started,omitzero"`
	Finished   fleet.Time      `json:"finished,omitzero"`
	Downloaded fleet.Time      `json:"downloaded,omitzero" doc:"When its file was last downloaded"`
	Expires    fleet.Time      `json:"expires,omitzero" doc:"When its files will be dropped"`
}

func (a *API) showJob(lang fleet.Lang, j *fleet.Job) job {
	out := job{
		ID: j.ID, Kind: j.Kind, Of: j.Of, Option: j.Option, Format: j.Format, State: j.State, Rows: j.Rows, Done: j.Done, Counts: j.Counts,
		Name: j.Name, By: j.User, Created: j.Created, Started: j.Started, Finished: j.Finished, Downloaded: j.Taken,
	}
	if j.Reason != "" {
		out.Reason = say(lang, j.Reason)
		if about, ok := strings.CutPrefix(j.Reason, fileReason); ok {
			out.Reason = say(lang, detailPrefix+"file") + " " + say(lang, about)
		}
	}
	switch {
	case j.State == fleet.DoneJob:
		out.Progress = 100
	case j.Rows > 0:
		out.Progress = min(99, j.Done*100/j.Rows)
	}
	if j.Kind == fleet.ExportJob {
		out.Name = exportName(j, exportFormat(j))
	}
	if j.State.Final() {
		out.HasFile, out.HasErrors = a.has(j.File), a.has(j.Errors) && j.State == fleet.DoneJob
		if out.HasFile || out.HasErrors {
			out.Expires = j.Finished + fileLife
		}
	}
	return out
}

// exportFormat is the kind of file that an export gives.
func exportFormat(j *fleet.Job) string {
	if j.Format == csvFormat {
		return csvFormat
	}
	return "zip"
}

func (a *API) has(name string) bool {
	if name == "" {
		return false
	}
	_, err := os.Stat(a.jobs.files.path(name))
	return err == nil
}

// mayBegin refuses a job more than somebody may have open.
func (a *API) mayBegin(c *call) error {
	mine, err := a.o.Bulk.Jobs(c.user.ID)
	if err != nil {
		return err
	}
	open := 0
	for i := range mine {
		if !mine[i].State.Final() {
			open++
		}
	}
	if open >= openPerUser {
		return fleet.Errorf(fleet.TooMany, "%d of your jobs have not ended yet; wait for one of them", open)
	}
	for i := range mine { // oldest first
		if len(mine)-i < keptPerUser {
			break
		}
		if j := &mine[i]; j.State.Final() {
			a.jobs.files.drop(j.Upload, j.File, j.Errors)
			if err := a.o.Bulk.DeleteJob(c.actor(), j.ID); err != nil {
				return err
			}
		}
	}
	return a.bulkRoom()
}

// beginJob puts a job into the queue.
func (a *API) beginJob(c *call, j fleet.Job) (*one[job], error) {
	if j.Kind == fleet.ExportJob { // an import has asked already
		if err := a.mayBegin(c); err != nil {
			return nil, err
		}
	}
	j.User, j.Lang, j.State, j.Actor = c.user.ID, c.lang, fleet.PendingJob, c.actor()
	j.Scopes, j.App = c.caller.Who.Token.Scopes, c.caller.Who.Token.App
	j, err := a.o.Bulk.PutJob(j)
	if err != nil {
		return nil, err
	}
	a.wakeJobs()
	return &one[job]{a.showJob(c.lang, &j)}, nil
}

func (a *API) jobRoutes() {
	op := operation{tag: "Bulk", object: auth.Job, action: auth.Read, method: http.MethodGet}

	op.id, op.path, op.summary = "listJobs", "/jobs", "List your exports and imports, newest first"
	op.doc = "All of the last 30 days, at most 100. Ask again while one is pending or running, every few seconds."
	register(a, op, func(c *call, _ *struct{}) (*one[page[job]], error) {
		if err := a.errNoBulk(); err != nil {
			return nil, err
		}
		mine, err := a.o.Bulk.Jobs(c.user.ID)
		if err != nil {
			return nil, err
		}
		slices.Reverse(mine)
		return pageOf(fleet.Page[fleet.Job]{Items: mine}, func(j *fleet.Job) job { return a.showJob(c.lang, j) }), nil
	})

	op.id, op.path, op.summary, op.doc = "getJob", "/jobs/{id}", "Read an export or import", ""
	register(a, op, func(c *call, in *ByID) (*one[job], error) {
		j, err := c.job(in.ID)
		return &one[job]{a.showJob(c.lang, &j)}, err
	})

	op.id, op.path, op.summary = "downloadJob", "/jobs/{id}/file", "Download what was exported"
	op.doc = "Files are kept for seven days."
	register(a, op, func(c *call, in *ByID) (*huma.StreamResponse, error) {
		j, err := c.job(in.ID)
		if err != nil {
			return nil, err
		}
		f, err := a.openJobFile(&j, j.File)
		if err != nil {
			return nil, err
		}
		j.Taken = a.o.Now()
		if j, err = a.o.Bulk.PutJob(j); err == nil {
			err = a.o.People.Note(c.actor(), "download", fleet.JobRecord, uint64(j.ID))
		}
		if err != nil {
			f.Close()
			return nil, err
		}
		format := exportFormat(&j)
		return sendFile(f, exportName(&j, format), format), nil
	})

	op.id, op.path, op.summary = "downloadJobErrors", "/jobs/{id}/errors", "Download the rows that did not go in"
	op.doc = "As they came, with the row, the column and the reason beside each. Mend them and upload the file: the columns beside are passed over."
	register(a, op, func(c *call, in *ByID) (*huma.StreamResponse, error) {
		j, err := c.job(in.ID)
		if err != nil {
			return nil, err
		}
		if j.State != fleet.DoneJob {
			return nil, errNotFound()
		}
		f, err := a.openJobFile(&j, j.Errors)
		if err != nil {
			return nil, err
		}
		if err := a.o.People.Note(c.actor(), "download errors", fleet.JobRecord, uint64(j.ID)); err != nil {
			f.Close()
			return nil, err
		}
		return sendFile(f, "errors-"+exportName(&j, j.Format), j.Format), nil
	})

	op.id, op.method, op.action, op.path, op.summary = "deleteJob", http.MethodDelete, auth.Delete, "/jobs/{id}", "Stop and forget an export or import"
	op.doc = "Its files go with it. What an import has taken in by then stays."
	register(a, op, func(c *call, in *ByID) (*struct{}, error) {
		j, err := c.job(in.ID)
		if err != nil {
			return nil, err
		}
		if err := a.o.Bulk.DeleteJob(c.actor(), j.ID); err != nil {
			return nil, err
		}
		a.jobs.mu.Lock()
		if run, ok := a.jobs.running[j.ID]; ok {
			run.cancel(errCancelled)
		}
		a.jobs.mu.Unlock()
		a.jobs.files.drop(j.Upload, j.File, j.Errors)
		return nil, nil
	})
}

// job is a job of the caller's own.
func (c *call) job(id string) (fleet.Job, error) {
	if err := c.api.errNoBulk(); err != nil {
		return fleet.Job{}, err
	}
	n, err := fleet.ParseID[jobKey](id)
	if err != nil || n == 0 {
		return fleet.Job{}, errNotFound()
	}
	j, err := c.api.o.Bulk.Job(fleet.JobID(n))
	if err == nil && j.User != c.user.ID {
		err = errNotFound()
	}
	if err != nil {
		return fleet.Job{}, err
	}
	return j, nil
}

// openJobFile opens a file that a job ended with; one that was dropped since is
// as good as none. Who may not export any more does not download either.
func (a *API) openJobFile(j *fleet.Job, name string) (*os.File, error) {
	if name == "" || !j.State.Final() {
		return nil, errNotFound()
	}
	f, err := os.Open(a.jobs.files.path(name))
	if os.IsNotExist(err) {
		return nil, errNotFound()
	}
	return f, err
}

// fileReason begins the reason of an import whose file was at fault.
const fileReason = "the file "

type jobKey struct{}
