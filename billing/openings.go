package billing

import (
	"cmp"
	"context"
	"slices"

	"medbill/billing/accounts"
	"medbill/billing/desk"
	"medbill/billing/rules/ledger"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/forms"
	"medbill/internal/openings"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/operation"
)

// OpenedBalances is what came of a file of balances from before: how many were taken and what they come to, and how many stood here as they are.
type OpenedBalances struct {
	Opened, Known int
	Amount        models.Cents
}

// OpenBalances takes a file of balances from before the practice moved in, in one transaction, all of it or nothing. What a payer owes becomes a case with a
// charge and a claim that another system sent, to be answered; what a patient owes, a case with a charge, which shows on the next invoice. It refuses
// (BusinessRule, with the lines and columns) whom nobody knows, a plan that is not the patient's or the payer's, a day to come, and a number that is taken by
// something else. The same again changes nothing.
func (o *Office) OpenBalances(ctx context.Context, p auth.Principal, c Call, f openings.File) (desk.Done[OpenedBalances], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeOpenings, aboutReports, f),
		inTenant(func(s *desk.Sheet) (OpenedBalances, error) { return openBalances(s, f) }),
		func(*desk.Sheet) (OpenedBalances, error) { return OpenedBalances{Known: len(f.Lines)}, nil })
}

func openBalances(s *desk.Sheet, f openings.File) (OpenedBalances, error) {
	var subjects []string
	for _, l := range f.Lines {
		subjects = append(subjects, models.Ref{Type: "Patient", ID: string(l.PatientID)}.String())
	}
	if err := books.Lock(s.Tx, subjects...); err != nil {
		return OpenedBalances{}, err
	}
	m := mover{Sheet: s, found: map[models.Ref]*fhir.Document{}}
	lines, err := m.unknown(f.Lines)
	if err != nil {
		return OpenedBalances{}, err
	}
	if err := m.read(lines); err != nil {
		return OpenedBalances{}, err
	}
	done := OpenedBalances{Opened: len(lines), Known: len(f.Lines) - len(lines) - len(m.problems)}
	balances := make([]balance, len(lines))
	for i, l := range lines {
		if balances[i], err = m.look(l); err != nil {
			return OpenedBalances{}, err
		}
		done.Amount += l.Amount
	}
	if err := openings.Refuse(m.problems); err != nil {
		return OpenedBalances{}, err
	}
	return done, m.take(balances)
}

// mover takes balances over. Problems are what is wrong with their lines.
type mover struct {
	*desk.Sheet
	found    map[models.Ref]*fhir.Document
	problems []forms.Problem
}

// balance is one that is taken over, and the place of its plan among those that pay.
type balance struct {
	models.Opening
	position int
}

func (m *mover) says(l openings.Line, column, text string) {
	m.problems = append(m.problems, l.Problem(column, text))
}

// askedAtOnce bounds how many records one statement asks for.
const askedAtOnce = 500

// unknown gives the lines that are not in the books. A number that something else has is a problem.
func (m *mover) unknown(lines []openings.Line) ([]openings.Line, error) {
	known, taken := map[string]models.Opening{}, map[string]bool{}
	for part := range slices.Chunk(lines, askedAtOnce) {
		numbers := make([]string, len(part))
		for i, l := range part {
			numbers[i] = l.Number
		}
		before, err := books.OpeningsByNumber(m.View, numbers)
		if err != nil {
			return nil, err
		}
		for _, o := range before {
			known[o.Number] = o
		}
		claims, err := books.ClaimNumbers(m.View, numbers)
		if err != nil {
			return nil, err
		}
		for _, number := range claims {
			taken[number] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(lines), func(l openings.Line) bool {
		before, isKnown := known[l.Number]
		switch {
		case isKnown && !l.IsSame(before):
			m.says(l, openings.ColumnNumber, "A balance that says something else was taken over under the number; give this one a number of its own.")
			return true
		case !isKnown && taken[l.Number]:
			m.says(l, openings.ColumnNumber, "A claim of the practice has the number; give the balance another one.")
			return true
		}
		return isKnown
	}), nil
}

// read reads the records that lines name.
func (m *mover) read(lines []openings.Line) error {
	var refs []models.Ref
	for _, l := range lines {
		refs = append(refs, models.Ref{Type: "Patient", ID: string(l.PatientID)})
		if l.PayerID != "" {
			refs = append(refs, models.Ref{Type: "Organization", ID: string(l.PayerID)})
		}
		if l.CoverageID != "" {
			refs = append(refs, models.Ref{Type: "Coverage", ID: string(l.CoverageID)})
		}
	}
	slices.SortFunc(refs, func(a, b models.Ref) int { return cmp.Compare(a.String(), b.String()) })
	for part := range slices.Chunk(slices.Compact(refs), askedAtOnce) {
		found, err := m.Documents(part...)
		if err != nil {
			return err
		}
		for _, d := range found {
			m.found[models.Ref{Type: d.Type(), ID: d.ID()}] = d
		}
	}
	return nil
}

// look holds a line against the records that it names, and gives the balance with its plan.
func (m *mover) look(l openings.Line) (balance, error) {
	b := balance{l.Opening, 1}
	patient := m.found[models.Ref{Type: "Patient", ID: string(l.PatientID)}]
	if patient == nil {
		m.says(l, openings.ColumnPatient, "There is no such Patient; send it first.")
	} else if intake.ReplacedBy(patient) != "" {
		m.says(l, openings.ColumnPatient, "The Patient was replaced by another record; name that one.")
	}
	if l.ServiceDate > m.Today() {
		m.says(l, openings.ColumnDay, "The day of service is still to come.")
	}
	if l.PayerID == "" {
		b.Due = l.Amount
		return b, nil
	}
	if m.found[models.Ref{Type: "Organization", ID: string(l.PayerID)}] == nil {
		m.says(l, openings.ColumnPayer, "There is no such Organization; send it first.")
	}
	if patient == nil {
		return b, nil
	}
	payers, err := m.Payers(l.PatientID)
	if err != nil {
		return b, err
	}
	if b.CoverageID, err = m.plan(l, payers); err != nil {
		return b, err
	}
	b.position = 1 + max(0, slices.IndexFunc(payers.Order(l.ServiceDate), func(c models.Coverage) bool { return c.ID == b.CoverageID }))
	return b, nil
}

// plan gives the coverage of a line: the one that it names, or the only one of its payer's that is in force.
func (m *mover) plan(l openings.Line, payers desk.Payers) (models.CoverageID, error) {
	if l.CoverageID == "" {
		plans := payers.With(l.PayerID, l.ServiceDate)
		switch len(plans) {
		case 0:
			m.says(l, openings.ColumnCoverage, "The patient has no coverage of the payer that is in force on the day; name the one that was billed.")
		case 1:
			return plans[0].ID, nil
		default:
			m.says(l, openings.ColumnCoverage, "The patient has several coverages of the payer on the day; name the one that was billed.")
		}
		return "", nil
	}
	d := m.found[models.Ref{Type: "Coverage", ID: string(l.CoverageID)}]
	if d == nil {
		m.says(l, openings.ColumnCoverage, "There is no such Coverage; send it first.")
		return "", nil
	}
	c := intake.Coverage(d, m.Zone())
	whose, err := m.Survivor(c.PatientID)
	switch {
	case err != nil:
		return "", err
	case whose != l.PatientID:
		m.says(l, openings.ColumnCoverage, "The Coverage is another patient's; name one whose beneficiary is the patient.")
	case c.PayerID != l.PayerID:
		m.says(l, openings.ColumnCoverage, "The Coverage is another payer's; name one whose payor is the payer.")
	}
	return c.ID, nil
}

// take puts balances into the books, for the day on which they are taken.
func (m *mover) take(list []balance) error {
	var charges []models.Charge
	var claims []models.Claim
	var entries []models.Entry
	opened := make([]models.Opening, len(list))
	owing := map[models.PatientID]bool{}
	for i, b := range list {
		b.ChargeID = models.ChargeID(m.NewID())
		one := chargeOf(b)
		kase := models.Case{ID: b.CaseID(), PatientID: b.PatientID, State: models.CasePatient, ServiceDate: b.ServiceDate, EndDate: b.ServiceDate, BillingID: m.Settings().PracticeID}
		var claim models.ClaimID
		if b.PayerID != "" {
			kase.State, claim = models.CaseSent, models.ClaimID(m.NewID())
		}
		if claim != "" {
			asked := claimOf(claim, kase, one, b)
			var err error
			if asked.AnswerDue, err = m.AnswerDue(asked, asked.State); err != nil {
				return err
			}
			claims = append(claims, asked)
		}
		var err error
		if opened[i], err = m.opened(b, kase); err != nil {
			return err
		}
		owing[b.PatientID] = owing[b.PatientID] || b.Due > 0
		charges, entries = append(charges, one), append(entries, ledger.Opened(b.Opening, one, claim, m.Today()))
	}
	if err := books.SaveCharges(m.Tx, charges...); err != nil {
		return err
	}
	if err := books.AddClaims(m.Tx, claims...); err != nil {
		return err
	}
	if err := books.SaveOpenings(m.Tx, opened...); err != nil {
		return err
	}
	if len(entries) > 0 {
		if err := m.Post(entries...); err != nil {
			return err
		}
	}
	for patient, owes := range owing {
		if _, err := books.OpenAccount(m.Tx, patient); err != nil {
			return err
		}
		if owes {
			if err := m.RestateInvoices(patient); err != nil {
				return err
			}
		}
	}
	return m.spend(opened)
}

// spend has credits pay what patients owe of balances.
func (m *mover) spend(opened []models.Opening) error {
	spent := map[models.PatientID]bool{}
	for _, o := range opened {
		if o.Due == 0 || spent[o.PatientID] {
			continue
		}
		spent[o.PatientID] = true
		paid, err := accounts.Apply(m.Sheet, o.PatientID, "")
		if err != nil {
			return err
		}
		if err := standAll(m.Sheet, paid); err != nil {
			return err
		}
	}
	return nil
}

// opened opens the case of a balance, and says who is asked for what a patient owes.
func (m *mover) opened(b balance, kase models.Case) (models.Opening, error) {
	if b.Due > 0 {
		return accounts.Addressed(m.Sheet, b.Opening, kase)
	}
	return b.Opening, books.SaveCase(m.Tx, kase)
}

// chargeOf gives the charge of a balance, which was asked for already.
func chargeOf(b balance) models.Charge {
	return models.Charge{
		ID: b.ChargeID, CaseID: b.CaseID(), PatientID: b.PatientID, Sequence: 1, State: models.ChargeBilled, System: b.System, Code: b.Code, Units: models.OneUnit,
		ServiceDate: b.ServiceDate, Billed: b.Amount, PayerID: b.PayerID, Posting: 1,
	}
}

// claimOf gives the claim that another system sent, as far as it is known: no diagnosis and nobody who did the service. Its payer has it.
func claimOf(id models.ClaimID, kase models.Case, one models.Charge, b balance) models.Claim {
	return models.Claim{
		ID: id, Number: b.Number, Type: models.ClaimProfessional, CaseID: kase.ID, PatientID: b.PatientID, CoverageID: b.CoverageID, InsurerID: b.PayerID, BillingID: kase.BillingID,
		State: models.ClaimTransmitted, Position: b.position, Part: 1, ServiceFrom: b.ServiceDate, ServiceUntil: b.ServiceDate, Billed: b.Amount, Cause: models.CauseOfOpening(id),
		KnownAs: knownAs(b.PayerNumber),
		Lines:   []models.ClaimLine{{Sequence: 1, ChargeID: one.ID, System: one.System, Code: one.Code, Units: one.Units, ServiceDate: one.ServiceDate, Billed: one.Billed}},
	}
}

// knownAs gives a payer's number that comes without a system, as claims have it.
func knownAs(number string) string {
	if number == "" {
		return ""
	}
	return "|" + number
}
