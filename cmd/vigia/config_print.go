package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// ConfigCmd prints the effective settings.
type ConfigCmd struct {
	ConfigFlags
}

// Help is what `vigia config --help` adds.
func (ConfigCmd) Help() string {
	return `Prints every setting with its effective value as a TOML file, secrets masked.
Later sources win: defaults, the settings file, the environment, flags.
A key such as http.listen is VIGIA_HTTP_LISTEN in the environment and
--set http.listen=:9090 as a flag. Lists are written a,b,c there, tables as in
--set 'sms.headers={X-Key = "word"}'.`
}

// Run prints the settings, or what is wrong with them.
func (cmd *ConfigCmd) Run() error {
	c, err := cmd.Load(processEnvironment())
	if err != nil {
		return err
	}
	printConfig(os.Stdout, &c)
	return nil
}

// masked stands for a secret.
const masked = "***"

// printConfig writes c as TOML with a comment above each key.
func printConfig(w io.Writer, c *Config) {
	all := settings(c)
	keys := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		// Keys without a table come first, as TOML wants them.
		ta, tb := strings.Contains(a, "."), strings.Contains(b, ".")
		if ta != tb {
			if tb {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	table := ""
	for _, key := range keys {
		name := key
		if t, leaf, ok := strings.Cut(key, "."); ok {
			if name = leaf; t != table {
				fmt.Fprintf(w, "\n[%s]\n", t)
				table = t
			}
		}
		s := all[key]
		if s.help != "" {
			fmt.Fprintf(w, "# %s\n", s.help)
		}
		switch v := s.value.Interface().(type) {
		case string:
			if s.secret && v != "" {
				v = masked
			}
			fmt.Fprintf(w, "%s = %q\n", name, v)
		case Duration:
			fmt.Fprintf(w, "%s = %q\n", name, v.String())
		case []string:
			fmt.Fprintf(w, "%s = %s\n", name, quotedList(v))
		case map[string]string:
			var pairs []string
			for _, k := range slices.Sorted(maps.Keys(v)) {
				pairs = append(pairs, fmt.Sprintf("%q = %q", k, masked))
			}
			fmt.Fprintf(w, "%s = {%s}\n", name, strings.Join(pairs, ", "))
		case []OutsideMQTT:
			var tables []string
			for _, o := range v {
				if o.Password != "" {
					o.Password = masked
				}
				tables = append(tables, fmt.Sprintf("{url = %q, client_id = %q, username = %q, password = %q, topics = %s}",
					o.URL, o.ClientID, o.Username, o.Password, quotedList(o.Topics)))
			}
			fmt.Fprintf(w, "%s = [%s]\n", name, strings.Join(tables, ", "))
		default:
			fmt.Fprintf(w, "%s = %v\n", name, v)
		}
	}
}

// quotedList is a TOML array of strings.
func quotedList(v []string) string {
	quoted := make([]string, len(v))
	for i := range v {
		quoted[i] = fmt.Sprintf("%q", v[i])
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
