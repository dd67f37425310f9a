package api

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// jobWorkers is how many jobs run at once; those of one person run one after
// another.
const jobWorkers = 2

// maxStarts is how often a job is begun without getting any further.
const maxStarts = 3

// sweepEvery is how often old jobs and files are dropped.
const sweepEvery = time.Hour

// jobRunner runs jobs, oldest first. The store is the queue: a job that was
// running when the server ended is begun anew, an import where it had got to.
type jobRunner struct {
	files bulkFiles
	wake  chan struct{} // one slot
	end   context.CancelFunc
	done  sync.WaitGroup

	mu      sync.Mutex // guards the fields below
	running map[fleet.JobID]runningJob
}

type runningJob struct {
	user   fleet.UserID
	cancel context.CancelCauseFunc
}

// errCancelled ends a job that its user deleted.
var errCancelled = errors.New("the job was deleted")

func (a *API) startJobs() {
	r := &a.jobs
	ctx, end := context.WithCancel(context.Background())
	r.files.dir, r.wake, r.end, r.running = a.o.BulkDir, make(chan struct{}, jobWorkers), end, map[fleet.JobID]runningJob{}
	for range jobWorkers {
		r.done.Go(func() { a.workJobs(ctx) })
	}
	r.done.Go(func() {
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			if err := a.sweepJobs(); err != nil {
				a.o.Log.Error("old jobs could not be dropped; the next round tries again", "err", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// StopJobs ends the jobs that run and returns once they have ended; the next
// start takes them up again. Stopping twice is fine.
func (a *API) StopJobs() {
	if a.jobs.end != nil {
		a.jobs.end()
		a.jobs.done.Wait()
	}
}

// wakeJobs says that there is something to do.
func (a *API) wakeJobs() {
	select {
	case a.jobs.wake <- struct{}{}:
	default:
	}
}

func (a *API) workJobs(ctx context.Context) {
	for ctx.Err() == nil {
		j, run, end, err := a.claim(ctx)
		if err != nil {
			a.o.Log.Error("jobs could not be read; tried again shortly", "err", err)
		}
		if j == nil {
			select {
			case <-ctx.Done():
			case <-a.jobs.wake:
			case <-time.After(time.Minute):
			}
			continue
		}
		a.runJob(run, j)
		end()
		a.wakeJobs() // the same person's next one may begin
	}
}

// claim is the oldest job that may begin now, nil for none.
func (a *API) claim(ctx context.Context) (*fleet.Job, context.Context, func(), error) {
	r := &a.jobs
	r.mu.Lock()
	defer r.mu.Unlock()
	open, err := a.o.Bulk.OpenJobs()
	if err != nil {
		return nil, nil, nil, err
	}
	busy := map[fleet.UserID]bool{}
	for _, run := range r.running {
		busy[run.user] = true
	}
	for i := range open {
		j := &open[i]
		if busy[j.User] {
			continue
		}
		run, cancel := context.WithCancelCause(ctx)
		r.running[j.ID] = runningJob{j.User, cancel}
		return j, run, func() {
			cancel(nil)
			r.mu.Lock()
			defer r.mu.Unlock()
			delete(r.running, j.ID)
		}, nil
	}
	return nil, nil, nil, nil
}

// runJob runs one job to its end, or to the server's.
func (a *API) runJob(ctx context.Context, j *fleet.Job) {
	log := a.o.Log.With("job", j.ID, "kind", string(j.Kind), "of", string(j.Of))
	if j.Started == 0 {
		j.Started = a.o.Now()
	}
	j.State = fleet.RunningJob
	err := error(nil)
	if j.Starts++; j.Starts > maxStarts {
		err = fleet.Errorf(fleet.Unavailable, "the server ended %d times while the job ran", maxStarts)
	} else if err = a.saveJob(j); err == nil {
		err = a.doJob(ctx, j)
	}
	if ctx.Err() != nil && context.Cause(ctx) == errCancelled || fleet.KindOf(err) == fleet.NotFound && a.gone(j) {
		a.jobs.files.drop(j.Upload, j.File, j.Errors)
		return
	}
	if ctx.Err() != nil && err != nil {
		j.Starts-- // our own end is no fault of the job
		if err := a.saveJob(j); err != nil {
			log.Warn("a job's last progress could not be kept; it is done again", "err", err)
		}
		return
	}
	j.State, j.Finished = fleet.DoneJob, a.o.Now()
	if err != nil {
		j.State, j.Reason = fleet.FailedJob, a.jobReason(err)
		a.jobs.files.drop(j.File)
		j.File = ""
		log.Warn("a job failed", "err", err)
	}
	a.jobs.files.drop(j.Upload)
	j.Upload = ""
	if err := a.saveJob(j); err != nil {
		log.Error("a job's end could not be kept; it is begun again", "err", err)
	}
}

// gone reports whether a job was deleted.
func (a *API) gone(j *fleet.Job) bool {
	_, err := a.o.Bulk.Job(j.ID)
	return fleet.KindOf(err) == fleet.NotFound && err != nil
}

// jobReason is what is told of a failure; what is not for outside is not.
func (a *API) jobReason(err error) string {
	if e, ok := errors.AsType[*fleet.Error](err); ok && e.Kind != fleet.Internal {
		if e.Field == "file" {
			return fileReason + e.Message
		}
		return e.Message
	}
	return detailPrefix + codeInternal
}

func (a *API) saveJob(j *fleet.Job) error {
	saved, err := a.o.Bulk.PutJob(*j)
	if err == nil {
		*j = saved
	}
	return err
}
