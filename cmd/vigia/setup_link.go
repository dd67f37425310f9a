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
	Email    string `placeholder:"EMAIL" help:"Whom the link signs in; without it the first administrator."`
	Platform bool   `help:"Make, or sign in, an administrator of the whole installation: who adds companies. Needs --email."`
	Name     string `placeholder:"NAME" help:"With --platform: of the person."`
}

// Help is what --help adds.
func (SetupLinkCmd) Help() string {
	return `Prints a link that works once, for an hour. On an installation that nobody has
set up it leads to the set-up page. Needs access to the data directory.

With --platform the link is for a platform administrator, who adds companies and
their administrators, and ties people to other companies. A mail address that
nobody has becomes one; a user of a company is never raised to it.`
}

// Run asks the running server.
func (cmd *SetupLinkCmd) Run() error {
	c, err := cmd.Load(processEnvironment())
	if err != nil {
		return err
	}
	ask := url.Values{"email": {cmd.Email}}
	if cmd.Platform {
		ask.Set("platform", "yes")
		ask.Set("name", cmd.Name)
	}
	link, err := askServer(c.Data, "/setup-link", ask)
	if errors.Is(err, errNoServer) {
		return errors.New("no server runs on " + c.Data + "; start it with 'vigia serve', then ask again")
	}
	if err == nil {
		fmt.Println(strings.TrimSpace(link))
	}
	return err
}
