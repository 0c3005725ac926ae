package operation

var explain = Operation{
	Code: "explain", Types: []string{"Claim", "Invoice", "Account"}, Methods: asked, ByReading: []string{"Account"}, OfOffice: true,
	Name: "Explain", Title: "What an amount is made of",
	Text: "Lists the journal entries behind the amounts that a record shows, in the order of the journal, each with the document and the element that it came from: of a Claim what the books hold about it and its charges, " +
		"of an Invoice what they hold about the charges that it bills, of an Account all about the patient. They sum to the balances. For those who may read the tenant's Accounts and the record. It changes nothing.",
	Parameters: []Parameter{
		{Name: "line", Max: "1", Type: "integer", Text: "The sequence of a line of a Claim or an Invoice; all of it where it is left out."},
		{Name: "account", Max: "1", Type: "string", Text: "A ledger account, as AR:Patient; all of them where it is left out."},
		{Name: "balance", Out: true, Max: "*", Text: "What the postings come to on an account.", Part: []Parameter{
			{Name: "account", Out: true, Min: 1, Max: "1", Type: "string", Text: "The account."},
			{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "Their sum; positive is a debit."},
		}},
		{Name: "posting", Out: true, Max: "*", Text: "A line of a journal entry.", Part: []Parameter{
			{Name: "entry", Out: true, Min: 1, Max: "1", Type: "string", Text: "The id of the entry."},
			{Name: "kind", Out: true, Min: 1, Max: "1", Type: "code", Text: "The event that it records."},
			{Name: "day", Out: true, Min: 1, Max: "1", Type: "date", Text: "The day that it counts for."},
			{Name: "account", Out: true, Min: 1, Max: "1", Type: "string", Text: "The account."},
			{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "Positive is a debit."},
			{Name: "cause", Out: true, Min: 1, Max: "1", Type: "string", Text: "What made the entry, unique in the tenant."},
			{Name: "reverses", Out: true, Max: "1", Type: "string", Text: "The id of the entry that it mirrors."},
			{Name: "charge", Out: true, Max: "1", Type: "Reference", Text: "The ChargeItem that it is about."},
			{Name: "from", Out: true, Max: "1", Type: "Reference", Text: "The document that it came from."},
			{Name: "path", Out: true, Max: "1", Type: "string", Text: "The element there, as FHIRPath."},
		}},
	},
}

var timeline = Operation{
	Code: "timeline", Types: []string{"Claim"}, Methods: asked, Scope: ScopeValidate,
	Name: "ClaimTimeline", Title: "How a claim came to where it is",
	Text: "Lists every state that a claim came to, the first one first: when, by whom, and from what document. It changes nothing. A claim that records billing done elsewhere has none.",
	Parameters: []Parameter{
		{Name: "state", Out: true, Max: "*", Text: "A state that it came to.", Part: []Parameter{
			{Name: "state", Out: true, Min: 1, Max: "1", Type: "code", Text: "The state, as the extension claim-state says it."},
			{Name: "at", Out: true, Min: 1, Max: "1", Type: "instant", Text: "When."},
			{Name: "by", Out: true, Max: "1", Type: "string", Text: "The user or the client that it was done for."},
			{Name: "from", Out: true, Max: "1", Type: "Reference", Text: "The ClaimResponse or the decided Task that it followed from; left out where a step or who asked did it."},
		}},
	},
}
