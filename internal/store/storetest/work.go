package storetest

import (
	"fmt"
	"testing"

	"medbill/models"
)

// FillWork makes n open items in a tenant by hand, of all kinds, spread over days, amounts and users, due from 2026-01-01 on: by the
// desks a hundred thousand would take an hour. They have no documents. PostgreSQL alone.
func FillWork(t testing.TB, url string, tenant models.TenantID, n int) {
	t.Helper()
	hand := ByHand(t, url)
	kinds, roles := "", ""
	for i, f := range models.WorkKinds {
		kinds += fmt.Sprintf(" WHEN %d THEN '%s'", i, f.Kind)
		roles += fmt.Sprintf(" WHEN %d THEN '%s'", i, f.Role)
	}
	hand.Do(fmt.Sprintf(`INSERT INTO work_items SELECT '%s', 'w' || lpad(g::text, 8, '0'), CASE g %% %d%s END, 'c' || g %% 3, CASE g %% %d%s END, g %% 3 + 1, 'requested', 'Encounter/' || g, 'Encounter/' || g,
		'p' || g / 3, '', 'payer' || g %% 7, 'doc' || g %% 11, 'Something is to be done.', '', '', g * 7919 %% 100000, to_char(date '2026-01-01' + g %% 200, 'YYYY-MM-DD'), CASE WHEN g %% 5 = 0 THEN 'user' || g %% 9 ELSE '' END,
		'', 0, 0, '', '', '', 1, 1700000000000000 + g, 1700000000000000 + g FROM generate_series(1, %d) g`, tenant, len(models.WorkKinds), kinds, len(models.WorkKinds), roles, n))
	hand.Do(fmt.Sprintf("INSERT INTO work_tallies SELECT tenant_id, kind || category || due, kind, category, due, count(*), sum(amount), TRUE FROM work_items WHERE tenant_id = '%s' AND id LIKE 'w%%' GROUP BY tenant_id, kind, category, due", tenant))
	hand.Do("VACUUM ANALYZE")
}
