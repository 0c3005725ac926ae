package books_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// aCase is a case of a visit of patient p in March.
func aCase(visit models.VisitID, state models.CaseState) models.Case {
	return models.Case{ID: models.CaseOf(visit), PatientID: "p", State: state, ServiceDate: "2026-03-02", LocationID: "room"}
}

func saveCases(t *testing.T, s *store.Session, cases ...models.Case) {
	t.Helper()
	storetest.Update(t, s, func(tx *store.Tx) error {
		var errs []error
		for _, c := range cases {
			errs = append(errs, books.SaveCase(tx, c))
		}
		return errors.Join(errs...)
	})
}

// visits gives whose visits' cases a reading finds, in its order.
func visits(t *testing.T, s *store.Session, read func(v *store.View) ([]models.Case, error)) string {
	t.Helper()
	var found []string
	storetest.View(t, s, func(v *store.View) error {
		cases, err := read(v)
		for _, c := range cases {
			found = append(found, string(c.ID.Visit()))
		}
		return err
	})
	return strings.Join(found, " ")
}

func TestCasesOfADayAreThoseOfThePatient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		mine := aCase("mine", models.CaseNew)
		anotherDay, anothers := aCase("another-day", models.CaseNew), aCase("anothers", models.CaseNew)
		anotherDay.ServiceDate, anothers.PatientID = "2026-03-03", "q"
		saveCases(t, s, mine, anotherDay, anothers)
		saveCases(t, s, aCase("second", models.CaseSent), aCase("third", models.CaseVoided))
		near := func(v *store.View) ([]models.Case, error) {
			return books.CasesOfDay(v, mine.PatientID, mine.ServiceDate)
		}
		if got := visits(t, s, near); got != "mine second third" {
			t.Errorf("the cases are %q", got)
		}
	})
}

// Who is named on a claim that is still made from its case matters to it, and so does a record that may be the missing one.
func TestUnsentCasesNameWhoChanged(t *testing.T) {
	acme, practice, doc, aide := models.Ref{Type: "Organization", ID: "acme"}, models.Ref{Type: "Organization", ID: "practice"}, models.Ref{Type: "Practitioner", ID: "doc"}, models.Ref{Type: "Practitioner", ID: "aide"}
	stranger := models.Ref{Type: "Practitioner", ID: "stranger"}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		var editable []string
		for i, facts := range models.ClaimStates {
			visit := models.VisitID(facts.State)
			saveCases(t, s, aCase(visit, models.CaseReady))
			c := claim(facts.State)
			c.ID, c.Number, c.CaseID = models.ClaimID(visit), fmt.Sprint(i), models.CaseOf(visit)
			c.Cause = models.CauseOfDraft(c.ID)
			c.Rendering.ID, c.Lines[0].Rendering.ID = "doc", "aide"
			storetest.Update(t, s, func(tx *store.Tx) error { return books.SaveClaim(tx, c) })
			if facts.Editable {
				editable = append(editable, string(visit))
			}
		}
		naming := func(ref models.Ref) string {
			return visits(t, s, func(v *store.View) ([]models.Case, error) { return books.UnsentCasesNaming(v, ref) })
		}
		slices.Sort(editable)
		for _, ref := range []models.Ref{acme, practice, doc, aide} {
			if got := naming(ref); got != strings.Join(editable, " ") {
				t.Errorf("%s is named by %q, want %q", ref, got, editable)
			}
		}
		if got := naming(stranger); got != "" {
			t.Errorf("a stranger is named by %q", got)
		}
		saveCases(t, s, aCase("1", models.CaseHeld))
		for kind, want := range map[models.WorkKind]string{models.WorkPrice: "", models.WorkCoverage: "1", models.WorkClaim: "1"} {
			storetest.Update(t, s, func(tx *store.Tx) error { return open(tx, item(kind, "Say who.")) })
			if got := naming(stranger); got != want {
				t.Errorf("while %s is open, a new record matters to %q, want %q", kind, got, want)
			}
			storetest.Update(t, s, func(tx *store.Tx) error { return closeAll(tx, models.WorkCompleted) })
		}
	})
}

func TestUnsentCasesHaveAChargeOfACodeThatIsPricedAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		for _, facts := range models.ChargeStates {
			visit := models.VisitID(facts.State)
			saveCases(t, s, aCase(visit, models.CaseHeld))
			c := charge(models.ChargeID(visit), 100)
			c.CaseID, c.State, c.Revenue = models.CaseOf(visit), facts.State, "0450"
			lost := charge(models.ChargeID("lost-"+visit), 100)
			lost.CaseID, lost.State = "", facts.State
			storetest.Update(t, s, func(tx *store.Tx) error { return books.SaveCharges(tx, c, lost) })
		}
		for codes, want := range map[string]string{"99214": "billable planned posted", "99213 99214": "billable planned posted", "99213": "", "": "", "0450": "billable planned posted", "0451": ""} {
			priced := func(v *store.View) ([]models.Case, error) { return books.UnsentCasesPriced(v, strings.Fields(codes)) }
			if got := visits(t, s, priced); got != want {
				t.Errorf("a price of %q matters to %q, want %q", codes, got, want)
			}
		}
	})
}

// What is due is found in its order, in one tenant and in all of them; what waits for somebody else is not.
func TestDueCasesComeInTheirOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ours, other := storetest.Session(db), db.As(models.Actor{Tenant: "other", Subject: "tester"})
		due := func(visit models.VisitID, step models.CaseStep, at models.Instant) models.Case {
			c := aCase(visit, models.CaseNew)
			c.Due, c.DueAt = step, at
			return c
		}
		saveCases(t, ours, due("late", models.StepPlan, 30), due("early", models.StepBill, 10), due("later", models.StepPlan, 100), due("nobody", models.StepNone, 1))
		saveCases(t, other, due("theirs", models.StepPlan, 20))
		for count, want := range map[int]string{10: "early late", 1: "early"} {
			if got := visits(t, ours, func(v *store.View) ([]models.Case, error) { return books.DueCases(v, 100, count) }); got != want {
				t.Errorf("the first %d are %q, want %q", count, got, want)
			}
		}
		for now, want := range map[models.Instant][]models.TenantID{9: nil, 10: {storetest.Tenant}, 20: {"other", storetest.Tenant}} {
			var list []models.TenantID
			err := db.Everywhere(t.Context(), func(v *store.View) (err error) {
				list, err = books.TenantsDue(v, now)
				return err
			})
			if err != nil || !slices.Equal(list, want) {
				t.Errorf("at %d steps are due of %v, %v", now, list, err)
			}
		}
	})
}

func TestDiagnosesAreWrittenWhereTheyDiffer(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		saveCases(t, s, aCase("v", models.CaseNew))
		two := []models.Diagnosis{{Sequence: 1, Code: "I10"}, {Sequence: 2, Code: "E11.9"}}
		for _, row := range []struct {
			what   string
			list   []models.Diagnosis
			writes bool
		}{{"two", two, true}, {"the same", two, false}, {"one of them", two[1:], true}, {"none", nil, true}} {
			before := db.Statements()
			storetest.Update(t, s, func(tx *store.Tx) error { return books.SaveDiagnoses(tx, "Encounter/v", row.list) })
			if used := db.Statements() - before; (used > 1) != row.writes {
				t.Errorf("to save %s takes %d statements", row.what, used)
			}
			storetest.View(t, s, func(v *store.View) error {
				got, err := books.Diagnoses(v, "Encounter/v")
				if !slices.EqualFunc(got, row.list, models.Diagnosis.Equal) {
					t.Errorf("after %s there are %v", row.what, got)
				}
				return err
			})
		}
	})
}
