package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// ConfigFlags are the flags that every subcommand with settings shares.
type ConfigFlags struct {
	Config string            `short:"c" placeholder:"FILE" help:"Settings file (TOML). Without it, vigia.toml is read if it is there."`
	Data   *string           `placeholder:"DIR" help:"Directory that holds everything."`
	Set    map[string]string `short:"s" placeholder:"KEY=VALUE" mapsep:"none" help:"Any setting, as in --set http.listen=:9090; see 'vigia config'."`
}

// Load puts the effective settings together and validates them.
func (f *ConfigFlags) Load(env lookupEnv) (Config, error) {
	c := defaults()
	name := f.Config
	if name == "" {
		name, _ = env("VIGIA_CONFIG")
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
	for key, value := range f.Set {
		v, ok := settings(&c)[key]
		if !ok {
			return c, fmt.Errorf("--set %s: there is no such setting%s", key, didYouMean(&c, key))
		}
		if err := setText(v.value, value); err != nil {
			return c, fmt.Errorf("--set %s: %w", key, err)
		}
	}
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
			errs = append(errs, fmt.Errorf("%s:%d: there is no setting %s%s", name, row, key, didYouMean(c, key)))
		}
		return errors.Join(errs...)
	}
	if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, col := bad.Position()
		return fmt.Errorf("%s:%d:%d: %s", name, row, col, bad.Error())
	}
	return err
}

// loadEnv reads VIGIA_… over c: the key in capitals with _ for every dot. An
// unknown VIGIA_ name is an error, but for those that belong to the tests.
func loadEnv(c *Config, env lookupEnv) error {
	var errs []error
	for key, s := range settings(c) {
		name := envName(key)
		if text, ok := env(name); ok {
			if err := setText(s.value, text); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	return errors.Join(errs...)
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
	default:
		return errors.New("can only be set in the settings file")
	}
	return nil
}

// didYouMean names the setting that differs least from key, if one is near.
func didYouMean(c *Config, key string) string {
	best, at := "", len(key)/2+1
	for known := range settings(c) {
		if d := editDistance(key, known); d < at || d == at && known < best {
			best, at = known, d
		}
	}
	if best == "" {
		return "; 'vigia config' lists all"
	}
	return fmt.Sprintf("; did you mean %s? ('vigia config' lists all)", best)
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
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
