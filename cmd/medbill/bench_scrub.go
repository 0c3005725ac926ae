package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"medbill/billing/rules/scrub"
	"medbill/internal/clock"
	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/internal/practice"
	"medbill/models"
)

// benchScrubCommand is `medbill bench scrub`.
type benchScrubCommand struct {
	Files []string      `arg:"" optional:"" name:"file" help:"Published files whose tables the rules go by; without any, those that need none are measured." type:"existingfile"`
	Day   string        `help:"Day of the services." default:"2026-03-02" placeholder:"YYYY-MM-DD"`
	Span  time.Duration `help:"How long claims are checked." default:"2s"`
	Rules int           `help:"So many rules as a practice writes them run as well." default:"0" placeholder:"N"`
}

// Run checks one claim again and again on one processor.
func (c benchScrubCommand) Run(_ context.Context, out streams) error {
	books, err := c.books(out)
	if err != nil {
		return err
	}
	subject := scrubbed(models.Date(c.Day), books)
	if c.Rules > 0 {
		subject.Practice = written(c.Rules)
	}
	first := scrub.Run(subject)
	claims, start := 0, clock.System().Now()
	for clock.System().Now().Sub(start) < c.Span {
		for range 100 {
			scrub.Run(subject)
		}
		claims += 100
	}
	took := clock.System().Now().Sub(start)
	fmt.Fprintf(out.out, "%d claims of %d lines in %s: %.1f µs of one processor each, %d findings\n",
		claims, len(subject.Claim.Lines), took.Round(time.Millisecond), float64(took.Microseconds())/float64(claims), len(first))
	for _, f := range first {
		fmt.Fprintf(out.out, "%s: %s at %s: %s\n", f.Severity, f.Rule, f.Path, f.Text)
	}
	for _, r := range scrub.Table() {
		state := "run"
		if r.Lacks(subject) {
			state = "not checked"
		}
		fmt.Fprintf(out.out, "%-4s %-24s %-12s %s\n", r.Number, r.ID, state, r.Source)
	}
	return nil
}

// written gives rules of the kinds that practices write, of which few apply.
func written(count int) *practice.Book {
	conditions := []models.PracticeRule{
		{Each: models.ReachLine, Action: models.RuleModifier, Argument: "U1", When: `payer.id == "acme" && line.weekday == "saturday" && line.code >= "99202" && line.code <= "99215"`},
		{Each: models.ReachLine, Action: models.RuleHold, When: `line.code == "93000" && !line.diagnoses.exists(d, d.startsWith("I"))`},
		{Each: models.ReachClaim, Action: models.RuleError, When: `claim.lines.exists(l, l.code == "36415") && !claim.lines.exists(l, l.code.matches("^8[0-9]{4}$"))`},
		{Each: models.ReachClaim, Action: models.RuleWarning, When: `claim.billed > 500000 && patient.age < 18`},
	}
	rules := make([]models.PracticeRule, count)
	for i := range rules {
		rules[i] = conditions[i%len(conditions)]
		rules[i].ID, rules[i].Version, rules[i].Title, rules[i].Text = fmt.Sprintf("rule-%d", i+1), 1, "A rule.", "Why."
	}
	return practice.NewBook(rules...)
}

// books opens the tables of the files for the day.
func (c benchScrubCommand) books(out streams) (codes.Books, error) {
	var releases []codes.Release
	contents := map[string]codes.Content{}
	for _, path := range c.Files {
		file, err := os.Open(path)
		if err != nil {
			return codes.Books{}, err
		}
		info, err := file.Stat()
		if err != nil {
			return codes.Books{}, errors.Join(err, file.Close())
		}
		bar := out.progressOf("read "+info.Name(), "kB")
		editions, err := published.Read(info.Name(), file, info.Size(), published.Options{}, inKilobytes(bar))
		bar.end()
		if err = errors.Join(err, file.Close()); err != nil {
			return codes.Books{}, err
		}
		for _, e := range editions {
			e.Release.Digest = string(e.Release.Table) + " " + e.Release.Name
			releases, contents[e.Release.Digest] = append(releases, e.Release), e.Content
		}
	}
	return codes.NewBooks(releases, contents), nil
}

// scrubbed is a clean claim of an ordinary visit: an examination, a tracing, a draw and a count of blood, for three diagnoses.
func scrubbed(day models.Date, books codes.Books) scrub.Subject {
	patient, coverage, insurer, practice := models.PatientID("ann"), models.CoverageID("plan"), models.OrganizationID("acme"), models.OrganizationID("practice")
	smith := models.Performer{ID: "smith"}
	c := models.Claim{
		Type: models.ClaimProfessional,
		ID:   "c", Number: "C1", CaseID: "Encounter/1", PatientID: patient, CoverageID: coverage, InsurerID: insurer, BillingID: practice, Rendering: smith,
		State: models.ClaimDraft, Position: 1, Part: 1, ServiceFrom: day, ServiceUntil: day, PlaceOfService: "11",
	}
	for i, code := range []string{"E11.9", "I10", "Z79.4"} {
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: i + 1, Code: code})
	}
	for i, code := range []string{"99213", "93000", "36415", "85025"} {
		l := models.ClaimLine{Sequence: i + 1, ChargeID: models.ChargeID(code), System: models.SystemCPT, Code: code, Units: models.OneUnit, Pointers: models.Numbers{1, 2, 3}, ServiceDate: day, Billed: 5000}
		if i == 0 {
			l.Modifiers = models.Codes{"25"}
		}
		c.Lines, c.Billed = append(c.Lines, l), c.Billed+l.Billed
	}
	return scrub.Subject{
		Claim: c, Today: day, Books: books,
		Patient:   models.Patient{ID: patient, FamilyName: "Zzyzx", GivenName: "Canary", BirthDate: "1980-01-01", Gender: "female", HasAddress: true},
		Coverage:  models.Coverage{ID: coverage, PatientID: patient, PayerID: insurer, SubscriberID: "CANARY-7781", Active: true},
		Insurer:   models.Party{ID: string(insurer), Name: "ACME"},
		Billing:   models.Party{ID: string(practice), Name: "Practice", NPI: "1234567893", Address: models.Address{Street: "1 Canary Way", City: "Zzyzx", State: "CA", PostalCode: "92309-1234"}},
		Renderers: map[models.Performer]models.Party{smith: {ID: "smith", Name: "Smith", NPI: "1234567893"}},
	}
}
