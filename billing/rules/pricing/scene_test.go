package pricing_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/billing/rules/pricing"
	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/internal/contracts"
	"medbill/models"
	"medbill/models/money"
)

// invented is a fee schedule of codes that there are and values that there are not, a conversion factor of 10 dollars, and one locality.
func invented(t testing.TB) codes.Books {
	t.Helper()
	schedule, err := codes.NewSchedule([]codes.Fee{
		{Code: "99213", Status: 'A', Work: 130, PracticeOffice: 135, PracticeFac: 57, Malpractice: 10, Multiple: '0', Bilateral: '0', Conversion: 323465},
		{Code: "11111", Status: 'A', Work: 600, PracticeOffice: 300, PracticeFac: 200, Malpractice: 100, Multiple: '2', Bilateral: '1', Assistant: '2', CoSurgeons: '1', Pre: 10, Intra: 70, Post: 20, Global: "090", Conversion: 100000},
		{Code: "22222", Status: 'A', Work: 300, PracticeOffice: 150, PracticeFac: 100, Malpractice: 50, Multiple: '2', Bilateral: '3', Assistant: '1', CoSurgeons: '0', Global: "000", Conversion: 100000},
		{Code: "33333", Status: 'A', Work: 100, PracticeOffice: 80, Malpractice: 20, Multiple: '2', Bilateral: '2', Conversion: 100000},
		{Code: "43235", Status: 'A', Work: 100, PracticeOffice: 50, Malpractice: 50, Multiple: '2', Conversion: 100000},
		{Code: "43239", Status: 'A', Work: 150, PracticeOffice: 100, Malpractice: 50, Multiple: '3', Endoscopy: "43235", Conversion: 100000},
		{Code: "43251", Status: 'A', Work: 250, PracticeOffice: 100, Malpractice: 50, Multiple: '3', Endoscopy: "43235", Conversion: 100000},
		{Code: "70001", Status: 'A', Work: 100, PracticeOffice: 300, Malpractice: 0, Multiple: '4', Components: '1', Conversion: 100000},
		{Code: "70001", Modifier: "TC", Status: 'A', PracticeOffice: 200, Multiple: '4', Components: '1', Conversion: 100000},
		{Code: "70001", Modifier: "26", Status: 'A', Work: 100, PracticeOffice: 100, Multiple: '4', Components: '1', Conversion: 100000},
		{Code: "70002", Status: 'A', Work: 100, PracticeOffice: 100, Malpractice: 0, Multiple: '4', Components: '1', Conversion: 100000},
		{Code: "70002", Modifier: "TC", Status: 'A', PracticeOffice: 100, Multiple: '4', Components: '1', Conversion: 100000},
		{Code: "70002", Modifier: "26", Status: 'A', Work: 100, Multiple: '4', Components: '1', Conversion: 100000},
		{Code: "97110", Status: 'A', Work: 40, PracticeOffice: 40, Malpractice: 20, Multiple: '5', Conversion: 100000},
		{Code: "97140", Status: 'A', Work: 40, PracticeOffice: 20, Malpractice: 20, Multiple: '5', Conversion: 100000},
		{Code: "93001", Status: 'A', Work: 100, PracticeOffice: 200, Multiple: '6', Components: '1', Conversion: 100000},
		{Code: "93001", Modifier: "TC", Status: 'A', PracticeOffice: 200, Multiple: '6', Components: '1', Conversion: 100000},
		{Code: "93002", Status: 'A', PracticeOffice: 100, Multiple: '6', Components: '3', Conversion: 100000},
		{Code: "92001", Status: 'A', PracticeOffice: 200, Multiple: '7', Components: '3', Conversion: 100000},
		{Code: "92002", Status: 'A', PracticeOffice: 100, Multiple: '7', Components: '3', Conversion: 100000},
		{Code: "45378", Status: 'A', Work: 300, PracticeOffice: 600, Malpractice: 100, Multiple: '0', Conversion: 100000},
		{Code: "45378", Modifier: "53", Status: 'A', Work: 150, PracticeOffice: 300, Malpractice: 50, Multiple: '0', Conversion: 100000},
		{Code: "99000", Status: 'B', Work: 100, Conversion: 100000},
		{Code: "36415", Status: 'X', Conversion: 100000},
	})
	if err != nil {
		t.Fatal(err)
	}
	indices := codes.NewRecords([]string{"medicare administrative contractor (mac)", "state", "locality number", "locality name", "2026 pw gpci", "2026 pe gpci", "2026 mp gpci"},
		[][]string{{"13202", "NY", "01", "ONE", "1.5", "2", "0.5"}, {"13202", "NY", "02", "TWO", "none", "1", "1"}})
	return booksOf(codes.Edition{Release: codes.Release{Table: codes.Fees, Name: "2026", Span: models.Span{From: "2026-01-01"}, Complete: true, Digest: "fees"}, Content: schedule},
		codes.Edition{Release: codes.Release{Table: codes.FeeLocalities, Name: "2026", Span: models.Span{From: "2026-01-01"}, Complete: true, Digest: "indices"}, Content: indices})
}

func booksOf(editions ...codes.Edition) codes.Books {
	var releases []codes.Release
	contents := map[string]codes.Content{}
	for _, e := range editions {
		if e.Release.Digest == "" {
			e.Release.Digest = string(e.Release.Table)
		}
		releases = append(releases, e.Release)
		contents[e.Release.Digest] = e.Content
	}
	return codes.NewBooks(releases, contents)
}

// day is when everything is done that says nothing else.
const day models.Date = "2026-03-02"

// priced is what is priced: a contract as it is written, the lines of a claim as "code-modifiers units billed", and where.
type priced struct {
	contract, rates, lines string
	place                  string
	change                 func(*models.Claim)
}

const (
	contractHeader = "contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\n"
	rateHeader     = "contract,kind,code,modifiers,place,provider,value,from,until\n"
	acme           = "acme-2026,acme,ACME,2026-01-01,,never,medicare,,,,,,,"
)

func bookOf(t testing.TB, texts ...string) *contracts.Book {
	t.Helper()
	var data models.ContractData
	for _, text := range texts {
		f, err := contracts.ReadCSV(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		data = f.Onto("demo", data)
	}
	return contracts.NewBook(data)
}

func (one priced) input(t testing.TB) pricing.Input {
	t.Helper()
	contract := one.contract
	if contract == "" {
		contract = acme
	}
	var rates strings.Builder
	rates.WriteString(rateHeader)
	for _, row := range strings.Split(one.rates, "; ") {
		rates.WriteString("acme-2026," + row + "\n")
	}
	c := claimOf(t, one.lines)
	c.PlaceOfService = one.place
	if one.change != nil {
		one.change(&c)
	}
	return pricing.Input{Claim: c, Contracts: bookOf(t, contractHeader+contract+"\n", rates.String()), Codes: invented(t)}
}

// claimOf reads lines as "11111-50-RT x2 100.00".
func claimOf(t testing.TB, text string) models.Claim {
	t.Helper()
	c := models.Claim{ID: "c1", InsurerID: "acme", Rendering: models.Performer{ID: "doc"}, ServiceFrom: day, ServiceUntil: day, PlaceOfService: "11"}
	for i, one := range strings.Split(text, ", ") {
		words := strings.Fields(one)
		code := strings.Split(words[0], "-")
		l := models.ClaimLine{Sequence: i + 1, ChargeID: models.ChargeID(fmt.Sprint("ch", i+1)), System: models.SystemCPT, Code: code[0], Modifiers: code[1:], Units: models.OneUnit, ServiceDate: day, Billed: 1_000_00}
		for _, word := range words[1:] {
			var err error
			if count, is := strings.CutPrefix(word, "x"); is {
				l.Units, err = models.ParseUnits(count)
			} else {
				l.Billed, err = money.Parse(word)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		c.Lines = append(c.Lines, l)
	}
	return c
}

// said gives what is expected as "88.95, 12.00 = 100.95"; a line that nobody knows is "?".
func said(e models.Expected) string {
	list := make([]string, len(e.Lines))
	for i, l := range e.Lines {
		list[i] = "?"
		if l.IsKnown {
			list[i] = l.Allowed.String()
		}
	}
	text := strings.Join(list, ", ")
	if len(list) > 1 && e.IsKnown {
		text += " = " + e.Allowed.String()
	}
	return text
}

// traced gives the steps of a line.
func traced(l models.ExpectedLine) string {
	var b strings.Builder
	for _, s := range l.Steps {
		amount := "?"
		if s.Amount != nil {
			amount = s.Amount.String()
		}
		fmt.Fprintf(&b, "%s [%s] %s\n", s.Text, s.Source, amount)
	}
	return b.String()
}

// realBooks gives Medicare's releases of October 2025, and skips the test where the public test data is absent.
func realBooks(t *testing.T) codes.Books {
	t.Helper()
	shared := os.Getenv("MEDBILL_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
	}
	var all []codes.Edition
	for _, name := range []string{"PPRRVU2025_Oct.nodesc.csv.gz", "GPCI2025.csv"} {
		path := filepath.Join(shared, "data", "mpfs", name)
		file, err := os.Open(path)
		if err != nil {
			fmt.Println("SKIPPED", t.Name()+": no sample data; set MEDBILL_SHARED to their folder")
			t.SkipNow()
		}
		info, err := file.Stat()
		if err != nil {
			t.Fatal(err)
		}
		editions, err := published.Read(path, file, info.Size(), published.Options{}, nil)
		_ = file.Close()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, editions...)
	}
	return booksOf(all...)
}
