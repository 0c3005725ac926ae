package intake

import (
	"time"

	"medbill/fhir"
	"medbill/models"
)

// The code of a Task by which a payer asks for documents. http://hl7.org/fhir/us/davinci-cdex/task-based-approach.html
const (
	systemCDex    = "http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp"
	asksDocuments = "attachment-request-code"
)

// DocumentsRequest reads a Task by which a payer asks for documents about a claim: its control number is the identifier, until when it waits the end of restriction.period, and each input names a document by
// its code.
//
// It refuses (Invalid) what names no claim, payer or document, and (BusinessRule) a Task with another code, status or intent.
func DocumentsRequest(d *fhir.Document, zone *time.Location) (models.DocumentsRequest, error) {
	root, r := rootOf(d, "Task"), &refusals{}
	asked := models.DocumentsRequest{
		PayerID: models.OrganizationID(idOf(root.Get("requester"), "Organization")), ClaimID: models.ClaimID(idOf(root.Get("focus"), "Claim")),
		Due: dayIn(root.In("restriction", "period", "end"), zone),
	}
	for _, needed := range []struct {
		name, text string
		is         bool
	}{
		{"code", "The only Task that is taken asks for documents, with the code attachment-request-code of Da Vinci CDex.", hasCode(root.Get("code"), systemCDex, asksDocuments)},
		{"status", "A request that is new has the status requested.", root.Get("status").Is("requested")},
		{"intent", "A request has the intent order.", root.Get("intent").Is("order")},
	} {
		if !needed.is {
			r.rule("task.unknown", root.path+"."+needed.name, needed.text)
		}
	}
	if asked.ClaimID == "" {
		r.invalid("required", root.path+".focus", "The request must name the claim that it is about, as Claim/ and its id.")
	}
	if asked.PayerID == "" {
		r.invalid("required", root.path+".requester", "The request must name the payer, as Organization/ and its id.")
	}
	for number := range root.each("identifier") {
		if value := number.get("value"); asked.Number == "" && value.Exists() && r.check(value.path, models.CheckLine(value.Text())) {
			asked.Number = number.Get("system").Text() + "|" + value.Text()
		}
	}
	for input := range r.entries(root, "input") {
		wanted := r.wanted(input)
		if wanted == (models.WantedDocument{}) {
			r.invalid("required", input.path+".value", "An input names a document by a coding with system and code.")
		}
		asked.Wanted = append(asked.Wanted, wanted)
	}
	if len(asked.Wanted) == 0 {
		r.invalid("required", root.path+".input", "The request must say which documents are wanted, each as an input.")
	}
	return asked, r.err()
}

// wanted reads which document an input names.
func (r *refusals) wanted(input spot) models.WantedDocument {
	coding := input.In("valueCodeableConcept", "coding").At(0)
	if one := input.Get("valueCoding"); one.Exists() {
		coding = one
	}
	code := coding.Get("code")
	if !coding.Get("system").Exists() || !code.Exists() || !r.check(input.path+".value", models.CheckLine(code.Text())) {
		return models.WantedDocument{}
	}
	return models.WantedDocument{System: coding.Get("system").Text(), Code: code.Text()}
}

// DocumentSubject gives the patient whom a DocumentReference is about, or "".
func DocumentSubject(d *fhir.Document) models.PatientID {
	return models.PatientID(idOf(d.Root().Get("subject"), "Patient"))
}
