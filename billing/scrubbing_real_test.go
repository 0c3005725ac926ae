package billing_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/models"
	"medbill/models/fault"
)

// sharedData gives a path among the public test data, and skips the test where they are absent.
func sharedData(t testing.TB, path string) string {
	t.Helper()
	shared := os.Getenv("MEDBILL_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	root := filepath.Join(shared, "data")
	if _, err := os.Stat(root); err != nil {
		saidAbsent.Do(func() { fmt.Println("skipped: ../shared/data with the published code files is absent") })
		t.Skip("the public test data are absent")
	}
	return filepath.Join(root, filepath.FromSlash(path))
}

var saidAbsent sync.Once

// publishedFiles are the real ones that the rules go by. The pairs take minutes under the race detector, and are left out there.
var publishedFiles = []string{
	"icd10/cms_2026_dx.zip", "icd10/icd10cm_tabular_2021.xml.gz", "hcpcs/hcpcs_level2_2024-07.csv", "hcpcs/hcpcs_modifiers_2024.csv",
	"ncci/mue_prac_2024Q3.csv.gz", "ncci/addon_codes_2024.csv.gz", "mpfs/PPRRVU2025_Oct.nodesc.csv.gz", "codes/cms_pos_utg_2025-04.csv",
}

const publishedPairs = "ncci/ptp_practitioner_2024Q3.csv.gz"

// publishedShelf is what is read of them, once for all tests.
var publishedShelf struct {
	sync.Once
	releases []codes.Release
	contents map[string]codes.Content
	wrong    error
}

// publishedBooks gives books of the real files.
func publishedBooks(t testing.TB) codes.Books {
	t.Helper()
	root := sharedData(t, "")
	s := &publishedShelf
	s.Do(func() {
		s.contents = map[string]codes.Content{}
		files := publishedFiles
		if !underRace {
			files = append(slices.Clone(files), publishedPairs)
		}
		for _, path := range files {
			editions, err := readPublished(filepath.Join(root, filepath.FromSlash(path)))
			if err != nil {
				s.wrong = fmt.Errorf("%s: %w", path, err)
				return
			}
			for _, e := range editions {
				e.Release.Digest = string(e.Release.Table) + e.Release.Name // nothing is kept here
				s.releases, s.contents[e.Release.Digest] = append(s.releases, e.Release), e.Content
			}
		}
	})
	if s.wrong != nil {
		t.Fatal(s.wrong)
	}
	return codes.NewBooks(s.releases, s.contents)
}

func readPublished(path string) ([]codes.Edition, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it is only read
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	editions, err := published.Read(path, file, info.Size(), published.Options{}, nil)
	var f *fault.Fault
	if errors.As(err, &f) && len(f.Issues) > 0 {
		return nil, errors.New(f.Issues[0].Text)
	}
	return editions, err
}

// realDay lies in the releases of all files: the diagnoses of fiscal year 2026, the fee schedule of October 2025.
const realDay models.Date = "2025-10-15"

// realLine gives a line of one unit on realDay, "20610-59*2" with its modifiers and its units.
func realLine(text string) models.ClaimLine {
	text, units, _ := strings.Cut(text, "*")
	parts := strings.Split(text, "-")
	n, err := models.ParseUnits(units)
	if err != nil {
		n = models.OneUnit
	}
	system := models.SystemCPT
	if parts[0] > "A" {
		system = models.SystemHCPCS
	}
	return models.ClaimLine{System: system, Code: parts[0], Modifiers: parts[1:], Units: n, ServiceDate: realDay, ChargeID: models.ChargeID(text), Pointers: models.Numbers{1}}
}

// realClaim gives a claim of diagnoses and lines, which stand apart by blanks. A line "@2025-09-30" is the day of those behind it.
func realClaim(id models.ClaimID, diagnoses, lines string) models.Claim {
	c := models.Claim{Type: models.ClaimProfessional, ID: id, CaseID: models.CaseID("Encounter/" + id), PatientID: "canary", BillingID: "practice", State: models.ClaimTransmitted, Position: 1, PlaceOfService: "11", Rendering: models.Performer{ID: "smith"}}
	for i, code := range strings.Fields(diagnoses) {
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: i + 1, Code: code})
	}
	day := realDay
	for _, text := range strings.Fields(lines) {
		if named, isDay := strings.CutPrefix(text, "@"); isDay {
			day = models.Date(named)
			continue
		}
		l := realLine(text)
		l.Sequence, l.ServiceDate, l.ChargeID = len(c.Lines)+1, day, models.ChargeID(id)+"-"+l.ChargeID
		c.Lines = append(c.Lines, l)
	}
	return c
}

// TestTheRulesGoByTheRealTables holds each rule that has a table against the files as they are published, for and against.
func TestTheRulesGoByTheRealTables(t *testing.T) {
	books := publishedBooks(t)
	for _, row := range []struct {
		name, rule       string
		diagnoses, lines string
		beside           string // lines of another claim of the patient's by the same provider
		birth            models.Date
		want             string
	}{
		{"a code of fiscal year 2026", "scrub.diagnosis-code", "E11.9", "99213", "", "", ""},
		{"a heading", "scrub.diagnosis-code", "E11", "99213", "", "", "error diagnosis[0]"},
		{"a code of 2026 on the day before", "scrub.diagnosis-code", "E11.A", "@2025-09-30 99213", "", "", "error diagnosis[0]"},
		{"a code of 2026 on its first day", "scrub.diagnosis-code", "E11.A", "@2025-10-01 99213", "", "", ""},
		{"on its last day", "scrub.diagnosis-code", "E11.A", "@2026-09-30 99213", "", "", ""},
		{"on the day after", "scrub.diagnosis-code", "E11.A", "@2026-10-01 99213", "", "", "warning diagnosis"},
		{"without its seventh character", "scrub.diagnosis-code", "S52.501", "99213", "", "", "error diagnosis[0]"},
		{"with it", "scrub.diagnosis-code", "S52.501A", "99213", "", "", ""},
		{"without the X before it", "scrub.diagnosis-code", "T15.01A", "99213", "", "", "error diagnosis[0]"},
		{"with the X before it", "scrub.diagnosis-code", "T15.01XA", "99213", "", "", ""},
		{"no code", "scrub.diagnosis-code", "E11.99", "99213", "", "", "error diagnosis[0]"},

		{"two kinds of diabetes", "scrub.excludes", "E10.9 E11.9", "99213", "", "", "warning diagnosis[1]"},
		{"diabetes and blood pressure", "scrub.excludes", "E11.9 I10", "99213", "", "", ""},
		{"insulin before the diabetes", "scrub.sequence", "Z79.4 E11.9", "99213", "", "", "warning diagnosis[0]"},
		{"insulin after it", "scrub.sequence", "E11.9 Z79.4", "99213", "", "", ""},
		{"blood pressure and heart failure in their order", "scrub.sequence", "I11.0 I50.9", "99213", "", "", ""},
		{"in the other", "scrub.sequence", "I50.9 I11.0", "99213", "", "", "warning diagnosis[0]"},
		{"a manifestation first", "scrub.first-diagnosis", "F02.80 G30.9", "99213", "", "", "warning diagnosis[0]"},
		{"a manifestation after its cause", "scrub.first-diagnosis", "G30.9 F02.80", "99213", "", "", ""},

		{"a newborn's diagnosis of a newborn", "scrub.age", "P07.18", "99213", "", "2025-10-14", ""},
		{"of a grown patient", "scrub.age", "P07.18", "99213", "", "1980-01-15", "warning diagnosis[0]"},
		{"a pregnancy at nine", "scrub.age", "O09.91", "99213", "", "2016-10-15", ""},
		{"a pregnancy at eight", "scrub.age", "O09.91", "99213", "", "2016-10-16", "warning diagnosis[0]"},

		{"the right knee", "scrub.side", "M25.561", "20610-RT", "", "", ""},
		{"the other knee", "scrub.side", "M25.561", "20610-LT", "", "", "error item[0].modifier"},
		{"a knee without a side", "scrub.side", "M25.569", "20610-LT", "", "", "warning diagnosis[0]"},
		{"a chamber of the heart is no side", "scrub.side", "I50.1", "93000-RT", "", "", ""},
		{"a fracture of the other arm", "scrub.side", "S52.501A", "20610-LT", "", "", "error item[0].modifier"},
		{"an eye behind a comma", "scrub.side", "H25.11", "66984-LT", "", "", "error item[0].modifier"},
		{"both eyes", "scrub.side", "H25.13", "66984-LT", "", "", ""},

		{"a pair that nothing parts (0)", "scrub.ptp", "I10", "80053 80048-59", "", "", "error item[1].productOrService"},
		{"a pair of two claims (0)", "scrub.ptp", "I10", "80048-59", "80053", "", "error item[0].productOrService"},
		{"a pair that a modifier parts (1)", "scrub.ptp", "I10", "11042 97597", "", "", "error item[1].productOrService"},
		{"with it on column 2 (1)", "scrub.ptp", "I10", "11042 97597-59", "", "", ""},
		{"with it on column 1 (1)", "scrub.ptp", "I10", "11042-XS 97597", "", "", ""},
		{"25 on a visit (1)", "scrub.ptp", "I10", "11042 99213-25", "", "", ""},
		{"25 on what is no visit (1)", "scrub.ptp", "I10", "11042 97597-25", "", "", "error item[1].productOrService"},
		{"a visit without it (1)", "scrub.ptp", "I10", "11042 99213", "", "", "error item[1].productOrService"},
		{"a pair that never counted (9)", "scrub.ptp", "I10", "20610 20600", "", "", ""},

		{"an MUE of a line within (MAI 1)", "scrub.mue", "I10", "99486*4 99486-76*4", "", "", ""},
		{"beyond (MAI 1)", "scrub.mue", "I10", "99486*5", "", "", "error item[0].quantity"},
		{"an MUE of a day within (MAI 2)", "scrub.mue", "I10", "11042", "", "", ""},
		{"beyond over two claims (MAI 2)", "scrub.mue", "I10", "11042", "11042-59", "", "error item[0].quantity"},
		{"the care after it is not counted (MAI 2)", "scrub.mue", "I10", "11042-55", "11042-59", "", ""},
		{"an MUE of a day within (MAI 3)", "scrub.mue", "I10", "93000*3", "", "", ""},
		{"beyond (MAI 3)", "scrub.mue", "I10", "93000*2", "93000-76*2", "", "error item[0].quantity"},
		{"an MUE of 0 (MAI 3)", "scrub.mue", "I10", "99172", "", "", "error item[0].quantity"},

		{"an add-on with its primary (type 1)", "scrub.add-on", "I10", "17000 17003", "", "", ""},
		{"its primary on another claim (type 1)", "scrub.add-on", "I10", "17003", "17000", "", ""},
		{"without it (type 1)", "scrub.add-on", "I10", "17003", "", "", "error item[0].productOrService"},
		{"an add-on of the payer's (type 2)", "scrub.add-on", "I10", "20985", "", "", "warning item[0].productOrService"},
		{"an add-on without a listed primary (type 3)", "scrub.add-on", "I10", "96160", "", "", "warning item[0].productOrService"},
		{"with one (type 3)", "scrub.add-on", "I10", "99202 96160", "", "", ""},
		{"what the fee schedule alone adds to others", "scrub.add-on", "I10", "15012", "", "", "warning item[0].productOrService"},

		{"a visit on the day of a small operation (000)", "scrub.global-period", "I10", "20610 99213", "", "", "warning item[1].modifier"},
		{"one that stands apart (000)", "scrub.global-period", "I10", "20610 99213-25", "", "", ""},
		{"the day after (000)", "scrub.global-period", "I10", "99213", "@2025-10-14 20610", "", ""},
		{"the tenth day (010)", "scrub.global-period", "I10", "99213", "@2025-10-05 17000", "", "warning item[0].modifier"},
		{"the eleventh day (010)", "scrub.global-period", "I10", "99213", "@2025-10-04 17000", "", ""},
		{"the day before (090)", "scrub.global-period", "I10", "99213", "@2025-10-16 27447", "", "warning item[0].modifier"},
		{"the decision of that day (090)", "scrub.global-period", "I10", "99213-57", "@2025-10-16 27447", "", ""},
		{"the ninetieth day (090)", "scrub.global-period", "I10", "99213", "@2025-07-17 27447", "", "warning item[0].modifier"},
		{"the ninety-first day (090)", "scrub.global-period", "I10", "99213", "@2025-07-16 27447", "", ""},
		{"another knee within it (090)", "scrub.global-period", "I10", "27130", "@2025-09-15 27447", "", "warning item[0].modifier"},
		{"another knee, unrelated (090)", "scrub.global-period", "I10", "27130-79", "@2025-09-15 27447", "", ""},
		{"maternity care (MMM)", "scrub.global-period", "I10", "99213", "@2025-10-05 59400", "", ""},

		{"a service of the list", "scrub.service-code", "I10", "J3301", "", "", ""},
		{"none of it", "scrub.service-code", "I10", "J0000", "", "", "error item[0].productOrService"},
		{"a component of a service that has some", "scrub.component", "I10", "71046-26", "", "", ""},
		{"of one that has none", "scrub.component", "I10", "99213-26", "", "", "warning item[0].modifier"},
		{"an operation on both knees", "scrub.bilateral", "I10", "27447-50", "", "", ""},
		{"a visit on both sides", "scrub.bilateral", "I10", "99213-50", "", "", "warning item[0].modifier"},
	} {
		if underRace && row.rule == "scrub.ptp" {
			continue
		}
		mine := realClaim("mine", row.diagnoses, row.lines)
		mine.State = models.ClaimDraft
		subject := scrub.Subject{Claim: mine, Books: books, Patient: models.Patient{BirthDate: row.birth}}
		if row.beside != "" {
			subject.Others = []models.Claim{realClaim("other", "", row.beside)}
		}
		var got []string
		for _, f := range scrub.Run(subject) {
			if f.Rule == row.rule {
				got = append(got, string(f.Severity)+" "+strings.TrimPrefix(f.Path, "Claim."))
			}
			if row.name == "a heading" && f.Rule == row.rule && !strings.Contains(f.Remedy, "E11.9") {
				t.Errorf("%q does not offer E11.9", f.Remedy)
			}
		}
		if got := strings.Join(got, ", "); got != row.want {
			t.Errorf("%s (%s): %q, want %q", row.name, row.rule, got, row.want)
		}
	}
}

// TestEveryRealDiagnosisIsJudged holds all rows of the release of 2026 against the rules: each billable code passes, each heading is
// refused with codes below it that pass themselves, and there are as many codes of the left side as of the right.
func TestEveryRealDiagnosisIsJudged(t *testing.T) {
	if underRace {
		t.Skip("a hundred thousand claims take minutes under the race detector")
	}
	books := publishedBooks(t)
	list, _, _ := codes.Look[*codes.Concepts](books, codes.ICD10CM, realDay)
	only := codes.NewBooks(publishedShelf.releases[:1], publishedShelf.contents)
	rows, passed, sided := 0, 0, map[string]int{}
	for _, code := range list.Codes {
		one, _ := list.Find(code)
		written := codes.ICD10CM.Facts().Written(code)
		held := ""
		for _, f := range scrub.Run(scrub.Subject{Claim: realClaim("mine", written, "99213-LT 99213-RT"), Books: only}) {
			if f.Rule == "scrub.diagnosis-code" {
				held = f.Remedy
			}
			if f.Rule == "scrub.side" && one.Billable {
				sided[f.Path]++
			}
		}
		rows++
		if held == "" {
			passed++
		}
		choices := list.Under(code, 1)
		if one.Billable != (held == "") || !one.Billable && (len(choices) == 0 || !strings.Contains(held, codes.ICD10CM.Facts().Written(choices[0].Code))) {
			t.Fatalf("%s: billable %v, and the scrubber says %q", written, one.Billable, held)
		}
	}
	if rows != 98_186 || passed != 74_719 {
		t.Errorf("%d rows, %d of them pass; want 98186 and 74719", rows, passed)
	}
	if right, left, open := sided["Claim.item[0].modifier"], sided["Claim.item[1].modifier"], sided["Claim.diagnosis[0]"]; right != 13_298 || left != 13_298 || open != 11_115 {
		t.Errorf("%d codes are of the right, %d of the left, %d leave it open; want 13298, 13298 and 11115", right, left, open)
	}
}
