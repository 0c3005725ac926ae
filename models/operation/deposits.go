package operation

var matchDeposit = Operation{
	Code: "match-deposit", Methods: posted, Scope: ScopeDeposits, AffectsState: true,
	Name: "MatchDeposit", Title: "Say what a deposit pays",
	Text: "Says of a deposit of the bank what it pays, to the cent: payments of payers, each whole, and beside them cards that a processor settled and what lay in the till. What was to be done about it and about what it pays is done then. " +
		"One of which that is known is a conflict.",
	Parameters: []Parameter{
		{Name: "deposit", Min: 1, Max: "1", Type: "string", Text: "The id of the deposit, as POST /deposits gives it."},
		{Name: "remittance", Max: "*", Type: "Reference", Text: "A PaymentReconciliation that it pays."},
		{Name: "card", Max: "1", Type: "Money", Text: "What of it a processor settled of cards, after its fee."},
		{Name: "fee", Max: "1", Type: "Money", Text: "What the processor kept back of them."},
		{Name: "till", Max: "1", Type: "Money", Text: "What of it lay in the till."},
		depositGiven,
	},
}

var unmatchDeposit = Operation{
	Code: "unmatch-deposit", Methods: posted, Scope: ScopeDeposits, AffectsState: true,
	Name: "UnmatchDeposit", Title: "Take back what a deposit pays",
	Text: "Takes back what a deposit was said to pay: the books are as before, and people are asked about it and about what it paid. One of which nothing was said is a conflict.",
	Parameters: []Parameter{
		{Name: "deposit", Min: 1, Max: "1", Type: "string", Text: "The id of the deposit."},
		depositGiven,
	},
}

// depositGiven is a deposit as it stands.
var depositGiven = Parameter{Name: "deposit", Out: true, Min: 1, Max: "1", Text: "The deposit as it stands then.", Part: []Parameter{
	{Name: "id", Out: true, Min: 1, Max: "1", Type: "string", Text: "The id."},
	{Name: "date", Out: true, Min: 1, Max: "1", Type: "date", Text: "The bank's day."},
	{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What came in."},
	{Name: "state", Out: true, Min: 1, Max: "1", Type: "code", Text: "matched or unmatched."},
	{Name: "trace", Out: true, Max: "1", Type: "string", Text: "The payer's number of the payment."},
	{Name: "reference", Out: true, Max: "1", Type: "string", Text: "The bank's number of it."},
	{Name: "payer", Out: true, Max: "1", Type: "Reference", Text: "The Organization whose payment it is said to be."},
	{Name: "text", Out: true, Max: "1", Type: "string", Text: "The bank's words."},
	{Name: "pays", Out: true, Max: "*", Text: "A part of it and what that pays.", Part: []Parameter{
		{Name: "kind", Out: true, Min: 1, Max: "1", Type: "code", Text: "remittance, card or till."},
		{Name: "remittance", Out: true, Max: "1", Type: "Reference", Text: "The PaymentReconciliation."},
		{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "The part."},
		{Name: "fee", Out: true, Max: "1", Type: "Money", Text: "What the processor of cards kept back beside it."},
	}},
}}
