package intake

import (
	"encoding/json"
	"strconv"

	"medbill/fhir"
	"medbill/models"
)

// RuleTrial is what $try-rule asks for.
type RuleTrial struct {
	Rule  models.PracticeRule
	Days  models.Span
	After models.ClaimID
}

// PracticeRule reads the Parameters of $save-rule: rule, title, text, eachLine, when, action, value, from, until and example (repeated, with
// the parts name, claim as JSON text and finds). It refuses unknown and repeated parameters; what a rule may be is the use case's to say.
func PracticeRule(d *fhir.Document) (models.PracticeRule, error) {
	trial, err := ruleTrial(d, false)
	return trial.Rule, err
}

// Trial reads the Parameters of $try-rule: those of $save-rule, and served-from, served-until and after.
func Trial(d *fhir.Document) (RuleTrial, error) { return ruleTrial(d, true) }

func ruleTrial(d *fhir.Document, isTrial bool) (RuleTrial, error) {
	r, t := &refusals{}, RuleTrial{}
	seen := map[string]bool{}
	for p := range rootOf(d, "Parameters").each("parameter") {
		name := p.Get("name").Text()
		if name == "example" {
			t.Rule.Examples = append(t.Rule.Examples, r.example(p))
			continue
		}
		if r.once(p, name, seen) && !r.ruled(p, name, &t.Rule) && !(isTrial && r.tried(p, name, &t)) {
			r.invalid("invalid", p.path, "This parameter is unknown; the OperationDefinition lists those that are.")
		}
	}
	for _, name := range []string{"rule", "title", "text", "when", "action"} {
		r.needed(seen, "Parameters.parameter", name, "The parameter "+name+" is missing.")
	}
	if err := r.err(); err != nil {
		return RuleTrial{}, err
	}
	return t, nil
}

// ruled reads one parameter of a rule, and reports whether it is one.
func (r *refusals) ruled(p spot, name string, rule *models.PracticeRule) bool {
	switch name {
	case "rule":
		rule.ID = models.RuleID(r.simple(p, "code", nil))
	case "title":
		rule.Title = r.text(p.choice("value", "String"))
	case "text":
		rule.Text = r.text(p.choice("value", "String"))
	case "eachLine":
		rule.EachLine = r.simple(p, "boolean", nil) == "true"
	case "when":
		rule.Condition = r.text(p.choice("value", "String"))
	case "action":
		rule.Action = models.RuleAction(r.simple(p, "code", nil))
	case "value":
		rule.Value = r.simple(p, "string", nil)
	case "from":
		rule.ValidFrom = models.Date(r.simple(p, "date", nil))
	case "until":
		rule.ValidUntil = models.Date(r.simple(p, "date", nil))
	default:
		return false
	}
	return true
}

// tried reads one parameter of a trial, and reports whether it is one.
func (r *refusals) tried(p spot, name string, t *RuleTrial) bool {
	switch name {
	case "served-from":
		t.Days.From = models.Date(r.simple(p, "date", nil))
	case "served-until":
		t.Days.Until = models.Date(r.simple(p, "date", nil))
	case "after":
		t.After = models.ClaimID(r.simple(p, "string", nil))
	default:
		return false
	}
	return true
}

// example reads one example of a rule.
func (r *refusals) example(p spot) models.RuleExample {
	e := models.RuleExample{}
	seen := map[string]bool{}
	for part := range p.each("part") {
		name := part.Get("name").Text()
		if name != "finds" && !r.once(part, name, seen) {
			continue
		}
		switch name {
		case "name":
			e.Name = r.text(part.choice("value", "String"))
		case "claim":
			text := part.choice("value", "String")
			if e.Claim = json.RawMessage(text.Text()); !json.Valid(e.Claim) {
				e.Claim = json.RawMessage("null")
				r.invalid("value", text.path, "The claim of an example is JSON, as rules see it.")
			}
		case "finds":
			number, err := strconv.Atoi(r.simple(part, "integer", nil))
			if err == nil {
				e.Finds = append(e.Finds, number)
			}
		default:
			r.invalid("invalid", part.path, "This part is unknown; an example has name, claim and finds.")
		}
	}
	for _, name := range []string{"name", "claim"} {
		r.needed(seen, p.path+".part", name, "The part "+name+" is missing.")
	}
	return e
}
