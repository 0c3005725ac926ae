package books

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

// Claim gives one claim with lines and diagnoses; false where it is not ours. A transaction reads the file of its case, which it
// will need.
func Claim(v *store.View, id models.ClaimID) (models.Claim, bool, error) {
	isIt := func(c models.Claim) bool { return c.ID == id }
	f, err := fileWith(v, "claims", string(id), func(f *file) bool { return slices.ContainsFunc(f.claims.claims, isIt) })
	if err != nil {
		return models.Claim{}, false, err
	}
	if f != nil {
		list := f.claims.list(byClaimID)
		return list[slices.IndexFunc(list, isIt)], true, nil
	}
	claims, err := Claims(v, []models.ClaimID{id})
	if err != nil || len(claims) == 0 {
		return models.Claim{}, false, err
	}
	return claims[0], true, nil
}

// Claims gives claims with lines and diagnoses in one statement, in the order of their ids.
func Claims(v *store.View, ids []models.ClaimID) ([]models.Claim, error) {
	return claimsWhere(v, among("claim_id", ids), func(c models.Claim) bool { return slices.Contains(ids, c.ID) })
}

// ClaimsOfCase gives the claims of a case, withdrawn ones too, by payer and part.
func ClaimsOfCase(v *store.View, id models.CaseID) ([]models.Claim, error) {
	f, err := fileOf(v, id)
	if err != nil {
		return nil, err
	}
	return f.claims.list(func(a, b models.Claim) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
	}), nil
}

// LiveClaims gives a patient's claims whose services touch the days from until, apart from those that ask for nothing any more.
func LiveClaims(v *store.View, patient models.PatientID, from, until models.Date) ([]models.Claim, error) {
	touching := "patient_id = ? AND service_from <= ? AND service_until >= ? AND state NOT IN (" + dead + ")"
	return claimsWhere(v, those(v, "claim_id", "claims", touching, patient, until, from), nil)
}

// dead are the states of claims that ask for nothing any more, written out.
var dead = "'" + strings.Join(store.Texts(models.ClaimStatesWhere(func(f models.ClaimFacts) bool { return !f.State.IsLive() })), "', '") + "'"

// claimRows are claims with the rows that hang on them, in no order.
type claimRows struct {
	claims    []models.Claim
	lines     []models.ClaimLine
	diagnoses []models.ClaimDiagnosis
}

func (r *claimRows) parts(w where, belongs func(models.Claim) bool) []store.Part {
	return []store.Part{
		store.Take(&r.claims, belongs, w.rows, w.rowArgs...),
		store.Take(&r.lines, func(l models.ClaimLine) bool { return r.has(l.ClaimID) }, w.hanging, w.hangsArgs...),
		store.Take(&r.diagnoses, func(d models.ClaimDiagnosis) bool { return r.has(d.ClaimID) }, w.hanging, w.hangsArgs...),
	}
}

func (r *claimRows) has(id models.ClaimID) bool {
	return slices.ContainsFunc(r.claims, func(c models.Claim) bool { return c.ID == id })
}

// list gives the claims with their parts, in an order.
func (r *claimRows) list(order func(a, b models.Claim) int) []models.Claim {
	list := slices.SortedFunc(slices.Values(r.claims), order)
	for i := range list {
		c := &list[i]
		c.Lines = sorted(r.lines, func(l models.ClaimLine) bool { return l.ClaimID == c.ID }, func(l models.ClaimLine) int { return l.Sequence })
		c.Diagnoses = sorted(r.diagnoses, func(d models.ClaimDiagnosis) bool { return d.ClaimID == c.ID }, func(d models.ClaimDiagnosis) int { return d.Sequence })
	}
	return list
}

func byClaimID(a, b models.Claim) int { return cmp.Compare(a.ID, b.ID) }

func claimsWhere(v *store.View, w where, belongs func(models.Claim) bool) ([]models.Claim, error) {
	rows, err := store.Collected(v, fmt.Sprintf("claims %q", w), func(r *claimRows) []store.Part { return r.parts(w, belongs) })
	if err != nil {
		return nil, err
	}
	return rows.list(byClaimID), nil
}

// SaveClaim writes a claim with its lines and diagnoses.
func SaveClaim(tx *store.Tx, c models.Claim) error {
	before, err := standing(tx, c)
	if err != nil {
		return err
	}
	c.TenantID, c.Updated, c.Sent, c.KnownAs = tx.Tenant(), tx.Now(), cmp.Or(before.Sent, c.Sent), cmp.Or(before.KnownAs, c.KnownAs)
	if c.Created == 0 {
		c.Created = tx.Now()
	}
	c.Moves = moved(tx, before, c.State)
	c.Lines, c.Diagnoses = slices.Clone(c.Lines), slices.Clone(c.Diagnoses)
	for i := range c.Lines {
		c.Lines[i].TenantID, c.Lines[i].ClaimID = tx.Tenant(), c.ID
	}
	for i := range c.Diagnoses {
		c.Diagnoses[i].TenantID, c.Diagnoses[i].ClaimID = tx.Tenant(), c.ID
	}
	if err := store.Upsert(tx, c); err != nil {
		return err
	}
	if before.ID != "" && before.CaseID != c.CaseID {
		if err := moveToCase(tx, c); err != nil {
			return err
		}
	}
	if err := replace(tx, before.Lines, c.Lines, func(l models.ClaimLine) int { return l.Sequence }); err != nil {
		return err
	}
	if err := replace(tx, before.Diagnoses, c.Diagnoses, func(d models.ClaimDiagnosis) int { return d.Sequence }); err != nil {
		return err
	}
	claims.note(tx, c)
	return nil
}

// moveToCase has the answers to a claim follow it to its case. Both files are read again.
func moveToCase(tx *store.Tx, c models.Claim) error {
	return tx.Write("UPDATE answers SET case_id = ? WHERE tenant_id = ? AND claim_id = ?", c.CaseID, tx.Tenant(), c.ID)
}

// MoveClaim changes a claim's state alone: the caller's claim may be older. On the day that the caller's names the claim was sent, where
// it was not before; a payer's number that it names is the claim's from then on, and so is when the payer's silence is work.
func MoveClaim(tx *store.Tx, c models.Claim, state models.ClaimState) error {
	before, err := standing(tx, c)
	if err != nil {
		return err
	}
	now := before
	now.State, now.Updated, now.Sent, now.KnownAs = state, tx.Now(), cmp.Or(now.Sent, c.Sent), cmp.Or(c.KnownAs, now.KnownAs)
	now.AnswerDue = c.AnswerDue
	now.Moves = moved(tx, before, state)
	claims.note(tx, now)
	return store.Upsert(tx, now)
}

// because is the document from which what a transaction does follows.
type because struct{ models.Ref }

// Because says from what document the states follow that claims come to from now on in a transaction.
func Because(tx *store.Tx, of models.Ref) { store.Local[because](tx.View).Ref = of }

// moved gives the states that a claim came to with the one that it comes to now, where that is another.
func moved(tx *store.Tx, before models.Claim, state models.ClaimState) models.List[models.ClaimMove] {
	if before.State == state {
		return before.Moves
	}
	return append(slices.Clone(before.Moves), models.ClaimMove{State: state, At: tx.Now(), By: tx.Subject(), From: store.Local[because](tx.View).Ref})
}

// standing gives a claim as it stands in the books; the zero claim where it is new.
func standing(tx *store.Tx, c models.Claim) (models.Claim, error) {
	f, err := fileOf(tx.View, c.CaseID)
	if err != nil {
		return c, err
	}
	list := f.claims.list(byClaimID)
	if at := slices.IndexFunc(list, func(other models.Claim) bool { return other.ID == c.ID }); at >= 0 {
		return list[at], nil
	}
	if c.Created == 0 {
		return models.Claim{}, nil
	}
	now, _, err := Claim(tx.View, c.ID) // it stands in another case's file
	return now, err
}

// Silent is a claim of which its payer said nothing for too long.
type Silent struct {
	Tenant  models.TenantID
	ID      models.ClaimID
	CaseID  models.CaseID
	PayerID models.OrganizationID
}

// SilentEverywhere gives at most count claims of all tenants about which a person is to be asked now.
func SilentEverywhere(v *store.View, now models.Instant, count int) ([]Silent, error) {
	var list []Silent
	err := v.Rows(func(row store.Row) error {
		var one Silent
		err := row.Scan(&one.Tenant, &one.ID, &one.CaseID, &one.PayerID)
		list = append(list, one)
		return err
	}, "SELECT tenant_id, id, case_id, insurer_id FROM claims WHERE answer_due > 0 AND answer_due <= ? ORDER BY answer_due LIMIT ?", now, count)
	return list, err
}
