package contracts_test

import (
	"errors"
	"strings"
	"testing"

	"medbill/internal/contracts"
	"medbill/models"
	"medbill/models/fault"
)

const (
	contractHeader = "contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\n"
	rateHeader     = "contract,kind,code,modifiers,place,provider,value,from,until\n"
)

// read gives what a file says, or what is wrong with it.
func read(text string) (contracts.File, string) {
	f, err := contracts.ReadCSV(strings.NewReader(text))
	return f, places(err)
}

// places gives a refusal as "line 2: text".
func places(err error) string {
	var f *fault.Fault
	if err == nil {
		return ""
	}
	if !errors.As(err, &f) {
		return err.Error()
	}
	var b strings.Builder
	for _, i := range f.Issues {
		b.WriteString(i.Path + ": " + i.Text + "\n")
	}
	return b.String()
}

func TestContractsAsTheyAreWritten(t *testing.T) {
	f, wrong := read(contractHeader + "a-2026,acme,ACME,2026-01-01,2026-12-31,claim,none,1.50,2.5,90,13202-01,2025-10-01,32.3465,6500.25\nb,zenith,Zenith,,,,,,,,,,,\ngone,,,,,,,,,,,,,\n")
	if wrong != "" {
		t.Fatal(wrong)
	}
	want := models.Contract{
		ID: "a-2026", PayerID: "acme", Name: "ACME", From: "2026-01-01", Until: "2026-12-31", Lesser: models.LesserClaim, Policy: models.PolicyNone,
		Tolerance: 150, ToleranceShare: 250, DisputeDays: 90, Locality: "13202-01", ScheduleDay: "2025-10-01", Conversion: 323465, Base: 65_002_500,
	}
	if f.Contracts[0] != want {
		t.Errorf("got  %+v\nwant %+v", f.Contracts[0], want)
	}
	if b := f.Contracts[1]; b.Lesser != models.LesserLine || b.Policy != models.PolicyMedicare || b.DisputeDays != 60 {
		t.Errorf("what is left out is %+v", b)
	}
	if len(f.Gone) != 1 || f.Gone[0] != "gone" {
		t.Errorf("gone are %v", f.Gone)
	}
}

// TestWrongLinesAreNamed has a row for each thing that a line may have wrong.
func TestWrongLinesAreNamed(t *testing.T) {
	for _, row := range []struct{ sentence, text, want string }{
		{"another header", "code,amount\n", "line 1: The first line must be one of: "},
		{"nothing but a header", rateHeader, "line 1: The file has no line but the first"},
		{"a line with a field less", rateHeader + "a,flat,99213,,,,1,\n", "line 2: The line is not CSV"},
		{"two contracts of one name", contractHeader + "a,acme,A,,,,,,,,,,,\na,acme,B,,,,,,,,,,,\n", "line 3: Line 2 has the contract already"},
		{"a contract without a name", contractHeader + "a b,acme,A,,,,,,,,,,,\n", "line 2: The contract must have a name"},
		{"no payer", contractHeader + "a,,A,,,,,,,,,,,\n", "line 2: The payer must be"},
		{"no title", contractHeader + "a,acme,,,,,,,,,,,,\n", "line 2: The name must be"},
		{"no day", contractHeader + "a,acme,A,1/1/2026,,,,,,,,,,\n", "line 2: A day must be"},
		{"an end before the beginning", contractHeader + "a,acme,A,2026-02-01,2026-01-01,,,,,,,,,\n", "line 2: The line ends"},
		{"another lesser", contractHeader + "a,acme,A,,,both,,,,,,,,\n", "line 2: The lesser of"},
		{"another policy", contractHeader + "a,acme,A,,,,ours,,,,,,,\n", "line 2: The policy must be"},
		{"a tolerance in fractions of a cent", contractHeader + "a,acme,A,,,,,0.005,,,,,,\n", "line 2: The tolerance must be"},
		{"a tolerance above all", contractHeader + "a,acme,A,,,,,,100.01,,,,,\n", "line 2: The tolerance in percent"},
		{"no days to dispute", contractHeader + "a,acme,A,,,,,,,0,,,,\n", "line 2: The days to dispute"},
		{"a locality without its carrier", contractHeader + "a,acme,A,,,,,,,,01,,,\n", "line 2: The locality must be"},
		{"a fee schedule of no day", contractHeader + "a,acme,A,,,,,,,,,2025,,\n", "line 2: A day must be"},
		{"a conversion factor of five decimals", contractHeader + "a,acme,A,,,,,,,,,,32.34651,\n", "line 2: The conversion factor"},
		{"a negative base", contractHeader + "a,acme,A,,,,,,,,,,,-1\n", "line 2: The base must be"},

		{"another kind", rateHeader + "a,discount,99213,,,,1,,\n", "line 2: The kind must be one of case, drg, flat, modifier, per-diem, per-unit, percent-of-charge, percent-of-medicare."},
		{"a code in small letters", rateHeader + "a,flat,j1100,,,,1,,\n", "line 2: The code must be one of five"},
		{"a range that ends before it begins", rateHeader + "a,flat,99215-99202,,,,1,,\n", "line 2: The code must be one of five"},
		{"a range over two kinds of codes", rateHeader + "a,flat,0120-99202,,,,1,,\n", "line 2: The code must be one of five"},
		{"a DRG that is none", rateHeader + "a,drg,47,,,,1,,\n", "line 2: The code of this kind must be a DRG"},
		{"one modifier twice", rateHeader + "a,flat,99213,25 25,,,1,,\n", "line 2: Modifiers are"},
		{"a modifier of three letters", rateHeader + "a,flat,99213,ABC,,,1,,\n", "line 2: Modifiers are"},
		{"a share of two modifiers", rateHeader + "a,modifier,,50 51,,,1,,\n", "line 2: The share of a modifier"},
		{"a place that is none", rateHeader + "a,flat,99213,,office,,1,,\n", "line 2: The place must be"},
		{"a provider by name", rateHeader + "a,flat,99213,,,Dr. Who,1,,\n", "line 2: The provider must be"},
		{"no value", rateHeader + "a,flat,99213,,,,,,\n", "line 2: The value must be a number"},
		{"five decimals", rateHeader + "a,per-unit,J1100,,,,0.00001,,\n", "line 2: The value must be a number"},
		{"a negative value", rateHeader + "a,flat,99213,,,,-1,,\n", "line 2: The value must be a number"},
		{"more than a thousand percent", rateHeader + "a,percent-of-charge,,,,,1000.5,,\n", "line 2: The value must be a percentage"},
		{"the same service from the same day", rateHeader + "a,flat,99213,25 95,,,1,,\na,percent-of-charge,99213,95 25,,,50,,\n", "line 3: Line 2 is for the same service"},
		{"no rates beside rates", rateHeader + "a,flat,99213,,,,1,,\na,,,,,,,,\n", "line 3: A line with nothing behind"},
		{"rates beside no rates", rateHeader + "a,,,,,,,,\na,flat,99213,,,,1,,\n", "line 3: A line with nothing behind"},
		{"several wrong lines", rateHeader + "a,flat,99213,,,,x,,\na,flat,99214,,,,1,,\na,flat,99215,,,,y,,\n", "line 2: The value must be a number with at most four decimals, such as 88.95.\nline 4: The value"},
	} {
		if _, got := read(row.text); !strings.HasPrefix(got, row.want) {
			t.Errorf("%s: got %q, want %q", row.sentence, got, row.want)
		}
	}
}

// TestAFileReplacesWhatItNames and leaves the rest as it is.
func TestAFileReplacesWhatItNames(t *testing.T) {
	stands := func(d models.ContractData) string {
		var list []string
		for _, c := range d.Contracts {
			list = append(list, string(c.ID)+" "+c.Name)
		}
		for _, r := range d.Rates {
			list = append(list, string(r.ContractID)+" "+r.Code)
		}
		return strings.Join(list, ", ")
	}
	var data models.ContractData
	for _, step := range []struct{ sentence, text, want string }{
		{"contracts come", contractHeader + "b,acme,B,2026-01-01,,,,,,,,,,\na,acme,A,,,,,,,,,,,\n", "a A, b B"},
		{"rates come", rateHeader + "b,flat,99213,,,,1,,\na,flat,99213,,,,1,,\na,flat,99214,,,,1,,\n", "a A, b B, a 99213, a 99214, b 99213"},
		{"a contract keeps its rates", contractHeader + "a,acme,Again,,,,,,,,,,,\n", "a Again, b B, a 99213, a 99214, b 99213"},
		{"rates go for others", rateHeader + "a,flat,99215,,,,1,,\n", "a Again, b B, a 99215, b 99213"},
		{"rates go", rateHeader + "a,,,,,,,,\n", "a Again, b B, b 99213"},
		{"a contract goes with its rates", contractHeader + "b,,,,,,,,,,,,,\n", "a Again"},
	} {
		f, wrong := read(step.text)
		if data = f.Onto("demo", data); wrong != "" || stands(data) != step.want {
			t.Errorf("%s: %q, want %q %s", step.sentence, stands(data), step.want, wrong)
		}
	}
}

// TestAFileHasToFitWhatStands: an unknown payer, rates of nothing, and two contracts of a day.
func TestAFileHasToFitWhatStands(t *testing.T) {
	f, _ := read(contractHeader + "a,acme,A,2026-01-01,,,,,,,,,,\n")
	data := f.Onto("demo", models.ContractData{})
	for _, row := range []struct{ sentence, text, want string }{
		{"another one of the payer from another day", contractHeader + "b,acme,B,2027-01-01,,,,,,,,,,\n", ""},
		{"the payer is not in the directory", contractHeader + "b,typo,B,,,,,,,,,,,\n", "line 2: The payer is not in the directory"},
		{"two of one day", contractHeader + "b,acme,B,2026-01-01,,,,,,,,,,\n", "line 2: Another contract with the payer begins"},
		{"two of one day, the new one first", contractHeader + "0,acme,B,2026-01-01,,,,,,,,,,\n", "line 2: Another contract with the payer begins"},
		{"rates of no contract", rateHeader + "c,flat,99213,,,,1,,\n", "line 2: There is no such contract"},
	} {
		f, wrong := read(row.text)
		err := f.Check(f.Onto("demo", data), func(id models.OrganizationID) bool { return id == "acme" })
		if got := wrong + places(err); !strings.HasPrefix(got, row.want) || (row.want == "") != (got == "") {
			t.Errorf("%s: got %q, want %q", row.sentence, got, row.want)
		}
	}
}

// TestTheContractOfADay is the one that began last.
func TestTheContractOfADay(t *testing.T) {
	f, _ := read(contractHeader + "old,acme,A,,2026-06-30,,,,,,,,,\nnew,acme,A,2026-01-01,2026-03-31,,,,,,,,,\n")
	b := contracts.NewBook(f.Onto("demo", models.ContractData{}))
	for _, row := range []struct {
		day  models.Date
		want models.ContractID
	}{{"2025-12-31", "old"}, {"2026-01-01", "new"}, {"2026-03-31", "new"}, {"2026-04-01", "old"}, {"2026-07-01", ""}} {
		got, found := b.On("acme", row.day)
		if found != (row.want != "") || found && got.ID != row.want {
			t.Errorf("on %s it is %v, want %s", row.day, got, row.want)
		}
	}
	if _, found := b.On("zenith", "2026-01-01"); found {
		t.Error("there is a contract with a payer that has none")
	}
}

// FuzzReadCSV holds that no file breaks the reader, and that what is taken can be looked up.
func FuzzReadCSV(f *testing.F) {
	f.Add(contractHeader + "a-2026,acme,ACME,2026-01-01,2026-12-31,claim,none,1.50,2.5,90,13202-01,2025-10-01,32.3465,6500.25\n")
	f.Add(rateHeader + "a,flat,99202-99215,25,11,doc,1,2026-01-01,\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := contracts.ReadCSV(strings.NewReader(text))
		if err != nil {
			return
		}
		b := contracts.NewBook(file.Onto("demo", models.ContractData{}))
		for _, c := range b.Data().Contracts {
			if terms, found := b.Of(c.ID); !found || terms.Rates() != 0 {
				t.Error("a contract is not found, or has rates of another file")
			}
		}
	})
}
