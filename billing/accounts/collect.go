package accounts

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/allocation"
	"medbill/billing/rules/ledger"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/processors"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Cashier takes patients' payments. What a processor of the tenant moves is in the books once that says so.
type Cashier struct {
	Processors *processors.Book
}

// PaymentRequest is money a patient gives for an invoice. Key is the client's own for this payment: the same key again is the
// same payment.
type PaymentRequest struct {
	InvoiceID models.InvoiceID
	Amount    models.Cents
	Method    models.PaymentMethod
	Reference string
	Key       string
}

// Text tells the same payment from another one under the same key.
func (r PaymentRequest) Text() string {
	return fmt.Sprintf("%q %d %q %q", r.InvoiceID, r.Amount, r.Method, r.Reference)
}

// Check refuses (Invalid) a payment without a key (required), and (Invalid, BusinessRule) an amount or a reference that no payment
// has. Paths are the names of its parameters.
func (r PaymentRequest) Check() error {
	return check(r.Key, r.Amount, r.Reference)
}

// CollectRequest is money a patient gives, with or without a bill: For is the invoice, the visit or the appointment that it is for, the zero Ref where it pays what is due longest. Day
// is when it was paid, "" being today.
type CollectRequest struct {
	PatientID models.PatientID
	For       models.Ref
	Amount    models.Cents
	Method    models.PaymentMethod
	Processor string
	Reference string
	Till      string
	Day       models.Date
	Key       string
}

// Text tells the same payment from another one under the same key.
func (r CollectRequest) Text() string {
	return contentOf(models.Payment{PatientID: r.PatientID, For: r.For.String(), Amount: r.Amount, Method: r.Method, Processor: r.Processor, Reference: r.Reference, Till: r.Till, Day: r.Day})
}

// contentOf tells a payment from another one under the same key.
func contentOf(p models.Payment) string {
	return fmt.Sprintf("%q %q %d %q %q %q %q %q", p.PatientID, p.For, p.Amount, p.Method, p.Processor, p.Reference, p.Till, p.Day)
}

// Check refuses what PaymentRequest.Check does.
func (r CollectRequest) Check() error {
	return cmp.Or(check(r.Key, r.Amount, r.Reference), fault.Under("till", models.CheckReference(r.Till)), fault.Under("processor", models.CheckReference(r.Processor)))
}

var errNoKey = fault.At(fault.Invalid, "required", "Idempotency-Key", "Every payment needs a key of its own of at most 255 characters, so that sending it again does not pay twice.")

func check(key string, amount models.Cents, reference string) error {
	if key == "" {
		return errNoKey
	}
	if err := models.CheckPaid(amount); err != nil {
		return fault.Under("amount", err)
	}
	return fault.Under("reference", models.CheckReference(reference))
}

// Standing gives an invoice as it stands.
func Standing(id models.InvoiceID) func(*desk.Sheet) (models.Invoice, error) {
	return func(s *desk.Sheet) (models.Invoice, error) {
		i, known, err := books.Invoice(s.View, id)
		if err == nil && !known {
			err = fault.New(fault.Conflict, "invoice.external", "The invoice records billing done elsewhere; it cannot be paid here.")
		}
		return i, err
	}
}

// Pay puts a patient's payment for an invoice in the books and gives the invoice as it stands then, with the cases of which something was paid.
// What exceeds the invoice pays the balances from before, then the patient's earlier open invoices, oldest first, and what is left becomes a credit. A processor's
// reference is one payment, however often it comes. It refuses a cancelled invoice (Conflict), another payment under the same
// reference (Conflict, payment.reference), and of a patient's own token what is not the patient's to do (Forbidden,
// BusinessRule).
func (c Cashier) Pay(s *desk.Sheet, who auth.Principal, r PaymentRequest) (models.Invoice, []models.CaseID, error) {
	i, err := Standing(r.InvoiceID)(s)
	if err != nil {
		return i, nil, err
	}
	p := models.Payment{
		PatientID: i.PatientID, For: models.Ref{Type: "Invoice", ID: string(i.ID)}.String(), RecipientID: i.IssuerID, Amount: r.Amount, Method: r.Method,
		Reference: r.Reference, Caller: who.Caller(), Key: r.Key, BodyHash: hashOf(r.Text()),
	}
	if err := c.begin(s, &p); err != nil {
		return i, nil, err
	}
	before, err := known(s, p)
	if err != nil || before.ID != "" {
		return i, nil, err
	}
	if i.Status == models.InvoiceCancelled {
		return i, nil, fault.At(fault.Conflict, "invoice.cancelled", "Invoice.status", "The invoice is cancelled; pay the one that replaces it.")
	}
	level, err := who.RequireOperation(auth.OperationPay, "Invoice")
	if err != nil {
		return i, nil, err
	}
	_, cases, err := c.receive(s, level, p)
	if err != nil {
		return i, nil, err
	}
	i, err = Standing(r.InvoiceID)(s)
	return i, cases, err
}

// Collect puts money of a patient in the books, with or without a bill, and gives the payment as it stands then, with the cases of which something was paid. What is for a visit or an
// appointment waits as the patient's credit until the visit is billed; all else pays what is due longest. It refuses (BusinessRule, payment.purpose) what is for an invoice or a visit of somebody
// else, and what Pay does.
func (c Cashier) Collect(s *desk.Sheet, who auth.Principal, r CollectRequest) (models.Payment, []models.CaseID, error) {
	level, err := who.RequireOperation(auth.OperationPay, "Patient")
	if err != nil {
		return models.Payment{}, nil, err
	}
	return c.Take(s, level, models.Payment{
		PatientID: r.PatientID, For: r.For.String(), Amount: r.Amount, Method: r.Method, Processor: r.Processor, Reference: r.Reference, Till: r.Till, Day: r.Day,
		Caller: who.Caller(), Key: r.Key,
	})
}

// Take is Collect for a payment as it came by whatever door, from somebody whose right has a level.
func (c Cashier) Take(s *desk.Sheet, level auth.Level, p models.Payment) (models.Payment, []models.CaseID, error) {
	p.BodyHash = hashOf(contentOf(p))
	if err := c.begin(s, &p); err != nil {
		return p, nil, err
	}
	before, err := known(s, p)
	if err != nil || before.ID != "" {
		return before, nil, err
	}
	if err := purposed(s, &p); err != nil {
		return p, nil, err
	}
	return c.receive(s, level, p)
}

// StandingPayment gives the payment that was made under a key.
func StandingPayment(caller, key string) func(*desk.Sheet) (models.Payment, error) {
	return func(s *desk.Sheet) (models.Payment, error) {
		p, err := known(s, models.Payment{Caller: caller, Key: key})
		return p, err
	}
}

// purposed checks what a payment is for, and takes the practice that it is paid to from there.
func purposed(s *desk.Sheet, p *models.Payment) error {
	purpose := p.Purpose()
	refused := func(text string) error { return fault.At(fault.BusinessRule, "payment.purpose", "for", text) }
	switch purpose.Type {
	case "":
		return nil
	case "Invoice":
		i, err := Standing(models.InvoiceID(purpose.ID))(s)
		switch {
		case err != nil:
			return fault.Under("for", err)
		case !asks(i, p.PatientID):
			return refused("The invoice is another patient's and does not ask this one; name one that does.")
		case i.Status == models.InvoiceCancelled:
			return fault.At(fault.Conflict, "invoice.cancelled", "for", "The invoice is cancelled; pay the one that replaces it.")
		}
		p.RecipientID = cmp.Or(p.RecipientID, i.IssuerID)
	case models.OriginVisit, appointmentType:
		d, err := s.Document(purpose)
		if err != nil || d == nil {
			return err // it may come later
		}
		patients, err := s.Merged(p.PatientID)
		if err != nil {
			return err
		}
		if of := intake.PatientsOf(d); len(of) > 0 && !slices.ContainsFunc(of, func(id models.PatientID) bool { return slices.Contains(patients, id) }) {
			return refused("The visit is another patient's; name one of the patient's own.")
		}
	default:
		return refused("Money is collected for an Invoice, an Encounter or an Appointment, or for nothing named.")
	}
	return nil
}

// receive puts a payment that is not in the books into them, and has it pay what it may.
func (c Cashier) receive(s *desk.Sheet, level auth.Level, p models.Payment) (models.Payment, []models.CaseID, error) {
	d, err := duesOf(s, p.PatientID)
	if err != nil {
		return p, nil, err
	}
	if level == auth.LevelPatient {
		p.State = "" // whether it came is not the patient's to say
		underWay, err := pending(s, p.PatientID)
		if err != nil {
			return p, nil, err
		}
		before, err := askedBefore(s, p)
		if err != nil {
			return p, nil, err
		}
		if err := allow(p, d.sum()+before, underWay); err != nil {
			return p, nil, err
		}
	}
	p.TenantID, p.ID, p.Received = s.Tenant(), cmp.Or(p.ID, models.PaymentID(s.NewID())), s.Now()
	if p.Day, err = openDay(s, p); err != nil {
		return p, nil, err
	}
	if !c.hears(s, p) {
		return enter(s, d, p, books.AddPayment)
	}
	var cases []models.CaseID
	if p.State == models.PaymentSucceeded { // the practice itself says that the money is there
		p, cases, err = enter(s, d, p, books.AddPayment)
	} else {
		p.State = models.PaymentPending
		err = books.AddPayment(s.Tx, p)
	}
	if err != nil {
		return p, nil, err
	}
	p, more, err := hear(s, p)
	return p, append(cases, more...), err
}

// enter puts a payment into the books, and has it pay what it may; write is how its row is written.
func enter(s *desk.Sheet, d dues, p models.Payment, write func(*store.Tx, models.Payment) error) (models.Payment, []models.CaseID, error) {
	p.State, p.Unapplied = models.PaymentSucceeded, p.Amount
	received, err := ledger.Received(p)
	if err != nil {
		return p, nil, err
	}
	credit, err := earmark(s, p, "")
	if err != nil {
		return p, nil, err
	}
	shares, changed, entries := d.spend([]allocation.Credit{credit}, []models.Payment{p}, s.Today())
	if len(changed) > 0 {
		p = changed[0]
	}
	if err := write(s.Tx, p); err != nil {
		return p, nil, err
	}
	if err := s.Post(append([]models.Entry{received}, entries...)...); err != nil {
		return p, nil, err
	}
	cases, err := d.settle(s, shares)
	if err == nil && p.Unapplied+d.sumOfCredits() > 0 {
		err = askAboutCredit(s, p.PatientID)
	}
	return p, cases, err
}

// known gives the payment that is in the books already under the key of one, or under its processor's reference; the zero one where there is none. It refuses
// another one under the same key or reference.
func known(s *desk.Sheet, p models.Payment) (models.Payment, error) {
	none := models.Payment{}
	same, err := books.SamePayments(s.View, p)
	if err != nil {
		return none, err
	}
	under := func(o models.Payment) bool { return o.Caller == p.Caller && o.Key == p.Key }
	if at := slices.IndexFunc(same, under); at >= 0 {
		if p.BodyHash != "" && same[at].BodyHash != p.BodyHash {
			return none, fault.At(fault.BusinessRule, "idempotency.key", "Idempotency-Key", "The key was used for another payment; use a new one.")
		}
		return same[at], nil
	}
	if len(same) == 0 {
		return none, nil
	}
	if o := same[0]; o.PatientID != p.PatientID || o.Amount != p.Amount || o.For != p.For {
		return none, fault.At(fault.Conflict, "payment.reference", "reference", "The processor's reference belongs to another payment; every payment has its own.")
	}
	return same[0], nil
}

// allow refuses a patient's own token what only the desk may record, and more than the patient owes and is not being paid already.
func allow(p models.Payment, owed, underWay models.Cents) error {
	switch {
	case !p.Method.IsProcessed():
		return fault.At(fault.Forbidden, "payment.method", "method", "Cash and checks are recorded at the desk; pay by card or ach.")
	case p.Reference == "":
		return fault.At(fault.BusinessRule, "payment.reference", "reference", "A payment by card or ach needs the processor's reference.")
	case p.Amount > owed:
		return fault.At(fault.BusinessRule, "payment.amount", "amount", "The amount is more than the account owes; pay what is due.")
	case p.Amount > owed-underWay:
		return fault.At(fault.BusinessRule, "payment.pending", "amount", "A payment is under way that this one would pay again; wait until the processor says whether it came, or pay no more than what it leaves due.")
	}
	return nil
}

// asks reports whether an invoice is of a patient, or asks him for another.
func asks(i models.Invoice, patient models.PatientID) bool {
	return i.PatientID == patient || i.Recipient == patientOf(patient)
}

// pendingDaysMax is how long a payment may be under way: a card takes minutes and ach some business days, and of what a processor is silent about for longer nothing will come.
const pendingDaysMax = 10

// pending gives what of a patient's payments is under way.
func pending(s *desk.Sheet, id models.PatientID) (sum models.Cents, err error) {
	all, err := books.PaymentsOfPatients(s.View, id)
	since := s.Today().AddDays(-pendingDaysMax)
	for _, p := range all {
		if p.State == models.PaymentPending && p.Day >= since {
			sum += p.Amount
		}
	}
	return sum, err
}

func patientOf(id models.PatientID) models.Ref { return models.Ref{Type: "Patient", ID: string(id)} }

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
