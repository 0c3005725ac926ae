package practice

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"medbill/models"
	"medbill/models/fault"
)

// file is a rule as it is kept in a file beside others, under version control of the practice's own.
type file struct {
	ID         string    `json:"id"`
	Title      string    `json:"title"`
	Text       string    `json:"text"`
	When       string    `json:"when"`
	Each       string    `json:"each"`
	Action     string    `json:"action"`
	Argument   string    `json:"argument,omitempty"`
	ValidFrom  string    `json:"validFrom,omitempty"`
	ValidUntil string    `json:"validUntil,omitempty"`
	Examples   []example `json:"examples"`
}

type example struct {
	Title string          `json:"title"`
	View  json.RawMessage `json:"view"`
	Acts  []string        `json:"acts,omitempty"`
}

// ReadFile reads a rule from a file. It refuses (Invalid) what is no JSON object of a rule; what a rule may say is Check's.
func ReadFile(content io.Reader) (models.PracticeRule, error) {
	var f file
	d := json.NewDecoder(content)
	d.DisallowUnknownFields()
	err := d.Decode(&f)
	if err == nil {
		if _, next := d.Token(); !errors.Is(next, io.EOF) {
			err = errView{"", "Something stands after the end of the rule; write one rule a file."}
		}
	}
	if err != nil {
		return models.PracticeRule{}, fileFault(err)
	}
	rule := models.PracticeRule{
		ID: f.ID, Title: f.Title, Text: f.Text, When: f.When, Each: models.RuleReach(f.Each), Action: models.RuleAction(f.Action), Argument: f.Argument,
		From: models.Date(f.ValidFrom), Until: models.Date(f.ValidUntil),
	}
	for _, e := range f.Examples {
		view := &bytes.Buffer{}
		_ = json.Compact(view, e.View) // it was read as JSON
		rule.Examples = append(rule.Examples, models.RuleExample{Title: e.Title, View: view.String(), Acts: e.Acts})
	}
	return rule, nil
}

func fileFault(err error) error {
	var wrong errView
	if !errors.As(err, &wrong) {
		errors.As(readFault(err), &wrong)
	}
	return fault.At(fault.Invalid, "value", wrong.where, wrong.text)
}
