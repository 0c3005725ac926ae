package intake

import (
	"medbill/fhir"
	"medbill/models"
	"medbill/models/operation"
)

// Rule reads the Parameters of $save-rule: simple ones by the row of the table, and example (repeated, with the parts title, view and
// acts). It refuses what Asked refuses; what a rule may say is billing's to say.
func Rule(d *fhir.Document, o operation.Operation) (models.PracticeRule, error) {
	r, asked := &refusals{}, map[string]string{}
	rule, seen := models.PracticeRule{}, map[string]bool{}
	for p := range rootOf(d, "Parameters").each("parameter") {
		name := p.Get("name").Text()
		switch typ := typeOf(o, name); {
		case name == "example":
			rule.Examples = append(rule.Examples, r.example(p))
		case typ == "":
			r.invalid("invalid", p.path, "This parameter is unknown; the OperationDefinition of $save-rule lists those that are.")
		case r.once(p, name, seen):
			asked[name] = r.simple(p, typ, asked)
		}
	}
	for _, p := range o.Parameters {
		if !p.Out && p.Min > 0 && p.Name != "example" {
			r.needed(seen, "Parameters.parameter", p.Name, "The parameter "+p.Name+" is missing.")
		}
	}
	if len(rule.Examples) == 0 {
		r.invalid("required", "Parameters.parameter", "The parameter example is missing; show the rule at work.")
	}
	rule = SaidRule(asked, rule)
	return rule, r.err()
}

// SaidRule gives a rule with what simple parameters say of it.
func SaidRule(asked map[string]string, rule models.PracticeRule) models.PracticeRule {
	rule.ID, rule.Title, rule.Text, rule.When = asked["id"], asked["title"], asked["text"], asked["when"]
	rule.Each, rule.Action, rule.Argument = models.RuleReach(asked["each"]), models.RuleAction(asked["action"]), asked["argument"]
	rule.From, rule.Until = models.Date(asked["validFrom"]), models.Date(asked["validUntil"])
	return rule
}

func (r *refusals) example(p spot) models.RuleExample {
	var e models.RuleExample
	seen := map[string]bool{}
	for part := range p.each("part") {
		switch name := part.Get("name").Text(); {
		case name == "acts":
			e.Acts = append(e.Acts, r.text(part.choice("value", "String")))
		case name == "title" && r.once(part, name, seen):
			e.Title = r.text(part.choice("value", "String"))
		case name == "view" && r.once(part, name, seen):
			e.View = r.text(part.choice("value", "String"))
		case name != "title" && name != "view":
			r.invalid("invalid", part.path, "This part is unknown; an example has title, view and acts.")
		}
	}
	r.needed(seen, p.path, "title", "The part title is missing; say what the example shows.")
	r.needed(seen, p.path, "view", "The part view is missing; write the claim as JSON.")
	return e
}

// typeOf gives the type of a parameter that an operation takes; "" of any other.
func typeOf(o operation.Operation, name string) string {
	for _, p := range o.Parameters {
		if !p.Out && p.Name == name {
			return p.Type
		}
	}
	return ""
}
