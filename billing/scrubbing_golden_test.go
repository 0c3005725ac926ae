package billing_test

import (
	"cmp"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/money"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample reads the Claims and ExplanationsOfBenefit of Medicare's synthetic data as claims that the rules can look at. They are no
// drafts, which intake reads: their parties are contained, their amounts stand in adjudications, their codes in systems of CMS.
type sample struct {
	fhir.Node
	kind string // claim-type
}

// samplesIn gives those of a file: a document, a Bundle, or a document a line.
func samplesIn(t *testing.T, path string) []sample {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it is only read
	var in io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	body, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	var list []sample
	for _, text := range texts(path, body) {
		document, err := fhir.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", filepath.Base(path), err)
		}
		nodes := []fhir.Node{document.Root()}
		for entry := range document.Root().Get("entry").Children() {
			nodes = append(nodes, entry.Get("resource"))
		}
		for _, n := range nodes {
			if typ := n.Get("resourceType"); typ.Is("Claim") || typ.Is("ExplanationOfBenefit") {
				list = append(list, sample{n, codeIn(n.Get("type"), "claim-type")})
			}
		}
	}
	return list
}

// texts gives the documents of a file.
func texts(path string, body []byte) []string {
	if !strings.Contains(path, "ndjson") {
		return []string{string(body)}
	}
	return slices.DeleteFunc(strings.Split(string(body), "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
}

// codeIn gives the first code of a CodeableConcept whose system holds a word.
func codeIn(concept fhir.Node, word string) string {
	for coding := range concept.Get("coding").Children() {
		if strings.Contains(coding.Get("system").Text(), word) {
			return coding.Get("code").Text()
		}
	}
	return ""
}

// subject gives what the rules look at. The amounts, providers and places are those of the sample; who is covered by what is not there.
func (s sample) subject() scrub.Subject {
	c := models.Claim{
		ID: models.ClaimID(s.Get("id").Text()), Number: "C1", PatientID: models.PatientID(s.Get("patient").Get("reference").Text()), CoverageID: "cover", InsurerID: "medicare",
		BillingID: "billing", Rendering: models.Performer{ID: "rendering"}, State: models.ClaimDraft, Position: 1, Part: 1,
		ServiceFrom: models.Date(s.Get("billablePeriod").Get("start").Text()), ServiceUntil: models.Date(s.Get("billablePeriod").Get("end").Text()),
	}
	if c.Type = models.ClaimProfessional; s.kind == "institutional" {
		c.Type = models.ClaimInstitutional
		for about := range s.Get("supportingInfo").Children() {
			if codeIn(about.Get("category"), "C4BBSupportingInfoType") == "typeofbill" {
				c.Stay.BillType = about.Get("code").Get("coding").At(0).Get("code").Text()
			}
		}
	}
	places := s.diagnoses(&c)
	for item := range s.Get("item").Children() {
		s.line(&c, item, places)
	}
	c.Billed = s.total(c)
	subject := scrub.Subject{
		Claim: c, Today: "2026-03-04", Insurer: models.Party{ID: "medicare"},
		Patient:   models.Patient{FamilyName: "Canary", BirthDate: "1950-01-15", Gender: "female", HasAddress: true},
		Coverage:  models.Coverage{ID: "cover", PatientID: c.PatientID, PayerID: "medicare", SubscriberID: "CANARY-7781", Active: true},
		Renderers: map[models.Performer]models.Party{c.Rendering: {ID: "rendering", NPI: s.rendering()}},
		Billing:   models.Party{ID: "billing", NPI: s.Get("provider").Get("identifier").Get("value").Text()},
	}
	for _, held := range s.contained() {
		switch ref := "#" + held.ID(); {
		case ref == s.Get("provider").Get("reference").Text():
			subject.Billing = intake.Party(held)
		case ref == s.Get("patient").Get("reference").Text():
			subject.Patient = intake.Patient(held, nil)
		}
	}
	return subject
}

func (s sample) contained() []*fhir.Document {
	var list []*fhir.Document
	for c := range s.Get("contained").Children() {
		list = append(list, c.Detach())
	}
	return list
}

// diagnoses takes the diagnoses, each once and the principal one first: Medicare's history repeats it in its place, and keeps the
// admitting one beside them. places gives the place of each sequence.
func (s sample) diagnoses(c *models.Claim) (places map[string]int) {
	all := slices.Collect(s.Get("diagnosis").Children())
	slices.SortStableFunc(all, func(a, b fhir.Node) int { return cmp.Compare(rankOf(a), rankOf(b)) })
	places = map[string]int{}
	for _, d := range all {
		concept := d.Get("diagnosisCodeableConcept")
		code := cmp.Or(codeIn(concept, "icd-10-cm"), codeIn(concept, "icd-"))
		at := slices.IndexFunc(c.Diagnoses, func(before models.ClaimDiagnosis) bool { return before.Code == code })
		if at < 0 {
			at = len(c.Diagnoses)
			c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: at + 1, Code: code})
		}
		places[d.Get("sequence").Text()] = at + 1
	}
	return places
}

// rankOf puts a diagnosis where a claim has it: the principal one first, external causes and the reason of the admission last.
func rankOf(d fhir.Node) int {
	return map[string]int{"principal": -1, "externalcauseofinjury": 1, "admitting": 2}[d.Get("type").At(0).Get("coding").At(0).Get("code").Text()]
}

// line takes one item.
func (s sample) line(c *models.Claim, item fhir.Node, places map[string]int) {
	l := models.ClaimLine{Sequence: len(c.Lines) + 1, System: models.SystemCPT, Units: models.OneUnit}
	l.ChargeID = models.ChargeID(fmt.Sprint(c.ID, "-", l.Sequence))
	for coding := range item.Get("productOrService").Get("coding").Children() {
		l.Code = cmp.Or(l.Code, coding.Get("code").Text())
	}
	if l.Code > "A" {
		l.System = models.SystemHCPCS
	}
	for m := range item.Get("modifier").Children() {
		l.Modifiers = append(l.Modifiers, m.Get("coding").At(0).Get("code").Text())
	}
	for p := range item.Get("diagnosisSequence").Children() {
		if at := places[p.Text()]; !slices.Contains(l.Pointers, at) {
			l.Pointers = append(l.Pointers, at)
		}
	}
	period := item.Get("servicedPeriod")
	l.ServiceDate, _ = models.ParseDate(cmp.Or(item.Get("servicedDate").Text(), period.Get("start").Text(), period.Get("end").Text(), string(c.ServiceFrom)))
	if units, err := models.ParseUnits(item.Get("quantity").Get("value").Text()); err == nil {
		l.Units = units
	}
	for a := range item.Get("adjudication").Children() {
		if amount, err := money.Parse(a.Get("amount").Get("value").Text()); err == nil && codeIn(a.Get("category"), "adjudication") == "submitted" {
			l.Billed = amount
		}
	}
	for coding := range item.Get("locationCodeableConcept").Get("coding").Children() {
		if code := coding.Get("code").Text(); placeCode.MatchString(code) {
			c.PlaceOfService = cmp.Or(c.PlaceOfService, code)
		}
	}
	c.Lines = append(c.Lines, l)
}

var placeCode = regexp.MustCompile(`^\d\d$`)

// total is the amount that was asked for: Claim.total, or the submitted one of an ExplanationOfBenefit, or what its lines say.
func (s sample) total(c models.Claim) models.Cents {
	amount := s.Get("total").Get("value").Text()
	for one := range s.Get("total").Children() {
		if codeIn(one.Get("category"), "adjudication") == "submitted" {
			amount = cmp.Or(amount, one.Get("amount").Get("value").Text())
		}
	}
	cents, err := money.Parse(amount)
	if err != nil {
		for _, l := range c.Lines {
			cents += l.Billed
		}
	}
	return cents
}

// rendering gives the number of who did it.
func (s sample) rendering() string {
	for m := range s.Get("careTeam").Children() {
		if role := codeIn(m.Get("role"), "areTeamRole") + codeIn(m.Get("role"), "careteamrole"); strings.Contains(role, "rendering") || strings.Contains(role, "performing") {
			return m.Get("provider").Get("identifier").Get("value").Text()
		}
	}
	return ""
}

// moved puts a claim on realDay, on which all the real tables speak.
func moved(c models.Claim) models.Claim {
	c.ServiceFrom, c.ServiceUntil, c.Lines = realDay, realDay, slices.Clone(c.Lines)
	for i := range c.Lines {
		c.Lines[i].ServiceDate = realDay
	}
	return c
}

// TestTheSamplesOfMedicareAreScrubbed holds that every claim of them goes through the rules with the real tables, on its own days and on
// one of all tables, and how many findings each rule has by the type of the claim. After a change of a rule, read what
// `go test ./billing -run Samples -update` changes.
func TestTheSamplesOfMedicareAreScrubbed(t *testing.T) {
	if underRace {
		t.Skip("the pairs are not loaded under the race detector")
	}
	books := publishedBooks(t)
	counts := map[string]int{}
	err := filepath.WalkDir(sharedData(t, "cms-synthetic"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		samples := samplesIn(t, path)
		for _, when := range []string{"dated", "moved"} {
			subjects := make([]scrub.Subject, len(samples))
			for i, s := range samples {
				if subjects[i] = s.subject(); when == "moved" {
					subjects[i].Claim = moved(subjects[i].Claim)
				}
			}
			for i, s := range subjects {
				s.Books, s.Others = books, besideOf(subjects, i)
				kind := when + " " + samples[i].kind
				counts[kind+" claims"]++
				for _, f := range scrub.Run(s) {
					counts[kind+" "+f.Rule+" "+string(f.Severity)]++
					if testing.Verbose() {
						t.Log(when, filepath.Base(path), i, samples[i].kind, f.Rule, f.Severity, f.Path, f.Text)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for key, n := range counts {
		lines = append(lines, fmt.Sprintf("%s %d\n", key, n))
	}
	slices.Sort(lines)
	sameAsGolden(t, filepath.Join("testdata", "cms_synthetic_findings.golden"), strings.Join(lines, ""))
}

// besideOf gives the other claims of the same patient in a file, as sent.
func besideOf(subjects []scrub.Subject, i int) []models.Claim {
	var others []models.Claim
	for n, other := range subjects {
		if n != i && other.Claim.PatientID == subjects[i].Claim.PatientID {
			other.Claim.State = models.ClaimTransmitted
			others = append(others, other.Claim)
		}
	}
	return others
}

// sameAsGolden holds a text against a file, which -update writes.
func sameAsGolden(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(golden), 0o750), os.WriteFile(golden, []byte(got), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the findings are\n%s\nwant\n%s", got, want)
	}
}
