package intake

import (
	"slices"

	"medbill/fhir"
	"medbill/models"
)

// Reversed is what $reverse asks for.
type Reversed struct {
	Reason models.ReversalReason
	Fee    models.Cents // 0 where none is charged
}

// Reversal reads the Parameters of $reverse: reason (valueCode nsf, chargeback or error) and an optional fee (valueMoney).
func Reversal(d *fhir.Document) (Reversed, error) {
	r, asked := &refusals{}, Reversed{}
	seen := r.parameters(d, "$reverse takes reason and fee.", func(name string, p spot) bool {
		switch name {
		case "reason":
			code := p.choice("value", "Code")
			if asked.Reason = models.ReversalReason(code.Text()); !slices.Contains(models.ReversalReasons(), asked.Reason) {
				r.invalid("code-invalid", code.path, "A payment is taken back as nsf, chargeback or error, as valueCode.")
			}
		case "fee":
			asked.Fee = r.paid(p)
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "reason", "The parameter reason is missing; state nsf, chargeback or error.")
	return asked, r.err()
}

// paid reads an amount above zero.
func (r *refusals) paid(p spot) models.Cents {
	money := p.choice("value", "Money")
	amount, ok := r.amount(money)
	if ok {
		r.check(money.path, models.CheckPaid(amount))
	}
	return amount
}

// Moved is what $allocate asks for.
type Moved struct {
	From, To models.InvoiceID
	Amount   models.Cents // 0 for as much as may be
}

// Move reads the Parameters of $allocate: to and an optional from (valueReference), and an optional amount (valueMoney).
func Move(d *fhir.Document) (Moved, error) {
	r, asked := &refusals{}, Moved{}
	seen := r.parameters(d, "$allocate takes to, from and amount.", func(name string, p spot) bool {
		switch name {
		case "to":
			asked.To = models.InvoiceID(r.named(p.choice("value", "Reference"), "Invoice"))
		case "from":
			asked.From = models.InvoiceID(r.named(p.choice("value", "Reference"), "Invoice"))
		case "amount":
			asked.Amount = r.paid(p)
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "to", "The parameter to is missing; name the Invoice that the payment is to pay.")
	return asked, r.err()
}

// WrittenOff is what $write-off asks for: at most one of Amount, Percent and Poverty, which is nil where it is not given.
type WrittenOff struct {
	Kind    models.WriteOffKind
	Amount  models.Cents
	Percent int
	Poverty *int
	Reason  string
}

// WriteOff reads the Parameters of $write-off: kind (valueCode), reason (valueString) and one of amount (valueMoney), percent (valuePositiveInt, 1 to 100) and poverty (valueUnsignedInt).
func WriteOff(d *fhir.Document) (WrittenOff, error) {
	r, asked := &refusals{}, WrittenOff{}
	seen := r.parameters(d, "$write-off takes kind, reason and one of amount, percent and poverty.", func(name string, p spot) bool {
		switch name {
		case "kind":
			code := p.choice("value", "Code")
			asked.Kind = models.WriteOffKind(code.Text())
			if _, known := models.WriteOffAccounts[asked.Kind]; !known {
				r.invalid("code-invalid", code.path, "The kind must be small-balance, charity, self-pay-discount, prompt-pay, bad-debt or administrative, as valueCode.")
			}
		case "reason":
			asked.Reason = r.text(p.choice("value", "String"))
		case "amount":
			asked.Amount = r.paid(p)
		case "percent":
			asked.Percent, _ = r.positive(p.oneOf("value", "PositiveInt", "UnsignedInt", "Integer"))
		case "poverty":
			n := p.oneOf("value", "UnsignedInt", "PositiveInt", "Integer")
			poverty := 0
			if n.Text() != "0" {
				poverty, _ = r.positive(n)
			}
			asked.Poverty = &poverty
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "kind", "The parameter kind is missing; state why the patient is asked for less.")
	r.needed(seen, "Parameters.parameter", "reason", "The parameter reason is missing; say why.")
	return asked, r.err()
}

// GivenBack is what $refund asks for.
type GivenBack struct {
	Amount    models.Cents // 0 for all
	PaymentID models.PaymentID
	Reason    string
	Reference string // "" where it goes later
	Till      string
}

// Refund reads the Parameters of $refund: amount (valueMoney), payment (valueReference), reason, reference and till (valueString); reason is needed.
func Refund(d *fhir.Document) (GivenBack, error) {
	r, asked := &refusals{}, GivenBack{}
	seen := r.parameters(d, "$refund takes amount, payment, reason, reference and till.", func(name string, p spot) bool {
		switch name {
		case "amount":
			asked.Amount = r.paid(p)
		case "payment":
			asked.PaymentID = models.PaymentID(r.named(p.choice("value", "Reference"), "PaymentNotice"))
		case "reason":
			asked.Reason = r.text(p.choice("value", "String"))
		case "reference":
			asked.Reference = r.text(p.choice("value", "String"))
		case "till":
			asked.Till = r.text(p.choice("value", "String"))
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "reason", "The parameter reason is missing; say why.")
	return asked, r.err()
}

// Paid is what $pay-refund asks for.
type Paid struct {
	RefundID        models.RefundID
	Reference, Till string
}

// PaidRefund reads the Parameters of $pay-refund: refund, the id of one, reference and till (valueString).
func PaidRefund(d *fhir.Document) (Paid, error) {
	r, asked := &refusals{}, Paid{}
	seen := r.parameters(d, "$pay-refund takes refund, reference and till.", func(name string, p spot) bool {
		switch name {
		case "refund":
			asked.RefundID = models.RefundID(r.text(p.choice("value", "String")))
		case "reference":
			asked.Reference = r.text(p.choice("value", "String"))
		case "till":
			asked.Till = r.text(p.choice("value", "String"))
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "refund", "The parameter refund is missing; state the id of the refund.")
	r.needed(seen, "Parameters.parameter", "reference", "The parameter reference is missing; state that of the check or the processor.")
	return asked, r.err()
}

// Cancelled is what $cancel-refund asks for.
type Cancelled struct {
	RefundID models.RefundID
	Reason   string
}

// CancelledRefund reads the Parameters of $cancel-refund: refund, the id of one, and reason (valueString).
func CancelledRefund(d *fhir.Document) (Cancelled, error) {
	r, asked := &refusals{}, Cancelled{}
	seen := r.parameters(d, "$cancel-refund takes refund and reason.", func(name string, p spot) bool {
		switch name {
		case "refund":
			asked.RefundID = models.RefundID(r.text(p.choice("value", "String")))
		case "reason":
			asked.Reason = r.text(p.choice("value", "String"))
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "refund", "The parameter refund is missing; state the id of the refund.")
	r.needed(seen, "Parameters.parameter", "reason", "The parameter reason is missing; say why.")
	return asked, r.err()
}
