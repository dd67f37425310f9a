package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

func TestConfigLaterSourcesWin(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vigia.toml")
	if err := os.WriteFile(file, []byte("[http]\nlisten = \":1\"\n[ingest]\ngt06 = \":2\"\nh02 = \":3\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := ConfigFlags{Config: file, Set: map[string]string{"ingest.h02": ":30"}}
	c, err := f.Load(environment{"VIGIA_INGEST_GT06": ":20", "VIGIA_INGEST_H02": ":29"})
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
			_, err := (&ConfigFlags{Config: file}).Load(nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to hold %q", err, tt.want)
			}
		})
	}
}

func TestConfigMasksSecrets(t *testing.T) {
	c := defaults()
	c.Mail.Password, c.SMS.Token = "tell-nobody", "nor-this"
	c.SMS.Headers = map[string]string{"X-Key": "but-hidden"}
	c.MQTT.Outside = []OutsideMQTT{{URL: "tcp://broker:1883", Password: "either", Topics: []string{"a", "b"}}}
	var b strings.Builder
	printConfig(&b, &c)
	for _, secret := range []string{"tell-nobody", "nor-this", "either", "but-hidden"} {
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

// TestConfigEverySettingFromEverySource sets each key by file, by environment
// and by flag, and reads it back.
func TestConfigEverySettingFromEverySource(t *testing.T) {
	special := map[string]string{
		"mqtt.outside": `[{url = "tcp://b:1883", client_id = "c", username = "u", password = "p", topics = ["x/#"]}]`,
		"sms.headers":  `{"X-Key" = "word", B = "c"}`, "sms.kind": "template", "sms.url": "https://g.example.com/?t={text}", "sms.method": "GET",
		"mail.tls": "none", "log.level": "debug", "log.format": "json", "keep.min_free": "1MB", "ingest.idle": "2m0s",
		"push.subject": "mailto:a@example.com", "public_url": "https://v.example.com", "http.trusted_proxies": "10.0.0.0/8,::1",
		"http.domain": "v.example.com,w.example.com", "http.acme_email": "a@example.com", "http.acme_directory": "https://ca.example.com/dir", "ingest.shared_tls": "false",
	}
	var file strings.Builder
	env, set := environment{}, map[string]string{}
	c := defaults()
	all := settings(&c)
	var top, tables []string
	for key, s := range all {
		text, ok := special[key]
		switch {
		case ok:
		case s.value.Kind() == reflect.Int:
			text = "77"
		case s.value.Kind() == reflect.Bool:
			text = "true"
		case s.value.Kind() == reflect.String:
			text = ":99"
		default:
			t.Fatalf("%s: this test does not know how to set it", key)
		}
		special[key] = text
		env[envName(key)], set[key] = text, text
		switch s.value.Interface().(type) {
		case string, Duration:
			text = strconv.Quote(text)
		case []string:
			text = quotedList(strings.Split(text, ","))
		}
		if strings.Contains(key, ".") {
			tables = append(tables, key+" = "+text)
		} else {
			top = append(top, key+" = "+text)
		}
	}
	file.WriteString(strings.Join(append(top, tables...), "\n"))
	name := filepath.Join(t.TempDir(), "vigia.toml")
	if err := os.WriteFile(name, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	want := ""
	for _, source := range []struct {
		name  string
		flags ConfigFlags
		env   environment
	}{
		{"file", ConfigFlags{Config: name}, nil},
		{"environment", ConfigFlags{Config: os.DevNull}, env},
		{"flags", ConfigFlags{Config: os.DevNull, Set: set}, nil},
	} {
		got, err := source.flags.Load(source.env)
		if err != nil {
			t.Fatalf("%s: %v", source.name, err)
		}
		if text := fmt.Sprintf("%+v", got); want == "" {
			want = text
		} else if text != want {
			t.Errorf("by %s: %s\nwant %s", source.name, text, want)
		}
		for key, s := range settings(&got) {
			if reflect.DeepEqual(s.value.Interface(), all[key].value.Interface()) {
				t.Errorf("by %s: %s is still its default %v", source.name, key, s.value)
			}
		}
	}
}

func TestConfigUnknownEnvironment(t *testing.T) {
	f := ConfigFlags{Config: os.DevNull}
	if _, err := f.Load(environment{"VIGIA_HTTP_LISSEN": ":1"}); err == nil || !strings.Contains(err.Error(), "did you mean VIGIA_HTTP_LISTEN?") {
		t.Errorf("an unknown name: %v", err)
	}
	ours := environment{"VIGIA_SHARED": "x", "VIGIA_REQUIRE_SHARED": "1", "VIGIA_SERVICE_HOST": "10.0.0.1", "VIGIA_PORT": "tcp://10.0.0.1:80"}
	if _, err := f.Load(ours); err != nil {
		t.Errorf("names that are not settings: %v", err)
	}
	if _, err := f.Load(environment{"VIGIA_MAIL_PASSWORD": masked}); err == nil || !strings.Contains(err.Error(), "write the secret itself") {
		t.Errorf("a mask for a secret: %v", err)
	}
}

func TestConfigSuggests(t *testing.T) {
	c := defaults()
	for wrong, want := range map[string]string{"mail.prot": "mail.port", "http.lisen": "http.listen", "keep.trackdays": "keep.tracks_days"} {
		if got := didYouMean(wrong, keys(&c)); !strings.Contains(got, "did you mean "+want+"?") {
			t.Errorf("%s: %q, want %s", wrong, got, want)
		}
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
