package api

import (
	"net/http"
	"strconv"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
)

// rules answers $rules with every version of every rule.
func (s *Server) rules(r run) error {
	rules, err := s.Office.Rules(r.ctx(), r.who)
	if err != nil {
		return err
	}
	s.write(r.Context, http.StatusOK, ruleParameters(rules...))
	return nil
}

// saveRule answers $save-rule with the version as it is kept.
func (s *Server) saveRule(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	rule, err := intake.PracticeRule(sent)
	if err != nil {
		return err
	}
	done, err := s.Office.SaveRule(r.ctx(), r.who, r.call, rule)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	markRehearsal(r.Context, done.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, ruleParameters(done.Result))
	return nil
}

// switchRule answers $switch-rule with the version as it stands then.
func (s *Server) switchRule(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(asked["version"]) // the row of the operation says that it is a number
	done, err := s.Office.SwitchRule(r.ctx(), r.who, r.call, billing.RuleSwitch{ID: models.RuleID(asked["rule"]), Version: version, On: asked["on"] == "true"})
	if err != nil {
		return err
	}
	markRehearsal(r.Context, done.Rehearsal != nil)
	s.write(r.Context, http.StatusOK, ruleParameters(done.Result))
	return nil
}

// tryRule answers $try-rule with what the rule would have done.
func (s *Server) tryRule(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.Trial(sent)
	if err != nil {
		return err
	}
	trial, err := s.Office.TryRule(r.ctx(), r.who, asked.Rule, asked.Days, asked.After)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	list := parameterList{}
	list.number("looked", trial.Looked)
	list.boolean("more", trial.More)
	list.text("last", string(trial.Last))
	for _, t := range trial.Acted {
		part := parameterList{}
		part.add(operationParameter{Name: "claim", ValueReference: fhir.To("Claim", t.ID)})
		for _, line := range t.Lines {
			part.number("line", line)
		}
		part.boolean("failed", t.Failed)
		list.parts("acted", part)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

func ruleParameters(rules ...models.PracticeRule) []byte {
	list := parameterList{}
	for _, rule := range rules {
		part := parameterList{}
		part.code("rule", string(rule.ID))
		part.number("version", rule.Version)
		part.code("state", string(rule.State))
		part.text("title", rule.Title)
		part.text("text", rule.Text)
		part.boolean("eachLine", rule.EachLine)
		part.text("when", rule.Condition)
		part.code("action", string(rule.Action))
		part.text("value", rule.Value)
		part.date("from", rule.ValidFrom)
		part.date("until", rule.ValidUntil)
		part.text("who", rule.Who)
		for _, e := range rule.Examples {
			example := parameterList{}
			example.text("name", e.Name)
			example.text("claim", string(e.Claim))
			for _, number := range e.Finds {
				example.number("finds", number)
			}
			part.parts("example", example)
		}
		list.parts("practiceRule", part)
	}
	return list.encode()
}
