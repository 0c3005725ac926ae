package payers_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/internal/payers"
	"medbill/models"
	"medbill/models/fault"
)

const (
	directoryHeader = "payer,name,aliases,identifiers,transactions\n"
	factsHeader     = "payer,subject,code,value,from,until\n"
	enrolsHeader    = "payer,npi,from,until\n"
)

// TestAWrongLineIsNamed holds that every line that is wrong is refused with its number, and the good ones beside it are not.
func TestAWrongLineIsNamed(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"an entry", directoryHeader + "acme,ACME PPO,Acme;ACME Health,urn:naic|12345,837P 835\n", ""},
		{"an entry after a byte order mark", "\ufeff" + directoryHeader + "acme,ACME,,,\n", ""},
		{"an entry without a name", directoryHeader + "acme,,,,\n", "line 2"},
		{"a payer that is no id", directoryHeader + "AC ME,Acme,,,\n", "line 2"},
		{"a payer twice", directoryHeader + "acme,A,,,\nacme,B,,,\n", "line 3"},
		{"an identifier without a system", directoryHeader + "acme,A,,12345,\n", "line 2"},
		{"a transaction that is none", directoryHeader + "acme,A,,,837Q\n", "line 2"},
		{"a transaction twice", directoryHeader + "acme,A,,,835 835\n", "line 2"},
		{"no line", directoryHeader, "line 1"},
		{"another first line", "payer,names\nx,y\n", "line 1"},
		{"nothing", "", "line 1"},

		{"days", factsHeader + "acme,filing-limit,,90,,\n", ""},
		{"months", factsHeader + "acme,filing-limit,*,12m,2026-01-01,2026-12-31\n", ""},
		{"no days", factsHeader + "acme,filing-limit,,0,,\n", "line 2"},
		{"days with a sign", factsHeader + "acme,filing-limit,,+90,,\n", "line 2"},
		{"a filing limit of a code", factsHeader + "acme,filing-limit,99213,90,,\n", "line 2"},
		{"a subject that is none", factsHeader + "acme,filing,,90,,\n", "line 2"},
		{"every payer", factsHeader + "*,appeal-limit,,120,,\n", ""},
		{"an answer", factsHeader + "acme,takes-void,,maybe,,\n", "line 2"},
		{"a number of Medicare", factsHeader + "acme,member-id,,mbi,,\n", ""},
		{"a pattern that is none", factsHeader + "acme,member-id,,[,,\n", "line 2"},
		{"pairs", factsHeader + "acme,telehealth,99202-99215,95/02 -/10,,\n", ""},
		{"a pair without a place", factsHeader + "acme,telehealth,99213,95,,\n", "line 2"},
		{"groups of modifiers", factsHeader + "acme,modifier,97110,GP/GO/GN KX,,\n", ""},
		{"a modifier that is none", factsHeader + "acme,modifier,97110,gp,,\n", "line 2"},
		{"diagnoses", factsHeader + "acme,covered-diagnosis,83036,E11.0-E11.9 I10,,\n", ""},
		{"a range of diagnoses backwards", factsHeader + "acme,covered-diagnosis,83036,E13-E11,,\n", "line 2"},
		{"how often", factsHeader + "acme,frequency,G0439,1/12m,,\n", ""},
		{"how often in no time", factsHeader + "acme,frequency,G0439,1,,\n", "line 2"},
		{"ages", factsHeader + "acme,age,G0439,65-,,\n", ""},
		{"ages backwards", factsHeader + "acme,age,G0439,65-40,,\n", "line 2"},
		{"taxonomies", factsHeader + "acme,taxonomy,,billing rendering,,\n", ""},
		{"a taxonomy of somebody else", factsHeader + "acme,taxonomy,,nurse,,\n", "line 2"},
		{"a code that is none", factsHeader + "acme,age,9921,65-,,\n", "line 2"},
		{"a range backwards", factsHeader + "acme,age,99215-99202,65-,,\n", "line 2"},
		{"a day that is none", factsHeader + "acme,age,99213,65-,2026-02-30,\n", "line 2"},
		{"an end before the beginning", factsHeader + "acme,age,99213,65-,2026-02-02,2026-02-01\n", "line 2"},
		{"a value that is missing", factsHeader + "acme,age,99213,,,\n", "line 2"},
		{"nothing of a subject", factsHeader + "acme,age,,,,\n", ""},
		{"nothing and something", factsHeader + "acme,age,,,,\nacme,age,99213,65-,,\n", "line 3"},
		{"something and nothing", factsHeader + "acme,age,99213,65-,,\nacme,age,,,,\n", "line 3"},
		{"fields that are missing", factsHeader + "acme,age\n", "line 2"},
		{"two wrong lines", factsHeader + "acme,age,1,65-,,\nacme,age,99213,65-,,\nacme,age,99214,x,,\n", "line 2, line 4"},

		{"one after the other", factsHeader + "acme,filing-limit,,90,2025-01-01,2025-12-31\nacme,filing-limit,,180,2026-01-01,\n", ""},
		{"one that ends where the next begins", factsHeader + "acme,filing-limit,,90,2025-01-01,\nacme,filing-limit,,180,2026-01-01,\n", ""},
		{"two of a day", factsHeader + "acme,filing-limit,,90,2026-01-01,\nacme,filing-limit,,180,2026-01-01,\n", "line 3"},
		{"two that meet on a day", factsHeader + "acme,filing-limit,,90,2025-01-01,2026-01-01\nacme,filing-limit,,180,2026-01-01,\n", "line 3"},
		{"one within another, and one after", factsHeader + "acme,filing-limit,,90,2025-01-01,2026-12-31\nacme,filing-limit,,80,2025-02-01,2025-02-28\nacme,filing-limit,,70,2026-01-01,\n", "line 3, line 4"},
		{"a range and a code of it", factsHeader + "acme,age,99202-99215,18-,,\nacme,age,99213,65-,,\n", ""},
		{"ranges that share a code", factsHeader + "acme,age,99202-99215,18-,,\nacme,age,99215-99220,65-,,\n", "line 3"},
		{"ranges that share a code on other days", factsHeader + "acme,age,99202-99215,18-,,2025-12-31\nacme,age,99215-99220,65-,2026-01-01,\n", ""},
		{"two payers", factsHeader + "acme,age,99213,18-,,\nzenith,age,99213,65-,,\n", ""},

		{"an enrolment", enrolsHeader + "acme,1234567893,2026-01-01,\n", ""},
		{"an NPI with a wrong check digit", enrolsHeader + "acme,1234567890,,\n", "line 2"},
		{"an enrolment twice", enrolsHeader + "acme,1234567893,,\nacme,1234567893,,\n", "line 3"},
		{"nobody", enrolsHeader + "acme,,,\n", ""},
		{"nobody and somebody", enrolsHeader + "acme,,,\nacme,1234567893,,\n", "line 3"},
		{"an enrolment with every payer", enrolsHeader + "*,1234567893,,\n", "line 2"},
	} {
		_, err := payers.ReadCSV(strings.NewReader(row.text))
		if got := places(err); got != row.want {
			t.Errorf("%s: refused at %q, want %q (%v)", row.name, got, row.want, err)
		}
	}
}

// places gives where a refusal points.
func places(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return ""
	}
	var list []string
	for _, issue := range f.Issues {
		list = append(list, issue.Path)
	}
	return strings.Join(slices.Compact(list), ", ")
}

func TestTooManyLinesAreRefused(t *testing.T) {
	var text strings.Builder
	text.WriteString(factsHeader)
	for i := range payers.LinesMax + 1 {
		fmt.Fprintf(&text, "p%d,filing-limit,,90,,\n", i)
	}
	_, err := payers.ReadCSV(strings.NewReader(text.String()))
	if !fault.Is(err, fault.TooLarge) {
		t.Errorf("%v, want too large", err)
	}
}

func read(t *testing.T, text string) payers.File {
	t.Helper()
	f, err := payers.ReadCSV(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestTheNearestAndLatestFactHolds holds whose fact goes before whose.
func TestTheNearestAndLatestFactHolds(t *testing.T) {
	book := payers.NewBook(read(t, factsHeader+
		"acme,frequency,G0439,1/12m,,2025-12-31\nacme,frequency,G0439,2/12m,2026-01-01,\nacme,frequency,G0400-G0500,3/12m,,\nacme,frequency,*,4/12m,,\n"+
		"*,frequency,G0439,5/12m,,\n*,frequency,99213,6/12m,,\n*,filing-limit,,90,,\nzenith,filing-limit,,180,2026-01-01,\n").PayerData)
	for _, row := range []struct {
		name    string
		payer   models.OrganizationID
		subject models.PayerSubject
		code    string
		day     models.Date
		want    string
	}{
		{"a code on its last day", "acme", models.Frequency, "G0439", "2025-12-31", "1/12m"},
		{"a code on its first day", "acme", models.Frequency, "G0439", "2026-01-01", "2/12m"},
		{"the first code of a range", "acme", models.Frequency, "G0400", "2026-01-01", "3/12m"},
		{"the last code of a range", "acme", models.Frequency, "G0500", "2026-01-01", "3/12m"},
		{"the code after a range", "acme", models.Frequency, "G0501", "2026-01-01", "4/12m"},
		{"what a payer says of every code, before everybody's word on this one", "acme", models.Frequency, "99213", "2026-01-01", "4/12m"},
		{"a payer without its own", "zenith", models.Frequency, "99213", "2026-01-01", "6/12m"},
		{"nobody's", "zenith", models.Frequency, "99214", "2026-01-01", ""},
		{"a payer's own limit", "zenith", models.FilingLimit, "", "2026-01-01", "180"},
		{"everybody's, before there was one", "zenith", models.FilingLimit, "", "2025-12-31", "90"},
	} {
		if f, _ := book.Fact(row.payer, row.subject, row.code, row.day); f.Value != row.want {
			t.Errorf("%s: %q, want %q", row.name, f.Value, row.want)
		}
	}
	var none *payers.Book
	if _, found := none.Fact("acme", models.Age, "", "2026-01-01"); found || none.Speaks("acme", models.Age, "2026-01-01") || none.Enrols("acme") || len(none.On("acme", "")) > 0 {
		t.Error("a book that is not there says something")
	}
}

func TestAFileReplacesWhatItNames(t *testing.T) {
	known := read(t, factsHeader+"acme,filing-limit,,90,,\nacme,age,99213,65-,,\nzenith,filing-limit,,180,,\n").Onto("t", models.PayerData{})
	known = read(t, directoryHeader+"acme,A,,,\nzenith,Z,,,\n").Onto("t", known)
	known = read(t, enrolsHeader+"acme,1234567893,,\n").Onto("t", known)
	after := read(t, factsHeader+"acme,filing-limit,,120,,\nzenith,filing-limit,,,,\n").Onto("t", known)
	var said []string
	for _, f := range after.Facts {
		said = append(said, string(f.PayerID)+" "+string(f.Subject)+" "+f.Value)
	}
	if got := strings.Join(said, ", "); got != "acme age 65-, acme filing-limit 120" || len(after.Payers) != 2 || len(after.Enrolments) != 1 {
		t.Errorf("%s; %d payers, %d enrolments", got, len(after.Payers), len(after.Enrolments))
	}
	if after = read(t, enrolsHeader+"acme,,,\n").Onto("t", after); len(after.Enrolments) != 0 || len(after.Facts) != 2 {
		t.Errorf("%+v", after)
	}
}

// TestATermEndsOnADay holds the ends of months and of leap years.
func TestATermEndsOnADay(t *testing.T) {
	for _, row := range []struct {
		term        string
		from, until models.Date
	}{
		{"90", "2026-01-01", "2026-04-01"}, {"12m", "2026-03-02", "2027-03-02"}, {"12m", "2024-02-29", "2025-02-28"}, {"1m", "2026-01-31", "2026-02-28"}, {"1m", "2024-01-31", "2024-02-29"},
	} {
		term, ok := payers.TermOf(row.term)
		if got := term.After(row.from); !ok || got != row.until {
			t.Errorf("%s after %s is %s, want %s", row.term, row.from, got, row.until)
		}
	}
	term, _ := payers.TermOf("12m")
	if got := term.Before("2025-02-28"); got != "2024-02-28" {
		t.Errorf("a year before 2025-02-28 is %s", got)
	}
}

func TestEverySubjectHasAMeaning(t *testing.T) {
	if len(payers.Subjects()) != 18 {
		t.Errorf("%d subjects have a meaning", len(payers.Subjects()))
	}
	mbi, _ := payers.Pattern("mbi")
	for text, want := range map[string]bool{"1EG4TE5MK73": true, "1EG4-TE5-MK73": false, "1SG4TE5MK73": false, "0EG4TE5MK73": false, "1EG4TE5MK733": false} {
		if mbi.MatchString(text) != want {
			t.Errorf("%s has the form of an MBI: %v", text, !want)
		}
	}
}
