package inquiry

import (
	"context"
	"fmt"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// CoderFigures is what one coder did in some days. Reviewed and Disagreed are about their own codings, Reviews about others'.
type CoderFigures struct {
	Coder     string
	Visits    int // each once
	Codings   int
	Services  int
	Diagnoses int
	Reviewed  int
	Disagreed int
	Reviews   int
}

// codingsMax bounds what is counted at once: some months of a large practice.
const codingsMax = 100_000

// Coders counts what coders did from a day until another one, by user. It is for who sets up the practice (Forbidden), and refuses days
// that are none (Invalid) and more codings than codingsMax (BusinessRule, too-costly).
func (b *Books) Coders(ctx context.Context, p auth.Principal, from, until models.Date) ([]CoderFigures, error) {
	if err := p.RequireTenantOperation(operation.ScopeSettings, "Provenance"); err != nil {
		return nil, err
	}
	for name, day := range map[string]models.Date{"from": from, "until": until} {
		if err := fault.Under(name, models.CheckDay(day)); err != nil {
			return nil, err
		}
	}
	var words []models.CodingWord
	err := b.view(ctx, p, func(v *store.View) error {
		zone, err := documents.Zone(v)
		if err != nil {
			return err
		}
		words, err = books.CodingWordsAt(v, from.Start(zone), until.AddDays(1).Start(zone), codingsMax+1)
		return err
	})
	if err == nil && len(words) > codingsMax {
		err = fault.At(fault.BusinessRule, "too-costly", "from", fmt.Sprintf("There are more than %d codings in these days; ask for fewer days.", codingsMax))
	}
	return figures(words), err
}

// figures counts words by who said them, in the order in which they appear first.
func figures(words []models.CodingWord) []CoderFigures {
	var list []CoderFigures
	at := map[string]int{}
	of := func(user string) *CoderFigures {
		if _, known := at[user]; !known {
			at[user] = len(list)
			list = append(list, CoderFigures{Coder: user})
		}
		return &list[at[user]]
	}
	type visit struct {
		coder string
		id    models.CaseID
	}
	seen := map[visit]bool{}
	for _, w := range words {
		f := of(w.Who)
		if w.Kind != models.CodingAgreed {
			f.Codings, f.Services, f.Diagnoses = f.Codings+1, f.Services+len(w.Services), f.Diagnoses+len(w.Diagnoses)
			if v := (visit{w.Who, w.CaseID}); !seen[v] {
				seen[v] = true
				f.Visits++
			}
		}
		if w.Kind != models.CodingCoded {
			f.Reviews++
		}
		if w.Of == "" {
			continue
		}
		f = of(w.Of)
		f.Reviewed++
		if w.Kind == models.CodingRecoded {
			f.Disagreed++
		}
	}
	return list
}
