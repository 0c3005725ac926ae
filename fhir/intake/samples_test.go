package intake_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/fhir/intake"
)

// samples gives the files of a folder of sample data, which lies in MEDBILL_SHARED or beside the project.
func samples(t *testing.T, pattern string) []string {
	t.Helper()
	dir := os.Getenv("MEDBILL_SHARED")
	for root, _ := filepath.Abs("."); dir == "" && root != filepath.Dir(root); root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			dir = filepath.Join(root, "..", "shared")
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "data", pattern))
	if len(files) == 0 {
		fmt.Println("SKIPPED", t.Name()+": no sample data; set MEDBILL_SHARED to their folder")
		t.SkipNow()
	}
	return files
}

func sample(t *testing.T, file string) *fhir.Document {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	src, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	d, err := fhir.Parse(src)
	if err != nil {
		return nil // a few official examples are no JSON as FHIR wants it
	}
	return d
}

// view reads d by every view and reading there is for any type: none may panic on another type than its own.
func view(d *fhir.Document) {
	intake.Patient(d, nil)
	intake.Coverage(d, nil)
	intake.Party(d)
	intake.Encounter(d, nil)
	intake.Condition(d, nil)
	intake.Procedure(d, nil)
	intake.ChargeItem(d, nil)
	intake.Location(d)
	intake.PractitionerRole(d)
	intake.Prices(d, nil)
	intake.ClaimedVisits(d)
	intake.BillsElsewhere(d)
	intake.AnsweredClaim(d)
	_, _ = intake.Answer(d, nil)
	_, _ = intake.DraftClaim(d, nil)
	_, _ = intake.Coding(d)
	_, _ = intake.Payment(d)
	_, _ = intake.Settings(d)
	_, _ = intake.Fees(d)
	_, _ = intake.FeesEnd(d)
}

func TestOfficialExamplesAreViewedWithoutHarm(t *testing.T) {
	read := 0
	for _, file := range samples(t, "fhir-r4-examples/*.json") {
		if d := sample(t, file); d != nil {
			view(d)
			read++
		}
	}
	if read < 100 {
		t.Errorf("only %d examples were read", read)
	}
}

func TestSyntheaIsViewed(t *testing.T) {
	count := map[string]int{}
	for _, file := range samples(t, "synthea/*.json.gz") {
		d := sample(t, file)
		if d == nil {
			t.Fatalf("%s is no document", file)
		}
		for entry := range d.Root().Get("entry").Children() {
			resource := entry.Get("resource").Detach()
			view(resource)
			switch resource.Type() {
			case "Patient":
				if p := intake.Patient(resource, nil); p.FamilyName == "" || p.GivenName == "" || p.BirthDate == "" || p.Gender == "" || !p.HasAddress {
					t.Errorf("%s: a patient is not read whole", file)
				}
			case "Encounter":
				if e := intake.Encounter(resource, nil); e.ID == "" || e.Status == "" || e.Class == "" || e.Start == "" || e.End == "" {
					t.Errorf("%s: an encounter is not read whole", file)
				}
			case "Claim":
				if _, err := intake.DraftClaim(resource, nil); err == nil {
					t.Errorf("%s: a claim of another system is taken as a draft", file)
				}
			}
			count[resource.Type()]++
		}
		if testing.Short() && count["Encounter"] > 1000 {
			break
		}
	}
	if count["Encounter"] < 1000 || count["Claim"] < 1000 {
		t.Errorf("only %d encounters and %d claims were read", count["Encounter"], count["Claim"])
	}
}
