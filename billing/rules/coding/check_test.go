package coding_test

import (
	"testing"

	"medbill/billing/rules/coding"
	"medbill/models"
)

func TestCheckNamesEveryFault(t *testing.T) {
	many := make([]models.Diagnosis, 13)
	for i := range many {
		many[i] = models.Diagnosis{Sequence: i + 1, Code: "A0" + string(rune('0'+i%10)) + string(rune('0'+i/10))}
	}
	for _, row := range []struct {
		name   string
		change func(c *models.Coding)
		want   [][2]string // code, path
	}{
		{"nothing wrong", func(*models.Coding) {}, nil},
		{"ICD-10-CM without the point", func(c *models.Coding) { c.Diagnoses[1].Code = "S72001A" }, nil},
		{"a letter in the third place", func(c *models.Coding) { c.Diagnoses[1].Code = "Z3A.20" }, nil},
		{"more than twelve diagnoses", func(c *models.Coding) { c.Diagnoses = many }, [][2]string{{"coding.too-many-diagnoses", "diagnosis"}}},
		{"no diagnosis", func(c *models.Coding) { c.Diagnoses = nil }, [][2]string{{"coding.no-diagnosis", "diagnosis"}, {"coding.pointer-range", "service[0].diagnosisSequence[0]"}, {"coding.pointer-range", "service[0].diagnosisSequence[1]"}}},
		{"a gap in the numbers", func(c *models.Coding) { c.Diagnoses[1].Sequence = 3 }, [][2]string{{"coding.diagnosis-sequence", "diagnosis[1]"}}},
		{"the same code in other writing", func(c *models.Coding) { c.Diagnoses[0].Code = "E785" }, [][2]string{{"coding.diagnosis-repeated", "diagnosis[1]"}}},
		{"not ICD-10-CM", func(c *models.Coding) { c.Diagnoses[0].Code = "44054006" }, [][2]string{{"coding.diagnosis-shape", "diagnosis[0]"}}},
		{"a point without anything after it", func(c *models.Coding) { c.Diagnoses[0].Code = "I10." }, [][2]string{{"coding.diagnosis-shape", "diagnosis[0]"}}},
		{"eight characters", func(c *models.Coding) { c.Diagnoses[0].Code = "S72.001AA" }, [][2]string{{"coding.diagnosis-shape", "diagnosis[0]"}}},
		{"no service", func(c *models.Coding) { c.Services = nil }, [][2]string{{"coding.no-service", "service"}}},
		{"a HCPCS code as CPT", func(c *models.Coding) { c.Services[0].Code = "J1885" }, [][2]string{{"coding.service-shape", "service[0].code"}}},
		{"a HCPCS code", func(c *models.Coding) { c.Services[0].System, c.Services[0].Code = models.SystemHCPCS, "J1885" }, nil},
		{"a category III code", func(c *models.Coding) { c.Services[0].Code = "0001T" }, nil},
		{"four digits", func(c *models.Coding) { c.Services[0].Code = "9921" }, [][2]string{{"coding.service-shape", "service[0].code"}}},
		{"another code system", func(c *models.Coding) { c.Services[0].System = "http://snomed.info/sct" }, [][2]string{{"coding.service-system", "service[0].code"}}},
		{"no units", func(c *models.Coding) { c.Services[0].Units = 0 }, [][2]string{{"coding.units", "service[0].units"}}},
		{"ten thousand units", func(c *models.Coding) { c.Services[0].Units = models.UnitsOf(10000) }, [][2]string{{"coding.units", "service[0].units"}}},
		{"two and a half units", func(c *models.Coding) { c.Services[0].Units = 2500 }, [][2]string{{"coding.units-fraction", "service[0].units"}}},
		{"no day", func(c *models.Coding) { c.Services[0].ServiceDate = "" }, [][2]string{{"coding.no-service-date", "service[0].serviceDate"}}},
		{"five modifiers", func(c *models.Coding) { c.Services[0].Modifiers = models.Codes{"25", "59", "LT", "RT", "76"} }, [][2]string{{"coding.too-many-modifiers", "service[0].modifier"}}},
		{"a modifier of three characters", func(c *models.Coding) { c.Services[0].Modifiers = models.Codes{"25", "X{E"} }, [][2]string{{"coding.modifier-shape", "service[0].modifier[1]"}}},
		{"a modifier twice", func(c *models.Coding) { c.Services[0].Modifiers = models.Codes{"25", "59", "25"} }, [][2]string{{"coding.modifier-repeated", "service[0].modifier[2]"}}},
		{"no pointer", func(c *models.Coding) { c.Services[0].Pointers = nil }, [][2]string{{"coding.no-pointer", "service[0].diagnosisSequence"}}},
		{"a pointer to nothing", func(c *models.Coding) { c.Services[0].Pointers = models.Numbers{1, 3} }, [][2]string{{"coding.pointer-range", "service[0].diagnosisSequence[1]"}}},
		{"a pointer twice", func(c *models.Coding) { c.Services[0].Pointers = models.Numbers{2, 2} }, [][2]string{{"coding.pointer-repeated", "service[0].diagnosisSequence[1]"}}},
		{"five pointers", func(c *models.Coding) { c.Diagnoses, c.Services[0].Pointers = many[:5], models.Numbers{1, 2, 3, 4, 5} }, [][2]string{{"coding.too-many-pointers", "service[0].diagnosisSequence"}}},
	} {
		c := models.Coding{
			Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}, {Sequence: 2, Code: "E78.5"}},
			Services:  []models.Service{{System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1, 2}, ServiceDate: "2026-03-02"}},
		}
		row.change(&c)
		issues := coding.Check(c)
		if len(issues) != len(row.want) {
			t.Errorf("%s: got %v, want %v", row.name, issues, row.want)
			continue
		}
		for i, issue := range issues {
			if got := [2]string{issue.Code, issue.Path}; got != row.want[i] {
				t.Errorf("%s: got %v, want %v", row.name, got, row.want[i])
			}
		}
	}
}
