package coding

import (
	"reflect"
	"testing"

	"medbill/models"
)

// TestOnlyFactsAreSuggested holds that what is proposed is not told again, that the chart comes before what is usual, and that nothing else
// is told.
func TestOnlyFactsAreSuggested(t *testing.T) {
	word := func(diagnoses models.Codes, services ...string) models.CodingWord {
		w := models.CodingWord{Diagnoses: diagnoses}
		for _, s := range services {
			w.Services = append(w.Services, models.SystemCPT+"|"+s)
		}
		return w
	}
	words := []models.CodingWord{word(models.Codes{"I10", "E119"}, "99214", "99214", "93000"), word(models.Codes{"I10"}, "99214"), word(models.Codes{"I10"}, "99213")}
	proposed := models.Coding{Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "E119"}}, Services: []models.Service{{System: models.SystemCPT, Code: "93000"}}}
	orders := []models.Order{{System: models.SystemCPT, Code: "36415", ReasonCodes: []string{"R739"}}, {}}
	got := Suggest(proposed, models.Encounter{ReasonCodes: []string{"R739", "E119"}}, orders, words)
	want := []Suggestion{
		{models.SystemICD10CM, "R739", 0}, {models.SystemCPT, "36415", 0}, {models.SystemICD10CM, "I10", 3}, {models.SystemCPT, "99214", 2}, {models.SystemCPT, "99213", 1},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("suggested is %v, want %v", got, want)
	}
	if got := Suggest(models.Coding{}, models.Encounter{}, nil, nil); got != nil {
		t.Errorf("without facts %v is suggested", got)
	}
}
