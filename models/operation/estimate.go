package operation

var estimateVisit = Operation{
	Code: "estimate", Types: []string{"Encounter"}, Methods: askedPosted, Scope: ScopePay,
	Name: "EstimateVisit", Title: "What a patient will owe of a visit",
	Text: "Says what the patient of a visit whose claims are made is expected to owe, by each plan that pays first: from what its contract allows, or the charge where none says, and what its payer said last of deductible, copay, coinsurance and the most that is paid " +
		"in a year, within the network; of what no plan pays, the charges. Once the payer has judged it, what that left stands beside it. It changes nothing.",
	Parameters: []Parameter{estimated("*")},
}

var estimateServices = Operation{
	Code: "estimate", Types: []string{"Patient"}, Methods: posted, Scope: ScopePay,
	Name: "EstimateServices", Title: "What a patient will owe of services that nobody did yet",
	Text: "Says what a patient is expected to owe of services before a visit is coded: prices are those of the practice's fee schedules, and all else is as for a visit, under the plan that is named or pays first on the day. " +
		"A service without a price, a code that is none on the day and a day on which it is unclear who pays are refused. It changes nothing.",
	Parameters: append(planned(),
		Parameter{Name: "on", Min: 1, Max: "1", Type: "date", Text: "The day of the services."},
		Parameter{Name: "coverage", Max: "1", Type: "Reference", Text: "The plan; the one that pays first on the day where it is left out."},
		estimated("1")),
}

var goodFaithEstimate = Operation{
	Code: "good-faith-estimate", Types: []string{"Patient"}, Methods: posted, Scope: ScopePay, AffectsState: true,
	Name: "GoodFaithEstimate", Title: "A good faith estimate for who pays for himself",
	Text: "Makes a good faith estimate (45 CFR 149.610) of the practice's own services at its own prices: a Claim whose use is predetermination, in the form of Da Vinci PCT, which asks for nothing and is not in the books. " +
		"It counts for the visit that its appointment becomes, else for the patient's visit of the day: an invoice of 400.00 or more above it is held. For the desks, not for a patient's own token.",
	Parameters: append(planned(),
		Parameter{Name: "on", Max: "1", Type: "date", Text: "The day of the services; that of the appointment where it is left out."},
		Parameter{Name: "appointment", Max: "1", Type: "Reference", Text: "The Appointment for which they are scheduled."},
		Parameter{Name: "provider", Max: "1", Type: "Reference", Text: "The Organization that bills for them; the practice where it is left out."},
		Parameter{Name: "prepayment", Max: "1", Type: "Money", Text: "What the patient is asked to pay before, at most the total. It is shown to the patient, who pays it by $collect for the appointment, and not owed."},
		Parameter{Name: "return", Out: true, Min: 1, Max: "1", Type: "Claim", Text: "The estimate."}),
}

var requestEstimate = Operation{
	Code: "request-estimate", Types: []string{"Patient"}, Methods: posted, Scope: ScopePay, AffectsState: true,
	Name: "RequestEstimate", Title: "Ask for a good faith estimate",
	Text:       "Asks the front desk for a good faith estimate, within three business days; who asks again before it is made is told the same day. For the patient's own token, and for a desk that is asked.",
	Parameters: []Parameter{{Name: "due", Out: true, Min: 1, Max: "1", Type: "date", Text: "Until when it is to be made."}},
}

// planned are services that nobody did yet.
func planned() []Parameter {
	return []Parameter{
		{Name: "service", Min: 1, Max: "*", Text: "One service.", Part: []Parameter{
			{Name: "code", Min: 1, Max: "1", Type: "Coding", Text: "A CPT or HCPCS code with its system; valueCodeableConcept is taken too."},
			{Name: "modifier", Max: "4", Type: "code", Text: "A modifier of two characters."},
			{Name: "units", Max: "1", Type: "decimal", Text: "How often it is done, also as a positiveInt; 1 where it is left out."},
			{Name: "charge", Max: "1", Type: "Money", Text: "What all of it costs where no fee schedule has a price of it."},
		}},
		{Name: "place", Max: "1", Type: "code", Text: "The place of service, two digits; 11, an office, where it is left out."},
		{Name: "practitioner", Max: "1", Type: "Reference", Text: "The Practitioner who does them."},
	}
}

// estimated is what is expected under a plan.
func estimated(most string) Parameter {
	return Parameter{Name: "estimate", Out: true, Max: most, Text: "What is expected under a plan.", Part: []Parameter{
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
			{Name: "sequence", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "Its number, from 1."},
			{Name: "charge", Out: true, Max: "1", Type: "Reference", Text: "Its ChargeItem; left out where nobody did it yet."},
			{Name: "allowed", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What is allowed of it."},
			{Name: "patient", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What the patient will owe of it."},
		}},
		{Name: "step", Out: true, Max: "*", Text: "How it comes about; what follows the first amount sums to the total.", Part: []Parameter{
			{Name: "text", Out: true, Min: 1, Max: "1", Type: "string", Text: "What was applied."},
			{Name: "amount", Out: true, Min: 1, Max: "1", Type: "Money", Text: "The amount."},
		}},
	}}
}
