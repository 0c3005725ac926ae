package billing

import (
	"context"
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/practice"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// rulesMax bounds how many rules a practice has; versions do not count.
const rulesMax = 200

// Rules gives every version of every rule that the practice wrote.
func (o *Office) Rules(ctx context.Context, p auth.Principal) ([]models.PracticeRule, error) {
	if err := p.RequireTenantOperation(operation.ScopeRules, aboutSettings); err != nil {
		return nil, err
	}
	var rules []models.PracticeRule
	err := o.session(p).View(ctx, func(v *store.View) (err error) {
		if err := isTenant(v); err != nil {
			return err
		}
		rules, err = books.PracticeRules(v)
		return err
	})
	return rules, err
}

// SaveRule keeps a rule as its next version, a draft that does nothing until it is switched on. It is tried on its examples first, and
// refused (Invalid) with everything that practice.Check finds. What the last version says already makes none.
func (o *Office) SaveRule(ctx context.Context, p auth.Principal, c Call, r models.PracticeRule) (desk.Done[models.PracticeRule], error) {
	if err := practice.Check(r); err != nil {
		return desk.Done[models.PracticeRule]{}, err
	}
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeRules, aboutSettings, r),
		inTenant(func(s *desk.Sheet) (models.PracticeRule, error) { return saveRule(s, r) }),
		func(s *desk.Sheet) (models.PracticeRule, error) { return lastRule(s.View, r.ID) })
}

func saveRule(s *desk.Sheet, r models.PracticeRule) (models.PracticeRule, error) {
	rules, err := books.PracticeRules(s.View)
	if err != nil {
		return r, err
	}
	names := map[models.RuleID]int{}
	for _, one := range rules {
		names[one.ID] = max(names[one.ID], one.Version)
	}
	if _, known := names[r.ID]; !known && len(names) >= rulesMax {
		return r, fault.At(fault.BusinessRule, "too-costly", "rule", fmt.Sprintf("A practice has at most %d rules; write this into another one.", rulesMax))
	}
	if at := slices.IndexFunc(rules, func(o models.PracticeRule) bool { return o.ID == r.ID && o.Version == names[r.ID] }); at >= 0 && rules[at].SaysLike(r) {
		return rules[at], nil
	}
	r.TenantID, r.Version, r.State, r.Who, r.At = s.Tenant(), names[r.ID]+1, models.RuleDraft, s.Subject(), s.Now()
	return r, writeRules(s, r)
}

// writeRules writes versions of rules, and has every process read them anew.
func writeRules(s *desk.Sheet, rules ...models.PracticeRule) error {
	if err := books.SavePracticeRules(s.Tx, rules...); err != nil {
		return err
	}
	settings := s.Settings()
	settings.RuleEdition = s.NewID()
	return books.SaveSettings(s.Tx, settings)
}

func lastRule(v *store.View, id models.RuleID) (models.PracticeRule, error) {
	rules, err := books.PracticeRules(v)
	for _, r := range slices.Backward(rules) {
		if r.ID == id {
			return r, err
		}
	}
	return models.PracticeRule{}, err
}

// RuleSwitch says that a version of a rule acts from now on, in place of the one that did, or that it does not any more.
type RuleSwitch struct {
	ID      models.RuleID
	Version int
	On      bool
}

// SwitchRule switches a version of a rule on or off, and has claims that are not sent looked at again. It refuses a version that there is
// not (NotFound). The same again changes nothing.
func (o *Office) SwitchRule(ctx context.Context, p auth.Principal, c Call, w RuleSwitch) (desk.Done[models.PracticeRule], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeRules, aboutSettings, w),
		inTenant(func(s *desk.Sheet) (models.PracticeRule, error) { return switchRule(s, w) }),
		func(s *desk.Sheet) (models.PracticeRule, error) {
			rules, err := books.PracticeRules(s.View)
			at := slices.IndexFunc(rules, w.means)
			if err != nil || at < 0 {
				return models.PracticeRule{}, err
			}
			return rules[at], nil
		})
}

func (w RuleSwitch) means(r models.PracticeRule) bool { return r.ID == w.ID && r.Version == w.Version }

func switchRule(s *desk.Sheet, w RuleSwitch) (models.PracticeRule, error) {
	rules, err := books.PracticeRules(s.View)
	if err != nil {
		return models.PracticeRule{}, err
	}
	at := slices.IndexFunc(rules, w.means)
	if at < 0 {
		return models.PracticeRule{}, fault.At(fault.NotFound, "not-found", "version", "The rule has no such version.")
	}
	state := models.RuleOff
	if w.On {
		state = models.RuleOn
	}
	if rules[at].State == state {
		return rules[at], nil
	}
	rules[at].State = state
	changed := []models.PracticeRule{rules[at]}
	for _, other := range rules {
		if w.On && other.ID == w.ID && other.Version != w.Version && other.State == models.RuleOn {
			other.State = models.RuleOff
			changed = append(changed, other)
		}
	}
	if err := writeRules(s, changed...); err != nil {
		return rules[at], err
	}
	return rules[at], books.DuePlans(s.Tx, false)
}

// tryMax is how many claims one trial looks at.
const tryMax = 500

// RuleTrial is what a rule would have done on claims that were made. More says that there are others after Last.
type RuleTrial struct {
	Looked int
	Acted  []TriedClaim
	Last   models.ClaimID
	More   bool
}

// TriedClaim is a claim on which the rule holds: on the claim (0) or the numbered lines, or why it could not be asked.
type TriedClaim struct {
	ID     models.ClaimID
	Number string
	Lines  []int
	Failed bool
}

// TryRule shows what a rule would have done on the practice's claims of some days of service, in the order of their making, after a claim
// ("" for the first). It changes nothing, and refuses what SaveRule does.
func (o *Office) TryRule(ctx context.Context, p auth.Principal, r models.PracticeRule, days models.Span, after models.ClaimID) (RuleTrial, error) {
	trial := RuleTrial{}
	if err := p.RequireTenantOperation(operation.ScopeRules, aboutSettings); err != nil {
		return trial, err
	}
	if err := practice.Check(r); err != nil {
		return trial, err
	}
	rule, err := practice.Compile(r)
	if err != nil {
		return trial, err
	}
	ids, err := o.claimsAfter(ctx, p, after)
	if err != nil {
		return trial, err
	}
	if trial.More = len(ids) > tryMax; trial.More {
		ids = ids[:tryMax]
	}
	for part := range slices.Chunk(ids, chunkOfTrial) {
		if err := o.tryOn(ctx, p, rule, days, part, &trial); err != nil {
			return trial, err
		}
	}
	return trial, o.session(p).RecordRead(ctx, models.AuditSearch, "Claim", "")
}

// chunkOfTrial is how many claims are read in one transaction.
const chunkOfTrial = 100

func (o *Office) claimsAfter(ctx context.Context, p auth.Principal, after models.ClaimID) ([]models.ClaimID, error) {
	var ids []models.ClaimID
	err := o.session(p).View(ctx, func(v *store.View) (err error) {
		if err := isTenant(v); err != nil {
			return err
		}
		ids, err = books.ClaimIDsAfter(v, after, tryMax+1)
		return err
	})
	return ids, err
}

func (o *Office) tryOn(ctx context.Context, p auth.Principal, rule *practice.Rule, days models.Span, ids []models.ClaimID, trial *RuleTrial) error {
	return o.session(p).View(ctx, func(v *store.View) error {
		claims, err := books.Claims(v, ids)
		if err != nil {
			return err
		}
		patients, err := patientsOf(v, claims)
		if err != nil {
			return err
		}
		for _, c := range claims {
			trial.Last = c.ID
			if !days.Contains(c.ServiceFrom) || !rule.IsInForce(c.ServiceFrom) {
				continue
			}
			trial.Looked++
			lines, err := rule.Finds(practice.Show(c, patients[c.PatientID]))
			if err != nil || len(lines) > 0 {
				trial.Acted = append(trial.Acted, TriedClaim{c.ID, c.Number, lines, err != nil})
			}
		}
		return nil
	})
}

func patientsOf(v *store.View, claims []models.Claim) (map[models.PatientID]models.Patient, error) {
	_, zone, err := desk.Settings(v)
	if err != nil {
		return nil, err
	}
	var refs []models.Ref
	for _, c := range claims {
		if ref := (models.Ref{Type: "Patient", ID: string(c.PatientID)}); !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	found, err := desk.DocumentsIn(v, refs...)
	patients := make(map[models.PatientID]models.Patient, len(found))
	for _, d := range found {
		patients[models.PatientID(d.ID())] = intake.Patient(d, zone)
	}
	return patients, err
}
