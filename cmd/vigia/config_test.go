package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func env(m map[string]string) lookupEnv {
	return func(k string) (string, bool) { v, ok := m[k]; return v, ok }
}

func TestConfigLaterSourcesWin(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vigia.toml")
	if err := os.WriteFile(file, []byte("[http]\nlisten = \":1\"\n[ingest]\ngt06 = \":2\"\nh02 = \":3\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := ConfigFlags{Config: file, Set: map[string]string{"ingest.h02": ":30"}}
	c, err := f.Load(env(map[string]string{"VIGIA_INGEST_GT06": ":20", "VIGIA_INGEST_H02": ":29"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct{ name, got, want string }{
		{"file over default", c.HTTP.Listen, ":1"},
		{"environment over file", c.Ingest.GT06, ":20"},
		{"flag over environment", c.Ingest.H02, ":30"},
		{"default", c.Ingest.Teltonika, ":5027"},
	} {
		if s.got != s.want {
			t.Errorf("%s: %q, want %q", s.name, s.got, s.want)
		}
	}
}

func TestConfigFaults(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct{ name, file, want string }{
		{"unknown key", "[http]\nlisen = \":1\"\n", "vigia.toml:2: there is no setting http.lisen; did you mean http.listen?"},
		{"wrong type", "[mail]\nport = \"x\"\n", "vigia.toml:2"},
		{"not TOML", "[http\n", "vigia.toml:1"},
		{"address", "[http]\nlisten = \"8080\"\n", "http.listen: \"8080\" is no address"},
		{"several at once", "data = \"\"\n[log]\nlevel = \"loud\"\n", "log.level"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(dir, "vigia.toml")
			if err := os.WriteFile(file, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := (&ConfigFlags{Config: file}).Load(env(nil))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to hold %q", err, tt.want)
			}
		})
	}
}

func TestConfigMasksSecrets(t *testing.T) {
	c := defaults()
	c.Mail.Password, c.SMS.Token = "tell-nobody", "nor-this"
	c.MQTT.Outside = []OutsideMQTT{{URL: "tcp://broker:1883", Password: "either", Topics: []string{"a", "b"}}}
	var b strings.Builder
	printConfig(&b, &c)
	for _, secret := range []string{"tell-nobody", "nor-this", "either"} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("%q stands in the output", secret)
		}
	}
	// What is printed is a settings file again.
	file := filepath.Join(t.TempDir(), "printed.toml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	again := defaults()
	if err := loadFile(&again, file); err != nil {
		t.Errorf("%v in\n%s", err, b.String())
	}
}

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]uint64{"512MB": 512e6, "1.5 GiB": 3 << 29, "10": 10, "7kb": 7000} {
		if got, err := parseBytes(text); got != want || err != nil {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "many", "-1MB", "1e300GB", "NaN"} {
		if _, err := parseBytes(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
