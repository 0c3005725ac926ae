package coding_test

import (
	"testing"

	"medbill/billing/rules/coding"
	"medbill/models"
)

// ofHouse is a chart of a visit that a house bills, of a class.
func ofHouse(class string) coding.Chart {
	e := visit
	e.Class = class
	e.Stay = models.Stay{Admitted: "2026-03-02T14:00:00-05:00", Discharged: "2026-03-03T10:00:00-05:00", Priority: "1", DischargeStatus: "01"}
	e.Participants = append(attended("smith"), models.Participant{Types: models.Codes{"REF"}, Provider: models.Provider{PractitionerID: "jones"}})
	e.DiagnosisRefs = []models.DiagnosisRef{{Reference: "Condition/a", Use: "AD"}}
	before, after := condition("b", "E11.9"), condition("c", "T81.4")
	before.Onset, after.Onset = "2020-01-01", "2026-03-03"
	operation := models.Procedure{ID: "o", PatientID: "canary", VisitID: "v", Status: "completed", Hospital: "0BJ08ZZ", Performed: "2026-03-03", Performers: attended("miller")}
	return coding.Chart{
		Encounter: e, Conditions: []models.Condition{condition("a", "J18.9"), before, after, condition("d", "I10")}, Procedures: []models.Procedure{operation},
		Items: []models.ChargeItem{{ID: "r", PatientID: "canary", VisitID: "v", Status: "billable", System: models.SystemRevenue, Code: "0120", Revenue: "0120", Units: models.OneUnit}},
	}
}

func TestAChartTellsAHouseWhatTheStayWas(t *testing.T) {
	c, problems := coding.Gather(ofHouse("IMP"))
	if len(problems) > 0 || !coding.IsUsable(c) {
		t.Fatalf("got %+v, %v, %v", c, problems, coding.Check(c))
	}
	s := c.Stay
	if s.BillType != "111" || s.AdmittedOn() != "2026-03-02" || s.DischargedOn() != "2026-03-03" || s.Provider(models.RoleReferring).ID != "jones" || s.Provider(models.RoleOperating).ID != "miller" ||
		len(s.Procedures) != 1 || s.Procedures[0] != (models.StayProcedure{Code: "0BJ08ZZ", Day: "2026-03-03"}) {
		t.Errorf("the stay is %+v", s)
	}
	present := map[string]string{}
	for _, d := range c.Diagnoses {
		present[d.Code] = d.OnAdmission
	}
	for code, want := range map[string]string{"J18.9": "Y", "E11.9": "Y", "T81.4": "N", "I10": ""} {
		if present[code] != want {
			t.Errorf("%s was present %q, want %q", code, present[code], want)
		}
	}
	if s := c.Services[0]; s.Revenue != "0120" || s.Code != "0120" || s.System != models.SystemRevenue {
		t.Errorf("the service is %+v", s)
	}
	out, _ := coding.Gather(ofHouse("EMER"))
	if out.Stay.BillType != "131" || out.Stay.Admitted != "" || out.Stay.DischargeStatus != "01" || out.Diagnoses[0].OnAdmission != "" {
		t.Errorf("of who comes and goes it says %+v, %+v", out.Stay, out.Diagnoses)
	}
	nobody := ofHouse("IMP")
	nobody.Items = nil
	if c, _ := coding.Gather(nobody); !c.Stay.IsEmpty() || c.Diagnoses[0].Roles != nil {
		t.Errorf("of a visit that no house bills it says %+v, %+v", c.Stay, c.Diagnoses)
	}
}

func TestACodersWordCountsOverTheChart(t *testing.T) {
	house := coding.HouseOf(ofHouse("IMP"))
	said := models.Coding{
		Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "J189", InHospital: models.InHospital{OnAdmission: "U"}}, {Sequence: 2, Code: "E119"}},
		Services:  []models.Service{{System: models.SystemRevenue, Code: "0250", Revenue: "0250", Units: models.OneUnit, ServiceDate: "2026-03-02"}},
		Stay:      models.Stay{BillType: "121", Providers: []models.StayProvider{{Role: models.RoleOperating, Who: models.Performer{ID: "doe"}}}},
	}
	got := house.Complete(said)
	if got.Stay.BillType != "121" || got.Stay.Priority != "1" || got.Stay.Provider(models.RoleOperating).ID != "doe" || got.Stay.Provider(models.RoleReferring).ID != "jones" ||
		got.Diagnoses[0].OnAdmission != "U" || got.Diagnoses[1].OnAdmission != "Y" {
		t.Errorf("got %+v", got)
	}
	if again := house.Complete(got); !again.Stay.Equal(got.Stay) {
		t.Errorf("said again it is %+v, want %+v", again.Stay, got.Stay)
	}
	if issues := coding.Check(got); len(issues) > 0 {
		t.Errorf("it is refused: %v", issues)
	}
}
