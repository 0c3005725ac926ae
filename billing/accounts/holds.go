package accounts

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/statement"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// HoldRequest is why the guarantor of a patient is to be sent no statements, until a day or, without one, until the hold is lifted.
type HoldRequest struct {
	PatientID models.PatientID
	Kind      models.HoldKind
	Until     models.Date
	Reason    string
}

// DisputeRequest is what is wrong with an invoice in the eyes of who is to pay it; IsEstimate says that it is too much above the good faith estimate.
type DisputeRequest struct {
	InvoiceID  models.InvoiceID
	Reason     string
	IsEstimate bool
}

// HoldStatements keeps statements from the guarantor of a patient; the same kind again says what holds now. Mail that came back is work. It refuses a kind that follows from something else (Invalid), and a day that
// is over (BusinessRule).
func HoldStatements(s *desk.Sheet, r HoldRequest) (models.StatementHold, error) {
	none := models.StatementHold{}
	if !r.Kind.PutByPeople() {
		return none, fault.At(fault.Invalid, "code-invalid", "kind", "Statements are held for deceased, bankruptcy, bad-address or manual; an invoice is disputed by its own operation.")
	}
	if err := fault.Under("reason", models.CheckText(r.Reason)); err != nil {
		return none, err
	}
	if r.Until != "" && r.Until <= s.Today() {
		return none, fault.At(fault.BusinessRule, "hold.until", "until", "The day is over; state the first day on which statements are sent again, or none.")
	}
	who, err := lockGuarantor(s, r.PatientID)
	if err != nil {
		return none, err
	}
	h, err := hold(s, models.StatementHold{Guarantor: who, Kind: r.Kind, Until: r.Until, Reason: r.Reason})
	if err != nil || r.Kind != models.HoldBadAddress {
		return h, err
	}
	return h, s.Item(true, models.WorkItem{
		Kind: models.WorkMail, Subject: who, PatientID: r.PatientID, Reason: "Mail to who pays came back; correct the address, and release the statements.",
		Notes: models.List[models.WorkNote]{{By: s.Subject(), At: s.Now(), Text: r.Reason}},
	})
}

// hold writes a hold from today on, over the one of the same kind about the same that there is.
func hold(s *desk.Sheet, h models.StatementHold) (models.StatementHold, error) {
	before, err := books.HoldsOf(s.View, []models.Ref{h.Guarantor})
	if err != nil {
		return h, err
	}
	for _, one := range before {
		if one.Holds(s.Today()) && one.Kind == h.Kind && one.About == h.About {
			one.Until, one.Reason, one.By = h.Until, h.Reason, s.Subject()
			return one, books.SaveHold(s.Tx, one)
		}
	}
	h.ID, h.From, h.By = models.HoldID(s.NewID()), s.Today(), s.Subject()
	return h, books.SaveHold(s.Tx, h)
}

// StandingHold gives the last hold on the statements of the guarantor of a patient.
func StandingHold(s *desk.Sheet, patient models.PatientID) (models.StatementHold, error) {
	who, err := guarantorOf(s, patient)
	if err != nil {
		return models.StatementHold{}, err
	}
	holds, err := books.HoldsOf(s.View, []models.Ref{who})
	if err != nil || len(holds) == 0 {
		return models.StatementHold{}, err
	}
	return holds[len(holds)-1], nil
}

// ReleaseStatements lifts the holds of a kind on the statements of the guarantor of a patient, "" for all of them, closes the work about them, and gives them. It refuses where none holds (Conflict, hold.none).
func ReleaseStatements(s *desk.Sheet, patient models.PatientID, kind models.HoldKind) ([]models.StatementHold, error) {
	if kind != "" && !slices.Contains(models.HoldKinds(), kind) {
		return nil, fault.At(fault.Invalid, "code-invalid", "kind", "The kind of hold is unknown; leave it out to lift all.")
	}
	who, err := lockGuarantor(s, patient)
	if err != nil {
		return nil, err
	}
	lifted, err := lift(s, who, func(h models.StatementHold) bool { return kind == "" || h.Kind == kind })
	if err == nil && len(lifted) == 0 {
		err = fault.New(fault.Conflict, "hold.none", "No such hold keeps statements from the guarantor.")
	}
	return lifted, err
}

// lift ends those holds that are meant and hold today, with the work about them.
func lift(s *desk.Sheet, guarantor models.Ref, is func(models.StatementHold) bool) ([]models.StatementHold, error) {
	holds, err := books.HoldsOf(s.View, []models.Ref{guarantor})
	if err != nil {
		return nil, err
	}
	var lifted []models.StatementHold
	for _, h := range holds {
		if !h.Holds(s.Today()) || !is(h) {
			continue
		}
		h.Lifted, h.LiftedBy = s.Today(), s.Subject()
		if err := books.SaveHold(s.Tx, h); err != nil {
			return nil, err
		}
		if kind, subject := workOf(h); kind != "" {
			if err := s.Item(false, models.WorkItem{Kind: kind, Subject: subject}); err != nil {
				return nil, err
			}
		}
		if h.Kind == models.HoldCollections {
			if err := books.BeginCycle(s.Tx, h.Guarantor); err != nil {
				return nil, err
			}
		}
		lifted = append(lifted, h)
	}
	return lifted, nil
}

// workOf gives the work that is about a hold; "" where none is.
func workOf(h models.StatementHold) (models.WorkKind, models.Ref) {
	switch h.Kind {
	case models.HoldDispute, models.HoldEstimateDispute:
		return models.WorkDispute, h.About
	case models.HoldCollections:
		return models.WorkCollections, h.Guarantor
	case models.HoldBadAddress:
		return models.WorkMail, h.Guarantor
	case models.HoldDeceased, models.HoldBankruptcy, models.HoldManual:
	}
	return "", models.Ref{}
}

// ReleaseFor lifts the holds that a piece of work is about, because somebody decided it.
func ReleaseFor(s *desk.Sheet, w models.WorkItem) error {
	who, err := heldFor(s, w)
	if err != nil {
		return err
	}
	if err := books.Lock(s.Tx, who.String()); err != nil {
		return err
	}
	_, err = lift(s, who, func(h models.StatementHold) bool {
		kind, subject := workOf(h)
		return kind == w.Kind && (subject == w.Subject || subject == who)
	})
	return err
}

// heldFor gives who is sent no statements because of what a piece of work is about: a guarantor, who may have been merged since, or the invoice that one disputes.
func heldFor(s *desk.Sheet, w models.WorkItem) (models.Ref, error) {
	switch w.Subject.Type {
	case "Invoice":
		i, _, err := books.Invoice(s.View, models.InvoiceID(w.Subject.ID))
		return i.Recipient, err
	case "Patient":
		survivor, err := s.Survivor(models.PatientID(w.Subject.ID))
		return patientOf(survivor), err
	}
	return w.Subject, nil
}

// Dispute keeps statements from the guarantor of an invoice, and has a manager decide. For a bill above a good faith estimate that is for 120 days at most (45 CFR 149.620). It refuses an
// invoice of which nothing is due (Conflict, invoice.settled), and as above an estimate where none counts for it, or later than 120 days after it was issued (BusinessRule, dispute.estimate).
func Dispute(s *desk.Sheet, r DisputeRequest) (models.StatementHold, error) {
	none := models.StatementHold{}
	if err := fault.Under("reason", models.CheckText(r.Reason)); err != nil {
		return none, err
	}
	i, err := Standing(r.InvoiceID)(s)
	if err != nil {
		return none, err
	}
	if err := books.Lock(s.Tx, i.Recipient.String()); err != nil {
		return none, err
	}
	if i.Status != models.InvoiceIssued {
		return none, fault.At(fault.Conflict, "invoice.settled", "Invoice.status", "Nothing is due of the invoice, so there is nothing to dispute.")
	}
	h := models.StatementHold{Guarantor: i.Recipient, Kind: models.HoldDispute, About: models.Ref{Type: "Invoice", ID: string(i.ID)}, Reason: r.Reason}
	due := models.Date("")
	if r.IsEstimate {
		if err := checkEstimateDispute(s, i); err != nil {
			return none, err
		}
		h.Kind, h.Until = models.HoldEstimateDispute, s.Today().AddDays(models.EstimateDisputeDays)
		due = h.Until
	}
	if h, err = hold(s, h); err != nil {
		return none, err
	}
	return h, s.Item(true, models.WorkItem{
		Kind: models.WorkDispute, Category: string(h.Kind), Subject: h.About, PatientID: i.PatientID, Amount: i.Due, Due: due, Cause: string(h.ID),
		Reason: "Who is to pay the invoice disputes it, and is sent no statements; the note says why. Correct it, or release the statements with what was found.",
		Notes:  models.List[models.WorkNote]{{By: s.Subject(), At: s.Now(), Text: r.Reason}},
	})
}

func checkEstimateDispute(s *desk.Sheet, i models.Invoice) error {
	refused := func(text string) error { return fault.At(fault.BusinessRule, "dispute.estimate", "estimate", text) }
	if s.Today() > i.Issued.AddDays(models.EstimateDisputeDays) {
		return refused("A bill is disputed as above a good faith estimate within 120 days; dispute it without that.")
	}
	made, err := books.EstimatesOfPatients(s.View, []models.PatientID{i.PatientID})
	if err == nil && !slices.ContainsFunc(made, func(e models.GoodFaithEstimate) bool { return e.CaseID == i.CaseID }) {
		err = refused("No good faith estimate counts for the invoice; dispute it without that.")
	}
	return err
}

// StandingDispute gives the hold of the dispute of an invoice.
func StandingDispute(s *desk.Sheet, id models.InvoiceID) (models.StatementHold, error) {
	i, err := Standing(id)(s)
	if err != nil {
		return models.StatementHold{}, err
	}
	last := models.StatementHold{}
	holds, err := books.HoldsOf(s.View, []models.Ref{i.Recipient})
	for _, h := range holds {
		if h.About == (models.Ref{Type: "Invoice", ID: string(id)}) {
			last = h
		}
	}
	return last, err
}

// askCollections keeps letters from a guarantor that was sent all of them, and has a manager decide what becomes of what is due.
func askCollections(s *desk.Sheet, a statement.Account) error {
	if _, err := hold(s, models.StatementHold{Guarantor: a.Guarantor, Kind: models.HoldCollections, Reason: "All letters were sent."}); err != nil {
		return err
	}
	return s.Item(true, models.WorkItem{
		Kind: models.WorkCollections, Subject: a.Guarantor, PatientID: a.Patient(), Amount: statement.Exhausted(a),
		Reason: "All letters were sent, and it is due still. Give it to collections or write it off, or have the letters begin again with the reason.",
	})
}
