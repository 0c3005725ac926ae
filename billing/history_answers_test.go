package billing_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// What payers answer to what was sent to them, and what patients pay.

// anyAnswer draws what happens next where most of it happens between payers, patients and the office.
func anyAnswer() *rapid.Generator[step] {
	kinds := []func(*rapid.T) step{
		answering, paying, answering, paying, answering, paying, answering, paying, answering, paying, sending, sending, waiting,
		writing(encounter), writing(procedure), writing(item), writing(plan), writing(patient), writing(definition), deleting, recoding, drafting, drafting,
	}
	return rapid.Custom(func(t *rapid.T) step { return rapid.SampledFrom(kinds).Draw(t, "kind")(t) })
}

// taken is how much of a line a payer pays and why it takes the rest off, in percent of what was billed; the last gets what is
// left over.
type taken struct {
	paid    models.Cents
	reasons []string // "CO 45"
	parts   []models.Cents
}

// judgements are what payers say of a line.
var judgements = map[string]taken{
	"in full":              {paid: 100},
	"with a coinsurance":   {paid: 40, reasons: []string{"CO 45", "PR 2"}, parts: []models.Cents{35, 25}},
	"to the deductible":    {reasons: []string{"CO 45", "PR 1"}, parts: []models.Cents{30, 70}},
	"all contractual":      {reasons: []string{"CO 97"}, parts: []models.Cents{100}},
	"denied":               {reasons: []string{"CO 50"}, parts: []models.Cents{100}},
	"denied, the patient":  {paid: 20, reasons: []string{"PR 96"}, parts: []models.Cents{80}},
	"for no known reason":  {paid: 40, reasons: []string{"CO 45", "OA 999"}, parts: []models.Cents{35, 25}},
	"with a sequestration": {paid: 70, reasons: []string{"CO 253", "PR 3"}, parts: []models.Cents{2, 28}},
}

func said(category, code string, amount models.Cents) fields {
	return fields{"category": conceptOf(category, code), "amount": usd(amount.String())}
}

// judged writes a line of an answer.
func judged(l models.ClaimLine, t taken) fields {
	paid := l.Billed * t.paid / 100
	list := []fields{
		said("http://terminology.hl7.org/CodeSystem/adjudication", "submitted", l.Billed),
		said("http://terminology.hl7.org/CodeSystem/adjudication", "benefit", paid),
	}
	rest := l.Billed - paid
	for i, reason := range t.reasons {
		amount := rest
		if i < len(t.reasons)-1 {
			amount = l.Billed * t.parts[i] / 100
		}
		rest -= amount
		group, carc, _ := strings.Cut(reason, " ")
		list = append(list, said("https://x12.org/codes/claim-adjustment-group-codes", group, amount).with(fields{
			"reason": conceptOf("https://x12.org/codes/claim-adjustment-reason-codes", carc),
		}))
	}
	return fields{"itemSequence": l.Sequence, "adjudication": list}
}

// answering is a payer who answers one of the claims it was sent: all of it, a part, what is left of it, or without judging.
func answering(t *rapid.T) step {
	which, number := rapid.IntRange(0, 3).Draw(t, "claim"), oneOf(t, "number", "1", "2", "3", "4", "5", "6")
	outcome := oneOf(t, "outcome", "complete", "complete", "complete", "complete", "partial", "partial", "the rest", "the rest", "queued", "error", "reversal", "reversal", "reversal")
	how := oneOf(t, "how", "with a coinsurance", "with a coinsurance", "in full", "to the deductible", "to the deductible", "all contractual", "denied",
		"denied, the patient", "with a sequestration", "with a sequestration")
	remark := oneOf(t, "remark", "", "", "", "", "", "", "", "", "N781")
	worksFirst := oneOf(t, "the office works first", true, true, false)
	return step{fmt.Sprintf("the office works: %v; answer ICN-%s to claim %d: %s, %s %s", worksFirst, number, which, outcome, how, remark), func(h *history) {
		if worksFirst {
			h.drain()
		}
		claims := h.seenByPayers()
		if len(claims) == 0 {
			return
		}
		h.answer(claims[which%len(claims)], number, outcome, judgements[how], remark)
	}}
}

// seenByPayers gives the claims that payers were sent, in the order of their numbers.
func (h *history) seenByPayers() (claims []models.Claim) {
	for _, c := range h.cases() {
		for _, claim := range c.claims {
			if claim.State.Facts().PayerSees {
				claims = append(claims, claim)
			}
		}
	}
	slices.SortFunc(claims, func(a, b models.Claim) int { return cmp.Compare(a.Number, b.Number) })
	return claims
}

// answer has a payer answer a claim, and reports whether it was taken.
func (h *history) answer(c models.Claim, number, outcome string, how taken, remark string) bool {
	h.t.Helper()
	body := fields{
		"resourceType": "ClaimResponse", "status": "active", "use": "claim", "outcome": outcome, "created": string(cmp.Or(h.answersOn, "2026-03-20")),
		"identifier": []fields{{"system": "http://payer.example.org/icn", "value": "ICN-" + number}},
		"type":       conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
		"patient":    ref("Patient/" + string(c.PatientID)), "insurer": ref("Organization/" + string(c.InsurerID)), "request": ref("Claim/" + string(c.ID)),
	}
	if outcome == "reversal" && h.takeBack(c, body) {
		_, err := h.records.Create(context.Background(), h.admin(), "ClaimResponse", h.json(body), "")
		return h.accepted("answer", err)
	}
	lines := c.Lines
	switch outcome {
	case "partial":
		lines = lines[:1]
	case "the rest":
		body["outcome"] = "complete"
		lines = h.unjudged(c)
	case "reversal":
		body["outcome"] = "complete"
		body["extension"] = []fields{{"url": fhir.ExtensionClaimPaymentStatus, "valueCode": models.StatusReversal}}
	case "queued", "error":
		lines = nil
	}
	items := []fields{}
	for _, l := range lines {
		items = append(items, judged(l, how))
	}
	if len(items) > 0 {
		body["item"] = items
	}
	if remark != "" {
		body["processNote"] = []fields{{"number": 1, "text": remark}}
	}
	_, err := h.records.Create(context.Background(), h.admin(), "ClaimResponse", h.json(body), "")
	return h.accepted("answer", err)
}

// takeBack makes an answer the negative of one that judges the claim, under its number; false where none does.
func (h *history) takeBack(c models.Claim, body fields) (any bool) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		answers, err := books.AnswersOfCase(v, c.CaseID)
		for _, a := range answers {
			if a.ClaimID != c.ID || !a.Judges() {
				continue
			}
			any = true
			var items []fields
			for _, l := range a.Lines {
				list := []fields{said("http://terminology.hl7.org/CodeSystem/adjudication", "submitted", -l.Billed), said("http://terminology.hl7.org/CodeSystem/adjudication", "benefit", -l.Paid)}
				for _, one := range a.Adjustments {
					if one.LineSequence == l.LineSequence {
						list = append(list, said("https://x12.org/codes/claim-adjustment-group-codes", one.GroupCode, -one.Amount).with(fields{
							"reason": conceptOf("https://x12.org/codes/claim-adjustment-reason-codes", one.ReasonCode),
						}))
					}
				}
				items = append(items, fields{"itemSequence": l.LineSequence, "adjudication": list})
			}
			system, value, _ := strings.Cut(a.Key, "|")
			body["outcome"], body["item"], body["identifier"] = "complete", items, []fields{{"system": system, "value": value}}
			body["extension"] = []fields{{"url": fhir.ExtensionClaimPaymentStatus, "valueCode": models.StatusReversal}}
			return err
		}
		return err
	})
	return any
}

// unjudged gives the lines of a claim that no posted answer judges.
func (h *history) unjudged(c models.Claim) []models.ClaimLine {
	h.t.Helper()
	known := map[int]bool{}
	h.view(func(v *store.View) error {
		answers, err := books.AnswersOfCase(v, c.CaseID)
		for _, a := range answers {
			for _, l := range a.Lines {
				known[l.LineSequence] = known[l.LineSequence] || a.Judges() && a.ClaimID == c.ID
			}
		}
		return err
	})
	return slices.DeleteFunc(slices.Clone(c.Lines), func(l models.ClaimLine) bool { return known[l.Sequence] })
}

// paying is a patient who pays an invoice: all of it, a part, or too much; perhaps one that nobody waits for any more.
func paying(t *rapid.T) step {
	which, key := rapid.IntRange(0, 2).Draw(t, "invoice"), oneOf(t, "key", "1", "2", "3", "4", "5")
	much := oneOf(t, "how much", "all", "all", "half", "a cent", "too much")
	method := oneOf(t, "method", models.PaymentCash, models.PaymentCard, models.PaymentCheck)
	worksFirst := oneOf(t, "the office works first", true, true, false)
	return step{fmt.Sprintf("the office works: %v; pay %s of invoice %d by %s under key %s", worksFirst, much, which, method, key), func(h *history) {
		if worksFirst {
			h.drain()
		}
		invoices := h.invoices()
		if len(invoices) == 0 {
			return
		}
		i := invoices[which%len(invoices)]
		amounts := map[string]models.Cents{"all": i.Due, "half": i.Due / 2, "a cent": 1, "too much": i.Due + 1000}
		if amounts[much] > 0 { // nothing is no payment
			h.pay(key, billing.PaymentRequest{InvoiceID: i.ID, Amount: amounts[much], Method: method})
		}
	}}
}

// pay records a payment. The same again under its key is the same.
func (h *history) pay(key string, r billing.PaymentRequest) {
	h.t.Helper()
	if r.Method == models.PaymentCard {
		r.Reference = "ch_" + key
	}
	_, err := h.office.Pay(context.Background(), h.admin(), billing.Call{Key: key}, r)
	if h.accepted("pay", err) {
		h.seen.paid[key] = r.Amount
	}
}

// invoices gives the invoices of both patients, first issued first.
func (w ward) invoices() (all []models.Invoice) {
	w.t.Helper()
	w.view(func(v *store.View) error {
		for _, patient := range []models.PatientID{"ann", "bob"} {
			dues, err := books.DuesOfPatient(v, patient)
			if err != nil {
				return err
			}
			all = append(all, dues.Invoices...)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b models.Invoice) int { return cmp.Compare(a.Created, b.Created) })
	return all
}

func (w ward) json(f fields) []byte {
	w.t.Helper()
	body, err := json.Marshal(f)
	if err != nil {
		w.t.Fatal(err)
	}
	return body
}
