// Command vigia is the whole product in one binary: it receives what trackers
// send, watches fences, tells people, and serves the admin. This package is
// the only one that knows all rooms: it wires them and stops them in order,
// one file for each subcommand.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "dev"

// CLI is the command line.
type CLI struct {
	Serve     ServeCmd       `cmd:"" help:"Run the server."`
	Demo      DemoCmd        `cmd:"" help:"Run the whole product on a temporary directory, with a fleet to watch."`
	SetupLink SetupLinkCmd   `cmd:"" help:"Print a one-time link that signs in."`
	Config    ConfigCmd      `cmd:"" help:"Print the effective settings, secrets masked."`
	Health    CheckHealthCmd `cmd:"" name:"check-health" help:"Ask a running server whether it is ready."`
	Check     CheckCmd       `cmd:"" help:"Look for damage in a data directory."`
	Backup    BackupCmd      `cmd:"" help:"Copy an installation, while it runs."`
	Restore   RestoreCmd     `cmd:"" help:"Make a data directory of a backup."`
	Simulate  SimulateCmd    `cmd:"" help:"Send a simulated fleet to a server."`
	Replay    ReplayCmd      `cmd:"" help:"Run the fence engine over files, without a server."`
	Explain   ExplainCmd     `cmd:"" help:"Say why there was, or was not, an event and a notice."`
	Decode    DecodeCmd      `cmd:"" help:"Show what captured bytes of a tracker mean."`
	Bench     BenchCmd       `cmd:"" help:"Measure this machine."`
	OpenAPI   OpenAPICmd     `cmd:"" name:"openapi" help:"Print the API's OpenAPI document."`
	Version   VersionCmd     `cmd:"" help:"Print the version."`
}

// VersionCmd prints the version.
type VersionCmd struct{}

// Run prints the version.
func (VersionCmd) Run() error {
	fmt.Println("vigia", version)
	return nil
}

// clock is what a server takes for the time of people's doings: of sessions,
// links, trials and cut-off days. Reports, events and deliveries go by the
// machine's own.
type clock func() time.Time

func main() { os.Exit(run(os.Args[1:], time.Now)) }

// run parses and runs one command line and returns the exit status: 0 for
// success, 1 for a failure, 2 for a command line that makes no sense.
func run(args []string, now clock) int {
	var cli CLI
	parser, err := kong.New(&cli,
		kong.Name("vigia"),
		kong.Description("Real-time device tracking with geofences and alerts.\n\nTry: vigia demo"),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: false}),
	)
	if err != nil {
		panic("bug: " + err.Error())
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "vigia: %v\n", err)
		if parse, ok := err.(*kong.ParseError); ok && parse.Context != nil {
			fmt.Fprintf(os.Stderr, "Run '%s --help' to see what fits.\n", parse.Context.Model.Name)
		}
		return 2
	}
	if err := ctx.Run(now); err != nil {
		name, _, _ := strings.Cut(ctx.Command(), " <") // without its arguments
		fmt.Fprintf(os.Stderr, "vigia %s: %v\n", name, err)
		return 1
	}
	return 0
}
