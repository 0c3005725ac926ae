package adjudication

import (
	"slices"

	"medbill/models"
)

// Plain says to a patient why something is his to pay: in a word or two, and in a sentence of our own.
type Plain struct{ Label, Text string }

var (
	plainDeductible  = Plain{"Deductible", "You pay for covered care yourself until the amount that your plan sets for the year is reached."}
	plainCoinsurance = Plain{"Coinsurance", "Your plan pays a part of what it allows for a service, and you pay the rest of it."}
	plainCopay       = Plain{"Copay", "Your plan asks you for a fixed amount each time."}
	plainNotInsured  = Plain{"Not insured on the day", "Your plan says that you were not covered by it on the day of the service."}
	plainNotNeeded   = Plain{"Not found necessary", "Your plan does not find the service medically necessary for what was diagnosed, and says that you pay for it."}
	plainNotCovered  = Plain{"Not covered", "Your plan does not pay for this kind of service, and says that you do."}
	plainLimit       = Plain{"Limit reached", "Your plan pays for this service up to a limit, which is used up."}
)

// What is not of a payer's reasons.
var (
	PlainLeft      = Plain{"Left by your plan", "Your plan was asked for it, and leaves it to you."}
	PlainSelfPay   = Plain{"No plan was asked", "No plan was asked for the service, so what is charged for it is yours."}
	PlainElsewhere = Plain{"Asked elsewhere", "Another invoice asks for this part, or another plan does."}
	PlainTakenBack = Plain{"Payment taken back", "A payment for it was returned by the bank or taken back, so it is owed again."}
	PlainAgain     = Plain{"Owed again", "It was paid or taken off before, and is owed again now."}
)

// Judged is a line of a payer's answer.
type Judged struct {
	Answer models.Answer
	Line   int
}

// Asked is a line of an invoice with what tells why it asks. Before is what invoices before asked for of its charge, IsTakenBack that a payment of that was taken back; IsJudged
// is that some plan was asked for the charge, and Judged what payers said of it.
type Asked struct {
	models.InvoiceLine
	Before      models.Cents
	IsTakenBack bool
	IsJudged    bool
	Judged      []Judged
}

// again is what of a line was asked for before: what payers left of the charge less what was not.
func (l Asked) again() models.Cents {
	if l.Before == 0 {
		return 0
	}
	return min(max(0, l.Before+l.Net-(l.Billed-l.Adjusted-l.PayerPaid)), l.Net)
}

// Why gives what a line of an invoice asks a patient for, by reason; the amounts sum to what it asks.
func Why(l Asked) []PlainShare {
	var list []PlainShare
	add := func(p Plain, amount models.Cents) {
		if amount != 0 {
			list = append(list, PlainShare{p, amount})
		}
	}
	again := l.again()
	if l.Net == 0 || again < l.Net {
		add(plainDeductible, l.Deductible)
		add(plainCoinsurance, l.Coinsurance)
		add(plainCopay, l.Copay)
		switch rest := l.Net - again - l.Deductible - l.Coinsurance - l.Copay; {
		case rest < 0:
			add(PlainElsewhere, rest)
		case !l.IsJudged:
			add(PlainSelfPay, rest)
		default:
			add(refusedFor(l.Judged), rest)
		}
	}
	if l.IsTakenBack {
		add(PlainTakenBack, again)
	} else {
		add(PlainAgain, again)
	}
	return list
}

// PlainShare is a part of what a patient is asked for.
type PlainShare struct {
	Plain
	Amount models.Cents
}

// refusedFor gives the one reason for which payers leave to the patient what they refuse of a line; where there is none, or several,
// that they leave it.
func refusedFor(judged []Judged) Plain {
	var found []Plain
	for _, j := range judged {
		for _, one := range j.Answer.Adjustments {
			row := RowIn(j.Answer, one)
			if one.LineSequence != 0 && one.LineSequence != j.Line || row.IsPosted() || row.Plain == (Plain{}) || slices.Contains(found, row.Plain) {
				continue
			}
			found = append(found, row.Plain)
		}
	}
	if len(found) != 1 {
		return PlainLeft
	}
	return found[0]
}
