package operation

var estimate = Operation{
	Code: "estimate", Types: []string{"Encounter"}, Methods: askedPosted, Scope: ScopePay,
	Name: "EstimateVisit", Title: "What a patient will owe of a visit",
	Text: "Says what the patient of a visit whose claims are made is expected to owe, by each plan that pays first: from what its contract allows, or the charge where none says, and what its payer said last of deductible, copay, coinsurance and the most that is paid " +
		"in a year, within the network; of what no plan pays, the charges. Once the payer has judged it, what that left stands beside it. It changes nothing.",
	Parameters: []Parameter{
		{Name: "estimate", Out: true, Max: "*", Text: "What is expected under a plan.", Part: []Parameter{
			{Name: "coverage", Out: true, Max: "1", Type: "Reference", Text: "The plan; left out where none pays."},
			{Name: "response", Out: true, Max: "1", Type: "Reference", Text: "The CoverageEligibilityResponse that it goes by; left out where the payer said nothing of the plan, so that its terms count as none."},
			{Name: "checked", Out: true, Max: "1", Type: "date", Text: "When the payer said it."},
			{Name: "known", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether terms and amounts are known, and not taken as none and as the charges."},
			{Name: "total", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What the patient will owe."},
			{Name: "allowed", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What is allowed of the services."},
			{Name: "deductible", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What of it the deductible takes."},
			{Name: "copay", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What the copay takes."},
			{Name: "coinsurance", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What the coinsurance takes."},
			{Name: "capped", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What the most that is paid in a year takes off."},
			{Name: "actual", Out: true, Max: "1", Type: "Money", Text: "What the payer left to the patient or the next plan; left out until it judged all of it."},
			{Name: "line", Out: true, Max: "*", Text: "A service.", Part: []Parameter{
				{Name: "charge", Out: true, Min: 1, Max: "1", Type: "Reference", Text: "Its ChargeItem."},
				{Name: "allowed", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What is allowed of it."},
				{Name: "patient", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What the patient will owe of it."},
			}},
			{Name: "step", Out: true, Max: "*", Text: "How it comes about; what follows the first amount sums to the total.", Part: []Parameter{
				{Name: "text", Out: true, Min: 1, Max: "1", Type: "string", Text: "What was applied."},
				{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "The amount."},
			}},
		}},
	},
}
