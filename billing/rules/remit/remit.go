// Package remit is the arithmetic of payers' payments: whether one adds up, and what the money in it is that belongs to no claim. It matches no deposit
// and posts nothing (ledger).
package remit

import (
	"fmt"
	"time"

	"medbill/models"
	"medbill/models/fault"
)

// Check gives the equations of a payment that do not hold: every answer that came with its trace number stands in it once, with what that says is paid; all
// details together are what is paid; and that is not below nothing. Answers are those with the trace number; an acknowledgement may stand in it and need not.
// X12 005010X221A1, 1.10.2.1.
func Check(r models.Remittance, answers []models.Answer) []fault.Issue {
	var issues []fault.Issue
	add := func(path, text string) {
		issues = append(issues, fault.Issue{Code: "remittance.unbalanced", Path: "PaymentReconciliation." + path, Text: text})
	}
	said := make(map[models.AnswerID]models.Answer, len(answers))
	for _, a := range answers {
		said[a.ID] = a
	}
	sum, seen := models.Cents(0), map[models.AnswerID]bool{}
	for i, d := range r.Details {
		at := fmt.Sprintf("detail[%d]", i)
		sum += d.Amount
		if !d.IsClaim() {
			if d.Amount == 0 {
				add(at+".amount", "An adjustment of 0.00 says nothing; leave it out.")
			}
			continue
		}
		a, known := said[d.AnswerID]
		switch {
		case !known:
			add(at+".response", "The answer is not of this payment; send the answer with the payment's trace number first.")
		case seen[d.AnswerID]:
			add(at+".response", "The answer stands in the payment before; name it once.")
		case a.Paid != d.Amount:
			add(at+".amount", "The amount is not what the answer says is paid.")
		}
		seen[d.AnswerID] = true
	}
	for _, a := range answers {
		if a.Kind != models.AnswerAck && !seen[a.ID] {
			add("detail", "An answer with the payment's trace number is missing; name every one once.")
			break
		}
	}
	if sum != r.Amount {
		add("paymentAmount", "All details together are not what is paid.")
	}
	if r.Amount < 0 {
		add("paymentAmount", "A payment is not below 0.00; what is left to take back is carried forward.")
	}
	return issues
}

// How many business days people are patient with a payer, and how many it may take until the remittance of money that came is there (CAQH CORE Rule 370).
const (
	patience = 5
	apart    = 3
)

// DueAt gives when a person is asked why a payer does not tell a payment whose first answer came at a moment: five business days later.
func DueAt(came models.Instant) models.Instant { return models.InstantOf(later(came.Time(), patience)) }

// DepositDueAt gives when a person is asked where the money of a payment stays: five business days after its day; 0 where none is to reach the bank.
func DepositDueAt(r models.Remittance, zone *time.Location) models.Instant {
	day, err := time.ParseInLocation(time.DateOnly, string(r.Day), zone)
	if err != nil || !r.IsPaid() {
		return 0
	}
	return models.InstantOf(later(day, patience))
}

// AskDueAt gives when the payer of money that came on a day is asked for the remittance: three business days after it.
func AskDueAt(day models.Date, zone *time.Location) models.Instant {
	return models.InstantOf(later(day.Start(zone).Time().In(zone), apart))
}

// later gives the moment so many business days later.
func later(from time.Time, days int) time.Time {
	for left := days; left > 0; {
		if from = from.AddDate(0, 0, 1); from.Weekday() != time.Saturday && from.Weekday() != time.Sunday {
			left--
		}
	}
	return from
}
