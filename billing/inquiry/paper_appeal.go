package inquiry

import (
	"slices"
	"strings"
	"time"

	"medbill/billing/rules/adjudication"
	"medbill/fhir/intake"
	"medbill/internal/paper"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

var errNotOnPaper = fault.New(fault.Conflict, "claim.not-on-paper", "Only a good faith estimate and the appeal of a claim are set on paper; what goes to a payer is the Claim itself. Decide appeal about what the payer refused first.")

// PaperAppeal reads a claim that is appealed as its letter is printed. It refuses (Conflict, claim.not-on-paper) one that is not.
func PaperAppeal(v *store.View, id models.ClaimID) (paper.Appeal, error) {
	c, known, err := books.Claim(v, id)
	if err == nil && !known {
		err = errNotOnPaper
	}
	if err != nil {
		return paper.Appeal{}, err
	}
	item, answer, err := appealed(v, c)
	if err != nil {
		return paper.Appeal{}, err
	}
	coverage := models.Ref{Type: "Coverage", ID: string(c.CoverageID)}
	w, err := people(v, patientRef(c.PatientID), organizationRef(c.BillingID), organizationRef(c.InsurerID), practitionerRef(c.Rendering.ID), coverage)
	if err != nil {
		return paper.Appeal{}, err
	}
	_, payerNumber, _ := strings.Cut(c.KnownAs, "|")
	letter := paper.Appeal{
		Practice: w.practice(c.BillingID), Payer: w.contact(organizationRef(c.InsurerID)), Number: c.Number, PayerNumber: payerNumber, Patient: w.contact(patientRef(c.PatientID)).Name,
		Born: w.born(c.PatientID), Provider: w.provider(c.Rendering), From: c.ServiceFrom, Until: c.ServiceUntil, Sent: models.Date(item.Created.Time().In(w.zone).Format(time.DateOnly)), Judged: answer.Effective,
	}
	if d := w.records[coverage]; d != nil {
		letter.Member = intake.Coverage(d, w.zone).SubscriberID
	}
	for _, r := range item.Reasons {
		if r.Code == models.CodeAppealed {
			letter.Level++
		}
	}
	letter.Lines = refusedLines(c, answer)
	return letter, nil
}

// appealed gives the open work of an appeal about a claim, and the answer that is appealed.
func appealed(v *store.View, c models.Claim) (models.WorkItem, models.Answer, error) {
	open, err := books.OpenWork(v, c.CaseID)
	if err != nil {
		return models.WorkItem{}, models.Answer{}, err
	}
	for _, item := range open {
		if item.Kind != models.WorkAppeal {
			continue
		}
		answer, known, err := books.Answer(v, models.AnswerID(item.Subject.ID))
		if err != nil {
			return item, answer, err
		}
		if known && answer.ClaimID == c.ID {
			return item, answer, nil
		}
	}
	return models.WorkItem{}, models.Answer{}, errNotOnPaper
}

// refusedLines gives what an answer refuses of a claim, by line.
func refusedLines(c models.Claim, a models.Answer) []paper.AppealLine {
	waiting := adjudication.NeedsReview(a)
	var list []paper.AppealLine
	for _, l := range adjudication.Apply(c, a) {
		at := slices.IndexFunc(c.Lines, func(one models.ClaimLine) bool { return one.Sequence == l.LineSequence })
		if l.Review == 0 || at < 0 {
			continue
		}
		claimed := c.Lines[at]
		line := paper.AppealLine{Day: claimed.ServiceDate, Service: serviceText(claimed.Code, claimed.Revenue, claimed.Modifiers), Charged: l.Billed, Paid: l.Paid, Refused: l.Review}
		for _, one := range waiting {
			if one.LineSequence == 0 || one.LineSequence == l.LineSequence {
				line.Add(one.GroupCode+"-"+one.ReasonCode, one.RemarkCode)
			}
		}
		for _, one := range a.Lines {
			if one.LineSequence == l.LineSequence {
				line.Add(one.Remarks...)
			}
		}
		list = append(list, line)
	}
	return list
}
