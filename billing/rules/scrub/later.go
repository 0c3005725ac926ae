package scrub

// Rules whose data comes with later work; wants says what they wait for.
const (
	ruleOrder   = "scrub.coordination"
	ruleConsent = "scrub.consent"
)
