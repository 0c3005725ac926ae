package books

import (
	"cmp"
	"slices"
	"sync"

	"medbill/internal/practice"
	"medbill/internal/store"
	"medbill/models"
)

// PracticeRules gives of each rule of the practice the version that is on and the one that was saved last, by id and version.
func PracticeRules(v *store.View) ([]models.PracticeRule, error) {
	return store.All[models.PracticeRule](v, "id, version", "(state = ? OR NOT EXISTS (SELECT 1 FROM practice_rules later"+
		" WHERE later.tenant_id = practice_rules.tenant_id AND later.id = practice_rules.id AND later.version > practice_rules.version))", models.RuleOn)
}

// PracticeRuleVersions gives at most count versions of a rule that are older than before, the last first.
func PracticeRuleVersions(v *store.View, id string, before, count int) ([]models.PracticeRule, error) {
	return store.Some[models.PracticeRule](v, count, "version DESC", "id = ? AND version < ?", id, before)
}

// PracticeRule gives one version of a rule; false where there is none.
func PracticeRule(v *store.View, id string, version int) (models.PracticeRule, bool, error) {
	return store.First[models.PracticeRule](v, "id = ? AND version = ?", id, version)
}

// PracticeRulesOn gives the versions that are on, by id.
func PracticeRulesOn(v *store.View) ([]models.PracticeRule, error) {
	return store.All[models.PracticeRule](v, "id", "state = 'on'")
}

// SavePracticeRules writes versions of rules. Where one is on that was not, or the other way round, the settings have to name another
// edition in the same transaction.
func SavePracticeRules(tx *store.Tx, rules ...models.PracticeRule) error {
	rules = slices.Clone(rules)
	for i := range rules {
		rules[i].TenantID = tx.Tenant()
		tx.Audit(models.AuditUpdate, "PracticeRule", rules[i].ID, int64(rules[i].Version))
	}
	return store.Upsert(tx, rules...)
}

// practiceBooks are the rules that a process has compiled, the last edition of each tenant. An edition never changes.
type practiceBooks struct {
	mu    sync.Mutex
	rules int
	known map[models.TenantID]practiceBook
}

type practiceBook struct {
	edition string
	rules   int
	book    *practice.Book
}

// practiceRulesMax bounds what a process keeps of all tenants: some 200 MB.
const practiceRulesMax = 5000

// PracticeBook gives the rules of an edition, as the settings of the same transaction name it; nil where none was ever switched on.
func PracticeBook(v *store.View, edition string) (*practice.Book, error) {
	if edition == "" {
		return nil, nil
	}
	all := store.Shared[practiceBooks](v.DB())
	all.mu.Lock()
	one, found := all.known[v.Tenant()]
	all.mu.Unlock()
	if found && one.edition == edition {
		return one.book, nil
	}
	rules, err := PracticeRulesOn(v)
	if err != nil {
		return nil, err
	}
	one = practiceBook{edition, len(rules), practice.NewBook(rules...)}
	all.put(v.Tenant(), one)
	return one.book, nil
}

// put keeps a book, and lets go of others where there are too many rules.
func (all *practiceBooks) put(tenant models.TenantID, one practiceBook) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.known == nil {
		all.known = map[models.TenantID]practiceBook{}
	}
	all.rules += one.rules - all.known[tenant].rules
	all.known[tenant] = one
	for other, b := range all.known {
		if all.rules <= practiceRulesMax {
			return
		}
		if other != tenant {
			all.rules -= b.rules
			delete(all.known, other)
		}
	}
}

// ClaimPlace is where a list of claims by day of service goes on: after this claim.
type ClaimPlace struct {
	Day models.Date
	ID  models.ClaimID
}

// ClaimsByDay gives at most count claims whose first day of service lies in days, by day and id, after a place; those that were taken
// back before they were sent are none.
func ClaimsByDay(v *store.View, days models.Span, after ClaimPlace, count int) ([]models.Claim, error) {
	heads, err := store.Some[models.Claim](v, count, "service_from, id", "service_from >= ? AND service_from <= ? AND (service_from > ? OR id > ?) AND state <> ?",
		max(days.From, after.Day), days.Until, after.Day, after.ID, models.ClaimWithdrawn)
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	ids := make([]models.ClaimID, len(heads))
	for i, c := range heads {
		ids[i] = c.ID
	}
	claims, err := Claims(v, ids)
	slices.SortFunc(claims, func(a, b models.Claim) int {
		return cmp.Or(cmp.Compare(a.ServiceFrom, b.ServiceFrom), cmp.Compare(a.ID, b.ID))
	})
	return claims, err
}
