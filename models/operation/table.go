package operation

// table is every operation there is, by the desk that runs it.
var table = []Operation{
	{
		Code: "code", Types: []string{"Encounter"}, Methods: posted, Scope: ScopeCode, AffectsState: true,
		Name: "CodeVisit", Title: "Code a visit",
		Text: "Says what a finished visit was: its diagnoses in order and its services, in place of what was there. The same again changes nothing; once the claim went out it is a conflict.",
		Parameters: []Parameter{
			diagnoses(1), charges(1),
			{Name: "case-state", Out: true, Min: 1, Max: "1", Type: "code", Text: "The state of the visit's case: new, not-ours, waiting, held, ready, sent, patient, closed or voided."},
			{Name: "charge", Out: true, Max: "*", Type: "Reference", Text: "A ChargeItem that came of it."},
		},
	},
	{
		Code: "submit", Types: []string{"Claim"}, Methods: posted, Scope: ScopeSubmit, AffectsState: true,
		Name: "SubmitClaim", Title: "Submit a claim",
		Text:       "Sends a claim to its payer, once. A claim that its findings hold is refused with them; one that is sent already is given back as it is.",
		Parameters: []Parameter{{Name: "return", Out: true, Min: 1, Max: "1", Type: "Claim", Text: "The Claim as it stands then."}},
	},
	{
		Code: "validate", Types: []string{"Claim"}, Methods: posted, Scope: ScopeValidate, AffectsState: true,
		Name: "ValidateClaim", Title: "Validate a claim",
		Text:       "Checks a claim by the rules of billing. One that is not sent becomes ready or held by what they notice.",
		Parameters: []Parameter{{Name: "return", Out: true, Min: 1, Max: "1", Type: "OperationOutcome", Text: "What the rules notice; one issue of severity information where that is nothing."}},
	},
	{
		Code: "pay", Types: []string{"Invoice"}, Methods: posted, Scope: ScopePay, NeedsKey: true, AffectsState: true,
		Name: "PayInvoice", Title: "Pay an invoice",
		Text: "Puts a patient's payment in the books. The header Idempotency-Key names the payment: the same key again is the same payment, and with another content it is refused. " +
			"A patient's own token pays by card or ach, with the processor's reference and at most what the account owes; cash and checks are taken at the desk.",
		Parameters: []Parameter{
			{Name: "amount", Min: 1, Max: "1", Type: "Money", Text: "What was paid, in USD. What the desk takes beyond the balance becomes a credit."},
			{Name: "method", Min: 1, Max: "1", Type: "code", Text: "card, cash, check or ach; card or ach from a patient."},
			{Name: "reference", Max: "1", Type: "string", Text: "The card processor's reference, a check number, or the like; a patient's payment needs the processor's."},
			{Name: "return", Out: true, Min: 1, Max: "1", Type: "Invoice", Text: "The Invoice as it stands then."},
		},
	},
	{
		Code: "retry", Types: []string{"Encounter", "Claim"}, Methods: posted, Scope: ScopeRetry, AffectsState: true,
		Name: "RetryCase", Title: "Run the failed step of a case again",
		Text:       "Asks again for the step that failed for good in the case of a visit or of a claim; its Task has the code failed-step. A worker takes it shortly, and the Task is closed when the step goes well. Where no step failed it is a conflict.",
		Parameters: []Parameter{retried},
	},
	{
		Code: "retry", Methods: posted, Scope: ScopeRetry, AffectsState: true,
		Name: "RetryCases", Title: "Run all failed steps again",
		Text:       "Asks again for every step that failed for good, for 1,000 cases in one call at most: call it again until it says 0. For the practice's administrator or manager, when what made them fail is mended.",
		Parameters: []Parameter{retried},
	},
	{
		Code: "take", Types: []string{"Task"}, Methods: posted, Scope: ScopeWork, AffectsState: true,
		Name: "TakeWork", Title: "Take work",
		Text: "Keeps what waits for a person from everybody else for some minutes; then it is free again. Work that somebody else has is a conflict, which says who and until when.",
		Parameters: []Parameter{
			{Name: "minutes", Max: "1", Type: "positiveInt", Text: "For how long, at most 480; 30 where it is left out."},
			workItem,
		},
	},
	{
		Code: "snooze", Types: []string{"Task"}, Methods: posted, Scope: ScopeWork, AffectsState: true,
		Name: "SnoozeWork", Title: "Put work off",
		Text: "Puts what waits for a person off until a moment. It stays open and due, and shows in no queue until then.",
		Parameters: []Parameter{
			{Name: "until", Max: "1", Type: "instant", Text: "A moment within a year; where it is left out the work is back now."},
			{Name: "reason", Min: 1, Max: "1", Type: "string", Text: "Why; it stays in the history of the work."},
			workItem,
		},
	},
	{
		Code: "decide", Types: []string{"Task"}, Methods: posted, Scope: ScopeWork, AffectsState: true,
		Name: "DecideWork", Title: "Decide work",
		Text: "Carries out what a person decided and closes the work in the same transaction. A decision that is none about work of its kind, or that leaves standing what the work is about, is a conflict and changes nothing. " +
			"What the decision does needs its own scope too.",
		Parameters: []Parameter{
			{Name: "decision", Min: 1, Max: "1", Type: "code", Text: "code (with diagnosis and charge), price (with the parameters of $load-fees), recheck, resend, accept, ignore, release or retry."},
			{Name: "reason", Max: "1", Type: "string", Text: "Why; accept, ignore and release need it. It stays in the history of the work."},
			diagnoses(0), charges(0),
			{Name: "name", Max: "1", Type: "string", Text: "The name of the fee schedule that has the missing prices."},
			{Name: "payer", Max: "1", Type: "Reference", Text: "The Organization whose patients it is for, everybody's without it."},
			{Name: "from", Max: "1", Type: "date", Text: "The first day; open where it is left out."},
			{Name: "until", Max: "1", Type: "date", Text: "The last day."},
			{Name: "csv", Max: "1", Type: "string", Text: "Its lines, as $load-fees takes them."},
			workItem,
		},
	},
	{
		Code: "settings", Methods: askedPosted, Scope: ScopeSettings, AffectsState: true,
		Name: "TenantSettings", Title: "The settings of the practice",
		Text: "Gives the settings; a POST changes those that are sent and gives all of them as they stand then. For the practice's administrator or manager.",
		Parameters: append(settings(false), append([]Parameter{
			{Name: "clear", Max: "3", Type: "code", Text: "A setting that is to be empty: name, practice or goLive."},
		}, settings(true)...)...),
	},
	{
		Code: "fees", Methods: asked, Scope: ScopeFees,
		Name: "FeeSchedules", Title: "The fee schedules of the practice",
		Text:       "Lists every version of every fee schedule that was loaded by name. Prices that ChargeItemDefinitions state are found there.",
		Parameters: []Parameter{feeSchedule("*")},
	},
	{
		Code: "load-fees", Methods: posted, Scope: ScopeFees, AffectsState: true, Media: []string{MediaCSV},
		Name: "LoadFees", Title: "Load a fee schedule",
		Text: "Takes a version of a fee schedule. The same name and first day again replace the version; another first day makes the next one, and the one before ends there. " +
			"The lines come in the parameter csv, or as the body, text/csv, with the other parameters in the address. All is taken or nothing, and every line that is wrong is named.",
		Parameters: []Parameter{
			{Name: "name", Min: 1, Max: "1", Type: "string", Text: "The name of the schedule."},
			{Name: "payer", Max: "1", Type: "Reference", Text: "The Organization whose patients it is for, everybody's without it; in the address its id."},
			{Name: "from", Max: "1", Type: "date", Text: "The first day; open where it is left out."},
			{Name: "until", Max: "1", Type: "date", Text: "The last day; until the next version begins where it is left out."},
			{Name: "csv", Min: 1, Max: "1", Type: "string", Text: "Lines of code,system,modifiers,payer,from,until,amount, of which these words are the first. System is cpt, hcpcs or empty, modifiers are separated by blanks, amounts are dollars; 0.00 is a price."},
			feeSchedule("1"),
		},
	},
	{
		Code: "end-fees", Methods: posted, Scope: ScopeFees, AffectsState: true,
		Name: "EndFees", Title: "End a fee schedule",
		Text: "Lets a version of a fee schedule hold until a day and no longer.",
		Parameters: []Parameter{
			{Name: "schedule", Min: 1, Max: "1", Type: "string", Text: "The id of the version, as $fees gives it."},
			{Name: "until", Min: 1, Max: "1", Type: "date", Text: "The last day."},
			feeSchedule("1"),
		},
	},
}

// diagnoses and charges are what a coder says of a visit.
func diagnoses(least int) Parameter {
	return Parameter{Name: "diagnosis", Min: least, Max: "12", Type: "CodeableConcept", Text: "An ICD-10-CM code, in the order of the claim; valueCode, valueString and valueCoding are taken too."}
}

func charges(least int) Parameter {
	return Parameter{Name: "charge", Min: least, Max: "*", Text: "One service.", Part: []Parameter{
		{Name: "code", Min: 1, Max: "1", Type: "Coding", Text: "A CPT or HCPCS code with its system; valueCodeableConcept is taken too."},
		{Name: "modifier", Max: "4", Type: "code", Text: "A modifier of two characters."},
		{Name: "units", Max: "1", Type: "decimal", Text: "How often it was done, also as a positiveInt; 1 where it is left out."},
		{Name: "pointer", Max: "4", Type: "positiveInt", Text: "The number of a diagnosis it was done for, counted from 1; the first four where it is left out."},
		{Name: "serviceDate", Min: 1, Max: "1", Type: "date", Text: "The day it was done."},
	}}
}

var workItem = Parameter{Name: "return", Out: true, Min: 1, Max: "1", Type: "Task", Text: "The Task as it stands then."}

var retried = Parameter{Name: "retried", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many cases have a step that was asked for again."}

// MediaCSV is a body of lines. https://www.rfc-editor.org/rfc/rfc4180
const MediaCSV = "text/csv"

// settings are what a practice sets, as they are sent and as they come back.
func settings(out bool) []Parameter {
	list := []Parameter{
		{Name: "name", Max: "1", Type: "string", Text: "The name of the practice."},
		{Name: "timeZone", Max: "1", Type: "string", Text: "The IANA time zone in which days are taken."},
		{Name: "practice", Max: "1", Type: "Reference", Text: "The Organization that bills where an Encounter names none."},
		{Name: "goLive", Max: "1", Type: "date", Text: "Visits that ended before this day are not billed."},
		{Name: "autoSubmit", Max: "1", Type: "boolean", Text: "Whether claims are sent as soon as they are ready."},
		{Name: "dueDays", Max: "1", Type: "unsignedInt", Text: "Days from the issue of an invoice until it is due."},
		{Name: "selfPayHours", Max: "1", Type: "unsignedInt", Text: "Hours that a visit without any coverage waits before the patient is billed."},
		{Name: "connection", Max: "*", Text: "How one payer is reached; over FHIR where nothing is said.", Part: []Parameter{
			{Name: "payer", Out: out, Min: 1, Max: "1", Type: "Reference", Text: "The payer's Organization."},
			{Name: "kind", Out: out, Min: 1, Max: "1", Type: "code", Text: "fhir; folder is refused until files are sent."},
		}},
	}
	for i := range list {
		list[i].Out = out
	}
	return list
}

// feeSchedule is a version of a fee schedule as an operation gives it.
func feeSchedule(most string) Parameter {
	return Parameter{Name: "feeSchedule", Out: true, Max: most, Text: "A version of a fee schedule.", Part: []Parameter{
		{Name: "id", Out: true, Min: 1, Max: "1", Type: "string", Text: "Its id."},
		{Name: "name", Out: true, Min: 1, Max: "1", Type: "string", Text: "The name of the schedule."},
		{Name: "payer", Out: true, Max: "1", Type: "Reference", Text: "Whose patients it is for; everybody's where it is left out."},
		{Name: "from", Out: true, Max: "1", Type: "date", Text: "The first day; open where it is left out."},
		{Name: "until", Out: true, Max: "1", Type: "date", Text: "The last day; open where it is left out."},
		{Name: "prices", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many prices it has."},
	}}
}
