package operation

var contracts = Operation{
	Code: "contracts", Methods: askedPosted, Scope: ScopeContracts,
	Name: "Contracts", Title: "The contracts with payers",
	Text: "Lists what payers agreed to allow: the contracts of the practice, and where one is named its rates.",
	Parameters: []Parameter{
		{Name: "contract", Max: "1", Type: "string", Text: "The name of one contract, which is given with its rates; all of them without where it is left out."},
		{Name: "on", Max: "1", Type: "date", Text: "Contracts and rates that hold on this day; those of every day where it is left out."},
		{Name: "entry", Out: true, Max: "*", Text: "A contract.", Part: []Parameter{
			{Name: "id", Out: true, Min: 1, Max: "1", Type: "string", Text: "What the practice calls it."},
			{Name: "payer", Out: true, Min: 1, Max: "1", Type: "Reference", Text: "The payer's Organization."},
			{Name: "name", Out: true, Min: 1, Max: "1", Type: "string", Text: "Its title."},
			{Name: "from", Out: true, Max: "1", Type: "date", Text: "The first day of service on which it holds."},
			{Name: "until", Out: true, Max: "1", Type: "date", Text: "The last one."},
			{Name: "lesser", Out: true, Min: 1, Max: "1", Type: "code", Text: "Whether the charge counts where it is less: by line, by claim, or never."},
			{Name: "policy", Out: true, Min: 1, Max: "1", Type: "code", Text: "medicare, by whose rules modifiers and several procedures of a day change a rate, or none."},
			{Name: "tolerance", Out: true, Min: 1, Max: "1", Type: "string", Text: "By how many dollars an answer may lie below what is expected,"},
			{Name: "tolerancePercent", Out: true, Min: 1, Max: "1", Type: "string", Text: "or by what share of it, whichever is more."},
			{Name: "disputeDays", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "Days from an answer until it is disputed too late."},
			{Name: "locality", Out: true, Max: "1", Type: "string", Text: "Carrier and locality of Medicare; the nation where it is left out."},
			{Name: "scheduleDay", Out: true, Max: "1", Type: "date", Text: "The day whose fee schedule of Medicare's counts; that of the service where it is left out."},
			{Name: "conversion", Out: true, Max: "1", Type: "string", Text: "The conversion factor; the fee schedule's own where it is left out."},
			{Name: "base", Out: true, Max: "1", Type: "string", Text: "Dollars for a DRG of weight 1."},
			{Name: "rates", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many rates it has, on whatever day."},
			{Name: "rate", Out: true, Max: "*", Text: "A rate.", Part: []Parameter{
				{Name: "line", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "The line of the file that it came from."},
				{Name: "kind", Out: true, Min: 1, Max: "1", Type: "code", Text: "What its value is."},
				{Name: "code", Out: true, Max: "1", Type: "string", Text: "The service or range of services; every one where it is left out."},
				{Name: "modifier", Out: true, Max: "4", Type: "code", Text: "What has to stand on the line."},
				{Name: "place", Out: true, Max: "1", Type: "code", Text: "The place of service."},
				{Name: "provider", Out: true, Max: "1", Type: "string", Text: "Who does it."},
				{Name: "value", Out: true, Min: 1, Max: "1", Type: "string", Text: "Dollars, percent or a weight."},
				{Name: "from", Out: true, Max: "1", Type: "date", Text: "The first day of service."},
				{Name: "until", Out: true, Max: "1", Type: "date", Text: "The last one."},
			}},
		}},
	},
}

var loadContracts = Operation{
	Code: "load-contracts", Methods: posted, Scope: ScopeContracts, AffectsState: true, Media: []string{MediaCSV},
	Name: "LoadContracts", Title: "Load contracts with payers",
	Text: "Takes a file of contracts, or of the rates of contracts, as its first line says, in the parameter csv or as the body, text/csv. It replaces the contracts it names, or all rates of each of them. " +
		"All is taken or nothing, and every line that is wrong is named. The same again changes nothing.",
	Parameters: []Parameter{
		{Name: "csv", Min: 1, Max: "1", Type: "string", Text: "Lines of contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base or contract,kind,code,modifiers,place,provider,value,from,until, of which these words are the first."},
		{Name: "changed", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether something stood otherwise before."},
		{Name: "contract", Out: true, Max: "*", Text: "A contract that the file names, as it stands then.", Part: []Parameter{
			{Name: "id", Out: true, Min: 1, Max: "1", Type: "string", Text: "What the practice calls it."},
			{Name: "name", Out: true, Max: "1", Type: "string", Text: "Its title; left out where the contract was taken away."},
			{Name: "rates", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many rates it has."},
		}},
	},
}

var expect = Operation{
	Code: "expect", Types: []string{"Claim"}, Methods: posted, Scope: ScopeSubmit,
	Name: "ExpectClaim", Title: "What a claim is expected to be allowed",
	Text: "Says what the payer of a claim is expected to allow by its contract, and how each amount comes about. Where no contract holds or no rate says what a service comes to, that is said, and nothing is expected. It changes nothing.",
	Parameters: []Parameter{
		{Name: "known", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether what is expected of every line is known."},
		{Name: "billed", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What the claim asks for."},
		{Name: "allowed", Out: true, Max: "1", Type: "Money", Text: "What is expected of the claim; left out where it is not known."},
		{Name: "line", Out: true, Max: "*", Text: "A line of the claim.", Part: []Parameter{
			{Name: "sequence", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "Its sequence."},
			{Name: "contract", Out: true, Max: "1", Type: "string", Text: "The contract of its day; left out where there is none."},
			{Name: "billed", Out: true, Min: 1, Max: "1", Type: "Money", Text: "What it asks for."},
			{Name: "allowed", Out: true, Max: "1", Type: "Money", Text: "What is expected of it; left out where it is not known."},
			{Name: "ofClaim", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether the amount is the line's part of a rate for the whole claim."},
			{Name: "step", Out: true, Max: "*", Text: "How it comes about, in order; the last one has the amount, or says why there is none.", Part: []Parameter{
				{Name: "text", Out: true, Min: 1, Max: "1", Type: "string", Text: "What was applied."},
				{Name: "source", Out: true, Max: "1", Type: "string", Text: "The contract's line or the release that it goes by."},
				{Name: "amount", Out: true, Max: "1", Type: "Money", Text: "The amount after it."},
			}},
		}},
	},
}
