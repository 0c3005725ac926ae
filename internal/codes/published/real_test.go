package published_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"medbill/internal/clock"
	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/models"
	"medbill/models/fault"
)

var saidOnce sync.Once

// data gives the path of a real file, and skips the test where the public test data is absent.
func data(t testing.TB, path string) string {
	t.Helper()
	shared := os.Getenv("MEDBILL_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
	}
	root := filepath.Join(shared, "data")
	if _, err := os.Stat(root); err != nil {
		saidOnce.Do(func() { fmt.Println("skipped: ../shared/data with the published code files is absent") })
		t.Skip("the published code files are absent")
	}
	return filepath.Join(root, filepath.FromSlash(path))
}

// text gives what a refusal says.
func text(err error) string {
	var f *fault.Fault
	if errors.As(err, &f) && len(f.Issues) > 0 {
		return f.Issues[0].Path + ": " + f.Issues[0].Text
	}
	return err.Error()
}

func readFile(t testing.TB, path string, o published.Options) []codes.Edition {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	editions, err := published.Read(path, file, info.Size(), o, nil)
	if err != nil {
		t.Fatal(text(err))
	}
	return editions
}

// TestPublishedFilesAreReadAsTheyCome holds how many rows each has as SOURCES.md of the test data counts them.
func TestPublishedFilesAreReadAsTheyCome(t *testing.T) {
	for _, row := range []struct {
		path           string
		table          codes.Table
		name           string
		from, until    models.Date
		rows, billable int
	}{
		{"icd10/cms_2026_dx.zip", codes.ICD10CM, "2026", "2025-10-01", "2026-09-30", 98_186, 74_719},
		{"icd10/cms_2026_pr.zip", codes.ICD10PCS, "2026", "2025-10-01", "2026-09-30", 80_029, 79_115},
		{"icd10/POAexemptCodesFY26.zip", codes.POAExempt, "2026", "2025-10-01", "2026-09-30", 38_349, 0},
		{"icd10/icd10cm_tabular_2021.xml.gz", codes.Tabular, "2021", "2020-10-01", "2021-09-30", 0, 0},
		{"hcpcs/hcpcs_level2_2024-07.csv", codes.HCPCS, "2024-07", "2024-07-01", "", 0, 0},
		{"hcpcs/hcpcs_modifiers_2024.csv", codes.Modifiers, "2024", "2024-01-01", "", 0, 0},
		{"hcpcs/2019-Alpha-Numeric-HCPCS-File.zip", codes.HCPCS, "2019", "2019-01-01", "", 0, 0},
		{"ncci/ptp_practitioner_2024Q3.csv.gz", codes.PairsPractitioner, "2024Q3", "2024-07-01", "2024-09-30", 2_546_017, 0},
		{"ncci/ptp_outpatient_hospital_2024Q3.csv.gz", codes.PairsHospital, "2024Q3", "2024-07-01", "2024-09-30", 1_775_818, 0},
		{"ncci/mue_prac_2024Q3.csv.gz", codes.UnitsPractitioner, "2024Q3", "2024-07-01", "2024-09-30", 14_677, 0},
		{"ncci/mue_out_2024Q3.csv.gz", codes.UnitsHospital, "2024Q3", "2024-07-01", "2024-09-30", 14_628, 0},
		{"ncci/mue_dme_2024Q3.csv.gz", codes.UnitsSupplier, "2024Q3", "2024-07-01", "2024-09-30", 2_928, 0},
		{"ncci/addon_codes_2024.csv.gz", codes.AddOns, "2024", "2024-01-01", "", 7_465, 0},
		{"mpfs/PPRRVU2025_Oct.nodesc.csv.gz", codes.Fees, "2025-10", "2025-10-01", "", 0, 0},
		{"mpfs/GPCI2025.csv", codes.FeeLocalities, "2025", "2025-01-01", "", 0, 0},
		{"mpfs/ANES2025.csv", codes.FeeAnaesthesia, "2025", "2025-01-01", "", 0, 0},
		{"mpfs/25LOCCO.csv", codes.FeeCounties, "2025", "2025-01-01", "", 0, 0},
		{"mpfs/ZIP5_OCT2025.txt.gz", codes.FeeZIPs, "2025-10", "2025-10-01", "", 0, 0},
		{"codes/cms_pos_utg_2025-04.csv", codes.Places, "2025-04", "2025-04-01", "", 0, 0},
	} {
		if row.rows > rowsMax {
			continue
		}
		t.Run(filepath.Base(row.path), func(t *testing.T) {
			start := clock.System().Now()
			editions := readFile(t, data(t, row.path), published.Options{})
			took := clock.System().Now().Sub(start)
			r := editions[0].Release
			if r.Table != row.table || r.Name != row.name || r.Span != (models.Span{From: row.from, Until: row.until}) || !r.Complete {
				t.Errorf("it was read as %+v", r)
			}
			if row.rows != 0 && r.Rows != row.rows || row.billable != 0 && r.Billable != row.billable || r.Rows < 50 {
				t.Errorf("it has %d rows, %d of them billable; want %d and %d", r.Rows, r.Billable, row.rows, row.billable)
			}
			body, _, err := codes.Encode(editions[0].Content)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s %s: %d rows, %d billable, read in %s, %d kB to keep", r.Table, r.Name, r.Rows, r.Billable, took.Round(time.Millisecond), len(body)>>10)
		})
	}
}

// TestMemoryOfTheEdits holds that all edit tables together take less than 150 MB.
func TestMemoryOfTheEdits(t *testing.T) {
	if rowsMax < 2_546_017 {
		t.Skip("the race detector keeps memory of its own")
	}
	var kept []codes.Edition
	held := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := held()
	for _, path := range []string{
		"ncci/ptp_practitioner_2024Q3.csv.gz", "ncci/ptp_outpatient_hospital_2024Q3.csv.gz", "ncci/mue_prac_2024Q3.csv.gz",
		"ncci/mue_out_2024Q3.csv.gz", "ncci/mue_dme_2024Q3.csv.gz", "ncci/addon_codes_2024.csv.gz", "mpfs/PPRRVU2025_Oct.nodesc.csv.gz",
	} {
		for _, e := range readFile(t, data(t, path), published.Options{}) {
			body, _, err := codes.Encode(e.Content)
			if err != nil {
				t.Fatal(err)
			}
			if e.Content, err = codes.Decode(e.Release.Kind, body); err != nil { // as a process has it
				t.Fatal(err)
			}
			kept = append(kept, e)
		}
	}
	grown := (held() - before) >> 20
	runtime.KeepAlive(kept)
	if grown > 150 {
		t.Errorf("the edit tables take %d MB", grown)
	}
	t.Logf("%d tables take %d MB", len(kept), grown)
}
