package operation

var importBalances = Operation{
	Code: "import-balances", Methods: posted, Scope: ScopeOpenings, AffectsState: true, Media: []string{MediaCSV},
	Name: "ImportBalances", Title: "Take over what was due from before",
	Text: "Takes a file of balances that payers and patients still owed when the practice moved in, in the parameter csv or as the body, text/csv. What a payer owes becomes a claim under its number that the payer has and may answer, " +
		"what a patient owes shows on the next invoice. It is no revenue. All is taken or nothing, and every line that is wrong is named with its column. The same again changes nothing.",
	Parameters: []Parameter{
		{Name: "csv", Min: 1, Max: "1", Type: "string", Text: "Lines of patient,payer,coverage,number,payer_number,service_date,system,code,amount, of which these words are the first, in any order. Payer is empty where the patient owes the amount, coverage where the one in force is meant, system (cpt or hcpcs) and code where nobody says what it was for; the amount is dollars."},
		{Name: "opened", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many balances were taken over."},
		{Name: "known", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many stood here already, as they are."},
		{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What those that were taken over come to."},
	},
}
