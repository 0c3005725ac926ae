package scrub

import (
	"fmt"
	"regexp"
	"slices"

	"medbill/models"
)

const ruleInstitutional = "scrub.institutional"

// Shapes of the NUBC's codes. Whether one is in force is the licensee's to know.
var (
	shapeBillType = regexp.MustCompile(`^[1-9][0-9][0-9A-Z]$`)
	shapeRevenue  = regexp.MustCompile(`^[0-9]{4}$`)
	shapeOfHouse  = regexp.MustCompile(`^[0-9A-Z]{2}$`)
)

// Codes of the UB-04 that a rule goes by: who is still in the house, and which bills say that he is.
const stillPatient = "30"

var interimBills = []string{"2", "3"} // first and continuing

// institutional: type of bill, statement, attending provider and codes of a hospital claim. X12 005010X223A2, CLM05, DTP*434, 2310A,
// HI; NUBC form locators 4, 6, 17, 18 to 41 and 76.
func institutional(s Subject) []models.Finding {
	c := s.Claim
	findings := s.bill()
	if s.form() == FormOutpatient {
		findings = append(findings, s.status()...)
	}
	if s.Renderers[c.Stay.Provider(models.RoleAttending)].NPI == "" {
		findings = append(findings, held(ruleInstitutional, "Claim.careTeam", "The attending provider has no NPI.", "Name a Practitioner with an NPI as attender in Encounter.participant."))
	}
	if c.ServiceFrom == "" || c.ServiceUntil == "" {
		findings = append(findings, held(ruleInstitutional, "Claim.billablePeriod", "The statement does not say from which day through which it is.", "Add the days of the visit."))
	}
	for i, line := range c.Lines {
		if !shapeRevenue.MatchString(line.Revenue) {
			findings = append(findings, held(ruleInstitutional, item(i, "revenue"), "The revenue code does not have four digits.", "Correct the revenue code of the charge."))
		}
		if line.ServiceDate != "" && !(models.Span{From: c.ServiceFrom, Until: c.ServiceUntil}).Contains(line.ServiceDate) {
			findings = append(findings, held(ruleInstitutional, item(i, "serviced"), "The day of service lies outside of the statement.", "Correct the day, or the days of the visit."))
		}
	}
	principals := 0
	for _, d := range c.Diagnoses {
		if slices.Contains(d.Roles, models.DiagnosisPrincipal) {
			principals++
		}
	}
	if len(c.Diagnoses) > 0 && principals != 1 {
		findings = append(findings, held(ruleInstitutional, "Claim.diagnosis", "Not exactly one diagnosis is the principal one.", "Say which one is."))
	}
	for i, one := range c.Stay.Information {
		findings = append(findings, informed(fmt.Sprintf("Claim.supportingInfo[%d]", i), one)...)
	}
	return findings
}

// bill: a type of bill is well formed, and its frequency says whether the patient is still in the house.
func (s Subject) bill() []models.Finding {
	stay := s.Claim.Stay
	if !shapeBillType.MatchString(stay.BillType) {
		return []models.Finding{held(ruleInstitutional, "Claim.subType", "The type of bill does not have three digits, of facility, care and frequency.", "Say the type of bill, such as 111 or 131.")}
	}
	if stay.DischargeStatus == "" || (stay.DischargeStatus == stillPatient) == slices.Contains(interimBills, stay.Frequency()) {
		return nil
	}
	return []models.Finding{held(
		ruleInstitutional, "Claim.subType", "The frequency of the type of bill and the patient's status do not agree: who is still a patient has a first or continuing bill, 2 or 3, and nobody else.",
		"Correct the last digit of the type of bill, or the discharge status.",
	)}
}

// status of a patient who came and went is asked for as well.
func (s Subject) status() []models.Finding {
	if s.Claim.Stay.DischargeStatus != "" {
		return nil
	}
	return []models.Finding{noted(ruleInstitutional, "Claim.supportingInfo", "The claim does not say where the patient went.", "Add Encounter.hospitalization.dischargeDisposition.")}
}

// informed: occurrence, condition and value codes have two characters, and what belongs to each.
func informed(path string, one models.StayInformation) []models.Finding {
	var findings []models.Finding
	if !shapeOfHouse.MatchString(one.Code) {
		findings = append(findings, held(ruleInstitutional, path+".code", "The code does not have two characters, digits or capital letters.", "Correct the code."))
	}
	lacks := map[models.InformationKind]bool{
		models.InformationOccurrence: one.From == "",
		models.InformationSpan:       one.From == "" || one.Until < one.From,
		models.InformationValue:      one.Amount == nil && one.Number == nil,
	}
	if lacks[one.Kind] {
		findings = append(findings, held(ruleInstitutional, path, "An occurrence needs its day, a span its first and last, a value its amount.", "Say it beside the code."))
	}
	return findings
}

// needsCode begin the revenue codes under which an outpatient service is paid by its HCPCS code: laboratory, imaging, operating room,
// therapy, emergency room, clinics and the like.
var needsCode = []string{
	"030", "031", "032", "033", "034", "035", "036", "040", "042", "043", "044", "045", "046", "047", "048", "049", "051", "052", "061", "073", "074", "075", "090", "091", "092",
}

// uncoded: lines of somebody who came and went that payers price by their code.
func uncoded(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		if line.System == models.SystemRevenue && len(line.Revenue) == 4 && slices.Contains(needsCode, line.Revenue[:3]) {
			findings = append(findings, noted(ruleInstitutional, item(i, "productOrService"), "Outpatient services of this revenue code are paid by their HCPCS code, and the line has none.", "Add the HCPCS code to the charge."))
		}
	}
	return findings
}
