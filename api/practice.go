package api

import (
	"net/http"
	"strconv"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/practice"
	"medbill/models"
	"medbill/models/fault"
)

// practiceRules answers $rules with the rules, or the versions of one.
func (s *Server) practiceRules(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	before, err := askedVersion("before", asked["before"])
	if err != nil {
		return err
	}
	list := parameterList{}
	if id := asked["id"]; id != "" {
		versions, err := s.Office.PracticeRuleVersions(r.ctx(), r.who, id, before)
		if err != nil {
			return err
		}
		if len(versions) == 0 {
			return fault.At(fault.NotFound, "not-found", "id", "The practice has no such rule, or no such version of it.")
		}
		list.rules(versions...)
	} else {
		rules, err := s.Office.PracticeRules(r.ctx(), r.who)
		if err != nil {
			return err
		}
		list.rules(rules...)
		list.text("documentation", practice.Document(rules))
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// saveRule answers $save-rule with the version as it stands then.
func (s *Server) saveRule(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	rule, err := intake.Rule(sent, r.row)
	if err != nil {
		return err
	}
	saved, err := s.Office.SavePracticeRule(r.ctx(), r.who, r.call, rule)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.savedRule(r, saved)
}

// switchRule answers $switch-rule with the version as it stands then.
func (s *Server) switchRule(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.Asked(sent, r.row)
	if err != nil {
		return err
	}
	version, err := askedVersion("version", asked["version"])
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	switched, err := s.Office.SwitchPracticeRule(r.ctx(), r.who, r.call, asked["id"], version, models.RuleState(asked["state"]))
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.savedRule(r, switched)
}

func (s *Server) savedRule(r run, saved billing.Done[billing.SavedRule]) error {
	markRehearsal(r.Context, saved.Rehearsal != nil)
	list := parameterList{}
	list.boolean("changed", saved.Result.Changed)
	list.rules(saved.Result.PracticeRule)
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// tryRule answers $try-rule with the claims on which a rule would act.
func (s *Server) tryRule(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	version, err := askedVersion("version", asked["version"])
	if err != nil {
		return err
	}
	trial := billing.RuleTrial{Rule: intake.SaidRule(asked, models.PracticeRule{Version: version}), After: asked["after"]}
	trial.Days = models.Span{From: models.Date(asked["from"]), Until: models.Date(asked["until"])}
	tried, err := s.Office.TryPracticeRule(r.ctx(), r.who, trial)
	if err != nil {
		return err
	}
	list := parameterList{}
	list.number("looked", tried.Looked)
	list.boolean("more", tried.Next != "")
	list.text("next", tried.Next)
	for _, h := range tried.Hits {
		part := parameterList{}
		part.add(operationParameter{Name: "claim", ValueReference: fhir.To("Claim", h.ClaimID)})
		part.code("state", string(h.State))
		for _, f := range h.Findings {
			one := parameterList{}
			one.code("severity", string(f.Severity))
			one.text("path", f.Path)
			one.text("text", f.Text)
			part.parts("finding", one)
		}
		list.parts("hit", part)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// askedVersion reads the number of a version; 0 where none is asked for.
func askedVersion(name, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fault.At(fault.Invalid, "value", name, "A version is a whole number from 1.")
	}
	return n, nil
}

// rules adds versions of rules.
func (l *parameterList) rules(rules ...models.PracticeRule) {
	for _, rule := range rules {
		part := parameterList{}
		part.text("id", rule.ID)
		part.number("version", rule.Version)
		part.code("state", string(rule.State))
		part.text("title", rule.Title)
		part.text("text", rule.Text)
		part.text("when", rule.When)
		part.code("each", string(rule.Each))
		part.code("action", string(rule.Action))
		part.text("argument", rule.Argument)
		part.date("validFrom", rule.From)
		part.date("validUntil", rule.Until)
		for _, e := range rule.Examples {
			one := parameterList{}
			one.text("title", e.Title)
			one.text("view", e.View)
			for _, place := range e.Acts {
				one.text("acts", place)
			}
			part.parts("example", one)
		}
		part.text("savedBy", rule.SavedBy)
		part.instant("saved", rule.Saved)
		part.text("switchedBy", rule.SwitchedBy)
		part.instant("switched", rule.Switched)
		l.parts("rule", part)
	}
}

func (l *parameterList) instant(name string, at models.Instant) {
	if at != 0 {
		l.add(operationParameter{Name: name, ValueInstant: at.String()})
	}
}
