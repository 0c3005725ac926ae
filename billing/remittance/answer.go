// Package remittance is the posting desk: it takes what payers answer, moves the claims by it and puts the money into the books.
package remittance

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/ledger"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// DecideAnswer takes a ClaimResponse for an answer where its payer sends it, where the billing desk enters it from paper, and where it names a claim of ours
// and comes from a system that is trusted with all payers. Another one is a record of billing done elsewhere.
func DecideAnswer(tx *store.Tx, a records.Arrival) (records.Fate, error) {
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return 0, err
	}
	_, known, err := answered(s, d, a.Principal.Organization)
	if err != nil {
		return 0, err
	}
	isTheirs, err := door(a.Principal, d)
	if isTheirs && (known || a.Principal.Organization != "" || intake.IsPaper(d)) {
		return records.FateBooked, err
	}
	return records.FateExternal, err
}

// BookAnswer takes a payer's answer over REST. It refuses one that does not balance or is not plausible (BusinessRule, with the
// equation and the places of the amounts) and one that contradicts an answer in the books (Conflict). The same answer again
// changes nothing and gives the first. One that names no claim that its payer has waits for a person: to a payer, a claim of another payer is no claim at all.
func BookAnswer(tx *store.Tx, a records.Arrival) (string, error) {
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return "", err
	}
	answer, err := intake.Answer(d, s.Zone())
	if err != nil {
		return "", err
	}
	if payer := a.Principal.Organization; payer != "" && answer.PayerID != payer {
		return "", fault.At(fault.BusinessRule, "answer.insurer", "ClaimResponse.insurer", "The insurer must be the one that the access token is for.")
	}
	if a.Before.Version > 0 {
		return again(s, a)
	}
	answer.BodyHash = bodyHash(a)
	if answer.Key == "" {
		answer.Key = answer.BodyHash
	}
	claim, known, err := answered(s, d, a.Principal.Organization)
	if err != nil {
		return "", err
	}
	if !known {
		return unmatched(s, a, d, answer)
	}
	answer.ClaimID = claim
	first, known, err := repeated(s, answer)
	if err != nil {
		return "", err
	}
	if known {
		if first.BodyHash == answer.BodyHash {
			return string(first.ID), nil
		}
		return "", errContradicts
	}
	answer.ID, answer.Effective = models.AnswerID(a.Ref.ID), orToday(answer.Effective, s)
	if err := documents.SaveSent(tx, a.Ref, a.Document.Bytes()); err != nil {
		return "", err
	}
	if err := arrives(s, answer); err != nil {
		return "", err
	}
	return a.Ref.ID, Post(s, answer)
}

var errContradicts = fault.At(fault.Conflict, "answer.contradicts", "ClaimResponse.identifier",
	"An answer with this identifier and other content is in the books; a correction needs its own identifier.")

// again takes a new version of an answer that is in the books: it may say the same.
func again(s *desk.Sheet, a records.Arrival) (string, error) {
	first, known, err := books.Answer(s.View, models.AnswerID(a.Ref.ID))
	if err != nil {
		return "", err
	}
	waiting, err := books.UnmatchedByID(s.View, []models.AnswerID{models.AnswerID(a.Ref.ID)})
	if err != nil {
		return "", err
	}
	hash := bodyHash(a)
	if known && first.BodyHash == hash || len(waiting) > 0 && waiting[0].BodyHash == hash {
		return a.Ref.ID, nil
	}
	return "", errContradicts
}

// bodyHash tells the same content from other content, whatever id it was given on the way.
func bodyHash(a records.Arrival) string {
	body := a.Document.WithIdentity(fhir.Identity{ID: "content", Version: 1})
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Post puts a payer's answer into the books, from whatever door it came: the claim moves by its kind and outcome, what it judges is
// posted, and what it takes back is mirrored. One that contradicts what is in the books is kept and waits for a person.
func Post(s *desk.Sheet, a models.Answer) error {
	c, known, err := books.Claim(s.View, a.ClaimID)
	if err != nil {
		return err
	}
	if !known {
		return fault.At(fault.NotFound, "not-found", "ClaimResponse.request", "There is no such claim, or it was not sent to you.")
	}
	if a.PayerID != c.InsurerID {
		return fault.At(fault.BusinessRule, "answer.insurer", "ClaimResponse.insurer", "The insurer must be the one the claim was sent to.")
	}
	if err := books.Lock(s.Tx, string(c.CaseID)); err != nil {
		return err
	}
	books.Because(s.Tx, models.Ref{Type: "ClaimResponse", ID: string(a.ID)})
	if a.Carrier, err = carrierOf(s, a); err != nil {
		return err
	}
	kase, _, err := books.Case(s.View, c.CaseID)
	if err != nil {
		return err
	}
	claims, err := books.ClaimsOfCase(s.View, c.CaseID)
	if err != nil {
		return err
	}
	before, err := books.AnswersOfCase(s.View, c.CaseID)
	if err != nil {
		return err
	}
	c = addressed(a, c, claims, before)
	a.ClaimID, a.CaseID, a.ClaimType, a.Effective = c.ID, c.CaseID, c.Type, orToday(a.Effective, s)
	before = slices.DeleteFunc(before, func(other models.Answer) bool { return other.ClaimID != c.ID })
	p := poster{Sheet: s, kase: kase, claim: c, leavesOpen: leavesOpen(a, c, before)}
	judging := slices.DeleteFunc(slices.Clone(before), func(other models.Answer) bool { return !other.Judges() })
	switch a.Kind = kindOf(a, c, before, p.leavesOpen); {
	case a.Kind == models.AnswerAck:
		return p.acknowledge(a)
	case a.Kind == models.AnswerReversal:
		return p.takeBack(a, judging)
	case c.Frequency == models.FrequencyVoid:
		return p.void(a)
	case isJudged(a, c, judging):
		return p.contradicts(a)
	}
	return p.judge(a)
}

func orToday(day models.Date, s *desk.Sheet) models.Date {
	if day == "" {
		return s.Today()
	}
	return day
}

// judgedBy gives the lines of a claim that answers in the books judge.
func judgedBy(answers []models.Answer) map[int]bool {
	judged := map[int]bool{}
	for _, a := range answers {
		if a.Judges() {
			for _, l := range a.Lines {
				judged[l.LineSequence] = true
			}
		}
	}
	return judged
}

// leavesOpen reports whether the claim has lines that neither an answer nor those before it judge.
func leavesOpen(a models.Answer, c models.Claim, before []models.Answer) bool {
	judged := judgedBy(before)
	for _, l := range a.Lines {
		judged[l.LineSequence] = true
	}
	return slices.ContainsFunc(c.Lines, func(l models.ClaimLine) bool { return !judged[l.Sequence] })
}

// isJudged reports whether an answer judges what others judge already.
func isJudged(a models.Answer, c models.Claim, judging []models.Answer) bool {
	judged := judgedBy(judging)
	return c.State == models.ClaimAdjudicated || slices.ContainsFunc(a.Lines, func(l models.AnswerLine) bool { return judged[l.LineSequence] })
}

// kindOf says what an answer is beside those that came before it: a judgement of what is judged, or was until the payer took that back,
// corrects it, and one of a part of the claim is interim, the last part too.
func kindOf(a models.Answer, c models.Claim, before []models.Answer, leavesOpen bool) models.AnswerKind {
	wasJudged := func(other models.Answer) bool {
		return other.Reversed != "" && slices.ContainsFunc(other.Lines, func(l models.AnswerLine) bool {
			return slices.ContainsFunc(a.Lines, func(mine models.AnswerLine) bool { return mine.LineSequence == l.LineSequence })
		})
	}
	switch {
	case a.Kind == models.AnswerReversal:
		return a.Kind
	case isAck(a):
		return models.AnswerAck
	case isJudged(a, c, before), slices.ContainsFunc(before, wasJudged):
		return models.AnswerCorrection
	case a.Outcome == models.OutcomePartial && leavesOpen, len(before) > 0 && len(a.Lines) < len(c.Lines) && !leavesOpen:
		return models.AnswerInterim
	}
	return models.AnswerOriginal
}

// isAck reports whether an answer judges nothing.
func isAck(a models.Answer) bool {
	return a.Outcome == models.OutcomeQueued || a.Outcome == models.OutcomeError || a.Status == models.StatusForwarded || a.Status == models.StatusPredetermined
}

// poster posts one answer.
type poster struct {
	*desk.Sheet
	kase       models.Case
	claim      models.Claim
	leavesOpen bool // lines that are still to be judged
	isKept     bool // the answer was saved before, and waited
}

// hold keeps an answer that contradicts what is posted for a person. It refuses one that names a line twice, or one that the claim does not
// have (BusinessRule).
func (p poster) hold(a models.Answer, why string) error {
	if issues := adjudication.CheckLines(p.claim, a); len(issues) > 0 {
		return fault.Of(fault.BusinessRule, issues)
	}
	if err := p.save(a); err != nil {
		return err
	}
	item := p.work(models.WorkAnswer, why)
	item.Subject, item.Category = models.Ref{Type: "ClaimResponse", ID: string(a.ID)}, string(a.Kind)
	if err := p.open(item); err != nil {
		return err
	}
	return p.Due(p.kase, models.StepBill)
}

// contradicts holds an answer that judges what another one in the books judges.
func (p poster) contradicts(a models.Answer) error {
	return p.hold(a, "The payer corrects an answer that is in the books and has not taken it back; decide what becomes of it.")
}

// judge posts what the payer paid, took off and left to the patient.
func (p poster) judge(a models.Answer) error {
	if issues := adjudication.Check(p.claim, a); len(issues) > 0 {
		return fault.Of(fault.BusinessRule, issues)
	}
	for i, line := range adjudication.Apply(p.claim, a) {
		a.Lines[i].ChargeID, a.Lines[i].Refused = line.ChargeID, line.Review
	}
	if isHeld, err := p.awaits(a); err != nil || isHeld {
		return err
	}
	if isHeld, err := p.misreported(a); err != nil || isHeld {
		return err
	}
	return p.settle(a, nil)
}

var errOver = fault.At(fault.Conflict, "claim.state", "ClaimResponse.request", "The claim takes no judgement any more: it was replaced, voided or taken back. Answer the claim that came in its place.")

// settle posts a judgement and moves the claim by it. said are the adjustments as the payer wrote them where it was kept before and others are
// posted, nil for one that is new.
func (p poster) settle(a models.Answer, said []models.Adjustment) error {
	event := claim.Adjudicate
	if a.Kind == models.AnswerInterim && p.leavesOpen {
		event = claim.JudgePart
	}
	next, err := claim.Next(p.claim.State, event)
	if err != nil {
		return errOver
	}
	if err := p.isHeard(next); err != nil {
		return err
	}
	a.PassedOn = adjudication.PassesOn(a)
	a, unclear, err := placed(p.Sheet, p.kase, p.claim, a)
	if err != nil {
		return err
	}
	a.Posted, a.Review = true, len(adjudication.NeedsReview(a)) > 0
	p.claim.KnownAs = cmp.Or(a.PayerNumber(), p.claim.KnownAs)
	kept := a
	if said != nil {
		kept.Adjustments = said
		err = books.KeepAnswer(p.Tx, kept)
	} else {
		err = books.SaveAnswer(p.Tx, kept, p.claim)
	}
	if err != nil {
		return err
	}
	if err := p.post(a); err != nil {
		return err
	}
	if err := p.MoveClaim(p.claim, next); err != nil {
		return err
	}
	if err := p.supersede(a); err != nil {
		return err
	}
	if a.Kind == models.AnswerCorrection {
		if err := p.isDecided(a); err != nil {
			return err
		}
	}
	if err := p.asksWho(a, unclear); err != nil {
		return err
	}
	if a.Review {
		if err := p.asksAbout(a); err != nil {
			return err
		}
	}
	if err := underpaid(p.Sheet, p.claim, a); err != nil {
		return err
	}
	if err := overpaid(p.Sheet, p.kase.ID); err != nil {
		return err
	}
	return p.Due(p.kase, models.StepBill)
}

// asksAbout opens the work about what of an answer is not posted by itself, due by when it may be appealed.
func (p poster) asksAbout(a models.Answer) error {
	item := p.work(models.WorkAnswer, "The payer's answer has adjustments that are not posted by themselves; decide what becomes of them.")
	item.Subject, item.Reasons = models.Ref{Type: "ClaimResponse", ID: string(a.ID)}, adjusted(a, adjudication.NeedsReview(a))
	item.Category = item.Reasons[0].Code
	if isAppealable(a) {
		deadline, isKnown, err := deadlineOf(p.Sheet, a)
		if err != nil {
			return err
		}
		if isKnown {
			item.Due = deadline
		}
	}
	return p.open(item)
}

func (p poster) post(a models.Answer) error {
	lines := adjudication.Apply(p.claim, a)
	var entries []models.Entry
	if entry, moves := ledger.Answered(p.kase, p.claim, a, lines); moves {
		entries = append(entries, entry)
	}
	if entry, owes := ledger.Responsibility(p.kase, p.claim, a, lines); owes && !a.Unplaced && !a.Shielded {
		entries = append(entries, entry)
	}
	return p.Post(entries...)
}

// adjusted gives adjustments as the reasons of a work item.
func adjusted(a models.Answer, list []models.Adjustment) []models.WorkReason {
	reasons := make([]models.WorkReason, len(list))
	for i, one := range list {
		code := one.GroupCode + "-" + one.ReasonCode
		text := fmt.Sprintf("The payer takes off %s by %s.", one.Amount, code)
		if row := adjudication.RowIn(a, one); row.Category != "" {
			text = fmt.Sprintf("The payer refuses %s by %s (%s); the usual way is: %s.", one.Amount, code, row.Category, row.Proposed)
		}
		if a.IsUnprocessed() {
			text += " It did not process the claim (MA130): a corrected one goes out as a new one, and nothing can be appealed."
		}
		reasons[i] = models.WorkReason{Code: code, Text: text}
	}
	return reasons
}

func (p poster) work(kind models.WorkKind, reason string) models.WorkItem {
	return models.WorkItem{Kind: kind, PatientID: p.claim.PatientID, Reason: reason}
}

// open opens an item on the case beside those that are open.
func (p poster) open(item models.WorkItem) error {
	item.CaseID = p.kase.ID
	return p.Item(true, item)
}
