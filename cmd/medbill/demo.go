package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"medbill/cmd/medbill/story"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/payer"
)

// demoCommand is `medbill demo`.
type demoCommand struct {
	Data     string        `help:"Folder of the database; a temporary one without it." placeholder:"DIR"`
	Database string        `help:"Database URL; SQLite in the data folder without it." placeholder:"URL"`
	Addr     string        `help:"Address of the API." default:"127.0.0.1:8080"`
	Exit     bool          `help:"End after the story, or after the day."`
	Day      bool          `help:"In place of the story play the day of a practice: 500 visits over all scenarios of payers and the weeks after them. It prints what came of each scenario, and fails where that is not to the cent what it is to be."`
	Watch    bool          `help:"Show the day as it happens: claims, work and money, in one picture at a terminal."`
	Patience time.Duration `help:"How long to wait for the work between two steps." default:"60s"`
}

// Run serves, plays the story, says how to go on, and serves until ctx ends.
func (c demoCommand) Run(ctx context.Context, out streams) (err error) {
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "medbill-demo-")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		c.Data = dir
	}
	if c.Day {
		return c.playDay(ctx, out)
	}
	if c.Watch {
		return errors.New("--watch goes with --day")
	}
	serve := serveCommand{place: place{Data: c.Data, Database: c.Database}, Addr: c.Addr, Dev: true}
	s, err := serve.start(ctx, out, logger(out, slog.LevelWarn))
	if err != nil {
		return err
	}
	tokens, err := c.prepare(ctx, s)
	if err == nil {
		fmt.Fprintf(out.out, "medbill serves at %s, data in %s\n", s.base, c.Data)
		err = c.play(ctx, s, tokens, func(n, of int, step story.Step) { show(out.out, n, of, step) })
	}
	if err != nil || c.Exit {
		return errors.Join(err, s.stop())
	}
	invite(out.out, s.base, tokens, firstLook)
	return s.until(ctx)
}

// play tells the story to a server.
func (c demoCommand) play(ctx context.Context, s *server, tokens story.Tokens, show func(number, of int, s story.Step)) error {
	return playStory(ctx, s.base, c.Data, tokens, c.Patience, show)
}

// playStory tells the story to the server at base, with its payer played beside, whose journal is below a folder.
func playStory(ctx context.Context, base, folder string, tokens story.Tokens, patience time.Duration, show func(number, of int, s story.Step)) error {
	plays := []payer.Play{{Organization: story.Payer, Token: tokens[string(auth.RolePayer)], Plan: payer.ACME}}
	payers, err := openBeside(ctx)
	if err != nil {
		return err
	}
	if err := payers.play(ctx, base, filepath.Join(folder, payerFolder), time.Time{}, plays, slog.New(slog.DiscardHandler)); err != nil {
		return errors.Join(err, payers.stop())
	}
	return errors.Join(story.Play(ctx, base, tokens, patience, show), payers.stop())
}

// prepare makes the tenant and gives a token for each role.
func (c demoCommand) prepare(ctx context.Context, s *server) (story.Tokens, error) {
	name, zone, practice, wait := "Zzyzx Road Clinic", "America/Los_Angeles", models.OrganizationID("demo-practice"), 0
	_, err := s.office.SaveTenant(ctx, operator(story.Tenant), models.SettingsChange{Name: &name, TimeZone: &zone, PracticeID: &practice, SelfPayHours: &wait})
	if err != nil {
		return nil, err
	}
	return roleTokens(s.keys)
}

// roleTokens signs a token of the story's tenant for each role.
func roleTokens(keys auth.DevKeys) (story.Tokens, error) {
	tokens := story.Tokens{}
	for _, role := range auth.Roles() {
		signer := tokenCommand{Tenant: story.Tenant, Role: string(role), TTL: demoTokenTTL}
		switch role {
		case auth.RolePatient:
			signer.Patient = story.Patient
		case auth.RolePayer:
			signer.Organization = story.Payer
		}
		token, err := signer.sign(keys)
		if err != nil {
			return nil, err
		}
		tokens[string(role)] = token
	}
	return tokens, nil
}

const demoTokenTTL = 12 * time.Hour

// show prints one step: what was sent, what came back, the money after it.
func show(w io.Writer, n, of int, s story.Step) {
	done := strings.Repeat("■", n) + strings.Repeat("□", of-n)
	fmt.Fprintf(w, "\n%s %d/%d  %s\n", done, n, of, s.Title)
	fmt.Fprintf(w, "  sent   %s\n  came   %s\n", s.Sent, s.Came)
	if len(s.Books) == 0 {
		fmt.Fprintln(w, "  books  empty")
		return
	}
	for i, b := range s.Books {
		label := "       "
		if i == 0 {
			label = "  books"
		}
		fmt.Fprintf(w, "%s  %-20s %10s\n", label, b.Account, b.Amount)
	}
}

// firstLook is what each role may try first.
var firstLook = map[auth.Role]string{
	auth.RoleAdmin:     "/fhir/R4/Patient?_count=5",
	auth.RoleEHR:       "/fhir/R4/Encounter/demo-visit",
	auth.RoleFrontDesk: "/fhir/R4/Coverage?beneficiary=Patient/demo-ann",
	auth.RoleCoder:     "/fhir/R4/Condition?encounter=Encounter/demo-visit",
	auth.RoleBiller:    "/fhir/R4/Claim?patient=Patient/demo-ann&_include=Claim:insurer",
	auth.RoleManager:   "/fhir/R4/ChargeItemDefinition?_count=5",
	auth.RolePayer:     "/fhir/R4/Claim?insurer=Organization/demo-acme",
	auth.RolePatient:   "/fhir/R4/Invoice?patient=Patient/demo-ann",
}

// invite prints where everything is, and a token and a command line per role.
func invite(w io.Writer, base string, tokens map[string]string, look map[auth.Role]string) {
	printDoors(w, base)
	for _, role := range auth.Roles() {
		if look[role] == "" {
			continue
		}
		name := strings.ToUpper(string(role))
		fmt.Fprintf(w, "\n# %s\n%s='%s'\ncurl -sw '\\n' -H \"Authorization: Bearer $%s\" '%s%s'\n", role, name, tokens[string(role)], name, base, look[role])
	}
	fmt.Fprintln(w, "\nThe server runs until you stop it with Ctrl-C.")
}
