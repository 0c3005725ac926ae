package scrub

// Rules whose data comes with later work; wants says what they wait for.
const ruleConsent = "scrub.consent"
