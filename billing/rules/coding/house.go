package coding

import (
	"cmp"
	"slices"

	"medbill/models"
)

// House is what a chart says for a hospital that bills the visit: the stay, and by the bare codes of diagnoses what it says of them.
type House struct {
	stay      models.Stay
	diagnoses map[string]models.InHospital
}

// Types of bill of a patient who stays and of one who comes and goes, each admitted through discharged. NUBC, form locator 4.
const (
	billInpatient  = "111"
	billOutpatient = "131"
)

// Of a Condition that an Encounter names on admission it is said that the patient came with it.
// https://hl7.org/fhir/R4/codesystem-diagnosis-role.html and NUBC, present on admission
const (
	useAdmission = "AD"
	presentYes   = "Y"
	presentNo    = "N"
)

// HouseOf reads a chart for a hospital: how the patient came, stayed and left, who operated and referred, the procedures coded in
// ICD-10-PCS, and whether he came with what he has. Only who stays is admitted.
func HouseOf(c Chart) House {
	g := gathererOf(c)
	h := House{stay: g.Encounter.Stay, diagnoses: map[string]models.InHospital{}}
	h.stay.BillType = billInpatient
	if !isInpatient(g.Encounter.Class) {
		h.stay.BillType, h.stay.Admitted, h.stay.Discharged = billOutpatient, "", ""
	}
	g.operated(&h.stay)
	for _, p := range g.Encounter.Participants {
		if slices.Contains(p.Types, "REF") && h.stay.Provider(models.RoleReferring) == (models.Performer{}) {
			h.stay = withProvider(h.stay, models.RoleReferring, p.Provider.In(g.Roles).Performer())
		}
	}
	if h.stay.IsInpatient() {
		g.present(h.diagnoses)
	}
	return h
}

// operated adds the procedures of the stay in the order of their days, and who did the first.
func (g gatherer) operated(stay *models.Stay) {
	var done []models.Procedure
	for _, p := range g.Procedures {
		if p.Hospital != "" && p.Status == procedureCompleted && p.VisitID == g.Encounter.ID && p.PatientID == g.Encounter.PatientID {
			done = append(done, p)
		}
	}
	slices.SortFunc(done, func(a, b models.Procedure) int {
		return cmp.Or(cmp.Compare(a.Performed, b.Performed), cmp.Compare(a.ID, b.ID))
	})
	for i, p := range done {
		stay.Procedures = append(stay.Procedures, models.StayProcedure{Code: p.Hospital, Day: cmp.Or(p.Performed, g.days.From)})
		if i == 0 {
			*stay = withProvider(*stay, models.RoleOperating, Rendering(p.Performers, g.Roles))
		}
	}
}

func withProvider(s models.Stay, role models.ProviderRole, who models.Performer) models.Stay {
	if who == (models.Performer{}) {
		return s
	}
	return s.With(models.Stay{Providers: []models.StayProvider{{Role: role, Who: who}}})
}

// present says of Conditions whether the patient came with them: those of the admission, and those that began before it, he did;
// those that began after it he did not. Of any other a person must say it.
func (g gatherer) present(said map[string]models.InHospital) {
	admitted := g.Encounter.Stay.AdmittedOn()
	for _, c := range g.conditions {
		one := said[bare(c.Code)]
		isAdmitting := slices.ContainsFunc(g.Encounter.DiagnosisRefs, func(r models.DiagnosisRef) bool {
			return r.Use == useAdmission && r.Reference == referenceTo(c)
		})
		switch {
		case isAdmitting:
			one.Roles, one.OnAdmission = models.Codes{models.DiagnosisAdmitting}, presentYes
		case one.OnAdmission != "" || c.Onset == "" || admitted == "":
		case c.Onset < admitted:
			one.OnAdmission = presentYes
		case c.Onset > admitted:
			one.OnAdmission = presentNo
		}
		said[bare(c.Code)] = one
	}
}

// Complete gives a coding with what the chart says for the house, where the house bills one of its services: what the coding says
// itself counts. Of any other coding the house says nothing.
func (h House) Complete(c models.Coding) models.Coding {
	if !isOfHouse(c) {
		return c
	}
	c.Stay = h.stay.With(c.Stay)
	c.Diagnoses = slices.Clone(c.Diagnoses)
	for i := range c.Diagnoses {
		d, found := &c.Diagnoses[i], h.diagnoses[bare(c.Diagnoses[i].Code)]
		if len(d.Roles) == 0 {
			d.Roles = found.Roles
		}
		d.OnAdmission = cmp.Or(d.OnAdmission, found.OnAdmission)
	}
	return c
}

// isOfHouse reports whether a house bills one of the services.
func isOfHouse(c models.Coding) bool {
	return slices.ContainsFunc(c.Services, func(s models.Service) bool { return s.Revenue != "" })
}

// diagnosesMax is how many diagnoses a visit of these services may have: as many as the larger of its claims holds.
func diagnosesMax(services []models.Service) int {
	most := models.ClaimProfessional.Facts().DiagnosesMax
	for _, s := range services {
		most = max(most, models.ClaimTypeOf(s.Revenue).Facts().DiagnosesMax)
	}
	return most
}
