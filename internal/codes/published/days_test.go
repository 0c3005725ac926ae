package published

import (
	"strings"
	"testing"

	"medbill/internal/codes"
	"medbill/models"
)

func TestTheNameOfAFileSaysItsDays(t *testing.T) {
	for _, row := range []struct {
		table codes.Table
		file  string
		name  string
		span  models.Span
	}{
		{codes.ICD10CM, "icd10cm_order_2026.txt", "2026", models.Span{From: "2025-10-01", Until: "2026-09-30"}},
		{codes.ICD10CM, "icd10cm-order-April-2025.txt", "2025-04", models.Span{From: "2025-04-01", Until: "2025-09-30"}},
		{codes.POAExempt, "POAexemptCodesFY26.txt", "2026", models.Span{From: "2025-10-01", Until: "2026-09-30"}},
		{codes.PairsPractitioner, "ccipra-v302r0-f1.txt", "2024Q3", models.Span{From: "2024-07-01", Until: "2024-09-30"}},
		{codes.PairsHospital, "ccioph-v310r0-f4.txt", "2025Q1", models.Span{From: "2025-01-01", Until: "2025-03-31"}},
		{codes.PairsPractitioner, "medicare-ncci-2025q1-practitioner-ptp-edits-ccipra-v311r0-f1.txt", "2025Q1", models.Span{From: "2025-01-01", Until: "2025-03-31"}},
		{codes.UnitsPractitioner, "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv", "2024Q3", models.Span{From: "2024-07-01", Until: "2024-09-30"}},
		{codes.UnitsHospital, "Medicare-NCCI-2025-Q4-Outpatient-Hospital-MUE-Table.csv", "2025Q4", models.Span{From: "2025-10-01", Until: "2025-12-31"}},
		{codes.AddOns, "AOC_V2024Q1-MCR.txt", "2024Q1", models.Span{From: "2024-01-01", Until: "2024-03-31"}},
		{codes.Fees, "PPRRVU25_OCT.csv", "2025-10", models.Span{From: "2025-10-01"}},
		{codes.Fees, "PPRRVU2025_Oct.csv", "2025-10", models.Span{From: "2025-10-01"}},
		{codes.Fees, "RVU25D.csv", "2025-10", models.Span{From: "2025-10-01"}},
		{codes.Fees, "RVU26A.csv", "2026-01", models.Span{From: "2026-01-01"}},
		{codes.FeeCounties, "25LOCCO.csv", "2025", models.Span{From: "2025-01-01"}},
		{codes.FeeZIPs, "ZIP5_OCT2025.txt", "2025-10", models.Span{From: "2025-10-01"}},
		{codes.HCPCS, "HCPC2024_JUL_ANWEB.txt", "2024-07", models.Span{From: "2024-07-01"}},
		{codes.HCPCS, "HCPC2025_OCT_ANWEB_v2.txt", "2025-10", models.Span{From: "2025-10-01"}},
		{codes.HCPCS, "HCPC2019_CONTR_ANWEB.txt", "2019", models.Span{From: "2019-01-01"}},
		{codes.Fees, "values.csv", "", models.Span{}},
	} {
		if name, span := dated(row.table, strings.ToLower(row.file)); name != row.name || span != row.span {
			t.Errorf("%s: %q %+v, want %q %+v", row.file, name, span, row.name, row.span)
		}
	}
}

func TestTheNameOfAFileSaysWhoseEditsItHas(t *testing.T) {
	for file, want := range map[string]codes.Table{
		"ccipra-v302r0-f1.txt": codes.PairsPractitioner, "ccioph-v302r0-f1.txt": codes.PairsHospital,
		"medicare-ncci-2025q1-hospital-ptp-edits.txt": codes.PairsHospital, "edits.csv": "",
	} {
		if got, err := pairsTable(file, Options{}); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v; want %q", file, got, err, want)
		}
	}
	for file, want := range map[string]codes.Table{
		"mcr_mue_practitionerservices_eff_07-01-2024.csv":       codes.UnitsPractitioner,
		"mcr_mue_outpatienthospitalservices_eff_07-01-2024.csv": codes.UnitsHospital,
		"mcr_mue_dme_supplierservices_eff_07-01-2024.csv":       codes.UnitsSupplier, "mue.csv": "",
	} {
		if got, err := unitsTable(file, Options{}); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v; want %q", file, got, err, want)
		}
	}
}
