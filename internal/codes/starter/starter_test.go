package starter_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/internal/codes/starter"
	"medbill/models"
)

var fiveDigits = regexp.MustCompile(`^(\d{5}|\d{4}[A-Z])$`) // CPT of each category

func TestTheSetHoldsNoCPTAndIsFoundByItsCodes(t *testing.T) {
	least := map[codes.Table]int{codes.Places: 50, codes.ICD10CM: 100, codes.HCPCS: 60, codes.Modifiers: 40, codes.Discharges: 20}
	for _, e := range starter.Editions() {
		r, c := e.Release, e.Content.(*codes.Concepts)
		if r.Name != "starter" || r.Complete || r.Span != (models.Span{}) || r.Rows != c.Len() || r.Rows < least[r.Table] || least[r.Table] == 0 {
			t.Errorf("%+v", r)
		}
		delete(least, r.Table)
		for _, code := range c.Codes {
			one, found := c.Find(r.Table.Facts().Bare(code))
			if !found || one.Display == "" || fiveDigits.MatchString(code) {
				t.Errorf("%s has %q as %+v, found: %v", r.Table, code, one, found)
			}
		}
	}
	if len(least) > 0 {
		t.Errorf("%v are missing", least)
	}
}

func TestEveryCodeStandsInTheRealRelease(t *testing.T) {
	shared := os.Getenv("MEDBILL_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
	}
	data := filepath.Join(shared, "data")
	if _, err := os.Stat(data); err != nil {
		fmt.Println("skipped: ../shared/data with the published code files is absent")
		t.Skip("the published code files are absent")
	}
	loaded := map[codes.Table]*codes.Concepts{}
	for table, path := range map[codes.Table]string{codes.ICD10CM: "icd10/cms_2026_dx.zip", codes.HCPCS: "hcpcs/hcpcs_level2_2024-07.csv"} {
		file, err := os.Open(filepath.Join(data, path))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		info, err := file.Stat()
		if err != nil {
			t.Fatal(err)
		}
		editions, err := published.Read(path, file, info.Size(), published.Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		loaded[table] = editions[0].Content.(*codes.Concepts)
	}
	for _, e := range starter.Editions() {
		if loaded[e.Release.Table] == nil {
			continue
		}
		c := e.Content.(*codes.Concepts)
		for i, code := range c.Codes {
			if one, found := loaded[e.Release.Table].Find(code); !found || one.Billable != c.Billable[i] {
				t.Errorf("%s %s is billable: %v; really %+v, %v", e.Release.Table, code, c.Billable[i], one, found)
			}
		}
	}
}
