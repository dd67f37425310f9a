package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// ConfigFlags are the flags that every subcommand with settings shares.
type ConfigFlags struct {
	Config       string            `short:"c" placeholder:"FILE" help:"Settings file (TOML). Without it, vigia.toml is read if it is there."`
	Data         *string           `placeholder:"DIR" help:"Directory that holds everything."`
	Domain       []string          `placeholder:"NAME" help:"This server's name (http.domain): serve HTTPS on :443 with a certificate obtained for it."`
	TLSCert      *string           `placeholder:"FILE" help:"Certificate file (http.tls_cert), with --tls-key."`
	TLSKey       *string           `placeholder:"FILE" help:"Its key file (http.tls_key)."`
	TrustedProxy []string          `placeholder:"CIDR" help:"Proxy whose X-Forwarded headers count (http.trusted_proxies)."`
	Set          map[string]string `short:"s" placeholder:"KEY=VALUE" mapsep:"none" help:"Any setting, as in --set http.listen=:9090; see 'vigia config'."`
}

// Load puts the effective settings together and validates them.
func (f *ConfigFlags) Load(env environment) (Config, error) {
	c := defaults()
	c.HTTP.Listen = "" // settle knows
	name := f.Config
	if name == "" {
		name = env["VIGIA_CONFIG"]
	}
	if name != "" {
		if err := loadFile(&c, name); err != nil {
			return c, err
		}
	} else if err := loadFile(&c, "vigia.toml"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return c, err
	}
	if err := loadEnv(&c, env); err != nil {
		return c, err
	}
	if f.Data != nil {
		c.Data = *f.Data
	}
	for key, p := range map[*string]*string{&c.HTTP.TLSCert: f.TLSCert, &c.HTTP.TLSKey: f.TLSKey} {
		if p != nil {
			*key = *p
		}
	}
	for key, list := range map[*[]string][]string{&c.HTTP.Domain: f.Domain, &c.HTTP.TrustedProxies: f.TrustedProxy} {
		if len(list) > 0 {
			*key = list
		}
	}
	for key, value := range f.Set {
		v, ok := settings(&c)[key]
		if !ok {
			return c, fmt.Errorf("--set %s: there is no such setting%s", key, didYouMean(key, keys(&c)))
		}
		if err := setText(v.value, value); err != nil {
			return c, fmt.Errorf("--set %s: %w", key, err)
		}
	}
	c.settle()
	return c, c.Validate()
}

// loadFile reads a TOML file over c. A key that does not exist is an error
// with its line.
func loadFile(c *Config, name string) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	d := toml.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err = d.Decode(c)
	if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		var errs []error
		for _, e := range strict.Errors {
			row, _ := e.Position()
			key := strings.Join(e.Key(), ".")
			errs = append(errs, fmt.Errorf("%s:%d: there is no setting %s%s", name, row, key, didYouMean(key, keys(c))))
		}
		return errors.Join(errs...)
	}
	if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, col := bad.Position()
		text := strings.TrimPrefix(bad.Error(), "toml: ")
		if strings.Contains(text, "into struct field") || strings.Contains(text, "cannot decode") {
			text = strings.Join(bad.Key(), ".") + " takes another kind of value; 'vigia config' shows an example of each"
		}
		return fmt.Errorf("%s:%d:%d: %s", name, row, col, text)
	}
	return err
}

// loadEnv reads VIGIA_… over c: the key in capitals with _ for every dot. An
// unknown VIGIA_ name is an error, but for those of foreignEnv.
func loadEnv(c *Config, env environment) error {
	var errs []error
	known := map[string]bool{}
	for key, s := range settings(c) {
		name := envName(key)
		known[name] = true
		if text, ok := env[name]; ok {
			if err := setText(s.value, text); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if !known[name] && !foreignEnv(name) {
			errs = append(errs, fmt.Errorf("%s in the environment: there is no such setting%s", name, didYouMean(name, slices.Collect(maps.Keys(known)))))
		}
	}
	return errors.Join(errs...)
}

// environment is the variables that begin with VIGIA_.
type environment map[string]string

func processEnvironment() environment {
	env := environment{}
	for _, v := range os.Environ() {
		if name, text, ok := strings.Cut(v, "="); ok && strings.HasPrefix(name, "VIGIA_") {
			env[name] = text
		}
	}
	return env
}

// foreignEnv says whether a VIGIA_ name is none of our settings for a reason:
// it is where the settings file is, it belongs to the tests, or Kubernetes has
// set it for a service with our name.
func foreignEnv(name string) bool {
	switch name {
	case "VIGIA_CONFIG", "VIGIA_SHARED", "VIGIA_KEY", "VIGIA_SEED", "VIGIA_PORT":
		return true
	}
	for _, prefix := range []string{"VIGIA_REQUIRE_", "VIGIA_SERVICE_", "VIGIA_PORT_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func envName(key string) string {
	return "VIGIA_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// setting is one leaf of Config.
type setting struct {
	value  reflect.Value
	help   string
	secret bool
}

// settings lists the leaves of a Config by dotted key.
func settings(c *Config) map[string]setting {
	out := map[string]setting{}
	var walk func(prefix string, v reflect.Value)
	walk = func(prefix string, v reflect.Value) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			key := prefix + f.Tag.Get("toml")
			if f.Type.Kind() == reflect.Struct {
				walk(key+".", v.Field(i))
				continue
			}
			out[key] = setting{v.Field(i), f.Tag.Get("help"), f.Tag.Get("secret") == "true"}
		}
	}
	walk("", reflect.ValueOf(c).Elem())
	return out
}

// keys are the dotted keys of all settings.
func keys(c *Config) []string { return slices.Collect(maps.Keys(settings(c))) }

// setText parses a value from the environment or a flag.
func setText(v reflect.Value, text string) error {
	switch p := v.Addr().Interface().(type) {
	case *Duration:
		return p.UnmarshalText([]byte(text))
	case *string:
		*p = text
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		*p = b
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is no whole number", text)
		}
		*p = n
	case *[]string:
		*p = nil
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				*p = append(*p, part)
			}
		}
	default: // tables, as TOML writes them in one line
		return setTable(v, text)
	}
	return nil
}

// setTable parses a TOML value such as {X-Key = "a"} or [{url = "tcp://b:1883"}].
func setTable(v reflect.Value, text string) error {
	holder := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "V", Type: v.Type(), Tag: `toml:"v"`}}))
	d := toml.NewDecoder(strings.NewReader("v = " + text))
	d.DisallowUnknownFields()
	if err := d.Decode(holder.Interface()); err != nil {
		example := `{X-Key = "word"}`
		if v.Kind() == reflect.Slice {
			example = `[{url = "tcp://broker.example.com:1883", topics = ["vigia/+/position"]}]`
		}
		return fmt.Errorf("%q is not what TOML would take; write it as in %s", text, example)
	}
	v.Set(holder.Elem().Field(0))
	return nil
}

// didYouMean names the one of all that differs least from key, if one is near.
func didYouMean(key string, all []string) string {
	best, at := "", len(key)/2+1
	for _, known := range all {
		if d := editDistance(key, known); d < at || d == at && known < best {
			best, at = known, d
		}
	}
	if best == "" {
		return "; 'vigia config' lists all"
	}
	return fmt.Sprintf("; did you mean %s? ('vigia config' lists all)", best)
}

// editDistance counts letters to add, drop, change, or swap with the next.
func editDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := d[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

// parseBytes reads 512MB, 1.5GiB or a plain number of bytes.
func parseBytes(s string) (uint64, error) {
	units := []struct {
		suffix string
		factor float64
	}{
		{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30},
		{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1},
	}
	text, factor := strings.ToUpper(strings.TrimSpace(s)), 1.0
	for _, u := range units {
		if number, ok := strings.CutSuffix(text, u.suffix); ok {
			text, factor = strings.TrimSpace(number), u.factor
			break
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0 && n*factor < 1<<62) {
		return 0, fmt.Errorf("%q is no size; write 512MB or 2GiB", s)
	}
	return uint64(n * factor), nil
}

func parseLevel(s string) (slog.Level, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(s)); err != nil {
		return 0, fmt.Errorf("%q is not one of debug, info, warn, error", s)
	}
	return l, nil
}

// newLog makes the log that the settings ask for.
func newLog(c LogConfig, w io.Writer) *slog.Logger {
	level, err := parseLevel(c.Level)
	if err != nil {
		level = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
