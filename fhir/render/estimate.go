package render

import (
	"medbill/fhir"
	"medbill/models"
)

// disclaimers are what a patient is to know of a good faith estimate. 45 CFR 149.610(c)(1)
var disclaimers = []string{
	"This is an estimate of what the practice itself is expected to charge for these services. It is no bill and no contract, and the final charges may differ.",
	"Services of other providers and facilities are not in it; they give estimates of their own.",
	"A patient who is billed 400.00 USD or more above this estimate may dispute the bill within 120 days of it.",
}

// selfPay is who pays for what no plan does.
const selfPay = "Self-pay"

// GoodFaithEstimate gives an estimate as a Claim that asks for nothing, in the form of Da Vinci PCT: its use is predetermination, its days and prices are those of the lines. https://hl7.org/fhir/us/davinci-pct/
func GoodFaithEstimate(e models.GoodFaithEstimate) []byte {
	d := claim{
		resource:       resource{"Claim", string(e.ID)},
		Identifier:     numbered(fhir.SystemEstimateNumber, e.Number),
		Status:         "active",
		Type:           fhir.Concept(fhir.SystemClaimType, string(models.ClaimProfessional)),
		Use:            "predetermination",
		Patient:        fhir.To("Patient", e.PatientID),
		BillablePeriod: period(e.Day, e.Day),
		Created:        string(e.Made),
		Provider:       fhir.To("Organization", e.PracticeID),
		Priority:       fhir.Concept(fhir.SystemPriority, "normal"),
		Insurance:      []insurance{{Sequence: 1, Focal: true, Coverage: &fhir.Reference{Display: selfPay}}},
		Total:          fhir.USD(e.Total),
	}
	for _, text := range disclaimers {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionGFEDisclaimer, ValueString: text})
	}
	if e.AppointmentID != "" {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionAppointment, ValueReference: fhir.To("Appointment", e.AppointmentID)})
	}
	if e.Prepayment > 0 {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionPrepayment, ValueMoney: fhir.USD(e.Prepayment)})
	}
	var team []models.Performer
	if e.RenderingID != "" {
		team = []models.Performer{{ID: e.RenderingID}}
		d.CareTeam = []careTeamMember{{1, performer(team[0]), fhir.Concept(fhir.SystemCareTeamRole, "primary")}}
	}
	c := models.Claim{PlaceOfService: e.Place, Rendering: models.Performer{ID: e.RenderingID}}
	for _, l := range e.Lines {
		line := models.ClaimLine{Sequence: l.Sequence, System: l.System, Code: l.Code, Modifiers: l.Modifiers, Units: l.Units, ServiceDate: e.Day, Billed: l.Charge}
		d.Item = append(d.Item, item(c, line, team))
	}
	return fhir.Encode(d)
}
