package remittance

import (
	"fmt"

	"medbill/billing/desk"
	"medbill/billing/rules/ledger"
	"medbill/billing/rules/remit"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

const remittanceType = "PaymentReconciliation"

// DecideRemittance takes a PaymentReconciliation of the payer that it names, of the billing desk that enters it from paper, or of a system where answers to our claims began it; another
// one of a system is a record of billing done elsewhere. It refuses it from anybody else.
func DecideRemittance(tx *store.Tx, a records.Arrival) (records.Fate, error) {
	_, d, err := desk.Receive(tx, a)
	if err != nil {
		return 0, err
	}
	isTheirs, err := door(a.Principal, d)
	switch {
	case err != nil:
		return 0, err
	case a.Principal.Organization != "" && intake.Issuer(d) != a.Principal.Organization:
		return 0, fault.At(fault.Forbidden, "forbidden", remittanceType+".paymentIssuer", "A payer tells its own payments; name the organization of the access token.")
	case isTheirs && a.Principal.Organization == "" && !intake.IsPaper(d): // a record of billing elsewhere, unless our claims were answered with it
		known, err := books.IsBegun(tx.View, intake.Issuer(d), intake.Trace(d))
		if err != nil || !known {
			return records.FateExternal, err
		}
	case !isTheirs:
		return 0, fault.New(fault.Forbidden, "forbidden", "A payment is told by its payer, or entered from paper by the billing desk.")
	}
	return records.FateBooked, nil
}

// BookRemittance takes what a payer tells of a payment: it completes the one that answers with its trace number began, and posts what in it belongs to no claim. It refuses
// (BusinessRule, remittance.unbalanced) one that does not add up, with the equation and the place, and (Conflict, remittance.contradicts) another one under
// the same trace number. The same again changes nothing and gives the first.
func BookRemittance(tx *store.Tx, a records.Arrival) (string, error) {
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return "", err
	}
	told, err := intake.Remittance(d, s.Zone())
	if err != nil {
		return "", err
	}
	issuer, err := s.Document(models.Ref{Type: "Organization", ID: string(told.PayerID)})
	if err == nil && issuer == nil {
		err = fault.At(fault.BusinessRule, "remittance.payer", remittanceType+".paymentIssuer", "There is no such Organization; name the payer as its claims do.")
	}
	if err != nil {
		return "", err
	}
	told.BodyHash = bodyHash(a)
	before, err := books.PayInto(tx, models.Remittance{ID: models.RemittanceID(a.Ref.ID), PayerID: told.PayerID, Trace: told.Trace, Day: told.Day, Source: told.Source})
	switch {
	case err != nil:
		return "", err
	case a.Before.Version > 0 && string(before.ID) != a.Ref.ID, before.Outcome == models.RemittanceComplete && before.BodyHash != told.BodyHash:
		return "", fault.At(fault.Conflict, "remittance.contradicts", remittanceType+".paymentIdentifier", "A payment of this payer with this trace number and other content is in the books.")
	case before.Outcome == models.RemittanceComplete:
		return string(before.ID), nil
	}
	answers, err := books.AnswersOfPayment(s.View, told.PayerID, told.Trace)
	if err != nil {
		return "", err
	}
	if issues := remit.Check(told, answers); len(issues) > 0 {
		return "", fault.Of(fault.BusinessRule, issues)
	}
	told.ID, told.Created = before.ID, before.Created
	claims := make(map[models.AnswerID]models.ClaimID, len(answers))
	for _, a := range answers {
		claims[a.ID] = a.ClaimID
	}
	for i, d := range told.Details {
		told.Details[i].ClaimID = claims[d.AnswerID]
	}
	if err := documents.SaveSent(tx, models.Ref{Type: remittanceType, ID: string(told.ID)}, a.Document.Bytes()); err != nil {
		return "", err
	}
	return string(told.ID), complete(s, told)
}

// complete puts a payment that adds up into the books.
func complete(s *desk.Sheet, r models.Remittance) error {
	r.DepositDue = remit.DepositDueAt(r, s.Zone())
	if err := books.CompleteRemittance(s.Tx, r); err != nil {
		return err
	}
	var entries []models.Entry
	for _, d := range r.Details {
		if !d.IsClaim() {
			entries = append(entries, ledger.Adjusted(r, d, remit.CodeOf(d.Code).Account))
		}
	}
	if err := s.Post(entries...); err != nil {
		return err
	}
	asked, err := questions(s, r)
	if err != nil {
		return err
	}
	if err := s.Item(len(asked.Reasons) > 0, asked); err != nil {
		return err
	}
	return s.Item(false, untold(r))
}

// questions gives the work about what of a payment nobody knows: adjustments of a code that says too little, and those that take more than was given under
// their reference.
func questions(s *desk.Sheet, r models.Remittance) (models.WorkItem, error) {
	item := about(r, models.WorkAdjustment, "The payment has money about no claim that is not known by itself; say what it is.")
	given, err := joined(s, r)
	if err != nil {
		return item, err
	}
	for _, d := range r.Details {
		if d.IsClaim() {
			continue
		}
		row, why := remit.CodeOf(d.Code), ""
		if row.Asks {
			why = fmt.Sprintf("%s of %s by %s (%s) stands in suspense.", adds(d.Amount), d.Amount, d.Code, row.Text)
		} else if row.Joins && d.Amount < 0 && (given[row.Account][d.Reference] < 0 || d.Reference == "") {
			why = fmt.Sprintf("The payer takes %s by %s (%s), more than it gave under that reference.", -d.Amount, d.Code, row.Text)
		}
		if why != "" {
			item.Amount += d.Amount
			item.Reasons = append(item.Reasons, models.WorkReason{Code: d.Code, Path: fmt.Sprintf(remittanceType+".detail[%d]", d.Sequence-1), Text: why})
		}
	}
	if len(item.Reasons) > 0 {
		item.Category = item.Reasons[0].Code
	}
	return item, nil
}

// joined gives what stands under the references of a payment's adjustments, by account.
func joined(s *desk.Sheet, r models.Remittance) (map[models.LedgerAccount]map[string]models.Cents, error) {
	references := map[models.LedgerAccount][]string{}
	for _, d := range r.Details {
		if row := remit.CodeOf(d.Code); row.Joins && d.Reference != "" {
			references[row.Account] = append(references[row.Account], d.Reference)
		}
	}
	given := map[models.LedgerAccount]map[string]models.Cents{}
	for account, list := range references {
		var err error
		if given[account], err = books.Joined(s.View, r.PayerID, remit.JoinedBy(account), list); err != nil {
			return nil, err
		}
		if account != models.AccountPayerOverpaid {
			continue
		}
		owed, err := books.OwedBack(s.View, r.PayerID, list)
		if err != nil {
			return nil, err
		}
		for number, amount := range owed {
			given[account][number] += amount
		}
	}
	return given, nil
}

func adds(amount models.Cents) string {
	if amount < 0 {
		return "A deduction"
	}
	return "A payment"
}

// about gives work of a kind about a payment.
func about(r models.Remittance, kind models.WorkKind, reason string) models.WorkItem {
	return models.WorkItem{Kind: kind, Subject: models.Ref{Type: remittanceType, ID: string(r.ID)}, PayerID: r.PayerID, Reason: reason}
}

func untold(r models.Remittance) models.WorkItem {
	item := about(r, models.WorkRemittance, "Answers came with the trace number of a payment that the payer does not tell; ask for the remittance, or enter it.")
	item.Amount = r.Amount
	return item
}

// AskForRemittance asks a person why a payer does not tell a payment that its answers name.
func AskForRemittance(s *desk.Sheet, id models.RemittanceID) error {
	r, known, err := books.Remittance(s.View, id)
	if err != nil || !known || r.Outcome == models.RemittanceComplete || r.DueAt == 0 || r.DueAt > s.Now() {
		return err
	}
	r.DueAt = 0
	if err := books.KeepRemittance(s.Tx, r); err != nil {
		return err
	}
	return s.Item(true, untold(r))
}

// arrives adds an answer to the payment that it comes with. It refuses one whose payment is told already (Conflict).
func arrives(s *desk.Sheet, a models.Answer) error {
	if a.Trace == "" || isAck(a) {
		return nil
	}
	r, err := books.PayInto(s.Tx, models.Remittance{
		ID: models.RemittanceID(s.NewID()), PayerID: a.PayerID, Trace: a.Trace, Day: a.Effective, Amount: a.Paid, Source: a.Source, DueAt: remit.DueAt(s.Now()),
	})
	if err == nil && r.Outcome == models.RemittanceComplete {
		err = fault.At(fault.Conflict, "remittance.complete", "ClaimResponse.payment.identifier", "The payment with this trace number is told already and has no such answer; send it with the trace number of its own payment.")
	}
	return err
}
