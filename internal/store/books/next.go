package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// nextDue are the first moments after one at which something falls due by itself, each by its index: steps of cases and their next
// tries, answers, remittances and their money that fail to come, questions about deposits, questions about plans, requests for authorization, charges whose visit does not come.
const nextDue = "SELECT min(at) FROM (" +
	"SELECT min(due_at) AS at FROM cases WHERE due <> '' AND due_at > ?" +
	" UNION ALL SELECT min(t.next_at) FROM cases c JOIN step_tries t ON t.tenant_id = c.tenant_id AND t.case_id = c.id AND t.due_at = c.due_at" +
	" WHERE c.due <> '' AND c.due_at <= ? AND t.next_at > ?" +
	" UNION ALL SELECT min(answer_due) FROM claims WHERE answer_due > 0 AND answer_due > ?" +
	" UNION ALL SELECT min(due_at) FROM remittances WHERE due_at > 0 AND due_at > ?" +
	" UNION ALL SELECT min(deposit_due) FROM remittances WHERE deposit_due > 0 AND deposit_due > ?" +
	" UNION ALL SELECT min(ask_due) FROM deposits WHERE ask_due > 0 AND ask_due > ?" +
	" UNION ALL SELECT min(due_at) FROM coverage_checks WHERE due_at > 0 AND due_at > ?" +
	" UNION ALL SELECT min(due_at) FROM authorizations WHERE due_at > 0 AND due_at > ?" +
	" UNION ALL SELECT min(c.created + COALESCE(t.self_pay_hours, ?) * 3600000000) FROM charges c LEFT JOIN tenants t ON t.tenant_id = c.tenant_id" +
	" WHERE c.state = 'billable' AND c.case_id <> '' AND c.created > ? - COALESCE(t.self_pay_hours, ?) * 3600000000) AS moments"

// NextDueEverywhere gives the first moment after another at which something of any tenant falls due by itself; 0 where nothing does.
func NextDueEverywhere(v *store.View, after models.Instant) (models.Instant, error) {
	hours := models.DefaultSettings.SelfPayHours
	next, err := store.Column[*models.Instant](v, nextDue, after, after, after, after, after, after, after, after, after, hours, after, hours)
	if err != nil || next[0] == nil {
		return 0, err
	}
	return *next[0], nil
}
