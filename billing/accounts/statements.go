package accounts

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/statement"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/models"
)

// statementPage is how many guarantors one transaction looks at: their documents are in memory together.
const statementPage = 300

// StatementRun is what came of sending statements: to how many guarantors, over what amount, and why the others got none. Held counts those that are held by kind.
type StatementRun struct {
	Day        models.Date
	Guarantors int
	Sent       int
	Amount     models.Cents
	Skipped    map[statement.Skip]int
	Held       map[models.HoldKind]int
	Broken     int // plans that are broken since the last run
}

// Add adds what came of another page.
func (r *StatementRun) Add(page StatementRun) {
	r.Day = cmp.Or(page.Day, r.Day)
	r.Guarantors, r.Sent, r.Amount, r.Broken = r.Guarantors+page.Guarantors, r.Sent+page.Sent, r.Amount+page.Amount, r.Broken+page.Broken
	if r.Skipped == nil {
		r.Skipped, r.Held = map[statement.Skip]int{}, map[models.HoldKind]int{}
	}
	for skip, n := range page.Skipped {
		r.Skipped[skip] += n
	}
	for kind, n := range page.Held {
		r.Held[kind] += n
	}
}

// SendPage sends the next guarantors after one the statements that are due today, and gives the last one that it looked at, the zero Ref where there is none left. Where keep is false it says what it would do.
func SendPage(s *desk.Sheet, after models.Ref, keep bool) (run StatementRun, last models.Ref, err error) {
	run.Day = s.Today()
	guarantors, err := books.GuarantorsOwing(s.View, after, statementPage)
	if err != nil || len(guarantors) == 0 {
		return run, last, err
	}
	list, err := accountsOf(s, guarantors)
	if err != nil {
		return run, last, err
	}
	nexts := make([]statement.Next, len(list))
	for i, a := range list {
		nexts[i] = statement.Decide(a, s.Today())
	}
	if err := dropSent(s, nexts); err != nil {
		return run, last, err
	}
	run.Add(counted(nexts))
	if keep {
		err = keepAll(s, list, nexts)
	}
	return run, guarantors[len(guarantors)-1], err
}

// dropSent takes out the letters that were sent before, which another transaction may have done meanwhile.
func dropSent(s *desk.Sheet, nexts []statement.Next) error {
	var causes []models.Cause
	for _, n := range nexts {
		if n.Skip == "" {
			causes = append(causes, n.Letter.Cause)
		}
	}
	if len(causes) == 0 {
		return nil
	}
	sent, err := books.SentCauses(s.View, causes)
	for i := range nexts {
		n := &nexts[i]
		if n.Skip != "" || !slices.Contains(sent, n.Letter.Cause) {
			continue
		}
		n.Skip = statement.SkipEarly
		if n.Letter.Step == models.StatementOfPlan {
			n.Skip = statement.SkipPlan
		}
		n.Letter = models.Statement{}
	}
	return err
}

func counted(nexts []statement.Next) StatementRun {
	run := StatementRun{Guarantors: len(nexts), Skipped: map[statement.Skip]int{}, Held: map[models.HoldKind]int{}}
	for _, n := range nexts {
		switch {
		case n.Skip == "":
			run.Sent++
			run.Amount += n.Letter.Amount
		default:
			run.Skipped[n.Skip]++
		}
		if n.Hold != "" {
			run.Held[n.Hold]++
		}
		if n.Plan == models.PlanBroken {
			run.Broken++
		}
	}
	return run
}

// keepAll writes the letters, and what else follows from the day: plans that were kept or broken, and what is for people to decide.
func keepAll(s *desk.Sheet, list []statement.Account, nexts []statement.Next) error {
	var letters []models.Statement
	for i, n := range nexts {
		if n.Skip == "" {
			n.Letter.ID = models.StatementID(s.NewID())
			letters = append(letters, n.Letter)
		}
		if n.Plan == models.PlanKept || n.Plan == models.PlanBroken {
			if err := endPlan(s, list[i], n.Plan); err != nil {
				return err
			}
		}
		var err error
		switch n.Skip {
		case statement.SkipCollections:
			err = askCollections(s, list[i])
		case statement.SkipMinor:
			err = Readdress(s, list[i].Patient())
		}
		if err != nil {
			return err
		}
	}
	return books.AddStatements(s.Tx, letters...)
}

// accountsOf reads what there is to know about guarantors today, each question once for all of them.
func accountsOf(s *desk.Sheet, guarantors []models.Ref) ([]statement.Account, error) {
	owed, err := owedBy(s, guarantors)
	if err != nil {
		return nil, err
	}
	list := make([]statement.Account, len(guarantors))
	at := make(map[models.Ref]*statement.Account, len(guarantors))
	for i, who := range guarantors {
		list[i].Guarantor, list[i].Due, at[who] = who, owed.lines[who], &list[i]
	}
	last, err := books.LatestStatements(s.View, guarantors)
	if err != nil {
		return nil, err
	}
	for _, one := range last {
		at[one.Guarantor].Last = one
	}
	holds, err := books.HoldsOf(s.View, guarantors)
	if err != nil {
		return nil, err
	}
	for _, h := range holds {
		at[h.Guarantor].Holds = append(at[h.Guarantor].Holds, h)
	}
	people, err := s.Documents(guarantors...)
	if err != nil {
		return nil, err
	}
	for _, d := range people {
		at[models.Ref{Type: d.Type(), ID: d.ID()}].Person = intake.Patient(d, s.Zone())
	}
	return list, withPlans(s, at, guarantors, owed)
}

// owed is what guarantors are asked for and owe.
type owed struct {
	lines    map[models.Ref][]models.StatementLine // that may be asked for again
	invoices []models.Invoice
	openings []models.Opening
}

// owedBy reads what guarantors owe, one or all of a page in their order. Nothing is asked for of a case of which a payer took its answer back, until it judges it again.
func owedBy(s *desk.Sheet, guarantors []models.Ref) (owed, error) {
	o := owed{lines: map[models.Ref][]models.StatementLine{}}
	first, last := guarantors[0], guarantors[len(guarantors)-1]
	var err error
	if o.openings, err = books.OpeningsAsking(s.View, first, last); err != nil {
		return o, err
	}
	if o.invoices, err = books.InvoicesAsking(s.View, first, last); err != nil {
		return o, err
	}
	cases := make([]models.CaseID, len(o.invoices))
	for i, one := range o.invoices {
		cases[i] = one.CaseID
	}
	reversed := map[models.CaseID]bool{}
	if len(cases) > 0 {
		open, err := books.CasesWithClaims(s.View, cases, models.ClaimReversed)
		if err != nil {
			return o, err
		}
		for _, id := range open {
			reversed[id] = true
		}
	}
	for _, one := range o.openings {
		o.lines[one.Recipient] = append(o.lines[one.Recipient], models.StatementLine{
			Subject: models.Ref{Type: "ChargeItem", ID: string(one.ChargeID)}, PatientID: one.PatientID, Day: one.ServiceDate, Amount: one.Due,
		})
	}
	for _, one := range o.invoices {
		if !reversed[one.CaseID] {
			o.lines[one.Recipient] = append(o.lines[one.Recipient], models.StatementLine{
				Subject: models.Ref{Type: "Invoice", ID: string(one.ID)}, PatientID: one.PatientID, Day: one.Issued, Amount: one.Due,
			})
		}
	}
	return o, nil
}

// StatementView is what a guarantor was sent last, and what it would be sent today.
type StatementView struct {
	Guarantor models.Ref
	Sent      models.Statement // the zero one where none was sent
	Next      statement.Next
	Due       models.Cents // all that may be asked for
	Holds     []models.StatementHold
	Plan      models.PaymentPlan
	Standing  statement.Standing // of the plan
}

// ViewStatement gives what the guarantor of a patient was sent last and would be sent today; it changes nothing.
func ViewStatement(s *desk.Sheet, patient models.PatientID) (StatementView, error) {
	a, err := askedOf(s, patient)
	if err != nil {
		return StatementView{}, err
	}
	sent, err := books.StatementsOf(s.View, a.Guarantor, 1)
	if err != nil {
		return StatementView{}, err
	}
	next := []statement.Next{statement.Decide(a, s.Today())}
	if err := dropSent(s, next); err != nil {
		return StatementView{}, err
	}
	view := StatementView{Guarantor: a.Guarantor, Next: next[0], Due: statement.Sum(a.Due), Plan: a.Plan}
	if len(sent) > 0 {
		view.Sent = sent[0]
	}
	for _, h := range a.Holds {
		if h.Holds(s.Today()) {
			view.Holds = append(view.Holds, h)
		}
	}
	if a.Plan.ID != "" {
		view.Standing = statement.StandingOf(a.Plan, a.Remaining, s.Today())
	}
	return view, nil
}

// askedOf reads what there is to know about the guarantor of a patient.
func askedOf(s *desk.Sheet, patient models.PatientID) (statement.Account, error) {
	who, err := guarantorOf(s, patient)
	if err != nil {
		return statement.Account{}, err
	}
	list, err := accountsOf(s, []models.Ref{who})
	if err != nil {
		return statement.Account{}, err
	}
	return list[0], nil
}
