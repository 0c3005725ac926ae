package coding_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"medbill/billing/rules/coding"
	"medbill/models"
)

func TestSuspicionIsADiagnosisOfInpatientsOnly(t *testing.T) {
	suspected := condition("a", "C50.911")
	suspected.IsUncertain = true
	for class, want := range map[string][]string{
		"AMB": {"R05.9"}, "EMER": {"R05.9"}, "OBSENC": {"R05.9"}, "": {"R05.9"},
		"IMP": {"C50.911", "R05.9"}, "ACUTE": {"C50.911", "R05.9"}, "NONAC": {"C50.911", "R05.9"}, "SS": {"C50.911", "R05.9"},
	} {
		e := visit
		e.Class, e.DiagnosisRefs = class, []models.DiagnosisRef{{Reference: "Condition/a", Rank: 1}, {Reference: "Condition/b", Rank: 2}}
		got, problems := coding.Gather(coding.Chart{Encounter: e, Conditions: []models.Condition{suspected, condition("b", "R05.9")}})
		if !slices.Equal(codes(got), want) || len(problems) > 0 {
			t.Errorf("class %q: got %v with %v, want %v", class, codes(got), problems, want)
		}
	}
}

func billable(id models.ChargeID, code string) models.ChargeItem {
	return models.ChargeItem{ID: id, PatientID: "canary", VisitID: "v", Status: "billable", System: models.SystemCPT, Code: code, Units: models.OneUnit}
}

func done(id, code string) models.Procedure {
	return models.Procedure{ID: id, PatientID: "canary", VisitID: "v", Status: "completed", System: models.SystemCPT, Code: code}
}

func TestReasonOfAServiceIsADiagnosisItPointsTo(t *testing.T) {
	e := visit
	e.ReasonCodes = []string{"E11.9"}
	e.Contained = []models.Condition{{ID: "#d", PatientID: "canary", VisitID: "v", Code: "Z23"}}
	office, lab, other := billable("1", "99213"), billable("2", "85025"), done("p", "36415")
	office.ReasonCodes = []string{"I10"}
	lab.ReasonRefs = []string{"Condition/elsewhere", "Condition/refuted"}
	other.ReasonRefs = []string{"#d"}
	got, _ := coding.Gather(coding.Chart{
		Encounter: e, Items: []models.ChargeItem{office, lab}, Procedures: []models.Procedure{other},
		Conditions: []models.Condition{{ID: "elsewhere", PatientID: "canary", VisitID: "w", Code: "D64.9"}, {ID: "refuted", PatientID: "canary", Code: "R05", IsRefuted: true}},
	})
	if want := []string{"E11.9", "Z23", "I10", "D64.9"}; !slices.Equal(codes(got), want) {
		t.Fatalf("got %v, want %v", codes(got), want)
	}
	for i, want := range []models.Numbers{{3}, {4}, {2}} {
		if !slices.Equal(got.Services[i].Pointers, want) {
			t.Errorf("service %d points to %v, want %v", i, got.Services[i].Pointers, want)
		}
	}
}

func TestWhatCannotBeBilledHoldsTheVisit(t *testing.T) {
	const item = "ChargeItem.where(id='i')"
	for _, row := range []struct {
		name   string
		change func(i *models.ChargeItem, p *models.Procedure)
		want   string // rule path
		billed []string
	}{
		{"nothing wrong", func(*models.ChargeItem, *models.Procedure) {}, "", []string{"ChargeItem/i", "Procedure/p"}},
		{"a local code", func(i *models.ChargeItem, _ *models.Procedure) { i.Code = "" }, "charge.local-code " + item + ".code", []string{"Procedure/p"}},
		{"no count", func(i *models.ChargeItem, _ *models.Procedure) { i.Units = 0 }, "charge.units " + item + ".quantity", []string{"Procedure/p"}},
		{"a fraction", func(i *models.ChargeItem, _ *models.Procedure) { i.Units = 2500 }, "charge.units-fraction " + item + ".quantity", []string{"Procedure/p"}},
		{"twelve thousand units", func(i *models.ChargeItem, _ *models.Procedure) { i.Units = models.UnitsOf(12000) }, "charge.units " + item + ".quantity", []string{"Procedure/p"}},
		{"another patient's charge", func(i *models.ChargeItem, _ *models.Procedure) { i.PatientID = "other" }, "charge.subject " + item + ".subject", []string{"Procedure/p"}},
		{"another patient's procedure", func(_ *models.ChargeItem, p *models.Procedure) { p.PatientID = "other" }, "coding.subject Procedure.where(id='p').subject", []string{"ChargeItem/i"}},
		{"another patient's charge in error", func(i *models.ChargeItem, _ *models.Procedure) { i.PatientID, i.Status = "other", "entered-in-error" }, "", []string{"Procedure/p"}},
		{"what the view found", func(i *models.ChargeItem, _ *models.Procedure) {
			i.Problems = []models.Finding{{Rule: "charge.currency", Severity: models.SeverityError, Path: "ChargeItem.priceOverride.currency"}}
		}, "charge.currency " + item + ".priceOverride.currency", []string{"Procedure/p"}},
		{"a planned charge waits with its faults", func(i *models.ChargeItem, _ *models.Procedure) { i.Status, i.Units = "planned", 0 }, "", []string{"Procedure/p"}},
		{"a procedure without a code of ours is record alone", func(_ *models.ChargeItem, p *models.Procedure) { p.Code = "" }, "", []string{"ChargeItem/i"}},
		{"another patient's procedure in error", func(_ *models.ChargeItem, p *models.Procedure) { p.PatientID, p.Status = "other", "entered-in-error" }, "", []string{"ChargeItem/i"}},
		{"the charge names its procedure", func(i *models.ChargeItem, _ *models.Procedure) { i.ServiceRefs = []string{"Procedure/p"} }, "", []string{"ChargeItem/i"}},
	} {
		i, p := billable("i", "99213"), done("p", "36415")
		row.change(&i, &p)
		found, problems := coding.Gather(coding.Chart{Encounter: visit, Items: []models.ChargeItem{i}, Procedures: []models.Procedure{p}})
		got := ""
		for _, f := range problems {
			got += f.Rule + " " + f.Path
		}
		if got != row.want || !slices.Equal(services(found), row.billed) {
			t.Errorf("%s: got %q and bills %v, want %q and %v", row.name, got, services(found), row.want, row.billed)
		}
		if coding.HasStranger(problems) != strings.Contains(row.want, ".subject") {
			t.Errorf("%s: that it is another patient's is told by %q", row.name, got)
		}
	}
}

func TestStatedPriceAndPerformerStayWithTheService(t *testing.T) {
	i := billable("i", "99213")
	price := models.Cents(0)
	i.Stated, i.Performers = &price, []models.Participant{as(models.Provider{RoleID: "r"})}
	got, _ := coding.Gather(coding.Chart{Encounter: visit, Items: []models.ChargeItem{i}, Roles: []models.PractitionerRole{{ID: "r", PractitionerID: "jones"}}})
	if s := got.Services[0]; s.Stated != &price || s.Rendering != (models.Performer{ID: "jones"}) {
		t.Errorf("got %+v", s)
	}
}

func TestVisitWithoutAPeriodHasTheDaysOfItsServices(t *testing.T) {
	first, last, undated, planned := billable("1", "99213"), done("p", "36415"), billable("3", "85025"), billable("4", "93000")
	first.Occurred, last.Performed = "2026-05-04", "2026-05-06"
	planned.Status, planned.Occurred = "planned", "2026-06-01"
	chart := coding.Chart{Encounter: models.Encounter{ID: "v", PatientID: "canary"}, Items: []models.ChargeItem{first, undated, planned}, Procedures: []models.Procedure{last},
		Conditions: []models.Condition{{ID: "a", PatientID: "canary", Code: "I10", Recorded: "2026-05-05"}}}
	if got := coding.Days(chart); got != (models.Span{From: "2026-05-04", Until: "2026-05-06"}) {
		t.Errorf("got %v", got)
	}
	if found, _ := coding.Gather(chart); found.Services[1].ServiceDate != "2026-05-04" || !slices.Equal(codes(found), []string{"I10"}) {
		t.Errorf("got %+v, want the visit's first day where a service has none, and the conditions of its days", found)
	}
	for _, row := range []struct{ start, end, from, until models.Date }{
		{"2026-03-02", "2026-03-03", "2026-03-02", "2026-03-03"}, {"2026-03-02", "", "2026-03-02", "2026-03-02"},
		{"", "2026-03-03", "2026-03-03", "2026-03-03"}, {"2026-03-02", "2026-03-01", "2026-03-02", "2026-03-02"},
	} {
		chart.Encounter.Start, chart.Encounter.End = row.start, row.end
		if got := coding.Days(chart); got != (models.Span{From: row.from, Until: row.until}) {
			t.Errorf("%v gives %v", row, got)
		}
	}
}

func TestNamedIsWhatTheChartLacks(t *testing.T) {
	e := visit
	e.DiagnosisRefs = []models.DiagnosisRef{{Reference: "Condition/have"}, {Reference: "Condition/lack"}, {Reference: "#own"}}
	e.Participants = []models.Participant{as(models.Provider{RoleID: "r1"}), as(models.Provider{PractitionerID: "smith"})}
	i, p := billable("i", "99213"), done("p", "36415")
	i.ReasonRefs, i.Performers = []string{"Condition/lack", "Condition/more"}, []models.Participant{as(models.Provider{RoleID: "r2"})}
	p.ReasonRefs, p.Performers = []string{"Condition/most"}, []models.Participant{as(models.Provider{RoleID: "r1"})}
	got := coding.Named(coding.Chart{Encounter: e, Items: []models.ChargeItem{i}, Procedures: []models.Procedure{p}, Conditions: []models.Condition{condition("have", "I10")}})
	want := []models.Ref{{Type: "Condition", ID: "lack"}, {Type: "Condition", ID: "most"}, {Type: "Condition", ID: "more"}, {Type: "PractitionerRole", ID: "r1"}, {Type: "PractitionerRole", ID: "r2"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
