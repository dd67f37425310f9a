package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestInstalledSettingsLoad loads the settings file that docs/install.md
// installs, as it is and with its commented tables taken in.
func TestInstalledSettingsLoad(t *testing.T) {
	name := filepath.Join(snippets, "vigia.toml")
	c, err := (&ConfigFlags{Config: name}).Load(nil)
	if err != nil || c.HTTP.Listen != ":443" || c.PublicURL != "https://track.example.com" || !c.secure() {
		t.Errorf("%v, %+v", err, c.HTTP)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "#"); ok && !strings.HasPrefix(rest, " ") {
			line = rest
		}
		all.WriteString(line)
	}
	full := filepath.Join(t.TempDir(), "vigia.toml")
	write(t, full, all.String())
	if c, err = (&ConfigFlags{Config: full}).Load(nil); err != nil || c.Ingest.H02 != "" || c.Mail.Host == "" {
		t.Errorf("with all lines: %v, %+v", err, c)
	}
}

// TestUnitIsSound has systemd read the unit, where it is installed.
func TestUnitIsSound(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	b, err := os.ReadFile(filepath.Join(snippets, "vigia.service"))
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "vigia.service")
	self, err := os.Executable() // for a program that is there
	if err != nil {
		t.Fatal(err)
	}
	write(t, unit, strings.Replace(string(b), "/usr/local/bin/vigia", self, 1))
	if out, err := exec.Command(analyze, "verify", unit).CombinedOutput(); err != nil || strings.Contains(string(out), "vigia.service") { // it reads others too
		t.Errorf("verify: %v\n%s", err, out)
	}
	if out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=25", unit).CombinedOutput(); err != nil {
		t.Errorf("security: %v\n%s", err, out)
	}
}
