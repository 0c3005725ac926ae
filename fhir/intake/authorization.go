package intake

import (
	"cmp"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// UseAuthorization is the use of a Claim and of a ClaimResponse that are about authorization.
const UseAuthorization = "preauthorization"

// AuthorizationRequest reads a Claim by which a payer is asked to allow services: whose plan, which services, how often and on which days. A service that no claim bills has no code. Its number is the first
// identifier, "" where it has none.
//
// It refuses (Invalid) what names no patient, payer, plan or service, and a number that is none. https://hl7.org/fhir/R4/claim.html
func AuthorizationRequest(d *fhir.Document, zone *time.Location) (models.Authorization, error) {
	root := rootOf(d, "Claim")
	r := draftReader{zone: zone}
	a := models.Authorization{
		ID: models.ClaimID(d.ID()), Number: AnswerKey(d), PatientID: models.PatientID(idOf(root.Get("patient"), "Patient")),
		PayerID: models.OrganizationID(idOf(root.Get("insurer"), "Organization")), Urgent: hasCode(root.Get("priority"), fhir.SystemPriority, "stat"),
	}
	r.coverage(root)
	a.CoverageID = r.CoverageID
	if a.PatientID == "" {
		r.invalid("required", root.path+".patient", "The request must name its patient, as Patient/ and its id.")
	}
	if a.PayerID == "" {
		r.invalid("required", root.path+".insurer", "The request must name the payer that is asked, as Organization/ and its id.")
	}
	for item := range r.entries(root, "item") {
		a.Services = append(a.Services, r.requested(item))
	}
	if len(a.Services) == 0 {
		r.invalid("required", root.path+".item", "The request must name at least one service.")
	}
	return a, r.err()
}

// requested reads one service of a request.
func (c *draftReader) requested(item spot) models.AuthorizedService {
	s := models.AuthorizedService{Code: serviceOf(item.Get("productOrService")).code}
	s.Sequence, _ = c.positive(item.get("sequence"))
	if value := item.get("quantity").get("value"); value.Exists() {
		s.Units = c.units(value)
	}
	if day := dayIn(item.Get("servicedDate"), c.zone); day != "" {
		s.Days = models.Span{From: day, Until: day}
	} else {
		s.Days = spanIn(item.Get("servicedPeriod"), c.zone)
	}
	return s
}

// Review reads a ClaimResponse by which a payer answers a request for authorization. The number and the days of a service are its own, else those of the response; a payer that says that it is done
// and names no service says it of all. Services that the payer adds have the sequence 0.
//
// It refuses (Invalid) what names no patient or payer, and a sequence or a quantity that is none; (BusinessRule) one that is not active. http://hl7.org/fhir/us/davinci-pas/StructureDefinition-profile-claimresponse.html
func Review(d *fhir.Document, zone *time.Location) (models.Review, error) {
	root := rootOf(d, "ClaimResponse")
	r := reviewReader{
		Review: models.Review{
			ID: d.ID(), RequestID: AnsweredClaim(d), PatientID: AnsweredPatient(d), PayerID: models.OrganizationID(idOf(root.Get("insurer"), "Organization")),
		},
		zone: zone,
		all:  models.AuthorizedService{Number: root.Get("preAuthRef").Text(), Days: spanIn(root.Get("preAuthPeriod"), zone)},
	}
	r.Numbers = RequestNumbers(d)
	if r.PatientID == "" {
		r.invalid("required", root.path+".patient", "The response must name the patient, as Patient/ and its id.")
	}
	if r.PayerID == "" {
		r.invalid("required", root.path+".insurer", "The response must name its payer, as Organization/ and its id.")
	}
	if !root.Get("status").Is("active") {
		r.rule("answer.not-active", root.path+".status", "Only an active ClaimResponse answers; set its status to active.")
	}
	for e := range root.each("error") {
		r.Refusals = append(r.Refusals, models.EligibilityRefusal{Code: codeOf(e.Get("code"), fhir.SystemReject), Text: e.In("code", "text").Text()})
	}
	if root.Get("outcome").Is("error") && len(r.Refusals) == 0 {
		r.Refusals = []models.EligibilityRefusal{{}}
	}
	for item := range r.entries(root, "item") {
		sequence, _ := r.positive(item.get("itemSequence"))
		r.service(item, sequence)
	}
	for added := range r.entries(root, "addItem") {
		r.service(added, 0)
	}
	if root.Get("item").Len() == 0 && root.Get("outcome").Is("complete") && r.all.Number != "" {
		r.All = r.all
		r.All.Action = models.ReviewCertified
	}
	return r.Review, r.err()
}

// Reviews gives the ClaimResponses about authorization that a payer's server gives or sends: one by itself, those of a Bundle, and of a Bundle in Parameters. http://hl7.org/fhir/us/davinci-pas/OperationDefinition-Claim-inquiry.html
func Reviews(d *fhir.Document) []*fhir.Document { return responsesIn(d, UseAuthorization) }

// AnswersIn gives the ClaimResponses about claims that a payer's server gives, likewise.
func AnswersIn(d *fhir.Document) []*fhir.Document { return responsesIn(d, "claim") }

func responsesIn(d *fhir.Document, use string) []*fhir.Document {
	list := map[string]string{"Bundle": "entry", "Parameters": "parameter"}[d.Type()]
	if d.Type() == "ClaimResponse" && d.Root().Get("use").Is(use) {
		return []*fhir.Document{d}
	}
	var all []*fhir.Document
	for entry := range d.Root().Get(list).Children() {
		if held := entry.Get("resource"); held.Exists() {
			all = append(all, responsesIn(held.Detach(), use)...)
		}
	}
	return all
}

type reviewReader struct {
	models.Review
	refusals
	zone *time.Location
	all  models.AuthorizedService // what counts for a service that says nothing of its own
}

// service reads what the payer says of one service.
func (r *reviewReader) service(item spot, sequence int) {
	s := models.AuthorizedService{Sequence: sequence, Code: serviceOf(item.Get("productOrService")).code, Days: r.all.Days}
	if sequence == 0 {
		r.quantity(&s, item.get("quantity"))
	}
	for e := range item.each("extension") {
		switch e.Get("url").Text() {
		case fhir.ExtensionReviewAction:
			action(&s, e)
		case fhir.ExtensionAuthorizedDays:
			s.Days = spanIn(e.Get("valuePeriod"), r.zone)
		case fhir.ExtensionAuthorizedDetail:
			r.detail(&s, e)
		}
	}
	for judged := range item.each("adjudication") {
		for e := range judged.each("extension") {
			if e.Get("url").Is(fhir.ExtensionReviewAction) {
				action(&s, e)
			}
		}
	}
	if s.Action.Allows() {
		s.Number = cmp.Or(s.Number, r.all.Number)
	}
	r.Services = append(r.Services, s)
}

// action reads what is decided of a service, its number and why.
func action(s *models.AuthorizedService, review spot) {
	for e := range review.each("extension") {
		switch e.Get("url").Text() {
		case fhir.ExtensionReviewActionCode, "code":
			s.Action = models.ReviewAction(codeIn(e.Get("valueCodeableConcept"), fhir.SystemReviewAction))
		case "number":
			s.Number = e.Get("valueString").Text()
		case "reasonCode":
			s.Reason = e.In("valueCodeableConcept", "coding").At(0).Get("code").Text()
		}
	}
}

// detail reads what is allowed where that is something else than what was asked for.
func (r *reviewReader) detail(s *models.AuthorizedService, detail spot) {
	for e := range detail.each("extension") {
		switch e.Get("url").Text() {
		case "productOrServiceCode":
			s.Code = serviceOf(e.Get("valueCodeableConcept")).code
		case "quantity":
			r.quantity(s, e.get("valueQuantity"))
		}
	}
}

func (r *reviewReader) quantity(s *models.AuthorizedService, quantity spot) {
	if value := quantity.get("value"); value.Exists() {
		s.Units = r.units(value)
	}
}

// RequestNumbers gives the identifiers as `system|value` by which a ClaimResponse may name the request that it answers: those of the request, then its own, which some payers repeat.
func RequestNumbers(d *fhir.Document) []string {
	root := d.Root()
	return append(numbersIn(root.In("request", "identifier").Each()), numbersIn(root.Get("identifier").Children())...)
}

// Created gives the day on which a document was made.
func Created(d *fhir.Document, zone *time.Location) models.Date {
	return dayIn(d.Root().Get("created"), zone)
}
