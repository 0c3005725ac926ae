package operation

var collect = Operation{
	Code: "collect", Types: []string{"Patient"}, Methods: posted, Scope: ScopePay, NeedsKey: true, AffectsState: true,
	Name: "CollectPayment", Title: "Take money from a patient",
	Text: "Puts money of a patient in the books, with or without a bill. What is for an Invoice pays it first; what is for an Encounter or an Appointment waits as the patient's credit until the visit is answered, and pays it first; " +
		"all else pays what is due longest, and the rest is the patient's credit. The header Idempotency-Key names the payment: the same key again is the same payment, and with another content it is refused. " +
		"A patient's own token pays by card or ach, with the processor's reference and at most what the account owes.",
	Parameters: []Parameter{
		{Name: "amount", Min: 1, Max: "1", Type: "Money", Text: "What was paid, in USD."},
		{Name: "method", Min: 1, Max: "1", Type: "code", Text: "card, ach, cash, check or other; card or ach from a patient."},
		{Name: "reference", Max: "1", Type: "string", Text: "The card processor's reference, a check number, or the like; a patient's payment needs the processor's."},
		{Name: "for", Max: "1", Type: "Reference", Text: "The Invoice, Encounter or Appointment that it is for."},
		{Name: "processor", Max: "1", Type: "string", Text: "Who moves the money, where a processor does."},
		{Name: "till", Max: "1", Type: "string", Text: "The till that it was put in, where the desk has several."},
		{Name: "return", Out: true, Min: 1, Max: "1", Type: "PaymentNotice", Text: "The payment as it stands then."},
	},
}
