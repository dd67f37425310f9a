package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/vigia-track/vigia/admin"
)

// CheckHealthCmd asks a running server how it is.
type CheckHealthCmd struct {
	ConfigFlags
}

// Help is what --help adds.
func (CheckHealthCmd) Help() string {
	return `Asks the server that runs on the data directory what /readyz says, over its
control socket: no port, no certificate and no password are needed. Prints each
check; exit status 0 means ready, 1 that it is not, or that no server runs.`
}

// Run prints the checks.
func (cmd *CheckHealthCmd) Run() error {
	c, err := cmd.Load(processEnvironment())
	if err != nil {
		return err
	}
	text, err := askServer(c.Data, "/health", nil)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Data, err)
	}
	var checks []admin.Check
	if err := json.Unmarshal([]byte(text), &checks); err != nil {
		return fmt.Errorf("the server's answer: %w", err)
	}
	for _, c := range checks {
		word := "ok"
		switch {
		case !c.OK && c.Minor:
			word = "warning"
		case !c.OK:
			word = "FAULT"
		}
		fmt.Fprintf(os.Stdout, "%-8s %s  %s\n", word, c.Name, c.Reason)
	}
	if slices.ContainsFunc(checks, func(c admin.Check) bool { return !c.OK && !c.Minor }) {
		return errors.New("the server is not ready")
	}
	return nil
}
