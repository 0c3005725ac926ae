package billing

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/practice"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// aboutRules is the type of the records that rules of a practice are about.
const aboutRules = "Claim"

const (
	// rulesMax bounds how many rules a practice has, and rulesOnMax how many of them act on each claim.
	rulesMax   = 1000
	rulesOnMax = 200
	// versionsPage is how many versions of a rule are given at once.
	versionsPage = 100
)

var (
	errNoRule     = fault.At(fault.NotFound, "not-found", "id", "The practice has no such rule.")
	errNoVersion  = fault.At(fault.NotFound, "not-found", "version", "The rule has no such version.")
	errRuleSwitch = fault.At(fault.Invalid, "value", "state", "A rule is switched on or off.")
)

// PracticeRules gives of each rule that the practice wrote the version that is on and the one that was saved last, by id and version.
func (o *Office) PracticeRules(ctx context.Context, p auth.Principal) ([]models.PracticeRule, error) {
	var rules []models.PracticeRule
	err := o.readRules(ctx, p, func(v *store.View) (err error) {
		rules, err = books.PracticeRules(v)
		return err
	})
	return rules, err
}

// PracticeRule gives one version of a rule; of version 0 the one that was saved last.
func (o *Office) PracticeRule(ctx context.Context, p auth.Principal, id string, version int) (models.PracticeRule, error) {
	var rule models.PracticeRule
	err := o.readRules(ctx, p, func(v *store.View) (err error) {
		rule, err = ruleOf(v, id, version)
		return err
	})
	return rule, err
}

// PracticeRuleVersions gives the versions of a rule that are older than before, the last first, a hundred at most; of before 0 the latest.
func (o *Office) PracticeRuleVersions(ctx context.Context, p auth.Principal, id string, before int) ([]models.PracticeRule, error) {
	var rules []models.PracticeRule
	err := o.readRules(ctx, p, func(v *store.View) (err error) {
		rules, err = books.PracticeRuleVersions(v, id, cmp.Or(before, versionsMax), versionsPage)
		return err
	})
	return rules, err
}

// versionsMax is more than any rule has.
const versionsMax = 1 << 30

// mayTry is the right to read and try rules.
func mayTry(p auth.Principal) error {
	return p.RequireTenantOperation(operation.ScopeTryRules, aboutRules)
}

func (o *Office) readRules(ctx context.Context, p auth.Principal, read func(*store.View) error) error {
	if err := mayTry(p); err != nil {
		return err
	}
	return o.session(p).View(ctx, func(v *store.View) error {
		if err := isTenant(v); err != nil {
			return err
		}
		return read(v)
	})
}

// ruleOf gives a version of a rule, the last one of version 0. It refuses (NotFound) one that is not there.
func ruleOf(v *store.View, id string, version int) (models.PracticeRule, error) {
	if version < 0 || version >= versionsMax {
		return models.PracticeRule{}, errNoVersion
	}
	if version != 0 {
		rule, found, err := books.PracticeRule(v, id, version)
		if err == nil && !found {
			err = errNoVersion
		}
		return rule, err
	}
	last, err := books.PracticeRuleVersions(v, id, versionsMax, 1)
	if err == nil && len(last) == 0 {
		err = errNoRule
	}
	if err != nil {
		return models.PracticeRule{}, err
	}
	return last[0], nil
}

// SavedRule is a version of a rule as it stands after a call, and whether the call made it or switched it.
type SavedRule struct {
	models.PracticeRule
	Changed bool
}

// SavePracticeRule keeps a new version of a rule, as a draft: what is on stays on until the new one is switched on. It refuses (Invalid) what is no rule, and
// (BusinessRule) a rule that does something else on its examples than they say, and too many rules. What the last version says already changes nothing.
func (o *Office) SavePracticeRule(ctx context.Context, p auth.Principal, c Call, r models.PracticeRule) (desk.Done[SavedRule], error) {
	if err := p.RequireTenantOperation(operation.ScopeRules, aboutRules); err != nil {
		return desk.Done[SavedRule]{}, err
	}
	if err := practice.Check(r); err != nil { // it takes too long for a transaction that writes
		return desk.Done[SavedRule]{}, err
	}
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeRules, aboutRules, r),
		inTenant(func(s *desk.Sheet) (SavedRule, error) { return saveRule(s, r) }), lastOf(r.ID))
}

// lastOf gives a rule again to who repeats a call.
func lastOf(id string) func(*desk.Sheet) (SavedRule, error) {
	return func(s *desk.Sheet) (SavedRule, error) {
		rule, err := ruleOf(s.View, id, 0)
		return SavedRule{rule, false}, err
	}
}

func saveRule(s *desk.Sheet, r models.PracticeRule) (SavedRule, error) {
	last, err := ruleOf(s.View, r.ID, 0)
	switch {
	case fault.Is(err, fault.NotFound):
		err = fewerRules(s.View)
	case err == nil && last.Says(r):
		return SavedRule{last, false}, nil
	}
	if err != nil {
		return SavedRule{}, err
	}
	r.Version, r.State, r.SavedBy, r.Saved = last.Version+1, models.RuleDraft, s.Subject(), s.Now()
	r.SwitchedBy, r.Switched = "", 0
	return SavedRule{r, true}, books.SavePracticeRules(s.Tx, r)
}

// fewerRules refuses one more rule where there are too many.
func fewerRules(v *store.View) error {
	rules, err := books.PracticeRules(v)
	if err == nil && len(rules) >= rulesMax {
		err = fault.At(fault.BusinessRule, "too-costly", "id", fmt.Sprintf("The practice has %d rules; change one of them.", rulesMax))
	}
	return err
}

// SwitchPracticeRule switches a version of a rule on, in place of the one that is on, or the rule off, and has claims that are not sent looked at again. Of version 0 the
// last one is switched on. It refuses (Invalid) to switch on what is no rule any more, and (BusinessRule) more rules than may be on. What stands so changes nothing.
func (o *Office) SwitchPracticeRule(ctx context.Context, p auth.Principal, c Call, id string, version int, state models.RuleState) (desk.Done[SavedRule], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeRules, aboutRules, []any{id, version, state}),
		inTenant(func(s *desk.Sheet) (SavedRule, error) { return switchRule(s, id, version, state) }),
		func(s *desk.Sheet) (SavedRule, error) {
			rule, err := ruleOf(s.View, id, version)
			return SavedRule{rule, false}, err
		})
}

func switchRule(s *desk.Sheet, id string, version int, state models.RuleState) (SavedRule, error) {
	if state != models.RuleOn && state != models.RuleOff {
		return SavedRule{}, errRuleSwitch
	}
	on, err := books.PracticeRulesOn(s.View)
	if err != nil {
		return SavedRule{}, err
	}
	at := slices.IndexFunc(on, func(r models.PracticeRule) bool { return r.ID == id })
	if state == models.RuleOff && version == 0 && at >= 0 {
		version = on[at].Version
	}
	rule, err := ruleOf(s.View, id, version)
	if err != nil {
		return SavedRule{}, err
	}
	if (rule.State == models.RuleOn) == (state == models.RuleOn) {
		return SavedRule{rule, false}, nil
	}
	var changed []models.PracticeRule
	if state == models.RuleOn {
		if err := practice.CheckCondition(rule); err != nil {
			return SavedRule{}, err
		}
		if at >= 0 {
			changed = append(changed, switched(s, on[at], models.RuleOff))
		} else if len(on) >= rulesOnMax {
			return SavedRule{}, fault.At(fault.BusinessRule, "too-costly", "id", fmt.Sprintf("%d rules are on; switch one off first.", rulesOnMax))
		}
	}
	rule = switched(s, rule, state)
	// What goes off is written first: one version of a rule is on at a time.
	if err := books.SavePracticeRules(s.Tx, changed...); err != nil {
		return SavedRule{}, err
	}
	if err := books.SavePracticeRules(s.Tx, rule); err != nil {
		return SavedRule{}, err
	}
	settings := s.Settings()
	settings.RuleEdition = s.NewID()
	if err := books.SaveSettings(s.Tx, settings); err != nil {
		return SavedRule{}, err
	}
	return SavedRule{rule, true}, books.DuePlans(s.Tx, false)
}

func switched(s *desk.Sheet, r models.PracticeRule, state models.RuleState) models.PracticeRule {
	r.State, r.SwitchedBy, r.Switched = state, s.Subject(), s.Now()
	return r
}
