package operation

var authorize = Operation{
	Code: "authorize", Types: []string{"Claim"}, Methods: posted, Scope: ScopeSubmit, AffectsState: true,
	Name: "AuthorizeClaim", Title: "Say by which number a claim is authorized",
	Text: "Writes the number on a claim by which its payer authorized what it asks for, in place of those that the payer's answers to requests gave. It goes out with the claim, and counts for all of its lines. A claim that went out is a conflict.",
	Parameters: []Parameter{
		{Name: "number", Max: "1", Type: "string", Text: "The payer's number; where it is left out, what was said before is taken back."},
		{Name: "return", Out: true, Min: 1, Max: "1", Type: "Claim", Text: "The Claim as it stands then."},
	},
}

// notify is what a payer's Subscription calls. http://hl7.org/fhir/us/davinci-pas
var notify = Operation{
	Code: "notify", Types: []string{"ClaimResponse"}, OnType: true, Methods: posted, ByCreating: true, AffectsState: true,
	Name: "NotifyAuthorization", Title: "Tell what was decided about requests for authorization",
	Text: "Takes what a payer's server says to requests of use preauthorization when it decides, with that server's own addresses: a ClaimResponse, a Bundle that holds some, or Parameters that hold that. " +
		"Each names the identifier of the request that it is to. All are taken or none. For those who may create a ClaimResponse.",
	Parameters: []Parameter{
		{Name: "notice", Min: 1, Max: "1", Type: "Bundle", Text: "What is told; it may be the body itself."},
		{Name: "request", Out: true, Min: 1, Max: "*", Type: "Reference", Text: "A Claim that was answered."},
	},
}

// askCoverage is R4's own. https://hl7.org/fhir/R4/coverageeligibilityrequest-operation-submit.html
var askCoverage = Operation{
	Code: "submit", Types: []string{"CoverageEligibilityRequest"}, OnType: true, Methods: posted, ByCreating: true, AffectsState: true,
	Name: "SubmitCoverageEligibilityRequest", Title: "Ask a payer what a plan covers",
	Text: "Keeps a question as creating it does, and waits up to 20 seconds for its payer's answer. Where none comes in that time the status is 202, with the question as it is kept; the answer is found then by its request.",
	Parameters: []Parameter{
		{Name: "resource", Min: 1, Max: "1", Type: "CoverageEligibilityRequest", Text: "The question; it may be the body itself."},
		{Name: "return", Out: true, Min: 1, Max: "1", Type: "CoverageEligibilityResponse", Text: "What the payer says."},
	},
}
