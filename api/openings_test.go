package api_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
)

const openingsHeader = "patient,payer,coverage,number,payer_number,service_date,system,code,amount\n"

// TestBalancesAreImportedWhileTheServerRuns goes through the operation: as a body and as a parameter, again, for rehearsal, wrong, and by those who may not.
func TestBalancesAreImportedWhileTheServerRuns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		manager := who{role: auth.RoleManager}
		w.do(t, who{role: auth.RoleEHR}, "PUT", "Patient/ann", patientOf("ann", "")).expect(t, 201)
		lines := openingsHeader + "ann,,,C0900,,2026-01-12,,,12.00\n"
		if got := w.do(t, manager, "POST", "$import-balances", lines, csvType, "Medbill-Dry-Run: true").expect(t, 200).says(t); !strings.HasPrefix(got, "opened=1 known=0 ") {
			t.Error(got)
		}
		if got := w.do(t, manager, "POST", "$import-balances", lines, csvType).expect(t, 200); !strings.HasPrefix(got.says(t), "opened=1 known=0 ") || !strings.Contains(got.body, `"value":12.00`) {
			t.Error(got.body)
		}
		if got := w.do(t, manager, "POST", "$import-balances", sets("csv", `'valueString':'`+strings.ReplaceAll(lines, "\n", `\n`)+`'`)).expect(t, 200).says(t); !strings.HasPrefix(got, "opened=0 known=1 ") {
			t.Error(got)
		}
		for name, row := range map[string]struct {
			text   string
			status int
			places string
		}{
			"lines that are wrong":       {openingsHeader + "ann,,,N,,x,,,1.00\nann,,,M,,2026-01-12,,,1.00\nann,,,O,,2026-01-12,,,0\n", 400, "line 2, column service_date line 4, column amount"},
			"a file that is none":        {"code,amount\n99213,1\n", 400, "line 1"},
			"a patient that nobody sent": {openingsHeader + "typo,,,N,,2026-01-12,,,1.00\n", 422, "line 2, column patient"},
		} {
			if got := w.do(t, manager, "POST", "$import-balances", row.text, csvType).expect(t, row.status).places(t); got != row.places {
				t.Errorf("%s stands at %s, want %s", name, got, row.places)
			}
		}
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleFrontDesk, auth.RoleCoder, auth.RoleBiller, auth.RolePayer, auth.RolePatient} {
			w.do(t, who{role: role, patient: "ann", organization: "acme"}, "POST", "$import-balances", lines, csvType).expect(t, 403)
		}
	})
}
