package billing

import (
	"cmp"

	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/reports"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// denials reads the lines that payers judged first in the window, with what became of what they refused.
func denials(v *store.View, ask reports.Ask) (reports.Table, error) {
	denier := ask.Denier()
	appealed, err := books.Appealed(v)
	if err != nil {
		return reports.Table{}, err
	}
	err = books.EachJudged(v, ask.Window(), func(first, corrections []models.Answer) error {
		claims, err := claimsOf(v, first)
		if err != nil {
			return err
		}
		for _, a := range first {
			later := laterThan(a, corrections, ask.AsOf)
			isAppealed := appealed[a.ID]
			for _, c := range later {
				isAppealed = isAppealed || appealed[c.ID]
			}
			for _, l := range a.Lines {
				denier.Add(judgedLine(a, l, claims[a.ClaimID], later, isAppealed))
			}
		}
		return nil
	})
	return denier.Table(), err
}

// judgedLine tells of a line what was refused of it first, and what is refused of it by the last of the later judgements.
func judgedLine(a models.Answer, l models.AnswerLine, c models.Claim, later []models.Answer, isAppealed bool) reports.JudgedLine {
	line := reports.JudgedLine{PayerID: a.PayerID, ProviderID: c.Rendering.ID, Billed: l.Billed, IsAppealed: isAppealed}
	for _, one := range c.Lines {
		if one.Sequence == l.LineSequence {
			line.ProviderID = cmp.Or(one.Rendering, c.Rendering).ID
		}
	}
	line.Category, line.Denied = deniedOf(a, l.LineSequence)
	for _, again := range later {
		for _, judged := range again.Lines {
			if judged.LineSequence == l.LineSequence {
				line.IsDecided = true
				_, line.Still = deniedOf(again, l.LineSequence)
			}
		}
	}
	return line
}

// deniedOf gives what an answer refuses of a line, and for what first.
func deniedOf(a models.Answer, sequence int) (category models.DenialCategory, sum models.Cents) {
	for _, d := range adjudication.Denials(a) {
		if d.LineSequence == sequence {
			category, sum = cmp.Or(category, d.Category), sum+d.Amount
		}
	}
	return category, sum
}

// laterThan gives the corrections that came to a claim after an answer to it was taken back, in their order, until a day.
func laterThan(a models.Answer, corrections []models.Answer, until models.Date) []models.Answer {
	var later []models.Answer
	for _, c := range corrections {
		if a.Reversed != "" && c.ClaimID == a.ClaimID && c.Created >= a.Created && c.ID != a.ID && c.Effective <= until {
			later = append(later, c)
		}
	}
	return later
}

// claimsOf gives the claims that answers are to.
func claimsOf(v *store.View, answers []models.Answer) (map[models.ClaimID]models.Claim, error) {
	var ids []models.ClaimID
	byID := map[models.ClaimID]models.Claim{}
	for _, a := range answers {
		if _, seen := byID[a.ClaimID]; !seen {
			byID[a.ClaimID] = models.Claim{}
			ids = append(ids, a.ClaimID)
		}
	}
	claims, err := books.Claims(v, ids)
	for _, c := range claims {
		byID[c.ID] = c
	}
	return byID, err
}
