package operation

var (
	runStatements = Operation{
		Code: "run-statements", Methods: posted, Scope: ScopeStatements, AffectsState: true,
		Name: "RunStatements", Title: "Send the statements that are due",
		Text: "Sends every guarantor of the practice the statement that is due today: one over all its patients, on the days 0, 30, 60 and 90 after the first, from 5.00 on; of a payment plan its parts. " +
			"Whom a hold, a plan, minority or death keeps from it is skipped. The same day again sends nothing. With the header Medbill-Dry-Run it says what it would do.",
		Parameters: []Parameter{
			{Name: "day", Out: true, Max: "1", Type: "date", Text: "The day of the statements."},
			{Name: "guarantors", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many guarantors owe something that they were asked for."},
			{Name: "sent", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many were sent a statement."},
			{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What the statements ask for together."},
			{Name: "skipped", Out: true, Max: "*", Text: "How many were sent nothing, by reason.", Part: []Parameter{
				{Name: "reason", Out: true, Min: 1, Max: "1", Type: "code", Text: "nothing-due, deceased, minor, held, plan, below-minimum, not-yet or collections."},
				{Name: "count", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many."},
			}},
			{Name: "held", Out: true, Max: "*", Text: "How many of them are held, by the kind of the hold.", Part: []Parameter{
				{Name: "kind", Out: true, Min: 1, Max: "1", Type: "code", Text: "The kind of the hold."},
				{Name: "count", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many."},
			}},
			{Name: "broken", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many payment plans are broken since the last run."},
		},
	}
	statement = Operation{
		Code: "statement", Types: []string{"Patient"}, Methods: askedPosted, Scope: ScopePay,
		Name: "PatientStatement", Title: "What a patient is asked to pay",
		Text: "Says what the guarantor of a patient was sent last, and what it would be sent today, or why nothing: a letter is over all for whom it answers. A patient's own token reads what asks the patient itself. It changes nothing.",
		Parameters: []Parameter{
			{Name: "guarantor", Out: true, Min: 1, Max: "1", Type: "Reference", Text: "Who pays."},
			{Name: "due", Out: true, Min: 1, Max: "1", Type: "Money", Text: "All that is due and was asked for."},
			letterOf("sent", "What was sent last; left out where nothing was."),
			letterOf("next", "What would be sent today; left out where nothing is."),
			{Name: "skipped", Out: true, Max: "1", Type: "code", Text: "Why nothing would be sent today: nothing-due, deceased, minor, held, plan, below-minimum, not-yet or collections."},
			holdOf("*"),
			planOf("The payment plan that is active."),
		},
	}
	holdStatements = Operation{
		Code: "hold-statements", Types: []string{"Patient"}, Methods: posted, Scope: ScopeStatements, AffectsState: true,
		Name: "HoldStatements", Title: "Send a guarantor no statements",
		Text: "Keeps statements from the guarantor of a patient until a day, or until the hold is lifted. A kind that holds already says from then on what is said now. For the desks, not for a patient's own token.",
		Parameters: []Parameter{
			{Name: "kind", Min: 1, Max: "1", Type: "code", Text: "deceased, bankruptcy, bad-address (which is work of the front desk) or manual."},
			{Name: "until", Max: "1", Type: "date", Text: "The first day on which statements are sent again; until the hold is lifted where it is left out."},
			{Name: "reason", Min: 1, Max: "1", Type: "string", Text: "Why."},
			holdOf("1"),
		},
	}
	releaseStatements = Operation{
		Code: "release-statements", Types: []string{"Patient"}, Methods: posted, Scope: ScopeStatements, AffectsState: true,
		Name: "ReleaseStatements", Title: "Send a guarantor statements again",
		Text: "Lifts the holds on the statements of the guarantor of a patient, and closes the work about them; where none holds it is a conflict. After collections the letters begin again.",
		Parameters: []Parameter{
			{Name: "kind", Max: "1", Type: "code", Text: "The kind of hold; all where it is left out."},
			{Name: "released", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many holds were lifted."},
		},
	}
	paymentPlan = Operation{
		Code: "payment-plan", Types: []string{"Patient"}, Methods: posted, Scope: ScopeStatements, AffectsState: true,
		Name: "MakePaymentPlan", Title: "Agree on a payment plan",
		Text: "Splits what the guarantor of a patient owes into parts, 30 days apart, that sum to it exactly. As long as no part is more than ten days late the guarantor is asked for the parts alone. It replaces a plan that there is.",
		Parameters: []Parameter{
			{Name: "amount", Max: "1", Type: "Money", Text: "What is paid in parts, in USD; all that is due where it is left out."},
			{Name: "parts", Min: 1, Max: "1", Type: "positiveInt", Text: "In how many parts, 2 to 60."},
			{Name: "first", Max: "1", Type: "date", Text: "When the first part is due; today where it is left out."},
			planOf("The plan."),
		},
	}
	endPaymentPlan = Operation{
		Code: "end-payment-plan", Types: []string{"Patient"}, Methods: posted, Scope: ScopeStatements, AffectsState: true,
		Name: "EndPaymentPlan", Title: "End a payment plan",
		Text:       "Ends the payment plan of the guarantor of a patient, who is asked for all that is due again. Where none is active it is a conflict.",
		Parameters: []Parameter{planOf("The plan as it was agreed on.")},
	}
	dispute = Operation{
		Code: "dispute", Types: []string{"Invoice"}, Methods: posted, Scope: ScopePay, AffectsState: true,
		Name: "DisputeInvoice", Title: "Dispute an invoice",
		Text: "Says that an invoice is wrong: its guarantor is sent no statements, and a manager has 30 days to decide. A bill too far above a good faith estimate is disputed within 120 days, and holds for 120 days. " +
			"For the patient's own token, and for a desk that is told. The same invoice again says what is said now.",
		Parameters: []Parameter{
			{Name: "reason", Min: 1, Max: "1", Type: "string", Text: "What is wrong."},
			{Name: "estimate", Max: "1", Type: "boolean", Text: "Whether it is above the good faith estimate that counts for it."},
			holdOf("1"),
		},
	}
)

func letterOf(name, text string) Parameter {
	return Parameter{Name: name, Out: true, Max: "1", Text: text, Part: []Parameter{
		{Name: "id", Out: true, Max: "1", Type: "string", Text: "Its id, where it was sent."},
		{Name: "day", Out: true, Min: 1, Max: "1", Type: "date", Text: "The day."},
		{Name: "step", Out: true, Min: 1, Max: "1", Type: "code", Text: "day-0, day-30, day-60, day-90 or plan-part."},
		{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What it asks for, the sum of its lines."},
		{Name: "line", Out: true, Max: "*", Text: "An invoice, a balance from before, or a part of a plan.", Part: []Parameter{
			{Name: "subject", Out: true, Max: "1", Type: "Reference", Text: "The Invoice, or the ChargeItem of a balance from before; left out for a part."},
			{Name: "patient", Out: true, Max: "1", Type: "Reference", Text: "Whose it is."},
			{Name: "part", Out: true, Max: "1", Type: "unsignedInt", Text: "The number of the part."},
			{Name: "day", Out: true, Min: 1, Max: "1", Type: "date", Text: "When it was issued or done, or falls due."},
			{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What was due of it."},
		}},
	}}
}

func holdOf(most string) Parameter {
	return Parameter{Name: "hold", Out: true, Max: most, Text: "What keeps statements back.", Part: []Parameter{
		{Name: "kind", Out: true, Min: 1, Max: "1", Type: "code", Text: "dispute, estimate-dispute, deceased, bankruptcy, bad-address, collections or manual."},
		{Name: "about", Out: true, Max: "1", Type: "Reference", Text: "The Invoice that is disputed."},
		{Name: "from", Out: true, Min: 1, Max: "1", Type: "date", Text: "Its first day."},
		{Name: "until", Out: true, Max: "1", Type: "date", Text: "The first day on which it does not hold any more; left out where it holds until it is lifted."},
	}}
}

func planOf(text string) Parameter {
	return Parameter{Name: "plan", Out: true, Max: "1", Text: text, Part: []Parameter{
		{Name: "state", Out: true, Min: 1, Max: "1", Type: "code", Text: "active, kept, broken, replaced or ended, as of today."},
		{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What is paid by it."},
		{Name: "paid", Out: true, Max: "1", Type: "Money", Text: "What was paid of it."},
		{Name: "due", Out: true, Max: "1", Type: "Money", Text: "What of it is due today."},
		{Name: "part", Out: true, Max: "*", Text: "A part.", Part: []Parameter{
			{Name: "day", Out: true, Min: 1, Max: "1", Type: "date", Text: "When it is due."},
			{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "How much."},
		}},
	}}
}
