package intake

import (
	"strconv"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// EligibilityRequest reads a CoverageEligibilityRequest: whose plan is asked about, for which day and which type of service. Its day is servicedDate, else the first day of servicedPeriod; the type of
// service is that of its items, 30 where they name none.
func EligibilityRequest(d *fhir.Document, zone *time.Location) models.EligibilityQuestion {
	root := d.Root()
	q := models.EligibilityQuestion{
		ID: d.ID(), PatientID: models.PatientID(idOf(root.Get("patient"), "Patient")), PayerID: models.OrganizationID(idOf(root.Get("insurer"), "Organization")),
		Active: root.Get("status").Is("active"), Day: dayIn(root.Get("servicedDate"), zone), Created: dayIn(root.Get("created"), zone), Service: models.ServiceAny,
	}
	if q.Day == "" {
		q.Day = spanIn(root.Get("servicedPeriod"), zone).From
	}
	for insurance := range root.Get("insurance").Children() {
		id := models.CoverageID(idOf(insurance.Get("coverage"), "Coverage"))
		if id != "" && (q.CoverageID == "" || insurance.Get("focal").Text() == "true") {
			q.CoverageID = id
		}
	}
	for item := range root.Get("item").Children() {
		if code := codeOf(item.Get("category"), fhir.SystemServiceType); code != "" {
			q.Service = code
			break
		}
	}
	return q
}

// Eligibility reads what a payer says in a CoverageEligibilityResponse about the plan that coverage names, or about the first one where it names none.
//
// It refuses (Invalid) what names no request, patient or insurer, and an amount, a number or an order that is none; (BusinessRule) amounts in another currency than USD. What the payer does not say is
// unknown. https://hl7.org/fhir/R4/coverageeligibilityresponse.html
func Eligibility(d *fhir.Document, zone *time.Location) (models.Eligibility, error) {
	root := rootOf(d, "CoverageEligibilityResponse")
	r := eligibilityReader{Eligibility: models.Eligibility{
		ID: d.ID(), RequestID: idOf(root.Get("request"), "CoverageEligibilityRequest"), PatientID: models.PatientID(idOf(root.Get("patient"), "Patient")),
		PayerID: models.OrganizationID(idOf(root.Get("insurer"), "Organization")), Day: dayIn(root.Get("servicedDate"), zone), Checked: dayIn(root.Get("created"), zone),
	}}
	for name, is := range map[string]bool{"request": r.RequestID != "", "patient": r.PatientID != "", "insurer": r.PayerID != ""} {
		if !is {
			r.invalid("required", root.path+"."+name, "The response must name the "+name+" as type and id; they are those of the question.")
		}
	}
	for e := range root.each("error") {
		r.refused(e)
	}
	for insurance := range root.each("insurance") {
		r.insurance(insurance, zone)
		break // a question asks about one plan
	}
	return r.Eligibility, r.err()
}

type eligibilityReader struct {
	models.Eligibility
	refusals
}

// refused reads a reason for which the payer does not answer.
func (r *eligibilityReader) refused(e spot) {
	one := models.EligibilityRefusal{Code: codeOf(e.Get("code"), fhir.SystemReject), Text: e.In("code", "text").Text()}
	for extension := range e.each("extension") {
		if extension.Get("url").Is(fhir.ExtensionFollowUp) {
			one.FollowUp = extension.In("valueCoding", "code").Text()
		}
	}
	r.Refusals = append(r.Refusals, one)
}

// insurance reads what is said about a plan.
func (r *eligibilityReader) insurance(s spot, zone *time.Location) {
	r.CoverageID = models.CoverageID(idOf(s.Get("coverage"), "Coverage"))
	if r.CoverageID == "" {
		r.invalid("required", s.path+".coverage", "The response must name the plan as Coverage/ and its id, as the question did.")
	}
	if inforce := s.Get("inforce"); inforce.Exists() {
		is := inforce.Text() == "true"
		r.InForce = &is
	}
	r.Period = spanIn(s.Get("benefitPeriod"), zone)
	for e := range s.each("extension") {
		if e.Get("url").Is(fhir.ExtensionOtherPayer) {
			r.otherPayer(e)
		}
	}
	for item := range r.entries(s, "item") {
		r.item(item)
	}
}

// otherPayer reads another payer that the asked one knows of.
func (r *eligibilityReader) otherPayer(s spot) {
	other := models.OtherPayer{}
	for e := range s.each("extension") {
		switch e.Get("url").Text() {
		case "payer":
			who, number := e.choice("value", "Reference"), e.choice("value", "Identifier")
			if who.Exists() {
				other.PayerID, number = models.OrganizationID(idOf(who.Node, "Organization")), who.get("identifier")
			}
			other.Number = models.Identifier{System: systemOf(number.Get("system")), Value: number.Get("value").Text()}
		case "order":
			other.Order, _ = r.positive(e.choice("value", "PositiveInt"))
		case "member":
			other.Member = e.Get("valueString").Text()
		}
	}
	if other.PayerID == "" && other.Number.Value == "" {
		r.invalid("required", s.path, "Another payer is named as Organization/ and its id, or by an identifier with a value.")
	}
	r.Others = append(r.Others, other)
}

// item reads the amounts of a type of service or of one service.
func (r *eligibilityReader) item(s spot) {
	base := models.Benefit{
		Service: codeOf(s.Get("category"), fhir.SystemServiceType), Code: serviceOf(s.Get("productOrService")).code, Network: codeOf(s.Get("network"), fhir.SystemBenefitNetwork),
		Unit: codeOf(s.Get("unit"), fhir.SystemBenefitUnit), Term: codeOf(s.Get("term"), fhir.SystemBenefitTerm), Excluded: s.Get("excluded").Text() == "true",
	}
	if r.Plan == "" {
		r.Plan = s.Get("name").Text()
	}
	if wants := s.Get("authorizationRequired"); wants.Exists() || base.Excluded {
		only := base
		if is := wants.Text() == "true"; wants.Exists() {
			only.Authorized = &is
		}
		r.Benefits = append(r.Benefits, only)
	}
	for b := range r.entries(s, "benefit") {
		one := base
		for _, known := range benefitKinds {
			if hasCode(b.Get("type"), known.system, known.code) {
				one.Kind = known.kind
			}
		}
		if one.Kind == "" {
			continue // kept with the document
		}
		one.Allowed, one.Used = r.money(b.choice("allowed", "Money")), r.money(b.choice("used", "Money"))
		if share := b.choice("allowed", "UnsignedInt"); share.Exists() && one.Kind == models.BenefitCoinsurance {
			n, err := strconv.Atoi(share.Text())
			if err != nil || n < 0 || n > 100 {
				r.invalid("value", share.path, "A share is a whole number of percent from 0 to 100.")
			}
			one.Percent = &n
		}
		r.Benefits = append(r.Benefits, one)
	}
}

// money reads an amount that may be absent.
func (r *eligibilityReader) money(m spot) *models.Cents {
	if !m.Exists() {
		return nil
	}
	amount, ok := r.amount(m)
	if !ok {
		return nil
	}
	return &amount
}

// benefitKinds say which amount a benefit is.
var benefitKinds = []struct {
	system, code string
	kind         models.BenefitKind
}{
	{fhir.SystemBenefitType, "deductible", models.BenefitDeductible},
	{fhir.SystemBenefitType, "copay", models.BenefitCopay},
	{fhir.SystemBenefitType, "copay-percent", models.BenefitCoinsurance},
	{fhir.SystemCopayType, "maxoutofpocket", models.BenefitMaximum},
}

// codeOf gives the code that a CodeableConcept has of a system, or "".
func codeOf(concept fhir.Node, system string) string {
	for coding := range concept.Get("coding").Children() {
		if systemOf(coding.Get("system")) == system {
			return coding.Get("code").Text()
		}
	}
	return ""
}
