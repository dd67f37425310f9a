package admin_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
)

// copies are backups in memory: what stands behind the port is cmd/vigia, which
// tests it.
type copies struct {
	mu   sync.Mutex
	all  []api.Backup
	busy bool
}

// Backups lists them.
func (c *copies) Backups() ([]api.Backup, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all, nil
}

// BeginBackup makes one at once.
func (c *copies) BeginBackup(note func() error) (api.Backup, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy {
		return api.Backup{}, fleet.Errorf(fleet.Conflict, "another runs")
	}
	b := api.Backup{Name: "20261122T140501.250Z", Path: "/data/backups/20261122T140501.250Z", State: api.BackupVerified, Started: began, Finished: began + 1, Bytes: 7}
	err := note()
	if err == nil {
		c.all = append(c.all, b)
	}
	return b, err
}

// TestBackUpNow: whoever the installation is of begins backups and sees them;
// each stands in the audit, one that was refused does not.
func TestBackUpNow(t *testing.T) {
	w, a, _ := settled(t) // one company: its administrator is the installation's
	const path = "/api/v1/system/backups"
	for _, role := range []fleet.Role{fleet.Operator, fleet.CustomerAdmin, fleet.CustomerUser} {
		for _, method := range []string{"GET", "POST"} {
			if got := w.do(method, path, a.tokens[role], ""); got.status != http.StatusForbidden {
				t.Errorf("%s by %s: %d %s", method, role, got.status, got.body)
			}
		}
	}
	staff := a.tokens[fleet.CompanyAdmin]
	if got := w.do("POST", path, staff, ""); got.status != http.StatusAccepted || !strings.Contains(got.body, `"state":"verified"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	w.backups.busy = true
	if got := w.do("POST", path, staff, ""); got.status != http.StatusConflict {
		t.Errorf("while one runs: %d %s", got.status, got.body)
	}
	if got := w.ok("GET", path, staff, ""); strings.Count(got.body, `"name":"20261122T140501.250Z"`) != 1 {
		t.Error(got.body)
	}
	if got := w.ok("GET", "/api/v1/audit?action=backup", staff, ""); strings.Count(got.body, `"action":"backup"`) != 1 {
		t.Error("the audit:", got.body)
	}
}
