package operation

// tillClose is how a till was closed for a day.
func tillClose(most string) Parameter {
	amount := func(name, text string) Parameter {
		return Parameter{Name: name, Out: true, Max: "*", Text: text, Part: []Parameter{
			{Name: "method", Out: true, Min: 1, Max: "1", Type: "code", Text: "cash, check or other."},
			{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "How much, in USD."},
		}}
	}
	return Parameter{Name: "close", Out: true, Max: most, Text: "A till that was closed for a day.", Part: []Parameter{
		{Name: "till", Out: true, Max: "1", Type: "string", Text: "Its name; left out where the desk has one only."},
		{Name: "day", Out: true, Min: 1, Max: "1", Type: "date", Text: "The day."},
		amount("expected", "What its payments of the day come to."),
		amount("counted", "What was in it."),
		{Name: "difference", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What was counted beyond what was expected, below zero where something is missing."},
		{Name: "who", Out: true, Max: "1", Type: "string", Text: "Who closed it."},
	}}
}

var closeTill = Operation{
	Code: "close-till", Methods: posted, Scope: ScopePay, AffectsState: true,
	Name: "CloseTill", Title: "Close a till for a day",
	Text: "Says what was counted in a till at the end of a business day, beside what its payments of the day by cash, check and otherwise come to. A difference is posted, so that the drawer holds in the books what was counted. " +
		"The same again changes nothing; other figures of a day that is closed are a conflict. What the till takes afterwards counts for the next day. For the practice's front desk, biller, manager and administrator.",
	Parameters: []Parameter{
		{Name: "till", Max: "1", Type: "string", Text: "The till; left out where the desk has one only."},
		{Name: "day", Max: "1", Type: "date", Text: "The business day; today where it is left out."},
		{Name: "cash", Min: 1, Max: "1", Type: "Money", Text: "The cash that was counted, without what the day began with."},
		{Name: "checks", Min: 1, Max: "1", Type: "Money", Text: "What the checks come to."},
		{Name: "other", Max: "1", Type: "Money", Text: "What else was in it; nothing where it is left out."},
		tillClose("1"),
	},
}

var till = Operation{
	Code: "till", Methods: askedPosted, Scope: ScopePay,
	Name: "Till", Title: "How a till was closed",
	Text: "Lists the days for which a till was closed, the latest first, at most 366 of them.",
	Parameters: []Parameter{
		{Name: "till", Max: "1", Type: "string", Text: "The till; left out where the desk has one only."},
		{Name: "from", Max: "1", Type: "date", Text: "The first day; open where it is left out."},
		{Name: "until", Max: "1", Type: "date", Text: "The last day; open where it is left out."},
		tillClose("*"),
	},
}
