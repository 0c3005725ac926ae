package claims

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/claim"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// DecideClaim takes a draft for a claim of ours; any other Claim records billing done elsewhere.
func DecideClaim(_ *store.Tx, a records.Arrival) (records.Fate, error) {
	if a.Document.Root().Get("status").Is("draft") {
		return records.FateBooked, nil
	}
	return records.FateExternal, nil
}

// BookDraft keeps a draft that a front end wrote as a claim of ours, with our number and our states. It opens a case; where its
// items name a visit it is the visit's claim, and is refused where the visit is in the books with other lines or on an invoice
// (Conflict, claim.visit). One whose coverage or visit is another patient's is refused (BusinessRule). Once sent it stands.
func BookDraft(replan Rest) func(*store.Tx, records.Arrival) (string, error) {
	return func(tx *store.Tx, a records.Arrival) (string, error) {
		s := desk.Open(tx)
		before, known, err := books.Claim(s.View, models.ClaimID(a.Ref.ID))
		switch {
		case err == nil && known:
			err = mayChange(before)
		case err == nil && a.Before.Version > 0:
			err = fault.At(fault.Conflict, "claim.estimate", "Claim.use", "The Claim is a good faith estimate, which stands as it was made; make another one by the operation good-faith-estimate.")
		}
		if err != nil {
			return "", err
		}
		if err := documents.SaveSent(s.Tx, a.Ref, a.Document.Bytes()); err != nil {
			return "", err
		}
		c := before
		switch status := a.Document.Root().Get("status"); {
		case status.Is("draft"):
			c, err = write(s, a, before, replan)
		case status.Is("cancelled"), status.Is("entered-in-error"):
			err = takeBack(s, before)
		default:
			err = fault.At(fault.BusinessRule, "claim.status", "Claim.status", "A draft goes out by the operation submit and is taken back by the status cancelled; no other status can be written.")
		}
		if err != nil {
			return "", err
		}
		return a.Ref.ID, replan(s, c.CaseID)
	}
}

// mayChange refuses to change a claim that a payer has, or that no front end wrote.
func mayChange(c models.Claim) error {
	switch {
	case c.State.Facts().Sent:
		return fault.At(fault.Conflict, "claim.sent", "Claim.status", "The claim is with the payer and cannot be changed.")
	case !c.IsDrafted():
		return fault.At(fault.Conflict, "claim.visit", "Claim.item", "The claim is made from its visit; code the visit again to change it.")
	}
	return nil
}

// takeBack withdraws a draft that was not sent; a visit that it billed is billed by what the EHR says again.
func takeBack(s *desk.Sheet, c models.Claim) error {
	if c.State == models.ClaimWithdrawn {
		return nil
	}
	if err := books.Lock(s.Tx, string(c.CaseID)); err != nil {
		return err
	}
	next, err := claim.Next(c.State, claim.TakeBack)
	if err != nil {
		return err
	}
	if err := leave(s, c, next); err != nil {
		return err
	}
	if err := replanBesideDraft(s, c); err != nil {
		return err
	}
	return planAgain(s, c.CaseID)
}

// planAgain asks for a plan of a case that a draft does not bill any more: what the EHR says counts again.
func planAgain(s *desk.Sheet, id models.CaseID) error {
	kase, _, err := books.Case(s.View, id)
	if err != nil {
		return err
	}
	return s.Due(kase, models.StepPlan)
}

// write keeps a draft as a claim of its case. One that names another visit than before leaves the case that it billed.
func write(s *desk.Sheet, a records.Arrival, before models.Claim, replan Rest) (models.Claim, error) {
	c, err := readDraft(s, a, before)
	if err != nil {
		return c, err
	}
	if err := books.Lock(s.Tx, string(before.CaseID), string(c.CaseID)); err != nil {
		return c, err
	}
	if err := join(s, &c, replan); err != nil {
		return c, err
	}
	if before.CaseID != "" && before.CaseID != c.CaseID {
		if err := leaveCase(s, before); err != nil {
			return c, err
		}
	}
	if err := books.SaveClaim(s.Tx, c); err != nil {
		return c, err
	}
	return c, replanBesideDraft(s, before, c)
}

// leaveCase takes a draft out of a case: what was open there about it is nobody's any more, and the case is planned again.
func leaveCase(s *desk.Sheet, c models.Claim) error {
	of := models.Ref{Type: "Claim", ID: string(c.ID)}
	if err := s.Done(c.CaseID, func(w models.WorkItem) bool { return w.Subject == of }); err != nil {
		return err
	}
	return planAgain(s, c.CaseID)
}

// readDraft reads a draft, and refuses it where it cannot be that of a claim.
func readDraft(s *desk.Sheet, a records.Arrival, before models.Claim) (models.Claim, error) {
	id := models.ClaimID(a.Ref.ID)
	d, err := s.Resolve(a.Document)
	if err != nil {
		return before, err
	}
	named, err := s.Documents(intake.DraftRoles(d[0])...)
	if err != nil {
		return before, err
	}
	roles := make([]models.PractitionerRole, len(named))
	for i, role := range named {
		roles[i] = intake.PractitionerRole(role)
	}
	c, err := intake.DraftClaim(d[0], s.Zone(), roles...)
	if err != nil {
		return before, err
	}
	c.ID, c.Cause, c.Number, c.Created = id, models.CauseOfDraft(id), before.Number, before.Created
	c.CaseID = cmp.Or(c.CaseID, models.CaseOfDraft(id))
	c.Lines = asCoded(c.Lines, before.Lines)
	if c.Number == "" {
		c.Number = claim.Number(s.NewNumber())
	}
	return c, ofOnePatient(s, c)
}

// asCoded gives the lines of a draft without what rules of the practice set on them when it was last checked: who reads a draft and writes it
// back has not coded that.
func asCoded(lines, before []models.ClaimLine) []models.ClaimLine {
	for i := range lines {
		at := slices.IndexFunc(before, func(b models.ClaimLine) bool { return b.Sequence == lines[i].Sequence && b.Code == lines[i].Code })
		if at >= 0 {
			lines[i].Added = before[at].Added
			lines[i] = lines[i].Coded()
		}
	}
	return lines
}

// ofOnePatient refuses a draft whose visit or coverage belongs to another patient than the claim.
func ofOnePatient(s *desk.Sheet, c models.Claim) error {
	coverage, err := s.Document(models.Ref{Type: "Coverage", ID: string(c.CoverageID)})
	if err != nil {
		return err
	}
	if coverage != nil {
		if err := belongs(s, intake.Coverage(coverage, s.Zone()).PatientID, c.PatientID, "Claim.insurance[0].coverage", "The coverage is another patient's; name one of the patient's own."); err != nil {
			return err
		}
	}
	if c.CaseID.Visit() == "" {
		return nil
	}
	visit, err := s.Document(c.CaseID.Origin())
	if err != nil || visit == nil {
		return err
	}
	return belongs(s, intake.Encounter(visit, s.Zone()).PatientID, c.PatientID, "Claim.item[0].encounter", "The visit is another patient's; name one of the patient's own.")
}

func belongs(s *desk.Sheet, whose, patient models.PatientID, path, text string) error {
	isOne, err := isOnePatient(s, whose, patient)
	if err == nil && !isOne {
		err = fault.At(fault.BusinessRule, "claim.patient", path, text)
	}
	return err
}

// join makes a draft the claim of its case: it opens the case, or takes the place of the claims that the visit would have. A
// case that is to be planned is planned first, so that the draft is held against what its visit says now. Its lock is held.
func join(s *desk.Sheet, c *models.Claim, replan Rest) error {
	kase, open, err := books.Case(s.View, c.CaseID)
	if err == nil && kase.Due == models.StepPlan && kase.CodedBy != models.CodedByDraft {
		if err = replan(s, c.CaseID); err == nil {
			kase, _, err = books.Case(s.View, c.CaseID)
		}
	}
	if err != nil {
		return err
	}
	if !open {
		kase = models.Case{ID: c.CaseID, PatientID: c.PatientID, State: models.CaseNew}
	}
	existing, err := books.ClaimsOfCase(s.View, c.CaseID)
	if err != nil {
		return err
	}
	for _, other := range existing {
		if other.ID != c.ID && (other.State.Facts().Sent || other.IsDrafted() && other.State.IsLive()) {
			return inBooks(other)
		}
	}
	if err := isUnasked(s, c.CaseID); err != nil {
		return err
	}
	if open && kase.CodedBy != models.CodedByDraft {
		if err := matchCharges(s, c, existing); err != nil {
			return err
		}
	}
	kase.CodedBy, kase.Chart, kase.BillingID, kase.Rendering = models.CodedByDraft, "", c.BillingID, c.Rendering
	kase.PatientID, kase.PlaceOfService, kase.ServiceDate, kase.EndDate = c.PatientID, c.PlaceOfService, c.ServiceFrom, c.ServiceUntil
	kase.Due, kase.DueAt = models.StepPlan, s.Now()
	return books.SaveCase(s.Tx, kase)
}

// isUnasked refuses a draft of a visit for which the patient was asked: nobody is to pay twice.
func isUnasked(s *desk.Sheet, id models.CaseID) error {
	invoices, err := books.InvoicesOfCase(s.View, id)
	for _, i := range invoices {
		if i.Status != models.InvoiceCancelled {
			return fault.At(fault.Conflict, "claim.visit", "Claim.item",
				fmt.Sprintf("Invoice/%s asks the patient for the visit; send the coverage that pays for it first, which takes back an unpaid one.", i.ID))
		}
	}
	return err
}

func inBooks(other models.Claim) error {
	return fault.At(fault.Conflict, "claim.visit", "Claim.item",
		fmt.Sprintf("The visit is in the books and Claim/%s bills it; correct that one, or void it first.", other.ID))
}

// matchCharges gives each line of the draft the charge in the books that it bills. Where the visit is charged with other lines,
// nothing is taken; where it is not charged yet, the draft says what it was.
func matchCharges(s *desk.Sheet, c *models.Claim, existing []models.Claim) error {
	charges, err := books.Charges(s.View, c.CaseID)
	if err != nil {
		return err
	}
	rest := slices.DeleteFunc(charges, func(one models.Charge) bool { return !one.IsPosted() })
	if len(rest) == 0 {
		return nil
	}
	for i, line := range c.Lines {
		at := slices.IndexFunc(rest, func(one models.Charge) bool { return isCharged(line, one) })
		if at < 0 {
			return contradicts(existing, i)
		}
		c.Lines[i].ChargeID = rest[at].ID
		rest = slices.Delete(slices.Clone(rest), at, at+1)
	}
	if len(rest) > 0 {
		return contradicts(existing, len(c.Lines)-1)
	}
	return nil
}

func contradicts(existing []models.Claim, line int) error {
	for _, other := range existing {
		if other.State.IsLive() {
			return inBooks(other)
		}
	}
	return fault.At(fault.Conflict, "claim.visit", fmt.Sprintf("Claim.item[%d]", line),
		"The visit is in the books with other lines; code the visit again, or send what it says.")
}

// isCharged reports whether a line bills a charge. A line that names nobody who did it, or no day, contradicts nothing.
func isCharged(line models.ClaimLine, one models.Charge) bool {
	return line.System == one.System && line.Code == one.Code && line.Revenue == one.Revenue && line.Units == one.Units && line.Measure == one.Measure && line.Drug == one.Drug && line.Billed == one.Billed &&
		cmp.Or(line.ServiceDate, one.ServiceDate) == one.ServiceDate && isSameSet(line.Modifiers, one.Modifiers) && cmp.Or(line.Rendering, one.Rendering) == one.Rendering
}

func isSameSet(a, b models.Codes) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}
