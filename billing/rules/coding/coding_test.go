package coding_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/coding"
	"medbill/models"
)

var visit = models.Encounter{ID: "v", PatientID: "canary", Participants: attended("smith"), Start: "2026-03-02", End: "2026-03-03"}

func attended(id models.PractitionerID) []models.Participant {
	return []models.Participant{{Types: models.Codes{"ATND"}, Provider: models.Provider{PractitionerID: id}}}
}

func condition(id, code string) models.Condition {
	return models.Condition{ID: id, PatientID: "canary", VisitID: "v", Code: code, Recorded: "2026-03-02"}
}

func codes(c models.Coding) []string {
	var list []string
	for _, d := range c.Diagnoses {
		list = append(list, d.Code)
	}
	return list
}

func services(c models.Coding) []string {
	var list []string
	for _, s := range c.Services {
		list = append(list, s.Source)
	}
	return list
}

func TestDiagnosesComeFromTheBestSource(t *testing.T) {
	loose := models.Condition{ID: "l", PatientID: "canary", Code: "Z00.00", Recorded: "2026-03-03"}
	for _, row := range []struct {
		name       string
		encounter  func(e *models.Encounter)
		conditions []models.Condition
		want       []string
	}{
		{"conditions of the visit, by day and id", nil, []models.Condition{condition("b", "E78.5"), condition("a", "I10")}, []string{"I10", "E78.5"}},
		{"what the encounter names goes first", func(e *models.Encounter) {
			e.DiagnosisRefs = []models.DiagnosisRef{{Reference: "Condition/b"}}
		}, []models.Condition{condition("a", "I10"), condition("b", "E78.5")}, []string{"E78.5", "I10"}},
		{"billing before rank before the unranked", func(e *models.Encounter) {
			e.DiagnosisRefs = []models.DiagnosisRef{{Reference: "Condition/a"}, {Reference: "Condition/b", Rank: 2}, {Reference: "Condition/c", Rank: 1}, {Reference: "Condition/d", Use: "billing", Rank: 9}}
		}, []models.Condition{condition("a", "A00"), condition("b", "B00"), condition("c", "C00"), condition("d", "D00")}, []string{"D00", "C00", "B00", "A00"}},
		{"reason codes follow what is named", func(e *models.Encounter) {
			e.ReasonCodes = []string{"R05"}
			e.DiagnosisRefs = []models.DiagnosisRef{{Reference: "Condition/b"}}
		}, []models.Condition{condition("a", "I10"), condition("b", "E78.5")}, []string{"E78.5", "R05", "I10"}},
		{"the same code with and without the point is one", func(e *models.Encounter) { e.ReasonCodes = []string{"E785"} },
			[]models.Condition{condition("a", "E78.5")}, []string{"E785"}},
		{"refuted is left out", nil, []models.Condition{{ID: "a", PatientID: "canary", VisitID: "v", Code: "I10", IsRefuted: true}}, nil},
		{"refuted is left out even where the encounter names it", func(e *models.Encounter) {
			e.DiagnosisRefs = []models.DiagnosisRef{{Reference: "Condition/a"}}
		}, []models.Condition{{ID: "a", PatientID: "canary", VisitID: "v", Code: "I10", IsRefuted: true}}, nil},
		{"another patient's is left out", func(e *models.Encounter) {
			e.DiagnosisRefs = []models.DiagnosisRef{{Reference: "Condition/a"}}
		}, []models.Condition{{ID: "a", PatientID: "other", VisitID: "v", Code: "I10"}}, nil},
		{"a condition without a visit counts where nothing else does", nil, []models.Condition{loose}, []string{"Z00.00"}},
		{"a condition without a visit does not count beside others", nil, []models.Condition{loose, condition("a", "I10")}, []string{"I10"}},
		{"a condition without a visit does not count on another day", nil, []models.Condition{{ID: "l", PatientID: "canary", Code: "I10", Recorded: "2026-03-04"}}, nil},
		{"a condition of another visit does not count", nil, []models.Condition{{ID: "l", PatientID: "canary", VisitID: "w", Code: "I10", Recorded: "2026-03-02"}}, nil},
	} {
		e := visit
		if row.encounter != nil {
			row.encounter(&e)
		}
		found, _ := coding.Gather(coding.Chart{Encounter: e, Conditions: row.conditions})
		got := codes(found)
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestServiceIsBilledOnce(t *testing.T) {
	item := models.ChargeItem{ID: "i", PatientID: "canary", VisitID: "v", Status: "billable", System: models.SystemCPT, Code: "93000", Units: models.OneUnit, Occurred: "2026-03-02"}
	procedure := models.Procedure{ID: "p", PatientID: "canary", VisitID: "v", Status: "completed", System: models.SystemCPT, Code: "93000", Performed: "2026-03-02"}
	with := func(change func(i *models.ChargeItem, p *models.Procedure)) (models.ChargeItem, models.Procedure) {
		i, p := item, procedure
		change(&i, &p)
		return i, p
	}
	for _, row := range []struct {
		name   string
		change func(i *models.ChargeItem, p *models.Procedure)
		want   []string
	}{
		{"the item speaks for the procedure", func(*models.ChargeItem, *models.Procedure) {}, []string{"ChargeItem/i"}},
		{"on another day both count", func(_ *models.ChargeItem, p *models.Procedure) { p.Performed = "2026-03-03" }, []string{"ChargeItem/i", "Procedure/p"}},
		{"with another code both count", func(_ *models.ChargeItem, p *models.Procedure) { p.Code = "36415" }, []string{"ChargeItem/i", "Procedure/p"}},
		{"a day not given is the visit's first", func(i *models.ChargeItem, _ *models.Procedure) { i.Occurred = "" }, []string{"ChargeItem/i"}},
		{"a planned item holds its procedure back", func(i *models.ChargeItem, _ *models.Procedure) { i.Status = "planned" }, nil},
		{"a not-billable item holds its procedure back", func(i *models.ChargeItem, _ *models.Procedure) { i.Status = "not-billable" }, nil},
		{"an item made in error says nothing", func(i *models.ChargeItem, _ *models.Procedure) { i.Status = "entered-in-error" }, []string{"Procedure/p"}},
		{"an item of another visit says nothing", func(i *models.ChargeItem, _ *models.Procedure) { i.VisitID = "w" }, []string{"Procedure/p"}},
		{"a procedure that was not completed is not billed", func(i *models.ChargeItem, p *models.Procedure) { i.Code, p.Status = "", "not-done" }, nil},
		{"another patient's are not billed", func(i *models.ChargeItem, p *models.Procedure) { i.PatientID, p.PatientID = "other", "other" }, nil},
	} {
		i, p := with(row.change)
		found, _ := coding.Gather(coding.Chart{Encounter: visit, Procedures: []models.Procedure{p}, Items: []models.ChargeItem{i}})
		got := services(found)
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestServicesGetTheirDefaults(t *testing.T) {
	conditions := []models.Condition{condition("a", "I10"), condition("b", "E78.5"), condition("c", "R05"), condition("d", "R06.02"), condition("e", "R07.9")}
	got, problems := coding.Gather(coding.Chart{
		Encounter: visit, Conditions: conditions,
		Procedures: []models.Procedure{{ID: "p", PatientID: "canary", VisitID: "v", Status: "completed", System: models.SystemCPT, Code: "36415", Performers: attended("jones"), ReasonRefs: []string{"Condition/e"}, ReasonCodes: []string{"E785"}}},
		Items:      []models.ChargeItem{{ID: "i", PatientID: "canary", VisitID: "v", Status: "billable", System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit}},
	})
	want := []models.Service{
		{System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1, 2, 3, 4}, ServiceDate: "2026-03-02", Rendering: models.Performer{ID: "smith"}, Source: "ChargeItem/i"},
		{System: models.SystemCPT, Code: "36415", Units: models.OneUnit, Pointers: models.Numbers{5, 2}, ServiceDate: "2026-03-02", Rendering: models.Performer{ID: "jones"}, Source: "Procedure/p"},
	}
	if !reflect.DeepEqual(got.Services, want) {
		t.Errorf("got %+v\nwant %+v", got.Services, want)
	}
	if !coding.IsUsable(got) || len(problems) > 0 {
		t.Errorf("not usable: %v, %v", coding.Check(got), problems)
	}
}

func TestOnlyWholeCodingIsUsable(t *testing.T) {
	whole := models.Coding{
		Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}},
		Services:  []models.Service{{System: models.SystemCPT, Code: "99214", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}},
	}
	if !coding.IsUsable(whole) {
		t.Fatalf("%v", coding.Check(whole))
	}
	if coding.IsUsable(models.Coding{Diagnoses: whole.Diagnoses}) || coding.IsUsable(models.Coding{Services: whole.Services}) {
		t.Error("usable without a diagnosis or without a service")
	}
}

func TestGatheringDoesNotDependOnTheOrderOfReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var conditions []models.Condition
		var procedures []models.Procedure
		var items []models.ChargeItem
		for i := range rapid.IntRange(0, 20).Draw(t, "conditions") {
			c := condition(fmt.Sprint("c", i), fmt.Sprintf("A%02d", rapid.IntRange(0, 15).Draw(t, "code")))
			c.VisitID = rapid.SampledFrom([]models.VisitID{"v", "", "w"}).Draw(t, "visit")
			c.IsRefuted = rapid.IntRange(0, 4).Draw(t, "refuted") == 0
			conditions = append(conditions, c)
		}
		for i := range rapid.IntRange(0, 8).Draw(t, "services") {
			code, day := fmt.Sprint(99210+rapid.IntRange(0, 4).Draw(t, "cpt")), rapid.SampledFrom([]models.Date{"", "2026-03-02", "2026-03-03"}).Draw(t, "day")
			items = append(items, models.ChargeItem{ID: models.ChargeID(fmt.Sprint("i", i)), PatientID: "canary", VisitID: "v", Status: rapid.SampledFrom([]string{"billable", "planned"}).Draw(t, "status"), System: models.SystemCPT, Code: code, Occurred: day,
				Units: rapid.SampledFrom([]models.Units{0, 500, 1000, 1000, 1000}).Draw(t, "units")})
			procedures = append(procedures, models.Procedure{ID: fmt.Sprint("p", i), PatientID: "canary", VisitID: "v", Status: "completed", System: models.SystemCPT, Code: code, Performed: day, ReasonCodes: []string{"A01", "A02"}})
		}
		first, problems := coding.Gather(coding.Chart{Encounter: visit, Conditions: conditions, Procedures: procedures, Items: items})
		second, again := coding.Gather(coding.Chart{
			Encounter: visit, Conditions: rapid.Permutation(conditions).Draw(t, "conditions mixed"),
			Procedures: rapid.Permutation(procedures).Draw(t, "procedures mixed"), Items: rapid.Permutation(items).Draw(t, "items mixed"),
		})
		if !reflect.DeepEqual(first, second) || !reflect.DeepEqual(problems, again) {
			t.Fatalf("got %+v with %v\nand %+v with %v", first, problems, second, again)
		}
		for _, i := range items {
			billed := slices.Contains(services(first), "ChargeItem/"+string(i.ID))
			troubled := slices.ContainsFunc(problems, func(f models.Finding) bool { return strings.Contains(f.Path, "'"+string(i.ID)+"'") })
			if i.Status == "billable" && billed == troubled || i.Status != "billable" && (billed || troubled) {
				t.Fatalf("%+v is billed: %v, has a problem: %v", i, billed, troubled)
			}
		}
		if issues := coding.Check(first); len(first.Diagnoses) > 0 && len(first.Services) > 0 && len(issues) > 0 {
			t.Fatalf("%+v gives %v", first, issues)
		}
	})
}
