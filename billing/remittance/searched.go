package remittance

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/deposit"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/fhir/validate"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// ErrOther refuses what a payer gives as the remittance of a deposit and is not.
var ErrOther = fault.At(fault.BusinessRule, "remittance.other", "Binary", "The file tells another payment than the one that was asked about, or answers claims that the payer does not have.")

// Searched takes the file by which a payer tells the payment that a deposit is, as if the payer had sent what is in it: the answers, then the payment. It refuses (ErrOther) a file of another payment and one with an answer to no claim
// that the payer has, or that the payment does not pay, and what BookAnswer and BookRemittance refuse.
func Searched(s *desk.Sheet, d models.Deposit, file intake.Advice) (models.RemittanceID, error) {
	if intake.Trace(file.Payment) != d.Trace {
		return "", ErrOther
	}
	taking := advised{s, auth.Principal{Tenant: s.Tenant(), Subject: s.Subject(), Organization: d.PayerID}, d, map[string]string{}}
	claims, err := taking.claims(file.Answers)
	if err != nil {
		return "", err
	}
	answers := make([]models.AnswerID, len(claims))
	for i, c := range claims {
		if answers[i], err = taking.answer(file.Answers[i], c); err != nil {
			return "", err
		}
	}
	return taking.payment(file.Payment, answers)
}

// advised is a file that is being taken: by whom it is told, the deposit that it is about, and the addresses here of what it names.
type advised struct {
	*desk.Sheet
	payer   auth.Principal
	deposit models.Deposit
	ours    map[string]string
}

// claims gives the claims that answers are to, and has those wait who change them.
func (a advised) claims(answers []intake.AdviceAnswer) ([]models.Claim, error) {
	claims, subjects := make([]models.Claim, len(answers)), make([]string, 0, 2*len(answers))
	for i, one := range answers {
		c, known, err := a.claim(one.Document)
		if err == nil && !known {
			err = ErrOther
		}
		if err != nil {
			return nil, err
		}
		claims[i] = c
		subjects = append(subjects, string(c.CaseID), models.Ref{Type: "Patient", ID: string(c.PatientID)}.String())
	}
	return claims, books.Lock(a.Tx, subjects...)
}

// claim gives the claim that an answer is to: the one under our number where it names one, else the one at the address.
func (a advised) claim(d *fhir.Document) (models.Claim, bool, error) {
	if intake.AnsweredNumber(d) != "" {
		return numbered(a.Sheet, d, a.deposit.PayerID)
	}
	id, known, err := answered(a.Sheet, d, a.deposit.PayerID)
	if err != nil || !known {
		return models.Claim{}, false, err
	}
	return books.Claim(a.View, id)
}

// answer books an answer under our addresses, and gives the one that stands in the books for it.
func (a advised) answer(one intake.AdviceAnswer, c models.Claim) (models.AnswerID, error) {
	id := a.NewID()
	d, err := laid(one.Document, render.Answering(id, c.ID, c.PatientID, c.InsurerID))
	if err != nil {
		return "", err
	}
	if _, err := door(a.payer, d); err != nil {
		return "", err
	}
	known, err := a.known(d, c)
	if err != nil {
		return "", err
	}
	if known == "" {
		id, err = BookAnswer(a.Tx, records.Arrival{Principal: a.payer, Ref: models.Ref{Type: "ClaimResponse", ID: id}, Document: d})
		known = models.AnswerID(id)
	}
	for _, address := range one.Addresses {
		a.ours[address] = "ClaimResponse/" + string(known)
	}
	if theirs := one.Document.Root().In("request", "reference").Text(); theirs != "" {
		a.ours[theirs] = "Claim/" + string(c.ID)
	}
	return known, err
}

// known gives the answer in the books that says what an answer says: under its number, of the same payment, with as much paid. "" where there is none.
func (a advised) known(d *fhir.Document, c models.Claim) (models.AnswerID, error) {
	answer, err := intake.Answer(d, a.Zone())
	if err != nil || answer.Key == "" {
		return "", err
	}
	answer.ClaimID = c.ID
	first, isKnown, err := repeated(a.Sheet, answer)
	if err != nil || !isKnown || first.Trace != a.deposit.Trace || first.Paid != answer.Paid {
		return "", err
	}
	return first.ID, nil
}

// payment books the payment under our addresses.
func (a advised) payment(d *fhir.Document, answers []models.AnswerID) (models.RemittanceID, error) {
	id := a.NewID()
	addressed, err := d.Edited(fhir.RewriteReferences(d, func(_ fhir.Node, reference string) (string, bool) {
		here, known := a.ours[reference]
		return here, known
	}))
	if err != nil {
		return "", err
	}
	if d, err = laid(addressed, render.Telling(id, a.deposit.PayerID)); err != nil {
		return "", err
	}
	if _, err := door(a.payer, d); err != nil {
		return "", err
	}
	if id, err = BookRemittance(a.Tx, records.Arrival{Principal: a.payer, Ref: models.Ref{Type: remittanceType, ID: id}, Document: d}); err != nil {
		return "", err
	}
	told, err := books.RemittancesByID(a.View, []models.RemittanceID{models.RemittanceID(id)})
	if err != nil {
		return "", err
	}
	if len(told) != 1 || !deposit.IsPayment(a.deposit, told[0].Trace, told[0].Amount, told[0].Day) {
		return "", ErrOther
	}
	for _, one := range answers {
		if !slices.ContainsFunc(told[0].Details, func(detail models.RemittanceDetail) bool { return detail.AnswerID == one }) {
			return "", ErrOther
		}
	}
	return told[0].ID, nil
}

// laid gives a payer's document with what is ours of it, where that is R4.
func laid(d *fhir.Document, owned []byte) (*fhir.Document, error) {
	ours, err := fhir.Parse(owned)
	if err != nil {
		return nil, err
	}
	if d, err = fhir.Parse(fhir.Overlay(d, ours)); err != nil {
		return nil, err
	}
	if issues := validate.Resource(d); len(issues) > 0 {
		return nil, fault.Of(fault.Invalid, issues)
	}
	return d, nil
}
