package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// BackupState is how far a backup has come.
type BackupState string

// The states.
const (
	BackupRunning  BackupState = "running"
	BackupVerified BackupState = "verified" // whole, and read again
	BackupFailed   BackupState = "failed"   // not to be used
)

// Backup is a copy of the installation in a directory of the server.
type Backup struct {
	Name     string      `json:"name" example:"20261122T140501.250Z"`
	Path     string      `json:"path" doc:"Where it lies on the server; vigia restore takes it" example:"/var/lib/vigia/backups/20261122T140501.250Z"`
	State    BackupState `json:"state" enum:"running,verified,failed" doc:"Verified: every file was read again and is as it was written"`
	Started  fleet.Time  `json:"started"`
	Finished fleet.Time  `json:"finished,omitzero" doc:"When it was verified"`
	Bytes    uint64      `json:"bytes" doc:"Written so far"`
	Expected uint64      `json:"expected,omitempty" doc:"While it runs: about how many it will be"`
	Problem  string      `json:"problem,omitempty" doc:"Why it failed"`
}

// Backups makes copies of the installation while it runs.
type Backups interface {
	// Backups are those that there are, newest first.
	Backups() ([]Backup, error)
	// BeginBackup calls note and begins one, which goes on by itself. Conflict
	// while another runs, Unavailable where the disk has no room.
	BeginBackup(note func() error) (Backup, error)
}

type backupList struct {
	Items []Backup `json:"items" nullable:"false"`
}

func (a *API) backups() {
	op := operation{
		tag: "System", object: auth.System, action: auth.Read, id: "listBackups", method: http.MethodGet, path: "/system/backups",
		summary: "List the backups made on the server",
		doc:     "Newest first. Those that vigia backup wrote elsewhere are not among them.",
	}
	register(a, op, func(*call, *struct{}) (*one[backupList], error) {
		if a.o.Backups == nil {
			return &one[backupList]{backupList{[]Backup{}}}, nil
		}
		all, err := a.o.Backups.Backups()
		return &one[backupList]{backupList{append([]Backup{}, all...)}}, err
	})

	op.id, op.method, op.action, op.status = "createBackup", http.MethodPost, auth.Create, http.StatusAccepted
	op.summary = "Back up now"
	op.doc = "It goes on by itself while the server works; the list tells how far it is. One runs at a time (409 otherwise). The newest three stay on the server's disk: copy them elsewhere."
	register(a, op, func(c *call, _ *struct{}) (*one[Backup], error) {
		if a.o.Backups == nil {
			return nil, fleet.Errorf(fleet.Unavailable, "this server makes no backups by itself; run vigia backup")
		}
		b, err := a.o.Backups.BeginBackup(func() error {
			return a.o.People.Note(c.actor(), "backup", fleet.CompanyRecord, uint64(c.user.Company))
		})
		return &one[Backup]{b}, err
	})
}
