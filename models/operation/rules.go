package operation

// ruleSays are the parameters that say what a rule of a practice is to do; least is how often those must stand that it needs.
func ruleSays(least int) []Parameter {
	return []Parameter{
		{Name: "when", Min: least, Max: "1", Type: "string", Text: "When it applies: a condition in CEL over the claim; docs/rules.md names what it may say."},
		{Name: "each", Min: least, Max: "1", Type: "code", Text: "What it looks at one by one: claim or line."},
		{Name: "action", Min: least, Max: "1", Type: "code", Text: "What comes of it: error, hold, warning, set-modifier or route."},
		{Name: "argument", Max: "1", Type: "string", Text: "Of set-modifier the modifier; of route coder, biller, frontdesk, manager or a label."},
		{Name: "validFrom", Max: "1", Type: "date", Text: "The first day of service for which it holds; open where it is left out."},
		{Name: "validUntil", Max: "1", Type: "date", Text: "The last day."},
	}
}

// ruleExample is an example beside a rule.
func ruleExample(out bool, least int) Parameter {
	return Parameter{Name: "example", Out: out, Min: least, Max: "*", Text: "A small claim, and where the rule acts on it.", Part: []Parameter{
		{Name: "title", Out: out, Min: 1, Max: "1", Type: "string", Text: "What it shows."},
		{Name: "view", Out: out, Min: 1, Max: "1", Type: "string", Text: "The claim as JSON, in the words of the condition."},
		{Name: "acts", Out: out, Max: "*", Type: "string", Text: "claim, or line 2 and the like; line 2 held where its modifier cannot stand. Nowhere where it is left out."},
	}}
}

// ruleEntry is a version of a rule as it stands.
func ruleEntry(most string) Parameter {
	entry := Parameter{Name: "rule", Out: true, Max: most, Text: "A version of a rule as it stands.", Part: []Parameter{
		{Name: "id", Min: 1, Max: "1", Type: "string", Text: "The practice's short name for it."},
		{Name: "version", Min: 1, Max: "1", Type: "unsignedInt", Text: "From 1; what a version says never changes."},
		{Name: "state", Min: 1, Max: "1", Type: "code", Text: "draft, on or off."},
		{Name: "title", Min: 1, Max: "1", Type: "string", Text: "What its finding says."},
		{Name: "text", Min: 1, Max: "1", Type: "string", Text: "Why, and what to do."},
	}}
	entry.Part = append(entry.Part, ruleSays(1)...)
	entry.Part = append(entry.Part, ruleExample(true, 0),
		Parameter{Name: "savedBy", Max: "1", Type: "string", Text: "Who saved it."},
		Parameter{Name: "saved", Max: "1", Type: "instant", Text: "When."},
		Parameter{Name: "switchedBy", Max: "1", Type: "string", Text: "Who switched it last."},
		Parameter{Name: "switched", Max: "1", Type: "instant", Text: "When."})
	for i := range entry.Part {
		entry.Part[i].Out = true
	}
	return entry
}

// changedRule is what a call gives that saves or switches a rule.
var changedRule = []Parameter{
	{Name: "changed", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether something stood otherwise before."},
	ruleEntry("1"),
}

// The operations on the rules that a practice writes.
var (
	practiceRules = Operation{
		Code: "rules", Methods: askedPosted, Scope: ScopeTryRules,
		Name: "PracticeRules", Title: "The rules of the practice",
		Text: "Lists the rules that the practice wrote: of each the version that is on and the one that was saved last. With an id, the versions of one rule, the last first, a hundred at once.",
		Parameters: []Parameter{
			{Name: "id", Max: "1", Type: "string", Text: "One rule; all of them where it is left out."},
			{Name: "before", Max: "1", Type: "integer", Text: "With an id: versions older than this one."},
			ruleEntry("*"),
			{Name: "documentation", Out: true, Max: "1", Type: "string", Text: "The rules as a document for people, in Markdown; without an id."},
		},
	}
	saveRule = Operation{
		Code: "save-rule", Methods: posted, Scope: ScopeRules, AffectsState: true,
		Name: "SavePracticeRule", Title: "Save a rule of the practice",
		Text: "Keeps a new version of a rule as a draft; what is on stays on until the new version is switched on. The rule runs over its examples first, and is refused where something else comes of them than they say. " +
			"A misspelt name is refused with its line and column. What the last version says already changes nothing.",
		Parameters: append(append([]Parameter{
			{Name: "id", Min: 1, Max: "1", Type: "string", Text: "The practice's short name for it: small letters, digits and hyphens."},
			{Name: "title", Min: 1, Max: "1", Type: "string", Text: "What its finding says. It names no patient."},
			{Name: "text", Min: 1, Max: "1", Type: "string", Text: "Why, and what to do. It names no patient."},
		}, append(ruleSays(1), ruleExample(false, 1))...), changedRule...),
	}
	switchRule = Operation{
		Code: "switch-rule", Methods: posted, Scope: ScopeRules, AffectsState: true,
		Name: "SwitchPracticeRule", Title: "Switch a rule of the practice on or off",
		Text: "Switches a version of a rule on, in place of the one that is on, or the rule off. Claims that are not sent are looked at again. What stands so changes nothing.",
		Parameters: append([]Parameter{
			{Name: "id", Min: 1, Max: "1", Type: "string", Text: "The rule."},
			{Name: "version", Max: "1", Type: "integer", Text: "Which version; the last one where it is left out, and of off the one that is on."},
			{Name: "state", Min: 1, Max: "1", Type: "code", Text: "on or off."},
		}, changedRule...),
	}
	tryRule = Operation{
		Code: "try-rule", Methods: posted, Scope: ScopeTryRules,
		Name: "TryPracticeRule", Title: "Try a rule on claims that there are",
		Text: "Runs a rule, saved or only sent, over the claims whose services begin in some days, sent or not, by the records as they are now, and gives those on which it would act. It changes nothing. " +
			"One call looks at five thousand claims; next says where to go on.",
		Parameters: append(append([]Parameter{
			{Name: "from", Min: 1, Max: "1", Type: "date", Text: "The first day."},
			{Name: "until", Min: 1, Max: "1", Type: "date", Text: "The last day."},
			{Name: "after", Max: "1", Type: "string", Text: "What an earlier answer said is next."},
			{Name: "id", Max: "1", Type: "string", Text: "A saved rule, where no condition is sent."},
			{Name: "version", Max: "1", Type: "integer", Text: "Which version of it; the last one where it is left out."},
		}, ruleSays(0)...), []Parameter{
			{Name: "looked", Out: true, Min: 1, Max: "1", Type: "unsignedInt", Text: "How many claims were looked at."},
			{Name: "more", Out: true, Min: 1, Max: "1", Type: "boolean", Text: "Whether there are claims that were not."},
			{Name: "next", Out: true, Max: "1", Type: "string", Text: "Where to go on, as the parameter after."},
			{Name: "hit", Out: true, Max: "*", Text: "A claim on which the rule would act.", Part: []Parameter{
				{Name: "claim", Out: true, Min: 1, Max: "1", Type: "Reference", Text: "The Claim."},
				{Name: "state", Out: true, Min: 1, Max: "1", Type: "code", Text: "How it stands."},
				{Name: "finding", Out: true, Min: 1, Max: "*", Text: "What would come of it.", Part: []Parameter{
					{Name: "severity", Out: true, Min: 1, Max: "1", Type: "code", Text: "error holds the claim; warning tells; information is a modifier that is set."},
					{Name: "path", Out: true, Min: 1, Max: "1", Type: "string", Text: "Where: FHIRPath in the Claim."},
					{Name: "text", Out: true, Min: 1, Max: "1", Type: "string", Text: "What."},
				}},
			}},
		}...),
	}
)
