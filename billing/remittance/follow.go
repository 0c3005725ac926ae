package remittance

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/charge"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// CategoryFirst is the category of work about a judgement of a corrected claim that waits until the payer takes the first one's back.
const CategoryFirst = "first-not-reversed"

// repeated gives the answer in the books that has the key of another one; false where none has. Whichever claim of a number it names, the same
// answer is the same.
func repeated(s *desk.Sheet, a models.Answer) (models.Answer, bool, error) {
	first, known, err := books.AnswerByKey(s.View, a)
	if err != nil || known {
		return first, known, err
	}
	c, ours, err := books.Claim(s.View, a.ClaimID)
	if err != nil || !ours {
		return first, false, err
	}
	claims, err := books.ClaimsOfCase(s.View, c.CaseID)
	if err != nil {
		return first, false, err
	}
	for _, other := range models.Chain(claims, c.ID) {
		a.ClaimID = other.ID
		if first, known, err = books.AnswerByKey(s.View, a); err != nil || known && first.BodyHash == a.BodyHash {
			return first, known, err
		}
	}
	return models.Answer{}, false, nil
}

// addressed gives the claim that an answer is about, of those of a number whichever of them it names: a reversal is about the one whose answer it
// takes back, anything else about the last that was sent, unless it only fits the one that it names.
func addressed(a models.Answer, named models.Claim, claims []models.Claim, answers []models.Answer) models.Claim {
	chain := slices.DeleteFunc(models.Chain(claims, named.ID), func(c models.Claim) bool { return c.State.Facts().Editable })
	if len(chain) < 2 {
		return named
	}
	last := chain[len(chain)-1]
	switch {
	case a.Kind == models.AnswerReversal:
		for _, c := range slices.Backward(chain) {
			if _, found := adjudication.Undone(a, judging(answers, c.ID)); found {
				return c
			}
		}
		for _, c := range slices.Backward(chain) {
			if _, found := adjudication.Undone(a, setAside(answers, c.ID)); found {
				return c
			}
		}
		return named
	case !last.State.Facts().Awaited:
		return named
	case a.Outcome == models.OutcomeQueued, a.Outcome == models.OutcomeError, len(a.Lines) == 0 && last.Frequency == models.FrequencyVoid:
		return last
	}
	kind := models.AnswerOriginal
	if a.Outcome == models.OutcomePartial {
		kind = models.AnswerInterim
	}
	if a.Kind = kind; len(adjudication.Check(last, a)) == 0 || len(adjudication.Check(named, a)) > 0 {
		return last
	}
	return named
}

// judging gives the answers that judge a claim as the books stand.
func judging(answers []models.Answer, id models.ClaimID) []models.Answer {
	return slices.DeleteFunc(slices.Clone(answers), func(a models.Answer) bool { return a.ClaimID != id || !a.Judges() })
}

// setAside gives the answers to a claim that were taken back by the judgement of another one, and not by their payer.
func setAside(answers []models.Answer, id models.ClaimID) []models.Answer {
	return slices.DeleteFunc(slices.Clone(answers), func(a models.Answer) bool {
		isReversal := func(o models.Answer) bool { return o.ID == a.Reversed && o.Kind == models.AnswerReversal }
		return a.ClaimID != id || a.Reversed == "" || slices.ContainsFunc(answers, isReversal)
	})
}

// before gives the claim that the poster's comes after, with the answers that judge it.
func (p poster) before() (models.Claim, []models.Answer, error) {
	if !p.claim.IsCorrection() {
		return models.Claim{}, nil, nil
	}
	first, _, err := books.Claim(p.View, p.claim.Replaces)
	if err != nil {
		return first, nil, err
	}
	answers, err := books.AnswersOfCase(p.View, p.kase.ID)
	return first, judging(answers, first.ID), err
}

// awaits keeps a judgement of a corrected claim while the first one's, by which something was paid, stands: the payer takes that back. True where it does.
func (p poster) awaits(a models.Answer) (bool, error) {
	first, standing, err := p.before()
	if err != nil || first.State != models.ClaimReplacing || paidBy(standing) <= 0 {
		return false, err
	}
	if err := p.save(a); err != nil {
		return true, err
	}
	item := p.work(models.WorkAnswer, "The payer judges the corrected claim and has not taken back what it paid of the first one; it is posted once it has.")
	item.Subject, item.Category = models.Ref{Type: "ClaimResponse", ID: string(a.ID)}, CategoryFirst
	if err := p.open(item); err != nil {
		return true, err
	}
	return true, p.Due(p.kase, models.StepBill)
}

// save writes an answer that is new; one that was kept is written already.
func (p poster) save(a models.Answer) error {
	if p.isKept {
		return nil
	}
	return books.SaveAnswer(p.Tx, a, p.claim)
}

func paidBy(answers []models.Answer) (sum models.Cents) {
	for _, a := range answers {
		sum += a.Paid
	}
	return sum
}

// supersede has a corrected claim count in the place of the first one: what is still posted of that one, by which nothing was paid, is taken back, its
// charges that are not billed any more leave the books, and those that were not billed come.
func (p poster) supersede(a models.Answer) error {
	first, standing, err := p.before()
	if err != nil || first.State != models.ClaimReplacing {
		return err
	}
	if err := p.conclude(first, standing, a); err != nil || p.claim.Position != 1 {
		return err
	}
	return p.exchange(func(c models.Charge) bool { return c.State == models.ChargeLeaving && first.Bills(c.ID) })
}

// conclude takes back what stands of a claim and gives it its last state.
func (p poster) conclude(first models.Claim, standing []models.Answer, by models.Answer) error {
	for _, undone := range standing {
		if err := p.undo(undone, by); err != nil {
			return err
		}
	}
	next, err := claim.Next(first.State, claim.Confirm)
	if err != nil {
		return err
	}
	return p.MoveClaim(first, next)
}

// exchange takes charges of the case out of the books and puts those in that come with the claim.
func (p poster) exchange(leaves func(models.Charge) bool) error {
	charges, err := books.Charges(p.View, p.kase.ID)
	if err != nil {
		return err
	}
	var changed []models.Charge
	var causes []models.Cause
	var entries []models.Entry
	for _, c := range charges {
		switch {
		case c.IsPosted() && leaves(c):
			causes = append(causes, models.CauseOfCharge(c.ID, c.Posting))
			changed = append(changed, charge.Dropped(c))
		case c.State == models.ChargeComing && p.claim.Bills(c.ID):
			c.State, c.Posting = models.ChargeBilled, c.Posting+1
			if entry, moves := ledger.Charged(p.kase, c, p.Today()); moves {
				entries = append(entries, entry)
			}
			changed = append(changed, c)
		}
	}
	posted, err := journal.EntriesByCause(p.View, causes)
	if err != nil {
		return err
	}
	for _, e := range posted {
		entries = append(entries, ledger.Reverse(e, p.Today()))
	}
	if err := books.SaveCharges(p.Tx, changed...); err != nil {
		return err
	}
	return p.Post(entries...)
}

// isTakenBack goes on with the claim after one whose answers were all taken back: a void one is confirmed by it, a judgement that waited for it is posted.
func (p poster) isTakenBack(by models.Answer) error {
	claims, err := books.ClaimsOfCase(p.View, p.kase.ID)
	if err != nil {
		return err
	}
	next, any := models.Follower(claims, p.claim.ID)
	answers, err := books.AnswersOfCase(p.View, p.kase.ID)
	if err != nil || !any || !next.State.Facts().Awaited || len(judging(answers, p.claim.ID)) > 0 {
		return err
	}
	if next.Frequency == models.FrequencyVoid {
		return poster{Sheet: p.Sheet, kase: p.kase, claim: next}.voided(by)
	}
	for _, a := range answers {
		if a.ClaimID == next.ID && !a.Posted && a.Reversed == "" && (a.Kind == models.AnswerOriginal || a.Kind == models.AnswerInterim) {
			if err := p.goesOn(next.ID, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// goesOn takes a judgement of the claim that followed, which waited, as it would be taken now: of several that judge the same only the first is posted.
func (p poster) goesOn(id models.ClaimID, a models.Answer) error {
	next, _, err := books.Claim(p.View, id)
	if err != nil {
		return err
	}
	before, err := books.AnswersOfCase(p.View, p.kase.ID)
	if err != nil {
		return err
	}
	before = judging(before, id)
	after := poster{Sheet: p.Sheet, kase: p.kase, claim: next, isKept: true, leavesOpen: leavesOpen(a, next, before)}
	if !isJudged(a, next, before) {
		return after.goesThrough(a)
	}
	a.Kind = models.AnswerCorrection
	if err := books.KeepAnswer(p.Tx, a); err != nil {
		return err
	}
	return after.contradicts(a)
}

// goesThrough posts a judgement that waited.
func (p poster) goesThrough(a models.Answer) error {
	if err := p.answered(a); err != nil {
		return err
	}
	if isHeld, err := p.misreported(a); err != nil || isHeld {
		return err
	}
	return p.settle(a, a.Adjustments)
}

// answered closes the work about an answer.
func (p poster) answered(a models.Answer) error {
	of := models.Ref{Type: "ClaimResponse", ID: string(a.ID)}
	return p.Done(p.kase.ID, func(w models.WorkItem) bool { return w.Subject == of && w.Kind != models.WorkAppeal })
}

// void takes what a payer says to a void claim. That it is done counts where it paid nothing of the first one, which it would have to take back; all else waits for a person.
func (p poster) void(a models.Answer) error {
	first, standing, err := p.before()
	if err != nil {
		return err
	}
	for _, stated := range []*models.Cents{a.StatedPaid, a.StatedPayment} {
		if len(a.Lines) == 0 && stated != nil && *stated != 0 {
			return fault.At(fault.BusinessRule, "answer.unbalanced", "ClaimResponse.total", "An answer to a void claim that names no line pays nothing.")
		}
	}
	switch {
	case first.State != models.ClaimVoiding, len(a.Lines) > 0:
		return p.hold(a, "The payer judges a claim that voids another one; decide what becomes of it.")
	case paidBy(standing) > 0:
		return p.hold(a, "The payer says that the claim is void and has not taken back what it paid of it; it is void once it has.")
	}
	a.Kind, a.Posted = models.AnswerReversal, true
	if len(standing) == 1 {
		a.Reverses = standing[0].ID
	}
	if err := books.SaveAnswer(p.Tx, a, p.claim); err != nil {
		return err
	}
	return p.voided(a)
}

// voided ends a claim and the one that voids it, and takes its charges out of the books. Those that a payer before was asked for too stay.
func (p poster) voided(by models.Answer) error {
	first, standing, err := p.before()
	if err != nil {
		return err
	}
	if err := p.conclude(first, standing, by); err != nil {
		return err
	}
	next, err := claim.Next(p.claim.State, claim.Adjudicate)
	if err != nil {
		return err
	}
	if err := p.MoveClaim(p.claim, next); err != nil {
		return err
	}
	of := func(w models.WorkItem) bool { return w.ClaimID == p.claim.ID || w.ClaimID == first.ID }
	if err := p.Done(p.kase.ID, func(w models.WorkItem) bool { return w.Kind.Facts().Owner == models.OwnerAnswer && of(w) }); err != nil {
		return err
	}
	if p.claim.Position == 1 {
		if err := p.exchange(func(c models.Charge) bool { return first.Bills(c.ID) }); err != nil {
			return err
		}
	}
	if err := overpaid(p.Sheet, p.kase.ID); err != nil {
		return err
	}
	return p.Due(p.kase, models.StepBill)
}

// refused gives the first claim back its state where its payer turned away the one that comes after it.
func (p poster) refused() error {
	first, standing, err := p.before()
	if err != nil || first.ID == "" {
		return err
	}
	next, err := claim.Next(first.State, claim.Refuse)
	if err == nil && len(standing) == 0 {
		next, err = claim.Next(next, claim.Reverse)
	}
	if err != nil {
		return err
	}
	return p.MoveClaim(first, next)
}

// errJudged refuses that a payer turns a claim away that it judged.
var errJudged = fault.At(fault.Conflict, "claim.state", "ClaimResponse.outcome", "The claim is judged; a payer takes its answer back, and turns away the claim that comes after it.")
