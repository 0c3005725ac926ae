package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"

	"medbill/billing"
	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/internal/codes/starter"
	"medbill/internal/store/library"
	"medbill/models"
)

// codesCommand is `medbill codes`.
type codesCommand struct {
	Load codesLoadCommand `cmd:"" help:"Load a file as CMS, AMA or HL7 publish it: ICD-10, HCPCS, CPT, NCCI edits, fee schedule, places of service, FHIR CodeSystem."`
	List codesListCommand `cmd:"" help:"List the releases that are here."`
	Drop codesDropCommand `cmd:"" help:"Take a release away."`
}

// releases opens the office beside a server that may be running, for what belongs to no tenant.
func (p place) releases(ctx context.Context, out streams, do func(*billing.Office, *library.Library) error) error {
	if err := p.settings().CheckData(); err != nil {
		return err
	}
	db, err := p.beside(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	log := logger(out, slog.LevelWarn) // the releases are printed
	slog.SetDefault(log)
	return do(billing.New(db, log), library.Of(db))
}

type codesLoadCommand struct {
	place
	Files   []string `arg:"" optional:"" name:"file" help:"Files; a ZIP and a .gz are opened." type:"existingfile"`
	Starter bool     `help:"Load the small set that comes with medbill: places of service, some ICD-10-CM and HCPCS codes, modifiers. It never says that a code does not exist, and gives way to whole releases."`
	Table   string   `help:"What the file is of, where neither its content nor its name says so: a table that 'codes list' names, or the URL of a code system." placeholder:"NAME"`
	Release string   `help:"What the release is called; else as the file says." placeholder:"NAME"`
	From    string   `help:"First day it holds; else as the file says." placeholder:"YYYY-MM-DD"`
	Until   string   `help:"Last day it holds; else as the file says." placeholder:"YYYY-MM-DD"`
	DryRun  bool     `help:"Read the files and keep nothing."`
}

// Run loads each file, whole or not at all.
func (c codesLoadCommand) Run(ctx context.Context, out streams) error {
	if len(c.Files) == 0 && !c.Starter {
		return errors.New("name a file, or load what comes with medbill with --starter")
	}
	return c.releases(ctx, out, func(o *billing.Office, _ *library.Library) error {
		if c.Starter {
			if err := c.keep(ctx, out, o, starter.Editions(), nil); err != nil {
				return err
			}
		}
		for _, path := range c.Files {
			if err := c.load(ctx, out, o, path); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c codesLoadCommand) load(ctx context.Context, out streams, o *billing.Office, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it is only read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	bar := out.progressOf("read "+info.Name(), "kB")
	defer bar.end()
	editions, err := published.Read(info.Name(), file, info.Size(), published.Options{
		Table: codes.Table(c.Table), Name: c.Release, From: models.Date(c.From), Until: models.Date(c.Until),
	}, inKilobytes(bar))
	if err != nil {
		return err
	}
	bar.end()
	return c.keep(ctx, out, o, editions, inKilobytes(bar))
}

// keep keeps editions and prints a line for each.
func (c codesLoadCommand) keep(ctx context.Context, out streams, o *billing.Office, editions []codes.Edition, told func(done, of int64)) error {
	loaded, err := o.KeepEditions(ctx, editions, c.DryRun, told)
	for _, r := range loaded {
		fmt.Fprintln(out.out, loadedLine(r, c.DryRun))
	}
	return err
}

// inKilobytes tells a bar of bytes.
func inKilobytes(bar *progress) func(done, of int64) {
	return func(done, of int64) { bar.at(int(done>>10), int(of>>10)) }
}

func loadedLine(r library.Kept, dryRun bool) string {
	what := "unchanged"
	switch {
	case dryRun:
		what = "would be loaded"
	case r.Changed:
		what = "loaded"
	}
	return fmt.Sprintf("%s %s: %d rows%s, %s, %s", r.Table, r.Name, r.Rows, billableOf(r.Release), daysOf(r.Release), what)
}

// billableOf says how many codes may stand on a claim, of a code system.
func billableOf(r codes.Release) string {
	if r.Kind != codes.KindConcepts {
		return ""
	}
	return fmt.Sprintf(", %d billable", r.Billable)
}

// daysOf says for which days a release is made.
func daysOf(r codes.Release) string {
	from, until := "any day", "the next"
	if r.Span.From != "" {
		from = "from " + string(r.Span.From)
	}
	if r.Span.Until != "" {
		until = string(r.Span.Until)
	}
	return from + " until " + until
}

type codesListCommand struct{ place }

// Run prints a line per release.
func (c codesListCommand) Run(ctx context.Context, out streams) error {
	return c.releases(ctx, out, func(_ *billing.Office, l *library.Library) error {
		list, err := l.Releases(ctx)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			fmt.Fprintln(out.err, "no release is here yet; 'medbill codes load FILE' loads one")
			return nil
		}
		w := tabwriter.NewWriter(out.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "table\trelease\tfrom\tuntil\trows\tbillable\tfile")
		for _, r := range list {
			billable := "-"
			if r.Kind == codes.KindConcepts {
				billable = fmt.Sprint(r.Billable)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", r.Table, r.Name, orDash(r.Span.From), orDash(r.Span.Until), r.Rows, billable, r.Source)
		}
		return w.Flush()
	})
}

func orDash(d models.Date) string {
	if d == "" {
		return "-"
	}
	return string(d)
}

type codesDropCommand struct {
	place
	Table   string `arg:"" help:"The table, as 'codes list' names it."`
	Release string `arg:"" help:"The release, as 'codes list' names it."`
}

// Run drops the release.
func (c codesDropCommand) Run(ctx context.Context, out streams) error {
	return c.releases(ctx, out, func(o *billing.Office, _ *library.Library) error {
		if err := o.DropRelease(ctx, codes.Table(c.Table), c.Release); err != nil {
			return err
		}
		fmt.Fprintf(out.out, "%s %s dropped\n", c.Table, c.Release)
		return nil
	})
}
