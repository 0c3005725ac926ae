package payer

import (
	"encoding/json"

	"medbill/models/money"
	"medbill/payer/plan"
)

// object is a JSON object as it is written: names in their order, so that the same is the same bytes.
type object = map[string]any

const (
	codesOfAdjudication  = "http://terminology.hl7.org/CodeSystem/adjudication"
	codesOfGroups        = "https://x12.org/codes/claim-adjustment-group-codes"
	codesOfReasons       = "https://x12.org/codes/claim-adjustment-reason-codes"
	codesOfRemarks       = "https://x12.org/codes/remittance-advice-remark-codes"
	codesOfCategories    = "https://x12.org/codes/claim-status-category-codes"
	codesOfStatus        = "https://x12.org/codes/claim-status-codes"
	codesOfPayments      = "http://terminology.hl7.org/CodeSystem/payment-type"
	codesOfProviderLevel = "https://codesystem.x12.org/005010/426"
)

func usd(c money.Cents) object { return object{"value": json.Number(c.String()), "currency": "USD"} }

func conceptOf(system, code string) object {
	return object{"coding": []object{{"system": system, "code": code}}}
}

// systemOf names the identifiers of a payer.
func systemOf(planName, what string) string {
	return "https://" + Plans[planName].Carrier + ".example/" + what
}

// encode writes a document. What it is given can always be written.
func encode(document any) json.RawMessage {
	text, err := json.Marshal(document)
	if err != nil {
		panic("payer: a document that cannot be written: " + err.Error())
	}
	return text
}

// document gives what a letter is on the wire (FHIR R4 ClaimResponse or Task).
func (s *state) document(l *Letter) json.RawMessage {
	c := s.claims[l.Claim]
	if l.Step.Letter == Documents {
		return encode(s.asksForDocuments(c, l))
	}
	d := object{
		"resourceType": "ClaimResponse", "status": "active", "type": c.Type, "use": "claim", "patient": c.Patient, "created": l.Day, "insurer": c.Insurer,
		"request": object{"reference": "Claim/" + c.ID}, "identifier": []object{{"system": systemOf(c.Plan, "icn"), "value": l.Number}},
	}
	if l.Step.Mangled {
		d["request"] = object{"type": "Claim", "identifier": object{"system": c.Number.System, "value": c.Number.Value + "X"}}
	}
	var notes []object
	if l.Step.Text != "" {
		notes = append(notes, object{"number": 1, "type": "display", "text": l.Step.Text})
		d["disposition"] = l.Step.Text
	}
	switch l.Step.Letter {
	case Acknowledgement:
		d["outcome"] = "queued"
	case Rejection:
		d["outcome"] = "error"
		d["error"] = []object{{"code": conceptOf(codesOfStatus, l.Step.Status)}}
		delete(d, "identifier") // refused at the door: the payer has no number for it
	case Voided:
		d["outcome"] = "complete"
		d["total"] = []object{amountOf("benefit", 0)}
	default:
		s.judged(d, c, l)
		notes = append(notes, remarks(l.Answer.Remarks, len(notes))...)
	}
	if l.Step.Category != "" {
		d["extension"] = []object{{"url": extensions + "claim-status", "valueCodeableConcept": object{"coding": []object{
			{"system": codesOfCategories, "code": l.Step.Category}, {"system": codesOfStatus, "code": l.Step.Status},
		}}}}
	}
	if len(notes) > 0 {
		d["processNote"] = notes
	}
	return encode(d)
}

// judged adds what is paid and what is not, and why.
func (s *state) judged(d object, c *Claim, l *Letter) {
	marks := []object{{"url": extensions + "clp-status", "valueCode": clpStatus(c, l)}}
	if l.Step.Crossover != "" {
		marks = append(marks, object{"url": extensions + "crossover-carrier", "valueReference": s.carrier(l.Step.Crossover, c)})
	}
	d["extension"], d["outcome"] = marks, "complete"
	kind := "complete"
	if len(l.Answer.Lines) < len(c.Lines) && l.Step.Lines == FirstLine {
		d["outcome"], kind = "partial", "partial"
	}
	items := make([]object, len(l.Answer.Lines))
	for i, line := range l.Answer.Lines {
		items[i] = object{"itemSequence": line.Number, "adjudication": adjudication(line)}
	}
	d["item"] = items
	d["total"] = []object{amountOf("submitted", l.Answer.Charge()), amountOf("benefit", l.Answer.Paid())}
	d["payment"] = object{
		"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", kind), "date": l.Day, "amount": usd(l.Answer.Paid()),
		"identifier": object{"system": systemOf(c.Plan, "trace"), "value": l.Trace},
	}
}

// clpStatus gives CLP02 (X12 005010X221A1): how the claim was judged, and as which payer's.
func clpStatus(c *Claim, l *Letter) string {
	switch {
	case l.Step.Letter == Reversal:
		return "22"
	case l.Step.CLP != "":
		return l.Step.CLP
	case c.Prior != nil:
		return "2"
	}
	return "1"
}

// carrier names the payer that a claim was passed on to.
func (s *state) carrier(planName string, c *Claim) object {
	if organization := s.organizations[planName]; organization != "" && c.Organization != "" {
		return object{"reference": "Organization/" + organization}
	}
	return object{"identifier": object{"system": systemOf(planName, "payer"), "value": planName}, "display": Plans[planName].Title}
}

func amountOf(category string, c money.Cents) object {
	return object{"category": conceptOf(codesOfAdjudication, category), "amount": usd(c)}
}

// adjudication is a line: one entry for what was submitted, allowed and paid, and one for every adjustment.
func adjudication(line plan.Judged) []object {
	list := []object{amountOf("submitted", line.Charge)}
	if line.Allowed != 0 {
		list = append(list, amountOf("eligible", line.Allowed))
	}
	for _, a := range line.Adjustments {
		list = append(list, object{"category": conceptOf(codesOfGroups, a.Group), "reason": conceptOf(codesOfReasons, a.Code), "amount": usd(a.Amount)})
	}
	return append(list, amountOf("benefit", line.Paid))
}

// remarks are the notes that carry a RARC; no line names them, so they are the claim's.
func remarks(codes []string, before int) []object {
	var notes []object
	for i, code := range codes {
		notes = append(notes, object{
			"number": before + i + 1, "type": "print", "text": "Remark " + code + ".",
			"extension": []object{{"url": extensions + "remark-code", "valueCoding": object{"system": codesOfRemarks, "code": code}}},
		})
	}
	return notes
}

// asksForDocuments is the Task of a payer that wants attachments (Da Vinci CDex).
func (s *state) asksForDocuments(c *Claim, l *Letter) object {
	return object{
		"resourceType": "Task", "status": "requested", "intent": "order", "code": conceptOf("http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp", "attachment-request-code"),
		"identifier": []object{{"system": systemOf(c.Plan, "attachment-control-number"), "value": name("attachment", l.Key)}},
		"focus":      object{"reference": "Claim/" + c.ID}, "for": c.Patient, "requester": c.Insurer, "owner": c.Provider, "authoredOn": l.Day,
		"restriction": object{"period": object{"end": dayOf(l.Day).AddDate(0, 0, daysForDocuments).Format("2006-01-02")}},
		"input": []object{{
			"type":                 conceptOf("http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp", "attachments-needed"),
			"valueCodeableConcept": conceptOf("http://loinc.org", progressNote),
		}},
	}
}

const (
	daysForDocuments = 30
	progressNote     = "11506-3" // LOINC
)

// reconciliations gives what goes out for a remittance, in turn (FHIR R4 PaymentReconciliation).
func (s *state) reconciliations(r *Remittance) []json.RawMessage {
	first := s.byKey[r.Letters[0]]
	document := func(parts []Owed, total money.Cents) json.RawMessage {
		return encode(s.reconciliation(r, parts, total))
	}
	how := first.Step.Remit
	list := []json.RawMessage{document(r.Parts, r.Amount)}
	if how.Twice {
		list = append(list, list[0])
	}
	if how.Contradicts {
		list = append(list, document(append([]Owed{{Code: interest, Amount: contradiction}}, r.Parts...), r.Amount+contradiction))
	}
	return list
}

// contradiction is by how much a remittance differs that comes again with other content.
const contradiction = money.Cents(1_00)

func (s *state) reconciliation(r *Remittance, parts []Owed, total money.Cents) object {
	c := s.claims[s.byKey[r.Letters[0]].Claim]
	var details []object
	for _, key := range r.Letters {
		l := s.byKey[key]
		detail := object{"type": conceptOf(codesOfPayments, "payment"), "amount": usd(l.Answer.Paid())}
		if !l.Step.Mangled {
			detail["request"] = object{"reference": "Claim/" + s.claims[l.Claim].ID}
		}
		if l.ID != "" {
			detail["response"] = object{"reference": "ClaimResponse/" + l.ID}
		}
		details = append(details, detail)
	}
	for _, part := range parts {
		detail := object{"amount": usd(part.Amount), "type": object{"coding": []object{{"system": codesOfPayments, "code": "adjustment"}, {"system": codesOfProviderLevel, "code": part.Code}}}}
		if part.Reference != "" {
			detail["identifier"] = object{"value": part.Reference}
		}
		details = append(details, detail)
	}
	method := "ACH"
	if total == 0 {
		method = "NON"
	}
	return object{
		"resourceType": "PaymentReconciliation", "status": "active", "created": r.Day, "outcome": "complete", "paymentIssuer": c.Insurer, "requestor": c.Provider,
		"extension":   []object{{"url": extensions + "payment-method", "valueCode": method}},
		"paymentDate": r.Day, "paymentAmount": usd(total), "paymentIdentifier": object{"system": systemOf(r.Plan, "trace"), "value": r.Trace}, "detail": details,
	}
}
