package charge

import (
	"cmp"
	"maps"
	"slices"

	"medbill/models"
)

// Of gives the charge that a service makes, not yet in the books; false where it has no price. The schedule's price counts,
// else the amount that the sender stated. payer is asked first; the patient owes a charge without one from the start.
func Of(c models.Case, s models.Service, sequence int, prices []models.Price, payer models.OrganizationID) (models.Charge, bool) {
	charge := models.Charge{
		TenantID: c.TenantID, CaseID: c.ID, PatientID: c.PatientID, Sequence: sequence, State: models.ChargePlanned, System: s.System,
		Code: s.Code, Revenue: s.Revenue, Modifiers: s.Modifiers, Units: s.Units, Measure: s.Measure, Drug: s.Drug, Pointers: s.Pointers, ServiceDate: s.ServiceDate,
		Rendering: cmp.Or(s.Rendering, c.Rendering), Source: s.Source, Stated: s.Stated, PayerID: payer,
	}
	if price, ok := Price(prices, s, payer); ok {
		charge.UnitPrice, charge.Billed = &price.Amount, s.Units.Times(price.Amount)
		return charge, true
	}
	if s.Stated != nil {
		charge.UnitPrice, charge.Billed = unitPrice(*s.Stated, s.Units), *s.Stated
		return charge, true
	}
	return charge, false
}

// unitPrice gives the price of one unit; nil where it would not multiply back.
func unitPrice(billed models.Cents, units models.Units) *models.Cents {
	if each, ok := units.Each(billed); ok {
		return &each
	}
	return nil
}

// Plan is what is to happen to the charges of a case.
type Plan struct {
	Reverse []models.Charge // as they stand in the books
	Post    []models.Charge // as they are to stand there
	Save    []models.Charge // every row that changes, the posted ones among them
}

// Replan brings the charges of a case up to what is wanted; with post they go into the books, without it they wait. A charge
// that stands in the books and says the same is left alone. sent is what an EHR says now of each ChargeItem it sent: those
// that nothing is made of go back to it, any other row that nothing is made of is aborted.
func Replan(existing, wanted []models.Charge, post bool, sent map[models.ChargeID]models.ChargeState, newID func() models.ChargeID) Plan {
	var p Plan
	rows := slices.DeleteFunc(slices.Clone(existing), func(c models.Charge) bool {
		return !c.IsPosted() && !c.State.Facts().Waits
	})
	isOf := pair(rows, wanted)
	for i, want := range wanted {
		at, paired := isOf[i]
		if !paired {
			want.ID = newID()
			p.settle(models.Charge{}, want, post, "")
			continue
		}
		before := rows[at]
		want.ID, want.Created, want.Posting = before.ID, before.Created, before.Posting
		p.settle(before, want, post, sent[want.ID])
	}
	used := slices.Collect(maps.Values(isOf))
	for at, row := range rows {
		if !slices.Contains(used, at) {
			p.drop(row, sent)
		}
	}
	return p
}

// rounds say which row a wanted charge may be, in the order in which they are tried: the ChargeItem it came from, else one from
// the same source that says the same, the same of the money, or the code, else any from the same source.
var rounds = []func(row, want models.Charge) bool{
	func(row, want models.Charge) bool { return row.IsSent() && row.Source == want.Source },
	func(row, want models.Charge) bool {
		return !row.IsSent() && row.Source == want.Source && isSame(row, want)
	},
	func(row, want models.Charge) bool {
		return !row.IsSent() && row.Source == want.Source && isSameMoney(row, want)
	},
	func(row, want models.Charge) bool {
		return !row.IsSent() && row.Source == want.Source && row.Code == want.Code
	},
	func(row, want models.Charge) bool {
		return !row.IsSent() && row.Source == want.Source && want.Source != ""
	},
}

// pair gives the row that each wanted charge is, by their places. Every round is over all of them, so that none takes the row of
// another that says the same.
func pair(rows, wanted []models.Charge) map[int]int {
	isOf, isTaken := map[int]int{}, make([]bool, len(rows))
	for _, fits := range rounds {
		for i, want := range wanted {
			if _, paired := isOf[i]; paired {
				continue
			}
			for at, row := range rows {
				if !isTaken[at] && fits(row, want) {
					isOf[i], isTaken[at] = at, true
					break
				}
			}
		}
	}
	return isOf
}

// settle takes before to want. said is the EHR's own word, "" where the row is not its ChargeItem.
func (p *Plan) settle(before, want models.Charge, post bool, said models.ChargeState) {
	if before.IsPosted() && post && isSameMoney(before, want) {
		if want.State = before.State; want.State == models.ChargeLeaving {
			want.State = models.ChargePosted // no corrected claim waits any more
		}
		if want.State != before.State || !isSame(before, want) {
			p.Save = append(p.Save, want)
		}
		return
	}
	if before.IsPosted() {
		p.Reverse = append(p.Reverse, before)
	}
	if !post {
		want.State = cmp.Or(said, models.ChargePlanned)
		if want.State != before.State || !isSame(before, want) {
			p.Save = append(p.Save, want)
		}
		return
	}
	want.State, want.Posting = models.ChargePosted, before.Posting+1
	p.Post = append(p.Post, want)
	p.Save = append(p.Save, want)
}

// drop takes back a row that nothing is made of any more.
func (p *Plan) drop(row models.Charge, sent map[models.ChargeID]models.ChargeState) {
	after := row
	after.State = models.ChargeAborted
	if row.IsSent() {
		after.State = cmp.Or(sent[row.ID], row.State)
	}
	if row.IsPosted() {
		p.Reverse = append(p.Reverse, row)
		after.Billed, after.UnitPrice = 0, nil
		if after.IsPosted() {
			after.State = models.ChargeBillable
		}
	}
	if after.State != row.State {
		p.Save = append(p.Save, after)
	}
}

// isSameMoney reports whether the entry in the books says what it would say if it were posted again, and for the same service.
func isSameMoney(a, b models.Charge) bool {
	return a.CaseID == b.CaseID && a.PatientID == b.PatientID && a.PayerID == b.PayerID && a.Billed == b.Billed &&
		a.System == b.System && a.Code == b.Code && a.Revenue == b.Revenue && a.Units == b.Units && a.Rendering == b.Rendering
}

// isSame reports whether two charges say the same; ids, states and times apart.
func isSame(a, b models.Charge) bool {
	return isSameMoney(a, b) && a.Service().Equal(b.Service()) && a.Sequence == b.Sequence && isSameAmount(a.UnitPrice, b.UnitPrice) && isSameAmount(a.Stated, b.Stated) &&
		a.Source == b.Source
}

func isSameAmount(a, b *models.Cents) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// OfLine gives the charge of a line that a front end wrote, not yet in the books. A line without a day is of the claim's first.
func OfLine(c models.Claim, line models.ClaimLine) models.Charge {
	line = line.Coded() // what a rule of the practice sets is the claim's alone
	return models.Charge{
		CaseID: c.CaseID, PatientID: c.PatientID, Sequence: line.Sequence, State: models.ChargePlanned, System: line.System, Code: line.Code,
		Revenue: line.Revenue, Modifiers: line.Modifiers, Units: line.Units, Measure: line.Measure, Drug: line.Drug, Pointers: line.Pointers,
		ServiceDate: cmp.Or(line.ServiceDate, c.ServiceFrom), Rendering: cmp.Or(line.Rendering, c.Rendering),
		Source: models.Ref{Type: "Claim", ID: string(c.ID)}.String(), UnitPrice: unitPrice(line.Billed, line.Units), Billed: line.Billed,
		PayerID: c.InsurerID,
	}
}
