package front

import (
	"slices"
	"time"

	"medbill/billing/desk"
	"medbill/billing/rules/eligibility"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

const (
	requestType = "CoverageEligibilityRequest"
	// patience is how long a payer may take to answer a question about a plan, before a person is asked.
	patience = models.Instant(24 * time.Hour / time.Microsecond)
)

// AfterEligibilityRequest notes a question about a plan that somebody asks a payer, who finds it. One that names no payer or plan, or is not active, asks nobody.
func AfterEligibilityRequest(tx *store.Tx, a records.Arrival) error {
	s := desk.Open(tx)
	check, isKnown, err := books.CoverageCheck(s.View, models.CoverageCheckID(a.Ref.ID))
	if err != nil {
		return err
	}
	q := models.EligibilityQuestion{}
	if a.Document != nil {
		d, err := s.Resolve(a.Document)
		if err != nil {
			return err
		}
		q = intake.EligibilityRequest(d[0], s.Zone())
	}
	switch {
	case !q.Active || q.CoverageID == "" || q.PayerID == "":
		return drop(s, check)
	case isKnown && check.State != models.CheckDropped:
		return nil // the payer has it
	}
	return books.SaveChecks(tx, models.CoverageCheck{
		ID: models.CoverageCheckID(a.Ref.ID), CoverageID: q.CoverageID, PatientID: q.PatientID, PayerID: q.PayerID, Service: q.Service, Day: orDay(q.Day, s.Today()), Asked: s.Today(),
		State: models.CheckAsked, DueAt: s.Now() + patience,
	})
}

func orDay(day, other models.Date) models.Date {
	if day == "" {
		return other
	}
	return day
}

// drop ends a question that nobody asks any more.
func drop(s *desk.Sheet, check models.CoverageCheck) error {
	if check.ID == "" || check.DueAt == 0 {
		return nil
	}
	check.State, check.DueAt = models.CheckDropped, 0
	return books.SaveChecks(s.Tx, check)
}

// Question is what billing wants to know of a plan by itself.
type Question struct {
	Coverage models.Coverage
	Service  string
	Day      models.Date
	Cause    string         // why it asks, as Appointment/1
	At       models.Instant // when; 0 for now
}

// Ask asks the payer of a plan what it covers, where it says so over FHIR. What was answered today about the same is not asked again, and neither is what it is asked already. It gives the question, and false
// where nobody is asked.
func Ask(s *desk.Sheet, q Question) (models.CoverageCheck, bool, error) {
	isAsked, err := answers(s, q.Coverage.PayerID)
	if err != nil || !isAsked {
		return models.CoverageCheck{}, false, err
	}
	known, err := books.ChecksOfCoverage(s.View, q.Coverage.ID, q.Service, q.Day)
	if err != nil {
		return models.CoverageCheck{}, false, err
	}
	if at := slices.IndexFunc(known, q.isAlready(s)); at >= 0 {
		return known[at], true, nil
	}
	check := models.CoverageCheck{
		ID: models.CoverageCheckID(s.NewID()), CoverageID: q.Coverage.ID, PatientID: q.Coverage.PatientID, PayerID: q.Coverage.PayerID, Service: q.Service, Day: q.Day, Cause: q.Cause,
		State: models.CheckPlanned, DueAt: q.At,
	}
	if q.At > s.Now() {
		return check, true, books.SaveChecks(s.Tx, check)
	}
	check, err = send(s, check)
	return check, true, err
}

// isAlready reports whether another question about the same makes this one needless.
func (q Question) isAlready(s *desk.Sheet) func(models.CoverageCheck) bool {
	return func(c models.CoverageCheck) bool {
		switch c.State {
		case models.CheckPlanned:
			return q.At > s.Now() && c.Cause == q.Cause
		case models.CheckAsked, models.CheckDelayed:
			return q.At <= s.Now()
		case models.CheckAnswered:
			return q.At <= s.Now() && c.Asked == s.Today()
		case models.CheckRefused:
			return q.At <= s.Now() && c.Asked == s.Today() && c.Cause == q.Cause
		}
		return false
	}
}

// answers reports whether a payer says over FHIR what its plans cover.
func answers(s *desk.Sheet, payer models.OrganizationID) (bool, error) {
	book, err := s.PayerBook()
	if err != nil {
		return false, err
	}
	fact, known := book.Fact(payer, models.EligibilityChannel, "", s.Today())
	return known && fact.Value == channelFHIR, nil
}

const channelFHIR = "fhir"

// send puts a question where its payer finds it.
func send(s *desk.Sheet, check models.CoverageCheck) (models.CoverageCheck, error) {
	check.State, check.Asked, check.DueAt = models.CheckAsked, s.Today(), s.Now()+patience
	books.Publish(s.Tx, models.Ref{Type: requestType, ID: string(check.ID)}, render.EligibilityRequest(check, s.Settings().PracticeID))
	return check, books.SaveChecks(s.Tx, check)
}

// GoOn does what is due with a question: it is asked, or asked again, or, where its payer says nothing, made work.
func GoOn(s *desk.Sheet, id models.CoverageCheckID) error {
	check, known, err := books.CoverageCheck(s.View, id)
	if err != nil || !known || check.DueAt == 0 || check.DueAt > s.Now() {
		return err
	}
	switch check.State {
	case models.CheckPlanned:
		_, err = send(s, check)
		return err
	case models.CheckDelayed:
		return again(s, check)
	}
	check.State, check.DueAt = models.CheckRefused, 0
	if err := books.SaveChecks(s.Tx, check); err != nil {
		return err
	}
	return fails(s, check, models.ForFrontDesk, models.WorkReason{Code: "no-answer", Text: "The payer said nothing for a day."})
}

// again asks the same once more, under another id: a question that was answered is not answered twice.
func again(s *desk.Sheet, check models.CoverageCheck) error {
	next := check
	next.ID, next.Created, next.ResponseID = models.CoverageCheckID(s.NewID()), 0, ""
	check.State, check.DueAt = models.CheckDropped, 0
	if err := books.SaveChecks(s.Tx, check); err != nil {
		return err
	}
	_, err := send(s, next)
	return err
}

// AskAgain asks about a plan anew, because a person who had some work saw to what was in the way.
func AskAgain(s *desk.Sheet, coverage models.CoverageID, work models.WorkItemID) error {
	d, err := s.Document(models.Ref{Type: "Coverage", ID: string(coverage)})
	if err != nil || d == nil {
		return err
	}
	_, _, err = Ask(s, Question{Coverage: intake.Coverage(d, s.Zone()), Service: models.ServiceAny, Day: s.Today(), Cause: "Task/" + string(work)})
	return err
}

// fails makes a question that came to nothing work.
func fails(s *desk.Sheet, check models.CoverageCheck, role models.WorkRole, reasons ...models.WorkReason) error {
	due := check.Day
	if due < s.Today() {
		due = s.Today()
	}
	return s.Item(true, models.WorkItem{
		Kind: models.WorkEligibility, Subject: coverageOf(check), PatientID: check.PatientID, PayerID: check.PayerID, Role: role, Due: due, Reasons: reasons,
		Reason: "The payer did not say what the plan covers; see to what it names, and ask again.",
	})
}

func coverageOf(check models.CoverageCheck) models.Ref {
	return models.Ref{Type: "Coverage", ID: string(check.CoverageID)}
}

// roleOf says whose work a refusal is.
var roleOf = map[eligibility.Remedy]models.WorkRole{eligibility.FrontDesk: models.ForFrontDesk, eligibility.Enrol: models.ForBiller}
