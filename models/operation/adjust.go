package operation

// The operations of the patient accounts desk beside taking money.
var (
	reversePayment = Operation{
		Code: "reverse", Types: []string{"PaymentNotice"}, Methods: posted, Scope: ScopeAdjust, AffectsState: true,
		Name: "ReversePayment", Title: "Take a payment back",
		Text: "Takes a payment back whose money is not there after all: a check that the bank returned, a chargeback, an error. What it paid is owed again: a new invoice asks for it, and those from before stay as they are.",
		Parameters: []Parameter{
			{Name: "reason", Min: 1, Max: "1", Type: "code", Text: "nsf, chargeback or error."},
			{Name: "fee", Max: "1", Type: "Money", Text: "What the patient is charged for it, a balance of its own; left out where the practice charges nothing."},
			{Name: "return", Out: true, Min: 1, Max: "1", Type: "PaymentNotice", Text: "The payment as it stands then."},
		},
	}
	movePayment = Operation{
		Code: "allocate", Types: []string{"PaymentNotice"}, Methods: posted, Scope: ScopeAdjust, AffectsState: true,
		Name: "AllocatePayment", Title: "Have a payment pay an invoice",
		Text: "Has a payment pay an invoice with what of it pays nothing yet, or with what pays another invoice now; of that a new invoice asks again.",
		Parameters: []Parameter{
			{Name: "to", Min: 1, Max: "1", Type: "Reference", Text: "The Invoice that it is to pay."},
			{Name: "from", Max: "1", Type: "Reference", Text: "The Invoice that it is taken off."},
			{Name: "amount", Max: "1", Type: "Money", Text: "How much; as much as may be where it is left out."},
			{Name: "return", Out: true, Min: 1, Max: "1", Type: "PaymentNotice", Text: "The payment as it stands then."},
		},
	}
	writeOffInvoice = Operation{
		Code: "write-off", Types: []string{"Invoice"}, Methods: posted, Scope: ScopeAdjust, AffectsState: true,
		Name: "WriteOffInvoice", Title: "Ask a patient for less",
		Text:       "Writes off what is due of an invoice, or some of it: an amount, a percentage, or by the income of the household. A biller writes off what the practice's setting writeOffMax allows, a manager any amount.",
		Parameters: append(writtenOff(), Parameter{Name: "return", Out: true, Min: 1, Max: "1", Type: "Invoice", Text: "The Invoice as it stands then."}),
	}
	revertWriteOff = Operation{
		Code: "revert-write-off", Types: []string{"Invoice"}, Methods: posted, Scope: ScopeAdjust, AffectsState: true,
		Name: "RevertWriteOff", Title: "Ask a patient again for what was written off",
		Text:       "Takes back what stands of the write-offs of an invoice. A new invoice asks for it, which credits of the patient pay.",
		Parameters: []Parameter{{Name: "return", Out: true, Min: 1, Max: "1", Type: "Invoice", Text: "The Invoice, which stays as it is."}},
	}
	writeOffBalance = Operation{
		Code: "write-off", Types: []string{"ChargeItem"}, Methods: posted, Scope: ScopeAdjust, AffectsState: true,
		Name: "WriteOffBalance", Title: "Ask a patient for less of a balance from before",
		Text:       "Writes off what is due of a balance from before the practice moved in, or of the fee for a payment that was taken back, for which no invoice asks. The limits are those of an invoice's.",
		Parameters: append(writtenOff(), Parameter{Name: "return", Out: true, Min: 1, Max: "1", Type: "ChargeItem", Text: "The ChargeItem of the balance."}),
	}
	revertBalance = Operation{
		Code: "revert-write-off", Types: []string{"ChargeItem"}, Methods: posted, Scope: ScopeAdjust, AffectsState: true,
		Name: "RevertBalance", Title: "Have a patient owe again what was written off of a balance from before",
		Text:       "Takes back what stands of the write-offs of a balance from before, which credits of the patient pay.",
		Parameters: []Parameter{{Name: "return", Out: true, Min: 1, Max: "1", Type: "ChargeItem", Text: "The ChargeItem of the balance."}},
	}
	refundPatient = Operation{
		Code: "refund", Types: []string{"Patient"}, Methods: posted, Scope: ScopeRefund, NeedsKey: true, AffectsState: true,
		Name: "RefundPatient", Title: "Give a patient money back",
		Text: "Approves that what of a patient's payments pays nothing goes back, and with a reference that it went. More than the patient's credit is refused.",
		Parameters: append([]Parameter{
			{Name: "amount", Max: "1", Type: "Money", Text: "How much; all of it where it is left out."},
			{Name: "payment", Max: "1", Type: "Reference", Text: "The PaymentNotice of which; the oldest first, and none that waits for a visit, where it is left out."},
			{Name: "reason", Min: 1, Max: "1", Type: "string", Text: "Why."},
			{Name: "reference", Max: "1", Type: "string", Text: "Of the check or the processor, where it went already."},
			tillOfRefund,
		}, refunded...),
	}
	payRefund = Operation{
		Code: "pay-refund", Types: []string{"Patient"}, Methods: posted, Scope: ScopeAdjust, AffectsState: true,
		Name: "PayRefund", Title: "Say that a refund went to the patient",
		Text: "Says that a refund which was approved left the practice.",
		Parameters: append([]Parameter{
			{Name: "refund", Min: 1, Max: "1", Type: "string", Text: "Its id."},
			{Name: "reference", Min: 1, Max: "1", Type: "string", Text: "Of the check or the processor; of cash, what tells it."},
			tillOfRefund,
		}, refunded...),
	}
	cancelRefund = Operation{
		Code: "cancel-refund", Types: []string{"Patient"}, Methods: posted, Scope: ScopeRefund, AffectsState: true,
		Name: "CancelRefund", Title: "Have money not go back after all",
		Text: "Cancels a refund that was approved and did not go yet: it is the patient's credit again, and pays what is due.",
		Parameters: append([]Parameter{
			{Name: "refund", Min: 1, Max: "1", Type: "string", Text: "Its id."},
			{Name: "reason", Min: 1, Max: "1", Type: "string", Text: "Why."},
		}, refunded...),
	}
)

// writtenOff are the parameters of a write-off.
func writtenOff() []Parameter {
	return []Parameter{
		{Name: "kind", Min: 1, Max: "1", Type: "code", Text: "small-balance, charity, self-pay-discount, prompt-pay, bad-debt or administrative; each has an account of its own."},
		{Name: "amount", Max: "1", Type: "Money", Text: "How much; all that is due where neither it nor a percentage nor an income is given."},
		{Name: "percent", Max: "1", Type: "positiveInt", Text: "How much, in percent of what is due, 1 to 100."},
		{Name: "poverty", Max: "1", Type: "unsignedInt", Text: "The income of the household in percent of the federal poverty guideline: up to 200 all is charity, up to 250 75 %, up to 300 50 %, up to 400 25 %."},
		{Name: "reason", Min: 1, Max: "1", Type: "string", Text: "Why."},
	}
}

// tillOfRefund says out of which till cash goes.
var tillOfRefund = Parameter{Name: "till", Max: "1", Type: "string", Text: "Out of which till it went, of a payment in cash; that of the payment where it is left out."}

// refunded is what a refund is given back as.
var refunded = []Parameter{{Name: "refund", Out: true, Max: "*", Text: "What of one payment goes back.", Part: []Parameter{
	{Name: "id", Out: true, Min: 1, Max: "1", Type: "string", Text: "Its id."},
	{Name: "payment", Out: true, Min: 1, Max: "1", Type: "Reference", Text: "The PaymentNotice."},
	{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "How much."},
	{Name: "state", Out: true, Min: 1, Max: "1", Type: "code", Text: "approved, paid or cancelled."},
}}}
