package operation

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
