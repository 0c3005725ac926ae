package billing_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// told is a case with all that hangs on it.
type told struct {
	models.Case
	charges   []models.Charge
	diagnoses []models.Diagnosis
	claims    []models.Claim // withdrawn ones too
	findings  map[models.ClaimID][]models.Finding
	answers   []models.Answer
	invoices  []models.Invoice // taken back ones too
	work      []models.WorkItem
	books     models.Balances // what stands in the journal for it
}

// cases reads every case of the tenant.
func (w ward) cases() map[models.CaseID]told {
	w.t.Helper()
	all := map[models.CaseID]told{}
	w.view(func(v *store.View) error {
		cases, err := store.All[models.Case](v, "id", "id <> ''")
		if err != nil {
			return err
		}
		for _, c := range cases {
			if all[c.ID], err = tell(v, c); err != nil {
				return err
			}
		}
		return journal.Each(v, func(e models.Entry) error {
			for _, p := range e.Postings {
				if c, ofCase := all[p.CaseID]; ofCase {
					c.books[p.Account] += p.Amount
				}
			}
			return nil
		})
	})
	return all
}

func tell(v *store.View, c models.Case) (t told, err error) {
	t.Case, t.books = c, models.Balances{}
	if t.charges, err = books.Charges(v, c.ID); err != nil {
		return t, err
	}
	if t.diagnoses, err = books.Diagnoses(v, c.ID); err != nil {
		return t, err
	}
	if t.claims, err = books.ClaimsOfCase(v, c.ID); err != nil {
		return t, err
	}
	var ids []models.ClaimID
	for _, claim := range t.claims {
		ids = append(ids, claim.ID)
	}
	if t.findings, err = books.Findings(v, ids); err != nil {
		return t, err
	}
	if t.answers, err = books.AnswersOfCase(v, c.ID); err != nil {
		return t, err
	}
	if t.invoices, err = books.InvoicesOfCase(v, c.ID); err != nil {
		return t, err
	}
	t.work, err = books.OpenWork(v, c.ID)
	return t, err
}

// posted gives the charges that are in the books.
func (t told) posted() []models.Charge {
	return slices.DeleteFunc(slices.Clone(t.charges), func(c models.Charge) bool { return !c.IsPosted() })
}

// isBilledElsewhere reports whether the case is held because somebody was asked for its service with another visit.
func (t told) isBilledElsewhere() bool {
	return t.State == models.CaseHeld && slices.ContainsFunc(t.work, func(w models.WorkItem) bool {
		return w.Kind == models.WorkCode && strings.Contains(w.Reason, "on the claim or invoice of another visit")
	})
}

// live gives the claims that ask for money, or may yet.
func (t told) live() []models.Claim {
	live := slices.DeleteFunc(slices.Clone(t.claims), func(c models.Claim) bool { return !c.State.IsLive() })
	slices.SortFunc(live, func(a, b models.Claim) int {
		return cmp.Or(cmp.Compare(a.CoverageID, b.CoverageID), a.Position-b.Position, a.Part-b.Part)
	})
	return live
}

func (t told) standing() []models.Invoice {
	return slices.DeleteFunc(slices.Clone(t.invoices), func(i models.Invoice) bool { return i.Status == models.InvoiceCancelled })
}

// isAsked reports whether somebody was asked to pay.
func (t told) isAsked() bool { return len(t.standing()) > 0 || t.isSent() }

// isSent reports whether a payer has a claim.
func (t told) isSent() bool {
	return slices.ContainsFunc(t.claims, func(c models.Claim) bool { return c.State.Facts().Sent })
}

// has reports whether a claim is in a state of which a fact holds.
func (t told) has(holds func(models.ClaimFacts) bool) bool {
	return slices.ContainsFunc(t.claims, func(c models.Claim) bool { return holds(c.State.Facts()) })
}

func isEditable(f models.ClaimFacts) bool { return f.Editable }

func isAwaited(f models.ClaimFacts) bool { return f.Awaited }

// due gives what is open on the invoices of the case.
func (t told) due() (due models.Cents) {
	for _, i := range t.standing() {
		due += i.Due
	}
	return due
}

// claimLines writes what the live claims say, without ids, numbers and times; whether findings hold them only with checks.
func (t told) claimLines(checks bool) (lines []string) {
	for _, c := range t.live() {
		state := ""
		if checks {
			state = string(c.State)
		}
		lines = append(lines, fmt.Sprintf("claim %s to %s under %s from %s by %v, %d.%d, %s..%s at %s for %s %s", c.PatientID, c.InsurerID, c.CoverageID, c.BillingID,
			c.Rendering, c.Position, c.Part, c.ServiceFrom, c.ServiceUntil, c.PlaceOfService, c.Billed, state))
		for _, d := range c.Diagnoses {
			lines = append(lines, fmt.Sprintf("  diagnosis %d %s", d.Sequence, d.Code))
		}
		for _, l := range c.Lines {
			source := "the draft"
			if !c.IsDrafted() {
				source = t.sourceOf(l.ChargeID)
			}
			lines = append(lines, fmt.Sprintf("  line %d %s %v × %s → %v on %s by %v for %s from %s", l.Sequence, l.Code, l.Modifiers, l.Units, l.Pointers, l.ServiceDate,
				l.Rendering, l.Billed, source))
		}
		if checks {
			for _, f := range t.findings[c.ID] {
				lines = append(lines, fmt.Sprintf("  %s %s %s: %s", f.Severity, f.Rule, f.Path, f.Text))
			}
		}
	}
	return lines
}

func (t told) sourceOf(id models.ChargeID) string {
	for _, c := range t.charges {
		if c.ID == id {
			return c.Source
		}
	}
	return "?"
}

// bookLines writes what of the case is in the books, and what the patient is asked for.
func (t told) bookLines() (lines []string) {
	for _, c := range t.posted() {
		lines = append(lines, fmt.Sprintf("charge %s for %s of %s", c.Source, c.Billed, c.Code))
	}
	for _, i := range t.standing() {
		lines = append(lines, fmt.Sprintf("invoice %s of %s to %s from %s", i.Status, i.Net, i.PatientID, i.IssuerID))
	}
	return lines
}

// turnLines writes whose turn it is and why.
func (t told) turnLines() []string {
	lines := []string{fmt.Sprintf("%s %s", t.State, t.Reason)}
	var work []string
	for _, w := range t.work {
		work = append(work, fmt.Sprintf("work %s: %s", w.Kind, w.Reason))
	}
	slices.Sort(work)
	return append(lines, work...)
}

// asked writes what somebody was asked for by a practice, without the money: a price that changes afterwards changes nothing.
func (t told) asked(practice models.OrganizationID) string {
	lines := []string{fmt.Sprintf("%s from %s at %s %v", t.PatientID, practice, t.PlaceOfService, t.diagnoses)}
	for _, c := range t.posted() {
		lines = append(lines, fmt.Sprintf("%s %v × %s → %v on %s by %v", c.Code, c.Modifiers, c.Units, c.Pointers, c.ServiceDate, c.Rendering))
	}
	slices.Sort(lines[1:])
	for _, c := range t.live() {
		lines = append(lines, fmt.Sprintf("%s under %s", c.InsurerID, c.CoverageID))
	}
	return strings.Join(lines, "\n")
}

// hold gives the open items that keep a case from moving.
func (t told) hold() []models.WorkItem {
	return slices.DeleteFunc(slices.Clone(t.work), func(w models.WorkItem) bool {
		owner := w.Kind.Facts().Owner
		return owner != models.OwnerPlan && owner != models.OwnerScrub
	})
}
