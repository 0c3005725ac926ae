// Command medbill is the whole billing backend in one binary: the server and its workers, the care of the database, tokens
// for development, a demo that plays one visit, and a benchmark. Flags and MEDBILL_* variables say the same things.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"medbill/models/fault"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "medbill:", explain(err))
		os.Exit(1)
	}
}

// commands is the command line; each command is one file.
type commands struct {
	Serve      serveCommand          `cmd:"" help:"Serve FHIR and GraphQL, and do the work between the steps of a visit."`
	Work       workCommand           `cmd:"" help:"Do the work between the steps of a visit beside servers that run with --no-work (PostgreSQL only)."`
	Migrate    migrateCommand        `cmd:"" help:"Bring the schema of the database to this version."`
	Verify     verifyCommand         `cmd:"" help:"Hold every document against its row and every journal entry against its balance."`
	Backup     backupCommand         `cmd:"" help:"Copy the embedded database, also while a server works on it."`
	Move       moveCommand           `cmd:"" help:"Move tenants from one database into another, from SQLite to PostgreSQL or back."`
	Token      tokenCommand          `cmd:"" help:"Sign an access token with the development keys."`
	Fees       feesCommand           `cmd:"" help:"Load a fee schedule from CSV."`
	Payers     payersCommand         `cmd:"" help:"Load what is known of payers from CSV."`
	Contracts  contractsCommand      `cmd:"" help:"Load what payers agreed to allow from CSV."`
	Openings   openingsCommand       `cmd:"" name:"open-balances" help:"Take over from CSV what payers and patients owed before the practice moved in."`
	Statements statementsCommand     `cmd:"" help:"Send the statements that are due today, and payment plans' parts."`
	Rules      rulesCommand          `cmd:"" help:"Save, try and switch the rules that the practice writes, and tell what they do."`
	Codes      codesCommand          `cmd:"" help:"Load, list and drop releases of code systems, edits and fee schedules, which are every tenant's."`
	Report     reportCommand         `cmd:"" help:"Print a report of the books as of a day: trial-balance, aging, ledger, kpi or denials."`
	Tenant     tenantCommand         `cmd:"" help:"Make a tenant or change its settings."`
	Payer      payerCommand          `cmd:"" help:"Play payers to practise against, who answer claims by the member's number."`
	Version    versionCommand        `cmd:"" help:"Say which build this is."`
	Demo       demoCommand           `cmd:"" help:"Serve a demo practice and play one visit from the record to the paid invoice."`
	Bench      benchCommand          `cmd:"" help:"Measure the server beside the same rows as bare SQL."`
	Neighbours neighboursCommand     `cmd:"" help:"Measure the reads of one tenant beside another tenant at its worst."`
	Event      processorEventCommand `cmd:"" name:"processor-event" help:"Tell a server what a processor would tell it of a patient's payment, to try it."`
}

// run parses the arguments and runs the command they name, until it is done or ctx ends.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	var c commands
	exited := false
	parser, err := kong.New(&c, kong.Name("medbill"), kong.Description("The open medical billing backend: FHIR in, claims out, patient bills right to the cent."),
		kong.DefaultEnvars("MEDBILL"), kong.Writers(out, errOut), kong.UsageOnError(), kong.Exit(func(int) { exited = true }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(streams{out, errOut}),
		kong.Vars{"roles": roleNames()})
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited {
		return nil
	}
	if err != nil {
		return advised(err)
	}
	return parsed.Run()
}

// explain gives what to do about an error: the texts of a fault, else its own words.
func explain(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err.Error()
	}
	text := ""
	for i, issue := range f.Issues {
		if i > 0 {
			text += "\n  "
		}
		text += issue.Text
		if issue.Path != "" {
			text += " (" + issue.Path + ")"
		}
	}
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	return text
}
