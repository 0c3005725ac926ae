package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// What payers say in a simulation, and what patients pay.

// isOpen reports whether a claim waits for its first judgement.
func isOpen(s *stay, c models.Claim) bool {
	f := c.State.Facts()
	return f.Awaited && c.Frequency != models.FrequencyVoid && c.State != models.ClaimReplacing && c.State != models.ClaimVoiding && c.State != models.ClaimReversed && !s.isJudged(c)
}

// isJudged reports whether a judgement of a claim counts.
func (s *stay) isJudged(c models.Claim) bool {
	return slices.ContainsFunc(s.now.answers, func(a models.Answer) bool { return a.ClaimID == c.ID && a.Kind != models.AnswerAck && a.Reversed == "" })
}

// isFirst reports whether a claim is to the first payer.
func isFirst(c models.Claim) bool { return c.Position <= 1 }

// saying is the frame of an answer to a claim.
func (w *world) saying(c models.Claim, number string) fields {
	return fields{
		"resourceType": "ClaimResponse", "status": "active", "use": "claim", "outcome": "complete", "created": w.day(),
		"identifier": []fields{{"system": "http://payer.example.org/icn", "value": number}},
		"type":       conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
		"patient":    ref("Patient/" + string(c.PatientID)), "insurer": ref("Organization/" + string(c.InsurerID)), "request": ref("Claim/" + string(c.ID)),
	}
}

// payment is what a payer pays at once next.
type payment struct {
	trace   string
	forward models.Cents // what it took from earlier ones and has to give back
	back    string       // under which reference
}

func (w *world) paying(payer models.OrganizationID) *payment {
	p := w.payments[payer]
	if p == nil {
		p = &payment{trace: w.name("EFT")}
		w.payments[payer] = p
	}
	return p
}

// judging adds what a payer says of the lines, and which payment it comes with.
func (w *world) judging(c models.Claim, body fields, items []fields, paid models.Cents) fields {
	return body.with(fields{"item": items, "payment": fields{
		"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "amount": usd(paid.String()), "identifier": fields{"value": w.paying(c.InsurerID).trace},
	}})
}

// says sends an answer.
func (w *world) says(s *stay, c models.Claim, what string, body fields) bool {
	w.t.Helper()
	text := w.json(body)
	_, err := w.desk.records.Create(context.Background(), w.payer(c.InsurerID), "ClaimResponse", text, "")
	s.isStale = true
	if !w.accepted(fmt.Sprintf("%s of %s to %s %s of %s", what, c.InsurerID, c.State, c.ID, c.CaseID), err) {
		return false
	}
	s.sent = append(s.sent, word{c.InsurerID, "ClaimResponse", text})
	return true
}

// judges has a payer judge lines of a claim.
func (w *world) judges(s *stay, c models.Claim, what string, lines []models.ClaimLine, how ...string) bool {
	w.t.Helper()
	var items []fields
	paid := models.Cents(0)
	for i, l := range lines {
		t := judgements[how[min(i, len(how)-1)]]
		items, paid = append(items, judged(l, t)), paid+l.Billed*t.paid/100
	}
	body := w.judging(c, w.saying(c, w.name("ICN")), items, paid)
	if what == passedOn {
		body["extension"] = []fields{{"url": fhir.ExtensionClaimPaymentStatus, "valueCode": "19"}, {"url": fhir.ExtensionCrossoverCarrier, "valueReference": ref("Organization/beta")}}
	}
	if len(lines) < len(c.Lines) {
		body["outcome"] = "partial"
		body["payment"] = body["payment"].(fields).with(fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "partial")})
	}
	return w.says(s, c, what+" "+strings.Join(how, ", "), body)
}

// some gives one of these by chance.
func some[T any](w *world, of ...T) T { return of[w.random.IntN(len(of))] }

func (w *world) answer() bool {
	w.t.Helper()
	s, c := w.with(func(s *stay, c models.Claim) bool { return isOpen(s, c) && isFirst(c) })
	return s != nil && w.judges(s, c, "answer", c.Lines, some(w, "in full", "with a coinsurance", "with a coinsurance", "to the deductible", "with a sequestration"), some(w, "with a coinsurance", "all contractual"))
}

// interim is an answer to the first line alone, or to the rest of a claim that had one.
func (w *world) interim() bool {
	w.t.Helper()
	s, c := w.with(func(s *stay, c models.Claim) bool {
		return isFirst(c) && len(c.Lines) > 1 && (isOpen(s, c) || c.State == models.ClaimPartly)
	})
	if s == nil {
		return false
	}
	lines := c.Lines[:1]
	if c.State == models.ClaimPartly {
		lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l models.ClaimLine) bool {
			return slices.ContainsFunc(s.now.answers, func(a models.Answer) bool {
				return a.ClaimID == c.ID && a.Judges() && slices.ContainsFunc(a.Lines, func(one models.AnswerLine) bool { return one.LineSequence == l.Sequence })
			})
		})
	}
	return len(lines) > 0 && w.judges(s, c, "interim answer", lines, "with a coinsurance")
}

func (w *world) deny() bool {
	w.t.Helper()
	s, c := w.with(func(s *stay, c models.Claim) bool { return isOpen(s, c) && isFirst(c) })
	return s != nil && w.judges(s, c, "denial", c.Lines, some(w, "denied", "denied, the patient"), "with a coinsurance")
}

func (w *world) puzzle() bool {
	w.t.Helper()
	s, c := w.with(func(s *stay, c models.Claim) bool { return isOpen(s, c) && isFirst(c) })
	return s != nil && w.judges(s, c, "puzzle", c.Lines, "in full", "for no known reason")
}

const passedOn = "answer that passes the claim on"

// passOn is a payer who gives the claim to the next one itself.
func (w *world) passOn() bool {
	w.t.Helper()
	s, c := w.with(func(s *stay, c models.Claim) bool { return isOpen(s, c) && isFirst(c) })
	return s != nil && w.judges(s, c, passedOn, c.Lines, "with a coinsurance")
}

func (w *world) correct() bool {
	w.t.Helper()
	s, c := w.with(func(_ *stay, c models.Claim) bool {
		return c.State == models.ClaimReversed && isFirst(c) && c.Frequency != models.FrequencyVoid
	})
	return s != nil && w.judges(s, c, "correction", c.Lines, some(w, "with a coinsurance", "to the deductible", "in full"))
}

func (w *world) second() bool    { return w.answersAsNext("second payer's answer", 0) }
func (w *world) misreport() bool { return w.answersAsNext("second payer's wrong answer", 100) }

// answersAsNext is an answer of a payer behind another one, who says what that one did, or is wrong about it by an amount or in saying that it took all of it off itself.
func (w *world) answersAsNext(what string, wrong models.Cents) bool {
	w.t.Helper()
	s, c := w.with(func(s *stay, c models.Claim) bool {
		return !isFirst(c) && (isOpen(s, c) || c.State == models.ClaimReversed) && c.Frequency != models.FrequencyVoid
	})
	if s == nil {
		return false
	}
	var items []fields
	total, isOwn := models.Cents(0), w.random.IntN(4) > 0
	for _, l := range c.Lines {
		left := s.left(c, l)
		paid := left / 2
		if wrong == 0 && w.random.IntN(3) == 0 {
			paid = left
		}
		prior := l.Billed - left
		list := []fields{adjudged("submitted", l.Billed), adjudged("benefit", paid)}
		add := func(group, reason string, amount models.Cents) {
			if amount != 0 {
				list = append(list, said("https://x12.org/codes/claim-adjustment-group-codes", group, amount).with(fields{"reason": conceptOf("https://x12.org/codes/claim-adjustment-reason-codes", reason)}))
			}
		}
		switch {
		case wrong == 0:
			add("OA", "23", prior)
			add("PR", "3", left-paid)
		case isOwn:
			add("CO", "45", l.Billed-paid)
		default:
			off := min(wrong, left-paid)
			add("OA", "23", prior+off)
			add("PR", "3", left-paid-off)
		}
		items, total = append(items, fields{"itemSequence": l.Sequence, "adjudication": list}), total+paid
	}
	return w.says(s, c, what, w.judging(c, w.saying(c, w.name("ICN")), items, total))
}

// adjudged is an amount of a line.
func adjudged(category string, amount models.Cents) fields {
	return said("http://terminology.hl7.org/CodeSystem/adjudication", category, amount)
}

// left gives what payers before a claim's left of a line to whoever comes next.
func (s *stay) left(c models.Claim, l models.ClaimLine) (left models.Cents) {
	for _, a := range s.now.answers {
		if !a.Judges() || a.PayerID == c.InsurerID {
			continue
		}
		for _, one := range a.Lines {
			if one.ChargeID != l.ChargeID {
				continue
			}
			for _, adjustment := range a.Adjustments {
				if adjustment.LineSequence == one.LineSequence && adjustment.GroupCode == "PR" && slices.Contains([]string{"1", "2", "3"}, adjustment.ReasonCode) {
					left += adjustment.Amount
				}
			}
		}
	}
	return min(left, l.Billed)
}

func (w *world) acknowledge() bool {
	w.t.Helper()
	s, c := w.with(func(s *stay, c models.Claim) bool { return isOpen(s, c) && len(s.sent) < 4 })
	if s == nil {
		return false
	}
	body := w.saying(c, w.name("ACK")).with(fields{"outcome": "queued", "extension": []fields{{
		"url": "https://medbill.dev/fhir/StructureDefinition/claim-status", "valueCodeableConcept": conceptOf("https://x12.org/codes/claim-status-category-codes", some(w, "A1", "A2", "P1", "R3")),
	}}})
	return w.says(s, c, "acknowledgement", body)
}

// again is a payer who says once more what it said.
func (w *world) again() bool {
	w.t.Helper()
	s := w.any(func(s *stay) bool { return len(s.sent) > 0 })
	if s == nil {
		return false
	}
	one := some(w, s.sent...)
	_, err := w.desk.records.Create(context.Background(), w.payer(one.payer), one.typ, one.body, "")
	s.isStale = true
	return w.accepted("again of "+s.id, err)
}

// mirror is an answer that takes another one back.
func (w *world) mirror(c models.Claim, a models.Answer) fields {
	var items []fields
	for _, l := range a.Lines {
		list := []fields{adjudged("submitted", -l.Billed), adjudged("benefit", -l.Paid)}
		for _, one := range a.Adjustments {
			if one.LineSequence == l.LineSequence {
				list = append(list, said("https://x12.org/codes/claim-adjustment-group-codes", one.GroupCode, -one.Amount).with(fields{"reason": conceptOf("https://x12.org/codes/claim-adjustment-reason-codes", one.ReasonCode)}))
			}
		}
		items = append(items, fields{"itemSequence": l.LineSequence, "adjudication": list})
	}
	_, number, _ := strings.Cut(a.Key, "|")
	body := w.judging(c, w.saying(c, number), items, -a.Paid)
	return body.with(fields{"extension": []fields{{"url": fhir.ExtensionClaimPaymentStatus, "valueCode": models.StatusReversal}}})
}

// standing gives a stay with an answer that counts, and its claim; of those first that wait for it.
func (w *world) standing() (found *stay, c models.Claim, a models.Answer) {
	w.t.Helper()
	of := func(isWanted func(models.Claim) bool) {
		found, c = w.with(func(s *stay, c models.Claim) bool {
			i := slices.IndexFunc(s.now.answers, func(a models.Answer) bool { return a.ClaimID == c.ID && a.Judges() })
			if i < 0 || !isWanted(c) {
				return false
			}
			a = s.now.answers[i]
			return true
		})
	}
	of(func(c models.Claim) bool { return c.State == models.ClaimReplacing || c.State == models.ClaimVoiding })
	if found == nil || w.random.IntN(2) == 0 {
		of(func(models.Claim) bool { return true })
	}
	return found, c, a
}

func (w *world) reverse() bool {
	w.t.Helper()
	s, c, a := w.standing()
	return s != nil && w.says(s, c, "reversal", w.mirror(c, a))
}

// takeBack is a payer who takes an answer back, pays nothing or all instead, and says both at once.
func (w *world) takeBack() bool {
	w.t.Helper()
	s, c, a := w.standing()
	if s == nil || !isFirst(c) || len(a.Lines) < len(c.Lines) || c.State != models.ClaimAdjudicated {
		return false
	}
	var items []fields
	paid, how := models.Cents(0), judgements[some(w, "to the deductible", "in full")]
	for _, l := range c.Lines {
		items, paid = append(items, judged(l, how)), paid+l.Billed*how.paid/100
	}
	back, less := w.json(w.mirror(c, a)), w.json(w.judging(c, w.saying(c, w.name("ICN")), items, paid))
	bundle := fmt.Sprintf(`{"resourceType":"Bundle","type":"transaction","entry":[{"resource":%s,"request":{"method":"POST","url":"ClaimResponse"}},{"resource":%s,"request":{"method":"POST","url":"ClaimResponse"}}]}`, back, less)
	_, _, err := w.desk.records.Bundle(context.Background(), w.payer(c.InsurerID), []byte(bundle))
	s.isStale = true
	return w.accepted("takeback of "+string(c.CaseID), err)
}

// stray is an answer that names a claim which there is not.
func (w *world) stray() bool {
	w.t.Helper()
	s, c := w.with(func(s *stay, c models.Claim) bool { return isOpen(s, c) && isFirst(c) })
	if s == nil || len(w.lost) > 5 {
		return false
	}
	var items []fields
	paid := models.Cents(0)
	for _, l := range c.Lines {
		items, paid = append(items, judged(l, judgements["with a coinsurance"])), paid+l.Billed*40/100
	}
	body := w.judging(c, w.saying(c, w.name("ICN")).with(fields{"request": ref("Claim/lost")}), items, paid)
	done, err := w.desk.records.Create(context.Background(), w.payer(c.InsurerID), "ClaimResponse", w.json(body), "")
	if !w.accepted("stray answer to "+string(c.CaseID), err) {
		return false
	}
	w.lost = append(w.lost, lost{done.Document.ID, s, c.ID})
	return true
}

// lost is an answer to no claim with the one that it is about.
type lost struct {
	answer string
	stay   *stay
	claim  models.ClaimID
}

// workAbout gives the open work about an answer to no claim.
func (w *world) workAbout(answer string) (id models.WorkItemID) {
	w.t.Helper()
	w.view(func(v *store.View) error {
		items, err := books.WorkItems(v, models.WorkUnmatched, "", 20)
		for _, item := range items {
			if item.Subject.ID == answer {
				id = item.ID
			}
		}
		return err
	})
	return id
}

// tell is a payer who tells what its next payment is for, with interest, or with what it keeps for later or gives back of that.
func (w *world) tell() bool {
	w.t.Helper()
	payer := some(w, models.OrganizationID("acme"), "beta")
	p := w.paying(payer)
	var answers []models.Answer
	w.view(func(v *store.View) (err error) {
		answers, err = books.AnswersOfPayment(v, payer, p.trace)
		return err
	})
	if len(answers) == 0 {
		return false
	}
	total, parts := models.Cents(0), []string{}
	for _, a := range answers {
		total += a.Paid
		parts = append(parts, fmt.Sprintf("@%s %s", a.ID, a.Paid))
	}
	add := func(code string, amount models.Cents) {
		total += amount
		parts = append(parts, fmt.Sprintf("%s %s", code, amount))
	}
	if w.random.IntN(3) == 0 {
		add("L6", 150)
	}
	switch {
	case total < 0:
		p.forward, p.back = p.forward-total, p.trace
		add("FB:"+p.trace, -total)
	case p.back != "" && p.forward > 0 && total > 0 && p.back != p.trace:
		back := min(p.forward, total)
		p.forward -= back
		add("FB:"+p.back, -back)
	}
	text := w.json(w.desk.payment(payer, p.trace, total.String(), parts...).with(fields{"created": w.day(), "paymentDate": w.day()}))
	_, err := w.desk.records.Create(context.Background(), w.payer(payer), "PaymentReconciliation", text, "")
	if !w.accepted(fmt.Sprintf("payment %s of %s told, %s", p.trace, payer, total), err) {
		return false
	}
	w.bodies, p.trace = append(w.bodies, word{payer, "PaymentReconciliation", text}), w.name("EFT")
	return true
}

func (w *world) tellAgain() bool {
	w.t.Helper()
	if len(w.bodies) == 0 {
		return false
	}
	one := some(w, w.bodies...)
	_, err := w.desk.records.Create(context.Background(), w.payer(one.payer), one.typ, one.body, "")
	return w.accepted("payment told again", err)
}

// paidOnce is a payment under its key.
type paidOnce struct {
	key string
	billing.PaymentRequest
}

// pay is a patient who pays an invoice: all of it, a part, or too much.
func (w *world) pay() bool {
	w.t.Helper()
	var invoice models.Invoice
	s := w.any(func(s *stay) bool {
		i := slices.IndexFunc(s.now.invoices, func(i models.Invoice) bool { return i.Status == models.InvoiceIssued })
		if i >= 0 {
			invoice = s.now.invoices[i]
		}
		return i >= 0
	})
	if s == nil {
		return false
	}
	p := paidOnce{w.name("pay"), billing.PaymentRequest{InvoiceID: invoice.ID, Amount: max(1, some(w, invoice.Due, invoice.Due, invoice.Due/2, invoice.Due+1000)), Method: some(w, models.PaymentCash, models.PaymentCheck, models.PaymentCard)}}
	if p.Method == models.PaymentCard {
		p.Reference = p.key
	}
	if !w.pays(p) {
		return false
	}
	w.taken += p.Amount
	w.paid = append(w.paid, p)
	return true
}

func (w *world) payAgain() bool { return len(w.paid) > 0 && w.pays(some(w, w.paid...)) }

func (w *world) pays(p paidOnce) bool {
	w.t.Helper()
	done, err := w.office.Pay(context.Background(), w.admin(), billing.Call{Key: p.key}, p.PaymentRequest)
	w.touchesPatient(done.Result.PatientID)
	return w.accepted(fmt.Sprintf("payment of %s for %s", p.Amount, p.InvoiceID), err)
}
