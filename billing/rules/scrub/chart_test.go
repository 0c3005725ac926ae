package scrub_test

import (
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/internal/codes"
	"medbill/models"
)

// diagnosisTables are invented tables of two years: in the first one the order of the diagnoses is not told, and no side is.
func diagnosisTables(t *testing.T) codes.Books {
	s := &shelf{t: t, contents: map[string]codes.Content{}}
	one := func(code string) codes.CodeRange { return codes.CodeRange{From: code, Until: code} }
	titled := func(pairs ...string) (list []codes.Concept) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, codes.Concept{Code: pairs[i], Display: pairs[i+1], Billable: true})
		}
		return list
	}
	s.put(codes.ICD10CM, "2025", "2024-10-01", "2025-09-30", must(codes.NewConcepts(titled("M25569", "Pain in unspecified knee"))))
	s.put(codes.ICD10CM, "2026", "2025-10-01", "2026-09-30", must(codes.NewConcepts(titled(
		"M25561", "Pain in right knee", "M25562", "Pain in left knee", "M25569", "Pain in unspecified knee",
		"S52501A", "Unspecified break of right arm, initial", "S52502A", "Unspecified break of left arm, initial", "S52509A", "Unspecified break of unspecified arm, initial",
		"H2511", "Cloud, right eye", "H2512", "Cloud, left eye", "H2513", "Cloud, bilateral", "I501", "Left chamber failure", "I509", "Failure, unspecified",
	))))
	s.put(codes.Tabular, "2025", "2024-10-01", "", codes.NewNotes([]codes.Note{{At: one("E11")}}))
	s.put(codes.Tabular, "2026", "2025-10-01", "", codes.NewNotes([]codes.Note{
		{At: one("F02"), CodeFirst: []codes.CodeRange{one("G30"), one("G31")}}, {At: one("F0280"), IsManifests: true},
		{At: one("E11"), Additional: []codes.CodeRange{one("Z79")}},
		{At: codes.CodeRange{From: "E00", Until: "E89"}, Additional: []codes.CodeRange{one("F17")}},
	}))
	return s.books()
}

// TestDiagnosesStandInTheirOrder holds what the tabular list and the guidelines say of which comes first. All of it warns: the record
// may say otherwise, and Medicare refuses it of inpatient stays only.
func TestDiagnosesStandInTheirOrder(t *testing.T) {
	first, second := "warning diagnosis[0]", "warning diagnosis[1]"
	for _, row := range []struct {
		name, rule string
		list       []string
		want       string
	}{
		{"a cause before what it shows itself by", "scrub.sequence", []string{"G30.9", "F02.80"}, ""},
		{"a cause after it", "scrub.sequence", []string{"F02.80", "G30.9"}, first},
		{"one cause before and one after", "scrub.sequence", []string{"G30.9", "F02.80", "G31.9"}, ""},
		{"an additional code after", "scrub.sequence", []string{"E11.9", "Z79.4"}, ""},
		{"an additional code before", "scrub.sequence", []string{"Z79.4", "E11.9"}, first},
		{"an additional code of the chapter's", "scrub.sequence", []string{"F17.2", "E11.9"}, ""},
		{"nothing to do with each other", "scrub.sequence", []string{"G30.9", "E11.9"}, ""},

		{"a manifestation first", "scrub.first-diagnosis", []string{"F02.80", "G30.9"}, first},
		{"a manifestation after its cause", "scrub.first-diagnosis", []string{"G30.9", "F02.80"}, ""},
		{"a manifestation after something else", "scrub.first-diagnosis", []string{"E11.9", "F02.80"}, second},
		{"an external cause first", "scrub.first-diagnosis", []string{"W01.0XXA", "S52.501A"}, first},
		{"the last external cause first", "scrub.first-diagnosis", []string{"Y99.8", "S52.501A"}, first},
		{"an external cause second", "scrub.first-diagnosis", []string{"S52.501A", "W01.0XXA"}, ""},
		{"a reason first", "scrub.first-diagnosis", []string{"Z00.00", "I50.1"}, ""},
		{"a reason that may only be first", "scrub.first-diagnosis", []string{"I50.1", "Z00.00"}, second},
		{"two reasons, of two visits", "scrub.first-diagnosis", []string{"Z00.00", "Z01.419"}, ""},
		{"the exception of Z00", "scrub.first-diagnosis", []string{"I50.1", "Z00.6"}, ""},
		{"the exception of Z52", "scrub.first-diagnosis", []string{"I50.1", "Z52.9"}, ""},
		{"a donor", "scrub.first-diagnosis", []string{"I50.1", "Z52.4"}, second},
		{"chemotherapy", "scrub.first-diagnosis", []string{"C50.9", "Z51.11"}, second},
		{"palliative care", "scrub.first-diagnosis", []string{"C50.9", "Z51.5"}, ""},
	} {
		if got := noticed(row.rule, scrub.Subject{Claim: claimOf(row.list, line("99213", 1)), Books: diagnosisTables(t)}); got != row.want {
			t.Errorf("%s (%s): %q, want %q", row.name, row.rule, got, row.want)
		}
	}
	old := claimOf([]string{"F02.80", "G30.9"}, onDay("2025-09-30", line("99213", 1)))
	if got := noticed("scrub.sequence", scrub.Subject{Claim: old, Books: diagnosisTables(t)}); got != "" {
		t.Errorf("the day before the list says so: %q", got)
	}
}

// TestADiagnosisFitsThePatient holds ages to the birthday, and sexes.
func TestADiagnosisFitsThePatient(t *testing.T) {
	for _, row := range []struct {
		name, rule, code string
		birth            models.Date // the service is on 2026-03-02
		gender           string
		warns            bool
	}{
		{"a newborn", "scrub.age", "P07.1", "2025-03-03", "female", false},
		{"one year old", "scrub.age", "P07.1", "2025-03-02", "female", true},
		{"a child of seventeen", "scrub.age", "Z00.129", "2008-03-03", "female", false},
		{"eighteen today", "scrub.age", "Z00.129", "2008-03-02", "female", true},
		{"nine today", "scrub.age", "O09.91", "2017-03-02", "female", false},
		{"nine tomorrow", "scrub.age", "O09.91", "2017-03-03", "female", true},
		{"sixty-four", "scrub.age", "Z34.01", "1961-03-03", "female", false},
		{"sixty-five today", "scrub.age", "Z34.01", "1961-03-02", "female", true},
		{"fifteen today", "scrub.age", "Z00.00", "2011-03-02", "female", false},
		{"fifteen tomorrow", "scrub.age", "Z00.00", "2011-03-03", "female", true},
		{"a diagnosis of any age", "scrub.age", "J45.909", "1920-01-01", "female", false},
		{"an unknown birth date", "scrub.age", "Z00.00", "", "female", false},

		{"a man with a man's", "scrub.sex", "N40.0", "1960-01-01", "male", false},
		{"a woman with a man's", "scrub.sex", "N40.0", "1960-01-01", "female", true},
		{"a woman with a woman's", "scrub.sex", "O09.91", "1990-01-01", "female", false},
		{"a man with a woman's", "scrub.sex", "O09.91", "1990-01-01", "male", true},
		{"a man with a breast's", "scrub.sex", "N64.4", "1990-01-01", "male", false},
		{"who is neither", "scrub.sex", "N40.0", "1990-01-01", "other", false},
	} {
		want := ""
		if row.warns {
			want = "warning diagnosis[0]"
		}
		patient := models.Patient{BirthDate: row.birth, Gender: row.gender}
		if got := noticed(row.rule, scrub.Subject{Claim: claimOf([]string{row.code}, line("99213", 1)), Patient: patient}); got != want {
			t.Errorf("%s (%s): %q, want %q", row.name, row.rule, got, want)
		}
	}
}

// TestASideIsNamedOnce holds that a side comes of the titles of a code and its siblings, and that modifiers do not contradict it.
func TestASideIsNamedOnce(t *testing.T) {
	const errs = "error item[0].modifier"
	for _, row := range []struct {
		name     string
		list     []string
		modifier string
		want     string
	}{
		{"the same side", []string{"M25.562"}, "LT", ""},
		{"the other side", []string{"M25.562"}, "RT", errs},
		{"the other side with a seventh character", []string{"S52.501A"}, "LT", errs},
		{"a finger of the other hand", []string{"S52.501A"}, "F2", errs},
		{"both sides, one of which it is", []string{"M25.561", "M25.562"}, "LT", ""},
		{"the other side beside one without", []string{"M25.561", "I50.9"}, "LT", errs},
		{"a side in a title that no sibling has", []string{"I50.1"}, "RT", ""},
		{"bilateral", []string{"H25.13"}, "RT", ""},
		{"behind a comma", []string{"H25.11"}, "LT", errs},
		{"no modifier", []string{"M25.561"}, "59", ""},
		{"a side that is left open", []string{"M25.569"}, "LT", "warning diagnosis[0]"},
		{"unspecified twice, the side too", []string{"S52.509A"}, "59", "warning diagnosis[0]"},
		{"unspecified, but not the side", []string{"S52.501A"}, "RT", ""},
		{"unspecified without a side", []string{"I50.9"}, "RT", ""},
	} {
		l := line("90001", 1, row.modifier)
		for i := range row.list {
			l.Pointers = append(l.Pointers, i+1)
		}
		if got := noticed("scrub.side", scrub.Subject{Claim: claimOf(row.list, l), Books: diagnosisTables(t)}); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
	old := claimOf([]string{"M25.569"}, onDay("2025-09-30", line("99213", 1)))
	if got := noticed("scrub.side", scrub.Subject{Claim: old, Books: diagnosisTables(t)}); got != "" {
		t.Errorf("the day before there are sides: %q", got)
	}
}
