package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// SetupLinkCmd makes a one-time link for somebody who is locked out.
type SetupLinkCmd struct {
	ConfigFlags
	Email string `placeholder:"EMAIL" help:"Whom the link signs in; without it the first administrator."`
}

// Help is what --help adds.
func (SetupLinkCmd) Help() string {
	return `Prints a link that works once, for an hour. On an installation that nobody has
set up it leads to the set-up page. Needs access to the data directory.`
}

// Run asks the running server.
func (cmd *SetupLinkCmd) Run() error {
	c, err := cmd.Load(processEnvironment())
	if err != nil {
		return err
	}
	link, err := askServer(c.Data, "/setup-link", url.Values{"email": {cmd.Email}})
	if errors.Is(err, errNoServer) {
		return errors.New("no server runs on " + c.Data + "; start it with 'vigia serve', then ask again")
	}
	if err == nil {
		fmt.Println(strings.TrimSpace(link))
	}
	return err
}
