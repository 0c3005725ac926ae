package storetest

import (
	"fmt"
	"strings"
	"testing"

	"medbill/models"
)

// FillReceivables makes n charges in a tenant by hand that are all open, three a case, of services of 400 days from 2025-01-01 on, each sent to
// one of twenty payers; every fifth was answered and lies with its patient. By the desks a million would take three hours. They have no
// documents.
func FillReceivables(t testing.TB, url string, tenant models.TenantID, n int) {
	t.Helper()
	hand := ByHand(t, url)
	series, number, day := "WITH RECURSIVE s(g) AS (SELECT 0 UNION ALL SELECT g + 1 FROM s WHERE g < %d - 1) SELECT g FROM s", "printf('%07d', {})", "date('2025-01-01', '+' || ({}) || ' days')"
	if databaseOf(url) == "postgres" {
		series, number, day = "SELECT generate_series(0, %d - 1) AS g", "lpad(({})::text, 7, '0')", "to_char(date '2025-01-01' + ({})::int, 'YYYY-MM-DD')"
		hand.Do("ALTER TABLE postings DISABLE TRIGGER ALL") // the keys lead where they should, and to look takes most of the time
		defer hand.Do("ALTER TABLE postings ENABLE TRIGGER ALL")
	}
	// of gives the rows of a statement: what is in brackets is made of g, the number of the line, and of c, that of its case.
	of := func(rows string, count int) string {
		for word, text := range map[string]string{
			"[charge]": "'x' || " + strings.ReplaceAll(number, "{}", "g"), "[case]": "'Encounter/' || " + strings.ReplaceAll(number, "{}", "c"), "[claim]": "'m' || " + strings.ReplaceAll(number, "{}", "c"),
			"[patient]": "'p' || c / 5", "[payer]": "'payer' || c % 20", "[doctor]": "'doc' || c % 11",
			"[day]": strings.ReplaceAll(day, "{}", "c % 400"), "[sent]": strings.ReplaceAll(day, "{}", "c % 400 + 5"), "[answered]": strings.ReplaceAll(day, "{}", "c % 400 + 20"),
		} {
			rows = strings.ReplaceAll(rows, word, text)
		}
		return strings.ReplaceAll(rows, "[lines]", "(SELECT g, g / 3 AS c FROM ("+fmt.Sprintf(series, count)+") AS numbers) AS lines")
	}
	tenantID := "'" + string(tenant) + "'"
	for _, text := range []string{
		"INSERT INTO cases SELECT " + tenantID + ", [case], [patient], 'sent', '', '', 0, [day], [day], '11', [doctor], '', 'practice', '', '', 'ehr', '', 1, 1 FROM [lines] WHERE g % 3 = 0",
		"INSERT INTO charges SELECT " + tenantID + ", [charge], [case], [patient], g % 3 + 1, 'billed', 'cpt', '99213', '', '', 10000, '', '', '', 0, '', [day], [doctor], '', '', 10000, 10000, 10000, [payer], 1, 1, 1 FROM [lines]",
		"INSERT INTO claims SELECT " + tenantID + ", [claim], [claim], 'professional', [case], [patient], '', [payer], 'practice', [doctor], '', 'transmitted', 1, 1, [day], [day], '11', '', 30000, '', '', '', '', [sent], '', '', [claim], 1, 1 FROM [lines] WHERE g % 3 = 0",
		"INSERT INTO claim_lines SELECT " + tenantID + ", [claim], g % 3 + 1, [charge], 'cpt', '99213', '', '', '', 10000, '', '', '', 0, '', [day], [doctor], '', 10000 FROM [lines]",
		"INSERT INTO journal_entries SELECT " + tenantID + ", 'e' || [charge], 'charge', 'charge/' || [charge], '', [day], 1, '' FROM [lines]",
		"INSERT INTO postings SELECT " + tenantID + ", 'e' || [charge], side, CASE side WHEN 1 THEN 'AR:Insurance' ELSE 'Revenue:Gross' END, CASE side WHEN 1 THEN 10000 ELSE -10000 END, [patient], [case], [charge], '', [payer], '', '', '', '', [doctor], '' FROM [lines], (SELECT 1 AS side UNION ALL SELECT 2) AS sides",
		"INSERT INTO journal_entries SELECT " + tenantID + ", 'f' || [charge], 'patient-responsibility', 'answer/' || [charge], '', [answered], 1, '' FROM [lines] WHERE g % 5 = 0",
		"INSERT INTO postings SELECT " + tenantID + ", 'f' || [charge], side, CASE side WHEN 1 THEN 'AR:Insurance' WHEN 2 THEN 'AR:Patient' ELSE 'Contra:Contractual' END, CASE side WHEN 1 THEN -10000 WHEN 2 THEN 2500 ELSE 7500 END, [patient], [case], [charge], [claim], [payer], '', '', '', '', [doctor], '' FROM [lines], (SELECT 1 AS side UNION ALL SELECT 2 UNION ALL SELECT 3) AS sides WHERE g % 5 = 0",
	} {
		hand.Do(of(text, n))
	}
	if databaseOf(url) == "postgres" {
		hand.Do("VACUUM ANALYZE")
	}
}
