package coding

import (
	"fmt"
	"regexp"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// unitsMax is the largest count of units a line may carry; the 837 limits SV104, payers take four digits.
const unitsMax = 9999 * models.OneUnit

// Shapes only: whether a code exists on the day is for the code sets. Category II, III and laboratory CPT codes end in a
// letter; HCPCS level I is CPT. https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system
var (
	shapeICD10CM  = regexp.MustCompile(`^[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?$`)
	shapeCPT      = regexp.MustCompile(`^[0-9]{4}[0-9A-Z]$`)
	shapeHCPCS    = regexp.MustCompile(`^([A-Z][0-9]{4}|[0-9]{4}[0-9A-Z])$`)
	shapeModifier = regexp.MustCompile(`^[0-9A-Z]{2}$`)
)

// Check gives everything that keeps c from being billed, in order, but for how many services there are, which
// models.CheckServices judges. Paths count from 0: `diagnosis[0]`, `service[1].modifier[2]`.
func Check(c models.Coding) []fault.Issue {
	k := checker{coding: c}
	k.diagnoses()
	k.house()
	if len(c.Services) == 0 {
		k.add("coding.no-service", "service", "No service is given; send at least one with its code.")
	}
	for i, s := range c.Services {
		path := fmt.Sprintf("service[%d]", i)
		k.code(path, s)
		k.modifiers(path, s.Modifiers)
		k.pointers(path, s)
	}
	return k.issues
}

// CheckServices gives everything that is wrong with the form of services that nobody did yet, which have no reasons.
func CheckServices(services []models.Service) []fault.Issue {
	k := checker{}
	for i, s := range services {
		path := fmt.Sprintf("service[%d]", i)
		k.code(path, s)
		k.modifiers(path, s.Modifiers)
	}
	return k.issues
}

type checker struct {
	coding models.Coding
	issues []fault.Issue
}

func (k *checker) add(code, path, text string) {
	k.issues = append(k.issues, fault.Issue{Code: code, Path: path, Text: text})
}

func (k *checker) diagnoses() {
	diagnoses := k.coding.Diagnoses
	switch {
	case len(diagnoses) == 0:
		k.add("coding.no-diagnosis", "diagnosis", "No diagnosis is given; send at least one ICD-10-CM code.")
	case len(diagnoses) > diagnosesMax(k.coding.Services):
		k.add("coding.too-many-diagnoses", "diagnosis", "A claim holds at most twelve diagnoses, that of a house twenty-five; leave the others out.")
	}
	seen := map[string]bool{}
	for i, d := range diagnoses {
		path := fmt.Sprintf("diagnosis[%d]", i)
		if d.Sequence != i+1 {
			k.add("coding.diagnosis-sequence", path, "Diagnoses are numbered from 1 without a gap, in the order they are sent.")
		}
		if !shapeICD10CM.MatchString(d.Code) {
			k.add("coding.diagnosis-shape", path,
				"The diagnosis is not written as an ICD-10-CM code; send three to seven characters, with or without the point.")
		}
		if seen[bare(d.Code)] {
			k.add("coding.diagnosis-repeated", path, "The diagnosis stands in the list before; send each code once.")
		}
		seen[bare(d.Code)] = true
	}
}

func (k *checker) code(path string, s models.Service) {
	switch s.System {
	case models.SystemCPT:
		if !shapeCPT.MatchString(s.Code) {
			k.add("coding.service-shape", path+".code", "The service is not written as a CPT code; send five digits, or four and a letter.")
		}
	case models.SystemHCPCS:
		if !shapeHCPCS.MatchString(s.Code) {
			k.add("coding.service-shape", path+".code", "The service is not written as a HCPCS code; send a letter and four digits.")
		}
	case models.SystemRevenue:
		if s.Code != s.Revenue {
			k.add("coding.revenue", path+".code", "The service has another revenue code than its code says; send one of them.")
		}
	default:
		k.add("coding.service-system", path+".code", "The service is in another code system; send a CPT or HCPCS code.")
	}
	if s.Revenue != "" && !shapeRevenue.MatchString(s.Revenue) {
		k.add("coding.revenue-shape", path+".revenue", "The revenue code must have four digits.")
	}
	if s.Units <= 0 || s.Units > unitsMax {
		k.add("coding.units", path+".units", "Units must be more than 0 and at most 9999.")
	}
	if !s.Units.CountsWhole(s.System, s.Code) {
		k.add("coding.units-fraction", path+".units", "The units have a fraction that the code does not take; send whole units of it, of an ambulance's miles tenths.")
	}
	if s.ServiceDate == "" {
		k.add("coding.no-service-date", path+".serviceDate", "The service has no date; send the day it was done.")
	} else {
		k.issues = append(k.issues, fault.IssuesAt(path+".serviceDate", models.CheckDay(s.ServiceDate))...)
	}
}

func (k *checker) modifiers(path string, modifiers models.Codes) {
	if len(modifiers) > models.LineModifiersMax {
		k.add("coding.too-many-modifiers", path+".modifier", "A service holds at most four modifiers; leave the others out.")
	}
	for i, m := range modifiers {
		at := fmt.Sprintf("%s.modifier[%d]", path, i)
		if !shapeModifier.MatchString(m) {
			k.add("coding.modifier-shape", at, "A modifier has two characters, digits or capital letters.")
		}
		if slices.Contains(modifiers[:i], m) {
			k.add("coding.modifier-repeated", at, "The modifier stands on this service before; send it once.")
		}
	}
}

// pointers: a service that somebody did points to why; what a house bills need not.
func (k *checker) pointers(path string, s models.Service) {
	pointers := s.Pointers
	switch {
	case len(pointers) == 0 && s.Revenue == "":
		k.add("coding.no-pointer", path+".diagnosisSequence", "The service points to no diagnosis; name the one it was done for.")
	case len(pointers) > models.LinePointersMax:
		k.add("coding.too-many-pointers", path+".diagnosisSequence", "A service points to at most four diagnoses; leave the others out.")
	}
	for i, p := range pointers {
		at := fmt.Sprintf("%s.diagnosisSequence[%d]", path, i)
		if p < 1 || p > len(k.coding.Diagnoses) {
			k.add("coding.pointer-range", at, "The service points to a diagnosis that is not in the list; use its number in the list.")
		}
		if slices.Contains(pointers[:i], p) {
			k.add("coding.pointer-repeated", at, "The service points to this diagnosis before; name it once.")
		}
	}
}
