package smpp_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// peer starts the npm package smpp as a message centre. The package is
// installed once into the user's cache.
func peer(t *testing.T) (port int, lines *json.Decoder) {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("VIGIA_REQUIRE_SHARED") == "1" {
		missing = t.Fatalf
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing("the independent message centre needs %s: apt-get install nodejs npm", tool)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "vigia-smpp-peer-0.6.0-rc.4")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "smpp", "package.json")); err != nil {
		fresh := t.TempDir()
		manifest, err := os.ReadFile("testdata/peer/package.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(fresh, "package.json"), manifest, 0o600); err != nil {
			t.Fatal(err)
		}
		install := exec.CommandContext(t.Context(), "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", fresh)
		install.Dir = fresh
		if out, err := install.CombinedOutput(); err != nil {
			t.Skipf("npm cannot install the peer from its registry: %v\n%s", err, out)
		}
		if err := os.MkdirAll(cache, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(fresh, dir); err != nil { // another filesystem, or another was faster
			dir = fresh
		}
	}
	script, err := filepath.Abs("testdata/peer/smsc.js")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script)
	cmd.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(dir, "node_modules"))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	lines = json.NewDecoder(bufio.NewReader(out))
	var first struct{ Port int }
	if err := lines.Decode(&first); err != nil {
		t.Fatal(err)
	}
	return first.Port, lines
}

// TestNodePeer: an implementation that is not ours reads what we send, and we
// read its receipts.
func TestNodePeer(t *testing.T) {
	port, lines := peer(t)
	s, h := sender(t, port, nil)
	type line struct {
		ID, From, To, Text, UDH       string
		Coding, Reference, Registered int
	}
	want := 0
	for _, text := range []string{"El camion salio [zona 1] ~ 20€ @ ñ", "вышел", strings.Repeat("вышел ", 30)} {
		m := message()
		m.Text, m.URL = strings.TrimSpace(text), ""
		r, err := s.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		whole, ids := "", strings.Fields(r.ID)
		for i := range r.Parts {
			var l line
			if err := lines.Decode(&l); err != nil {
				t.Fatal(err)
			}
			whole += l.Text
			if l.ID != ids[i] || l.From != "VIGIA" || l.To != "573001234567" || l.Reference == 0 || l.Registered != 1 || (r.Parts > 1) != (l.UDH != "") {
				t.Errorf("%+v of %+v", l, r)
			}
		}
		if whole != m.Text {
			t.Errorf("%q arrived as %q", m.Text, whole)
		}
		want += r.Parts
	}
	for _, r := range h.wait(t, want) {
		if r.State != fleet.Delivered || r.Done != "2603201404" || !strings.HasPrefix(r.ID, "n") {
			t.Errorf("%+v", r)
		}
	}
}
