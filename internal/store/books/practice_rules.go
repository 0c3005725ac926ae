package books

import (
	"sync"

	"medbill/internal/practice"
	"medbill/internal/store"
	"medbill/models"
)

// PracticeRules gives every version of every rule that the practice wrote, by name and version.
func PracticeRules(v *store.View) ([]models.PracticeRule, error) {
	return store.All[models.PracticeRule](v, "id, version", "1 = 1")
}

// SavePracticeRules writes versions of rules, new ones or with another state. The settings have to name another edition in the same
// transaction.
func SavePracticeRules(tx *store.Tx, rules ...models.PracticeRule) error {
	for i := range rules {
		rules[i].TenantID = tx.Tenant()
		tx.Audit(models.AuditUpdate, "PracticeRule", string(rules[i].ID), int64(rules[i].Version))
	}
	return store.Upsert(tx, rules...)
}

// ruleBooks are the books that a process has compiled, the last edition of each tenant. An edition never changes.
type ruleBooks struct {
	mu    sync.Mutex
	known map[models.TenantID]ruleBook
}

type ruleBook struct {
	edition string
	book    *practice.Book
}

// ruleBooksMax bounds for how many tenants a process keeps compiled rules.
const ruleBooksMax = 1000

// RuleBook gives the rules of an edition that are on, as the settings of the same transaction name it; nil where none was ever written.
func RuleBook(v *store.View, edition string) (*practice.Book, error) {
	if edition == "" {
		return nil, nil
	}
	all := store.Shared[ruleBooks](v.DB())
	all.mu.Lock()
	one, found := all.known[v.Tenant()]
	all.mu.Unlock()
	if found && one.edition == edition {
		return one.book, nil
	}
	rules, err := store.All[models.PracticeRule](v, "id", "state = ?", models.RuleOn)
	if err != nil {
		return nil, err
	}
	one = ruleBook{edition, practice.NewBook(rules)}
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.known == nil || len(all.known) >= ruleBooksMax {
		all.known = map[models.TenantID]ruleBook{}
	}
	all.known[v.Tenant()] = one
	return one.book, nil
}
