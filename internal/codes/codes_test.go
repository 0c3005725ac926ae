package codes_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"medbill/internal/codes"
	"medbill/models"
)

func concepts(t *testing.T, list ...codes.Concept) *codes.Concepts {
	t.Helper()
	c, err := codes.NewConcepts(list)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func diabetes(t *testing.T) *codes.Concepts {
	return concepts(t,
		codes.Concept{Code: "E11", Display: "Sugar trouble of the second kind"},
		codes.Concept{Code: "E1100", Display: "Sugar trouble of the second kind with deep sleep", Billable: true},
		codes.Concept{Code: "E119", Display: "Sugar trouble of the second kind, plain", Other: []string{"T2 plain"}, Billable: true},
		codes.Concept{Code: "E118", Display: "Sugar trouble of the second kind, unclear", Billable: true, Span: models.Span{From: "2025-10-01"}},
		codes.Concept{Code: "I10", Display: "Pressure, essential", Billable: true},
	)
}

func found(list []codes.Concept) string {
	var all []string
	for _, one := range list {
		all = append(all, one.Code)
	}
	return strings.Join(all, " ")
}

func TestCodesAreFoundByTheirBeginningAndTheirWords(t *testing.T) {
	c, facts := diabetes(t), codes.ICD10CM.Facts()
	for _, row := range []struct {
		name  string
		query codes.Query
		want  string
		total int
	}{
		{"the beginning of a code, billable ones first", codes.Query{Text: "e11", Count: 9}, "E1100 E118 E119 E11", 4},
		{"with a dot", codes.Query{Text: "E11.9", Count: 9}, "E119", 1},
		{"words in any order", codes.Query{Text: "sleep sugar", Count: 9}, "E1100", 1},
		{"beginnings of words", codes.Query{Text: "sug plai", Count: 9}, "E119", 1},
		{"another name", codes.Query{Text: "t2", Count: 9}, "E119", 1},
		{"no word of it", codes.Query{Text: "sugar moon", Count: 9}, "", 0},
		{"billable only", codes.Query{Text: "e11", Billable: true, Count: 9}, "E1100 E118 E119", 3},
		{"on a day before a code was", codes.Query{Text: "e11", On: "2025-09-30", Count: 9}, "E1100 E119 E11", 3},
		{"a page of all", codes.Query{Skip: 1, Count: 2}, "E118 E119", 5},
		{"signs alone", codes.Query{Text: "%", Count: 9}, "", 0},
	} {
		page, total := c.Search(facts, row.query)
		if found(page) != row.want || total != row.total {
			t.Errorf("%s: %s of %d, want %s of %d", row.name, found(page), total, row.want, row.total)
		}
	}
}

func TestAHeadingOffersWhatItMayBeReplacedBy(t *testing.T) {
	c := diabetes(t)
	if e11, ok := c.Find("E11"); !ok || e11.Billable {
		t.Errorf("E11 is %+v, %v; want a heading", e11, ok)
	}
	if got := found(c.Under("E11", 2)); got != "E118 E119" {
		t.Errorf("under E11 stand %s, want the shortest first", got)
	}
	if codes.ICD10CM.Facts().Written("E119") != "E11.9" || codes.ICD10CM.Facts().Bare("e11.9") != "E119" {
		t.Error("a code is not written with its dot, or not kept without it")
	}
}

// TestAReleaseIsTheSameAfterItWasKept holds for every kind of content that its bytes give it back, and that they are the same
// for the same content.
func TestAReleaseIsTheSameAfterItWasKept(t *testing.T) {
	for kind, content := range contents(t) {
		body, digest, err := codes.Encode(content)
		if err != nil {
			t.Fatal(err)
		}
		again, err := codes.Decode(kind, body)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(content, again) || again.Len() != content.Len() || content.Len() == 0 {
			t.Errorf("%s: %+v came back as %+v", kind, content, again)
		}
		if _, twice, err := codes.Encode(again); err != nil || twice != digest {
			t.Errorf("%s: the digest is %s and then %s, %v", kind, digest, twice, err)
		}
	}
	for _, body := range [][]byte{nil, []byte("no release")} {
		if _, err := codes.Decode(codes.KindPairs, body); err == nil {
			t.Errorf("%q was read as a release", body)
		}
	}
}

func contents(t *testing.T) map[codes.Kind]codes.Content {
	t.Helper()
	units, err := codes.NewUnits([]codes.UnitEdit{{"U0002", 3, '1', "x"}, {"U0001", 0, '3', "y"}})
	if err != nil {
		t.Fatal(err)
	}
	addOns, err := codes.NewAddOns([]codes.AddOn{{"A0002", "A0001", '1'}})
	if err != nil {
		t.Fatal(err)
	}
	fees, err := codes.NewSchedule([]codes.Fee{{Code: "F0001", Work: 97, Global: "010", Status: 'A'}, {Code: "F0001", Modifier: "26", Work: 40}})
	if err != nil {
		t.Fatal(err)
	}
	return map[codes.Kind]codes.Content{
		codes.KindConcepts: diabetes(t), codes.KindPairs: pairs(t), codes.KindUnits: units, codes.KindAddOns: addOns, codes.KindFees: fees,
		codes.KindNotes: notes(), codes.KindSet: codes.NewSet([]string{"B", "A", "B"}),
		codes.KindRecords: codes.NewRecords([]string{"zip", "locality"}, [][]string{{"10002", "01"}, {"10001", "01"}}),
	}
}

func pairs(t *testing.T) *codes.Pairs {
	t.Helper()
	var b codes.PairsBuilder
	for _, e := range []codes.PairEdit{
		{"P0002", "P0001", models.Span{From: "2020-01-01"}, '0', "never"},
		{"P0001", "P0003", models.Span{From: "2019-01-01", Until: "2024-06-30"}, '1', "once"},
		{"P0001", "P0003", models.Span{From: "2024-10-01"}, '0', "again"},
		{"P0001", "P0002", models.Span{From: "2001-01-01", Until: "2001-01-01"}, '9', "gone"},
	} {
		if err := b.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	p, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPairIsFoundInItsDirectionWithEachSpan(t *testing.T) {
	p := pairs(t)
	got := p.Between("P0001", "P0003")
	want := []codes.PairEdit{
		{"P0001", "P0003", models.Span{From: "2019-01-01", Until: "2024-06-30"}, '1', "once"},
		{"P0001", "P0003", models.Span{From: "2024-10-01"}, '0', "again"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("between them stand %+v, want %+v", got, want)
	}
	for _, no := range [][2]string{{"P0003", "P0001"}, {"P0003", "P0003"}, {"P0009", "P0001"}, {"P0001", "P0009"}, {"", ""}} {
		if edits := p.Between(no[0], no[1]); len(edits) > 0 {
			t.Errorf("between %s and %s stand %+v, want nothing", no[0], no[1], edits)
		}
	}
	if err := new(codes.PairsBuilder).Add(codes.PairEdit{Column1: "A", Column2: "B", Indicator: '7'}); err == nil {
		t.Error("an indicator that nobody knows was taken")
	}
}

func notes() *codes.Notes {
	one := func(code string) codes.CodeRange { return codes.CodeRange{From: code, Until: code} }
	return codes.NewNotes([]codes.Note{
		{At: codes.CodeRange{From: "E00", Until: "E89"}, Excludes1: []codes.CodeRange{one("P70")}},
		{At: one("E10"), Excludes1: []codes.CodeRange{one("E11"), one("O244")}},
		{At: one("E1022"), Additional: []codes.CodeRange{{From: "N181", Until: "N186"}}},
	})
}

func TestWhatIsExcludedAboveIsExcludedBelow(t *testing.T) {
	n := notes()
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"E109", "E119", true}, {"E119", "E109", true}, {"E109", "O24419", true}, {"E109", "O2430", false},
		{"E089", "P702", true}, {"F329", "P702", false}, {"E109", "E109", false}, {"E109", "", false}, {"E1", "E119", false},
	} {
		if got := n.Exclude(row.a, row.b); got != row.want {
			t.Errorf("%s beside %s is excluded: %v", row.a, row.b, got)
		}
	}
	if found := n.For("E1022"); len(found) != 3 || !found[2].Additional[0].Contains("N184") || found[2].Additional[0].Contains("N189") {
		t.Errorf("for E10.22 hold %+v", found)
	}
}

func TestTheReleaseOfTheDaySpeaks(t *testing.T) {
	release := func(table codes.Table, name, from, until string, complete bool) codes.Release {
		return codes.Release{Table: table, Name: name, Span: models.Span{From: models.Date(from), Until: models.Date(until)}, Complete: complete}
	}
	list := []codes.Release{
		release(codes.ICD10CM, "2026", "2025-10-01", "2026-09-30", true),
		release(codes.ICD10CM, "2026-04", "2026-04-01", "2026-09-30", true),
		release(codes.ICD10CM, "starter", "", "", false),
		release(codes.HCPCS, "2024-07", "2024-07-01", "", true),
		release(codes.PairsPractitioner, "2024Q3", "2024-07-01", "2024-09-30", true),
		release(codes.CPT, "starter", "", "", false),
	}
	for _, row := range []struct {
		table    codes.Table
		day      models.Date
		name     string
		standing codes.Standing
	}{
		{codes.ICD10CM, "2025-10-01", "2026", codes.InForce},
		{codes.ICD10CM, "2026-04-01", "2026-04", codes.InForce},
		{codes.ICD10CM, "2025-09-30", "2026", codes.Before},
		{codes.ICD10CM, "2026-10-01", "2026-04", codes.Lapsed},
		{codes.HCPCS, "2020-01-01", "2024-07", codes.InForce},
		{codes.PairsPractitioner, "2024-06-30", "2024Q3", codes.Before},
		{codes.PairsPractitioner, "2026-03-02", "2024Q3", codes.InForce},
		{codes.CPT, "2020-01-01", "starter", codes.InForce},
		{codes.RARC, "2020-01-01", "", codes.Missing},
	} {
		if r, standing := codes.On(row.table, list, row.day); r.Name != row.name || standing != row.standing {
			t.Errorf("%s on %s: %q %s, want %q %s", row.table, row.day, r.Name, standing, row.name, row.standing)
		}
	}
}

func TestAListThatContradictsItselfIsRefused(t *testing.T) {
	if _, err := codes.NewConcepts([]codes.Concept{{Code: "A"}, {Code: "A"}}); err == nil {
		t.Error("a code stands twice")
	}
	if _, err := codes.NewConcepts([]codes.Concept{{Display: "nameless"}}); err == nil {
		t.Error("a concept has no code")
	}
	if _, err := codes.NewUnits([]codes.UnitEdit{{"A", 1, '4', ""}}); err == nil {
		t.Error("an adjudication indicator that nobody knows was taken")
	}
	if _, err := codes.NewAddOns([]codes.AddOn{{"A", "", '1'}}); err == nil {
		t.Error("an add-on code has no primary")
	}
	if _, err := codes.NewSchedule([]codes.Fee{{Code: "A"}, {Code: "A"}}); err == nil {
		t.Error("a fee stands twice")
	}
}
