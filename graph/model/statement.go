package model

import (
	"slices"

	"medbill/billing"
	"medbill/billing/rules/statement"
	"medbill/models"
)

// What guarantors are asked for. Records that they name are read together with those beside them.
type (
	// GuarantorAccount is how the account of a guarantor stands.
	GuarantorAccount struct {
		of       billing.Overview
		beside   []models.Ref
		isOffice bool
	}
	// Statement is a letter to a guarantor.
	Statement struct {
		row    models.Statement
		beside []models.Ref
	}
	// StatementLine is what a letter asks for.
	StatementLine struct {
		row    models.StatementLine
		beside []models.Ref
	}
	// StatementHold is what keeps letters back.
	StatementHold struct {
		row      models.StatementHold
		beside   []models.Ref
		isOffice bool
	}
	// PaymentPlan is what a guarantor pays in parts. The standing is nil where nobody asked for it.
	PaymentPlan struct {
		row      models.PaymentPlan
		standing *statement.Standing
	}
	// PaymentPlanPart is one of them.
	PaymentPlanPart struct{ row models.PlanPart }
	// AgedAmount is what has been asked for for so long.
	AgedAmount struct{ of statement.Age }
	// StatementsPayload is what came of a mutation about a guarantor's letters; Of is the patient that it names, "" in a dry run.
	StatementsPayload struct {
		Holds     []StatementHold
		Plan      *PaymentPlan
		Of        models.PatientID
		Rehearsal *Rehearsal
	}
	// DisputePayload leads to the invoice that is disputed.
	DisputePayload struct {
		payload
		Hold *StatementHold
	}
	// StatementConnection is a page of letters.
	StatementConnection = Connection[Statement]
	// StatementEdge is a letter on a page.
	StatementEdge = Edge[Statement]
)

// GuarantorAccountOf shows how an account stands; isOffice says that the asker sees the whole tenant.
func GuarantorAccountOf(of billing.Overview, isOffice bool) *GuarantorAccount {
	refs := refsOf(of.Sent, of.Next.Letter, models.Statement{Guarantor: of.Guarantor, Lines: of.Lines})
	for _, h := range of.Holds {
		refs = append(refs, h.About)
	}
	return &GuarantorAccount{of, refs, isOffice}
}

// refsOf gives the records that letters name.
func refsOf(letters ...models.Statement) []models.Ref {
	var refs []models.Ref
	for _, s := range letters {
		refs = append(refs, s.Guarantor)
		for _, l := range s.Lines {
			refs = append(refs, models.Ref{Type: "Patient", ID: string(l.PatientID)})
			if l.Subject.Type == "Invoice" {
				refs = append(refs, l.Subject)
			}
		}
	}
	return slices.DeleteFunc(refs, func(r models.Ref) bool { return r.ID == "" })
}

// ID names who answers.
func (a GuarantorAccount) ID() string { return a.of.Guarantor.String() }

// Beside are the records that the account names.
func (a GuarantorAccount) Beside() []models.Ref { return a.beside }

// Who is the guarantor.
func (a GuarantorAccount) Who() models.Ref { return a.of.Guarantor }

// PatientIDs are those for whom something is due.
func (a GuarantorAccount) PatientIDs() []models.PatientID { return a.of.Patients }

// Due is all that may be asked for.
func (a GuarantorAccount) Due() Money { return USD(a.of.Due) }

// Lines are what that is made of.
func (a GuarantorAccount) Lines() []StatementLine { return linesOf(a.of.Lines, a.beside) }

// Aging is the same by age.
func (a GuarantorAccount) Aging() []AgedAmount {
	return shownAs(statement.Aging(a.of.Lines, a.of.Day), func(one statement.Age) AgedAmount { return AgedAmount{one} })
}

// Credit is what was paid and pays nothing.
func (a GuarantorAccount) Credit() Money { return USD(a.of.Credit) }

// Sent is the last letter.
func (a GuarantorAccount) Sent() *Statement {
	if a.of.Sent.ID == "" {
		return nil
	}
	return &Statement{a.of.Sent, a.beside}
}

// Next is the letter of today.
func (a GuarantorAccount) Next() *Statement {
	if a.of.Next.Skip != "" {
		return nil
	}
	return &Statement{a.of.Next.Letter, a.beside}
}

// Skipped is why there is none.
func (a GuarantorAccount) Skipped() *statement.Skip {
	if a.of.Next.Skip == "" {
		return nil
	}
	return &a.of.Next.Skip
}

// Holds are what keeps letters back.
func (a GuarantorAccount) Holds() []StatementHold {
	return HoldsOf(a.of.Holds, a.isOffice)
}

// Plan is the one that is active.
func (a GuarantorAccount) Plan() *PaymentPlan {
	if a.of.Plan.ID == "" {
		return nil
	}
	return &PaymentPlan{a.of.Plan, &a.of.Standing}
}

// StatementsOf shows letters that were read together.
func StatementsOf(rows []models.Statement) []Statement {
	beside := refsOf(rows...)
	return shownAs(rows, func(row models.Statement) Statement { return Statement{row, beside} })
}

// ID names the letter on a page.
func (s Statement) ID() string { return string(s.row.ID) }

// Sent names it where it was sent.
func (s Statement) Sent() *string { return given(s.row.ID) }

// Number is what people call it by.
func (s Statement) Number() *string {
	if s.row.ID == "" {
		return nil
	}
	return given(s.row.Number())
}

// Beside are the records that it names, and those beside it.
func (s Statement) Beside() []models.Ref { return s.beside }

// Who is the guarantor.
func (s Statement) Who() models.Ref { return s.row.Guarantor }

// Day is when it was sent.
func (s Statement) Day() string { return string(s.row.Day) }

// Step is how often it asks.
func (s Statement) Step() models.StatementStep { return s.row.Step }

// Amount is what it asks for.
func (s Statement) Amount() Money { return USD(s.row.Amount) }

// Lines are what that is made of.
func (s Statement) Lines() []StatementLine { return linesOf(s.row.Lines, s.beside) }

func linesOf(rows []models.StatementLine, beside []models.Ref) []StatementLine {
	return shownAs(rows, func(row models.StatementLine) StatementLine { return StatementLine{row, beside} })
}

// Beside are the records that it names, and those beside it.
func (l StatementLine) Beside() []models.Ref { return l.beside }

// InvoiceRef names the invoice; the zero Ref where it is none.
func (l StatementLine) InvoiceRef() models.Ref {
	if l.row.Subject.Type != "Invoice" {
		return models.Ref{}
	}
	return l.row.Subject
}

// PatientRef names whose it is.
func (l StatementLine) PatientRef() models.Ref {
	return models.Ref{Type: "Patient", ID: string(l.row.PatientID)}
}

// Charge is that of a balance from before.
func (l StatementLine) Charge() *string {
	if l.row.Subject.Type != "ChargeItem" {
		return nil
	}
	return given(l.row.Subject.ID)
}

// Part is the number of the part of a plan.
func (l StatementLine) Part() *int { return counted(l.row.Part) }

// Day is when it was issued or falls due.
func (l StatementLine) Day() string { return string(l.row.Day) }

// Amount is what was due of it.
func (l StatementLine) Amount() Money { return USD(l.row.Amount) }

// Asked is how many letters asked for it.
func (l StatementLine) Asked() *int { return counted(l.row.Asked) }

func counted(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// FromDays is the least age.
func (a AgedAmount) FromDays() int { return a.of.From }

// ToDays is the greatest.
func (a AgedAmount) ToDays() *int { return counted(a.of.Until) }

// Amount is what is so old.
func (a AgedAmount) Amount() Money { return USD(a.of.Amount) }

// HoldsOf shows holds; isOffice says that the asker sees the whole tenant.
func HoldsOf(rows []models.StatementHold, isOffice bool) []StatementHold {
	var beside []models.Ref
	for _, row := range rows {
		if row.About.ID != "" {
			beside = append(beside, row.About)
		}
	}
	return shownAs(rows, func(row models.StatementHold) StatementHold { return StatementHold{row, beside, isOffice} })
}

// Beside are the records that it names, and those beside it.
func (h StatementHold) Beside() []models.Ref { return h.beside }

// Kind is why.
func (h StatementHold) Kind() models.HoldKind { return h.row.Kind }

// About is the invoice that is disputed.
func (h StatementHold) About() models.Ref { return h.row.About }

// From is its first day.
func (h StatementHold) From() string { return string(h.row.From) }

// Until is the first day on which it does not hold any more.
func (h StatementHold) Until() *string { return given(h.row.Until) }

// Reason is what was said.
func (h StatementHold) Reason() *string { return h.forOffice(h.row.Reason) }

// By is who put it.
func (h StatementHold) By() *string { return h.forOffice(h.row.By) }

func (h StatementHold) forOffice(text string) *string {
	if !h.isOffice {
		return nil
	}
	return given(text)
}

// PlanOf shows a plan without its standing; nil for none.
func PlanOf(row models.PaymentPlan) *PaymentPlan {
	if row.ID == "" {
		return nil
	}
	return &PaymentPlan{row, nil}
}

// State is how it stands.
func (p PaymentPlan) State() models.PlanState {
	if p.standing != nil {
		return p.standing.State
	}
	return p.row.State
}

// Amount is what is paid by it.
func (p PaymentPlan) Amount() Money { return USD(p.row.Amount) }

// Paid is what was.
func (p PaymentPlan) Paid() *Money {
	if p.standing == nil {
		return nil
	}
	return maybeUSD(&p.standing.Paid)
}

// Due is what of it is due today.
func (p PaymentPlan) Due() *Money {
	if p.standing == nil {
		return nil
	}
	return maybeUSD(&p.standing.Due)
}

// Parts are its parts.
func (p PaymentPlan) Parts() []PaymentPlanPart {
	return shownAs(p.row.Parts, func(row models.PlanPart) PaymentPlanPart { return PaymentPlanPart{row} })
}

// Sequence is its number.
func (p PaymentPlanPart) Sequence() int { return p.row.Sequence }

// Day is when it is due.
func (p PaymentPlanPart) Day() string { return string(p.row.Day) }

// Amount is how much.
func (p PaymentPlanPart) Amount() Money { return USD(p.row.Amount) }

// DisputedInvoice leads to an invoice that is disputed.
func DisputedInvoice(id string, hold StatementHold, r *Rehearsal) *DisputePayload {
	return &DisputePayload{payload{id, r}, &hold}
}
