package accounts

import (
	"maps"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/allocation"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/models"
)

// dues is what a patient owes, and after that what he is asked for as the guarantor of others, by the practice or by those who billed before it moved in, and the payments that
// pay nothing yet or not all they could.
type dues struct {
	invoices []models.Invoice // issued, his own first, oldest first
	openings []models.Opening // his own first
	credits  []models.Payment // oldest first
}

// duesOf reads them, and takes the locks of the others.
func duesOf(s *desk.Sheet, patient models.PatientID) (dues, error) {
	read, err := books.DuesOfPatient(s.View, patient)
	if err != nil {
		return dues{}, err
	}
	own := slices.DeleteFunc(read.Invoices, func(i models.Invoice) bool { return i.Status != models.InvoiceIssued })
	d := dues{slices.Concat(own, read.Others), slices.Concat(read.Openings, read.Before), read.Credits}
	var others []string
	for _, i := range read.Others {
		others = append(others, patientOf(i.PatientID).String())
	}
	for _, o := range read.Before {
		others = append(others, patientOf(o.PatientID).String())
	}
	if len(others) > 0 {
		err = books.Lock(s.Tx, others...)
	}
	return d, err
}

// list gives what is due piece by piece, oldest first.
func (d dues) list() []allocation.Due {
	var list []allocation.Due
	for _, o := range d.openings {
		list = append(list, allocation.Due{PatientID: o.PatientID, ChargeID: o.ChargeID, CaseID: o.CaseID(), ServiceDate: o.ServiceDate, Amount: o.Due})
	}
	for _, i := range d.invoices {
		for _, l := range i.Lines {
			list = append(list, allocation.Due{PatientID: i.PatientID, InvoiceID: i.ID, ChargeID: l.ChargeID, CaseID: i.CaseID, ServiceDate: l.ServiceDate, Amount: l.Due})
		}
	}
	return list
}

// sum gives what is due together.
func (d dues) sum() (sum models.Cents) {
	for _, due := range d.list() {
		sum += due.Amount
	}
	return sum
}

// earmarks gives the credits as they may be used: what was paid for a visit waits until its payers answered. answered is a case that is about to be billed.
func (d dues) earmarks(s *desk.Sheet, answered models.CaseID) ([]allocation.Credit, error) {
	list := make([]allocation.Credit, len(d.credits))
	for i, p := range d.credits {
		var err error
		if list[i], err = earmark(s, p, answered); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func earmark(s *desk.Sheet, p models.Payment, answered models.CaseID) (allocation.Credit, error) {
	c := allocation.Credit{PaymentID: p.ID, Amount: p.Unapplied, First: p.InvoiceID()}
	purpose := p.Purpose()
	switch purpose.Type {
	case models.OriginVisit:
		c.Visit = models.CaseOf(models.VisitID(purpose.ID))
	case appointmentType:
		visits, err := s.Referring(models.OriginVisit, "appointment", purpose)
		if err != nil {
			return c, err
		}
		for _, v := range visits {
			c.Visit = models.CaseOf(models.VisitID(v.ID()))
		}
	default:
		return c, nil
	}
	if c.Waits = c.Visit == "" || c.Visit != answered; !c.Waits || c.Visit == "" {
		return c, nil
	}
	kase, known, err := books.Case(s.View, c.Visit)
	c.Waits = !known || !isAnswered[kase.State]
	return c, err
}

const appointmentType = "Appointment"

// isAnswered are the states of a visit for which nobody else is asked any more.
var isAnswered = map[models.CaseState]bool{models.CasePatient: true, models.CaseClosed: true, models.CaseVoided: true, models.CaseNotOurs: true}

// spend has credits pay what is due, and gives what became of the payments that pay something, with the entries of it.
func (d dues) spend(credits []allocation.Credit, payments []models.Payment, day models.Date) (shares []models.Allocation, changed []models.Payment, entries []models.Entry) {
	shares = allocation.Spread(credits, d.list())
	for _, p := range payments {
		own := allocation.Of(shares, p.ID)
		if len(own) == 0 {
			continue
		}
		p = allocation.Moved(p, own, 1)
		entry, _ := ledger.Allocated(p, own, day)
		changed, entries = append(changed, p), append(entries, entry)
	}
	return shares, changed, entries
}

// Apply has credits pay what a patient owes and what he is asked for: his own, and those of who is asked for the rest. answered is a case that is about to be billed, "" for none. It gives the cases of which
// something was paid.
func Apply(s *desk.Sheet, patient models.PatientID, answered models.CaseID) ([]models.CaseID, error) {
	cases, err := applyOwn(s, patient, answered)
	if err != nil {
		return nil, err
	}
	d, err := duesOf(s, patient)
	if err != nil {
		return nil, err
	}
	more, err := applyOf(s, patient, d.guarantors()...)
	return append(cases, more...), err
}

// guarantors gives the patients who are asked for what is due.
func (d dues) guarantors() (list []models.PatientID) {
	add := func(who models.Ref) {
		if who.Type == "Patient" {
			list = append(list, models.PatientID(who.ID))
		}
	}
	for _, i := range d.invoices {
		add(i.Recipient)
	}
	for _, o := range d.openings {
		add(o.Recipient)
	}
	return list
}

// applyOwn is Apply for the patient's own credits.
func applyOwn(s *desk.Sheet, patient models.PatientID, answered models.CaseID) ([]models.CaseID, error) {
	d, err := duesOf(s, patient)
	if err != nil || len(d.credits) == 0 {
		return nil, err
	}
	credits, err := d.earmarks(s, answered)
	if err != nil {
		return nil, err
	}
	shares, changed, entries := d.spend(credits, d.credits, s.Today())
	if len(shares) == 0 {
		return nil, askAboutCredit(s, patient)
	}
	if err := books.SavePayments(s.Tx, changed...); err != nil {
		return nil, err
	}
	if err := s.Post(entries...); err != nil {
		return nil, err
	}
	cases, err := d.settle(s, shares)
	if err != nil {
		return nil, err
	}
	return cases, askAboutCredit(s, patient)
}

// applyOf has the credits of others than a patient pay what they owe and are asked for, under their locks.
func applyOf(s *desk.Sheet, patient models.PatientID, others ...models.PatientID) ([]models.CaseID, error) {
	var cases []models.CaseID
	slices.Sort(others)
	for _, other := range slices.Compact(others) {
		if other == patient {
			continue
		}
		if err := books.Lock(s.Tx, patientOf(other).String()); err != nil {
			return nil, err
		}
		paid, err := applyOwn(s, other, "")
		if err != nil {
			return nil, err
		}
		cases = append(cases, paid...)
	}
	return cases, nil
}

func (d dues) sumOfCredits() (sum models.Cents) {
	for _, p := range d.credits {
		sum += p.Unapplied
	}
	return sum
}

// settle takes shares off what they paid, and gives the cases of that.
func (d dues) settle(s *desk.Sheet, shares []models.Allocation) ([]models.CaseID, error) {
	var cases []models.CaseID
	var openings []models.Opening
	paid := map[models.PatientID][]models.Invoice{}
	for _, o := range d.openings {
		share := allocation.Sum(slices.DeleteFunc(slices.Clone(shares), func(a models.Allocation) bool { return a.ChargeID != o.ChargeID || a.InvoiceID != "" }))
		if share > 0 {
			o.Due -= share
			openings, cases = append(openings, o), append(cases, o.CaseID())
			paid[o.PatientID] = nil
		}
	}
	if err := books.SaveOpenings(s.Tx, openings...); err != nil {
		return nil, err
	}
	for _, i := range d.invoices {
		if after := settled(i, shares); after.Due != i.Due {
			paid[i.PatientID], cases = append(paid[i.PatientID], after), append(cases, i.CaseID)
		}
	}
	for _, patient := range slices.Sorted(maps.Keys(paid)) {
		if err := s.RestateInvoices(patient, paid[patient]...); err != nil {
			return nil, err
		}
	}
	return cases, nil
}
