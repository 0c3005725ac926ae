package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"medbill/models"
)

// Chain is what an amount is explained by: the entries behind it, those that they mirror among them, and what these came from.
type Chain struct {
	Entries []models.Entry
	Answers []models.Answer
	Decided []models.WorkItem // the work about answers that people decided
}

// Explain gives the postings that belong to an amount in the order of the journal, each with the document and the element that it came from. Their sum per
// account is the amount's.
func Explain(c Chain, belongs func(models.Posting) bool) []models.Explained {
	entries := slices.SortedFunc(slices.Values(c.Entries), func(a, b models.Entry) int {
		return cmp.Or(cmp.Compare(a.Posted, b.Posted), cmp.Compare(a.ID, b.ID))
	})
	list := []models.Explained{}
	for _, e := range entries {
		for _, p := range e.Postings {
			if belongs(p) {
				one := models.Explained{Entry: e.ID, Kind: e.Kind, Day: e.Effective, Cause: e.Cause, Reverses: e.Reverses, Account: p.Account, Amount: p.Amount, ChargeID: p.ChargeID}
				one.From, one.Path = c.source(e, p)
				list = append(list, one)
			}
		}
	}
	return list
}

// AnswersBehind gives the answers that entries were caused by, or that took them back.
func AnswersBehind(entries []models.Entry) []models.AnswerID {
	var ids []models.AnswerID
	for _, e := range entries {
		if by, id := e.Cause.Parts(); answersCause[by] {
			ids = append(ids, models.AnswerID(id))
		}
		for _, p := range e.Postings {
			if p.AnswerID != "" {
				ids = append(ids, p.AnswerID)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// AnswersDecided gives the answers about which a person decided what entries posted.
func AnswersDecided(entries []models.Entry) []models.AnswerID {
	var ids []models.AnswerID
	for _, e := range entries {
		if by, id := e.Cause.Parts(); by == "decision" || by == "release" {
			ids = append(ids, models.AnswerID(id))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// answersCause are the causes that an answer's id stands in.
var answersCause = map[string]bool{"answer": true, "responsibility": true, "overpaid": true, "decision": true, "release": true}

// source gives the document that a posting came from, and the element of it.
func (c Chain) source(e models.Entry, p models.Posting) (models.Ref, string) {
	by, id := e.Cause.Parts()
	switch by {
	case "charge":
		return models.Ref{Type: "ChargeItem", ID: cmp.Or(string(p.ChargeID), firstCharge(e))}, "ChargeItem"
	case "answer", "responsibility":
		return c.judged(models.AnswerID(id), by, p)
	case "decision", "release":
		about := models.Ref{Type: "ClaimResponse", ID: id}
		if at := slices.IndexFunc(c.Decided, func(w models.WorkItem) bool { return w.Subject == about && w.Updated == e.Posted }); at >= 0 {
			return models.Ref{Type: "Task", ID: string(c.Decided[at].ID)}, "Task"
		}
		return about, "ClaimResponse"
	case "overpaid":
		return models.Ref{Type: "ClaimResponse", ID: id}, "ClaimResponse"
	case "payment", "allocation":
		return models.Ref{Type: "PaymentNotice", ID: id}, "PaymentNotice"
	case "adjustment":
		remittance, n, _ := strings.Cut(id, "/")
		sequence, _ := strconv.Atoi(n)
		return models.Ref{Type: "PaymentReconciliation", ID: remittance}, fmt.Sprintf("PaymentReconciliation.detail[%d]", sequence-1)
	case "reversal":
		return c.takenBack(e, p)
	}
	return models.Ref{}, ""
}

func firstCharge(e models.Entry) string {
	for _, p := range e.Postings {
		if p.ChargeID != "" {
			return string(p.ChargeID)
		}
	}
	return ""
}

// judged gives the line of an answer that a posting came from, and what of it.
func (c Chain) judged(id models.AnswerID, by string, p models.Posting) (models.Ref, string) {
	of, path := models.Ref{Type: "ClaimResponse", ID: string(id)}, "ClaimResponse"
	at := slices.IndexFunc(c.Answers, func(a models.Answer) bool { return a.ID == id })
	if at < 0 {
		return of, path
	}
	line := slices.IndexFunc(c.Answers[at].Lines, func(l models.AnswerLine) bool { return l.ChargeID == p.ChargeID })
	if line < 0 {
		return of, path
	}
	path = fmt.Sprintf("ClaimResponse.item.where(itemSequence = %d)", c.Answers[at].Lines[line].LineSequence)
	switch {
	case by == "responsibility":
		path += ".adjudication.where(category.coding.code = 'PR')"
	case p.Account == models.AccountClearing:
		path += ".adjudication.where(category.coding.code = 'benefit')"
	}
	return of, path
}

// takenBack gives what took an entry back: the answer where a payer did, else what the entry itself came from.
func (c Chain) takenBack(e models.Entry, p models.Posting) (models.Ref, string) {
	at := slices.IndexFunc(c.Entries, func(o models.Entry) bool { return o.ID == e.Reverses })
	if p.AnswerID != "" {
		return c.judged(p.AnswerID, "answer", p)
	}
	if at < 0 {
		return models.Ref{}, ""
	}
	return c.source(c.Entries[at], p)
}
