package billing

import (
	"context"
	"fmt"
	"reflect"

	"medbill/billing/accounts"
	"medbill/billing/bank"
	"medbill/billing/claims"
	"medbill/billing/coding"
	"medbill/billing/desk"
	"medbill/billing/front"
	"medbill/billing/remittance"
	"medbill/billing/rules/adjudication"
	"medbill/billing/worklist"
	"medbill/internal/auth"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// Verdict is what somebody decides about work: Coding goes with the decision to code, Fees with that to load prices, Claim with that to match an answer, Documents with that to attach them, Fee with that a dispute is lost.
type Verdict struct {
	Decision models.Decision
	Reason   string
	Coding   models.Coding
	Fees     FeeLoad
	Claim    models.ClaimID
	// Documents are DocumentReferences.
	Documents []models.Ref
	Fee       models.Cents
	by        auth.Principal
	undone    models.Decision // what the decision undo takes back
}

// isMeant refuses what goes with another decision than the one that is made: nothing that was sent is lost.
func (v Verdict) isMeant() error {
	isCoding, isPricing := len(v.Coding.Diagnoses)+len(v.Coding.Services) > 0, !reflect.DeepEqual(v.Fees, FeeLoad{})
	if v.Claim != "" && v.Decision != models.DecideMatch {
		return fault.At(fault.Invalid, "invalid", "decision", "A claim goes with the decision match; leave it out.")
	}
	if len(v.Documents) > 0 && v.Decision != models.DecideAttach {
		return fault.At(fault.Invalid, "invalid", "decision", "Documents go with the decision attach; leave them out.")
	}
	if v.Fee != 0 && v.Decision != models.DecideLost {
		return fault.At(fault.Invalid, "invalid", "fee", "A fee goes with the decision lost; leave it out.")
	}
	if isCoding && v.Decision != models.DecideCode && v.Decision != models.DecideReplace || isPricing && v.Decision != models.DecidePrice {
		return fault.At(fault.Invalid, "invalid", "decision", "Diagnoses and charges go with the decisions code and replace, prices with the decision price; leave out what goes with another one.")
	}
	return nil
}

// taskType is the type of work items over FHIR.
const taskType = "Task"

// decideMax bounds how many items one call decides: their cases are locked until all of them are through.
const decideMax = 200

// DecideWork carries out what somebody decided about one item, and closes it in the same transaction. What refuses the decision is
// the use case's, and worklist.Decide's; a decision that needs a right of its own is Forbidden without it.
func (o *Office) DecideWork(ctx context.Context, p auth.Principal, c Call, id models.WorkItemID, v Verdict) (desk.Done[models.WorkItem], error) {
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeWork, taskOf(id), v),
		func(s *desk.Sheet) (models.WorkItem, error) { return decide(s, p, id, v) }, worklist.Standing(id))
}

// DecideWorks decides several items alike, all or none; a place in a refusal begins with that of its item. It refuses none, more
// than decideMax, and one that is named twice (Invalid).
func (o *Office) DecideWorks(ctx context.Context, p auth.Principal, c Call, ids []models.WorkItemID, v Verdict) (desk.Done[[]models.WorkItem], error) {
	if err := checkBulk(ids); err != nil {
		return desk.Done[[]models.WorkItem]{}, err
	}
	each := func(do func(*desk.Sheet, models.WorkItemID) (models.WorkItem, error)) func(*desk.Sheet) ([]models.WorkItem, error) {
		return func(s *desk.Sheet) ([]models.WorkItem, error) {
			if err := lockCasesOf(s, ids); err != nil {
				return nil, err
			}
			items := make([]models.WorkItem, len(ids))
			for i, id := range ids {
				var err error
				if items[i], err = do(s, id); err != nil {
					return nil, fault.Under(fmt.Sprintf("ids[%d]", i), err)
				}
			}
			return items, nil
		}
	}
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeWork, taskType, []any{ids, v}),
		each(func(s *desk.Sheet, id models.WorkItemID) (models.WorkItem, error) { return decide(s, p, id, v) }),
		each(func(s *desk.Sheet, id models.WorkItemID) (models.WorkItem, error) { return worklist.Standing(id)(s) }))
}

func checkBulk(ids []models.WorkItemID) error {
	if len(ids) == 0 || len(ids) > decideMax {
		return fault.At(fault.Invalid, "value", "ids", fmt.Sprintf("One call decides 1 to %d items; send the rest in another one.", decideMax))
	}
	seen := map[models.WorkItemID]bool{}
	for i, id := range ids {
		if seen[id] {
			return fault.At(fault.Invalid, "value", fmt.Sprintf("ids[%d]", i), "The item is named twice; name it once.")
		}
		seen[id] = true
	}
	return nil
}

// lockCasesOf takes the locks of all items at once, so that two such calls do not wait for each other.
func lockCasesOf(s *desk.Sheet, ids []models.WorkItemID) error {
	items, err := books.WorkItemsByID(s.View, ids)
	if err != nil {
		return err
	}
	var subjects []string
	for _, w := range items {
		subjects = append(subjects, string(w.CaseID), models.Ref{Type: "Patient", ID: string(w.PatientID)}.String())
	}
	return books.Lock(s.Tx, subjects...)
}

func taskOf(id models.WorkItemID) models.Ref { return models.Ref{Type: taskType, ID: string(id)} }

// decide notes a decision, carries it out and holds that it took away what the item is about; one that takes another back opens it again.
func decide(s *desk.Sheet, p auth.Principal, id models.WorkItemID, v Verdict) (models.WorkItem, error) {
	isUndone := v.Decision == models.DecideUndo
	note := func() (models.WorkItem, models.DecisionFacts, error) {
		if isUndone {
			return worklist.Undo(s, id, v.Reason)
		}
		return worklist.Decide(s, id, v.Decision, v.Reason)
	}
	w, facts, err := note()
	if err != nil {
		return w, err
	}
	if _, err := p.RequireOperation(facts.Scope, taskType); err != nil {
		return w, err
	}
	if err := v.isMeant(); err != nil {
		return w, err
	}
	v.by, v.undone = p, facts.Undoes
	books.Because(s.Tx, models.Ref{Type: taskType, ID: string(id)})
	if err := carriedOut[v.Decision](s, w, v); err != nil {
		return w, err
	}
	if isUndone {
		return worklist.Standing(id)(s)
	}
	return worklist.Decided(s, id)
}

// carriedOut is the use case that each decision runs; a test holds that none is left out.
var carriedOut = map[models.Decision]func(*desk.Sheet, models.WorkItem, Verdict) error{
	models.DecideCode:    codeIt,
	models.DecidePrice:   priceIt,
	models.DecideRecheck: lookAgain,
	models.DecideResend:  resendIt,
	models.DecideAttach:  attachIt,
	models.DecideAccept:  acceptIt,
	models.DecideIgnore:  ignoreIt,
	models.DecideRelease: releaseIt,
	models.DecideRetry:   retryIt,
	models.DecideAnswer:  answerIt,
	models.DecideAgree:   agreeIt,

	models.DecideMatch:       matchIt,
	models.DecideAppeal:      appealIt,
	models.DecideUndo:        undoIt,
	models.DecideWriteOff:    writeItOff,
	models.DecideBillPatient: billPatient,
	models.DecideGiveBack:    giveBack,
	models.DecideRefund:      refundIt,
	models.DecideRevert:      revertIt,

	models.DecideWon:  winIt,
	models.DecideLost: loseIt,

	models.DecideReplace: replaceIt,
	models.DecideVoid:    voidIt,
}

func codeIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	of := ""
	if w.Kind == models.WorkReview {
		var err error
		if of, err = coding.Reviewed(s, w.CaseID); err != nil {
			return err
		}
		if err := s.Item(false, w); err != nil {
			return err
		}
	}
	_, err := coding.Code(s, w.CaseID.Visit(), v.Coding, of, planned)
	return err
}

// answerIt tells the coder what was asked; the case goes on.
func answerIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if err := coding.Answer(s, w, v.Reason); err != nil {
		return err
	}
	return goOn(s, w, v)
}

// agreeIt keeps that a second coder agrees.
func agreeIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if err := coding.Agree(s, w.CaseID); err != nil {
		return err
	}
	return goOn(s, w, v)
}

func priceIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if _, err := loadFees(s.Tx, v.Fees); err != nil {
		return err
	}
	return lookAgain(s, w, v)
}

// lookAgain plans the case now, whether anything came for it or not; of a plan its payer is asked.
func lookAgain(s *desk.Sheet, w models.WorkItem, _ Verdict) error {
	if w.Kind == models.WorkEligibility {
		return front.AskAgain(s, models.CoverageID(w.Subject.ID), w.ID)
	}
	if w.Kind == models.WorkAuthorization || w.Kind == models.WorkPended {
		return front.RequestAgain(s, models.ClaimID(w.Subject.ID))
	}
	if w.Kind == models.WorkDeposit {
		return bank.AskAgain(s, models.DepositID(w.Subject.ID))
	}
	if w.Kind == models.WorkNoAnswer {
		if err := remittance.AskAgain(s, w.ClaimID); err != nil {
			return err
		}
		return goOn(s, w, Verdict{})
	}
	if w.Kind == models.WorkGuarantor && w.CaseID == "" {
		return accounts.Readdress(s, w.PatientID)
	}
	c, _, err := books.Case(s.View, w.CaseID)
	if err != nil {
		return err
	}
	if err := s.Due(c, models.StepPlan); err != nil {
		return err
	}
	return advance(s, w.CaseID)
}

func resendIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if w.Kind == models.WorkNoAnswer {
		if err := claims.Resend(s, w.ClaimID); err != nil {
			return err
		}
		return goOn(s, w, v)
	}
	if _, err := claims.Submit(s, w.ClaimID, advance); err != nil {
		return err
	}
	return stand(s, w.CaseID)
}

// attachIt gives the payer the documents that it asked for.
func attachIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if err := remittance.Attach(s, w, v.Documents); err != nil {
		return err
	}
	return goOn(s, w, v)
}

// acceptIt refuses to leave what the payer owes by the books, where the work is about that: a case at its end must not owe anything.
// An answer that misreports what payers before did is posted as it should have been.
func acceptIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if w.Category == adjudication.CodeMisreported {
		if err := remittance.Accept(s, models.AnswerID(w.Subject.ID)); err != nil {
			return err
		}
		if err := s.Item(false, w); err != nil {
			return err
		}
		return goOn(s, w, v)
	}
	if w.Kind == models.WorkUnmatched {
		return remittance.Leave(s, models.AnswerID(w.Subject.ID))
	}
	if w.Category == remittance.CategoryFirst {
		return fault.At(fault.Conflict, "work.waits", "decision", "The judgement is posted by itself once the payer takes back what it paid of the first claim; put the work off, and ask the payer for that.")
	}
	if w.Kind.Facts().Stake != models.StakeInsurance {
		return goOn(s, w, v)
	}
	owed, err := s.OwedByPayer(w.CaseID, w.ClaimID)
	if err != nil {
		return err
	}
	if owed != 0 {
		return fault.At(fault.Conflict, "work.owed", "decision", "The payer still owes "+owed.String()+" of the claim by the books; write that off, ask the patient, or put the work off with the reason.")
	}
	return goOn(s, w, v)
}

// ignoreIt goes on; a claim that its payer is said to have passed on was not, then.
func ignoreIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if w.Kind == models.WorkPassedOn {
		if err := remittance.NotPassedOn(s, models.AnswerID(w.Subject.ID)); err != nil {
			return err
		}
	}
	return goOn(s, w, v)
}

// matchIt posts an answer that named no claim of ours as one to the claim that is named now.
func matchIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if v.Claim == "" {
		return fault.At(fault.Invalid, "required", "claim", "The decision names the claim that the answer is to; the item lists those that it may be.")
	}
	return remittance.Match(s, models.AnswerID(w.Subject.ID), v.Claim)
}

// appealIt keeps that what the payer refused is appealed.
func appealIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if err := remittance.Appeal(s, w); err != nil {
		return err
	}
	return goOn(s, w, v)
}

// undoIt takes back what was decided about an answer, or that a corrected claim goes out. The patient who was asked for it is asked no more then.
func undoIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if v.undone == models.DecideReplace || v.undone == models.DecideVoid {
		return dropIt(s, w, v.undone)
	}
	n, err := remittance.Undo(s, w, v.undone)
	if err != nil {
		return err
	}
	if v.undone == models.DecideBillPatient {
		return relieve(s, w, n)
	}
	return goOn(s, w, v)
}

// relieve goes on after the n-th decision about an answer left the patient less to pay.
func relieve(s *desk.Sheet, w models.WorkItem, n int) error {
	kase, _, err := books.Case(s.View, w.CaseID)
	if err != nil {
		return err
	}
	if err := accounts.Relieve(s, kase, models.CauseOfRelief(models.AnswerID(w.Subject.ID), n)); err != nil {
		return err
	}
	return goOn(s, w, Verdict{})
}

// writeItOff gives up what the payer owes; above what the practice lets a biller it is a manager's.
func writeItOff(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	_, denied := v.by.RequireOperation(models.ForManager.Scope(), taskType)
	most := models.AmountMax
	if denied != nil {
		most = models.Cents(s.Settings().WriteOffMax) * 100
	}
	if err := remittance.WriteOff(s, w, most); err != nil {
		return err
	}
	return goOn(s, w, v)
}

// billPatient moves what the payer refused to the patient.
func billPatient(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if err := remittance.BillPatient(s, w); err != nil {
		return err
	}
	return goOn(s, w, v)
}

// giveBack owes the payer what it paid too much, and asks nobody for what it left too much.
func giveBack(s *desk.Sheet, w models.WorkItem, _ Verdict) error {
	n, err := remittance.GiveBack(s, w)
	if err != nil {
		return err
	}
	return relieve(s, w, n)
}

// goOn does what the case waits with; nothing waits with what is about no case.
func goOn(s *desk.Sheet, w models.WorkItem, _ Verdict) error {
	if w.CaseID == "" {
		return nil
	}
	return advance(s, w.CaseID)
}

// releaseIt goes on; what went to a next payer who is not asked any more, or what the patient was not to be asked for, is the patient's then.
func releaseIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	if w.Kind == models.WorkNextPayer {
		if err := remittance.Release(s, models.ClaimID(w.Subject.ID)); err != nil {
			return err
		}
	}
	if w.Kind == models.WorkDispute || w.Kind == models.WorkCollections || w.Kind == models.WorkMail {
		return accounts.ReleaseFor(s, w)
	}
	if w.Kind == models.WorkHardship {
		if err := remittance.Unshield(s, models.AnswerID(w.Subject.ID)); err != nil {
			return err
		}
	}
	return goOn(s, w, v)
}

// retryIt asks for the step that failed; a worker takes it.
func retryIt(s *desk.Sheet, w models.WorkItem, _ Verdict) error {
	c, _, err := books.Case(s.View, w.CaseID)
	if err != nil {
		return err
	}
	return s.Due(c, models.StepPlan)
}
