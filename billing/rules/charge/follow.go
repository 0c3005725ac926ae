package charge

import (
	"slices"

	"medbill/models"
)

// Follow gives the rows that change where a corrected claim is to say what is wanted, while the payer of the first one has not judged it. What
// is in the books and says the same service stays as it is, whatever it costs now; what is not wanted any more leaves the books with
// that judgement, and what is wanted and not in them comes then. Nothing is posted by it.
func Follow(existing, wanted []models.Charge, sent map[models.ChargeID]models.ChargeState, newID func() models.ChargeID) []models.Charge {
	rows := slices.DeleteFunc(slices.Clone(existing), func(c models.Charge) bool { return !c.IsPosted() && !c.State.Facts().Waits })
	isOf := map[int]int{}
	isTaken := make([]bool, len(rows))
	for _, fits := range following {
		for i, want := range wanted {
			if _, paired := isOf[i]; paired {
				continue
			}
			if at := slices.IndexFunc(rows, func(row models.Charge) bool { return fits(row, want) }); at >= 0 {
				for ; at < len(rows); at++ {
					if !isTaken[at] && fits(rows[at], want) {
						isOf[i], isTaken[at] = at, true
						break
					}
				}
			}
		}
	}
	var changed []models.Charge
	for i, want := range wanted {
		before := models.Charge{}
		at, paired := isOf[i]
		switch {
		case !paired:
			want.ID = newID()
		case rows[at].IsPosted():
			if before = rows[at]; before.State == models.ChargeLeaving {
				before.State = models.ChargeBilled
				changed = append(changed, before)
			}
			continue
		default:
			before = rows[at]
			want.ID, want.Created, want.Posting = before.ID, before.Created, before.Posting
		}
		if want.State = models.ChargeComing; before.State != want.State || !isSame(before, want) {
			changed = append(changed, want)
		}
	}
	for at, row := range rows {
		if !isTaken[at] {
			changed = append(changed, left(row, sent)...)
		}
	}
	return changed
}

// left gives a row that nothing is made of, where it changes: what is in the books leaves them later.
func left(row models.Charge, sent map[models.ChargeID]models.ChargeState) []models.Charge {
	switch {
	case row.State == models.ChargeLeaving, !row.IsPosted() && row.State != models.ChargeComing:
		return nil
	case row.IsPosted():
		row.State = models.ChargeLeaving
	default:
		row = Dropped(row)
		if said, known := sent[row.ID]; known && row.IsSent() {
			row.State = said
		}
	}
	return []models.Charge{row}
}

// Dropped gives a charge that is in the books no more: an EHR's waits for what the EHR says of it.
func Dropped(c models.Charge) models.Charge {
	if c.State = models.ChargeAborted; c.IsSent() {
		c.State, c.Billed, c.UnitPrice = models.ChargeBillable, 0, nil
	}
	return c
}

// following say which row a wanted charge is: one in the books that says the same, first from the same source, then one that waits from the same
// source, then one that waits and says the same.
var following = []func(row, want models.Charge) bool{
	func(row, want models.Charge) bool { return row.Source == want.Source && isStanding(row, want) },
	isStanding,
	func(row, want models.Charge) bool { return isWaiting(row) && row.IsSent() && row.Source == want.Source },
	func(row, want models.Charge) bool {
		return isWaiting(row) && !row.IsSent() && row.Source == want.Source && isSame(row, want)
	},
	func(row, want models.Charge) bool {
		return isWaiting(row) && !row.IsSent() && row.Source == want.Source
	},
}

func isStanding(row, want models.Charge) bool {
	said, asked := row.Service(), want.Service()
	said.Source, asked.Source = "", ""
	return row.IsPosted() && row.IsSelfPay() == (want.PayerID == "") && said.Equal(asked)
}

func isWaiting(row models.Charge) bool { return !row.IsPosted() }
