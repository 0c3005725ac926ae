package operation

// table is every operation there is, by the desk that runs it.
var table = []Operation{
	{
		Code: "code", Types: []string{"Encounter"}, Methods: posted, Scope: ScopeCode, AffectsState: true,
		Name: "CodeVisit", Title: "Code a visit",
		Text: "Says what a finished visit was: its diagnoses in order and its services, in place of what was there. The same again changes nothing; once the claim went out it is a conflict.",
		Parameters: []Parameter{
			diagnoses(1), charges(1), stay(),
			{Name: "case-state", Out: true, Min: 1, Max: "1", Type: "code", Text: "The state of the visit's case: new, not-ours, waiting, held, ready, sent, patient, closed or voided."},
			{Name: "charge", Out: true, Max: "*", Type: "Reference", Text: "A ChargeItem that came of it."},
		},
	},
	{
		Code: "hold", Types: []string{"Encounter"}, Methods: posted, Scope: ScopeCode, AffectsState: true,
		Name: "HoldVisit", Title: "Hold a visit back",
		Text: "Keeps a visit from going out until the work that this opens is done: by the answer of whoever did it (a Communication in response to the one that is the Task's focus), by a second coder, or by who holds it. " +
			"Once the claim went out it is a conflict.",
		Parameters: []Parameter{
			{Name: "for", Min: 1, Max: "1", Type: "code", Text: "on-hold, coder-query or second-review."},
			{Name: "text", Min: 1, Max: "1", Type: "string", Text: "Why, or what is asked; it stands in the note of the Task."},
			workItem,
		},
	},
	{
		Code: "submit", Types: []string{"Claim"}, Methods: posted, Scope: ScopeSubmit, AffectsState: true,
		Name: "SubmitClaim", Title: "Submit a claim",
		Text:       "Sends a claim to its payer, once. A claim that its findings hold is refused with them; one that is sent already is given back as it is.",
		Parameters: []Parameter{{Name: "return", Out: true, Min: 1, Max: "1", Type: "Claim", Text: "The Claim as it stands then."}},
	},
	{
		Code: "void", Types: []string{"Claim"}, Methods: posted, Scope: ScopeSubmit, AffectsState: true,
		Name: "VoidClaim", Title: "Void a claim",
		Text: "Has a claim taken back that its payer has: a claim of frequency 8 goes out once an answer gave the payer's number, and when the payer took its answers back nothing of it is left in the books. " +
			"One that is void, or is to be, is given back as it is; where a claim to a next payer goes by it, or something else is decided about it, it is a conflict.",
		Parameters: []Parameter{{Name: "return", Out: true, Min: 1, Max: "1", Type: "Claim", Text: "The Claim as it stands then."}},
	},
	{
		Code: "validate", Types: []string{"Claim"}, Methods: posted, Scope: ScopeValidate, AffectsState: true,
		Name: "ValidateClaim", Title: "Validate a claim",
		Text:       "Checks a claim by the rules of billing. One that is not sent becomes ready or held by what they notice.",
		Parameters: []Parameter{{Name: "return", Out: true, Min: 1, Max: "1", Type: "OperationOutcome", Text: "What the rules notice; one issue of severity information where that is nothing."}},
	},
	{
		Code: "override", Types: []string{"Claim"}, Methods: posted, Scope: ScopeValidate, AffectsState: true,
		Name: "OverrideFinding", Title: "Override a finding",
		Text: "Says of one finding that it does not hold the claim, because the record answers it; it only tells from then on, until the line says something else. A finding that nobody may override is a conflict. " +
			"The role that the finding names may: a coder with operation/code, a biller with operation/submit, a manager with operation/settings.",
		Parameters: []Parameter{
			{Name: "finding", Min: 1, Max: "1", Type: "string", Text: "The mark of the finding, as Claim/{id}/$validate gives it."},
			{Name: "reason", Max: "1", Type: "string", Text: "What the record says; needed unless undo is true. It stays with the finding and in the history of the work."},
			{Name: "undo", Max: "1", Type: "boolean", Text: "Whether an override is taken back."},
			{Name: "return", Out: true, Min: 1, Max: "1", Type: "OperationOutcome", Text: "What the rules notice then."},
		},
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
	collect,
	reversePayment,
	movePayment,
	writeOffInvoice,
	revertWriteOff,
	writeOffBalance,
	revertBalance,
	refundPatient,
	payRefund,
	cancelRefund,
	runStatements,
	statement,
	holdStatements,
	releaseStatements,
	paymentPlan,
	endPaymentPlan,
	dispute,
	closeTill,
	till,
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
			{Name: "decision", Min: 1, Max: "1", Type: "code", Text: "code (with diagnosis and charge), price (with the parameters of $load-fees), recheck, resend, attach (with documents), accept, match (with claim), appeal, write-off, undo (of closed work, whose write-off is taken back), bill-patient, replace (where it says what the visit was, with diagnosis and charge), void, ignore, release, retry, answer, agree, give-back, refund, revert, won or lost (where the patient is charged, with fee)."},
			{Name: "reason", Max: "1", Type: "string", Text: "Why; accept, appeal, write-off, undo, bill-patient, answer, ignore, release, void, give-back, refund, revert, won and lost need it. It stays in the history of the work."},
			diagnoses(0), charges(0), stay(),
			{Name: "claim", Max: "1", Type: "Reference", Text: "The Claim that an answer is to, of the decision match."},
			{Name: "document", Max: "*", Type: "Reference", Text: "A DocumentReference of the patient that the payer is given, of the decision attach."},
			{Name: "fee", Max: "1", Type: "Money", Text: "What the patient is charged for a dispute that is lost, a balance of its own."},
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
			{Name: "clear", Max: "4", Type: "code", Text: "A setting that is to be empty: name, practice, goLive or closedThrough."},
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
			{Name: "csv", Min: 1, Max: "1", Type: "string", Text: "Lines of code,system,modifiers,payer,from,until,amount, of which these words are the first. System is cpt, hcpcs, revenue or empty, modifiers are separated by blanks, amounts are dollars; 0.00 is a price."},
			feeSchedule("1"),
		},
	},
	{
		Code: "payers", Methods: askedPosted, Scope: ScopePayers,
		Name: "Payers", Title: "The payers of the practice",
		Text: "Lists the payer directory with what is known of each payer: facts about what it wants, and who is enrolled with it. What holds for every payer stands under the id *.",
		Parameters: []Parameter{
			{Name: "payer", Max: "1", Type: "string", Text: "The id of one payer; all of them where it is left out."},
			{Name: "on", Max: "1", Type: "date", Text: "Facts and enrolments that hold on this day; those of every day where it is left out."},
			payerEntry,
		},
	},
	{
		Code: "load-payers", Methods: posted, Scope: ScopePayers, AffectsState: true, Media: []string{MediaCSV},
		Name: "LoadPayers", Title: "Load what is known of payers",
		Text: "Takes a file of the payer directory, of facts or of enrolments, as its first line says, in the parameter csv or as the body, text/csv. It replaces the entries it names, all facts of each pair of payer and subject, all enrolments of each payer. " +
			"All is taken or nothing, and every line that is wrong is named. The same again changes nothing. Claims that are not sent are looked at again.",
		Parameters: []Parameter{
			{Name: "csv", Min: 1, Max: "1", Type: "string", Text: "Lines of payer,name,aliases,identifiers,transactions or payer,subject,code,value,from,until or payer,npi,from,until, of which these words are the first."},
			{Name: "changed", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether something stood otherwise before."},
			{Name: "payer", Out: true, Max: "*", Text: "A payer that the file names, as it stands then.", Part: []Parameter{
				{Name: "id", Out: true, Min: 1, Max: "1", Type: "string", Text: "Its id."},
				{Name: "name", Out: true, Max: "1", Type: "string", Text: "Its name."},
				{Name: "facts", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many facts are known of it."},
				{Name: "enrolments", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many enrolments."},
			}},
		},
	},
	authorize, notify, askCoverage,
	contracts, loadContracts, expect, estimateVisit, estimateServices, goodFaithEstimate, requestEstimate, timeline, explain, importBalances, matchDeposit, unmatchDeposit,
	printed, superbill, statementPrinted,
	practiceRules, saveRule, switchRule, tryRule,
	{
		Code: "codes", Methods: asked, Scope: ScopeCodes,
		Name: "CodeReleases", Title: "The releases of code systems and edits",
		Text:       "Lists every release that was loaded of a code system, of edits or of the fee schedule. They are everybody's, whatever the practice.",
		Parameters: []Parameter{codeRelease("*")},
	},
	{
		Code: "load-codes", Methods: posted, Scope: ScopeCodes, AffectsState: true, Media: []string{MediaBytes},
		Name: "LoadCodes", Title: "Load a release of codes",
		Text: "Takes a file as its publisher gives it out, in the parameter content or as the body, application/octet-stream, with the other parameters in the address. All of it is taken or nothing, and the line that is wrong is named. " +
			"The same again changes nothing; another content under the same table and release replaces it. The token needs the scope operation/codes by its name, because releases are everybody's.",
		Parameters: []Parameter{
			{Name: "file", Min: 1, Max: "1", Type: "string", Text: "The name of the file, which tells what its content does not."},
			{Name: "content", Min: 1, Max: "1", Type: "base64Binary", Text: "The file; a ZIP and a .gz are opened."},
			{Name: "table", Max: "1", Type: "string", Text: "The table it is of, or the URL of a code system, where neither name nor content says so."},
			{Name: "release", Max: "1", Type: "string", Text: "What the release is called; else as the file says."},
			{Name: "from", Max: "1", Type: "date", Text: "The first day it is made for; else as the file says."},
			{Name: "until", Max: "1", Type: "date", Text: "The last day it is made for; else as the file says."},
			codeRelease("*"),
		},
	},
	{
		Code: "drop-codes", Methods: posted, Scope: ScopeCodes, AffectsState: true,
		Name: "DropCodes", Title: "Drop a release of codes",
		Text: "Takes a release away; claims are checked without it from then on. The token needs the scope operation/codes by its name.",
		Parameters: []Parameter{
			{Name: "table", Min: 1, Max: "1", Type: "string", Text: "The table, as $codes names it."},
			{Name: "release", Min: 1, Max: "1", Type: "string", Text: "The release, as $codes names it."},
		},
	},
	{
		Code: "lookup", Types: []string{"CodeSystem"}, OnType: true, Methods: askedPosted,
		Name: "LookUpCode", Title: "Look a code up",
		Text: "Gives what a release says about a code: http://hl7.org/fhir/R4/codesystem-operation-lookup.html. Without a release that has it, it is not found.",
		Parameters: append(askedCode(), []Parameter{
			{Name: "name", Out: true, Min: 1, Max: "1", Type: "string", Text: "The code system."},
			{Name: "version", Out: true, Max: "1", Type: "string", Text: "The release that answers."},
			{Name: "display", Out: true, Min: 1, Max: "1", Type: "string", Text: "What the code means."},
			{Name: "designation", Out: true, Max: "*", Text: "What else the release calls it.", Part: []Parameter{
				{Name: "value", Out: true, Min: 1, Max: "1", Type: "string", Text: "The other name."},
			}},
			{Name: "property", Out: true, Max: "*", Text: "notSelectable where the code is a heading; child of a heading, the codes that may stand in its place; effectiveDate and deprecationDate where the release says them.", Part: []Parameter{
				{Name: "code", Out: true, Min: 1, Max: "1", Type: "code", Text: "The property."},
				{Name: "value", Out: true, Max: "1", Type: "string", Text: "Its value: a boolean, a code or a dateTime."},
			}},
		}...),
	},
	{
		Code: "validate-code", Types: []string{"CodeSystem"}, OnType: true, Methods: askedPosted,
		Name: "ValidateCode", Title: "Is a code valid on a day?",
		Text: "Says whether a code may stand on a claim for a service of the day, today where none is given: http://hl7.org/fhir/R4/codesystem-operation-validate-code.html. A heading may not, and the message names codes that may.",
		Parameters: append(askedCode(), []Parameter{
			{Name: "result", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether it may."},
			{Name: "message", Out: true, Max: "1", Type: "string", Text: "Why not, or what nothing here can tell."},
			{Name: "display", Out: true, Max: "1", Type: "string", Text: "What the code means."},
		}...),
	},
	{
		Code: "expand", Types: []string{"ValueSet"}, OnType: true, Methods: askedPosted,
		Name: "ExpandCodes", Title: "Find codes",
		Text: "Lists the codes of a code system (by its URL with ?fhir_vs, or the URL itself) or of a value set that was loaded: http://hl7.org/fhir/R4/valueset-operation-expand.html. Billable codes come first, then headings, which are abstract.",
		Parameters: []Parameter{
			{Name: "url", Min: 1, Max: "1", Type: "uri", Text: "The value set or code system."},
			{Name: "filter", Max: "1", Type: "string", Text: "The beginning of a code, or beginnings of words in any order."},
			{Name: "date", Max: "1", Type: "dateTime", Text: "The day they are to be valid on; today where it is left out."},
			{Name: "offset", Max: "1", Type: "integer", Text: "How many to pass over."},
			{Name: "count", Max: "1", Type: "integer", Text: "How many to give, at most 1,000; 100 where it is left out."},
			{Name: "return", Out: true, Min: 1, Max: "1", Type: "ValueSet", Text: "The ValueSet with its expansion."},
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
	return Parameter{Name: "diagnosis", Min: least, Max: "25", Type: "CodeableConcept", Text: "An ICD-10-CM code, in the order of the claim, twelve at most unless a service has a revenue code; valueCode, valueString and valueCoding are taken too."}
}

func charges(least int) Parameter {
	return Parameter{Name: "charge", Min: least, Max: "*", Text: "One service.", Part: []Parameter{
		{Name: "code", Max: "1", Type: "Coding", Text: "A CPT or HCPCS code with its system, which may be left out where there is a revenue code; valueCodeableConcept is taken too."},
		{Name: "revenue", Max: "1", Type: "code", Text: "A revenue code of four digits, of what a hospital bills."},
		{Name: "modifier", Max: "4", Type: "code", Text: "A modifier of two characters."},
		{Name: "units", Max: "1", Type: "decimal", Text: "How often it was done, also as a positiveInt; 1 where it is left out."},
		{Name: "minutes", Max: "1", Type: "positiveInt", Text: "For how long, of anaesthesia, in place of units."},
		{Name: "drug", Max: "1", Type: "code", Text: "The National Drug Code of what was given: eleven digits, or with hyphens; with drugQuantity."},
		{Name: "drugQuantity", Max: "1", Type: "Quantity", Text: "How much of it, with the UCUM code mL, g, mg, [iU] or {unit}."},
		{Name: "pointer", Max: "4", Type: "positiveInt", Text: "The number of a diagnosis it was done for, counted from 1; the first four where it is left out, none where there is a revenue code."},
		{Name: "serviceDate", Min: 1, Max: "1", Type: "date", Text: "The day it was done."},
	}}
}

var workItem = Parameter{Name: "return", Out: true, Min: 1, Max: "1", Type: "Task", Text: "The Task as it stands then."}

var retried = Parameter{Name: "retried", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many cases have a step that was asked for again."}

// MediaBytes is a file as it is. https://www.iana.org/assignments/media-types/application/octet-stream
const MediaBytes = "application/octet-stream"

// askedCode is the code that an operation is asked about.
func askedCode() []Parameter {
	return []Parameter{
		{Name: "code", Max: "1", Type: "code", Text: "The code, with system; or coding in place of both."},
		{Name: "system", Max: "1", Type: "uri", Text: "The code system. CodeSystem/$validate-code takes url as well."},
		{Name: "url", Max: "1", Type: "uri", Text: "The same as system."},
		{Name: "coding", Max: "1", Type: "Coding", Text: "The code with its system."},
		{Name: "date", Max: "1", Type: "dateTime", Text: "The day; today where it is left out."},
	}
}

// codeRelease is a release as an operation gives it.
func codeRelease(most string) Parameter {
	return Parameter{Name: "release", Out: true, Max: most, Text: "A release.", Part: []Parameter{
		{Name: "table", Out: true, Min: 1, Max: "1", Type: "string", Text: "What it is of."},
		{Name: "name", Out: true, Min: 1, Max: "1", Type: "string", Text: "What it is called."},
		{Name: "from", Out: true, Max: "1", Type: "date", Text: "The first day it is made for; open where it is left out."},
		{Name: "until", Out: true, Max: "1", Type: "date", Text: "The last day it is made for; until the next where it is left out."},
		{Name: "complete", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether what is not in it does not exist."},
		{Name: "rows", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many rows it has."},
		{Name: "billable", Out: true, Max: "1", Type: "unsignedInt", Text: "Of codes, how many may stand on a claim."},
		{Name: "source", Out: true, Max: "1", Type: "string", Text: "The file it came from."},
		{Name: "changed", Out: true, Max: "1", Type: "boolean", Text: "Of a load, whether it changed something."},
	}}
}

// MediaCSV is a body of lines. https://www.rfc-editor.org/rfc/rfc4180
const MediaCSV = "text/csv"

// MediaPDF is what goes by mail. https://www.rfc-editor.org/rfc/rfc8118
const MediaPDF = "application/pdf"

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
		{Name: "reviewShare", Max: "1", Type: "unsignedInt", Text: "Of a hundred visits that a coder coded, how many a second coder looks over before they are sent."},
		{Name: "writeOffMax", Max: "1", Type: "unsignedInt", Text: "Dollars of one claim that a biller may write off; more is a manager's."},
		{Name: "closedThrough", Max: "1", Type: "date", Text: "The last day on which the books are closed, which is over: nothing is posted to it or a day before any more."},
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

// payerEntry is a payer of the directory with what is known of it.
var payerEntry = Parameter{Name: "entry", Out: true, Max: "*", Text: "A payer.", Part: []Parameter{
	{Name: "id", Out: true, Min: 1, Max: "1", Type: "string", Text: "The id of its Organization, or * for every payer that has no fact of its own."},
	{Name: "name", Out: true, Max: "1", Type: "string", Text: "Its name."},
	{Name: "alias", Out: true, Max: "*", Type: "string", Text: "What else it is called."},
	{Name: "identifier", Out: true, Max: "*", Type: "string", Text: "Its number, as system|value."},
	{Name: "transaction", Out: true, Max: "*", Type: "code", Text: "A transaction of X12 that it takes."},
	{Name: "fact", Out: true, Max: "*", Text: "What it wants.", Part: []Parameter{
		{Name: "subject", Out: true, Min: 1, Max: "1", Type: "code", Text: "What the fact is about."},
		{Name: "code", Out: true, Max: "1", Type: "string", Text: "The service or range of services; every one where it is left out."},
		{Name: "value", Out: true, Min: 1, Max: "1", Type: "string", Text: "What it says."},
		{Name: "from", Out: true, Max: "1", Type: "date", Text: "The first day of service on which it holds."},
		{Name: "until", Out: true, Max: "1", Type: "date", Text: "The last one."},
	}},
	{Name: "enrolment", Out: true, Max: "*", Text: "A provider whose claims it takes.", Part: []Parameter{
		{Name: "npi", Out: true, Min: 1, Max: "1", Type: "string", Text: "The provider's NPI."},
		{Name: "from", Out: true, Max: "1", Type: "date", Text: "The first day of service."},
		{Name: "until", Out: true, Max: "1", Type: "date", Text: "The last one."},
	}},
}}

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
