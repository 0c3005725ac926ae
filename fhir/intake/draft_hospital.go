package intake

import (
	"slices"
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// hospital reads what a front end's institutional draft says beside its parties, diagnoses and lines.
func (c *draftReader) hospital(root spot) {
	if c.Type != models.ClaimInstitutional {
		return
	}
	if subType := root.get("subType"); subType.Exists() {
		c.Stay.BillType = models.BillType(c.coded(subType, fhir.SystemBillType, "a type of bill of the NUBC"))
	}
	seen := map[string]bool{}
	for info := range c.entries(root, "supportingInfo") {
		c.information(info, seen)
	}
	for m := range root.each("careTeam") {
		c.provider(m)
	}
	c.procedures(root)
	c.Rendering = c.Stay.Provider(models.RoleAttending)
}

// coded gives the code that a concept has in a system; what it must be is told where it has none.
func (c *draftReader) coded(concept spot, system, what string) string {
	code := codeIn(concept.Node, system)
	if code == "" {
		c.invalid("code-invalid", concept.path, "The code must be "+what+", with its system.")
		return ""
	}
	c.check(concept.path, models.CheckCode(code))
	return code
}

// information reads an entry of supportingInfo. One of another category is not billing's, and stays as it is.
func (c *draftReader) information(info spot, seen map[string]bool) {
	category := info.Get("category")
	once := map[string]struct {
		into   *string
		system string
	}{
		"typeofbill":       {&c.Stay.BillType, fhir.SystemBillType},
		"admtype":          {&c.Stay.Priority, fhir.SystemAdmissionType},
		"pointoforigin":    {&c.Stay.PointOfOrigin, fhir.SystemPointOfOrigin},
		"discharge-status": {&c.Stay.DischargeStatus, fhir.SystemDischargeStatus},
	}
	name := codeIn(category, fhir.SystemC4BBInformation)
	one, isOne := once[name]
	if (isOne || name == "admissionperiod") && !c.once(info, name, seen) {
		return
	}
	switch {
	case name == "admissionperiod":
		c.admission(info)
	case isOne:
		if code := c.coded(info.get("code"), one.system, "one of the NUBC's"); *one.into == "" {
			*one.into = models.BillType(code)
		}
	case hasKind(category):
		c.Stay.Information = append(c.Stay.Information, c.told(info, models.InformationKind(codeIn(category, fhir.SystemClaimInformation))))
	}
}

func hasKind(category fhir.Node) bool {
	return fhir.InformationSystems[codeIn(category, fhir.SystemClaimInformation)] != ""
}

func (c *draftReader) admission(info spot) {
	period := info.choice("timing", "Period")
	if !period.Exists() {
		c.invalid("required", period.path, "The admission has no period; state when the patient came and left.")
		return
	}
	c.Stay.Admitted, c.Stay.Discharged = period.Get("start").Text(), period.Get("end").Text()
	c.plausible(period.get("start"), c.Stay.AdmittedOn())
	c.plausible(period.get("end"), c.Stay.DischargedOn())
}

// told reads an occurrence, occurrence span, condition or value code. It refuses a code without its day, days or value.
func (c *draftReader) told(info spot, kind models.InformationKind) models.StayInformation {
	one := models.StayInformation{Kind: kind, Code: c.coded(info.get("code"), fhir.InformationSystems[string(kind)], "one of the NUBC's for this category")}
	switch kind {
	case models.InformationOccurrence:
		one.From = c.day(info.choice("timing", "Date"), c.zone)
	case models.InformationSpan:
		period := info.choice("timing", "Period")
		one.From, one.Until = c.day(period.get("start"), c.zone), c.day(period.get("end"), c.zone)
	case models.InformationValue:
		c.valued(info, &one)
	}
	return one
}

// valued reads the value of a value code: dollars where its system is that of currencies, else a number.
func (c *draftReader) valued(info spot, one *models.StayInformation) {
	quantity := info.choice("value", "Quantity")
	if !quantity.Get("system").Is(fhir.SystemCurrency) {
		if number, ok := c.number(quantity.get("value")); ok {
			one.Number = &number
		}
		return
	}
	if c.check(quantity.path+".code", models.CheckCurrency(quantity.Get("code").Text())) {
		amount, err := models.ReadAmount(string(quantity.Get("value").Raw()))
		if c.check(quantity.path+".value", err) {
			one.Amount = &amount
		}
	}
}

// provider reads a member of the care team who has a role of the UB-04; others stay as they are.
func (c *draftReader) provider(member spot) {
	role := models.ProviderRole(codeIn(member.Get("role"), fhir.SystemC4BBCareTeamRole))
	if hasCode(member.Get("role"), fhir.SystemCareTeamRole, "primary") {
		role = models.RoleAttending
	}
	if !slices.Contains(models.ProviderRoles, role) {
		return
	}
	provider, _ := c.own.provider(member.Get("provider"))
	who := provider.In(c.roles).Performer()
	switch {
	case who == models.Performer{}:
		c.rule("claim.provider-role", member.path+".provider", "Who has this role cannot be found; refer to a Practitioner or his PractitionerRole, or name the NPI.")
	case c.Stay.Provider(role) != models.Performer{}:
		c.rule("claim.provider-role", member.path+".role", "This role stands twice; a claim has one provider in each.")
	default:
		c.Stay = c.Stay.With(models.Stay{Providers: []models.StayProvider{{Role: role, Who: who}}})
	}
}

// procedures reads the ICD-10-PCS codes, the principal one first.
func (c *draftReader) procedures(root spot) {
	var others []models.StayProcedure
	for p := range c.entries(root, "procedure") {
		one := models.StayProcedure{Code: c.coded(p.choice("procedure", "CodeableConcept"), models.SystemICD10PCS, "one of ICD-10-PCS")}
		if date := p.get("date"); date.Exists() {
			one.Day = c.day(date, c.zone)
		}
		if hasCode(p.Get("type").At(0), fhir.SystemProcedureType, "primary") && len(c.Stay.Procedures) == 0 {
			c.Stay.Procedures = append(c.Stay.Procedures, one)
			continue
		}
		others = append(others, one)
	}
	c.Stay.Procedures = append(c.Stay.Procedures, others...)
}

// inHospital reads what an institutional draft says of a diagnosis.
func (c *draftReader) inHospital(diagnosis spot) (said models.InHospital) {
	if c.Type != models.ClaimInstitutional {
		return said
	}
	for concept := range diagnosis.Get("type").Children() {
		for _, role := range models.DiagnosisRoles {
			isRole := hasCode(concept, fhir.SystemDiagnosisType, role) || hasCode(concept, fhir.SystemC4BBDiagnosisType, role)
			if isRole && !slices.Contains(said.Roles, role) {
				said.Roles = append(said.Roles, role)
			}
		}
	}
	if at := diagnosis.get("onAdmission"); at.Exists() {
		said.OnAdmission = strings.ToUpper(c.coded(at, fhir.SystemOnAdmission, "a present-on-admission indicator of the NUBC"))
	}
	if drg := codeIn(diagnosis.Get("packageCode"), fhir.SystemDRG); drg != "" {
		c.check(diagnosis.path+".packageCode", models.CheckCode(drg))
		said.Package = drg
	}
	return said
}

// ofHouse reads the service of an institutional line: its revenue code, with a HCPCS code or the word that there is none. It refuses
// what such a line does not have.
func (c *draftReader) ofHouse(item spot) service {
	s := serviceOf(item.Get("productOrService"))
	if s.code == "" && !hasCode(item.Get("productOrService"), fhir.SystemDataAbsent, "not-applicable") {
		c.invalid("code-invalid", item.path+".productOrService", "The line must have a HCPCS or CPT code, or data-absent-reason not-applicable.")
	}
	s.revenue = c.coded(item.get("revenue"), models.SystemRevenue, "a revenue code of the NUBC")
	if item.Get("diagnosisSequence").Exists() {
		c.rule("claim.pointers", item.path+".diagnosisSequence", "A line of an institutional claim points to no diagnosis; leave it out.")
	}
	if location := item.choice("location", "CodeableConcept"); location.Exists() {
		c.rule("claim.places", location.path, "An institutional claim has no place of service; leave it out.")
	}
	return s.ofHouse()
}
